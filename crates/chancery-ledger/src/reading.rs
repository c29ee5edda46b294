//! What each reader made of a report, beside what the coder made of it: the ground of agreement, audits and gold files.
//!
//! A report that a reader marked complete has been read whole: an event of the coder's that the reader passed over in it is accepted.

use crate::decision::Fields;
use crate::error::Result;
use crate::ids;
use crate::ledger::Ledger;
use chancery::record::Span;
use rusqlite::params;
use std::collections::BTreeMap;

/// What an event is, as far as readers are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    pub kind: String,
    pub status: String,
    /// Codes joined by `;`; empty for nobody.
    pub source: String,
    pub target: String,
}

impl Label {
    fn with(&self, f: &Fields) -> Label {
        let or = |new: &Option<String>, old: &String| new.clone().unwrap_or_else(|| old.clone());
        Label {
            kind: or(&f.r#type, &self.kind),
            status: or(&f.status, &self.status),
            source: or(&f.source, &self.source),
            target: or(&f.target, &self.target),
        }
    }
}

/// An event that the coder gave.
#[derive(Debug, Clone)]
pub struct Coded {
    pub id: String,
    pub span: Span,
    pub label: Label,
}

/// One reader's verdicts on one report.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    pub complete: bool,
    /// By event: what it is, none for no event.
    pub judged: BTreeMap<String, Option<Label>>,
    /// Events the coder missed.
    pub added: Vec<(Span, Label)>,
    /// Events that were taken as they stood.
    pub accepted: usize,
}

impl Reader {
    /// What the reader takes a coded event to be; nothing where that was not said.
    pub fn on(&self, coded: &Coded) -> Option<Option<Label>> {
        match self.judged.get(&coded.id) {
            Some(said) => Some(said.clone()),
            None => self.complete.then(|| Some(coded.label.clone())),
        }
    }
}

/// A report with its readers, by name.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub rid: i64,
    pub report: String,
    pub stratum: i64,
    pub coded: Vec<Coded>,
    pub readers: BTreeMap<String, Reader>,
}

impl Ledger {
    /// Every report that anybody decided on: in an audit, or (without one) in the ledger itself. Of an audit also those that nobody has read.
    pub fn readings(&self, audit: Option<i64>) -> Result<Vec<Reading>> {
        let failed = self.failed();
        let sql = match audit {
            Some(_) => {
                "SELECT a.rid, a.cid, r.id, a.stratum FROM audit_report a JOIN report r USING (rid) WHERE a.audit = ?1 ORDER BY a.place"
            }
            None => {
                "SELECT c.rid, c.cid, r.id, 0 FROM coding c JOIN report r USING (rid) WHERE c.ended IS NULL AND ?1 IS NULL
                 AND c.rid IN (SELECT rid FROM decision WHERE audit IS NULL AND ended IS NULL) ORDER BY c.rid"
            }
        };
        let mut select = self.conn.prepare(sql).map_err(&failed)?;
        let rows = select.query_map([audit], |r| {
            let report = ids::text(&r.get::<_, [u8; 16]>(2)?);
            Ok((r.get::<_, i64>(1)?, Reading { rid: r.get(0)?, report, stratum: r.get(3)?, ..Reading::default() }))
        });
        let reports: Vec<(i64, Reading)> = rows.and_then(Iterator::collect).map_err(&failed)?;
        let mut readings = Vec::with_capacity(reports.len());
        for (cid, mut reading) in reports {
            self.coded(cid, &mut reading).map_err(&failed)?;
            self.read_by_people(audit, &mut reading).map_err(&failed)?;
            readings.push(reading);
        }
        Ok(readings)
    }

    fn coded(&self, cid: i64, reading: &mut Reading) -> rusqlite::Result<()> {
        let sql =
            "SELECT k.id, e.trigger_start, e.trigger_end, e.type, e.status, e.source, e.target FROM event e JOIN event_key k USING (key)
            WHERE e.cid = ?1 AND e.decision IS NULL GROUP BY e.key ORDER BY min(e.eid)";
        let mut select = self.conn.prepare_cached(sql)?;
        let rows = select.query_map([cid], |r| {
            let span = Span::new(r.get::<_, i64>(1)? as usize, r.get::<_, i64>(2)? as usize);
            let label = Label { kind: r.get(3)?, status: r.get(4)?, source: r.get(5)?, target: r.get(6)? };
            Ok(Coded { id: ids::text(&r.get::<_, [u8; 16]>(0)?), span, label })
        })?;
        reading.coded = rows.collect::<rusqlite::Result<_>>()?;
        Ok(())
    }

    fn read_by_people(&self, audit: Option<i64>, reading: &mut Reading) -> rusqlite::Result<()> {
        let sql = "SELECT who, verdict, event, start, end, fields FROM decision WHERE rid = ?1 AND audit IS ?2 AND ended IS NULL ORDER BY decision";
        let mut select = self.conn.prepare_cached(sql)?;
        let mut rows = select.query(params![reading.rid, audit])?;
        while let Some(r) = rows.next()? {
            let (who, verdict): (String, String) = (r.get(0)?, r.get(1)?);
            let event = r.get::<_, Option<[u8; 16]>>(2)?.map(|b| ids::text(&b));
            let span = r.get::<_, Option<i64>>(3)?.zip(r.get::<_, Option<i64>>(4)?);
            let fields: Fields = r.get::<_, Option<String>>(5)?.and_then(|f| serde_json::from_str(&f).ok()).unwrap_or_default();
            let reader = reading.readers.entry(who).or_default();
            let coded = event.as_ref().and_then(|id| reading.coded.iter().find(|c| c.id == *id));
            match (verdict.as_str(), coded, event) {
                ("complete", ..) => reader.complete = true,
                ("add", _, Some(id)) => {
                    let span = span.map_or(Span::default(), |(a, b)| Span::new(a as usize, b as usize));
                    let blank = Label { kind: String::new(), status: "occurred".into(), source: String::new(), target: String::new() };
                    reader.judged.remove(&id);
                    reader.added.push((span, blank.with(&fields)));
                }
                ("accept", Some(c), Some(id)) => {
                    reader.judged.insert(id, Some(c.label.clone()));
                }
                ("reject", Some(_), Some(id)) => {
                    reader.judged.insert(id, None);
                }
                ("correct", Some(c), Some(id)) => {
                    let before = reader.judged.get(&id).cloned().flatten().unwrap_or_else(|| c.label.clone());
                    reader.judged.insert(id, Some(before.with(&fields)));
                }
                // What found no event in this coding says nothing about it.
                _ => {}
            }
        }
        for reader in reading.readers.values_mut() {
            let same = |c: &&Coded| reader.on(c).flatten().is_some_and(|l| l == c.label);
            reader.accepted = reading.coded.iter().filter(same).count();
        }
        Ok(())
    }
}

/// What readers are compared on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Type,
    Status,
    Actors,
    All,
}

impl On {
    fn of(self, label: Option<&Label>) -> String {
        let Some(l) = label else { return "none".to_owned() };
        match self {
            On::Type => l.kind.clone(),
            On::Status => l.status.clone(),
            On::Actors => format!("{}>{}", l.source, l.target),
            On::All => format!("{} {} {}>{}", l.kind, l.status, l.source, l.target),
        }
    }
}

/// The name under which the coder is compared with people.
pub const MACHINE: &str = "machine";

/// One label a rater for each event that anybody gave, as far as they said anything about it.
pub fn units(readings: &[Reading], on: On) -> Vec<BTreeMap<&str, String>> {
    let mut units = Vec::new();
    for reading in readings {
        for coded in &reading.coded {
            let mut unit = BTreeMap::from([(MACHINE, on.of(Some(&coded.label)))]);
            unit.extend(reading.readers.iter().filter_map(|(who, r)| Some((who.as_str(), on.of(r.on(coded)?.as_ref())))));
            units.push(unit);
        }
        // Missed events of several readers are one where their words overlap.
        let mut missed: Vec<(Span, BTreeMap<&str, String>)> = Vec::new();
        for (who, reader) in &reading.readers {
            for (span, label) in &reader.added {
                let said = on.of(Some(label));
                match missed.iter_mut().find(|(s, unit)| s.overlaps(*span) && !unit.contains_key(who.as_str())) {
                    Some((_, unit)) => {
                        unit.insert(who, said);
                    }
                    None => missed.push((*span, BTreeMap::from([(MACHINE, "none".to_owned()), (who.as_str(), said)]))),
                }
            }
        }
        for (_, mut unit) in missed {
            for (who, _) in reading.readers.iter().filter(|(_, r)| r.complete) {
                unit.entry(who).or_insert_with(|| "none".to_owned());
            }
            units.push(unit);
        }
    }
    units
}

/// How far two raters agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    pub a: String,
    /// The other; empty for all people together, where `kappa` is Krippendorff's alpha.
    pub b: String,
    pub n: usize,
    /// Share of things with the same label (of pairs of labels, for all together).
    pub same: Option<f64>,
    pub kappa: Option<f64>,
}

/// Agreement of each pair of raters (the coder is one), and of all people together.
pub fn agreement(units: &[BTreeMap<&str, String>]) -> Vec<Agreement> {
    let mut raters: Vec<&str> = units.iter().flat_map(|u| u.keys().copied()).collect();
    raters.sort_unstable();
    raters.dedup();
    let share = |pairs: &[(&String, &String)]| {
        (!pairs.is_empty()).then(|| pairs.iter().filter(|(a, b)| a == b).count() as f64 / pairs.len() as f64)
    };
    let mut found = Vec::new();
    for (i, a) in raters.iter().enumerate() {
        for b in &raters[i + 1..] {
            let pairs: Vec<(&String, &String)> = units.iter().filter_map(|u| Some((u.get(a)?, u.get(b)?))).collect();
            let kappa = crate::agreement::kappa(&pairs);
            found.push(Agreement { a: (*a).to_owned(), b: (*b).to_owned(), n: pairs.len(), same: share(&pairs), kappa });
        }
    }
    let people: Vec<Vec<&String>> = units.iter().map(|u| u.iter().filter(|(who, _)| **who != MACHINE).map(|(_, l)| l).collect()).collect();
    let compared: Vec<&Vec<&String>> = people.iter().filter(|u| u.len() > 1).collect();
    let pairs: Vec<(&String, &String)> =
        compared.iter().flat_map(|u| u.iter().enumerate().flat_map(|(i, a)| u[i + 1..].iter().map(move |b| (*a, *b)))).collect();
    let alpha = crate::agreement::alpha(&people);
    found.push(Agreement { a: "all people".to_owned(), b: String::new(), n: compared.len(), same: share(&pairs), kappa: alpha });
    found
}
