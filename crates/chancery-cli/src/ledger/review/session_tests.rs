//! A session fed with keys.

use super::screen::{Desk, View, page};
use super::session::{Counts, Sheet, run};
use crate::Result;
use chancery::Coder;
use chancery::data::DataFiles;
use chancery::model::Report;
use chancery::record::SourceInfo;
use chancery_ledger::query::{Filter, Page};
use chancery_ledger::{Ledger, Writer};
use console::Key;
use std::collections::VecDeque;

/// Keys and lines that are given in turn; keeps what was shown.
struct Script {
    keys: VecDeque<Key>,
    lines: VecDeque<String>,
    shown: Vec<String>,
}

impl Script {
    fn new(keys: &str, lines: &[&str]) -> Script {
        Script { keys: keys.chars().map(Key::Char).collect(), lines: lines.iter().map(|l| (*l).to_owned()).collect(), shown: Vec::new() }
    }
}

impl Desk for Script {
    fn show(&mut self, sheet: &Sheet, at: usize, view: &View, head: &str) -> Result<()> {
        self.shown.push(page(sheet, at, view, head, 100, 30));
        Ok(())
    }
    fn key(&mut self) -> Result<Option<Key>> {
        Ok(self.keys.pop_front())
    }
    fn ask(&mut self, _: &str, given: &str) -> Result<Option<String>> {
        Ok(self.lines.pop_front().map(|l| l.replace("{}", given)))
    }
}

/// A ledger of two reports.
fn ledger(name: &str) -> (std::path::PathBuf, Writer) {
    let path = std::env::temp_dir().join(format!("chancery-session-{name}-{}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    let mut writer = Writer::new(Ledger::create(&path).unwrap()).unwrap();
    for text in ["Russia condemned China on Monday. France and Germany held talks in Paris.", "Japan condemned India on Monday."] {
        let source = SourceInfo { sha256: "00".into(), ..SourceInfo::default() };
        let report = Report { text: text.into(), published: Some("2022-12-07".into()), source, ..Report::default() };
        let mut record = coder.read(report, &chancery::Options::default());
        let packed = writer.packer().pack(&mut record).unwrap();
        writer.add(&record, &packed, "").unwrap();
    }
    writer.commit().unwrap();
    (path, writer)
}

fn types(writer: &Writer) -> Vec<String> {
    let mut found = Vec::new();
    let each = |e: &chancery_ledger::query::EventRow| {
        found.push(format!("{} {}", e.kind, chancery_ledger::query::EventRow::codes(&e.target)));
        Ok(())
    };
    writer.ledger().events(&Filter::default(), Page::default(), each).unwrap();
    found.sort();
    found
}

#[test]
fn keys_decide_and_take_back() {
    let (path, mut w) = ledger("keys");
    let queue = w.ledger().to_review(&Filter::default(), 10).unwrap();
    assert_eq!(queue.len(), 2);
    let first = w.ledger().record_of(queue[0]).unwrap().report.text.starts_with("Russia");
    let queue = if first { queue } else { vec![queue[1], queue[0]] };
    // Correct the first event, reject the second, add one, complete; in the second report reject, and take that back; then go back and read again.
    let lines = ["{} target=INDGOV", "talks in Paris", "type=support source=FRAGOV target=DEUGOV"];
    let mut desk = Script::new("cxndxuq", &lines);
    let counts = run(&mut w, &queue, "ada", None, &mut desk).unwrap();
    assert_eq!(counts, Counts { decisions: 4, complete: 1 });
    assert_eq!(types(&w), ["ACCUSE INDGOV", "ACCUSE INDGOV", "SUPPORT DEUGOV"]);
    assert!(desk.shown[0].contains("[source: Russia] «condemned» [target: China]"), "{}", desk.shown[0]);
    assert!(desk.shown[0].contains("report 1 of 2"));
    // What was decided is seen by who comes next.
    let mut desk = Script::new("jj", &[]);
    run(&mut w, &queue[..1], "bob", None, &mut desk).unwrap();
    let last = desk.shown.last().unwrap();
    assert!(
        last.contains("~ type=ACCUSE") && last.contains("(ada)") && last.contains("✗ type=CONSULT") && last.contains("+ type=SUPPORT"),
        "{last}"
    );
    assert!(last.contains("(complete)"));
    // "complete" is taken back from the report after.
    let mut desk = Script::new("duq", &[]);
    assert_eq!(run(&mut w, &queue[..1], "bob", None, &mut desk).unwrap(), Counts { decisions: 1, complete: 1 });
    // Nonsense is said and changes nothing.
    let before = types(&w);
    let mut desk = Script::new("cnn", &["{} type=NONSENSE", "no such words", "Paris", "source=FRAGOV"]);
    assert_eq!(run(&mut w, &queue[..1], "bob", None, &mut desk).unwrap().decisions, 0);
    assert_eq!(types(&w), before);
    assert!(desk.shown.iter().any(|s| s.contains("no such value")) && desk.shown.iter().any(|s| s.contains("the text has no")));
    assert!(desk.shown.last().unwrap().contains("an added event needs a type"));
    w.close().unwrap();
    assert!(Ledger::read(&path).unwrap().check().unwrap().is_empty());
    let _ = std::fs::remove_file(path);
}

#[test]
fn an_audit_shows_neither_reader_the_other() {
    let (path, mut w) = ledger("audit");
    let drawn = w.draw(&Filter::default(), "all reports", &[], "", 10, 1).unwrap();
    let before = types(&w);
    let queue = |w: &Writer, who: &str| w.ledger().waiting(drawn.number, who).unwrap().iter().map(|r| r.rid).collect::<Vec<_>>();
    let all = queue(&w, "ada");
    assert_eq!(all.len(), 2);
    let mut desk = Script::new("xdd", &[]);
    assert_eq!(run(&mut w, &all, "ada", Some(drawn.number), &mut desk).unwrap().complete, 2);
    assert_eq!((types(&w), queue(&w, "ada").len()), (before, 0));
    let rest = queue(&w, "bob");
    assert_eq!(rest, all);
    let mut desk = Script::new("dd", &[]);
    run(&mut w, &rest, "bob", Some(drawn.number), &mut desk).unwrap();
    assert!(!desk.shown.iter().any(|s| s.contains('✗')));
    assert_eq!(queue(&w, "eve").len(), 0);
    let ledger = w.ledger();
    let findings = ledger.findings(&ledger.audit(None).unwrap(), None, &[]).unwrap();
    // Of three coded events ada takes two, bob all: everything was read, so there is no error of the sample.
    let all = &findings.estimates[0];
    assert!((all.precision.unwrap().value - 2.5 / 3.0).abs() < 1e-12, "{all:?}");
    assert_eq!(all.recall.unwrap().value, 1.0);
    assert_eq!(findings.readers, ["ada", "bob"]);
    drop(w);
    let _ = std::fs::remove_file(path);
}
