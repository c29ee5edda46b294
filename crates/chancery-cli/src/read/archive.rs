//! What holds other files: gzip, zstd, tar and zip, one in another. Members are read where they lie; nothing is ever
//! written, so that their names lead nowhere, and links are passed over.
//!
//! Memory does not grow with what they expand to, and time is bounded: expansion beyond [`RATIO`] times the packed bytes
//! is refused once it is large, and archives in archives beyond [`DEPTH`].

use super::files::{self, Step, broken_off};
use super::intake::{Intake, Unit};
use super::stream::Send;
use crate::Error;
use flate2::bufread::MultiGzDecoder;
use std::cell::Cell;
use std::io::{BufReader, Error as IoError, Read, Result, Seek};
use std::rc::Rc;

/// Archives in archives.
pub(super) const DEPTH: usize = 4;
/// Times its packed size that something may expand to: text shrinks to a tenth, and a bomb to a thousandth.
const RATIO: u64 = 200;
/// Expanded bytes from which the ratio counts: short runs of one letter are no bomb.
const FREE: u64 = 64 << 20;
/// Largest window of a zstd frame that is held: 128 MiB, as a power of two.
const WINDOW_LOG: u32 = 27;

/// How a stream is packed, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    Gzip,
    Zstd,
    Tar,
    Zip,
    Parquet,
}

pub(super) fn packed(head: &[u8]) -> Option<Packed> {
    match head {
        [0x1f, 0x8b, ..] => Some(Packed::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packed::Zstd),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Packed::Zip),
        [b'P', b'A', b'R', b'1', ..] => Some(Packed::Parquet),
        _ if head.get(257..262) == Some(b"ustar") => Some(Packed::Tar),
        _ => None,
    }
}

/// The stream unpacked. An error of kind `InvalidData` ends it where it expands beyond measure.
pub(super) fn unpack<'a>(raw: Box<dyn Read + 'a>, packed: Packed) -> Result<Box<dyn Read + 'a>> {
    let read = Rc::new(Cell::new(0));
    let raw = BufReader::with_capacity(1 << 16, Counted { inner: raw, count: read.clone() });
    let inner: Box<dyn Read + 'a> = match packed {
        Packed::Gzip => Box::new(MultiGzDecoder::new(raw)),
        _ => {
            let mut decoder = zstd::Decoder::with_buffer(raw)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(decoder)
        }
    };
    Ok(Box::new(Measured { inner, read, expanded: 0 }))
}

/// The members of a tar, one after the other.
pub(super) fn tar(raw: Box<dyn Read + '_>, name: &str, depth: usize, intake: &Intake, send: &mut Send<'_>) -> Step {
    let mut archive = tar::Archive::new(raw);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(e) => return send(Unit::Failed(broken_off(name, &e))),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            // The next header is nowhere: what came before was read.
            Err(e) => return send(Unit::Failed(broken_off(name, &e))),
        };
        if entry.header().entry_type().is_file() {
            let inner = member(name, &String::from_utf8_lossy(&entry.path_bytes()));
            files::stream(Box::new(entry), &inner, depth + 1, intake, send)?;
        }
    }
    Ok(())
}

/// The members of a zip, in the order of its directory.
pub(super) fn zip(file: impl Read + Seek, name: &str, intake: &Intake, send: &mut Send<'_>) -> Step {
    let broken = |e: &dyn std::fmt::Display| {
        Unit::Failed(Error::new("E0214", format!("the archive cannot be read: {e}"), name, "check the file; other files are read"))
    };
    let mut archive = match zip::ZipArchive::new(BufReader::new(file)) {
        Ok(archive) => archive,
        Err(e) => return send(broken(&e)),
    };
    for i in 0..archive.len() {
        match archive.by_index(i) {
            Ok(entry) if entry.is_file() => {
                let inner = member(name, &String::from_utf8_lossy(entry.name_raw()));
                let read = Rc::new(Cell::new(entry.compressed_size()));
                files::stream(Box::new(Measured { inner: Box::new(entry), read, expanded: 0 }), &inner, 1, intake, send)?;
            }
            Ok(_) => {}
            Err(e) => send(broken(&e))?,
        }
    }
    Ok(())
}

/// `a.tar!news/b.html`, without what would disturb a terminal.
fn member(archive: &str, name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    format!("{archive}!{name}")
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let n = self.inner.read(buf)?;
        self.count.set(self.count.get() + n as u64);
        Ok(n)
    }
}

/// Ends what expands beyond measure.
struct Measured<'a> {
    inner: Box<dyn Read + 'a>,
    /// Packed bytes it was made from.
    read: Rc<Cell<u64>>,
    expanded: u64,
}

impl Read for Measured<'_> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let n = self.inner.read(buf)?;
        self.expanded += n as u64;
        if self.expanded > FREE && self.expanded / RATIO > self.read.get() {
            let what = format!("it expands to more than {RATIO} times its size, as archives do that are made to do harm");
            return Err(IoError::new(std::io::ErrorKind::InvalidData, what));
        }
        Ok(n)
    }
}
