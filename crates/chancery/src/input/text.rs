//! Plain text.

use super::{Hints, cut, encoding, note_empty, refuse_binary, source};
use crate::error::Result;
use crate::model::Report;
use crate::record::Diagnostic;

/// A report of plain text in any encoding. E0201 where the bytes are no text.
pub fn text(bytes: &[u8], hints: &Hints) -> Result<Report> {
    refuse_binary(bytes, &hints.name)?;
    let mut diagnostics = Vec::new();
    let (text, encoding) = decode(bytes, hints.charset.as_deref(), hints.max_report_bytes, &mut diagnostics);
    note_empty(&text, &mut diagnostics);
    Ok(Report { text, source: source(bytes, "text/plain", &encoding), diagnostics, ..Report::default() })
}

/// Decodes up to `limit` bytes, noting what was cut off or lost. Gives text and name of the encoding.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>, limit: usize, notes: &mut Vec<Diagnostic>) -> (String, String) {
    let beyond = bytes.len() > limit;
    let read = bytes.get(..limit.min(bytes.len())).unwrap_or(bytes);
    let decoded = encoding::decode(read, declared, beyond);
    let mut text = decoded.text;
    if beyond {
        let left_out = bytes.len() - read.len();
        notes.push(Diagnostic::new("W0202", format!("the report is longer than the limit; its last {left_out} bytes were not read"), None));
    }
    // Text of another encoding may be longer as UTF-8.
    cut(&mut text, limit, notes);
    if decoded.lost > 0 && !beyond {
        notes.push(Diagnostic::new(
            "W0203",
            format!("{} byte sequences fit no character of {}; U+FFFD stands for them", decoded.lost, decoded.encoding),
            None,
        ));
    }
    (text, decoded.encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_as_it_came() {
        let raw = "\u{FEFF}One\r\ntwo ‘s \u{FFFD}\n";
        let report = text(raw.as_bytes(), &Hints::default()).unwrap();
        assert_eq!(report.text, "One\r\ntwo ‘s \u{FFFD}\n");
        assert_eq!(
            (report.source.media_type.as_str(), report.source.encoding.as_str(), report.source.bytes),
            ("text/plain", "utf-8", raw.len())
        );
        assert_eq!(report.source.sha256.len(), 64);
        assert!(report.diagnostics.is_empty());
    }

    #[test]
    fn binary_is_an_error_and_nothing_is_a_note() {
        let error = text(&[0, 1, 2, 3, 0, 0, 7], &Hints::named("x.bin")).unwrap_err();
        assert_eq!((error.code, error.place.as_str()), ("E0201", "x.bin"));
        assert_eq!(text(b" \n", &Hints::default()).unwrap().diagnostics[0].code, "W0204");
    }

    #[test]
    fn the_limit_cuts_with_a_note() {
        let report = text("éé and more".as_bytes(), &Hints { max_report_bytes: 3, ..Hints::default() }).unwrap();
        assert_eq!(report.text, "é");
        assert_eq!(report.diagnostics[0].code, "W0202");
        assert_eq!(report.source.bytes, 13);
    }
}
