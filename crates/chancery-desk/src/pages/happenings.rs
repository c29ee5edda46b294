//! Happenings: what several reports tell of one thing; of one, who asserts, denies, relays or is silent, and where reports differ.

use super::{parts, shell};
use crate::Result;
use crate::ask::{FILTER, Parameter, Takes, address};
use crate::reply::Reply;
use crate::serve::Room;
use chancery_ledger::frame::Sink;
use chancery_ledger::query::{EventRow, Filter, HAPPENING_COLUMNS, HappeningRow, Page};
use maud::{Markup, html};

const ASKED: &[Parameter] = &[
    Parameter { name: "id", kind: Takes::Text, about: "One happening, by the id of any of its events" },
    Parameter { name: "independent", kind: Takes::Number, about: "Least number of independent sources" },
];

pub fn link(h: &HappeningRow) -> String {
    address("/happenings", &[("id", &h.id)])
}

pub fn page(room: &Room<'_>) -> Result<Reply> {
    let ask = &room.ask;
    ask.check(&[FILTER, ASKED, parts::PAGE])?;
    let mut filter = ask.filter(room.desk, room.ledger)?;
    if let Some(id) = ask.get("id") {
        room.ledger.event(id)?;
        filter.ids.push(id.to_owned());
    }
    let independent = ask.number("independent", if ask.get("id").is_some() { 1 } else { 2 }, 1_000)? as usize;
    let mut rows: Vec<HappeningRow> = Vec::new();
    filter.independent = Some(independent as i64);
    room.ledger.happenings(&filter, Some(parts::ROWS), |h| {
        rows.push(h.clone());
        Ok(())
    })?;
    if ask.get("format") == Some("csv") {
        let csv = parts::csv(HAPPENING_COLUMNS, |sink: &mut dyn Sink| rows.iter().try_for_each(|h| sink.row(&h.cells())))?;
        return Ok(Reply::csv(csv, "happenings"));
    }
    match (ask.get("id"), rows.as_slice()) {
        (Some(_), [h]) => one(room, h),
        (Some(id), _) => {
            let event = room.ledger.event(id)?;
            let page = html! { h1 { "Told once" } p { "Only one report tells of this event." } (parts::events(&[event])) };
            Ok(Reply::page(shell::page("/happenings", "Told once", page)))
        }
        (None, _) => list(room, &rows, independent),
    }
}

fn name(room: &Room<'_>, h: &HappeningRow) -> String {
    let words = &room.desk.words;
    let to = if h.target.is_empty() { String::new() } else { format!(" → {}", words.codes(&h.target)) };
    format!("{}{to}: {}", words.codes(&h.source), h.kind.to_lowercase())
}

fn list(room: &Room<'_>, rows: &[HappeningRow], independent: usize) -> Result<Reply> {
    let ask = &room.ask;
    let page = html! {
        h1 { "Happenings" }
        p { "Events of several reports that tell of one thing. Reports that go back to one hand count as one source." }
        form.ask action="/happenings" {
            label { "At least so many independent sources " input type="number" name="independent" min="1" max="1000" value=(independent); }
            (parts::field(ask, "actor", "Who takes part", "text"))
            (parts::field(ask, "since", "From", "date"))
            (parts::field(ask, "until", "To", "date"))
            button { "Show" }
        }
        (shell::keep(room, "Happenings", false, None))
        @if rows.is_empty() { p.none { "Nothing was told by so many." } } @else {
            div.scroll tabindex="0" role="region" aria-label="Happenings" {
                table {
                    thead { tr { th scope="col" { "Day" } th scope="col" { "What" } th scope="col" { "Words" } th scope="col" { "Sources" } th scope="col" { "Told as" } th scope="col" { "Differ on" } } }
                    tbody { @for h in rows { tr {
                        td.day { (h.day.as_deref().unwrap_or("undated")) }
                        td { a href=(link(h)) { (name(room, h)) } }
                        td { "“" (h.words) "”" }
                        td { (h.summary.chains) " of " (h.summary.reports) " reports" }
                        td { @for v in &h.summary.status { span class={ "status " (v.status.as_str()) } { (v.status.as_str()) } " " (v.chains) " " } }
                        td { @for d in &h.summary.disputes { (d.matter) " " } }
                    } } }
                }
            }
        }
    };
    Ok(Reply::page(shell::page("/happenings", "Happenings", page)))
}

fn one(room: &Room<'_>, h: &HappeningRow) -> Result<Reply> {
    let mut events: Vec<EventRow> = Vec::new();
    room.ledger.events(&Filter { ids: h.events.clone(), ..Filter::default() }, Page::default(), |e| {
        events.push(e.clone());
        Ok(())
    })?;
    events.sort_by(|a, b| (&a.published, a.eid).cmp(&(&b.published, b.eid)));
    let title = name(room, h);
    let s = &h.summary;
    let page = html! {
        h1 { (title) }
        p { "“" (h.words) "”, " (h.day.as_deref().unwrap_or("undated")) @if let Some(p) = &h.place { ", " (p) } ". First told "
            (h.first_reported.as_deref().unwrap_or("on an unknown day")) "; " (s.reports) (if s.reports == 1 { " report" } else { " reports, " }) @if s.reports > 1 { (s.chains) " of them independent" } "." }
        (shell::keep(room, &title, false, None))
        section aria-labelledby="claims" { h2 id="claims" { "Who says so" } (matrix(&events)) }
        @if !s.disputes.is_empty() {
            section aria-labelledby="differ" { h2 id="differ" { "Where they differ" }
                dl { @for d in &s.disputes { dt { (d.matter) } @for (v, n) in &d.values { dd { (v) " " span.dim { "(" (n) " independent)" } } } } } }
        }
        @if !s.figures.is_empty() {
            section aria-labelledby="figures" { h2 id="figures" { "Figures" }
                ul { @for f in &s.figures { li { (f.of) ": " (f.value) " " span.dim { @if let Some(d) = f.day { (chancery::happening::iso(d)) ", " } (f.chains) " independent" } } } } }
        }
        section aria-labelledby="events" { h2 id="events" { "As each report tells it" } (parts::events(&events)) }
    };
    Ok(Reply::page(shell::page("/happenings", &title, page)))
}

/// Reports as rows; the report itself and everybody whom one cites as columns; each cell leads to the sentence.
fn matrix(events: &[EventRow]) -> Markup {
    let mut actors: Vec<String> = Vec::new();
    for v in events.iter().flat_map(EventRow::voices) {
        if !v.actor.is_empty() && !actors.contains(&v.actor) {
            actors.push(v.actor);
        }
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label="Claims" {
            table.matrix {
                thead { tr { th scope="col" { "Report" } th scope="col" { "Tells it as" } @for a in &actors { th scope="col" { (a) } } } }
                tbody {
                    @for e in events {
                        @let voices = e.voices();
                        tr {
                            th scope="row" { (e.published.as_deref().unwrap_or("undated")) " · " (e.outlet.as_deref().unwrap_or("unknown outlet")) br; span.dim { (e.title.as_deref().unwrap_or("untitled")) } }
                            td { a href=(parts::event_link(e)) class={ "status " (e.status.as_str()) } { (e.status.as_str()) } }
                            @for a in &actors {
                                td { @match voices.iter().find(|v| v.actor == *a) {
                                    Some(v) => a href=(parts::event_link(e)) { (v.stance) },
                                    None => span.dim { "silent" },
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}
