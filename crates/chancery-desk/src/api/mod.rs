//! The API, version 1: the same questions as the pages, as JSON a page at a time, or as a stream of JSON lines.

pub mod description;
mod stream;

use crate::ask::{Ask, FILTER, Parameter, Takes};
use crate::pages::parts::{cursor, mark};
use crate::pool::Desk;
use crate::reply::{Reply, failed};
use crate::serve::Room;
use crate::{Error, Result};
use axum::extract::{Query, State};
use axum::response::Response;
use chancery_ledger::frame::{Column, JsonlSink, Sink};
use chancery_ledger::query::{
    COUNT_COLUMNS, EVENT_COLUMNS, Filter, HAPPENING_COLUMNS, Page, Period, STATEMENT_COLUMNS, count_cells, event_cells,
};
use std::sync::Arc;

const LIST: &[Parameter] = &[
    Parameter {
        name: "limit",
        kind: Takes::Number,
        about: "At most so many items, up to 1,000 [default: 100]; without effect on a stream",
    },
    Parameter { name: "format", kind: Takes::OneOf(&["json", "ndjson"]), about: "One JSON object, or all items as JSON lines, streamed" },
];
const ORDER: &[Parameter] = &[
    Parameter { name: "cursor", kind: Takes::Text, about: "Where the list goes on: `next` of the last answer" },
    Parameter {
        name: "order",
        kind: Takes::OneOf(&["added", "newest"]),
        about: "As they were added (nothing is missed while others add), or the newest day first",
    },
];
const SOURCES: &[Parameter] =
    &[Parameter { name: "independent", kind: Takes::Number, about: "Least number of independent sources [default: 1]" }];
const PERIOD: &[Parameter] =
    &[Parameter { name: "by", kind: Takes::OneOf(&["day", "week", "month", "year"]), about: "Length of a period [default: month]" }];

/// A list that the API gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Events,
    Statements,
    Happenings,
}

impl List {
    pub const fn columns(self) -> &'static [Column] {
        match self {
            List::Events => EVENT_COLUMNS,
            List::Statements => STATEMENT_COLUMNS,
            List::Happenings => HAPPENING_COLUMNS,
        }
    }
    pub const fn parameters(self) -> &'static [&'static [Parameter]] {
        match self {
            List::Events => &[FILTER, LIST, ORDER],
            List::Statements => &[FILTER, LIST],
            List::Happenings => &[FILTER, LIST, SOURCES],
        }
    }
    /// Writes the items that are asked for into a sink; gives back where the list goes on.
    fn fill(self, room: &Room<'_>, limit: Option<u64>, sink: &mut dyn Sink) -> Result<Option<String>> {
        let ask = &room.ask;
        let filter = ask.filter(room.desk, room.ledger)?;
        match self {
            List::Events => {
                let newest = ask.get("order") == Some("newest");
                let after = ask.get("cursor").map(cursor).transpose()?;
                let (mut n, mut last, mut next) = (0, None, None);
                room.ledger.events(&filter, Page { newest, limit: limit.map(|l| l + 1), after }, |e| {
                    if Some(n) == limit {
                        next.clone_from(&last);
                        return Ok(());
                    }
                    n += 1;
                    last = limit.is_some().then(|| mark(e));
                    sink.row(&event_cells(e))
                })?;
                Ok(next)
            }
            List::Statements => room.ledger.statements(&filter, limit.is_some(), limit, |s| sink.row(&s.cells())).map(|()| None),
            List::Happenings => {
                let independent = Some(ask.number("independent", 1, 1_000)? as i64);
                let filter = Filter { independent, ..filter };
                room.ledger.happenings(&filter, limit, |h| sink.row(&h.cells())).map(|()| None)
            }
        }
    }
}

type Given = Query<Vec<(String, String)>>;

pub async fn events(State(desk): State<Arc<Desk>>, given: Given) -> Response {
    list(desk, List::Events, given).await
}

pub async fn statements(State(desk): State<Arc<Desk>>, given: Given) -> Response {
    list(desk, List::Statements, given).await
}

pub async fn happenings(State(desk): State<Arc<Desk>>, given: Given) -> Response {
    list(desk, List::Happenings, given).await
}

async fn list(desk: Arc<Desk>, which: List, Query(given): Given) -> Response {
    let ask = Ask::new("", given);
    if let Err(e) = ask.check(which.parameters()) {
        return failed(&e, true);
    }
    if ask.get("format") == Some("ndjson") {
        return stream::lines(desk, which, ask).await;
    }
    let answer = desk.ask(None, move |desk, ledger| page(&Room { desk, ledger, ask }, which)).await;
    answer.map_or_else(|e| failed(&e, true), Reply::send)
}

/// `{"items":[…],"next":…}`.
pub fn page(room: &Room<'_>, which: List) -> Result<Reply> {
    let limit = room.ask.number("limit", 100, 1_000)?;
    let (items, next) = array(which.columns(), |sink| which.fill(room, Some(limit), sink))?;
    let mut body = b"{\"items\":".to_vec();
    body.extend(items);
    body.extend(format!(",\"next\":{}}}\n", serde_json::Value::from(next)).into_bytes());
    Ok(Reply::json(body))
}

/// Rows as a JSON array.
fn array<T>(columns: &[Column], fill: impl FnOnce(&mut dyn Sink) -> Result<T>) -> Result<(Vec<u8>, T)> {
    let mut lines = Vec::new();
    let mut sink = JsonlSink::new(Box::new(&mut lines), columns);
    let answer = fill(&mut sink)?;
    sink.finish()?;
    drop(sink);
    let rows: Vec<&[u8]> = lines.split(|b| *b == b'\n').filter(|l| !l.is_empty()).collect();
    let mut out = b"[".to_vec();
    out.extend(rows.join(&b','));
    out.push(b']');
    Ok((out, answer))
}

pub const DYAD: &[&[Parameter]] = &[FILTER, PERIOD];

/// Counts of the events that fit by period, beside what was read.
pub fn dyad(room: &Room<'_>) -> Result<Reply> {
    room.ask.check(DYAD)?;
    let by = match room.ask.get("by") {
        Some("day") => Period::Day,
        Some("week") => Period::Week,
        Some("year") => Period::Year,
        _ => Period::Month,
    };
    let counts = room.ledger.counts(&room.ask.filter(room.desk, room.ledger)?, by)?;
    let (items, ()) = array(COUNT_COLUMNS, |sink| counts.iter().try_for_each(|c| sink.row(&count_cells(c))))?;
    Ok(Reply::json([b"{\"items\":".as_slice(), &items, b",\"next\":null}\n"].concat()))
}

/// The whole record of a report, as it was read.
pub fn report(room: &Room<'_>) -> Result<Reply> {
    room.ask.check(&[])?;
    let row = room.ledger.report(room.ask.path.strip_prefix("/api/v1/reports/").unwrap_or(""))?;
    let record = room.ledger.record_of(row.rid)?;
    let body = serde_json::to_vec(&record)
        .map_err(|e| Error::new("E0600", e.to_string(), row.id, "this is a defect of chancery: please report it"))?;
    Ok(Reply::json(body))
}
