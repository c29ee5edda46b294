//! `chancery panel`: the data frame of a paper.

use super::{done, period, print};
use crate::cli::{DedupArg, PanelArgs, UnitArg};
use crate::{Error, Outcome, Result};
use chancery::record::Status;
use chancery_ledger::panel::{Dedup, Panel, Unit};
use chancery_ledger::query::Who;
use chancery_ledger::{Ledger, Names};

pub fn run(args: &PanelArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let panel = Panel {
        by: period(args.by),
        unit: match args.unit {
            UnitArg::Directed => Unit::Directed,
            UnitArg::Undirected => Unit::Undirected,
            UnitArg::Country => Unit::Country,
        },
        units: if args.dyads == "all" { None } else { Some(units(args, &ledger)?) },
        dedup: match args.dedup {
            DedupArg::None => Dedup::None,
            DedupArg::OneADay => Dedup::OneADay,
            DedupArg::Happening => Dedup::Happening,
        },
        statuses: statuses(&args.status)?,
        since: args.since.clone(),
        until: args.until.clone(),
        constant: args.constant_panel,
        sources: args.sources,
    };
    let mut sink = print::sink(&args.print, &panel.columns())?;
    let rows = ledger.panel(&panel, |cells| sink.row(cells));
    done(rows.and_then(|()| sink.finish()))
}

fn statuses(asked: &[String]) -> Result<Vec<Status>> {
    let mut found = Vec::new();
    for word in asked.iter().flat_map(|s| s.split(',')) {
        match Status::parse(word) {
            Some(s) => found.push(s),
            None if word == "all" => found.extend(Status::ALL),
            None => {
                let all: Vec<&str> = Status::ALL.iter().map(|s| s.as_str()).collect();
                return Err(Error::new("E0510", "no status", format!("{word:?}"), format!("use {} or all", all.join(", "))));
            }
        }
    }
    let mut seen = Vec::new();
    found.retain(|s| !seen.contains(s) && (seen.push(*s), true).1);
    Ok(found)
}

/// The units of a file: codes or names, two a line parted by a comma or tab (one for countries). A heading of `a,b` is none.
fn units(args: &PanelArgs, ledger: &Ledger) -> Result<Vec<(String, String)>> {
    let unreadable =
        |e: std::io::Error| Error::new("E0211", format!("it cannot be read: {e}"), args.dyads.as_str(), "name a file with --dyads, or all");
    let text = std::fs::read_to_string(&args.dyads).map_err(unreadable)?;
    let known = Names::default();
    let mut units = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
        let cells: Vec<&str> = line.split([',', '\t']).map(|c| c.trim().trim_matches('"')).collect();
        if n == 0 && cells.iter().all(|c| matches!(c.to_ascii_lowercase().as_str(), "a" | "b" | "source" | "target" | "country" | "iso3")) {
            continue;
        }
        let wanted = if args.unit == UnitArg::Country { 1 } else { 2 };
        let wrong = |what: String| {
            Error::new("E0514", what, format!("{}, line {}", args.dyads, n + 1), "write codes or names of countries: RUS,CHN")
        };
        if cells.len() < wanted {
            return Err(wrong(format!("{} cells where {wanted} are expected", cells.len())));
        }
        let code = |cell: &str| match known.one(ledger, cell) {
            Ok(Who::Country(c)) => Ok(c),
            _ => Err(wrong(format!("{cell:?} is no country"))),
        };
        let a = code(cells[0])?;
        units.push((a, if wanted == 2 { code(cells[1])? } else { String::new() }));
    }
    Ok(units)
}
