//! WARC, as web archives and CC-NEWS hold pages: the head of a record, and the page in its HTTP answer. The caller
//! cuts the stream into records and goes on after a broken one.

use super::{Hints, html, text};
use crate::error::{Error, Result};
use crate::model::Report;

/// What the head of a record says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// `response`, `resource`, `conversion`, `request`, `warcinfo`…
    pub kind: String,
    pub id: Option<String>,
    pub url: Option<String>,
    pub media_type: Option<String>,
    /// Bytes of the block that follows.
    pub length: u64,
}

impl Head {
    /// Of the lines between the version line and the blank one. E0206 without a type or a sound length.
    pub fn parse(lines: &[u8], place: &str) -> Result<Head> {
        let fields = fields(lines);
        let get = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let broken = |what: &str| Error::new("E0206", format!("a broken WARC record: {what}"), place, "the records after it are read");
        let length = get("content-length").ok_or_else(|| broken("it has no Content-Length"))?;
        Ok(Head {
            kind: get("warc-type").ok_or_else(|| broken("it has no WARC-Type"))?.to_ascii_lowercase(),
            id: get("warc-record-id"),
            url: get("warc-target-uri").map(|u| u.trim_matches(['<', '>']).to_owned()),
            media_type: get("content-type"),
            length: length.parse().map_err(|_| broken("its Content-Length is no number"))?,
        })
    }

    /// Whether the record can hold a page: requests, fetch notes and repeated visits do not.
    pub fn holds_page(&self) -> bool {
        matches!(self.kind.as_str(), "response" | "resource" | "conversion")
    }
}

/// Undoes a content coding of that name; `None` where it cannot.
pub type Unpack<'a> = &'a dyn Fn(&str, &[u8]) -> Option<Vec<u8>>;

/// The report in a record's block. Nothing for answers that are no page: errors, redirects, pictures, scripts. `unpack`
/// undoes a content encoding (`gzip`), or gives nothing where it cannot: E0206.
pub fn report(head: &Head, block: &[u8], unpack: Unpack<'_>, hints: &Hints) -> Result<Option<Report>> {
    let (media_type, body) = if head.kind == "response" {
        match answer(block, unpack, &hints.name)? {
            Some(found) => found,
            None => return Ok(None),
        }
    } else {
        (head.media_type.clone().unwrap_or_default(), block.to_vec())
    };
    let hints = Hints { charset: charset(&media_type).or_else(|| hints.charset.clone()), ..hints.clone() };
    let kind = media_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let mut report = match kind.as_str() {
        "text/html" | "application/xhtml+xml" | "" => html::html(&body, &hints)?,
        "text/plain" => text(&body, &hints)?,
        _ => return Ok(None),
    };
    report.given_id = head.id.as_deref().map(|id| id.trim_matches(['<', '>']).to_owned());
    if report.url.is_none() {
        report.url = head.url.clone();
    }
    Ok(Some(report))
}

/// Media type and body of an HTTP answer of status 2xx.
fn answer(block: &[u8], unpack: Unpack<'_>, place: &str) -> Result<Option<(String, Vec<u8>)>> {
    let broken = |what: &str| Error::new("E0206", format!("a broken WARC record: {what}"), place, "the records after it are read");
    let (head, body) = split_head(block).ok_or_else(|| broken("its HTTP answer has no end of head"))?;
    let (first, rest) = head.split_at(head.iter().position(|b| *b == b'\n').map_or(head.len(), |i| i + 1));
    let status = String::from_utf8_lossy(first);
    let mut words = status.split_whitespace();
    if !words.next().is_some_and(|w| w.starts_with("HTTP/")) {
        return Err(broken("it does not begin with an HTTP status"));
    }
    if !words.next().is_some_and(|code| code.len() == 3 && code.starts_with('2')) {
        return Ok(None);
    }
    let fields = fields(rest);
    let get = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let mut body = body.to_vec();
    if get("transfer-encoding").is_some_and(|t| t.to_ascii_lowercase().contains("chunked"))
        && let Some(whole) = unchunk(&body)
    {
        // Archives often keep the head of a chunked answer with its body put together: then there are no chunks.
        body = whole;
    }
    if let Some(encoding) = get("content-encoding").map(str::trim).filter(|e| !e.is_empty() && !e.eq_ignore_ascii_case("identity"))
        && !starts_like_text(&body)
    {
        body = unpack(&encoding.to_ascii_lowercase(), &body)
            .ok_or_else(|| broken(&format!("its content encoding {encoding:?} cannot be undone")))?;
    }
    Ok(Some((get("content-type").unwrap_or("").to_owned(), body)))
}

/// Already unpacked by whoever archived it: markup or a byte-order mark.
fn starts_like_text(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'<' | 0xEF) | None)
}

/// Head and body of a message, parted by the first blank line.
fn split_head(block: &[u8]) -> Option<(&[u8], &[u8])> {
    let crlf = block.windows(4).position(|w| w == b"\r\n\r\n").map(|i| (i + 2, i + 4));
    let lf = block.windows(2).position(|w| w == b"\n\n").map(|i| (i + 1, i + 2));
    // The first of either: a head may end its lines in one way and the body in the other.
    let (head, body) = crlf.into_iter().chain(lf).min()?;
    Some((block.get(..head)?, block.get(body..)?))
}

/// Names in lower case and values; a line that begins with a space goes on the value before.
fn fields(lines: &[u8]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for line in String::from_utf8_lossy(lines).lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = out.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            out.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    out
}

/// The body of a chunked message; nothing where it is not made of chunks.
fn unchunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = rest.iter().take(64).position(|b| *b == b'\n')?;
        let size = std::str::from_utf8(rest.get(..end)?).ok()?.trim().split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = rest.get(end + 1..)?;
        if size == 0 {
            return Some(out);
        }
        let Some(chunk) = rest.get(..size) else {
            // The record was cut inside a chunk.
            out.extend_from_slice(rest);
            return Some(out);
        };
        out.extend_from_slice(chunk);
        rest = rest.get(size..)?;
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

/// `utf-8` of `text/html; charset=UTF-8`.
fn charset(media_type: &str) -> Option<String> {
    let (_, rest) = media_type.split_once(';')?;
    let value = rest.split(';').find_map(|p| {
        let (name, value) = p.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })?;
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<title>T</title><p>The minister said no.";

    fn head(kind: &str) -> Head {
        let lines =
            format!("WARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://a.example/b\r\nContent-Length: 7\r\n");
        Head::parse(lines.as_bytes(), "x.warc, record 1").unwrap()
    }
    fn read(block: &str) -> Result<Option<Report>> {
        report(&head("response"), block.as_bytes(), &|_, _| None, &Hints::named("x.warc, record 1"))
    }

    #[test]
    fn a_page_keeps_address_and_id() {
        let r = read(&format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{PAGE}")).unwrap().unwrap();
        assert_eq!(
            (r.text.as_str(), r.url.as_deref(), r.given_id.as_deref()),
            ("The minister said no.", Some("https://a.example/b"), Some("urn:uuid:1"))
        );
        let chunked = format!(
            "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n9\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
            &PAGE[..9],
            PAGE.len() - 9,
            &PAGE[9..]
        );
        assert_eq!(read(&chunked).unwrap().unwrap().text, "The minister said no.");
        let put_together = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n{PAGE}");
        assert_eq!(read(&put_together).unwrap().unwrap().text, "The minister said no.");
    }

    #[test]
    fn what_is_no_page_is_passed_over_and_what_is_broken_is_told() {
        assert!(read("HTTP/1.1 404 Not Found\r\n\r\n<p>x").unwrap().is_none());
        assert!(read("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nxx").unwrap().is_none());
        for block in
            ["HTTP/1.1 200 OK\r\nContent-Type: text/html", "<p>x\r\n\r\ny", "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x1fxx"]
        {
            let e = read(block).unwrap_err();
            assert_eq!((e.code, e.place.as_str()), ("E0206", "x.warc, record 1"), "{block}");
        }
        assert!(!head("request").holds_page() && head("response").holds_page());
        assert!(Head::parse(b"WARC-Type: response\r\n", "x").is_err());
        assert!(Head::parse(b"WARC-Type: response\r\nContent-Length: many\r\n", "x").is_err());
    }

    #[test]
    fn charset_comes_from_the_transport() {
        assert_eq!(charset("text/html; a=b; Charset=\"Windows-1251\"").as_deref(), Some("Windows-1251"));
        assert_eq!(charset("text/html"), None);
    }
}
