//! Label Studio: one task a report, what the coder found as its predictions. Offsets count code points, as Label Studio does for text.

use super::jsonl::parse;
use super::sidecar::Sidecar;
use super::{Options, Tally};
use crate::error::Result;
use crate::frame::{Out, unwritable};
use crate::ledger::Ledger;
use crate::query::Filter;
use chancery::Record;
use chancery::record::{Actor, Span};
use serde_json::{Value, json};
use std::io::{BufWriter, Write};

pub fn write<'o>(
    ledger: &Ledger,
    filter: &Filter,
    options: &Options,
    out: Out<'o>,
    sidecar: Option<Sidecar<'o>>,
    mut tally: Tally,
) -> Result<Tally> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut first = true;
    ledger.records(filter, |json| {
        let record = parse(json)?;
        let task = task(&record, options.no_text);
        tally.reports += 1;
        tally.events += record.events.len() as u64;
        tally.rows += 1;
        let comma: &[u8] = if std::mem::take(&mut first) { b"[\n" } else { b",\n" };
        out.write_all(comma).and_then(|()| out.write_all(task.to_string().as_bytes())).map_err(|e| unwritable(&e))
    })?;
    let end: &[u8] = if first { b"[]\n" } else { b"\n]\n" };
    out.write_all(end).and_then(|()| out.flush()).map_err(|e| unwritable(&e))?;
    match sidecar {
        Some(mut sidecar) => sidecar.finish().map(|()| tally),
        None => Ok(tally),
    }
}

/// Code points before each byte of a text, asked for in any order.
struct Points<'a> {
    text: &'a str,
    /// Code points before every 256th byte (rounded down to a character).
    marks: Vec<(usize, usize)>,
}

impl<'a> Points<'a> {
    fn new(text: &'a str) -> Self {
        let mut marks = vec![(0, 0)];
        for (n, (at, _)) in text.char_indices().enumerate() {
            if at - marks.last().map_or(0, |m| m.0) >= 256 {
                marks.push((at, n));
            }
        }
        Points { text, marks }
    }
    fn before(&self, byte: usize) -> usize {
        let mark = self.marks.partition_point(|m| m.0 <= byte).saturating_sub(1);
        let (at, n) = self.marks[mark];
        n + self.text.get(at..byte).map_or(0, |s| s.chars().count())
    }
}

fn task(record: &Record, no_text: bool) -> Value {
    let report = &record.report;
    let points = Points::new(&report.text);
    let region = |id: String, span: Span, labels: &[&str], meta: Value| {
        json!({
            "id": id, "from_name": "label", "to_name": "text", "type": "labels", "meta": meta,
            "value": {"start": points.before(span.start), "end": points.before(span.end), "text": if no_text { "" } else { span.of(&report.text) },
                "labels": labels},
        })
    };
    let mut result = Vec::new();
    for e in &record.events {
        let trigger = format!("{}-trigger", e.id);
        let meta = json!({"event": e.id, "mode": e.mode, "cameo": e.cameo, "status": e.status.as_str(), "date": e.date.start, "contexts": e.contexts});
        result.push(region(trigger.clone(), e.trigger.span, &[e.r#type.as_str(), e.status.as_str()], meta));
        let sides = [("source", &e.source), ("target", &e.target)];
        for (role, n, actor) in sides.into_iter().flat_map(|(role, side)| side.iter().enumerate().map(move |(n, a)| (role, n, a))) {
            let id = format!("{}-{role}-{n}", e.id);
            result.push(region(id.clone(), actor.span, &[role], actor_meta(actor, no_text)));
            result.push(json!({"type": "relation", "from_id": trigger, "to_id": id, "direction": "right", "labels": [role]}));
        }
    }
    for s in &record.statements {
        let meta = json!({"statement": s.id, "kind": s.kind.as_str(), "stance": s.stance});
        result.push(region(s.id.clone(), s.quote.span, &["statement"], meta));
        if let Some(speaker) = &s.speaker {
            let id = format!("{}-speaker", s.id);
            result.push(region(id.clone(), speaker.span, &["speaker"], actor_meta(speaker, no_text)));
            result.push(json!({"type": "relation", "from_id": s.id, "to_id": id, "direction": "right", "labels": ["speaker"]}));
        }
    }
    json!({
        "data": {"text": if no_text { "" } else { &report.text }, "report": report.id, "given_id": report.given_id, "published": report.published,
            "outlet": report.outlet, "url": report.url, "title": if no_text { &None } else { &report.title }, "offset_unit": "code point"},
        "predictions": [{"model_version": format!("chancery {} {}", record.coder.version, record.coder.data), "result": result}],
    })
}

fn actor_meta(a: &Actor, no_text: bool) -> Value {
    // A name that our tables do not have is the article's wording.
    let entity = a.entity.as_ref().filter(|_| !no_text || a.entity_id.is_some());
    json!({"entity": entity, "entity_id": a.entity_id, "code": a.code})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_points() {
        let text = "é😀x".repeat(300);
        let points = Points::new(&text);
        for (n, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(points.before(at), n);
        }
        assert_eq!(points.before(text.len()), 900);
    }
}
