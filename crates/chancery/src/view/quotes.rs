//! Quotation marks pasted the wrong way round: `‘` for an apostrophe, `”` that opens, `“` that closes.
//! Told by the characters on both sides and by what is open, never by the words.

use super::Edit;

const APOSTROPHE: &str = "’";
const OPEN: &str = "“";
const CLOSE: &str = "”";

/// What quotation, if any, is open at a place of a paragraph.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    No,
    /// By `“`, `"` or a `”` that was repaired.
    Yes,
    /// By `„`, which `“` closes rightly.
    Low,
}

/// The edits that turn wrong marks in `text`. Each replaces one mark by another of three bytes.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    if !text.contains(['‘', '“', '”']) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut put = |at: usize, becomes: &str| out.push(Edit { at: at..at + becomes.len(), becomes: becomes.to_owned() });
    let mut open = Open::No;
    // Line start counts as white space; two characters back tell a blank line.
    let (mut before, mut before_that) = ('\n', '\n');
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or('\n', |&(_, c)| c);
        match c {
            '‘' if apostrophe(before, after, text.get(at + c.len_utf8()..).unwrap_or("")) => put(at, APOSTROPHE),
            '„' => open = Open::Low,
            '"' => open = if open == Open::No && opens(before, after) { Open::Yes } else { Open::No },
            '”' if open == Open::No && opens(before, after) => {
                put(at, OPEN);
                open = Open::Yes;
            }
            '”' => open = Open::No,
            '“' if open == Open::Yes && closes(before, after) => {
                put(at, CLOSE);
                open = Open::No;
            }
            '“' if open == Open::Low => open = Open::No,
            '“' => open = Open::Yes,
            // A paragraph ends what was open in it.
            '\n' if before == '\n' || (before == '\r' && before_that == '\n') => open = Open::No,
            _ => {}
        }
        (before_that, before) = (before, c);
    }
    out
}

/// `‘` within or right after a word ("Beijing‘s", "workers‘ rights") or before a short year ("the ‘90s").
fn apostrophe(before: char, after: char, rest: &str) -> bool {
    if before.is_alphanumeric() {
        return true;
    }
    let mut next = rest.chars();
    let year = next.by_ref().take(2).filter(char::is_ascii_digit).count() == 2;
    let year = year && matches!(next.next(), Some('s')) && !next.next().is_some_and(char::is_alphanumeric);
    // A single mark right after a sentence's end, with space behind it, closes.
    year || (matches!(before, '.' | ',' | '!' | '?' | '…') && (after.is_whitespace() || after.is_ascii_punctuation()))
}

/// White space, a bracket, a colon or a dash before, a word behind.
fn opens(before: char, after: char) -> bool {
    (before.is_whitespace() || matches!(before, ':' | '(' | '[' | '—' | '–'))
        && (after.is_alphanumeric() || matches!(after, '‘' | '’' | '[' | '…' | '$' | '€' | '£'))
}

/// A word or its end before; white space, the end or punctuation behind.
fn closes(before: char, after: char) -> bool {
    (before.is_alphanumeric() || matches!(before, '.' | ',' | '!' | '?' | '…' | ')' | ']' | '%' | '’'))
        && (after.is_whitespace() || matches!(after, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '—' | '–'))
}

#[cfg(test)]
mod tests {
    fn turned(text: &str) -> String {
        let mut out = text.to_owned();
        for e in super::edits(text) {
            out.replace_range(e.at, &e.becomes);
        }
        out
    }

    #[test]
    fn wrong_marks_are_turned() {
        for (bad, good) in [
            ("Beijing‘s willingness", "Beijing’s willingness"),
            ("the workers‘ rights", "the workers’ rights"),
            ("since the ‘90s", "since the ’90s"),
            ("Xi:”We aim to go.” pic", "Xi:“We aim to go.” pic"),
            ("said ”no” and ”yes”.", "said “no” and “yes”."),
            ("He said “no“, then left.", "He said “no”, then left."),
            ("”We go.”\n\n”We stay.”", "“We go.”\n\n“We stay.”"),
            ("“We go.“ And", "“We go.” And"),
            ("‘Stop.‘ he said", "‘Stop.’ he said"),
        ] {
            assert_eq!(turned(bad), good, "{bad}");
        }
    }

    #[test]
    fn right_marks_stay() {
        for text in [
            "“We go,” he said. “Now.”",
            "‘We go,’ he said; ‘now’.",
            "„Wir gehen“, sagte er. „Jetzt“, rief sie.",
            "“Never closed, he said.\n\n“Next paragraph.”",
            "(“see”) —“dash” [“bracket”]",
            "Hawai’i and rock ’n’ roll",
            "the “first”, the “second” and the “third”",
            "a stray ” between spaces",
            "“‘Nested,’ he said”",
            "lost opening. He left” and went",
        ] {
            assert_eq!(turned(text), text);
        }
    }

    #[test]
    fn a_quotation_left_open_does_not_reach_the_next_paragraph() {
        assert_eq!(turned("“Open here\n\n”We go.”"), "“Open here\n\n“We go.”");
        // Within the paragraph the mark may close with a stray space before it.
        assert_eq!(turned("“Open here ”we"), "“Open here ”we");
    }
}
