//! Figures: money, percent, counts, with what they measure.

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::{DateMention, Doc, FigureMention};

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
