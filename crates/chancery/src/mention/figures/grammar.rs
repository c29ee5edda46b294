//! The figure grammar of a language: `data/lang/*/numbers.toml`, compiled.

use crate::data::{DataFiles, toml_file};
use crate::error::Result;
use crate::mention::atoms::{Atom, AtomKind, scan};
use crate::mention::numbers::{NumberWords, Numbers};
use crate::mention::pattern::Lexicon;
use crate::record::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `data/lang/*/numbers.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumbersFile {
    pub words: NumberWords,
    #[serde(default)]
    currency: Vec<Currency>,
    #[serde(default)]
    percent: Percent,
    #[serde(default)]
    units: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    age: Age,
    #[serde(default)]
    measure: Measure,
    /// What happens to people, by lemma.
    #[serde(default)]
    people: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    people_nouns: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    bound: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    labels: Labels,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Currency {
    code: String,
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    cents: Vec<String>,
}
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Percent {
    words: Vec<String>,
    /// After a fraction, that it is a share: "a third *of* the voters".
    share: Vec<String>,
    /// Between two numbers, that the first is a share of the second: "one *in* five".
    ratio: Vec<String>,
    points: Vec<String>,
    basis_points: Vec<String>,
}
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Age {
    units: BTreeMap<String, Vec<String>>,
    old: Vec<String>,
    before: Vec<String>,
}
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Labels {
    before: Vec<String>,
}

/// Words about what figures do; lemmas unless said otherwise.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measure {
    pub increase: Vec<String>,
    pub decrease: Vec<String>,
    pub target: Vec<String>,
    pub quantity: Vec<String>,
    /// Prepositions.
    pub by: Vec<String>,
    pub to: Vec<String>,
    pub from: Vec<String>,
    pub of: Vec<String>,
    pub between: Vec<String>,
    pub and: Vec<String>,
    pub range: Vec<String>,
}

/// Where a unit word stands and what it makes of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// A currency in front of the amount.
    Before,
    /// A currency behind it.
    After,
    Cents,
    Percent,
    Measure,
    Age,
}

/// A unit as the record names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// ISO currency, "percent", "percentage point", "kilometer"…
    pub name: String,
    /// Kind of figure it makes, unless the sentence says more.
    pub kind: &'static str,
    pub sense: Sense,
    /// Units that one of the word stands for: 0.01 for a cent, a million for "MUSD".
    pub times: f64,
}

/// The compiled figure grammar of one language.
#[derive(Debug, Default)]
pub struct FigureGrammar {
    pub(super) lexicon: Lexicon,
    /// Units by their first word: the further words, and the unit; longest first.
    units: Vec<Vec<(Vec<u32>, Unit)>>,
    pub(super) labels: Vec<u32>,
    pub(super) before_unit: Vec<u32>,
    pub(super) decimal_before_unit: Vec<u32>,
    pub(super) range: Vec<u32>,
    pub(super) between: Vec<u32>,
    pub(super) and: Vec<u32>,
    pub(super) share: Vec<u32>,
    pub(super) ratio: Vec<u32>,
    /// Words in front of a number, last word first, with the name of the bound.
    bounds: Vec<(Vec<u32>, String)>,
    pub(super) measure: Measure,
    pub(super) people: BTreeMap<String, String>,
    pub(super) people_nouns: BTreeMap<String, String>,
}

impl FigureGrammar {
    /// Compiles the number file of a language; E0102 names what is wrong with it.
    pub fn load(files: &DataFiles, lang: &str) -> Result<Self> {
        let path = format!("lang/{lang}/numbers.toml");
        let file: NumbersFile = toml_file(&path, files.get(&path)?)?;
        let mut g = FigureGrammar { lexicon: Lexicon::new(&file.words), ..FigureGrammar::default() };
        for c in &file.currency {
            let times = |sense, times| Unit { name: c.code.clone(), kind: "money", sense, times };
            let unit = |sense| times(sense, 1.0);
            c.before.iter().for_each(|w| g.add(w, unit(Sense::Before)));
            c.after.iter().for_each(|w| g.add(w, unit(Sense::After)));
            c.cents.iter().for_each(|w| g.add(w, times(Sense::Cents, 0.01)));
            // "120 MEUR", "KUSD 5": a code with its scale written onto it.
            let code = c.code.to_lowercase();
            if code.len() == 3 && c.code.bytes().all(|b| b.is_ascii_uppercase()) {
                for (letter, scale) in &file.words.short_scales {
                    if letter.len() == 1 && *scale > 1.0 {
                        g.add(&format!("{letter}{code}"), times(Sense::Before, *scale));
                        g.add(&format!("{letter}{code}"), times(Sense::After, *scale));
                    }
                }
            }
        }
        let percent = |name: &str| Unit { name: name.to_owned(), kind: "percent", sense: Sense::Percent, times: 1.0 };
        file.percent.words.iter().for_each(|w| g.add(w, percent("percent")));
        file.percent.points.iter().for_each(|w| g.add(w, percent("percentage point")));
        file.percent.basis_points.iter().for_each(|w| g.add(w, percent("basis point")));
        for (name, words) in &file.units {
            words.iter().for_each(|w| g.add(w, Unit { name: name.clone(), kind: "measure", sense: Sense::Measure, times: 1.0 }));
        }
        for (name, words) in &file.age.units {
            let unit = Unit { name: name.clone(), kind: "age", sense: Sense::Age, times: 1.0 };
            for (word, old) in words.iter().flat_map(|w| file.age.old.iter().map(move |o| (w, o))) {
                g.add(&format!("{word} {old}"), unit.clone());
                g.add(&format!("{word} - {old}"), unit.clone());
            }
        }
        for word in &file.age.before {
            g.add(word, Unit { name: "year".to_owned(), kind: "age", sense: Sense::Before, times: 1.0 });
        }
        for list in &mut g.units {
            list.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        let mut ids = |words: &[String]| -> Vec<u32> { words.iter().map(|w| g.lexicon.intern(w)).collect() };
        g.labels = ids(&file.labels.before);
        g.before_unit = ids(&file.words.before_unit);
        g.decimal_before_unit = ids(&file.words.decimal_words_before_unit);
        g.range = ids(&file.measure.range);
        g.between = ids(&file.measure.between);
        g.and = ids(&file.measure.and);
        g.share = ids(&file.percent.share);
        g.ratio = ids(&file.percent.ratio);
        for (name, phrases) in &file.bound {
            for phrase in phrases {
                let mut words: Vec<u32> = phrase.split_whitespace().map(|w| g.lexicon.intern(w)).collect();
                words.reverse();
                g.bounds.push((words, name.clone()));
            }
        }
        g.bounds.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.1.cmp(&b.1)));
        let flat = |lists: &BTreeMap<String, Vec<String>>| {
            lists.iter().flat_map(|(k, ws)| ws.iter().map(move |w| (w.clone(), k.clone()))).collect()
        };
        g.people = flat(&file.people);
        g.people_nouns = flat(&file.people_nouns);
        g.measure = file.measure;
        Ok(g)
    }

    /// Adds a unit by its words, taken apart as a text is: "km2" is a word and a digit.
    fn add(&mut self, words: &str, unit: Unit) {
        let mut atoms = Vec::new();
        scan(words, Span::new(0, words.len()), &mut |w| self.lexicon.intern(w), &mut atoms);
        let mut ids: Vec<u32> =
            atoms.iter().map(|a| if a.kind == AtomKind::Digits { self.lexicon.intern(a.text(words)) } else { a.word }).collect();
        if ids.is_empty() {
            return;
        }
        let first = ids.remove(0) as usize;
        if self.units.len() <= first {
            self.units.resize(first + 1, Vec::new());
        }
        self.units[first].push((ids, unit));
    }

    /// The unit whose first word is `word`, at atom `at`; `after` takes every unit that stands behind a number.
    pub(super) fn unit_at(&self, word: u32, n: &Numbers, at: usize, want: Sense) -> Option<(Unit, usize)> {
        let list = self.units.get(word as usize)?;
        let fits = |unit: &Unit| match want {
            Sense::After => unit.sense != Sense::Before,
            sense => unit.sense == sense,
        };
        list.iter().filter(|(_, unit)| fits(unit)).find_map(|(rest, unit)| {
            let end = at + 1 + rest.len();
            let word = |a: &Atom| if a.kind == AtomKind::Digits { self.lexicon.id(a.text(n.text)) } else { a.word };
            let same = rest.iter().zip(n.atoms.get(at + 1..end)?).all(|(w, a)| word(a) == *w && !a.fresh);
            // "A$5" is Australian, "a $5 fee" is not.
            let article = n.is_article(at) && n.atoms.get(at + 1..end)?.iter().any(|a| a.spaced && a.kind == AtomKind::Mark);
            // "MUSD", but no "bars" of an unlikely currency.
            let loud = unit.times <= 1.0 || n.atoms.get(at).is_some_and(|a| a.text(n.text).bytes().all(|b| b.is_ascii_uppercase()));
            (same && !article && loud).then(|| (unit.clone(), end))
        })
    }

    /// "at least" and the like in front of atom `at`.
    pub(super) fn bound_before(&self, n: &Numbers, at: usize) -> Option<String> {
        let matches = |words: &[u32]| {
            words.iter().enumerate().all(|(k, w)| at.checked_sub(k + 1).and_then(|i| n.atoms.get(i)).is_some_and(|a: &Atom| a.word == *w))
        };
        if n.atoms.get(at).is_none_or(|a| a.fresh) {
            return None;
        }
        self.bounds.iter().find(|(words, _)| matches(words)).map(|(_, name)| name.clone())
    }
}
