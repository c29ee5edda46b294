//! Relations: one sentence, two actors, one of 15 types (CONCEDE and RETREAT are one, `YIELD`).
//!
//! The sentences are read as plain text. `type_found` asks whether the right type is among the events; the F1 figures
//! take the one event that fits the named actors best, or none.

use super::{Case, Counts, Finding, Metric, Task, Unit, counts::ratio, gold};
use crate::Result;
use chancery::record::{Event, EventType, Span};
use chancery::{Coder, Options};
use serde::Deserialize;

pub struct Relations;

#[derive(Deserialize)]
struct Gold {
    id: Option<String>,
    text: String,
    source: Option<String>,
    target: Option<String>,
    r#type: String,
}

/// Where each type stands among the four kinds of act.
const PENTA: [(&str, &[&str]); 4] = [
    ("1", &["AGREE", "CONSULT", "SUPPORT"]),
    ("2", &["COOPERATE", "AID", "YIELD"]),
    ("3", &["REQUEST", "ACCUSE", "REJECT", "THREATEN"]),
    ("4", &["PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"]),
];

fn penta(label: &str) -> &'static str {
    PENTA.iter().find(|(_, all)| all.contains(&label)).map_or("0", |(p, _)| p)
}

fn label(t: EventType) -> &'static str {
    match t {
        EventType::Concede | EventType::Retreat => "YIELD",
        _ => t.as_str(),
    }
}

impl Task for Relations {
    fn name(&self) -> &'static str {
        "relations"
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold: Gold = unit.json()?;
        let record = coder.read(gold::report(&gold.text, None), &Options::default());
        let mut case = Case { id: gold.id.clone().unwrap_or_else(|| unit.id.clone()), ..Case::default() };
        let labels: Vec<&str> = record.events.iter().map(|e| label(e.r#type)).collect();
        case.counts.count("sentences");
        case.counts.add("events", record.events.len() as f64);
        let found = labels.contains(&gold.r#type.as_str());
        if found {
            case.counts.count("found");
        }
        if !labels.is_empty() {
            case.counts.count("coded");
        }
        let span = |name: &Option<String>| name.as_ref().and_then(|n| gold.text.find(n.as_str()).map(|at| Span::new(at, at + n.len())));
        let (source, target) = (span(&gold.source), span(&gold.target));
        let given = record.events.iter().max_by(|a, b| fit(a, source, target).total_cmp(&fit(b, source, target))).map(|e| label(e.r#type));
        confuse(&mut case.counts, "type", &gold.r#type, given);
        confuse(&mut case.counts, "penta", penta(&gold.r#type), given.map(penta));
        if !found {
            let all: Vec<String> =
                record.events.iter().map(|e| format!("{} `{}` [{}] {}", e.r#type, e.trigger.text, e.rule, e.status)).collect();
            let kind = if all.is_empty() { format!("nothing for {}", gold.r#type) } else { format!("{} as other", gold.r#type) };
            case.errors.push(Finding::new(kind, &*gold.r#type, all.join("; "), &*gold.text));
        }
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let mut out = vec![
            Metric::main("type_found", ratio(total.get("found"), total.get("sentences"))),
            Metric::main("events_per_sentence", ratio(total.get("events"), total.get("sentences"))),
            Metric::main("macro_f1_type", macro_f1(total, "type")),
            Metric::main("micro_f1_type", micro_f1(total, "type")),
            Metric::main("macro_f1_penta", macro_f1(total, "penta")),
            Metric::detail("coded", ratio(total.get("coded"), total.get("sentences"))),
        ];
        for l in PENTA.iter().flat_map(|(_, all)| all.iter()) {
            out.push(Metric::detail(format!("f1_type/{l}"), total.prf(&format!("type/{l}")).f1()));
        }
        out
    }
}

/// How well an event fits the named actors; its confidence breaks ties.
fn fit(e: &Event, source: Option<Span>, target: Option<Span>) -> f64 {
    let on = |side: &[chancery::record::Actor], span: Option<Span>| span.is_some_and(|s| side.iter().any(|a| a.span.overlaps(s)));
    let mut sum = e.confidence;
    if on(&e.source, source) {
        sum += 2.0;
    }
    if on(&e.target, target) || (e.reciprocal && on(&e.source, target)) {
        sum += 2.0;
    }
    sum
}

fn confuse(counts: &mut Counts, name: &str, gold: &str, given: Option<&str>) {
    match given {
        Some(p) if p == gold => counts.count(format!("{name}/{gold}/tp")),
        Some(p) => {
            counts.count(format!("{name}/{p}/fp"));
            counts.count(format!("{name}/{gold}/fn"));
        }
        None => counts.count(format!("{name}/{gold}/fn")),
    }
}

/// Labels with counts under `name/`.
fn labels(total: &Counts, name: &str) -> Vec<String> {
    let mut all: Vec<String> = total.under(&format!("{name}/")).filter_map(|k| k.split('/').next()).map(str::to_owned).collect();
    all.dedup();
    // A label that only this build gave is no class of the gold.
    all.retain(|l| total.get(&format!("{name}/{l}/tp")) + total.get(&format!("{name}/{l}/fn")) > 0.0);
    all
}

fn macro_f1(total: &Counts, name: &str) -> Option<f64> {
    let f1: Vec<f64> = labels(total, name).iter().map(|l| total.prf(&format!("{name}/{l}")).f1().unwrap_or(0.0)).collect();
    ratio(f1.iter().sum(), f1.len() as f64)
}

fn micro_f1(total: &Counts, name: &str) -> Option<f64> {
    let (mut tp, mut fp, mut fn_) = (0.0, 0.0, 0.0);
    for l in labels(total, name) {
        let p = total.prf(&format!("{name}/{l}"));
        tp += p.tp;
        fp += p.fp;
        fn_ += p.fn_;
    }
    ratio(2.0 * tp, 2.0 * tp + fp + fn_)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yield_is_one_type_and_nothing_is_a_miss() {
        assert_eq!((label(EventType::Retreat), label(EventType::Concede)), ("YIELD", "YIELD"));
        let mut counts = Counts::default();
        confuse(&mut counts, "type", "AID", Some("AID"));
        confuse(&mut counts, "type", "AID", None);
        confuse(&mut counts, "type", "YIELD", Some("AID"));
        // AID: 1 right, 1 given wrongly, 1 missed; YIELD: missed.
        assert_eq!(macro_f1(&counts, "type"), Some(0.25));
        assert_eq!(micro_f1(&counts, "type"), Some(0.4));
    }
}
