//! What each stage of reading takes: parts of the whole, on one core. Prints figures and asserts nothing, for they depend on the machine.
//!
//! `cargo bench --bench stages -- [FILE] [REPORTS]`: a file that `chancery read` reads (JSON lines with `text`), or the samples.

use chancery::data::DataFiles;
use chancery::model::{Actors, Doc, Report};
use chancery::{Coder, Options};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const STAGES: [&str; 10] =
    ["layout", "parser", "dates", "figures", "actors", "places", "statements", "events", "statements + figures", "record"];
/// Runs over all reports; of each stage the least time counts.
const RUNS: usize = 3;

fn main() {
    let mut args = std::env::args().skip(1).filter(|a| !a.starts_with('-'));
    let reports = match args.next() {
        Some(file) => lines(&file, args.next().map_or(1000, |n| n.parse().expect("a number of reports"))),
        None => samples(),
    };
    let coder = Coder::new(&DataFiles::builtin()).expect("our own knowledge is sound");
    let words: usize = reports.iter().map(|r| r.text.split_whitespace().count()).sum();
    println!("{} reports, {words} words, least of {RUNS} runs", reports.len());
    let mut least = [Duration::MAX; STAGES.len()];
    let mut whole = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        for report in &reports {
            black_box(coder.read(report.clone(), &Options::default()));
        }
        whole = whole.min(start.elapsed());
        for (least, took) in least.iter_mut().zip(once(&coder, &reports)) {
            *least = (*least).min(took);
        }
    }
    least[8] = least[6] + least[3];
    least[9] = whole.saturating_sub(least[..8].iter().sum());
    println!("whole: {:.1} ms, {:.0} words a second", whole.as_secs_f64() * 1e3, words as f64 / whole.as_secs_f64());
    for (name, took) in STAGES.iter().zip(least) {
        println!("{name:<21}{:>10.1} ms {:>6.2} %", took.as_secs_f64() * 1e3, 100.0 * took.as_secs_f64() / whole.as_secs_f64());
    }
}

/// Every stage once over all reports, as the pipeline calls them; the sums by stage, in the order of [`STAGES`].
fn once(coder: &Coder, reports: &[Report]) -> [Duration; STAGES.len()] {
    let mut took = [Duration::ZERO; STAGES.len()];
    for report in reports {
        let mut at = Instant::now();
        let mut lap = |stage: usize| {
            took[stage] += at.elapsed();
            at = Instant::now();
        };
        let laid = coder.lay_out(report.clone(), &Options::default());
        let mut notes = laid.notes;
        lap(0);
        let sentences = coder.syntax.sentences(&laid.report.text, &laid.view, &laid.page.blocks, &mut notes);
        lap(1);
        let doc = Doc {
            report: &laid.report,
            view: &laid.view,
            language: "en",
            published: laid.origin.published,
            blocks: &laid.page.blocks,
            posts: &laid.page.posts,
            provenance: &laid.origin.chain,
            page_kind: laid.page_kind,
            sentences: &sentences,
        };
        let dates = coder.dates.find(&doc);
        lap(2);
        black_box(coder.figures.find(&doc, &dates));
        lap(3);
        let actors: Actors = coder.actors.find(&doc, &mut notes);
        lap(4);
        let places = coder.places.find(&doc, &actors);
        lap(5);
        let statements = coder.speech.find(&doc, &actors);
        lap(6);
        black_box(coder.codebook.find(&doc, &actors, &dates, (&coder.places, &places), &statements, &mut notes));
        lap(7);
    }
    took
}

fn report(text: String) -> Report {
    Report { text, language: Some("en".to_owned()), published: Some("2022-12-31".to_owned()), ..Report::default() }
}

fn lines(file: &str, most: usize) -> Vec<Report> {
    let all = std::fs::read_to_string(file).expect("a readable file");
    let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?.get("text")?.as_str().map(str::to_owned);
    all.lines().filter_map(text).filter(|t| t.split_whitespace().count() >= 40).take(most).map(report).collect()
}

fn samples() -> Vec<Report> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let names = ["wire-clean.txt", "briefs.txt", "speech.txt"];
    names.iter().map(|f| report(std::fs::read_to_string(folder.join(f)).expect("a sample"))).collect()
}
