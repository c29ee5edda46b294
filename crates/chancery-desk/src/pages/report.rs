//! Report: the text as it was read, with what was found in it marked where it stands; each event with its reasons.

use super::{parts, shell};
use crate::Result;
use crate::reply::Reply;
use crate::serve::Room;
use chancery::Record;
use chancery::record::{Actor, Event};
use chancery_ledger::query::{EVENT_COLUMNS, EventRow, Filter, Page, ReportRow, event_cells};
use maud::{Markup, html};

pub mod marks;

/// Reports of a story that are listed.
const STORY: u64 = 40;

pub fn page(room: &Room<'_>) -> Result<Reply> {
    room.ask.check(&[parts::PAGE])?;
    let id = room.ask.path.strip_prefix("/report/").unwrap_or("");
    let row = room.ledger.report(id)?;
    let record = room.ledger.record_of(row.rid)?;
    let mut events: Vec<EventRow> = Vec::new();
    let filter = Filter { reports: vec![row.id.clone()], ..Filter::default() };
    room.ledger.events(&filter, Page::default(), |e| {
        events.push(e.clone());
        Ok(())
    })?;
    if room.ask.get("format") == Some("csv") {
        let csv = parts::csv(EVENT_COLUMNS, |sink| events.iter().try_for_each(|e| sink.row(&event_cells(e))))?;
        return Ok(Reply::csv(csv, &format!("report-{}", row.id)));
    }
    let title = row.title.clone().unwrap_or_else(|| "Untitled report".to_owned());
    let story = room.ledger.story_of(row.rid, STORY)?;
    let api = format!("/api/v1/reports/{}", row.id);
    let page = html! {
        article {
            h1 { (title) }
            p.dim { (row.published.as_deref().unwrap_or("undated")) @if let Some(o) = &row.outlet { " · " (o) } @if let Some(l) = &row.language { " · " (l) }
                @if let Some(u) = &row.url { " · " (u) } }
            (hands(room, &record))
            (shell::keep(room, &title, false, Some(&api)))
            (marks::legend())
            div.beside {
                section aria-label="Text" { (marks::text(&room.desk.words, &record)) }
                section aria-labelledby="events" { h2 id="events" { (events.len()) " events" } @for e in &events { (event(room, e, record.events.iter().find(|r| r.id == e.id))) } }
            }
            (said(&record))
            (told(&story, &row))
            (notes(&record))
        }
    };
    Ok(Reply::page(shell::page("", &title, page)))
}

/// The chain of hands that the report came through.
fn hands(room: &Room<'_>, record: &Record) -> Markup {
    let named: Vec<_> = record.report.provenance.iter().filter(|p| p.name.is_some()).collect();
    html! {
        @if !named.is_empty() {
            ol.hands aria-label="Through whose hands it came" {
                @for p in named {
                    li { span.dim { (room.desk.words.hand(p.role.as_str())) } " " (p.name.as_deref().unwrap_or(""))
                        @if p.state_controlled == Some(true) { " " span.tag { "state-controlled" } }
                        @if let Some(c) = &p.country { " " span.dim { (room.desk.words.country(c)) } } }
                }
            }
        }
    }
}

/// One event with why it was coded so.
fn event(room: &Room<'_>, e: &EventRow, read: Option<&Event>) -> Markup {
    let rules = |actors: &[Actor]| actors.iter().map(|a| format!("“{}” by {}", a.text, a.rule)).collect::<Vec<_>>().join(", ");
    html! {
        article.event id={ "event-" (e.id) } tabindex="-1" {
            h3 { a href={ "#at-" (e.id) } { "“" (e.trigger) "”" } " " span class={ "quad q" (e.quad) } { (parts::kind(e)) } }
            p { (parts::side(&e.source)) @if e.reciprocal { " together" } @else { " → " (parts::side(&e.target)) }
                ", " span class={ "status " (e.status.as_str()) } { (e.status.as_str()) } ", " (e.day.as_deref().unwrap_or("undated"))
                @if let Some(p) = &e.place.name { ", " (p) } }
            @for (role, p) in &e.others { p.dim { (role) ": " (p.name()) } }
            @for v in e.voices() { p.dim { (v.actor) " " (v.stance) " it" } }
            details {
                summary { "Why" }
                dl {
                    dt { "Rule" } dd { (e.rule) ", confidence " (format!("{:.3}", e.confidence)) @if e.decision.is_some() { ", decided by a person" } }
                    dt { "CAMEO" } dd { (e.cameo) @if let Some(g) = e.goldstein { ", Goldstein " (g) } }
                    @if let Some(r) = read {
                        @if !r.source.is_empty() { dt { "Who" } dd { (rules(&r.source)) } }
                        @if !r.target.is_empty() { dt { "Whom" } dd { (rules(&r.target)) } }
                        @if !r.date.reason.is_empty() { dt { "Day" } dd { (r.date.reason) } }
                        @if !r.place.reason.is_empty() { dt { "Place" } dd { (r.place.reason) } }
                    }
                    dt { "Id" } dd { code { (e.id) } }
                }
                @if e.happening.is_some() { p { a href=(crate::ask::address("/happenings", &[("id", &e.id)])) { "What other reports tell of it" } } }
                @let codes = (EventRow::codes(&e.source), EventRow::codes(&e.target));
                p.dim { (room.desk.words.codes(&codes.0)) @if !codes.1.is_empty() { " → " (room.desk.words.codes(&codes.1)) } }
            }
        }
    }
}

pub fn said(record: &Record) -> Markup {
    html! {
        @if !record.statements.is_empty() {
            section aria-labelledby="said" {
                h2 id="said" { "Who said what" }
                ul.statements { @for s in &record.statements {
                    li id={ "statement-" (s.id) } tabindex="-1" {
                        blockquote { (s.quote.text) }
                        p.dim { @match &s.speaker { Some(a) => (a.entity.as_deref().unwrap_or(&a.text)), None => "somebody unnamed" }
                            @if let Some(c) = &s.cue { ", “" (c.text) "”" } " · " (s.kind.as_str()) @if let Some(st) = &s.stance { ", " (st) } }
                    }
                } }
            }
        }
    }
}

/// The reports of the same story, drawn by when they were published.
fn told(story: &[ReportRow], here: &ReportRow) -> Markup {
    html! {
        @if story.len() > 1 {
            section aria-labelledby="story" {
                h2 id="story" { "The same story in " (story.len()) " reports" }
                ol.story { @for r in story {
                    li aria-current=[(r.rid == here.rid).then_some("true")] {
                        span.day { (r.published.as_deref().unwrap_or("undated")) } " "
                        a href={ "/report/" (r.id) } { (r.title.as_deref().unwrap_or("untitled")) } @if let Some(o) = &r.outlet { " " span.dim { (o) } }
                    }
                } }
            }
        }
    }
}

pub fn notes(record: &Record) -> Markup {
    html! {
        @if !record.diagnostics.is_empty() {
            details { summary { "Notes of the coder (" (record.diagnostics.len()) ")" } ul { @for d in &record.diagnostics { li { code { (d.code) } " " (d.message) } } } }
        }
    }
}
