//! The `chancery` command.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = chancery_cli::cli::Cli::parse();
    ExitCode::from(chancery_cli::run(&cli).code())
}
