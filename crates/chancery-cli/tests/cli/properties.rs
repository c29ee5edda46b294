//! What holds for every input: spans slice back, the same in gives the same out, nothing panics.

use crate::support::{CODER, chancery, check_spans, root};
use chancery::Options;
use chancery::input::{self, Hints};
use chancery::model::Report;
use proptest::prelude::*;

fn read(text: &str) -> chancery::Record {
    CODER.read(Report { text: text.to_owned(), ..Report::default() }, &Options::default())
}

/// Pieces that reports are made of, and what breaks readers.
fn piece() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "President Putin ",
        "the foreign minister ",
        "Moscow",
        "said ",
        "accused ",
        "of attacking ",
        "on Friday",
        "25 percent",
        "$3.5 billion",
        "“",
        "”",
        "‘",
        "’",
        "\"",
        "''",
        "``",
        ". ",
        ", ",
        "\n",
        "\n\n",
        "\r\n",
        " — ",
        "(AP) ",
        "he ",
        "will meet ",
        "did not ",
        "warned that ",
        "Disclaimer: Via X",
        "@handle",
        "\u{FFFD}",
        "\u{FEFF}",
        "\u{200B}",
        "â€™",
        "é",
        "北京",
        "🇷🇺",
        "\u{0301}",
        "\0",
        "http://t.co/x ",
        "12,000 people ",
        "3/4/2001",
        "1e999",
        "-",
        "<p>",
        "&amp;",
        ":",
    ]);
    prop_oneof![8 => words.prop_map(str::to_owned), 1 => any::<String>(), 1 => "[A-Z][a-z]{1,9} "]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_slice_back_to_the_text(pieces in prop::collection::vec(piece(), 0..60)) {
        let text = pieces.concat();
        let record = read(&text);
        prop_assert_eq!(&record.report.text, &text);
        check_spans(&record);
    }

    #[test]
    fn any_bytes_are_a_report_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for html in [false, true] {
            let report = if html { input::html::html(&bytes, &Hints::named("x")) } else { input::text(&bytes, &Hints::named("x")) };
            if let Ok(report) = report {
                check_spans(&CODER.read(report, &Options::default()));
            }
        }
        if let Ok(Some(report)) = input::jsonl::line(&bytes, 1, &Hints::named("x")) {
            check_spans(&CODER.read(report, &Options::default()));
        }
    }

    #[test]
    fn any_markup_is_a_report(tags in prop::collection::vec(prop::sample::select(vec![
        "<p>", "</p>", "<div>", "</div>", "<script>", "</script>", "<title>", "<table>", "<td>", "<a href=x>", "</a>", "<!--", "-->", "&#xD800;", "&lt", "<blockquote>",
        "Moscow said.", "<time datetime='2022-12-31'>", "<meta charset=utf-16>", "<article>", "<h1>", "\u{0}", "<svg>", "<br>", "é",
    ]), 0..80)) {
        let page = tags.concat();
        if let Ok(report) = input::html::html(page.as_bytes(), &Hints::named("x.html")) {
            check_spans(&CODER.read(report, &Options::default()));
        }
    }

    #[test]
    fn the_same_report_gives_the_same_record(pieces in prop::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        prop_assert_eq!(serde_json::to_string(&read(&text)).unwrap(), serde_json::to_string(&read(&text)).unwrap());
    }
}

#[test]
fn spans_of_all_samples_slice_back() {
    let mut read = 0;
    for entry in std::fs::read_dir(root().join("samples")).unwrap().flatten().filter(|e| e.path().is_file()) {
        let name = entry.file_name().into_string().unwrap();
        if let Ok(report) = input::one(&std::fs::read(entry.path()).unwrap(), &Hints::named(&name)) {
            check_spans(&CODER.read(report, &Options::default()));
            read += 1;
        }
    }
    assert!(read >= 8, "{read}");
}

#[test]
fn the_bytes_are_the_same_at_any_number_of_threads() {
    for format in ["jsonl", "text"] {
        let one = chancery(&["read", "samples", "--format", format, "--threads", "1"], b"");
        assert!(!one.stdout.is_empty());
        for threads in ["2", "7"] {
            let many = chancery(&["read", "samples", "--format", format, "--threads", threads], b"");
            assert!(many.stdout == one.stdout && many.stderr == one.stderr && many.status == one.status, "{format} at {threads} threads");
        }
    }
}
