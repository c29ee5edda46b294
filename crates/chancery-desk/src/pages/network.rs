//! Network: which countries had most to do with each other in a period.

use super::{parts, shell};
use crate::ask::{Parameter, STATUSES, Takes, address};
use crate::chart::circle;
use crate::reply::Reply;
use crate::serve::Room;
use crate::{Result, ask};
use chancery_ledger::frame::{Column, Kind};
use maud::html;

const ASKED: &[Parameter] = &[
    Parameter { name: "of", kind: Takes::Text, about: "A country: its pairs alone" },
    Parameter { name: "status", kind: Takes::OneOf(STATUSES), about: "How the events are told" },
    Parameter { name: "since", kind: Takes::Day, about: "First day" },
    Parameter { name: "until", kind: Takes::Day, about: "Last day" },
    Parameter { name: "pairs", kind: Takes::Number, about: "How many pairs" },
];
pub const PAIR_COLUMNS: &[Column] = &[
    Column::new("a", Kind::Text),
    Column::new("b", Kind::Text),
    Column::new("verbal_cooperation", Kind::Int),
    Column::new("material_cooperation", Kind::Int),
    Column::new("verbal_conflict", Kind::Int),
    Column::new("material_conflict", Kind::Int),
];

pub fn page(room: &Room<'_>) -> Result<Reply> {
    let ask = &room.ask;
    ask.check(&[ASKED, parts::PAGE])?;
    let of = ask.get("of").map(|w| country(room, w)).transpose()?;
    let statuses: Vec<String> = ask.get("status").map(str::to_owned).into_iter().collect();
    let n = ask.number("pairs", 40, 500)?;
    let pairs = room.ledger.pairs(of.as_deref(), &statuses, (ask.get("since"), ask.get("until")), n)?;
    let words = &room.desk.words;
    let title = of.as_deref().map_or_else(|| "Who deals with whom".to_owned(), |c| format!("Who deals with {}", words.country(c)));
    let name = |code: &str| words.country(code).to_owned();
    match ask.get("format") {
        Some("svg") => return Ok(Reply::svg(circle::draw(&title, &pairs, name), "network")),
        Some("csv") => {
            let csv = parts::csv(PAIR_COLUMNS, |sink| {
                pairs.iter().try_for_each(|p| {
                    let mut cells = vec![p.a.as_str().into(), p.b.as_str().into()];
                    cells.extend(p.quads.iter().map(|&n| n.into()));
                    sink.row(&cells)
                })
            })?;
            return Ok(Reply::csv(csv, "network"));
        }
        _ => {}
    }
    let days: Vec<(&str, &str)> = ["since", "until"].iter().filter_map(|k| Some((*k, ask.get(k)?))).collect();
    let dyad = |a: &str, b: &str| address("/dyad", &[&[("a", a), ("b", b)], days.as_slice()].concat());
    let page = html! {
        h1 { (title) }
        form.ask action="/network" {
            label { "Pairs of " input name="of" value=[ask.get("of")] placeholder="all countries"; }
            (parts::choice(ask, "status", "Told as", ask::STATUSES))
            (parts::field(ask, "since", "From", "date"))
            (parts::field(ask, "until", "To", "date"))
            label { "Pairs " input type="number" name="pairs" min="1" max="500" value=(n); }
            button { "Show" }
        }
        @if pairs.is_empty() { p.none { "No pair of countries had anything to do with each other." } } @else {
            figure { (parts::scrolled(circle::draw(&title, &pairs, name))) figcaption { "The " (pairs.len()) " pairs with most events. Line width: number of events; broken: more conflict than cooperation." } }
            (shell::keep(room, &title, true, None))
            div.scroll tabindex="0" role="region" aria-label="Pairs" {
                table {
                    thead { tr { th scope="col" { "Pair" } th.number scope="col" { "Cooperation" } th.number scope="col" { "of it material" } th.number scope="col" { "Conflict" } th.number scope="col" { "of it material" } } }
                    tbody { @for p in &pairs { tr {
                        td { a href=(dyad(&p.a, &p.b)) { (words.country(&p.a)) " and " (words.country(&p.b)) } }
                        td.number { (p.quads[0] + p.quads[1]) } td.number { (p.quads[1]) } td.number { (p.quads[2] + p.quads[3]) } td.number { (p.quads[3]) }
                    } } }
                }
            }
        }
    };
    Ok(Reply::page(shell::page("/network", &title, page)))
}

/// The code of the country that a word means.
fn country(room: &Room<'_>, word: &str) -> Result<String> {
    use chancery_ledger::query::Who;
    match room.desk.names.one(room.ledger, word)? {
        Who::Country(c) | Who::Part(c, _) => Ok(c),
        _ => Err(ask::wrong("this is no country", &format!("of={word}"), "give a country or its code")),
    }
}
