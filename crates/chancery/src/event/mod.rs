//! Events: entries matched on the tree, roles, status.

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::{Actors, DateMention, Doc, PlaceMention, StatementMention};
use crate::record::{Diagnostic, Event};

/// An event before ids are given and links are made.
#[derive(Debug, Clone, Default)]
pub struct EventDraft {
    pub record: Event,
    /// Index of the statement whose scope holds the event.
    pub statement: Option<usize>,
    /// For each of `record.attributions`, the index of its statement.
    pub attribution_statements: Vec<Option<usize>>,
    /// Index of the statement whose uttering is this event (an ACCUSE, a THREATEN).
    pub utterance_of: Option<usize>,
    /// Indices of the figures that belong to it.
    pub figures: Vec<usize>,
}

/// Ontology and lexicon of events, compiled.
#[derive(Debug, Default)]
pub struct Codebook {}

impl Codebook {
    pub fn load(_files: &DataFiles) -> Result<Self> {
        Ok(Codebook {})
    }
    pub fn find(
        &self,
        _doc: &Doc,
        _actors: &Actors,
        _dates: &[DateMention],
        _places: &[PlaceMention],
        _statements: &[StatementMention],
        _notes: &mut Vec<Diagnostic>,
    ) -> Vec<EventDraft> {
        Vec::new()
    }
}
