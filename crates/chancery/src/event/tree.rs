//! Reading arguments off a dependency tree: subjects and objects behind passives, control, relative
//! clauses, participles and coordination; prepositional phrases wherever the parser hung them.

use crate::model::Sentence;
use crate::parse::ud::{Dep, Upos, Xpos};
use compact_str::CompactString;
use std::collections::{BTreeMap, BTreeSet};

/// How far subject sharing is followed; longer chains are parser errors.
const REACH: usize = 8;

/// Words that decide how a tree is read, from `modality.toml`.
#[derive(Debug, Default)]
pub struct TreeWords {
    /// Nouns of quantity seen through: "a *series* of attacks", "*hundreds* of Iranians".
    pub transparent: BTreeSet<CompactString>,
    /// Verbs whose addressee stands under a preposition and does the infinitive: "*called* on X to go".
    pub asked_through: BTreeMap<CompactString, Vec<CompactString>>,
    /// Prepositions of a gerund that the object does: "accused X *of* sheltering", "thanked X *for* helping".
    pub object_does: BTreeSet<CompactString>,
    /// Pronouns that mean the speaker.
    pub first_person: BTreeSet<CompactString>,
    /// Verbs that give something to somebody, named before it.
    pub giving: BTreeSet<CompactString>,
    /// Nouns for ground that is somebody's.
    pub soil: BTreeSet<CompactString>,
}

/// A sentence's tree with the words that decide its reading.
#[derive(Clone, Copy)]
pub struct Tree<'a> {
    pub s: &'a Sentence,
    pub words: &'a TreeWords,
    /// Dictionary form of each token, as the codebook knows it.
    pub lemmas: &'a [CompactString],
}

impl<'a> Tree<'a> {
    pub fn lemma(&self, i: usize) -> &'a str {
        self.lemmas.get(i).map_or("", CompactString::as_str)
    }
    pub fn dep(&self, i: usize) -> Dep {
        self.s.tokens.get(i).map_or(Dep::Dep, |t| t.dep)
    }
    pub fn upos(&self, i: usize) -> Upos {
        self.s.tokens.get(i).map_or(Upos::X, |t| t.upos)
    }
    pub fn xpos(&self, i: usize) -> Xpos {
        self.s.tokens.get(i).map_or(Xpos::Xx, |t| t.xpos)
    }
    /// Governor of `i`, `None` for the root.
    pub fn head(&self, i: usize) -> Option<usize> {
        self.s.tokens.get(i).map(|t| t.head).filter(|&h| h != i && h < self.s.tokens.len())
    }
    pub fn is_nominal(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::Sym | Upos::X)
    }
    pub fn is_verbal(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::Verb | Upos::Aux)
    }

    /// Whether a nominal stands under preposition `prep` ("because of" is `because_of`).
    pub fn has_case(&self, i: usize, prep: &str) -> bool {
        self.s.children(i).any(|c| {
            // "to" before an infinitive is no preposition.
            if !matches!(self.dep(c), Dep::Case | Dep::Mark) || (self.dep(c) == Dep::Mark && self.xpos(c) == Xpos::To) {
                return false;
            }
            match prep.split_once('_') {
                None => self.lemma(c) == prep && self.s.child(c, Dep::Fixed).is_none_or(|_| prep == "of"),
                Some((first, rest)) => {
                    self.lemma(c) == first
                        && self.s.children(c).filter(|&f| self.dep(f) == Dep::Fixed).map(|f| self.lemma(f)).eq(rest.split('_'))
                }
            }
        })
    }

    /// Whether a clause has a marker with that lemma.
    pub fn has_mark(&self, i: usize, mark: &str) -> bool {
        self.s.children(i).any(|c| self.dep(c) == Dep::Mark && self.lemma(c) == mark)
    }

    /// An infinitive with "to".
    pub fn is_infinitive(&self, v: usize) -> bool {
        self.s.children(v).any(|c| c < v && self.xpos(c) == Xpos::To)
    }

    /// Whether verb `v` is passive, with an auxiliary or as a bare participle.
    pub fn is_passive(&self, v: usize) -> bool {
        if self.s.child(v, Dep::AuxPass).is_some() {
            return true;
        }
        if self.s.children(v).any(|c| matches!(self.dep(c), Dep::NsubjPass | Dep::CsubjPass)) {
            return !self.is_mistaken_passive(v);
        }
        if self.xpos(v) != Xpos::Vbn || self.s.children(v).any(|c| self.dep(c) == Dep::Aux) {
            return false;
        }
        match self.dep(v) {
            Dep::Acl | Dep::Amod | Dep::Advcl => true,
            Dep::AclRelcl => self.s.children(v).all(|c| !self.dep(c).is_subject()),
            Dep::Conj => {
                let shares = self.s.children(v).all(|c| !self.dep(c).is_subject() && self.dep(c) != Dep::Obj);
                shares && self.head(v).is_some_and(|h| h < v && self.is_passive(h))
            }
            _ => false,
        }
    }

    /// "The army pulled out of the town.": without an auxiliary only headlines and clipped second clauses are passive; in a full
    /// sentence the parser took a past tense for a participle.
    fn is_mistaken_passive(&self, v: usize) -> bool {
        let full = self.s.tokens.last().is_some_and(|t| t.upos == Upos::Punct && t.form == ".");
        let finite = match self.dep(v) {
            Dep::Root | Dep::Ccomp | Dep::Parataxis => true,
            Dep::Conj => self.head(v).is_some_and(|h| self.is_verbal(h) && !self.is_passive(h)),
            _ => false,
        };
        full && finite && self.s.child(v, Dep::Aux).is_none() && self.agent(v).is_none()
    }

    fn is_relative(&self, i: usize) -> bool {
        matches!(self.xpos(i), Xpos::Wdt | Xpos::Wp | Xpos::WpPoss)
            || (self.lemma(i) == "that" && self.upos(i) == Upos::Pron && self.in_relative(i).is_some())
    }

    /// The noun that the innermost relative clause around `i` modifies.
    fn in_relative(&self, i: usize) -> Option<usize> {
        std::iter::once(i).chain(self.s.ancestors(i)).take(REACH).find(|&a| matches!(self.dep(a), Dep::AclRelcl)).and_then(|a| {
            // "both Iran and Iraq, which have been at war": a plural clause is about all of them.
            let noun = self.head(a)?;
            let plural = self.s.children(a).any(|c| matches!(self.dep(c), Dep::Aux | Dep::Cop) && self.xpos(c) == Xpos::Vbp);
            if plural && self.dep(noun) == Dep::Conj { self.head(noun) } else { Some(noun) }
        })
    }

    /// The surface subject of a verb or predicate, its own or shared.
    pub fn surface_subject(&self, v: usize) -> Option<usize> {
        self.surface(v, REACH)
    }

    fn surface(&self, v: usize, left: usize) -> Option<usize> {
        if left == 0 {
            return None;
        }
        let own = self.s.children(v).find(|&c| matches!(self.dep(c), Dep::Nsubj | Dep::NsubjPass | Dep::NsubjOuter));
        if let Some(c) = own {
            return if self.is_relative(c) { self.in_relative(v).or(Some(c)) } else { Some(c) };
        }
        let g = self.head(v)?;
        match self.dep(v) {
            Dep::Conj if g < v && !self.is_nominal(g) => self.surface(g, left - 1),
            Dep::Xcomp => self.controller(g, left),
            Dep::Ccomp if self.is_infinitive(v) => self.controller(g, left),
            Dep::Advcl if self.has_own_tense(v) => None,
            Dep::Advcl | Dep::Obl if self.object_does(v) => self.controller(g, left),
            Dep::Advcl => self.surface(g, left - 1),
            Dep::Acl | Dep::AclRelcl if self.is_infinitive(v) => self.noun_agent(g, left),
            Dep::Acl | Dep::AclRelcl => Some(g),
            _ => None,
        }
    }

    /// A gerund under a preposition that makes the object its doer ("accused X *of sheltering*").
    fn object_does(&self, v: usize) -> bool {
        let preposition = |c: usize| matches!(self.dep(c), Dep::Mark | Dep::Case) && self.words.object_does.contains(self.lemma(c));
        self.xpos(v) == Xpos::Vbg && self.s.children(v).any(|c| c < v && preposition(c))
    }

    /// A finite clause without subject is a parser error rather than a shared subject.
    fn has_own_tense(&self, v: usize) -> bool {
        matches!(self.xpos(v), Xpos::Vbz) && self.s.children(v).any(|c| self.dep(c) == Dep::Mark && self.lemma(c) == "that")
    }

    /// Who does an infinitive under `g`: its object ("urged X to go"), else its subject ("agreed to go", "was urged to go").
    fn controller(&self, g: usize, left: usize) -> Option<usize> {
        let object = self.s.children(g).find(|&c| matches!(self.dep(c), Dep::Obj | Dep::Iobj));
        let called_upon = || {
            let preps = self.words.asked_through.get(self.lemma(g))?;
            self.s.children(g).find(|&c| c > g && self.is_phrase(c) && preps.iter().any(|p| self.has_case(c, p)))
        };
        match object {
            Some(o) => Some(o),
            None if self.is_passive(g) => self.surface(g, left - 1),
            None => called_upon().or_else(|| self.surface(g, left - 1)),
        }
    }

    /// Who does the infinitive under a noun ("Iran's plan to attack", "made a decision to attack").
    fn noun_agent(&self, n: usize, left: usize) -> Option<usize> {
        if let Some(p) = self.s.child(n, Dep::NmodPoss) {
            return Some(p);
        }
        if let Some(o) = self.s.children(n).find(|&c| self.dep(c) == Dep::Nmod && (self.has_case(c, "by") || self.has_case(c, "of"))) {
            return Some(o);
        }
        if !self.is_nominal(n) {
            return self.surface(n, left - 1);
        }
        if let Some(c) = self.s.children(n).find(|&c| self.dep(c) == Dep::Compound && self.upos(c) == Upos::Propn) {
            return Some(c);
        }
        match self.dep(n) {
            Dep::Obj | Dep::Obl => self.head(n).and_then(|g| self.surface(g, left - 1)),
            _ => None,
        }
    }

    /// The logical subject: the by-phrase of a passive, the sharer of an active.
    pub fn subject(&self, v: usize) -> Option<usize> {
        if self.is_passive(v) { self.agent(v) } else { self.surface_subject(v) }
    }

    fn agent(&self, v: usize) -> Option<usize> {
        let own = self.s.children(v).find(|&c| self.dep(c) == Dep::OblAgent || (self.dep(c) == Dep::Obl && self.has_case(c, "by")));
        own.or_else(|| {
            // "was condemned and sanctioned by the EU": the last verb holds the phrase for all.
            self.s.children(v).filter(|&c| self.dep(c) == Dep::Conj && c > v).find_map(|c| self.s.child(c, Dep::OblAgent))
        })
        .or_else(|| self.stray_agent(v))
    }

    /// A by-phrase that the parser hung on the last phrase after a passive ("was sentenced to death *by Iran*").
    fn stray_agent(&self, v: usize) -> Option<usize> {
        let last = self
            .s
            .children(v)
            .rfind(|&c| c > v && matches!(self.dep(c), Dep::Obl | Dep::Obj | Dep::Xcomp | Dep::Advcl | Dep::OblUnmarked))?;
        let mut at = last;
        for _ in 0..REACH {
            if let Some(c) = self.s.children(at).find(|&c| c > at && matches!(self.dep(c), Dep::Nmod | Dep::Obl) && self.has_case(c, "by"))
            {
                return Some(c);
            }
            at = self.s.children(at).rfind(|&c| c > at && matches!(self.dep(c), Dep::Nmod | Dep::Obl))?;
        }
        None
    }

    /// The logical object: the subject of a passive, the noun of a relative clause with a gap, else the object.
    pub fn object(&self, v: usize) -> Option<usize> {
        // "asked X to help", "told X that": the one addressed is the object where there is no other.
        let own = self.s.child(v, Dep::Obj).or_else(|| self.s.child(v, Dep::Iobj)).or_else(|| self.counted_object(v));
        if self.is_passive(v) {
            if self.dep(v) == Dep::Amod {
                return self.head(v);
            }
            return own.or_else(|| self.surface_subject(v));
        }
        if let Some(o) = own {
            return if self.is_relative(o) { self.in_relative(v).or(Some(o)) } else { Some(o) };
        }
        if self.dep(v) == Dep::AclRelcl
            && self.s.children(v).any(|c| self.dep(c).is_subject() && !self.is_relative(c))
            && !self
                .s
                .children(v)
                .any(|c| matches!(self.dep(c), Dep::Obl | Dep::Ccomp) && c > v && self.s.children(c).any(|k| self.is_relative(k)))
        {
            return self.head(v);
        }
        // "released at least 19 people": the parser takes "at" for a preposition.
        let quantity = |&c: &usize| {
            c > v
                && self.dep(c) == Dep::Obl
                && self.s.children(c).any(|k| k == v + 1 && self.dep(k) == Dep::Case && matches!(self.xpos(k + 1), Xpos::Jjs | Xpos::Rbs))
        };
        if let Some(c) = self.s.children(v).find(quantity) {
            return Some(c);
        }
        // "condemned and rejected the call": the object stands with the last verb.
        let next = self.s.children(v).find(|&c| self.dep(c) == Dep::Conj && c > v && c <= v + 3 && self.is_verbal(c))?;
        if self.s.children(v).any(|c| c > v && c != next && !matches!(self.dep(c), Dep::Punct | Dep::Cc | Dep::Advmod)) {
            return None;
        }
        self.s.child(next, Dep::Obj)
    }

    /// An object under a comparison of its number, which the parser takes for a phrase of its own ("arrested *more than 20 men*",
    /// "killed *at least 20 men*").
    fn counted_object(&self, v: usize) -> Option<usize> {
        self.s.children(v).find(|&c| {
            let case = |lemma: &str| self.s.children(c).find(|&k| self.dep(k) == Dep::Case && self.lemma(k) == lemma);
            let compared = case("than").is_some_and(|k| k > 0 && self.xpos(k - 1) == Xpos::Jjr)
                || case("at").is_some_and(|k| self.xpos(k + 1) == Xpos::Jjs);
            // ... or hangs "at least" on the number.
            let counted =
                |n: usize| self.dep(n) == Dep::Nummod && self.s.children(n).any(|k| self.xpos(k) == Xpos::Jjs && self.has_case(k, "at"));
            let bare = !self.s.children(c).any(|k| self.dep(k) == Dep::Case) && self.s.children(c).any(counted);
            c > v && self.dep(c) == Dep::Obl && (compared || bare)
        })
    }

    /// The recipient: an indirect object, or the subject of "was given aid".
    pub fn indirect_object(&self, v: usize) -> Option<usize> {
        self.s
            .child(v, Dep::Iobj)
            .or_else(|| if self.is_passive(v) && self.s.child(v, Dep::Obj).is_some() { self.surface_subject(v) } else { None })
            .or_else(|| self.run_together(v))
    }

    /// "lent *Manila* 400 million dollars", "gave *Kyiv* tanks": the parser reads the recipient's name into the gift's.
    fn run_together(&self, v: usize) -> Option<usize> {
        let gift = self.s.child(v, Dep::Obj).filter(|_| self.words.giving.contains(self.lemma(v)))?;
        let first = v + 1;
        let name = self.upos(first) == Upos::Propn && matches!(self.dep(first), Dep::Compound | Dep::Flat) && first < gift;
        let counted = self.s.children(gift).any(|k| k > first && matches!(self.dep(k), Dep::Nummod | Dep::Det | Dep::Amod));
        (name && (counted || self.xpos(gift).is_plural()) && self.s.ancestors(first).any(|a| a == gift)).then_some(first)
    }

    /// Phrases with preposition `prep` that belong to `v` or hang, by the parser's choice, on its object or another phrase of it.
    pub fn obliques(&self, v: usize, prep: &str) -> Vec<usize> {
        let is = |c: &usize| self.is_phrase(*c) && self.has_case(*c, prep);
        let own: Vec<usize> = self.s.children(v).filter(is).collect();
        if !own.is_empty() {
            return own;
        }
        let mut near: Vec<usize> = Vec::new();
        for c in self.s.children(v).filter(|&c| {
            matches!(self.dep(c), Dep::Obj | Dep::Obl | Dep::OblUnmarked | Dep::Xcomp | Dep::Iobj | Dep::NsubjPass | Dep::CompoundPrt)
        }) {
            near.extend(self.s.children(c).filter(is));
            for k in self.s.children(c).filter(|&k| matches!(self.dep(k), Dep::Nmod | Dep::Conj | Dep::Acl)) {
                near.extend(self.s.children(k).filter(is));
            }
        }
        near
    }

    /// Phrases with preposition `prep` that belong to noun `n`, or to the verb that `n` depends on.
    pub fn noun_phrases(&self, n: usize, prep: &str) -> Vec<usize> {
        let is = |c: &usize| self.is_phrase(*c) && self.has_case(*c, prep);
        let own: Vec<usize> = self.s.children(n).filter(is).collect();
        if !own.is_empty() {
            return own;
        }
        let mut near: Vec<usize> = Vec::new();
        if prep != "of" {
            for c in self.s.children(n).filter(|&c| matches!(self.dep(c), Dep::Nmod | Dep::Acl | Dep::Obl) && c > n) {
                near.extend(self.s.children(c).filter(is).filter(|&k| k > c));
            }
        }
        if near.is_empty() {
            // "restrictions and blackmail from X": the phrase stands with the last noun.
            for c in self.s.children(n).filter(|&c| self.dep(c) == Dep::Conj && c > n) {
                near.extend(self.s.children(c).filter(is));
            }
        }
        if near.is_empty() && prep != "of" && matches!(self.dep(n), Dep::Obj | Dep::NsubjPass | Dep::Nsubj | Dep::Obl) {
            // The by-phrase of a passive is its agent, not the maker of its subject ("Iran's offer was refused *by Iraq*").
            if let Some(g) = self.head(n).filter(|&g| !(self.is_nominal(g) || (prep == "by" && self.is_passive(g)))) {
                near.extend(self.s.children(g).filter(is).filter(|&k| k > n));
            }
        }
        near
    }

    fn is_phrase(&self, c: usize) -> bool {
        matches!(
            self.dep(c),
            Dep::Obl
                | Dep::OblAgent
                | Dep::OblUnmarked
                | Dep::Nmod
                | Dep::NmodDesc
                | Dep::NmodUnmarked
                | Dep::Advcl
                | Dep::Acl
                | Dep::Xcomp
                | Dep::Dep
                | Dep::Conj
                | Dep::Ccomp
                | Dep::Obj
        )
    }

    /// Heads of clause complements: the infinitive or gerund of a verb, the infinitive of a noun or adjective.
    pub fn infinitives(&self, i: usize) -> Vec<usize> {
        let verbal = !self.is_nominal(i);
        self.s
            .children(i)
            .filter(|&c| match self.dep(c) {
                Dep::Xcomp => true,
                Dep::Ccomp | Dep::Advcl => verbal && c > i && self.is_infinitive(c),
                Dep::Acl => self.is_infinitive(c),
                _ => false,
            })
            .collect()
    }
    /// Gerunds of a verb under a preposition that its object does, also where the parser hung them on the object.
    pub fn gerunds(&self, i: usize) -> Vec<usize> {
        let under = |n: usize| self.s.children(n).filter(|&c| c > i && self.object_does(c));
        let objects = self.s.children(i).filter(|&c| matches!(self.dep(c), Dep::Obj | Dep::Iobj | Dep::NsubjPass | Dep::Obl));
        under(i).chain(objects.flat_map(under)).collect()
    }
    pub fn clauses(&self, i: usize) -> Vec<usize> {
        self.s.children(i).filter(|&c| self.dep(c) == Dep::Ccomp || (self.dep(c) == Dep::Acl && self.has_mark(c, "that"))).collect()
    }

    /// Steps from a word up to the main clause; coordination and what is said in it count as the main clause itself.
    pub fn clause_depth(&self, i: usize) -> usize {
        let level = |&t: &usize| !matches!(self.dep(t), Dep::Conj | Dep::Ccomp | Dep::Parataxis | Dep::Root);
        std::iter::once(i).chain(self.s.ancestors(i)).filter(level).count()
    }

    /// The verb or predicate that governs noun `n` as argument.
    pub fn governing_verb(&self, n: usize) -> Option<usize> {
        let mut at = n;
        for _ in 0..REACH {
            let g = self.head(at)?;
            match self.dep(at) {
                Dep::Conj => at = g,
                Dep::Nmod if self.words.transparent.contains(self.lemma(g)) => at = g,
                Dep::Obj | Dep::Obl | Dep::NsubjPass | Dep::Nsubj | Dep::OblAgent | Dep::Iobj => return (!self.is_nominal(g)).then_some(g),
                _ => return None,
            }
        }
        None
    }

    /// `i` and the nominals coordinated with it.
    pub fn coordinated(&self, i: usize) -> Vec<usize> {
        let mut all = vec![i];
        all.extend(self.stray_conjunct(i));
        let mut at = 0;
        while at < all.len() && all.len() < 24 {
            let t = all[at];
            let more: Vec<usize> =
                self.s.children(t).filter(|&c| self.dep(c) == Dep::Conj && !self.is_verbal(c) && !all.contains(&c)).collect();
            all.extend(more);
            at += 1;
        }
        all
    }

    /// A name joined by "and" right after name `i`, but hung on a word above it ("the war between China and *the United States*").
    fn stray_conjunct(&self, i: usize) -> Option<usize> {
        if self.upos(i) != Upos::Propn || self.s.children(i).any(|c| self.dep(c) == Dep::Conj) || self.dep(i) == Dep::Conj {
            return None;
        }
        let (_, last) = self.s.subtree(i);
        self.s.tokens.get(last + 1).filter(|t| t.upos == Upos::Cconj)?;
        let next = (last + 2..(last + 6).min(self.s.tokens.len())).find(|&k| self.dep(k) == Dep::Conj && self.upos(k) == Upos::Propn)?;
        let above = self.head(next)?;
        (above < i && self.s.ancestors(i).any(|a| a == above)).then_some(next)
    }

    /// The noun right before the "to" of an infinitive that the parser hung on the verb ("repeated its *threat* to attack").
    pub fn noun_before_infinitive(&self, v: usize, at: usize) -> Option<usize> {
        let to = self.s.children(at).find(|&c| c < at && self.xpos(c) == Xpos::To)?;
        self.s
            .children(v)
            .find(|&c| matches!(self.dep(c), Dep::Obj | Dep::Obl | Dep::NsubjPass) && self.is_nominal(c) && self.s.subtree(c).1 + 1 == to)
    }

    /// How noun `n` depends on its governing verb: `Obj` for objects (also of passives), past coordination and words of quantity.
    pub fn dep_position(&self, n: usize) -> Option<Dep> {
        let mut at = n;
        for _ in 0..REACH {
            let g = self.head(at)?;
            match self.dep(at) {
                Dep::Conj => at = g,
                Dep::Nmod if self.words.transparent.contains(self.lemma(g)) => at = g,
                Dep::Obj | Dep::NsubjPass => return Some(Dep::Obj),
                other => return Some(other),
            }
        }
        None
    }
}
