//! Figures: money, percent, counts, with what they measure.

use crate::data::DataFiles;
use crate::error::Result;
use crate::mention::numbers::NumberWords;
use crate::model::{DateMention, Doc, FigureMention};
use serde::Deserialize;

/// `data/lang/*/numbers.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumbersFile {
    pub words: NumberWords,
}

#[derive(Debug, Default)]
pub struct FigureGrammar {}

impl FigureGrammar {
    pub fn load(_files: &DataFiles) -> Result<Self> {
        Ok(FigureGrammar {})
    }
    pub fn find(&self, _doc: &Doc, _dates: &[DateMention]) -> Vec<FigureMention> {
        Vec::new()
    }
}
