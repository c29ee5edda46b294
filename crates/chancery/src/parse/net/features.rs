//! What the network sees of a token: word pieces, its whole form, endings, beginning and shape.
//!
//! Mirrors `tools/train/data.py`; `net::tests` compares the two on forms stored with the weights.

use super::weights::Weights;
use crate::error::Result;
use crate::parse::table::StrTable;

pub const MAX_PIECES: usize = 6;
/// Ids per token in the affix table.
pub const AFFIXES: usize = 7;
/// Longest piece looked for, in characters.
const PIECE_LEN: usize = 18;

/// Ids of one token: rows of the piece, word and affix tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ids {
    pub pieces: [u32; MAX_PIECES],
    pub n_pieces: usize,
    pub word: u32,
    pub affixes: [u32; AFFIXES],
}

/// The word-piece vocabulary and the table of accents.
#[derive(Debug)]
pub struct Features {
    pieces: StrTable,
    /// Accented letter and its plain one, sorted.
    folds: Vec<(char, char)>,
    words: u32,
    affix_rows: u32,
}

/// Buffers reused from token to token.
#[derive(Debug, Default)]
pub struct Buffers {
    plain: String,
    low: String,
    folded: String,
    key: String,
}

impl Features {
    pub fn load(w: &Weights<'_>, words: usize, affix_rows: usize) -> Result<Features> {
        let pieces = StrTable::new(w.lines("pieces")?);
        let mut folds: Vec<(char, char)> = w
            .lines("folds")?
            .filter_map(|l| {
                let mut c = l.chars();
                Some((c.next()?, c.next()?))
            })
            .collect();
        folds.sort_unstable();
        Ok(Features { pieces, folds, words: words as u32, affix_rows: affix_rows as u32 })
    }

    fn piece(&self, key: &str) -> Option<u32> {
        self.pieces.get(key).map(|i| i as u32)
    }

    /// The ids of a token form.
    pub fn ids(&self, form: &str, b: &mut Buffers) -> Ids {
        normalise(form, &mut b.plain);
        b.low.clear();
        b.low.extend(b.plain.chars().flat_map(char::to_lowercase));
        b.folded.clear();
        if b.low.is_ascii() {
            b.folded.push_str(&b.low);
        } else {
            for c in b.low.chars() {
                if !('\u{300}'..='\u{36f}').contains(&c) {
                    b.folded.push(self.folds.binary_search_by_key(&c, |f| f.0).ok().and_then(|i| self.folds.get(i)).map_or(c, |f| f.1));
                }
            }
        }
        let mut ids = Ids { word: hash(0, &b.plain) % self.words, ..Ids::default() };
        let m = self.affix_rows;
        ids.affixes = [
            hash(1, suffix(&b.low, 1)) % m,
            hash(2, suffix(&b.low, 2)) % m,
            hash(3, suffix(&b.low, 3)) % m,
            hash(4, suffix(&b.low, 4)) % m,
            hash(5, prefix(&b.low, 2)) % m,
            hash(6, prefix(&b.low, 3)) % m,
            {
                b.key.clear();
                shape(&b.plain, &mut b.key);
                hash(7, &b.key) % m
            },
        ];
        self.split(&b.folded, &mut b.key, &mut ids);
        ids
    }

    /// Greedy longest match; punctuation stands alone; what is in no piece is skipped.
    fn split(&self, folded: &str, key: &mut String, ids: &mut Ids) {
        let mut rest = folded;
        while let Some(c) = rest.chars().next() {
            let word_len = if c.is_alphanumeric() {
                rest.char_indices().find(|(_, c)| !c.is_alphanumeric()).map_or(rest.len(), |(i, _)| i)
            } else {
                c.len_utf8()
            };
            let (word, after) = rest.split_at(word_len);
            rest = after;
            let mut from = 0;
            while from < word.len() && ids.n_pieces < MAX_PIECES {
                let tail = word.get(from..).unwrap_or("");
                let mut end = tail.char_indices().nth(PIECE_LEN).map_or(tail.len(), |(i, _)| i);
                let mut step = tail.chars().next().map_or(1, char::len_utf8);
                while end > 0 {
                    let part = tail.get(..end).unwrap_or("");
                    let found = if from == 0 {
                        self.piece(part)
                    } else {
                        key.clear();
                        key.push_str("##");
                        key.push_str(part);
                        self.piece(key)
                    };
                    if let Some(p) = found {
                        if let Some(slot) = ids.pieces.get_mut(ids.n_pieces) {
                            *slot = p;
                            ids.n_pieces += 1;
                        }
                        step = end;
                        break;
                    }
                    end -= part.chars().next_back().map_or(1, char::len_utf8);
                }
                from += step;
            }
            if ids.n_pieces == MAX_PIECES {
                return;
            }
        }
    }
}

/// FNV-1a over a kind byte and the text, with a final mix (its low bits alone are weak for short keys).
pub fn hash(kind: u8, text: &str) -> u32 {
    let mut h = (0x811C_9DC5u32 ^ u32::from(kind)).wrapping_mul(0x0100_0193);
    for &b in text.as_bytes() {
        h = (h ^ u32::from(b)).wrapping_mul(0x0100_0193);
    }
    h ^= h >> 15;
    h = h.wrapping_mul(0x2C1B_3C6D);
    h ^ (h >> 12)
}

/// Plain quotation marks and dashes, so that typography does not matter.
fn normalise(form: &str, out: &mut String) {
    out.clear();
    match form {
        "``" | "''" => out.push('"'),
        "\u{2014}" => out.push_str("--"),
        "\u{2026}" => out.push_str("..."),
        _ => out.extend(form.chars().map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '`' | '\u{b4}' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
            '\u{2013}' | '\u{2212}' => '-',
            _ => c,
        })),
    }
}

fn suffix(s: &str, n: usize) -> &str {
    s.char_indices().rev().nth(n - 1).map_or(s, |(i, _)| s.get(i..).unwrap_or(s))
}

fn prefix(s: &str, n: usize) -> &str {
    s.char_indices().nth(n).map_or(s, |(i, _)| s.get(..i).unwrap_or(s))
}

/// "Xxx" for "London": upper, lower, digit or the character itself, at most two alike in a row, ten in all.
fn shape(form: &str, out: &mut String) {
    let (mut a, mut b) = ('\0', '\0');
    let mut n = 0;
    for c in form.chars() {
        let k = if c.is_uppercase() {
            'X'
        } else if c.is_alphabetic() {
            'x'
        } else if c.is_numeric() {
            'd'
        } else {
            c
        };
        if a == k && b == k {
            continue;
        }
        out.push(k);
        (a, b) = (b, k);
        n += 1;
        if n == 10 {
            break;
        }
    }
}
