//! The crate's one error type. Codes are stable: users may match on them.
//!
//! E01xx data and lexicons, E02xx input, E03xx models.

use std::fmt;

/// What happened, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Stable code such as `E0102`.
    pub code: &'static str,
    /// What happened.
    pub what: String,
    /// File, line, field or byte offset, as far as known.
    pub place: String,
    /// What the user can do.
    pub remedy: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(code: &'static str, what: impl Into<String>, place: impl Into<String>, remedy: impl Into<String>) -> Self {
        Error { code, what: what.into(), place: place.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.what)?;
        if !self.place.is_empty() {
            write!(f, " ({})", self.place)?;
        }
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
