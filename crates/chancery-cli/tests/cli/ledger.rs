//! The ledger as its users meet it: adding, asking, exporting.

use crate::support::{chancery, stderr};
use std::io::Write;
use std::path::PathBuf;
use std::process::Output;

/// A folder of its own for a test, gone when it ends.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("chancery-cli-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
    pub fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Reports of one sentence each.
pub fn reports(n: usize) -> Vec<u8> {
    let mut lines = Vec::new();
    let pairs = [("Russia", "China"), ("France", "Germany"), ("Japan", "India"), ("Egypt", "Israel")];
    for i in 0..n {
        let (a, b) = pairs[i % pairs.len()];
        let day = 1 + i % 28;
        writeln!(lines, "{{\"id\":\"r{i}\",\"published\":\"2022-12-{day:02}\",\"text\":\"{a} and {b} held talks number {i} on Monday. {a} condemned {b}.\"}}").unwrap();
    }
    lines
}

pub fn run(args: &[&str]) -> Output {
    let output = chancery(args, b"");
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    output
}

pub fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn what_is_read_comes_back_to_the_byte_at_any_number_of_threads() {
    let folder = Folder::new("roundtrip");
    let samples =
        ["samples/wire-clean.txt", "samples/translated-post.txt", "samples/page.html", "samples/speech.txt", "samples/latin1.txt"];
    let read = run(&[&["read", "--format", "jsonl"][..], &samples].concat());
    let mut exports = Vec::new();
    for threads in ["1", "3"] {
        let ledger = folder.file(&format!("{threads}.db"));
        let add = [&["add", "--ledger", &ledger, "--threads", threads][..], &samples].concat();
        run(&add);
        let again = run(&add);
        assert!(stderr(&again).contains("0 reports added, 0 read anew"), "{}", stderr(&again));
        let records = run(&["export", "--as", "jsonl", "--ledger", &ledger]);
        assert_eq!(text(&records), text(&read));
        assert!(text(&run(&["check", "--ledger", &ledger])).starts_with("sound\n"));
        exports.push(text(&run(&["export", "--as", "csv", "--ledger", &ledger])));
        let bare = text(&run(&["export", "--as", "jsonl", "--text", "none", "--ledger", &ledger]));
        assert_eq!(bare, text(&run(&[&["read", "--format", "jsonl", "--text", "none"][..], &samples].concat())));
    }
    assert_eq!(exports[0], exports[1]);
}

#[test]
fn questions_have_answers() {
    let folder = Folder::new("questions");
    let ledger = folder.file("l.db");
    let add = chancery(&["add", "-", "--ledger", &ledger], &reports(40));
    assert!(add.status.success(), "{}", stderr(&add));
    let ask = |args: &[&str]| text(&run(&[args, &["--ledger", &ledger]].concat()));
    let by_name = ask(&["events", "--source", "Russia", "--format", "csv"]);
    assert_eq!(by_name, ask(&["events", "--source", "RUS", "--format", "csv"]));
    assert!(by_name.lines().count() > 10, "{by_name}");
    let months = ask(&["events", "--source", "RUS", "--target", "CHN", "--count-by", "month", "--format", "csv"]);
    assert!(months.contains("2022-12,"), "{months}");
    assert!(ask(&["events", "--text", "\"talks number 7\"", "--format", "jsonl"]).contains("\"source\":\"EGYGOV;ISRGOV\""));
    assert!(ask(&["dyad", "Russia", "China", "--format", "table"]).contains("cooperation to the right"));
    assert!(ask(&["sql", "SELECT count(*) AS n FROM reports", "--format", "csv"]).ends_with("n\n40\n"));
    let panel = ask(&["panel", "--by", "day", "--format", "csv"]);
    assert!(panel.starts_with("period,a,a_cow,a_gw,b,b_cow,b_gw,events_occurred,"), "{panel}");
    for (args, code) in [
        (&["sql", "DROP TABLE event"][..], "E0511"),
        (&["sql", "SELECT * FROM nothing"], "E0511"),
        (&["sql", "ATTACH 'x.db' AS x"], "E0511"),
        (&["sql", "SELECT 1; SELECT 2"], "E0511"),
        (&["sql", "--timeout", "0", "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"], "E0512"),
        (&["events", "--source", "Nobody Whatsoever"], "E0510"),
        (&["events", "--id", "xyz"], "E0510"),
    ] {
        let output = chancery(&[args, &["--ledger", &ledger]].concat(), b"");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(code), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_ledger_that_is_none() {
    let folder = Folder::new("none");
    let missing = folder.file("missing.db");
    let output = chancery(&["events", "--ledger", &missing], b"");
    assert!(stderr(&output).contains("E0507"), "{}", stderr(&output));
    let foreign = folder.file("foreign.db");
    std::fs::write(&foreign, vec![b'x'; 4096]).unwrap();
    for args in [&["events", "--ledger", &foreign][..], &["add", "samples/wire-clean.txt", "--ledger", &foreign]] {
        let output = chancery(args, b"");
        assert!(stderr(&output).contains("E0501"), "{}", stderr(&output));
    }
    assert_eq!(std::fs::read(&foreign).unwrap(), vec![b'x'; 4096]);
}

#[test]
fn words_taken_out_come_back_from_ones_own_copies() {
    let folder = Folder::new("rehydrate");
    let (ledger, bare, whole) = (folder.file("l.db"), folder.file("bare.jsonl"), folder.file("whole.jsonl"));
    let copies = ["samples/wire-clean.txt", "samples/translated-post.txt", "samples/page.html", "samples/speech.txt"];
    run(&[&["add", "--ledger", &ledger][..], &copies].concat());
    for level in ["none", "sentence"] {
        run(&["export", "--as", "jsonl", "--text", level, "--ledger", &ledger, "-o", &bare]);
        run(&[&["rehydrate", &bare, "-o", &whole][..], &copies].concat());
        assert_eq!(std::fs::read_to_string(&whole).unwrap(), text(&run(&["export", "--as", "jsonl", "--ledger", &ledger])), "{level}");
    }
    // By another coder: the words that spans name.
    let other = std::fs::read_to_string(&bare).unwrap().replace("\"coder\":{\"version\":\"", "\"coder\":{\"version\":\"another ");
    std::fs::write(&bare, other).unwrap();
    let back = run(&[&["rehydrate", &bare][..], &copies].concat());
    let record: serde_json::Value = serde_json::from_str(text(&back).lines().next().unwrap()).unwrap();
    let words = record["report"]["text"].as_str().unwrap();
    let event = &record["events"][0]["trigger"];
    let span = |n: usize| event["span"][n].as_u64().unwrap() as usize;
    assert!(!event["text"].as_str().unwrap().is_empty() && event["text"] == words[span(0)..span(1)]);
    // Without a copy a record stays as it was, and that is said.
    let some = chancery(&["rehydrate", &bare, copies[0]], b"");
    assert_eq!((some.status.code(), text(&some).lines().count()), (Some(1), 4));
    assert!(stderr(&some).contains("1 report given their text; 3 reports left without"), "{}", stderr(&some));
    let wrong = chancery(&["rehydrate", copies[0], copies[0]], b"");
    assert!(stderr(&wrong).contains("E0430"), "{}", stderr(&wrong));
}

#[test]
fn changes_since_a_time_are_what_came_and_what_ceased_to_count() {
    let folder = Folder::new("changes");
    let ledger = folder.file("l.db");
    assert!(chancery(&["add", "-", "--ledger", &ledger], &reports(4)).status.success());
    let since = |when: &str| text(&run(&["export", "--as", "csv", "--since-change", when, "--ledger", &ledger])).lines().count() - 1;
    let all = text(&run(&["events", "--format", "jsonl", "--ledger", &ledger]));
    assert_eq!(since("2001-01-01"), all.lines().count());
    std::thread::sleep(std::time::Duration::from_millis(5));
    let now = text(&run(&["sql", "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS now", "--format", "csv", "--ledger", &ledger]));
    let now = now.lines().next_back().unwrap().to_owned();
    assert_eq!(since(&now), 0);
    let event: serde_json::Value = serde_json::from_str(all.lines().next().unwrap()).unwrap();
    let decision = format!("{{\"event\":{},\"verdict\":\"correct\",\"status\":\"claimed\",\"who\":\"ada\"}}", event["id"]);
    let import = |n: &str| {
        let output = chancery(&["review", "--import", "-", "--ledger", &ledger], decision.as_bytes());
        assert!(output.status.success() && stderr(&output).contains(n), "{}", stderr(&output));
    };
    import("1 decisions taken");
    // The event as it was, and as it is.
    assert_eq!(since(&now), 2);
    import("0 decisions taken, 0 refused, 0 orphaned, 1 known already");
    assert_eq!(since(&now), 2);
}
