//! Layout: what kind of block each part of a report is (paragraph, related link, post, disclaimer…), told by shape,
//! position and cue words from `data/lang/*/layout.toml`, and for pages by their markup as well.
//!
//! The flow: [`lines`] finds the units of text, [`cues`] names those that a cue gives away, [`posts`] finds embedded
//! posts, [`classify`] decides the rest by shape and place, [`dateline`] parts datelines from the paragraphs they open.

mod classify;
pub(crate) mod cues;
pub(crate) mod dateline;
mod lines;
mod markup;
mod mend;
mod posts;
mod shape;
pub(crate) mod stamp;

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::Report;
use crate::record::{Block, BlockKind, Diagnostic, Post, Span};
use crate::view::View;
use cues::Cues;

/// Cue words and shapes of all languages, and labels of markup.
#[derive(Debug)]
pub struct Layout {
    pub(crate) cues: Cues,
    labels: markup::Labels,
}

/// A report laid out.
#[derive(Debug, Default)]
pub struct Page {
    /// In text order, never overlapping; bytes in none of them are white space.
    pub blocks: Vec<Block>,
    /// Embedded posts. A post's `span` covers its words; its author line and date are blocks of kind post outside it.
    pub posts: Vec<Post>,
}

/// Whether statements and events in a block are the report's own news.
///
/// Titles are: a headline tells the report's main event, and the event stage folds it into the body's. Headings are
/// not: they repeat or tease what the paragraph below says in full. Captions name people and places but describe the
/// picture, often an older one, so they give mentions only. Of a post, its words count and its author line and date do
/// not. Related links and boilerplate belong to other reports or to the site, disclaimers and bylines to provenance.
pub fn is_coded(block: &Block, posts: &[Post]) -> bool {
    match block.kind {
        BlockKind::Paragraph | BlockKind::Title => true,
        BlockKind::Post => posts.iter().any(|p| p.span.contains(block.span)),
        _ => false,
    }
}

/// Whether actors named in a block are mentions of the report: where [`is_coded`] holds, and in captions and headings.
pub fn gives_mentions(block: &Block, posts: &[Post]) -> bool {
    is_coded(block, posts) || matches!(block.kind, BlockKind::Caption | BlockKind::Heading)
}

/// A part of the text on its way to becoming a block.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub span: Span,
    /// Decided kind, where evidence beyond doubt was found.
    pub kind: Option<BlockKind>,
    /// White space with a blank line, or an indented start, stands before it.
    pub apart: bool,
}

impl Layout {
    /// Loads `lang/*/layout.toml` and `markup.toml`. A bad entry is E0102 or E0110, naming file and entry.
    pub fn load(files: &DataFiles) -> Result<Self> {
        Ok(Layout { cues: Cues::load(files)?, labels: markup::Labels::load(files)? })
    }

    /// Blocks in text order, never overlapping; bytes in none of them are white space.
    pub fn blocks(&self, report: &Report, _view: &View, _notes: &mut Vec<Diagnostic>) -> Page {
        if !report.blocks.is_empty() {
            return Page { blocks: report.blocks.clone(), posts: report.posts.clone() };
        }
        let text = report.text.as_str();
        let (units, mut found) = match &report.markup {
            Some(page) => markup::units(self, report, page),
            None => {
                let mut units = lines::units(text, &self.cues);
                let found = posts::find(text, &mut units, &self.cues);
                classify::decide(text, &mut units, report.title.as_deref(), &self.cues);
                (units, found)
            }
        };
        found.extend(report.posts.iter().cloned());
        found.sort_by_key(|p| (p.span.start, p.span.end));
        let mut blocks = Vec::with_capacity(units.len() + 2);
        for unit in units {
            let kind = unit.kind.unwrap_or_default();
            let mut rest = unit.span;
            if kind == BlockKind::Paragraph {
                if let Some(line) = dateline::at_start(rest.of(text), &self.cues) {
                    let end = rest.start + line.end;
                    blocks.push(block(BlockKind::Dateline, Span::new(rest.start, end)));
                    rest = trimmed(text, Span::new(end, rest.end));
                }
                if let Some(at) = self.cues.sign_off(rest.of(text)) {
                    let tail = trimmed(text, Span::new(rest.start + at, rest.end));
                    rest = trimmed(text, Span::new(rest.start, rest.start + at));
                    if !rest.is_empty() {
                        blocks.push(block(kind, rest));
                    }
                    blocks.push(block(BlockKind::Byline, tail));
                    continue;
                }
            }
            if !rest.is_empty() {
                blocks.push(block(kind, rest));
            }
        }
        Page { blocks, posts: found }
    }
}

fn block(kind: BlockKind, span: Span) -> Block {
    Block { kind, span, language: None }
}

/// `span` without white space at its ends.
pub(crate) fn trimmed(text: &str, span: Span) -> Span {
    let s = span.of(text);
    let start = span.start + (s.len() - s.trim_start().len());
    Span::new(start, start + s.trim().len())
}

#[cfg(test)]
mod tests;
