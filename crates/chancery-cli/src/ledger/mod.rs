//! Commands that ask the ledger: one file each, and what they share.

mod appendix;
mod audit;
mod check;
mod dyad;
mod events;
mod evidence;
mod export;
mod happenings;
mod panel;
pub mod print;
mod review;
mod sql;
mod statements;
mod stories;

pub use audit::run as audit;
pub use check::run as check;
pub use dyad::run as dyad;
pub use events::run as events;
pub use evidence::run as evidence;
pub use export::run as export;
pub use happenings::run as happenings;
pub use panel::run as panel;
pub use review::run as review;
pub use sql::run as sql;
pub use statements::run as statements;
pub use stories::run as stories;

use crate::cli::{FilterArgs, PeriodArg};
use crate::{Outcome, Result};
use chancery::record::Status;
use chancery_ledger::query::{Filter, Period};
use chancery_ledger::{Ledger, Names};

/// The filter of a question.
fn filter(args: &FilterArgs, text: Option<&String>, ledger: &Ledger) -> Result<Filter> {
    let known = Names::default();
    let all = |names: &[String]| names.iter().map(|n| known.find(ledger, n)).collect::<Result<Vec<_>>>().map(|w| w.concat());
    let all_statuses = args.status.iter().any(|s| s == "all");
    let place = |p: &String| known.place(p);
    Ok(Filter {
        ids: args.id.clone(),
        reports: args.report.clone(),
        source: all(&args.source)?,
        target: all(&args.target)?,
        actor: all(&args.actor)?,
        dyad: None,
        about: Vec::new(),
        types: args.types.clone(),
        modes: args.mode.clone(),
        contexts: args.context.clone(),
        cameo: args.cameo.clone(),
        quads: args.quad.clone(),
        statuses: if all_statuses { Status::ALL.iter().map(ToString::to_string).collect() } else { args.status.clone() },
        times: args.time.clone(),
        since: args.since.clone(),
        until: args.until.clone(),
        published_since: args.published_since.clone(),
        published_until: args.published_until.clone(),
        places: args.place.iter().map(place).collect(),
        outlets: args.outlet.clone(),
        languages: args.language.clone(),
        text: text.cloned(),
        confidence: args.confidence,
        as_of: args.as_of,
        coder: args.coder.clone(),
        stories: args.story.clone(),
        independent: args.independent,
        changed_since: None,
        one_a_day: args.one_a_day,
    })
}

fn period(arg: PeriodArg) -> Period {
    match arg {
        PeriodArg::Day => Period::Day,
        PeriodArg::Week => Period::Week,
        PeriodArg::Month => Period::Month,
        PeriodArg::Year => Period::Year,
    }
}

/// A closed pipe is no failure.
fn done(result: Result<()>) -> Result<Outcome> {
    match result {
        Err(e) if e != chancery_ledger::frame::closed() => Err(e),
        _ => Ok(Outcome::Done),
    }
}
