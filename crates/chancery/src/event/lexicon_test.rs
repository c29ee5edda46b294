//! Runs every example and counter-example of the codebook through the whole coder.

use super::Codebook;
use crate::Coder;
use crate::data::DataFiles;

#[test]
fn lexicon_examples_hold() {
    let files = DataFiles::builtin();
    let coder = Coder::new(&files).unwrap_or_else(|e| panic!("{e}"));
    let (examples, lacking) = Codebook::examples(&files).unwrap_or_else(|e| panic!("{e}"));
    let mut failures: Vec<String> = lacking.iter().map(ToString::to_string).collect();
    for ex in &examples {
        if let Some(f) = ex.fails(&coder) {
            failures.push(format!("{}: {}: {:?}\n    expected {}\n    got {}", ex.place, ex.rule, ex.text, f.expected, f.got.join(" | ")));
        }
    }
    assert!(failures.is_empty(), "{} of {} examples fail\n{}", failures.len(), examples.len(), failures.join("\n"));
}

#[test]
fn every_bad_entry_is_named_with_file_line_and_field() {
    let mut files = DataFiles::builtin();
    let path = "lang/en/verbs/AID.toml";
    let bad = "type = \"AID\"\n[[entry]]\nid = \"a\"\nverb = [\"give\"]\nmode = \"none\"\n[[entry]]\nid = \"b\"\nverb = [\"lend\"]\nobject = [\"@nothing\"]\n";
    files.insert(path, bad.to_owned());
    let problems = Codebook::problems(&files);
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for (code, place) in [
        ("E0125", "AID.toml, line 2, entry a, field mode"),
        ("E0123", "AID.toml, line 6, entry b, field object"),
        ("E0130", "entry verbs/AID/a"),
    ] {
        assert!(all.iter().any(|p| p.starts_with(code) && p.contains(place)), "{code} {place}: {all:?}");
    }
}
