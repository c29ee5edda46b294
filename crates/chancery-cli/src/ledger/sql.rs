//! `chancery sql`: one SELECT on the views.

use super::{done, print};
use crate::cli::SqlArgs;
use crate::{Outcome, Result};
use chancery_ledger::Ledger;
use chancery_ledger::query::VIEWS;
use std::fmt::Write;
use std::time::Duration;

pub fn run(args: &SqlArgs) -> Result<Outcome> {
    if args.views {
        let mut page = String::new();
        for (view, columns) in VIEWS {
            // Writing into a string cannot fail.
            let _ = writeln!(page, "{view}\n    {}", columns.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        return crate::read::output::print(page.as_bytes());
    }
    let mut ledger = Ledger::read(&args.ledger.ledger)?;
    let select = args.select.as_deref().unwrap_or("");
    done(ledger.sql(select, Duration::from_secs(args.timeout), |columns| print::sink(&args.print, columns)))
}
