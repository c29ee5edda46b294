//! Bytes to text: byte-order mark, then UTF-8 if it is, then the declared charset, then detection.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Decoded text and how it was decoded.
pub(super) struct Decoded {
    pub text: String,
    /// Lower-case name of the encoding.
    pub encoding: String,
    /// Byte sequences that fit no character; U+FFFD stands for them.
    pub lost: usize,
}

/// Bytes handed to the detector: more tell it nothing new.
const SAMPLE: usize = 256 << 10;

/// Decodes `bytes`. `declared` is a charset label from transport or markup. `cut` says that the end may be
/// in the middle of a character. The byte-order mark is removed.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>, cut: bool) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, bytes.get(mark..).unwrap_or(&[]), cut);
    }
    if let Some(encoding) = wide(bytes) {
        return with(encoding, bytes, cut);
    }
    // Longer text in another encoding is UTF-8 by accident so rarely that it beats any declaration.
    let utf8 = Utf8Count::of(bytes, cut);
    if utf8.good() {
        return with(UTF_8, bytes, cut);
    }
    let label = declared.and_then(|d| Encoding::for_label(d.trim().as_bytes())).filter(|e| *e != UTF_8 && *e != UTF_16LE && *e != UTF_16BE);
    let encoding = label.unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes.get(..SAMPLE.min(bytes.len())).unwrap_or(bytes), true);
        detector.guess(None, Utf8Detection::Deny)
    });
    with(encoding, bytes, cut)
}

fn with(encoding: &'static Encoding, bytes: &[u8], cut: bool) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let mut text = text.into_owned();
    if cut && damaged && text.ends_with('\u{FFFD}') {
        text.truncate(text.trim_end_matches('\u{FFFD}').len());
    }
    let lost = if !damaged {
        0
    } else if encoding == UTF_8 {
        bytes.utf8_chunks().filter(|c| !c.invalid().is_empty()).count()
    } else {
        text.matches('\u{FFFD}').count()
    };
    Decoded { text, encoding: encoding.name().to_ascii_lowercase(), lost }
}

/// How much of the bytes beyond ASCII is sound UTF-8.
struct Utf8Count {
    sound: usize,
    broken: usize,
}

impl Utf8Count {
    fn of(bytes: &[u8], cut: bool) -> Self {
        let mut count = Utf8Count { sound: 0, broken: 0 };
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            // The character that a cut went through is not damage.
            if cut && chunks.peek().is_none() {
                count.sound += usize::from(!chunk.invalid().is_empty());
                count.sound += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
                break;
            }
            count.sound += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
            count.broken += usize::from(!chunk.invalid().is_empty());
        }
        count
    }
    /// All of it, or so much that the rest is damage (a cut character, a pasted foreign byte).
    fn good(&self) -> bool {
        self.broken == 0 || self.broken * 10 <= self.sound
    }
}

/// UTF-16 without a byte-order mark: nearly every second byte of western text is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024))?;
    if head.len() < 8 {
        return None;
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if odd * 10 >= half * 7 && even * 10 <= half {
        Some(UTF_16LE)
    } else if even * 10 >= half * 7 && odd * 10 <= half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Beginnings of common files that are no text, and what they are.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\0", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
];

/// What the bytes are, where they are no text.
pub(super) fn not_text(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic) && bytes.len() > magic.len() + 8) {
        return Some(what);
    }
    if Encoding::for_bom(bytes).is_some() || wide(bytes).is_some() {
        return None;
    }
    let head = bytes.get(..bytes.len().min(SAMPLE))?;
    let zeros = head.iter().filter(|b| **b == 0).count();
    let controls = head.iter().filter(|b| matches!(b, 1..=8 | 14..=26 | 28..=31 | 127)).count();
    // A stray control character is dirt; one byte in twenty is another kind of file.
    (zeros * 100 > head.len() || (zeros + controls) * 20 > head.len()).then_some("binary data")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8], declared: Option<&str>) -> (String, String, usize) {
        let d = decode(bytes, declared, false);
        (d.text, d.encoding, d.lost)
    }

    #[test]
    fn marks_declarations_and_guesses() {
        assert_eq!(shown("\u{FEFF}Zürich".as_bytes(), None), ("Zürich".into(), "utf-8".into(), 0));
        let wide: Vec<u8> = "\u{FEFF}Zürich".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(shown(&wide, None), ("Zürich".into(), "utf-16be".into(), 0));
        let unmarked: Vec<u8> = "Zürich meets Bern".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(shown(&unmarked, None).0, "Zürich meets Bern");
        assert_eq!(shown(b"caf\xe9", Some("iso-8859-1")), ("café".into(), "windows-1252".into(), 0));
        // UTF-8 that says it is something else is UTF-8.
        assert_eq!(shown("café".as_bytes(), Some("iso-8859-1")).0, "café");
        let (text, _, _) = encoding_rs::WINDOWS_1251.encode("Президент России заявил, что переговоры продолжатся в пятницу.");
        assert_eq!(shown(&text, None).0, "Президент России заявил, что переговоры продолжатся в пятницу.");
        let (text, _, _) = encoding_rs::WINDOWS_1252.encode("Außenminister Müller sagte: „Nein“.");
        assert_eq!(shown(&text, None).0, "Außenminister Müller sagte: „Nein“.");
    }

    #[test]
    fn a_little_damage_does_not_make_it_another_encoding() {
        let mut bytes = "é".repeat(30).into_bytes();
        bytes.push(0x93);
        bytes.extend_from_slice(b" end");
        assert_eq!(shown(&bytes, None), (format!("{}\u{FFFD} end", "é".repeat(30)), "utf-8".into(), 1));
        let cut = decode(&"ééé".as_bytes()[..5], None, true);
        assert_eq!((cut.text.as_str(), cut.lost), ("éé", 1));
    }

    #[test]
    fn binary_is_told_from_text() {
        assert_eq!(not_text(b"%PDF-1.7 and so on and on"), Some("a PDF document"));
        assert_eq!(not_text(&[0u8; 64]), Some("binary data"));
        assert_eq!(not_text(&(0..=255u8).collect::<Vec<_>>()), Some("binary data"));
        assert_eq!(not_text("text with a \u{1}stray control and caf\u{e9}, long enough".as_bytes()), None);
        assert_eq!(not_text(b"GIF8"), None, "too short to be one");
        assert_eq!(not_text(b""), None);
        let (jp, _, _) = encoding_rs::SHIFT_JIS.encode("日本の首相は金曜日に中国の国家主席と会談した。");
        assert_eq!(not_text(&jp), None);
    }
}
