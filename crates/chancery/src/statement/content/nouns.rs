//! Reports whose cue is a noun, an adjective or a phrase: "the claim that", "convinced that", "according to".

use super::Finder;
use super::runs::outside;
use crate::parse::ud::{Dep, Upos};
use crate::statement::draft::Draft;
use crate::statement::speaker::{nominal, phrase, subject};

impl Finder<'_> {
    pub(super) fn noun(&self, n: usize, out: &mut Vec<Draft>) {
        let Some(cue) = self.lexicon.noun(self.s, n) else { return };
        let content = self.s.children(n).find(|&c| {
            c > n
                && match self.dep(c) {
                    Dep::Acl | Dep::Ccomp => {
                        cue.clause && (self.mark_of(c) == Some("that") || self.dep(c) == Dep::Ccomp) || cue.infinitive && self.infinitive(c)
                    }
                    Dep::Nmod | Dep::Obl => self.case_of(c).is_some_and(|p| cue.prepositions.iter().any(|q| q == p)),
                    _ => false,
                }
        });
        let Some(content) = content else { return };
        let holder = self.holder(n);
        for run in self.clause(content, Some(n)) {
            let run = if matches!(self.dep(content), Dep::Nmod | Dep::Obl) { self.until_break(run) } else { run };
            match holder {
                Some(holder) => self.give(run, cue, n, holder, None, out),
                // "faced criticism for the move" tells no words.
                None if matches!(self.dep(content), Dep::Nmod | Dep::Obl) => {}
                None => self.give_hearsay(run, cue, n, out),
            }
        }
    }

    /// Whose claim: "*his* claim", "the claim by *Iran*", "*Iran* made the claim".
    fn holder(&self, n: usize) -> Option<usize> {
        let own = self.s.children(n).find(|&c| match self.dep(c) {
            Dep::NmodPoss => true,
            Dep::Nmod | Dep::Obl => c > n && matches!(self.case_of(c), Some("by" | "from")),
            _ => false,
        });
        own.or_else(|| {
            let v = self.s.tokens[n].head;
            (matches!(self.dep(n), Dep::Obj) && v != n).then(|| subject(self.s, v, self.lexicon)).flatten()
        })
    }

    pub(super) fn adjective(&self, a: usize, out: &mut Vec<Draft>) {
        let Some(cue) = self.lexicon.adjective(self.s, a) else { return };
        let Some(holder) = subject(self.s, a, self.lexicon).filter(|&h| nominal(self.s, h)) else { return };
        if self.negated(a) && cue.voice {
            return;
        }
        let content = self.s.children(a).find(|&c| {
            c > a
                && match self.dep(c) {
                    Dep::Ccomp | Dep::Advcl => cue.clause && self.own_subject(c) && self.case_of(c).is_none(),
                    Dep::Xcomp => cue.infinitive && self.infinitive(c),
                    Dep::Obl => self.case_of(c).is_some_and(|p| cue.prepositions.iter().any(|q| q == p)),
                    _ => false,
                }
        });
        let content = content.or_else(|| {
            self.s
                .children(a)
                .find(|&c| c > a && self.dep(c) == Dep::Advcl && self.mark_of(c).is_some_and(|p| cue.prepositions.iter().any(|q| q == p)))
        });
        if let Some(content) = content {
            for run in self.clause(content, Some(a)) {
                self.give(run, cue, a, holder, None, out);
            }
        }
    }

    /// "according to NP": the clause around it is NP's.
    pub(super) fn phrase(&self, t: usize, out: &mut Vec<Draft>) {
        let form = |i: usize| self.s.tokens.get(i).map(|w| w.form.to_lowercase()).unwrap_or_default();
        let Some(found) = self.lexicon.phrases.iter().find(|p| p.words.iter().enumerate().all(|(i, w)| form(t + i) == *w)) else { return };
        let last = t + found.words.len() - 1;
        // The phrase's noun governs its words.
        let Some(noun) = (last + 1..self.s.tokens.len().min(last + 25)).find(|&i| {
            nominal(self.s, i)
                && !(self.s.tokens[i].head > i
                    && matches!(self.dep(i), Dep::Compound | Dep::NmodPoss | Dep::Nummod | Dep::Flat | Dep::Amod | Dep::Nmod | Dep::Det))
        }) else {
            return;
        };
        let np = phrase(self.s, self.si, noun);
        let (lo, hi) = self.s.subtree(noun);
        let (lo, hi) = (lo.min(t), if lo <= t + 1 { hi } else { np.last });
        let mut runs = Vec::new();
        let governor = self.s.tokens[noun].head;
        let clause_head = if governor != noun && !(t..=hi).contains(&governor) { Some(governor) } else { None };
        if let Some(head) = clause_head {
            // A noun between is part of what it hangs on ("a study, according to X, found").
            let head = std::iter::once(head).chain(self.s.ancestors(head)).find(|&h| self.predicate(h)).unwrap_or(head);
            runs = self.clause(head, Some(noun)).into_iter().flat_map(|r| outside(r, (lo, hi))).collect();
        }
        if runs.is_empty() {
            let n = self.s.tokens.len();
            runs = if t <= 2 { vec![(hi + 1, n.saturating_sub(1))] } else { vec![(0, t - 1)] };
        }
        for run in runs {
            let Some((span, scope)) = self.bytes(run) else { continue };
            let mut draft = Draft::new(span, scope, found.stance.clone());
            draft.cue_words = Some(self.s.span_of(t, last));
            draft.cue = Some((self.si, t));
            draft.speaker = Some(np);
            out.push(draft);
        }
    }

    /// "In a new poll, Ortega leads": the clause around it is the poll's.
    pub(super) fn survey(&self, t: usize, out: &mut Vec<Draft>) {
        let token = &self.s.tokens[t];
        let is_survey = self.lexicon.surveys.iter().any(|w| *w == token.lemma.to_lowercase());
        let stands_in = self.s.children(t).find(|&c| self.dep(c) == Dep::Case && self.s.tokens[c].lemma == "in");
        let Some(preposition) = stands_in.filter(|_| is_survey && self.dep(t) == Dep::Obl) else { return };
        let head = token.head;
        let (lo, hi) = self.s.subtree(t);
        if !self.predicate(head) {
            return;
        }
        for run in self.clause(head, None).into_iter().flat_map(|r| outside(r, (lo, hi))) {
            let Some((span, scope)) = self.bytes(run).filter(|_| run.1 > run.0 + 1) else { continue };
            let mut draft = Draft::new(span, scope, "show".to_owned());
            draft.cue_words = Some(self.s.span_of(preposition, preposition));
            draft.speaker = Some(phrase(self.s, self.si, t));
            out.push(draft);
        }
    }

    fn predicate(&self, t: usize) -> bool {
        self.s.tokens[t].upos == Upos::Verb || self.own_subject(t) || self.s.children(t).any(|c| self.dep(c) == Dep::Cop)
    }
}
