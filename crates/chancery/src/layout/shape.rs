//! What a unit of text looks like, whatever it says.

use super::cues::Cues;

/// Characters looked at; a longer unit is a paragraph anyway.
const LOOK: usize = 1200;

/// Shape of a unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    pub words: usize,
    /// Ends like a sentence: a stop, question mark or the like, quotation marks and brackets aside.
    pub ended: bool,
    /// Ends with a question mark.
    pub question: bool,
    /// Ends with a colon: it leads in what follows.
    pub leads: bool,
    pub letters: usize,
    /// Words of letters, those that start with a capital, and those of four letters and more of each.
    pub capitalised: usize,
    pub long: usize,
    pub long_capitalised: usize,
    /// Every letter is a capital.
    pub shouted: bool,
    /// Has a word that clauses have and labels have not.
    pub clause: bool,
    pub quoted: bool,
    /// Goes over a line break, or goes on in lower case: part of running prose.
    pub running: bool,
    /// Starts with a bullet or a list number.
    pub bullet: bool,
    /// Parts of a menu: separated by bars, arrows or runs of spaces.
    pub divided: bool,
}

impl Shape {
    pub fn of(text: &str, cues: &Cues) -> Shape {
        let text = text.trim();
        let head = text.get(..text.floor_char_boundary(LOOK)).unwrap_or(text);
        let mut shape =
            Shape { ended: ends_sentence(text), question: last_mark(text) == Some('?'), leads: text.ends_with(':'), ..Shape::default() };
        let (mut lower, mut dividers) = (0usize, 0usize);
        for word in head.split_whitespace() {
            let core = word.trim_matches(|c: char| !c.is_alphanumeric());
            let Some(first) = core.chars().next() else {
                dividers += usize::from(matches!(word, "|" | "»" | "›" | ">" | "•" | "·" | "/"));
                continue;
            };
            // Scripts without spaces: two characters are about a word.
            let unspaced =
                core.chars().filter(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{0e00}'..='\u{0eff}')).count();
            shape.words += 1.max(unspaced / 2);
            let letters = core.chars().filter(|c| c.is_alphabetic()).count();
            shape.letters += letters;
            lower += core.chars().filter(|c| c.is_lowercase()).count();
            let capital = first.is_uppercase() || first.is_numeric();
            shape.capitalised += usize::from(capital);
            if letters >= 4 {
                shape.long += 1;
                shape.long_capitalised += usize::from(capital);
            }
            shape.clause |= cues.is_finite(core);
        }
        shape.shouted = shape.letters >= 2 && lower == 0 && head.chars().any(char::is_uppercase);
        shape.quoted = head.contains(['“', '”', '"', '„', '«']) || head.contains("''");
        shape.running = head.contains(['\n', '\r']) || head.starts_with(char::is_lowercase);
        shape.bullet = starts_bullet(head);
        shape.divided = dividers >= 2 || (shape.words >= 3 && head.matches("    ").count() >= 2 && !shape.ended);
        shape
    }

    /// Reads like a sentence or more of them.
    pub fn sentence(&self) -> bool {
        (self.leads && self.words >= 6)
            || (self.ended && (self.words >= 5 || (self.words >= 3 && self.clause)))
            || self.words >= 20
            || (self.quoted && self.words >= 12)
    }
    /// Most of its longer words are capitalised, as in a headline of that style or a name.
    pub fn title_case(&self) -> bool {
        self.long >= 2 && self.long_capitalised * 10 >= self.long * 8
    }
    /// Could be a headline or a heading.
    pub fn headline(&self) -> bool {
        self.words >= 2
            && self.words <= 26
            && self.letters >= 6
            && (!self.ended || self.question)
            && !self.leads
            && !self.running
            && !self.bullet
            && !self.divided
    }
    /// Two to four capitalised words and nothing else: a person's name standing alone.
    pub fn name_only(&self) -> bool {
        (2..=4).contains(&self.words) && self.capitalised == self.words && !self.ended && !self.shouted
    }
}

/// The last character, quotation marks and brackets that close aside.
fn last_mark(text: &str) -> Option<char> {
    text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '”' | '’' | '\'' | '»' | '“' | ')' | ']' | '*' | '_'))
        .chars()
        .next_back()
}

/// Whether the text ends like a sentence.
pub(crate) fn ends_sentence(text: &str) -> bool {
    matches!(last_mark(text), Some('.' | '!' | '?' | '…' | '。' | '؟' | '।'))
        || text.trim_end().ends_with([',', ':']) && text.contains(['"', '“', '”'])
}

/// Whether a line starts a list item.
pub(crate) fn starts_bullet(line: &str) -> bool {
    let line = line.trim_start();
    let mut chars = line.chars();
    match chars.next() {
        Some('•' | '●' | '▪' | '◦' | '‣' | '·' | '■' | '➤' | '►' | '✔') => true,
        Some('*') => line.starts_with("* "),
        Some('-' | '–') => match chars.next() {
            Some(' ') => chars.next().is_some_and(char::is_alphanumeric),
            Some(c) => c.is_uppercase(),
            None => false,
        },
        Some(c) if c.is_ascii_digit() => {
            let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let rest = line.get(digits..).unwrap_or("");
            digits <= 2
                && (rest.starts_with(". ") || rest.starts_with(") "))
                && rest.get(2..).is_some_and(|r| r.chars().next().is_some_and(char::is_alphabetic))
        }
        _ => false,
    }
}
