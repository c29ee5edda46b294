//! Rows on their way out: named, typed columns, and where they can go.

mod csv;
mod jsonl;
mod parquet;

pub use csv::CsvSink;
pub use jsonl::JsonlSink;
pub use parquet::{ParquetSink, arrow_schema};

use crate::error::{Error, Result};
use std::borrow::Cow;
use std::io::Write;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Float,
    Bool,
    /// YYYY-MM-DD.
    Date,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: Cow<'static, str>,
    pub kind: Kind,
}

impl Column {
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Column { name: Cow::Borrowed(name), kind }
    }
    pub fn named(name: String, kind: Kind) -> Self {
        Column { name: Cow::Owned(name), kind }
    }
}

/// One value. Dates are `Text`.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    Null,
    Text(Cow<'a, str>),
    Int(i64),
    Float(f64),
    Bool(bool),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(s: &'a str) -> Self {
        Cell::Text(Cow::Borrowed(s))
    }
}
impl From<String> for Cell<'_> {
    fn from(s: String) -> Self {
        Cell::Text(Cow::Owned(s))
    }
}
impl<'a> From<&'a String> for Cell<'a> {
    fn from(s: &'a String) -> Self {
        Cell::Text(Cow::Borrowed(s))
    }
}
impl From<i64> for Cell<'_> {
    fn from(n: i64) -> Self {
        Cell::Int(n)
    }
}
impl From<f64> for Cell<'_> {
    fn from(x: f64) -> Self {
        Cell::Float(x)
    }
}
impl From<bool> for Cell<'_> {
    fn from(b: bool) -> Self {
        Cell::Bool(b)
    }
}
impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(x: Option<T>) -> Self {
        x.map_or(Cell::Null, Into::into)
    }
}

impl Cell<'_> {
    /// As text; empty for null. Floats as short as they can be read back.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Null => Cow::Borrowed(""),
            Cell::Text(t) => Cow::Borrowed(t),
            Cell::Int(n) => Cow::Owned(n.to_string()),
            Cell::Float(x) => Cow::Owned(x.to_string()),
            Cell::Bool(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
        }
    }
}

/// Where rows go.
pub trait Sink {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()>;
    /// Writes what is left. Without it a file may lack its end.
    fn finish(&mut self) -> Result<()>;
}

/// Where bytes of an export go.
pub type Out<'a> = Box<dyn Write + Send + 'a>;

/// E0520: an export that cannot be written. A closed pipe says so in `closed`.
pub fn unwritable(e: &std::io::Error) -> Error {
    if e.kind() == std::io::ErrorKind::BrokenPipe {
        return closed();
    }
    Error::new("E0520", format!("the export could not be written: {e}"), "", "check free space and permissions where it goes")
}

/// Nobody reads any more: no error of anybody.
pub fn closed() -> Error {
    Error::new("E0521", "the reader of the export closed it", "", "")
}
