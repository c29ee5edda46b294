//! What nobody in particular says: "is expected to", "was seen as", "reportedly", and the report's own "seems to".
//!
//! Their statements have no speaker. The content is the whole proposition with its subject.

use super::{Finder, Run};
use crate::parse::ud::{Dep, Upos};
use crate::statement::cues::Cue;
use crate::statement::draft::Draft;
use crate::statement::speaker::{agent, passive, phrase};

impl Finder<'_> {
    /// A passive without an agent, or a hedging verb. True where it was one.
    pub(super) fn hearsay(&self, v: usize, out: &mut Vec<Draft>) -> bool {
        let (cue, content) = if let Some(cue) = self.lexicon.hedge(self.s, v) {
            (cue, self.hedged(v, cue))
        } else if passive(self.s, v)
            && self.s.tokens[v].dep != Dep::Acl
            && agent(self.s, v).is_none()
            && let Some(cue) = self.lexicon.passive(self.s, v)
        {
            (cue, self.told_of(v, cue))
        } else {
            return false;
        };
        let Some(content) = content else { return false };
        let Some(mut run) = self.clause(content, Some(v)).first().copied() else { return false };
        // "it is said that", "was asked whether": the subject is no part of what is said.
        let whole = self.dep(content) == Dep::Ccomp && self.own_subject(content);
        let subject = self.s.children(v).find(|&c| self.dep(c).is_subject() && c < v && self.s.tokens[c].lemma != "it");
        if let Some(p) = subject.filter(|_| !whole).map(|c| phrase(self.s, self.si, c)) {
            run.0 = run.0.min(p.first);
        }
        self.give_hearsay(run, cue, v, out);
        true
    }

    fn hedged(&self, v: usize, cue: &Cue) -> Option<usize> {
        self.s.children(v).find(|&c| {
            c > v
                && match self.dep(c) {
                    Dep::Xcomp => cue.infinitive || self.s.tokens[c].upos == Upos::Adj,
                    Dep::Ccomp => cue.clause,
                    Dep::Obl | Dep::Advcl => self.case_of(c).or(self.mark_of(c)).is_some_and(|p| cue.prepositions.iter().any(|q| q == p)),
                    _ => false,
                }
        })
    }

    fn told_of(&self, v: usize, cue: &Cue) -> Option<usize> {
        self.s.children(v).find(|&c| {
            c > v
                && match self.dep(c) {
                    Dep::Xcomp => cue.infinitive && self.infinitive(c) || cue.object,
                    Dep::Ccomp => cue.clause,
                    Dep::Obj => cue.object,
                    Dep::Obl | Dep::Advcl => self.case_of(c).or(self.mark_of(c)).is_some_and(|p| cue.prepositions.iter().any(|q| q == p)),
                    _ => false,
                }
        })
    }

    /// "The senator was reportedly hit": the clause around the adverb.
    pub(super) fn adverb(&self, t: usize, out: &mut Vec<Draft>) {
        let Some(cue) = self.lexicon.adverb(self.s, t) else { return };
        let head = self.s.tokens[t].head;
        if head == t || self.dep(t) != Dep::Advmod {
            return;
        }
        let clause = self.clause(head, None).first().copied();
        let Some(run) = clause.filter(|r| r.0 <= t && t <= r.1) else { return };
        self.give_hearsay(run, cue, t, out);
    }

    pub(super) fn give_hearsay(&self, run: Run, cue: &Cue, at: usize, out: &mut Vec<Draft>) {
        let Some((span, scope)) = self.bytes(run) else { return };
        let mut draft = Draft::new(span, scope, cue.stance.clone());
        draft.cue = Some((self.si, at));
        draft.cue_words = Some(self.s.span_of(at, cue.last_token(self.s, at)));
        draft.hearsay = true;
        out.push(draft);
    }
}
