//! Examples and counter-examples of the knowledge files, and whether the coder keeps to them.

use super::{lexicon, modality, reference};
use crate::data::{DataFiles, line_of};
use crate::error::{Error, Result};
use crate::model::Report;
use crate::record::{Actor, Event};
use crate::{Coder, Options};
use serde::Deserialize;
use std::collections::BTreeSet;
use toml::Spanned;

/// An example or counter-example of an entry.
#[derive(Debug, Clone)]
pub struct Example {
    /// The rule whose example it is.
    pub rule: String,
    /// File and line.
    pub place: String,
    pub text: String,
    /// `None` for a counter-example.
    pub expect: Option<Expect>,
}

/// What an example must yield; `None` is not checked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub text: String,
    pub source: Option<Vec<String>>,
    pub target: Option<Vec<String>>,
    pub status: Option<String>,
    pub mode: Option<String>,
    pub r#type: Option<String>,
}

/// The examples of one entry or word family as they stand in its file.
#[derive(Debug)]
pub(super) struct Samples {
    pub rule: String,
    pub path: String,
    pub line: usize,
    pub examples: Vec<Spanned<Expect>>,
    pub not: Vec<Spanned<String>>,
}

/// What the rules of `reference.toml` are called.
const REFERENCE: &str = "reference/";

/// Every example and counter-example of a language, with an error (E0130) for each entry that lacks either.
pub fn of_language(files: &DataFiles, lang: &str) -> Result<(Vec<Example>, Vec<Error>)> {
    let (mut all, mut lacking) = (Vec::new(), Vec::new());
    for s in lexicon::samples(files, lang)?.into_iter().chain(modality::samples(files, lang)?).chain(reference::samples(files, lang)?) {
        // A reference's counter-example is one that finds nobody.
        let (found, nobody): (Vec<_>, Vec<_>) = s.examples.iter().partition(|e| e.get_ref().target.as_ref().is_some_and(|t| !t.is_empty()));
        let both = if s.rule.starts_with(REFERENCE) {
            !found.is_empty() && !nobody.is_empty()
        } else {
            !s.examples.is_empty() && !s.not.is_empty()
        };
        if !both {
            lacking.push(Error::new(
                "E0130",
                "the entry lacks an example or a counter-example",
                format!("data/{}, line {}, entry {}", s.path, s.line, s.rule),
                "write at least one of each (`examples`, `not`)",
            ));
        }
        let text = files.get(&s.path)?;
        let place = |at: usize| format!("data/{}, line {}", s.path, line_of(text, at));
        for e in s.examples {
            let place = place(e.span().start);
            let expect = e.into_inner();
            all.push(Example { rule: s.rule.clone(), place, text: expect.text.clone(), expect: Some(expect) });
        }
        for n in s.not {
            let place = place(n.span().start);
            all.push(Example { rule: s.rule.clone(), place, text: n.into_inner(), expect: None });
        }
    }
    Ok((all, lacking))
}

/// How the coder fails an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What the example asks for.
    pub expected: String,
    /// The events that were found, a line each.
    pub got: Vec<String>,
}

impl Example {
    /// Reads the sentence with the whole coder; `None` where it is as the example says.
    pub fn fails(&self, coder: &Coder) -> Option<Failure> {
        let record = coder.read(Report { text: self.text.clone(), ..Report::default() }, &Options::default());
        let family = self.rule.starts_with("modality/") || self.rule.starts_with(REFERENCE);
        let by_rule = |e: &&Event| e.rule == self.rule || (family && self.expect.is_some());
        let mut by_rule = record.events.iter().filter(by_rule);
        let kept = match &self.expect {
            None => by_rule.next().is_none(),
            Some(want) => by_rule.any(|e| want.met(e)),
        };
        (!kept).then(|| Failure {
            expected: self.expect.as_ref().map_or_else(|| "no event by this entry".to_owned(), Expect::show),
            got: record.events.iter().map(show).collect(),
        })
    }
}

impl Expect {
    fn met(&self, e: &Event) -> bool {
        self.source.as_ref().is_none_or(|w| side_is(&e.source, w))
            && self.target.as_ref().is_none_or(|w| side_is(&e.target, w))
            && self.mode.as_ref().is_none_or(|w| e.modes.contains(w))
            && self.r#type.as_ref().is_none_or(|w| e.r#type.as_str() == w)
            && e.status.as_str() == self.status.as_deref().unwrap_or("occurred")
    }

    fn show(&self) -> String {
        let side = |s: &Option<Vec<String>>| {
            s.as_ref().map_or_else(|| "any".to_owned(), |s| if s.is_empty() { "nobody".to_owned() } else { s.join("+") })
        };
        let mut out = self.r#type.clone().map_or_else(String::new, |t| t + " ");
        out += &format!("{} → {} {}", side(&self.source), side(&self.target), self.status.as_deref().unwrap_or("occurred"));
        if let Some(m) = &self.mode {
            out += &format!(" {m}");
        }
        out + " by this entry"
    }
}

/// Whether a side names exactly the codes expected: three letters compare countries, more compare country and sector.
fn side_is(actors: &[Actor], want: &[String]) -> bool {
    let code = |a: &Actor, w: usize| {
        let c = a.country.clone().unwrap_or_default();
        if w > 3 { c + a.sector.as_deref().unwrap_or("") } else { c }
    };
    let width = want.iter().map(String::len).max().unwrap_or(3);
    let got: BTreeSet<String> = actors.iter().filter(|a| a.country.is_some()).map(|a| code(a, width)).collect();
    got == want.iter().cloned().collect()
}

fn show(e: &Event) -> String {
    let side = |a: &[Actor]| {
        let names: Vec<String> =
            a.iter().map(|a| a.code.clone().or(a.country.clone()).unwrap_or_else(|| format!("`{}`", a.text))).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join("+") }
    };
    let mode = e.mode.as_ref().map_or_else(String::new, |m| format!(" {m}"));
    format!("{} {} → {} {}{mode} by {} at `{}`", e.r#type, side(&e.source), side(&e.target), e.status, e.rule, e.trigger.text)
}
