//! Gold of our own over texts that are not ours: ids and offsets in `eval/gold/*.tsv`, the texts beside in `../shared/gold`.
//!
//! The head of such a file names its columns. `id side country` says of which country a named side of a sentence is;
//! `id start end name_start name_end` says which name a pronoun or description stands for.

use super::{Case, Finding, Unit};
use crate::{Error, Result};
use chancery::record::{MentionRecord, Span};
use chancery::{Coder, Options};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// One text with what was judged of it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Judged {
    pub id: String,
    pub text: String,
    pub date: Option<String>,
    /// Where a side stands, and its countries.
    pub sides: Vec<(Span, Vec<String>)>,
    /// Where a pronoun or description stands, and the name it means.
    pub means: Vec<(Span, Span)>,
}

#[derive(Deserialize)]
struct Text {
    id: String,
    text: String,
    date: Option<String>,
    source: Option<String>,
    target: Option<String>,
}

/// Columns of a file of sides and of one of pronouns, and where the texts are.
const SIDES: (&str, &str) = ("# id\tside\tcountry", "relations_plv.jsonl");
const MEANS: (&str, &str) = ("# id\tstart\tend\tname_start\tname_end", "statements_polnear_dev.jsonl");

/// One unit a text. E0412 where the texts are not there, E0413 at a bad line.
pub fn units(path: &Path, text: &str) -> Result<Vec<Unit>> {
    let kind = [SIDES, MEANS].into_iter().find(|(head, _)| text.lines().any(|l| l == *head)).ok_or_else(|| {
        Error::new(
            "E0413",
            "its head names no columns of a kind known here",
            path.display().to_string(),
            "begin as the files of eval/gold do",
        )
    })?;
    let texts = texts(path, kind.1)?;
    let mut judged: BTreeMap<String, (usize, Judged)> = BTreeMap::new();
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
        let bad = |what: &str| {
            Error::new("E0413", what, format!("{}, line {}", path.display(), n + 1), "mend the line; the head names its fields")
        };
        let fields: Vec<&str> = line.split('\t').collect();
        let source = fields.first().and_then(|id| texts.get(*id)).ok_or_else(|| bad(&format!("no text of that id in {}", kind.1)))?;
        let (_, unit) = judged.entry(source.id.clone()).or_insert_with(|| {
            let unit = Judged { id: source.id.clone(), text: source.text.clone(), date: source.date.clone(), ..Judged::default() };
            (n + 1, unit)
        });
        match (kind == SIDES, fields.as_slice()) {
            (true, [_, side, codes]) => {
                let words = if *side == "source" { &source.source } else { &source.target };
                let words = words.as_deref().ok_or_else(|| bad("the sentence has no such side"))?;
                let at = source.text.find(words).ok_or_else(|| bad("the side is not in its sentence"))?;
                unit.sides.push((Span::new(at, at + words.len()), codes.split('+').map(str::to_owned).collect()));
            }
            (false, [_, offsets @ ..]) if offsets.len() == 4 => {
                let at =
                    offsets.iter().map(|o| o.parse().ok()).collect::<Option<Vec<usize>>>().ok_or_else(|| bad("an offset is no number"))?;
                unit.means.push((Span::new(at[0], at[1]), Span::new(at[2], at[3])));
            }
            _ => return Err(bad("the line has not as many fields as its head")),
        }
    }
    let unit = |(line, j): (usize, Judged)| {
        let text = serde_json::to_string(&j).unwrap_or_default();
        Unit { id: j.id, text, path: path.to_owned(), line }
    };
    Ok(judged.into_values().map(unit).collect())
}

/// The texts by id; `gold` is the file that names them.
fn texts(gold: &Path, file: &str) -> Result<BTreeMap<String, Text>> {
    let path = super::gold::shared(gold).join(file);
    let (text, _) = super::gold::read(&path)?;
    super::gold::lines(&path, &text).iter().map(|u| u.json::<Text>().map(|t| (t.id.clone(), t))).collect()
}

/// Scores the sides and pronouns of one text.
pub fn score(coder: &Coder, judged: &Judged) -> Case {
    let record = coder.read(super::gold::report(&judged.text, judged.date.as_deref()), &Options::default());
    let mut case = Case { id: judged.id.clone(), ..Case::default() };
    let slice = |s: Span| judged.text.get(s.start..s.end).unwrap_or("").to_owned();
    for (span, countries) in &judged.sides {
        let inside: Vec<&MentionRecord> = record.mentions.iter().filter(|m| m.actor.span.overlaps(*span)).collect();
        let given = match countries.as_slice() {
            [_] => first(&inside).and_then(|m| m.actor.country.clone()).into_iter().collect(),
            _ => all(&inside),
        };
        case.counts.count("sides");
        if given == *countries {
            case.counts.count("sides_right");
        } else {
            case.errors.push(Finding::new("wrong side", countries.join("+"), given.join("+"), slice(*span)));
        }
    }
    for (span, name) in &judged.means {
        let mention =
            record.mentions.iter().filter(|m| m.actor.span.overlaps(*span)).min_by_key(|m| m.actor.span.len().abs_diff(span.len()));
        let named = slice(*name);
        let right = mention.is_some_and(|m| {
            let entity = m.actor.entity.as_deref().unwrap_or("");
            let chained =
                |other: &MentionRecord| other.chain == m.chain && other.actor.span != m.actor.span && other.actor.span.overlaps(*name);
            entity.ends_with(&named) || record.mentions.iter().any(chained)
        });
        case.counts.count("means");
        if right {
            case.counts.count("means_right");
        } else {
            let given = mention.map_or("no mention", |m| m.actor.entity.as_deref().unwrap_or("nobody"));
            let before = judged.text.get(..span.start).unwrap_or("");
            let context: String = before.chars().rev().take(120).collect::<Vec<_>>().into_iter().rev().collect();
            case.errors.push(Finding::new("wrong name", named, given, format!("{context}[{}]", slice(*span))));
        }
    }
    case
}

/// The mention that begins first; of those the widest.
fn first<'m>(inside: &[&'m MentionRecord]) -> Option<&'m MentionRecord> {
    inside.iter().copied().min_by_key(|m| (m.actor.span.start, std::cmp::Reverse(m.actor.span.end)))
}

/// Countries in order of naming, each once.
fn all(inside: &[&MentionRecord]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for c in inside.iter().filter_map(|m| m.actor.country.clone()) {
        if !out.contains(&c) {
            out.push(c);
        }
    }
    out
}
