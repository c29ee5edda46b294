//! Sentence ends, told from the tokens of a block.
//!
//! Within a block a newline is white space: blank lines end blocks, and that is the layout's business.

use super::boundaries::Boundaries;
use super::words::{Words, is_closer, is_initials, is_opener, is_quote};
use crate::record::Span;

/// Longest sentence in tokens; what is longer is cut there.
pub const MAX_TOKENS: usize = 200;

/// Ends of the sentences among `tokens` (exclusive indices, the last is `tokens.len()`), and how many were cut for length.
/// Where a model of the language's sentences is given, it has the last word over the rules.
pub fn split(words: &Words, model: Option<&Boundaries>, text: &str, tokens: &[Span]) -> (Vec<usize>, usize) {
    let rules = by_rules(words, text, tokens);
    let seen = match model {
        Some(m) => m.ends(text, tokens, &rules),
        None => rules,
    };
    let mut ends = Vec::new();
    let mut from = 0;
    let mut cuts = 0;
    for end in seen {
        while end - from > MAX_TOKENS {
            from += MAX_TOKENS;
            ends.push(from);
            cuts += 1;
        }
        ends.push(end);
        from = end;
    }
    (ends, cuts)
}

/// Sentence ends as the rules have them, whatever the length.
pub fn by_rules(words: &Words, text: &str, tokens: &[Span]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut from = 0;
    let mut i = 0;
    while i < tokens.len() {
        match end_after(words, text, tokens, from, i) {
            Some(end) => {
                ends.push(end);
                from = end;
                i = end;
            }
            None => i += 1,
        }
    }
    if from < tokens.len() {
        ends.push(tokens.len());
    }
    ends
}

/// If a sentence begun at `from` ends with token `i` and the marks that close it: where the next one begins.
fn end_after(words: &Words, text: &str, tokens: &[Span], from: usize, i: usize) -> Option<usize> {
    let word = tokens.get(i)?.of(text);
    let last = word.chars().next_back()?;
    let first = word.chars().next()?;
    if !matches!(last, '.' | '!' | '?' | '\u{2026}') {
        return None;
    }
    // closing marks directly behind belong to the sentence
    let mut end = i + 1;
    while let (Some(t), Some(p)) = (tokens.get(end), tokens.get(end - 1)) {
        let s = t.of(text);
        let adjacent = t.start == p.end;
        let closes = s.chars().all(is_closer) || s == "''";
        // a straight mark with space before it opens the next sentence
        if closes && (adjacent || s.chars().all(|c| matches!(c, ')' | ']' | '\u{201d}'))) && end - i < 4 {
            end += 1;
        } else {
            break;
        }
    }
    let Some(next) = next_word(text, tokens, end) else { return Some(tokens.len().min(end.max(i + 1))).filter(|&e| e < tokens.len()) };
    let next_upper = next.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let next_lower = next.chars().next().is_some_and(char::is_lowercase);
    let spaced = tokens.get(end).zip(tokens.get(end - 1)).is_some_and(|(t, p)| t.start > p.end);
    let closed = end > i + 1;
    if word.len() > 1 && first.is_alphanumeric() {
        // an abbreviation, with its own stop
        let low = word.to_lowercase();
        if words.titles.contains(&low) && !closed || !next_upper {
            return None;
        }
        if is_initials(word) && word.chars().count() == 2 && !closed {
            return None;
        }
        let opener = words.openers.contains(&next.to_lowercase());
        let quoted = tokens.get(end).is_some_and(|t| t.of(text).starts_with(is_quote)) && spaced;
        return (opener || closed || quoted).then_some(end);
    }
    match last {
        '.' if word.chars().count() == 1 => {
            // the label of a list: "1. Open the lid"
            if i == from + 1 && tokens.get(from).is_some_and(|t| t.of(text).chars().all(|c| c.is_ascii_digit()) && t.len() <= 3) {
                return None;
            }
            let run_on = next_lower && (!spaced || closed);
            (!run_on).then_some(end)
        }
        '!' | '?' if closed || word.len() == 1 || spaced => (!next_lower).then_some(end),
        '.' | '\u{2026}' => (next_upper && (spaced || closed)).then_some(end),
        _ => None,
    }
}

/// The first token from `at` that is not an opening mark.
fn next_word<'a>(text: &'a str, tokens: &[Span], at: usize) -> Option<&'a str> {
    tokens
        .get(at..)?
        .iter()
        .take(4)
        .map(|t| t.of(text))
        .find(|s| !s.chars().all(|c| is_opener(c) || is_quote(c) || matches!(c, '\'' | '`' | '-' | '*' | '\u{2022}' | '\u{2014}')))
}
