//! Dates and times, TIMEX3-grade: found by the patterns of `data/lang/*/dates.toml`, placed in time against the
//! published date and against what the report has told before.

mod calendar;
mod event_date;
mod frame;
mod grammar;
mod lengths;
mod ranges;
mod resolve;
mod tense;
#[cfg(test)]
mod tests;

pub use event_date::{DateQuery, EventTime, event_date};
pub use grammar::DateGrammar;

use crate::data::DataFiles;
use crate::error::Result;
use crate::mention::atoms::{Atom, AtomKind, scan};
use crate::mention::numbers::Numbers;
use crate::mention::pattern::Matcher;
use crate::model::{DateMention, Doc};
use crate::record::{BlockKind, DateRecord, Span};
use crate::stages::{Languages, Stage};
use frame::Frame;
use grammar::{Guard, Kind, Role, Rule};
use resolve::{Reading, Story, Tense, resolve};
use std::cell::Cell;
use std::collections::BTreeMap;

/// How many atoms after a date of another year the story still counts as being there.
const ELSEWHERE_REACH: usize = 60;

/// Years away from publication that make a report a chronicle.
const HISTORY_YEARS: usize = 6;

/// A match before it is placed in time.
struct Found {
    rule: usize,
    from: usize,
    to: usize,
    frame: Frame,
}

/// The date grammars of all languages that serve the stage.
#[derive(Debug, Default)]
pub struct Dates {
    grammars: BTreeMap<String, DateGrammar>,
}

impl Dates {
    /// Compiles `lang/*/dates.toml` of every language that declares the stage.
    pub fn load(files: &DataFiles, served: &Languages) -> Result<Self> {
        let load = |lang: &str| Ok((lang.to_owned(), DateGrammar::load(files, lang)?));
        Ok(Dates { grammars: served.serving(Stage::Dates).map(load).collect::<Result<_>>()? })
    }

    /// All time expressions of a report, in text order; none where its language has no grammar.
    pub fn find(&self, doc: &Doc) -> Vec<DateMention> {
        self.grammars.get(doc.language).map_or_else(Vec::new, |g| g.find(doc))
    }
}

impl DateGrammar {
    /// All time expressions of a report, in text order. Linear in its length.
    pub fn find(&self, doc: &Doc) -> Vec<DateMention> {
        let text = doc.report.text.as_str();
        let mut atoms: Vec<Atom> = Vec::new();
        let whole = [(BlockKind::Paragraph, Span::new(0, text.len()))];
        let blocks: Vec<(BlockKind, Span)> = doc.blocks.iter().map(|b| (b.kind, b.span)).collect();
        let mut number = |w: &str| self.lexicon.id(w);
        let mut ends = Vec::new();
        for (kind, span) in if blocks.is_empty() { &whole[..] } else { &blocks[..] } {
            scan(text, *span, &mut number, &mut atoms);
            ends.push((*kind, atoms.len()));
        }
        let mut out = Vec::new();
        let mut body =
            Story { published: doc.published, history: self.tells_history(&atoms, text, doc), clock: clock_of(doc), ..Story::default() };
        let mut from = 0;
        for (block, (kind, to)) in ends.into_iter().enumerate() {
            let published = doc.blocks.get(block).and_then(|b| posted(doc, b.span)).or(body.published);
            let mut own = Story { published, history: false, last: None, day: None, month: None, elsewhere: false, ..body.clone() };
            let tells =
                matches!(kind, BlockKind::Paragraph | BlockKind::Title | BlockKind::Heading | BlockKind::Dateline | BlockKind::Caption);
            self.block(doc, &atoms, from, to, kind, if tells { &mut body } else { &mut own }, &mut out);
            from = to;
        }
        out
    }

    /// Whether most years that a report names lie away from its published date: a chronicle is dated by its own course.
    fn tells_history(&self, atoms: &[Atom], text: &str, doc: &Doc) -> bool {
        let Some(published) = doc.published.map(|d| i32::from(d.year())) else { return true };
        let (mut near, mut far, mut news) = (0usize, 0usize, 0usize);
        let weekday = self.lexicon.find_class("plain_dow");
        for (i, pair) in atoms.windows(2).enumerate() {
            let [before, atom] = pair else { continue };
            // News names its days: "on Friday", not "Friday, 26 October 1917".
            if weekday.is_some_and(|c| self.lexicon.value(atom.word, c).is_some()) && atoms.get(i + 2).is_none_or(|a| a.text(text) != ",") {
                news += 1;
            }
            let Some(year) =
                (atom.kind == AtomKind::Digits && atom.end - atom.start == 4).then(|| atom.text(text).parse::<i32>().ok()).flatten()
            else {
                continue;
            };
            let told = self.words.year_before.contains(&before.word) || matches!(before.text(text), "," | "(") || self.is_month(before);
            if !told || !(1000..2100).contains(&year) || atoms.get(i + 2).is_some_and(|a| self.plural(a, text)) {
                continue;
            }
            if (year - published).abs() <= 1 { near += 1 } else { far += 1 }
        }
        far >= HISTORY_YEARS && 2 * far >= 3 * near && far >= 6 * news
    }

    fn is_month(&self, atom: &Atom) -> bool {
        self.lexicon.find_class("month").is_some_and(|c| self.lexicon.value(atom.word, c).is_some())
    }

    /// The expressions of one block: `atoms[from..to]`.
    #[allow(clippy::too_many_arguments)]
    fn block(&self, doc: &Doc, atoms: &[Atom], from: usize, to: usize, kind: BlockKind, story: &mut Story, out: &mut Vec<DateMention>) {
        let text = doc.report.text.as_str();
        let Some(atoms) = atoms.get(..to) else { return };
        let numbers = self.numbers(atoms, text);
        let matcher = Matcher {
            lexicon: &self.lexicon,
            parts: &self.parts,
            withs: &self.withs,
            numbers,
            text,
            budget: Cell::new(0),
            number: Cell::new(None),
        };
        let mut told_at = None;
        let mut at = from;
        while at < to {
            let Some(found) = self.longest(&matcher, atoms, text, at) else {
                at += 1;
                continue;
            };
            let mut found = found;
            self.borrow_year(&matcher, atoms, text, &mut found);
            let places: Vec<Found> = self.widened(atoms, text, at.max(from), from, found, out);
            for found in places {
                at = at.max(found.to);
                let near = told_at.is_some_and(|t: usize| found.from.saturating_sub(t) <= ELSEWHERE_REACH);
                story.elsewhere = near && story.last.is_some_and(|p| story.published.is_some_and(|d| i32::from(d.year()) != p.year));
                let Some(rule) = self.rules.get(found.rule) else { continue };
                let tense = if needs_tense(&found.frame) { self.tense(doc, atoms, found.from, found.to) } else { Tense::Unknown };
                let reading = resolve(self, rule.kind, &found.frame, story, tense);
                if let Some(point) = reading.point {
                    story.last = Some(point);
                    if let Some(month) = point.month.filter(|_| point.year > 0) {
                        story.month = Some((point.year, month));
                    }
                    if let Some((day, _)) = reading.days.filter(|d| d.0 == d.1) {
                        story.day = Some(day);
                        story.month = Some((i32::from(day.year()), day.month()));
                    }
                    told_at = Some(found.to);
                }
                out.push(mention(self, doc, atoms, rule, &found, reading, kind));
            }
        }
        ranges::mark(self, text, atoms, out);
    }

    fn numbers<'a>(&'a self, atoms: &'a [Atom], text: &'a str) -> Numbers<'a> {
        Numbers { text, atoms, words: &self.lexicon.numbers, group: self.lexicon.group, decimal: self.lexicon.decimal }
    }

    /// "August and September 1914", "26 June - 4 August 1952": the first has the year of the second.
    fn borrow_year(&self, matcher: &Matcher<Frame>, atoms: &[Atom], text: &str, found: &mut Found) {
        let frame = &found.frame;
        let joiner = atoms.get(found.to).filter(|a| !a.fresh && (self.words.range.contains(&a.word) || self.words.list.contains(&a.word)));
        if joiner.is_none() || frame.year.is_some() || frame.month.is_none() || frame.rel.is_some() || frame.holiday.is_some() {
            return;
        }
        let Some(next) = self.longest(matcher, atoms, text, found.to + 1).filter(|_| atoms.get(found.to + 1).is_some_and(|a| !a.fresh))
        else {
            return;
        };
        let same_kind = next.frame.month.is_some() && next.frame.day.is_some() == frame.day.is_some() && !next.frame.short_year;
        if let (Some(year), true) = (next.frame.year, same_kind) {
            let turn = i32::from(frame.month > next.frame.month);
            found.frame.year = Some(if next.frame.bc { year + turn } else { year - turn });
            found.frame.bc = next.frame.bc;
        }
    }

    /// The longest match of any rule that begins at atom `at`.
    fn longest(&self, matcher: &Matcher<Frame>, atoms: &[Atom], text: &str, at: usize) -> Option<Found> {
        let atom = atoms.get(at)?;
        let rules = match atom.kind {
            AtomKind::Digits => self.by_digits.as_slice(),
            _ => self.by_word.get(atom.word as usize)?.as_slice(),
        };
        if rules.is_empty() {
            return None;
        }
        let mut best: Option<Found> = None;
        let (met, next) = (self.met(atoms, at), atoms.get(at + 1));
        matcher.refill();
        for &number in rules {
            let Some(rule) = self.rules.get(number as usize).filter(|r| (r.need == 0 || met & r.need != 0) && r.second.admits(next)) else {
                continue;
            };
            let before = if atom.fresh { None } else { at.checked_sub(1).and_then(|b| atoms.get(b)) };
            if rule.before.as_ref().is_some_and(|l| !self.sees(l, before, text))
                || rule.not_before.as_ref().is_some_and(|l| before.is_some() && self.sees(l, before, text))
            {
                continue;
            }
            matcher.run(&rule.node, at, &rule.constants, &mut |end, frame| {
                if end <= at || best.as_ref().is_some_and(|b| b.to >= end) || !frame.is_possible() {
                    return;
                }
                let after = atoms.get(end).filter(|a| !a.fresh);
                let good = rule.after.as_ref().is_none_or(|l| self.sees(l, after, text))
                    && rule.not_after.as_ref().is_none_or(|l| after.is_none() || !self.sees(l, after, text))
                    && self.guarded(rule, frame, atoms, text, at, end);
                if good {
                    best = Some(Found { rule: number as usize, from: at, to: end, frame: frame.clone() });
                }
            });
        }
        best
    }

    /// Closer looks at digits: a year is no count, a time no score.
    fn guarded(&self, rule: &Rule, frame: &Frame, atoms: &[Atom], text: &str, at: usize, end: usize) -> bool {
        let glued_before = atoms.get(at).filter(|a| !a.spaced).and(at.checked_sub(1)).and_then(|b| atoms.get(b));
        let glued_after = atoms.get(end).filter(|a| !a.spaced);
        let digit_follows = atoms.get(end + 1).is_some_and(|a| !a.spaced && a.kind == AtomKind::Digits);
        let starts_with_digit = atoms.get(at).is_some_and(|a| a.kind == AtomKind::Digits);
        let ends_with_digit = end.checked_sub(1).and_then(|e| atoms.get(e)).is_some_and(|a| a.kind == AtomKind::Digits);
        // "$ 12 December" is money; "says:30" is no hour of a clock.
        let money = |a: &Atom| matches!(a.text(text), "$" | "£" | "€" | "¥");
        if starts_with_digit && atoms.get(at).is_some_and(|a| !a.fresh) && at.checked_sub(1).and_then(|b| atoms.get(b)).is_some_and(money) {
            return false;
        }
        let told = glued_before.is_some_and(|b| b.text(text) == ":")
            && at.checked_sub(2).and_then(|b| atoms.get(b)).is_some_and(|a| a.kind == AtomKind::Word);
        // Digits that go on are another number.
        if starts_with_digit
            && !told
            && glued_before.is_some_and(|b| {
                b.kind != AtomKind::Mark
                    || matches!(b.text(text), "." | "," | ":" | "/" | "$" | "#" | "_" | "@" | "£" | "€" | "+" | "&" | "=")
            })
        {
            let opens_list = glued_before.is_some_and(|b| matches!(b.text(text), "," | "/")) && rule.guard != Some(Guard::Year);
            if !opens_list {
                return false;
            }
        }
        if ends_with_digit
            && glued_after.is_some_and(|a| a.kind == AtomKind::Word || matches!(a.text(text), "." | "," | ":" | "/" | "_") && digit_follows)
        {
            let list = glued_after.is_some_and(|a| a.text(text) == "/") && rule.guard != Some(Guard::Clock);
            if !list {
                return false;
            }
        }
        // "555-1999-22" is no year.
        let chained = |hyphen: Option<usize>, digits: Option<usize>| {
            let mark = hyphen.and_then(|h| atoms.get(h)).is_some_and(|a| a.kind == AtomKind::Mark && a.text(text) == "-");
            mark && digits
                .and_then(|d| atoms.get(d))
                .is_some_and(|a| a.kind == AtomKind::Digits && a.end - a.start > 2 && a.end - a.start != 4)
        };
        if rule.guard == Some(Guard::Year)
            && (glued_before.is_some() && chained(at.checked_sub(1), at.checked_sub(2))
                || glued_after.is_some() && chained(Some(end), Some(end + 1)))
        {
            return false;
        }
        match rule.guard {
            None => true,
            Some(Guard::Digits) => atoms.get(at + 1).is_some_and(|a| a.kind == AtomKind::Digits),
            Some(Guard::Month) => frame.year.zip(frame.month).is_some_and(|(y, m)| i32::from(m) != y % 100 + 1),
            Some(Guard::Clock) => frame.hour.is_some_and(|h| h <= 24),
            Some(Guard::Year) => {
                let year = frame.year.unwrap_or(0);
                let before = if atoms.get(at).is_some_and(|a| a.fresh) { None } else { at.checked_sub(1).and_then(|b| atoms.get(b)) };
                let after = atoms.get(end).filter(|a| !a.fresh);
                let told = frame.edge.is_some() || before.is_some_and(|b| self.words.year_before.contains(&b.word));
                let counted = after.is_some_and(|a| self.plural(a, text));
                let strong = before.is_some_and(|b| self.words.year_strong.contains(&b.word)) && (1800..2050).contains(&year);
                // "1775-1780".
                let ranged = glued_after.is_some_and(|a| matches!(a.text(text), "-" | "–" | "—"))
                    && atoms.get(end + 1).is_some_and(|a| a.kind == AtomKind::Digits && a.end - a.start == 4)
                    || glued_before.is_some_and(|b| matches!(b.text(text), "-" | "–" | "—"))
                        && at.checked_sub(2).and_then(|b| atoms.get(b)).is_some_and(|a| a.kind == AtomKind::Digits && a.end - a.start == 4);
                if counted && !strong {
                    false
                } else if ranged {
                    true
                } else {
                    told || (1800..2050).contains(&year)
                }
            }
        }
    }
}

/// Day of the embedded post that the words at `span` stand in: its "today" is not the report's.
fn posted(doc: &Doc, span: Span) -> Option<jiff::civil::Date> {
    let post = doc.posts.iter().find(|p| p.span.contains(span))?;
    post.date.as_deref()?.get(..10)?.parse().ok()
}

/// Hour and minute of publication where the report's own stamp gives them.
fn clock_of(doc: &Doc) -> Option<(i8, i8)> {
    let stamp = doc.report.published.as_deref()?;
    let time = stamp.get(10..)?.strip_prefix(['T', ' '])?;
    let (hour, rest) = time.split_once(':')?;
    let hour = hour.parse().ok().filter(|h| (0..24).contains(h))?;
    Some((hour, rest.get(..2)?.parse().ok().filter(|m| (0..60).contains(m))?))
}

impl DateGrammar {
    /// Whether words before atom `at` say that the expression there opens or closes a stretch of time.
    fn role_before(&self, atoms: &[Atom], at: usize) -> Option<Role> {
        if atoms.get(at).is_none_or(|a| a.fresh) {
            return None;
        }
        let stands = |words: &[u32]| {
            words.iter().enumerate().all(|(k, w)| at.checked_sub(k + 1).and_then(|i| atoms.get(i)).is_some_and(|a| a.word == *w))
        };
        self.words.roles.iter().find(|(words, _)| stands(words)).map(|&(_, role)| role)
    }
}

fn needs_tense(frame: &Frame) -> bool {
    frame.year.is_none() && frame.offset.is_none()
}

/// The record of one expression.
fn mention(grammar: &DateGrammar, doc: &Doc, atoms: &[Atom], rule: &Rule, found: &Found, reading: Reading, kind: BlockKind) -> DateMention {
    let span = match (atoms.get(found.from), found.to.checked_sub(1).and_then(|t| atoms.get(t))) {
        (Some(a), Some(b)) => Span::new(a.start, b.end),
        _ => Span::default(),
    };
    let sentence = doc.sentence_at(span.start);
    let tokens = sentence.and_then(|s| doc.sentences.get(s)).map_or(0..0, |s| {
        let first = s.tokens.partition_point(|t| t.span.end <= span.start);
        first..s.tokens.partition_point(|t| t.span.start < span.end).max(first)
    });
    let r#type = match rule.kind {
        Kind::Date | Kind::Unit | Kind::Ref => {
            if reading.precision == "daypart" {
                "TIME"
            } else {
                "DATE"
            }
        }
        Kind::Shift => {
            if reading.precision == "time" {
                "TIME"
            } else {
                "DATE"
            }
        }
        Kind::Time => "TIME",
        Kind::Duration | Kind::Window => "DURATION",
        Kind::Set => "SET",
    };
    let header = !matches!(kind, BlockKind::Paragraph | BlockKind::Heading | BlockKind::Caption | BlockKind::Post | BlockKind::RelatedLink);
    let is_published = doc.published.is_some_and(|p| reading.days == Some((p, p)));
    let opens = || grammar.role_before(atoms, found.from).filter(|_| rule.kind != Kind::Set && rule.kind != Kind::Duration);
    let role = (header && is_published && found.frame.year.is_some())
        .then(|| "published".to_owned())
        .or_else(|| opens().map(|r| r.name().to_owned()));
    DateMention {
        sentence,
        tokens,
        days: reading.days,
        record: DateRecord {
            text: span.of(&doc.report.text).to_owned(),
            span,
            r#type: r#type.to_owned(),
            start: reading.days.map(|d| d.0.to_string()),
            end: reading.days.map(|d| d.1.to_string()),
            precision: (reading.precision != "none").then(|| reading.precision.to_owned()),
            value: reading.value,
            role,
            reason: reading.reason,
        },
    }
}
