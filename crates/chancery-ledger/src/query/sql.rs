//! SQL that can only read, with a limit of time.

use crate::error::{Error, Result, store};
use crate::frame::{Cell, Column, Kind, Sink};
use crate::ledger::Ledger;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use std::time::{Duration, Instant};

/// The views that stay, whatever becomes of the tables behind them, and their columns.
pub const VIEWS: &[(&str, &str)] = &[
    ("reports", "id given_id title published url outlet language events statements figures coder_version coder_data added complete story"),
    (
        "events",
        "id report date date_end date_precision date_basis time type mode contexts cameo quad goldstein intensity status reciprocal source target \
         source_name target_name place place_country admin1 city lat lon geonames place_precision trigger sentence rule confidence published outlet \
         url language decision story",
    ),
    (
        "statements",
        "id report speaker speaker_id speaker_code speaker_country speaker_sector addressee addressee_code kind stance quote cue closed contexts \
         sentence published outlet url",
    ),
    ("figures", "id report text value unit kind of direction bound event statement published outlet"),
    ("stories", "id title first last reports outlets independent disagreements"),
    ("happenings", "id first_date last_date first_reported events reports outlets"),
];

/// Only what reads.
fn reads(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => Authorization::Allow,
        _ => Authorization::Deny,
    }
}

/// Instructions of SQLite between two looks at the clock.
const STEP: i32 = 10_000;

impl Ledger {
    /// Runs one query. `sink` is told the columns and gives back where rows go. E0511 where the SQL is wrong or would change anything, E0512 after
    /// `limit`.
    pub fn sql<'s>(&mut self, sql: &str, limit: Duration, sink: impl FnOnce(&[Column]) -> Result<Box<dyn Sink + 's>>) -> Result<()> {
        let end = Instant::now() + limit;
        self.conn.authorizer(Some(reads)).map_err(|e| self.wrong(e))?;
        self.conn.progress_handler(STEP, Some(move || Instant::now() > end)).map_err(|e| self.wrong(e))?;
        let done = self.run(sql, sink);
        self.conn.progress_handler(0, None::<fn() -> bool>).map_err(|e| self.wrong(e))?;
        self.conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).map_err(|e| self.wrong(e))?;
        done
    }

    fn run<'s>(&self, sql: &str, sink: impl FnOnce(&[Column]) -> Result<Box<dyn Sink + 's>>) -> Result<()> {
        let wrong = |e: rusqlite::Error| self.wrong(e);
        let mut select = self.conn.prepare(sql).map_err(wrong)?;
        let names: Vec<Column> = select.column_names().map(|n| Column::named(n.to_owned(), Kind::Text)).collect();
        let mut sink = sink(&names)?;
        let mut rows = select.query([]).map_err(wrong)?;
        while let Some(row) = rows.next().map_err(wrong)? {
            let cells: Vec<Cell<'_>> =
                (0..names.len()).map(|n| row.get_ref(n).map(cell)).collect::<rusqlite::Result<_>>().map_err(wrong)?;
            sink.row(&cells)?;
        }
        sink.finish()
    }

    fn wrong(&self, e: rusqlite::Error) -> Error {
        let known: Vec<&str> = VIEWS.iter().map(|v| v.0).collect();
        let help = format!("the views are {} (`chancery sql --views` lists their columns)", known.join(", "));
        match &e {
            rusqlite::Error::SqlInputError { error, msg, .. } if error.code != rusqlite::ErrorCode::AuthorizationForStatementDenied => {
                Error::new("E0511", format!("this SQL cannot be run: {msg}"), "", help)
            }
            rusqlite::Error::MultipleStatement => Error::new("E0511", "more than one statement", "", "give one SELECT"),
            _ => match e.sqlite_error_code() {
                Some(rusqlite::ErrorCode::AuthorizationForStatementDenied | rusqlite::ErrorCode::ReadOnly) => Error::new(
                    "E0511",
                    "this SQL would do more than read",
                    "",
                    "give one SELECT; records are changed by `chancery add` and `chancery review` alone",
                ),
                Some(rusqlite::ErrorCode::Unknown) => Error::new("E0511", format!("this SQL cannot be run: {e}"), "", help),
                _ => store(e, self.path()),
            },
        }
    }
}

fn cell(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(n) => Cell::Int(n),
        ValueRef::Real(x) => Cell::Float(x),
        ValueRef::Text(t) => Cell::Text(String::from_utf8_lossy(t)),
        ValueRef::Blob(b) => Cell::from(crate::ids::text(b)),
    }
}
