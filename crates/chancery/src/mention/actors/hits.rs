//! Where names and role words stand in a sentence, before anything is said about what they mean together.

use super::ActorKnowledge;
use super::fold::Pieces;
use super::knowledge::{Class, Form, Name};
use super::lexicon::{Kind, Mark, Sense};
use crate::model::Sentence;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::parse::{Entity, Name as NameKind};
use compact_str::CompactString;

/// A name or word of the lexicon over tokens `from..to`.
#[derive(Debug, Clone)]
pub struct Hit {
    pub from: usize,
    pub to: usize,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    /// A name of the knowledge files, with all it can mean.
    Name(Vec<Name>),
    Word(Word),
    /// A name nobody knows: what the network takes it for.
    Unknown(Option<NameKind>),
}

/// All that a phrase of the lexicon can be.
#[derive(Debug, Clone, Default)]
pub struct Word {
    pub role: Option<u16>,
    pub part: bool,
    /// Sector it gives to a role after it; whether only where nothing else does.
    pub modifier: Option<(CompactString, bool)>,
    pub marks: Vec<Mark>,
    pub region: Option<CompactString>,
}

impl Hit {
    pub fn names(&self) -> &[Name] {
        match &self.what {
            What::Name(names) => names.as_slice(),
            _ => &[],
        }
    }
    pub fn word(&self) -> Option<&Word> {
        match &self.what {
            What::Word(w) => Some(w),
            _ => None,
        }
    }
    pub fn role(&self) -> Option<u16> {
        self.word()?.role
    }
    pub fn is(&self, mark: Mark) -> bool {
        self.word().is_some_and(|w| w.marks.as_slice().contains(&mark))
    }
    pub fn covers(&self, token: usize) -> bool {
        (self.from..self.to).contains(&token)
    }
}

/// Scratch space for one sentence after the other.
#[derive(Debug, Default)]
pub struct Scan {
    pieces: Pieces,
    lemmas: Vec<u64>,
}

impl Scan {
    /// All hits of a sentence in text order; they do not overlap.
    pub fn sentence(&mut self, know: &ActorKnowledge, sentence: &Sentence) -> Vec<Hit> {
        self.pieces.clear();
        self.lemmas.clear();
        for (i, t) in sentence.tokens.iter().enumerate().take(usize::from(u16::MAX)) {
            let before = self.pieces.list.len();
            self.pieces.push(&t.form, i as u16);
            let one = self.pieces.list.len() == before + 1;
            for _ in before..self.pieces.list.len() {
                let lemma = if one && !matches!(t.upos, Upos::Punct) { super::fold::hash(t.lemma.as_bytes()) } else { 0 };
                let same = self.pieces.list.get(before).is_some_and(|p| p.hash == lemma);
                self.lemmas.push(if same { 0 } else { lemma });
            }
        }
        let capitals = in_capitals(sentence);
        let mut hits = Vec::new();
        let mut at = 0;
        while at < self.pieces.list.len() {
            let (hit, next) = match self.at(know, sentence, at, capitals) {
                Some((hit, next)) => (Some(hit), next),
                None => (None, at + 1),
            };
            if let Some(hit) = hit
                && hits.last().is_none_or(|h: &Hit| h.to <= hit.from)
            {
                hits.push(hit);
            }
            at = next;
        }
        hits.retain(|h| !inside_longer_name(sentence, h) && !after_particle(know, sentence, h));
        self.companies(know, sentence, &mut hits);
        self.unknown(know, sentence, &mut hits);
        hits
    }

    fn at(&self, know: &ActorKnowledge, sentence: &Sentence, at: usize, capitals: bool) -> Option<(Hit, usize)> {
        let list = &self.pieces.list;
        let piece = list.get(at)?;
        let whole = |end: usize| list.get(end).is_none_or(|p| Some(p.token) != list.get(end - 1).map(|l| l.token)) || end == list.len();
        let starts = at == 0 || list.get(at - 1).is_some_and(|p| p.token != piece.token);
        let mut names = Vec::new();
        let k = &know.knowledge;
        let name = if !starts {
            None
        } else {
            k.names.longest(&self.pieces, at, |values, end| {
                if !whole(end) {
                    return false;
                }
                // "US$" is money.
                let money = list.get(end - 1).and_then(|p| sentence.tokens.get(usize::from(p.token))).is_some_and(|t| is_money(&t.form));
                let word = money || capitals && end == at + 1 && know.lexicon.is(Mark::Common, self.pieces.text(at, end));
                let mut fit: Vec<Name> = Vec::new();
                if !word {
                    values
                        .filter(|n| k.suits(n, &self.pieces, at, end) && k.get(n.entity).is_some_and(|e| !e.dead))
                        .for_each(|n| fit.push(*n));
                }
                let any = !fit.is_empty();
                if any {
                    names = fit;
                }
                any
            })
        };
        let word = if starts {
            know.lexicon.phrases.longest_by_lemma(&self.pieces, &self.lemmas, at, |values, end| {
                whole(end) && values.clone().any(|(_, capital)| !capital || list.get(end - 1).is_some_and(|p| p.upper))
            })
        } else {
            None
        };
        let token = |piece: usize| list.get(piece).map_or(0, |p| usize::from(p.token));
        // A name that is no more than likely gives way to a role of the same length: "the Senate".
        let weak = names.iter().all(|n| n.weak);
        if let Some((_, end)) = name
            && word.is_none_or(|(_, w)| if weak { w < end } else { w <= end })
            && !plain_word(sentence, &names, token(at), token(end - 1), k)
        {
            return Some((Hit { from: token(at), to: token(end - 1) + 1, what: What::Name(names) }, end));
        }
        let (values, end) = word?;
        let mut w = Word::default();
        for (sense, _) in values {
            match sense {
                Sense::Role(r) => {
                    if know.lexicon.role(*r).is_some_and(|r| r.kind == Kind::Part) {
                        w.part = true;
                    } else {
                        w.role = Some(*r);
                    }
                }
                Sense::Modifier { sector, weak } => w.modifier = Some((sector.clone(), *weak)),
                Sense::Mark(m) => w.marks.push(*m),
                Sense::Region(tag) => w.region = Some(tag.clone()),
            }
        }
        let verb = |t: usize| {
            sentence.tokens.get(t).is_some_and(|t| {
                matches!(t.upos, Upos::Verb | Upos::Aux) && !matches!(t.xpos, Xpos::Vbn | Xpos::Vbg) || matches!(t.upos, Upos::Adv)
            })
        };
        // "heads", "forces", "monitors" as verbs are no roles; markers are taken whatever they are tagged.
        if end == at + 1 && verb(token(at)) {
            w.role = None;
            w.part = false;
            w.modifier = None;
        }
        // "a general understanding", "a military takeover": an adjective before another noun is nobody by itself.
        let adjective = |t: usize| sentence.tokens.get(t).is_some_and(|t| t.upos == Upos::Adj && t.dep == Dep::Amod && t.head != token(at));
        if end == at + 1 && adjective(token(at)) && w.modifier.is_none() {
            w.role = None;
        }
        Some((Hit { from: token(at), to: token(end - 1) + 1, what: What::Word(w) }, end))
    }

    /// Names that end as firms' do ("Canadian Tire Corp Ltd") are one name, whatever country or word stands in them.
    fn companies(&self, know: &ActorKnowledge, sentence: &Sentence, hits: &mut Vec<Hit>) {
        if in_capitals(sentence) {
            return;
        }
        let n = sentence.tokens.len();
        let proper = |i: usize| sentence.tokens.get(i).is_some_and(|t| t.upos == Upos::Propn && t.form.starts_with(char::is_uppercase));
        let ends = |i: usize| proper(i) && know.lexicon.is(Mark::Company, &sentence.tokens[i].form.to_lowercase());
        let mut i = 0;
        while i < n {
            let mut from = i;
            let mut to = i;
            while proper(i) || (i > from && sentence.tokens.get(i).is_some_and(|t| t.form == "&") && proper(i + 1)) {
                i += 1;
                if ends(i - 1) {
                    to = i;
                }
            }
            // What follows the ending goes on with the name of something else: "General Motors Corp Chairman Roger Smith".
            let known = hits.iter().any(|h| h.from <= from && h.to >= to && !h.names().is_empty());
            let next = i.max(from + 1);
            // A nationality in front stays one: it is where the firm is.
            if let Some(h) = hits.iter().find(|h| h.from == from && h.to + 1 < to && !h.names().is_empty()) {
                from = h.to;
            }
            if to > from + 1 && !known {
                hits.retain(|h| h.to <= from || h.from >= to);
                hits.push(Hit { from, to, what: What::Unknown(Some(NameKind::Organisation)) });
                hits.sort_by_key(|h| h.from);
            }
            i = next;
        }
    }

    /// Runs of proper nouns that no hit covers.
    fn unknown(&self, know: &ActorKnowledge, sentence: &Sentence, hits: &mut Vec<Hit>) {
        let n = sentence.tokens.len();
        let mut taken = vec![false; n];
        for h in hits.iter() {
            (h.from..h.to.min(n)).for_each(|t| taken[t] = true);
        }
        let proper = |i: usize| {
            let t = &sentence.tokens[i];
            let cap = t.form.chars().next().is_some_and(|c| c.is_uppercase());
            !taken[i]
                && !know.lexicon.is(Mark::Calendar, &t.form)
                && (t.upos == Upos::Propn && cap || matches!(t.entity, Entity::Begin(_) | Entity::Inside(_)) && cap && t.upos != Upos::Pron)
        };
        // Inside a name: "al", "bin", "de", hyphens and quoted nicknames stand between its parts.
        let link = |i: usize| {
            let t = &sentence.tokens[i];
            let particle = |i: usize| sentence.tokens.get(i).is_some_and(|t| know.lexicon.is(Mark::Particle, &t.form));
            !taken[i] && (t.form == "-" || particle(i) || matches!(t.entity, Entity::Inside(_)) && t.upos != Upos::Punct)
        };
        let mut i = 0;
        let mut found = Vec::new();
        while i < n {
            if !proper(i) {
                i += 1;
                continue;
            }
            let from = i;
            let mut to = i + 1;
            let mut j = i + 1;
            while j < n && (proper(j) || link(j)) {
                // A new name begins where the network says so and the kind changes.
                let fresh = matches!(sentence.tokens[j].entity, Entity::Begin(_)) && kind_at(sentence, j) != kind_at(sentence, from);
                if fresh || (proper(j) && !tied(sentence, from, j)) {
                    break;
                }
                if proper(j) {
                    to = j + 1;
                }
                j += 1;
            }
            found.push(Hit { from, to, what: What::Unknown(kind_in(sentence, from, to)) });
            i = to;
        }
        if !found.is_empty() {
            hits.extend(found);
            hits.sort_by_key(|h| h.from);
        }
    }
}

/// Whether token `j` belongs to the noun phrase of token `from`, as far as the tree says.
fn tied(sentence: &Sentence, from: usize, j: usize) -> bool {
    let t = &sentence.tokens;
    let head = |i: usize| t.get(i).map_or(i, |t| t.head);
    (from..j).any(|i| head(i) == j || head(j) == i || (head(i) == head(j) && head(i) != i && head(i) > j))
        || matches!(t.get(j).map(|t| t.entity), Some(Entity::Inside(_)))
        || (kind_at(sentence, j) == Some(NameKind::Person) && kind_at(sentence, from) == Some(NameKind::Person))
}

fn kind_at(sentence: &Sentence, i: usize) -> Option<NameKind> {
    match sentence.tokens.get(i)?.entity {
        Entity::Begin(k) | Entity::Inside(k) => Some(k),
        Entity::Outside => None,
    }
}

/// What the network takes most of the tokens for.
fn kind_in(sentence: &Sentence, from: usize, to: usize) -> Option<NameKind> {
    [NameKind::Person, NameKind::Organisation, NameKind::Place]
        .into_iter()
        .map(|k| (k, (from..to).filter(|&i| kind_at(sentence, i) == Some(k)).count()))
        .filter(|&(_, n)| n > 0)
        // The first of equals: max_by_key takes the last, so count backwards.
        .rev()
        .max_by_key(|&(_, n)| n)
        .map(|(k, _)| k)
}

/// Whether most words of a sentence are in capitals, so that case says nothing.
pub fn in_capitals(sentence: &Sentence) -> bool {
    let (mut words, mut capitals) = (0, 0);
    for t in &sentence.tokens {
        if t.form.chars().filter(|c| c.is_alphabetic()).count() > 1 {
            words += 1;
            capitals += usize::from(!t.form.chars().any(char::is_lowercase));
        }
    }
    words >= 3 && capitals * 10 >= words * 8
}

/// A name of one word that the network takes for a part of a longer person's name: "Michael Jordan", "Moussa Tchangari".
fn inside_longer_name(sentence: &Sentence, hit: &Hit) -> bool {
    if hit.to - hit.from != 1 || hit.names().is_empty() {
        return false;
    }
    let person = |i: Option<usize>| {
        i.and_then(|i| sentence.tokens.get(i)).is_some_and(|t| {
            matches!(t.entity, Entity::Begin(NameKind::Person) | Entity::Inside(NameKind::Person)) && t.upos == Upos::Propn
        })
    };
    let inside = |i: usize| {
        sentence.tokens.get(i).is_some_and(|t| {
            t.entity == Entity::Inside(NameKind::Person) && t.upos == Upos::Propn && t.form.chars().next().is_some_and(char::is_uppercase)
        })
    };
    let flat = |i: usize| sentence.tokens.get(i).is_some_and(|t| t.dep == crate::parse::ud::Dep::Flat);
    (inside(hit.from) && flat(hit.from) && person(hit.from.checked_sub(1))) || (person(Some(hit.from)) && inside(hit.to) && flat(hit.to))
}

fn is_money(form: &str) -> bool {
    form.ends_with(['$', '£', '€', '¥'])
}

/// "Santa Rosa de Lima", "Simon van der Berlin": a town or region after a particle and a name is the end of that name.
fn after_particle(know: &ActorKnowledge, sentence: &Sentence, hit: &Hit) -> bool {
    let place = |n: &Name| know.knowledge.get(n.entity).is_some_and(|e| matches!(e.class, Class::Seat | Class::Region));
    if hit.names().is_empty() || !hit.names().iter().all(place) {
        return false;
    }
    let at = |back: usize| hit.from.checked_sub(back).and_then(|i| sentence.tokens.get(i));
    let particle = at(1).is_some_and(|t| t.form.chars().all(char::is_lowercase) && know.lexicon.is(Mark::Particle, &t.form));
    particle && at(2).is_some_and(|t| t.upos == Upos::Propn && t.form.chars().next().is_some_and(char::is_uppercase))
}

/// A one-word name in the lower case of the data ("world body") or a common word at the head of a sentence is still a name only
/// where the tagger takes it for one: "Turkey" the state, "Turkey prices" the bird.
fn plain_word(sentence: &Sentence, names: &Vec<Name>, from: usize, to: usize, k: &super::knowledge::Knowledge) -> bool {
    let Some(t) = sentence.tokens.get(from) else { return false };
    let person = names.as_slice().iter().all(|n| k.get(n.entity).is_some_and(|e| e.class == Class::Person) && n.form != Form::Adjective);
    // Surnames that are words: "Major", "May", "Rice" where the tagger sees no name.
    from == to && person && !matches!(t.upos, Upos::Propn | Upos::X) && t.entity == Entity::Outside
}
