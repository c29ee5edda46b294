//! Relations: one sentence, two actors, one of 15 types (CONCEDE and RETREAT are one, `YIELD`).
//!
//! `type_found` asks whether the right type is among the events of the sentence read as plain text; the F1 figures are those of
//! `classify`, which is told the actors. A third of the sentences, by hash of id, is set aside: scored apart and never shown.

use super::{Case, Counts, Finding, Metric, Task, Unit, counts::ratio, gold};
use crate::Result;
use chancery::classify::Question;
use chancery::record::{EventType, Span};
use chancery::{Coder, Options, ids};
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
        let question = Question { text: gold.text.clone(), source: span(&gold.source), target: span(&gold.target), trigger: None };
        let answer = coder.classify(&question);
        let given = label(answer.r#type);
        let part = if is_held(&case.id) { "held" } else { "dev" };
        for name in ["type", part] {
            confuse(&mut case.counts, name, &gold.r#type, given);
        }
        confuse(&mut case.counts, "penta", penta(&gold.r#type), penta(given));
        // Reliability: how often answers of a likelihood are right.
        let bin = ((answer.score * 10.0) as usize).min(9);
        case.counts.count(format!("bin{bin}/n"));
        case.counts.add(format!("bin{bin}/score"), answer.score);
        if given == gold.r#type {
            case.counts.count(format!("bin{bin}/right"));
        }
        if answer.rule == "model" {
            case.counts.count("model/n");
            case.counts.add("model/right", f64::from(u8::from(given == gold.r#type)));
        }
        // The held part is scored and never shown: it stays unread.
        if given != gold.r#type && part == "dev" {
            let how = format!("{given} [{}] {}", answer.rule, answer.score);
            case.errors.push(Finding::new(format!("classified as {given}"), &*gold.r#type, how, &*gold.text));
        }
        if !found && part == "dev" {
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
            Metric::main("macro_f1_type_dev", macro_f1(total, "dev")),
            Metric::main("macro_f1_type_held", macro_f1(total, "held")),
            Metric::main("micro_f1_type_held", micro_f1(total, "held")),
            Metric::detail("model_share", ratio(total.get("model/n"), total.get("sentences"))),
            Metric::detail("model_right", ratio(total.get("model/right"), total.get("model/n"))),
            Metric::detail("coded", ratio(total.get("coded"), total.get("sentences"))),
        ];
        for l in PENTA.iter().flat_map(|(_, all)| all.iter()) {
            out.push(Metric::detail(format!("f1_type/{l}"), total.prf(&format!("type/{l}")).f1()));
        }
        for bin in 0..10 {
            let n = total.get(&format!("bin{bin}/n"));
            out.push(Metric::detail(format!("answers/{bin}"), (n > 0.0).then_some(n)));
            out.push(Metric::detail(format!("likelihood/{bin}"), ratio(total.get(&format!("bin{bin}/score")), n)));
            out.push(Metric::detail(format!("right/{bin}"), ratio(total.get(&format!("bin{bin}/right")), n)));
        }
        out
    }
}

/// Whether a sentence belongs to the third that is set aside, by a hash of its id.
fn is_held(id: &str) -> bool {
    ids::content_id(&[id.as_bytes()]).bytes().map(u32::from).sum::<u32>() % 3 == 0
}

fn confuse(counts: &mut Counts, name: &str, gold: &str, given: &str) {
    if given == gold {
        counts.count(format!("{name}/{gold}/tp"));
    } else {
        counts.count(format!("{name}/{given}/fp"));
        counts.count(format!("{name}/{gold}/fn"));
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
    fn yield_is_one_type() {
        assert_eq!((label(EventType::Retreat), label(EventType::Concede)), ("YIELD", "YIELD"));
        let mut counts = Counts::default();
        confuse(&mut counts, "type", "AID", "AID");
        confuse(&mut counts, "type", "AID", "YIELD");
        confuse(&mut counts, "type", "YIELD", "AID");
        // AID: 1 right, 1 given wrongly, 1 missed; YIELD: 1 given wrongly, 1 missed.
        assert_eq!(macro_f1(&counts, "type"), Some(0.25));
        assert_eq!(micro_f1(&counts, "type"), ratio(1.0, 3.0));
    }
}
