//! Statements: PolNeAR's quotations with speaker spans, and our reports' with speaker countries.
//!
//! A gold part is found where a statement overlaps it; each part of a quotation of several counts by itself. Its
//! speaker is judged on the statement that fits it best. `f1` is end to end: the words and their speaker right.

use super::{Case, Counts, Finding, Metric, Task, Unit, counts::ratio, gold, matching};
use crate::Result;
use chancery::record::{Span, Statement, StatementKind};
use chancery::{Coder, Options};
use serde::Deserialize;

pub struct Statements;

#[derive(Deserialize)]
struct Gold {
    id: Option<String>,
    text: String,
    #[serde(alias = "date")]
    published: Option<String>,
    #[serde(default)]
    quotes: Vec<Quotation>,
    #[serde(default)]
    statements: Vec<Reported>,
}
/// PolNeAR.
#[derive(Deserialize)]
struct Quotation {
    spans: Vec<Span>,
    speaker_start: Option<usize>,
    speaker_end: Option<usize>,
    kind: StatementKind,
}
/// Our reports.
#[derive(Deserialize)]
struct Reported {
    speaker: String,
    speaker_country: Option<String>,
    kind: StatementKind,
    quote: Words,
}
#[derive(Deserialize)]
struct Words {
    span: Span,
}

enum Voice {
    /// Left out of the speaker's score.
    Unknown,
    Span(Span),
    Country {
        name: String,
        code: Option<String>,
    },
}

struct Part {
    span: Span,
    direct: bool,
    speaker: Voice,
}

impl Gold {
    fn parts(&self) -> Vec<Part> {
        let mut out = Vec::new();
        for q in &self.quotes {
            for &span in &q.spans {
                let speaker = match (q.speaker_start, q.speaker_end) {
                    (Some(a), Some(b)) if a < b => Voice::Span(Span::new(a, b)),
                    _ => Voice::Unknown,
                };
                out.push(Part { span, direct: q.kind == StatementKind::Direct, speaker });
            }
        }
        for s in &self.statements {
            let speaker = Voice::Country { name: s.speaker.clone(), code: s.speaker_country.clone() };
            out.push(Part { span: s.quote.span, direct: s.kind == StatementKind::Direct, speaker });
        }
        out
    }
}

impl Task for Statements {
    fn name(&self) -> &'static str {
        "statements"
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold: Gold = unit.json()?;
        let record = coder.read(gold::report(&gold.text, gold.published.as_deref()), &Options::default());
        let mut case = Case { id: gold.id.clone().unwrap_or_else(|| unit.id.clone()), ..Case::default() };
        compare(&gold.text, &gold.parts(), &record.statements, &mut case);
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let share = |a: &str, b: &str| ratio(total.get(a), total.get(b));
        let mut out = Vec::new();
        for group in ["direct", "other"] {
            let of = |what: &str| format!("{group}/{what}");
            out.push(Metric::main(format!("{group}_found"), share(&of("found"), &of("gold"))));
            out.push(Metric { main: group == "direct", ..Metric::main(format!("{group}_exact"), share(&of("exact"), &of("gold"))) });
            out.push(Metric::main(format!("{group}_precision"), share(&of("right"), &of("given"))));
            out.push(Metric::main(format!("{group}_speaker"), share(&of("speaker_right"), &of("speaker"))));
        }
        out.push(Metric::detail("found", share("found", "gold")));
        out.push(Metric::detail("precision", share("right", "given")));
        out.push(Metric::detail("speaker", share("speaker_right", "speaker")));
        out.push(Metric::detail("f1_one_to_one", total.prf("paired").f1()));
        let (p, r) = (share("right_voice", "given"), share("found_voice", "gold"));
        out.push(Metric::main("f1", p.zip(r).and_then(|(p, r)| ratio(2.0 * p * r, p + r))));
        out
    }
}

fn compare(text: &str, gold: &[Part], given: &[Statement], case: &mut Case) {
    let fits = |g: &Part, s: &Statement| g.span.overlaps(s.quote.span);
    let context = |span: Span| around(text, span);
    for part in gold {
        let group = if part.direct { "direct" } else { "other" };
        let mut count = |what: &str| {
            case.counts.count(what.to_owned());
            case.counts.count(format!("{group}/{what}"));
        };
        count("gold");
        let exact = |s: &Statement| trimmed(s.quote.span.of(text)) == trimmed(part.span.of(text));
        let best = given.iter().filter(|s| fits(part, s)).max_by_key(|s| (exact(s), closeness(part.span, s.quote.span)));
        let Some(best) = best else {
            case.errors.push(Finding::new(format!("missed {group}"), part.span.of(text), "", context(part.span)));
            continue;
        };
        count("found");
        if exact(best) {
            count("exact");
        } else if part.direct {
            case.errors.push(Finding::new("inexact direct", part.span.of(text), best.quote.text.as_str(), context(part.span)));
        }
        let judged = voice_right(part, best);
        if let Some(right) = judged {
            count("speaker");
            if right {
                count("speaker_right");
            } else {
                let name = best.speaker.as_ref().map_or("", |a| a.text.as_str());
                let wanted = match &part.speaker {
                    Voice::Span(span) => span.of(text).to_owned(),
                    Voice::Country { name, code } => format!("{name} ({})", code.as_deref().unwrap_or("none")),
                    Voice::Unknown => String::new(),
                };
                let country = best.speaker.as_ref().and_then(|a| a.country.as_deref()).unwrap_or("none");
                case.errors.push(Finding::new(format!("wrong speaker {group}"), wanted, format!("{name} ({country})"), context(part.span)));
            }
        }
        if judged != Some(false) {
            count("found_voice");
        }
    }
    for s in given {
        let group = if s.kind == StatementKind::Direct { "direct" } else { "other" };
        let mut count = |what: &str| {
            case.counts.count(what.to_owned());
            case.counts.count(format!("{group}/{what}"));
        };
        count("given");
        let best = gold.iter().filter(|g| fits(g, s)).max_by_key(|g| closeness(g.span, s.quote.span));
        match best {
            Some(part) => {
                count("right");
                if voice_right(part, s) != Some(false) {
                    count("right_voice");
                }
            }
            None => {
                let cue = s.cue.as_ref().map_or("", |c| c.text.as_str());
                let name = s.speaker.as_ref().map_or("", |a| a.text.as_str());
                let given = format!("{} [{name}: {cue}]", s.quote.text);
                case.errors.push(Finding::new(format!("spurious {group}"), "", given, context(s.quote.span)));
            }
        }
    }
    let near = |e: usize, g: usize| closeness(gold[e].span, given[g].quote.span) >= 500;
    let any = |e: usize, g: usize| fits(&gold[e], &given[g]);
    let paired = matching::in_rounds(gold.len(), given.len(), &[&near, &any]).iter().flatten().count();
    case.counts.add_prf("paired", paired, given.len(), gold.len());
}

/// Whether the statement's speaker is gold's; nothing where gold has none.
fn voice_right(part: &Part, s: &Statement) -> Option<bool> {
    match &part.speaker {
        Voice::Unknown => None,
        Voice::Span(span) => Some(s.speaker.as_ref().is_some_and(|a| a.span.overlaps(*span))),
        Voice::Country { code, .. } => Some(s.speaker.as_ref().is_some_and(|a| a.country == *code)),
    }
}

/// Shared bytes per thousand of both together.
fn closeness(a: Span, b: Span) -> usize {
    let shared = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    shared * 1000 / (a.len() + b.len() - shared).max(1)
}

/// Without marks, spaces, a final comma or stop and a leading "that".
fn trimmed(s: &str) -> &str {
    let rim = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’' | '`' | '«' | '»' | ',' | '.');
    let start = s.trim_start_matches(|c: char| rim(c) && c != '.' && c != ',');
    let start = start.strip_prefix("that ").unwrap_or(start);
    start.trim_matches(rim)
}

fn around(text: &str, span: Span) -> String {
    let from = (0..=span.start.saturating_sub(60)).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let to = (span.end.saturating_add(60)..text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    let head = text.get(from..span.start).unwrap_or("");
    let tail = text.get(span.end..to).unwrap_or("");
    format!("…{head}⟦…⟧{tail}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery::record::{Actor, Trigger};

    fn said(text: &str, quote: &str, speaker: &str, kind: StatementKind) -> Statement {
        let span = |w: &str| text.find(w).map(|at| Span::new(at, at + w.len())).unwrap_or_default();
        Statement {
            kind,
            quote: Trigger { text: quote.to_owned(), span: span(quote) },
            speaker: Some(Actor { text: speaker.to_owned(), span: span(speaker), country: Some("USA".to_owned()), ..Actor::default() }),
            ..Statement::default()
        }
    }
    fn score(gold: &str, given: &[Statement]) -> Vec<(String, Option<f64>)> {
        let gold: Gold = serde_json::from_str(gold).unwrap();
        let mut case = Case::default();
        compare(&gold.text, &gold.parts(), given, &mut case);
        Statements.metrics(&case.counts).into_iter().map(|m| (m.key, m.value)).collect()
    }
    fn value(scores: &[(String, Option<f64>)], key: &str) -> f64 {
        scores.iter().find(|s| s.0 == key).and_then(|s| s.1).unwrap_or(f64::NAN)
    }

    #[test]
    fn parts_speakers_and_precision() {
        let text = "\"We go,\" Ann said. Bob said it rained.";
        let gold = r#"{"text": "\"We go,\" Ann said. Bob said it rained.", "quotes": [
            {"spans": [[0, 8]], "kind": "direct", "speaker_start": 9, "speaker_end": 12},
            {"spans": [[28, 37]], "kind": "indirect", "speaker_start": 19, "speaker_end": 22}]}"#;
        let direct = said(text, "We go,", "Ann", StatementKind::Direct);
        let wrong = said(text, "it rained", "Ann", StatementKind::Indirect);
        let spurious = said(text, "said.", "Bob", StatementKind::Indirect);
        let s = score(gold, &[direct, wrong, spurious]);
        assert_eq!((value(&s, "direct_found"), value(&s, "direct_exact"), value(&s, "direct_speaker")), (1.0, 1.0, 1.0));
        assert_eq!((value(&s, "other_found"), value(&s, "other_precision"), value(&s, "other_speaker")), (1.0, 0.5, 0.0));
        assert!((value(&s, "f1") - 0.4).abs() < 1e-9);
    }

    #[test]
    fn reports_go_by_country() {
        let gold = r#"{"text": "Ann said it rained.", "statements": [
            {"speaker": "Ann", "speaker_country": "USA", "kind": "indirect", "quote": {"text": "it rained", "span": [9, 18]}, "cue": "said"}]}"#;
        let s = score(gold, &[said("Ann said it rained.", "it rained", "Ann", StatementKind::Indirect)]);
        assert_eq!((value(&s, "other_found"), value(&s, "other_speaker"), value(&s, "f1")), (1.0, 1.0, 1.0));
    }
}
