//! What the sightings of one happening say together, and where they differ.

use super::sighting::Sighting;
use crate::record::Status;
use crate::story::independent;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A status with who vouches for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vouched {
    pub status: Status,
    /// Sources that depend on no other and tell it so.
    pub chains: usize,
    /// Who is said to assert or deny it.
    pub by: Vec<String>,
}

/// One figure at one time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureLine {
    /// Published day of the report, days since 1970.
    pub day: Option<i32>,
    pub of: String,
    pub value: f64,
    /// Independent sources that give it that day.
    pub chains: usize,
}

/// Something that independent sources tell differently: `place`, `date`, or what a number counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dispute {
    pub matter: String,
    /// Each value with how many independent sources give it.
    pub values: Vec<(String, usize)>,
}

/// A happening as its sightings tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Report, and its published day, that told it first; of one day the one that came first.
    pub first_report: String,
    pub first_day: Option<i32>,
    pub sightings: usize,
    pub reports: usize,
    /// Sources that depend on no other.
    pub chains: usize,
    pub status: Vec<Vouched>,
    /// By day and matter.
    pub figures: Vec<FigureLine>,
    pub disputes: Vec<Dispute>,
}

impl Summary {
    /// Of the sightings of one happening in order of arrival; nothing of none.
    pub fn of(sightings: &[&Sighting]) -> Option<Summary> {
        let first = sightings.iter().min_by_key(|s| s.published.unwrap_or(i32::MAX))?;
        // One voice a report, then one a chain of reports that go back to the same hand.
        let mut reports: BTreeMap<&str, (u32, BTreeSet<String>)> = BTreeMap::new();
        for s in sightings {
            let next = reports.len() as u32;
            reports.entry(&s.report).or_insert_with(|| (next, BTreeSet::new())).1.extend(s.origins.iter().cloned());
        }
        let mut texts: Vec<(u32, &BTreeSet<String>)> = reports.values().map(|(n, o)| (*n, o)).collect();
        texts.sort_unstable_by_key(|t| t.0);
        let heads = independent(&texts);
        let chain = |s: &Sighting| reports.get(s.report.as_str()).and_then(|(n, _)| heads.get(n)).copied().unwrap_or(0);
        Some(Summary {
            first_report: first.report.clone(),
            first_day: first.published,
            sightings: sightings.len(),
            reports: reports.len(),
            chains: heads.values().collect::<BTreeSet<_>>().len(),
            status: status(sightings, chain),
            figures: figures(sightings, chain),
            disputes: disputes(sightings, chain),
        })
    }
}

fn status(sightings: &[&Sighting], chain: impl Fn(&Sighting) -> u32) -> Vec<Vouched> {
    let mut by: BTreeMap<Status, (BTreeSet<u32>, BTreeSet<String>)> = BTreeMap::new();
    for s in sightings {
        let entry = by.entry(s.status).or_default();
        entry.0.insert(chain(s));
        entry.1.extend(s.voices.iter().cloned());
    }
    by.into_iter().map(|(status, (chains, by))| Vouched { status, chains: chains.len(), by: by.into_iter().collect() }).collect()
}

fn figures(sightings: &[&Sighting], chain: impl Fn(&Sighting) -> u32) -> Vec<FigureLine> {
    // Values in order: as bits of what is never negative or not a number they sort as numbers do.
    let mut by: BTreeMap<(Option<i32>, &str, u64), BTreeSet<u32>> = BTreeMap::new();
    for s in sightings {
        for (of, value) in s.figures.iter().filter(|(_, v)| v.is_finite() && *v >= 0.0) {
            by.entry((s.published, of, value.to_bits())).or_default().insert(chain(s));
        }
    }
    let line = |((day, of, bits), chains): ((Option<i32>, &str, u64), BTreeSet<u32>)| FigureLine {
        day,
        of: of.to_owned(),
        value: f64::from_bits(bits),
        chains: chains.len(),
    };
    by.into_iter().map(line).collect()
}

/// Matters of which two sources that share no origin give different values.
fn disputes(sightings: &[&Sighting], chain: impl Fn(&Sighting) -> u32) -> Vec<Dispute> {
    let mut by: BTreeMap<String, BTreeMap<String, BTreeSet<u32>>> = BTreeMap::new();
    let mut say = |matter: &str, value: String, who: u32| {
        by.entry(matter.to_owned()).or_default().entry(value).or_default().insert(who);
    };
    for s in sightings {
        let who = chain(s);
        if let (Some(name), Some(_)) = (&s.place.name, s.place.at) {
            say("place", name.clone(), who);
        }
        // A day that the report only implies contradicts nobody.
        if let Some((day, _)) = s.days.filter(|(a, b)| a == b && !s.assumed) {
            say("date", iso(day), who);
        }
        for (of, value) in &s.figures {
            say(of, value.to_string(), who);
        }
    }
    let apart = |values: &BTreeMap<String, BTreeSet<u32>>| {
        let sets: Vec<&BTreeSet<u32>> = values.values().collect();
        sets.iter().enumerate().any(|(i, a)| sets.iter().skip(i + 1).any(|b| a.is_disjoint(b)))
    };
    by.into_iter()
        .filter(|(_, values)| apart(values))
        .map(|(matter, values)| Dispute { matter, values: values.into_iter().map(|(v, who)| (v, who.len())).collect() })
        .collect()
}

/// A day since 1970 as YYYY-MM-DD.
pub fn iso(day: i32) -> String {
    let epoch = jiff::civil::date(1970, 1, 1);
    let later = jiff::Span::new().try_days(day).and_then(|days| epoch.checked_add(days));
    later.map_or_else(|_| day.to_string(), |d| d.to_string())
}
