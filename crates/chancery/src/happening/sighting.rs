//! One report's telling of an event, as far as finding others of the same needs it.

use crate::record::{Actor, DateBasis, Event, EventType, Record, Span, Status};
use crate::story;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Codes of the record that stand for a kind of actor and not for one: two rebels are not the same side for being rebels.
const KINDS: [&str; 6] = ["IGO", "NGO", "IMG", "ISM", "MNC", "WLD"];
/// Days that sightings of one happening without a common day may lie apart, for the search.
const BUCKET: i32 = 4;
/// Letters of a word from which it says something.
const LONG: usize = 4;
/// Bytes of the report that say what it is about.
const BEGINNING: usize = 1500;
/// Words kept of a sentence and of a report.
const MOST: usize = 64;

/// A party as two reports would know it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Country or organisation by code, where it is a certain one.
    pub country: Option<String>,
    /// Id of the person or body; a country's own is left out, for `country` says it.
    pub entity: Option<String>,
}

impl Party {
    fn of(actor: &Actor) -> Party {
        Party::new(actor.country.as_deref(), actor.entity_id.as_deref())
    }

    pub fn new(country: Option<&str>, entity: Option<&str>) -> Party {
        let country = country.filter(|c| !KINDS.contains(c)).map(str::to_owned);
        let own = country.as_ref().map(|c| format!("country/{c}"));
        let entity = entity.filter(|e| own.as_deref() != Some(*e)).map(str::to_owned);
        Party { country, entity }
    }

    pub fn is_known(&self) -> bool {
        self.country.is_some() || self.entity.is_some()
    }
}

/// Where it happened, as told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    pub name: Option<String>,
    pub country: Option<String>,
    /// Degrees; only of a town or closer.
    pub at: Option<(f64, f64)>,
}

/// Sorted hashes of word beginnings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Capitalised inside the sentences that tell the event.
    pub names: Vec<u32>,
    /// Of those sentences.
    pub told: Vec<u32>,
    /// Of the report's title and beginning.
    pub report: Vec<u32>,
}

/// An event as one report tells it. Days count from 1970.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sighting {
    /// Ids of the event and its report.
    pub event: String,
    pub report: String,
    pub kind: EventType,
    pub quad: u8,
    pub source: Vec<Party>,
    pub target: Vec<Party>,
    pub reciprocal: bool,
    /// First and last day it can mean.
    pub days: Option<(i32, i32)>,
    /// The day is no more than that of the report or its tense.
    pub assumed: bool,
    pub published: Option<i32>,
    pub place: Spot,
    pub status: Status,
    /// Who asserts or denies it, with the stance: `asserts Sergey Lavrov`.
    pub voices: Vec<String>,
    /// What is counted, and how many.
    pub figures: Vec<(String, f64)>,
    pub words: Words,
    /// Names of the hands the report goes back to.
    pub origins: Vec<String>,
}

impl Sighting {
    /// The events of a record that carries its text, in its order.
    pub fn all(record: &Record) -> Vec<Sighting> {
        let report = &record.report;
        let beginning = report.text.get(..report.text.floor_char_boundary(BEGINNING)).unwrap_or("");
        let about = hashes([report.title.as_deref().unwrap_or(""), beginning].iter().flat_map(|t| words(t)));
        let origins = story::origins(&report.provenance, report.url.as_deref());
        record.events.iter().map(|e| Sighting::of(record, e, about.clone(), origins.clone())).collect()
    }

    fn of(record: &Record, event: &Event, about: Vec<u32>, origins: Vec<String>) -> Sighting {
        let mut sentences: Vec<usize> = [event.sentence].into_iter().chain(event.mentions.iter().map(|m| m.sentence)).collect();
        sentences.dedup();
        let spans: Vec<Span> = sentences.iter().filter_map(|s| record.sentences.get(*s)).map(|s| s.span).collect();
        let texts = || spans.iter().map(|s| s.of(&record.report.text));
        let figures = record.figures.iter().filter(|f| event.figures.contains(&f.id));
        let close = matches!(event.place.precision.as_str(), "exact" | "city");
        Sighting {
            event: event.id.clone(),
            report: record.report.id.clone(),
            kind: event.r#type,
            quad: event.quad,
            source: event.source.iter().map(Party::of).collect(),
            target: event.target.iter().map(Party::of).collect(),
            reciprocal: event.reciprocal,
            days: span_of(event.date.start.as_deref(), event.date.end.as_deref()),
            assumed: matches!(event.date.basis, Some(DateBasis::Published | DateBasis::Tense)),
            published: record.report.published.as_deref().and_then(day),
            place: Spot {
                name: event.place.name.clone(),
                country: event.place.country.clone(),
                at: event.place.lat.zip(event.place.lon).filter(|_| close),
            },
            status: event.status,
            voices: event
                .attributions
                .iter()
                .map(|a| format!("{} {}", a.stance, a.actor.entity.as_ref().unwrap_or(&a.actor.text)))
                .collect(),
            figures: figures.filter_map(|f| Some((f.of.as_ref().or(f.unit.as_ref())?.to_lowercase(), f.value))).collect(),
            words: Words { names: hashes(texts().flat_map(names)), told: hashes(texts().flat_map(words)), report: about },
            origins,
        }
    }

    /// What it is looked for by: each country of its sides, or that of the place, with its stretch of days, and so many stretches
    /// before and after.
    pub fn keys(&self, around: i32) -> Vec<(String, i32)> {
        let days = self.days.map_or_else(|| self.published.map(|p| (p - BUCKET, p)), |(a, b)| Some((a, b.min(a + 2 * BUCKET))));
        let (first, last) = days.unwrap_or((i32::MIN / 2, i32::MIN / 2));
        let mut who: BTreeSet<&str> = self.source.iter().chain(&self.target).filter_map(|p| p.country.as_deref()).collect();
        who.extend(self.place.country.as_deref());
        if who.is_empty() {
            who.insert("");
        }
        let stretches = first.div_euclid(BUCKET) - around..=last.div_euclid(BUCKET) + around;
        who.into_iter().flat_map(|w| stretches.clone().map(move |s| (w.to_owned(), s))).collect()
    }
}

/// First and last day of a date.
pub(super) fn span_of(start: Option<&str>, end: Option<&str>) -> Option<(i32, i32)> {
    let first = day(start?)?;
    Some((first, end.and_then(day).unwrap_or(first).max(first)))
}

/// Days since 1970 of a date, or of the day of a time.
pub fn day(date: &str) -> Option<i32> {
    let date = date.get(..10)?.parse::<jiff::civil::Date>().ok()?;
    date.since(jiff::civil::date(1970, 1, 1)).ok().map(|s| s.get_days())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= LONG || w.starts_with(|c: char| c.is_ascii_digit()))
}

/// Words with a capital that do not begin the text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    words(text).filter(move |w| w.starts_with(char::is_uppercase) && !text.trim_start().starts_with(w))
}

/// Beginnings of words in lower case: endings differ from report to report.
fn hashes<'a>(words: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let stem = |w: &str| story::hash(&w.chars().flat_map(char::to_lowercase).take(6).collect::<String>()) as u32;
    let mut out: Vec<u32> = words.map(stem).collect::<BTreeSet<_>>().into_iter().collect();
    out.truncate(MOST);
    out
}
