//! A report as the statement stage sees it: tokens in one row, and which quotation each stands in.

use super::quotes::Quote;
use crate::model::{Actors, Doc, Sentence, Token};
use crate::record::{BlockKind, Span};

pub struct Scene<'a> {
    pub doc: &'a Doc<'a>,
    pub actors: &'a Actors,
    pub quotes: &'a [Quote],
    /// Index in the row of each sentence's first token; one more at the end.
    first: Vec<usize>,
    /// Sentence of each token in the row.
    sentence: Vec<u32>,
    /// The outermost quotation in whose marks a token stands (marks included).
    quoted: Vec<Option<u32>>,
    /// The report's own quotations, in text order.
    tops: Vec<usize>,
}

impl<'a> Scene<'a> {
    pub fn new(doc: &'a Doc<'a>, actors: &'a Actors, quotes: &'a [Quote]) -> Self {
        let mut first = Vec::with_capacity(doc.sentences.len() + 1);
        let mut sentence = Vec::new();
        let mut quoted = Vec::new();
        let mut tops = quotes.iter().enumerate().filter(|(_, q)| q.depth == 0).peekable();
        for (s, sent) in doc.sentences.iter().enumerate() {
            first.push(sentence.len());
            for t in &sent.tokens {
                while tops.peek().is_some_and(|(_, q)| q.outer.end <= t.span.start) {
                    tops.next();
                }
                sentence.push(s as u32);
                quoted.push(tops.peek().filter(|(_, q)| q.outer.start < t.span.end && t.span.start < q.outer.end).map(|&(i, _)| i as u32));
            }
        }
        first.push(sentence.len());
        let tops = quotes.iter().enumerate().filter(|(_, q)| q.depth == 0).map(|(i, _)| i).collect();
        Scene { doc, actors, quotes, first, sentence, quoted, tops }
    }

    pub fn sentence(&self, s: usize) -> Option<&'a Sentence> {
        self.doc.sentences.get(s)
    }
    pub fn len(&self) -> usize {
        self.sentence.len()
    }
    /// Sentence and token of place `w` in the row.
    pub fn at(&self, w: usize) -> Option<(usize, usize)> {
        let s = *self.sentence.get(w)? as usize;
        Some((s, w - self.first[s]))
    }
    pub fn token(&self, w: usize) -> Option<&'a Token> {
        let (s, t) = self.at(w)?;
        self.doc.sentences.get(s)?.tokens.get(t)
    }
    /// Place in the row of a token.
    pub fn place(&self, s: usize, t: usize) -> usize {
        self.first.get(s).map_or(self.len(), |f| f + t)
    }
    /// The quotation a token of sentence `s` stands in.
    pub fn quote_of(&self, s: usize, t: usize) -> Option<usize> {
        self.quoted.get(self.place(s, t)).copied().flatten().map(|q| q as usize)
    }
    pub fn quote_at(&self, w: usize) -> Option<usize> {
        self.quoted.get(w).copied().flatten().map(|q| q as usize)
    }
    /// First token that does not end before byte `at`.
    pub fn token_at(&self, at: usize) -> usize {
        let s = self.doc.sentences.partition_point(|s| s.span.end <= at);
        match self.doc.sentences.get(s) {
            Some(sent) => self.first[s] + sent.tokens.partition_point(|t| t.span.end <= at),
            None => self.len(),
        }
    }
    /// The report's own quotations that overlap `span`, in order.
    pub fn quotes_over(&self, span: Span) -> impl Iterator<Item = &'a Quote> + Clone + use<'a, '_> {
        let quotes = self.quotes;
        let from = self.tops.partition_point(|&i| quotes[i].outer.end <= span.start);
        self.tops[from..].iter().map(move |&i| &quotes[i]).take_while(move |q| q.outer.start < span.end)
    }
    /// Block of a token.
    pub fn block(&self, w: usize) -> Option<usize> {
        self.at(w).and_then(|(s, _)| self.doc.sentences.get(s)).map(|s| s.block)
    }
    /// Kind of a sentence's block.
    pub fn kind(&self, s: usize) -> Option<BlockKind> {
        self.doc.block_kind(s)
    }
    /// Whether a sentence belongs to another report: its voices are not heard in this one.
    pub fn foreign(&self, s: usize) -> bool {
        self.kind(s) == Some(BlockKind::RelatedLink)
    }
    /// Whether only white space lies between two bytes.
    pub fn blank(&self, from: usize, to: usize) -> bool {
        from <= to && Span::new(from, to).of(&self.doc.report.text).trim().is_empty()
    }
}
