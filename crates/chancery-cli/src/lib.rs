//! The `chancery` command line: opens files, runs the core over them, prints what it found.
//!
//! One file a command. The core knows neither files nor screens; everything of that kind is here.

pub mod actors;
pub mod add;
pub mod classify;
pub mod cli;
pub mod coder;
pub mod eval;
pub mod fetch;
pub mod ledger;
pub mod lexicon;
pub mod licenses;
pub mod log;
pub mod pages;
pub mod read;
pub mod rehydrate;
pub mod schema;
pub mod serve;
pub mod watch;

pub use chancery::{Error, Result};

/// How a command ended, as the shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All done.
    Done,
    /// Something in the input could not be read; it was said on standard error and the rest was done.
    Partial,
    /// The command was called wrongly, or its knowledge files are bad.
    Usage,
}

impl Outcome {
    /// The process exit status.
    pub const fn code(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::Partial => 1,
            Outcome::Usage => 2,
        }
    }
}

/// Runs the parsed command line.
pub fn run(cli: &cli::Cli) -> Outcome {
    let log = log::Log::new(cli.quiet, cli.verbose);
    let outcome = match &cli.command {
        cli::Command::Read(args) => read::run(args, &log),
        cli::Command::Add(args) => add::run(args, &log),
        cli::Command::Watch(args) => watch::run(args, &log),
        cli::Command::Evidence(args) => ledger::evidence(args, &log),
        cli::Command::Events(args) => ledger::events(args),
        cli::Command::Stories(args) => ledger::stories(args),
        cli::Command::Happenings(args) => ledger::happenings(args),
        cli::Command::Statements(args) => ledger::statements(args),
        cli::Command::Dyad(args) => ledger::dyad(args),
        cli::Command::Sql(args) => ledger::sql(args),
        cli::Command::Panel(args) => ledger::panel(args),
        cli::Command::Export(args) => ledger::export(args, &log),
        cli::Command::Rehydrate(args) => rehydrate::run(args, &log),
        cli::Command::Review(args) => ledger::review(args, &log),
        cli::Command::Audit(args) => ledger::audit(args, &log),
        cli::Command::Serve(args) => serve::run(args, &log),
        cli::Command::Mcp(args) => serve::tools(args),
        cli::Command::Check(args) => ledger::check(args),
        cli::Command::Actors(args) => actors::run(args, &log),
        cli::Command::Eval(args) => eval::run(args, &log),
        cli::Command::Classify(args) => classify::run(args, &log),
        cli::Command::Lexicon(args) => lexicon::run(args, &log),
        cli::Command::Completions(args) => pages::completions(args),
        cli::Command::Man => pages::man(),
        cli::Command::Licenses => licenses::run(),
        cli::Command::Schema(args) => schema::run(args),
    };
    outcome.unwrap_or_else(|e| {
        log.error(&e);
        Outcome::Usage
    })
}
