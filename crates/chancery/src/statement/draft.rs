//! A statement before it is written down.

use super::speaker::Phrase;
use crate::record::{Span, StatementKind};

#[derive(Debug, Clone)]
pub struct Draft {
    /// The content.
    pub span: Span,
    /// All bytes under the speaker's voice.
    pub scope: Span,
    /// What unnamed others say, or what the report leaves open: nobody's voice.
    pub hearsay: bool,
    pub kind: StatementKind,
    pub closed: bool,
    pub stance: Option<String>,
    /// Sentence and token of the cue.
    pub cue: Option<(usize, usize)>,
    pub cue_words: Option<Span>,
    pub speaker: Option<Phrase>,
    pub addressee: Option<Phrase>,
    /// The quotation it is, for direct ones.
    pub quote: Option<usize>,
}

impl Draft {
    pub fn new(span: Span, scope: Span, stance: String) -> Self {
        Draft {
            span,
            scope,
            hearsay: false,
            kind: StatementKind::Indirect,
            closed: true,
            stance: Some(stance).filter(|s| !s.is_empty()),
            cue: None,
            cue_words: None,
            speaker: None,
            addressee: None,
            quote: None,
        }
    }
}
