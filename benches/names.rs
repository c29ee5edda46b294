//! How long matching names takes: its share of reading a report, and whether it grows with the number of names.
//! Prints figures and asserts nothing, for they depend on the machine.
//!
//! `cargo bench --bench names -- [FILE]`: reports of one text each, parted by a line of `---` (default: the samples).

use chancery::data::DataFiles;
use chancery::model::Report;
use chancery::view::View;
use chancery::{Coder, Options};
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let file = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let texts = match file {
        Some(f) => std::fs::read_to_string(f).expect("a readable file").split("\n---\n").map(str::to_owned).collect(),
        None => samples(),
    };
    println!("{} reports, {} words", texts.len(), texts.iter().map(|t| t.split_whitespace().count()).sum::<usize>());
    for more in [0, 25_000, 250_000] {
        let coder = coder(more);
        let (reading, matching) = (best(|| read(&coder, &texts)), best_matching(&coder, &texts));
        let share = 100.0 * matching.as_secs_f64() / reading.as_secs_f64();
        println!(
            "{} names: reading {:.1} ms, matching {:.3} ms, {share:.2} % of it",
            coder.actors.knowledge.names.len(),
            reading.as_secs_f64() * 1e3,
            matching.as_secs_f64() * 1e3
        );
    }
}

/// Our knowledge and so many made-up organisations.
fn coder(more: usize) -> Coder {
    let mut files = DataFiles::builtin();
    let mut lines = String::new();
    for i in 0..more {
        let _ = writeln!(lines, "org\tCouncil of the {} League\t{} Front\tFRA\tPTY", made_up(i), made_up(i + more));
    }
    files.insert("actors/further/bench.tsv", lines);
    Coder::new(&files).expect("sound knowledge")
}

/// A word for a number: syllables, so that names share beginnings as real ones do.
fn made_up(mut n: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "den", "go", "ki", "lur", "mo", "nar", "pe", "sti", "va"];
    let mut word = String::from("X");
    loop {
        word.push_str(SYLLABLES[n % 10]);
        n /= 10;
        if n == 0 {
            return word;
        }
    }
}

fn samples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    ["wire-clean.txt", "briefs.txt", "speech.txt"].iter().map(|f| std::fs::read_to_string(folder.join(f)).expect("a sample")).collect()
}

fn report(text: &str) -> Report {
    Report { text: text.to_owned(), language: Some("en".to_owned()), ..Report::default() }
}

fn read(coder: &Coder, texts: &[String]) -> usize {
    texts.iter().map(|t| coder.read(report(t), &Options::default()).mentions.len()).sum()
}

/// Matching alone, over sentences parsed before.
fn best_matching(coder: &Coder, texts: &[String]) -> Duration {
    let parsed: Vec<_> = texts
        .iter()
        .map(|t| {
            let (report, mut notes) = (report(t), Vec::new());
            let view = View::repair(&report.text, &mut notes);
            let page = coder.layout.blocks(&report, &view, &mut notes);
            coder.syntax.sentences(&report.text, &view, &page.blocks, &mut notes)
        })
        .collect();
    best(|| parsed.iter().map(|s| coder.actors.count_names(s)).sum())
}

/// The least of seven runs.
fn best(run: impl Fn() -> usize) -> Duration {
    let times = (0..7).map(|_| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    });
    times.min().unwrap_or_default()
}
