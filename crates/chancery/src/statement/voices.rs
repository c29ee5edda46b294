//! Whose voice a place in the text stands under, found without looking at every statement.

use crate::model::{Doc, StatementMention};
use crate::record::Span;

/// The statements of a report by sentence.
pub struct Voices<'a> {
    all: &'a [StatementMention],
    /// By sentence: statements that cover a part of it.
    over: Vec<Vec<usize>>,
    /// By sentence: statements whose cue stands in it.
    cued: Vec<Vec<usize>>,
}

impl<'a> Voices<'a> {
    pub fn new(doc: &Doc, all: &'a [StatementMention]) -> Self {
        let n = doc.sentences.len();
        let mut voices = Voices { all, over: vec![Vec::new(); n], cued: vec![Vec::new(); n] };
        for (i, s) in all.iter().enumerate() {
            if let Some(cued) = s.cue.and_then(|(sentence, _)| voices.cued.get_mut(sentence)) {
                cued.push(i);
            }
            for scope in &s.scope {
                let from = doc.sentences.partition_point(|x| x.span.end <= scope.start);
                for (over, sentence) in voices.over.iter_mut().zip(doc.sentences).skip(from) {
                    if sentence.span.start >= scope.end {
                        break;
                    }
                    if over.last() != Some(&i) {
                        over.push(i);
                    }
                }
            }
        }
        voices
    }

    pub fn get(&self, statement: usize) -> Option<&'a StatementMention> {
        self.all.get(statement)
    }

    /// The statement with the narrowest scope around `span`, which begins in that sentence.
    pub fn narrowest(&self, sentence: usize, span: Span) -> Option<usize> {
        let scopes = |i: usize| self.all[i].scope.iter().filter(|x| x.contains(span)).map(move |x| (x.len(), i));
        self.over.get(sentence)?.iter().flat_map(|&i| scopes(i)).min().map(|(_, i)| i)
    }

    /// All statements with a scope around `span`, which begins in that sentence; in text order.
    pub fn around(&self, sentence: usize, span: Span) -> impl Iterator<Item = usize> + use<'_> {
        let holds = move |i: &usize| self.all[*i].scope.iter().any(|x| x.contains(span));
        self.over.get(sentence).into_iter().flatten().copied().filter(holds)
    }

    /// The first statement whose cue is one of `tokens` of that sentence.
    pub fn cued_by(&self, sentence: usize, tokens: &[usize]) -> Option<usize> {
        let by = |i: &usize| self.all[*i].cue.is_some_and(|(_, token)| tokens.contains(&token));
        self.cued.get(sentence)?.iter().copied().find(by)
    }
}
