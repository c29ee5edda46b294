//! Relation classification: the caller names the two actors, and a type always comes.

use crate::model::Report;
use crate::record::{Actor, Diagnostic, Event, EventType, Span, Status, Time};
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
        let given: Vec<Span> = q.source.into_iter().chain(q.target).collect();
        let mut best: Option<(f64, Event)> = None;
        self.read_about(report, &Options::default(), &given, |drafts| {
            let first = drafts.iter().map(|d| d.depth).min();
            let main = drafts.iter().position(|d| Some(d.depth) == first);
            for (i, draft) in drafts.iter().enumerate() {
                let fit = fit(&draft.record, Some(i) == main, q);
                if best.as_ref().is_none_or(|(least, _)| fit > *least) {
                    best = Some((fit, draft.record.clone()));
                }
            }
        });
        best.map_or_else(|| self.guess(&q.text), |(fit, e)| self.answer(&e, fit))
    }

    /// An event as a relation without a status: what is planned counts as PLOVER says.
    fn answer(&self, e: &Event, fit: f64) -> Answer {
        let ontology = &self.codebook.ontology;
        let announced = ontology.info(e.r#type).planned_as.filter(|_| e.status == Status::Planned);
        let r#type = announced.unwrap_or(e.r#type);
        Answer {
            r#type,
            mode: e.mode.clone().filter(|_| announced.is_none()),
            cameo: if announced.is_some() { ontology.cameo_for(r#type, None) } else { e.cameo.clone() },
            quad: ontology.info(r#type).quad,
            score: likelihood(fit),
            rule: e.rule.clone(),
            diagnostics: Vec::new(),
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

/// How well an event fits the question: its sides where they were named, its trigger, and that the sentence tells it first and
/// for its own sake; its confidence breaks ties. `main` says that it is what the main clause tells first.
fn fit(e: &Event, main: bool, q: &Question) -> f64 {
    let on = |side: &[Actor], span: Option<Span>| span.is_some_and(|s| side.iter().any(|a| a.span.overlaps(s)));
    let mut sum = e.confidence;
    if on(&e.source, q.source) {
        sum += SIDE;
    }
    if on(&e.target, q.target) || (e.reciprocal && on(&e.source, q.target)) {
        sum += SIDE;
    }
    if q.trigger.is_some_and(|t| t.overlaps(e.trigger.span)) {
        sum += TRIGGER;
    }
    if [q.source, q.target].into_iter().flatten().any(|s| s.overlaps(e.trigger.span)) {
        sum -= IN_NAME;
    }
    if e.time == Time::Background {
        sum -= BACKGROUND;
    }
    if !main {
        sum -= BESIDE;
    }
    sum
}

/// A named actor stands on its side.
const SIDE: f64 = 2.0;
/// The word that the caller means is the event's.
const TRIGGER: f64 = 3.0;
/// The word only describes one of the actors ("the *shelling* of Aleppo" condemned by France).
const IN_NAME: f64 = 1.0;
/// It is told as something known.
const BACKGROUND: f64 = 0.5;
/// Something else is what the text tells first.
const BESIDE: f64 = 1.0;

/// Share of right types by fit (neither side, one, both), as measured: `chancery eval relations` prints the shares by likelihood.
fn likelihood(fit: f64) -> f64 {
    let share = RIGHT.iter().rev().find(|(least, _)| fit >= *least).map_or(LEAST, |(_, share)| *share);
    round(share)
}

const RIGHT: [(f64, f64); 3] = [(0.0, 0.6), (2.0, 0.8), (4.0, 0.88)];
const LEAST: f64 = 0.4;
const GUESS_LEAST: f64 = 0.35;
const GUESS_MORE: f64 = 0.5;

fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
