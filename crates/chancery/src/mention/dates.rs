//! Dates and times, TIMEX3-grade.

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::{DateMention, Doc};

#[derive(Debug, Default)]
pub struct DateGrammar {}

impl DateGrammar {
    pub fn load(_files: &DataFiles) -> Result<Self> {
        Ok(DateGrammar {})
    }
    pub fn find(&self, _doc: &Doc) -> Vec<DateMention> {
        Vec::new()
    }
}
