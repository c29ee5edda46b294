//! Texts and records as they are kept: compressed, and given back to the byte.
//!
//! A record repeats the text it is about (names, triggers, quotations) and the keys of its JSON. So its JSON is kept without
//! the text, compressed against a dictionary of both; the text itself is kept once a report.

use crate::error::{Error, Result};
use chancery::record::*;
use std::io::Read;

const LEVEL: i32 = 9;

/// Where the text stands in a record's JSON when it is left out. The only strings before it are quoted ones, in which these
/// characters would be escaped: the first occurrence is the field.
const HOLE: &str = ",\"text\":\"\"";

/// A record made ready for the ledger; made on any thread.
#[derive(Debug)]
pub struct Packed {
    pub text: Vec<u8>,
    pub json: Vec<u8>,
}

/// Compresses and restores against one dictionary.
#[derive(Debug, Clone)]
pub struct Packer {
    dictionary: Vec<u8>,
}

fn broken(what: impl Into<String>) -> Error {
    Error::new("E0509", what, "the ledger", "check the file with `chancery check`, and restore it from a copy")
}

impl Packer {
    pub fn new(dictionary: Vec<u8>) -> Self {
        Packer { dictionary }
    }

    /// Packs a record. Its text is looked at apart, and is as before afterwards.
    pub fn pack(&self, record: &mut Record) -> Result<Packed> {
        let failed = |e: std::io::Error| broken(format!("a record could not be compressed: {e}"));
        let text = std::mem::take(&mut record.report.text);
        let json = serde_json::to_vec(record);
        let json = json.map_err(|e| broken(format!("a record could not be written: {e}")))?;
        let packed = compress(text.as_bytes(), &self.dictionary).and_then(|packed| {
            let mut both = self.dictionary.clone();
            both.extend_from_slice(text.as_bytes());
            Ok(Packed { text: packed, json: compress(&json, &both)? })
        });
        record.report.text = text;
        packed.map_err(failed)
    }

    /// The text of a report.
    pub fn text(&self, packed: &[u8]) -> Result<String> {
        let bytes = expand(packed, &self.dictionary).map_err(|e| broken(format!("a text cannot be read: {e}")))?;
        String::from_utf8(bytes).map_err(|_| broken("a text is no UTF-8"))
    }

    /// The JSON of a record, exactly as it was when it was packed.
    pub fn json(&self, packed: &[u8], text: &str) -> Result<Vec<u8>> {
        let mut both = self.dictionary.clone();
        both.extend_from_slice(text.as_bytes());
        let json = expand(packed, &both).map_err(|e| broken(format!("a record cannot be read: {e}")))?;
        let at = json.windows(HOLE.len()).position(|w| w == HOLE.as_bytes()).ok_or_else(|| broken("a record has no place for its text"))?;
        let quoted = serde_json::to_vec(text).map_err(|e| broken(e.to_string()))?;
        let mut whole = Vec::with_capacity(json.len() + quoted.len());
        whole.extend_from_slice(&json[..at + HOLE.len() - 2]);
        whole.extend_from_slice(&quoted);
        whole.extend_from_slice(&json[at + HOLE.len()..]);
        Ok(whole)
    }
}

fn compress(bytes: &[u8], dictionary: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::bulk::Compressor::with_dictionary(LEVEL, dictionary)?.compress(bytes)
}

fn expand(bytes: &[u8], dictionary: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    zstd::stream::read::Decoder::with_dictionary(bytes, dictionary)?.read_to_end(&mut out)?;
    Ok(out)
}

/// The dictionary of a new ledger: a record with one of everything, so that the keys of the JSON cost next to nothing.
/// It is kept in the file: a later build may make another.
pub fn dictionary() -> Vec<u8> {
    let actor = Actor { entity: Some(String::new()), country: Some(String::new()), sector: Some(String::new()), ..Actor::default() };
    let trigger = Trigger::default();
    let words = |all: Vec<&str>| all.join("\",\"");
    let mut record = Record { schema: SCHEMA.to_owned(), ..Record::default() };
    record.report.blocks.push(Block::default());
    record.report.provenance.push(Provenance::default());
    record.report.posts.push(Post::default());
    record.sentences.push(SentenceRecord::default());
    record.diagnostics.push(Diagnostic::default());
    record.dates.push(DateRecord::default());
    record.places.push(PlaceRecord::default());
    record.figures.push(Figure::default());
    record.mentions.push(MentionRecord { actor: actor.clone(), ..MentionRecord::default() });
    record.statements.push(Statement {
        speaker: Some(actor.clone()),
        addressee: Some(actor.clone()),
        cue: Some(trigger.clone()),
        ..Statement::default()
    });
    record.events.push(Event {
        source: vec![actor.clone()],
        target: vec![actor.clone()],
        others: vec![Other { actor: actor.clone(), ..Other::default() }],
        mentions: vec![EventMention::default()],
        attributions: vec![Attribution { actor: actor.clone(), ..Attribution::default() }],
        claimed_by: Some(actor),
        mode: Some(String::new()),
        ..Event::default()
    });
    let enums = [
        words(EventType::ALL.iter().map(|x| x.as_str()).collect()),
        words(Status::ALL.iter().map(|x| x.as_str()).collect()),
        words(Time::ALL.iter().map(|x| x.as_str()).collect()),
        words(StatementKind::ALL.iter().map(|x| x.as_str()).collect()),
        words(BlockKind::ALL.iter().map(|x| x.as_str()).collect()),
    ];
    let mut bytes = enums.join("\",\"").into_bytes();
    // A record of this shape has no map with keys that are not strings.
    bytes.extend_from_slice(&serde_json::to_vec(&record).unwrap_or_default());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_to_the_byte() {
        let packer = Packer::new(dictionary());
        for text in ["", "x", "He said \"no\".\n\u{1F600} ,\"text\":\"\" \\", "ab\u{0}c"] {
            let mut record = Record::default();
            record.report.given_id = Some(",\"text\":\"\"".into());
            record.report.text = text.into();
            record.events.push(Event { goldstein: Some(0.1 + 0.2), confidence: 0.52, ..Event::default() });
            let before = serde_json::to_vec(&record).unwrap();
            let packed = packer.pack(&mut record).unwrap();
            assert_eq!(record.report.text, text);
            let text = packer.text(&packed.text).unwrap();
            assert_eq!(packer.json(&packed.json, &text).unwrap(), before);
        }
    }

    #[test]
    fn a_damaged_body_is_an_error() {
        assert_eq!(Packer::new(dictionary()).text(b"not compressed").unwrap_err().code, "E0509");
    }
}
