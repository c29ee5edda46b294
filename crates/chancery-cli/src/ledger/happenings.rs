//! `chancery happenings`: what several reports tell of one thing, who is independent of whom, and where they differ.

use super::events::SCREENFUL;
use super::{done, filter, print};
use crate::cli::{HappeningsArgs, TableFormat};
use crate::{Outcome, Result};
use chancery_ledger::Ledger;
use chancery_ledger::frame::{Cell, Column, Kind};
use chancery_ledger::query::{HAPPENING_COLUMNS, HappeningRow};

/// What a person sees of a happening.
const SHORT: &[Column] = &[
    Column::new("date", Kind::Text),
    Column::new("source", Kind::Text),
    Column::new("target", Kind::Text),
    Column::new("type", Kind::Text),
    Column::new("words", Kind::Text),
    Column::new("reports", Kind::Int),
    Column::new("independent", Kind::Int),
    Column::new("status", Kind::Text),
    Column::new("disputed", Kind::Text),
    Column::new("id", Kind::Text),
];

pub fn run(args: &HappeningsArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let filter = filter(&args.filter, args.text.as_ref(), &ledger)?;
    let table = print::format(&args.print) == TableFormat::Table;
    let limit = args.limit.or(table.then_some(SCREENFUL));
    let mut sink = print::sink(&args.print, if table { SHORT } else { HAPPENING_COLUMNS })?;
    let rows = ledger.happenings(&filter, limit, |h| sink.row(&if table { short(h) } else { h.cells() }));
    done(rows.and_then(|()| sink.finish()))
}

fn short(h: &HappeningRow) -> Vec<Cell<'_>> {
    let s = &h.summary;
    let status: Vec<String> = s.status.iter().map(|v| format!("{} {}", v.status, v.chains)).collect();
    let values = |v: &[(String, usize)]| v.iter().map(|(v, _)| v.as_str()).collect::<Vec<_>>().join("/");
    let disputed: Vec<String> = s.disputes.iter().map(|d| format!("{} {}", d.matter, values(&d.values))).collect();
    vec![
        h.day.as_deref().into(),
        Cell::from(&h.source),
        Cell::from(&h.target),
        Cell::from(&h.kind),
        Cell::from(&h.words),
        (s.reports as i64).into(),
        (s.chains as i64).into(),
        status.join(", ").into(),
        disputed.join("; ").into(),
        h.id.get(..12).unwrap_or(&h.id).into(),
    ]
}
