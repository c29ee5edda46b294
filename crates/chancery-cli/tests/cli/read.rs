//! `chancery read`: inputs good and bad, exit status, what is said and what is printed.

use crate::support::{chancery, records, root, stderr};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Output;

/// A folder of its own for a test, removed when done.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("chancery-test-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const STORY: &str = "Russian President Vladimir Putin met his Chinese counterpart on Friday.";

fn texts(output: &Output) -> Vec<String> {
    records(output).iter().map(|r| r["report"]["text"].as_str().unwrap().to_owned()).collect()
}

/// The run failed in part: these words were said, and that many records printed.
fn partial(output: &Output, said: &[&str], printed: usize) {
    let err = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{err}");
    for words in said {
        assert!(err.contains(words), "{words:?} is not in {err}");
    }
    assert_eq!(records(output).len(), printed, "{err}");
}

#[test]
fn a_file_several_a_folder_and_standard_input() {
    let f = Folder::new("inputs");
    let a = f.write("a.txt", STORY);
    let b = f.write("deep/er/b.html", format!("<html><body><p>{STORY}</p></body></html>"));
    let c = f.write("deep/c.jsonl", format!("{}\n\n{}\n", json!({"text": "One."}), json!({"text": "Two.", "id": "2"})));
    f.write("deep/.hidden", "not a report");
    assert_eq!(texts(&chancery(&["read", &a], b"")), [STORY]);
    assert_eq!(texts(&chancery(&["read", &c, &a], b"")), ["One.", "Two.", STORY]);
    let all = chancery(&["read", f.path()], b"");
    assert!(all.status.success(), "{}", stderr(&all));
    assert_eq!(texts(&all).len(), 4, "hidden files are no reports");
    assert_eq!(texts(&all)[1..3], ["One.", "Two."]);
    assert!(texts(&chancery(&["read", &b], b""))[0].contains(STORY));
    assert_eq!(texts(&chancery(&["read", "-"], STORY.as_bytes())), [STORY]);
    assert_eq!(texts(&chancery(&["read"], STORY.as_bytes())), [STORY], "a pipe needs no dash");
    assert_eq!(texts(&chancery(&["read", "-"], format!("{}\n", json!({"text": "One."})).as_bytes())), ["One."]);
}

#[test]
fn fields_of_json_and_tables() {
    let line = json!({"id": "7", "text": "One.", "date": "2020-03-04", "outlet": "O", "url": "https://x.org/a", "title": "T", "lang": "en", "more": [1]}).to_string();
    let record = &records(&chancery(&["read", "-"], line.as_bytes()))[0];
    for (field, value) in [
        ("given_id", "7"),
        ("text", "One."),
        ("published", "2020-03-04"),
        ("outlet", "O"),
        ("url", "https://x.org/a"),
        ("title", "T"),
        ("language", "en"),
    ] {
        assert_eq!(record["report"][field], value, "{field}");
    }
    let array = format!("[\n  {},\n  {}\n]\n", json!({"text": "One."}), json!({"text": "Two."}));
    assert_eq!(texts(&chancery(&["read", "--input", "jsonl", "-"], array.as_bytes())), ["One.", "Two."]);
    let laid_out = format!("{:#}", json!({"text": "One.", "id": "1"}));
    assert_eq!(texts(&chancery(&["read", "--input", "jsonl", "-"], laid_out.as_bytes())), ["One."]);
    let table = "nr;body;date\r\n1;\"He said: \"\"No; never.\"\"\r\nThen he left.\";2020-03-04\r\n\r\n2;Two.;\r\n";
    let output = chancery(&["read", "--input", "csv", "--map", "text=body", "--map", "id=nr", "-"], table.as_bytes());
    assert_eq!(texts(&output), ["He said: \"No; never.\"\r\nThen he left.", "Two."], "{}", stderr(&output));
    assert_eq!(records(&output)[0]["report"]["given_id"], "1");
    let mapped = chancery(&["read", "--map", "text=body", "-"], json!({"body": "One."}).to_string().as_bytes());
    assert_eq!(texts(&mapped), ["One."]);
}

#[test]
fn compressed_input_is_unpacked() {
    use std::io::Write;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(format!("{}\n", json!({"text": "One."})).as_bytes()).unwrap();
    let mut bytes = gz.finish().unwrap();
    assert_eq!(texts(&chancery(&["read", "-"], &bytes)), ["One."]);
    bytes.truncate(bytes.len() - 9);
    assert_eq!(chancery(&["read", "-"], &bytes).status.code(), Some(1), "a torn archive is said");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_done() {
    let f = Folder::new("bad");
    let good = f.write("good.txt", STORY);
    let missing = f.0.join("missing.txt");
    let missing = missing.to_str().unwrap();
    partial(&chancery(&["read", missing, &good], b""), &["E0211", "missing.txt", "1 report could not be read; 1 report read"], 1);
    let binary = f.write("bad.pdf", [b"%PDF-1.7\n".as_slice(), &[0u8; 64]].concat());
    partial(&chancery(&["read", &binary, &good], b""), &["E0201", "bad.pdf", "PDF"], 1);
    let broken = f.write(
        "broken.jsonl",
        format!("{}\n{{\"text\": \"cut\n{}\n{}\n", json!({"text": "One."}), json!({"title": "x"}), json!({"text": "Two."})),
    );
    let output = chancery(&["read", &broken], b"");
    partial(&output, &["broken.jsonl, line 2", "broken.jsonl, line 3", "2 reports could not be read; 2 reports read"], 2);
    assert_eq!(texts(&output), ["One.", "Two."]);
    let empty = Folder::new("empty");
    partial(&chancery(&["read", empty.path(), &good], b""), &["E0212", "holds no files"], 1);
    partial(&chancery(&["read", "http://127.0.0.1:9/a", &good], b""), &["E0221", "http://127.0.0.1:9/", "--private-addresses"], 1);
    partial(&chancery(&["read", "--input", "csv", "-"], b"a,b\n1,2\n"), &["E0204", "--map text=COLUMN", "a, b"], 0);
    partial(&chancery(&["read", "--map", "text=x", "-"], b"{\"y\":\"z\"}"), &["E0204", "`x`", "line 1"], 0);
}

#[test]
fn nothing_is_said_where_all_is_well() {
    let output = chancery(&["read", "-"], STORY.as_bytes());
    assert!(output.status.success());
    assert_eq!(stderr(&output), "");
    assert!(stderr(&chancery(&["read", "-v", "-"], STORY.as_bytes())).contains("1 report read"));
    let quiet = chancery(&["read", "-q", "no-such-file"], b"");
    assert!(stderr(&quiet).contains("E0211"), "what went wrong is always said");
}

#[test]
fn a_report_beyond_the_limit_is_cut_and_this_is_said() {
    let long = "Moscow said no. ".repeat(200);
    let output = chancery(&["read", "--max-report-bytes", "160", "-"], long.as_bytes());
    partial(&output, &["standard input", "longer than the limit", "--max-report-bytes", "1 report cut at the limit; 1 report read"], 1);
    let record = &records(&output)[0];
    assert_eq!(record["report"]["text"], long[..160]);
    assert_eq!(record["report"]["source"]["bytes"], long.len());
    assert!(
        record["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .any(|d| d["code"] == "W0202" && d["message"].as_str().unwrap().contains("3040 bytes"))
    );
    let line = json!({"text": long}).to_string();
    partial(
        &chancery(&["read", "--max-report-bytes", "160", "-"], line.as_bytes()),
        &["standard input, line 1", "longer than the limit"],
        1,
    );
}

/// One line of 100 MB: as a line of JSON it is refused without being held, as text it is cut.
#[test]
fn a_line_without_end_does_not_stop_the_others() {
    let f = Folder::new("long");
    let mut bytes = format!("{}\n{{\"text\":\"", json!({"text": "One."})).into_bytes();
    bytes.resize(100 << 20, b'x');
    bytes.extend_from_slice(format!("\n{}\n", json!({"text": "Two."})).as_bytes());
    let path = f.write("long.jsonl", &bytes);
    let output = chancery(&["read", &path], b"");
    partial(&output, &["E0213", "long.jsonl, line 2", "--max-report-bytes"], 2);
    assert_eq!(texts(&output), ["One.", "Two."]);
    let mut table = b"text\nOne.\n\"".to_vec();
    table.resize(100 << 20, b'x');
    let path = f.write("long.csv", table);
    partial(&chancery(&["read", &path], b""), &["E0213", "long.csv, line 3", "quotation mark"], 1);
}

#[test]
fn markup_of_any_depth_is_read() {
    let depth = 20_000;
    let page = format!("<html><body>{}<p>{STORY}</p>{}</body></html>", "<div>".repeat(depth), "</div>".repeat(depth));
    let output = chancery(&["read", "--input", "html", "-"], page.as_bytes());
    let said = stderr(&output);
    match output.status.code() {
        Some(0) => assert!(texts(&output)[0].contains("Putin"), "the words are there"),
        Some(1) => assert!(said.contains("standard input"), "{said}"),
        other => panic!("ended with {other:?}: {said}"),
    }
}

#[test]
fn a_closed_pipe_is_quiet() {
    use std::process::{Command, Stdio};
    let mut lines = String::new();
    for i in 0..3000 {
        lines.push_str(&json!({"text": format!("Report {i}. {STORY}")}).to_string());
        lines.push('\n');
    }
    let f = Folder::new("pipe");
    let path = f.write("many.jsonl", lines);
    let mut child =
        Command::new(env!("CARGO_BIN_EXE_chancery")).args(["read", &path]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(stderr(&output), "");
    assert!(output.status.success());
}

#[test]
fn options_reach_the_record() {
    let given = json!({"text": STORY, "published": "2001-02-03"}).to_string();
    assert_eq!(records(&chancery(&["read", "-"], given.as_bytes()))[0]["report"]["published"], "2001-02-03");
    let output = chancery(&["read", "--published", "2022-12-31", "-"], given.as_bytes());
    assert_eq!(records(&output)[0]["report"]["published"], "2022-12-31");
    let ids = |o: &Output| records(o)[0]["report"]["id"].clone();
    assert_eq!(ids(&output), ids(&chancery(&["read", "-"], given.as_bytes())), "options do not change the id");
    let json = chancery(&["read", "--format", "json", "-"], given.as_bytes());
    assert!(String::from_utf8(json.stdout.clone()).unwrap().lines().count() > 20, "pretty");
    assert_eq!(serde_json::from_slice::<Value>(&json.stdout).unwrap()["report"]["text"], STORY);
}

#[test]
fn article_text_can_be_left_out() {
    let sample = root().join("samples/wire-clean.txt");
    let sample = sample.to_str().unwrap();
    let full = records(&chancery(&["read", sample], b"")).remove(0);
    let none = records(&chancery(&["read", "--text", "none", sample], b"")).remove(0);
    let mut words = Vec::new();
    strings(&none, &mut words);
    let text = full["report"]["text"].as_str().unwrap();
    // Names of actors and places are knowledge, not the article's words; but no stretch of the article is left.
    assert!(words.iter().all(|w| w.len() < 40 || !text.contains(w.as_str())), "{words:?}");
    assert_eq!(none["report"]["id"], full["report"]["id"]);
    assert_eq!(none["sentences"], full["sentences"], "spans stay");
    let some = records(&chancery(&["read", "--text", "sentence", sample], b"")).remove(0);
    assert_eq!(some["report"]["text"], "");
    for (n, sentence) in some["sentences"].as_array().unwrap().iter().enumerate() {
        let span = |i: usize| sentence["span"][i].as_u64().unwrap() as usize;
        if let Some(kept) = sentence["text"].as_str() {
            assert_eq!(kept, &text[span(0)..span(1)], "sentence {n}");
        }
    }
    let held = some["events"].as_array().unwrap().iter().chain(some["statements"].as_array().unwrap());
    for item in held {
        let n = item["sentence"].as_u64().unwrap() as usize;
        assert!(some["sentences"][n]["text"].is_string(), "sentence {n} holds something");
    }
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(s) => found.push(s.clone()),
        Value::Array(items) => items.iter().for_each(|v| strings(v, found)),
        Value::Object(object) => object.values().for_each(|v| strings(v, found)),
        _ => {}
    }
}

#[test]
fn knowledge_of_the_callers_own() {
    let f = Folder::new("data");
    f.write("ontology/words.toml", "[types.AGREE]\none = 5\n");
    let output = chancery(&["read", "--format", "text", "--data", f.path(), "-"], STORY.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    let err = stderr(&output);
    assert!(err.contains("E0102") && err.contains("words.toml, line 2"), "{err}");
    let bad = f.write("mine.tsv", "# mine\nperson\tmalformed\nplanet\tMars\n");
    let output = chancery(&["read", "--actors", &bad, "-"], STORY.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("mine.tsv, line "), "{}", stderr(&output));
    let output = chancery(&["read", "--data", "no-such-folder", "-"], STORY.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no-such-folder"));
    let output = chancery(&["read", "--actors", "no-such-file.tsv", "-"], STORY.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no-such-file.tsv"));
}

#[test]
fn the_page_keeps_to_its_width_and_to_plain_text() {
    let text = format!("{STORY} \u{1b}[31mRed\u{1b}[0m \u{202e}turned\u{202c} he said. {}", "averylongword".repeat(20));
    let output = chancery(&["read", "--format", "text", "-"], text.as_bytes());
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("standard input") && page.lines().count() > 3, "{page}");
    assert!(!page.contains(['\u{1b}', '\u{202e}', '\t']), "{page:?}");
    for line in page.lines() {
        assert!(line.chars().count() <= 80 && line == line.trim_end(), "{line:?}");
    }
    let full = chancery(&["read", "samples", "--format", "text"], b"");
    for line in String::from_utf8(full.stdout).unwrap().lines() {
        assert!(line.chars().count() <= 80, "{line:?}");
    }
}

#[test]
fn events_are_explained_on_request() {
    let text = "LONDON (Reuters) - The United States imposed sanctions on Iran on Monday.";
    let plain = records(&chancery(&["read", "-"], text.as_bytes())).remove(0);
    assert!(!plain["events"].as_array().unwrap().is_empty());
    assert!(plain["events"][0].get("explain").is_none());
    let why = records(&chancery(&["read", "--explain", "-"], text.as_bytes())).remove(0);
    let lines = why["events"][0]["explain"].as_array().unwrap();
    assert!(lines.iter().any(|l| l.as_str().unwrap().contains("data/lang/en/")), "{lines:?}");
    assert_eq!(why["events"][0]["id"], plain["events"][0]["id"]);
    let page = chancery(&["read", "--explain", "--format", "text", "-"], text.as_bytes());
    assert!(String::from_utf8(page.stdout).unwrap().contains("status occurred"));
}
