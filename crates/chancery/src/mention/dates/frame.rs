//! What a time expression says, before it is placed in time.

use crate::mention::pattern::{Capture, Shape};
use serde::Deserialize;

/// Units of time, from the finest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Night,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Half,
    Year,
    Decade,
    Century,
}

impl Unit {
    pub const ALL: [Unit; 14] = [
        Unit::Second,
        Unit::Minute,
        Unit::Hour,
        Unit::Night,
        Unit::Day,
        Unit::Weekend,
        Unit::Week,
        Unit::Fortnight,
        Unit::Month,
        Unit::Quarter,
        Unit::Half,
        Unit::Year,
        Unit::Decade,
        Unit::Century,
    ];
    pub fn name(self) -> &'static str {
        match self {
            Unit::Second => "second",
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Night => "night",
            Unit::Day => "day",
            Unit::Weekend => "weekend",
            Unit::Week => "week",
            Unit::Fortnight => "fortnight",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Half => "half",
            Unit::Year => "year",
            Unit::Decade => "decade",
            Unit::Century => "century",
        }
    }
}

/// Which part of a period is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edge {
    Start,
    Early,
    Mid,
    Late,
    End,
    Rest,
}

/// What an expression counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Base {
    /// Whatever is not said: the story where there is no published date or it tells of another year.
    #[default]
    Auto,
    Published,
    Narrative,
    Tense,
}

pub const SEASONS: [&str; 4] = ["SP", "SU", "FA", "WI"];
pub const DAYPARTS: [&str; 6] = ["MO", "MI", "AF", "EV", "NI", "DT"];

/// A number of units: exact, or some ("a few").
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Count {
    Exact(f64),
    Some,
}

/// The captures of a rule.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    pub year: Option<i32>,
    pub short_year: bool,
    pub bc: bool,
    pub decade: bool,
    pub month: Option<i8>,
    pub day: Option<i8>,
    /// 1 = Monday.
    pub dow: Option<i8>,
    /// Index into [`SEASONS`].
    pub season: Option<u8>,
    pub nth: Option<i32>,
    pub unit: Option<Unit>,
    /// -1 last, 0 this, 1 next.
    pub rel: Option<i8>,
    pub rel_unit: Option<Unit>,
    pub base: Base,
    pub offset: Option<i32>,
    pub sign: i8,
    pub edge: Option<Edge>,
    /// Index into [`DAYPARTS`].
    pub daypart: Option<u8>,
    pub hour: Option<i8>,
    pub minute: Option<i8>,
    pub second: Option<i8>,
    pub afternoon: Option<bool>,
    pub holiday: Option<u16>,
    pub(super) amounts: [Option<(Count, Unit)>; 4],
    pub anchor: Option<Box<Frame>>,
    pub value: Option<Reference>,
    /// Zone given as universal time.
    pub zone: bool,
    pub(super) pending: Option<Count>,
    pub(super) count_is_hour: bool,
    pub(super) compact_clock: bool,
    pub(super) minute_first: bool,
    /// The minutes are still to go to the hour: "ten to five".
    pub(super) minus: bool,
}

/// Constants of a part or rule in `dates.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct With {
    pub(super) bc: bool,
    pub(super) short_year: bool,
    pub(super) decade: bool,
    pub(super) rel: Option<Rel>,
    pub(super) rel_unit: Option<Unit>,
    pub(super) base: Option<Base>,
    pub(super) offset: Option<i32>,
    pub(super) sign: Option<i8>,
    pub(super) edge: Option<Edge>,
    pub(super) unit: Option<Unit>,
    pub(super) nth: Option<i32>,
    pub(super) count: Option<f64>,
    pub(super) vague: bool,
    pub(super) daypart: Option<String>,
    pub(super) value: Option<Reference>,
    pub(super) count_is_hour: bool,
    pub(super) compact_clock: bool,
    pub(super) minute: Option<i8>,
    pub(super) minute_first: bool,
    pub(super) minus: bool,
    pub(super) hour: Option<i8>,
    #[serde(skip)]
    pub holiday: Option<u16>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Rel {
    Last,
    This,
    Next,
}

/// The classes a frame understands, in the order of their numbers; those after `other` only select words.
pub const CLASSES: [&str; 16] = [
    "month",
    "plain_month",
    "dow",
    "plain_dow",
    "dows",
    "season",
    "plain_season",
    "unit",
    "one_unit",
    "units",
    "edge",
    "edge_noun",
    "daypart",
    "plain_daypart",
    "ampm",
    "ampm_letter",
];
/// Further classes with values of their own.
pub const MORE_CLASSES: [&str; 9] =
    ["short_month", "short_dow", "fine_unit", "short_unit", "adverb_unit", "rel", "fixed_time", "zone", "decade_words"];

/// The number a class's key stands for, or None where the key is not one of the class's.
pub fn class_value(class: &str, key: &str) -> Option<i32> {
    let at = |list: &[&str]| list.iter().position(|&k| k == key).map(|i| i as i32);
    match class {
        "season" | "plain_season" => at(&SEASONS),
        "daypart" | "plain_daypart" => at(&DAYPARTS),
        "unit" | "one_unit" | "units" | "fine_unit" | "short_unit" | "adverb_unit" => {
            Unit::ALL.iter().position(|u| u.name() == key).map(|i| i as i32)
        }
        "edge" | "edge_noun" => at(&["start", "early", "mid", "late", "end", "rest"]),
        "rel" => at(&["last", "this", "next"]).map(|v| v - 1),
        _ => key.parse().ok(),
    }
}

fn edge(value: i32) -> Edge {
    [Edge::Start, Edge::Early, Edge::Mid, Edge::Late, Edge::End, Edge::Rest].get(value as usize).copied().unwrap_or(Edge::Rest)
}

/// Expressions that say no more than past, present or future.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Reference {
    #[serde(rename = "PAST_REF")]
    Past,
    #[serde(rename = "PRESENT_REF")]
    Present,
    #[serde(rename = "FUTURE_REF")]
    Future,
}

impl Reference {
    pub fn as_str(self) -> &'static str {
        match self {
            Reference::Past => "PAST_REF",
            Reference::Present => "PRESENT_REF",
            Reference::Future => "FUTURE_REF",
        }
    }
}

impl Frame {
    /// The amounts of time it names, in order: "two years and three months".
    pub fn amounts(&self) -> impl Iterator<Item = (Count, Unit)> + '_ {
        self.amounts.iter().flatten().copied()
    }

    fn push(&mut self, count: Count, unit: Unit) -> bool {
        match self.amounts.iter_mut().find(|a| a.is_none()) {
            Some(place) => put(place, (count, unit)),
            None => false,
        }
    }

    /// Whether the parts fit each other: no year 13, no 30 February in any year.
    pub fn is_possible(&self) -> bool {
        let day_fits = match (self.month, self.day) {
            (Some(m), Some(d)) => d <= [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].get((m - 1) as usize).copied().unwrap_or(0),
            _ => true,
        };
        let round = !self.decade || self.year.is_none_or(|y| y % 10 == 0);
        day_fits && round && self.hour.is_none_or(|h| h <= 24) && !(self.short_year && self.year.is_some_and(|y| y > 99))
    }
    fn unit(&mut self, unit: Unit) -> bool {
        match self.pending.take() {
            Some(count) => self.push(count, unit),
            None if self.unit.is_none() => {
                self.unit = Some(unit);
                true
            }
            None => false,
        }
    }
}

/// Sets an empty place; false where it is taken.
fn put<T>(place: &mut Option<T>, value: T) -> bool {
    let free = place.is_none();
    if free {
        *place = Some(value);
    }
    free
}

impl Capture for Frame {
    type With = With;

    fn class(&mut self, class: u16, value: i32) -> bool {
        let name = CLASSES.iter().chain(&MORE_CLASSES).nth(class as usize).copied().unwrap_or("");
        match name {
            "month" | "plain_month" | "short_month" => put(&mut self.month, value as i8),
            "dow" | "plain_dow" | "dows" | "short_dow" => put(&mut self.dow, value as i8),
            "season" | "plain_season" => put(&mut self.season, value as u8),
            "unit" | "one_unit" | "units" | "fine_unit" | "short_unit" | "adverb_unit" => {
                let unit = Unit::ALL.get(value as usize).copied().unwrap_or(Unit::Day);
                self.unit(unit)
            }
            "edge" | "edge_noun" => put(&mut self.edge, edge(value)),
            "daypart" | "plain_daypart" => put(&mut self.daypart, value as u8),
            "ampm" | "ampm_letter" => self.hour.is_some_and(|h| h <= 24) && put(&mut self.afternoon, value > 0),
            "rel" => put(&mut self.rel, value as i8),
            "fixed_time" => {
                self.hour = Some(value as i8);
                put(&mut self.minute, 0)
            }
            "zone" => {
                self.zone = true;
                true
            }
            "decade_words" => {
                self.decade = true;
                put(&mut self.year, value)
            }
            _ => true,
        }
    }

    fn shape(&mut self, shape: Shape, value: f64) -> bool {
        let whole = value as i32;
        match shape {
            Shape::Year | Shape::YearWords | Shape::LongAgo => put(&mut self.year, whole),
            Shape::TwoDigits if self.compact_clock => {
                if self.hour.is_none() {
                    self.hour = Some(whole as i8);
                    whole <= 24
                } else {
                    whole < 60 && put(&mut self.minute, whole as i8)
                }
            }
            Shape::TwoDigits => put(&mut self.year, whole),
            Shape::MonthNumber => put(&mut self.month, whole as i8),
            Shape::Day | Shape::DayWords => put(&mut self.day, whole as i8),
            Shape::Hour => put(&mut self.hour, whole as i8),
            Shape::Minute if self.minute.is_none() => put(&mut self.minute, whole as i8),
            Shape::Minute => put(&mut self.second, whole as i8),
            Shape::Ordinal => (1.0..=99.0).contains(&value) && put(&mut self.nth, whole),
            Shape::Digits if self.compact_clock => {
                let good = (100..=2400).contains(&whole) && whole % 100 < 60;
                self.minute = Some((whole % 100) as i8);
                good && put(&mut self.hour, (whole / 100) as i8)
            }
            Shape::Digits if self.decade => put(&mut self.year, whole),
            Shape::Digits => put(&mut self.nth, whole),
            Shape::Count if self.count_is_hour => {
                let minute = self.minute_first && self.minute.is_none() || self.hour.is_some();
                // "siete y media" is read as seven and a half.
                if !minute && value <= 24.0 && value.fract() > 0.0 && (value * 4.0).fract() == 0.0 {
                    self.hour = Some(whole as i8);
                    return put(&mut self.minute, (value.fract() * 60.0) as i8);
                }
                if minute {
                    value.fract() == 0.0 && (0.0..60.0).contains(&value) && put(&mut self.minute, whole as i8)
                } else {
                    value.fract() == 0.0 && value <= 24.0 && put(&mut self.hour, whole as i8)
                }
            }
            Shape::Count | Shape::Plain => value.is_finite() && value < 1e6 && put(&mut self.pending, Count::Exact(value)),
        }
    }

    fn apart(&mut self, inner: Self) -> bool {
        put(&mut self.anchor, Box::new(inner))
    }

    fn apply(&mut self, with: &With) {
        self.bc |= with.bc;
        self.short_year |= with.short_year;
        self.decade |= with.decade;
        self.count_is_hour |= with.count_is_hour;
        self.compact_clock |= with.compact_clock;
        self.minute_first |= with.minute_first;
        self.minus |= with.minus;
        self.minute = self.minute.or(with.minute);
        self.hour = self.hour.or(with.hour);
        self.rel = self.rel.or(with.rel.map(|r| r as i8 - 1));
        self.rel_unit = self.rel_unit.or(with.rel_unit);
        self.base = with.base.unwrap_or(self.base);
        self.offset = self.offset.or(with.offset);
        self.sign = with.sign.unwrap_or(self.sign);
        self.edge = self.edge.or(with.edge);
        self.unit = self.unit.or(with.unit);
        self.nth = self.nth.or(with.nth);
        self.holiday = self.holiday.or(with.holiday);
        self.value = self.value.or(with.value);
        if let Some(n) = with.count {
            self.pending = Some(Count::Exact(n));
        }
        if with.vague {
            self.pending = Some(Count::Some);
        }
        if let Some(at) = with.daypart.as_deref().and_then(|d| DAYPARTS.iter().position(|&p| p == d)) {
            self.daypart = self.daypart.or(Some(at as u8));
        }
        // "the day after Christmas": an amount that no word gives.
        if let (Some(unit), Some(Count::Exact(n)), true) = (with.unit, self.pending, with.count.is_some()) {
            self.push(Count::Exact(n), unit);
            self.pending = None;
            self.unit = None;
        }
    }
}
