//! What a statement is about: the contexts of PLOVER whose words it holds.

use super::scene::Scene;
use crate::data::{DataFiles, toml_file};
use crate::error::{Error, Result};
use crate::event::ontology::Ontology;
use crate::record::Span;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "lang/en/contexts.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: BTreeMap<String, Vec<String>>,
}

/// Contexts by the first of their words; the further words, and the context.
#[derive(Debug, Default)]
pub struct Topics {
    by_word: BTreeMap<String, Vec<(Vec<String>, String)>>,
}

impl Topics {
    /// E0121 names a context that the ontology does not have, or one without words.
    pub fn load(files: &DataFiles) -> Result<Self> {
        let file: File = toml_file(FILE, files.get(FILE)?)?;
        let ontology = Ontology::load(files)?;
        let mut by_word: BTreeMap<String, Vec<(Vec<String>, String)>> = BTreeMap::new();
        for (context, phrases) in file.words {
            let bad = |what: String, remedy: &str| Error::new("E0121", what, format!("data/{FILE}, words.{context}"), remedy);
            if !ontology.has_context(&context) {
                return Err(bad(format!("{context:?} is no context"), "take one of data/ontology/contexts.tsv"));
            }
            for phrase in &phrases {
                let mut words = phrase.split_whitespace().map(str::to_owned);
                let first = words.next().ok_or_else(|| bad("a word is empty".to_owned(), "write a lemma, or leave it out"))?;
                by_word.entry(first).or_default().push((words.collect(), context.clone()));
            }
        }
        Ok(Topics { by_word })
    }

    /// Contexts told within `span`, in order of name.
    pub fn of(&self, scene: &Scene, span: Span) -> Vec<String> {
        let (from, to) = (scene.token_at(span.start), scene.token_at(span.end));
        let is =
            |w: usize, word: &str| scene.token(w).is_some_and(|t| t.lemma.eq_ignore_ascii_case(word) || t.form.eq_ignore_ascii_case(word));
        let mut found = BTreeSet::new();
        for w in from..to {
            let Some(token) = scene.token(w) else { continue };
            for (rest, context) in
                [token.lemma.to_lowercase(), token.form.to_lowercase()].iter().filter_map(|k| self.by_word.get(k.as_str())).flatten()
            {
                if rest.iter().enumerate().all(|(i, word)| w + i + 1 < to && is(w + i + 1, word)) {
                    found.insert(context.clone());
                }
            }
        }
        found.into_iter().collect()
    }
}
