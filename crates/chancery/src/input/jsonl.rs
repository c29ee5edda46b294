//! JSONL: one report a line. The caller splits lines and goes on after an error.

use super::fields::{Fields, NAMES};
use super::{Hints, encoding, refuse_binary};
use crate::error::{Error, Result};
use crate::model::Report;
use serde_json::{Map, Value};

/// The report of one line (with or without its newline), or `None` for a blank one. `number` counts from 1.
///
/// E0202 where it is no JSON object, E0203 without text, E0205 where a field has the wrong type: each names file and line.
pub fn line(bytes: &[u8], number: usize, hints: &Hints) -> Result<Option<Report>> {
    let bytes = if number == 1 { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) } else { bytes };
    let bytes = bytes.trim_ascii();
    if bytes.is_empty() {
        return Ok(None);
    }
    let place = place(hints, number);
    let (object, encoding) = parse(bytes, &place)?;
    let mut fields = Fields::default();
    for (field, names) in NAMES {
        for name in *names {
            match object.get(*name) {
                None | Some(Value::Null) => {}
                Some(Value::String(s)) => fields.set(*field, s.clone()),
                Some(Value::Number(n)) => fields.set(*field, n.to_string()),
                Some(_) => {
                    return Err(Error::new("E0205", format!("`{name}` is not a string"), place, "give it as a string, or leave it out"));
                }
            }
        }
    }
    fields.report("application/jsonl", &encoding, &place, hints).map(Some)
}

fn place(hints: &Hints, number: usize) -> String {
    if hints.name.is_empty() { format!("line {number}") } else { format!("{}, line {number}", hints.name) }
}

fn parse(bytes: &[u8], place: &str) -> Result<(Map<String, Value>, String)> {
    // The usual case copies nothing.
    let error = match serde_json::from_slice(bytes) {
        Ok(object) => return Ok((object, "utf-8".to_owned())),
        Err(e) => e,
    };
    refuse_binary(bytes, place)?;
    let decoded = encoding::decode(bytes, None, false);
    let mended = mend_surrogates(&decoded.text);
    if let Ok(object) = serde_json::from_str(&mended) {
        return Ok((object, decoded.encoding));
    }
    let what = if error.is_eof() {
        "the line ends inside its JSON object".to_owned()
    } else {
        format!("the line is no JSON object: {}", said(&error))
    };
    Err(Error::new("E0202", what, format!("{place}, column {}", error.column()), "write one whole JSON object a line, or remove the line"))
}

/// The parser's message without its own "at line 1 column 5": ours names the line of the file.
fn said(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rfind(" at line ").and_then(|at| message.get(..at)).unwrap_or(&message).to_owned()
}

/// Escapes of half a surrogate pair (`\ud83d` alone) are no characters; U+FFFD stands for them.
fn mend_surrogates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let take = match code(escape) {
            Some(0xD800..=0xDBFF) if matches!(escape.get(6..).and_then(code), Some(0xDC00..=0xDFFF)) => 12,
            Some(0xD800..=0xDFFF) => {
                out.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or("");
                continue;
            }
            Some(_) => 6,
            // The escaped character is passed with its mark, so that `\\u` is not taken for an escape.
            None => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        out.push_str(escape.get(..take).unwrap_or(escape));
        rest = escape.get(take..).unwrap_or("");
    }
    out + rest
}

/// Code of a `\uXXXX` escape that `s` starts with.
fn code(s: &str) -> Option<u32> {
    let digits = s.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(s: &str) -> Result<Option<Report>> {
        line(s.as_bytes(), 3, &Hints::named("a.jsonl"))
    }

    #[test]
    fn fields_and_aliases() {
        let r = read(r#"{"id":7,"text":"A b.","title":"T","dct":"2020-01-02","lang":"en","outlet":"O","url":"u","author":"","x":[1]}"#)
            .unwrap()
            .unwrap();
        assert_eq!((r.given_id.as_deref(), r.text.as_str(), r.title.as_deref()), (Some("7"), "A b.", Some("T")));
        assert_eq!((r.published.as_deref(), r.language.as_deref(), r.author), (Some("2020-01-02"), Some("en"), None));
        let r = read(r#"{"date":"2020-01-02","published":"2021-03-04","text":"x"}"#).unwrap().unwrap();
        assert_eq!(r.published.as_deref(), Some("2021-03-04"), "the main name wins");
        assert_eq!(read("  \n").unwrap().map(|r| r.text), None);
    }

    #[test]
    fn text_is_unchanged() {
        let r = read(r#"{"text":" \r\nA “b”‘s \ufffd\n"}"#).unwrap().unwrap();
        assert_eq!(r.text, " \r\nA “b”‘s \u{FFFD}\n");
        assert_eq!(r.source.bytes, r.text.len());
    }

    #[test]
    fn errors_name_the_line() {
        for (bad, code) in [
            (r#"{"text":"cut"#, "E0202"),
            (r#"["text"]"#, "E0202"),
            ("no json", "E0202"),
            (r#"{"title":"t"}"#, "E0203"),
            (r#"{"text":["a"]}"#, "E0205"),
            (r#"{"text":null}"#, "E0203"),
        ] {
            let e = read(bad).unwrap_err();
            assert_eq!(e.code, code, "{bad}");
            assert!(e.place.starts_with("a.jsonl, line 3"), "{}", e.place);
            assert!(!e.remedy.is_empty());
        }
    }

    #[test]
    fn half_a_surrogate_pair_costs_one_character() {
        let r = read(r#"{"text":"a \ud83d b \\ud83d c \ud83d\ude00"}"#).unwrap().unwrap();
        assert_eq!(r.text, "a \u{FFFD} b \\ud83d c 😀");
    }

    #[test]
    fn other_encodings_are_read() {
        let r = line(b"{\"text\":\"caf\xe9 au lait\"}", 1, &Hints::default()).unwrap().unwrap();
        assert_eq!((r.text.as_str(), r.source.encoding.as_str()), ("café au lait", "windows-1252"));
    }

    #[test]
    fn a_page_in_a_field_is_read_as_one() {
        let r = read(r#"{"html":"<title>x</title><p>A b.</p>","url":"u"}"#).unwrap().unwrap();
        assert!(r.text.contains("A b."));
        assert_eq!(r.url.as_deref(), Some("u"));
        assert_eq!(r.source.media_type, "text/html");
    }
}
