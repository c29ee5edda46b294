//! `chancery statements`: who said what.

use super::events::SCREENFUL;
use super::{done, print};
use crate::cli::{StatementsArgs, TableFormat};
use crate::{Outcome, Result};
use chancery_ledger::frame::{Column, Kind};
use chancery_ledger::query::{Filter, STATEMENT_COLUMNS};
use chancery_ledger::{Ledger, Names};

const SHORT: &[Column] = &[
    Column::new("published", Kind::Text),
    Column::new("speaker", Kind::Text),
    Column::new("stance", Kind::Text),
    Column::new("quote", Kind::Text),
    Column::new("report", Kind::Text),
];

pub fn run(args: &StatementsArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let known = Names::default();
    let all = |names: &[String]| names.iter().map(|n| known.find(&ledger, n)).collect::<Result<Vec<_>>>().map(|w| w.concat());
    let filter = Filter {
        source: all(&args.speaker)?,
        target: all(&args.addressee)?,
        statuses: args.stance.clone(),
        contexts: args.context.clone(),
        since: args.since.clone(),
        until: args.until.clone(),
        outlets: args.outlet.clone(),
        text: args.text.clone(),
        as_of: args.as_of,
        coder: args.coder.clone(),
        ..Filter::default()
    };
    let table = print::format(&args.print) == TableFormat::Table;
    let limit = args.limit.or(table.then_some(SCREENFUL));
    let mut sink = print::sink(&args.print, if table { SHORT } else { STATEMENT_COLUMNS })?;
    let rows = ledger.statements(&filter, limit.is_some(), limit, |s| {
        if !table {
            return sink.row(&s.cells());
        }
        let speaker = s.speaker.as_deref().unwrap_or("somebody");
        let speaker = s.speaker_code.as_ref().map_or_else(|| speaker.to_owned(), |c| format!("{speaker} ({c})"));
        let report = s.report.get(..12).unwrap_or(&s.report);
        sink.row(&[s.published.as_deref().into(), speaker.into(), s.stance.as_deref().into(), s.quote.as_str().into(), report.into()])
    });
    done(rows.and_then(|()| sink.finish()))
}
