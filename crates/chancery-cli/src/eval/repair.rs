//! Repair: the share of texts whose wrongly decoded characters are all put right, quotation marks left as they came.

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit};
use crate::Result;
use chancery::Coder;
use chancery::view::View;
use serde::Deserialize;

pub struct Repair;

#[derive(Deserialize)]
struct Gold {
    #[serde(default)]
    label: String,
    original: String,
    fixed: String,
}

impl Task for Repair {
    fn name(&self) -> &'static str {
        "repair"
    }

    fn score(&self, _coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold: Gold = unit.json()?;
        let view = View::repair_encoding(&gold.original);
        let given = view.text(&gold.original);
        let mut case = Case { id: unit.id.clone(), ..Case::default() };
        case.counts.count("all");
        if given == gold.fixed {
            case.counts.count("right");
        } else {
            let kind = if given == gold.original { "left as it was" } else { "repaired otherwise" };
            case.errors.push(Finding::new(kind, gold.fixed, given, gold.label));
        }
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        vec![Metric::main("accuracy", ratio(total.get("right"), total.get("all")))]
    }
}
