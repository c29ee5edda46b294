//! The bodies of the fuzz targets over the committed corpus: what is run where there is no fuzzer.

use crate::support::root;

#[path = "../../../../fuzz/body.rs"]
mod body;

#[path = "../../../../fuzz/intake.rs"]
mod intake;

#[test]
fn the_text_corpus_holds() {
    each("text", body::text);
}

#[test]
fn the_html_corpus_holds() {
    each("html", body::html);
}

#[test]
fn the_quotes_corpus_holds() {
    each("quotes", body::quotes);
}

#[test]
fn the_corpora_of_intake_hold() {
    each("feed", intake::feed);
    each("warc", intake::warc);
    each("csv", intake::csv);
    each("archive", intake::archive);
    each("parquet", intake::parquet);
}

fn each(target: &str, check: fn(&[u8])) {
    let mut files: Vec<_> = std::fs::read_dir(root().join("fuzz/corpus").join(target)).unwrap().flatten().map(|e| e.path()).collect();
    files.sort();
    assert!(files.len() >= 8, "{files:?}");
    for file in files {
        println!("{}", file.display());
        check(&std::fs::read(file).unwrap());
    }
}
