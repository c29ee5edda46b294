//! From units of raw input to reports: says to the core's readers what the command line asks.

use crate::cli::{InputFormat, IntakeArgs};
use crate::fetch::{Manners, Page};
use crate::{Error, Result};
use chancery::input::csv::Columns;
use chancery::input::warc::{self, Head};
use chancery::input::{self, Fields, Format, Hints};
use chancery::model::Report;
use csv::ByteRecord;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use serde_json::Value;
use std::fmt;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// Where a report stands.
#[derive(Debug, Clone)]
pub struct Place {
    pub file: Arc<str>,
    /// 1-based.
    pub line: Option<usize>,
    /// Of a web archive, a feed or a Parquet file, 1-based.
    pub record: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.record.map_or(Ok(()), |n| write!(f, ", record {n}"))?;
        self.line.map_or(Ok(()), |n| write!(f, ", line {n}"))
    }
}

/// One report's worth of raw input, or why there is none.
#[derive(Debug)]
pub enum Unit {
    /// A whole file; `left` tells what of it lies beyond the limit.
    Document {
        file: Arc<str>,
        format: Format,
        bytes: Vec<u8>,
        left: Option<Left>,
    },
    /// A line of JSON.
    Line {
        file: Arc<str>,
        number: usize,
        bytes: Vec<u8>,
    },
    /// A row of a table.
    Row {
        place: Place,
        columns: Arc<Columns>,
        cells: ByteRecord,
    },
    /// A record of a web archive that can hold a page.
    Archived {
        place: Place,
        head: Box<Head>,
        bytes: Vec<u8>,
    },
    /// An entry of a feed.
    Entry {
        place: Place,
        fields: Box<Fields>,
    },
    /// A page of the web, and the entry of a feed that led to it.
    Fetched(Box<Page>, Option<Box<Fields>>),
    Failed(Error),
}

/// A source that was not held to its end.
#[derive(Debug)]
pub struct Left {
    /// Bytes of the whole source and its hash.
    pub total: usize,
    pub sha256: String,
}

/// How input is to be taken.
#[derive(Debug)]
pub struct Intake {
    format: InputFormat,
    pub map: Vec<(String, String)>,
    /// Longest report in bytes.
    pub limit: usize,
    /// Bytes of files taken so far, for who shows progress.
    pub taken: Arc<AtomicU64>,
    pub manners: Manners,
}

/// A report with its place, or why there is none.
pub type Read = Result<(Place, Report)>;

impl Intake {
    pub fn new(args: &IntakeArgs) -> Self {
        let manners = Manners {
            private: args.web.private_addresses,
            timeout: Duration::from_secs_f64(args.web.timeout),
            pause: Duration::from_secs_f64(args.web.pause),
            limit: args.max_report_bytes,
        };
        Intake { map: args.map.clone(), ..Intake::of(args.input, manners) }
    }

    /// With fields by their own names.
    pub fn of(format: InputFormat, manners: Manners) -> Self {
        Intake { format, map: Vec::new(), limit: manners.limit, taken: Arc::default(), manners }
    }

    /// The format of a stream, by option, or by its first bytes and its name.
    pub fn format(&self, name: &str, head: &[u8]) -> Format {
        match self.format {
            InputFormat::Text => Format::Text,
            InputFormat::Html => Format::Html,
            InputFormat::Jsonl => Format::Jsonl,
            InputFormat::Csv => Format::Csv,
            InputFormat::Feed => Format::Feed,
            InputFormat::Warc => Format::Warc,
            // What reaches this is no Parquet: `files::stream` looks for its marks first.
            InputFormat::Auto | InputFormat::Parquet => {
                input::detect(head, name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(name))
            }
        }
    }

    /// Whether nothing but Parquet is wanted.
    pub fn only_parquet(&self) -> bool {
        self.format == InputFormat::Parquet
    }

    /// Longest line or row that is held: its text may be escaped, and other fields stand beside it.
    pub fn longest_line(&self) -> usize {
        self.limit.saturating_mul(2).saturating_add(1 << 20)
    }

    /// E0213.
    pub fn too_long(&self, place: &Place) -> Error {
        let what = format!("longer than {} bytes", self.longest_line());
        Error::new("E0213", what, place.to_string(), "split it into reports, or raise --max-report-bytes")
    }

    pub fn hints(&self, name: &str) -> Hints {
        Hints { name: name.to_owned(), charset: None, max_report_bytes: self.limit }
    }

    /// The report of a unit. None for a blank line or row.
    pub fn report(&self, unit: Unit) -> Option<Read> {
        match unit {
            Unit::Failed(e) => Some(Err(e)),
            Unit::Fetched(page, entry) => {
                let place = Place { file: page.asked.as_str().into(), line: None, record: None };
                let report = self.fetched(&page).map(|mut report| {
                    if let Some(entry) = entry {
                        entry.complete(&mut report);
                    }
                    report
                });
                Some(report.map(|r| (place, r)))
            }
            Unit::Document { file, format, bytes, left } => {
                let place = Place { file, line: None, record: None };
                Some(self.document(&place, format, &bytes, left).map(|r| (place, r)))
            }
            Unit::Line { file, number, bytes } => {
                let place = Place { file, line: Some(number), record: None };
                let line = if self.map.is_empty() { Ok(bytes) } else { self.renamed(&place, bytes) };
                let report = line.and_then(|l| input::jsonl::line(&l, number, &self.hints(&place.file)));
                report.transpose().map(|r| r.map(|r| (place, r)))
            }
            Unit::Archived { place, head, bytes } => {
                let report = warc::report(&head, &bytes, &|how, body| self.decoded(how, body), &self.hints(&place.to_string()));
                report.transpose().map(|r| r.map(|r| (place, r)))
            }
            Unit::Entry { place, fields } => {
                let report = fields.report("application/feed", "utf-8", &place.to_string(), &self.hints(&place.file));
                Some(report.map(|r| (place, r)))
            }
            Unit::Row { place, columns, cells } => {
                let report = columns.report(cells.iter(), &place.to_string(), &self.hints(&place.file)).transpose()?;
                Some(report.map(|r| (place, r)))
            }
        }
    }

    /// The report of a fetched page. E0227 where it is nothing that reports come in.
    pub fn fetched(&self, page: &Page) -> Result<Report> {
        // What was fetched is read as a web archive would keep it.
        let head =
            Head { kind: "resource".to_owned(), media_type: Some(page.media_type()), url: Some(page.url.clone()), ..Head::default() };
        let report = warc::report(&head, &page.body, &|how, body| self.decoded(how, body), &self.hints(&page.asked))?;
        report.ok_or_else(|| {
            let what = format!("the page is {:?}, which is not read", page.media_type());
            Error::new("E0227", what, page.asked.as_str(), "fetch it yourself, and name the file with --input")
        })
    }

    /// A body without its content encoding, up to the limit; nothing where that cannot be undone.
    fn decoded(&self, how: &str, body: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let most = self.limit as u64 + 1;
        match how {
            "gzip" | "x-gzip" => MultiGzDecoder::new(body).take(most).read_to_end(&mut out).ok()?,
            "deflate" => match ZlibDecoder::new(body).take(most).read_to_end(&mut out) {
                Ok(n) => n,
                // Some servers mean the bare stream.
                Err(_) => {
                    out.clear();
                    DeflateDecoder::new(body).take(most).read_to_end(&mut out).ok()?
                }
            },
            _ => return None,
        };
        Some(out)
    }

    fn document(&self, place: &Place, format: Format, bytes: &[u8], left: Option<Left>) -> Result<Report> {
        let hints = self.hints(&place.file);
        let mut report = if format == Format::Html { input::html::html(bytes, &hints)? } else { input::text(bytes, &hints)? };
        if let Some(left) = left {
            // The reader knew only the part it was given.
            let unread = left.total.saturating_sub(self.limit);
            for note in report.diagnostics.iter_mut().filter(|d| d.code == CUT) {
                note.message = format!("the report is longer than the limit; its last {unread} bytes were not read");
            }
            report.source.bytes = left.total;
            report.source.sha256 = left.sha256;
        }
        Ok(report)
    }

    /// A line of JSON with its keys renamed as `--map` says.
    fn renamed(&self, place: &Place, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let Ok(Value::Object(mut object)) = serde_json::from_slice(&bytes) else { return Ok(bytes) };
        for (field, key) in &self.map {
            let Some(value) = object.remove(key) else {
                let keys: Vec<&str> = object.keys().map(String::as_str).collect();
                let remedy = format!("the keys are {}", keys.join(", "));
                return Err(Error::new("E0204", format!("there is no key `{key}`"), place.to_string(), remedy));
            };
            object.insert(field.clone(), value);
        }
        Ok(Value::Object(object).to_string().into_bytes())
    }
}

/// Code of the core's note on a report that was cut at the limit.
pub const CUT: &str = "W0202";
