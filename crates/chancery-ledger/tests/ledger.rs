//! The ledger as a library: superseding, counts that are kept, versions of the file, exports.

use chancery::Record;
use chancery::record::{Actor, DateBasis, Event, EventDate, EventType, SCHEMA, Span, Status, Time, Trigger};
use chancery_ledger::body::Packer;
use chancery_ledger::decision::{Decision, Fields, Verdict};
use chancery_ledger::export::{Format, Options};
use chancery_ledger::frame::Cell;
use chancery_ledger::panel::{Dedup, Panel, Unit};
use chancery_ledger::query::{Filter, Page, Period, Who};
use chancery_ledger::{Added, Ledger, Writer, body};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// A folder of its own for a test, gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("chancery-ledger-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
    fn ledger(&self) -> PathBuf {
        self.0.join("ledger.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn actor(code: &str) -> Actor {
    let part = |from: usize, to: usize| code.get(from..to).map(str::to_owned);
    Actor {
        text: format!("the {code}"),
        country: part(0, 3),
        sector: part(3, 6),
        code: Some(code.into()),
        rule: "test".into(),
        ..Actor::default()
    }
}

fn event(kind: EventType, source: &[&str], target: &[&str], day: &str) -> Event {
    Event {
        r#type: kind,
        cameo: match kind {
            EventType::Consult => "042",
            EventType::Assault => "190",
            _ => "030",
        }
        .into(),
        quad: match kind {
            EventType::Assault => 4,
            _ => 1,
        },
        goldstein: Some(1.0),
        source: source.iter().map(|c| actor(c)).collect(),
        target: target.iter().map(|c| actor(c)).collect(),
        reciprocal: target.is_empty() && source.len() > 1,
        date: EventDate {
            start: (!day.is_empty()).then(|| day.to_owned()),
            end: (!day.is_empty()).then(|| day.to_owned()),
            precision: Some("day".into()),
            basis: Some(DateBasis::Text),
            ..EventDate::default()
        },
        rule: "verbs/TEST/x".into(),
        confidence: 0.9,
        ..Event::default()
    }
}

fn record(coder: &str, text: &str, published: &str, mut events: Vec<Event>) -> Record {
    let mut r = Record { schema: SCHEMA.into(), ..Record::default() };
    r.coder.version = "1".into();
    r.coder.data = coder.into();
    r.report.id = chancery::ids::report_id(text, None, Some("Wire"), Some(published));
    r.report.text = text.into();
    r.report.published = Some(published.into());
    r.report.outlet = Some("Wire".into());
    r.report.source.sha256 = "00ff".into();
    for (n, e) in events.iter_mut().enumerate() {
        let span = Span::new(n, n + 1);
        e.id = chancery::ids::item_id(&r.report.id, "event", span, 0);
        e.trigger = Trigger { text: span.of(text).into(), span };
    }
    r.events = events;
    r
}

fn add(writer: &mut Writer, mut r: Record) -> Added {
    let packed = writer.packer().pack(&mut r).unwrap();
    writer.add(&r, &packed, "").unwrap()
}

fn open(folder: &Folder) -> Writer {
    Writer::new(Ledger::create(&folder.ledger()).unwrap()).unwrap()
}

fn sound(folder: &Folder) -> Ledger {
    let ledger = Ledger::read(&folder.ledger()).unwrap();
    assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
    ledger
}

fn types(ledger: &Ledger, filter: &Filter) -> Vec<EventType> {
    let mut found = Vec::new();
    ledger
        .events(filter, Page::default(), |e| {
            found.push(e.kind);
            Ok(())
        })
        .unwrap();
    found
}

/// Collects an export.
#[derive(Clone, Default)]
struct Held(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Held {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Held {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

const DAY: &str = "2022-12-30";

#[test]
fn a_newer_coder_supersedes_and_the_older_stays() {
    let folder = Folder::new("supersede");
    let mut w = open(&folder);
    assert_eq!(add(&mut w, record("old", "abc", DAY, vec![event(EventType::Consult, &["RUSGOV", "CHNGOV"], &[], DAY)])), Added::New);
    w.commit().unwrap();
    let before = jiff::Timestamp::now().as_millisecond();
    std::thread::sleep(std::time::Duration::from_millis(5));
    assert_eq!(add(&mut w, record("old", "abc", DAY, vec![])), Added::Known);
    assert_eq!(add(&mut w, record("new", "abc", DAY, vec![event(EventType::Assault, &["RUSMIL"], &["UKRMIL"], DAY)])), Added::Recoded);
    w.close().unwrap();
    let ledger = sound(&folder);
    assert_eq!(types(&ledger, &Filter::default()), [EventType::Assault]);
    assert_eq!(types(&ledger, &Filter { as_of: Some(before), ..Filter::default() }), [EventType::Consult]);
    assert_eq!(types(&ledger, &Filter { coder: Some("old".into()), ..Filter::default() }), [EventType::Consult]);
    let china = Filter { target: vec![Who::Country("CHN".into())], as_of: Some(before), ..Filter::default() };
    assert_eq!(types(&ledger, &china), [EventType::Consult]);
    let h = ledger.holdings().unwrap();
    assert_eq!((h.reports, h.codings, h.events), (1, 2, 1));
}

#[test]
fn what_is_not_committed_is_not_there() {
    let folder = Folder::new("rollback");
    let mut w = open(&folder);
    add(&mut w, record("c", "one", DAY, vec![event(EventType::Consult, &["RUSGOV", "CHNGOV"], &[], DAY)]));
    w.commit().unwrap();
    add(&mut w, record("c", "two", DAY, vec![event(EventType::Assault, &["AAAGOV"], &["BBBGOV"], DAY)]));
    drop(w);
    let ledger = sound(&folder);
    assert_eq!(ledger.holdings().unwrap().reports, 1);
    let mut w = open(&folder);
    assert_eq!(add(&mut w, record("c", "two", DAY, vec![event(EventType::Assault, &["AAAGOV"], &["BBBGOV"], DAY)])), Added::New);
    w.close().unwrap();
    assert_eq!(sound(&folder).holdings().unwrap().events, 2);
}

#[test]
fn every_way_to_ask_counts_the_same() {
    let folder = Folder::new("counts");
    let mut w = open(&folder);
    let mut wide = event(EventType::Agree, &["RUSGOV"], &["CHNGOV"], "2022-01-01");
    wide.date.end = Some("2022-12-31".into());
    let events = vec![
        event(EventType::Consult, &["RUSGOV", "CHNGOV"], &[], "2022-12-30"),
        event(EventType::Agree, &["RUSGOV", "RUSMIL"], &["CHNGOV", "INDGOV"], "2022-12-29"),
        event(EventType::Assault, &["CHNMIL"], &["RUSGOV"], "2022-11-30"),
        event(EventType::Agree, &["RUSGOV"], &[], "2022-12-30"),
        event(EventType::Agree, &["RUSGOV"], &["CHNGOV"], ""),
        wide,
    ];
    add(&mut w, record("c", "abcdefgh", DAY, events));
    w.close().unwrap();
    let ledger = sound(&folder);
    let country = |c: &str| Who::Country(c.to_owned());
    let filters = [
        Filter { source: vec![country("RUS")], ..Filter::default() },
        Filter { target: vec![country("CHN")], ..Filter::default() },
        Filter { source: vec![country("RUS")], target: vec![country("CHN")], ..Filter::default() },
        Filter { dyad: Some((country("CHN"), country("RUS"))), ..Filter::default() },
    ];
    let expected = [5, 4, 4, 5];
    for (filter, expected) in filters.iter().zip(expected) {
        assert_eq!(types(&ledger, filter).len(), expected, "{filter:?}");
        let by = |filter: &Filter, period| {
            let counts = ledger.counts(filter, period).unwrap();
            counts.into_iter().map(|c| (c.period, c.events, c.quads)).collect::<Vec<_>>()
        };
        // The same question by way of the events themselves: a condition that all of them meet.
        let slow = Filter { confidence: Some(0.1), ..filter.clone() };
        for period in [Period::Day, Period::Week, Period::Month, Period::Year] {
            assert_eq!(by(filter, period), by(&slow, period), "{filter:?} {period:?}");
            assert_eq!(by(filter, period).iter().map(|c| c.1).sum::<i64>() as usize, expected);
        }
        // The newest few are the first of all by day.
        let newest = |limit| {
            let mut found = Vec::new();
            ledger
                .events(filter, Page { newest: true, limit, ..Page::default() }, |e| {
                    found.push((e.day.clone(), e.eid));
                    Ok(())
                })
                .unwrap();
            found
        };
        let all = newest(None);
        assert_eq!(newest(Some(2)), all[..2]);
        assert_eq!(newest(Some(100)), all);
        // And as of now, by the parties.
        let past = Filter { as_of: Some(i64::MAX), ..filter.clone() };
        assert_eq!(types(&ledger, &past).len(), expected, "{past:?}");
    }
    let may = |filter: &Filter| {
        ledger.counts(filter, Period::Month).unwrap().into_iter().map(|c| (c.period, c.events, c.read)).collect::<Vec<_>>()
    };
    // The wide date and the missing one count in no month.
    assert_eq!(may(&filters[3]), [("".into(), 2, 0), ("2022-11".into(), 1, 0), ("2022-12".into(), 2, 1)]);
}

#[test]
fn one_a_day_counts_once() {
    let folder = Folder::new("once");
    let mut w = open(&folder);
    for text in ["a first", "a second"] {
        add(&mut w, record("c", text, DAY, vec![event(EventType::Consult, &["RUSGOV", "CHNGOV"], &[], DAY)]));
    }
    w.close().unwrap();
    let ledger = sound(&folder);
    let once = Filter { one_a_day: true, ..Filter::default() };
    assert_eq!((types(&ledger, &Filter::default()).len(), types(&ledger, &once).len()), (2, 1));
    assert_eq!(ledger.counts(&once, Period::Day).unwrap()[0].events, 1);
}

fn rows(ledger: &Ledger, panel: &Panel) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    ledger
        .panel(panel, |cells| {
            assert_eq!(cells.len(), panel.columns().len());
            rows.push(cells.iter().map(|c| if *c == Cell::Null { "NA".to_owned() } else { c.text().into_owned() }).collect());
            Ok(())
        })
        .unwrap();
    rows
}

#[test]
fn a_panel_tells_nothing_found_from_nothing_read() {
    let folder = Folder::new("panel");
    let mut w = open(&folder);
    let talks = || event(EventType::Consult, &["RUSGOV", "CHNGOV"], &[], "2022-10-05");
    add(&mut w, record("c", "first", "2022-10-05", vec![talks(), talks()]));
    add(&mut w, record("c", "second", "2022-12-01", vec![]));
    w.close().unwrap();
    let ledger = sound(&folder);
    let mut panel = Panel {
        by: Period::Month,
        unit: Unit::Undirected,
        units: None,
        dedup: Dedup::None,
        statuses: vec![Status::Occurred],
        since: None,
        until: None,
        constant: false,
        sources: false,
    };
    let short = |panel: &Panel| rows(&ledger, panel).into_iter().map(|r| (r[0].clone(), r[1].clone(), r[7].clone())).collect::<Vec<_>>();
    let row = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(short(&panel), [row("2022-10", "CHN", "2"), row("2022-11", "CHN", "NA"), row("2022-12", "CHN", "0")]);
    panel.dedup = Dedup::OneADay;
    assert_eq!(short(&panel)[0], row("2022-10", "CHN", "1"));
    panel.dedup = Dedup::None;
    panel.unit = Unit::Directed;
    assert_eq!(rows(&ledger, &panel).len(), 6);
    panel.units = Some(vec![("USA".into(), "RUS".into())]);
    assert_eq!(short(&panel)[0], row("2022-10", "USA", "0"));
    panel.unit = Unit::Country;
    panel.units = None;
    assert_eq!(rows(&ledger, &panel).len(), 6);
    panel.constant = true;
    assert_eq!(rows(&ledger, &panel).len(), 6);
}

#[test]
fn files_of_others_and_of_later_builds_are_refused_and_untouched() {
    let folder = Folder::new("foreign");
    let path = folder.ledger();
    std::fs::write(&path, "no database at all, but long enough to have a header of one hundred bytes or so, which SQLite looks at")
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(Ledger::create(&path).unwrap_err().code, "E0501");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    assert_eq!(Ledger::create(&path).unwrap_err().code, "E0501");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(Ledger::read(&path).unwrap_err().code, "E0507");
    drop(open(&folder));
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(Ledger::create(&path).unwrap_err().code, "E0502");
    assert_eq!(Ledger::read(&path).unwrap_err().code, "E0502");
}

#[test]
fn a_locked_ledger_says_so() {
    let folder = Folder::new("locked");
    drop(open(&folder));
    let other = rusqlite::Connection::open(folder.ledger()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut w = Writer::new(Ledger::create(&folder.ledger()).unwrap()).unwrap();
    let mut r = record("c", "x", DAY, vec![]);
    let packed = w.packer().pack(&mut r).unwrap();
    assert_eq!(w.add(&r, &packed, "").unwrap_err().code, "E0503");
}

#[test]
fn exports_tell_no_more_than_the_record() {
    let folder = Folder::new("exports");
    let mut w = open(&folder);
    let with = |mut e: Event, status, time| {
        (e.status, e.time) = (status, time);
        e
    };
    let talks = |codes: &[&str]| event(EventType::Consult, codes, &[], DAY);
    let mut background = with(talks(&["RUSGOV", "CHNGOV"]), Status::Occurred, Time::Background);
    background.date.basis = Some(DateBasis::Published);
    let events = vec![
        with(talks(&["RUSGOV", "CHNGOV", "INDGOV"]), Status::Occurred, Time::Current),
        with(talks(&["RUSGOV", "CHNGOV"]), Status::Planned, Time::Future),
        with(event(EventType::Assault, &["RUSMIL"], &["UKRGOV"], DAY), Status::Planned, Time::Future),
        with(event(EventType::Assault, &["RUSMIL"], &["UKRGOV"], DAY), Status::Denied, Time::Current),
        with(event(EventType::Assault, &["RUSMIL"], &["UKRGOV"], DAY), Status::Hypothetical, Time::Current),
        with(event(EventType::Assault, &["RUSMIL"], &["UKRGOV"], DAY), Status::Claimed, Time::Current),
        with(event(EventType::Agree, &["WLD"], &[], DAY), Status::Occurred, Time::Current),
        background,
    ];
    add(&mut w, record("c", "abcdefghij", DAY, events));
    w.close().unwrap();
    let ledger = sound(&folder);
    for (format, columns) in [(Format::Gdelt2, 61), (Format::Icews, 20), (Format::Polecat, 40), (Format::Phoenix, 26)] {
        let (out, beside) = (Held::default(), Held::default());
        let tally =
            ledger.export(format, &Filter::default(), &Options::default(), Box::new(out.clone()), Some(Box::new(beside.clone()))).unwrap();
        assert!(out.text().lines().all(|l| l.split('\t').count() == columns), "{format:?}: {}", out.text());
        // Three parties: six ordered pairs; two parties: two.
        assert_eq!((tally.events, tally.rows), (2, 8), "{format:?}");
        assert_eq!(tally.left_out.values().sum::<u64>(), 6, "{:?}", tally.left_out);
        assert_eq!(beside.text().lines().count(), 3);
        let wide = Filter { statuses: Status::ALL.iter().map(ToString::to_string).collect(), ..Filter::default() };
        let out = Held::default();
        let tally = ledger.export(format, &wide, &Options::default(), Box::new(out.clone()), None).unwrap();
        assert_eq!(tally.folded.get("CONSULT planned → AGREE"), Some(&1));
        // The planned attack is nothing that could be agreed to; what is denied or supposed is never told.
        assert_eq!(tally.left_out.values().sum::<u64>(), 4, "{:?}", tally.left_out);
        assert!(!out.text().contains("None"), "{format:?}");
        let dated = out.text().lines().filter(|l| l.contains("20221230") || l.contains("2022-12-30\t")).count();
        assert!(dated > 0, "{format:?}");
    }
    // A background event under the published day has no date there.
    let out = Held::default();
    ledger.export(Format::Gdelt2, &Filter::default(), &Options::default(), Box::new(out.clone()), None).unwrap();
    let days: Vec<String> = out.text().lines().map(|l| l.split('\t').nth(1).unwrap_or("").to_owned()).collect();
    assert_eq!(days.iter().filter(|d| d.is_empty()).count(), 2);
}

#[test]
fn integer_ids_are_shared_by_the_rows_of_an_event_alone() {
    let folder = Folder::new("ids");
    let mut w = open(&folder);
    // Two ids that ask for the same number.
    let mut r = record(
        "c",
        "abc",
        DAY,
        vec![event(EventType::Agree, &["RUSGOV"], &["CHNGOV"], DAY), event(EventType::Agree, &["RUSGOV"], &["INDGOV"], DAY)],
    );
    r.events[0].id = format!("{}{}", "58a964aeafe1b", "0".repeat(19));
    r.events[1].id = format!("{}{}", "58a964aeafe1b", "1".repeat(19));
    add(&mut w, r);
    w.close().unwrap();
    let ledger = sound(&folder);
    let mut numbers = Vec::new();
    ledger
        .events(&Filter::default(), Page::default(), |e| {
            numbers.push(e.number);
            Ok(())
        })
        .unwrap();
    assert_eq!(numbers[1], numbers[0] + 1);
    assert!(numbers[1] < 1 << 52);
    assert_eq!(ledger.event("58a964aeafe1b1").unwrap().target[0].actor.country.as_deref(), Some("IND"));
    assert_eq!(ledger.event("58a964aeafe1b").unwrap_err().code, "E0513");
}

#[test]
fn packing_does_not_depend_on_the_ledger() {
    let packer = Packer::new(body::dictionary());
    let mut r = record("c", "Ünïcode \"quoted\"", DAY, vec![event(EventType::Agree, &["RUSGOV"], &[], DAY)]);
    let before = serde_json::to_vec(&r).unwrap();
    let packed = packer.pack(&mut r).unwrap();
    assert_eq!(packer.json(&packed.json, &packer.text(&packed.text).unwrap()).unwrap(), before);
}

fn decision(verdict: Verdict, about: &str, who: &str, fields: Fields) -> Decision {
    Decision { verdict, who: who.into(), why: None, about: about.into(), span: None, fields, audit: None }
}

#[test]
fn decisions_hold_when_a_report_is_read_again() {
    let folder = Folder::new("decisions");
    let mut w = open(&folder);
    let four = || {
        vec![
            event(EventType::Consult, &["RUSGOV", "CHNGOV"], &[], DAY),
            event(EventType::Assault, &["RUSMIL"], &["UKRMIL"], DAY),
            event(EventType::Agree, &["FRAGOV"], &["DEUGOV"], DAY),
            event(EventType::Agree, &["JPNGOV"], &["INDGOV"], DAY),
        ]
    };
    let r = record("old", "abcdefgh", DAY, four());
    let ids: Vec<String> = r.events.iter().map(|e| e.id.clone()).collect();
    let report = r.report.id.clone();
    add(&mut w, r);
    w.commit().unwrap();
    let sides = |target: &str| Fields { target: Some(target.into()), ..Fields::default() };
    assert_eq!(w.decide(&decision(Verdict::Reject, &ids[0], "ada", Fields::default())).unwrap().1, "held");
    w.decide(&decision(Verdict::Correct, &ids[1], "ada", sides("POLGOV"))).unwrap();
    let typed = Fields { r#type: Some("THREATEN".into()), ..Fields::default() };
    let (typed, _) = w.decide(&decision(Verdict::Correct, &ids[1], "bob", typed)).unwrap();
    w.decide(&decision(Verdict::Accept, &ids[2], "ada", Fields::default())).unwrap();
    w.decide(&decision(Verdict::Correct, &ids[3], "ada", sides("USAGOV"))).unwrap();
    let missed = Fields { r#type: Some("AID".into()), source: Some("SWEGOV".into()), target: Some("NORGOV".into()), ..Fields::default() };
    let missed = Decision { span: Some(Span::new(6, 8)), ..decision(Verdict::Add, &report, "ada", missed) };
    w.decide(&missed).unwrap();
    w.decide(&decision(Verdict::Complete, &report, "ada", Fields::default())).unwrap();
    let held = |ledger: &Ledger| {
        let mut found = Vec::new();
        ledger
            .events(&Filter::default(), Page::default(), |e| {
                let codes = chancery_ledger::query::EventRow::codes(&e.target);
                found.push((e.kind, codes, e.decision.is_some()));
                Ok(())
            })
            .unwrap();
        found.sort();
        found
    };
    let row = |kind, target: &str, decided| (kind, target.to_owned(), decided);
    let expected = [
        row(EventType::Agree, "DEUGOV", false),
        row(EventType::Agree, "USAGOV", true),
        row(EventType::Aid, "NORGOV", true),
        row(EventType::Threaten, "POLGOV", true),
    ];
    assert_eq!(held(&sound(&folder)), expected);
    // The new coder has the second event elsewhere, but overlapping, and the fourth not at all.
    let mut r = record("new", "abcdefgh", DAY, four());
    r.events[1].trigger.span = Span::new(1, 4);
    r.events[1].id = "f".repeat(32);
    r.events.pop();
    r.events.remove(0);
    assert_eq!(add(&mut w, r), Added::Recoded);
    w.commit().unwrap();
    let ledger = sound(&folder);
    let mut states = Vec::new();
    ledger
        .decisions(|d| {
            states.push((d.verdict.clone(), d.state.clone()));
            Ok(())
        })
        .unwrap();
    // None is lost: what found its event by id or place holds, the rest waits.
    assert_eq!(states.len(), 7);
    assert!(
        states.contains(&("correct".into(), "overlap".into())) && states.contains(&("correct".into(), "orphaned".into())),
        "{states:?}"
    );
    let now = held(&ledger);
    assert!(now.contains(&expected[2]) && now.contains(&expected[3]) && now.contains(&expected[0]), "{now:?}");
    drop(ledger);
    // Taken back, it is as if it had never been.
    w.undo(typed).unwrap();
    assert_eq!(w.undo(typed).unwrap_err().code, "E0530");
    w.close().unwrap();
    let ledger = sound(&folder);
    assert!(held(&ledger).contains(&row(EventType::Assault, "POLGOV", true)), "{:?}", held(&ledger));
    let log = ledger.holdings().unwrap();
    assert_eq!(log.decisions, 6);
}

/// A newer coder over a thousand decisions: it finds a third of the events where they were, a third beside their old place (with other ids), and a
/// third no more. No decision is lost, none takes the event of another, and what is counted agrees.
#[test]
fn a_thousand_decisions_outlive_the_coder() {
    let folder = Folder::new("thousand");
    let mut w = open(&folder);
    let (reports, each) = (100, 10);
    // The trigger of event n: five bytes of the text.
    let span = |n: usize| Span::new(n * 20, n * 20 + 5);
    let read = |coder: &str, report: usize| {
        let text = format!("{report:0>200}");
        let kinds = [EventType::Consult, EventType::Assault, EventType::Agree];
        let mut r = record(coder, &text, DAY, (0..each).map(|n| event(kinds[n % 3], &["RUSGOV"], &["CHNGOV"], DAY)).collect());
        for (n, e) in r.events.iter_mut().enumerate() {
            e.trigger = Trigger { text: span(n).of(&text).into(), span: span(n) };
            e.id = chancery::ids::item_id(&r.report.id, "event", span(n), 0);
        }
        r
    };
    let mut made = Vec::new();
    for report in 0..reports {
        let r = read("old", report);
        made.push((r.report.id.clone(), r.events.iter().map(|e| e.id.clone()).collect::<Vec<_>>()));
        add(&mut w, r);
    }
    w.commit().unwrap();
    // Of ten decisions on each report: rejected, corrected, accepted, and one missed event added.
    for (report, ids) in &made {
        for (n, id) in ids.iter().enumerate().take(each - 1) {
            let (verdict, fields) = match n % 3 {
                0 => (Verdict::Reject, Fields::default()),
                1 => (Verdict::Correct, Fields { target: Some(format!("P{}LGOV", (b'A' + n as u8) as char)), ..Fields::default() }),
                _ => (Verdict::Accept, Fields::default()),
            };
            w.decide(&decision(verdict, id, "ada", fields)).unwrap();
        }
        let missed =
            Fields { r#type: Some("AID".into()), source: Some("SWEGOV".into()), target: Some("NORGOV".into()), ..Fields::default() };
        w.decide(&Decision { span: Some(Span::new(195, 199)), ..decision(Verdict::Add, report, "ada", missed) }).unwrap();
    }
    let before = sound(&folder).holdings().unwrap();
    assert_eq!(before.decisions, 1000);
    for report in 0..reports {
        let mut r = read("new", report);
        let mut n = 0;
        r.events.retain_mut(|e| {
            let at = n;
            n += 1;
            if at % 9 / 3 == 1 {
                e.trigger.span = Span::new(e.trigger.span.start + 2, e.trigger.span.end + 4);
                e.id = chancery::ids::item_id(&r.report.id, "event", e.trigger.span, 0);
            }
            at % 9 / 3 != 2
        });
        assert_eq!(add(&mut w, r), Added::Recoded);
    }
    w.close().unwrap();
    let ledger = sound(&folder);
    let mut states = std::collections::BTreeMap::new();
    ledger
        .decisions(|d| {
            *states.entry((d.verdict.clone(), d.state.clone())).or_insert(0) += 1;
            Ok(())
        })
        .unwrap();
    let of = |verdict: &str, state: &str| states.get(&(verdict.to_owned(), state.to_owned())).copied().unwrap_or(0);
    // Nothing is lost; of each kind a third is held by its id, a third by its place, a third waits.
    assert_eq!(states.values().sum::<i32>(), 1000, "{states:?}");
    for verdict in ["reject", "correct", "accept"] {
        assert_eq!([of(verdict, "held"), of(verdict, "overlap"), of(verdict, "orphaned")], [100; 3], "{states:?}");
    }
    assert_eq!(of("add", "held"), 100);
    // Two corrected, two accepted, one added, and one that nobody decided on: of every report.
    let mut counted = std::collections::BTreeMap::new();
    ledger
        .events(&Filter::default(), Page::default(), |e| {
            *counted.entry((e.kind, e.decision.is_some())).or_insert(0) += 1;
            Ok(())
        })
        .unwrap();
    let expected = [
        ((EventType::Agree, false), 200),
        ((EventType::Consult, false), 100),
        ((EventType::Aid, true), 100),
        ((EventType::Assault, true), 200),
    ];
    assert_eq!(counted, expected.into_iter().collect());
}

#[test]
fn independent_sources_are_counted_as_they_come_and_go() {
    let folder = Folder::new("independent");
    let mut w = open(&folder);
    let told = |coder: &str, outlet: &str, events: &[&str]| {
        let text = format!("Jets bombed a market in Idlib, {outlet} reports.");
        let all = events.iter().map(|target| event(EventType::Assault, &["RUSMIL"], &[*target], DAY)).collect();
        let mut r = record(coder, &text, DAY, all);
        r.report.outlet = Some(outlet.into());
        r.report.id = chancery::ids::report_id(&text, None, Some(outlet), Some(DAY));
        r.report.provenance.push(chancery::record::Provenance {
            role: chancery::record::ProvenanceRole::Publisher,
            name: Some(outlet.into()),
            ..Default::default()
        });
        for e in &mut r.events {
            let span = Span::new(5, 11);
            e.trigger = Trigger { text: "bombed".into(), span };
            e.id = chancery::ids::item_id(&r.report.id, "event", span, 0);
            e.date.basis = Some(DateBasis::Text);
        }
        r
    };
    add(&mut w, told("c", "Courier", &["SYRCVL"]));
    w.commit().unwrap();
    let by = |n: i64| types(&sound(&folder), &Filter { independent: Some(n), ..Filter::default() }).len();
    assert_eq!((by(1), by(2)), (1, 0));
    add(&mut w, told("c", "Herald", &["SYRCVL"]));
    w.commit().unwrap();
    assert_eq!((by(1), by(2), by(3)), (2, 2, 0));
    let panel = |dedup| {
        let panel = Panel {
            by: Period::Month,
            unit: Unit::Directed,
            units: None,
            dedup,
            statuses: vec![Status::Occurred],
            since: None,
            until: None,
            constant: false,
            sources: false,
        };
        rows(&sound(&folder), &panel)[0][7].clone()
    };
    assert_eq!((panel(Dedup::None), panel(Dedup::Happening)), ("2".to_owned(), "1".to_owned()));
    for (unit, at) in [(Unit::Directed, 28), (Unit::Undirected, 28), (Unit::Country, 46)] {
        let panel = Panel {
            by: Period::Month,
            unit,
            units: None,
            dedup: Dedup::None,
            statuses: vec![Status::Occurred],
            since: None,
            until: None,
            constant: false,
            sources: true,
        };
        let row = &rows(&sound(&folder), &panel)[0];
        let names: Vec<String> = panel.columns().iter().map(|c| c.name.to_string()).collect();
        assert_eq!(names.len(), row.len());
        assert!(names[at].ends_with("stories") && names[at + 1].ends_with("independent_sources"), "{names:?}");
        // Two reports that stand alone, and do not depend on each other; for countries first what it does, then what it gets.
        assert_eq!(row[at..at + 2], ["2", "2"], "{row:?}");
    }
    // A coder that finds nothing in the second: one is left.
    add(&mut w, told("d", "Herald", &[]));
    w.commit().unwrap();
    assert_eq!((by(1), by(2)), (1, 0));
}

#[test]
fn what_cannot_be_decided_is_refused() {
    let folder = Folder::new("refused");
    let mut w = open(&folder);
    let r = record("c", "abc", DAY, vec![event(EventType::Consult, &["RUSGOV", "CHNGOV"], &[], DAY)]);
    let (id, report) = (r.events[0].id.clone(), r.report.id.clone());
    add(&mut w, r);
    w.commit().unwrap();
    let wrong = Fields { r#type: Some("NONSENSE".into()), ..Fields::default() };
    assert_eq!(w.decide(&decision(Verdict::Correct, &id, "ada", wrong)).unwrap_err().code, "E0531");
    let wrong = Fields { source: Some("Russia".into()), ..Fields::default() };
    assert_eq!(w.decide(&decision(Verdict::Correct, &id, "ada", wrong)).unwrap_err().code, "E0531");
    assert_eq!(w.decide(&decision(Verdict::Reject, &id, " ", Fields::default())).unwrap_err().code, "E0530");
    assert_eq!(w.decide(&decision(Verdict::Reject, &"0".repeat(32), "ada", Fields::default())).unwrap_err().code, "E0513");
    assert_eq!(w.decide(&decision(Verdict::Add, &report, "ada", Fields::default())).unwrap_err().code, "E0530");
    w.close().unwrap();
    assert_eq!(sound(&folder).holdings().unwrap().decisions, 0);
}

/// A file of the first schema, with a decision in it, is read by this build once it has been brought up to date.
#[test]
fn a_ledger_of_the_first_schema_is_brought_up_to_date() {
    let folder = Folder::new("migrate");
    let path = folder.ledger();
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../src/schema.sql")).unwrap();
    old.pragma_update(None, "application_id", 0x4368_616E).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let refused = Ledger::read(&path).unwrap_err();
    assert_eq!(refused.code, "E0502");
    assert!(refused.remedy.contains("chancery add"), "{refused:?}");
    let mut w = open(&folder);
    let r = record("c", "abc", DAY, vec![event(EventType::Consult, &["RUSGOV", "CHNGOV"], &[], DAY)]);
    let id = r.events[0].id.clone();
    assert_eq!(add(&mut w, r), Added::New);
    w.commit().unwrap();
    let drawn = w.draw(&Filter::default(), "all reports", &[], "", 5, 1).unwrap();
    w.decide(&Decision { audit: Some(drawn.number), ..decision(Verdict::Reject, &id, "ada", Fields::default()) }).unwrap();
    w.close().unwrap();
    assert_eq!(types(&sound(&folder), &Filter::default()), [EventType::Consult]);
}
