//! `chancery stories`: texts that many sites carry and reports that tell of the same, with who is independent of whom.

use super::events::SCREENFUL;
use super::{done, print};
use crate::cli::{StoriesArgs, TableFormat};
use crate::{Outcome, Result};
use chancery_ledger::Ledger;
use chancery_ledger::frame::{Cell, Column, Kind};
use chancery_ledger::stories::{StoryFilter, StoryRow};

/// What a person sees of a story.
const SHORT: &[Column] = &[
    Column::new("first", Kind::Text),
    Column::new("last", Kind::Text),
    Column::new("title", Kind::Text),
    Column::new("reports", Kind::Int),
    Column::new("independent", Kind::Int),
    Column::new("id", Kind::Text),
];

/// One row a story; `disagreements` is JSON.
const COLUMNS: &[Column] = &[
    Column::new("id", Kind::Text),
    Column::new("title", Kind::Text),
    Column::new("first", Kind::Date),
    Column::new("last", Kind::Date),
    Column::new("reports", Kind::Int),
    Column::new("independent", Kind::Int),
    Column::new("outlets", Kind::Text),
    Column::new("disagreements", Kind::Text),
];

pub fn run(args: &StoriesArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let filter = StoryFilter {
        ids: args.id.clone(),
        since: args.since.clone(),
        until: args.until.clone(),
        outlets: args.outlet.clone(),
        text: args.text.clone(),
        independent: args.independent,
    };
    let table = print::format(&args.print) == TableFormat::Table;
    let limit = args.limit.or(table.then_some(SCREENFUL));
    let mut sink = print::sink(&args.print, if table { SHORT } else { COLUMNS })?;
    let rows = ledger.stories(&filter, limit, |s| sink.row(&if table { short(s) } else { cells(s) }));
    done(rows.and_then(|()| sink.finish()))
}

fn short(s: &StoryRow) -> Vec<Cell<'_>> {
    vec![
        s.first.as_deref().into(),
        s.last.as_deref().into(),
        s.title.as_deref().into(),
        s.reports.into(),
        s.independent.into(),
        s.id.get(..12).unwrap_or(&s.id).into(),
    ]
}

fn cells(s: &StoryRow) -> Vec<Cell<'_>> {
    vec![
        Cell::from(&s.id),
        s.title.as_deref().into(),
        s.first.as_deref().into(),
        s.last.as_deref().into(),
        s.reports.into(),
        s.independent.into(),
        Cell::from(&s.outlets),
        s.disagreements.as_deref().into(),
    ]
}
