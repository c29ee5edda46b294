//! Calendar dates as headers write them: "2022-12-31", "14 August 2023", "Aug. 14, 2023", "14/08/2023".

use super::cues::Cues;
use crate::record::Span;
use jiff::civil::Date;

/// A date written out, with or without its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub span: Span,
    pub year: Option<i16>,
    pub month: i8,
    pub day: i8,
}

impl Stamp {
    /// The day, its year taken from `near` where it has none: the last such day not after `near` by more than a few days
    /// (a report may be published before the day that its dateline names in another time zone).
    pub fn resolve(&self, near: Option<Date>) -> Option<Date> {
        if let Some(year) = self.year {
            return Date::new(year, self.month, self.day).ok();
        }
        let near = near?;
        let this = Date::new(near.year(), self.month, self.day).ok();
        match this {
            Some(day) if day.duration_since(near).as_hours() > 72 => Date::new(near.year() - 1, self.month, self.day).ok(),
            day => day,
        }
    }
}

/// A word or number of the text with its place.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    start: usize,
}

/// Dates in `text`, in order. Meant for lines, not for whole reports.
pub(crate) fn find(text: &str, cues: &Cues) -> Vec<Stamp> {
    let words: Vec<Word> = words(text).collect();
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(word) = words.get(i) {
        let number = |k: usize| words.get(i + k).and_then(|w| day_number(w.text));
        let year = |k: usize| words.get(i + k).and_then(|w| year(w.text));
        let month = |k: usize| words.get(i + k).and_then(|w| cues.month(w.text));
        let close = |k: usize| {
            text.get(end(&words, i + k - 1)..words.get(i + k).map_or(0, |w| w.start))
                .is_some_and(|gap| gap.len() <= 4 && !gap.contains('\n'))
        };
        let made = if let Some((y, m, d)) = digits(word.text) {
            Some((0, Some(y), m, d))
        } else if let (Some(y), Some(m), Some(d)) = (year(0), number(1), number(2)) {
            // 2022-12-31, 2022/12/31, 2022.12.31
            (same_mark(text, &words, i) && m <= 12).then_some((2, Some(y), m, d))
        } else if let (Some(d), Some(m)) = (number(0), month(1)) {
            // 14 August 2023, 14 Aug
            let y = year(2).filter(|_| close(2));
            close(1).then_some((1 + usize::from(y.is_some()), y, m, d))
        } else if let (Some(m), Some(d)) = (month(0), number(1)) {
            // August 14, 2023
            let y = year(2).filter(|_| close(2));
            close(1).then_some((1 + usize::from(y.is_some()), y, m, d))
        } else if let (Some(a), Some(b), Some(y)) = (number(0), number(1), year(2)) {
            // 14/08/2023 where only one order is a date, or both say the same
            let made = match (a > 12, b > 12) {
                (true, false) => Some((b, a)),
                (false, true) => Some((a, b)),
                (false, false) if a == b => Some((a, b)),
                _ => None,
            };
            made.filter(|_| same_mark(text, &words, i)).map(|(m, d)| (2, Some(y), m, d))
        } else {
            None
        };
        match made {
            Some((more, year, month, day)) if (1..=31).contains(&day) && (1..=12).contains(&month) => {
                out.push(Stamp { span: Span::new(word.start, end(&words, i + more)), year, month, day });
                i += more + 1;
            }
            _ => i += 1,
        }
    }
    out
}

/// Runs of letters or of digits; an ordinal ending belongs to its number.
fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let skip = rest.find(|c: char| c.is_alphanumeric())?;
        let rest = rest.get(skip..)?;
        let digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let len = rest.find(|c: char| if digit { !c.is_ascii_digit() } else { !c.is_alphabetic() }).unwrap_or(rest.len()).max(1);
        let start = at + skip;
        at = start + len;
        let text = rest.get(..len).unwrap_or("");
        if digit {
            let tail = rest.get(len..).unwrap_or("");
            let ordinal = ["st", "nd", "rd", "th"]
                .iter()
                .find(|o| tail.get(..2) == Some(*o) && !tail.get(2..).is_some_and(|t| t.starts_with(char::is_alphanumeric)));
            at += ordinal.map_or(0, |o| o.len());
        }
        Some(Word { text, start })
    })
}

fn end(words: &[Word], i: usize) -> usize {
    words.get(i).map_or(0, |w| w.start + w.text.len())
}

/// Whether the three words from `i` are parted by the same single mark: `-`, `/` or `.`.
fn same_mark(text: &str, words: &[Word], i: usize) -> bool {
    let gap = |k: usize| text.get(end(words, i + k)..words.get(i + k + 1).map_or(0, |w| w.start)).unwrap_or("");
    matches!(gap(0), "-" | "/" | ".") && gap(0) == gap(1)
}

fn day_number(s: &str) -> Option<i8> {
    (s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok())?
}

fn year(s: &str) -> Option<i16> {
    let y: i16 = (s.len() == 4 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok())??;
    (1800..=2200).contains(&y).then_some(y)
}

/// 20230814.
fn digits(s: &str) -> Option<(i16, i8, i8)> {
    if s.len() != 8 || !s.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (y, m, d) = (year(s.get(..4)?)?, day_number(s.get(4..6)?)?, day_number(s.get(6..)?)?);
    Date::new(y, m, d).ok().map(|_| (y, m, d))
}
