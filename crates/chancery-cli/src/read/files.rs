//! From paths to units: opens files, folders and standard input, splits streams into reports.
//!
//! Memory stays bounded: streams of lines and rows are cut one by one, and no report is held beyond the limit.

use super::archive::{self, Packed, packed};
use super::intake::{Intake, Left, Place, Unit};
use super::paths::{below, cannot_open, is_url, show};
use super::stream::{Send, Stopped};
use super::{feed, parquet, table, warc};
use crate::Error;
use crate::fetch::{Client, Got, Page, Validators};
use chancery::ids;
use chancery::input::Format;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes looked at to tell a format.
const PEEK: usize = 8192;

pub type Step = std::result::Result<(), Stopped>;

/// Sends every report below `paths`, in the order given; folders in order of name.
pub fn walk(paths: &[String], intake: &Intake, send: &mut Send<'_>) -> Step {
    let mut client = None;
    for path in paths {
        if path == "-" {
            stream(Box::new(std::io::stdin()), "standard input", 0, intake, send)?;
        } else if is_url(path) {
            let client = client.get_or_insert_with(|| Client::new(intake.manners.clone()));
            match client.get(path, &Validators::default()) {
                Ok(Got::Page(page)) => page_or_feed(page, intake, send)?,
                Ok(Got::Unchanged) => {}
                Err(e) => send(Unit::Failed(e))?,
            }
        } else {
            for found in below(path) {
                match found {
                    Ok(path) => file(&path, intake, send)?,
                    Err(e) => send(Unit::Failed(e))?,
                }
            }
        }
    }
    Ok(())
}

/// A page is one report; a feed, an archive or a table has many.
fn page_or_feed(page: Box<Page>, intake: &Intake, send: &mut Send<'_>) -> Step {
    let head = page.body.get(..PEEK.min(page.body.len())).unwrap_or(&[]);
    let format = intake.format(&page.url, head);
    if matches!(format, Format::Text | Format::Html) && packed(head).is_none() {
        return send(Unit::Fetched(page, None));
    }
    bytes(&page.body, &page.url, intake, send)
}

/// Says how far a file has been read.
struct Counted {
    inner: File,
    taken: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

fn file(path: &Path, intake: &Intake, send: &mut Send<'_>) -> Step {
    // Only of a file can the directory at the end of a zip or of Parquet be found; a pipe is read as it comes.
    let opened = File::open(path).and_then(|mut f| {
        let mut head = [0; 4];
        let n = if path.is_file() { f.read(&mut head).unwrap_or(0) } else { 0 };
        if path.is_file() {
            f.rewind()?;
        }
        Ok((f, head.get(..n).and_then(packed)))
    });
    match opened {
        Ok((f, Some(Packed::Zip))) => archive::zip(f, &show(path), intake, send),
        Ok((f, Some(Packed::Parquet))) => parquet::rows(f, &show(path), intake, send),
        Ok((f, _)) => stream(Box::new(Counted { inner: f, taken: intake.taken.clone() }), &show(path), 0, intake, send),
        Err(e) => send(Unit::Failed(cannot_open(path, &e))),
    }
}

pub(super) fn broken_off(place: impl ToString, e: &std::io::Error) -> Error {
    Error::new("E0214", format!("reading broke off: {e}"), place.to_string(), "check the file and its disk; what came before was read")
}

/// Reads bytes as a stream of that name: for those who have them at hand.
pub fn bytes(data: &[u8], name: &str, intake: &Intake, send: &mut Send<'_>) -> Step {
    match packed(data) {
        Some(Packed::Zip) => archive::zip(Cursor::new(data), name, intake, send),
        _ => stream(Box::new(data), name, 0, intake, send),
    }
}

/// Reads one opened stream, `depth` archives deep: unpacks it where it is packed, tells its format, splits it.
pub(super) fn stream(raw: Box<dyn Read + '_>, name: &str, depth: usize, intake: &Intake, send: &mut Send<'_>) -> Step {
    let (head, rest) = match peek(raw) {
        Ok(parts) => parts,
        Err(e) => return send(Unit::Failed(broken_off(name, &e))),
    };
    if let Some(packed) = packed(&head) {
        if depth >= archive::DEPTH {
            let what = format!("archives in archives, more than {} deep", archive::DEPTH);
            return send(Unit::Failed(Error::new("E0216", what, name, "unpack it yourself, and name what is in it")));
        }
        let whole = Box::new(Cursor::new(head).chain(rest));
        return match packed {
            Packed::Tar => archive::tar(whole, name, depth, intake, send),
            Packed::Zip => {
                let e = Error::new("E0216", "a zip archive cannot be read from a stream", name, "save it to a file, and name that");
                send(Unit::Failed(e))
            }
            Packed::Parquet => parquet::spooled(whole, name, intake, send),
            packed => match archive::unpack(whole, packed) {
                Ok(unpacked) => stream(unpacked, name, depth + 1, intake, send),
                Err(e) => send(Unit::Failed(broken_off(name, &e))),
            },
        };
    }
    if intake.only_parquet() {
        return send(Unit::Failed(parquet::broken(name, "it does not begin as Parquet does")));
    }
    let name: Arc<str> = name.into();
    let format = intake.format(&name, &head);
    let one_document = format == Format::Jsonl && is_json_document(&head);
    let mut reader = BufReader::with_capacity(1 << 16, Cursor::new(head).chain(rest));
    match format {
        Format::Jsonl if one_document => json_document(&mut reader, &name, intake, send),
        Format::Jsonl => lines(&mut reader, &name, intake, send),
        Format::Csv => table::rows(&mut reader, &name, intake, send),
        Format::Warc => warc::records(&mut reader, &name, intake, send),
        Format::Feed => feed::entries(&mut reader, &name, intake, send),
        Format::Text | Format::Html => whole(&mut reader, &name, format, intake, send),
    }
}

/// The first bytes of a stream, and the rest of it.
fn peek<'a>(mut raw: Box<dyn Read + 'a>) -> std::io::Result<(Vec<u8>, Box<dyn Read + 'a>)> {
    let mut head = Vec::with_capacity(PEEK);
    (&mut raw).take(PEEK as u64).read_to_end(&mut head)?;
    Ok((head, raw))
}

/// One report that fills its file.
fn whole(reader: &mut dyn BufRead, name: &Arc<str>, format: Format, intake: &Intake, send: &mut Send<'_>) -> Step {
    let mut bytes = Vec::new();
    if let Err(e) = reader.take(intake.limit as u64 + 1).read_to_end(&mut bytes) {
        return send(Unit::Failed(broken_off(name, &e)));
    }
    let left = if bytes.len() > intake.limit {
        match rest(reader, &bytes) {
            Ok(left) => Some(left),
            Err(e) => return send(Unit::Failed(broken_off(name, &e))),
        }
    } else {
        None
    };
    send(Unit::Document { file: name.clone(), format, bytes, left })
}

/// Counts and hashes what follows `held` without keeping it.
fn rest(reader: &mut dyn BufRead, held: &[u8]) -> std::io::Result<Left> {
    let mut hash = Sha256::new();
    hash.update(held);
    let mut total = held.len();
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(Left { total, sha256: ids::hex(&hash.finalize()) });
        }
        hash.update(chunk);
        let used = chunk.len();
        total += used;
        reader.consume(used);
    }
}

/// One report a line; blank lines are none.
fn lines(reader: &mut dyn BufRead, name: &Arc<str>, intake: &Intake, send: &mut Send<'_>) -> Step {
    let longest = intake.longest_line();
    let mut number = 0;
    loop {
        number += 1;
        let mut bytes = Vec::new();
        let place = || Place { file: name.clone(), line: Some(number), record: None };
        match reader.take(longest as u64 + 1).read_until(b'\n', &mut bytes) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(e) => return send(Unit::Failed(broken_off(place(), &e))),
        }
        if bytes.len() > longest {
            if let Err(e) = skip_line(reader) {
                return send(Unit::Failed(broken_off(place(), &e)));
            }
            send(Unit::Failed(intake.too_long(&place())))?;
        } else {
            send(Unit::Line { file: name.clone(), number, bytes })?;
        }
    }
}

/// Drops the rest of a line without holding it.
fn skip_line(reader: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let (used, done) = {
            let chunk = reader.fill_buf()?;
            match chunk.iter().position(|&b| b == b'\n') {
                Some(i) => (i + 1, true),
                None => (chunk.len(), chunk.is_empty()),
            }
        };
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}

/// Whether JSON is laid out over lines, or an array: then the file is one value and not one a line.
fn is_json_document(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let first = head.split(|&b| b == b'\n').next().unwrap_or(head).trim_ascii();
    head.starts_with(b"[") || matches!(first, b"{") || (first.starts_with(b"{") && first.ends_with(b",") && head.len() > first.len())
}

/// A file that is one JSON value: an object is one report, an array one each.
fn json_document(reader: &mut dyn BufRead, name: &Arc<str>, intake: &Intake, send: &mut Send<'_>) -> Step {
    let longest = intake.longest_line();
    let mut bytes = Vec::new();
    let place = Place { file: name.clone(), line: None, record: None };
    match reader.take(longest as u64 + 1).read_to_end(&mut bytes) {
        Err(e) => return send(Unit::Failed(broken_off(name, &e))),
        Ok(n) if n > longest => return send(Unit::Failed(intake.too_long(&place))),
        Ok(_) => {}
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let items = match serde_json::from_slice(bytes) {
        Ok(Value::Array(items)) => items,
        Ok(value) => vec![value],
        Err(e) => {
            let e = Error::new(
                "E0202",
                format!("this is no JSON: {e}"),
                name.to_string(),
                "write one whole JSON object a line, or one JSON array",
            );
            return send(Unit::Failed(e));
        }
    };
    for (n, item) in items.iter().enumerate() {
        send(Unit::Line { file: name.clone(), number: n + 1, bytes: item.to_string().into_bytes() })?;
    }
    Ok(())
}
