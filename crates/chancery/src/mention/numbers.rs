//! Numbers in digits and words, read from atoms. The words are `data/lang/*/numbers.toml`.

use super::atoms::{Atom, AtomKind};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The number words of a language: the `[words]` part of `numbers.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberWords {
    /// 0 to 19, and tens.
    pub cardinals: BTreeMap<String, u32>,
    /// Multipliers: hundred, thousand, million, dozen…
    pub scales: BTreeMap<String, f64>,
    /// Multipliers written onto digits or after money: m, bn, mln.
    pub short_scales: BTreeMap<String, f64>,
    pub ordinals: BTreeMap<String, u32>,
    /// Half, third, quarter… also their plurals.
    pub fractions: BTreeMap<String, f64>,
    /// Endings that make digits an ordinal: st, nd, rd, th.
    pub ordinal_endings: Vec<String>,
    /// Words that join parts of a number: and.
    pub joiners: Vec<String>,
    /// Words that join tens and units: "treinta y cinco".
    #[serde(default)]
    pub tens_joiners: Vec<String>,
    /// Pairs of letters of which the first is read as the second, for marks that are often left out: "áa".
    #[serde(default)]
    pub same_letters: Vec<String>,
    /// Words that count as one before a scale: a, an.
    pub articles: Vec<String>,
    /// Words between a scale word and the unit: "millones de dólares".
    #[serde(default)]
    pub before_unit: Vec<String>,
    /// What cardinals take on to become parts of one, with what it divides: "avos" makes "veinteavos" twentieths.
    #[serde(default)]
    pub fraction_endings: BTreeMap<String, f64>,
    /// Words for the decimal mark: "dos coma cinco".
    #[serde(default)]
    pub decimal_words: Vec<String>,
    /// The same where a unit or a scale word must follow, for they mean much else: "two point five percent".
    #[serde(default)]
    pub decimal_words_before_unit: Vec<String>,
    /// Marks between groups of three digits, and before decimals.
    pub group: String,
    pub decimal: String,
}

/// What a word means as part of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumWord {
    Cardinal(u32),
    Scale(f64),
    ShortScale(f64),
    Ordinal(u32),
    Fraction(f64),
    OrdinalEnding,
    Joiner,
    TensJoiner,
    Article,
    DecimalMark,
}

impl NumberWords {
    /// Every word with its meanings, for the lexicon of a grammar.
    pub fn entries(&self) -> Vec<(Cow<'_, str>, NumWord)> {
        let mut all: Vec<(&str, NumWord)> = Vec::new();
        all.extend(self.cardinals.iter().map(|(w, &v)| (w.as_str(), NumWord::Cardinal(v))));
        all.extend(self.scales.iter().map(|(w, &v)| (w.as_str(), NumWord::Scale(v))));
        all.extend(self.short_scales.iter().map(|(w, &v)| (w.as_str(), NumWord::ShortScale(v))));
        all.extend(self.ordinals.iter().map(|(w, &v)| (w.as_str(), NumWord::Ordinal(v))));
        all.extend(self.fractions.iter().map(|(w, &v)| (w.as_str(), NumWord::Fraction(v))));
        all.extend(self.ordinal_endings.iter().map(|w| (w.as_str(), NumWord::OrdinalEnding)));
        all.extend(self.joiners.iter().map(|w| (w.as_str(), NumWord::Joiner)));
        all.extend(self.tens_joiners.iter().map(|w| (w.as_str(), NumWord::TensJoiner)));
        all.extend(self.articles.iter().map(|w| (w.as_str(), NumWord::Article)));
        all.extend(self.decimal_words.iter().map(|w| (w.as_str(), NumWord::DecimalMark)));
        all.into_iter().map(|(w, n)| (Cow::Borrowed(w), n)).chain(self.made_fractions()).collect()
    }

    /// Parts of one made of a cardinal and an ending; a letter that both have where they meet may be written once.
    fn made_fractions(&self) -> impl Iterator<Item = (Cow<'_, str>, NumWord)> {
        let whole = |(ending, &part): (&String, &f64), cardinal: &str, n: u32| {
            let meaning = NumWord::Fraction(part / f64::from(n));
            let once = ending.chars().next().and_then(|c| cardinal.strip_suffix(c)).map(|stem| format!("{stem}{ending}"));
            [Some(format!("{cardinal}{ending}")), once].into_iter().flatten().map(move |w| (Cow::Owned(w), meaning))
        };
        let cardinals = self.cardinals.iter().filter(|(_, n)| **n > 1);
        cardinals.flat_map(move |(c, n)| self.fraction_endings.iter().flat_map(move |e| whole(e, c, *n)))
    }
}

/// A number read from atoms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    pub value: f64,
    /// First atom after it.
    pub end: usize,
    pub ordinal: bool,
    /// Written in words (at least in part).
    pub words: bool,
    /// Digits of the integer part where it is written in digits without group marks (a year has 4).
    pub plain_digits: u8,
    /// Written with a decimal mark.
    pub decimal: bool,
}

/// The atoms of a report with what each word means as a number.
pub struct Numbers<'a> {
    pub text: &'a str,
    pub atoms: &'a [Atom],
    /// Meanings by word number.
    pub words: &'a [Vec<NumWord>],
    pub group: char,
    pub decimal: char,
}

impl Numbers<'_> {
    fn atom(&self, i: usize) -> Option<&Atom> {
        self.atoms.get(i)
    }
    fn meaning(&self, i: usize, of: impl Fn(NumWord) -> Option<f64>) -> Option<f64> {
        let atom = self.atom(i)?;
        self.words.get(atom.word as usize)?.iter().find_map(|&w| of(w))
    }
    fn cardinal(&self, i: usize) -> Option<f64> {
        self.meaning(i, |w| if let NumWord::Cardinal(v) = w { Some(f64::from(v)) } else { None })
    }
    fn ordinal_word(&self, i: usize) -> Option<f64> {
        self.meaning(i, |w| if let NumWord::Ordinal(v) = w { Some(f64::from(v)) } else { None })
    }
    /// The multiplier that word `i` is.
    pub fn scale(&self, i: usize) -> Option<f64> {
        self.meaning(i, |w| if let NumWord::Scale(v) = w { Some(v) } else { None })
    }
    /// The short multiplier ("bn", "mln") that word `i` is.
    pub fn short_scale(&self, i: usize) -> Option<f64> {
        self.meaning(i, |w| if let NumWord::ShortScale(v) = w { Some(v) } else { None })
    }
    pub fn fraction_word(&self, i: usize) -> Option<f64> {
        self.meaning(i, |w| if let NumWord::Fraction(v) = w { Some(v) } else { None })
    }
    fn has(&self, i: usize, what: NumWord) -> bool {
        self.atom(i).and_then(|a| self.words.get(a.word as usize)).is_some_and(|w| w.contains(&what))
    }
    pub fn is_joiner(&self, i: usize) -> bool {
        self.has(i, NumWord::Joiner)
    }
    pub fn is_article(&self, i: usize) -> bool {
        self.has(i, NumWord::Article)
    }
    fn is_mark(&self, i: usize, c: char) -> bool {
        self.atom(i).is_some_and(|a| a.kind == AtomKind::Mark && a.text(self.text).starts_with(c))
    }
    fn is_hyphen(&self, i: usize) -> bool {
        self.is_hyphen_like(i) && self.atom(i).is_some_and(|a| !a.spaced)
    }
    /// A hyphen, dash or minus sign.
    pub fn is_hyphen_like(&self, i: usize) -> bool {
        self.atom(i)
            .is_some_and(|a| a.kind == AtomKind::Mark && a.text(self.text).chars().next().map(super::atoms::plain_mark) == Some('-'))
    }
    /// Atom `i` continues what stands before it: no boundary between.
    fn joined(&self, i: usize) -> bool {
        self.atom(i).is_some_and(|a| !a.fresh)
    }
    fn glued(&self, i: usize) -> bool {
        self.atom(i).is_some_and(|a| !a.fresh && !a.spaced)
    }
    fn digits(&self, i: usize) -> Option<&str> {
        self.atom(i).filter(|a| a.kind == AtomKind::Digits).map(|a| a.text(self.text))
    }

    /// The longest number that begins at atom `i`, cardinal or ordinal.
    pub fn at(&self, i: usize) -> Option<Number> {
        if self.digits(i).is_some() { self.in_digits(i) } else { self.in_words(i) }
    }

    /// Digits with group marks and decimals, without any scale word.
    pub fn plain(&self, i: usize) -> Option<Number> {
        let first = self.digits(i)?;
        let mut value: f64 = number(first);
        let mut end = i + 1;
        let mut grouped = false;
        if let Some((whole, after)) = self.lakhs(i) {
            (value, end, grouped) = (whole, after, true);
        } else if first.len() <= 3 {
            while self.is_mark(end, self.group)
                && self.glued(end)
                && self.glued(end + 1)
                && self.digits(end + 1).is_some_and(|d| d.len() == 3)
            {
                // A fourth digit group of other length would make this a list, not a number.
                value = value * 1000.0 + number(self.digits(end + 1).unwrap_or(""));
                end += 2;
                grouped = true;
            }
        }
        let mut decimal = false;
        if self.is_mark(end, self.decimal)
            && self.glued(end)
            && self.glued(end + 1)
            && let Some(d) = self.digits(end + 1).filter(|d| d.len() <= 9)
        {
            value += number(d) / 10f64.powi(d.len() as i32);
            end += 2;
            decimal = true;
        }
        let plain_digits = if grouped || decimal { 0 } else { first.len().min(255) as u8 };
        Some(Number { value, end, ordinal: false, words: false, plain_digits, decimal })
    }

    /// "12,34,567": groups of two before the last three, as India writes them.
    fn lakhs(&self, i: usize) -> Option<(f64, usize)> {
        let mut value = number(self.digits(i).filter(|d| d.len() <= 2)?);
        let mut end = i + 1;
        for _ in 0..6 {
            let next = self.is_mark(end, self.group) && self.glued(end) && self.glued(end + 1);
            let digits = self.digits(end + 1).filter(|_| next)?;
            value = value * 10f64.powi(digits.len() as i32) + number(digits);
            end += 2;
            match digits.len() {
                2 => {}
                // Two groups of two at least, or it is any thousand.
                3 => return (end > i + 3).then_some((value, end)),
                _ => return None,
            }
        }
        None
    }

    fn in_digits(&self, i: usize) -> Option<Number> {
        let mut n = self.plain(i)?;
        if n.plain_digits > 0 && self.glued(n.end) && self.has(n.end, NumWord::OrdinalEnding) {
            return Some(Number { end: n.end + 1, ordinal: true, ..n });
        }
        // "3 1/2", "3-1/2", "2 and a half".
        if n.plain_digits > 0 {
            let at = if self.is_hyphen(n.end) { n.end + 1 } else { n.end };
            if let Some((part, end)) = self.written_fraction(at).filter(|_| self.joined(at)) {
                n.value += part;
                n.end = end;
                n.plain_digits = 0;
            } else if self.is_mark(n.end, '/')
                && self.glued(n.end)
                && let Some((part, end)) = self.written_fraction(i)
            {
                n.value = part;
                n.end = end;
                n.plain_digits = 0;
            }
        }
        if let Some((part, end)) = self.and_a_half(n.end) {
            n.value += part;
            n.end = end;
            n.plain_digits = 0;
        }
        Some(self.scaled(n))
    }

    /// Scale words after a number in digits: "200,000 million", "3.5 hundred thousand".
    fn scaled(&self, mut n: Number) -> Number {
        for _ in 0..3 {
            let at = if self.is_hyphen(n.end) && self.scale(n.end + 1).is_some() { n.end + 1 } else { n.end };
            let Some(scale) = self.scale(at).filter(|_| self.joined(at)) else { break };
            n.value *= scale;
            n.end = at + 1;
            n.words = true;
            n.plain_digits = 0;
        }
        n
    }

    /// "1/2", "3/4", glued; not "9/11/2001".
    fn written_fraction(&self, i: usize) -> Option<(f64, usize)> {
        let (a, b) = (self.digits(i)?, self.digits(i + 2)?);
        let good = a.len() <= 2 && b.len() <= 2 && self.is_mark(i + 1, '/') && self.glued(i + 1) && self.glued(i + 2);
        let (a, b) = (number(a), number(b));
        let more = self.is_mark(i + 3, '/') && self.glued(i + 3);
        (good && !more && a < b && matches!(b as u32, 2 | 3 | 4 | 5 | 8 | 16 | 32)).then(|| (a / b, i + 3))
    }

    /// "and a half", "and three quarters".
    fn and_a_half(&self, i: usize) -> Option<(f64, usize)> {
        if !self.is_joiner(i) || !self.joined(i) {
            return None;
        }
        if let Some(f) = self.fraction_word(i + 1) {
            return Some((f, i + 2));
        }
        let times = if self.is_article(i + 1) { 1.0 } else { self.cardinal(i + 1)? };
        Some((times * self.fraction_word(i + 2)?, i + 3))
    }

    /// Where the next part of a number in words stands: after a hyphen, "and", or nothing.
    fn next_part(&self, i: usize, last: f64) -> usize {
        let and = last >= 100.0 && self.is_joiner(i) || (20.0..100.0).contains(&last) && self.has(i, NumWord::TensJoiner);
        let joined = self.is_hyphen(i) && self.glued(i + 1) || and;
        i + usize::from(joined)
    }

    fn in_words(&self, i: usize) -> Option<Number> {
        if let Some(v) = self.ordinal_word(i) {
            // "vigésimo segundo".
            let unit = self.ordinal_word(i + 1).filter(|&u| u < 10.0 && v >= 10.0 && v % 10.0 == 0.0 && self.joined(i + 1));
            let (value, end) = unit.map_or((v, i + 1), |u| (v + u, i + 2));
            return Some(Number { value, end, ordinal: true, words: true, plain_digits: 0, decimal: false });
        }
        let (mut total, mut part, mut end, mut ordinal) = (0.0, 0.0, i, false);
        let mut any = false;
        // Each round takes one word, so the bound on rounds bounds the work.
        let mut last = f64::INFINITY;
        for _ in 0..16 {
            let at = if any { self.next_part(end, last) } else { end };
            if any && !self.joined(at) {
                break;
            }
            // A word that is both, such as "mil", multiplies what stands before it.
            if let Some(v) = self.cardinal(at).filter(|_| !any || self.scale(at).is_none()) {
                // "twenty two" joins, "two twenty" does not.
                let fits = !any || last >= 100.0 || ((20.0..100.0).contains(&last) && v < 10.0 && v > 0.0);
                if !fits {
                    break;
                }
                part += v;
                last = if v >= 20.0 { v } else { 1.0 };
            } else if let Some(v) = self.ordinal_word(at).filter(|_| any) {
                let fits = (last >= 20.0 && v < 10.0) || last >= 100.0;
                if !fits {
                    break;
                }
                part += v;
                ordinal = true;
            } else if let Some(scale) = self.scale(at) {
                if !any {
                    break;
                }
                if scale < 1000.0 {
                    part = if part == 0.0 { scale } else { part * scale };
                } else {
                    // It multiplies all that is smaller than itself: "two thousand million", "cinco mil doscientos millones".
                    let low = total % scale + part;
                    total += if low == 0.0 { scale } else { low * scale - (low - part) };
                    part = 0.0;
                }
                last = scale.max(100.0);
            } else if !any && self.is_article(at) && self.scale(at + 1).is_some() && self.joined(at + 1) {
                part = 1.0;
                last = 1.0;
            } else {
                break;
            }
            any = true;
            end = at + 1;
            if ordinal {
                break;
            }
        }
        if !any {
            return None;
        }
        let mut value = total + part;
        if let Some((decimals, after)) = self.spoken_decimals(end).filter(|_| !ordinal && self.has(end, NumWord::DecimalMark)) {
            let number = Number { value: value + decimals, end: after, ordinal, words: true, plain_digits: 0, decimal: true };
            return Some(self.scaled(number));
        }
        if !ordinal && let Some((f, after)) = self.and_a_half(end) {
            value += f;
            end = after;
            if let Some(scale) = self.scale(end) {
                value *= scale;
                end += 1;
            }
        }
        Some(Number { value, end, ordinal, words: true, plain_digits: 0, decimal: false })
    }

    /// What stands behind a word for the decimal mark at atom `i`, digit by digit ("one four") or as one number below a thousand
    /// ("doscientos"): value and end.
    pub fn spoken_decimals(&self, i: usize) -> Option<(f64, usize)> {
        let (mut whole, mut places, mut last, mut end) = (0.0, 0, f64::INFINITY, i + 1);
        for _ in 0..12 {
            let at = if places > 0 { self.next_part(end, last) } else { end };
            let Some(v) = self.cardinal(at).filter(|&v| v < 1000.0 && self.joined(i) && self.joined(at)) else { break };
            if places == 0 || last < 10.0 && v < 10.0 {
                let digits = 1 + i32::from(v >= 10.0) + i32::from(v >= 100.0);
                whole = whole * 10f64.powi(digits) + v;
                places += digits;
            } else if last >= 100.0 && v < 100.0 || (20.0..100.0).contains(&last) && (1.0..10.0).contains(&v) {
                whole += v;
            } else {
                break;
            }
            last = v;
            end = at + 1;
        }
        (places > 0).then(|| (whole / 10f64.powi(places), end))
    }

    /// A year in words: "nineteen seventy eight", "two thousand and nine", "eighteen hundred".
    pub fn year_in_words(&self, i: usize) -> Option<(i32, usize)> {
        let head = self.cardinal(i)?;
        let small = |v: f64| v < 10.0;
        let mut end = i + 1;
        let mut century = head;
        if !(15.0..=20.0).contains(&head) {
            let n = self.in_words(i).filter(|n| !n.ordinal && (1900.0..2100.0).contains(&n.value))?;
            return Some((n.value as i32, n.end));
        }
        if self.scale(end) == Some(100.0) {
            end += 1;
            if self.cardinal(end).is_none() {
                return Some(((century * 100.0) as i32, end));
            }
        }
        let at = self.next_part(end, head);
        let tens = self.cardinal(at)?;
        if tens < 10.0 {
            return None;
        }
        end = at + 1;
        century = century * 100.0 + tens;
        if tens >= 20.0 {
            let at = self.next_part(end, tens);
            if let Some(v) = self.cardinal(at).filter(|&v| small(v) && v > 0.0 && self.joined(at)) {
                century += v;
                end = at + 1;
            }
        }
        Some((century as i32, end))
    }
}

/// Value of a digit string; long strings saturate towards the float's range, never fail.
fn number(digits: &str) -> f64 {
    digits.bytes().take(320).fold(0.0, |v, b| v * 10.0 + f64::from(b.wrapping_sub(b'0')))
}
