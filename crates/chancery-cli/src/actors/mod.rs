//! `chancery actors WHO`: what the knowledge says of a name, code or phrase, and why.

mod page;
mod rule;

use crate::cli::{ActorsArgs, ListFormat};
use crate::log::Log;
use crate::read::output;
use crate::{Error, Outcome, Result, coder};
use chancery::mention::actors::knowledge::about::Card;
use chancery::model::Report;
use chancery::provenance::Outlet;
use chancery::record::Actor;
use chancery::{Coder, Options};
use jiff::civil::Date;
use serde::Serialize;
use std::io::IsTerminal;

/// One answer to WHO. Printed as one JSON object a line.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    who: &'a str,
    /// What WHO was taken for: `code`, `name`, or `phrase` where it was read as a report reads it.
    by: &'static str,
    /// What a record would have of the phrase; none of a code or name.
    actor: Option<Actor>,
    /// Why, in words, one step a line.
    why: Vec<String>,
    /// What is known of the entity; none where the phrase names nobody of the files.
    known: Option<Card>,
    /// What is known of the outlet of that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<Voice>,
}

/// An outlet, and whether a government controls it on the day.
#[derive(Debug, Serialize)]
struct Voice {
    #[serde(flatten)]
    outlet: Outlet,
    state_controlled: bool,
}

pub fn run(args: &ActorsArgs, log: &Log) -> Result<Outcome> {
    let coder = coder::load(&args.knowledge)?;
    let format = args.format.unwrap_or(if std::io::stdout().is_terminal() { ListFormat::Table } else { ListFormat::Jsonl });
    let mut page = String::new();
    let mut unknown = 0;
    for who in &args.who {
        let mut answers = answers(&coder, who, args.date);
        for card in answers.iter_mut().filter_map(|a| a.known.as_mut()) {
            card.source = coder::place(&card.source, &args.knowledge);
        }
        if answers.is_empty() {
            unknown += 1;
            log.error(&Error::new(
                "E0420",
                "names no actor",
                format!("{who:?}"),
                "give a name, a country code, or a phrase as a report has it",
            ));
        }
        for a in &answers {
            match format {
                ListFormat::Table => page::answer(&mut page, a, args.date),
                ListFormat::Jsonl => {
                    // An answer has no map with keys that are not strings.
                    page.push_str(&serde_json::to_string(a).unwrap_or_default());
                    page.push('\n');
                }
            }
        }
    }
    output::print(page.as_bytes())?;
    Ok(if unknown > 0 { Outcome::Partial } else { Outcome::Done })
}

/// By code, else by name and as a phrase.
fn answers<'a>(coder: &Coder, who: &'a str, date: Option<Date>) -> Vec<Answer<'a>> {
    let who = who.trim();
    let k = &coder.actors.knowledge;
    let day = date.map(|d| i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day()));
    let coded = k.by_code(who);
    if !coded.is_empty() {
        let why = |card: &Card| vec![format!("\"{who}\" is a code of {}", card.entity)];
        return coded
            .into_iter()
            .filter_map(|e| k.card(e, day))
            .map(|card| Answer { who, by: "code", actor: None, why: why(&card), known: Some(card), outlet: None })
            .collect();
    }
    let mut out = Vec::new();
    let phrase = read(coder, who, date);
    let meant = phrase.as_ref().and_then(|a| a.entity_id.clone());
    for card in k.by_name(who).into_iter().filter_map(|e| k.card(e, day)) {
        let chosen = meant.as_ref() == Some(&card.entity_id);
        let mut why = vec![format!("\"{who}\" is a name of {}", card.entity)];
        why.extend(chosen.then(|| "of those so called, a report would take it for this one".to_owned()));
        out.push(Answer { who, by: "name", actor: phrase.clone().filter(|_| chosen), why, known: Some(card), outlet: None });
    }
    // The one that a report would take it for goes first; the others stay in the order of the files.
    out.sort_by_key(|a: &Answer| a.actor.is_none());
    let shown = meant.is_some() && out.iter().any(|a| a.actor.is_some());
    if let Some(actor) = phrase.filter(|_| !shown) {
        let known = meant.and_then(|id| k.by_id(&id)).and_then(|e| k.card(e, day));
        out.insert(0, Answer { who, by: "phrase", why: rule::in_words(&actor), actor: Some(actor), known, outlet: None });
    }
    if let Some(outlet) = coder.outlets.named(who).cloned() {
        let voice = Voice { state_controlled: outlet.is_state_controlled(day), outlet };
        match out.first_mut() {
            Some(first) => first.outlet = Some(voice),
            None => {
                let why = vec![format!("\"{who}\" is the name of an outlet")];
                out.push(Answer { who, by: "name", actor: None, why, known: None, outlet: Some(voice) });
            }
        }
    }
    out
}

/// The widest mention of `who` read as a report of its own.
fn read(coder: &Coder, who: &str, date: Option<Date>) -> Option<Actor> {
    let report =
        Report { text: who.to_owned(), published: date.map(|d| d.to_string()), language: Some("en".to_owned()), ..Report::default() };
    let record = coder.read(report, &Options::default());
    record.mentions.into_iter().rev().max_by_key(|m| m.actor.span.len()).map(|m| m.actor)
}
