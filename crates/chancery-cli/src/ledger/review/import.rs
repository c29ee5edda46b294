//! Decisions in from a file: JSON lines, CSV, or annotations of Label Studio.

use super::labelstudio;
use crate::cli::ReviewArgs;
use crate::log::Log;
use crate::{Error, Outcome, Result};
use chancery::record::Span;
use chancery_ledger::decision::{Decision, Fields, Verdict};
use chancery_ledger::{Ledger, Writer};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

/// Takes the decisions of a file one by one; what cannot be taken is said with its line, the rest is done. Each is kept at once, and one that
/// is in force already is not taken again: an import that was broken off is taken up by running it again.
pub fn run(args: &ReviewArgs, file: &Path, log: &Log) -> Result<Outcome> {
    let name = if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() };
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(file).map(|t| text = t)
    };
    read.map_err(|e| Error::new("E0211", format!("it cannot be read: {e}"), name.as_str(), "name a file of decisions in UTF-8"))?;
    let mut writer = Writer::new(Ledger::write(&args.ledger.ledger)?)?;
    let (mut taken, mut known, mut failed, mut orphaned) = (0, 0, 0, 0);
    // How often this file has said the same so far.
    let mut said: HashMap<String, usize> = HashMap::new();
    for (place, decided) in decisions(&text, &name, &writer, args) {
        let state = decided.and_then(|d| {
            let before = said.entry(format!("{d:?}")).or_default();
            *before += 1;
            if writer.decided(&d)? >= *before {
                return Ok(None);
            }
            writer.decide(&d).map(|(_, state)| Some(state)).map_err(|e| Error { place: format!("{place}: {}", e.place), ..e })
        });
        match state {
            Ok(None) => known += 1,
            Ok(Some(state)) => {
                taken += 1;
                orphaned += usize::from(state == "orphaned");
                log.info(format_args!("{taken} decisions kept"));
            }
            Err(e) => {
                failed += 1;
                log.error(&e);
            }
        }
    }
    writer.close()?;
    log.warn(format_args!("{taken} decisions taken, {failed} refused, {orphaned} orphaned, {known} known already"));
    Ok(if failed > 0 { Outcome::Partial } else { Outcome::Done })
}

/// What the file decides, with where it says so.
fn decisions(text: &str, name: &str, writer: &Writer, args: &ReviewArgs) -> Vec<(String, Result<Decision>)> {
    if text.trim_start().starts_with('[') {
        let tasks = labelstudio::decisions(text, writer.ledger(), args);
        return tasks.into_iter().map(|(place, d)| (format!("{name}, {place}"), d)).collect();
    }
    let one = |(line, row): (usize, Row)| {
        let place = format!("{name}, line {line}");
        let row = row.map_err(|e| Error::new("E0532", e, place.as_str(), "write one JSON object a line, or CSV with a heading row"));
        let decided = row.and_then(|row| decision(row, args, &place));
        (place, decided)
    };
    rows(text).into_iter().map(one).collect()
}

type Row = std::result::Result<Map<String, Value>, String>;

/// Rows of JSON lines, or of CSV with a heading; with their lines.
fn rows(text: &str) -> Vec<(usize, Row)> {
    if text.trim_start().starts_with('{') {
        let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
        return lines.map(|(n, l)| (n + 1, serde_json::from_str(l).map_err(|e| format!("this is no JSON object: {e}")))).collect();
    }
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heading: Vec<String> = table.headers().map(|h| h.iter().map(|c| c.trim().to_ascii_lowercase()).collect()).unwrap_or_default();
    let row = |record: csv::Result<csv::StringRecord>| {
        let record = record.map_err(|e| (0, format!("the row cannot be read: {e}")));
        match record {
            Ok(r) => {
                let line = r.position().map_or(0, |p| p.line() as usize);
                let cells = heading.iter().zip(r.iter()).filter(|(_, c)| !c.is_empty());
                (line, Ok(cells.map(|(h, c)| (h.clone(), Value::from(c))).collect()))
            }
            Err((line, e)) => (line, Err(e)),
        }
    };
    table.records().map(row).collect()
}

/// A decision of a row. E0532 names the field that is missing or wrong.
fn decision(mut row: Map<String, Value>, args: &ReviewArgs, place: &str) -> Result<Decision> {
    let wrong = |what: String, remedy: &str| Error::new("E0532", what, place, remedy);
    let mut text = |key: &str| match row.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(s)) => Ok(Some(s)),
        Some(Value::Number(n)) => Ok(Some(n.to_string())),
        Some(Value::Bool(b)) => Ok(Some(b.to_string())),
        Some(_) => Err(wrong(format!("field `{key}` is no text"), "write it as text")),
    };
    let verdict = match text("verdict")?.as_deref() {
        Some("accept") => Verdict::Accept,
        Some("correct") => Verdict::Correct,
        Some("reject") => Verdict::Reject,
        Some("add") => Verdict::Add,
        Some("complete") => Verdict::Complete,
        other => return Err(wrong(format!("field `verdict`: {other:?}"), "use accept, correct, reject, add or complete")),
    };
    let (event, report) = (text("event")?, text("report")?);
    let on_report = matches!(verdict, Verdict::Add | Verdict::Complete);
    let about = if on_report { report } else { event };
    let about = about.ok_or_else(|| {
        let field = if on_report { "report" } else { "event" };
        wrong(format!("field `{field}` is missing"), "give the id, as `chancery events --format csv` prints it")
    })?;
    let number = |key: &str, value: Option<String>| match value.map(|v| v.parse::<usize>()) {
        None => Ok(None),
        Some(Ok(n)) => Ok(Some(n)),
        Some(Err(_)) => Err(wrong(format!("field `{key}` is no number"), "give bytes of the report's text")),
    };
    let (start, end) = (text("start")?, text("end")?);
    let span = number("start", start)?.zip(number("end", end)?).map(|(start, end)| Span::new(start, end));
    let reciprocal = match text("reciprocal")?.as_deref() {
        None => None,
        Some("true" | "1") => Some(true),
        Some("false" | "0") => Some(false),
        Some(other) => return Err(wrong(format!("field `reciprocal`: {other:?}"), "use true or false")),
    };
    let named = text("who")?.or_else(|| args.who.clone());
    Ok(Decision {
        verdict,
        about,
        span,
        who: named.ok_or_else(|| wrong("nobody decides".to_owned(), "give `who` in the file, or --who"))?,
        why: text("why")?,
        fields: Fields {
            r#type: text("type")?,
            mode: text("mode")?,
            cameo: text("cameo")?,
            status: text("status")?,
            source: text("source")?,
            target: text("target")?,
            reciprocal,
            date: text("date")?,
        },
        audit: args.audit,
    })
}
