//! Which quotation marks belong together.
//!
//! Works on the repaired view, block by block, in one pass with a stack; every mark is looked at a fixed number of
//! times, so that ten megabytes of marks cost what ten megabytes of letters cost. A mark's shape says less than its
//! neighbours: pasted text opens with `”` and closes with `“`, and `'` is mostly an apostrophe.

use crate::record::{Block, Span};
use crate::view::View;

/// A quotation as its marks tell it. Spans are in the report's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// With its marks.
    pub outer: Span,
    /// Without them, and without white space at the rims.
    pub inner: Span,
    pub block: usize,
    /// 0 for a quotation of the report's own, 1 and more for one inside another.
    pub depth: usize,
    /// Has an opening mark.
    pub opened: bool,
    /// Has a closing mark, its own or that of the paragraph that ends the passage.
    pub closed: bool,
    /// Goes on from the unclosed quotation of the block before.
    pub continues: bool,
    /// Single marks.
    pub single: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Open,
    Close,
    Straight,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    /// In the view.
    at: usize,
    end: usize,
    shape: Shape,
    single: bool,
    glyph: char,
    /// The character before, `None` at the rim of a block.
    before: Option<char>,
    after: Option<char>,
}

/// Shape of a quotation mark, and whether it is a single one.
fn glyph(c: char) -> Option<(Shape, bool)> {
    Some(match c {
        '“' | '„' | '«' | '〝' | '《' | '「' => (Shape::Open, false),
        '”' | '»' | '〞' | '》' | '」' => (Shape::Close, false),
        '"' | '＂' | '‟' => (Shape::Straight, false),
        '‘' | '‚' | '‹' | '`' => (Shape::Open, true),
        '’' | '›' | '´' => (Shape::Close, true),
        '\'' | '‛' => (Shape::Straight, true),
        _ => return None,
    })
}

/// The quotations of all blocks, in text order; those inside another follow it.
pub fn pair(original: &str, view: &View, blocks: &[Block]) -> Vec<Quote> {
    let text = view.text(original);
    let marks = marks(text);
    let paragraphs = paragraphs(original, blocks);
    let mut out: Vec<Quote> = Vec::new();
    let mut from = 0;
    // Whether the block before ended inside a quotation, and which of `out` that was.
    let mut pending: Option<usize> = None;
    for (index, block) in paragraphs.iter().enumerate() {
        while marks.get(from).is_some_and(|m| view.original(Span::new(m.at, m.end)).start < block.span.start) {
            from += 1;
        }
        let mut to = from;
        while marks.get(to).is_some_and(|m| view.original(Span::new(m.at, m.end)).start < block.span.end) {
            to += 1;
        }
        if from == to {
            // A paragraph without any mark ends every passage, but a short break (a heading) does not matter here.
            if !original.get(block.span.start..block.span.end).unwrap_or("").trim().is_empty() {
                pending = None;
            }
            continue;
        }
        let first = out.len();
        let mut pairing = Pairing::new(text, &marks[from..to], pending.is_some());
        pairing.run();
        let found = pairing.finish();
        let next_opens = opens_next(&marks, to, paragraphs.get(index + 1), view, original);
        for (open, close, depth, single, reaches) in found {
            let inner_from = open.map_or(block.span.start, |m| view.original(Span::new(m.at, m.end)).end);
            let outer_from = open.map_or(block.span.start, |m| view.original(Span::new(m.at, m.end)).start);
            let limit = reaches.map_or(block.span.end, |at| view.original(Span::new(at, at)).start.clamp(inner_from, block.span.end));
            let inner_to = close.map_or(limit, |m| view.original(Span::new(m.at, m.end)).start);
            let outer_to = close.map_or(limit, |m| view.original(Span::new(m.at, m.end)).end);
            let inner = trimmed(original, Span::new(inner_from, inner_to.max(inner_from)));
            if inner.is_empty() {
                continue;
            }
            let outer = Span::new(outer_from.min(inner.start), if close.is_some() { outer_to.max(inner.end) } else { inner.end });
            out.push(Quote {
                outer,
                inner,
                block: block.block,
                depth,
                opened: open.is_some(),
                closed: close.is_some(),
                continues: false,
                single,
            });
        }
        out[first..].sort_by_key(|q| (q.outer.start, usize::MAX - q.outer.end));
        // A passage of several paragraphs: each opens again, only the last closes.
        let starts_quoted =
            out.get(first).is_some_and(|q| original.get(block.span.start..q.outer.start).is_some_and(|lead| lead.trim().is_empty()));
        if pending.is_some() && starts_quoted {
            out[first].continues = true;
        }
        pending = (first..out.len()).rev().find(|&i| out[i].depth == 0 && !out[i].single).filter(|&i| {
            !out[i].closed && next_opens && original.get(out[i].outer.end..block.span.end).is_some_and(|tail| tail.trim().is_empty())
        });
        from = to;
    }
    close_passages(&mut out);
    out
}

/// What a quotation never crosses without opening again.
struct Paragraph {
    block: usize,
    span: Span,
}

/// Blocks, cut at blank lines where the layout kept several paragraphs as one.
fn paragraphs(original: &str, blocks: &[Block]) -> Vec<Paragraph> {
    let mut out = Vec::new();
    for (block, b) in blocks.iter().enumerate() {
        let mut start = b.span.start;
        let mut at = b.span.start;
        let mut blank_before = false;
        for line in b.span.of(original).split_inclusive('\n') {
            let blank = line.trim().is_empty();
            if blank_before && !blank && at > start {
                out.push(Paragraph { block, span: Span::new(start, at) });
                start = at;
            }
            blank_before = blank;
            at += line.len();
        }
        out.push(Paragraph { block, span: Span::new(start, b.span.end) });
    }
    out
}

/// The parts of a passage are closed when its last part is.
fn close_passages(quotes: &mut [Quote]) {
    let mut closed = false;
    let mut wanted = false;
    for q in quotes.iter_mut().rev().filter(|q| q.depth == 0 && !q.single) {
        if wanted && !q.closed {
            q.closed = closed;
        }
        closed = q.closed;
        wanted = q.continues;
    }
}

/// Whether the block after goes on quoting: it begins with an opening mark, or closes one that it never opened.
fn opens_next(marks: &[Mark], to: usize, next: Option<&Paragraph>, view: &View, original: &str) -> bool {
    let (Some(block), Some(mark)) = (next, marks.get(to)) else { return false };
    let at = view.original(Span::new(mark.at, mark.end)).start;
    if mark.single || at >= block.span.end || at < block.span.start {
        return false;
    }
    let leads = original.get(block.span.start..at).is_some_and(|lead| lead.trim().is_empty());
    leads || (mark.shape == Shape::Close && closes(mark.before, mark.after))
}

fn trimmed(text: &str, span: Span) -> Span {
    let s = span.of(text);
    let start = span.start + (s.len() - s.trim_start().len());
    Span::new(start, start + s.trim().len())
}

/// All marks of the view with their neighbours; a run of marks looks through to what stands around it.
fn marks(text: &str) -> Vec<Mark> {
    let mut out: Vec<Mark> = Vec::new();
    let mut before: Option<char> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let Some((mut shape, mut single)) = glyph(c) else {
            before = Some(c);
            continue;
        };
        let mut end = at + c.len_utf8();
        // Two single marks of a kind are one double mark (LaTeX, and newspapers' plain text).
        if single && chars.peek().is_some_and(|&(_, d)| d == c) && c != '‹' && c != '›' {
            chars.next();
            end += c.len_utf8();
            single = false;
            if c == '’' || c == '´' {
                shape = Shape::Close;
            }
        }
        out.push(Mark { at, end, shape, single, glyph: c, before, after: None });
        before = Some(c);
    }
    // What follows a mark, looking through the marks of a run; from the back, so that each is seen once.
    for i in (0..out.len()).rev() {
        let direct = text.get(out[i].end..).and_then(|rest| rest.chars().next());
        out[i].after = match direct {
            Some(c) if glyph(c).is_some() => out.get(i + 1).and_then(|m| m.after),
            other => other,
        };
    }
    out
}

fn is_break(c: char) -> bool {
    c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}'
}
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―' | '/' | '…')
}

/// The neighbours of an opening mark.
fn opens(before: Option<char>, after: Option<char>) -> bool {
    before.is_none_or(|c| {
        is_break(c) || is_dash(c) || matches!(c, '(' | '[' | '{' | ':' | '>') || glyph(c).is_some_and(|(s, _)| s == Shape::Open)
    }) && after.is_some_and(|c| !is_break(c) && !matches!(c, ',' | '.' | ';' | ':' | '?' | '!' | ')' | ']'))
}
/// The neighbours of a closing mark.
fn closes(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|c| !is_break(c) && !matches!(c, '(' | '[' | '{'))
        && after.is_none_or(|c| {
            is_break(c)
                || is_dash(c)
                || (c.is_ascii_punctuation() && !matches!(c, '(' | '[' | '{' | '$' | '#' | '@'))
                || matches!(c, '»' | '”')
        })
}

/// An open mark on the stack: its place in `marks` and how many quotations were already found when it opened.
struct Open {
    mark: usize,
    inside_from: usize,
}

type Found = (Option<Mark>, Option<Mark>, usize, bool, Option<usize>);

/// The pairing of one block.
struct Pairing<'a> {
    text: &'a str,
    marks: &'a [Mark],
    /// For each mark, whether another single mark that may close follows before one that may open.
    later_close: Vec<bool>,
    stack: Vec<Open>,
    doubles: usize,
    found: Vec<Found>,
    continuing: bool,
    attribute: bool,
    /// A quotation in double marks was found in this block.
    any_double: bool,
}

/// Marks nested deeper than this are noise.
const MAX_DEPTH: usize = 6;

impl<'a> Pairing<'a> {
    fn new(text: &'a str, marks: &'a [Mark], continuing: bool) -> Self {
        let mut later_close = vec![false; marks.len()];
        let mut later = false;
        for (i, m) in marks.iter().enumerate().rev() {
            later_close[i] = later;
            if !m.single || (opens(m.before, m.after) && m.shape != Shape::Close) {
                later = false;
            } else if closes(m.before, m.after) {
                later = true;
            }
        }
        Pairing {
            text,
            marks,
            later_close,
            stack: Vec::new(),
            doubles: 0,
            found: Vec::new(),
            continuing,
            attribute: false,
            any_double: false,
        }
    }

    fn run(&mut self) {
        for i in 0..self.marks.len() {
            let m = self.marks[i];
            if m.single { self.single(i, m) } else { self.double(i, m) }
        }
    }

    fn top_is_single(&self) -> bool {
        self.stack.last().is_some_and(|o| self.marks[o.mark].single)
    }

    fn push(&mut self, i: usize) {
        if self.stack.len() < MAX_DEPTH {
            self.doubles += usize::from(!self.marks[i].single);
            self.stack.push(Open { mark: i, inside_from: self.found.len() });
        }
    }

    /// Closes the top of the stack with mark `i`.
    fn close(&mut self, i: usize) {
        if let Some(open) = self.stack.pop() {
            let m = self.marks[open.mark];
            self.doubles -= usize::from(!m.single);
            self.any_double |= !m.single;
            self.found.push((Some(m), Some(self.marks[i]), self.stack.len(), m.single, None));
        }
    }

    fn single(&mut self, i: usize, m: Mark) {
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if word(m.before) && word(m.after) {
            return; // apostrophe
        }
        let may_open = opens(m.before, m.after) && word(m.after);
        let may_close = closes(m.before, m.after);
        if self.top_is_single() && may_close && m.shape != Shape::Open {
            // "the workers' rights'": a plural's apostrophe where a better mark is still to come.
            let plural = m.before.is_some_and(|c| matches!(c, 's' | 'S' | 'z' | 'x'))
                && m.after.is_some_and(is_break)
                && self.text.get(m.end..).is_some_and(|t| t.trim_start().starts_with(char::is_lowercase));
            if !(plural && self.later_close[i]) {
                self.close(i);
            }
        } else if may_open && m.shape != Shape::Close && !self.top_is_single() && self.later_close[i] {
            self.push(i);
        }
    }

    fn double(&mut self, i: usize, m: Mark) {
        // `name="value"`: markup, no voice.
        if m.shape == Shape::Straight && (m.before == Some('=') || self.attribute) {
            self.attribute = !self.attribute;
            return;
        }
        let may_open = opens(m.before, m.after);
        let may_close = closes(m.before, m.after);
        let inside = self.doubles > 0;
        let reverse = inside && self.outer_double().is_some_and(|o| matches!((o.glyph, m.glyph), ('„', '“') | ('»', '«') | ('„', '"')));
        let opening = match m.shape {
            _ if reverse => !may_close,
            Shape::Open => may_open || !may_close || !inside,
            Shape::Close => !inside && (may_open && !may_close || m.before.is_none_or(|c| c == '\n')),
            Shape::Straight if may_open != may_close => may_open,
            Shape::Straight => !inside,
        };
        if opening {
            // A single mark left open before a double one was an apostrophe unless it encloses this one.
            self.push(i);
        } else if inside {
            while self.top_is_single() {
                self.stack.pop();
            }
            self.close(i);
        } else if may_close {
            while self.top_is_single() {
                self.stack.pop();
            }
            let before = m.before.is_some_and(|c| matches!(c, ',' | '.' | '?' | '!' | '…'));
            if !self.any_double && (self.continuing || before) {
                self.any_double = true;
                self.found.push((None, Some(m), 0, false, None));
            }
        }
    }

    fn outer_double(&self) -> Option<Mark> {
        self.stack.iter().rev().map(|o| self.marks[o.mark]).find(|m| !m.single)
    }

    /// What was found, with the marks never closed: the last reaches to the end of the block, one before it up to the
    /// next opening mark.
    fn finish(mut self) -> Vec<Found> {
        self.stack.retain(|o| !self.marks[o.mark].single);
        let stack = std::mem::take(&mut self.stack);
        for (level, open) in stack.iter().enumerate() {
            // What was found after an unclosed mark does not stand inside it: its closing mark was lost before.
            let next_open = stack.get(level + 1).map(|n| self.marks[n.mark].at);
            let next_found =
                self.found.get(open.inside_from..).and_then(|f| f.iter().filter(|f| !f.3).filter_map(|f| f.0.map(|m| m.at)).min());
            let reaches = match (next_open, next_found) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            for f in self.found.iter_mut().skip(open.inside_from) {
                f.2 = f.2.saturating_sub(1);
            }
            self.found.push((Some(self.marks[open.mark]), None, 0, false, reaches));
        }
        self.found
    }
}

#[cfg(test)]
mod tests;
