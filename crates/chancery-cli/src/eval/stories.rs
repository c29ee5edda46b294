//! Stories: how the clusters that this build forms agree with gold's, by the adjusted Rand index. Reports come in the
//! order of the file, one at a time. Ids and the order within a cluster carry no information.

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit, gold};
use crate::{Error, Result};
use chancery::story::{Limits, Stories, Telling};
use chancery::{Coder, Options};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

pub struct StoriesTask;

#[derive(Deserialize)]
struct Gold {
    cluster: Value,
    text: String,
    title: Option<String>,
    published: Option<String>,
    outlet: Option<String>,
    url: Option<String>,
}

impl Task for StoriesTask {
    fn name(&self) -> &'static str {
        "stories"
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let mut cases = self.cases(coder, std::slice::from_ref(unit))?;
        cases.pop().ok_or_else(|| Error::new("E0412", "no gold record", unit.path.display().to_string(), "name a file of this task"))
    }

    /// One case for each cluster of gold: what is drawn is clusters. Pairs that this build puts together across two of them
    /// count half for each, so that the counts add up.
    fn cases(&self, coder: &Coder, units: &[Unit]) -> Result<Vec<Case>> {
        let read = |unit: &Unit| -> Result<(String, Telling)> {
            let gold: Gold = unit.json()?;
            let mut report = gold::report(&gold.text, gold.published.as_deref());
            (report.title, report.outlet, report.url) = (gold.title, gold.outlet, gold.url);
            let options = Options::default();
            // Without a day nothing but its words joins a report to others, and those need no coding.
            let dated = report.published.is_some();
            let telling =
                if dated { Telling::of(&coder.read(report, &options)) } else { Telling::of_layout(&coder.lay_out(report, &options)) };
            Ok((gold.cluster.to_string(), telling))
        };
        let tellings = units.par_iter().map(read).collect::<Result<Vec<_>>>()?;
        let given = cluster(tellings.iter().map(|(_, t)| t));
        let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
        let mut clusters: BTreeMap<&str, BTreeMap<u32, Vec<&Unit>>> = BTreeMap::new();
        for ((unit, (cluster, _)), story) in units.iter().zip(&tellings).zip(&given) {
            *sizes.entry(*story).or_default() += 1;
            clusters.entry(cluster).or_default().entry(*story).or_default().push(unit);
        }
        let cases = clusters.into_iter().map(|(id, parts)| {
            let mut case = Case { id: id.to_owned(), ..Case::default() };
            let n: usize = parts.values().map(Vec::len).sum();
            let size = |story: &u32| sizes.get(story).copied().unwrap_or(0);
            let both: f64 = parts.values().map(|p| pairs(p.len())).sum();
            let across: f64 = parts.iter().map(|(s, p)| (p.len() * (size(s) - p.len())) as f64 / 2.0).sum();
            case.counts.add("reports", n as f64);
            case.counts.add("pairs/both", both);
            case.counts.add("pairs/gold", pairs(n));
            case.counts.add("pairs/given", both + across);
            let largest = parts.values().map(Vec::len).max().unwrap_or(0);
            for (story, part) in &parts {
                let ids = || part.iter().map(|u| u.id.as_str()).collect::<Vec<_>>().join(" ");
                if part.len() < largest {
                    case.errors.push(Finding::new("split off", id, ids(), ""));
                }
                if size(story) > part.len() {
                    case.errors.push(Finding::new("in a story with others", id, ids(), format!("story {story}, {} reports", size(story))));
                }
            }
            case
        });
        Ok(cases.collect())
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let [n, both, gold, given] = ["reports", "pairs/both", "pairs/gold", "pairs/given"].map(|k| total.get(k));
        let chance = ratio(gold * given, n * (n - 1.0) / 2.0).unwrap_or(0.0);
        let ari = ratio(both - chance, (gold + given) / 2.0 - chance);
        vec![
            Metric::main("ari", ari),
            Metric::detail("pairs_precision", ratio(both, given)),
            Metric::detail("pairs_recall", ratio(both, gold)),
        ]
    }
}

/// The story of each report at the end.
fn cluster<'a>(tellings: impl Iterator<Item = &'a Telling>) -> Vec<u32> {
    let mut stories = Stories::new(Limits::default());
    let mut into: BTreeMap<u32, u32> = BTreeMap::new();
    let mut out = Vec::new();
    for telling in tellings {
        let placed = stories.add(telling);
        into.extend(placed.merged.iter().map(|m| (*m, placed.story)));
        out.push(placed.story);
    }
    let last = |mut story: u32| {
        while let Some(&next) = into.get(&story) {
            story = next;
        }
        story
    };
    out.into_iter().map(last).collect()
}

fn pairs(n: usize) -> f64 {
    (n * n.saturating_sub(1)) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two clusters of two, one pair found and one report of the other put to it: worked out by hand from the contingency table.
    #[test]
    fn the_index_is_the_known_one() {
        let mut total = Counts::default();
        for (key, n) in [("reports", 4.0), ("pairs/both", 1.0), ("pairs/gold", 2.0), ("pairs/given", 3.0)] {
            total.add(key, n);
        }
        // (1 - 2·3/6) / ((2+3)/2 - 1) = 0
        assert_eq!(StoriesTask.metrics(&total)[0].value, Some(0.0));
        let mut total = Counts::default();
        for (key, n) in [("reports", 6.0), ("pairs/both", 6.0), ("pairs/gold", 6.0), ("pairs/given", 6.0)] {
            total.add(key, n);
        }
        assert_eq!(StoriesTask.metrics(&total)[0].value, Some(1.0));
    }

    #[test]
    fn merged_stories_are_followed() {
        let a = "The ministers of both countries met in the capital on Friday to speak about the ceasefire and the exchange of prisoners.";
        let b =
            "Later the same day protesters gathered before the palace and asked the government to resign over the rising price of bread.";
        let texts = [a.to_owned(), b.to_owned(), format!("{a} {b}")];
        let tellings: Vec<Telling> = texts.iter().enumerate().map(|(i, t)| Telling::of_text(i.to_string(), t)).collect();
        assert_eq!(cluster(tellings.iter()), [0, 0, 0]);
    }
}
