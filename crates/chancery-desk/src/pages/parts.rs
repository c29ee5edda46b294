//! Pieces that several pages show: lists of events and statements, counts, links to actors.

use crate::ask::{Ask, address};
use crate::serve::Room;
use crate::{Result, ask};
use chancery_ledger::frame::{Column, CsvSink, Sink};
use chancery_ledger::query::{
    COUNT_COLUMNS, Count, EVENT_COLUMNS, EventRow, Filter, Page, Party, Period, ReportRow, StatementRow, count_cells, event_cells,
};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

/// Rows of a list on a page.
pub const ROWS: u64 = 50;
/// Rows of a file.
pub const FILE_ROWS: u64 = 100_000;
/// Periods that a chart has room for before a longer period is taken.
const BARS: usize = 72;
/// Periods beyond which gaps are left as they are.
const MOST_BARS: usize = 1_000;

pub const PAGE: &[ask::Parameter] = &[
    ask::Parameter { name: "cursor", kind: ask::Takes::Text, about: "Where the list goes on, as the last answer said" },
    ask::Parameter { name: "format", kind: ask::Takes::OneOf(&["csv", "svg"]), about: "A file of the view instead of a page" },
];

/// Rows as CSV.
pub fn csv(columns: &[Column], fill: impl FnOnce(&mut dyn Sink) -> Result<()>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut sink = CsvSink::new(Box::new(&mut out), columns)?;
    fill(&mut sink)?;
    sink.finish()?;
    drop(sink);
    Ok(out)
}

pub fn events_csv(room: &Room<'_>, filter: &Filter) -> Result<Vec<u8>> {
    let page = Page { newest: true, limit: Some(FILE_ROWS), after: None };
    csv(EVENT_COLUMNS, |sink| room.ledger.events(filter, page, |e| sink.row(&event_cells(e))))
}

/// A side by name, each leading to its actor; the words of the report where nobody is known.
pub fn side(parties: &[Party]) -> Markup {
    let mut shown: Vec<&Party> = Vec::new();
    for p in parties {
        if !shown.iter().any(|s| s.name() == p.name()) {
            shown.push(p);
        }
    }
    html! {
        @if parties.is_empty() { span.dim { "nobody named" } }
        @for (n, p) in shown.iter().enumerate() {
            @if n > 0 { ", " }
            @match who(p) {
                Some(who) => a href=(address("/actor", &[("who", who)])) title=[p.actor.code.as_deref()] { (p.name()) },
                None => span { (p.name()) },
            }
        }
    }
}

/// What an actor is asked for by.
fn who(p: &Party) -> Option<&str> {
    p.actor.entity.as_deref().or(p.actor.country.as_deref()).filter(|w| !w.is_empty())
}

pub fn event_link(e: &EventRow) -> String {
    format!("/report/{}#event-{}", e.report, e.id)
}

/// Type with mode, in small words.
pub fn kind(e: &EventRow) -> String {
    let word = e.kind.as_str().to_lowercase();
    e.mode.as_ref().map_or(word.clone(), |m| format!("{word}: {}", m.replace('_', " ")))
}

/// Events as a table: day, who, what, whom, how told; each row leads to its sentence.
pub fn events(rows: &[EventRow]) -> Markup {
    html! {
        @if rows.is_empty() { p.none { "No event fits." } } @else {
            div.scroll tabindex="0" role="region" aria-label="Events" {
                table {
                    thead { tr { th scope="col" { "Day" } th scope="col" { "Who" } th scope="col" { "What" } th scope="col" { "Whom" } th scope="col" { "Told as" } th scope="col" { "Words" } th scope="col" { "Report" } } }
                    tbody {
                        @for e in rows {
                            tr {
                                td.day { (e.day.as_deref().unwrap_or("undated")) }
                                td { (side(&e.source)) }
                                td { span class={ "quad q" (e.quad) } { (kind(e)) } }
                                td { @if e.reciprocal { span.dim { "together" } } @else { (side(&e.target)) } }
                                td { span class={ "status " (e.status.as_str()) } { (e.status.as_str()) } @if e.decision.is_some() { " ✓" span.hidden { " decided by a person" } } }
                                td { a href=(event_link(e)) { "“" (e.trigger) "”" } }
                                td.dim { (e.title.as_deref().unwrap_or("untitled")) @if let Some(o) = &e.outlet { " · " (o) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A page of events and the mark under which the next one begins.
pub fn page_of(room: &Room<'_>, filter: &Filter, limit: u64) -> Result<(Vec<EventRow>, Option<String>)> {
    let after = room.ask.get("cursor").map(cursor).transpose()?;
    let mut rows = Vec::new();
    room.ledger.events(filter, Page { newest: true, limit: Some(limit + 1), after }, |e| {
        rows.push(e.clone());
        Ok(())
    })?;
    let more = rows.len() as u64 > limit;
    rows.truncate(limit as usize);
    let next = if more { rows.last().map(mark) } else { None };
    Ok((rows, next))
}

/// Where a list goes on after this event.
pub fn mark(e: &EventRow) -> String {
    format!("{}_{}", e.day.as_deref().unwrap_or(""), e.eid)
}

/// The day and row of a mark; E0601 where it is none.
pub fn cursor(mark: &str) -> Result<(String, i64)> {
    let found = mark.split_once('_').and_then(|(day, eid)| Some((day.to_owned(), eid.parse::<i64>().ok()?)));
    let found = found.filter(|(day, _)| day.is_empty() || day.parse::<Date>().is_ok());
    found.ok_or_else(|| ask::wrong("no place in a list", &format!("cursor={mark}"), "take the cursor of the last answer, or leave it out"))
}

pub fn more(ask: &Ask, next: Option<&str>) -> Markup {
    html! {
        @if next.is_some() || ask.get("cursor").is_some() {
            nav.more aria-label="More" {
                @if ask.get("cursor").is_some() { a href=(ask.with(&[("cursor", None)])) { "Newest" } }
                @if let Some(next) = next { a href=(ask.with(&[("cursor", Some(next))])) { "Older" } }
            }
        }
    }
}

/// Who said what, as a list of quotations.
pub fn statements(rows: &[StatementRow]) -> Markup {
    html! {
        @if rows.is_empty() { p.none { "Nothing of that kind was read." } }
        ul.statements {
            @for s in rows {
                li {
                    blockquote { (s.quote) }
                    p.dim { (s.speaker.as_deref().unwrap_or("somebody unnamed")) @if let Some(a) = &s.addressee { " to " (a) }
                        " · " (s.kind) @if let Some(stance) = &s.stance { ", " (stance) }
                        " · " a href={ "/report/" (s.report) "#statement-" (s.id) } { (s.published.as_deref().unwrap_or("undated")) @if let Some(o) = &s.outlet { " · " (o) } }
                    }
                }
            }
        }
    }
}

pub fn reports(rows: &[ReportRow]) -> Markup {
    html! {
        ul.reports {
            @for r in rows {
                li { a href={ "/report/" (r.id) } { (r.title.as_deref().unwrap_or("untitled")) }
                    " " span.dim { (r.published.as_deref().unwrap_or("undated")) @if let Some(o) = &r.outlet { " · " (o) } " · " (r.events) " events, " (r.statements) " statements" } }
            }
        }
    }
}

/// Events by period as a chart shows them.
#[derive(Debug, Default)]
pub struct Series {
    pub counts: Vec<Count>,
    /// Events before or after the time of which anything was read, and those whose date tells no period.
    pub outside: i64,
}

/// Counts by the shortest period that gives no more bars than can be taken in, between the first and last event of the time of which anything was read:
/// reports recall what is long past and announce what is to come.
pub fn counts(room: &Room<'_>, filter: &Filter) -> Result<Series> {
    let all = room.ledger.counts(filter, Period::Month)?;
    let total: i64 = all.iter().map(|c| c.events).sum();
    let counts = fitting(room, filter, all)?;
    let outside = total - counts.iter().map(|c| c.events).sum::<i64>();
    Ok(Series { counts, outside })
}

fn held(mut counts: Vec<Count>) -> Vec<Count> {
    counts.retain(|c| !c.period.is_empty());
    for held in [(|c| c.read > 0) as fn(&Count) -> bool, |c| c.events > 0] {
        if let (Some(first), Some(last)) = (counts.iter().position(held), counts.iter().rposition(held)) {
            counts = counts.drain(first..=last).collect();
        }
    }
    if counts.iter().all(|c| c.events == 0) { Vec::new() } else { counts }
}

fn fitting(room: &Room<'_>, filter: &Filter, months: Vec<Count>) -> Result<Vec<Count>> {
    let months = filled(held(months), Period::Month);
    Ok(match months.len() {
        0..=2 => filled(held(room.ledger.counts(filter, Period::Day)?), Period::Day),
        n if n <= BARS => months,
        _ => filled(held(room.ledger.counts(filter, Period::Year)?), Period::Year),
    })
}

/// With the periods of which the ledger knows nothing: an axis of time has no gaps.
fn filled(counts: Vec<Count>, by: Period) -> Vec<Count> {
    let day = |period: &str| match by {
        Period::Year => format!("{period}-01-01"),
        Period::Month => format!("{period}-01"),
        _ => period.to_owned(),
    };
    let (step, length) = match by {
        Period::Year => (1.year(), 4),
        Period::Month => (1.month(), 7),
        Period::Week => (1.week(), 10),
        Period::Day => (1.day(), 10),
    };
    let mut all: Vec<Count> = Vec::with_capacity(counts.len());
    for count in counts {
        // From the one before to this one; where a day cannot be told there is nothing to fill.
        while let Some(last) = all.last().filter(|l| l.period < count.period && all.len() < MOST_BARS)
            && let Ok(next) = day(&last.period).parse::<Date>().and_then(|d| d.checked_add(step))
            && let Some(period) = next.to_string().get(..length).filter(|p| *p < count.period.as_str())
        {
            all.push(Count { period: period.to_owned(), ..Count::default() });
        }
        all.push(count);
    }
    all
}

/// A chart with what it shows in words, and its numbers.
pub fn figure(chart: Markup, caption: &str, series: &Series) -> Markup {
    html! {
        figure {
            @if series.counts.is_empty() { p.none { "No event of the time that was read." } } @else { (scrolled(chart)) }
            figcaption { (caption) @if series.outside > 0 { " " (series.outside) " more lie outside the time of which reports were read, or have no date that tells the period." } }
            @if !series.counts.is_empty() { (numbers(&series.counts)) }
        }
    }
}

/// What is wider than a phone.
pub fn scrolled(chart: Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label="Chart" { (chart) } }
}

fn numbers(counts: &[Count]) -> Markup {
    html! {
        details {
            summary { "The numbers" }
            div.scroll tabindex="0" role="region" aria-label="Counts by period" {
                table {
                    thead { tr { @for c in COUNT_COLUMNS { th scope="col" { (c.name.replace('_', " ")) } } } }
                    tbody { @for c in counts { tr { @for cell in count_cells(c) { td { (cell.text()) } } } } }
                }
            }
        }
    }
}

/// A labelled field of a form.
pub fn field(ask: &Ask, name: &str, label: &str, kind: &str) -> Markup {
    html! { label { (label) " " input type=(kind) name=(name) value=[ask.get(name)]; } }
}

/// A choice of one.
pub fn choice(ask: &Ask, name: &str, label: &str, all: &[&str]) -> Markup {
    html! {
        label { (label) " "
            select name=(name) {
                option value="" { "any" }
                @for v in all { option value=(v) selected[ask.get(name) == Some(v)] { (v.to_lowercase()) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_has_no_gaps() {
        let count = |period: &str| Count { period: period.to_owned(), events: 1, ..Count::default() };
        let periods = |counts: &[&str], by| {
            filled(counts.iter().map(|p| count(p)).collect(), by).iter().map(|c| c.period.clone()).collect::<Vec<_>>()
        };
        assert_eq!(periods(&["1987-11", "1988-02"], Period::Month), ["1987-11", "1987-12", "1988-01", "1988-02"]);
        assert_eq!(periods(&["1988-02-28", "1988-03-01"], Period::Day), ["1988-02-28", "1988-02-29", "1988-03-01"]);
        assert_eq!(periods(&["1985", "1987"], Period::Year), ["1985", "1986", "1987"]);
        assert!(periods(&[], Period::Year).is_empty());
    }

    #[test]
    fn marks_of_lists() {
        assert_eq!(cursor("1987-03-01_7").unwrap(), ("1987-03-01".to_owned(), 7));
        assert_eq!(cursor("_7").unwrap(), (String::new(), 7));
        assert!(["", "x", "x_1", "1987-03-01_", "1987-03-01_'"].iter().all(|m| cursor(m).is_err()));
    }
}
