//! Web archives (WARC) record by record: what is broken is counted and passed over, up to the next record.

use super::files::{Step, broken_off};
use super::intake::{Intake, Place, Unit};
use super::stream::Send;
use crate::Error;
use chancery::input::warc::Head;
use std::io::{BufRead, Read, Result};
use std::sync::Arc;

/// Bytes of one line and of a record's head.
const LINE: u64 = 16 << 10;
const HEAD: usize = 64 << 10;
/// Bytes that the head of an HTTP answer may take beside the page.
const ANSWER: usize = 256 << 10;

/// Sends one report for each record that holds a page.
pub(super) fn records(reader: &mut dyn BufRead, name: &Arc<str>, intake: &Intake, send: &mut Send<'_>) -> Step {
    let (mut number, mut lost) = (0, false);
    loop {
        let place = |number: usize| Place { file: name.clone(), line: None, record: Some(number) };
        let line = match line(reader) {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(()),
            Err(e) => return send(Unit::Failed(broken_off(place(number), &e))),
        };
        if !line.starts_with(b"WARC/") {
            // What is neither a record nor the blank lines between two is told once, however long it is.
            if !line.trim_ascii().is_empty() && !lost {
                lost = true;
                send(Unit::Failed(broken("bytes between two records belong to neither", &place(number))))?;
            }
            continue;
        }
        (number, lost) = (number + 1, false);
        let place = place(number);
        match record(reader, &place, intake) {
            Ok(Ok(Some((head, bytes)))) => send(Unit::Archived { place, head: Box::new(head), bytes })?,
            Ok(Ok(None)) => {}
            Ok(Err(e)) => send(Unit::Failed(e))?,
            Err(e) => return send(Unit::Failed(broken_off(place, &e))),
        }
    }
}

fn broken(what: &str, place: &Place) -> Error {
    Error::new("E0206", format!("a broken WARC record: {what}"), place.to_string(), "the records after it are read")
}

/// A record that holds a page, nothing for one that holds none, or what is broken about it.
type Page = std::result::Result<Option<(Head, Vec<u8>)>, Error>;

/// The rest of a record after its version line.
fn record(reader: &mut dyn BufRead, place: &Place, intake: &Intake) -> Result<Page> {
    let mut lines = Vec::new();
    loop {
        match line(reader)? {
            Some(line) if line.trim_ascii().is_empty() => break,
            Some(line) if lines.len() < HEAD => lines.extend_from_slice(&line),
            Some(_) => return Ok(Err(broken("its head does not end", place))),
            None => return Ok(Err(broken("the file ends in its head", place))),
        }
    }
    let head = match Head::parse(&lines, &place.to_string()) {
        Ok(head) => head,
        Err(e) => return Ok(Err(e)),
    };
    let held = if head.holds_page() { head.length.min((intake.limit + ANSWER) as u64) } else { 0 };
    let mut bytes = Vec::new();
    reader.take(held).read_to_end(&mut bytes)?;
    let left = head.length - held;
    let skipped = std::io::copy(&mut reader.take(left), &mut std::io::sink())?;
    if (bytes.len() as u64) < held || skipped < left {
        return Ok(Err(broken("the file ends in its block", place)));
    }
    Ok(Ok(head.holds_page().then_some((head, bytes))))
}

/// A line with its end, cut at a bound.
fn line(reader: &mut dyn BufRead) -> Result<Option<Vec<u8>>> {
    let mut out = Vec::new();
    let n = reader.take(LINE).read_until(b'\n', &mut out)?;
    Ok((n > 0).then_some(out))
}
