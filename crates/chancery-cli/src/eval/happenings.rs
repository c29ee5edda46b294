//! Happenings: of two events of different reports, whether both tell of one thing that happened. A file of `eval/gold`: lines
//! of `id`, report and span of one event, report and span of the other, `yes` or `no`. The reports stand in
//! `NAME_reports.jsonl` beside it and are grouped in its order, all together.
//!
//! An event that this build does not code can be in no happening: such pairs count in `f1_with_missed` alone.

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit, gold};
use crate::{Error, Result};
use chancery::happening::{HappeningId, Happenings, Sighting};
use chancery::record::{Event, Span};
use chancery::{Coder, Options};
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

pub struct HappeningsTask;

#[derive(Deserialize)]
struct Text {
    id: String,
    text: String,
    title: Option<String>,
    published: Option<String>,
    outlet: Option<String>,
}

/// A report's events with the happening of each.
struct Told {
    text: String,
    events: Vec<(Event, HappeningId)>,
}

/// Columns of a line.
const COLUMNS: usize = 8;

impl Task for HappeningsTask {
    fn name(&self) -> &'static str {
        "happenings"
    }

    fn units(&self, path: &Path, text: &str) -> Result<Vec<Unit>> {
        let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'));
        let unit = |(n, line): (usize, &str)| Unit {
            id: line.split('\t').next().unwrap_or("").to_owned(),
            text: line.to_owned(),
            path: path.to_owned(),
            line: n + 1,
        };
        Ok(lines.map(unit).collect())
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let mut cases = self.cases(coder, std::slice::from_ref(unit))?;
        cases.pop().ok_or_else(|| Error::new("E0412", "no gold record", unit.path.display().to_string(), "name a file of this task"))
    }

    fn cases(&self, coder: &Coder, units: &[Unit]) -> Result<Vec<Case>> {
        let Some(first) = units.first() else { return Ok(Vec::new()) };
        let told = told(coder, &first.path)?;
        units.iter().map(|unit| case(&told, unit)).collect()
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let f1 = |both: f64, gold: f64, given: f64| ratio(2.0 * both, gold + given);
        let [both, gold, given, missed] = ["both", "gold", "given", "missed"].map(|k| total.get(k));
        vec![
            Metric::main("f1", f1(both, gold, given)),
            Metric::detail("precision", ratio(both, given)),
            Metric::detail("recall", ratio(both, gold)),
            Metric::main("f1_with_missed", f1(both, gold + missed, given)),
            Metric::detail("pairs_coded", ratio(total.get("coded"), total.get("pairs"))),
        ]
    }
}

/// The reports beside a file of pairs, read and grouped.
fn told(coder: &Coder, path: &Path) -> Result<BTreeMap<String, Told>> {
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or("");
    let beside = path.with_file_name(format!("{stem}_reports.jsonl"));
    let (text, _) = gold::read(&beside)?;
    let read = |unit: &Unit| -> Result<(String, String, Vec<Event>, Vec<Sighting>)> {
        let given: Text = unit.json()?;
        let mut report = gold::report(&given.text, given.published.as_deref());
        (report.title, report.outlet) = (given.title, given.outlet);
        let record = coder.read(report, &Options::default());
        let sightings = Sighting::all(&record);
        Ok((given.id, given.text, record.events, sightings))
    };
    let all = gold::lines(&beside, &text).par_iter().map(read).collect::<Result<Vec<_>>>()?;
    let mut happenings = Happenings::default();
    let mut out = BTreeMap::new();
    for (id, text, events, sightings) in all {
        let numbers = sightings.into_iter().map(|s| happenings.add(s));
        out.insert(id, Told { text, events: events.into_iter().zip(numbers).collect() });
    }
    Ok(out)
}

fn case(told: &BTreeMap<String, Told>, unit: &Unit) -> Result<Case> {
    let bad = |what: &str| {
        let place = format!("{}, line {}", unit.path.display(), unit.line);
        Error::new("E0413", what, place, "mend the line: id, report, start, end, report, start, end, yes or no")
    };
    let fields: Vec<&str> = unit.text.split('\t').collect();
    let [_, a, a_start, a_end, b, b_start, b_end, same] = fields.as_slice() else {
        return Err(bad(&format!("{} fields where {COLUMNS} belong", fields.len())));
    };
    let find = |id: &str, start: &str, end: &str| -> Result<(Option<HappeningId>, String)> {
        let report = told.get(id).ok_or_else(|| bad(&format!("no report {id}")))?;
        let number = |s: &str| s.parse::<usize>().map_err(|_| bad("a span is not a number"));
        let span = Span::new(number(start)?, number(end)?);
        let own = report.events.iter().find(|(e, _)| e.trigger.span.overlaps(span));
        let found = own.or_else(|| report.events.iter().find(|(e, _)| e.mentions.iter().any(|m| m.trigger.span.overlaps(span))));
        Ok((found.map(|f| f.1), format!("{id} {}", span.of(&report.text))))
    };
    let ((x, a), (y, b)) = (find(a, a_start, a_end)?, find(b, b_start, b_end)?);
    let gold = match *same {
        "yes" => true,
        "no" => false,
        other => return Err(bad(&format!("{other:?} is neither yes nor no"))),
    };
    let mut case = Case { id: unit.id.clone(), ..Case::default() };
    case.counts.count("pairs");
    let Some((x, y)) = x.zip(y) else {
        if gold {
            case.counts.count("missed");
        }
        return Ok(case);
    };
    let given = x == y;
    case.counts.count("coded");
    for (key, holds) in [("gold", gold), ("given", given), ("both", gold && given)] {
        if holds {
            case.counts.count(key);
        }
    }
    if gold != given {
        let word = |same: bool| if same { "one" } else { "two" };
        let kind = if gold { "kept apart" } else { "put together" };
        case.errors.push(Finding::new(kind, word(gold), word(given), format!("{a} / {b}")));
    }
    Ok(case)
}
