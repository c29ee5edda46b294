//! Names of places that are in no table: streets, hospitals, hamlets. They are located by the place that the text says
//! they lie in, no more exactly than that place; else they stay without coordinates.

use super::gazetteer::{Facts, Gazetteer, Precision};
use super::toponyms::{chunk, kind_at};
use super::words::PlaceWords;
use crate::mention::actors::fold::Pieces;
use crate::model::{Actors, Doc, Naming, PlaceMention, Sentence};
use crate::parse::Name;
use crate::parse::ud::Upos;
use crate::record::{BlockKind, PlaceRecord};
use std::collections::{BTreeMap, BTreeSet};

/// How far behind a name the place it lies in may stand, in tokens.
const REACH: usize = 4;

/// Adds such names to the places found, which they may take over: "Belfast Crown Court" is one place, in Belfast.
pub fn find(g: &Gazetteer, doc: &Doc, actors: &Actors, places: &mut Vec<PlaceMention>) {
    places.sort_by_key(|m| (m.sentence, m.tokens.start));
    let known = std::mem::take(places);
    let story = Story::new(&known);
    let mut next = 0;
    for (index, s) in doc.sentences.iter().enumerate() {
        let from = next;
        while known.get(next).is_some_and(|m| m.sentence == index) {
            next += 1;
        }
        let here = known.get(from..next).unwrap_or(&[]);
        if doc.block_kind(index).is_some_and(|k| {
            !matches!(k, BlockKind::Paragraph | BlockKind::Title | BlockKind::Heading | BlockKind::Caption | BlockKind::Post)
        }) {
            places.extend_from_slice(here);
            continue;
        }
        let Some(words) = g.words_for(doc, index) else {
            places.extend_from_slice(here);
            continue;
        };
        sentence(g, doc, actors, words, index, s, here, &story, places);
    }
}

/// What the rest of the report says of where it plays.
struct Story<'a> {
    /// Names of places that stand by themselves.
    named: BTreeSet<&'a str>,
    /// The town or division that it speaks of most.
    focus: Option<&'a PlaceMention>,
    /// Countries it speaks of.
    countries: BTreeSet<&'a str>,
}

impl<'a> Story<'a> {
    fn new(known: &'a [PlaceMention]) -> Self {
        let mut counts: BTreeMap<(&str, &str), (usize, &PlaceMention)> = BTreeMap::new();
        for m in known.iter().filter(|m| m.precision >= Precision::Province && m.record.lat.is_some() && m.record.basis != "prominence") {
            let key = (m.record.name.as_deref().unwrap_or(""), m.record.country.as_deref().unwrap_or(""));
            counts.entry(key).or_insert((0, m)).0 += 1;
        }
        let all: usize = counts.values().map(|c| c.0).sum();
        // The first of those named most often; it must stand out.
        let best = counts.values().max_by_key(|c| (c.0, std::cmp::Reverse((c.1.sentence, c.1.tokens.start))));
        let focus = best.filter(|c| c.0 >= 2 && c.0 * 3 >= all).map(|c| c.1);
        let countries = known.iter().filter_map(|m| m.record.country.as_deref()).collect();
        Story { countries, named: known.iter().filter(|m| !m.people).map(|m| m.record.text.as_str()).collect(), focus }
    }
}

#[allow(clippy::too_many_arguments)]
fn sentence(
    g: &Gazetteer,
    doc: &Doc,
    actors: &Actors,
    words: &PlaceWords,
    index: usize,
    s: &Sentence,
    here: &[PlaceMention],
    Story { named: elsewhere, focus, countries }: &Story,
    out: &mut Vec<PlaceMention>,
) {
    let mut taken = 0;
    let mut at = 0;
    let mut new: Vec<PlaceMention> = Vec::new();
    while at < s.tokens.len() {
        let Some(kind) = kind_at(s, at) else {
            at += 1;
            continue;
        };
        let (from, to) = chunk(s, at);
        at = to.max(at + 1);
        let (from, to) = trimmed(s, from.max(taken), to);
        if from >= to {
            continue;
        }
        let overlapping: Vec<&PlaceMention> = here.iter().filter(|m| m.tokens.start < to && m.tokens.end > from).collect();
        // The word that says what it is stands last, or first: "Mount Chaambi".
        let form = |i: usize| s.tokens.get(i).map_or("", |t| t.form.as_str());
        let feature = words.titled(form(to - 1)).or_else(|| words.titled(form(from))).filter(|_| to - from > 1);
        if !overlapping.is_empty() && !feature.is_some_and(|f| f.own && overlapping.iter().all(|m| m.tokens.len() < to - from)) {
            continue;
        }
        if kind != Name::Place && !(kind == Name::Organisation && feature.is_some()) {
            continue;
        }
        let proper = (from..to)
            .any(|i| s.tokens.get(i).is_some_and(|t| t.upos == Upos::Propn && t.form.chars().next().is_some_and(char::is_uppercase)));
        let actor = actors.in_sentence(index).iter().any(|m| {
            m.naming == Naming::Name && m.actor.entity_id.is_some() && m.tokens.start < to && m.tokens.end > from && overlapping.is_empty()
        });
        if !proper || actor {
            continue;
        }
        // Its own words may name the town ("Belfast Crown Court"); a street, school or hall is called after anything.
        let own = overlapping.iter().copied().find(|m| !m.people && elsewhere.contains(m.record.text.as_str()));
        let beside = holder(s, words, here, from, to);
        let led = from.checked_sub(1).and_then(|i| s.tokens.get(i)).is_some_and(|t| words.before.contains(&t.lemma) || t.upos == Upos::Det);
        // A single unknown word is a place only where the words around it say so.
        if feature.is_none() && beside.is_none() && !led {
            continue;
        }
        let located = |m: &&PlaceMention| m.record.lat.is_some() && m.precision > Precision::None;
        let within = beside.filter(located).or(own.filter(located)).or(focus.filter(|_| feature.is_some()));
        taken = to;
        if overlapping.is_empty()
            && feature.is_none()
            && let Some(f) = heard(g, s, from, to, within.and_then(|m| m.record.country.as_deref()), countries)
        {
            new.push(sounding(doc, index, s, from, to, &f));
            continue;
        }
        new.push(mention(doc, index, s, from, to, feature.map(|f| f.name.as_str()), within));
    }
    out.extend(here.iter().filter(|m| !new.iter().any(|n| n.tokens.start < m.tokens.end && n.tokens.end > m.tokens.start)).cloned());
    out.extend(new);
}

/// The town or division that an unknown name sounds like, in the country it is said to lie in or in one that the report speaks of.
fn heard<'g>(
    g: &'g Gazetteer,
    s: &Sentence,
    from: usize,
    to: usize,
    within: Option<&str>,
    countries: &BTreeSet<&str>,
) -> Option<Facts<'g>> {
    let mut pieces = Pieces::default();
    for t in s.tokens.get(from..to)? {
        pieces.push(&t.form, 0);
    }
    g.sounding(&pieces).into_iter().find(|f| within.map_or_else(|| countries.contains(f.country), |c| c == f.country))
}

fn sounding(doc: &Doc, index: usize, s: &Sentence, from: usize, to: usize, f: &Facts) -> PlaceMention {
    let span = s.span_of(from, to - 1);
    let full = |x: &str| (!x.is_empty()).then(|| x.to_owned());
    let record = PlaceRecord {
        text: doc.slice(span).to_owned(),
        span,
        name: full(f.name),
        country: full(f.country),
        admin1: full(f.admin1),
        city: if f.feature == "town" { full(f.name) } else { None },
        feature: full(f.feature),
        lat: Some(f.lat),
        lon: Some(f.lon),
        geonames: f.geonames,
        precision: f.precision.as_str().to_owned(),
        basis: "spelling".to_owned(),
        reason: format!("another spelling of {}, in a country that the report speaks of", f.name),
    };
    let head = super::head_of(s, from, to);
    PlaceMention { sentence: index, tokens: from..to, head, people: false, precision: f.precision, record }
}

/// Without articles and marks at its ends.
fn trimmed(s: &Sentence, mut from: usize, mut to: usize) -> (usize, usize) {
    let loose = |i: usize| s.tokens.get(i).is_none_or(|t| matches!(t.upos, Upos::Det | Upos::Punct | Upos::Adp | Upos::Part));
    while from < to && loose(from) {
        from += 1;
    }
    while from < to && loose(to - 1) {
        to -= 1;
    }
    (from, to)
}

/// The place that the words right behind a name say it lies in: "Earlsheaton, West Yorkshire", "the clinic in Goma".
fn holder<'a>(s: &Sentence, words: &PlaceWords, here: &'a [PlaceMention], from: usize, to: usize) -> Option<&'a PlaceMention> {
    let next = here.iter().find(|m| m.tokens.start > to && m.tokens.start <= to + REACH && !m.people)?;
    let between = s.tokens.get(to..next.tokens.start)?;
    let links = |t: &crate::model::Token| {
        t.form == "," || words.within.contains(&t.lemma) || words.directions.contains(t.form.to_lowercase().as_str()) || t.upos == Upos::Det
    };
    (from < to && between.iter().all(links)).then_some(next)
}

fn mention(
    doc: &Doc,
    index: usize,
    s: &Sentence,
    from: usize,
    to: usize,
    feature: Option<&str>,
    within: Option<&PlaceMention>,
) -> PlaceMention {
    let span = s.span_of(from, to - 1);
    let text = doc.slice(span).to_owned();
    let precision = within.map_or(Precision::None, |m| m.precision.min(Precision::City));
    let of = |pick: fn(&PlaceRecord) -> Option<String>| within.and_then(|m| pick(&m.record));
    let record = PlaceRecord {
        name: Some(text.clone()),
        text,
        span,
        country: of(|r| r.country.clone()),
        admin1: of(|r| r.admin1.clone()),
        city: of(|r| r.city.clone()),
        feature: feature.map(str::to_owned),
        lat: within.and_then(|m| m.record.lat),
        lon: within.and_then(|m| m.record.lon),
        geonames: None,
        precision: precision.as_str().to_owned(),
        basis: if within.is_some() { "within" } else { "unknown" }.to_owned(),
        reason: within.and_then(|m| m.record.name.as_deref()).map_or_else(
            || "named as a place; in no table".to_owned(),
            |name| format!("in no table; the text puts it in {name}, whose coordinates these are"),
        ),
    };
    PlaceMention { sentence: index, tokens: from..to, head: super::head_of(s, from, to), people: false, precision, record }
}
