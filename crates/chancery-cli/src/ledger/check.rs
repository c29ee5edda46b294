//! `chancery check`: whether a ledger is sound, and what it holds.

use crate::cli::LedgerArgs;
use crate::read::output;
use crate::{Error, Outcome, Result};
use chancery_ledger::Ledger;

pub fn run(args: &LedgerArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger)?;
    let wrong = ledger.check()?;
    if let Some(first) = wrong.first() {
        let what = format!("the ledger is not sound: {first}{}", if wrong.len() > 1 { " (and more)" } else { "" });
        return Err(Error::new(
            "E0506",
            what,
            args.ledger.display().to_string(),
            "restore it from a copy, or add its reports to a new one",
        ));
    }
    let h = ledger.holdings()?;
    let page = format!(
        "sound\nreports\t{}\ncodings\t{}\nevents\t{}\nstatements\t{}\nfigures\t{}\ndecisions\t{}\nbytes\t{}\n",
        h.reports, h.codings, h.events, h.statements, h.figures, h.decisions, h.bytes
    );
    output::print(page.as_bytes())
}
