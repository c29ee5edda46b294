//! Figures: amounts found with value and unit right, by kind.
//!
//! A figure is found where spans overlap, values agree within 1e-6 and units agree through `units.tsv`. Spurious is what was
//! given of the record's kind where gold has none. Plain numbers carry no unit in gold, so theirs is not compared.
//!
//! Values of the Spanish gold have lost their decimal marks on the way ("47,28" is 4728 there). A whole value of gold therefore
//! agrees with one that has decimals where they are a power of ten apart; how often is told as `mark_lost`.

use super::{Case, Counts, Finding, Metric, Task, Unit, gold, matching};
use crate::Result;
use chancery::record::{Figure, Span};
use chancery::{Coder, Options};
use serde::Deserialize;

pub struct Figures;

#[derive(Deserialize)]
struct Gold {
    #[serde(default)]
    id: String,
    text: String,
    #[serde(default, alias = "lang")]
    language: Option<String>,
    kind: String,
    figures: Vec<Expected>,
}
#[derive(Deserialize)]
struct Expected {
    span: Span,
    value: Option<f64>,
    unit: Option<String>,
}

const UNITS: &str = include_str!("units.tsv");
const KINDS: [&str; 6] = ["currency", "percent", "number", "dimension", "age", "temperature"];

impl Task for Figures {
    fn name(&self) -> &'static str {
        "figures"
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold: Gold = unit.json()?;
        let language = unit.language(coder, gold.language.as_deref());
        let record = coder.read(gold::report_in(&language, &gold.text, None), &Options::default());
        let given: Vec<&Figure> = record.figures.iter().filter(|f| of_kind(f, &gold.kind)).collect();
        let mut case = Case { id: gold.id.clone(), ..Case::default() };
        let pairs = matching::one_to_one(gold.figures.len(), given.len(), |e, g| agree(&gold.figures[e], given[g], &gold.kind, &language));
        let found = pairs.iter().flatten().count();
        let lost = pairs.iter().zip(&gold.figures).filter(|(pair, e)| pair.is_some_and(|g| !same_value(e, given[g]))).count();
        case.counts.add("mark_lost", lost as f64);
        for key in ["all", gold.kind.as_str()] {
            case.counts.add_prf(key, found, given.len(), gold.figures.len());
        }
        for (e, pair) in gold.figures.iter().zip(&pairs).filter(|(_, p)| p.is_none()) {
            let near: Vec<String> = record.figures.iter().filter(|f| f.span.overlaps(e.span)).map(shown).collect();
            let what = format!("{} = {:?} {}", e.span.of(&gold.text), e.value, e.unit.as_deref().unwrap_or(""));
            case.errors.push(Finding::new(format!("missed {}", gold.kind), what, near.join(" | "), &gold.text));
            debug_assert!(pair.is_none());
        }
        for (g, f) in given.iter().enumerate().filter(|(g, _)| !pairs.contains(&Some(*g))) {
            let elsewhere = !gold.figures.iter().any(|e| e.span.overlaps(f.span));
            if elsewhere {
                case.counts.count("spurious");
                case.counts.count(format!("spurious/{}", gold.kind));
                case.errors.push(Finding::new(format!("spurious {}", gold.kind), "", shown(given[g]), &gold.text));
            }
        }
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let mut out = vec![
            Metric::main("f1", total.prf("all").f1()),
            Metric::main("spurious", Some(total.get("spurious"))),
            Metric::detail("mark_lost", Some(total.get("mark_lost"))),
        ];
        for kind in KINDS {
            let prf = total.prf(kind);
            if prf.tp + prf.fp + prf.fn_ > 0.0 {
                out.push(Metric::detail(format!("f1_{kind}"), prf.f1()));
                out.push(Metric::detail(format!("errors_{kind}"), Some(prf.fn_ + total.get(&format!("spurious/{kind}")))));
            }
        }
        out
    }
}

fn shown(f: &Figure) -> String {
    format!("{} = {} {} ({})", f.text, f.value, f.unit.as_deref().unwrap_or(""), f.kind.as_deref().unwrap_or(""))
}

fn is_currency(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase()) || matches!(unit, "Peso" | "Rupee" | "Dinar" | "Franc")
}

/// Whether a figure is of the kind that a gold record tests.
fn of_kind(f: &Figure, kind: &str) -> bool {
    let unit = f.unit.as_deref().unwrap_or("");
    let own = f.kind.as_deref().unwrap_or("");
    match kind {
        "currency" => is_currency(unit),
        "percent" => unit == "percent",
        "age" => own == "age",
        "temperature" => unit.contains("degree"),
        "dimension" => {
            own != "age"
                && !is_currency(unit)
                && !unit.contains("degree")
                && unit != "percent"
                && UNITS_OF_LENGTH.contains(&unit.split(' ').next_back().unwrap_or(""))
        }
        _ => true,
    }
}

/// Last words of units of measure.
const UNITS_OF_LENGTH: [&str; 32] = [
    "meter",
    "kilometer",
    "centimeter",
    "millimeter",
    "mile",
    "inch",
    "foot",
    "yard",
    "hectare",
    "acre",
    "liter",
    "milliliter",
    "gallon",
    "barrel",
    "kilogram",
    "gram",
    "milligram",
    "ounce",
    "ton",
    "bushel",
    "megawatt",
    "kilowatt",
    "megabyte",
    "gigabyte",
    "hour",
    "day",
    "second",
    "millisecond",
    "pound",
    "bit",
    "byte",
    "pint",
];

fn agree(gold: &Expected, own: &Figure, kind: &str, language: &str) -> bool {
    if !gold.span.overlaps(own.span) {
        return false;
    }
    let unit = own.unit.as_deref().unwrap_or("");
    let name = gold.unit.as_deref().unwrap_or("");
    let (ours, _) = unit_of_gold(name);
    let same_unit = kind == "number" || unit.eq_ignore_ascii_case(ours) || (kind == "age" && name == "Age");
    same_unit && (same_value(gold, own) || language == "es" && mark_lost(gold, own))
}

/// Our name of a unit of gold, and how many of it make one of ours: a cent is a hundredth of whatever it is a cent of.
fn unit_of_gold(name: &str) -> (&str, f64) {
    let known = UNITS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')).find(|(theirs, _)| *theirs == name);
    let ours = known.map_or(name, |(_, o)| o);
    ours.strip_suffix("/100").map_or((ours, 1.0), |u| (u, 100.0))
}

fn same_value(gold: &Expected, own: &Figure) -> bool {
    let (_, factor) = unit_of_gold(gold.unit.as_deref().unwrap_or(""));
    gold.value.is_some_and(|v| (v - own.value * factor).abs() <= 1e-6 * v.abs().max(1.0))
}

/// Whether gold's whole value is ours without its decimal mark: a power of ten apart.
fn mark_lost(gold: &Expected, own: &Figure) -> bool {
    let Some(theirs) = gold.value.filter(|v| v.fract() == 0.0 && own.value.fract() != 0.0) else { return false };
    (1..=15).any(|places| (theirs / 10f64.powi(places) - own.value).abs() <= 1e-6 * own.value.abs())
}
