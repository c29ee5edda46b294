//! Statements: who said which words.

pub mod quotes;

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::{Actors, Doc, StatementMention};

#[derive(Debug, Default)]
pub struct SpeechLexicon {}

impl SpeechLexicon {
    pub fn load(_files: &DataFiles) -> Result<Self> {
        Ok(SpeechLexicon {})
    }
    /// Statements in text order.
    pub fn find(&self, _doc: &Doc, _actors: &Actors) -> Vec<StatementMention> {
        Vec::new()
    }
}
