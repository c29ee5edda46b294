//! Dates: narratives with TIMEX2 values, and short texts with the readings a reference library allows.
//!
//! `f1_relaxed` counts overlap, `f1_strict` equal spans, `f1_value` overlap with equal value (gold without value skipped).
//! Where gold lists candidates, `value_right` is the share of those found whose TIMEX3, or whose first and last day or
//! time, is one of them; times of day and zones are counted apart.

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit, gold, matching};
use crate::Result;
use chancery::record::{DateRecord, Span};
use chancery::{Coder, Options};
use jiff::civil::{Date, DateTime, Time};
use serde::Deserialize;
use std::collections::BTreeMap;

pub struct Dates;

#[derive(Deserialize)]
struct Gold {
    #[serde(default)]
    id: String,
    text: String,
    #[serde(default, alias = "dct", alias = "published")]
    reference: Option<String>,
    #[serde(default, alias = "lang")]
    language: Option<String>,
    #[serde(default)]
    timexes: Vec<Timex>,
    dates: Option<Vec<Allowed>>,
}
#[derive(Deserialize)]
struct Timex {
    start: usize,
    end: usize,
    value: Option<String>,
}
#[derive(Deserialize)]
struct Allowed {
    span: Span,
    r#type: String,
    #[serde(default)]
    candidates: Vec<BTreeMap<String, String>>,
}

impl Task for Dates {
    fn name(&self) -> &'static str {
        "dates"
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold: Gold = unit.json()?;
        let language = unit.language(coder, gold.language.as_deref());
        let record = coder.read(gold::report_in(&language, &gold.text, gold.reference.as_deref()), &Options::default());
        let mut case = Case { id: gold.id.clone(), ..Case::default() };
        match &gold.dates {
            Some(allowed) => against_candidates(&gold, allowed, &record.dates, &mut case),
            None => against_values(&gold, &record.dates, &mut case),
        }
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let mut out = Vec::new();
        for name in ["relaxed", "strict", "value"] {
            out.extend(Metric::prf(name, total.prf(name)));
        }
        out.push(Metric::main("span_found", ratio(total.get("found/all"), total.get("gold/all"))));
        out.push(Metric::main("value_right", ratio(total.get("right/dates"), total.get("judged/dates"))));
        out.push(Metric::detail("value_right_times", ratio(total.get("right/times"), total.get("judged/times"))));
        for kind in total.under("gold/").filter(|k| *k != "all").map(str::to_owned).collect::<Vec<_>>() {
            out.push(Metric::detail(
                format!("found_{kind}"),
                ratio(total.get(&format!("found/{kind}")), total.get(&format!("gold/{kind}"))),
            ));
        }
        out
    }
}

fn context(text: &str, span: Span) -> String {
    let from = text.floor_char_boundary(span.start.saturating_sub(50));
    let to = text.ceil_char_boundary((span.end + 40).min(text.len()));
    text.get(from..to).unwrap_or("").replace('\n', " ")
}

fn against_values(gold: &Gold, given: &[DateRecord], case: &mut Case) {
    let span = |t: &Timex| Span::new(t.start, t.end);
    let expected = gold.timexes.len();
    let exact = matching::one_to_one(expected, given.len(), |e, g| span(&gold.timexes[e]) == given[g].span);
    // Exact pairs first, so that an overlap never takes the partner of an equal span.
    let pairs = matching::one_to_one(expected, given.len(), |e, g| match exact[e] {
        Some(own) => own == g,
        None => !exact.contains(&Some(g)) && span(&gold.timexes[e]).overlaps(given[g].span),
    });
    let found = pairs.iter().flatten().count();
    case.counts.add_prf("relaxed", found, given.len(), expected);
    case.counts.add_prf("strict", exact.iter().flatten().count(), given.len(), expected);
    let (mut right, mut skipped, mut valued) = (0, 0, 0);
    for (timex, pair) in gold.timexes.iter().zip(&pairs) {
        let at = span(timex);
        let own = pair.map(|g| &given[g]);
        let text = at.of(&gold.text);
        match (&timex.value, own) {
            (None, _) => skipped += usize::from(own.is_some()),
            (Some(_), None) => valued += 1,
            (Some(value), Some(own)) => {
                valued += 1;
                right += usize::from(own.value.as_ref() == Some(value));
                if own.value.as_ref() != Some(value) {
                    let note = format!("{} = {} ({})", own.text, own.value.as_deref().unwrap_or("null"), own.reason);
                    case.errors.push(Finding::new("wrong value", format!("{text} = {value}"), note, context(&gold.text, at)));
                }
            }
        }
        match own {
            None => case.errors.push(Finding::new("missed", text, "", context(&gold.text, at))),
            Some(own) if own.span != at => case.errors.push(Finding::new("wrong span", text, &own.text, context(&gold.text, at))),
            _ => {}
        }
    }
    case.counts.add_prf("value", right, given.len() - skipped, valued);
    for (g, own) in given.iter().enumerate() {
        if !pairs.contains(&Some(g)) {
            let note = format!("{} = {}", own.text, own.value.as_deref().unwrap_or("null"));
            case.errors.push(Finding::new("spurious", "", note, context(&gold.text, own.span)));
        }
    }
}

/// Ends of a range are two mentions with roles; here they are one expression.
struct Joined<'a> {
    span: Span,
    first: &'a DateRecord,
    last: Option<&'a DateRecord>,
}

fn joined(given: &[DateRecord]) -> Vec<Joined<'_>> {
    let mut out: Vec<Joined> = Vec::new();
    for own in given {
        match out.last_mut() {
            Some(open) if own.role.as_deref() == Some("until") && open.last.is_none() && open.first.role.as_deref() == Some("from") => {
                open.span = open.span.join(own.span);
                open.last = Some(own);
            }
            _ => out.push(Joined { span: own.span, first: own, last: None }),
        }
    }
    out
}

fn against_candidates(gold: &Gold, allowed: &[Allowed], given: &[DateRecord], case: &mut Case) {
    let given = joined(given);
    let exact = allowed.iter().filter(|a| given.iter().any(|g| g.span == a.span)).count();
    let pairs = matching::one_to_one(allowed.len(), given.len(), |e, g| allowed[e].span.overlaps(given[g].span));
    case.counts.add_prf("relaxed", pairs.iter().flatten().count(), given.len(), allowed.len());
    case.counts.add_prf("strict", exact, given.len(), allowed.len());
    let reference = gold.reference.as_deref().and_then(instant).map(|i| i.date());
    let (mut right_values, mut skipped, mut valued) = (0, 0, 0);
    for (a, pair) in allowed.iter().zip(&pairs) {
        let times = matches!(a.r#type.as_str(), "time" | "timerange" | "datetime" | "datetimerange" | "timezone");
        for key in ["all", a.r#type.as_str()] {
            case.counts.count(format!("gold/{key}"));
            case.counts.add(format!("found/{key}"), f64::from(u8::from(pair.is_some())));
        }
        let text = a.span.of(&gold.text);
        let absolute = a.candidates.iter().any(|c| c.get("timex").is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit() || c == 'P')));
        // Without candidates, or without a reference for a relative one, only the span is scored.
        let judged = !a.candidates.is_empty() && (gold.reference.is_some() || absolute);
        valued += usize::from(judged);
        skipped += usize::from(!judged && pair.is_some());
        let Some(own) = pair.map(|g| &given[g]) else {
            case.errors.push(Finding::new(format!("missed {}", a.r#type), text, "", context(&gold.text, a.span)));
            continue;
        };
        if !judged {
            continue;
        }
        let right = a.candidates.iter().any(|c| agrees(own, c, reference));
        let kind = if times { "times" } else { "dates" };
        case.counts.count(format!("judged/{kind}"));
        case.counts.add(format!("right/{kind}"), f64::from(u8::from(right)));
        right_values += usize::from(right);
        if !right {
            let candidates: Vec<String> = a.candidates.iter().map(|c| format!("{c:?}")).collect();
            let given = [Some(own.first), own.last].into_iter().flatten();
            let shown: Vec<String> =
                given.map(|d| format!("{} = {} [{:?}]", d.text, d.value.as_deref().unwrap_or("null"), d.end)).collect();
            let place = format!("{} | reference {:?}", gold.text.replace('\n', " "), gold.reference);
            case.errors.push(Finding::new(
                format!("wrong {}", a.r#type),
                format!("{text}: {}", candidates.join(" or ")),
                shown.join(" … "),
                place,
            ));
        }
    }
    case.counts.add_prf("value", right_values, given.len().saturating_sub(skipped), valued);
    for (g, own) in given.iter().enumerate() {
        if !pairs.contains(&Some(g)) {
            case.errors.push(Finding::new("spurious", "", own.first.text.clone(), context(&gold.text, own.span)));
        }
    }
}

/// When a value begins and ends; the end lies outside. A point has none.
#[derive(Debug, Clone, Copy, PartialEq)]
struct When {
    start: DateTime,
    end: Option<DateTime>,
}

/// Whether what was given is what a candidate says.
fn agrees(own: &Joined, candidate: &BTreeMap<String, String>, reference: Option<Date>) -> bool {
    let value = own.first.value.as_deref().unwrap_or("");
    let get = |keys: &[&str]| keys.iter().find_map(|k| candidate.get(*k)).map(String::as_str);
    if own.last.is_none()
        && get(&["timex"]).is_some_and(|t| plain(t) == plain(value) || length(t).is_some_and(|l| Some(l) == length(value)))
    {
        return true;
    }
    let when = |d: &DateRecord| when(d, reference);
    let first = when(own.first);
    let Some(whole) = (match own.last {
        None => first,
        Some(last) => first.and_then(|f| Some(When { start: f.start, end: Some(when(last)?.start) })),
    }) else {
        return clock_agrees(own, get, reference);
    };
    let start = get(&["date", "value", "dateTime", "start", "startDate", "startDateTime"]).and_then(instant);
    let end = get(&["end", "endDate", "endDateTime"]).and_then(instant);
    // "since", "before": the library gives the one end that is told.
    if let (Some(role), None) = (own.first.role.as_deref(), own.last) {
        let after = whole.end.unwrap_or_else(|| if own.first.r#type == "TIME" { whole.start } else { next_day(whole.start) });
        let told = match (start.filter(|_| end.is_none()), end.filter(|_| start.is_none())) {
            (Some(s), None) => role == "since" && s == whole.start || role == "after" && s == after,
            (None, Some(e)) => matches!(role, "before" | "until") && (e == whole.start || role == "until" && e == after),
            _ => false,
        };
        if told {
            return true;
        }
    }
    match (start, end) {
        (Some(s), Some(e)) => s == whole.start && Some(e) == whole.end || clock_agrees(own, get, reference),
        (Some(s), None) if get(&["start", "startDate", "startDateTime"]).is_none() => {
            s == whole.start && whole.end.is_none_or(|e| e == next_day(s))
        }
        _ => clock_agrees(own, get, reference),
    }
}

/// A time of day by itself: the day does not matter.
fn clock_agrees<'a>(own: &Joined, get: impl Fn(&[&str]) -> Option<&'a str>, reference: Option<Date>) -> bool {
    let when = |d: &DateRecord| when(d, reference);
    let clock = |d: &DateRecord| when(d).map(|w| w.start.time());
    let time = |s: &str| s.parse::<Time>().ok();
    match (get(&["time", "value"]).and_then(time), own.last) {
        (Some(t), None) => clock(own.first) == Some(t),
        _ => match (get(&["start", "startTime"]).and_then(time), get(&["end", "endTime"]).and_then(time), own.last) {
            (Some(s), Some(e), Some(last)) => clock(own.first) == Some(s) && clock(last) == Some(e),
            (Some(s), Some(e), None) => when(own.first).is_some_and(|w| w.start.time() == s && w.end.is_some_and(|x| x.time() == e)),
            _ => false,
        },
    }
}

/// What a TIMEX3 duration amounts to, in hundredths of months and of seconds: "P2DE" is as long as "P20Y".
fn length(timex: &str) -> Option<(i64, i64)> {
    let (mut months, mut seconds, mut clock) = (0.0, 0.0, false);
    let mut rest = timex.strip_prefix('P').filter(|r| !r.is_empty())?;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T').filter(|_| !clock) {
            (rest, clock) = (after, true);
            continue;
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let n: f64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].find(|c: char| c.is_ascii_digit() || c == 'T').map_or(&rest[digits..], |to| &rest[digits..digits + to]);
        match (unit, clock) {
            ("CE", _) => months += 1200.0 * n,
            ("DE", _) => months += 120.0 * n,
            ("Y", _) => months += 12.0 * n,
            ("Q", _) => months += 3.0 * n,
            ("M", false) => months += n,
            ("W", _) => seconds += 604_800.0 * n,
            ("D", _) => seconds += 86_400.0 * n,
            ("H", true) => seconds += 3600.0 * n,
            ("M", true) => seconds += 60.0 * n,
            ("S", true) => seconds += n,
            _ => return None,
        }
        rest = &rest[digits + unit.len()..];
    }
    Some(((months * 100.0).round() as i64, (seconds * 100.0).round() as i64))
}

/// TIMEX with trailing zero minutes left out: "T17:00" is "T17".
fn plain(timex: &str) -> &str {
    let t = timex.strip_suffix(":00").unwrap_or(timex);
    if t.contains('T') { t.strip_suffix(":00").unwrap_or(t) } else { timex }
}

fn next_day(d: DateTime) -> DateTime {
    d.date().tomorrow().map_or(d, |t| t.to_datetime(Time::midnight()))
}

fn instant(text: &str) -> Option<DateTime> {
    let text = text.replace(' ', "T");
    text.parse::<DateTime>().ok().or_else(|| text.parse::<Date>().ok().map(|d| d.to_datetime(Time::midnight())))
}

/// Hours that the reference library gives to parts of a day.
const DAYPARTS: [(&str, i8, i8); 5] = [("MO", 8, 12), ("MI", 11, 13), ("AF", 12, 16), ("EV", 16, 20), ("NI", 20, 24)];

/// When a given date begins and ends. A stretch up to now ends with the reference day here, before it in gold.
fn when(d: &DateRecord, reference: Option<Date>) -> Option<When> {
    let value = d.value.as_deref()?;
    if let Some((day, clock)) = value.split_once('T').filter(|(day, _)| !day.starts_with('P')) {
        let day: Date = day.parse().ok()?;
        let at = |h: i8| if h >= 24 { day.at(23, 59, 59, 0) } else { day.at(h, 0, 0, 0) };
        if let Some((_, from, to)) = DAYPARTS.iter().find(|p| p.0 == clock) {
            return Some(When { start: at(*from), end: Some(at(*to)) });
        }
        let clock = if clock == "24:00" { "00:00" } else { clock };
        return Some(When { start: day.to_datetime(clock.parse::<Time>().ok()?), end: None });
    }
    let end: Date = d.end.as_deref()?.parse().ok()?;
    if let Ok(day) = value.parse::<Date>() {
        return Some(When { start: day.to_datetime(Time::midnight()), end: None });
    }
    let start = d.start.as_deref()?.parse::<Date>().ok()?;
    let after = if d.r#type == "DURATION" && reference == Some(end) { end } else { end.tomorrow().ok()? };
    Some(When { start: start.to_datetime(Time::midnight()), end: Some(after.to_datetime(Time::midnight())) })
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn one_length_is_written_in_several_ways() {
        assert_eq!(length("P2DE"), length("P20Y"));
        assert_eq!(length("P1Q"), length("P3M"));
        assert_eq!(length("P0.5Y"), length("P6M"));
        assert_ne!(length("P1M"), length("PT1M"));
        assert_eq!(length("PXD"), None);
        assert_eq!(length("2016"), None);
    }
}
