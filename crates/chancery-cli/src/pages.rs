//! Man page and shell completions, both made from the one command-line definition.

use crate::cli::{Cli, CompletionsArgs};
use crate::read::output;
use crate::{Outcome, Result};
use clap::CommandFactory;

/// Prints the man page: the command, then each subcommand.
pub fn man() -> Result<Outcome> {
    let mut page = Vec::new();
    render_man(&mut page).map_err(output::error)?;
    output::print(&page)
}

/// Writes the page of the command and of every subcommand into `out`.
pub fn render_man(out: &mut Vec<u8>) -> std::io::Result<()> {
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(out)?;
    for sub in command.get_subcommands().filter(|s| s.get_name() != "help") {
        clap_mangen::Man::new(sub.clone()).render(out)?;
    }
    Ok(())
}

/// Prints completions for a shell.
pub fn completions(args: &CompletionsArgs) -> Result<Outcome> {
    let mut page = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "chancery", &mut page);
    output::print(&page)
}
