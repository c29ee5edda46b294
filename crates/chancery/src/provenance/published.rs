//! When a report was published: by option, metadata, a line of its header, or its dateline, in this order.

use crate::layout::Page;
use crate::layout::cues::Cues;
use crate::layout::stamp::{self, Stamp};
use crate::model::Report;
use crate::record::{BlockKind, Span};
use jiff::civil::Date;

/// What a published date was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    Option,
    Metadata,
    Header,
    Dateline,
}

/// Years before are what programs write that have no date.
const EARLIEST: i16 = 1600;
/// Blocks before the first paragraph that are looked at.
const HEADER: usize = 12;

/// The published date, what it was read from, and where in the text it stands.
pub(super) fn find(report: &Report, page: &Page, option: Option<Date>, cues: &Cues) -> (Option<Date>, Option<Basis>, Option<Span>) {
    let given = report.published.as_deref().and_then(|p| parse(p, cues)).filter(|d| d.year() >= EARLIEST);
    let header = in_header(report, page, cues);
    let date = option.map(|d| (d, Basis::Option)).or(given.map(|d| (d, Basis::Metadata)));
    if let Some((date, basis)) = date {
        // The header may say the same: then it is known which words of the text do.
        let span = header.filter(|(d, _)| *d == date).map(|(_, s)| s);
        return (Some(date), Some(basis), span);
    }
    if let Some((date, span)) = header {
        return (Some(date), Some(Basis::Header), Some(span));
    }
    match in_dateline(report, page, cues) {
        Some((date, span)) => (Some(date), Some(Basis::Dateline), Some(span)),
        None => (None, None, None),
    }
}

/// A date or date-time as metadata gives it: ISO, RFC 2822, "20221231", or written out.
fn parse(given: &str, cues: &Cues) -> Option<Date> {
    let given = given.trim();
    let iso = given.get(..10).and_then(|d| d.parse().ok());
    iso.or_else(|| given.get(..8).filter(|d| d.bytes().all(|b| b.is_ascii_digit())).and_then(|d| Date::strptime("%Y%m%d", d).ok()))
        .or_else(|| stamp::find(given.get(..given.floor_char_boundary(80))?, cues).iter().find_map(|s| s.resolve(None)))
}

/// A date with its year in a furniture line above the first paragraph. A line about an update gives way to one that is not.
fn in_header(report: &Report, page: &Page, cues: &Cues) -> Option<(Date, Span)> {
    let text = report.text.as_str();
    let head = page.blocks.iter().take_while(|b| b.kind != BlockKind::Paragraph && b.kind != BlockKind::Post).take(HEADER);
    head.filter(|b| matches!(b.kind, BlockKind::Boilerplate | BlockKind::Byline)).find_map(|b| {
        let shown = b.span.of(text);
        if shown.len() > 200 || shown.contains(['©']) {
            return None;
        }
        let found = stamp::find(shown, cues).into_iter().find(|s| s.year.is_some())?;
        Some((found.resolve(None)?, shifted(&found, b.span.start)))
    })
}

fn in_dateline(report: &Report, page: &Page, cues: &Cues) -> Option<(Date, Span)> {
    let block = page.blocks.iter().find(|b| b.kind == BlockKind::Dateline)?;
    let found = stamp::find(block.span.of(&report.text), cues).into_iter().find(|s| s.year.is_some())?;
    Some((found.resolve(None)?, shifted(&found, block.span.start)))
}

fn shifted(stamp: &Stamp, by: usize) -> Span {
    Span::new(stamp.span.start + by, stamp.span.end + by)
}
