//! How fast intake is: megabytes a second through which languages are told, and a million short reports put to their stories
//! one at a time, with the memory that takes. Prints figures and asserts nothing, for they depend on the machine.
//!
//! `cargo bench --bench intake -- [FILE] [N]`: reports to make short ones of (default `../shared/corpus/reuters21578.jsonl.gz`), and how
//! many of those (default a million).

use chancery::Coder;
use chancery::data::DataFiles;
use chancery::story::{About, Limits, Stories, Telling};
use flate2::read::MultiGzDecoder;
use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Sentences of a short report, copies of one at most, and reports within which its copies come.
const SENTENCES: usize = 5;
const COPIES: u64 = 8;
const SPREAD: u64 = 20_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let file = args
        .first()
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/reuters21578.jsonl.gz"), PathBuf::from);
    let n = args.get(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let Some(texts) = texts(&file) else {
        println!("skipped: there is no {}", file.display());
        return;
    };
    languages(&texts);
    stories(&texts, n);
}

fn texts(file: &Path) -> Option<Vec<String>> {
    let raw = std::fs::File::open(file).ok()?;
    let raw: Box<dyn Read> = if file.extension().is_some_and(|e| e == "gz") { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
    let text = |line: String| Some(serde_json::from_str::<serde_json::Value>(&line).ok()?.get("text")?.as_str()?.to_owned());
    Some(BufReader::new(raw).lines().map_while(Result::ok).filter_map(text).collect())
}

fn languages(texts: &[String]) {
    let coder = Coder::new(&DataFiles::builtin()).expect("sound knowledge");
    // What is looked at of a text: its beginning.
    let heads: Vec<&str> = texts.iter().map(|t| t.get(..t.floor_char_boundary(2000)).unwrap_or(t)).collect();
    let bytes: usize = heads.iter().map(|t| t.len()).sum();
    let started = Instant::now();
    let english = heads.iter().filter(|t| coder.identifier.best(t) == Some("en")).count();
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "language: {} texts, {:.1} MB looked at in {seconds:.2} s: {:.1} MB/s; {:.2} % en",
        heads.len(),
        bytes as f64 / 1e6,
        bytes as f64 / 1e6 / seconds,
        100.0 * english as f64 / heads.len() as f64
    );
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below.max(1)
    }
}

/// Short reports of sentences drawn from the corpus, with copies that come later: cut, or under another head.
fn stories(texts: &[String], n: u64) {
    let sentences: Vec<&str> = texts.iter().flat_map(|t| t.split(".\n")).map(str::trim).filter(|s| (60..400).contains(&s.len())).collect();
    let mut dice = Dice(1987);
    let mut stories = Stories::new(Limits::default());
    // Copies that are still to come: at which report, of what, in which true story.
    let mut waiting: VecDeque<(u64, Vec<usize>, u64)> = VecDeque::new();
    let mut placed: HashMap<u64, u32> = HashMap::new();
    let (mut copies, mut found, mut making) = (0_u64, 0_u64, 0.0);
    let started = Instant::now();
    let mut shown = Instant::now();
    for i in 0..n {
        let due = waiting.front().is_some_and(|(at, ..)| *at <= i);
        let (parts, story) = match waiting.pop_front().filter(|_| due) {
            Some((_, parts, story)) => (parts, story),
            None => {
                let parts: Vec<usize> = (0..SENTENCES).map(|_| dice.throw(sentences.len() as u64) as usize).collect();
                let times = dice.throw(COPIES);
                (0..times).for_each(|k| waiting.push_back((i + (k + 1) * SPREAD / COPIES, parts.clone(), i)));
                (parts, i)
            }
        };
        let making_from = Instant::now();
        let cut = if story == i { 0 } else { dice.throw(2) as usize };
        let mut text = if story == i { String::new() } else { format!("Report number {} of the day, as received\n", dice.throw(1000)) };
        for part in parts.iter().skip(cut) {
            text.push_str(sentences[*part]);
            text.push_str(".\n");
        }
        let event = format!("CONSULT {} {}", dice.throw(200), dice.throw(200));
        let day = Some((i / 5000) as i32);
        let mut telling = Telling::of_text(format!("{i:032x}"), &text);
        telling.day = day;
        telling.about = About::new(day, [event.as_str()], [], &text);
        making += making_from.elapsed().as_secs_f64();
        let at = stories.add(&telling);
        if story == i {
            placed.insert(i, at.story);
        } else {
            copies += 1;
            found += u64::from(placed.get(&story) == Some(&at.story));
        }
        // Far from its copies it is not asked for again.
        placed.remove(&i.wrapping_sub(2 * SPREAD));
        if shown.elapsed().as_secs() >= 10 || i + 1 == n {
            shown = Instant::now();
            let seconds = started.elapsed().as_secs_f64();
            println!(
                "stories: {} reports in {seconds:.0} s, {:.0} a second ({:.0} without making them); {} texts held, {}; of {copies} copies {:.2} % in their story",
                i + 1,
                (i + 1) as f64 / seconds,
                (i + 1) as f64 / (seconds - making).max(1e-9),
                stories.held(),
                memory(),
                100.0 * found as f64 / copies.max(1) as f64
            );
        }
    }
}

/// Memory held now, where the platform tells.
fn memory() -> String {
    let pages = std::fs::read_to_string("/proc/self/statm").ok().and_then(|s| s.split(' ').nth(1)?.parse::<u64>().ok());
    pages.map_or_else(|| "memory not told by this platform".to_owned(), |p| format!("{} MiB", (p * 4096) >> 20))
}
