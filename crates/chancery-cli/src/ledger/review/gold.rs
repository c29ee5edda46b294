//! Complete reports as a gold file for `chancery eval events`: what people made of them, with the coder's words where they took it as it was.

use crate::cli::ReviewArgs;
use crate::ledger::{done, filter, print};
use crate::log::Log;
use crate::{Outcome, Result};
use chancery::record::Span;
use chancery_ledger::Ledger;
use chancery_ledger::frame::closed;
use chancery_ledger::query::{EventRow, Filter, Page, Party};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

pub fn run(args: &ReviewArgs, file: &Path, log: &Log) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let asked = filter(&args.filter, args.text.as_ref(), &ledger)?;
    let mut events: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
    // A report is whole or it is no gold: only whole reports may be left out, never some of their events.
    let of_reports = Filter {
        outlets: asked.outlets,
        languages: asked.languages,
        published_since: asked.published_since,
        published_until: asked.published_until,
        ..Filter::default()
    };
    let complete = ledger.complete_reports(&of_reports)?;
    ledger.events(&of_reports, Page::default(), |e| {
        if complete.contains(&e.rid) {
            events.entry(e.rid).or_default().push(event(e));
        }
        Ok(())
    })?;
    let mut out = print::out(Some(file).filter(|f| *f != Path::new("-")))?;
    let mut told = 0;
    for rid in &complete {
        let record = ledger.record_of(*rid)?;
        let r = &record.report;
        let row = json!({"id": r.id, "given_id": r.given_id, "text": r.text, "published": r.published, "outlet": r.outlet,
            "events": events.remove(rid).unwrap_or_default()});
        if writeln!(out, "{row}").is_err() {
            return done(Err(closed()));
        }
        told += 1;
    }
    out.flush().map_err(crate::read::output::error)?;
    log.warn(format_args!("{told} complete reports"));
    Ok(Outcome::Done)
}

fn event(e: &EventRow) -> Value {
    let side = |parties: &[Party]| parties.iter().map(party).collect::<Vec<_>>();
    json!({"type": e.kind.as_str(), "mode": e.mode, "source": side(&e.source), "target": side(&e.target), "reciprocal": e.reciprocal,
        "trigger": {"text": e.trigger, "span": e.trigger_span}, "status": e.status.as_str(), "date": e.day, "cameo": e.cameo})
}

fn party(p: &Party) -> Value {
    // Where a person gave a code alone there are no words.
    let words = if p.span == Span::default() { "" } else { &p.text };
    json!({"text": words, "country": p.actor.country, "sector": p.actor.sector})
}
