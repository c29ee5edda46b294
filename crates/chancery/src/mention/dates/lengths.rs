//! Lengths of time, what recurs, and times of day: "the past two weeks", "every Monday", "5 p.m."

use super::calendar::{self as cal, Days};
use super::frame::{Base, Count, DAYPARTS, Frame, Unit};
use super::resolve::{Reading, Story, Tense};
use jiff::civil::Date;

/// A day moved by all amounts of a frame, in its direction; none where one of them is vague.
fn moved(frame: &Frame, day: Date) -> Option<Date> {
    frame.amounts().try_fold(day, |d, (count, unit)| match count {
        Count::Exact(n) => cal::shift(d, n * f64::from(frame.sign), unit),
        Count::Some => None,
    })
}

/// "the last four months of 2021": a length of time at one end of a year or month.
fn window_within(frame: &Frame, whole: Days) -> Option<Days> {
    if frame.sign < 0 {
        Some((moved(frame, cal::add_days(whole.1, 1)?)?.max(whole.0), whole.1))
    } else {
        Some((whole.0, cal::add_days(moved(frame, whole.0)?, -1)?.min(whole.1)))
    }
}

/// "the past two weeks": a length of time, with its days where they can be told. One that lies ahead only where the verb says so
/// ("will reply within ten days") is no more than a length elsewhere.
pub(super) fn window(frame: &Frame, story: &Story, tense: Tense) -> Reading {
    let mut reading = duration(frame);
    if frame.base == Base::Tense && tense != Tense::Future {
        return reading;
    }
    if let Some(year) = frame.year.filter(|_| !frame.bc) {
        let whole = frame.month.map_or_else(|| cal::year(year), |m| cal::month(year, m));
        reading.days = whole.and_then(|w| window_within(frame, w));
        reading.reason = format!("at the {} of the period it names", if frame.sign < 0 { "end" } else { "start" });
        return reading;
    }
    if let Some((published, far)) = story.published.and_then(|p| Some((p, moved(frame, p)?))) {
        let after = |d| cal::add_days(d, 1).unwrap_or(d);
        // "the next 0 weeks" is no time at all.
        let window = if frame.sign < 0 { (far, published) } else { (after(published), far) };
        reading.days = Some(window).filter(|w| w.0 <= w.1);
        reading.reason = format!("{} the published date", if frame.sign < 0 { "up to" } else { "from" });
    }
    reading
}

fn number(n: f64) -> String {
    let n = (n * 100.0).round() / 100.0;
    format!("{n}")
}

/// "P2M", "PXD", "PT1H30M".
fn period(amounts: impl Iterator<Item = (Count, Unit)>) -> Option<String> {
    let (mut date, mut time) = (String::new(), String::new());
    // ISO 8601 has the longest unit first, however it was said.
    let mut amounts: Vec<(Count, Unit)> = amounts.collect();
    amounts.sort_by_key(|a| std::cmp::Reverse(a.1));
    for (count, unit) in amounts {
        let (per, letters, clock) = match unit {
            Unit::Second => (1.0, "S", true),
            Unit::Minute => (1.0, "M", true),
            Unit::Hour => (1.0, "H", true),
            Unit::Night => (1.0, "NI", false),
            Unit::Day => (1.0, "D", false),
            Unit::Weekend => (1.0, "WE", false),
            Unit::Week => (1.0, "W", false),
            Unit::Fortnight => (2.0, "W", false),
            Unit::Month => (1.0, "M", false),
            Unit::Quarter => (1.0, "Q", false),
            Unit::Half => (6.0, "M", false),
            Unit::Year => (1.0, "Y", false),
            Unit::Decade => (1.0, "DE", false),
            Unit::Century => (1.0, "CE", false),
        };
        let (n, letters, clock) = match count {
            Count::Some => ("X".to_owned(), letters, clock),
            Count::Exact(n) if n == 0.5 && unit == Unit::Hour => ("30".to_owned(), "M", true),
            Count::Exact(n) if n == 0.25 && unit == Unit::Hour => ("15".to_owned(), "M", true),
            Count::Exact(n) if n == 0.5 && unit == Unit::Year => ("6".to_owned(), "M", false),
            Count::Exact(n) if n.fract() != 0.0 && unit == Unit::Century => (number(n * 100.0), "Y", false),
            Count::Exact(n) if n.fract() != 0.0 && unit == Unit::Decade => (number(n * 10.0), "Y", false),
            Count::Exact(n) => (number(n * per), letters, clock),
        };
        let into = if clock { &mut time } else { &mut date };
        into.push_str(&n);
        into.push_str(letters);
    }
    if date.is_empty() && time.is_empty() {
        return None;
    }
    Some(if time.is_empty() { format!("P{date}") } else { format!("P{date}T{time}") })
}

pub(super) fn duration(frame: &Frame) -> Reading {
    match period(frame.amounts()) {
        Some(value) => Reading::of(value, None, "duration", "a length of time", None),
        None => Reading::none("duration", "how long is not said"),
    }
}

pub(super) fn set(frame: &Frame) -> Reading {
    let time = if frame.hour.is_some() || frame.daypart.is_some() { clock(frame) } else { String::new() };
    let value = if let Some(dow) = frame.dow {
        Some(format!("XXXX-WXX-{dow}{time}"))
    } else if !time.is_empty() {
        Some(time)
    } else if let (Some(day), Some(Unit::Month)) = (frame.day, frame.unit) {
        Some(format!("XXXX-XX-{day:02}"))
    } else if frame.unit == Some(Unit::Weekend) || frame.amounts().eq([(Count::Exact(1.0), Unit::Weekend)]) {
        Some("XXXX-WXX-WE".to_owned())
    } else if let Some(unit) = frame.unit {
        period(std::iter::once((Count::Exact(1.0), unit)))
    } else {
        period(frame.amounts())
    };
    match value {
        Some(value) => Reading::of(value, None, "set", "recurs", None),
        None => Reading::none("set", "recurs, how often is not said"),
    }
}

/// "T17:00", "TMO".
pub(super) fn clock(frame: &Frame) -> String {
    match (frame.hour, frame.daypart) {
        (Some(hour), _) => {
            let hour = match frame.afternoon.or(frame.daypart.filter(|_| hour <= 12).map(|d| d >= 2)) {
                Some(true) if hour < 12 => hour + 12,
                Some(false) if hour == 12 => 0,
                _ => hour,
            };
            let (hour, minute) = match frame.minute.unwrap_or(0) {
                m if frame.minus && m > 0 => ((hour + 23) % 24, 60 - m),
                m => (hour, m),
            };
            let second = frame.second.map(|s| format!(":{s:02}")).unwrap_or_default();
            format!("T{hour:02}:{minute:02}{second}")
        }
        (None, Some(part)) => format!("T{}", DAYPARTS.get(usize::from(part)).unwrap_or(&"XX")),
        _ => "TXX".to_owned(),
    }
}
