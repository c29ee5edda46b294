//! Weights of the syntax models, as files compiled in. See `MODEL_CARD.md` for data, licence and figures.
#![no_std]

/// English tagger and parser.
pub static ENGLISH_SYNTAX: &[u8] = include_bytes!("../en.syntax");

/// Weights of English sentence ends: lines of feature, tab and whole number.
pub static ENGLISH_SENTENCES: &str = include_str!("../en.sentences.tsv");
