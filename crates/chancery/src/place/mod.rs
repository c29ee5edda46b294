//! Places: what a text names as places, which places those are, and where an event happened.
//!
//! [`toponyms`] finds names of the [`gazetteer`] and weighs whether they name a place; [`disambiguation`] says which
//! place a name means; names that are in no table are located by the place they stand beside ([`unknown`]);
//! [`event_place`] chooses among all of them for an event.

mod disambiguation;
mod distance;
mod event_place;
mod gazetteer;
mod index;
#[cfg(test)]
mod tests;
mod toponyms;
mod unknown;
mod words;

pub(crate) use distance::km;

use crate::mention::actors::fold;
use crate::model::{Actors, Doc, PlaceMention, Sentence};
use crate::parse::ud::Upos;
use crate::record::{BlockKind, PlaceRecord};
use disambiguation::{Basis, Choice};
pub use event_place::{PlaceQuery, Stands, event_place};
use gazetteer::Form;
pub use gazetteer::{Facts, Gazetteer, Id, Precision};
use std::collections::{BTreeMap, BTreeSet};
use toponyms::{ENOUGH, Hit};
use words::PlaceWords;

impl Gazetteer {
    /// Places named in a report, in text order; they do not overlap.
    pub fn find(&self, doc: &Doc, actors: &Actors) -> Vec<PlaceMention> {
        let mut hits = self.hits(doc, actors);
        self.agree(doc, &mut hits);
        self.at_home(&mut hits);
        let kept: Vec<usize> = (0..hits.len()).filter(|&h| hits.get(h).is_some_and(|h| h.weight >= ENOUGH)).collect();
        let number: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        let mut places: Vec<Hit> = kept.iter().filter_map(|&h| hits.get(h).cloned()).collect();
        for p in &mut places {
            p.container = p.container.and_then(|(c, comma)| Some((*number.get(&c)?, comma)));
        }
        let choices = disambiguation::resolve(self, &places);
        let mut out: Vec<PlaceMention> =
            places.iter().zip(&choices).filter_map(|(p, c)| mention(doc, p, c.as_ref()?, &places, &choices)).collect();
        unknown::find(self, doc, actors, &mut out);
        out.sort_by_key(|m| (m.sentence, m.tokens.start, m.tokens.end));
        out
    }

    pub(crate) fn words_for(&self, doc: &Doc, sentence: usize) -> Option<&PlaceWords> {
        let block = doc.sentences.get(sentence).and_then(|s| doc.blocks.get(s.block));
        let named = block.and_then(|b| b.language.as_deref()).or(doc.report.language.as_deref()).unwrap_or("en");
        self.languages.get(named).or_else(|| self.languages.get(named.get(..2)?))
    }

    /// All names of the gazetteer in a report, weighed each by itself.
    fn hits(&self, doc: &Doc, actors: &Actors) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut pieces = fold::Pieces::default();
        for (index, s) in doc.sentences.iter().enumerate() {
            let dateline = doc.block_kind(index) == Some(BlockKind::Dateline);
            if doc.block_kind(index).is_some_and(|k| !read(k)) {
                continue;
            }
            let Some(words) = self.words_for(doc, index) else { continue };
            let first = hits.len();
            toponyms::scan(self, words, index, s, &mut pieces, &mut hits);
            for h in first..hits.len() {
                let container = container(s, words, &hits, h);
                let Some(hit) = hits.get_mut(h) else { continue };
                hit.container = container;
                toponyms::judge(self, words, s, actors, hit);
                // A dateline is nothing but a place, a date and an agency.
                if dateline && hit.from == 0 {
                    hit.weight += 60;
                }
            }
            for h in first..hits.len() {
                self.vouch(&mut hits, h);
            }
        }
        hits
    }

    /// "X, Y" where Y holds an X: each is a place.
    fn vouch(&self, hits: &mut [Hit], h: usize) {
        let Some((c, comma)) = hits.get(h).and_then(|x| x.container) else { return };
        let facts = |h: usize| hits.get(h).into_iter().flat_map(|x| x.meant.iter().filter_map(|m| self.facts(m.id)));
        let outer: Vec<Facts> = facts(c).collect();
        let holds = outer.iter().any(|o| facts(h).any(|i| disambiguation::holds(o, &i)));
        if holds {
            for i in [h, c] {
                if let Some(x) = hits.get_mut(i) {
                    x.weight += if comma { 40 } else { 10 };
                }
            }
        } else if let Some(x) = hits.get_mut(h) {
            x.container = None;
        }
    }

    /// A small town is likelier to be meant where the report names its country, and unlikely where it names others only: a name in
    /// another script is spelled like that of many a village elsewhere.
    fn at_home(&self, hits: &mut [Hit]) {
        let facts = |h: &Hit| h.meant.iter().filter_map(|m| Some((m.form, self.facts(m.id)?))).collect::<Vec<_>>();
        let sure = |f: &Facts| f.state && !f.country.is_empty();
        let mut named: BTreeSet<&str> = BTreeSet::new();
        for h in hits.iter().filter(|h| h.weight >= ENOUGH) {
            named.extend(facts(h).iter().filter(|(_, f)| sure(f)).map(|(_, f)| f.country));
        }
        if named.is_empty() {
            return;
        }
        for h in hits.iter_mut().filter(|h| !h.people && h.container.is_none()) {
            let all = facts(h);
            if all.iter().any(|(_, f)| f.state || f.id_is_own()) {
                continue;
            }
            let small = |(form, f): &(Form, Facts)| *form == Form::Spelling && f.people < 1_000_000 || f.people < 100_000;
            if all.iter().any(|(_, f)| named.contains(f.country)) {
                h.weight += 8;
            } else if all.iter().all(small) {
                h.weight -= 20;
            }
        }
    }

    /// One name means one thing in a report: what is surely a place in one sentence speaks for it in the others.
    fn agree(&self, doc: &Doc, hits: &mut [Hit]) {
        let text = |h: &Hit| doc.sentences.get(h.sentence).map_or("", |s| doc.slice(s.span_of(h.from, h.to.saturating_sub(1))));
        let mut sure: BTreeMap<&str, (i32, i32)> = BTreeMap::new();
        for h in hits.iter() {
            let votes = sure.entry(text(h)).or_default();
            votes.0 += i32::from(h.weight >= ENOUGH + 10);
            votes.1 += i32::from(h.weight < ENOUGH - 10);
        }
        for h in hits.iter_mut() {
            let (yes, no) = sure.get(text(h)).copied().unwrap_or_default();
            // Never against a person of that name in this very sentence.
            h.weight += match yes.cmp(&no) {
                std::cmp::Ordering::Greater => 10,
                std::cmp::Ordering::Less => -6,
                std::cmp::Ordering::Equal => 0,
            };
        }
    }
}

/// Kinds of block whose places are read.
fn read(kind: BlockKind) -> bool {
    !matches!(kind, BlockKind::Disclaimer | BlockKind::Boilerplate | BlockKind::Byline)
}

/// The hit that hit `h` stands in: right behind it after a comma, brackets or "in", or the "X's" before it.
/// Hits behind `h` in its own sentence are those after it in `hits`.
fn container(s: &Sentence, words: &PlaceWords, hits: &[Hit], h: usize) -> Option<(usize, bool)> {
    let hit = hits.get(h)?;
    let next = hits.get(h + 1).filter(|n| n.sentence == hit.sentence && n.from > hit.to && n.from - hit.to <= 3);
    if let Some(n) = next {
        let between = s.tokens.get(hit.to..n.from)?;
        let first = between.first()?;
        let comma = matches!(first.form.as_str(), "," | "(");
        let rest = if comma { between.get(1..)? } else { between };
        let led = rest
            .iter()
            .all(|t| words.within.contains(&t.lemma) || words.directions.contains(t.form.to_lowercase().as_str()) || t.upos == Upos::Det);
        if led && !n.people {
            return Some((h + 1, comma));
        }
    }
    let before = hits.get(h.checked_sub(1)?).filter(|b| b.sentence == hit.sentence && b.to < hit.from && hit.from - b.to <= 1)?;
    let possessive = s.tokens.get(before.to).is_some_and(|t| t.xpos == crate::parse::ud::Xpos::Pos);
    possessive.then_some((h - 1, false))
}

/// The mention of a resolved hit.
fn mention(doc: &Doc, hit: &Hit, choice: &Choice, hits: &[Hit], choices: &[Option<Choice>]) -> Option<PlaceMention> {
    let s = doc.sentences.get(hit.sentence)?;
    let span = s.span_of(hit.from, hit.to.checked_sub(1)?);
    let f = &choice.facts;
    let division = hit.feature.as_ref().is_some_and(|(_, divides)| *divides) && f.feature == "town" && !f.admin1.is_empty();
    let people = choice.meant.form == Form::People && f.state;
    let reason = match choice.basis {
        _ if people => format!("people or nationality of {}", f.name),
        Basis::Only => "the only place of that name".to_owned(),
        Basis::Container => {
            let held = hit.container.and_then(|(c, _)| choices.get(c)?.as_ref());
            let other = held.map_or_else(
                || {
                    let inner = hits
                        .iter()
                        .position(|x| x.container.is_some_and(|(c, _)| hits.get(c).is_some_and(|y| y.covers(hit.sentence, hit.from))));
                    inner.and_then(|i| choices.get(i)?.as_ref()).map_or("the place beside it", |c| c.facts.name)
                },
                |c| c.facts.name,
            );
            format!("named beside {other}; {} of that name", places(choice.of))
        }
        Basis::Context => format!("the report speaks of its surroundings; {} of that name", places(choice.of)),
        Basis::Known => format!("best known of {} of that name", places(choice.of)),
    };
    let basis = match choice.basis {
        _ if people => "nationality",
        Basis::Only => "name",
        Basis::Container => "container",
        Basis::Context => "context",
        Basis::Known => "prominence",
    };
    let full = |x: &str| (!x.is_empty()).then(|| x.to_owned());
    let precision = if division { Precision::Province } else { f.precision };
    let record = PlaceRecord {
        text: doc.slice(span).to_owned(),
        span,
        name: full(if division { f.admin1 } else { f.name }),
        country: full(f.country),
        admin1: full(if f.state { "" } else { f.admin1 }),
        city: if f.feature == "town" && !division { full(f.name) } else { None },
        feature: full(if division { "division" } else { f.feature }),
        lat: Some(f.lat),
        lon: Some(f.lon),
        geonames: if division { None } else { f.geonames },
        precision: precision.as_str().to_owned(),
        basis: basis.to_owned(),
        reason: if division { format!("the division around {}; {reason}", f.name) } else { reason },
    };
    Some(PlaceMention {
        sentence: hit.sentence,
        tokens: hit.from..hit.to,
        head: head_of(s, hit.from, hit.to),
        people: hit.people && people,
        precision,
        record,
    })
}

fn places(n: usize) -> String {
    if n == 1 { "one place".to_owned() } else { format!("{n} places") }
}

/// The token of a stretch that is governed from outside it; of several the last noun.
fn head_of(s: &Sentence, from: usize, to: usize) -> usize {
    let out = |i: &usize| s.tokens.get(*i).is_some_and(|t| (t.head == *i || !(from..to).contains(&t.head)) && t.upos != Upos::Punct);
    (from..to).rev().find(out).unwrap_or(from)
}
