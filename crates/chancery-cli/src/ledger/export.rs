//! `chancery export`: the ledger in formats that other tools read.

use super::{done, filter, print};
use crate::cli::{ExportArgs, ExportFormat, TextLevel};
use crate::log::Log;
use crate::read::redact;
use crate::{Outcome, Result};
use chancery_ledger::Ledger;
use chancery_ledger::export::{Format, Options, Tally};
use chancery_ledger::query::Filter;
use std::path::{Path, PathBuf};

pub fn run(args: &ExportArgs, log: &Log) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let filter = Filter { changed_since: args.since_change, ..filter(&args.filter, args.containing.as_ref(), &ledger)? };
    let format = match args.format {
        ExportFormat::Jsonl => Format::Jsonl,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Parquet => Format::Parquet,
        ExportFormat::Gdelt2 => Format::Gdelt2,
        ExportFormat::Icews => Format::Icews,
        ExportFormat::Polecat => Format::Polecat,
        ExportFormat::Phoenix => Format::Phoenix,
        ExportFormat::Graphml => Format::Graphml,
        ExportFormat::Geojson => Format::Geojson,
        ExportFormat::Labelstudio => Format::Labelstudio,
    };
    let options = Options {
        header: args.header,
        no_text: args.text == TextLevel::None,
        redact: match args.text {
            TextLevel::Full => None,
            TextLevel::Sentence => Some(|r| redact::apply(r, TextLevel::Sentence)),
            TextLevel::None => Some(|r| redact::apply(r, TextLevel::None)),
        },
    };
    let out = print::out(args.output.as_deref())?;
    let sidecar = args.output.as_deref().map(|p| print::out(Some(&beside(p)))).transpose()?;
    let tally = match ledger.export(format, &filter, &options, out, sidecar) {
        Ok(tally) => tally,
        Err(e) => return done(Err(e)),
    };
    say(&tally, log);
    Ok(Outcome::Done)
}

/// `NAME.chancery.csv` of `NAME.ending`.
fn beside(path: &Path) -> PathBuf {
    path.with_extension("chancery.csv")
}

fn say(t: &Tally, log: &Log) {
    let reports = if t.reports > 0 { format!("{} reports, ", t.reports) } else { String::new() };
    log.warn(format_args!("{reports}{} events in {} rows", t.events, t.rows));
    for (what, n) in &t.folded {
        log.warn(format_args!("{n} folded: {what}"));
    }
    for (why, n) in &t.left_out {
        log.warn(format_args!("{n} left out: {why}"));
    }
}
