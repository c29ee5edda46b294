//! Killed at any moment while it adds, reviews or brings a ledger up to date: what was said to be kept is there, none is there twice, the file is
//! sound, and running the same again completes it. Ten kills, or as many as CHANCERY_KILLS says.

use crate::ledger::{Folder, reports, run, text};
use crate::support::{chancery, root, stderr};
use rusqlite::Connection;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often each of three things is killed.
fn rounds(share: usize) -> u64 {
    let kills: usize = std::env::var("CHANCERY_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    ((kills + share) / 3) as u64
}

/// A moment that differs from round to round, up to `most` milliseconds.
fn moment(round: u64, most: u64) -> Duration {
    Duration::from_micros((round + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) % (most * 1000))
}

/// Starts the program, kills it after a while, and gives back what it said until then.
fn killed(args: &[&str], after: Duration) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(args)
        .current_dir(root())
        .env_remove("CHANCERY_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    let _ = child.kill();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    said
}

/// The last number that was said to be kept.
fn acknowledged(said: &str, of: &str) -> usize {
    let number = |l: &str| l.strip_prefix("chancery: ")?.split_once(of).filter(|(_, r)| r.ends_with("kept"))?.0.parse().ok();
    said.lines().rev().find_map(number).unwrap_or(0)
}

/// How many of something a sound ledger holds.
fn held(page: &str, of: &str) -> usize {
    page.lines().find_map(|l| l.strip_prefix(&format!("{of}\t"))?.parse().ok()).unwrap()
}

fn check(ledger: &str) -> String {
    text(&run(&["check", "--ledger", ledger]))
}

#[test]
fn adding() {
    let folder = Folder::new("killed-adding");
    let (ledger, input) = (folder.file("l.db"), folder.file("in.jsonl"));
    std::fs::write(&input, reports(1500)).unwrap();
    let mut kept = 0;
    for round in 0..rounds(2) {
        let said = killed(&["add", &input, "--ledger", &ledger, "-v", "--threads", "2"], Duration::from_millis(200) + moment(round, 2600));
        let least = kept + acknowledged(&said, " report");
        let check = chancery(&["check", "--ledger", &ledger], b"");
        if !check.status.success() {
            // Killed before the file was a ledger.
            assert!(stderr(&check).contains("E0507"), "{}", stderr(&check));
            assert_eq!(least, 0);
            continue;
        }
        kept = held(&text(&check), "reports");
        assert!(kept >= least, "{kept} reports where {least} were said to be kept");
    }
    run(&["add", &input, "--ledger", &ledger]);
    let page = check(&ledger);
    assert_eq!((held(&page, "reports"), held(&page, "codings")), (1500, 1500), "{page}");
}

#[test]
fn reviewing() {
    let folder = Folder::new("killed-reviewing");
    let (ledger, input) = (folder.file("l.db"), folder.file("in.jsonl"));
    assert!(chancery(&["add", "-", "--ledger", &ledger], &reports(300)).status.success());
    let ids = text(&run(&["sql", "SELECT id FROM events ORDER BY id", "--format", "csv", "--ledger", &ledger]));
    let verdict = |n: usize| match n % 3 {
        0 => "\"verdict\":\"reject\"",
        1 => "\"verdict\":\"accept\"",
        _ => "\"verdict\":\"correct\",\"status\":\"claimed\"",
    };
    let lines: Vec<String> =
        ids.lines().skip(1).enumerate().map(|(n, id)| format!("{{\"event\":\"{id}\",{},\"who\":\"ada\"}}", verdict(n))).collect();
    std::fs::write(&input, lines.join("\n")).unwrap();
    let events = held(&check(&ledger), "events");
    assert!(lines.len() >= 300 && lines.len() == events, "{events}");
    let mut kept = 0;
    for round in 0..rounds(1) {
        let said = killed(&["review", "--import", &input, "--ledger", &ledger, "-v"], moment(round, 400));
        let least = kept + acknowledged(&said, " decisions");
        kept = held(&check(&ledger), "decisions");
        assert!(kept >= least, "{kept} decisions where {least} were said to be kept");
    }
    run(&["review", "--import", &input, "--ledger", &ledger]);
    let page = check(&ledger);
    // Each once, and as if nothing had happened.
    assert_eq!(held(&page, "decisions"), lines.len());
    assert_eq!(held(&page, "events"), events - lines.len().div_ceil(3));
    let claimed = text(&run(&[
        "sql",
        "SELECT count(*) AS n FROM events WHERE status = 'claimed' AND decision > 0",
        "--format",
        "csv",
        "--ledger",
        &ledger,
    ]));
    assert_eq!(claimed.lines().next_back().unwrap(), (lines.len() / 3).to_string());
}

#[test]
fn bringing_up_to_date() {
    let folder = Folder::new("killed-migrating");
    let (ledger, old) = (folder.file("l.db"), folder.file("old.db"));
    assert!(chancery(&["add", "-", "--ledger", &ledger], &reports(600)).status.success());
    // As a build of the second schema would have left it.
    let conn = Connection::open(&ledger).unwrap();
    conn.execute_batch(
        "DROP TABLE rollup_side; DROP TABLE happening; DROP TABLE about; DROP VIEW stories; ALTER TABLE story DROP COLUMN independent; ALTER TABLE story DROP COLUMN disagreements;
        CREATE VIEW stories AS SELECT 1; ALTER TABLE party ADD COLUMN rule TEXT NOT NULL DEFAULT ''; DROP VIEW happenings; DROP TABLE page; DROP TABLE entry; DROP TABLE feed; DROP INDEX event_happening; DROP TABLE sighting;
        UPDATE event SET happening = NULL; PRAGMA user_version = 2; PRAGMA journal_mode = delete; VACUUM",
    )
    .unwrap();
    drop(conn);
    std::fs::rename(&ledger, &old).unwrap();
    let add = ["add", "samples/latin1.txt", "--ledger", &ledger];
    let fresh = || {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{ledger}{end}"));
        }
        std::fs::copy(&old, &ledger).unwrap();
    };
    let finished = || {
        run(&add);
        check(&ledger).lines().filter(|l| !l.starts_with("bytes")).collect::<Vec<_>>().join("\n")
    };
    fresh();
    let expected = finished();
    assert_eq!(held(&expected, "reports"), 601);
    for round in 0..rounds(0) {
        fresh();
        killed(&add, moment(round, 60));
        let output = chancery(&["check", "--ledger", &ledger], b"");
        // Before a step or between two: told, and whole for the next that writes.
        assert!(output.status.success() || stderr(&output).contains("E0502"), "{}", stderr(&output));
        let sound: String = Connection::open(&ledger).unwrap().query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
        assert_eq!(sound, "ok");
        assert_eq!(finished(), expected);
    }
}
