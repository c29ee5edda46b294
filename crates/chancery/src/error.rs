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
        write!(f, "{}: {}", self.code, Shown(&self.what))?;
        if !self.place.is_empty() {
            write!(f, " ({})", Shown(&self.place))?;
        }
        if !self.remedy.is_empty() {
            write!(f, "; {}", Shown(&self.remedy))?;
        }
        Ok(())
    }
}

/// Words that may be quoted from hostile input: what would steer a terminal is shown as a mark.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.split_inclusive(|c: char| c.is_control() && !matches!(c, '\n' | '\t')).try_for_each(|part| match part.chars().next_back() {
            Some(c) if c.is_control() && !matches!(c, '\n' | '\t') => {
                f.write_str(part.strip_suffix(c).unwrap_or(part))?;
                f.write_str("\u{FFFD}")
            }
            _ => f.write_str(part),
        })
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_not_shown() {
        let e = Error::new("E0207", "a\u{1b}[31m", "b\u{7}\n", "");
        assert_eq!(e.to_string(), "E0207: a\u{fffd}[31m (b\u{fffd}\n)");
    }
}
