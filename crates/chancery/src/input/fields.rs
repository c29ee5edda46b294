//! The fields of a record of many (JSONL, CSV, an entry of a feed) and the report they make.

use super::{Hints, cut, html, note_empty, source};
use crate::error::{Error, Result};
use crate::model::Report;

/// Names of the fields, the first of each the main one.
pub(super) const NAMES: &[(Field, &[&str])] = &[
    (Field::Id, &["id"]),
    (Field::Text, &["text"]),
    (Field::Html, &["html"]),
    (Field::Title, &["title"]),
    (Field::Published, &["published", "date", "dct"]),
    (Field::Url, &["url"]),
    (Field::Outlet, &["outlet"]),
    (Field::Author, &["author"]),
    (Field::Language, &["language", "lang"]),
];

/// What can be said of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Id,
    Text,
    Html,
    Title,
    Published,
    Url,
    Outlet,
    Author,
    Language,
}

/// What a record gave.
#[derive(Debug, Default)]
pub struct Fields {
    id: Option<String>,
    text: Option<String>,
    html: Option<String>,
    title: Option<String>,
    published: Option<String>,
    url: Option<String>,
    outlet: Option<String>,
    author: Option<String>,
    language: Option<String>,
}

impl Fields {
    /// Sets a field; the first value given to it stays.
    pub fn set(&mut self, field: Field, value: String) {
        let slot = match field {
            Field::Id => &mut self.id,
            Field::Text => &mut self.text,
            Field::Html => &mut self.html,
            Field::Title => &mut self.title,
            Field::Published => &mut self.published,
            Field::Url => &mut self.url,
            Field::Outlet => &mut self.outlet,
            Field::Author => &mut self.author,
            Field::Language => &mut self.language,
        };
        slot.get_or_insert(value);
    }

    pub fn get(&self, field: Field) -> Option<&str> {
        let slot = match field {
            Field::Id => &self.id,
            Field::Text => &self.text,
            Field::Html => &self.html,
            Field::Title => &self.title,
            Field::Published => &self.published,
            Field::Url => &self.url,
            Field::Outlet => &self.outlet,
            Field::Author => &self.author,
            Field::Language => &self.language,
        };
        slot.as_deref()
    }

    /// Says of a report what its own page does not say: an entry of a feed, of the page that it leads to.
    pub fn complete(self, report: &mut Report) {
        for (slot, value) in [
            (&mut report.title, self.title),
            (&mut report.published, self.published),
            (&mut report.url, self.url),
            (&mut report.outlet, self.outlet),
            (&mut report.author, self.author),
            (&mut report.language, self.language),
        ] {
            if slot.is_none() {
                *slot = value.filter(|v| !v.trim().is_empty());
            }
        }
    }

    /// The report. `text` wins over `html`; E0203 where there is neither. `place` names file and line.
    pub fn report(self, media_type: &str, encoding: &str, place: &str, hints: &Hints) -> Result<Report> {
        let mut report = match (self.text, self.html) {
            (Some(mut text), _) => {
                let source = source(text.as_bytes(), media_type, encoding);
                let mut diagnostics = Vec::new();
                cut(&mut text, hints.max_report_bytes, &mut diagnostics);
                note_empty(&text, &mut diagnostics);
                Report { text, source, diagnostics, ..Report::default() }
            }
            (None, Some(page)) => {
                let hints = Hints { name: place.to_owned(), charset: None, max_report_bytes: hints.max_report_bytes };
                html::decoded(page, source_of_page, encoding, &hints)
            }
            (None, None) => {
                return Err(Error::new(
                    "E0203",
                    "the record has neither `text` nor `html`",
                    place,
                    "name the field that holds the text, e.g. --map text=COLUMN for CSV",
                ));
            }
        };
        // What the record says beats what the page says of itself.
        report.given_id = self.id.filter(|s| !s.is_empty());
        for (slot, value) in [
            (&mut report.title, self.title),
            (&mut report.published, self.published),
            (&mut report.url, self.url),
            (&mut report.outlet, self.outlet),
            (&mut report.author, self.author),
            (&mut report.language, self.language),
        ] {
            if let Some(value) = value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()) {
                *slot = Some(value);
            }
        }
        Ok(report)
    }
}

fn source_of_page(bytes: &[u8], encoding: &str) -> crate::record::SourceInfo {
    source(bytes, "text/html", encoding)
}
