//! `--text none`: no wording of an article in any export, and none in a record.

use crate::support::{chancery, records, stderr};
use serde_json::Value;
use std::collections::BTreeSet;

const FORMATS: &[&str] = &["jsonl", "csv", "parquet", "gdelt2", "icews", "polecat", "phoenix", "graphml", "geojson", "labelstudio"];

/// Words in small letters, without whatever stands between them.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

fn runs(text: &str) -> BTreeSet<String> {
    words(text).windows(4).map(|w| w.join(" ")).collect()
}

/// Every object of a record that names an actor or a place.
fn named<'a>(value: &'a Value, found: &mut Vec<&'a serde_json::Map<String, Value>>) {
    match value {
        Value::Object(object) => {
            if object.contains_key("entity_id") || object.contains_key("geonames") {
                found.push(object);
            }
            object.values().for_each(|v| named(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| named(v, found)),
        _ => {}
    }
}

#[test]
fn no_export_without_text_tells_any() {
    let folder = std::env::temp_dir().join(format!("chancery-cli-textless-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(name).display().to_string();
    let ledger = file("l.db");
    // Parties and places that no table knows, beside some that ours do; the samples beside them.
    let own = file("own.jsonl");
    let told = [
        "Prime Minister Jane Whittlecombe of the Free Harbour Party met rebels of the Northern Resistance Brigade in Kabul the day before yesterday.",
        "\\\"We will not give in to threats of any kind,\\\" Harald Olmsson, head of the Olmsson Foundation, told reporters. Olmsson condemned Russia.",
        "Villagers near Oldbridge Crossing were killed by gunmen of the Black Pine Front last Tuesday morning. The Black Pine Front denied it.",
    ];
    let lines: Vec<String> =
        told.iter().map(|t| format!("{{\"published\":\"2022-12-07\",\"outlet\":\"Wire\",\"text\":\"{t}\"}}")).collect();
    std::fs::write(&own, lines.join("\n")).unwrap();
    let inputs = [
        own.as_str(),
        "samples/wire-clean.txt",
        "samples/translated-post.txt",
        "samples/page.html",
        "samples/speech.txt",
        "samples/briefs.txt",
    ];
    let run = |args: &[&str]| {
        let output = chancery(args, b"");
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        output
    };
    let full = records(&run(&[&["read", "--format", "jsonl"][..], &inputs].concat()));
    run(&[&["add", "--ledger", &ledger][..], &inputs].concat());
    let (mut forbidden, mut names) = (BTreeSet::new(), BTreeSet::new());
    for record in &full {
        forbidden.extend(runs(record["report"]["text"].as_str().unwrap()));
        forbidden.extend(runs(record["report"]["title"].as_str().unwrap_or("")));
        // An address is no wording.
        for link in record["report"]["posts"].as_array().unwrap().iter().filter_map(|p| p["link"].as_str()) {
            runs(link).iter().for_each(|r| {
                forbidden.remove(r);
            });
        }
        let mut all = Vec::new();
        named(record, &mut all);
        for one in all {
            let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or("");
            let name = [text("entity"), text("name")].concat();
            // A division is told by the name that the gazetteer has for it, also of the towns in it.
            let division = one.contains_key("geonames") && text("admin1") == name;
            let known = !text("entity_id").is_empty() || one.get("geonames").is_some_and(Value::is_u64) || division;
            if known {
                runs(&name).iter().for_each(|r| {
                    forbidden.remove(r);
                });
            } else if words(&name).len() > 1 {
                names.insert(words(&name).join(" "));
            }
        }
    }
    assert!(names.contains("harald olmsson") && names.len() > 2 && forbidden.len() > 300, "{names:?}");
    let mut seen = 0;
    for format in FORMATS {
        let out = file(&format!("out.{format}"));
        run(&["export", "--as", format, "--text", "none", "--status", "all", "--header", "--ledger", &ledger, "-o", &out]);
        for path in [out.clone(), file("out.chancery.csv")] {
            let bytes = std::fs::read(&path).unwrap();
            let told = words(&String::from_utf8_lossy(&bytes));
            seen += told.len();
            let text = format!(" {} ", told.join(" "));
            if let Some(run) = told.windows(4).map(|w| w.join(" ")).find(|r| forbidden.contains(r)) {
                panic!("{path} tells {run:?}");
            }
            if let Some(name) = names.iter().find(|n| text.contains(&format!(" {n} "))) {
                panic!("{path} names {name:?}");
            }
        }
    }
    assert!(seen > 1000, "{seen}");
    let _ = std::fs::remove_dir_all(&folder);
}
