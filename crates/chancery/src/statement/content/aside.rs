//! A cue set off by commas: what it speaks for stands around it, whatever the parser made of the sentence.

use super::Finder;
use super::runs::outside;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::statement::cues::Cue;
use crate::statement::draft::Draft;
use crate::statement::speaker::{nominal, phrase};

impl Finder<'_> {
    /// "X, he said, Y", "X, he said on Friday." and "X, said the minister.": a cue set off by commas speaks for all
    /// around it, whatever the parser made of the sentence. True where it was one.
    pub(super) fn aside(&self, v: usize, cue: &Cue, out: &mut Vec<Draft>) -> bool {
        // "exercises, called Zapad, on Friday" names them; nobody speaks.
        if self.dep(v) == Dep::Acl && !cue.voice {
            return false;
        }
        let n = self.s.tokens.len();
        let form = |i: usize| self.s.tokens.get(i).map_or("", |t| t.form.as_str());
        let comma = |i: usize| form(i) == ",";
        let own = self.s.children(v).filter(|&c| {
            matches!(self.dep(c), Dep::Nsubj | Dep::Obj | Dep::Iobj | Dep::OblUnmarked | Dep::Obl)
                && nominal(self.s, c)
                && self.case_of(c).is_none()
        });
        let inverted = v > 1 && (comma(v - 1) || self.closing(v - 1));
        let near =
            |c: &usize| if inverted { *c > v && phrase(self.s, self.si, *c).first <= v + 2 } else { *c < v && self.dep(*c) == Dep::Nsubj };
        // "at officers, who responded with gas": a relative clause tells more of its noun, and speaks for nothing around it.
        let relative = |c: &usize| matches!(self.s.tokens[*c].xpos, Xpos::Wp | Xpos::Wdt);
        let Some(speaker) = own.filter(near).filter(|c| !relative(c)).min_by_key(|&c| c.abs_diff(v)) else { return false };
        let p = phrase(self.s, self.si, speaker);
        let first = if inverted { v } else { p.first };
        // "Holding a book, he said: …" tells nothing before the cue.
        let finite = |from: usize, to: usize| from < to && self.finite(from, to - 1);
        let verbs = |from: usize, to: usize| {
            (from..to).any(|i| matches!(self.s.tokens[i].upos, Upos::Verb | Upos::Aux) && self.s.tokens[i].dep != Dep::Amod)
        };
        // Set off before by a comma, or by marks that close after one.
        let Some(lead) = first.checked_sub(1).filter(|&i| comma(i) || self.closing(i) && i > 0 && comma(i - 1)) else { return false };
        if !inverted && (p.last + 1..v).any(|i| matches!(self.s.tokens[i].upos, Upos::Verb | Upos::Sconj)) {
            return false;
        }
        if lead < 2 || (0..lead).all(|i| self.scene.quote_of(self.si, i).is_some()) {
            return false;
        }
        // What follows the cue: nothing but circumstances up to the end, or to a comma after which the words go on.
        let from = if inverted { p.last.max(v) + 1 } else { cue.last_token(self.s, v) + 1 };
        let stop = (from..n)
            .find(|&i| {
                comma(i)
                    || matches!(form(i), "." | "!" | "?" | ";" | ":" | "-" | "–" | "—" | "--")
                    || self.scene.quote_of(self.si, i).is_some()
            })
            .unwrap_or(n);
        if stop - from > 9 || verbs(from, stop) || (from..stop).any(|i| self.s.tokens[i].upos == Upos::Sconj) {
            return false;
        }
        let mut runs = vec![(0, lead - 1)];
        let told = verbs(0, lead) && (comma(stop) || finite(0, lead) || self.infinitive_in(lead));
        if comma(stop) && !inverted {
            let next = self.s.tokens.get(stop + 1);
            let goes_on = next.is_some_and(|t| {
                t.xpos != Xpos::Vbg
                    && !matches!(t.upos, Upos::Cconj)
                    && !matches!(t.lemma.as_str(), "who" | "which" | "whose" | "as" | "when" | "while" | "after" | "before")
            });
            // "In some cases, he said, the tests were wrong": the verb of what is said stands after the cue.
            if !finite(0, lead) && !finite(stop, n) {
                return false;
            }
            if goes_on && stop + 2 < n && self.scene.quote_of(self.si, stop + 1).is_none() {
                runs.push((stop + 1, n - 1));
            }
        } else if !told {
            return false;
        }
        let addressee = self.s.children(v).find(|&c| c > v && c != speaker && self.dep(c) == Dep::Obj && nominal(self.s, c));
        for run in runs {
            self.give(run, cue, v, speaker, addressee, out);
        }
        true
    }

    /// "Russia to win, says minister": a headline's future.
    fn infinitive_in(&self, lead: usize) -> bool {
        self.s.tokens[..lead].windows(2).any(|w| w[0].form == "to" && w[1].upos == Upos::Verb)
    }

    /// Whether token `i` is a mark that closes a quotation.
    fn closing(&self, i: usize) -> bool {
        let q = self.scene.quote_of(self.si, i).map(|q| &self.scene.quotes[q]);
        q.is_some_and(|q| self.s.tokens[i].span.start >= q.inner.end)
    }

    /// "As many experts have pointed out, X": the clause around it is what they point out.
    pub(super) fn as_told(&self, v: usize, cue: &Cue, out: &mut Vec<Draft>) -> bool {
        let content = |c: usize| matches!(self.dep(c), Dep::Ccomp | Dep::Xcomp | Dep::Obj);
        if self.dep(v) != Dep::Advcl || self.mark_of(v) != Some("as") || self.s.children(v).any(content) {
            return false;
        }
        let own = self.s.children(v).find(|&c| self.dep(c) == Dep::Nsubj && nominal(self.s, c));
        let (Some(speaker), head, (lo, hi)) = (own, self.s.tokens[v].head, self.s.subtree(v)) else { return false };
        if !(lo == 0 || self.comma_before(v)) {
            return false;
        }
        let runs: Vec<_> = self.clause(head, None).into_iter().flat_map(|r| outside(r, (lo, hi))).collect();
        for &run in &runs {
            self.give(run, cue, v, speaker, None, out);
        }
        !runs.is_empty()
    }
}
