//! Tokens as the English treebanks cut them: clitics, hyphens and marks apart, names of files and addresses whole.
//!
//! Works on white-space chunks: marks are peeled off both ends, then the inside is cut at the marks that separate.
//! Linear: a chunk longer than [`CHUNK`] bytes is cut first.

use super::words::{Words, is_apostrophe, is_closer, is_opener, is_quote};
use crate::record::Span;

/// Longest chunk without white space that is looked at as one, in bytes.
const CHUNK: usize = 1500;

/// Cuts `text[range]` into tokens, in order, never overlapping; spans are in `text`.
pub fn tokenize(words: &Words, text: &str, range: Span, out: &mut Vec<Span>) {
    let mut cut = Cutter { words, text, out };
    let mut start = None;
    for (i, c) in range.of(text).char_indices() {
        let at = range.start + i;
        if c.is_whitespace() || is_invisible(c) {
            if let Some(s) = start.take() {
                cut.chunk(s, at);
            }
        } else {
            let s = *start.get_or_insert(at);
            if at - s >= CHUNK {
                cut.chunk(s, at);
                start = Some(at);
            }
        }
    }
    if let Some(s) = start {
        cut.chunk(s, range.end);
    }
}

/// Control, zero-width and replacement characters, which stand for nothing that can be read.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{fffd}')
}

struct Cutter<'a> {
    words: &'a Words,
    text: &'a str,
    out: &'a mut Vec<Span>,
}

impl<'a> Cutter<'a> {
    fn slice(&self, a: usize, b: usize) -> &'a str {
        self.text.get(a..b).unwrap_or("")
    }
    fn emit(&mut self, a: usize, b: usize) {
        if a < b {
            self.out.push(Span::new(a, b));
        }
    }

    /// One run of text without white space.
    fn chunk(&mut self, mut a: usize, mut b: usize) {
        let s = self.slice(a, b);
        if s.chars().all(is_symbol) || is_emoticon(s) {
            return self.symbols(a, b);
        }
        let mut tail = Vec::new();
        loop {
            a = self.lead(a, b);
            b = self.trail(a, b, &mut tail);
            if a >= b {
                break;
            }
            if is_address(self.words, self.slice(a, b)) {
                self.emit(a, b);
                break;
            }
            match self.inner_cut(a, b) {
                Some((x, y)) => {
                    self.leaf(a, x);
                    self.emit(x, y);
                    a = y;
                }
                None => {
                    self.leaf(a, b);
                    break;
                }
            }
        }
        while let Some(t) = tail.pop() {
            self.out.push(t);
        }
    }

    /// A chunk of marks alone: equal marks in a row are one token, brackets and quotation marks stand alone.
    fn symbols(&mut self, a: usize, b: usize) {
        let s = self.slice(a, b);
        if is_emoticon(s) || s.chars().all(|c| !is_opener(c) && !is_closer(c) && !matches!(c, ',' | '.' | '!' | '?' | ';')) {
            return self.emit(a, b);
        }
        let mut from = a;
        let mut prev: Option<char> = None;
        for (i, c) in s.char_indices() {
            if let Some(p) = prev {
                let joined = match (p, c) {
                    ('!' | '?', '!' | '?') => true,
                    ('\'' | '`', _) | ('.', '.') => p == c,
                    _ if is_opener(p) || is_closer(p) || matches!(p, ',' | ';') => false,
                    _ => p == c,
                };
                if !joined {
                    self.emit(from, a + i);
                    from = a + i;
                }
            }
            prev = Some(c);
        }
        self.emit(from, b);
    }

    /// Peels marks off the front; returns where the rest begins.
    fn lead(&mut self, mut a: usize, b: usize) -> usize {
        loop {
            let s = self.slice(a, b);
            let Some(c) = s.chars().next() else { return a };
            let next = s.chars().nth(1);
            let mut n = c.len_utf8();
            match c {
                '`' | '\'' if next == Some(c) => n *= 2,
                _ if is_apostrophe(c) => {
                    let rest = s.get(n..).unwrap_or("");
                    let word: String = rest.chars().take_while(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
                    if rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.get(1..).is_some_and(|r| r.contains(is_apostrophe))
                        || self.words.apostrophe_words.contains(&word)
                        || self.words.clitics.contains(&word) && self.out.last().is_some_and(|t| t.end == a)
                    {
                        return a;
                    }
                }
                '.' => {
                    let dots = s.bytes().take_while(|&x| x == b'.').count();
                    if dots == 1 && next.is_some_and(char::is_alphanumeric) {
                        return a;
                    }
                    n = dots;
                }
                '!' | '?' => n = run(s, |x| matches!(x, '!' | '?')),
                ',' | ';' | ':' | '\u{2026}' | '%' | '$' | '£' | '€' | '¥' | '|' | '\\' | '\u{2022}' | '\u{b7}' => {}
                '#' if next.is_some_and(|x| x.is_ascii_digit()) => {}
                '-' | '+' if next.is_some_and(|x| x.is_ascii_digit()) => return a,
                '@' if next.is_some_and(|x| x.is_ascii_digit()) => {}
                '-' | '\u{2013}' | '\u{2014}' | '*' | '=' | '~' | '<' | '>' | '^' | '_' | '+' | '/' => n = run(s, |x| x == c),
                _ if is_opener(c) || is_closer(c) => {}
                _ => return a,
            }
            self.emit(a, a + n);
            a += n;
        }
    }

    /// Peels marks off the end onto `tail` (last first); returns where the rest ends.
    fn trail(&mut self, a: usize, mut b: usize, tail: &mut Vec<Span>) -> usize {
        loop {
            let s = self.slice(a, b);
            let Some(c) = s.chars().next_back() else { return b };
            let n = match c {
                '\'' | '`' if s.len() > 2 && s.ends_with(if c == '\'' { "''" } else { "``" }) => 2,
                ')' if s.ends_with("(s)") && s.len() > 3 => return b,
                '.' => {
                    let dots = s.bytes().rev().take_while(|&x| x == b'.').count();
                    if dots == 1 && self.words.is_abbreviation(last_part(s)) {
                        return b;
                    }
                    dots
                }
                '!' | '?' => s.chars().rev().take_while(|x| matches!(x, '!' | '?')).count(),
                '-' | '\u{2013}' | '\u{2014}' | '*' | '=' | '~' | '<' | '>' | '^' | '_' | '|' | '+' => {
                    s.chars().rev().take_while(|&x| x == c).count() * c.len_utf8()
                }
                ',' | ';' | ':' | '\u{2026}' | '%' | '\u{b0}' | '/' | '\\' | '&' => c.len_utf8(),
                '$' if s.len() > 1 && !s.bytes().take(s.len() - 1).all(|x| x.is_ascii_uppercase()) => 1,
                _ if is_opener(c) || is_closer(c) || is_apostrophe(c) => c.len_utf8(),
                _ => return b,
            };
            if matches!(c, '/') && is_address(self.words, s) {
                return b;
            }
            tail.push(Span::new(b - n, b));
            b -= n;
        }
    }

    /// The first mark inside `a..b` that is a token of its own (empty where two tokens merely meet).
    fn inner_cut(&self, a: usize, b: usize) -> Option<(usize, usize)> {
        let s = self.slice(a, b);
        let mut prev = None;
        for (i, c) in s.char_indices() {
            let rest = s.get(i..).unwrap_or("");
            let next = rest.chars().nth(1);
            let digit = |x: Option<char>| x.is_some_and(|y| y.is_ascii_digit());
            let alpha = |x: Option<char>| x.is_some_and(char::is_alphabetic);
            let one = Some((a + i, a + i + c.len_utf8()));
            let hit = match c {
                _ if prev.is_none() => None,
                '-' if next == Some('-') => Some((a + i, a + i + run(rest, |x| x == '-'))),
                '-' => {
                    let left = s.get(..i).unwrap_or("");
                    if self.words.hyphen_prefixes.contains(&left.to_lowercase()) || is_number_code(s) { None } else { one }
                }
                '\u{2013}' | '\u{2014}' | '\u{2026}' | ';' | '|' => one,
                '.' if next == Some('.') => Some((a + i, a + i + run(rest, |x| x == '.'))),
                '.' => {
                    let left = s.get(..i).unwrap_or("");
                    let right = rest.get(1..).unwrap_or("");
                    if missing_space(left, right) { one } else { None }
                }
                ',' | ':' if digit(prev) && digit(next) => None,
                ',' | ':' => one,
                '!' | '?' => Some((a + i, a + i + run(rest, |x| matches!(x, '!' | '?')))),
                '(' if rest.starts_with("(s)") => None,
                ')' if s.get(..i).is_some_and(|l| l.ends_with("(s")) => None,
                _ if is_quote(c) || matches!(c, '(' | ')' | '[' | ']' | '{' | '}') => one,
                '/' if alpha(prev) && alpha(next) => {
                    let left = s.get(..i).map_or(0, |l| l.chars().count());
                    let right = rest.chars().skip(1).take_while(|x| x.is_alphanumeric()).count();
                    if left > 1 && right > 1 { one } else { None }
                }
                '=' | '<' | '>' | '*' | '~' if alpha(prev) != alpha(next) || c != '*' => one,
                '+' if prev != Some('+') && next != Some('+') => one,
                '$' | '£' | '€' | '¥' if digit(next) => {
                    let left = s.get(..i).unwrap_or("");
                    let end = a + i + c.len_utf8();
                    // "US$5": the letters belong to the sign
                    if c == '$' && left.len() <= 3 && left.bytes().all(|x| x.is_ascii_uppercase()) { return Some((a, end)) } else { one }
                }
                _ => None,
            };
            if hit.is_some() {
                return hit;
            }
            prev = Some(c);
        }
        None
    }

    /// A piece without separating marks: clitics, contractions and units come off.
    fn leaf(&mut self, a: usize, b: usize) {
        let s = self.slice(a, b);
        if s.is_empty() {
            return;
        }
        let low = s.to_lowercase();
        if let Some(&n) = self.words.contractions.get(&low) {
            let at = a + s.chars().take(n).map(char::len_utf8).sum::<usize>();
            self.emit(a, at);
            return self.emit(at, b);
        }
        if let Some((i, c)) = s.char_indices().rev().find(|&(_, c)| is_apostrophe(c)) {
            let tail: String = s.get(i + c.len_utf8()..).unwrap_or("").to_lowercase();
            let before = s.get(..i).unwrap_or("");
            if tail == "t" && before.chars().next_back().is_some_and(|c| matches!(c, 'n' | 'N')) && before.len() > 1 {
                let at = a + i - 1;
                self.emit(a, at);
                return self.emit(at, b);
            }
            if !before.is_empty() && self.words.clitics.contains(&tail) {
                self.leaf_rest(a, a + i);
                return self.emit(a + i, b);
            }
        }
        // number and unit
        let digits = s.bytes().take_while(|x| x.is_ascii_digit() || matches!(x, b'.' | b',' | b':')).count();
        if digits > 0 && digits < s.len() && low.get(digits..).is_some_and(|u| self.words.units.contains(u)) {
            self.emit(a, a + digits);
            return self.emit(a + digits, b);
        }
        self.emit(a, b);
    }

    /// What is left of a clitic: at most one more comes off ("wouldn't've").
    fn leaf_rest(&mut self, a: usize, b: usize) {
        let s = self.slice(a, b);
        let n = s.len();
        let low = s.to_lowercase();
        if low.len() == n && n > 3 && (low.ends_with("n't") || low.ends_with("n\u{2019}t")) {
            let at = b - (if low.ends_with("n't") { 3 } else { 5 });
            self.emit(a, at);
            self.emit(at, b);
        } else {
            self.emit(a, b);
        }
    }
}

/// Bytes of the run of characters at the start of `s` that satisfy `f`.
fn run(s: &str, f: impl Fn(char) -> bool) -> usize {
    s.chars().take_while(|&c| f(c)).map(char::len_utf8).sum()
}

fn is_symbol(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The part after the last separator: what an abbreviation could be.
fn last_part(s: &str) -> &str {
    s.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or(s)
}

/// ":)", ";-)", "=(", ":D", "<3".
fn is_emoticon(s: &str) -> bool {
    let b = s.as_bytes();
    let eyes = |c: u8| matches!(c, b':' | b';' | b'=');
    let mouth = |c: u8| matches!(c, b')' | b'(' | b'D' | b'P' | b'p' | b'/' | b'|' | b']' | b'[' | b'*');
    matches!(b, [e, m] if eyes(*e) && mouth(*m)) || matches!(b, [e, b'-' | b'\'', m] if eyes(*e) && mouth(*m)) || s == "<3" || s == "^_^"
}

/// URLs, e-mail addresses, host and file names, handles.
fn is_address(words: &Words, s: &str) -> bool {
    if s.contains("://") || s.starts_with("www.") || s.starts_with("mailto:") {
        return true;
    }
    if let Some((user, host)) = s.split_once('@') {
        return if user.is_empty() {
            host.chars().all(|c| c.is_alphanumeric() || c == '_')
        } else {
            !host.is_empty() && !user.contains('/')
        };
    }
    if s.starts_with('#') {
        return s.len() > 1 && s.chars().skip(1).all(|c| c.is_alphanumeric() || c == '_');
    }
    // host or file name: labels with dots, the last of 2 to 4 lower-case letters (with a path after it, if any)
    let (host, path) = s.split_once('/').unwrap_or((s, ""));
    let mut labels = host.split('.');
    let last = labels.next_back().unwrap_or("");
    let rest: Vec<&str> = labels.collect();
    !rest.is_empty()
        && (2..=4).contains(&last.len())
        && last.bytes().all(|c| c.is_ascii_lowercase())
        && rest.iter().all(|l| l.len() > 1 && l.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
        && (!path.is_empty() || rest.iter().any(|l| l.len() > 2))
        && words.address_endings.contains(last)
}

/// Telephone numbers, dates and codes of digits with hyphens: "713-853-1696", "2022-12-31". A range "5-10" is not one.
fn is_number_code(s: &str) -> bool {
    if !s.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'-' | b'/' | b'.' | b'+')) {
        return false;
    }
    let groups: Vec<usize> = s.split(['-', '/', '.']).map(str::len).collect();
    groups.len() >= 3 || matches!(groups[..], [3 | 5, 4])
}

/// "ended.The": a sentence's last and next first word run together.
fn missing_space(left: &str, right: &str) -> bool {
    let word = left.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let mut r = right.chars();
    word.chars().count() >= 2
        && word.chars().next_back().is_some_and(char::is_lowercase)
        && r.next().is_some_and(char::is_uppercase)
        && r.next().is_none_or(|c| c.is_lowercase() || is_apostrophe(c))
}
