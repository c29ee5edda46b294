//! Actors: phrases with the country, sector and person or body that they name, as NGEC's tests have them.
//!
//! A phrase is read as a report of its own, on its date; its context (a country, or words nearby) stands in a paragraph
//! before it. The mention that stands for the phrase is the widest in it. An absent key is not tested, an empty one
//! means that none must be given, `UNK` counts as none. Files of `eval/gold` are ours ([`by_eye`]). Entities are given as titles: another name of the same entity counts.

use super::{Case, Counts, Finding, Metric, Task, Unit, by_eye, counts::ratio, gold};
use crate::Result;
use chancery::record::MentionRecord;
use chancery::{Coder, Options};
use serde::Deserialize;
use std::path::Path;

pub struct Actors;

#[derive(Deserialize)]
struct Gold {
    id: Option<String>,
    text: String,
    context: Option<String>,
    date: Option<String>,
    country: Option<String>,
    sector: Option<String>,
    entity: Option<String>,
}

impl Task for Actors {
    fn name(&self) -> &'static str {
        "actors"
    }

    fn units(&self, path: &Path, text: &str) -> Result<Vec<Unit>> {
        if path.extension().is_some_and(|e| e == "tsv") {
            return by_eye::units(path, text);
        }
        Ok(gold::lines(path, text))
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        if unit.path.extension().is_some_and(|e| e == "tsv") {
            return Ok(by_eye::score(coder, &unit.json()?));
        }
        let gold: Gold = unit.json()?;
        let before = gold.context.as_deref().map_or(String::new(), |c| format!("{c}.\n\n"));
        let text = format!("{before}{}", gold.text);
        let record = coder.read(gold::report(&text, gold.date.as_deref()), &Options::default());
        // The first of the widest.
        let mention = record.mentions.iter().filter(|m| m.actor.span.start >= before.len()).rev().max_by_key(|m| m.actor.span.len());
        let mut case = Case { id: gold.id.clone().unwrap_or_else(|| unit.id.clone()), ..Case::default() };
        let mut all = true;
        for (key, wanted) in [("country", &gold.country), ("sector", &gold.sector), ("entity", &gold.entity)] {
            let Some(wanted) = wanted else { continue };
            let given = mention.and_then(|m| field(m, key)).unwrap_or("");
            let right = match key {
                "entity" if !wanted.is_empty() => same_entity(coder, mention, wanted),
                _ => given == none_of(wanted),
            };
            case.counts.count(key.to_owned());
            if right {
                case.counts.count(format!("{key}_right"));
            } else {
                all = false;
                let rule = mention.map_or("no mention", |m| m.actor.rule.as_str());
                let words = mention.map_or("", |m| m.actor.text.as_str());
                case.errors.push(Finding::new(format!("wrong {key}"), wanted.as_str(), given, format!("{} [{words}: {rule}]", gold.text)));
            }
        }
        case.counts.count("records".to_owned());
        if all {
            case.counts.count("all_right".to_owned());
        }
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let share = |right: &str, of: &str| ratio(total.get(right), total.get(of));
        if total.get("records") == 0.0 {
            let mut out = Vec::new();
            out.extend((total.get("sides") > 0.0).then(|| Metric::main("sides_country", share("sides_right", "sides"))));
            out.extend((total.get("means") > 0.0).then(|| Metric::main("coref", share("means_right", "means"))));
            return out;
        }
        vec![
            Metric::main("all".to_owned(), share("all_right", "records")),
            Metric::main("country".to_owned(), share("country_right", "country")),
            Metric::main("sector".to_owned(), share("sector_right", "sector")),
            Metric::main("entity".to_owned(), share("entity_right", "entity")),
        ]
    }
}

/// Gold's own words for no code.
fn none_of(wanted: &str) -> &str {
    if wanted == "UNK" { "" } else { wanted }
}

fn field<'m>(m: &'m MentionRecord, key: &str) -> Option<&'m str> {
    match key {
        "country" => m.actor.country.as_deref(),
        "sector" => m.actor.sector.as_deref(),
        _ => m.actor.entity.as_deref(),
    }
}

/// Whether the mention's entity goes by that title, with or without what stands in brackets.
fn same_entity(coder: &Coder, mention: Option<&MentionRecord>, title: &str) -> bool {
    let Some(m) = mention else { return false };
    let plain = title.split(" (").next().unwrap_or(title);
    m.actor.entity.as_deref() == Some(plain) || m.actor.entity_id.as_deref().is_some_and(|id| coder.actors.is_named(id, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_counts_as_none() {
        assert_eq!(none_of("UNK"), "");
        assert_eq!(none_of("GOV"), "GOV");
    }
}
