//! Prints the syntax of plain text on standard input as CoNLL-U, one paragraph a blank-line block:
//! `echo "The two sides met." | cargo run --release --example conllu`.

use chancery::data::DataFiles;
use chancery::parse::Syntax;
use chancery::record::{Block, BlockKind, Span};
use chancery::view::View;
use std::io::Read;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let syntax = Syntax::load(&DataFiles::builtin())?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut blocks = Vec::new();
    let mut at = 0;
    for part in text.split("\n\n") {
        blocks.push(Block { kind: BlockKind::Paragraph, span: Span::new(at, at + part.len()), language: None });
        at += part.len() + 2;
    }
    for s in syntax.sentences(&text, &View::default(), &blocks, &mut Vec::new()) {
        println!("# text = {}", s.span.of(&text).replace('\n', " "));
        for (i, t) in s.tokens.iter().enumerate() {
            let head = if t.head == i { 0 } else { t.head + 1 };
            println!("{}\t{}\t{}\t{}\t{}\t_\t{head}\t{}\t_\t_", i + 1, t.form, t.lemma, t.upos.as_str(), t.xpos.as_str(), t.dep.as_str());
        }
        println!();
    }
    Ok(())
}
