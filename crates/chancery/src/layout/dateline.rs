//! Datelines: "ISTANBUL, Turkey (AP)_", "MOSCOW, Feb 26 -", "GENEVA (Reuters) —", "Dec 29 (Reuters) -".

use super::cues::Cues;
use super::stamp::{self, Stamp};
use crate::record::Span;

/// A dateline at the start of a paragraph. Spans count from there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dateline {
    /// Behind its mark and the white space that follows.
    pub end: usize,
    /// "(AP)" without its brackets.
    pub agency: Option<Span>,
    pub date: Option<Stamp>,
}

/// How far into a paragraph its dateline may reach, in bytes, and how many words it may have.
const REACH: usize = 110;
const MOST_WORDS: usize = 12;
/// Words of a city's name.
const MOST_CITY: usize = 4;

/// The dateline that `paragraph` starts with. A place in capitals, a date or an agency in brackets must vouch for it,
/// and what follows must start like a sentence.
pub(crate) fn at_start(paragraph: &str, cues: &Cues) -> Option<Dateline> {
    let head = paragraph.get(..paragraph.floor_char_boundary(REACH)).unwrap_or(paragraph);
    let (at, len) = mark(head)?;
    let shown = head.get(..at)?.trim_end();
    if shown.split_whitespace().count() > MOST_WORDS {
        return None;
    }
    let end = at + len;
    let rest = paragraph.get(end..)?;
    let body = rest.trim_start();
    // A dash inside a sentence goes on in lower case.
    if !body.starts_with(|c: char| {
        c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '”' | '‘' | '\'' | '`' | '«' | '„' | '$' | '€' | '£')
    }) {
        return None;
    }
    let agency = agency(shown);
    let date = stamp::find(shown, cues).into_iter().next();
    let place = shown
        .get(..agency.map(|a| a.start.saturating_sub(1)).into_iter().chain(date.map(|d| d.span.start)).min().unwrap_or(shown.len()))?;
    let place = place.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '/' | '('));
    let evidence = usize::from(agency.is_some()) + usize::from(date.is_some());
    let colon = paragraph.get(at..end).is_some_and(|m| m.starts_with(':'));
    let fits = match place_shape(place, cues) {
        Place::None => evidence > 0 && (date.is_some() || agency.is_some_and(|a| a.start <= 1)),
        Place::Capitals => !colon || evidence > 0,
        // "Rep. Ann Lee (R-S.C.): …" is a speaker.
        Place::Words => date.is_some() || (agency.is_some() && !colon),
        Place::Not => false,
    };
    // Nothing may stand in it but place, date and agency.
    let rest_fits = || {
        let left: String = shown
            .char_indices()
            .filter(|(i, _)| {
                *i >= place.len()
                    && !agency.is_some_and(|a| (a.start..a.end).contains(i))
                    && !date.is_some_and(|d| (d.span.start..d.span.end).contains(i))
            })
            .map(|(_, c)| c)
            .collect();
        left.split(|c: char| !c.is_alphabetic()).all(|w| w.is_empty() || cues.is_stamp_word(w))
    };
    (fits && rest_fits()).then_some(Dateline { end: end + (rest.len() - body.len()), agency, date })
}

/// Place and length of the mark that ends a dateline.
fn mark(head: &str) -> Option<(usize, usize)> {
    let mut depth = 0i32;
    let mut before = ' ';
    for (i, c) in head.char_indices() {
        let rest = head.get(i..)?;
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '\n' if rest.starts_with("\n\n") => return None,
            _ if depth > 0 => {}
            '—' | '–' | '―' => return Some((i, c.len_utf8())),
            '-' if rest.starts_with("--") => return Some((i, rest.len() - rest.trim_start_matches('-').len())),
            '-' if (before.is_whitespace() || before == ')')
                && rest.get(1..).is_some_and(|r| r.is_empty() || r.starts_with(char::is_whitespace)) =>
            {
                return Some((i, 1));
            }
            '_' => return Some((i, rest.len() - rest.trim_start_matches('_').len())),
            ':' if before == ')' || before.is_alphanumeric() => return Some((i, 1)),
            // /TASS/.
            '/' if before.is_whitespace() => {
                let close = rest.get(1..)?.find('/')? + 2;
                let dot = usize::from(rest.get(close..).is_some_and(|r| r.starts_with('.')));
                return Some((i + close, dot));
            }
            '!' | '?' | ';' | '"' | '“' | '”' => return None,
            _ => {}
        }
        before = c;
    }
    None
}

/// The name in the last brackets or slashes.
fn agency(shown: &str) -> Option<Span> {
    let (open, close) = match (shown.rfind('('), shown.rfind(')')) {
        (Some(open), Some(close)) if open < close => (open, close),
        _ => {
            let close = shown.strip_suffix('.').unwrap_or(shown).strip_suffix('/')?.len();
            (shown.get(..close)?.rfind('/')?, close)
        }
    };
    let name = shown.get(open + 1..close)?;
    let fits = name.chars().next().is_some_and(char::is_alphabetic)
        && name.len() <= 40
        && !name.contains('.')
        && name.chars().any(char::is_uppercase)
        // "(dpa)": some agencies write themselves small.
        || ((2..=4).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase()));
    fits.then(|| Span::new(open + 1, open + 1 + name.trim_end().len()))
}

enum Place {
    None,
    /// Its first words are in capitals: "SALT LAKE CITY, Utah".
    Capitals,
    /// Capitalised words: "Kyiv, Ukraine".
    Words,
    Not,
}

fn place_shape(place: &str, cues: &Cues) -> Place {
    let place = place.trim();
    if place.is_empty() {
        return Place::None;
    }
    let city = place.split(',').next().unwrap_or(place);
    let letters = |w: &str| w.chars().filter(|c| c.is_alphabetic()).count();
    let mut words = city.split_whitespace().filter(|w| letters(w) > 0).peekable();
    if words.peek().is_none() || place.chars().any(|c| c.is_ascii_digit()) || city.split_whitespace().any(|w| cues.is_no_place(w)) {
        return Place::Not;
    }
    let small = |w: &str| matches!(w.chars().count(), 1..=3) && !w.contains('.');
    let starts_capital = |w: &str| w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    let capitals = city.split_whitespace().all(|w| !w.chars().any(char::is_lowercase))
        && letters(city) >= 3
        && city.split_whitespace().count() <= MOST_CITY;
    if !capitals && letters(city) >= 3 && !city.chars().any(char::is_lowercase) {
        return Place::Not;
    }
    if capitals && place.split(',').skip(1).flat_map(str::split_whitespace).all(|w| starts_capital(w) || small(w)) {
        return Place::Capitals;
    }
    if place.split_whitespace().all(|w| starts_capital(w) || small(w)) { Place::Words } else { Place::Not }
}
