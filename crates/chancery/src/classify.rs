//! Relation classification: the caller names the two actors, and a type always comes.

use crate::model::Report;
use crate::record::{Diagnostic, Event, EventType, Span};
use crate::{Coder, Options};

/// What is asked: a text and where in it the actors and the word of the act stand. Spans are bytes of `text`.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub text: String,
    pub source: Option<Span>,
    pub target: Option<Span>,
    pub trigger: Option<Span>,
}

/// The relation from source to target.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub r#type: EventType,
    pub mode: Option<String>,
    pub cameo: String,
    pub quad: u8,
    /// How likely the type is right, 0 to 1.
    pub score: f64,
    /// The entry that decided, or `model`.
    pub rule: String,
    pub diagnostics: Vec<Diagnostic>,
}

impl Coder {
    /// The type of the relation; never fails, and always gives a type.
    pub fn classify(&self, q: &Question) -> Answer {
        let report = Report { text: q.text.clone(), language: Some("en".to_owned()), ..Report::default() };
        let record = self.read(report, &Options::default());
        let mut scored: Vec<(f64, &Event)> = record.events.iter().map(|e| (fit(e, q), e)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        match scored.first() {
            Some(&(fit, e)) => Answer {
                r#type: e.r#type,
                mode: e.mode.clone(),
                cameo: e.cameo.clone(),
                quad: e.quad,
                score: likelihood(fit),
                rule: e.rule.clone(),
                diagnostics: Vec::new(),
            },
            None => self.guess(&q.text),
        }
    }

    fn guess(&self, text: &str) -> Answer {
        let guess = self.backoff().guess(text);
        let ontology = &self.codebook.ontology;
        let message = "no entry decides; guessed from the words".to_owned();
        Answer {
            r#type: guess.r#type,
            mode: None,
            cameo: ontology.cameo_for(guess.r#type, None),
            quad: ontology.info(guess.r#type).quad,
            score: round(GUESS_LEAST + guess.lead * GUESS_MORE),
            rule: "model".to_owned(),
            diagnostics: vec![Diagnostic { code: "W0601".to_owned(), message, span: None }],
        }
    }
}

/// How well an event fits the question: its sides where they were named, its trigger; its confidence breaks ties.
fn fit(e: &Event, q: &Question) -> f64 {
    let on = |side: &[crate::record::Actor], span: Option<Span>| span.is_some_and(|s| side.iter().any(|a| a.span.overlaps(s)));
    let mut sum = e.confidence;
    if on(&e.source, q.source) {
        sum += 2.0;
    }
    if on(&e.target, q.target) || (e.reciprocal && on(&e.source, q.target)) {
        sum += 2.0;
    }
    if q.trigger.is_some_and(|t| t.overlaps(e.trigger.span)) {
        sum += 3.0;
    }
    sum
}

/// Share of right types by fit (neither side, one, both), as measured: `chancery eval relations` prints the shares by likelihood.
fn likelihood(fit: f64) -> f64 {
    let share = RIGHT.iter().rev().find(|(least, _)| fit >= *least).map_or(0.5, |(_, share)| *share);
    round(share)
}

const RIGHT: [(f64, f64); 3] = [(0.0, 0.55), (2.0, 0.75), (4.0, 0.85)];
const GUESS_LEAST: f64 = 0.2;
const GUESS_MORE: f64 = 0.5;

fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
