//! Language: the share of texts whose language is told rightly, in all and by language.
//!
//! The folders that gold is made of hold some texts in another language. Those found by reading are in
//! `eval/gold/language_judged.tsv`: the `_judged` figures take their word, the others take the folder's.

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit};
use crate::Result;
use chancery::{Coder, ids};
use serde::Deserialize;
use sha2::{Digest, Sha256};

pub struct Language;

#[derive(Deserialize)]
struct Gold {
    text: String,
    lang: String,
}

/// Texts read by us, by the beginning of their hash.
const JUDGED: &str = include_str!("../../../../eval/gold/language_judged.tsv");

/// What the text was judged to be in, where it was.
fn judged(text: &str) -> Option<&'static str> {
    let hash = ids::hex(&Sha256::digest(text.as_bytes()));
    let mut lines = JUDGED.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t'));
    lines.find_map(|mut fields| (fields.nth(1)? == hash.get(..16)?).then(|| fields.nth(1)).flatten())
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
        let read = judged(&gold.text).unwrap_or(&gold.lang);
        let mut count = |name: String, lang: &str| {
            case.counts.count(format!("{name}/all"));
            if given == lang {
                case.counts.count(format!("{name}/right"));
            }
        };
        count("every".to_owned(), &gold.lang);
        count("judged".to_owned(), read);
        count(format!("of/{}", gold.lang), &gold.lang);
        if gold.text.len() > LONG {
            count("long".to_owned(), &gold.lang);
            count("long_judged".to_owned(), read);
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
        let mut out = vec![
            Metric::main("accuracy", share("every")),
            Metric::main("accuracy_over_100_bytes", share("long")),
            Metric::detail("accuracy_judged", share("judged")),
            Metric::detail("accuracy_over_100_bytes_judged", share("long_judged")),
        ];
        let languages = total.under("of/").filter_map(|k| k.strip_suffix("/all"));
        out.extend(languages.map(|l| Metric::detail(format!("accuracy/{l}"), share(&format!("of/{l}")))));
        out
    }
}
