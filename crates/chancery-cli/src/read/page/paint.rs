//! Lines of a page: wrapped to the width, coloured only where asked.

use anstyle::{AnsiColor, Style};
use std::fmt::Write;

/// Builds a page line by line.
#[derive(Debug)]
pub struct Sheet {
    pub out: String,
    width: usize,
    colour: bool,
}

pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const HEAD: Style = AnsiColor::Cyan.on_default().bold();
pub const SIDE: Style = AnsiColor::Green.on_default().bold();
pub const WARN: Style = AnsiColor::Yellow.on_default();

impl Sheet {
    pub fn new(width: usize, colour: bool) -> Self {
        Sheet { out: String::new(), width: width.max(30), colour }
    }

    /// `text` in a style.
    pub fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// A paragraph, its first line indented by `first` and the others by `rest` columns.
    pub fn line(&mut self, first: usize, rest: usize, text: &str) {
        let (first, rest) = (" ".repeat(first), " ".repeat(rest));
        let options = textwrap::Options::new(self.width).initial_indent(&first).subsequent_indent(&rest).break_words(true);
        for line in textwrap::wrap(text, options) {
            let _ = writeln!(self.out, "{}", line.trim_end());
        }
    }

    /// A section's heading after an empty line.
    pub fn heading(&mut self, text: &str) {
        self.out.push('\n');
        let painted = self.paint(HEAD, text);
        self.line(0, 0, &painted);
    }

    pub fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A line across the page.
    pub fn rule(&mut self) {
        let rule = self.paint(DIM, &"─".repeat(self.width));
        let _ = writeln!(self.out, "{rule}");
    }
}

/// A report's words fit to be shown: one line, no control or direction characters that could move the cursor
/// or turn the line round.
pub fn clean(text: &str) -> String {
    let shown = |c: char| match c {
        c if c.is_whitespace() => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => ' ',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    };
    let line: String = text.chars().map(shown).collect();
    line.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// At most `n` characters of cleaned text, cut at a word.
pub fn shorten(text: &str, n: usize) -> String {
    let text = clean(text);
    let Some((cut, _)) = text.char_indices().nth(n) else { return text };
    let head = &text[..cut];
    let at = head.rfind(' ').filter(|&i| i > cut / 2).unwrap_or(cut);
    format!("{}…", head[..at].trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\n\tc\u{202E}d"), "a\u{FFFD}[2Jb c d");
    }

    #[test]
    fn cuts_at_words() {
        assert_eq!(shorten("one two three four", 9), "one two…");
        assert_eq!(shorten("one", 9), "one");
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        let mut sheet = Sheet::new(40, true);
        let text = sheet.paint(BOLD, &"some words and then averyverylongwordthatdoesnotfitanywhereatallonthispage ".repeat(3));
        sheet.line(2, 4, &text);
        assert!(sheet.out.lines().all(|l| textwrap::core::display_width(l) <= 40), "{}", sheet.out);
    }
}
