//! Reading gold files, plain or gzip, and cutting them into units.

use crate::{Error, Result};
use chancery::ids;
use chancery::model::Report;
use chancery::record::SourceInfo;
use chancery::stages::Stage;
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use sha2::Digest;
use std::io::Read;
use std::path::{Path, PathBuf};

/// One gold record as it stands in the file.
#[derive(Debug, Clone)]
pub struct Unit {
    /// The record's own id, or its number.
    pub id: String,
    pub text: String,
    /// The gold file, for records that refer to files beside it.
    pub path: PathBuf,
    /// 1-based line where it begins.
    pub line: usize,
}

impl Unit {
    /// The unit's JSON as `T`; E0413 names file, line and field.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.text).map_err(|e| {
            let place = format!("{}, line {}", self.path.display(), self.line);
            Error::new("E0413", format!("not a gold record of this task: {e}"), place, "name a file in the format of this task")
        })
    }
}

impl Unit {
    /// The language of a gold record: its own field, else the part of the file's name that names one (`dates_es.jsonl`),
    /// else English.
    pub fn language(&self, coder: &chancery::Coder, given: Option<&str>) -> String {
        let stem = self.path.file_name().and_then(|n| n.to_str()).unwrap_or("");
        let named = || stem.split(['_', '.', '-']).find(|part| coder.languages.serving(Stage::Dates).any(|l| l == *part));
        given.or_else(named).unwrap_or("en").to_owned()
    }
}

/// One unit for each line that is not blank.
pub fn lines(path: &Path, text: &str) -> Vec<Unit> {
    #[derive(serde::Deserialize)]
    struct Id {
        id: Option<String>,
    }
    let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    lines
        .map(|(n, line)| {
            let id = serde_json::from_str::<Id>(line).ok().and_then(|i| i.id).unwrap_or_else(|| format!("line {}", n + 1));
            Unit { id, text: line.to_owned(), path: path.to_owned(), line: n + 1 }
        })
        .collect()
}

/// The folder of gold that is not ours, whose texts and pages `gold` (a file of `eval/gold`) names by id: `$CHANCERY_SHARED/gold`, or the
/// one beside the repository.
pub fn shared(gold: &Path) -> PathBuf {
    std::env::var_os("CHANCERY_SHARED").map_or_else(|| gold.with_file_name("../../../shared"), PathBuf::from).join("gold")
}

fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> Error + Copy + '_ {
    |e| Error::new("E0412", format!("the gold file cannot be read: {e}"), path.display().to_string(), "check the path")
}

/// The bytes of a file that a gold record refers to, unpacked where it is gzip.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    let failed = unreadable(path);
    let bytes = std::fs::read(path).map_err(failed)?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut out).map_err(failed)?;
    Ok(out)
}

/// A gold file's text and the SHA-256 of its bytes as they lie there.
pub fn read(path: &Path) -> Result<(String, String)> {
    let failed = unreadable(path);
    let bytes = std::fs::read(path).map_err(failed)?;
    let sha256 = ids::hex(&sha2::Sha256::digest(&bytes));
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).map_err(failed)?;
    } else {
        bytes.as_slice().read_to_string(&mut text).map_err(failed)?;
    }
    Ok((text, sha256))
}

/// A report of plain text with a published date, as gold records give it.
pub fn report(text: &str, published: Option<&str>) -> Report {
    report_in("en", text, published)
}

/// The same in another language.
pub fn report_in(language: &str, text: &str, published: Option<&str>) -> Report {
    let sha256 = ids::hex(&sha2::Sha256::digest(text.as_bytes()));
    Report {
        text: text.to_owned(),
        published: published.map(str::to_owned),
        language: Some(language.to_owned()),
        source: SourceInfo { media_type: "text/plain".to_owned(), encoding: "utf-8".to_owned(), bytes: text.len(), sha256 },
        ..Report::default()
    }
}
