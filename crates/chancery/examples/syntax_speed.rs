//! Tokens a second of tokeniser, tagger and parser on plain text from standard input, one thread.
//! `zcat corpus.jsonl.gz | jq -r .text | cargo run --release --example syntax_speed`.

use chancery::data::DataFiles;
use chancery::parse::Syntax;
use chancery::record::{Block, BlockKind, Span};
use chancery::view::View;
use std::io::Read;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let syntax = Syntax::load(&DataFiles::builtin())?;
    let load = start.elapsed();
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut blocks = Vec::new();
    let mut at = 0;
    for part in text.split("\n\n") {
        blocks.push(Block { kind: BlockKind::Paragraph, span: Span::new(at, at + part.len()), language: None });
        at += part.len() + 2;
    }
    let start = Instant::now();
    let sentences = syntax.sentences(&text, &View::default(), &blocks, &mut Vec::new());
    let took = start.elapsed().as_secs_f64();
    let tokens: usize = sentences.iter().map(|s| s.tokens.len()).sum();
    println!(
        "load {:.1} ms; {tokens} tokens in {} sentences, {took:.2} s: {:.0} tokens/s",
        load.as_secs_f64() * 1e3,
        sentences.len(),
        tokens as f64 / took
    );
    Ok(())
}
