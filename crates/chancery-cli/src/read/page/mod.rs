//! `--format text`: a record as a page to read. Headline facts first, then who said what, the figures,
//! where the report comes from, what was left out and why.

mod actors;
mod events;
mod paint;
mod rest;
mod words;

use crate::Result;
use chancery::data::DataFiles;
use chancery::record::Record;
pub use paint::clean;
use paint::{BOLD, DIM, Sheet};
use words::{Words, word};

/// How pages are set.
#[derive(Debug)]
pub struct Pages {
    words: Words,
    /// Columns.
    width: usize,
    colour: bool,
}

/// Widest a page is set: longer lines are hard to read.
const WIDEST: usize = 100;

impl Pages {
    pub fn load(files: &DataFiles, width: usize, colour: bool) -> Result<Self> {
        Ok(Pages { words: Words::load(files)?, width: width.min(WIDEST), colour })
    }

    /// Set for the terminal this process writes to.
    pub fn for_terminal(files: &DataFiles) -> Result<Self> {
        let width = terminal_size::terminal_size().map_or(80, |(w, _)| usize::from(w.0));
        let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
        Self::load(files, width, colour)
    }

    /// The page of a record; `text` is the report's text (the record may carry none), `place` where it was found.
    pub fn render(&self, record: &Record, text: &str, place: &str) -> String {
        let mut sheet = Sheet::new(self.width, self.colour);
        self.head(&mut sheet, record, text, place);
        events::print(&mut sheet, &self.words, record);
        rest::statements(&mut sheet, &self.words, record);
        rest::figures(&mut sheet, record);
        rest::dates(&mut sheet, &self.words, record);
        rest::places(&mut sheet, &self.words, record);
        rest::named(&mut sheet, record);
        rest::sources(&mut sheet, &self.words, record);
        rest::left_out(&mut sheet, &self.words, record, text);
        rest::notes(&mut sheet, record);
        sheet.blank();
        sheet.out
    }

    fn head(&self, sheet: &mut Sheet, record: &Record, text: &str, place: &str) {
        let report = &record.report;
        sheet.rule();
        let block = report.blocks.iter().find(|b| b.kind == chancery::record::BlockKind::Title);
        let title = report.title.as_deref().map(clean).or_else(|| block.map(|b| clean(b.span.of(text))));
        let title = title.filter(|t| !t.is_empty());
        let headline = sheet.paint(BOLD, title.as_deref().unwrap_or(place));
        sheet.line(0, 0, &headline);
        let mut facts = Vec::new();
        facts.extend(report.outlet.as_deref().map(clean));
        facts.push(report.published.as_deref().map_or_else(|| "date unknown".to_owned(), |d| self.words.date(d)));
        facts.extend(report.language.as_ref().map(|l| format!("language {l}")));
        facts.extend(report.provenance.iter().filter_map(|p| {
            let name = clean(p.name.as_deref()?);
            Some(format!("{} {name}", word(&self.words.provenance, p.role.as_str())))
        }));
        facts.extend(report.url.as_deref().map(clean));
        let facts = sheet.paint(DIM, &facts.join(" · "));
        sheet.line(0, 0, &facts);
        let count = |n: usize, what: &str| (n > 0).then(|| format!("{n} {what}{}", if n == 1 { "" } else { "s" }));
        let counts: Vec<String> = [
            count(record.events.len(), "event"),
            count(record.statements.len(), "statement"),
            count(record.figures.len(), "figure"),
            count(record.sentences.len(), "sentence"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let counts = if counts.is_empty() { "nothing found".to_owned() } else { counts.join(", ") };
        let counts = if title.is_some() { format!("{counts} · {place}") } else { counts };
        let counts = sheet.paint(DIM, &counts);
        sheet.line(0, 0, &counts);
    }
}
