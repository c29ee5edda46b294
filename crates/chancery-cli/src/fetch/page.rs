//! A page as it was fetched: what evidence needs of it.

use crate::{Error, Result};
use chancery::ids;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::Read;

/// A step on the way to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hop {
    pub url: String,
    pub status: u16,
    /// Where it sent on to, as the server wrote it.
    pub location: String,
}

#[derive(Debug, Clone)]
pub struct Page {
    /// The address asked for, and the one that answered.
    pub asked: String,
    pub url: String,
    pub redirects: Vec<Hop>,
    pub status: u16,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    pub fetched: Timestamp,
    /// The body as it came over the wire, and without its content encoding.
    pub raw: Vec<u8>,
    pub body: Vec<u8>,
}

impl Page {
    /// The first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn media_type(&self) -> String {
        self.header("content-type").unwrap_or("").to_owned()
    }

    /// SHA-256 of the body as it came.
    pub fn sha256(&self) -> String {
        ids::hex(&Sha256::digest(&self.raw))
    }
}

/// A body without its content encodings, never more than `limit` bytes: E0225 for what unpacks to more, E0224 for what
/// cannot be unpacked.
pub(super) fn decode(encodings: &str, raw: &[u8], limit: usize, url: &str) -> Result<Vec<u8>> {
    let mut body = raw.to_vec();
    // The last one put on comes off first.
    for encoding in encodings.split(',').rev().map(|e| e.trim().to_ascii_lowercase()) {
        if encoding.is_empty() || encoding == "identity" {
            continue;
        }
        let mut out = Vec::new();
        let most = limit as u64 + 1;
        let done = match encoding.as_str() {
            "gzip" | "x-gzip" => MultiGzDecoder::new(body.as_slice()).take(most).read_to_end(&mut out),
            // Some servers mean the bare stream.
            "deflate" => ZlibDecoder::new(body.as_slice()).take(most).read_to_end(&mut out).or_else(|_| {
                out.clear();
                DeflateDecoder::new(body.as_slice()).take(most).read_to_end(&mut out)
            }),
            other => Err(std::io::Error::other(format!("unknown encoding {other:?}"))),
        };
        if let Err(e) = done {
            let what = format!("the page cannot be unpacked: {e}");
            return Err(Error::new("E0224", what, url, "try again; the page or its server may be broken"));
        }
        if out.len() > limit {
            return Err(too_large(limit, url));
        }
        body = out;
    }
    Ok(body)
}

/// E0225.
pub(super) fn too_large(limit: usize, url: &str) -> Error {
    Error::new("E0225", format!("the page is longer than {limit} bytes"), url, "raise --max-report-bytes if it is worth reading")
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn encodings_come_off_and_bombs_do_not_go_off() {
        assert_eq!(decode("", b"text", 10, "u").unwrap(), b"text");
        assert_eq!(decode("gzip", &gzip(b"text"), 10, "u").unwrap(), b"text");
        assert_eq!(decode("gzip, gzip", &gzip(&gzip(b"text")), 60, "u").unwrap(), b"text");
        let bomb = gzip(&vec![0; 1 << 20]);
        assert!(bomb.len() < 4096);
        assert_eq!(decode("gzip", &bomb, 1 << 16, "u").unwrap_err().code, "E0225");
        assert_eq!(decode("gzip", b"no gzip", 100, "u").unwrap_err().code, "E0224");
        assert_eq!(decode("br", b"x", 100, "u").unwrap_err().code, "E0224");
    }
}
