//! What goes to standard error, and how much of it.

use chancery::Error;
use std::fmt::Display;
use std::io::Write;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error,
    Warn,
    Info,
    Debug,
}

/// Writes diagnostics to standard error. A closed standard error is no reason to stop.
#[derive(Debug, Clone, Copy)]
pub struct Log {
    pub level: Level,
}

impl Log {
    /// `-q` and `-v` win over `CHANCERY_LOG`.
    pub fn new(quiet: bool, verbose: u8) -> Self {
        let from_environment = || match std::env::var("CHANCERY_LOG").unwrap_or_default().to_ascii_lowercase().as_str() {
            "error" | "off" => Level::Error,
            "info" => Level::Info,
            "debug" | "trace" => Level::Debug,
            _ => Level::Warn,
        };
        let level = match (quiet, verbose) {
            (true, _) => Level::Error,
            (false, 0) => from_environment(),
            (false, 1) => Level::Info,
            (false, _) => Level::Debug,
        };
        Log { level }
    }
    pub fn shows(&self, level: Level) -> bool {
        level <= self.level
    }
    pub fn error(&self, e: &Error) {
        self.line(format_args!("chancery: {e}"));
    }
    pub fn warn(&self, message: impl Display) {
        if self.shows(Level::Warn) {
            self.line(format_args!("chancery: {message}"));
        }
    }
    pub fn info(&self, message: impl Display) {
        if self.shows(Level::Info) {
            self.line(format_args!("chancery: {message}"));
        }
    }
    /// Said at every level.
    pub fn error_line(&self, message: impl Display) {
        self.line(format_args!("chancery: {message}"));
    }
    fn line(&self, message: std::fmt::Arguments<'_>) {
        let _ = writeln!(anstream::stderr(), "{message}");
    }
}
