//! A light scan of text into words, digit runs and marks: what the date and figure grammars match on.
//!
//! It needs no sentences or tags, so it also serves headers, datelines and post stamps.

use crate::record::Span;

/// What an atom is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtomKind {
    /// A run of letters ("May"), or letters with inner full stops ("p.m.", "U.S.").
    Word,
    /// A run of ASCII digits.
    Digits,
    /// One other character.
    Mark,
}

/// One atom; `start..end` are bytes of the report.
#[derive(Debug, Clone, Copy)]
pub struct Atom {
    pub start: usize,
    pub end: usize,
    pub kind: AtomKind,
    /// White space (or a boundary) stands before it.
    pub spaced: bool,
    /// A blank line or a block boundary stands before it: nothing matches across.
    pub fresh: bool,
    /// Begins with a capital.
    pub capital: bool,
    /// Number in the grammar's lexicon; `u32::MAX` for words it does not know.
    pub word: u32,
}

impl Atom {
    pub const UNKNOWN: u32 = u32::MAX;

    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// The one mark that stands for all its typographic kin.
pub fn plain_mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{B4}' | '`' | '\u{2BC}' => '\'',
        '\u{2044}' => '/',
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '«' | '»' => '"',
        c => c,
    }
}

/// Scans `span` of `text`, adding to `out`; `number` names a word by its lower-case form.
pub fn scan(text: &str, span: Span, number: &mut dyn FnMut(&str) -> u32, out: &mut Vec<Atom>) {
    let Some(part) = text.get(span.start..span.end) else { return };
    let mut low = String::new();
    let mut chars = part.char_indices().peekable();
    let (mut spaced, mut fresh, mut newlines) = (true, true, 0);
    while let Some(&(at, c)) = chars.peek() {
        if c.is_whitespace() || c == '\u{200B}' || c == '\u{FEFF}' {
            spaced = true;
            if c == '\n' {
                newlines += 1;
                fresh |= newlines > 1;
            }
            chars.next();
            continue;
        }
        newlines = 0;
        let (kind, end) = if c.is_ascii_digit() {
            (AtomKind::Digits, run(part, &mut chars, |c| c.is_ascii_digit()))
        } else if c.is_alphabetic() {
            let end = run(part, &mut chars, is_letter);
            (AtomKind::Word, dotted(part, at, end, &mut chars))
        } else {
            chars.next();
            (AtomKind::Mark, chars.peek().map_or(part.len(), |&(i, _)| i))
        };
        let form = part.get(at..end).unwrap_or("");
        low.clear();
        match kind {
            AtomKind::Digits => {}
            AtomKind::Mark => low.push(plain_mark(c)),
            AtomKind::Word if form.len() <= 40 => low.extend(form.chars().flat_map(char::to_lowercase)),
            AtomKind::Word => {}
        }
        let word = if low.is_empty() { Atom::UNKNOWN } else { number(&low) };
        out.push(Atom { start: span.start + at, end: span.start + end, kind, spaced, fresh, capital: c.is_uppercase(), word });
        (spaced, fresh) = (false, false);
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36F}')
}

type Chars<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

/// Eats a run of characters; its end.
fn run(part: &str, chars: &mut Chars, of: impl Fn(char) -> bool) -> usize {
    while let Some(&(at, c)) = chars.peek() {
        if !of(c) {
            return at;
        }
        chars.next();
    }
    part.len()
}

/// Extends a single letter over ".m." and the like, so that "p.m." and "U.S." are one word; the end of the word.
fn dotted(part: &str, at: usize, end: usize, chars: &mut Chars) -> usize {
    let single = |s: Option<&str>| s.is_some_and(|s| s.chars().count() == 1);
    if !single(part.get(at..end)) {
        return end;
    }
    let mut end = end;
    for _ in 0..6 {
        let mut rest = part.get(end..).unwrap_or("").chars();
        let (Some('.'), Some(letter)) = (rest.next(), rest.next()) else { break };
        let after = rest.next();
        if !letter.is_alphabetic() || after.is_some_and(is_letter) {
            break;
        }
        end += 1 + letter.len_utf8();
        if after == Some('.') && !rest.next().is_some_and(is_letter) {
            end += 1;
            break;
        }
    }
    while chars.peek().is_some_and(|&(i, _)| i < end) {
        chars.next();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        scan(text, Span::new(0, text.len()), &mut |_| 0, &mut out);
        out.iter().map(|a| a.text(text)).collect()
    }

    #[test]
    fn splits_words_digits_and_marks() {
        assert_eq!(forms("8:30am on 1st"), ["8", ":", "30", "am", "on", "1", "st"]);
        assert_eq!(forms("5 p.m. in the U.S. army."), ["5", "p.m.", "in", "the", "U.S.", "army", "."]);
        assert_eq!(forms("I. We went."), ["I", ".", "We", "went", "."]);
        assert!(forms("a.b.c.d.e.f.g.h.i.j.k")[0].len() < 16, "the dotted run is bounded");
    }

    #[test]
    fn blank_lines_are_boundaries() {
        let text = "12\n\nMay";
        let mut out = Vec::new();
        scan(text, Span::new(0, text.len()), &mut |_| 0, &mut out);
        assert!(out[1].fresh && out[0].fresh);
    }
}
