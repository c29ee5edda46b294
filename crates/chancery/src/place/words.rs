//! The words around place names in one language, from its `places.toml`.

use crate::data::toml_file;
use crate::error::{Error, Result};
use compact_str::CompactString;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceWords {
    /// Prepositions after which a name is likely a place.
    pub before: BTreeSet<CompactString>,
    /// Prepositions that say where something happens, and where something goes.
    pub at: BTreeSet<CompactString>,
    pub toward: BTreeSet<CompactString>,
    /// Between a place and the wider one it lies in.
    pub within: BTreeSet<CompactString>,
    pub directions: BTreeSet<CompactString>,
    pub never: BTreeSet<CompactString>,
    #[serde(rename = "feature")]
    features: Vec<Feature>,
    #[serde(skip)]
    after: BTreeMap<CompactString, usize>,
    #[serde(skip)]
    ahead: BTreeMap<CompactString, usize>,
    #[serde(skip)]
    titled: BTreeMap<CompactString, usize>,
}

/// A kind of place with the nouns that say so.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    pub name: CompactString,
    #[serde(default)]
    after: Vec<CompactString>,
    #[serde(default)]
    before: Vec<CompactString>,
    #[serde(default)]
    titled: Vec<CompactString>,
    /// The whole is a place within the town whose name it may carry.
    #[serde(default)]
    pub own: bool,
    /// After a town's name it means the division around the town.
    #[serde(default)]
    pub divides: bool,
}

impl PlaceWords {
    /// Reads the file; `known` says which features there are (E0112 for others).
    pub fn load(path: &str, text: &str, known: impl Fn(&str) -> bool) -> Result<Self> {
        let mut words: PlaceWords = toml_file(path, text)?;
        for (i, f) in words.features.iter().enumerate() {
            if !known(&f.name) {
                let what = format!("name: \"{}\" is no feature", f.name);
                return Err(Error::new("E0112", what, format!("data/{path}"), "use a feature of data/places/features.tsv"));
            }
            f.after.iter().for_each(|w| {
                words.after.entry(w.clone()).or_insert(i);
            });
            f.before.iter().for_each(|w| {
                words.ahead.entry(w.clone()).or_insert(i);
            });
            f.titled.iter().for_each(|w| {
                words.titled.entry(w.clone()).or_insert(i);
            });
        }
        Ok(words)
    }
    /// The feature that a noun behind a name makes of it; `form` as written, `lemma` its dictionary form.
    pub fn after(&self, form: &str, lemma: &str) -> Option<&Feature> {
        let i = self.after.get(lemma).or_else(|| self.after.get(form)).or_else(|| self.titled.get(form))?;
        self.features.get(*i)
    }
    /// The feature that a noun in front of a name makes of it.
    pub fn ahead(&self, lemma: &str) -> Option<&Feature> {
        self.features.get(*self.ahead.get(lemma)?)
    }
    /// The feature of which a name with that word in it is.
    pub fn titled(&self, form: &str) -> Option<&Feature> {
        self.features.get(*self.titled.get(form)?)
    }
}
