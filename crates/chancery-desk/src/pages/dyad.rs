//! Dyad: how two sides dealt with each other over time, and what each said of the other.

use super::parts;
use super::shell;
use crate::ask::{FILTER, address};
use crate::chart::series;
use crate::reply::Reply;
use crate::serve::Room;
use crate::{Result, ask};
use chancery::record::EventType;
use chancery_ledger::query::{COUNT_COLUMNS, Filter, StatementRow, Who, count_cells};
use maud::{Markup, html};

/// Statements of each side.
const SAID: u64 = 8;
/// Pairs that are offered where none is asked for.
const OFFERED: u64 = 40;

pub fn page(room: &Room<'_>) -> Result<Reply> {
    let ask = &room.ask;
    ask.check(&[FILTER, parts::PAGE])?;
    if (ask.get("a"), ask.get("b")) == (None, None) {
        return choose(room);
    }
    let filter = ask.filter(room.desk, room.ledger)?;
    let (a, b) = (ask.get("a").unwrap_or_default(), ask.get("b").unwrap_or_default());
    let title = format!("{} and {}", room.desk.words.codes(a), room.desk.words.codes(b));
    let counts = parts::counts(room, &filter)?;
    match ask.get("format") {
        Some("svg") => return Ok(Reply::svg(series::draw(&title, &counts.counts), &format!("dyad-{a}-{b}"))),
        Some("csv") => {
            let rows = parts::csv(COUNT_COLUMNS, |sink| counts.counts.iter().try_for_each(|c| sink.row(&count_cells(c))))?;
            return Ok(Reply::csv(rows, &format!("dyad-{a}-{b}")));
        }
        _ => {}
    }
    let (events, next) = parts::page_of(room, &filter, parts::ROWS)?;
    let (left, right) = filter.dyad.clone().unwrap_or_else(|| (Who::Country(String::new()), Who::Country(String::new())));
    let page = html! {
        h1 { (title) }
        (form(room))
        (parts::figure(series::draw(&title, &counts.counts), "Events by period: cooperation above the line, conflict below it.", &counts))
        (shell::keep(room, &title, true, Some(&address("/api/v1/events", &[("a", a), ("b", b)]))))
        section aria-labelledby="events" { h2 id="events" { "Events, the newest first" } (parts::events(&events)) (parts::more(ask, next.as_deref())) }
        div.two {
            (said(room, a, b, &left, &right, &filter)?)
            (said(room, b, a, &right, &left, &filter)?)
        }
    };
    Ok(Reply::page(shell::page("/dyad", &title, page)))
}

/// What one side said to the other, or of it.
fn said(room: &Room<'_>, a: &str, b: &str, speaker: &Who, other: &Who, filter: &Filter) -> Result<Markup> {
    let words = &room.desk.words;
    let asked = Filter {
        source: vec![speaker.clone()],
        about: vec![other.clone()],
        since: filter.since.clone(),
        until: filter.until.clone(),
        ..Filter::default()
    };
    let mut rows: Vec<StatementRow> = Vec::new();
    room.ledger.statements(&asked, true, Some(SAID), |s| {
        rows.push(s.clone());
        Ok(())
    })?;
    let id = format!("said-{a}");
    Ok(html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (words.codes(a)) " on " (words.codes(b)) }
            (parts::statements(&rows))
        }
    })
}

fn form(room: &Room<'_>) -> Markup {
    let ask = &room.ask;
    let types: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
    html! {
        form.ask action="/dyad" {
            label { "One side " input name="a" value=[ask.get("a")] required; }
            label { "Other side " input name="b" value=[ask.get("b")] required; }
            (parts::choice(ask, "type", "Type", &types))
            (parts::choice(ask, "status", "Told as", ask::STATUSES))
            (parts::field(ask, "since", "From", "date"))
            (parts::field(ask, "until", "To", "date"))
            button { "Show" }
        }
    }
}

fn choose(room: &Room<'_>) -> Result<Reply> {
    let pairs = room.ledger.pairs(None, &[], (None, None), OFFERED)?;
    let words = &room.desk.words;
    let page = html! {
        h1 { "Two sides" }
        p { "Countries, codes (RUSGOV) or names; or one of the pairs with most events:" }
        (form(room))
        ul.columns {
            @for p in &pairs {
                li { a href=(address("/dyad", &[("a", &p.a), ("b", &p.b)])) { (words.country(&p.a)) " and " (words.country(&p.b)) } " " span.dim { (p.events()) } }
            }
        }
    };
    Ok(Reply::page(shell::page("/dyad", "Two sides", page)))
}
