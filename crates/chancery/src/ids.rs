//! Content ids: 128 bits of SHA-256 as 32 hexadecimal digits. They depend on content alone,
//! never on path, time, option or coder version.

use crate::record::Span;
use sha2::{Digest, Sha256};

/// Hash of several fields; each is prefixed by its length so that no two lists collide by concatenation.
pub fn content_id(fields: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for field in fields {
        hash.update((field.len() as u64).to_le_bytes());
        hash.update(field);
    }
    hex(&hash.finalize()[..16])
}

/// Id of a report: text, URL, outlet and published date as given.
pub fn report_id(text: &str, url: Option<&str>, outlet: Option<&str>, published: Option<&str>) -> String {
    content_id(&[text.as_bytes(), url.unwrap_or("").as_bytes(), outlet.unwrap_or("").as_bytes(), published.unwrap_or("").as_bytes()])
}

/// Id of an item of a report (`kind` is `event`, `statement` or `figure`): the `number`-th with that span.
/// Not of type or coder, so that a human decision survives a better coder.
pub fn item_id(report: &str, kind: &str, span: Span, number: usize) -> String {
    content_id(&[
        report.as_bytes(),
        kind.as_bytes(),
        &(span.start as u64).to_le_bytes(),
        &(span.end as u64).to_le_bytes(),
        &(number as u64).to_le_bytes(),
    ])
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
