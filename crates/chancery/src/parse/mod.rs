//! Sentences, tokens, tags and trees.
//!
//! A block's text is cut into tokens, the tokens into sentences, and each sentence goes once through the network in
//! [`net`], which gives tags, heads, relations and name chunks; lemmas follow from form and tag.

mod lemma;
mod net;
mod sentences;
mod table;
mod tokens;
pub mod ud;
mod words;

use crate::data::DataFiles;
use crate::error::Result;
use crate::model::{Sentence, Token};
use crate::record::{Block, Diagnostic, Span};
use crate::view::View;
use lemma::Lemmatiser;
pub use net::{Entity, Level, Name};
use net::{Net, Parsed, Scratch};
pub use sentences::MAX_TOKENS;
use words::Words;

/// Tokeniser, tagger, lemmatiser and parser with their weights.
#[derive(Debug)]
pub struct Syntax {
    words: Words,
    net: Net,
    lemmatiser: Lemmatiser,
}

/// A token before it is parsed, in offsets of the text it was cut from.
pub type TokenSpan = Span;

/// Tags, tree and lemma of one token (see [`Syntax::parse_tokens`]).
#[derive(Debug, Clone)]
pub struct Analysis {
    pub lemma: compact_str::CompactString,
    pub upos: ud::Upos,
    pub xpos: ud::Xpos,
    /// Index of the governor; its own for the root.
    pub head: usize,
    pub dep: ud::Dep,
    pub entity: Entity,
}

impl Syntax {
    /// The English model with its word lists.
    pub fn load(files: &DataFiles) -> Result<Self> {
        Self::with_weights(files, "en", chancery_models::ENGLISH_SYNTAX)
    }

    /// A model from a weights file made by `tools/train`, with the word lists of language `lang`.
    pub fn with_weights(files: &DataFiles, lang: &str, weights: &[u8]) -> Result<Self> {
        let (net, learned) = Net::load(weights)?;
        Ok(Syntax { words: Words::load(files, lang)?, net, lemmatiser: Lemmatiser::load(files, lang, learned.into_iter())? })
    }

    #[cfg(test)]
    pub(crate) fn lemmatiser(&self) -> &Lemmatiser {
        &self.lemmatiser
    }

    /// Sentences of all blocks in text order; token spans are in the report's own bytes.
    pub fn sentences(&self, original: &str, view: &View, blocks: &[Block], notes: &mut Vec<Diagnostic>) -> Vec<Sentence> {
        let text = view.text(original);
        let mut out = Vec::new();
        let mut work = Work::default();
        let mut cuts = 0;
        for (block, b) in blocks.iter().enumerate() {
            let range = Span::new(in_view(view, text, b.span.start), in_view(view, text, b.span.end));
            let from = out.len();
            cuts += self.block(text, range, &mut work, |tokens, parsed, buffer| {
                out.push(self.sentence(text, view, block, tokens, parsed, buffer));
            });
            debug_assert!(out.len() >= from);
        }
        if cuts > 0 {
            notes.push(Diagnostic {
                code: "W0401".to_owned(),
                message: format!("{cuts} sentence(s) longer than {MAX_TOKENS} tokens were cut"),
                span: None,
            });
        }
        out
    }

    /// Token spans of each sentence of `text[range]`, without tagging or parsing them.
    pub fn split(&self, text: &str, range: Span) -> Vec<Vec<TokenSpan>> {
        let mut tokens = Vec::new();
        tokens::tokenize(&self.words, text, range, &mut tokens);
        let (ends, _) = sentences::split(&self.words, text, &tokens);
        let mut from = 0;
        ends.into_iter()
            .map(|end| {
                let s = tokens.get(from..end).unwrap_or(&[]).to_vec();
                from = end;
                s
            })
            .collect()
    }

    /// Tags and parses one sentence given as its token forms (at most [`MAX_TOKENS`]; what is beyond gets no analysis).
    pub fn parse_tokens(&self, forms: &[&str]) -> Vec<Analysis> {
        let (mut scratch, mut parsed, mut buffer) = (Scratch::default(), Vec::new(), String::new());
        let forms = forms.get(..forms.len().min(MAX_TOKENS)).unwrap_or(forms);
        self.net.parse(forms.iter().copied(), &mut scratch, &mut parsed);
        parsed
            .iter()
            .zip(forms)
            .map(|(p, form)| Analysis {
                lemma: self.lemmatiser.lemma(form, p.xpos, &mut buffer),
                upos: p.upos,
                xpos: p.xpos,
                head: p.head,
                dep: p.dep,
                entity: p.entity,
            })
            .collect()
    }

    /// Cuts and parses a block; hands each sentence to `each`. Returns how many were cut for length.
    fn block(&self, text: &str, range: Span, w: &mut Work, mut each: impl FnMut(&[TokenSpan], &[Parsed], &mut String)) -> usize {
        w.tokens.clear();
        tokens::tokenize(&self.words, text, range, &mut w.tokens);
        let (ends, cuts) = sentences::split(&self.words, text, &w.tokens);
        let mut from = 0;
        for end in ends {
            let tokens = w.tokens.get(from..end).unwrap_or(&[]);
            from = end;
            w.parsed.clear();
            self.net.parse(tokens.iter().map(|t| t.of(text)), &mut w.scratch, &mut w.parsed);
            each(tokens, &w.parsed, &mut w.buffer);
        }
        cuts
    }

    fn sentence(&self, text: &str, view: &View, block: usize, tokens: &[TokenSpan], parsed: &[Parsed], buffer: &mut String) -> Sentence {
        let tokens: Vec<Token> = tokens
            .iter()
            .zip(parsed)
            .map(|(t, p)| {
                let form = t.of(text);
                Token {
                    span: view.original(*t),
                    form: form.into(),
                    lemma: self.lemmatiser.lemma(form, p.xpos, buffer),
                    upos: p.upos,
                    xpos: p.xpos,
                    head: p.head,
                    dep: p.dep,
                    entity: p.entity,
                }
            })
            .collect();
        let span = match (tokens.first(), tokens.last()) {
            (Some(a), Some(b)) => Span::new(a.span.start, b.span.end),
            _ => Span::default(),
        };
        Sentence::new(span, block, tokens)
    }
}

/// Buffers reused from block to block.
#[derive(Debug, Default)]
struct Work {
    tokens: Vec<TokenSpan>,
    parsed: Vec<Parsed>,
    scratch: Scratch,
    buffer: String,
}

/// The first character boundary of the view that stands for byte `at` of the report, or behind it.
fn in_view(view: &View, text: &str, at: usize) -> usize {
    let (mut lo, mut hi) = (0, text.len());
    while lo < hi {
        let mid = text.floor_char_boundary((lo + hi) / 2);
        if view.original(Span::new(mid, mid)).start < at {
            lo = text.ceil_char_boundary(mid + 1);
        } else {
            hi = mid;
        }
    }
    lo
}
