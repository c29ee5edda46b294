//! Corrected annotations back from Label Studio (its JSON export): each submitted annotation is one person's reading of the whole report.
//!
//! Regions of ours keep their ids (`EVENT-trigger`): still there as it was is accepted, with other labels or parties corrected, gone rejected. A
//! region with a type as its label and no id of ours is a missed event. Offsets count code points.

use crate::cli::ReviewArgs;
use crate::{Error, Result};
use chancery::Record;
use chancery::record::{Actor, Event, EventType, Span, Status};
use chancery_ledger::Ledger;
use chancery_ledger::decision::{Decision, Fields, Verdict};
use serde_json::Value;
use std::collections::BTreeMap;

/// The decisions of a file of tasks, with where each comes from.
pub fn decisions(text: &str, ledger: &Ledger, args: &ReviewArgs) -> Vec<(String, Result<Decision>)> {
    let tasks: Vec<Value> = match serde_json::from_str(text) {
        Ok(tasks) => tasks,
        Err(e) => {
            let wrong =
                Error::new("E0532", format!("this is no list of Label Studio tasks: {e}"), "the file", "export the project as JSON");
            return vec![("the file".to_owned(), Err(wrong))];
        }
    };
    let mut found = Vec::new();
    for (n, task) in tasks.iter().enumerate() {
        let place = format!("task {}", task["id"].as_i64().map_or(n as i64 + 1, |id| id));
        let report = task["data"]["report"].as_str().unwrap_or("");
        match ledger.record_by_id(report) {
            Err(e) => found.push((place, Err(e))),
            Ok(record) => {
                let annotations = task["annotations"].as_array().map_or(&[][..], Vec::as_slice);
                for a in annotations.iter().filter(|a| a["was_cancelled"] != true) {
                    let read = annotation(a, &record, args);
                    found.extend(read.into_iter().map(|d| (place.clone(), d)));
                }
            }
        }
    }
    found
}

/// Who made an annotation: the name, address or number that Label Studio gives.
fn who(annotation: &Value, args: &ReviewArgs) -> Option<String> {
    let by = &annotation["completed_by"];
    let named = ["email", "username"].iter().find_map(|k| by[*k].as_str()).map(str::to_owned);
    args.who.clone().or(named).or_else(|| by.as_i64().or_else(|| by["id"].as_i64()).map(|id| format!("label-studio:{id}")))
}

struct Region<'a> {
    labels: Vec<&'a str>,
    span: Span,
    code: Option<String>,
}

fn annotation(a: &Value, record: &Record, args: &ReviewArgs) -> Vec<Result<Decision>> {
    let Some(who) = who(a, args) else {
        return vec![Err(Error::new("E0532", "nobody decides", "the annotation", "give --who"))];
    };
    let results = a["result"].as_array().map_or(&[][..], Vec::as_slice);
    let mut regions: BTreeMap<&str, Region<'_>> = BTreeMap::new();
    for r in results.iter().filter(|r| r["type"] == "labels") {
        let labels = r["value"]["labels"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let at = |key: &str| r["value"][key].as_u64().map(|n| byte(&record.report.text, n as usize));
        let (Some(id), Some(start), Some(end)) = (r["id"].as_str(), at("start"), at("end")) else { continue };
        let span = Span::new(start, end);
        let note = r["meta"]["text"].as_array().and_then(|t| t.first()).or(Some(&r["meta"]["text"])).and_then(Value::as_str);
        // Of a region of ours without a code nobody has said whom it means.
        let ours = record.events.iter().any(|e| id.starts_with(&e.id));
        let code = r["meta"]["code"].as_str().or(note).map(str::to_owned).or_else(|| if ours { None } else { named(record, span) });
        regions.insert(id, Region { labels, span, code });
    }
    // Sides of a trigger, in the order of its parties: by relation.
    let sides = |trigger: &str, role: &str| -> String {
        let related = results.iter().filter(|r| r["type"] == "relation" && r["from_id"] == trigger);
        let of = related.filter_map(|r| {
            let to = r["to_id"].as_str()?;
            let labels: Vec<&str> = r["labels"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let region = regions.get(to)?;
            let said = if labels.is_empty() { region.labels.contains(&role) } else { labels.contains(&role) };
            said.then(|| region.code.clone()).flatten()
        });
        joined(of)
    };
    let by = |verdict, about: &str, span, fields| {
        Ok(Decision { verdict, who: who.clone(), why: None, about: about.to_owned(), span, fields, audit: args.audit })
    };
    let mut found = Vec::new();
    for e in &record.events {
        let trigger = format!("{}-trigger", e.id);
        match regions.get(trigger.as_str()) {
            None => found.push(by(Verdict::Reject, &e.id, None, Fields::default())),
            Some(region) => {
                let fields = corrected(e, region, sides(&trigger, "source"), sides(&trigger, "target"));
                let verdict = if fields == Fields::default() { Verdict::Accept } else { Verdict::Correct };
                found.push(by(verdict, &e.id, None, fields));
            }
        }
    }
    let ours = |id: &str| record.events.iter().any(|e| id.strip_suffix("-trigger") == Some(&e.id));
    for (id, region) in regions.iter().filter(|(id, _)| !ours(id)) {
        let Some(kind) = region.labels.iter().find(|l| EventType::parse(l).is_some()) else { continue };
        let status = region.labels.iter().find(|l| Status::parse(l).is_some());
        let fields = Fields {
            r#type: Some((*kind).to_owned()),
            status: status.map(|s| (*s).to_owned()),
            source: Some(sides(id, "source")).filter(|s| !s.is_empty()),
            target: Some(sides(id, "target")).filter(|s| !s.is_empty()),
            ..Fields::default()
        };
        found.push(by(Verdict::Add, &record.report.id, Some(region.span), fields));
    }
    found.push(by(Verdict::Complete, &record.report.id, None, Fields::default()));
    found
}

/// What the region says otherwise than the event.
fn corrected(e: &Event, region: &Region<'_>, source: String, target: String) -> Fields {
    let kind = region.labels.iter().find(|l| EventType::parse(l).is_some()).filter(|l| **l != e.r#type.as_str());
    let status = region.labels.iter().find(|l| Status::parse(l).is_some()).filter(|l| **l != e.status.as_str());
    let codes = |side: &[Actor]| joined(side.iter().filter_map(|a| a.code.clone()));
    Fields {
        r#type: kind.map(|k| (*k).to_owned()),
        status: status.map(|s| (*s).to_owned()),
        source: (source != codes(&e.source)).then_some(source),
        target: (target != codes(&e.target)).then_some(target),
        ..Fields::default()
    }
}

/// The different codes, in order.
fn joined(codes: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    codes.for_each(|c| {
        if !seen.contains(&c) {
            seen.push(c);
        }
    });
    seen.join(";")
}

/// The code of whom the coder sees named there.
fn named(record: &Record, span: Span) -> Option<String> {
    record.mentions.iter().filter(|m| m.actor.span.overlaps(span)).find_map(|m| m.actor.code.clone())
}

/// The byte of a code point.
fn byte(text: &str, points: usize) -> usize {
    text.char_indices().nth(points).map_or(text.len(), |(at, _)| at)
}
