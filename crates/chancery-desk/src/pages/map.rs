//! Map: where the events that fit happened.

use super::{parts, shell};
use crate::Result;
use crate::ask::{FILTER, STATUSES, address};
use crate::chart::map;
use crate::reply::Reply;
use crate::serve::Room;
use chancery::record::EventType;
use chancery_ledger::frame::{Cell, Column, Kind};
use chancery_ledger::query::Spot;
use maud::html;

const PLACES: u64 = 400;
const COLUMNS: &[Column] = &[
    Column::new("place", Kind::Text),
    Column::new("country", Kind::Text),
    Column::new("lat", Kind::Float),
    Column::new("lon", Kind::Float),
    Column::new("cooperation", Kind::Int),
    Column::new("conflict", Kind::Int),
];

pub fn page(room: &Room<'_>) -> Result<Reply> {
    let ask = &room.ask;
    ask.check(&[FILTER, parts::PAGE])?;
    let spots = room.ledger.spots(&ask.filter(room.desk, room.ledger)?, PLACES)?;
    // The list of a place's events, with what else is asked for.
    let events = |s: &Spot| {
        let given: Vec<(&str, &str)> =
            FILTER.iter().filter(|p| p.name != "place").filter_map(|p| Some((p.name, ask.get(p.name)?))).collect();
        (!s.name.is_empty()).then(|| address("/search", &[given.as_slice(), &[("place", s.name.as_str())]].concat()))
    };
    match ask.get("format") {
        Some("svg") => return Ok(Reply::svg(map::draw("Where it happened", &spots, |_| None), "map")),
        Some("csv") => {
            let cells = |s: &Spot| -> Vec<Cell<'static>> {
                vec![s.name.clone().into(), s.country.clone().into(), s.lat.into(), s.lon.into(), s.cooperation.into(), s.conflict.into()]
            };
            let csv = parts::csv(COLUMNS, |sink| spots.iter().try_for_each(|s| sink.row(&cells(s))))?;
            return Ok(Reply::csv(csv, "map"));
        }
        _ => {}
    }
    let types: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
    let page = html! {
        h1 { "Where it happened" }
        form.ask action="/map" {
            (parts::field(ask, "actor", "Who takes part", "text"))
            (parts::choice(ask, "type", "Type", &types))
            (parts::choice(ask, "status", "Told as", STATUSES))
            (parts::field(ask, "place", "Place or country", "text"))
            (parts::field(ask, "since", "From", "date"))
            (parts::field(ask, "until", "To", "date"))
            button { "Show" }
        }
        figure { (parts::scrolled(map::draw("Where it happened", &spots, events)))
            figcaption { "The " (spots.len()) " places with most events, by longitude and latitude. Size: number of events; round: more cooperation, square: more conflict. A place known only as a country stands at its middle." } }
        (shell::keep(room, "Where it happened", true, None))
        details {
            summary { "The numbers" }
            div.scroll tabindex="0" role="region" aria-label="Places" {
                table {
                    thead { tr { th scope="col" { "Place" } th scope="col" { "Country" } th.number scope="col" { "Cooperation" } th.number scope="col" { "Conflict" } } }
                    tbody { @for s in &spots { tr {
                        td { @if let Some(href) = events(s) { a href=(href) { (s.name) } } }
                        td { @if let Some(c) = &s.country { (room.desk.words.country(c)) } }
                        td.number { (s.cooperation) } td.number { (s.conflict) }
                    } } }
                }
            }
        }
    };
    Ok(Reply::page(shell::page("/map", "Where it happened", page)))
}
