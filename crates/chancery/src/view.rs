//! The text as repaired for analysis, with a map back to the report's own bytes.
//!
//! Two repairs are made, in this order: characters decoded with the wrong encoding ([`encoding`]) and
//! quotation marks pasted the wrong way round ([`quotes`]). Everything else stays as it came. What is
//! lost for good (runs of U+FFFD) is reported with its span and never guessed.

mod align;
mod encoding;
mod quotes;

use crate::record::{Diagnostic, RepairRecord, Span};
use std::ops::Range;

/// Repaired text. Identity where nothing had to be repaired.
#[derive(Debug, Clone, Default)]
pub struct View {
    text: Option<String>,
    /// Where the two texts differ, in order; between pieces they are equal byte for byte.
    pieces: Vec<Piece>,
    pub repairs: Vec<RepairRecord>,
}

/// Bytes of the report and the bytes that stand for them in the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    original: Span,
    view: Span,
}

/// One replacement: bytes of a text and what they become.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    at: Range<usize>,
    becomes: String,
}

/// Runs of U+FFFD reported one by one; what is beyond is counted in one further note.
const LOST_RUNS_NAMED: usize = 50;

impl View {
    /// Repairs `original`; what cannot be repaired is noted (`W0201`), never guessed. Linear in its length.
    pub fn repair(original: &str, notes: &mut Vec<Diagnostic>) -> View {
        report_lost(original, notes);
        let decoded = View::build(original, encoding::edits(original));
        let text = decoded.text(original);
        let marks = quotes::edits(text);
        if marks.is_empty() { decoded } else { decoded.and_then(original, marks) }
    }

    /// Repairs the encoding alone and leaves every quotation mark as it is.
    pub fn repair_encoding(original: &str) -> View {
        View::build(original, encoding::edits(original))
    }

    /// The view's text for a report's `original`.
    pub fn text<'a>(&'a self, original: &'a str) -> &'a str {
        self.text.as_deref().unwrap_or(original)
    }

    /// Span in the report for a span in the view: the least that holds all it stands for.
    pub fn original(&self, span: Span) -> Span {
        map(&self.pieces, span, |p| (p.view, p.original))
    }

    /// Span in the view for a span in the report.
    pub fn to_view(&self, span: Span) -> Span {
        map(&self.pieces, span, |p| (p.original, p.view))
    }

    /// The view that `edits` (in order, disjoint) make of `original`.
    fn build(original: &str, edits: Vec<Edit>) -> View {
        if edits.is_empty() {
            return View::default();
        }
        let mut view = View::default();
        let mut text = String::with_capacity(original.len());
        let mut done = 0;
        for edit in join_adjacent(edits) {
            text.push_str(original.get(done..edit.at.start).unwrap_or(""));
            let from = text.len();
            text.push_str(&edit.becomes);
            let whole = Piece { original: Span::new(edit.at.start, edit.at.end), view: Span::new(from, text.len()) };
            view.pieces.extend(align::by_character(original.get(edit.at.clone()).unwrap_or(""), &edit.becomes, whole));
            done = edit.at.end;
            view.repairs.push(RepairRecord { span: whole.original, becomes: edit.becomes });
        }
        text.push_str(original.get(done..).unwrap_or(""));
        view.text = Some(text);
        view
    }

    /// This view with further edits of its own text; one that falls into an earlier repair amends it.
    fn and_then(self, original: &str, edits: Vec<Edit>) -> View {
        let mut merged: Vec<Edit> = Vec::with_capacity(self.repairs.len() + edits.len());
        let mut earlier = self.repairs.iter().peekable();
        let keep =
            |merged: &mut Vec<Edit>, r: &RepairRecord| merged.push(Edit { at: r.span.start..r.span.end, becomes: r.becomes.clone() });
        for edit in edits {
            let at = self.original(Span::new(edit.at.start, edit.at.end));
            while let Some(r) = earlier.next_if(|r| r.span.start < at.end) {
                keep(&mut merged, r);
            }
            match merged.last_mut() {
                Some(last) if last.at.end > at.start => {
                    // Inside an earlier repair: find the place within its replacement.
                    let from = self.to_view(Span::new(last.at.start, last.at.end)).start;
                    let within = edit.at.start.saturating_sub(from)..edit.at.end.saturating_sub(from);
                    if last.becomes.get(within.clone()).is_some() {
                        last.becomes.replace_range(within, &edit.becomes);
                    }
                }
                _ => merged.push(Edit { at: at.start..at.end, becomes: edit.becomes }),
            }
        }
        earlier.for_each(|r| keep(&mut merged, r));
        View::build(original, merged)
    }
}

/// Edits side by side become one: a place between two pieces would belong to both.
fn join_adjacent(edits: Vec<Edit>) -> Vec<Edit> {
    let mut out: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match out.last_mut() {
            Some(last) if last.at.end == edit.at.start => {
                last.at.end = edit.at.end;
                last.becomes.push_str(&edit.becomes);
            }
            _ => out.push(edit),
        }
    }
    out
}

/// Carries `span` across `pieces`; `sides` gives each piece's (from, to).
fn map(pieces: &[Piece], span: Span, sides: impl Fn(&Piece) -> (Span, Span)) -> Span {
    let start = match pieces.partition_point(|p| sides(p).0.start <= span.start).checked_sub(1).and_then(|i| pieces.get(i)) {
        None => span.start,
        Some(piece) => {
            let (from, to) = sides(piece);
            if span.start < from.end { to.start } else { span.start - from.end + to.end }
        }
    };
    let end = match pieces.partition_point(|p| sides(p).0.start < span.end).checked_sub(1).and_then(|i| pieces.get(i)) {
        None => span.end,
        Some(piece) => {
            let (from, to) = sides(piece);
            if span.end <= from.end { to.end } else { span.end - from.end + to.end }
        }
    };
    Span::new(start, if span.is_empty() { start } else { end.max(start) })
}

/// Notes each run of U+FFFD: characters destroyed before the report reached us.
fn report_lost(text: &str, notes: &mut Vec<Diagnostic>) {
    const LOST: &str = "\u{FFFD}";
    let (mut named, mut unnamed, mut at) = (0, 0usize, 0);
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(LOST)).map(|i| at + i) {
        let tail = text.get(start..).unwrap_or("");
        let end = start + tail.len() - tail.trim_start_matches('\u{FFFD}').len();
        if named < LOST_RUNS_NAMED {
            let count = (end - start) / LOST.len();
            let what = if count == 1 { "a character was".to_owned() } else { format!("{count} characters were") };
            notes.push(Diagnostic::new(
                "W0201",
                format!("{what} destroyed before the report reached us (U+FFFD); not guessed"),
                Some(Span::new(start, end)),
            ));
            named += 1;
        } else {
            unnamed += 1;
        }
        at = end;
    }
    if unnamed > 0 {
        notes.push(Diagnostic::new("W0201", format!("{unnamed} more runs of destroyed characters (U+FFFD)"), None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn view(text: &str) -> View {
        View::repair(text, &mut Vec::new())
    }

    #[test]
    fn nothing_to_repair_is_identity() {
        let text = "The minister said: “We won’t go to Zürich.” — ‘Never’, he added.";
        let v = view(text);
        assert!(v.repairs.is_empty());
        assert_eq!(v.text(text), text);
        assert_eq!(v.original(Span::new(4, 12)), Span::new(4, 12));
    }

    #[test]
    fn spans_map_both_ways_around_a_repair() {
        let text = "The prime minister of CÃ´te dâ€™Ivoire met Putin.";
        let v = view(text);
        assert_eq!(v.text(text), "The prime minister of Côte d’Ivoire met Putin.");
        let at = v.text(text).find("Côte d’Ivoire").unwrap();
        let name = v.original(Span::new(at, at + "Côte d’Ivoire".len()));
        assert_eq!(name.of(text), "CÃ´te dâ€™Ivoire");
        assert_eq!(v.to_view(name).of(v.text(text)), "Côte d’Ivoire");
        let putin = text.find("Putin").unwrap();
        assert_eq!(v.to_view(Span::new(putin, putin + 5)).of(v.text(text)), "Putin");
        assert_eq!(v.repairs.len(), 2);
        assert_eq!(v.repairs[0].becomes, "ô");
    }

    #[test]
    fn a_mark_inside_a_repaired_run_is_amended_there() {
        // The mojibake of ‘ between letters becomes ‘, which is then the wrong apostrophe.
        let text = "Beijingâ€˜s will";
        let v = view(text);
        assert_eq!(v.text(text), "Beijing’s will");
        assert_eq!(v.repairs, vec![RepairRecord { span: Span::new(7, 7 + "â€˜".len()), becomes: "’".into() }]);
    }

    #[test]
    fn destroyed_runs_are_noted_not_guessed() {
        let text = "\u{FFFD}\u{FFFD}Putin said \u{FFFD}no";
        let mut notes = Vec::new();
        let v = View::repair(text, &mut notes);
        assert_eq!(v.text(text), text);
        assert_eq!(notes.iter().map(|n| n.span).collect::<Vec<_>>(), vec![Some(Span::new(0, 6)), Some(Span::new(17, 20))]);
    }

    #[test]
    fn many_destroyed_runs_give_a_bounded_number_of_notes() {
        let text = "\u{FFFD} x ".repeat(10_000);
        let mut notes = Vec::new();
        View::repair(&text, &mut notes);
        assert_eq!(notes.len(), LOST_RUNS_NAMED + 1);
        assert!(notes[LOST_RUNS_NAMED].message.contains("9950"));
    }

    /// Text with many of the characters that repairs turn on.
    fn dirty() -> impl Strategy<Value = String> {
        let bits = prop_oneof![
            Just("Ã©"),
            Just("â€™"),
            Just("â€œ"),
            Just("â€�"),
            Just("Ð¿Ñ€Ð¸"),
            Just("Ã "),
            Just("Â "),
            Just("\u{92}"),
            Just("Ãƒâ€"),
            Just("‘"),
            Just("’"),
            Just("“"),
            Just("”"),
            Just("\""),
            Just(" "),
            Just("word"),
            Just("s"),
            Just(":"),
            Just("."),
            Just("\n"),
            Just("\n\n"),
            Just("&amp;"),
            Just("ß║┐"),
            Just("√≤"),
            Just("\u{FFFD}"),
            Just("í ½í¸"),
            Just("é"),
            Just("中"),
            Just("\u{1}"),
        ];
        prop::collection::vec(bits, 0..60).prop_map(|v| v.concat())
    }

    fn holds(text: &str) -> Result<(), TestCaseError> {
        let v = view(text);
        let shown = v.text(text);
        let (mut last, mut last_back) = (Span::default(), Span::default());
        for (i, c) in shown.char_indices() {
            let s = v.original(Span::new(i, i + c.len_utf8()));
            prop_assert!(s.start >= last.start && s.end >= last.end, "map is not monotone at {i}");
            prop_assert!(text.get(s.start..s.end).is_some(), "not on character boundaries: {s:?}");
            last = s;
        }
        for (i, c) in text.char_indices() {
            let s = v.to_view(Span::new(i, i + c.len_utf8()));
            prop_assert!(s.start >= last_back.start && s.end >= last_back.end);
            prop_assert!(shown.get(s.start..s.end).is_some());
            last_back = s;
        }
        if v.repairs.is_empty() {
            prop_assert_eq!(shown, text);
        }
        for pair in v.repairs.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
        for r in &v.repairs {
            prop_assert!(v.to_view(r.span).of(shown) == r.becomes);
            prop_assert!(r.span.of(text) != r.becomes);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn map_holds_on_dirty_text(text in dirty()) { holds(&text)?; }
        #[test]
        fn map_holds_on_any_text(text in any::<String>()) { holds(&text)?; }
        #[test]
        fn map_holds_on_latin_text(text in "[ -\u{17f}\u{2010}-\u{2122}]{0,80}") { holds(&text)?; }
    }
}
