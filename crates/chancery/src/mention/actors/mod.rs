//! Actors: names, roles and nationalities resolved by date; who a pronoun means.
//!
//! A sentence is scanned for names of the knowledge files and words of the lexicon ([`hits`]); base noun phrases are
//! read off the tree ([`noun_phrase`]); each phrase becomes a mention or none ([`reader`], [`person`], [`role`]), in text
//! order, so that what was said before can be meant again ([`discourse`], [`coref`]).

mod coref;
mod discourse;
pub(crate) mod fold;
pub(crate) mod hits;
pub mod knowledge;
pub mod lexicon;
mod noun_phrase;
mod person;
mod reader;
mod role;
pub(crate) mod table;
#[cfg(test)]
mod tests;
pub(crate) mod tsv;

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::{Actors, Doc, Sentence};
use crate::record::Diagnostic;
use knowledge::Knowledge;
use lexicon::Lexicon;

/// What is known of actors and of the words that name them.
#[derive(Debug, Default)]
pub struct ActorKnowledge {
    pub knowledge: Knowledge,
    pub lexicon: Lexicon,
}

impl ActorKnowledge {
    /// Reads `actors/` and `lang/en/agents.toml`. The first bad entry is an error that names file, line, field and remedy.
    pub fn load(files: &DataFiles) -> Result<Self> {
        Ok(ActorKnowledge { knowledge: Knowledge::load(files)?, lexicon: Lexicon::load(files)? })
    }
    /// Whether `name` is one of the names of the entity with that id, whatever its case and marks.
    pub fn is_named(&self, id: &str, name: &str) -> bool {
        let pieces = fold::pieces_of(name);
        self.knowledge.by_id(id).is_some_and(|e| self.knowledge.names.exactly(&pieces).any(|n| n.entity == e))
    }
    /// How many names and role words stand in parsed sentences: matching alone, nothing said of what they mean.
    pub fn count_names(&self, sentences: &[Sentence]) -> usize {
        let mut scan = hits::Scan::default();
        sentences.iter().map(|s| scan.sentence(self, s).len()).sum()
    }
    /// All mentions of actors in a report, in text order.
    pub fn find(&self, doc: &Doc, _notes: &mut Vec<Diagnostic>) -> Actors {
        reader::Reader::new(self, doc).read()
    }
}
