//! From units of raw input to reports.

use crate::cli::{InputFormat, ReadArgs};
use crate::{Error, Result};
use chancery::ids;
use chancery::model::Report;
use chancery::record::{Diagnostic, SourceInfo};
use serde_json::Value;
use sha2::Digest;
use std::fmt;

/// Where a report stands.
#[derive(Debug, Clone)]
pub struct Place {
    pub file: String,
    /// 1-based.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |n| write!(f, ", line {n}"))
    }
}

/// Formats a stream can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Html,
    Jsonl,
}

/// One report's worth of raw input, or why there is none.
#[derive(Debug)]
pub enum Unit {
    Raw { place: Place, format: Format, bytes: Vec<u8>, cut: bool },
    Failed(Error),
}

/// How input is to be taken.
#[derive(Debug)]
pub struct Intake {
    format: InputFormat,
    map: Vec<(String, String)>,
    /// Longest report in bytes.
    pub limit: usize,
}

impl Intake {
    pub fn new(args: &ReadArgs) -> Self {
        Intake { format: args.input, map: args.map.clone(), limit: args.max_report_bytes }
    }

    /// The format of a stream, by option, name, or first bytes.
    pub fn format(&self, name: &str, head: &[u8]) -> Format {
        match self.format {
            InputFormat::Text => Format::Text,
            InputFormat::Html => Format::Html,
            InputFormat::Jsonl | InputFormat::Csv => Format::Jsonl,
            InputFormat::Auto => {
                let name = name.to_ascii_lowercase();
                let name = name.trim_end_matches(".gz");
                if name.ends_with(".jsonl") || name.ends_with(".ndjson") || head.first() == Some(&b'{') {
                    Format::Jsonl
                } else {
                    Format::Text
                }
            }
        }
    }

    /// E0206.
    pub fn too_long(&self, place: &Place) -> Error {
        Error::new(
            "E0206",
            format!("longer than {} bytes", self.limit),
            place.to_string(),
            "split it into reports, or raise --max-report-bytes",
        )
    }

    /// The reports of a unit, each with its place.
    pub fn reports(&self, unit: Unit) -> Vec<Result<(Place, Report)>> {
        match unit {
            Unit::Failed(e) => vec![Err(e)],
            Unit::Raw { place, format: Format::Jsonl, bytes, .. } => {
                let report = self.json(&place, &bytes);
                vec![report.map(|r| (place, r))]
            }
            Unit::Raw { place, bytes, cut, .. } => {
                let mut report = Report {
                    source: source("text/plain", &bytes),
                    text: String::from_utf8_lossy(&bytes).into_owned(),
                    ..Report::default()
                };
                if cut {
                    report.diagnostics.push(Diagnostic::new("D0206", format!("cut at {} bytes", self.limit), None));
                }
                vec![Ok((place, report))]
            }
        }
    }

    fn json(&self, place: &Place, bytes: &[u8]) -> Result<Report> {
        let broken = |what: String| Error::new("E0204", what, place.to_string(), "mend the line: one JSON object with a text field a line");
        let value: Value = serde_json::from_slice(bytes).map_err(|e| broken(format!("not JSON: {e}")))?;
        let get = |field: &str, aliases: &[&str]| -> Option<String> {
            let mapped = self.map.iter().find(|(f, _)| f == field).map(|(_, c)| c.as_str());
            mapped.into_iter().chain([field]).chain(aliases.iter().copied()).find_map(|k| value.get(k)?.as_str().map(str::to_owned))
        };
        let text = get("text", &[]).ok_or_else(|| broken("there is no text field".to_owned()))?;
        Ok(Report {
            given_id: get("id", &[]),
            source: source("application/json", bytes),
            text,
            title: get("title", &[]),
            published: get("published", &["date", "dct"]),
            url: get("url", &[]),
            outlet: get("outlet", &[]),
            author: get("author", &[]),
            language: get("language", &["lang"]),
            ..Report::default()
        })
    }
}

fn source(media_type: &str, bytes: &[u8]) -> SourceInfo {
    let sha256 = ids::hex(&sha2::Sha256::digest(bytes));
    SourceInfo { media_type: media_type.to_owned(), encoding: "utf-8".to_owned(), bytes: bytes.len(), sha256 }
}
