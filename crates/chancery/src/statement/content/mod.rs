//! Reported content on the tree: which words a cue takes as what was said.

mod aside;
mod hearsay;
mod nouns;
mod runs;

use super::cues::{Cue, SpeechLexicon};
use super::draft::Draft;
use super::scene::Scene;
use super::speaker::{agent, nominal, passive, phrase, subject};
use crate::model::Sentence;
use crate::parse::ud::{Dep, Upos, Xpos};

/// Tokens `first..=last` of a sentence.
type Run = (usize, usize);

/// All reports that a cue outside quotation marks governs.
pub fn reports(scene: &Scene, lexicon: &SpeechLexicon) -> Vec<Draft> {
    let mut out = Vec::new();
    for (si, s) in scene.doc.sentences.iter().enumerate().filter(|&(si, _)| !scene.foreign(si)) {
        let finder = Finder { scene, lexicon, si, s };
        for t in 0..s.tokens.len() {
            if scene.quote_of(si, t).is_some() {
                continue;
            }
            match s.tokens[t].upos {
                Upos::Verb | Upos::Aux => finder.verb(t, &mut out),
                Upos::Noun => {
                    finder.noun(t, &mut out);
                    finder.survey(t, &mut out);
                }
                Upos::Adj => finder.adjective(t, &mut out),
                Upos::Adv => finder.adverb(t, &mut out),
                _ => {}
            }
            finder.phrase(t, &mut out);
        }
    }
    out
}

struct Finder<'a> {
    scene: &'a Scene<'a>,
    lexicon: &'a SpeechLexicon,
    si: usize,
    s: &'a Sentence,
}

impl Finder<'_> {
    fn dep(&self, t: usize) -> Dep {
        self.s.tokens[t].dep
    }
    fn case_of(&self, t: usize) -> Option<&str> {
        self.s.children(t).find(|&c| self.dep(c) == Dep::Case).map(|c| self.s.tokens[c].lemma.as_str())
    }
    fn has_mark(&self, t: usize) -> bool {
        self.s.children(t).any(|c| self.dep(c) == Dep::Mark && c < t)
    }
    fn infinitive(&self, t: usize) -> bool {
        self.s.children(t).any(|c| c < t && self.dep(c) == Dep::Mark && self.s.tokens[c].lemma == "to")
    }
    fn own_subject(&self, t: usize) -> bool {
        self.s.children(t).any(|c| self.dep(c).is_subject())
    }
    fn negated(&self, t: usize) -> bool {
        self.s.children(t).any(|c| c < t && self.dep(c) == Dep::Advmod && matches!(self.s.tokens[c].lemma.as_str(), "not" | "never"))
    }

    fn verb(&self, v: usize, out: &mut Vec<Draft>) {
        let token = &self.s.tokens[v];
        if matches!(token.dep, Dep::Aux | Dep::AuxPass | Dep::Cop | Dep::Amod | Dep::Compound | Dep::Case | Dep::Mark | Dep::Fixed) {
            return;
        }
        if self.hearsay(v, out) {
            return;
        }
        let Some(cue) = self.lexicon.verb(self.s, v) else { return };
        if cue.clause && (self.aside(v, cue, out) || self.as_told(v, cue, out)) {
            return;
        }
        let is_passive = passive(self.s, v);
        let speaker = if is_passive { agent(self.s, v) } else { subject(self.s, v, self.lexicon).or_else(|| self.inverted(v)) };
        let (runs, addressee) = if is_passive { self.of_passive(v, cue) } else { self.of_verb(v, cue) };
        let Some(speaker) = speaker else { return };
        if self.negated(v) && cue.voice {
            return;
        }
        let addressee = addressee.or_else(|| self.told_to(v));
        for run in runs {
            self.give(run, cue, v, speaker, addressee, out);
        }
    }

    /// "…, said Caddell": the name after the verb, where the parser did not see a subject.
    fn inverted(&self, v: usize) -> Option<usize> {
        self.s
            .children(v)
            .find(|&c| {
                c > v
                    && c <= v + 6
                    && matches!(self.dep(c), Dep::Obj | Dep::Obl | Dep::OblUnmarked | Dep::Dep | Dep::Parataxis | Dep::Xcomp)
                    && self.s.tokens[c].upos == Upos::Propn
                    && self.case_of(c).is_none()
            })
            .filter(|_| self.dep(v) == Dep::Parataxis || v > 0 && matches!(self.dep(v - 1), Dep::Punct))
    }

    fn told_to(&self, v: usize) -> Option<usize> {
        self.s.children(v).find(|&c| c > v && self.dep(c).main() == "obl" && self.case_of(c) == Some("to") && nominal(self.s, c))
    }

    /// What an active verb takes, and whom it is said to.
    fn of_verb(&self, v: usize, cue: &Cue) -> (Vec<Run>, Option<usize>) {
        let after = |dep: Dep| self.s.children(v).find(move |&c| c > v && self.s.tokens[c].dep == dep);
        let object = after(Dep::Obj).or_else(|| after(Dep::Iobj));
        if cue.clause {
            let takes = |c: usize| match self.dep(c) {
                Dep::Ccomp => true,
                // "He said: they go", "said they go" as the parser may hang it.
                Dep::Parataxis | Dep::Advcl => {
                    cue.voice
                        && c > v
                        && self.own_subject(c)
                        && (self.dep(c) == Dep::Parataxis || !self.has_mark(c))
                        && self.lexicon.verb(self.s, c).is_none()
                }
                Dep::Xcomp => cue.voice && self.own_subject(c),
                _ => false,
            };
            // A clause with its own subject after the cue goes before whatever else the parser took for one.
            let first = self.s.children(v).find(|&c| c > v && takes(c) && self.own_subject(c));
            if let Some(c) = first.or_else(|| self.s.children(v).find(|&c| takes(c))) {
                return (self.clause(c, Some(v)), object.filter(|&o| o < c));
            }
            if cue.voice && self.dep(v) == Dep::Parataxis && (self.own_subject(v) || self.inverted(v).is_some()) {
                let head = self.s.tokens[v].head;
                return (self.clause(head, Some(v)), object);
            }
        }
        if let Some(x) = after(Dep::Xcomp).or_else(|| after(Dep::Advcl)).or_else(|| after(Dep::Ccomp)) {
            let gerund = self.s.tokens[x].xpos == Xpos::Vbg;
            if cue.infinitive && self.infinitive(x) || cue.gerund && gerund && self.dep(x) != Dep::Advcl {
                return (self.clause(x, Some(v)), object.filter(|&o| o < x));
            }
        }
        // A clause that the parser took for an object ("said talks stalled").
        if let Some(o) = object.filter(|&o| cue.clause && cue.voice && !cue.object && o > v) {
            let (lo, hi) = self.s.subtree(o);
            if hi - lo >= 3 && lo > v && self.s.tokens[o].upos != Upos::Propn && self.finite(lo, hi) {
                return (vec![(lo, hi)], None);
            }
        }
        // "polls show Ortega ahead": a survey speaks by what it shows.
        if let Some(o) = object.filter(|&o| cue.clause && !cue.object && o > v && self.counts_opinions(v)) {
            let (lo, hi) = (self.s.subtree(o).0, self.s.subtree(v).1);
            return (vec![(lo.max(v + 1), hi)], None);
        }
        if let Some(run) = self.after_that(v).filter(|_| cue.clause && cue.voice) {
            return (vec![run], object);
        }
        (self.noun_phrases(v, cue, object), None)
    }

    /// Whether a finite verb stands among tokens `lo..=hi`.
    fn finite(&self, lo: usize, hi: usize) -> bool {
        self.s.tokens[lo..=hi].iter().any(|t| {
            matches!(t.upos, Upos::Verb | Upos::Aux)
                && t.dep != Dep::Amod
                && (t.xpos.is_past() || matches!(t.xpos, Xpos::Vbz | Xpos::Vbp | Xpos::Md))
        })
    }

    /// Whether the subject of `v` is a poll or the like.
    fn counts_opinions(&self, v: usize) -> bool {
        subject(self.s, v, self.lexicon).is_some_and(|n| self.lexicon.surveys.iter().any(|w| *w == self.s.tokens[n].lemma.to_lowercase()))
    }

    /// "says in a statement that the race will": what stands after "that", where the parser hung it on another word.
    fn after_that(&self, v: usize) -> Option<Run> {
        let n = self.s.tokens.len();
        let that = (v + 1..n.min(v + 14)).find(|&i| self.s.tokens[i].upos == Upos::Sconj && self.s.tokens[i].lemma == "that")?;
        let free = (v + 1..that).all(|i| self.s.tokens[i].upos != Upos::Verb && self.scene.quote_of(self.si, i).is_none());
        let end = (that + 1..n).find(|&i| self.s.tokens[i].form == ";").unwrap_or(n) - 1;
        (free && that < end && self.finite(that + 1, end)).then_some((that + 1, end))
    }

    /// Object and prepositional phrases, joined where both are there ("accused Iran of cheating").
    fn noun_phrases(&self, v: usize, cue: &Cue, object: Option<usize>) -> Vec<Run> {
        let mut run: Option<Run> = None;
        let mut take = |r: Run| {
            run = Some(match run {
                Some(old) => (old.0.min(r.0), old.1.max(r.1)),
                None => r,
            })
        };
        let with_preposition = |c: &usize| {
            matches!(self.dep(*c).main(), "obl" | "advcl" | "xcomp" | "nmod")
                && *c > v
                && (self.case_of(*c).or(self.mark_of(*c))).is_some_and(|p| cue.prepositions.iter().any(|q| q == p))
        };
        let oblique = self.s.children(v).find(with_preposition);
        if let Some(o) = object.filter(|_| cue.object) {
            // "denied reports that it would close": the clause is what is denied.
            let told =
                self.s.children(o).find(|&c| c > o && matches!(self.dep(c), Dep::Acl | Dep::Ccomp) && self.mark_of(c) == Some("that"));
            if let Some(c) = told.filter(|_| cue.clause) {
                return self.clause(c, Some(v));
            }
            if let Some(r) = self.clause(o, Some(v)).first() {
                take(*r);
            }
            if let Some(x) = self.s.children(v).find(|&c| c > o && self.dep(c) == Dep::Xcomp)
                && let Some(r) = self.clause(x, Some(v)).first()
            {
                take(*r);
            }
        }
        if let Some(p) = oblique
            && let Some(r) = self.clause(p, Some(v)).first()
        {
            take(*r);
        }
        // "said of him", an object before the verb ("what he called", "which he praised") has no run.
        run.into_iter().map(|r| self.quoted_words(self.until_break(r))).collect()
    }

    /// Of a noun phrase with words in quotation marks only these are reported ("stressed the “decisive role” of").
    fn quoted_words(&self, (first, last): Run) -> Run {
        let in_marks = |i: usize| self.scene.quote_of(self.si, i);
        let Some(from) = (first..=last).find(|&i| in_marks(i).is_some()) else { return (first, last) };
        let to = (from..=last).take_while(|&i| in_marks(i) == in_marks(from)).last().unwrap_or(from);
        (from, to)
    }

    fn mark_of(&self, t: usize) -> Option<&str> {
        self.s.children(t).find(|&c| self.dep(c) == Dep::Mark && c < t).map(|c| self.s.tokens[c].lemma.as_str())
    }

    /// A passive with its agent: what is told of, by whom.
    fn of_passive(&self, v: usize, cue: &Cue) -> (Vec<Run>, Option<usize>) {
        let subject = self.s.child(v, Dep::NsubjPass);
        if cue.clause
            && let Some(c) = self.s.children(v).find(|&c| self.dep(c) == Dep::Ccomp && c > v)
        {
            return (self.clause(c, Some(v)), subject);
        }
        if let Some(x) = self.s.children(v).find(|&c| c > v && self.dep(c) == Dep::Xcomp).filter(|&x| cue.infinitive && self.infinitive(x))
        {
            return (self.clause(x, Some(v)), subject);
        }
        if cue.object
            && let Some(n) = subject
        {
            let p = phrase(self.s, self.si, n);
            return (vec![(p.first, p.last)], None);
        }
        (Vec::new(), None)
    }
}
