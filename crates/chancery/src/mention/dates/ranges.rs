//! Ranges and lists: "from 1914 to 1918", "5-7 May", "1916/17", "March 5 and 9, 1918".
//!
//! Each end is a mention of its own, as TIMEX3 has it; `role` says which end it is.

use super::frame::Frame;
use super::grammar::{DateGrammar, Kind};
use super::{DateMention, Found};
use crate::mention::atoms::{Atom, AtomKind};

/// Longest list of bare days before or after a date.
const LIST: usize = 6;

impl DateGrammar {
    /// The match, with the bare days and years that lean on it before and after.
    pub(super) fn widened(&self, atoms: &[Atom], text: &str, _at: usize, block: usize, found: Found, out: &[DateMention]) -> Vec<Found> {
        let Some(rule) = self.rules.get(found.rule) else { return Vec::new() };
        if rule.kind != Kind::Date || found.frame.nth.is_some() {
            return vec![found];
        }
        let mut all = Vec::new();
        let frame = &found.frame;
        let dated = frame.month.is_some() && frame.day.is_some() && frame.holiday.is_none();
        let taken = out.last().map_or(0, |m| m.record.span.end);
        if dated && atoms.get(found.from).is_some_and(|a| a.kind == AtomKind::Digits) {
            // "8/9 February", "5, 6 and 7 May": the days stand before.
            let mut at = found.from;
            while all.len() < LIST {
                let Some((joiner, day)) = at.checked_sub(2).filter(|&d| d >= block).map(|d| (at - 1, d)) else { break };
                let fits = self.joins(atoms, joiner)
                    && atoms.get(day).is_some_and(|a| a.start >= taken)
                    && !atoms[at].fresh
                    && !atoms[joiner].fresh;
                let Some(value) = day_number(atoms, text, day, false).filter(|_| fits && !self.counts(atoms, text, day)) else { break };
                let mut frame = Frame { day: Some(value), dow: None, daypart: None, ..frame.clone() };
                frame.edge = None;
                all.push(Found { rule: found.rule, from: day, to: day + 1, frame });
                at = day;
            }
            all.reverse();
        }
        // "479-478 BC": the year before leans on the era.
        let lone_year = frame.bc && frame.month.is_none() && frame.season.is_none() && !frame.decade && frame.nth.is_none();
        if lone_year && atoms.get(found.from).is_some_and(|a| a.kind == AtomKind::Digits && !a.fresh) {
            let before = found.from.checked_sub(2).filter(|&d| d >= block && self.joins(atoms, d + 1));
            let value = before
                .and_then(|d| atoms.get(d))
                .filter(|a| a.kind == AtomKind::Digits && a.end - a.start <= 4 && a.start >= taken)
                .and_then(|a| a.text(text).parse::<i32>().ok());
            if let (Some(at), Some(value)) = (before, value.filter(|v| frame.year.is_some_and(|y| *v > y))) {
                all.push(Found { rule: found.rule, from: at, to: at + 1, frame: Frame { year: Some(value), edge: None, ..frame.clone() } });
            }
        }
        let (end, year) = (found.to, frame.year);
        let model = frame.clone();
        let number = found.rule;
        all.push(found);
        let mut at = end;
        for _ in 0..LIST {
            if !self.joins(atoms, at) || atoms.get(at + 1).is_none_or(|a| a.fresh) || atoms[at].fresh {
                break;
            }
            let next = at + 1;
            if model.month.is_none() && model.season.is_none() && year.is_some() && !model.bc && !model.decade {
                // "1914-18".
                let glued =
                    atoms.get(at).is_some_and(|a| !a.spaced) && atoms.get(next).is_some_and(|a| !a.spaced && a.kind == AtomKind::Digits);
                let two = atoms.get(next).map_or("", |a| a.text(text));
                let after_glued =
                    atoms.get(next + 1).is_some_and(|a| !a.spaced && (a.kind != AtomKind::Mark || matches!(a.text(text), "-" | "/" | "'")));
                let (Some(first), Ok(last)) = (year, two.parse::<i32>()) else { break };
                let last = first / 100 * 100 + last;
                if !glued || two.len() != 2 || last <= first || after_glued {
                    break;
                }
                all.push(Found { rule: number, from: next, to: next + 1, frame: Frame { year: Some(last), edge: None, ..model.clone() } });
                break;
            }
            if !dated {
                break;
            }
            // "May ninth through seventeenth".
            let words = self.numbers(atoms, text).at(next).filter(|n| n.words && n.ordinal && (1.0..=31.0).contains(&n.value));
            if let Some(day) = words.filter(|_| self.words.range.contains(&atoms[at].word) && model.year.is_none()) {
                all.push(Found { rule: number, from: next, to: day.end, frame: Frame { day: Some(day.value as i8), dow: None, ..model } });
                break;
            }
            // "May 5-7", "May 5 and 9, 1918".
            let fits = atoms.get(end - 1).is_some_and(|a| a.kind == AtomKind::Digits || a.kind == AtomKind::Word);
            let ordinal = usize::from(self.is_ordinal_end(atoms, next + 1));
            let followed = atoms.get(next + 1 + ordinal).filter(|a| !a.fresh);
            // "10/1 to 11/7": what follows is a month, not a day.
            let numeric = |a: &Atom, digits_on: bool| {
                a.text(text) == "/" && !a.spaced && digits_on && atoms.get(at).is_some_and(|j| j.text(text) != "/")
            };
            let is_list_end = followed.is_none_or(|a| {
                let digits_on = atoms.get(next + 2 + ordinal).is_some_and(|b| !b.spaced && b.kind == AtomKind::Digits);
                (a.kind == AtomKind::Mark && (a.spaced || !digits_on))
                    || self.words.list.contains(&a.word) && !numeric(a, digits_on)
                    || (a.kind == AtomKind::Word && a.spaced && !a.capital && !self.plural(a, text) && !self.is_timeish(a))
            });
            let Some(value) = day_number(atoms, text, next, ordinal > 0).filter(|_| fits && is_list_end && model.year.is_none()) else {
                break;
            };
            let mut to = next + 1 + ordinal;
            let mut frame = Frame { day: Some(value), dow: None, daypart: None, ..model.clone() };
            // The year may stand after the last day of the list.
            if atoms.get(to).is_some_and(|a| a.text(text) == ",")
                && let Some(y) = atoms
                    .get(to + 1)
                    .filter(|a| a.kind == AtomKind::Digits && a.text(text).len() == 4)
                    .and_then(|a| a.text(text).parse::<i32>().ok())
                && (1000..2200).contains(&y)
            {
                frame.year = Some(y);
                for f in &mut all {
                    f.frame.year = f.frame.year.or(Some(y));
                }
                to += 2;
            }
            all.push(Found { rule: number, from: next, to, frame });
            at = to;
        }
        all
    }

    fn joins(&self, atoms: &[Atom], at: usize) -> bool {
        atoms.get(at).is_some_and(|a| self.words.list.contains(&a.word) || self.words.range.contains(&a.word))
    }

    /// A number that counts something: "3 on 5 May" has no such day list before it.
    fn counts(&self, atoms: &[Atom], text: &str, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|b| atoms.get(b)) else { return false };
        !atoms[at].fresh && before.kind == AtomKind::Mark && !atoms[at].spaced && matches!(before.text(text), "." | ":" | "$" | "-")
    }

    /// "th" written onto digits.
    fn is_ordinal_end(&self, atoms: &[Atom], at: usize) -> bool {
        let meanings = atoms.get(at).filter(|a| !a.spaced).and_then(|a| self.lexicon.numbers.get(a.word as usize));
        meanings.is_some_and(|m| m.contains(&crate::mention::numbers::NumWord::OrdinalEnding))
    }

    fn is_timeish(&self, a: &Atom) -> bool {
        ["unit", "units", "ampm", "month"]
            .iter()
            .any(|c| self.lexicon.find_class(c).is_some_and(|c| self.lexicon.value(a.word, c).is_some()))
    }
}

fn day_number(atoms: &[Atom], text: &str, at: usize, ordinal: bool) -> Option<i8> {
    let atom = atoms.get(at).filter(|a| a.kind == AtomKind::Digits)?;
    let digits = atom.text(text);
    let glued_word = !ordinal
        && atoms.get(at + 1).is_some_and(|a| {
            !a.spaced
                && (a.kind == AtomKind::Word
                    || matches!(a.text(text), "." | "%" | ":")
                        && atoms.get(at + 2).is_some_and(|b| !b.spaced && b.kind == AtomKind::Digits))
        });
    digits.parse().ok().filter(|d| digits.len() <= 2 && (1..=31).contains(d) && !glued_word)
}

/// Gives the two ends of a range their roles.
pub(super) fn mark(grammar: &DateGrammar, text: &str, atoms: &[Atom], out: &mut [DateMention]) {
    for i in 1..out.len() {
        let (Some(a), Some(b)) = (out.get(i - 1), out.get(i)) else { continue };
        if a.record.role.as_deref().is_some_and(|r| r != "since") || !is_point(&a.record.r#type) || !is_point(&b.record.r#type) {
            continue;
        }
        let (end, start) = (a.record.span.end, b.record.span.start);
        if start < end || start - end > 12 {
            continue;
        }
        let first = atoms.partition_point(|x| x.start < end);
        let between: Vec<&Atom> = atoms.iter().skip(first).take_while(|x| x.end <= start).take(3).collect();
        let lead = atoms.partition_point(|x| x.start < a.record.span.start).checked_sub(1).and_then(|l| atoms.get(l));
        let Some(joiner) = between.first().filter(|_| between.len() == 1 || between.len() == 2 && between[1].end - between[1].start <= 3)
        else {
            continue;
        };
        let whole = grammar.words.range.contains(&joiner.word) && joiner.text(text) != "/";
        let and = grammar.words.and.contains(&joiner.word) && lead.is_some_and(|l| grammar.words.between.contains(&l.word));
        if (whole || and) && !joiner.fresh {
            if let Some(m) = out.get_mut(i - 1) {
                m.record.role = Some("from".to_owned());
            }
            if let Some(m) = out.get_mut(i) {
                m.record.role = Some("until".to_owned());
            }
        }
    }
}

fn is_point(kind: &str) -> bool {
    matches!(kind, "DATE" | "TIME")
}
