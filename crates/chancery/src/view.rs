//! The text as repaired for analysis, with a map back to the report's own bytes.

use crate::record::{RepairRecord, Span};

/// Repaired text. Identity where nothing had to be repaired.
#[derive(Debug, Clone, Default)]
pub struct View {
    text: Option<String>,
    /// (offset in view, offset in report) at which a run of equal bytes begins, in order.
    runs: Vec<(usize, usize)>,
    pub repairs: Vec<RepairRecord>,
}

impl View {
    /// Repairs `original`; what cannot be repaired is noted, never guessed.
    pub fn repair(_original: &str, _notes: &mut Vec<crate::record::Diagnostic>) -> View {
        View::default()
    }
    /// The view's text for a report's `original`.
    pub fn text<'a>(&'a self, original: &'a str) -> &'a str {
        self.text.as_deref().unwrap_or(original)
    }
    /// Span in the report for a span in the view.
    pub fn original(&self, span: Span) -> Span {
        let _ = &self.runs;
        span
    }
}
