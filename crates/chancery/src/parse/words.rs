//! What a language knows of its tokens and sentence ends (`abbreviations.toml`).

use crate::data::{DataFiles, toml_file};
use crate::error::Result;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Word lists of the tokeniser and the sentence splitter, all in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub titles: BTreeSet<String>,
    pub inner: BTreeSet<String>,
    pub openers: BTreeSet<String>,
    pub hyphen_prefixes: BTreeSet<String>,
    pub contractions: BTreeMap<String, usize>,
    pub clitics: BTreeSet<String>,
    pub units: BTreeSet<String>,
    pub apostrophe_words: BTreeSet<String>,
    pub address_endings: BTreeSet<String>,
}

impl Words {
    /// The lists of language `lang`.
    pub fn load(files: &DataFiles, lang: &str) -> Result<Words> {
        let path = format!("lang/{lang}/abbreviations.toml");
        toml_file(&path, files.get(&path)?)
    }
    /// Whether `word`, written with its full stop, is an abbreviation.
    pub fn is_abbreviation(&self, word: &str) -> bool {
        let low = word.to_lowercase();
        self.titles.contains(&low) || self.inner.contains(&low) || is_initials(word)
    }
}

/// "J.", "U.S.", "a.k.a.", "Ph.D.": single letters (or two before the last) each with its stop.
pub fn is_initials(word: &str) -> bool {
    let Some(body) = word.strip_suffix('.') else { return false };
    let parts: usize = body.split('.').count();
    body.split('.').all(|p| {
        let n = p.chars().count();
        n >= 1 && n <= if parts > 1 { 2 } else { 1 } && p.chars().all(char::is_alphabetic)
    }) && (parts > 1 || body.chars().all(char::is_uppercase))
}

/// Apostrophes as typed, pasted or quoted.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{b4}' | '`')
}

/// Marks that open a quotation or bracket, or may.
pub fn is_opener(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201e}' | '\u{ab}' | '\u{2018}' | '(' | '[' | '{')
}

/// Marks that close a quotation or bracket, or may.
pub fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\u{201d}' | '\u{bb}' | '\u{2019}' | '\'' | ')' | ']' | '}')
}

/// Quotation marks without a side, or of either.
pub fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials() {
        for w in ["J.", "U.S.", "a.k.a.", "Ph.D.", "U.N."] {
            assert!(is_initials(w), "{w}");
        }
        for w in ["end.", "x", ".", "..", "a.", "example.com."] {
            assert!(!is_initials(w), "{w}");
        }
    }
}
