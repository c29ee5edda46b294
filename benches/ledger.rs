//! The ledger: how fast it takes reports in, answers, and gives everything back; how large it is. Prints figures and asserts nothing, for they
//! depend on the machine; `benches/RESULTS.md` keeps some.
//!
//! `cargo bench --bench ledger -- [FILE]`: the reports of FILE (default: the corpus beside the repository), added twice by the program.
//! `cargo bench --bench ledger -- --synthetic N [FOLDER]`: a made-up ledger of N events, written to FOLDER and removed at the end.
//! `cargo bench --bench ledger -- --make N LEDGER`: the same, kept there and not asked.
//! `cargo bench --bench ledger -- --ask LEDGER`: the questions alone, of a ledger that is there.

use chancery::Record;
use chancery::data::DataFiles;
use chancery::event::ontology::Ontology;
use chancery::record::{
    Actor, Block, BlockKind, DateBasis, Event, EventDate, EventPlace, EventType, Provenance, ProvenanceRole, SCHEMA, Span, Status, Trigger,
};
use chancery_ledger::export::{Format, Options};
use chancery_ledger::panel::{Dedup, Panel, Unit};
use chancery_ledger::query::{Filter, Page, Period, Who};
use chancery_ledger::{Ledger, Writer};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const PROGRAM: &str = env!("CARGO_BIN_EXE_chancery");

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--synthetic", n, rest @ ..] => synthetic(n.parse().expect("a number of events"), rest.first().map(Path::new)),
        ["--make", n, ledger] => make(n.parse().expect("a number of events"), Path::new(ledger)),
        ["--ask", ledger] => ask(Path::new(ledger)),
        rest => corpus(rest.first().map(PathBuf::from)),
    }
}

fn temporary(below: Option<&Path>) -> PathBuf {
    let folder = below.map_or_else(std::env::temp_dir, Path::to_owned).join(format!("chancery-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the ledger");
    folder
}

fn corpus(file: Option<PathBuf>) {
    let file = file.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/reuters21578.jsonl.gz"));
    if !file.exists() {
        println!("skipped: there is no {}", file.display());
        return;
    }
    let folder = temporary(None);
    let ledger = folder.join("ledger.db");
    for turn in ["added", "added again"] {
        let started = Instant::now();
        let status = Command::new(PROGRAM).arg("add").arg(&file).arg("--ledger").arg(&ledger).stdout(Stdio::null()).status();
        assert!(status.is_ok_and(|s| s.success()), "the program adds");
        println!("{turn}: {:.1} s", started.elapsed().as_secs_f64());
    }
    ask(&ledger);
    let _ = std::fs::remove_dir_all(folder);
}

/// Milliseconds of the first time and the median of five more.
fn timed(mut run: impl FnMut() -> usize) -> (f64, f64, usize) {
    let mut found = 0;
    let mut times: Vec<f64> = (0..6)
        .map(|_| {
            let started = Instant::now();
            found = run();
            started.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    let first = times.remove(0);
    times.sort_by(f64::total_cmp);
    (first, times[2], found)
}

/// Every kind of question, with values that many events have.
fn questions(ledger: &mut Ledger) -> Vec<(&'static str, Filter)> {
    let mut most = |sql: &str| text(ledger, sql);
    let a = most("SELECT substr(source, 1, 3) FROM events WHERE length(source) >= 6 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
    let b = most(&format!(
        "SELECT substr(target, 1, 3) FROM events WHERE length(target) >= 6 AND source LIKE '{a}%' AND target NOT LIKE '{a}%' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    ));
    let year = most("SELECT substr(date, 1, 4) FROM events WHERE date IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
    let rare = most("SELECT type FROM events GROUP BY 1 ORDER BY count(*) LIMIT 1");
    let often = most("SELECT type FROM events GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
    let name = most(
        "SELECT source_name FROM events WHERE source_name IS NOT NULL AND source_name NOT LIKE '%;%' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    );
    let place = most("SELECT place_country FROM events WHERE place_country IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
    let outlet = most("SELECT outlet FROM reports WHERE outlet IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
    let (event, report) = (most("SELECT id FROM events LIMIT 1 OFFSET 1000"), most("SELECT id FROM reports LIMIT 1 OFFSET 1000"));
    let country = |c: &str| vec![Who::Country(c.to_owned())];
    let base = Filter::default;
    let some = |s: &str| Some(s.to_owned());
    vec![
        ("source", Filter { source: country(&a), ..base() }),
        ("target", Filter { target: country(&b), ..base() }),
        ("source and target", Filter { source: country(&a), target: country(&b), ..base() }),
        ("dyad", Filter { dyad: Some((Who::Country(a.clone()), Who::Country(b.clone()))), ..base() }),
        ("sector of a country", Filter { source: vec![Who::Part(a.clone(), "GOV".into())], ..base() }),
        ("sector", Filter { source: vec![Who::Sector("MIL".into())], ..base() }),
        ("name", Filter { actor: vec![Who::Named(name)], ..base() }),
        ("rare type", Filter { types: vec![rare.clone()], ..base() }),
        (
            "frequent type of a year",
            Filter { types: vec![often], since: some(&format!("{year}-01-01")), until: some(&format!("{year}-12-31")), ..base() },
        ),
        ("type of a dyad", Filter { types: vec![rare], source: country(&a), target: country(&b), ..base() }),
        ("day", Filter { since: some(&format!("{year}-03-10")), until: some(&format!("{year}-03-10")), ..base() }),
        ("CAMEO root", Filter { cameo: vec!["04".into()], ..base() }),
        ("quad", Filter { quads: vec![4], ..base() }),
        ("status", Filter { statuses: vec!["denied".into()], ..base() }),
        ("place", Filter { places: vec![place], ..base() }),
        ("context", Filter { contexts: vec!["economic".into()], ..base() }),
        ("outlet", Filter { outlets: vec![outlet], ..base() }),
        ("confidence", Filter { confidence: Some(0.8), ..base() }),
        ("event", Filter { ids: vec![event], ..base() }),
        ("report", Filter { reports: vec![report], ..base() }),
        ("full text, frequent", Filter { text: some("government"), ..base() }),
        ("full text, two words", Filter { text: some("trade talks"), ..base() }),
        ("full text, phrase", Filter { text: some("\"prime minister\""), ..base() }),
        ("full text of a source", Filter { text: some("talks"), source: country(&a), ..base() }),
    ]
}

fn text(ledger: &mut Ledger, sql: &str) -> String {
    use chancery_ledger::frame::{Cell, Sink};
    use std::sync::{Arc, Mutex};
    struct First(Arc<Mutex<String>>);
    impl Sink for First {
        fn row(&mut self, cells: &[Cell<'_>]) -> chancery_ledger::Result<()> {
            *self.0.lock().expect("one thread") = cells[0].text().into_owned();
            Ok(())
        }
        fn finish(&mut self) -> chancery_ledger::Result<()> {
            Ok(())
        }
    }
    let held = Arc::new(Mutex::new(String::new()));
    let sink = First(held.clone());
    let limit = std::time::Duration::from_secs(600);
    ledger.sql(sql, limit, |_| Ok(Box::new(sink))).expect("sound SQL");
    held.lock().expect("one thread").clone()
}

fn ask(path: &Path) {
    let mut ledger = Ledger::read(path).expect("a ledger");
    let h = ledger.holdings().expect("a ledger");
    println!(
        "{} reports, {} events, {} statements, {} figures; {:.0} MiB: {:.0} bytes an event, {:.0} a report",
        h.reports,
        h.events,
        h.statements,
        h.figures,
        h.bytes as f64 / 1_048_576.0,
        h.bytes as f64 / h.events.max(1) as f64,
        h.bytes as f64 / h.reports.max(1) as f64
    );
    let questions = questions(&mut ledger);
    println!("the 50 newest events (first time, then median of five, in ms):");
    for (name, filter) in &questions {
        let page = Page { newest: true, limit: Some(50), ..Page::default() };
        let mut n = 0;
        let (first, median, found) = timed(|| {
            n = 0;
            ledger
                .events(filter, page.clone(), |_| {
                    n += 1;
                    Ok(())
                })
                .expect("an answer");
            n
        });
        println!("  {name:<26} {first:>9.2} {median:>9.2}   {found} events");
    }
    println!("counts by month:");
    for (name, filter) in questions.iter().filter(|q| ["source", "dyad", "rare type", "name", "full text, two words"].contains(&q.0)) {
        let (first, median, found) = timed(|| ledger.counts(filter, Period::Month).expect("an answer").len());
        println!("  {name:<26} {first:>9.2} {median:>9.2}   {found} months");
    }
    let panel = Panel {
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
    let started = Instant::now();
    let mut rows = 0_u64;
    ledger
        .panel(&panel, |_| {
            rows += 1;
            Ok(())
        })
        .expect("a panel");
    println!("monthly panel of all dyads: {rows} rows in {:.2} s", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let tally =
        ledger.export(Format::Parquet, &Filter::default(), &Options::default(), Box::new(std::io::sink()), None).expect("an export");
    let seconds = started.elapsed().as_secs_f64();
    println!("Parquet of everything: {} events in {seconds:.2} s, {:.0} events a second", tally.events, tally.events as f64 / seconds);
}

/// Numbers that are the same everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (((z ^ (z >> 31)) as u128 * n as u128) >> 64) as usize
    }
    /// Small numbers more often than large ones, as countries are in the news.
    fn skewed(&mut self, n: usize) -> usize {
        let x = self.below(1 << 20) as f64 / f64::from(1 << 20);
        ((x * x * x) * n as f64) as usize
    }
}

const EVENTS_A_REPORT: usize = 5;
/// Thirty years.
const DAYS: usize = 10_957;

/// Thirty years of reports by forty outlets on two hundred countries, five events each.
fn synthetic(events: usize, below: Option<&Path>) {
    let folder = temporary(below);
    let path = folder.join("ledger.db");
    make(events, &path);
    ask(&path);
    let _ = std::fs::remove_dir_all(folder);
}

fn make(events: usize, path: &Path) {
    let started = Instant::now();
    let mut writer = Writer::new(Ledger::create(path).expect("a ledger")).expect("a ledger");
    let packer = writer.packer();
    let mut random = Random(1);
    let ontology = Ontology::load(&DataFiles::builtin()).expect("the ontology of the build");
    for n in 0..events.div_ceil(EVENTS_A_REPORT) {
        // Reports come in the order of their days, as news does.
        let day = n * DAYS / events.div_ceil(EVENTS_A_REPORT);
        let mut record = report(n, day, &ontology, &mut random);
        let packed = packer.pack(&mut record).expect("a record can be packed");
        writer.add(&record, &packed, "").expect("a record can be added");
        if n % 2000 == 1999 {
            writer.commit().expect("a batch can be kept");
        }
    }
    writer.close().expect("the ledger closes");
    println!("made: {events} events in {:.0} s", started.elapsed().as_secs_f64());
}

const WORDS: &str = "the government said on talks with its neighbours over trade borders troops aid and oil would go ahead after the prime minister \
    met envoys who asked for more time while protesters gathered outside parliament demanding that sanctions be lifted before winter begins";

fn report(n: usize, day: usize, ontology: &Ontology, random: &mut Random) -> Record {
    let day = jiff::civil::date(1990, 1, 1).checked_add(jiff::Span::new().days(day as i64)).expect("within thirty years").to_string();
    let vocabulary: Vec<&str> = WORDS.split_whitespace().collect();
    let mut text = format!("Report {n}.");
    for _ in 0..60 {
        text.push(' ');
        // A few words everywhere and many here and there, as in the news.
        match random.below(12) {
            0 => text.push_str(vocabulary[random.skewed(vocabulary.len())]),
            _ => text.push_str(&format!("w{}", random.skewed(20_000))),
        }
    }
    let outlet = format!("Outlet {}", random.skewed(40));
    let mut r = Record { schema: SCHEMA.into(), ..Record::default() };
    (r.coder.version, r.coder.data) = ("synthetic".into(), "synthetic".into());
    r.report.id = chancery::ids::report_id(&text, None, Some(&outlet), Some(&day));
    r.report.source.sha256 = r.report.id.clone();
    r.report.blocks.push(Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None });
    r.report.provenance.push(Provenance { role: ProvenanceRole::Publisher, name: Some(outlet.clone()), ..Provenance::default() });
    (r.report.text, r.report.outlet, r.report.published, r.report.language) = (text, Some(outlet), Some(day.clone()), Some("en".into()));
    for i in 0..EVENTS_A_REPORT {
        let kind = EventType::ALL[random.skewed(EventType::ALL.len())];
        let span = Span::new(7 + i * 5, 11 + i * 5);
        let (source, target) = (actor(random, span), actor(random, span));
        r.events.push(Event {
            id: chancery::ids::item_id(&r.report.id, "event", span, 0),
            r#type: kind,
            cameo: format!("{:02}0", 1 + random.below(20)),
            quad: ontology.info(kind).quad,
            goldstein: Some(random.below(20) as f64 - 10.0),
            contexts: vec![["military", "economic", "diplomatic", "human_rights"][random.below(4)].to_owned()],
            source: vec![source],
            target: vec![target],
            trigger: Trigger { text: span.of(&r.report.text).to_owned(), span },
            date: EventDate {
                start: Some(day.clone()),
                end: Some(day.clone()),
                precision: Some("day".into()),
                basis: Some(DateBasis::Tense),
                ..EventDate::default()
            },
            place: EventPlace {
                country: Some(code(random.skewed(200))),
                precision: "country".into(),
                basis: "text".into(),
                ..EventPlace::default()
            },
            status: if random.below(10) < 8 { Status::Occurred } else { Status::ALL[random.below(Status::ALL.len())] },
            rule: "verbs/SYNTHETIC/x".into(),
            confidence: random.below(1000) as f64 / 1000.0,
            ..Event::default()
        });
    }
    r
}

/// A made-up country.
fn code(n: usize) -> String {
    let letter = |n: usize| char::from(b'A' + (n % 26) as u8);
    [letter(n), letter(n / 26), letter(n * 7)].iter().collect()
}

fn actor(random: &mut Random, span: Span) -> Actor {
    let country = code(random.skewed(200));
    let sector = ["GOV", "MIL", "CVL", "REB", "OPP", "BUS"][random.skewed(6)];
    let who = random.skewed(200);
    Actor {
        text: "they".into(),
        span,
        entity: Some(format!("{country} person {who}")),
        entity_id: Some(format!("person/{country}-{who}")),
        code: Some(format!("{country}{sector}")),
        country: Some(country),
        sector: Some(sector.into()),
        rule: "synthetic".into(),
        ..Actor::default()
    }
}
