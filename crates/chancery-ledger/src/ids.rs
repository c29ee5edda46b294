//! Content ids as they are kept: 16 bytes for 32 hexadecimal digits.

use chancery::ids;

/// The bytes of an id; none of what is not 32 hexadecimal digits.
pub fn bytes(id: &str) -> Option<[u8; 16]> {
    if id.len() != 32 || !id.is_ascii() {
        return None;
    }
    let mut out = [0; 16];
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&id[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(out)
}

/// The id of its bytes.
pub fn text(bytes: &[u8]) -> String {
    ids::hex(bytes)
}

/// The number that an id asks for: its first 51 bits, so that there is room to step aside below 2^52.
pub fn number(id: &[u8; 16]) -> i64 {
    let mut first = [0; 8];
    first.copy_from_slice(&id[..8]);
    (u64::from_be_bytes(first) >> 13) as i64
}

/// A short hash of several fields, as SQLite keeps integers.
pub fn short(fields: &[&[u8]]) -> i64 {
    let id = ids::content_id(fields);
    // Hexadecimal by construction.
    i64::from_str_radix(id.get(..15).unwrap_or("0"), 16).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let id = "58a964aeafe1befa0f8001b772824500";
        assert_eq!(text(&bytes(id).unwrap()), id);
        assert!(bytes("58a9").is_none() && bytes("zz a964aeafe1befa0f8001b77282450").is_none());
        assert!(number(&[0xff; 16]) < 1 << 51);
    }
}
