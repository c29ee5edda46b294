//! Calendar arithmetic that never fails: what does not exist is None.

use super::frame::Unit;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

pub type Days = (Date, Date);

pub fn date(year: i32, month: i8, day: i8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

pub fn add_days(date: Date, days: i64) -> Option<Date> {
    date.checked_add(days.checked_mul(1).filter(|d| d.abs() < 4_000_000)?.days()).ok()
}

pub fn add_months(date: Date, months: i64) -> Option<Date> {
    date.checked_add(Some(months).filter(|m| m.abs() < 200_000)?.months()).ok()
}

pub fn month(year: i32, month: i8) -> Option<Days> {
    let first = date(year, month, 1)?;
    Some((first, first.last_of_month()))
}

pub fn year(year: i32) -> Option<Days> {
    Some((date(year, 1, 1)?, date(year, 12, 31)?))
}

pub fn years(from: i32, to: i32) -> Option<Days> {
    Some((date(from, 1, 1)?, date(to, 12, 31)?))
}

/// Quarter 1 to 4.
pub fn quarter(year: i32, quarter: i8) -> Option<Days> {
    let first = date(year, (quarter - 1).checked_mul(3)? + 1, 1)?;
    Some((first, date(year, quarter * 3, 1)?.last_of_month()))
}

/// Half 1 or 2.
pub fn half(year: i32, half: i8) -> Option<Days> {
    let from = if half == 1 { 1 } else { 7 };
    Some((date(year, from, 1)?, date(year, from + 5, 1)?.last_of_month()))
}

/// Northern seasons by whole months; winter begins the December before.
pub fn season(year: i32, season: usize) -> Option<Days> {
    let (first, last) = match season {
        0 => ((year, 3), (year, 5)),
        1 => ((year, 6), (year, 8)),
        2 => ((year, 9), (year, 11)),
        _ => ((year - 1, 12), (year, 2)),
    };
    Some((date(first.0, first.1, 1)?, date(last.0, last.1, 1)?.last_of_month()))
}

/// Monday of the ISO week that holds `day`.
pub fn monday(day: Date) -> Option<Date> {
    add_days(day, -i64::from(day.weekday().to_monday_zero_offset()))
}

pub fn week_of(day: Date) -> Option<Days> {
    let first = monday(day)?;
    Some((first, add_days(first, 6)?))
}

pub fn iso_week(year: i32, week: i32) -> Option<Days> {
    let fourth = date(year, 1, 4)?;
    let first = add_days(monday(fourth)?, i64::from(week - 1) * 7)?;
    (1..=53).contains(&week).then_some((first, add_days(first, 6)?))
}

/// "2016-W45".
pub fn week_value(day: Date) -> String {
    let week = day.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

pub fn weekday(number: i8) -> Option<Weekday> {
    Weekday::from_monday_one_offset(number).ok()
}

/// The `nth` weekday of a month; -1 is the last.
pub fn nth_weekday(year: i32, month: i8, weekday_number: i8, nth: i32) -> Option<Date> {
    date(year, month, 1)?.nth_weekday_of_month(i8::try_from(nth).ok()?, weekday(weekday_number)?).ok()
}

/// Easter Sunday of the western churches (the Gregorian computus).
pub fn easter(year: i32) -> Option<Date> {
    if !(1583..=9999).contains(&year) {
        return None;
    }
    let (golden, century) = (year % 19, year / 100);
    let moon = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
    let full = moon - (moon / 28) * (1 - (moon / 28) * (29 / (moon + 1)) * ((21 - golden) / 11));
    let sunday = (year + year / 4 + full + 2 - century + century / 4) % 7;
    let offset = full - sunday;
    let month = 3 + (offset + 40) / 44;
    date(year, month as i8, (offset + 28 - 31 * (month / 4)) as i8)
}

/// Moves a day by whole units; fractions only down to days.
pub fn shift(day: Date, count: f64, unit: Unit) -> Option<Date> {
    if !count.is_finite() || count.abs() > 1e6 {
        return None;
    }
    let whole = count.trunc() as i64;
    let half = count.fract();
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour => Some(day),
        Unit::Day | Unit::Night => add_days(day, whole),
        Unit::Week | Unit::Weekend => add_days(day, (count * 7.0).round() as i64),
        Unit::Fortnight => add_days(day, (count * 14.0).round() as i64),
        Unit::Month => add_days(add_months(day, whole)?, (half * 30.0) as i64),
        Unit::Quarter => add_months(day, whole * 3),
        Unit::Half => add_months(day, whole * 6),
        Unit::Year => add_months(day, (count * 12.0).round() as i64),
        Unit::Decade => add_months(day, (count * 120.0).round() as i64),
        Unit::Century => add_months(day, (count * 1200.0).round() as i64),
    }
}

/// The early, middle or late part of a stretch of days.
pub fn part_of(days: Days, edge: super::frame::Edge) -> Days {
    use super::frame::Edge;
    let (first, last) = days;
    let length = first.until(last).map(|s| i64::from(s.get_days())).unwrap_or(0);
    let third = length / 3;
    let cut = |from: i64, to: i64| (add_days(first, from).unwrap_or(first), add_days(first, to).unwrap_or(last));
    match edge {
        Edge::Start | Edge::Early => cut(0, third),
        Edge::Mid => cut(third + 1, length - third - 1),
        Edge::Late | Edge::End => (add_days(last, -third).unwrap_or(first), last),
        Edge::Rest => days,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_of_known_years() {
        for (y, m, d) in [(2019, 4, 21), (2016, 3, 27), (2024, 3, 31), (1961, 4, 2), (2038, 4, 25)] {
            assert_eq!(easter(y), date(y, m, d), "{y}");
        }
    }

    #[test]
    fn what_does_not_exist_is_none() {
        assert_eq!(date(2003, 2, 29), None);
        assert_eq!(date(99999, 1, 1), None);
        assert_eq!(month(2001, 13), None);
        assert_eq!(quarter(2001, 127), None);
        assert_eq!(add_days(date(9999, 12, 31).unwrap(), 1), None);
        assert_eq!(iso_week(2001, 54), None);
        assert_eq!(shift(date(2001, 1, 1).unwrap(), f64::INFINITY, Unit::Year), None);
    }

    #[test]
    fn weeks_cross_years() {
        assert_eq!(week_value(date(2016, 1, 1).unwrap()), "2015-W53");
        assert_eq!(iso_week(2016, 45).map(|w| w.0), date(2016, 11, 7));
    }
}
