//! The `chancery` command.

use chancery::data::DataFiles;
use chancery::model::Report;
use chancery::{Coder, Options};
use std::io::Read;

fn main() {
    let coder = Coder::new(&DataFiles::builtin()).unwrap_or_else(|e| {
        eprintln!("{e}");
        std::process::exit(2)
    });
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).ok();
    let record = coder.read(Report { text, ..Report::default() }, &Options::default());
    println!("{}", serde_json::to_string(&record).unwrap_or_default());
}
