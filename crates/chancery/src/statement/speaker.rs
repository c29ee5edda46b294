//! Whose voice: the noun phrase that speaks, and who stands behind it.

use super::cues::SpeechLexicon;
use super::scene::Scene;
use crate::model::{ActorMention, Naming, Sentence};
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{Actor, Span};
use std::collections::BTreeMap;

/// A noun phrase by its head and the tokens it covers (inclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    pub sentence: usize,
    pub head: usize,
    pub first: usize,
    pub last: usize,
}

/// The noun phrase headed by `head`, without what only explains it (relative clauses, asides, a preposition).
pub fn phrase(s: &Sentence, sentence: usize, head: usize) -> Phrase {
    let mut member = vec![false; s.tokens.len()];
    let mut stack = vec![head];
    while let Some(at) = stack.pop() {
        if member.get(at).copied().unwrap_or(true) {
            continue;
        }
        member[at] = true;
        for c in s.children(at) {
            let t = &s.tokens[c];
            let aside = match t.dep {
                Dep::AclRelcl | Dep::Parataxis | Dep::Advcl | Dep::AdvclRelcl | Dep::Punct | Dep::Mark | Dep::Ccomp | Dep::Discourse => {
                    true
                }
                Dep::Nsubj | Dep::Cop | Dep::Aux | Dep::List | Dep::Reparandum | Dep::Dep | Dep::Vocative | Dep::Dislocated => true,
                Dep::Case | Dep::Cc | Dep::CcPreconj => at == head && t.dep == Dep::Case && c < head,
                // "Smith, a teacher" is Smith; "President Smith" is one name.
                Dep::Appos => c > at && s.tokens.get(at + 1).is_some_and(|n| n.dep == Dep::Punct || n.xpos == Xpos::Comma),
                Dep::Acl => true,
                _ => false,
            };
            if !aside {
                stack.push(c);
            }
        }
    }
    // A conjunction belongs only between two members.
    let (mut first, mut last) = (head, head);
    let joins = |i: usize| s.tokens.get(i).is_some_and(|t| matches!(t.dep, Dep::Punct | Dep::Cc | Dep::Case));
    loop {
        let step = if first > 0 && member[first - 1] {
            1
        } else if first > 1 && joins(first - 1) && member[first - 2] {
            2
        } else {
            break;
        };
        first -= step;
    }
    loop {
        let is = |i: usize| member.get(i).copied().unwrap_or(false);
        let step = if is(last + 1) {
            1
        } else if joins(last + 1) && is(last + 2) {
            2
        } else {
            break;
        };
        last += step;
    }
    while last > head && s.tokens[last].dep == Dep::Punct {
        last -= 1;
    }
    Phrase { sentence, head, first, last }
}

/// A word that can head a noun phrase.
pub fn nominal(s: &Sentence, t: usize) -> bool {
    s.tokens.get(t).is_some_and(|w| {
        matches!(w.upos, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::Sym)
            || w.upos == Upos::Det && w.dep != Dep::Det
            || w.upos == Upos::Adj && w.dep.is_subject()
    })
}

/// The subject of the verb or predicate at `v`: its own, or the one it shares with what governs it.
pub fn subject(s: &Sentence, v: usize, lexicon: &SpeechLexicon) -> Option<usize> {
    let found = governing_subject(s, v, lexicon)?;
    // "The court Friday ruled": the parser takes the day for the one who acts.
    let time = |t: usize| lexicon.times.iter().any(|w| w.eq_ignore_ascii_case(&s.tokens[t].form));
    if !time(found) {
        return Some(found);
    }
    (found.saturating_sub(2)..found).rev().find(|&t| nominal(s, t) && !time(t))
}

fn governing_subject(s: &Sentence, v: usize, lexicon: &SpeechLexicon) -> Option<usize> {
    let mut at = v;
    for _ in 0..8 {
        let own = s
            .children(at)
            .filter(|&c| matches!(s.tokens[c].dep, Dep::Nsubj | Dep::NsubjOuter | Dep::NsubjPass))
            .min_by_key(|&c| c.abs_diff(at));
        if let Some(own) = own {
            if at == v && s.tokens[own].dep == Dep::NsubjPass {
                return None;
            }
            // "there is": nobody.
            return Some(own).filter(|&c| s.tokens[c].xpos != Xpos::Ex);
        }
        let token = &s.tokens[at];
        if token.head == at {
            return None;
        }
        let object = || s.children(token.head).find(|&c| matches!(s.tokens[c].dep, Dep::Obj | Dep::Iobj) && c < at);
        match token.dep {
            // "quoted him as saying"
            Dep::Advcl
                if s.children(at).any(|c| matches!(s.tokens[c].dep, Dep::Mark | Dep::Case) && s.tokens[c].lemma == "as")
                    && object().is_some() =>
            {
                return object();
            }
            Dep::Conj | Dep::Advcl | Dep::Parataxis | Dep::Aux | Dep::Cop => at = token.head,
            Dep::Xcomp => match object() {
                // "urged him to say": he says.
                Some(o) => return Some(o),
                None => at = token.head,
            },
            Dep::Acl if token.xpos == Xpos::Vbg => {
                let noun = token.head;
                let over = s.tokens[noun].head;
                let comma = at > 0 && s.tokens[at - 1].dep == Dep::Punct;
                let written = s.tokens[noun].dep == Dep::Obj && lexicon.documents.iter().any(|d| *d == s.tokens[noun].lemma);
                // ", saying" hangs on the clause even where the parser hung it on its last noun.
                if (comma || written) && over != noun {
                    let verb = s.ancestors(noun).find(|&a| s.tokens[a].upos == Upos::Verb);
                    if let Some(found) = verb.and_then(|a| s.children(a).find(|&c| matches!(s.tokens[c].dep, Dep::Nsubj | Dep::NsubjPass)))
                    {
                        return Some(found);
                    }
                }
                return Some(noun);
            }
            Dep::Acl | Dep::AclRelcl => return Some(token.head),
            _ => return None,
        }
    }
    None
}

/// Who acts in a passive ("by the army").
pub fn agent(s: &Sentence, v: usize) -> Option<usize> {
    s.children(v).find(|&c| {
        c > v
            && (s.tokens[c].dep == Dep::OblAgent
                || s.tokens[c].dep == Dep::Obl && s.children(c).any(|k| s.tokens[k].dep == Dep::Case && s.tokens[k].lemma == "by"))
            && nominal(s, c)
    })
}

/// Whether the verb at `v` is passive.
pub fn passive(s: &Sentence, v: usize) -> bool {
    s.children(v).any(|c| matches!(s.tokens[c].dep, Dep::AuxPass | Dep::NsubjPass))
        || s.tokens[v].xpos == Xpos::Vbn && s.tokens[v].dep == Dep::Acl
}

/// A person named so far in the report.
#[derive(Debug, Clone)]
struct Named {
    /// Place in the row where the name was last given.
    place: usize,
    name: String,
    /// Last word of the name, by which a person is named again.
    surname: String,
    masculine: Option<bool>,
}

/// The names of persons in a report, in order, for pronouns that no chain resolves.
#[derive(Debug, Default)]
pub struct Names {
    seen: Vec<Named>,
    /// Names introduced with their country ("the Iraqi news agency INA"), by last word.
    organisations: BTreeMap<String, String>,
}

impl Names {
    /// Reads the runs of proper names that look like persons: a title before them, or two capitalised words that act.
    pub fn read(scene: &Scene, lexicon: &SpeechLexicon) -> Self {
        let mut names = Names::default();
        for (si, s) in scene.doc.sentences.iter().enumerate() {
            let mut t = 0;
            while t < s.tokens.len() {
                let from = t;
                while s.tokens.get(t).is_some_and(|w| w.upos == Upos::Propn) {
                    t += 1;
                }
                if t == from {
                    t += 1;
                    continue;
                }
                names.note(scene, lexicon, si, s, from, t);
            }
        }
        names
    }

    /// Country of a speaker that an earlier phrase introduced by this name.
    fn organisation(&self, word: &str) -> Option<&str> {
        self.organisations.get(word).map(String::as_str)
    }

    /// Remembers what a speaker's phrase says of the name at its end.
    pub fn learn(&mut self, scene: &Scene, p: Phrase, actor: &Actor) {
        let Some(s) = scene.sentence(p.sentence) else { return };
        let (Some(last), Some(country)) = (s.tokens.get(p.last), &actor.country) else { return };
        if p.last > p.first && last.upos == Upos::Propn && actor.rule == "speech/phrase-country" {
            self.organisations.entry(last.form.to_string()).or_insert_with(|| country.clone());
        }
    }

    fn note(&mut self, scene: &Scene, lexicon: &SpeechLexicon, si: usize, s: &Sentence, from: usize, to: usize) {
        let words: Vec<&str> = s.tokens[from..to].iter().map(|w| w.form.as_str()).collect();
        let title = words.iter().position(|w| lexicon.masculine.iter().chain(&lexicon.feminine).any(|t| t == w.trim_end_matches('.')));
        let masculine = title.map(|i| lexicon.masculine.iter().any(|t| t == words[i].trim_end_matches('.')));
        let surname = words.last().copied().unwrap_or_default().to_owned();
        let place = scene.place(si, from);
        let known = self.seen.iter().rev().take(400).find(|n| n.surname == surname).cloned();
        let is_name = words.len() >= 2 && words.len() <= 4 || title.is_some() || known.is_some();
        if !is_name {
            return;
        }
        let name = known.as_ref().filter(|k| k.name.len() >= words.join(" ").len()).map_or_else(|| words.join(" "), |k| k.name.clone());
        let masculine = masculine.or(known.and_then(|k| k.masculine));
        self.seen.push(Named { place, name, surname, masculine });
    }

    /// The latest name before `place` that a pronoun can mean.
    fn before(&self, place: usize, masculine: Option<bool>) -> Option<&str> {
        let to = self.seen.partition_point(|n| n.place < place);
        let fits = |n: &&Named| masculine.is_none() || n.masculine.is_none() || n.masculine == masculine;
        self.seen[to.saturating_sub(12)..to].iter().rev().find(fits).map(|n| n.name.as_str())
    }
}

/// The mention that stands for a phrase: the one its head heads, or the widest within it that shares its head word.
pub fn mention<'a>(scene: &'a Scene, p: Phrase) -> Option<(usize, &'a ActorMention)> {
    let all = &scene.actors.mentions;
    let from = all.partition_point(|m| m.sentence < p.sentence);
    let here = all.iter().enumerate().skip(from).take_while(|(_, m)| m.sentence == p.sentence);
    let inside = here.filter(|(_, m)| m.tokens.start >= p.first && m.tokens.start <= p.last);
    inside.filter(|(_, m)| m.head == p.head || m.tokens.contains(&p.head)).max_by_key(|(_, m)| m.tokens.len())
}

/// The record of a speaker, and its mention where there is one.
pub fn actor(scene: &Scene, lexicon: &SpeechLexicon, names: &Names, p: Phrase) -> (Actor, Option<usize>) {
    let Some(s) = scene.sentence(p.sentence) else { return (Actor::default(), None) };
    let span = s.span_of(p.first, p.last);
    let inside = scene.actors.in_sentence(p.sentence).iter().filter(|m| m.tokens.start >= p.first && m.tokens.end <= p.last + 1);
    let mut countries: Vec<&Actor> =
        inside.filter(|m| m.naming != Naming::Pronoun).map(|m| &m.actor).filter(|a| a.country.is_some()).collect();
    countries.sort_by(|a, b| a.country.cmp(&b.country));
    countries.dedup_by(|a, b| a.country == b.country);
    // "U.S. and British officials" are of no one country.
    let joint = countries.len() > 1 && (p.first..=p.last).any(|t| s.tokens[t].dep == Dep::Cc);
    if let Some((i, m)) = mention(scene, p).filter(|_| !joint) {
        return (m.actor.clone(), Some(i));
    }
    let mut out = Actor { text: scene.doc.slice(span).to_owned(), span, rule: "speech/phrase".to_owned(), ..Actor::default() };
    let head = &s.tokens[p.head];
    if head.upos == Upos::Pron {
        let word = head.form.to_lowercase();
        let has = |list: &[String]| list.iter().any(|w| *w == word);
        let sex = if has(&lexicon.masculine) {
            Some(true)
        } else if has(&lexicon.feminine) {
            Some(false)
        } else {
            None
        };
        if sex.is_some() {
            out.entity = names.before(scene.place(p.sentence, p.head), sex).map(str::to_owned);
            out.rule = "speech/latest-name".to_owned();
        }
        return (out, None);
    }
    // "official Serb sources", "Tehran Radio": the country that the phrase names.
    if let [one] = countries[..] {
        out.country = one.country.clone();
        out.code = one.country.clone();
        out.rule = "speech/phrase-country".to_owned();
    } else if let Some(country) = names.organisation(&s.tokens[p.last].form).filter(|_| p.first == p.last || head.upos == Upos::Propn) {
        out.country = Some(country.to_owned());
        out.code = out.country.clone();
        out.rule = "speech/named-before".to_owned();
    }
    (out, None)
}

/// Bytes of a phrase.
pub fn span(scene: &Scene, p: Phrase) -> Span {
    scene.sentence(p.sentence).map_or(Span::default(), |s| s.span_of(p.first, p.last))
}
