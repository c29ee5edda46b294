//! What a definite noun refers back to: "rejected *the offer*", "welcomed *the accord*", "denied *this*".
//!
//! An act of speech about an earlier act is an act toward whoever did that. `lang/*/reference.toml` says which nouns
//! name which types of event; `context.rs` looks for the event.

use super::examples::{Expect, Samples};
use super::ontology::event_type;
use super::tree::Tree;
use crate::data::{DataFiles, line_of, toml_file};
use crate::error::{Error, Result};
use crate::parse::ud::{Dep, Upos};
use crate::record::EventType;
use compact_str::CompactString;
use serde::Deserialize;
use std::collections::HashMap;
use toml::Spanned;

/// Whom an act about an event is directed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whom {
    /// Who did it: the accuser, the attacker.
    Doer,
    /// All that take part: those who made the accord.
    Parties,
}

/// The events that a noun can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub types: Vec<EventType>,
    pub whom: Whom,
    /// The noun, for explanation.
    pub noun: CompactString,
}

/// Nouns and pronouns that refer back, of one language.
#[derive(Debug, Default)]
pub struct References {
    by_lemma: HashMap<CompactString, Reference>,
    definite: Vec<CompactString>,
    prepositions: Vec<CompactString>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    definite: Vec<CompactString>,
    prepositions: Vec<CompactString>,
    refer: Vec<Spanned<Raw>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    words: Vec<CompactString>,
    types: Vec<String>,
    whom: Whom,
    examples: Vec<Spanned<Expect>>,
}

fn path(lang: &str) -> String {
    format!("lang/{lang}/reference.toml")
}

impl References {
    /// Reads `lang/LANG/reference.toml`; a language without it refers to nothing. E0102 for what is malformed, E0121 for a
    /// noun in two entries, E0110 for a type that is none.
    pub fn load(files: &DataFiles, lang: &str) -> Result<Self> {
        let path = path(lang);
        let Some(text) = files.find(&path) else { return Ok(References::default()) };
        let file: File = toml_file(&path, text)?;
        let mut out = References { definite: file.definite, prepositions: file.prepositions, ..References::default() };
        for raw in file.refer {
            let place = format!("data/{path}, line {}, entry {}", line_of(text, raw.span().start), raw.get_ref().id);
            let raw = raw.into_inner();
            let types = raw.types.iter().map(|t| event_type(t, &place)).collect::<Result<Vec<_>>>()?;
            for noun in raw.words {
                let reference = Reference { types: types.clone(), whom: raw.whom, noun: noun.clone() };
                if out.by_lemma.insert(noun.clone(), reference).is_some() {
                    return Err(Error::new("E0121", format!("`{noun}` stands in two entries"), place, "leave it in one of them"));
                }
            }
        }
        Ok(out)
    }

    /// Words that the lemmatiser must know.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.by_lemma.keys().map(CompactString::as_str)
    }

    /// What the object of the act at `anchor` refers back to; nothing where it is new ("an offer") or no such noun.
    pub fn of(&self, tree: Tree, anchor: usize) -> Option<Reference> {
        let below = tree
            .s
            .children(anchor)
            .filter(|&c| matches!(tree.dep(c), Dep::Obl | Dep::Nmod) && self.prepositions.iter().any(|p| tree.has_case(c, p)));
        let object = tree.object(anchor);
        object.into_iter().chain(below).find_map(|t| {
            let reference = self.by_lemma.get(tree.lemma(t))?;
            self.is_definite(tree, t, anchor).then(|| reference.clone())
        })
    }

    fn is_definite(&self, tree: Tree, t: usize, anchor: usize) -> bool {
        let pronoun = matches!(tree.upos(t), Upos::Pron | Upos::Det);
        // "a request that the ministry turned down": told just before, and taken up.
        let taken_up = tree.dep(anchor) == Dep::AclRelcl && tree.head(anchor) == Some(t);
        // "the request", "its request"; "Iran's request" names its doer and needs no reference.
        let article =
            tree.s.children(t).any(|c| matches!(tree.dep(c), Dep::Det | Dep::NmodPoss) && self.definite.iter().any(|d| d == tree.lemma(c)));
        pronoun || taken_up || article
    }
}

/// The examples, as written.
pub(super) fn samples(files: &DataFiles, lang: &str) -> Result<Vec<Samples>> {
    let path = path(lang);
    let Some(text) = files.find(&path) else { return Ok(Vec::new()) };
    let file: File = toml_file(&path, text)?;
    let entry = |raw: Spanned<Raw>| {
        let line = line_of(text, raw.span().start);
        let raw = raw.into_inner();
        Samples { rule: format!("reference/{}", raw.id), path: path.clone(), line, examples: raw.examples, not: Vec::new() }
    };
    Ok(file.refer.into_iter().map(entry).collect())
}
