//! The ledger as its users meet it: adding, asking, exporting, and being killed.

use crate::support::{chancery, stderr};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("chancery-cli-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Reports of one sentence each.
fn reports(n: usize) -> Vec<u8> {
    let mut lines = Vec::new();
    let pairs = [("Russia", "China"), ("France", "Germany"), ("Japan", "India"), ("Egypt", "Israel")];
    for i in 0..n {
        let (a, b) = pairs[i % pairs.len()];
        let day = 1 + i % 28;
        writeln!(lines, "{{\"id\":\"r{i}\",\"published\":\"2022-12-{day:02}\",\"text\":\"{a} and {b} held talks number {i} on Monday. {a} condemned {b}.\"}}").unwrap();
    }
    lines
}

fn run(args: &[&str]) -> Output {
    let output = chancery(args, b"");
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    output
}

fn text(output: &Output) -> String {
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

/// Killed at any moment, no report that was said to be kept is lost, none is there twice, and running it again completes it.
#[test]
fn killed_ten_times() {
    let folder = Folder::new("killed");
    let (ledger, input) = (folder.file("l.db"), folder.file("in.jsonl"));
    std::fs::write(&input, reports(3000)).unwrap();
    let mut kept = 0;
    for round in 0..10_u64 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["add", &input, "--ledger", &ledger, "-v", "--threads", "2"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Moments spread over start, reading and committing.
        std::thread::sleep(Duration::from_millis(300 + round * 457 % 2600));
        let _ = child.kill();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        let said = said.lines().rev().find_map(|l| {
            l.strip_prefix("chancery: ")?.split_once(" report").filter(|(_, r)| r.ends_with("kept"))?.0.parse::<usize>().ok()
        });
        let acknowledged = kept + said.unwrap_or(0);
        let check = chancery(&["check", "--ledger", &ledger], b"");
        if !check.status.success() {
            // Killed before the file was a ledger.
            assert!(stderr(&check).contains("E0507"), "{}", stderr(&check));
            assert_eq!(acknowledged, 0);
            continue;
        }
        let page = text(&check);
        let held = page.lines().find_map(|l| l.strip_prefix("reports\t")?.parse::<usize>().ok()).unwrap();
        assert!(held >= acknowledged, "{held} reports where {acknowledged} were said to be kept");
        kept = held;
    }
    run(&["add", &input, "--ledger", &ledger]);
    let page = text(&run(&["check", "--ledger", &ledger]));
    assert!(page.contains("reports\t3000\n") && page.contains("codings\t3000\n"), "{page}");
}
