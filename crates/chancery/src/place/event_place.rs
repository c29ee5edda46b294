//! Where an event happened: the place named nearest to its trigger on the tree, else in its sentence, else that of the
//! dateline where the report tells of that country; else nowhere, with the reason.

use super::gazetteer::{Gazetteer, Precision};
use super::words::PlaceWords;
use crate::model::{Doc, PlaceMention, Sentence};
use crate::parse::ud::Dep;
use crate::record::{BlockKind, EventPlace};

/// An event as the place stage needs to know it.
#[derive(Debug, Clone, Copy)]
pub struct PlaceQuery<'a> {
    pub sentence: usize,
    /// Head token of the trigger.
    pub token: usize,
    /// Tokens of those who do it and those it is done to.
    pub sides: &'a [usize],
    /// Countries of those.
    pub countries: &'a [&'a str],
    pub stands: Stands,
    /// The event is the report's own news: it may be put where the report was written.
    pub news: bool,
}

/// What a place means that stands as an actor or object of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Whoever governs there: "urged Moscow".
    Government,
    /// The place itself: "shelled Aleppo".
    Ground,
}

/// How near a place stands to an event; the smallest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Nearness {
    /// 0 hangs on the trigger, 1 on one of its arguments or on the clause that carries it, 2 elsewhere in the sentence.
    ring: u8,
    /// Where something goes, rather than where it happens.
    toward: bool,
    steps: usize,
    /// The more exact place first.
    width: std::cmp::Reverse<Precision>,
    words: usize,
}

/// Places the event of `query`. `places` are those of the report, in text order.
pub fn event_place(g: &Gazetteer, doc: &Doc, places: &[PlaceMention], query: PlaceQuery) -> EventPlace {
    let Some(s) = doc.sentences.get(query.sentence).filter(|s| query.token < s.tokens.len()) else {
        return nowhere("the event stands in no sentence");
    };
    let from = places.partition_point(|m| m.sentence < query.sentence);
    let to = places.partition_point(|m| m.sentence <= query.sentence);
    let here = places.get(from..to).unwrap_or(&[]);
    let near = here.iter().filter_map(|m| Some((nearness(g, doc, s, m, query)?, m))).min_by_key(|(n, m)| (*n, m.tokens.start));
    if let Some((n, m)) = near {
        let (basis, reason) = match (n.ring, n.toward) {
            (0, false) => ("trigger", "said of the event itself"),
            (0, true) => ("trigger", "where it is directed"),
            (1, _) => ("clause", "said of one of its sides or of its clause"),
            _ => ("sentence", "the place that its sentence names"),
        };
        return placed(m, basis, reason);
    }
    if !query.news {
        return nowhere("its sentence names no place for it");
    }
    let dateline = places.iter().find(|m| doc.block_kind(m.sentence) == Some(BlockKind::Dateline));
    match dateline {
        Some(m) if m.record.country.as_deref().is_some_and(|c| query.countries.contains(&c)) && m.precision >= Precision::City => {
            placed(m, "dateline", "told as news from there, and one of its sides is of that country")
        }
        Some(_) => nowhere("its sentence names no place for it, and the dateline is no place of its sides"),
        None => nowhere("its sentence names no place for it"),
    }
}

fn nowhere(reason: &str) -> EventPlace {
    EventPlace { precision: "none".to_owned(), basis: "none".to_owned(), reason: reason.to_owned(), ..EventPlace::default() }
}

fn placed(m: &PlaceMention, basis: &str, why: &str) -> EventPlace {
    let r = m.record.clone();
    EventPlace {
        name: r.name,
        country: r.country,
        admin1: r.admin1,
        city: r.city,
        feature: r.feature,
        lat: r.lat,
        lon: r.lon,
        geonames: r.geonames,
        precision: r.precision,
        basis: basis.to_owned(),
        span: Some(r.span),
        reason: format!("“{}”, {why}; {}", r.text, r.reason),
    }
}

/// How near `m` is to the event, `None` where it says nothing of where it happened.
fn nearness(g: &Gazetteer, doc: &Doc, s: &Sentence, m: &PlaceMention, q: PlaceQuery) -> Option<Nearness> {
    if m.people || m.tokens.contains(&q.token) {
        return None;
    }
    let words = g.words_for(doc, m.sentence)?;
    let side = q.sides.iter().any(|t| m.tokens.contains(t));
    let (phrase, case) = phrase(words, s, m.head);
    let at = case.is_some_and(|c| s.tokens.get(c).is_some_and(|t| words.at.contains(&t.lemma)));
    let toward = !at && case.is_some_and(|c| s.tokens.get(c).is_some_and(|t| words.toward.contains(&t.lemma)));
    let dep = s.tokens.get(phrase).map(|t| t.dep)?;
    let governor = s.tokens.get(phrase).map(|t| t.head).filter(|&h| h != phrase);
    let local = m.precision >= Precision::Province;
    let measured = |ring: u8, toward: bool, steps: usize| Nearness {
        ring,
        toward,
        steps,
        width: std::cmp::Reverse(m.precision),
        words: m.tokens.start.abs_diff(q.token),
    };
    // The place as object or modifier of the deed: "shelled Aleppo", "the Quetta attack", "the siege of Sarajevo".
    let bare = matches!(dep, Dep::Obj | Dep::NsubjPass | Dep::Compound | Dep::NmodPoss) || dep == Dep::Nmod && toward;
    if bare && governor == Some(q.token) {
        return (q.stands == Stands::Ground && local).then(|| measured(0, false, 1));
    }
    if case.is_none() || !(at || toward) {
        return None;
    }
    // Somebody's place in the action ("against Moscow", "to Kyiv") is the place itself only where the ground is meant.
    if side && !at && (q.stands == Stands::Government || !local) {
        return None;
    }
    if toward && !local {
        return None;
    }
    // Up from the place to the trigger: the fewer the steps, the surer. Other clauses are not entered.
    let mut steps = 1;
    let mut node = phrase;
    while let Some(t) = s.tokens.get(node).filter(|_| steps <= 6) {
        if t.head == q.token || Some(t.head) == governor && governor == Some(q.token) {
            return Some(measured(u8::from(steps > 1), toward, steps));
        }
        if t.head == node || clause(t.dep) {
            break;
        }
        node = t.head;
        steps += 1;
    }
    // Or the trigger hangs on the clause in which the place stands: "the attack took place in Kabul".
    let mut up = q.token;
    for step in 1..=3 {
        let Some(t) = s.tokens.get(up).filter(|t| t.head != up) else { break };
        if clause(t.dep) && !matches!(t.dep, Dep::Conj | Dep::Xcomp | Dep::Acl | Dep::Advcl) {
            break;
        }
        up = t.head;
        if governor == Some(up) {
            return Some(measured(1, toward, step + 1));
        }
    }
    (at && !toward && m.precision > Precision::None && same_clause(s, phrase, q.token)).then(|| measured(2, false, 8))
}

/// The phrase that a place name heads or belongs to, with the preposition that leads it: from "Mosul" in
/// "in the northern city of Mosul" to "city", led by "in".
fn phrase(words: &PlaceWords, s: &Sentence, head: usize) -> (usize, Option<usize>) {
    let case = |i: usize| s.children(i).find(|&c| s.tokens.get(c).is_some_and(|t| t.dep == Dep::Case) && c < i);
    let mut at = head;
    for _ in 0..3 {
        let own = case(at);
        let Some(t) = s.tokens.get(at) else { break };
        let joined = matches!(t.dep, Dep::Appos | Dep::Compound | Dep::Flat | Dep::Conj | Dep::NmodDesc | Dep::NmodUnmarked);
        let of = t.dep == Dep::Nmod && own.is_some_and(|c| s.tokens.get(c).is_some_and(|t| words.within.contains(&t.lemma)));
        if t.head == at || !(joined && own.is_none() || of && case(t.head).is_some()) {
            return (at, own);
        }
        at = t.head;
    }
    (at, case(at))
}

/// Relations that open a clause of their own.
fn clause(dep: Dep) -> bool {
    matches!(
        dep,
        Dep::Ccomp | Dep::Advcl | Dep::AclRelcl | Dep::AdvclRelcl | Dep::Acl | Dep::Parataxis | Dep::Conj | Dep::Csubj | Dep::Xcomp
    )
}

/// Whether both stand under the same clause head.
fn same_clause(s: &Sentence, a: usize, b: usize) -> bool {
    let top = |i: usize| {
        let mut at = i;
        while let Some(t) = s.tokens.get(at).filter(|t| t.head != at && !clause(t.dep)) {
            at = t.head;
            if at == i {
                break;
            }
        }
        at
    };
    top(a) == top(b)
}
