//! What a reader sees: the report with the event at hand marked, and where keys come from.

use super::session::{Item, Sheet, written};
use crate::read::page::clean;
use crate::{Error, Result};
use chancery::record::Span;
use console::{Key, Term};
use std::fmt::Write;

/// How the report is shown.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The whole text, not the sentence alone.
    pub whole: bool,
    /// Lines of it that are passed over.
    pub scroll: usize,
    /// What is to be said once.
    pub said: String,
}

impl View {
    pub fn new(whole: bool) -> View {
        View { whole, ..View::default() }
    }
}

/// Where a session is held.
pub trait Desk {
    fn show(&mut self, sheet: &Sheet, at: usize, view: &View, head: &str) -> Result<()>;
    /// The next key; none where there are no more.
    fn key(&mut self) -> Result<Option<Key>>;
    /// A line of text, beginning with `given`; none where it is given up.
    fn ask(&mut self, what: &str, given: &str) -> Result<Option<String>>;
}

pub struct Terminal {
    term: Term,
}

impl Terminal {
    pub fn new(term: Term) -> Terminal {
        Terminal { term }
    }
}

fn failed(e: std::io::Error) -> Error {
    Error::new("E0533", format!("the terminal failed: {e}"), "chancery review", "run it at another terminal; what was decided is kept")
}

impl Desk for Terminal {
    fn show(&mut self, sheet: &Sheet, at: usize, view: &View, head: &str) -> Result<()> {
        let (height, width) = self.term.size();
        let page = page(sheet, at, view, head, usize::from(width).max(20), usize::from(height).max(8));
        self.term.clear_screen().and_then(|()| self.term.write_str(&page)).map_err(failed)
    }
    fn key(&mut self) -> Result<Option<Key>> {
        match self.term.read_key() {
            Ok(key) => Ok(Some(key)),
            Err(e) if matches!(e.kind(), std::io::ErrorKind::NotConnected | std::io::ErrorKind::UnexpectedEof) => Ok(None),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => Ok(Some(Key::CtrlC)),
            Err(e) => Err(failed(e)),
        }
    }
    fn ask(&mut self, what: &str, given: &str) -> Result<Option<String>> {
        self.term.write_str(&format!("\n{what}: ")).map_err(failed)?;
        let line = self.term.read_line_initial_text(given).map_err(failed)?;
        Ok(Some(line))
    }
}

/// One screen: what the report is, its words, its events, what keys there are.
pub fn page(sheet: &Sheet, at: usize, view: &View, head: &str, width: usize, height: usize) -> String {
    let r = &sheet.record.report;
    let mut top = String::new();
    let of = [r.outlet.as_deref(), r.published.as_deref(), r.title.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    // Writing into a string cannot fail.
    let _ = writeln!(top, "{}", cut(&format!("{head}{}{}", if of.is_empty() { "" } else { " · " }, clean(&of)), width));
    let mut events = String::new();
    let room = (height / 3).max(2);
    let first = at.saturating_sub(room / 2).min(sheet.items.len().saturating_sub(room));
    for (n, item) in sheet.items.iter().enumerate().skip(first).take(room) {
        let _ = writeln!(events, "{}", cut(&format!("{} {}", if n == at { ">" } else { " " }, line(item)), width));
    }
    if sheet.items.is_empty() {
        events.push_str("  the coder found no event\n");
    }
    let foot = if view.said.is_empty() {
        "a accept  c correct  x reject  n missed event  d complete  u undo  ? keys".to_owned()
    } else {
        view.said.clone()
    };
    let left = height.saturating_sub(events.lines().count() + 5).max(2);
    let text = marked(sheet, at, view.whole);
    let wrapped: Vec<String> = text.lines().flat_map(|l| textwrap::wrap(l, width)).map(std::borrow::Cow::into_owned).collect();
    let scroll = view.scroll.min(wrapped.len().saturating_sub(left));
    let body = wrapped.iter().skip(scroll).take(left).map(String::as_str).collect::<Vec<_>>().join("\n");
    let more = if scroll + left < wrapped.len() { "\n  … (space for more)" } else { "" };
    let done = if sheet.complete { "  (complete)" } else { "" };
    format!("{top}\n{body}{more}\n\n{events}\n{}{done}\n", cut(&clean(&foot), width))
}

fn line(item: &Item) -> String {
    let mark = match item.verdict.as_ref().map(|v| v.0.as_str()) {
        Some("accept") => "✓",
        Some("reject") => "✗",
        Some("correct") => "~",
        Some("add") => "+",
        _ => " ",
    };
    let who = item.verdict.as_ref().map(|v| format!(" ({})", v.1)).unwrap_or_default();
    format!("{mark} {}{who}", written(&item.fields))
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width { text.to_owned() } else { format!("{}…", text.chars().take(width - 1).collect::<String>()) }
}

/// The sentence of the event at hand (or the whole text), with its words in marks: «trigger», [source: …], [target: …].
fn marked(sheet: &Sheet, at: usize, whole: bool) -> String {
    let text = &sheet.record.report.text;
    let item = sheet.items.get(at);
    let sentence = item.and_then(|i| sheet.record.sentences.get(i.sentence)).map(|s| s.span);
    let shown = match sentence {
        Some(span) if !whole => span,
        _ => Span::new(0, text.len()),
    };
    let mut marks: Vec<(usize, bool, String)> = Vec::new();
    let mut mark = |span: Span, open: String, close: &str| {
        if shown.contains(span) && span.start < span.end {
            marks.push((span.start, true, open));
            marks.push((span.end, false, close.to_owned()));
        }
    };
    if let Some(item) = item {
        mark(item.trigger, "«".to_owned(), "»");
        item.source.iter().for_each(|s| mark(*s, "[source: ".to_owned(), "]"));
        item.target.iter().for_each(|s| mark(*s, "[target: ".to_owned(), "]"));
    }
    // At one place what ends comes before what begins.
    marks.sort_by_key(|m| (m.0, m.1));
    let mut out = String::new();
    let mut from = shown.start;
    for (to, _, words) in marks {
        out.push_str(text.get(from..to).unwrap_or(""));
        out.push_str(&words);
        from = to;
    }
    out.push_str(text.get(from..shown.end).unwrap_or(""));
    out.lines().map(clean).collect::<Vec<_>>().join("\n")
}
