//! Intake: bytes to reports, one file a format. No I/O here: whoever has files, pipes or sockets hands over
//! bytes, and for the formats of many reports (JSONL, CSV) one record at a time.
//!
//! Errors: `E0201` not text, `E0202` broken JSON, `E0203` no text in a record, `E0204` a column that is not there,
//! `E0205` a field of the wrong type, `E0206` a broken WARC record. Notes: `W0202` cut at the size limit, `W0203` bytes that fit no encoding,
//! `W0204` nothing to read. `W0205`, of a page that is no article, is `page_kind.rs`.

pub mod csv;
mod encoding;
mod fields;
pub mod html;
pub mod jsonl;
mod text;
pub mod warc;

pub use fields::{Field, Fields};
pub use text::text;

use crate::error::{Error, Result};
use crate::ids;
use crate::model::Report;
use crate::record::{Diagnostic, SourceInfo, Span};
use sha2::{Digest, Sha256};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Html,
    /// One JSON object a line.
    Jsonl,
    /// Comma-, semicolon- or tab-separated, first row the names of the columns.
    Csv,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A web archive.
    Warc,
}

/// What the caller knows of the bytes beyond the bytes.
#[derive(Debug, Clone)]
pub struct Hints {
    /// Name of file, member or URL: for messages and, by its extension, for detection.
    pub name: String,
    /// Encoding stated by the transport (`charset` of a `Content-Type`).
    pub charset: Option<String>,
    /// Longer reports are cut, with a note.
    pub max_report_bytes: usize,
}

/// 16 MiB.
pub const MAX_REPORT_BYTES: usize = 16 << 20;

impl Default for Hints {
    fn default() -> Self {
        Hints { name: String::new(), charset: None, max_report_bytes: MAX_REPORT_BYTES }
    }
}

impl Hints {
    /// Hints for a file of that name, everything else by default.
    pub fn named(name: impl Into<String>) -> Self {
        Hints { name: name.into(), ..Hints::default() }
    }
}

/// Bytes looked at to tell the format.
const HEAD: usize = 4096;

/// Tells the format: contents first, the file's extension where they leave it open. The first few KiB are enough.
pub fn detect(bytes: &[u8], name: &str) -> Format {
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or(bytes);
    let extension = name.rsplit(['/', '\\']).next().and_then(|n| n.rsplit_once('.')).map(|(_, e)| e.to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or("");
    let decoded = encoding::decode(head, None, true);
    let shown = decoded.text.trim_start();
    if shown.starts_with("WARC/") {
        return Format::Warc;
    }
    if looks_like_feed(shown) {
        return Format::Feed;
    }
    if looks_like_json_lines(shown, bytes.len() > head.len()) {
        return Format::Jsonl;
    }
    if looks_like_html(shown) {
        return Format::Html;
    }
    match extension {
        "jsonl" | "ndjson" | "json" => Format::Jsonl,
        "html" | "htm" | "xhtml" => Format::Html,
        "csv" | "tsv" => Format::Csv,
        _ => Format::Text,
    }
}

/// Whether the first line is a JSON object (or, where it is longer than we see, starts like one).
fn looks_like_json_lines(shown: &str, more: bool) -> bool {
    let (line, whole) = match shown.split_once('\n') {
        Some((line, _)) => (line, true),
        None => (shown, !more),
    };
    if !line.starts_with('{') {
        return false;
    }
    if whole && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok() {
        return true;
    }
    // A first line that is broken or cut: an object all the same if it starts with a quoted name.
    line.strip_prefix('{').map(str::trim_start).is_some_and(|l| l.starts_with('"') && l.contains("\":"))
}

/// Whether the text starts with a feed.
fn looks_like_feed(shown: &str) -> bool {
    if shown.starts_with('{') {
        // A line of JSON may speak of feeds; a feed says so as its version.
        let at = shown.find("\"version\"").and_then(|at| shown.get(at + 9..));
        return at.is_some_and(|v| v.trim_start().trim_start_matches(':').trim_start().starts_with("\"https://jsonfeed.org/version/"));
    }
    let tag: String = after_prolog(shown).chars().take(9).collect::<String>().to_ascii_lowercase();
    ["<rss", "<feed", "<rdf:rdf"].iter().any(|name| tag.strip_prefix(name).is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric())))
}

/// The text after comments, an XML declaration, and instructions for style sheets.
fn after_prolog(shown: &str) -> &str {
    let mut head = shown;
    loop {
        let (open, close) = if head.starts_with("<!--") { ("<!--", "-->") } else { ("<?xml", "?>") };
        match head.strip_prefix(open) {
            Some(rest) => head = rest.split_once(close).map_or("", |(_, r)| r.trim_start()),
            None => return head,
        }
    }
}

/// Whether the text starts with markup of a page.
fn looks_like_html(shown: &str) -> bool {
    let head = after_prolog(shown);
    let tag: String = head.chars().take(16).collect::<String>().to_ascii_lowercase();
    let starts =
        ["<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<article", "<main", "<section", "<div", "<p>", "<p ", "<h1"];
    starts.iter().any(|s| tag.starts_with(s))
}

/// A report of one document, text or page, as [`detect`] tells.
pub fn one(bytes: &[u8], hints: &Hints) -> Result<Report> {
    match detect(bytes, &hints.name) {
        Format::Html => html::html(bytes, hints),
        _ => text(bytes, hints),
    }
}

/// Where the bytes came from, for the record.
fn source(bytes: &[u8], media_type: &str, encoding: &str) -> SourceInfo {
    SourceInfo { media_type: media_type.into(), encoding: encoding.into(), bytes: bytes.len(), sha256: ids::hex(&Sha256::digest(bytes)) }
}

/// Refuses what is no text at all (E0201), saying what it looks like.
fn refuse_binary(bytes: &[u8], place: &str) -> Result<()> {
    match encoding::not_text(bytes) {
        None => Ok(()),
        Some(what) => Err(Error::new("E0201", format!("this is {what}, not text"), place, "extract its text first, or leave it out")),
    }
}

/// Cuts `text` to `limit` bytes at a character boundary, with a note.
fn cut(text: &mut String, limit: usize, notes: &mut Vec<Diagnostic>) {
    if text.len() <= limit {
        return;
    }
    let at = text.floor_char_boundary(limit);
    let left_out = text.len() - at;
    text.truncate(at);
    notes.push(Diagnostic::new(
        "W0202",
        format!("the report is longer than the limit; its last {left_out} bytes were not read"),
        Some(Span::new(at, at)),
    ));
}

/// Notes a report without a word in it.
fn note_empty(text: &str, notes: &mut Vec<Diagnostic>) {
    if !text.contains(char::is_alphanumeric) {
        notes.push(Diagnostic::new("W0204", "there is nothing to read in this report", None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_tell_the_format_before_the_name() {
        assert_eq!(detect(b"<!DOCTYPE html><p>x", "a.txt"), Format::Html);
        assert_eq!(detect(b"\xEF\xBB\xBF\n <html>", ""), Format::Html);
        assert_eq!(detect(b"<!-- saved --> <?xml version=\"1.0\"?><html>", ""), Format::Html);
        assert_eq!(detect(b"{\"text\": \"x\"}\n", "a.txt"), Format::Jsonl);
        assert_eq!(detect(b"{\"text\": \"cut off\n{\"text\":\"x\"}", ""), Format::Jsonl);
        assert_eq!(detect(b"id,text\n1,x\n", "a.csv"), Format::Csv);
        assert_eq!(detect(b"<?xml version=\"1.0\"?>\n<?xml-stylesheet href=\"a\"?><rss version=\"2.0\">", "a"), Format::Feed);
        assert_eq!(detect(b"<feed xmlns=\"http://www.w3.org/2005/Atom\">", "a"), Format::Feed);
        assert_eq!(detect(b"{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}", "a.json"), Format::Feed);
        assert_eq!(detect(b"{\"text\": \"https://jsonfeed.org/version/1\"}", "a.json"), Format::Jsonl);
        assert_eq!(detect(b"WARC/1.0\r\nWARC-Type: warcinfo", "a"), Format::Warc);
        assert_eq!(detect(b"id,text\n1,x\n", ""), Format::Text);
        assert_eq!(detect(b"PARIS (AFP) - France, < 3 hours", "a"), Format::Text);
        assert_eq!(detect(b"{braces} open a text", "b"), Format::Text);
        assert_eq!(detect(b"", ""), Format::Text);
        let long = format!("{{\"text\": \"{}\"}}", "x".repeat(3 * HEAD));
        assert_eq!(detect(long.as_bytes(), ""), Format::Jsonl);
        let utf16: Vec<u8> = "\u{FEFF}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect(&utf16, ""), Format::Html);
    }

    #[test]
    fn a_long_report_is_cut_at_a_character() {
        let mut text = "é".repeat(10);
        let mut notes = Vec::new();
        cut(&mut text, 5, &mut notes);
        assert_eq!(text, "éé");
        assert_eq!(notes[0].code, "W0202");
        assert!(notes[0].message.contains("16 bytes"));
    }
}
