//! Sentences, tokens, tags and trees.

pub mod ud;

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::Sentence;
use crate::record::{Block, Diagnostic};
use crate::view::View;

/// Tokeniser, tagger, lemmatiser and parser with their weights.
#[derive(Debug, Default)]
pub struct Syntax {}

impl Syntax {
    pub fn load(_files: &DataFiles) -> Result<Self> {
        Ok(Syntax {})
    }
    /// Sentences of all blocks in text order; token spans are in the report's own bytes.
    pub fn sentences(&self, _original: &str, _view: &View, _blocks: &[Block], _notes: &mut Vec<Diagnostic>) -> Vec<Sentence> {
        Vec::new()
    }
}
