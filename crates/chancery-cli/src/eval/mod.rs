//! `chancery eval`: scores this build against gold files.
//!
//! A task is one file beside this one: it says how a gold record is read and compared ([`Task`]) and
//! is listed in [`TASKS`]. Reading files, running in parallel, intervals and printing are done here.

pub mod baseline;
pub mod bootstrap;
pub mod counts;
pub mod gold;
pub mod matching;
pub mod report;

// Tasks: actors
mod actors;
mod by_eye;

// Tasks: dates, figures, places
mod dates;
mod figures;
mod places;

// Tasks: events, relations
mod events;
mod relations;

// Tasks: intake
mod extraction;
mod happenings;
mod language;
mod repair;
mod stories;

// Tasks: statements
mod statements;

// Tasks: syntax
pub mod syntax;

use crate::cli::{EvalArgs, EvalFormat};
use crate::log::{Level, Log};
use crate::read::output;
use crate::{Error, Outcome, Result, coder};
use chancery::Coder;
pub use counts::{Counts, Metric};
pub use gold::Unit;
use rayon::prelude::*;
use std::io::IsTerminal;
use std::path::Path;

/// Tasks by name: one file each.
pub const TASKS: &[&dyn Task] = &[
    // actors
    &actors::Actors,
    // dates, figures, places
    &dates::Dates,
    &figures::Figures,
    &places::Places,
    // events, relations
    &events::Events,
    &relations::Relations,
    // intake
    &extraction::Extraction,
    &happenings::HappeningsTask,
    &language::Language,
    &repair::Repair,
    &stories::StoriesTask,
    // statements
    &statements::Statements,
    // syntax
    &syntax::Syntax,
];

/// How one kind of gold is read and compared.
pub trait Task: Sync {
    /// As on the command line.
    fn name(&self) -> &'static str;

    /// Cuts a gold file into units that are scored, and drawn in the bootstrap, each by itself.
    /// By default one JSON object a line.
    fn units(&self, path: &Path, text: &str) -> Result<Vec<Unit>> {
        Ok(gold::lines(path, text))
    }

    /// Runs the coder over a unit and compares. Deterministic.
    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case>;

    /// Scores a whole file. A task that judges its units together does it here, and says what is drawn in the bootstrap.
    fn cases(&self, coder: &Coder, units: &[Unit]) -> Result<Vec<Case>> {
        units.par_iter().map(|unit| self.score(coder, unit)).collect()
    }

    /// Metrics from the counts of all cases added up; keys as in the contract. [`Metric::main`] ones get intervals.
    fn metrics(&self, total: &Counts) -> Vec<Metric>;
}

/// What came of one unit.
#[derive(Debug, Default)]
pub struct Case {
    /// The unit's own id, or its place.
    pub id: String,
    pub counts: Counts,
    /// What was wrong, for the developers.
    pub errors: Vec<Finding>,
}

/// One difference between gold and what this build gave.
#[derive(Debug, Default, Clone)]
pub struct Finding {
    /// Short and countable: `missed`, `spurious`, `wrong speaker`…
    pub kind: String,
    /// What gold has; empty where it has nothing.
    pub expected: String,
    /// What this build gave; empty where it gave nothing.
    pub given: String,
    /// The words around it.
    pub context: String,
}

impl Finding {
    pub fn new(kind: impl Into<String>, expected: impl Into<String>, given: impl Into<String>, context: impl Into<String>) -> Self {
        Finding { kind: kind.into(), expected: expected.into(), given: given.into(), context: context.into() }
    }
}

/// One gold file, scored.
#[derive(Debug)]
pub struct Scored {
    pub path: String,
    /// SHA-256 of the file as it lies there.
    pub sha256: String,
    /// Number of units.
    pub n: usize,
    pub metrics: Vec<Metric>,
    pub cases: Vec<Case>,
}

pub fn run(args: &EvalArgs, log: &Log) -> Result<Outcome> {
    let task = task(&args.task)?;
    let threads = args.threads.map_or(0, usize::from);
    // A pool that exists already serves as well: the result is the same at any number of threads.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    let coder = coder::load(&args.knowledge)?;
    let scored = args.gold.iter().map(|path| score_file(task, &coder, path, args.only.as_deref())).collect::<Result<Vec<_>>>()?;
    let format =
        args.format.unwrap_or(if std::io::stdout().is_terminal() || log.shows(Level::Info) { EvalFormat::Text } else { EvalFormat::Json });
    let page = match format {
        EvalFormat::Json => report::json(task.name(), &scored),
        EvalFormat::Text => report::text(task.name(), &scored, log.shows(Level::Info)),
    };
    output::print(page.as_bytes())
}

/// The task of that name; E0411 with the names there are.
pub fn task(name: &str) -> Result<&'static dyn Task> {
    TASKS.iter().copied().find(|t| t.name() == name).ok_or_else(|| {
        let names: Vec<&str> = TASKS.iter().map(|t| t.name()).collect();
        Error::new("E0411", format!("there is no task {name:?}"), "", format!("this build scores: {}", names.join(", ")))
    })
}

/// Scores one file; `only` keeps the units whose text or id holds it.
pub fn score_file(task: &dyn Task, coder: &Coder, path: &Path, only: Option<&str>) -> Result<Scored> {
    let (text, sha256) = gold::read(path)?;
    let mut units = task.units(path, &text)?;
    if let Some(only) = only {
        units.retain(|u| u.id.contains(only));
    }
    if units.is_empty() {
        return Err(Error::new("E0412", "no gold record", path.display().to_string(), "name a file in the format of this task"));
    }
    let cases = task.cases(coder, &units)?;
    let metrics = bootstrap::with_intervals(task, &cases);
    Ok(Scored { path: path.display().to_string(), sha256, n: units.len(), metrics, cases })
}
