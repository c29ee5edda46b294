//! Layout: what kind of block each part of a report is (paragraph, related link, post, disclaimer…),
//! told by shape, position and cue words from `data/lang/*/layout.toml`.

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::Report;
use crate::record::{Block, BlockKind, Diagnostic, Post, Span};
use crate::view::View;

/// Cue words and shapes, per language.
#[derive(Debug, Default)]
pub struct Layout {}

/// A report laid out.
#[derive(Debug, Default)]
pub struct Page {
    pub blocks: Vec<Block>,
    pub posts: Vec<Post>,
}

impl Layout {
    pub fn load(_files: &DataFiles) -> Result<Self> {
        Ok(Layout {})
    }
    /// Blocks in text order, never overlapping; bytes in none of them are white space.
    pub fn blocks(&self, report: &Report, _view: &View, _notes: &mut Vec<Diagnostic>) -> Page {
        let span = Span::new(0, report.text.len());
        Page { blocks: vec![Block { kind: BlockKind::Paragraph, span, language: None }], posts: Vec::new() }
    }
}
