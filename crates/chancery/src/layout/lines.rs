//! Lines to units. A blank line always parts two units. Whether a single line break does depends on how the text is
//! set: in hard-wrapped text (lines cut at a width, paragraphs indented or parted) it does not, in text of one line a
//! paragraph it does.

use super::cues::Cues;
use super::shape::{ends_sentence, starts_bullet};
use super::{Unit, trimmed};
use crate::record::Span;

/// Longest line of wrapped text, and the least width worth wrapping at, in characters.
const WIDEST: usize = 100;
const NARROWEST: usize = 40;

/// A line that is not blank.
struct Line {
    span: Span,
    indent: usize,
    /// Characters, counted no further than just beyond [`WIDEST`].
    chars: usize,
    /// A blank line or the start of the text stands before it.
    apart: bool,
}

/// The units of a plain text, kinds set where a line gives itself away.
pub(super) fn units(text: &str, cues: &Cues) -> Vec<Unit> {
    let lines = lines(text);
    let setting = Setting::of(text, &lines, cues);
    let mut units: Vec<Unit> = Vec::new();
    let mut alone_before = true;
    let mut before: Option<&Line> = None;
    for line in &lines {
        let shown = line.span.of(text);
        let kind = if line.chars <= WIDEST { cues.line(shown) } else { None };
        // A line of its own stands by itself even in wrapped text; in wrapped text only what cannot be prose does,
        // and never the end of a sentence that broke off.
        let continues = !line.apart && before.is_some_and(|b| b.chars >= 25 && goes_on(b.span.of(text), shown, cues));
        let own = kind.is_some() && !continues && (!setting.wrapped || line.apart || cues.stands_alone(shown));
        let alone = own || cues.is_signature(shown);
        let joins = !line.apart && !alone && !alone_before && before.is_some_and(|b| setting.joins(text, b, line, cues));
        match units.last_mut() {
            Some(unit) if joins => unit.span.end = line.span.end,
            _ => units.push(Unit { span: line.span, kind: None, apart: line.apart || (setting.wrapped && line.indent >= 2) }),
        }
        alone_before = alone;
        before = Some(line);
    }
    for unit in &mut units {
        unit.span = trimmed(text, unit.span);
        unit.kind = cues.line(unit.span.of(text));
    }
    units.retain(|u| !u.span.is_empty());
    units
}

/// Lines that are not blank, without their breaks.
fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut apart = true;
    let mut at = 0;
    for raw in text.split_inclusive(['\n', '\r', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}']) {
        let start = at;
        at += raw.len();
        // The second half of a CRLF is no blank line.
        if raw == "\n" && text.get(..start).is_some_and(|t| t.ends_with('\r')) {
            continue;
        }
        let span = trimmed(text, Span::new(start, at));
        if span.is_empty() {
            apart = true;
            continue;
        }
        let lead = text.get(start..span.start).unwrap_or("");
        let indent = lead.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let chars = span.of(text).chars().take(WIDEST + 1).count();
        out.push(Line { span, indent, chars, apart });
        apart = false;
    }
    out
}

/// How the text is set.
struct Setting {
    wrapped: bool,
    width: usize,
    /// Most lines have no indent, so that one marks a new paragraph.
    indents: bool,
}

impl Setting {
    fn of(text: &str, lines: &[Line], cues: &Cues) -> Setting {
        let mut widths: Vec<usize> = lines.iter().map(|l| l.chars + l.indent).filter(|&c| c <= WIDEST).collect();
        widths.sort_unstable();
        // A single line that runs over does not set the width.
        let width = widths.get(widths.len().saturating_sub(1 + widths.len() / 10)).copied().unwrap_or(0);
        let all: usize = lines.iter().map(|l| l.span.len()).sum();
        let long: usize = lines.iter().filter(|l| l.chars > WIDEST).map(|l| l.span.len()).sum();
        let (mut pairs, mut full, mut lower) = (0, 0, 0);
        for pair in lines.windows(2) {
            let [a, b] = pair else { continue };
            if b.apart || b.indent >= a.indent + 2 || a.chars > WIDEST {
                continue;
            }
            pairs += 1;
            full += usize::from(a.chars + a.indent >= width * 3 / 4);
            lower += usize::from(goes_on(a.span.of(text), b.span.of(text), cues));
        }
        let indented = lines.iter().filter(|l| l.indent >= 2).count();
        Setting {
            // Prose that was cut to fit: lines run on in lower case, fill the width, or paragraphs are indented.
            wrapped: width >= NARROWEST
                && long * 10 < all * 3
                && pairs >= 1
                && (lower * 10 >= pairs * 4
                    || (full * 10 >= pairs * 6 && lower * 4 >= pairs)
                    || (indented >= 1 && indented < lines.len() && (lower >= 1 || full * 2 >= pairs))),
            width,
            indents: indented * 2 < lines.len(),
        }
    }

    /// Whether line `b` goes on with what line `a`, right before it, began.
    fn joins(&self, text: &str, a: &Line, b: &Line, cues: &Cues) -> bool {
        let (first, second) = (a.span.of(text), b.span.of(text));
        if starts_bullet(second) {
            return false;
        }
        if !self.wrapped {
            return a.chars >= 25 && a.chars <= WIDEST && goes_on(first, second, cues);
        }
        if self.indents && b.indent >= 2 && b.indent > a.indent {
            return false;
        }
        let shouted = |s: &str| s.chars().any(char::is_uppercase) && !s.chars().any(char::is_lowercase);
        if shouted(first) && !shouted(second) && first.split_whitespace().count() >= 3 {
            return false;
        }
        !(ends_sentence(first) && a.chars + a.indent < self.width * 3 / 4)
    }
}

/// Whether `b` goes on with the sentence of `a`: `a` has not ended and `b` starts in lower case, or `a` breaks off at a
/// word that nothing ends with ("in", "the", "is").
fn goes_on(a: &str, b: &str, cues: &Cues) -> bool {
    let hangs = || a.split_whitespace().next_back().is_some_and(|w| cues.hangs(w));
    !ends_sentence(a) && (b.chars().next().is_some_and(char::is_lowercase) || hangs())
}
