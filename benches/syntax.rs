//! Tokens a second of tokeniser, tagger and parser together, on one core, beside other parsers where they are installed.
//! Prints figures and asserts nothing, for they depend on the machine.
//!
//! `cargo bench -p chancery --bench syntax -- [FILE]`: plain text, paragraphs parted by empty lines (default: the samples).
//! Peers run from `target/peers`, which `benches/peers.sh` fills from the package registry.

use chancery::data::DataFiles;
use chancery::parse::Syntax;
use chancery::record::{Block, BlockKind, Span};
use chancery::view::View;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Bytes of text that are read at least: the samples are short.
const LEAST: usize = 600_000;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let once = match file {
        Some(f) => std::fs::read_to_string(f).expect("a readable file"),
        None => ["wire-clean.txt", "briefs.txt", "speech.txt"]
            .iter()
            .map(|f| std::fs::read_to_string(root.join("samples").join(f)).expect("a sample"))
            .collect::<Vec<_>>()
            .join("\n\n"),
    };
    let mut text = once.clone();
    while text.len() < LEAST {
        text.push_str("\n\n");
        text.push_str(&once);
    }
    let start = Instant::now();
    let syntax = Syntax::load(&DataFiles::builtin()).expect("sound weights");
    println!("load {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let mut blocks = Vec::new();
    let mut at = 0;
    for part in text.split("\n\n") {
        blocks.push(Block { kind: BlockKind::Paragraph, span: Span::new(at, at + part.len()), language: None });
        at += part.len() + 2;
    }
    let mut tokens = 0;
    let mut best = f64::MAX;
    for _ in 0..5 {
        let (before, start) = (busy(), Instant::now());
        let sentences = syntax.sentences(&text, &View::default(), &blocks, &mut Vec::new());
        let wall = start.elapsed().as_secs_f64();
        tokens = sentences.iter().map(|s| s.tokens.len()).sum();
        best = best.min(busy().zip(before).map_or(wall, |(a, b)| a - b));
    }
    let ours = tokens as f64 / best;
    println!("chancery: {tokens} tokens in {best:.2} s of processor time: {ours:.0} tokens/s");
    peers(&root, &once, ours);
}

/// Processor seconds of this thread, where the platform tells (Linux, in nanoseconds).
fn busy() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(stat.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

/// Runs the others on the same text (once: they are slower) and prints how many times faster we are.
fn peers(root: &Path, text: &str, ours: f64) {
    let python: PathBuf = root.join("target/peers/bin/python");
    if !python.exists() {
        println!("peers skipped: benches/peers.sh installs them (needs a package registry)");
        return;
    }
    let file = root.join("target/peers/text.txt");
    std::fs::write(&file, text).expect("target can be written to");
    let out = Command::new(python).arg(root.join("benches/peers.py")).arg(&file).output().expect("Python starts");
    for line in String::from_utf8_lossy(&out.stdout).lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells[..] {
            [name, tokens, seconds] => {
                let speed = tokens.parse::<f64>().unwrap_or(0.0) / seconds.parse::<f64>().unwrap_or(f64::INFINITY);
                println!("{name}: {tokens} tokens, {speed:.0} tokens/s; we are {:.1} times as fast", ours / speed);
            }
            _ => println!("{line}"),
        }
    }
    if !out.status.success() {
        println!("peers: {}", String::from_utf8_lossy(&out.stderr).lines().last().unwrap_or("failed"));
    }
}
