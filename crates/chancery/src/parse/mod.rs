//! Sentences, tokens, tags and trees.
//!
//! A block's text is cut into tokens, the tokens into sentences, and each sentence goes once through the network in
//! [`net`], which gives tags, heads, relations and name chunks; lemmas follow from form and tag.

mod boundaries;
#[cfg(test)]
mod hazards;
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
use boundaries::{Boundaries, Gaps};
use lemma::Lemmatiser;
pub use net::{Entity, Level, Name};
use net::{Net, Parsed, Scratch};
pub use sentences::MAX_TOKENS;
use words::Words;

/// Tokeniser, tagger, lemmatiser and parser with their weights.
#[derive(Debug)]
pub struct Syntax {
    words: Words,
    boundaries: Boundaries,
    net: Net,
    lemmatiser: Lemmatiser,
}

/// Tokens parsed in one go: enough to use every weight often, few enough to stay in the cache.
const BATCH: usize = 512;

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
        Self::with_weights(files, "en", chancery_models::ENGLISH_SYNTAX, chancery_models::ENGLISH_SENTENCES)
    }

    /// A model from the weights files of network and sentence ends made by `tools/train`, with the word lists of language `lang`.
    pub fn with_weights(files: &DataFiles, lang: &str, weights: &[u8], sentences: &str) -> Result<Self> {
        let (net, learned) = Net::load(weights)?;
        let boundaries = Boundaries::load(sentences)?;
        Ok(Syntax { words: Words::load(files, lang)?, boundaries, net, lemmatiser: Lemmatiser::load(files, lang, learned.into_iter())? })
    }

    #[cfg(test)]
    pub(crate) fn lemmatiser(&self) -> &Lemmatiser {
        &self.lemmatiser
    }

    /// Sentences of all blocks in text order; token spans are in the report's own bytes.
    pub fn sentences(&self, original: &str, view: &View, blocks: &[Block], notes: &mut Vec<Diagnostic>) -> Vec<Sentence> {
        self.run(original, view, blocks, notes, true)
    }

    /// Sentences of a language that the network does not know: tokens without tags, each its own root. Words and marks
    /// are told apart by the lists of our own language, which is right for most others that are written with spaces.
    pub fn untagged(&self, original: &str, view: &View, blocks: &[Block], notes: &mut Vec<Diagnostic>) -> Vec<Sentence> {
        self.run(original, view, blocks, notes, false)
    }

    fn run(&self, original: &str, view: &View, blocks: &[Block], notes: &mut Vec<Diagnostic>, tagged: bool) -> Vec<Sentence> {
        let text = view.text(original);
        let mut out = Vec::new();
        let mut work = Work { tagged, ..Work::default() };
        let mut cuts = 0;
        for (block, b) in blocks.iter().enumerate() {
            let range = Span::new(in_view(view, text, b.span.start), in_view(view, text, b.span.end));
            let from = work.tokens.len();
            tokens::tokenize(&self.words, text, range, &mut work.tokens);
            let (ends, cut) =
                sentences::split(&self.words, tagged.then_some(&self.boundaries), text, work.tokens.get(from..).unwrap_or(&[]));
            cuts += cut;
            for end in ends {
                work.ends.push(from + end);
                work.blocks.push(block);
            }
            if work.tokens.len() >= BATCH {
                self.flush(text, view, &mut work, &mut out);
            }
        }
        self.flush(text, view, &mut work, &mut out);
        if cuts > 0 {
            notes.push(Diagnostic {
                code: "W0401".to_owned(),
                message: format!("{cuts} sentence(s) longer than {MAX_TOKENS} tokens were cut"),
                span: None,
            });
        }
        out
    }

    /// Parses the sentences gathered and empties the buffers.
    fn flush(&self, text: &str, view: &View, w: &mut Work, out: &mut Vec<Sentence>) {
        let forms: Vec<&str> = w.tokens.iter().map(|t| t.of(text)).collect();
        let mut from = 0;
        let mut first = 0;
        while first < w.ends.len() {
            // as many sentences as fit the batch, at least one
            let n = w.ends.iter().skip(first).take_while(|&&e| e - from <= BATCH).count().max(1);
            let ends: Vec<usize> = w.ends.iter().skip(first).take(n).map(|e| e - from).collect();
            let size = ends.last().copied().unwrap_or(0);
            w.parsed.clear();
            if w.tagged {
                self.net.parse(forms.get(from..from + size).unwrap_or(&[]), &ends, &mut w.scratch, &mut w.parsed);
            } else {
                w.parsed.extend(ends.iter().scan(0, |start, &end| Some((std::mem::replace(start, end), end))).flat_map(bare));
            }
            let mut start = 0;
            for (&end, &block) in ends.iter().zip(w.blocks.iter().skip(first)) {
                let tokens = w.tokens.get(from + start..from + end).unwrap_or(&[]);
                out.push(self.sentence(text, view, block, tokens, w.parsed.get(start..end).unwrap_or(&[]), &mut w.buffer));
                start = end;
            }
            from += size;
            first += n;
        }
        w.tokens.clear();
        w.ends.clear();
        w.blocks.clear();
    }

    /// Token spans of each sentence of `text[range]`, without tagging or parsing them.
    pub fn split(&self, text: &str, range: Span) -> Vec<Vec<TokenSpan>> {
        let mut tokens = Vec::new();
        tokens::tokenize(&self.words, text, range, &mut tokens);
        let (ends, _) = sentences::split(&self.words, Some(&self.boundaries), text, &tokens);
        let mut from = 0;
        ends.into_iter()
            .map(|end| {
                let s = tokens.get(from..end).unwrap_or(&[]).to_vec();
                from = end;
                s
            })
            .collect()
    }

    /// What the model of sentence ends is trained on: of each gap in `text` that could end a sentence, the byte where the
    /// token before it ends, and its features.
    pub fn gaps(&self, text: &str) -> Vec<(usize, Vec<String>)> {
        let mut tokens = Vec::new();
        tokens::tokenize(&self.words, text, Span::new(0, text.len()), &mut tokens);
        let rules = sentences::by_rules(&self.words, text, &tokens);
        let mut gaps = Gaps::new(text, &tokens, &rules);
        let (mut out, mut buffer) = (Vec::new(), String::new());
        while let Some(next) = gaps.next_gap() {
            let mut features = Vec::new();
            gaps.features(&mut buffer, |f| features.push(f.to_owned()));
            let end = next.checked_sub(1).and_then(|i| tokens.get(i)).map_or(0, |t| t.end);
            out.push((end, features));
        }
        out
    }

    /// Tags and parses one sentence given as its token forms (at most [`MAX_TOKENS`]; what is beyond gets no analysis).
    pub fn parse_tokens(&self, forms: &[&str]) -> Vec<Analysis> {
        let (mut scratch, mut parsed, mut buffer) = (Scratch::default(), Vec::new(), String::new());
        let forms = forms.get(..forms.len().min(MAX_TOKENS)).unwrap_or(forms);
        self.net.parse(forms, &[forms.len()], &mut scratch, &mut parsed);
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
    /// Whether the network is asked.
    tagged: bool,
    tokens: Vec<TokenSpan>,
    /// Sentence ends among `tokens`, and the block of each.
    ends: Vec<usize>,
    blocks: Vec<usize>,
    parsed: Vec<Parsed>,
    scratch: Scratch,
    buffer: String,
}

/// Analyses that say nothing, for the tokens of one sentence.
fn bare((start, end): (usize, usize)) -> impl Iterator<Item = Parsed> {
    (0..end - start).map(|head| Parsed { upos: ud::Upos::X, xpos: ud::Xpos::Fw, head, dep: ud::Dep::Root, entity: Entity::Outside })
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
