//! From tokens to bytes: which words belong to a reported clause, and where they begin and end.

use super::{Finder, Run};
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::Span;
use crate::statement::cues::Cue;
use crate::statement::draft::Draft;
use crate::statement::speaker::{self, phrase};

impl Finder<'_> {
    /// Runs of tokens of the clause headed by `c`, without what hangs on the cue; an interrupted clause has two.
    pub(super) fn clause(&self, c: usize, cue: Option<usize>) -> Vec<Run> {
        let n = self.s.tokens.len();
        let cue_root = cue.filter(|&v| v != c && self.s.is_below(v, c));
        let mut member = vec![false; n];
        let mut stack = vec![c];
        while let Some(at) = stack.pop() {
            if member[at] || Some(at) == cue_root {
                continue;
            }
            member[at] = true;
            stack.extend(self.s.children(at).filter(|&k| !self.other_report(c, at, k, cue)));
        }
        let (Some(lo), Some(hi)) = (member.iter().position(|&m| m), member.iter().rposition(|&m| m)) else { return Vec::new() };
        match cue_root {
            Some(v) => {
                let (from, to) = self.s.subtree(v);
                outside((lo, hi), (from, to)).into_iter().filter(|r| r.1 > r.0).collect()
            }
            // A cue that the words around it do not contain by grammar still interrupts them.
            None => match cue {
                Some(v) if lo < v && v < hi => {
                    let (from, to) = self.s.children(v).filter(|&k| self.dep(k).is_subject()).fold((v, v), |(a, b), k| {
                        let p = phrase(self.s, self.si, k);
                        (a.min(p.first), b.max(p.last))
                    });
                    outside((lo, hi), (from, to)).into_iter().filter(|r| r.1 > r.0).collect()
                }
                _ => vec![(lo, hi)],
            },
        }
    }

    /// Whether `k` begins another report of the same speaker, which the parser hung into this one:
    /// "…, adding that", "and said".
    fn other_report(&self, c: usize, at: usize, k: usize, cue: Option<usize>) -> bool {
        let Some(v) = cue.filter(|&v| v < c) else { return false };
        let t = &self.s.tokens[k];
        let speaks = || k > v && self.lexicon.verb(self.s, k).is_some_and(|q| q.voice);
        match t.dep {
            Dep::Advcl => t.xpos == Xpos::Vbg && !self.has_mark(k) && self.comma_before(k) && speaks(),
            Dep::Conj => {
                at == c && !self.own_subject(k) && t.xpos == self.s.tokens[v].xpos && self.s.child(k, Dep::Ccomp).is_some() && speaks()
            }
            _ => false,
        }
    }

    pub(super) fn comma_before(&self, k: usize) -> bool {
        let (lo, _) = self.s.subtree(k);
        (lo > 0 && self.s.tokens[lo - 1].form == ",") || self.s.tokens[lo].form == ","
    }

    /// A reported noun phrase ends where the report's own circumstances begin ("amid", "during").
    pub(super) fn until_break(&self, (first, last): Run) -> Run {
        let form = |i: usize| self.s.tokens.get(i).map(|w| w.form.to_lowercase()).unwrap_or_default();
        let at = (first + 2..=last).find(|&i| self.lexicon.breaks.iter().any(|b| b.iter().enumerate().all(|(k, w)| form(i + k) == *w)));
        (first, at.map_or(last, |i| i - 1))
    }

    /// Bytes of a run without marks around it and a leading "that"; nothing where no word is left.
    pub(super) fn bytes(&self, (mut first, mut last): Run) -> Option<(Span, Span)> {
        let n = self.s.tokens.len();
        last = last.min(n.checked_sub(1)?);
        let scope = self.s.span_of(first, last);
        let mark = |i: usize| {
            let t = &self.s.tokens[i];
            t.upos == Upos::Punct && self.scene.quote_of(self.si, i).is_none()
        };
        while first <= last
            && (mark(first)
                || self.s.tokens[first].lemma == "that" && self.s.tokens.get(first + 1).is_some_and(|t| t.dep.is_subject())
                || matches!(self.s.tokens[first].dep, Dep::Mark | Dep::Cc)
                    && matches!(self.s.tokens[first].lemma.as_str(), "that" | "and" | "but"))
        {
            first += 1;
        }
        while last > first && mark(last) {
            last -= 1;
        }
        if first > last || (first..=last).all(|i| self.s.tokens[i].upos == Upos::Punct) {
            return None;
        }
        let mut span = self.s.span_of(first, last);
        // Words in marks belong to the content to their closing mark.
        if let Some(q) = self.scene.quote_of(self.si, last) {
            let q = &self.scene.quotes[q];
            if q.outer.start >= span.start || self.scene.quote_of(self.si, first).is_some() {
                span.end = span.end.max(q.outer.end);
            }
        }
        if let Some(q) = self.scene.quote_of(self.si, first) {
            span.start = span.start.min(self.scene.quotes[q].outer.start);
        }
        Some((span, scope.join(span)))
    }

    pub(super) fn give(&self, run: Run, cue: &Cue, at: usize, speaker: usize, addressee: Option<usize>, out: &mut Vec<Draft>) {
        let speaker = if self.s.tokens[speaker].upos == Upos::Verb { return } else { phrase(self.s, self.si, speaker) };
        let Some((span, scope)) = self.bytes(run) else { return };
        let said_by = speaker::span(self.scene, speaker);
        if span.contains(said_by) {
            return;
        }
        let mut draft = Draft::new(span, scope, cue.stance.clone());
        draft.cue = Some((self.si, at));
        draft.cue_words = Some(self.s.span_of(at, cue.last_token(self.s, at)));
        draft.speaker = Some(speaker);
        draft.addressee = addressee.map(|a| phrase(self.s, self.si, a));
        out.push(draft);
    }
}

/// The parts of run `a` outside run `b`.
pub(super) fn outside(a: Run, b: Run) -> Vec<Run> {
    if b.1 < a.0 || b.0 > a.1 {
        return vec![a];
    }
    let mut out = Vec::new();
    if b.0 > a.0 {
        out.push((a.0, b.0 - 1));
    }
    if b.1 < a.1 {
        out.push((b.1 + 1, a.1));
    }
    out
}
