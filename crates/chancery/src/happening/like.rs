//! How alike two sightings are: a sum of what speaks for one happening and what speaks against.
//!
//! The weights and the threshold were set by hand on the open half of `eval/gold/happenings.tsv`; the other half was only
//! scored.

use super::sighting::{Party, Sighting, Spot};
use crate::place::km;
use crate::record::EventType;
use std::collections::BTreeSet;

/// From which sum on two sightings are one happening.
pub const JOIN: f64 = 3.3;

const KIND: f64 = 0.8;
const SIDES: f64 = 1.0;
const PERSONS: f64 = 0.8;
const DATE: f64 = 1.2;
const PLACE: f64 = 0.8;
const NAMES: f64 = 1.2;
/// Share of names that speaks neither way, where both tell two at least.
const NAMED: f64 = 0.35;
const TOLD: f64 = 1.0;
const REPORT: f64 = 0.8;
const FIGURES: f64 = 0.4;

/// Days within which an assumed day may be wrong: reports tell of the days before.
const ASSUMED: i32 = 3;
/// Days after which a report without a date no longer tells of what is new.
const NEWS: i32 = 4;
/// Kilometres within which two towns are one place.
const NEAR: f64 = 50.0;

/// Symmetric. Above [`JOIN`] for one happening; what contradicts outweighs what agrees.
pub fn alike(a: &Sighting, b: &Sighting) -> f64 {
    KIND * kind(a, b)
        + SIDES * sides(a, b)
        + PERSONS * persons(a, b)
        + DATE * date(a, b)
        + PLACE * place(&a.place, &b.place)
        + NAMES * names(&a.words.names, &b.words.names)
        + TOLD * share(&a.words.told, &b.words.told, 5)
        + REPORT * share(&a.words.report, &b.words.report, 8)
        + FIGURES * figures(a, b)
}

/// One deed may be told under either of these: an expulsion, a raid, troops under fire, help in kind, leaving a post.
const NEAR_KINDS: [(EventType, EventType); 5] = [
    (EventType::Sanction, EventType::Coerce),
    (EventType::Coerce, EventType::Assault),
    (EventType::Mobilize, EventType::Assault),
    (EventType::Aid, EventType::Cooperate),
    (EventType::Retreat, EventType::Concede),
];

fn kind(a: &Sighting, b: &Sighting) -> f64 {
    match (a.kind, b.kind) {
        (x, y) if x == y => 1.0,
        (x, y) if NEAR_KINDS.contains(&(x, y)) || NEAR_KINDS.contains(&(y, x)) => 0.5,
        _ if a.quad == b.quad => 0.0,
        _ => -1.0,
    }
}

fn names(a: &[u32], b: &[u32]) -> f64 {
    share(a, b, 2) - if a.len().min(b.len()) >= 2 { NAMED } else { 0.0 }
}

fn sides(a: &Sighting, b: &Sighting) -> f64 {
    if a.reciprocal || b.reciprocal {
        let of = |s: &Sighting| -> BTreeSet<String> { s.source.iter().chain(&s.target).filter_map(|p| p.country.clone()).collect() };
        let (x, y) = (of(a), of(b));
        let (shared, least) = (x.intersection(&y).count(), x.len().min(y.len()));
        return match (shared, least) {
            (_, 0) => 0.0,
            (n, m) if n == m && n >= 2 => 1.0,
            (n, m) if n == m => 0.6,
            (0, _) => -1.0,
            _ => -0.5,
        };
    }
    let (source, target) = (side(&a.source, &b.source), side(&a.target, &b.target));
    match (source < 0.0, target < 0.0) {
        (true, true) => -1.0,
        (true, false) | (false, true) => -0.8,
        _ => (source + target) / 1.8,
    }
}

/// The same body 1, the same country 0.8, one unknown 0, different ones -1.
fn side(a: &[Party], b: &[Party]) -> f64 {
    let meet = |of: fn(&Party) -> Option<&str>| a.iter().filter_map(of).any(|x| b.iter().filter_map(of).any(|y| x == y));
    let country = |p: &Party| p.country.is_some();
    match () {
        () if meet(|p| p.entity.as_deref()) => 1.0,
        () if meet(|p| p.country.as_deref()) => 0.8,
        () if !a.iter().any(country) || !b.iter().any(country) => 0.0,
        () => -1.0,
    }
}

/// -1 where both name persons of one country and no one in common: another minister is another meeting.
fn persons(a: &Sighting, b: &Sighting) -> f64 {
    let of = |s: &Sighting, country: &str| -> BTreeSet<String> {
        let all = s.source.iter().chain(&s.target).filter(|p| p.country.as_deref() == Some(country));
        all.filter_map(|p| p.entity.clone()).filter(|e| e.starts_with("person/")).collect()
    };
    let countries: BTreeSet<&str> = a.source.iter().chain(&a.target).filter_map(|p| p.country.as_deref()).collect();
    let differ = countries.into_iter().any(|c| {
        let (x, y) = (of(a, c), of(b, c));
        !x.is_empty() && !y.is_empty() && x.is_disjoint(&y)
    });
    if differ { -1.0 } else { 0.0 }
}

fn date(a: &Sighting, b: &Sighting) -> f64 {
    let dated = |days: (i32, i32), published: Option<i32>| match published.map(|p| p - days.0) {
        None => 0.0,
        Some(-1..=NEWS) => 0.3,
        Some(gap) if gap > NEWS => -0.2,
        Some(_) => -1.0,
    };
    match (a.days, b.days) {
        (Some(x), Some(y)) => {
            let gap = x.0.max(y.0) - x.1.min(y.1);
            let narrow = x.1 - x.0 <= 2 && y.1 - y.0 <= 2;
            let late = if x.0 > y.0 { a } else { b };
            match gap {
                ..=0 if narrow => 1.0,
                ..=0 | 1 => 0.3,
                2..=ASSUMED if late.assumed => 0.0,
                2..=ASSUMED => -1.0,
                _ => -3.0,
            }
        }
        (Some(x), None) => dated(x, b.published),
        (None, Some(y)) => dated(y, a.published),
        (None, None) => match a.published.zip(b.published) {
            Some((x, y)) if (x - y).abs() <= ASSUMED => 0.2,
            _ => -0.5,
        },
    }
}

fn place(a: &Spot, b: &Spot) -> f64 {
    if let (Some(x), Some(y)) = (&a.country, &b.country)
        && x != y
    {
        return -1.0;
    }
    match a.at.zip(b.at) {
        Some((x, y)) if km(x, y) <= NEAR => 1.0,
        Some(_) => -1.0,
        None => 0.0,
    }
}

/// A number that both give. Tolls grow: different ones say nothing.
fn figures(a: &Sighting, b: &Sighting) -> f64 {
    let same = a.figures.iter().any(|(_, x)| b.figures.iter().any(|(_, y)| (x - y).abs() < 1e-9));
    if same { 1.0 } else { 0.0 }
}

/// Share of the poorer set, which counts as `least` at the least.
fn share(a: &[u32], b: &[u32], least: usize) -> f64 {
    let (mut i, mut j, mut n) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        n += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    n as f64 / a.len().min(b.len()).max(least) as f64
}
