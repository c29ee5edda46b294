//! What the tests share: paths, the program, a coder, a record's spans.

use chancery::data::DataFiles;
use chancery::record::Span;
use chancery::{Coder, Record};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the crate lies two folders below the repository")
}

/// Gold and corpora that are not part of the repository: `$CHANCERY_SHARED`, or `../shared`. Says so where there are none.
#[allow(dead_code)]
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CHANCERY_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let file = folder.join(path);
    if !file.exists() {
        println!("skipped: there is no {}", file.display());
        return None;
    }
    Some(file)
}

/// One coder for all tests of a process.
pub static CODER: LazyLock<Coder> = LazyLock::new(|| Coder::new(&DataFiles::builtin()).expect("our own knowledge files are sound"));

/// Runs the program in the repository with `input` on its standard input.
pub fn chancery(args: &[&str], input: &[u8]) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(args)
        .current_dir(root())
        .env_remove("CHANCERY_LOG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    // Beside the reading of the output, or both would wait for each other on large inputs.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("writing does not panic");
    output
}

/// Standard output as JSON lines.
pub fn records(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("records are UTF-8");
    text.lines().map(|l| serde_json::from_str(l).expect("each line is JSON")).collect()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every span of a record with the words it should have, where the record says them.
pub fn spans(record: &Record) -> Vec<(Span, Option<String>)> {
    let mut found = Vec::new();
    collect(&serde_json::to_value(record).expect("a record is JSON"), &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<(Span, Option<String>)>) {
    match value {
        Value::Object(object) => {
            if let Some([start, end]) = object.get("span").and_then(Value::as_array).map(Vec::as_slice) {
                let number = |v: &Value| v.as_u64().expect("offsets are numbers") as usize;
                found.push((Span::new(number(start), number(end)), object.get("text").and_then(Value::as_str).map(str::to_owned)));
            }
            object.values().for_each(|v| collect(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| collect(v, found)),
        _ => {}
    }
}

/// Fails unless every span lies in the text, on character boundaries, and slices to its words.
pub fn check_spans(record: &Record) {
    let text = &record.report.text;
    for (span, words) in spans(record) {
        let slice = text.get(span.start..span.end).unwrap_or_else(|| panic!("{span:?} does not fit a text of {} bytes", text.len()));
        if let Some(words) = words {
            assert_eq!(slice, words, "the words at {span:?}");
        }
    }
    assert!(record.report.blocks.windows(2).all(|b| b[0].span.end <= b[1].span.start), "blocks overlap or are out of order");
    assert!(
        record.sentences.iter().all(|s| record.report.blocks.get(s.block).is_some_and(|b| b.span.contains(s.span))),
        "a sentence outside its block"
    );
    let n = record.sentences.len();
    assert!(
        record.events.iter().map(|e| e.sentence).chain(record.statements.iter().map(|s| s.sentence)).all(|s| s < n),
        "no such sentence"
    );
}
