//! `chancery review`: decisions of people, one by one at a terminal or in from a file; listed, compared, taken back.

mod agreement;
mod gold;
mod import;
mod labelstudio;
mod screen;
mod session;
#[cfg(test)]
mod session_tests;

use super::{done, filter, print};
use crate::cli::ReviewArgs;
use crate::log::Log;
use crate::{Error, Outcome, Result};
use chancery_ledger::frame::{Cell, Column, Kind};
use chancery_ledger::{Ledger, Writer};
use jiff::Timestamp;

pub use agreement::table as agreement_table;

const COLUMNS: &[Column] = &[
    Column::new("number", Kind::Int),
    Column::new("at", Kind::Text),
    Column::new("undone", Kind::Text),
    Column::new("who", Kind::Text),
    Column::new("verdict", Kind::Text),
    Column::new("event", Kind::Text),
    Column::new("report", Kind::Text),
    Column::new("fields", Kind::Text),
    Column::new("why", Kind::Text),
    Column::new("state", Kind::Text),
    Column::new("audit", Kind::Int),
];

pub fn run(args: &ReviewArgs, log: &Log) -> Result<Outcome> {
    let path = &args.ledger.ledger;
    if let Some(number) = args.undo {
        let mut writer = Writer::new(Ledger::write(path)?)?;
        writer.undo(number)?;
        log.warn(format_args!("decision {number} is undone"));
        return writer.close().map(|()| Outcome::Done);
    }
    match (&args.import, &args.gold) {
        (Some(file), _) => import::run(args, file, log),
        (_, Some(file)) => gold::run(args, file, log),
        _ if args.log => list(args),
        _ if args.agreement => agreement::run(args),
        _ => at_terminal(args, log),
    }
}

fn list(args: &ReviewArgs) -> Result<Outcome> {
    let time = |at: i64| Timestamp::from_millisecond(at).map(|t| t.to_string()).unwrap_or_default();
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let mut sink = print::sink(&args.print, COLUMNS)?;
    let rows = ledger.decisions(|d| {
        if args.orphaned && (d.state != "orphaned" || d.ended.is_some()) || args.audit.is_some_and(|a| d.audit != Some(a)) {
            return Ok(());
        }
        sink.row(&[
            d.number.into(),
            time(d.at).into(),
            d.ended.map(time).into(),
            Cell::from(&d.who),
            Cell::from(&d.verdict),
            d.event.as_deref().into(),
            Cell::from(&d.report),
            Cell::from(&d.fields),
            d.why.as_deref().into(),
            Cell::from(&d.state),
            d.audit.into(),
        ])
    });
    done(rows.and_then(|()| sink.finish()))
}

/// Reads report after report with a person at the keys.
fn at_terminal(args: &ReviewArgs, log: &Log) -> Result<Outcome> {
    let wrong = |what: &str, remedy: &str| Error::new("E0533", what, "chancery review", remedy);
    let term = console::Term::stdout();
    if !term.is_term() {
        return Err(wrong("there is no terminal to read at", "run it at a terminal, or hand decisions in with --import"));
    }
    let who = args.who.clone().or_else(|| std::env::var("USER").ok()).filter(|w| !w.trim().is_empty());
    let who = who.ok_or_else(|| wrong("nobody decides", "say who you are with --who NAME"))?;
    let ledger = Ledger::write(&args.ledger.ledger)?;
    let queue = match args.audit {
        Some(audit) => ledger.waiting(ledger.audit(Some(audit))?.number, &who)?.into_iter().map(|w| w.rid).collect(),
        None => ledger.to_review(&filter(&args.filter, args.text.as_ref(), &ledger)?, args.limit)?,
    };
    let mut writer = Writer::new(ledger)?;
    let mut screen = screen::Terminal::new(term);
    let counts = session::run(&mut writer, &queue, &who, args.audit, &mut screen)?;
    writer.close()?;
    log.warn(format_args!("{} decisions, {} reports complete", counts.decisions, counts.complete));
    Ok(Outcome::Done)
}
