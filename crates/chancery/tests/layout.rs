//! Layout, posts, provenance and published date of the project's sample reports, as text files that a person reads.
//! `UPDATE_EXPECT=1 cargo test -p chancery --test layout` writes them anew.
//!
//! Where the shared report with its careful reader's record is at hand, that is checked too.

use chancery::data::DataFiles;
use chancery::input::{self, Hints};
use chancery::record::BlockKind;
use chancery::view::View;
use chancery::{Coder, Options, layout, provenance};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The layout as lines: kind, `+` where its events count, first words.
fn shown(coder: &Coder, bytes: &[u8], name: &str) -> String {
    let report = match input::one(bytes, &Hints::named(name)) {
        Ok(report) => report,
        Err(e) => return format!("{e}\n"),
    };
    let mut notes = report.diagnostics.clone();
    let view = View::repair(&report.text, &mut notes);
    let page = coder.layout.blocks(&report, &view, &mut notes);
    let origin = provenance::trace(coder, &report, &view, &page, &Options::default());
    let mut out = String::new();
    for b in &page.blocks {
        let words: String = b.span.of(&report.text).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(90).collect();
        writeln!(out, "{:12} {} {words}", b.kind, if layout::is_coded(b, &page.posts) { '+' } else { ' ' }).unwrap();
    }
    for p in &page.posts {
        writeln!(out, "post: {:?} {:?} {:?} {:?} {:?}", p.platform, p.author, p.handle, p.date, p.link).unwrap();
    }
    for p in &origin.chain {
        writeln!(out, "{}: {}", p.role, p.name.as_deref().unwrap_or("-")).unwrap();
    }
    if let Some(date) = origin.published {
        writeln!(out, "published: {date} by {:?}", origin.basis).unwrap();
    }
    for r in &view.repairs {
        writeln!(out, "repaired: {} → {}", r.span.of(&report.text), r.becomes).unwrap();
    }
    for n in &notes {
        writeln!(out, "{}: {}", n.code, n.message).unwrap();
    }
    out
}

#[test]
fn samples_are_laid_out() {
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts");
    let mut names: Vec<PathBuf> = std::fs::read_dir(root().join("samples")).unwrap().map(|e| e.unwrap().path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "txt" || e == "html" || e == "bin"));
    names.sort();
    assert!(names.len() >= 8);
    let mut wrong = Vec::new();
    for path in names {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let got = shown(&coder, &std::fs::read(&path).unwrap(), &name);
        let expected = folder.join(format!("{name}.layout"));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&expected, &got).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default().replace("\r\n", "\n") != got {
            wrong.push(format!("{name}:\n{got}"));
        }
    }
    assert!(wrong.is_empty(), "UPDATE_EXPECT=1 accepts these:\n{}", wrong.join("\n"));
}

#[test]
fn the_shared_report_is_laid_out() {
    let folder = root().join("../shared/samples");
    let (Ok(bytes), Ok(expected)) =
        (std::fs::read(folder.join("report-2022-12-31.txt")), std::fs::read_to_string(folder.join("report-2022-12-31.expected.json")))
    else {
        eprintln!("skipped: nothing at {}", folder.display());
        return;
    };
    let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
    let expected = &expected["report"];
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    let report = input::one(&bytes, &Hints::default()).unwrap();
    let text = &report.text;
    let mut notes = Vec::new();
    let view = View::repair(text, &mut notes);
    let page = coder.layout.blocks(&report, &view, &mut notes);
    let origin = provenance::trace(&coder, &report, &view, &page, &Options::default());

    for item in expected["not_body"].as_array().unwrap() {
        let (kind, words) = (item["kind"].as_str().unwrap(), item["text"].as_str().unwrap());
        let start = text.find(words).unwrap();
        let span = chancery::record::Span::new(start, start + words.len());
        let over: Vec<BlockKind> = page.blocks.iter().filter(|b| b.span.overlaps(span)).map(|b| b.kind).collect();
        assert_eq!(over, [BlockKind::parse(kind).unwrap()], "{words}");
    }
    for item in expected["posts"].as_array().unwrap() {
        let found = page.posts.iter().any(|p| {
            let same = |key: &str, value: &Option<String>| item[key].as_str() == value.as_deref();
            same("platform", &p.platform)
                && same("author", &p.author)
                && same("handle", &p.handle)
                && same("date", &p.date)
                && same("link", &p.link)
        });
        assert!(found, "{item}: {:?}", page.posts);
    }
    for item in expected["provenance"].as_array().unwrap().iter().filter(|i| i["name"].is_string()) {
        let found = origin.chain.iter().any(|p| p.role.as_str() == item["role"] && p.name.as_deref() == item["name"].as_str());
        assert!(found, "{item}: {:?}", origin.chain);
    }
    assert_eq!(origin.published.map(|d| d.to_string()).as_deref(), expected["published"].as_str());
    assert!(page.blocks.iter().all(|b| b.kind != BlockKind::Title), "the report has no title");
    // The two marks pasted the wrong way round, and the lost flags.
    assert_eq!(view.repairs.iter().map(|r| r.becomes.as_str()).collect::<Vec<_>>(), ["“", "’"]);
    assert_eq!(notes.iter().filter(|n| n.code == "W0201").count(), 2);
}
