//! What a figure measures, read off the tree: change against level against target, direction, the thing measured.

use super::grammar::FigureGrammar;
use crate::model::{Doc, Sentence};
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::Figure;
use std::ops::Range;

fn has(list: &[String], word: &str) -> bool {
    list.iter().any(|w| w == word)
}

impl FigureGrammar {
    /// Fills kind, unit, direction and `of`; the head the figure hangs on the tree by, None where it is no figure.
    pub(super) fn measure(&self, doc: &Doc, s: &Sentence, tokens: Range<usize>, head: usize, record: &mut Figure) -> Option<usize> {
        if record.unit.is_none() {
            return self.count(doc, s, &tokens, head, record);
        }
        let money_or_percent = matches!(record.kind.as_deref(), Some("money" | "percent" | "measure"));
        if money_or_percent {
            self.moved(doc, s, &tokens, head, record);
        }
        Some(head)
    }

    /// A number without unit counts the noun it hangs on.
    fn count(&self, doc: &Doc, s: &Sentence, tokens: &Range<usize>, head: usize, record: &mut Figure) -> Option<usize> {
        record.kind = Some("count".to_owned());
        let token = s.tokens.get(head)?;
        let counted = (matches!(token.dep, Dep::Nummod | Dep::Compound | Dep::Amod) && !tokens.contains(&token.head)).then_some(token.head);
        // "200 of them", "three were killed": people counted without a noun.
        let noun = counted.filter(|&h| s.tokens.get(h).is_some_and(|t| matches!(t.upos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::Sym)));
        let lemma = noun.and_then(|h| s.tokens.get(h)).map(|t| t.lemma.to_lowercase());
        let argument = noun.unwrap_or(head);
        let done = self.done_to(s, argument);
        match (&lemma, done) {
            (Some(lemma), done) => {
                let people = self.people_nouns.get(lemma.as_str());
                record.unit = Some(people.cloned().unwrap_or_else(|| lemma.to_string()));
                if people.is_some() {
                    let own = self.people.get(lemma.as_str()).cloned();
                    let troops = people.is_some_and(|p| p == "troop").then(|| "troops".to_owned());
                    record.kind = done.or(own).or(troops).or(record.kind.take());
                }
            }
            (None, Some(done)) => {
                record.unit = self.people_nouns.values().next().cloned();
                record.kind = Some(done);
            }
            (None, None) => {}
        }
        if let Some(h) = noun {
            record.of = Some(self.phrase(doc, s, h, Some(tokens)));
        }
        Some(argument)
    }

    /// What is done to those counted: the verb that has them as object or passive subject, or a predicate ("left five dead").
    fn done_to(&self, s: &Sentence, argument: usize) -> Option<String> {
        let token = s.tokens.get(argument)?;
        let governor = s.tokens.get(token.head).filter(|_| token.head != argument)?;
        let acts_on = matches!(token.dep, Dep::Obj | Dep::NsubjPass | Dep::Obl | Dep::Nmod | Dep::Conj | Dep::Iobj);
        let dies = token.dep == Dep::Nsubj;
        let lemma = governor.lemma.to_lowercase();
        // "Five died": the subject suffers only with a verb that never has an object here.
        let has_object = s.child(token.head, Dep::Obj).is_some();
        if let Some(kind) = self.people.get(lemma.as_str()).filter(|_| acts_on || (dies && !has_object)) {
            return Some(kind.clone());
        }
        let modifiers = s.children(argument).chain(s.children(token.head)).filter(|&c| c != argument);
        modifiers
            .filter(|&c| {
                matches!(s.tokens[c].dep, Dep::Xcomp | Dep::Amod | Dep::Acl)
                    || (s.tokens[c].dep == Dep::Conj && s.tokens[c].xpos == Xpos::Jj)
            })
            .find_map(|c| self.people.get(s.tokens[c].lemma.to_lowercase().as_str()).cloned())
    }

    /// Money, percent or a measure under a verb or noun of change, or as a target.
    fn moved(&self, doc: &Doc, s: &Sentence, tokens: &Range<usize>, head: usize, record: &mut Figure) {
        let Some(token) = s.tokens.get(head) else { return };
        let m = &self.measure;
        let case = s.children(head).filter(|&c| s.tokens[c].dep == Dep::Case).map(|c| s.tokens[c].lemma.to_lowercase()).next();
        let case = case.as_deref();
        let governor = (token.head != head).then_some(token.head);
        // "25 percent of X"
        let inner = self.complement(s, head, tokens);
        let Some(g) = governor else {
            record.of = inner.map(|i| self.phrase(doc, s, i, None));
            return;
        };
        let lemma = s.tokens[g].lemma.to_lowercase();
        let direction = if has(&m.increase, &lemma) {
            Some("increase")
        } else if has(&m.decrease, &lemma) {
            Some("decrease")
        } else {
            self.particle_direction(s, g, head)
        };
        if let Some(direction) = direction {
            let prep = |list: &[String]| case.is_some_and(|c| has(list, c));
            let level = prep(&m.to) || prep(&m.from);
            record.kind = Some(if level { "level" } else { "change" }.to_owned());
            record.direction = (!prep(&m.from)).then(|| direction.to_owned());
            let verb = s.tokens[g].upos == Upos::Verb;
            let thing = if verb { self.mover(s, g, head) } else { self.complement(s, g, tokens) };
            record.of = thing.map(|t| self.phrase(doc, s, t, None)).or_else(|| inner.map(|i| self.phrase(doc, s, i, None)));
            return;
        }
        if has(&m.target, &lemma)
            && matches!(token.dep, Dep::Nmod | Dep::Compound | Dep::Nummod | Dep::Amod | Dep::NmodUnmarked | Dep::Appos | Dep::NmodDesc)
        {
            record.kind = Some("target".to_owned());
            let own = s.children(g).filter(|&c| c != head && s.tokens[c].dep == Dep::Nmod).find(|c| !tokens.contains(c));
            record.of = match own {
                Some(c) => Some(self.phrase(doc, s, c, None)),
                None => self.measured_before(doc, s, tokens.start),
            };
            return;
        }
        if let Some(i) = inner {
            record.kind = Some(if record.kind.as_deref() == Some("percent") { "share" } else { "level" }.to_owned());
            record.of = Some(self.phrase(doc, s, i, None));
        } else if matches!(token.dep, Dep::Nmod | Dep::Compound | Dep::Nummod | Dep::Amod | Dep::NmodUnmarked) && s.tokens[g].xpos.is_noun()
        {
            record.of = Some(self.phrase(doc, s, g, Some(tokens)));
        }
    }

    /// "up 25 percent", "down by 3 points".
    fn particle_direction(&self, s: &Sentence, governor: usize, head: usize) -> Option<&'static str> {
        let near = s.children(governor).chain(s.children(head)).filter(|&c| c != head && c.abs_diff(head) <= 4);
        near.filter(|&c| matches!(s.tokens[c].upos, Upos::Adv | Upos::Adp)).find_map(|c| {
            let lemma = s.tokens[c].lemma.to_lowercase();
            if has(&self.measure.increase, &lemma) {
                Some("increase")
            } else if has(&self.measure.decrease, &lemma) {
                Some("decrease")
            } else {
                None
            }
        })
    }

    /// What rises or falls: the subject, or the object where somebody raises it.
    fn mover(&self, s: &Sentence, verb: usize, figure: usize) -> Option<usize> {
        let object = s.children(verb).find(|&c| c != figure && s.tokens[c].dep == Dep::Obj && s.tokens[c].upos != Upos::Sym);
        let subject = s.children(verb).find(|&c| s.tokens[c].dep.is_subject());
        object.or(subject).or_else(|| {
            // "will continue to grow", "expected to rise": the subject stands above.
            let up = s.tokens[verb].head;
            (up != verb && matches!(s.tokens[verb].dep, Dep::Xcomp | Dep::Conj))
                .then(|| s.children(up).find(|&c| s.tokens[c].dep.is_subject()))
                .flatten()
        })
    }

    /// The noun behind "of", "in": of what a share, in what an increase.
    fn complement(&self, s: &Sentence, head: usize, tokens: &Range<usize>) -> Option<usize> {
        s.children(head).filter(|c| !tokens.contains(c) && *c > head).find(|&c| {
            matches!(s.tokens[c].dep, Dep::Nmod | Dep::Obl)
                && s.children(c).any(|p| s.tokens[p].dep == Dep::Case && has(&self.measure.of, &s.tokens[p].lemma.to_lowercase()))
        })
    }

    /// What an earlier figure or subject of the sentence measures, without words that only say "amount".
    fn measured_before(&self, doc: &Doc, s: &Sentence, before: usize) -> Option<String> {
        let subject = (0..before).rev().find(|&t| {
            let token = &s.tokens[t];
            token.dep.is_subject() && token.upos == Upos::Noun && {
                let verb = s.tokens.get(token.head).map(|v| v.lemma.to_lowercase()).unwrap_or_default();
                has(&self.measure.increase, &verb)
                    || has(&self.measure.decrease, &verb)
                    || has(&self.measure.quantity, &token.lemma.to_lowercase())
            }
        })?;
        let mut at = subject;
        // "the volume of trade": the trade.
        for _ in 0..3 {
            let quantity = has(&self.measure.quantity, &s.tokens[at].lemma.to_lowercase());
            match self.complement(s, at, &(at..at + 1)).filter(|_| quantity) {
                Some(inner) => at = inner,
                None => break,
            }
        }
        // "trade exchanges": the trade.
        let lead = if has(&self.measure.quantity, &s.tokens[at].lemma.to_lowercase()) {
            s.children(at).rfind(|&c| c < at && matches!(s.tokens[c].dep, Dep::Compound | Dep::Amod))
        } else {
            None
        };
        match lead {
            Some(last) => {
                let first =
                    s.children(at).filter(|&c| c <= last && matches!(s.tokens[c].dep, Dep::Compound | Dep::Amod)).min().unwrap_or(last);
                Some(doc.slice(s.span_of(s.subtree(first).0.min(first), last)).to_owned())
            }
            None => {
                let first = s.children(at).filter(|&c| c < at && !matches!(s.tokens[c].dep, Dep::Det | Dep::Case)).min().unwrap_or(at);
                Some(doc.slice(s.span_of(first, s.subtree(at).1)).to_owned())
            }
        }
    }

    /// The noun phrase headed by `head`: its own words and "of" phrases, no clauses, no preposition in front of it.
    fn phrase(&self, doc: &Doc, s: &Sentence, head: usize, without: Option<&Range<usize>>) -> String {
        let (mut first, mut last) = (head, head);
        for c in s.children(head) {
            let token = &s.tokens[c];
            let keeps = matches!(
                token.dep,
                Dep::Det | Dep::Amod | Dep::Compound | Dep::NmodPoss | Dep::Nummod | Dep::Flat | Dep::NmodDesc | Dep::Nmod | Dep::Fixed
            );
            let near = token.dep != Dep::Nmod || s.children(c).any(|p| s.tokens[p].dep == Dep::Case);
            if !keeps || !near || without.is_some_and(|w| w.contains(&c)) {
                continue;
            }
            let (a, b) = s.subtree(c);
            // A figure in front of its noun is no part of what it counts.
            if without.is_some_and(|w| a < w.end && w.start <= b) {
                continue;
            }
            first = first.min(a);
            last = last.max(b);
        }
        if let Some(w) = without.filter(|w| first < w.end && w.end <= head) {
            first = w.end;
        }
        doc.slice(s.span_of(first, last)).to_owned()
    }
}
