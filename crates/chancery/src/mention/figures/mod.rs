//! Figures: money, percent, measures and counts, with what they measure where the sentence says so.

mod grammar;
mod measure;
#[cfg(test)]
mod tests;

pub use grammar::{FigureGrammar, NumbersFile};

use crate::data::DataFiles;
use crate::error::Result;
use crate::mention::atoms::{Atom, AtomKind, scan};
use crate::mention::numbers::{Number, Numbers};
use crate::model::{DateMention, Doc, FigureMention};
use crate::record::{Figure, Span};
use crate::stages::{Languages, Stage};
use grammar::{Sense, Unit};
use std::collections::BTreeMap;

/// The grammars of every language that reads figures.
#[derive(Debug, Default)]
pub struct Figures {
    grammars: BTreeMap<String, FigureGrammar>,
}

impl Figures {
    /// Compiles `lang/*/numbers.toml` of every language that declares the stage.
    pub fn load(files: &DataFiles, served: &Languages) -> Result<Self> {
        let load = |lang: &str| Ok((lang.to_owned(), FigureGrammar::load(files, lang)?));
        Ok(Figures { grammars: served.serving(Stage::Figures).map(load).collect::<Result<_>>()? })
    }

    /// All figures of a report, in text order; none where its language has no grammar.
    pub fn find(&self, doc: &Doc, dates: &[DateMention]) -> Vec<FigureMention> {
        self.grammars.get(doc.language).map_or_else(Vec::new, |g| g.find(doc, dates))
    }
}

/// A number with its unit, before the sentence has been asked what it measures.
#[derive(Debug, Clone)]
struct Found {
    from: usize,
    to: usize,
    value: f64,
    unit: Option<Unit>,
    /// The number itself, without unit: what scale words may still widen.
    number: Number,
}

impl FigureGrammar {
    /// All figures of a report, in text order. Numbers that are dates or times are left out. Linear in its length.
    pub fn find(&self, doc: &Doc, dates: &[DateMention]) -> Vec<FigureMention> {
        let text = doc.report.text.as_str();
        let mut atoms = Vec::new();
        let whole = [Span::new(0, text.len())];
        let blocks: Vec<Span> = doc.blocks.iter().map(|b| b.span).collect();
        for span in if blocks.is_empty() { &whole[..] } else { &blocks[..] } {
            scan(text, *span, &mut |w| self.lexicon.id(w), &mut atoms);
        }
        let numbers =
            Numbers { text, atoms: &atoms, words: &self.lexicon.numbers, group: self.lexicon.group, decimal: self.lexicon.decimal };
        let mut taken: Vec<Span> = dates.iter().map(|d| d.record.span).collect();
        taken.sort_unstable();
        let mut found = Vec::new();
        let mut at = 0;
        while at < atoms.len() {
            match self.at(&numbers, at, &taken) {
                Some(f) => {
                    at = f.to.max(at + 1);
                    found.push(f);
                }
                None => at += 1,
            }
        }
        self.share_units(&numbers, &mut found);
        found.into_iter().filter_map(|f| self.mention(doc, &numbers, f)).collect()
    }

    /// The figure that begins at atom `at`.
    fn at(&self, n: &Numbers, at: usize, taken: &[Span]) -> Option<Found> {
        let atom = n.atoms.get(at)?;
        if atom.kind == AtomKind::Mark && (atom.spaced || atom.fresh) && n.is_hyphen_like(at) {
            // "75 -300 mm" is a stretch.
            let number = at.checked_sub(1).and_then(|b| n.atoms.get(b)).is_some_and(|b| b.kind == AtomKind::Digits && !atom.fresh);
            return if number { None } else { self.below_zero(n, at, taken) };
        }
        if let Some((code, next)) = self.unit_at(atom.word, n, at, Sense::Before)
            && let Some(number) = self.amount(n, next, true)
        {
            let end = self.after_money(n, number.end, &code);
            return Some(Found { from: at, to: end.0, value: number.value * code.times + end.1, unit: Some(code), number });
        }
        let date = self.inside(taken, atom.start);
        let number = self.amount(n, at, false)?;
        if let Some(found) = self.portion(n, at, &number, taken) {
            return Some(found);
        }
        let (unit, to, extra) = self.unit_after(n, &number);
        // A length of time is a date's business, an age is a figure.
        if date.is_some() && !unit.as_ref().is_some_and(|u| u.sense == Sense::Age) {
            return None;
        }
        if number.ordinal || self.is_label(n, at) || (unit.is_none() && !self.is_count(n, at, &number)) {
            return None;
        }
        let times = unit.as_ref().map_or(1.0, |u| u.times);
        let (value, to) = self.late_scale(n, unit.as_ref(), to, number.value * times + extra);
        Some(Found { from: at, to, value, unit, number })
    }

    /// "-1.5 percent", "−$5": a minus written onto an amount with a unit. Before a count it is a dash or a bullet.
    fn below_zero(&self, n: &Numbers, at: usize, taken: &[Span]) -> Option<Found> {
        n.atoms.get(at + 1).filter(|a| !a.spaced && !a.fresh)?;
        let found = self.at(n, at + 1, taken)?;
        let measured = found.unit.as_ref().is_some_and(|u| u.sense != Sense::Age && u.kind != "share");
        measured.then(|| Found { from: at, value: -found.value, ..found })
    }

    /// "75 USD million": a scale word behind the currency.
    fn late_scale(&self, n: &Numbers, unit: Option<&Unit>, to: usize, value: f64) -> (f64, usize) {
        let scale = n.atoms.get(to).filter(|a| !a.fresh).and_then(|_| n.scale(to));
        match scale.filter(|_| unit.is_some_and(|u| u.sense == Sense::After)) {
            Some(scale) => (value * scale, to + 1),
            None => (value, to),
        }
    }

    /// A share of a whole: "two thirds of the voters", "one in five".
    fn portion(&self, n: &Numbers, at: usize, number: &Number, taken: &[Span]) -> Option<Found> {
        let next = n.atoms.get(number.end).filter(|a| !a.fresh && a.word != Atom::UNKNOWN)?;
        let fraction = self.part(n, at).is_some_and(|(_, end)| end == number.end);
        let unit = Unit { name: "percent".to_owned(), kind: "share", sense: Sense::Percent, times: 1.0 };
        if (fraction || number.value < 1.0 && !number.decimal) && self.share.contains(&next.word) {
            return Some(Found { from: at, to: number.end, value: number.value * 100.0, unit: Some(unit), number: *number });
        }
        let whole = n.at(number.end + 1).filter(|_| self.ratio.contains(&next.word))?;
        let dated = n.atoms.get(number.end + 1).is_none_or(|a| a.fresh || self.inside(taken, a.start).is_some());
        let small = number.value >= 1.0 && number.value < whole.value && whole.value <= 1000.0;
        let counts = !number.ordinal && !whole.ordinal && number.value.fract() == 0.0 && whole.value.fract() == 0.0;
        let unit_follows = self.unit_after(n, &whole).0.is_some();
        (small && counts && !dated && !unit_follows).then(|| Found {
            from: at,
            to: whole.end,
            value: number.value / whole.value * 100.0,
            unit: Some(unit),
            number: *number,
        })
    }

    /// "two thirds", "five-eighths", "a quarter", "half": value and end.
    fn part(&self, n: &Numbers, at: usize) -> Option<(f64, usize)> {
        if let Some(half) = n.fraction_word(at).filter(|v| *v == 0.5) {
            return Some((half, at + 1));
        }
        let (times, end) =
            if n.is_article(at) { (1.0, at + 1) } else { n.at(at).filter(|c| !c.ordinal && !c.decimal).map(|c| (c.value, c.end))? };
        let hyphen = n.atoms.get(end).is_some_and(|a| a.text(n.text) == "-" && !a.fresh);
        let word = end + usize::from(hyphen);
        n.atoms.get(word).filter(|a| !a.fresh)?;
        Some((times * n.fraction_word(word)?, word + 1))
    }

    /// The date whose span holds byte `at`.
    fn inside(&self, taken: &[Span], at: usize) -> Option<Span> {
        let i = taken.partition_point(|s| s.start <= at).checked_sub(1)?;
        taken.get(i).copied().filter(|s| at < s.end)
    }

    /// A number with scale words, short ones too ("1.2 mln", "8bn"); single letters only as money.
    fn amount(&self, n: &Numbers, at: usize, money: bool) -> Option<Number> {
        let atom = n.atoms.get(at)?;
        let mut number = match atom.kind {
            // ".125 dlrs"
            AtomKind::Mark
                if (atom.spaced || atom.fresh)
                    && atom.text(n.text).starts_with(n.decimal)
                    && n.atoms.get(at + 1).is_some_and(|a| !a.spaced && a.kind == AtomKind::Digits) =>
            {
                let digits = n.atoms.get(at + 1)?.text(n.text);
                let value = format!("0.{digits}").parse().ok()?;
                Number { value, end: at + 2, ordinal: false, words: false, plain_digits: 0, decimal: true }
            }
            AtomKind::Mark => return None,
            _ => self.bare_fraction(n, at).or_else(|| n.at(at)).map(|number| self.with_decimals(n, number))?,
        };
        for _ in 0..2 {
            let hyphen = n.atoms.get(number.end).is_some_and(|a| !a.spaced && a.text(n.text) == "-");
            let next = number.end + usize::from(hyphen);
            let Some(a) = n.atoms.get(next).filter(|a| !a.fresh) else { break };
            let long = a.end - a.start > 1;
            // One letter is a scale of money ("1.8M dollars"), or a thousand written onto its digits ("10k").
            let paid = n.atoms.get(next + 1).filter(|b| !b.fresh).and_then(|b| self.unit_at(b.word, n, next + 1, Sense::After));
            let money = money || paid.is_some_and(|(u, _)| u.sense == Sense::After);
            let measure = !money && long && self.unit_at(a.word, n, next, Sense::After).is_some();
            let short = n.short_scale(next).filter(|&s| (long || !a.spaced && (money || s < 1e4)) && !measure);
            let Some(scale) = n.scale(next).or(short) else { break };
            if number.ordinal {
                break;
            }
            number = Number { value: number.value * scale, end: next + 1, words: true, plain_digits: 0, ..number };
        }
        number.value.is_finite().then_some(number)
    }

    /// "two point five percent", "dos con tres quintos por ciento": what stands behind a word that means the decimal mark only where a
    /// unit or a scale word follows.
    fn with_decimals(&self, n: &Numbers, number: Number) -> Number {
        let mark = n.atoms.get(number.end).filter(|a| !a.fresh && number.words && !number.ordinal && !number.decimal);
        let marked = mark.is_some_and(|a| self.decimal_before_unit.contains(&a.word));
        let parts = || self.part(n, number.end + 1).or_else(|| n.spoken_decimals(number.end));
        let Some((decimals, end)) = marked.then(parts).flatten() else { return number };
        let wider = Number { value: number.value + decimals, end, decimal: true, ..number };
        let counts = n.scale(end).is_some() || self.unit_after(n, &wider).0.is_some();
        if counts { wider } else { number }
    }

    /// "half a million", "three quarters of a billion", "two thirds of the voters", "one-eighth".
    fn bare_fraction(&self, n: &Numbers, at: usize) -> Option<Number> {
        let (value, end) = self.part(n, at)?;
        let number = |value, end| Some(Number { value, end, ordinal: false, words: true, plain_digits: 0, decimal: false });
        let word = |i: usize| n.atoms.get(i).filter(|a| !a.fresh);
        let of = usize::from(word(end).is_some_and(|a| self.share.contains(&a.word)));
        let article = usize::from(n.is_article(end + of));
        if let Some(scale) = word(end + of + article).and_then(|_| n.scale(end + of + article)) {
            return number(value * scale, end + of + article + 1);
        }
        // "a third attempt" and "the third" are ordinals: an article counts as one only before "of".
        if of == 1 || !n.is_article(at) && n.fraction_word(at).is_none() { number(value, end) } else { None }
    }

    /// Cents behind an amount: "10 $ 30 cent", "15 dollars and 20 cents"; the end and what they add.
    fn after_money(&self, n: &Numbers, end: usize, unit: &Unit) -> (usize, f64) {
        let from = if n.is_joiner(end) { end + 1 } else { end };
        let cents = n.at(from).filter(|c| c.value < 100.0 && !c.ordinal && n.atoms.get(from).is_some_and(|a| !a.fresh));
        if let Some(c) = cents
            && let Some((u, to)) = n.atoms.get(c.end).and_then(|a| self.unit_at(a.word, n, c.end, Sense::Cents))
            && u.name == unit.name
        {
            return (to, c.value / 100.0);
        }
        // "15 dollars 50", with nothing after it that the 50 could count.
        let two_digits = n.plain(from).filter(|p| p.plain_digits == 2 && n.atoms.get(from).is_some_and(|a| !a.fresh && a.spaced));
        if let Some(c) = two_digits.filter(|_| unit.sense == Sense::After) {
            let next = n.atoms.get(c.end);
            if next.is_none_or(|a| a.fresh || a.kind == AtomKind::Mark && matches!(a.text(n.text), "." | "," | ";" | "!" | "?")) {
                return (c.end, c.value / 100.0);
            }
        }
        (end, 0.0)
    }

    /// The unit behind a number: (unit, first atom after, what cents add).
    fn unit_after(&self, n: &Numbers, number: &Number) -> (Option<Unit>, usize, f64) {
        let none = (None, number.end, 0.0);
        let hyphen = n.atoms.get(number.end).is_some_and(|a| !a.spaced && a.text(n.text) == "-");
        // "millones de dólares"
        let scaled = number.end.checked_sub(1).is_some_and(|last| n.scale(last).is_some());
        let joiner = scaled && n.atoms.get(number.end).is_some_and(|a| !a.fresh && self.before_unit.contains(&a.word));
        let next = number.end + usize::from(hyphen || joiner);
        let Some(a) = n.atoms.get(next).filter(|a| !a.fresh) else { return none };
        let Some((unit, to)) = self.unit_at(a.word, n, next, Sense::After) else { return none };
        // "3 USD50 cards": the currency is that of the amount written onto it.
        let onto = n.atoms.get(to).is_some_and(|b| b.kind == AtomKind::Digits && !b.spaced && !b.fresh);
        if onto && unit.sense == Sense::After {
            return none;
        }
        // One letter is a unit only when written onto digits or after them: "50 m", not "five m".
        if a.end - a.start <= 1 && a.kind == AtomKind::Word && number.words {
            return none;
        }
        match unit.sense {
            Sense::After => {
                let (to, extra) = self.after_money(n, to, &unit);
                (Some(unit), to, extra)
            }
            _ => (Some(unit), to, 0.0),
        }
    }

    /// Digits that name instead of counting: "Article 5", "Boeing 747", "24703L202", "F-16".
    fn is_label(&self, n: &Numbers, at: usize) -> bool {
        let Some(atom) = n.atoms.get(at) else { return true };
        let before = if atom.fresh { None } else { at.checked_sub(1).and_then(|b| n.atoms.get(b)) };
        let Some(before) = before else { return false };
        if self.labels.contains(&before.word) {
            return true;
        }
        let glued = !atom.spaced && atom.kind == AtomKind::Digits;
        let word_hyphen = before.text(n.text) == "-"
            && at.checked_sub(2).and_then(|b| n.atoms.get(b)).is_some_and(|b| b.kind == AtomKind::Word && !before.spaced);
        glued
            && (before.kind == AtomKind::Word
                || word_hyphen
                || matches!(before.text(n.text), "#" | "/" | "@" | "_" | ":" | "." | "=" | "&" | "%"))
    }

    /// Whether a number without unit counts something: a noun follows it, or a list of results does.
    fn is_count(&self, n: &Numbers, at: usize, number: &Number) -> bool {
        let after = n.atoms.get(number.end).filter(|a| !a.fresh);
        let glued = after.is_some_and(|a| !a.spaced && (a.kind != AtomKind::Mark || matches!(a.text(n.text), "/" | ":" | "_")));
        let lone_one = number.words && number.value < 2.0 && number.end == at + 1;
        !glued && !lone_one
    }

    /// "15-20 mln dlrs", "between five and 25 mln shares": the first has the scale and unit of the second.
    fn share_units(&self, n: &Numbers, found: &mut [Found]) {
        for i in 1..found.len() {
            let (left, right) = found.split_at_mut(i);
            let (Some(a), Some(b)) = (left.last_mut(), right.first()) else { continue };
            let between = n.atoms.get(a.to..b.from).unwrap_or(&[]);
            let joined = between.len() == 1 && between[0].word != Atom::UNKNOWN && (self.range.contains(&between[0].word));
            let opened = a.from.checked_sub(1).and_then(|l| n.atoms.get(l)).is_some_and(|l| self.between.contains(&l.word));
            let and = between.len() == 1 && self.and.contains(&between[0].word) && opened;
            if !(joined || and) || n.atoms.get(b.from).is_some_and(|x| x.fresh) {
                continue;
            }
            if a.unit.is_none() && b.unit.is_some() {
                let plain = n.at(b.from).map_or(b.number.value, |p| p.value);
                let base = n.plain(b.from).map_or(plain, |p| p.value);
                if base > 0.0 && !a.number.words && a.value < b.value {
                    let scale = b.number.value / base;
                    a.value *= scale;
                }
                a.unit.clone_from(&b.unit);
            }
        }
    }

    /// The figure's record, with what the tree says of it.
    fn mention(&self, doc: &Doc, n: &Numbers, f: Found) -> Option<FigureMention> {
        let (first, last) = (n.atoms.get(f.from)?, n.atoms.get(f.to.checked_sub(1)?)?);
        let span = Span::new(first.start, last.end);
        let sentence = doc.sentence_at(span.start)?;
        let s = doc.sentences.get(sentence)?;
        let from = s.tokens.partition_point(|t| t.span.end <= span.start);
        let tokens = from..s.tokens.partition_point(|t| t.span.start < span.end).max(from);
        let head = tokens.clone().find(|&t| s.tokens.get(t).is_some_and(|k| k.head == t || !tokens.contains(&k.head))).unwrap_or(from);
        let mut record = Figure {
            text: span.of(n.text).to_owned(),
            span,
            value: rounded(f.value),
            unit: f.unit.as_ref().map(|u| u.name.clone()),
            kind: f.unit.as_ref().map(|u| u.kind.to_owned()),
            bound: self.bound_before(n, f.from),
            ..Figure::default()
        };
        let head = self.measure(doc, s, tokens.clone(), head, &mut record)?;
        Some(FigureMention { sentence, tokens, head, record })
    }
}

/// "16.4 million" is no 16,399,999.999999998.
fn rounded(value: f64) -> f64 {
    match value.abs() {
        size if size < 1.0 => (value * 1e15).round() / 1e15,
        size if size < 1e15 => (value * 1e6).round() / 1e6,
        _ => value,
    }
}
