//! Sentence ends as a linear model sees them: what stands on both sides of each gap between tokens, one weight a feature.
//!
//! The rules of [`super::sentences`] are one feature among others, so without weights the rules decide alone. Features are
//! computed here and nowhere else; `examples/sentence_features.rs` prints them for `tools/train/sentences.py`.

use super::table::StrTable;
use super::words::{is_closer, is_opener, is_quote};
use crate::error::{Error, Result};
use crate::record::Span;
use std::fmt::Write;

/// Weights by feature, in whole numbers; a gap whose weights sum to more than nothing ends a sentence.
#[derive(Debug, Default)]
pub struct Boundaries {
    keys: StrTable,
    weights: Vec<i32>,
}

impl Boundaries {
    /// Reads lines `FEATURE<tab>WEIGHT`; E0301 where one is neither that nor empty.
    pub fn load(text: &str) -> Result<Boundaries> {
        let mut keys = Vec::new();
        let mut weights = Vec::new();
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.is_empty()) {
            let entry = line.split_once('\t').and_then(|(key, w)| Some((key, w.parse::<i16>().ok()?)));
            let Some((key, w)) = entry else {
                return Err(Error::new(
                    "E0301",
                    "a weight of the sentence model is not a feature, a tab and a small whole number",
                    format!("line {}", n + 1),
                    "use the weights file of this release, or make it anew with tools/train",
                ));
            };
            keys.push(key);
            weights.push(i32::from(w));
        }
        Ok(Boundaries { keys: StrTable::new(keys.into_iter()), weights })
    }

    /// The ends the model sees, given those of the rules (sorted; a block's last end is the block's own).
    pub fn ends(&self, text: &str, tokens: &[Span], rules: &[usize]) -> Vec<usize> {
        if self.weights.is_empty() {
            return rules.to_vec();
        }
        let mut out = Vec::new();
        let mut buffer = String::new();
        let mut gaps = Gaps::new(text, tokens, rules);
        while let Some(end) = gaps.next_gap() {
            let mut sum = 0;
            gaps.features(&mut buffer, |f| sum += self.keys.get(f).and_then(|i| self.weights.get(i)).copied().unwrap_or(0));
            if sum > 0 {
                out.push(end);
            }
        }
        if !tokens.is_empty() {
            out.push(tokens.len());
        }
        out
    }
}

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// No token: before the first or behind the last.
    None,
    Lower,
    Title,
    Upper,
    Letter,
    /// With its own full stop.
    Abbreviation,
    Number,
    Time,
    Address,
    /// "@user", "#tag": web text has them where words stand, the treebanks have none.
    Handle,
    Mark,
}

impl Kind {
    fn of(form: &str) -> Kind {
        let Some(first) = form.chars().next() else { return Kind::None };
        if !form.chars().any(char::is_alphanumeric) {
            return Kind::Mark;
        }
        if first == '@' || first == '#' {
            return Kind::Handle;
        }
        if form.contains("://") || form.contains('@') || form.starts_with("www.") {
            return Kind::Address;
        }
        if form.starts_with(|c: char| c.is_ascii_digit()) && !form.chars().any(char::is_alphabetic) {
            return if form.contains([':', '/']) { Kind::Time } else { Kind::Number };
        }
        if form.ends_with('.') {
            return Kind::Abbreviation;
        }
        if form.contains(['.', '_', '/']) {
            return Kind::Address;
        }
        let mut rest = form.chars().skip(1);
        match (first.is_uppercase(), rest.next()) {
            (true, None) => Kind::Letter,
            (true, Some(second)) => {
                if second.is_uppercase() && !rest.any(char::is_lowercase) {
                    Kind::Upper
                } else {
                    Kind::Title
                }
            }
            (false, _) if first.is_ascii_digit() => Kind::Number,
            (false, _) => Kind::Lower,
        }
    }

    fn letter(self) -> char {
        match self {
            Kind::None => '0',
            Kind::Lower => 'a',
            Kind::Title => 'T',
            Kind::Upper => 'U',
            Kind::Letter => 'L',
            Kind::Abbreviation => 'B',
            Kind::Number => 'd',
            Kind::Time => 't',
            Kind::Address => '@',
            Kind::Handle => 'h',
            Kind::Mark => 'm',
        }
    }
}

/// Longest word written out in a feature, in bytes.
const WORD: usize = 16;

/// The gaps of a block that could end a sentence, one by one.
#[derive(Debug)]
pub struct Gaps<'a> {
    text: &'a str,
    tokens: &'a [Span],
    rules: &'a [usize],
    /// Index of the token behind the gap.
    at: usize,
    /// Tokens since the last full stop, question or exclamation mark.
    since: usize,
    /// Tokens since an opening bracket that is not yet closed.
    bracket: Option<usize>,
    quotes: usize,
    /// Whether the block begins in lower case.
    low: bool,
}

impl<'a> Gaps<'a> {
    /// `rules`: ends of the rules, sorted.
    pub fn new(text: &'a str, tokens: &'a [Span], rules: &'a [usize]) -> Self {
        let low = tokens.first().is_some_and(|t| Kind::of(t.of(text)) == Kind::Lower);
        Gaps { text, tokens, rules, at: 0, since: 0, bracket: None, quotes: 0, low }
    }

    /// Goes on to the next gap that could end a sentence; the index of the token behind it. Within running words there is none.
    pub fn next_gap(&mut self) -> Option<usize> {
        loop {
            let before = self.form(self.at)?;
            if self.at + 1 >= self.tokens.len() {
                return None;
            }
            let last = before.chars().next_back()?;
            self.since = if matches!(last, '.' | '!' | '?' | '\u{2026}') { 0 } else { self.since + 1 };
            self.bracket = match before {
                "(" | "[" | "{" => Some(0),
                ")" | "]" | "}" => None,
                _ => self.bracket.map(|n| n + 1).filter(|&n| n < 60),
            };
            self.quotes += usize::from(before.chars().all(is_quote));
            self.at += 1;
            let next = self.form(self.at)?.chars().next()?;
            if !(last.is_alphanumeric() && next.is_lowercase()) {
                return Some(self.at);
            }
        }
    }

    fn form(&self, i: usize) -> Option<&'a str> {
        Some(self.tokens.get(i)?.of(self.text))
    }

    /// Hands each feature of the present gap to `see`; `buffer` is scratch.
    pub fn features(&self, buffer: &mut String, mut see: impl FnMut(&str)) {
        let i = self.at;
        let form = |k: Option<usize>| k.and_then(|k| self.form(k)).unwrap_or("");
        let (pp, p, n, nn) = (form(i.checked_sub(2)), form(i.checked_sub(1)), form(Some(i)), form(Some(i + 1)));
        let spaced = match (self.tokens.get(i.wrapping_sub(1)), self.tokens.get(i)) {
            (Some(a), Some(b)) if b.start > a.end => ' ',
            _ => '_',
        };
        let ends = self.rules.binary_search(&i).is_ok();
        let rule = if ends { '1' } else { '0' };
        let (kpp, kp, kn, knn) = (Look(pp), Look(p), Look(n), Look(nn));
        let mut put = |args: std::fmt::Arguments<'_>| {
            buffer.clear();
            // a string takes whatever is written
            let _ = buffer.write_fmt(args);
            see(buffer);
        };
        put(format_args!("b{spaced}{rule}"));
        put(format_args!("r{rule}{kp}"));
        put(format_args!("R{rule}{kn}{spaced}"));
        put(format_args!("c{kp}{spaced}{kn}"));
        put(format_args!("d{kp}{kn}{knn}"));
        put(format_args!("e{kpp}{kp}{kn}"));
        put(format_args!("f{kpp}{kp}{kn}{knn}"));
        put(format_args!("p{}", Low(p)));
        put(format_args!("P{}{kn}", Low(p)));
        put(format_args!("n{}{kp}", Low(n)));
        put(format_args!("N{}{rule}", Low(n)));
        put(format_args!("o{}{kp}{kn}", Low(pp)));
        put(format_args!("q{}{kp}{kn}", Low(nn)));
        let inside = if self.bracket.is_some() { '(' } else { ')' };
        let quoted = if self.quotes % 2 == 1 { '"' } else { '\'' };
        put(format_args!("i{inside}{quoted}{kp}{kn}"));
        put(format_args!("s{}{kp}{kn}", size(self.since)));
        put(format_args!("t{}{kp}{kn}", size(i)));
        put(format_args!("u{}{kp}{kn}", size(self.tokens.len() - i)));
        put(format_args!("l{}{kp}{spaced}{kn}", self.low));
    }
}

/// A number's order of size.
fn size(n: usize) -> usize {
    match n {
        0..4 => n,
        4..6 => 4,
        6..10 => 5,
        10..18 => 6,
        18..34 => 7,
        _ => 8,
    }
}

/// A token's kind; of a mark, which.
struct Look<'a>(&'a str);

impl std::fmt::Display for Look<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = Kind::of(self.0);
        if kind != Kind::Mark {
            return f.write_char(kind.letter());
        }
        let Some(c) = self.0.chars().next() else { return Ok(()) };
        let plain = match c {
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
            '\u{2018}' | '\u{2019}' | '`' => '\'',
            '\u{2013}' | '\u{2014}' => '-',
            c if is_opener(c) && c != '"' => '(',
            c if is_closer(c) && !is_quote(c) => ')',
            c => c,
        };
        f.write_char(plain)?;
        match self.0.chars().nth(1) {
            Some(d) if d == c => f.write_char('+'),
            Some(d) => f.write_char(d),
            None => Ok(()),
        }
    }
}

/// A word in lower case, cut after [`WORD`] bytes; digits are alike.
struct Low<'a>(&'a str);

impl std::fmt::Display for Low<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = self.0.floor_char_boundary(WORD.min(self.0.len()));
        for c in self.0.get(..end).unwrap_or("").chars() {
            if c.is_ascii_digit() {
                f.write_char('0')?;
            } else {
                for l in c.to_lowercase() {
                    f.write_char(l)?;
                }
            }
        }
        f.write_char(' ')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Span> {
        let mut at = 0;
        text.split(' ')
            .map(|w| {
                at += w.len() + 1;
                Span::new(at - w.len() - 1, at - 1)
            })
            .collect()
    }

    #[test]
    fn without_weights_the_rules_decide() {
        let text = "one . Two";
        assert_eq!(Boundaries::load("").unwrap().ends(text, &tokens(text), &[2, 3]), [2, 3]);
    }

    #[test]
    fn weights_add_and_take_away() {
        let text = "one ? two . Three";
        let model = Boundaries::load("c? a\t5\nr1.\t-3\nb 1\t3\n").unwrap();
        assert_eq!(model.ends(text, &tokens(text), &[4, 5]), [2, 5], "a sum of nothing is no end");
        assert!(model.ends("", &[], &[]).is_empty());
    }

    #[test]
    fn a_bad_line_is_named() {
        let e = Boundaries::load("b \t1\nno number\n").unwrap_err();
        assert!(e.code == "E0301" && e.to_string().contains("line 2"), "{e}");
    }

    #[test]
    fn tokens_look_like() {
        let looks = |w: &str| Look(w).to_string();
        for (word, look) in
            [("the", "a"), ("Paris", "T"), ("U.S.", "B"), ("UN", "U"), ("A", "L"), ("12:30", "t"), ("12", "d"), ("a@b.org", "@")]
        {
            assert_eq!(looks(word), look, "{word}");
        }
        for (mark, look) in [("...", ".+"), ("?!", "?!"), ("\u{201d}", "\""), ("]", ")"), ("", "0"), ("@user", "h")] {
            assert_eq!(looks(mark), look, "{mark}");
        }
    }
}
