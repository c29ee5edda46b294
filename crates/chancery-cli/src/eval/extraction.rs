//! Extraction: the body of a page against the words a person marked, by runs of four words as the article extraction
//! benchmark counts them. Body is what stands in paragraphs and headings. Precision and recall are means over pages,
//! so that a long page weighs no more than a short one.
//!
//! A `.tsv` of `eval/gold` says of pages of the same gold which headline and which day they have.

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit, gold};
use crate::{Error, Result};
use chancery::input::{self, Hints};
use chancery::record::BlockKind;
use chancery::{Coder, Options, ids};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

pub struct Extraction;

#[derive(Deserialize)]
struct Gold {
    #[serde(default)]
    id: String,
    /// A page, gzip, beside the gold file.
    html_gz: String,
    text: String,
}

/// Words of a shingle.
const RUN: usize = 4;

impl Task for Extraction {
    fn name(&self) -> &'static str {
        "extraction"
    }

    fn units(&self, path: &Path, text: &str) -> Result<Vec<Unit>> {
        if path.extension().is_none_or(|e| e != "tsv") {
            return Ok(gold::lines(path, text));
        }
        let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'));
        let unit = |(n, l): (usize, &str)| Unit {
            id: l.split('\t').next().unwrap_or("").to_owned(),
            text: l.to_owned(),
            path: path.to_owned(),
            line: n + 1,
        };
        Ok(lines.map(unit).collect())
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        if unit.path.extension().is_some_and(|e| e == "tsv") {
            return head(coder, unit);
        }
        let gold: Gold = unit.json()?;
        if gold.html_gz.split(['/', '\\']).any(|part| part == "..") {
            return Err(Error::new(
                "E0413",
                "the page lies outside the folder of gold",
                gold.html_gz,
                "name a file in the format of this task",
            ));
        }
        let path = unit.path.parent().unwrap_or(&unit.path).join(&gold.html_gz);
        let page = gold::bytes(&path)?;
        let report = input::html::html(&page, &Hints::named(gold.html_gz.clone()))?;
        let laid = coder.lay_out(report, &Options::default());
        let body = laid.page.blocks.iter().filter(|b| matches!(b.kind, BlockKind::Paragraph | BlockKind::Heading));
        let given: Vec<&str> = body.map(|b| b.span.of(&laid.report.text)).collect();
        let given = given.join("\n");
        let (own, expected) = (Shingles::of(&given), Shingles::of(&gold.text));
        let found = own.shared(&expected) as f64;
        let mut case = Case { id: gold.id.clone(), ..Case::default() };
        if own.all > 0 {
            case.counts.count("given");
            case.counts.add("precision", found / own.all as f64);
        }
        if expected.all > 0 {
            case.counts.count("expected");
            case.counts.add("recall", found / expected.all as f64);
        }
        differences(&given, &expected, "not of the body", &mut case);
        differences(&gold.text, &own, "missed", &mut case);
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        if total.get("heads") > 0.0 {
            let share = |key| ratio(total.get(key), total.get("heads"));
            return vec![Metric::main("title", share("title")), Metric::main("published", share("published"))];
        }
        let precision = ratio(total.get("precision"), total.get("given"));
        let recall = ratio(total.get("recall"), total.get("expected"));
        let f1 = precision.zip(recall).and_then(|(p, r)| ratio(2.0 * p * r, p + r));
        vec![Metric::main("f1", f1), Metric::main("precision", precision), Metric::main("recall", recall)]
    }
}

/// Title and published day of a page against what was read off it.
fn head(coder: &Coder, unit: &Unit) -> Result<Case> {
    let bad = |what: &str| Error::new("E0413", what, format!("{}, line {}", unit.path.display(), unit.line), "mend the line");
    let [id, titles, days] = unit.text.split('\t').collect::<Vec<_>>()[..] else { return Err(bad("it has not three fields")) };
    if !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(bad("its id is no name of a page"));
    }
    let path = gold::shared(&unit.path).join("extraction_html").join(format!("{id}.html.gz"));
    let report = input::html::html(&gold::bytes(&path)?, &Hints::named(id))?;
    let record = coder.read(report, &Options::default());
    let title = record.report.title.unwrap_or_default();
    let letters: String = title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let hash = ids::hex(&Sha256::digest(letters.as_bytes()));
    let published = record.report.published.unwrap_or_default();
    let mut case = Case { id: id.to_owned(), ..Case::default() };
    case.counts.count("heads");
    for (key, right, expected, given) in [
        ("title", titles.split('|').any(|t| hash.starts_with(t)), titles, &title),
        ("published", days.split('|').any(|d| published.starts_with(d)), days, &published),
    ] {
        if right {
            case.counts.count(key);
        } else {
            case.errors.push(Finding::new(key, expected, given.as_str(), ""));
        }
    }
    Ok(case)
}

/// The lines of a text none of whose runs are in `other`.
fn differences(text: &str, other: &Shingles<'_>, kind: &str, case: &mut Case) {
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let own = Shingles::of(line);
        if own.all > 0 && own.counts.keys().all(|k| !other.holds(k)) {
            let (expected, given) = if kind == "missed" { (line, "") } else { ("", line) };
            case.errors.push(Finding::new(kind, expected, given, ""));
        }
    }
}

/// Runs of words with how often each occurs; a text of fewer words is one run.
struct Shingles<'a> {
    counts: BTreeMap<Vec<&'a str>, usize>,
    all: usize,
}

impl<'a> Shingles<'a> {
    fn of(text: &'a str) -> Self {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
        let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        let mut all = 0;
        let mut add = |run: &[&'a str]| {
            *counts.entry(run.to_vec()).or_default() += 1;
            all += 1;
        };
        if words.len() < RUN {
            if !words.is_empty() {
                add(&words);
            }
        } else {
            words.windows(RUN).for_each(add);
        }
        Shingles { counts, all }
    }

    fn shared(&self, other: &Shingles<'_>) -> usize {
        self.counts.iter().map(|(run, n)| other.counts.get(run.as_slice()).map_or(0, |m| *n.min(m))).sum()
    }

    /// Whether a run occurs; one shorter than the rest, inside another.
    fn holds(&self, run: &[&str]) -> bool {
        self.counts.contains_key(run) || (run.len() < RUN && self.counts.keys().any(|k| k.windows(run.len()).any(|w| w == run)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_as_the_benchmark_counts_them() {
        let (a, b) = (Shingles::of("One two three four five. One two three four!"), Shingles::of("one; One two three four"));
        assert_eq!((a.all, b.all), (6, 2));
        assert_eq!((a.shared(&b), b.shared(&a)), (1, 1));
        assert_eq!(Shingles::of("two words").all, 1);
        assert_eq!(Shingles::of(" — ").all, 0);
    }

    #[test]
    fn means_are_over_pages() {
        let mut total = Counts::default();
        for (precision, recall) in [(1.0, 0.5), (0.5, 1.0)] {
            total.count("given");
            total.count("expected");
            total.add("precision", precision);
            total.add("recall", recall);
        }
        assert_eq!(Extraction.metrics(&total)[0].value, Some(0.75));
    }
}
