//! `chancery events`: lists or counts events.

use super::{done, filter, period, print};
use crate::cli::{EventsArgs, TableFormat};
use crate::{Outcome, Result};
use chancery_ledger::Ledger;
use chancery_ledger::frame::{Cell, Column, Kind};
use chancery_ledger::query::{COUNT_COLUMNS, EVENT_COLUMNS, EventRow, Page, count_cells, event_cells};

/// Rows of a table where no limit is given.
pub const SCREENFUL: u64 = 50;

/// What a person sees of an event.
const SHORT: &[Column] = &[
    Column::new("date", Kind::Text),
    Column::new("source", Kind::Text),
    Column::new("target", Kind::Text),
    Column::new("type", Kind::Text),
    Column::new("status", Kind::Text),
    Column::new("words", Kind::Text),
    Column::new("place", Kind::Text),
    Column::new("id", Kind::Text),
];

pub fn run(args: &EventsArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let filter = filter(&args.filter, args.text.as_ref(), &ledger)?;
    if let Some(by) = args.count_by {
        let counts = ledger.counts(&filter, period(by))?;
        let mut sink = print::sink(&args.print, COUNT_COLUMNS)?;
        let rows = counts.iter().try_for_each(|c| sink.row(&count_cells(c)));
        return done(rows.and_then(|()| sink.finish()));
    }
    let table = print::format(&args.print) == TableFormat::Table;
    let limit = args.limit.or(table.then_some(SCREENFUL));
    let page = Page { newest: limit.is_some(), limit, after: None };
    let mut sink = print::sink(&args.print, if table { SHORT } else { EVENT_COLUMNS })?;
    let rows = ledger.events(&filter, page, |e| sink.row(&if table { short(e) } else { event_cells(e) }));
    done(rows.and_then(|()| sink.finish()))
}

fn short(e: &EventRow) -> Vec<Cell<'_>> {
    let side = |codes: String, names: String| if codes.is_empty() { names } else { codes };
    let target = if e.reciprocal { "(together)".to_owned() } else { side(EventRow::codes(&e.target), EventRow::names(&e.target)) };
    let kind = e.mode.as_ref().map_or_else(|| e.kind.to_string(), |m| format!("{} {m}", e.kind));
    vec![
        e.day.as_deref().into(),
        side(EventRow::codes(&e.source), EventRow::names(&e.source)).into(),
        target.into(),
        kind.into(),
        e.status.as_str().into(),
        Cell::from(&e.trigger),
        e.place.name.as_deref().into(),
        e.id.get(..12).unwrap_or(&e.id).into(),
    ]
}
