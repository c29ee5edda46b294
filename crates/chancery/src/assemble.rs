//! Joins the annotations into the record: ids, links between events, statements and figures, order.

use crate::event::EventDraft;
use crate::ids;
use crate::model::{Actors, DateMention, Doc, FigureMention, PlaceMention, StatementMention};
use crate::pipeline::Coder;
use crate::record::{CoderInfo, Diagnostic, MentionRecord, Record, ReportInfo, SCHEMA, SentenceRecord, Span};
use crate::statement::voices::Voices;
use std::collections::BTreeMap;

/// Builds the record of a report. Everything is ordered by place in the text.
#[allow(clippy::too_many_arguments)]
pub fn record(
    coder: &Coder,
    doc: &Doc,
    actors: Actors,
    dates: Vec<DateMention>,
    figures: Vec<FigureMention>,
    places: Vec<PlaceMention>,
    statements: Vec<StatementMention>,
    events: Vec<EventDraft>,
    diagnostics: Vec<Diagnostic>,
) -> Record {
    let report = doc.report;
    let id = ids::report_id(&report.text, report.url.as_deref(), report.outlet.as_deref(), report.published.as_deref());
    let mut numbers = Numbering::new(&id);

    let statement_ids: Vec<String> = statements.iter().map(|s| numbers.next("statement", s.record.quote.span)).collect();
    let figure_ids: Vec<String> = figures.iter().map(|f| numbers.next("figure", f.record.span)).collect();
    let voices = Voices::new(doc, &statements);
    let mut event_records = Vec::with_capacity(events.len());
    let mut statement_records: Vec<_> = statements.iter().map(|s| s.record.clone()).collect();
    let mut figure_records: Vec<_> = figures.iter().map(|f| f.record.clone()).collect();

    for draft in events {
        let mut event = draft.record;
        event.id = numbers.next("event", event.trigger.span);
        event.explain = draft.explain;
        let name = |s: usize| statement_ids.get(s).cloned();
        event.statement = draft.statement.and_then(name);
        for (attribution, statement) in event.attributions.iter_mut().zip(&draft.attribution_statements) {
            attribution.statement = statement.and_then(name);
        }
        for s in voices.around(event.sentence, event.trigger.span) {
            // What utters a statement is no part of what it tells.
            if draft.utterance_of != Some(s) && (draft.statement.is_some() || statements[s].record.speaker.is_some()) {
                statement_records[s].events.push(event.id.clone());
            }
        }
        if let Some(s) = draft.utterance_of.and_then(|s| statement_records.get_mut(s)) {
            s.utterance.get_or_insert_with(|| event.id.clone());
        }
        for &f in &draft.figures {
            if let (Some(record), Some(fid)) = (figure_records.get_mut(f), figure_ids.get(f)) {
                record.event.get_or_insert_with(|| event.id.clone());
                event.figures.push(fid.clone());
            }
        }
        event.confidence = (event.confidence * 1000.0).round() / 1000.0;
        event_records.push(event);
    }
    for (record, id) in statement_records.iter_mut().zip(&statement_ids) {
        record.id = id.clone();
    }
    for (record, id) in figure_records.iter_mut().zip(&figure_ids) {
        record.id = id.clone();
        // The narrowest scope is the voice that vouches for the figure.
        let at = doc.sentence_at(record.span.start);
        record.statement = at.and_then(|s| voices.narrowest(s, record.span)).and_then(|s| statement_ids.get(s)).cloned();
    }

    Record {
        schema: SCHEMA.to_owned(),
        coder: CoderInfo { version: coder.version.clone(), data: coder.data_hash.clone() },
        report: ReportInfo {
            id,
            given_id: report.given_id.clone(),
            text: report.text.clone(),
            title: report.title.clone(),
            published: doc.published.map(|d| d.to_string()),
            url: report.url.clone(),
            outlet: report.outlet.clone(),
            language: report.language.clone(),
            page_kind: doc.page_kind,
            source: report.source.clone(),
            repairs: doc.view.repairs.clone(),
            provenance: doc.provenance.to_vec(),
            blocks: doc.blocks.to_vec(),
            posts: doc.posts.to_vec(),
        },
        sentences: doc.sentences.iter().map(|s| SentenceRecord { span: s.span, block: s.block, text: None }).collect(),
        mentions: actors.mentions.into_iter().map(|m| MentionRecord { actor: m.actor, sentence: m.sentence, chain: m.chain }).collect(),
        events: event_records,
        statements: statement_records,
        figures: figure_records,
        dates: dates.into_iter().map(|d| d.record).collect(),
        places: places.into_iter().map(|p| p.record).collect(),
        diagnostics,
    }
}

/// Gives each item of a report its id; items of one kind with the same span are told apart by number.
struct Numbering<'a> {
    report: &'a str,
    seen: BTreeMap<(&'static str, Span), usize>,
}

impl<'a> Numbering<'a> {
    fn new(report: &'a str) -> Self {
        Numbering { report, seen: BTreeMap::new() }
    }
    fn next(&mut self, kind: &'static str, span: Span) -> String {
        let n = self.seen.entry((kind, span)).or_default();
        let id = ids::item_id(self.report, kind, span, *n);
        *n += 1;
        id
    }
}
