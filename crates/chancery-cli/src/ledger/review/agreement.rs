//! How far readers agree, as a table.

use crate::cli::{OnArg, ReviewArgs};
use crate::ledger::{done, print};
use crate::{Outcome, Result};
use chancery_ledger::Ledger;
use chancery_ledger::frame::{Cell, Column, Kind};
use chancery_ledger::reading::{Agreement, On, agreement, units};

const COLUMNS: &[Column] = &[
    Column::new("a", Kind::Text),
    Column::new("b", Kind::Text),
    Column::new("events", Kind::Int),
    Column::new("same", Kind::Float),
    Column::new("kappa", Kind::Float),
    Column::new("alpha", Kind::Float),
];

/// Agreement on an audit, or on the ledger's own decisions.
pub fn table(ledger: &Ledger, audit: Option<i64>, on: On) -> Result<Vec<Agreement>> {
    Ok(agreement(&units(&ledger.readings(audit)?, on)))
}

pub fn run(args: &ReviewArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let on = match args.on {
        OnArg::Type => On::Type,
        OnArg::Status => On::Status,
        OnArg::Actors => On::Actors,
        OnArg::All => On::All,
    };
    let mut sink = print::sink(&args.print, COLUMNS)?;
    let three = |x: Option<f64>| Cell::from(x.map(|x| (x * 1000.0).round() / 1000.0));
    let rows = table(&ledger, args.audit, on)?.into_iter().try_for_each(|a| {
        let together = a.b.is_empty();
        let (kappa, alpha) = if together { (None, a.kappa) } else { (a.kappa, None) };
        sink.row(&[Cell::from(&a.a), Cell::from(&a.b), (a.n as i64).into(), three(a.same), three(kappa), three(alpha)])
    });
    done(rows.and_then(|()| sink.finish()))
}
