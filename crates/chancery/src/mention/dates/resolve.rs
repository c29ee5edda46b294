//! From what an expression says to when it means: TIMEX3 value, days, reason.

use super::calendar::{self as cal, Days};
use super::frame::{Base, Count, DAYPARTS, Edge, Frame, SEASONS, Unit};
use super::grammar::{DateGrammar, HolidayDate, Kind};
use super::lengths::{clock, duration, set, window};
use jiff::civil::Date;

/// A date as last told: what the narrative stands at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub year: i32,
    pub month: Option<i8>,
    pub day: Option<i8>,
}

/// Which way the clause around an expression looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    Past,
    Future,
    Unknown,
}

/// What a report has told so far, for one voice (the body, one post).
#[derive(Debug, Clone, Default)]
pub struct Story {
    pub published: Option<Date>,
    /// Hour and minute of publication, where given.
    pub clock: Option<(i8, i8)>,
    pub last: Option<Point>,
    /// The last day told.
    pub day: Option<Date>,
    /// The last month told.
    pub month: Option<(i32, i8)>,
    /// The report tells history: most of its dates lie in other years than the published one.
    pub history: bool,
    /// The story was in another year than the published one a sentence ago at most.
    pub elsewhere: bool,
}

/// The outcome for one expression.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub value: Option<String>,
    pub days: Option<Days>,
    pub precision: &'static str,
    pub reason: String,
    pub point: Option<Point>,
}

impl Reading {
    pub(super) fn of(value: String, days: Option<Days>, precision: &'static str, reason: impl Into<String>, point: Option<Point>) -> Self {
        Reading { value: Some(value), days, precision, reason: reason.into(), point }
    }
    pub(super) fn none(precision: &'static str, reason: impl Into<String>) -> Self {
        Reading { precision, reason: reason.into(), ..Reading::default() }
    }
    fn day(date: Date, reason: impl Into<String>) -> Self {
        let point = Point { year: i32::from(date.year()), month: Some(date.month()), day: Some(date.day()) };
        Reading::of(date.to_string(), Some((date, date)), "day", reason, Some(point))
    }
}

const NO_PUBLISHED: &str = "relative, and the report has no published date";
const NO_NARRATIVE: &str = "relative to a date that the text does not give";

/// Places a frame in time. `grammar` gives the holidays.
pub fn resolve(grammar: &DateGrammar, kind: Kind, frame: &Frame, story: &Story, tense: Tense) -> Reading {
    let mut reading = match kind {
        Kind::Date => date(grammar, frame, story, tense),
        Kind::Unit => unit(grammar, frame, story, tense),
        Kind::Shift => shift(grammar, frame, story, tense),
        Kind::Window => window(frame, story, tense),
        Kind::Duration => duration(frame),
        Kind::Set => set(frame),
        Kind::Time => time(grammar, frame, story, tense),
        Kind::Ref => reference(frame, story),
    };
    if let Some(part) = frame.daypart.filter(|_| matches!(kind, Kind::Date | Kind::Unit) && reading.precision == "day")
        && let Some(value) = &mut reading.value
    {
        value.push('T');
        value.push_str(DAYPARTS.get(usize::from(part)).unwrap_or(&"XX"));
        reading.precision = "daypart";
    }
    if let (Some(edge), Some(days)) = (frame.edge, reading.days) {
        reading.days = Some(cal::part_of(days, edge));
    }
    reading
}

fn year_value(year: i32, bc: bool) -> String {
    if bc { format!("BC{year:04}") } else { format!("{year:04}") }
}

/// The year of two digits that is nearest to what the report speaks of.
fn full_year(short: i32, story: &Story) -> i32 {
    let near = story.last.map(|p| p.year).or(story.published.map(|d| i32::from(d.year())));
    match near {
        Some(near) => {
            let guess = near.div_euclid(100) * 100 + short;
            // A story looks back more often than ahead.
            [guess - 100, guess, guess + 100]
                .into_iter()
                .min_by_key(|g| if *g > near + 10 { (g - near) * 10 } else { (g - near).abs() })
                .unwrap_or(guess)
        }
        None if short < 40 => 2000 + short,
        None => 1900 + short,
    }
}

/// The year of a date that names none, with the reason.
fn year_of(frame: &Frame, story: &Story, tense: Tense, at: &dyn Fn(i32) -> Option<Days>) -> Option<(i32, String)> {
    let published = story.published;
    let narrative = story.last.map(|p| p.year);
    if let Some(rel) = frame.rel_unit.filter(|u| *u == Unit::Year).and(frame.rel) {
        let base = match frame.base {
            Base::Narrative => narrative.or(published.map(|d| i32::from(d.year())))?,
            _ => i32::from(published?.year()),
        };
        return Some((base + i32::from(rel), format!("{} year, counted from {base}", relation(rel))));
    }
    let use_story = match frame.base {
        Base::Narrative => narrative.is_some(),
        Base::Published | Base::Tense => false,
        Base::Auto => published.is_none() || ((story.history || story.elsewhere) && narrative.is_some()),
    };
    if use_story {
        let last = story.last?;
        let mut year = last.year;
        // A story told in order goes from December to January without saying so.
        if let (Some(month), Some((first, _))) = (last.month, at(year))
            && month >= 10
            && first.month() <= 3
            && i32::from(first.year()) == year
        {
            year += 1;
        }
        return Some((year, format!("year of the story, {year}")));
    }
    // "The previous April" of a chronicle counts from where it stands.
    let told = || story.day.or(story.last.and_then(|p| cal::date(p.year, p.month.unwrap_or(1), 1)));
    let published = if story.history { told().or(published) } else { published }?;
    let this = i32::from(published.year());
    let ways: Vec<(i32, Days)> = [this - 1, this, this + 1].into_iter().filter_map(|y| Some((y, at(y)?))).collect();
    let pick = match (frame.rel, tense) {
        (Some(-1), _) => ways.iter().rev().find(|(_, d)| d.1 < published).map(|w| (w.0, "last one before the published date")),
        (Some(1), _) => ways.iter().find(|(_, d)| d.0 > published).map(|w| (w.0, "next one after the published date")),
        (Some(_), _) => Some((this, "in the published year")),
        (None, Tense::Past) => {
            ways.iter().rev().find(|(_, d)| d.0 <= published).map(|w| (w.0, "past tense: last one before the published date"))
        }
        (None, Tense::Future) => ways.iter().find(|(_, d)| d.1 >= published).map(|w| (w.0, "future: next one after the published date")),
        (None, Tense::Unknown) => ways
            .iter()
            .min_by_key(|(_, d)| distance(d.0, published).min(distance(d.1, published)))
            .map(|w| (w.0, "the one nearest to the published date")),
    };
    pick.map(|(y, why)| (y, why.to_owned()))
}

fn distance(a: Date, b: Date) -> i32 {
    a.until(b).map(|s| s.get_days().abs()).unwrap_or(i32::MAX)
}

fn relation(rel: i8) -> &'static str {
    match rel {
        -1 => "previous",
        0 => "same",
        _ => "next",
    }
}

fn date(grammar: &DateGrammar, frame: &Frame, story: &Story, tense: Tense) -> Reading {
    let year = frame.year.map(|y| if frame.short_year && y < 100 && !frame.decade { full_year(y, story) } else { y });
    if let Some(unit @ (Unit::Century | Unit::Quarter | Unit::Half | Unit::Week)) = frame.unit.filter(|_| frame.nth.is_some()) {
        return numbered(frame, story, tense, unit, year);
    }
    if frame.decade {
        return decade(frame, story, year);
    }
    if let Some(days) = frame.offset {
        let Some(published) = story.published else { return Reading::none("day", NO_PUBLISHED) };
        let why = match days {
            0 => "the published date".to_owned(),
            d if d < 0 => format!("{} before the published date", plural(-d, "day")),
            d => format!("{} after the published date", plural(d, "day")),
        };
        return cal::add_days(published, i64::from(days))
            .map_or_else(|| Reading::none("day", "out of the calendar"), |d| Reading::day(d, why));
    }
    // A shape that needs a year to be a day.
    let shape: Option<Box<dyn Fn(i32) -> Option<Days>>> =
        if let Some(holiday) = frame.holiday.and_then(|h| grammar.holidays.get(usize::from(h))) {
            let holiday = *holiday;
            Some(Box::new(move |y| holiday_in(holiday, y).map(|d| (d, d))))
        } else if let (Some(month), Some(dow), Some(nth)) = (frame.month, frame.dow, frame.nth) {
            Some(Box::new(move |y| cal::nth_weekday(y, month, dow, nth).map(|d| (d, d))))
        } else if let (Some(month), Some(-1), Some(Unit::Day)) = (frame.month, frame.nth, frame.unit) {
            Some(Box::new(move |y| cal::month(y, month).map(|m| (m.1, m.1))))
        } else if let (Some(month), Some(day)) = (frame.month, frame.day) {
            Some(Box::new(move |y| cal::date(y, month, day).map(|d| (d, d))))
        } else if let Some(month) = frame.month {
            Some(Box::new(move |y| cal::month(y, month)))
        } else if let Some(season) = frame.season {
            Some(Box::new(move |y| cal::season(y, usize::from(season))))
        } else {
            None
        };
    if let Some(shape) = shape {
        let (year, why) = match year {
            Some(y) => (y, "given in full".to_owned()),
            None => match year_of(frame, story, tense, &shape) {
                Some(found) => found,
                None => return unresolved(frame, story),
            },
        };
        return placed(frame, year, why, &shape);
    }
    if let Some(day) = frame.day {
        return day_alone(frame, story, tense, day);
    }
    if let Some(dow) = frame.dow {
        return weekday(frame, story, tense, dow);
    }
    match year {
        Some(y) => {
            let days = if frame.bc { None } else { cal::year(y) };
            let point = (!frame.bc).then_some(Point { year: y, month: None, day: None });
            Reading::of(year_value(y, frame.bc), days, "year", "given in full", point.or(Some(Point { year: -y, month: None, day: None })))
        }
        None => Reading::none("none", "says no more than a part of some date"),
    }
}

/// A shape of days put into a year.
fn placed(frame: &Frame, year: i32, why: String, shape: &dyn Fn(i32) -> Option<Days>) -> Reading {
    // Years before our era are counted down in the story: -490 is 490 BC.
    let bc = frame.bc || year < 0;
    let shown = year.abs();
    if bc {
        let mut value = year_value(shown, true);
        let mut precision = "year";
        match (frame.month, frame.day, frame.season) {
            (Some(m), Some(d), _) => {
                value.push_str(&format!("-{m:02}-{d:02}"));
                precision = "day";
            }
            (Some(m), None, _) => {
                value.push_str(&format!("-{m:02}"));
                precision = "month";
            }
            (None, _, Some(s)) => {
                value.push_str(&format!("-{}", SEASONS.get(usize::from(s)).unwrap_or(&"XX")));
                precision = "season";
            }
            _ => {}
        }
        return Reading::of(value, None, precision, why, Some(Point { year: -shown, month: frame.month, day: frame.day }));
    }
    let Some(days) = shape(year) else { return Reading::none("none", "there is no such day in the calendar") };
    if frame.unit == Some(Unit::Weekend) {
        return weekend_of(days.0).unwrap_or_else(|| Reading::none("week", "out of the calendar"));
    }
    if days.0 == days.1 {
        return Reading::day(days.0, why);
    }
    let point = Point { year, month: frame.month, day: None };
    match (frame.month, frame.season) {
        (Some(m), _) => Reading::of(format!("{year:04}-{m:02}"), Some(days), "month", why, Some(point)),
        (None, Some(s)) => {
            Reading::of(format!("{year:04}-{}", SEASONS.get(usize::from(s)).unwrap_or(&"XX")), Some(days), "season", why, Some(point))
        }
        _ => Reading::of(format!("{year:04}"), Some(days), "year", why, Some(point)),
    }
}

/// "Labor Day weekend": the Saturday and Sunday nearest to a feast.
fn weekend_of(feast: Date) -> Option<Reading> {
    let dow = i64::from(feast.weekday().to_monday_one_offset());
    let saturday = cal::add_days(feast, if dow < 3 { -1 - dow } else { 6 - dow })?;
    let days = (saturday, cal::add_days(saturday, 1)?);
    let week = saturday.iso_week_date();
    let point = Point { year: i32::from(saturday.year()), month: Some(saturday.month()), day: None };
    Some(Reading::of(format!("{:04}-W{:02}-WE", week.year(), week.week()), Some(days), "week", "the weekend of the feast", Some(point)))
}

fn unresolved(frame: &Frame, story: &Story) -> Reading {
    let precision = if frame.day.is_some() || frame.holiday.is_some() {
        "day"
    } else if frame.month.is_some() {
        "month"
    } else {
        "season"
    };
    Reading::none(
        precision,
        if story.published.is_none() {
            "no year is given here or before, and the report has no published date"
        } else {
            "no such date near the published one"
        },
    )
}

fn holiday_in(holiday: HolidayDate, year: i32) -> Option<Date> {
    match holiday {
        HolidayDate::Fixed(month, day) => cal::date(year, month, day),
        HolidayDate::Weekday(month, dow, nth, plus) => cal::add_days(cal::nth_weekday(year, month, dow, i32::from(nth))?, i64::from(plus)),
        HolidayDate::Easter(plus) => cal::add_days(cal::easter(year)?, i64::from(plus)),
    }
}

/// "the 21st": of the month that the story is in; "Friday the 13th": of the nearest month in which the weekday fits.
fn day_alone(frame: &Frame, story: &Story, tense: Tense, day: i8) -> Reading {
    if let Some(dow) = frame.dow {
        let base = if story.history { story.day.or(story.published) } else { story.published.or(story.day) };
        let Some(base) = base else { return Reading::none("day", NO_PUBLISHED) };
        let months = |n: i64| cal::month(i32::from(base.year()), base.month()).and_then(|m| cal::add_months(m.0, n));
        let fits = |d: &Date| d.weekday().to_monday_one_offset() == dow;
        let near = (-12..=12)
            .filter_map(|n| months(n).and_then(|m| cal::date(i32::from(m.year()), m.month(), day)))
            .filter(fits)
            .min_by_key(|&d| {
                distance(d, base) + if (tense == Tense::Future) == (d < base) && tense != Tense::Unknown && d != base { 400 } else { 0 }
            });
        return near.map_or_else(
            || Reading::none("day", "no such weekday and day within a year"),
            |d| Reading::day(d, "the nearest month in which weekday and day agree"),
        );
    }
    if let (Some(Unit::Month), Some(rel), Some(published)) =
        (frame.rel_unit, frame.rel, story.published.filter(|_| frame.base != Base::Narrative))
    {
        let month = cal::month(i32::from(published.year()), published.month()).and_then(|m| cal::add_months(m.0, i64::from(rel)));
        let found = month.and_then(|m| cal::date(i32::from(m.year()), m.month(), day));
        return found.map_or_else(
            || Reading::none("day", "there is no such day in the calendar"),
            |d| Reading::day(d, format!("day of the {} month, counted from the published date", relation(rel))),
        );
    }
    let month = story.month.or(story.published.map(|d| (i32::from(d.year()), d.month())));
    match month.and_then(|(y, m)| cal::date(y, m, day)) {
        Some(d) => Reading::day(d, "in the month that the text speaks of"),
        None => Reading::none("day", NO_NARRATIVE),
    }
}

fn weekday(frame: &Frame, story: &Story, tense: Tense, dow: i8) -> Reading {
    let Some(name) = cal::weekday(dow).map(|w| format!("{w:?}")) else { return Reading::none("day", "no such weekday") };
    let base = match frame.base {
        Base::Narrative => story.day.or(story.published),
        Base::Auto if story.history && story.day.is_some() => story.day,
        _ => story.published.or(story.day),
    };
    let Some(base) = base else { return Reading::none("day", if story.published.is_none() { NO_PUBLISHED } else { NO_NARRATIVE }) };
    let what = if story.published == Some(base) { "the published date" } else { "the last day told" };
    let today = i64::from(base.weekday().to_monday_one_offset());
    let dow = i64::from(dow);
    if let (Some(Unit::Week), Some(rel)) = (frame.rel_unit, frame.rel) {
        let days = dow - today + 7 * i64::from(rel);
        return cal::add_days(base, days)
            .map_or_else(|| Reading::none("day", NO_PUBLISHED), |d| Reading::day(d, format!("{name} of the {} week", relation(rel))));
    }
    let back = (today - dow).rem_euclid(7);
    let ahead = (dow - today).rem_euclid(7);
    let (days, why) = match (frame.rel, frame.base, tense) {
        (Some(-1), _, _) => (-(if back == 0 { 7 } else { back }), format!("last {name} before {what}")),
        (Some(1), Base::Narrative, _) => (if ahead == 0 { 7 } else { ahead }, format!("{name} after {what}")),
        // Said on a Monday, "next Friday" is that of the following week.
        (Some(1), _, _) => (dow - today + 7, format!("{name} of the week after {what}")),
        // "The coming Friday", however it is told.
        _ if frame.sign > 0 => (if ahead == 0 { 7 } else { ahead }, format!("{name} after {what}")),
        // "This Friday" of a Monday is to come, unless it is told as past.
        (Some(0), _, Tense::Unknown) | (_, _, Tense::Future) => (ahead, format!("future: {name} on or after {what}")),
        (_, _, _) => (-back, format!("{name} on or before {what}")),
    };
    let why = if days == 0 { format!("{name}: {what} itself") } else { why };
    cal::add_days(base, days).map_or_else(|| Reading::none("day", "out of the calendar"), |d| Reading::day(d, why))
}

fn decade(frame: &Frame, story: &Story, year: Option<i32>) -> Reading {
    let Some(mut year) = year else { return Reading::none("decade", NO_NARRATIVE) };
    if frame.short_year {
        year = full_year(year, story);
        if let Some(now) = story.published.map(|d| i32::from(d.year())).filter(|&n| year > n) {
            year -= (year - now + 99) / 100 * 100;
        }
    }
    let first = year.div_euclid(10) * 10;
    if frame.bc {
        return Reading::of(format!("BC{:03}", first / 10), None, "decade", "given in full", None);
    }
    let point = Point { year: first, month: None, day: None };
    // "the 1900s" may be the century; TIMEX3 has the decade first.
    Reading::of(
        format!("{:03}", first / 10),
        cal::years(first, first + 9),
        "decade",
        "given in full",
        Some(point).filter(|_| frame.edge.is_none()),
    )
}

/// Numbered periods: centuries, quarters, halves, weeks.
fn numbered(frame: &Frame, story: &Story, tense: Tense, unit: Unit, year: Option<i32>) -> Reading {
    let nth = frame.nth.unwrap_or(1);
    if unit == Unit::Century {
        if frame.bc {
            return Reading::of(format!("BC{:02}", nth - 1), None, "century", "given in full", None);
        }
        let first = (nth - 1) * 100;
        return Reading::of(format!("{:02}", nth - 1), cal::years(first.max(1), first + 99), "century", "given in full", None);
    }
    if unit == Unit::Week
        && let Some(month) = frame.month
    {
        return week_of_month(frame, story, tense, month, nth, year);
    }
    let top = match unit {
        Unit::Quarter => 4,
        Unit::Half => 2,
        _ => 53,
    };
    // "the last week of 2015": 28 December never lies in the next year's first week.
    let at_end = unit == Unit::Week && nth == -1;
    if !(1..=top).contains(&nth) && !at_end {
        return Reading::none("none", format!("there is no {unit:?} {nth}").to_lowercase());
    }
    let at = move |y: i32| match unit {
        Unit::Quarter => cal::quarter(y, nth as i8),
        Unit::Half => cal::half(y, nth as i8),
        _ if at_end => cal::week_of(cal::date(y, 12, 28)?),
        _ => cal::iso_week(y, nth),
    };
    let found = match year {
        Some(y) => Some((y, "given in full".to_owned())),
        None => year_of(frame, story, tense, &at),
    };
    let Some((y, why)) = found else { return unresolved(frame, story) };
    let (value, precision) = match unit {
        Unit::Quarter => (format!("{y:04}-Q{nth}"), "quarter"),
        Unit::Half => (format!("{y:04}-H{nth}"), "half"),
        _ => (at(y).map_or_else(|| format!("{y:04}-W{nth:02}"), |days| cal::week_value(days.0)), "week"),
    };
    Reading::of(value, at(y), precision, why, Some(Point { year: y, month: None, day: None }))
}

fn week_of_month(frame: &Frame, story: &Story, tense: Tense, month: i8, nth: i32, year: Option<i32>) -> Reading {
    let at = move |y: i32| {
        let (first, last) = cal::month(y, month)?;
        // Weeks belong to the month of their Thursday.
        if nth < 0 {
            let week = cal::week_of(last)?;
            return if cal::add_days(week.0, 3)?.month() == month { Some(week) } else { cal::week_of(cal::add_days(last, -7)?) };
        }
        let start = cal::week_of(first)?;
        let skip = if cal::add_days(start.0, 3)?.month() == month { nth - 1 } else { nth };
        cal::week_of(cal::add_days(start.0, i64::from(skip) * 7)?)
    };
    let found = match year {
        Some(y) => Some((y, "given in full".to_owned())),
        None => year_of(frame, story, tense, &at),
    };
    match found.and_then(|(y, why)| Some((at(y)?, y, why))) {
        Some((days, y, why)) => {
            Reading::of(cal::week_value(days.0), Some(days), "week", why, Some(Point { year: y, month: Some(month), day: None }))
        }
        None => unresolved(frame, story),
    }
}

/// "last week", "that year", "the end of the month".
fn unit(grammar: &DateGrammar, frame: &Frame, story: &Story, tense: Tense) -> Reading {
    let Some(unit) = frame.unit.or(frame.amounts().next().map(|a| a.1)).or(frame.rel_unit) else { return Reading::none("none", "no unit") };
    let rel = i64::from(frame.rel.unwrap_or(0)) * i64::from(frame.nth.unwrap_or(1));
    // "the week of April 10".
    if let Some(anchor) = &frame.anchor {
        let point = date(grammar, anchor, story, tense);
        return match point.days {
            Some(days) => at_unit(days.0, unit, format!("the {} that holds that date", unit.name())),
            None => Reading::none(unit_precision(unit), point.reason),
        };
    }
    let (base, what) = match frame.base {
        Base::Narrative => match narrative_base(unit, story) {
            Some(base) => base,
            None => return Reading::none(unit_precision(unit), NO_NARRATIVE),
        },
        _ => match story
            .published
            .filter(|_| !story.history)
            .map(|d| (d, "the published date"))
            .or_else(|| narrative_base(unit, story).filter(|_| story.history && story.published.is_some()))
        {
            Some(base) => base,
            None => return Reading::none(unit_precision(unit), NO_PUBLISHED),
        },
    };
    if unit == Unit::Year && story.last.is_some_and(|p| p.year < 0) && frame.base == Base::Narrative {
        let year = story.last.map_or(0, |p| -p.year) - rel as i32;
        return Reading::of(year_value(year, true), None, "year", format!("{} year in the story", relation(rel as i8)), None);
    }
    let moved = match unit {
        Unit::Night | Unit::Day => cal::add_days(base, rel),
        Unit::Weekend | Unit::Week => cal::add_days(base, rel * 7),
        Unit::Fortnight => cal::add_days(base, rel * 14),
        Unit::Month => cal::month(i32::from(base.year()), base.month()).and_then(|m| cal::add_months(m.0, rel)),
        Unit::Quarter => cal::month(i32::from(base.year()), base.month()).and_then(|m| cal::add_months(m.0, rel * 3)),
        Unit::Half => cal::add_months(base, rel * 6),
        Unit::Year => cal::date(i32::from(base.year()) + rel as i32, 1, 1),
        Unit::Decade => cal::date(i32::from(base.year()) + 10 * rel as i32, 1, 1),
        Unit::Century => cal::date(i32::from(base.year()) + 100 * rel as i32, 1, 1),
        _ => Some(base),
    };
    let why = match rel {
        0 => format!("the {} of {what}", unit.name()),
        r if r < 0 => format!("{} before {what}", plural(-r as i32, unit.name())),
        r => format!("{} after {what}", plural(r as i32, unit.name())),
    };
    let mut reading = moved.map_or_else(|| Reading::none(unit_precision(unit), "out of the calendar"), |d| at_unit(d, unit, why));
    if rel == 0
        && frame.edge == Some(Edge::Rest)
        && let Some(days) = &mut reading.days
    {
        days.0 = days.0.max(base);
    }
    reading
}

/// The period of kind `unit` that holds `day`, as TIMEX3.
fn at_unit(day: Date, unit: Unit, why: impl Into<String>) -> Reading {
    let year = i32::from(day.year());
    let point = |month: Option<i8>| Some(Point { year, month, day: None });
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Night | Unit::Day => Reading::day(day, why),
        Unit::Weekend => {
            let days = cal::week_of(day).and_then(|w| Some((cal::add_days(w.0, 5)?, w.1)));
            Reading::of(format!("{}-WE", cal::week_value(day)), days, "weekend", why, point(Some(day.month())))
        }
        Unit::Week | Unit::Fortnight => Reading::of(cal::week_value(day), cal::week_of(day), "week", why, point(Some(day.month()))),
        Unit::Month => {
            Reading::of(format!("{year:04}-{:02}", day.month()), cal::month(year, day.month()), "month", why, point(Some(day.month())))
        }
        Unit::Quarter => {
            let q = (day.month() - 1) / 3 + 1;
            Reading::of(format!("{year:04}-Q{q}"), cal::quarter(year, q), "quarter", why, point(None))
        }
        Unit::Half => {
            let h = (day.month() - 1) / 6 + 1;
            Reading::of(format!("{year:04}-H{h}"), cal::half(year, h), "half", why, point(None))
        }
        Unit::Year => Reading::of(format!("{year:04}"), cal::year(year), "year", why, point(None)),
        Unit::Decade => {
            let first = year.div_euclid(10) * 10;
            Reading::of(format!("{:03}", first / 10), cal::years(first, first + 9), "decade", why, None)
        }
        Unit::Century => {
            let first = year.div_euclid(100) * 100;
            Reading::of(format!("{:02}", first / 100), cal::years(first.max(1), first + 99), "century", why, None)
        }
    }
}

fn unit_precision(unit: Unit) -> &'static str {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour => "time",
        Unit::Night | Unit::Day => "day",
        Unit::Weekend => "weekend",
        Unit::Week | Unit::Fortnight => "week",
        u => u.name(),
    }
}

/// Where the story stands, as fine as `unit` needs it; else the published date.
fn narrative_base(unit: Unit, story: &Story) -> Option<(Date, &'static str)> {
    let told = match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Night | Unit::Day | Unit::Weekend | Unit::Week | Unit::Fortnight => story.day,
        Unit::Month | Unit::Quarter => story.month.and_then(|(y, m)| cal::date(y, m, 1)),
        _ => story.last.filter(|p| p.year > 0).and_then(|p| cal::date(p.year, p.month.unwrap_or(1), 1)),
    };
    told.map(|d| (d, "the date last told")).or(story.published.map(|d| (d, "the published date"))).or(story
        .last
        .filter(|p| p.year < 0 && unit == Unit::Year)
        .and(cal::date(1, 1, 1))
        .map(|d| (d, "the date last told")))
}

pub fn plural(n: i32, unit: &str) -> String {
    if n == 1 { format!("one {unit}") } else { format!("{n} {unit}s") }
}

/// "two years ago", "three days after May 8".
fn shift(grammar: &DateGrammar, frame: &Frame, story: &Story, tense: Tense) -> Reading {
    let vague = if frame.sign < 0 { "PAST_REF" } else { "FUTURE_REF" };
    let Some(finest) = frame.amounts().map(|a| a.1).min() else { return Reading::none("none", "no amount") };
    if frame.amounts().any(|a| a.0 == Count::Some) {
        return Reading {
            value: Some(vague.to_owned()),
            precision: "none",
            reason: "how long is not said".to_owned(),
            ..Reading::default()
        };
    }
    // "in two days" is a day only where the clause looks ahead; else it is how long something took.
    if frame.base == Base::Tense && (tense != Tense::Future || story.history) {
        return duration(frame);
    }
    let base = match &frame.anchor {
        Some(anchor) => {
            let point = date(grammar, anchor, story, tense);
            match point.days {
                Some(days) => Some((if frame.sign < 0 { days.0 } else { days.1 }, "that date")),
                None => return Reading::none("none", point.reason),
            }
        }
        None if frame.base == Base::Narrative => narrative_base(finest, story),
        None => story.published.map(|d| (d, "the published date")),
    };
    let Some((base, what)) = base else {
        return Reading::none(unit_precision(finest), if frame.base == Base::Narrative { NO_NARRATIVE } else { NO_PUBLISHED });
    };
    let mut at = Some(base);
    let mut words = Vec::new();
    for (count, unit) in frame.amounts() {
        let Count::Exact(n) = count else { continue };
        at = at.and_then(|d| cal::shift(d, n * f64::from(frame.sign), unit));
        words.push(format!("{n} {}{}", unit.name(), if n == 1.0 { "" } else { "s" }));
    }
    let why = format!("{} {} {what}", words.join(" and "), if frame.sign < 0 { "before" } else { "after" });
    let Some(at) = at else { return Reading::none("none", "out of the calendar") };
    if matches!(finest, Unit::Second | Unit::Minute | Unit::Hour) {
        return clock_shift(frame, story, base, why);
    }
    // Counted from a day, the result is a day; else it is as fine as the unit.
    let anchored = frame.anchor.as_ref().is_some_and(|a| a.day.is_some() || a.offset.is_some() || a.holiday.is_some() || a.dow.is_some());
    at_unit(at, if anchored { Unit::Day } else { finest }, why)
}

fn clock_shift(frame: &Frame, story: &Story, base: Date, why: String) -> Reading {
    let Some((hour, minute)) = story.clock.filter(|_| story.published == Some(base)) else {
        return Reading::of(format!("{base}TXX"), Some((base, base)), "time", why, None);
    };
    let mut seconds = f64::from(hour) * 3600.0 + f64::from(minute) * 60.0;
    for (count, unit) in frame.amounts() {
        let Count::Exact(n) = count else { continue };
        let each = match unit {
            Unit::Second => 1.0,
            Unit::Minute => 60.0,
            Unit::Hour => 3600.0,
            _ => 86400.0,
        };
        seconds += n * each * f64::from(frame.sign);
    }
    let days = (seconds / 86400.0).floor();
    let rest = (seconds - days * 86400.0) as i64;
    match cal::add_days(base, days as i64) {
        Some(d) => Reading::of(format!("{d}T{:02}:{:02}", rest / 3600, rest / 60 % 60), Some((d, d)), "time", why, None),
        None => Reading::none("time", "out of the calendar"),
    }
}

fn time(grammar: &DateGrammar, frame: &Frame, story: &Story, tense: Tense) -> Reading {
    let dated = frame.year.is_some() || frame.month.is_some() || frame.dow.is_some() || frame.offset.is_some() || frame.day.is_some();
    let day = if dated {
        let day = date(grammar, frame, story, tense);
        if day.days.is_none_or(|d| d.0 != d.1) {
            return Reading { precision: "time", ..day };
        }
        day
    } else {
        match ((story.elsewhere || story.history).then_some(story.day).flatten()).or(story.published).or(story.day) {
            Some(d) => Reading::day(d, if story.published == Some(d) { "on the published date" } else { "on the day last told" }),
            None => Reading::none("time", NO_PUBLISHED),
        }
    };
    let clock = clock(frame);
    let value = day.days.map_or_else(|| clock.clone(), |d| format!("{}{clock}", d.0));
    Reading { value: Some(value), precision: "time", ..day }
}

fn reference(frame: &Frame, story: &Story) -> Reading {
    let value = frame.value.map(|v| v.as_str().to_owned());
    let days = story.published.filter(|_| value.as_deref() == Some("PRESENT_REF")).map(|d| (d, d));
    Reading { value, days, precision: "none", reason: "says no more than past, present or future".to_owned(), point: None }
}
