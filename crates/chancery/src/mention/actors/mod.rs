//! Actors: names, roles and nationalities resolved by date; who a pronoun means.

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::{Actors, Doc};
use crate::record::Diagnostic;

#[derive(Debug, Default)]
pub struct ActorKnowledge {}

impl ActorKnowledge {
    pub fn load(_files: &DataFiles) -> Result<Self> {
        Ok(ActorKnowledge {})
    }
    pub fn find(&self, _doc: &Doc, _notes: &mut Vec<Diagnostic>) -> Actors {
        Actors::default()
    }
}
