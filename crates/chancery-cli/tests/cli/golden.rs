//! The records of the samples, kept beside this test for a person to review: `UPDATE_GOLDEN=1` rewrites them.
//!
//! Each sample has its record (`NAME.json`, without the coder's version and data hash, which change with every edit of `data/`) and the
//! page a user sees (`NAME.page`), each event with why it was coded.

use crate::support::{chancery, records, root};
use serde_json::Value;
use std::fmt::Write;
use std::path::PathBuf;

fn kept(name: &str) -> PathBuf {
    root().join("crates/chancery-cli/tests/golden").join(name)
}

/// Where two texts first differ, with the lines around.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let at = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let mut out = String::new();
    for (sign, lines) in [('-', &old), ('+', &new)] {
        for line in lines.iter().skip(at.saturating_sub(2)).take(6) {
            let _ = writeln!(out, "  {sign} {line}");
        }
    }
    format!("line {}:\n{out}", at + 1)
}

#[test]
fn samples_give_their_golden_records() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut samples: Vec<String> = std::fs::read_dir(root().join("samples"))
        .unwrap()
        .map(|e| format!("samples/{}", e.unwrap().file_name().to_str().unwrap()))
        .collect();
    samples.sort();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for sample in &samples {
        let name = sample.rsplit_once('/').map_or(sample.as_str(), |(_, n)| n);
        let mut read = records(&chancery(&["read", sample, "--format", "jsonl"], b""));
        for record in &mut read {
            record.as_object_mut().unwrap().remove("coder");
        }
        let page = chancery(&["read", sample, "--format", "text", "--explain"], b"");
        let both = [
            (format!("{name}.json"), serde_json::to_string_pretty(&Value::Array(read)).unwrap() + "\n"),
            (format!("{name}.page"), String::from_utf8(page.stdout).unwrap() + &String::from_utf8_lossy(&page.stderr)),
        ];
        for (file, new) in both {
            compared += 1;
            let path = kept(&file);
            if update {
                std::fs::write(&path, &new).unwrap();
            }
            let old = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
            if old != new {
                wrong.push(format!("{} at {}", path.display(), difference(&old, &new)));
            }
        }
    }
    assert!(compared >= 16, "{compared} files");
    assert!(wrong.is_empty(), "{}\nIf the change is meant: `just update`, and read the difference", wrong.join("\n"));
}
