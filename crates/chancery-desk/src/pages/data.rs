//! Data: what was read, from whom, by which coder: the ground under every number of the desk.

use super::{parts, shell};
use crate::Result;
use crate::reply::Reply;
use crate::serve::Room;
use chancery_ledger::frame::{Cell, Column, Kind};
use chancery_ledger::query::OutletRow;
use maud::html;

const OUTLETS: u64 = 200;
const COLUMNS: &[Column] = &[
    Column::new("outlet", Kind::Text),
    Column::new("reports_read", Kind::Int),
    Column::new("reports_with_events", Kind::Int),
    Column::new("first", Kind::Date),
    Column::new("last", Kind::Date),
];

pub fn page(room: &Room<'_>) -> Result<Reply> {
    room.ask.check(&[parts::PAGE])?;
    let outlets = room.ledger.outlets(if room.ask.get("format").is_some() { parts::FILE_ROWS } else { OUTLETS })?;
    if room.ask.get("format") == Some("csv") {
        let cells = |o: &OutletRow| -> Vec<Cell<'static>> {
            vec![o.name.clone().into(), o.read.into(), o.coded.into(), o.first.clone().into(), o.last.clone().into()]
        };
        return Ok(Reply::csv(parts::csv(COLUMNS, |sink| outlets.iter().try_for_each(|o| sink.row(&cells(o))))?, "outlets"));
    }
    let h = room.ledger.holdings()?;
    let days = room.ledger.published_days()?;
    let coders = room.ledger.coders()?;
    let months = room.ledger.read_by_month()?;
    let page = html! {
        h1 { "What this ledger holds" }
        dl.holdings {
            div { dt { "Reports" } dd { (h.reports) } } div { dt { "Events" } dd { (h.events) } } div { dt { "Statements" } dd { (h.statements) } }
            div { dt { "Figures" } dd { (h.figures) } } div { dt { "Decisions by people" } dd { (h.decisions) } }
            @if let Some((from, to)) = &days { div { dt { "Published" } dd { (from) " to " (to) } } }
        }
        p { "Counts mean little without what was read. Every chart of the desk marks periods in which nothing was." }
        (shell::keep(room, "What this ledger holds", false, None))
        section aria-labelledby="months" {
            h2 id="months" { "Read by month" }
            div.scroll tabindex="0" role="region" aria-label="Reports by month" {
                table { thead { tr { th scope="col" { "Month" } th.number scope="col" { "Reports read" } th.number scope="col" { "with an event" } th.number scope="col" { "Share" } } }
                    tbody { @for (month, read, coded) in &months { tr { td { (if month.is_empty() { "undated" } else { month }) } td.number { (read) } td.number { (coded) }
                        td.number { (format!("{:.1} %", *coded as f64 * 100.0 / (*read).max(1) as f64)) } } } } }
            }
        }
        section aria-labelledby="outlets" {
            h2 id="outlets" { "Outlets" }
            div.scroll tabindex="0" role="region" aria-label="Outlets" {
                table { thead { tr { th scope="col" { "Outlet" } th.number scope="col" { "Reports read" } th.number scope="col" { "with an event" } th scope="col" { "First" } th scope="col" { "Last" } } }
                    tbody { @for o in &outlets { tr { td { (if o.name.is_empty() { "not said" } else { &o.name }) } td.number { (o.read) } td.number { (o.coded) }
                        td.day { (o.first.as_deref().unwrap_or("")) } td.day { (o.last.as_deref().unwrap_or("")) } } } } }
            }
        }
        section aria-labelledby="coders" {
            h2 id="coders" { "Coders" }
            p { "Who read: a build of the program with its knowledge. Where a report was read by several, the newest reading counts." }
            div.scroll tabindex="0" role="region" aria-label="Coders" {
                table { thead { tr { th scope="col" { "Version" } th scope="col" { "Data" } th.number scope="col" { "Readings that count" } th.number scope="col" { "In all" } } }
                    tbody { @for c in &coders { tr { td { (c.version) } td { code { (c.data) } } td.number { (c.current) } td.number { (c.all) } } } } }
            }
        }
    };
    Ok(Reply::page(shell::page("/data", "Data", page)))
}
