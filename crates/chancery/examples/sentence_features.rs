//! Prints what the model of sentence ends sees of the paragraphs on standard input, one a line: of each gap that could end
//! a sentence a line of byte offset and features, with tabs between; behind each paragraph an empty line.
//! For `tools/train/sentences.py`.

use chancery::data::DataFiles;
use chancery::parse::Syntax;
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let syntax = Syntax::load(&DataFiles::builtin())?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for paragraph in std::io::stdin().lock().lines() {
        for (at, features) in syntax.gaps(&paragraph?) {
            writeln!(out, "{at}\t{}", features.join("\t"))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
