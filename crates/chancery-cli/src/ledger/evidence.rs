//! `chancery evidence`: what an event rests on, in one zip: the pages as they were fetched, the text, the record, what people
//! decided, and the hash of each.

use crate::cli::EvidenceArgs;
use crate::log::Log;
use crate::{Error, Outcome, Result};
use chancery::ids;
use chancery_ledger::Ledger;
use chancery_ledger::frame::{Cell, JsonlSink, Sink};
use chancery_ledger::pages::KeptPage;
use chancery_ledger::query::{EVENT_COLUMNS, event_cells};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::PathBuf;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const README: &str = "What an event of a ledger of Chancery rests on.

event.json       the event as it counts now
record.json      the whole record of its report, as it was read
text.txt         the text that spans of the record are counted in (UTF-8 bytes)
decisions.jsonl  what people decided on the event, the newest first
page-N.json      where and when a page of the report was fetched: address asked for, redirects, status, headers, SHA-256 of the body
page-N.raw       the body as it came over the wire (content-encoding as in the headers)
SHA256SUMS       hashes of all of these; check them with: sha256sum -c SHA256SUMS

A report that was read from a file has no pages; report.source.sha256 in record.json is the hash of that file.
";

pub fn run(args: &EvidenceArgs, log: &Log) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let event = ledger.event(&args.event)?;
    let record = ledger.record(&event.report)?;
    let mut parts: Vec<(String, Vec<u8>)> = vec![("README.txt".to_owned(), README.as_bytes().to_vec())];
    parts.push(("event.json".to_owned(), row(&event_cells(&event))?));
    let record_json = serde_json::to_vec_pretty(&record).map_err(|e| unwritable("record.json", &e.to_string()))?;
    parts.push(("record.json".to_owned(), record_json));
    parts.push(("text.txt".to_owned(), record.report.text.clone().into_bytes()));
    parts.push(("decisions.jsonl".to_owned(), decisions(&ledger, &event.id)?));
    for (n, page) in ledger.pages(&event.report)?.into_iter().enumerate() {
        parts.push((format!("page-{}.json", n + 1), about(&page).into_bytes()));
        parts.push((format!("page-{}.raw", n + 1), page.raw));
    }
    let mut sums = String::new();
    for (name, bytes) in &parts {
        // Writing into memory cannot fail.
        let _ = writeln!(sums, "{}  {name}", ids::hex(&Sha256::digest(bytes)));
    }
    parts.push(("SHA256SUMS".to_owned(), sums.into_bytes()));
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("evidence-{}.zip", event.id.get(..12).unwrap_or(&event.id))));
    let shown = path.display().to_string();
    let file = File::create(&path).map_err(|e| unwritable(&shown, &e.to_string()))?;
    write(file, &parts).map_err(|e| unwritable(&shown, &e.to_string()))?;
    log.warn(format_args!("{shown}: {} files", parts.len()));
    Ok(Outcome::Done)
}

/// The same parts give the same bytes: no time of writing goes in.
fn write(file: impl Write + Seek, parts: &[(String, Vec<u8>)]) -> zip::result::ZipResult<()> {
    let mut zip = ZipWriter::new(file);
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    zip.finish()?.flush()?;
    Ok(())
}

fn row(cells: &[Cell<'_>]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut sink = JsonlSink::new(Box::new(&mut out), EVENT_COLUMNS);
    sink.row(cells)?;
    sink.finish()?;
    drop(sink);
    Ok(out)
}

fn decisions(ledger: &Ledger, event: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    ledger.decisions(|d| {
        if d.event.as_deref() == Some(event) {
            let line = json!({
                "decision": d.number, "at": time(d.at), "taken_back": d.ended.map(time), "who": d.who, "why": d.why, "verdict": d.verdict,
                "fields": d.fields, "state": d.state,
            });
            out.extend_from_slice(format!("{line}\n").as_bytes());
        }
        Ok(())
    })?;
    Ok(out)
}

/// What is known of a page beside its bytes.
fn about(page: &KeptPage) -> String {
    let parsed = |s: &str| serde_json::from_str::<Value>(s).unwrap_or(Value::Null);
    let about = json!({
        "asked": page.asked, "url": page.url, "fetched": time(page.fetched), "status": page.status, "redirects": parsed(&page.redirects),
        "headers": parsed(&page.headers), "bytes": page.raw.len(), "sha256": ids::hex(&page.sha256),
    });
    format!("{about:#}\n")
}

/// Milliseconds since 1970 as a time.
fn time(at: i64) -> String {
    Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |t| t.to_string())
}

fn unwritable(place: &str, why: &str) -> Error {
    Error::new("E0520", format!("the evidence could not be written: {why}"), place, "check free space, the folder and its permissions")
}
