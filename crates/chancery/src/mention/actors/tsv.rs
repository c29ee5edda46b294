//! Rows of the knowledge tables, and errors that say which field of which line to mend.

use crate::error::{Error, Result};

/// One line of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub file: &'a str,
    /// 1-based.
    pub line: usize,
    /// The line's fields from here on, parted by tabs.
    pub text: &'a str,
}

/// Lines of a table that hold an entry: no comments, no blank lines.
pub fn rows<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = Row<'a>> + 'a {
    text.lines()
        .enumerate()
        .map(move |(i, l)| Row { file, line: i + 1, text: l.strip_suffix('\r').unwrap_or(l) })
        .filter(|r| !r.text.trim().is_empty() && !r.text.starts_with('#'))
}

impl<'a> Row<'a> {
    /// The row's `N` fields; what is left out at the end of a line is empty. E0110 where there are more.
    pub fn fields<const N: usize>(self) -> Result<[&'a str; N]> {
        match self.text.split('\t').map(str::trim).skip(N).find(|f| !f.is_empty()) {
            Some(more) => Err(self.error(
                "fields",
                format_args!("\"{more}\" is one too many, this table has {N}"),
                "mend the tabs: the file's head says what goes where",
            )),
            None => Ok(self.first()),
        }
    }
    /// The row's first `N` fields, for who does not read the others.
    pub fn first<const N: usize>(self) -> [&'a str; N] {
        let mut out = [""; N];
        out.iter_mut().zip(self.text.split('\t').map(str::trim)).for_each(|(slot, field)| *slot = field);
        out
    }
    /// The table's name in the first field, and the row of the fields after it.
    pub fn shift(self) -> (&'a str, Row<'a>) {
        let (first, rest) = self.text.split_once('\t').unwrap_or((self.text, ""));
        (first.trim(), Row { text: rest, ..self })
    }
    pub fn error(self, field: &str, what: impl std::fmt::Display, remedy: impl Into<String>) -> Error {
        Error::new("E0110", format!("{field}: {what}"), format!("data/{}, line {}", self.file, self.line), remedy)
    }
    /// A day: `1999`, `1999-08` or `1999-08-09`, as number YYYYMMDD. `last` takes the last day it can mean.
    pub fn day(self, field: &str, text: &str, last: bool) -> Result<i32> {
        let bad = || self.error(field, format_args!("\"{text}\" is no date"), "write it as 1999, 1999-08 or 1999-08-09");
        let mut parts = text.split('-').map(str::parse::<i32>);
        let year = parts.next().and_then(|p| p.ok()).ok_or_else(bad)?;
        let mut part = |least, most| match parts.next() {
            None => Ok(if last { most } else { least }),
            Some(Ok(n)) if (least..=most).contains(&n) => Ok(n),
            Some(_) => Err(bad()),
        };
        let (month, day) = (part(1, 12)?, part(1, 31)?);
        if !(1000..=2200).contains(&year) || parts.next().is_some() {
            return Err(bad());
        }
        Ok(year * 10_000 + month * 100 + day)
    }
    /// `since` and `until`, open where empty. E0110 where they are in the wrong order.
    pub fn period(self, field: &str, since: &str, until: &str) -> Result<(i32, i32)> {
        let from = if since.is_empty() { i32::MIN } else { self.day(field, since, false)? };
        let to = if until.is_empty() { i32::MAX } else { self.day(field, until, true)? };
        if from > to {
            return Err(self.error(field, format_args!("{since} is after {until}"), "put the earlier date first"));
        }
        Ok((from, to))
    }
}

/// Entries of a list field.
pub fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|s| !s.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_date_is_named_with_file_line_and_remedy() {
        let row = rows("actors/x.tsv", "# head\n\na\tb\n").next().unwrap();
        assert_eq!(row.line, 3);
        assert_eq!(row.day("since", "1999-02", true).unwrap(), 19_990_231);
        let e = row.day("since", "1999-13", false).unwrap_err().to_string();
        assert!(e.contains("actors/x.tsv, line 3") && e.contains("since") && e.contains("1999-08-09"), "{e}");
        assert!(row.period("term", "2000", "1999").is_err());
    }
}
