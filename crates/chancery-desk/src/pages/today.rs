//! Today: what the newest published day brought, what is unusual in the week before it, what is disputed. The day is that of the ledger, not of the clock.

use super::{parts, shell};
use crate::Result;
use crate::ask::{Parameter, Takes, address, wrong};
use crate::reply::Reply;
use crate::serve::Room;
use chancery_ledger::query::{Filter, HappeningRow, Pair};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

const ASKED: &[Parameter] = &[Parameter { name: "day", kind: Takes::Day, about: "The day to be shown" }];
const FEW: u64 = 8;
/// Weeks that a week is compared with.
const BEFORE: i64 = 8;
/// Events of a pair below which a week is never called unusual.
const ENOUGH: i64 = 3;

pub fn page(room: &Room<'_>) -> Result<Reply> {
    let ask = &room.ask;
    ask.check(&[ASKED, parts::PAGE])?;
    let Some((_, newest)) = room.ledger.published_days()? else {
        let empty = html! { h1 { "Nothing here yet" } p { "No report of this ledger has a published day. Add some with " code { "chancery add" } ", or " a href="/search" { "search" } "." } };
        return Ok(Reply::page(shell::page("/", "Today", empty)));
    };
    let shown = ask.get("day").unwrap_or(&newest);
    let day: Date = shown.parse().map_err(|_| wrong("this is no day", &format!("day={shown}"), "write it as 2022-12-31"))?;
    let at = |days: i64| day.checked_sub(days.days()).unwrap_or(day).to_string();
    let of_day = Filter { since: Some(day.to_string()), until: Some(day.to_string()), ..Filter::default() };
    if ask.get("format") == Some("csv") {
        return Ok(Reply::csv(parts::events_csv(room, &of_day)?, &format!("day-{day}")));
    }
    let (events, next) = parts::page_of(room, &of_day, 25)?;
    let (week, until) = (at(6), day.to_string());
    let now = room.ledger.pairs(None, &[], (Some(&week), Some(&until)), 400)?;
    let before = room.ledger.pairs(None, &[], (Some(&at(6 + 7 * BEFORE)), Some(&at(7))), 4_000)?;
    let read = (room.ledger.read_between(&week, &until)?, room.ledger.read_between(&at(6 + 7 * BEFORE), &at(7))?);
    let unusual = unusual(&now, &before, read);
    let recent = Filter { since: Some(week.clone()), until: Some(until.clone()), independent: Some(2), ..Filter::default() };
    let mut shared: Vec<HappeningRow> = Vec::new();
    room.ledger.happenings(&recent, Some(60), |h| {
        shared.push(h.clone());
        Ok(())
    })?;
    let (disputed, told): (Vec<_>, Vec<_>) = shared.into_iter().partition(|h| !h.summary.disputes.is_empty());
    let reports = room.ledger.reports_of(&until, FEW)?;
    let link = |days: i64| ask.with(&[("day", Some(&at(days))), ("cursor", None)]);
    let title = format!("Today: {day}");
    let page = html! {
        h1 { @if ask.get("day").is_none() { "Today " } (day) }
        p.dim { @if ask.get("day").is_none() { "The newest day on which a report of this ledger was published. " }
            a href=(link(1)) { "The day before" } " · " a href=(link(-1)) { "the day after" } }
        div.two {
            section aria-labelledby="unusual" {
                h2 id="unusual" { "Unusual this week" }
                @if read.1 < read.0 { p.none { "Less was read of the eight weeks before (" (read.1) " reports) than of this one (" (read.0) "): what is usual cannot be told." } }
                @else if unusual.is_empty() { p.none { "No pair of countries had more to do with each other than is usual." } }
                @else { p.dim { "Beside what is usual for as many reports as were read this week." } }
                ol { @for (p, usual) in unusual.iter().take(FEW as usize) {
                    li { a href=(address("/dyad", &[("a", &p.a), ("b", &p.b), ("since", &week), ("until", &until)])) { (room.desk.words.country(&p.a)) " and " (room.desk.words.country(&p.b)) }
                        " " span.dim { (p.events()) " events; usually " (format!("{usual:.1}")) } }
                } }
            }
            section aria-labelledby="shared" {
                h2 id="shared" { "Told by several sources" }
                (happenings(room, &told))
            }
        }
        @if !disputed.is_empty() { section aria-labelledby="disputed" { h2 id="disputed" { "Disputed" } (happenings(room, &disputed)) } }
        (shell::keep(room, &title, false, Some(&address("/api/v1/events", &[("since", &until), ("until", &until)]))))
        section aria-labelledby="events" { h2 id="events" { "What happened that day" } (parts::events(&events)) (parts::more(ask, next.as_deref())) }
        @if !reports.is_empty() { section aria-labelledby="reports" { h2 id="reports" { "Reports that came last" } (parts::reports(&reports)) } }
    };
    Ok(Reply::page(shell::page("/", &title, page)))
}

/// Pairs with more events than a Poisson count of what is usual would give one time in some forty, the most unusual first; with the usual
/// number: that of the weeks before, for as many reports as were read now. `read`: reports of the week, and of the weeks before. Nothing where less was read
/// of those.
fn unusual(now: &[Pair], before: &[Pair], read: (i64, i64)) -> Vec<(Pair, f64)> {
    let mut found: Vec<(Pair, f64, f64)> = Vec::new();
    if read.1 < read.0 {
        return Vec::new();
    }
    let share = read.0 as f64 / read.1.max(1) as f64;
    for p in now.iter().filter(|p| p.events() >= ENOUGH) {
        let usual = before.iter().find(|b| b.a == p.a && b.b == p.b).map_or(0, Pair::events) as f64 * share;
        // Never taken for less than a quarter of an event: a pair that is new is not unusual without end.
        let z = (p.events() as f64 - usual) / usual.max(0.25).sqrt();
        if z >= 2.0 {
            found.push((p.clone(), usual, z));
        }
    }
    found.sort_by(|x, y| y.2.total_cmp(&x.2).then_with(|| (&x.0.a, &x.0.b).cmp(&(&y.0.a, &y.0.b))));
    found.into_iter().map(|(p, usual, _)| (p, usual)).collect()
}

fn happenings(room: &Room<'_>, rows: &[HappeningRow]) -> Markup {
    html! {
        @if rows.is_empty() { p.none { "None." } }
        ul { @for h in rows.iter().take(FEW as usize) {
            li { a href=(super::happenings::link(h)) { (room.desk.words.codes(&h.source)) @if !h.target.is_empty() { " → " (room.desk.words.codes(&h.target)) } ": " (h.kind.to_lowercase()) " “" (h.words) "”" }
                " " span.dim { (h.summary.chains) " independent of " (h.summary.reports) " reports" } }
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_not_unusual() {
        let pair = |a: &str, n| Pair { a: a.into(), b: "USA".into(), quads: [n, 0, 0, 0] };
        let (now, before) = ([pair("FRA", 5), pair("IRN", 6), pair("CHL", 2)], [pair("FRA", 40), pair("IRN", 8)]);
        let found = unusual(&now, &before, (100, 800));
        assert!(unusual(&now, &before, (100, 90)).is_empty(), "too little was read to tell");
        assert_eq!(found.iter().map(|f| f.0.a.as_str()).collect::<Vec<_>>(), ["IRN"]);
    }
}
