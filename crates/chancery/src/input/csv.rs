//! Tables: one report a row. The caller splits rows (any reader of CSV or Parquet will do) and hands over their cells.

use super::fields::{Field, Fields, NAMES};
use super::{Hints, encoding};
use crate::error::{Error, Result};
use crate::model::Report;

/// Which column holds which field.
#[derive(Debug, Clone)]
pub struct Columns {
    columns: Vec<Option<Field>>,
    media_type: &'static str,
}

impl Columns {
    /// From the header row. `map` holds pairs (field, column) given by the user; they go before the columns' own names,
    /// which may be in any case. E0204 for a field or column that does not exist, or where no column holds text.
    pub fn new<'a>(header: impl IntoIterator<Item = &'a [u8]>, map: &[(String, String)], hints: &Hints) -> Result<Self> {
        let header: Vec<String> = header.into_iter().map(|c| encoding::decode(c, None, false).text.trim().to_owned()).collect();
        let there = || header.iter().filter(|h| !h.is_empty()).cloned().collect::<Vec<_>>().join(", ");
        let mut columns: Vec<Option<Field>> = vec![None; header.len()];
        for (name, column) in map {
            let field = field(name).ok_or_else(|| {
                let known: Vec<&str> = NAMES.iter().filter_map(|(_, n)| n.first().copied()).collect();
                Error::new("E0204", format!("there is no field `{name}`"), "--map", format!("the fields are {}", known.join(", ")))
            })?;
            let at = header.iter().position(|h| h == column).or_else(|| header.iter().position(|h| h.eq_ignore_ascii_case(column)));
            match at.and_then(|at| columns.get_mut(at)) {
                Some(slot) => *slot = Some(field),
                None => {
                    return Err(Error::new(
                        "E0204",
                        format!("there is no column `{column}`"),
                        hints.name.clone(),
                        format!("the columns are {}", there()),
                    ));
                }
            }
        }
        // Main names before aliases: rank is the place of the name in its list.
        for rank in 0..NAMES.iter().map(|(_, n)| n.len()).max().unwrap_or(0) {
            for (field, names) in NAMES {
                let Some(name) = names.get(rank) else { continue };
                if columns.contains(&Some(*field)) {
                    continue;
                }
                if let Some(at) = header.iter().position(|h| h.eq_ignore_ascii_case(name))
                    && let Some(slot @ None) = columns.get_mut(at)
                {
                    *slot = Some(*field);
                }
            }
        }
        if !columns.contains(&Some(Field::Text)) && !columns.contains(&Some(Field::Html)) {
            return Err(Error::new(
                "E0204",
                "no column holds the text",
                hints.name.clone(),
                format!("name it with --map text=COLUMN; the columns are {}", there()),
            ));
        }
        Ok(Columns { columns, media_type: "text/csv" })
    }

    /// The same, of a table of another kind than CSV.
    pub fn of(self, media_type: &'static str) -> Self {
        Columns { media_type, ..self }
    }

    /// Which columns hold a field, by their place in the header.
    pub fn taken(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().enumerate().filter(|(_, f)| f.is_some()).map(|(n, _)| n)
    }

    /// The columns that are left when only those [taken](Columns::taken) are handed over.
    pub fn narrowed(self) -> Self {
        Columns { columns: self.columns.into_iter().filter(Option::is_some).collect(), ..self }
    }

    /// The report of one row; `place` says where it stands. `None` for a row without a filled cell.
    pub fn report<'a>(&self, row: impl IntoIterator<Item = &'a [u8]>, place: &str, hints: &Hints) -> Result<Option<Report>> {
        let mut fields = Fields::default();
        let (mut filled, mut encoding) = (false, "utf-8".to_owned());
        for (cell, field) in row.into_iter().zip(self.columns.iter().copied().chain(std::iter::repeat(None))) {
            filled |= !cell.trim_ascii().is_empty();
            let Some(field) = field else { continue };
            let decoded = encoding::decode(cell, hints.charset.as_deref(), false);
            if field == Field::Text && !decoded.text.is_ascii() {
                encoding = decoded.encoding;
            }
            if !decoded.text.is_empty() {
                fields.set(field, decoded.text);
            }
        }
        if !filled {
            return Ok(None);
        }
        fields.report(self.media_type, &encoding, place, hints).map(Some)
    }
}

fn field(name: &str) -> Option<Field> {
    NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(f, _)| *f)
}

/// The mark between cells, told from the header row: tab, semicolon or comma, whichever is most frequent outside quotation marks.
pub fn delimiter(header: &[u8]) -> u8 {
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for &b in header.iter().take_while(|b| **b != b'\n') {
        quoted ^= b == b'"';
        if let Some(c) = counts.iter_mut().find(|c| c.0 == b && !quoted) {
            c.1 += 1;
        }
    }
    counts.iter().rev().max_by_key(|c| c.1).filter(|c| c.1 > 0).map_or(b',', |c| c.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: &str) -> Vec<&[u8]> {
        row.split('|').map(str::as_bytes).collect()
    }
    fn map(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn columns_by_name_and_by_map() {
        let hints = Hints::named("a.csv");
        let c = Columns::new(cells("ID|Text|date|x"), &[], &hints).unwrap();
        let r = c.report(cells("1|A b.|2020-01-02|y"), "a.csv, line 2", &hints).unwrap().unwrap();
        assert_eq!((r.given_id.as_deref(), r.text.as_str(), r.published.as_deref()), (Some("1"), "A b.", Some("2020-01-02")));
        let c = Columns::new(cells("nr|body|text"), &map(&[("id", "nr"), ("text", "Body")]), &hints).unwrap();
        let r = c.report(cells("9|the body|not this"), "a.csv, line 2", &hints).unwrap().unwrap();
        assert_eq!((r.given_id.as_deref(), r.text.as_str()), (Some("9"), "the body"));
        assert!(c.report(cells("||"), "a.csv, line 3", &hints).unwrap().is_none());
        assert_eq!(c.report(cells("9"), "a.csv, line 4", &hints).unwrap_err().place, "a.csv, line 4");
    }

    #[test]
    fn wrong_maps_say_what_there_is() {
        let hints = Hints::named("a.csv");
        let e = Columns::new(cells("nr|body"), &[], &hints).unwrap_err();
        assert_eq!(e.code, "E0204");
        assert!(e.remedy.contains("nr, body"));
        assert!(Columns::new(cells("nr|body"), &map(&[("text", "boddy")]), &hints).unwrap_err().what.contains("boddy"));
        assert!(Columns::new(cells("nr|body"), &map(&[("txt", "body")]), &hints).unwrap_err().remedy.contains("text"));
    }

    #[test]
    fn delimiters() {
        assert_eq!(delimiter(b"id,text\n1;2;3"), b',');
        assert_eq!(delimiter(b"\"a,b\";c;d"), b';');
        assert_eq!(delimiter(b"a\tb"), b'\t');
        assert_eq!(delimiter(b"text"), b',');
    }
}
