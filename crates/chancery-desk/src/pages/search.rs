//! Search: events by what narrows them, with counts of the values they could be narrowed by further; reports that hold the words.

use super::{parts, shell};
use crate::Result;
use crate::ask::{FILTER, STATUSES};
use crate::reply::Reply;
use crate::serve::Room;
use chancery::record::EventType;
use chancery_ledger::query::{COUNTED, Facet, Filter};
use maud::{Markup, html};

/// Values of a facet, and reports, that are listed.
const FEW: u64 = 10;

pub fn page(room: &Room<'_>) -> Result<Reply> {
    let ask = &room.ask;
    ask.check(&[FILTER, parts::PAGE])?;
    let filter = ask.filter(room.desk, room.ledger)?;
    if ask.get("format") == Some("csv") {
        return Ok(Reply::csv(parts::events_csv(room, &filter)?, "events"));
    }
    let (events, next) = parts::page_of(room, &filter, parts::ROWS)?;
    let reports = filter.text.as_deref().map(|t| room.ledger.reports_with(t, FEW)).transpose()?;
    let types: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
    let title = ask.get("text").map_or_else(|| "Search".to_owned(), |t| format!("Search: {t}"));
    let api = ask.with(&[]).replacen("/search", "/api/v1/events", 1);
    let page = html! {
        h1 { "Search" }
        form.ask action="/search" {
            (parts::field(ask, "text", "Words of the report", "search"))
            (parts::field(ask, "source", "Who", "text"))
            (parts::field(ask, "target", "Whom", "text"))
            (parts::field(ask, "actor", "On either side", "text"))
            (parts::choice(ask, "type", "Type", &types))
            (parts::choice(ask, "status", "Told as", STATUSES))
            (parts::field(ask, "place", "Place", "text"))
            (parts::field(ask, "outlet", "Outlet", "text"))
            (parts::field(ask, "since", "From", "date"))
            (parts::field(ask, "until", "To", "date"))
            button { "Search" }
        }
        (shell::keep(room, &title, false, Some(&api)))
        div.beside {
            div {
                section aria-labelledby="events" { h2 id="events" { "Events, the newest first" } (parts::events(&events)) (parts::more(ask, next.as_deref())) }
                @if let Some((reports, n)) = &reports {
                    section aria-labelledby="reports" { h2 id="reports" { (n) " reports hold these words" } @if *n > FEW as i64 { p.dim { "The newest " (FEW) ":" } } (parts::reports(reports)) }
                }
            }
            aside aria-label="Narrow down" { (facets(room, &filter)?) }
        }
    };
    Ok(Reply::page(shell::page("/search", &title, page)))
}

fn facets(room: &Room<'_>, filter: &Filter) -> Result<Markup> {
    let (counts, more) = room.ledger.facets(filter, FEW as usize)?;
    let of = |f: Facet| match f {
        Facet::Type => ("type", "Type"),
        Facet::Status => ("status", "Told as"),
        Facet::Source => ("source", "Who"),
        Facet::Target => ("target", "Whom"),
        Facet::Place => ("place", "Country of the place"),
        Facet::Outlet => ("outlet", "Outlet"),
    };
    let shown: Vec<_> = Facet::ALL.iter().map(|f| of(*f)).zip(counts).collect();
    let words = |name: &str, value: &str| match name {
        "type" => value.to_lowercase(),
        "source" | "target" | "place" => room.desk.words.codes(value),
        _ => value.to_owned(),
    };
    Ok(html! {
        @if more { p.dim { "Counts are of the newest " (COUNTED) " events." } }
        @for ((name, label), values) in &shown {
            @if !values.is_empty() {
                h2 { (label) }
                ul.facet {
                    @for (value, n) in values {
                        li {
                            @if room.ask.get(name) == Some(value) { strong { (words(name, value)) } " " a href=(room.ask.with(&[(name, None), ("cursor", None)])) { "any" } }
                            // Several at once cannot be asked for by one address.
                            @else if value.contains(';') { (words(name, value)) }
                            @else { a href=(room.ask.with(&[(name, Some(value)), ("cursor", None)])) { (words(name, value)) } }
                            " " span.dim { (n) }
                        }
                    }
                }
            }
        }
    })
}
