//! Language: the share of texts whose language is told rightly, in all and by language.

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit};
use crate::Result;
use chancery::Coder;
use serde::Deserialize;

pub struct Language;

#[derive(Deserialize)]
struct Gold {
    text: String,
    lang: String,
}

/// Texts of more bytes than this are counted apart as well: from there on there is no excuse.
const LONG: usize = 100;

impl Task for Language {
    fn name(&self) -> &'static str {
        "language"
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold: Gold = unit.json()?;
        let given = coder.identifier.best(&gold.text).unwrap_or("");
        let mut case = Case { id: unit.id.clone(), ..Case::default() };
        let mut count = |name: String| {
            case.counts.count(format!("{name}/all"));
            if given == gold.lang {
                case.counts.count(format!("{name}/right"));
            }
        };
        count("every".to_owned());
        count(format!("of/{}", gold.lang));
        if gold.text.len() > LONG {
            count("long".to_owned());
        }
        if given != gold.lang {
            case.errors.push(Finding::new(
                format!("{} for {}", if given.is_empty() { "none" } else { given }, gold.lang),
                gold.lang,
                given,
                gold.text,
            ));
        }
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let share = |name: &str| ratio(total.get(&format!("{name}/right")), total.get(&format!("{name}/all")));
        let mut out = vec![Metric::main("accuracy", share("every")), Metric::main("accuracy_over_100_bytes", share("long"))];
        let languages = total.under("of/").filter_map(|k| k.strip_suffix("/all"));
        out.extend(languages.map(|l| Metric::detail(format!("accuracy/{l}"), share(&format!("of/{l}")))));
        out
    }
}
