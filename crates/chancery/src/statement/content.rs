//! Reported content on the tree: which words a cue takes as what was said.

use super::cues::{Cue, SpeechLexicon};
use super::draft::Draft;
use super::scene::Scene;
use super::speaker::{self, agent, nominal, passive, phrase, subject};
use crate::model::Sentence;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::Span;

/// Tokens `first..=last` of a sentence.
type Run = (usize, usize);

/// All reports that a cue outside quotation marks governs.
pub fn reports(scene: &Scene, lexicon: &SpeechLexicon) -> Vec<Draft> {
    let mut out = Vec::new();
    for (si, s) in scene.doc.sentences.iter().enumerate() {
        let finder = Finder { scene, lexicon, si, s };
        for t in 0..s.tokens.len() {
            if scene.quote_of(si, t).is_some() {
                continue;
            }
            match s.tokens[t].upos {
                Upos::Verb | Upos::Aux => finder.verb(t, &mut out),
                Upos::Noun => finder.noun(t, &mut out),
                Upos::Adj => finder.adjective(t, &mut out),
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
        let Some(cue) = self.lexicon.verb(self.s, v) else { return };
        let token = &self.s.tokens[v];
        if matches!(token.dep, Dep::Aux | Dep::AuxPass | Dep::Cop | Dep::Amod | Dep::Compound | Dep::Case | Dep::Mark | Dep::Fixed) {
            return;
        }
        if cue.voice && self.aside(v, cue, out) {
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

    /// "X, he said, Y", "X, he said on Friday." and "X, said the minister.": a cue set off by commas speaks for all
    /// around it, whatever the parser made of the sentence. True where it was one.
    fn aside(&self, v: usize, cue: &Cue, out: &mut Vec<Draft>) -> bool {
        let n = self.s.tokens.len();
        let form = |i: usize| self.s.tokens.get(i).map_or("", |t| t.form.as_str());
        let comma = |i: usize| form(i) == ",";
        let own = self.s.children(v).filter(|&c| {
            matches!(self.dep(c), Dep::Nsubj | Dep::Obj | Dep::OblUnmarked | Dep::Obl) && nominal(self.s, c) && self.case_of(c).is_none()
        });
        let inverted = v > 1 && (comma(v - 1) || self.closing(v - 1));
        let near =
            |c: &usize| if inverted { *c > v && phrase(self.s, self.si, *c).first <= v + 2 } else { *c < v && self.dep(*c) == Dep::Nsubj };
        let Some(speaker) = own.into_iter().find(near) else { return false };
        let p = phrase(self.s, self.si, speaker);
        let first = if inverted { v } else { p.first };
        let verbs = |from: usize, to: usize| {
            (from..to).any(|i| matches!(self.s.tokens[i].upos, Upos::Verb | Upos::Aux) && self.s.tokens[i].dep != Dep::Amod)
        };
        // Set off before by a comma, or by marks that close after one.
        let Some(lead) = first.checked_sub(1).filter(|&i| comma(i) || self.closing(i) && i > 0 && comma(i - 1)) else { return false };
        if !inverted && (p.last + 1..v).any(|i| matches!(self.s.tokens[i].upos, Upos::Verb | Upos::Sconj)) {
            return false;
        }
        if lead < 2 || !verbs(0, lead) || (0..lead).all(|i| self.scene.quote_of(self.si, i).is_some()) {
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
        if comma(stop) && !inverted {
            let next = self.s.tokens.get(stop + 1);
            let goes_on = next.is_some_and(|t| {
                t.xpos != Xpos::Vbg
                    && !matches!(t.upos, Upos::Cconj)
                    && !matches!(t.lemma.as_str(), "who" | "which" | "whose" | "as" | "when" | "while" | "after" | "before")
            });
            if goes_on && stop + 2 < n && self.scene.quote_of(self.si, stop + 1).is_none() {
                runs.push((stop + 1, n - 1));
            }
        }
        let addressee = self.s.children(v).find(|&c| c > v && c != speaker && self.dep(c) == Dep::Obj && nominal(self.s, c));
        for run in runs {
            self.give(run, cue, v, speaker, addressee, out);
        }
        true
    }

    /// Whether token `i` is a mark that closes a quotation.
    fn closing(&self, i: usize) -> bool {
        let q = self.scene.quote_of(self.si, i).map(|q| &self.scene.quotes[q]);
        q.is_some_and(|q| self.s.tokens[i].span.start >= q.inner.end)
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
            let clause = self.s.children(v).find(|&c| match self.dep(c) {
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
            });
            if let Some(c) = clause {
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
            if hi - lo >= 3 && lo > v && self.s.tokens[o].upos != Upos::Propn {
                return (vec![(lo, hi)], None);
            }
        }
        (self.noun_phrases(v, cue, object), None)
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

    fn noun(&self, n: usize, out: &mut Vec<Draft>) {
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
        let Some(holder) = self.holder(n) else { return };
        for run in self.clause(content, Some(n)) {
            let run = if matches!(self.dep(content), Dep::Nmod | Dep::Obl) { self.until_break(run) } else { run };
            self.give(run, cue, n, holder, None, out);
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

    fn adjective(&self, a: usize, out: &mut Vec<Draft>) {
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
    fn phrase(&self, t: usize, out: &mut Vec<Draft>) {
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

    fn predicate(&self, t: usize) -> bool {
        self.s.tokens[t].upos == Upos::Verb || self.own_subject(t) || self.s.children(t).any(|c| self.dep(c) == Dep::Cop)
    }

    /// Runs of tokens of the clause headed by `c`, without what hangs on the cue; an interrupted clause has two.
    fn clause(&self, c: usize, cue: Option<usize>) -> Vec<Run> {
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

    fn comma_before(&self, k: usize) -> bool {
        let (lo, _) = self.s.subtree(k);
        (lo > 0 && self.s.tokens[lo - 1].form == ",") || self.s.tokens[lo].form == ","
    }

    /// A reported noun phrase ends where the report's own circumstances begin ("amid", "during").
    fn until_break(&self, (first, last): Run) -> Run {
        let form = |i: usize| self.s.tokens.get(i).map(|w| w.form.to_lowercase()).unwrap_or_default();
        let at = (first + 2..=last).find(|&i| self.lexicon.breaks.iter().any(|b| b.iter().enumerate().all(|(k, w)| form(i + k) == *w)));
        (first, at.map_or(last, |i| i - 1))
    }

    /// Bytes of a run without marks around it and a leading "that"; nothing where no word is left.
    fn bytes(&self, (mut first, mut last): Run) -> Option<(Span, Span)> {
        let n = self.s.tokens.len();
        last = last.min(n.checked_sub(1)?);
        let scope = self.s.span_of(first, last);
        let mark = |i: usize| {
            let t = &self.s.tokens[i];
            t.upos == Upos::Punct && self.scene.quote_of(self.si, i).is_none()
        };
        while first <= last
            && (mark(first)
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

    fn give(&self, run: Run, cue: &Cue, at: usize, speaker: usize, addressee: Option<usize>, out: &mut Vec<Draft>) {
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
fn outside(a: Run, b: Run) -> Vec<Run> {
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
