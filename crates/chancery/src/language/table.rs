//! `data/languages.toml`, compiled for look-up.

use super::script::Script;
use crate::data::{DataFiles, toml_file};
use crate::error::{Error, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

const PATH: &str = "languages.toml";

/// Letters beyond the script's common ones that are kept of a word.
const SPECIAL: usize = 4;
/// Bytes of a word: no small word is longer.
const LONGEST: usize = 40;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    name: String,
    script: Script,
    #[serde(default)]
    letters: String,
    #[serde(default)]
    words: String,
    /// Codes of languages so alike that a block in one does not stand out in the other.
    #[serde(default)]
    near: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Table {
    languages: Vec<Entry>,
    letters: Vec<BTreeSet<char>>,
    /// Small word → languages that have it, with what it weighs.
    words: HashMap<String, Vec<(usize, i32)>, BuildHasherDefault<Fnv>>,
    /// Letter → what it weighs.
    weights: BTreeMap<char, i32>,
    by_script: BTreeMap<Script, Vec<usize>>,
}

impl Table {
    pub fn load(files: &DataFiles) -> Result<Table> {
        let file: File = toml_file(PATH, files.get(PATH)?)?;
        let bad =
            |e: &Entry, what: String, remedy: &str| Error::new("E0110", what, format!("data/{PATH}, language \"{}\"", e.code), remedy);
        let mut by_script: BTreeMap<Script, Vec<usize>> = BTreeMap::new();
        let mut codes = BTreeSet::new();
        let mut having: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        let mut writing: BTreeMap<char, usize> = BTreeMap::new();
        for (i, e) in file.language.iter().enumerate() {
            if !(2..=3).contains(&e.code.len()) || !e.code.bytes().all(|b| b.is_ascii_lowercase()) {
                return Err(bad(e, format!("code: \"{}\" is no code of two or three small letters", e.code), "give its ISO 639-1 code"));
            }
            if !codes.insert(e.code.clone()) {
                return Err(bad(e, "the language is there twice".to_owned(), "join the two entries"));
            }
            by_script.entry(e.script).or_default().push(i);
            for word in e.words.split_whitespace() {
                if word.chars().any(char::is_uppercase) || word.len() > LONGEST {
                    return Err(bad(
                        e,
                        format!("words: \"{word}\" is not in lower case, or too long to be a small word"),
                        "mend or drop it",
                    ));
                }
                // A contraction is read as its parts.
                let parts = word.split(|c: char| !(c.is_alphabetic() || super::script::is_mark(c))).filter(|p| !p.is_empty());
                parts.for_each(|p| _ = having.entry(p.to_owned()).or_default().insert(i));
            }
            for letter in e.letters.chars().collect::<BTreeSet<char>>() {
                *writing.entry(letter).or_default() += 1;
            }
        }
        if let Some(e) = file.language.iter().find(|e| e.words.is_empty() && by_script.get(&e.script).is_some_and(|l| l.len() > 1)) {
            return Err(bad(e, "words: none, in a script that other languages share".to_owned(), "list its small words"));
        }
        let weigh = |n: usize| (1000.0 / (n.max(1) as f64).sqrt()).round() as i32;
        let words = having.into_iter().map(|(word, languages)| {
            let weight = weigh(languages.len());
            (word, languages.into_iter().map(|l| (l, weight)).collect())
        });
        Ok(Table {
            words: words.collect(),
            letters: file.language.iter().map(|e| e.letters.chars().collect()).collect(),
            weights: writing.into_iter().map(|(c, n)| (c, weigh(n) / 2)).collect(),
            by_script,
            languages: file.language,
        })
    }

    pub fn len(&self) -> usize {
        self.languages.len()
    }
    pub fn code(&self, i: usize) -> &str {
        self.languages.get(i).map_or(super::UNKNOWN, |e| e.code.as_str())
    }
    pub fn name(&self, code: &str) -> Option<&str> {
        self.languages.iter().find(|e| e.code == code).map(|e| e.name.as_str())
    }
    pub fn place(&self, code: &str) -> Option<usize> {
        self.languages.iter().position(|e| e.code == code)
    }
    pub fn are_near(&self, a: &str, b: &str) -> bool {
        let says = |a: &str, b: &str| self.languages.iter().any(|e| e.code == a && e.near.iter().any(|n| n == b));
        says(a, b) || says(b, a)
    }
    /// The language that has a script to itself.
    pub fn alone(&self, script: Script) -> Option<usize> {
        match self.of_script(script) {
            [one] => Some(*one),
            _ => None,
        }
    }
    pub fn of_script(&self, script: Script) -> &[usize] {
        self.by_script.get(&script).map_or(&[], Vec::as_slice)
    }
    /// Languages that have it for a small word.
    pub fn word(&self, word: &Word) -> &[(usize, i32)] {
        self.words.get(word.text.as_str()).map_or(&[], Vec::as_slice)
    }
    pub fn letter(&self, letter: char) -> i32 {
        self.weights.get(&letter).copied().unwrap_or(0)
    }
    pub fn writes(&self, language: usize, letter: char) -> bool {
        self.letters.get(language).is_some_and(|l| l.contains(&letter))
    }
}

/// A word in lower case, and its letters that not every language of its script writes.
#[derive(Debug, Default)]
pub(super) struct Word {
    text: String,
    special: Vec<char>,
}

impl Word {
    pub fn push(&mut self, c: char, script: Script) {
        if c.is_ascii() {
            if self.text.len() < LONGEST {
                self.text.push(c.to_ascii_lowercase());
            }
            return;
        }
        for c in c.to_lowercase() {
            if self.text.len() < LONGEST {
                self.text.push(c);
            }
            if self.special.len() < SPECIAL && !is_common(c, script) && !self.special.contains(&c) {
                self.special.push(c);
            }
        }
    }
    pub fn special(&self) -> &[char] {
        &self.special
    }
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
    pub fn letters(&self) -> usize {
        self.text.chars().count()
    }
    pub fn clear(&mut self) {
        self.text.clear();
        self.special.clear();
    }
}

/// Letters that all languages of a script write, more or less.
fn is_common(c: char, script: Script) -> bool {
    match script {
        Script::Latin => c.is_ascii(),
        Script::Cyrillic => matches!(c, 'а'..='я') && !matches!(c, 'ъ' | 'ы' | 'э'),
        Script::Arabic => matches!(c, '\u{627}' | '\u{628}' | '\u{62a}'..='\u{63a}' | '\u{641}'..='\u{642}' | '\u{644}'..='\u{648}'),
        _ => !matches!(c, '\u{933}'),
    }
}

/// FNV-1a: words are short.
#[derive(Debug)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
