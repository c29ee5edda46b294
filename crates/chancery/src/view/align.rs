//! Which bytes of a repaired text stand for which bytes of the original.

use super::{Edit, Piece};
use crate::record::Span;

/// How far beyond a difference the two texts are searched for a place where they agree again, in characters.
const REACH_BEFORE: usize = 48;
const REACH_AFTER: usize = 12;
/// Characters that must agree for such a place to count.
const AGREE: usize = 3;

/// The edits that turn `before` into `after`, offsets shifted by `base`. Both are one line or part of one.
///
/// Repairs replace runs of characters beyond ASCII and leave ASCII alone, with few exceptions (a space that
/// stood for byte A0). So a difference normally ends where both texts go on with the same ASCII character.
pub(super) fn edits(before: &str, after: &str, base: usize) -> Vec<Edit> {
    let a: Vec<(usize, char)> = before.char_indices().collect();
    let b: Vec<(usize, char)> = after.char_indices().collect();
    let at = |chars: &[(usize, char)], i: usize, len: usize| chars.get(i).map_or(len, |c| c.0);
    let (mut i, mut j) = (0, 0);
    let mut out: Vec<Edit> = Vec::new();
    while i < a.len() || j < b.len() {
        if let (Some(x), Some(y)) = (a.get(i), b.get(j))
            && x.1 == y.1
        {
            i += 1;
            j += 1;
            continue;
        }
        let (mut to_i, mut to_j) = resume(&a, i, &b, j);
        let (next_i, next_j) = (to_i, to_j);
        // What both end with was not repaired.
        while to_i > i && to_j > j && a.get(to_i - 1).map(|c| c.1) == b.get(to_j - 1).map(|c| c.1) {
            to_i -= 1;
            to_j -= 1;
        }
        // Something inserted is given the character before it, or behind it, to stand for.
        if to_i == i && i > 0 && j > 0 {
            (i, j) = (i - 1, j - 1);
        } else if to_i == i && to_i < a.len() {
            to_i += 1;
            to_j = (to_j + 1).min(b.len());
        }
        let (from, to) = (at(&a, i, before.len()), at(&a, to_i, before.len()));
        let becomes = after.get(at(&b, j, after.len())..at(&b, to_j, after.len())).unwrap_or("").to_owned();
        (i, j) = (next_i.max(to_i), next_j.max(to_j));
        match out.last_mut() {
            // Edits side by side are one.
            Some(Edit { at, becomes: b }) if at.end >= base + from => {
                let again = (at.end - base - from).min(becomes.len());
                b.push_str(becomes.get(again..).unwrap_or(""));
                at.end = base + to;
            }
            _ => out.push(Edit { at: base + from..base + to, becomes }),
        }
    }
    out
}

/// The nearest positions at or after (`i`, `j`) from which both texts agree again, or both ends.
fn resume(a: &[(usize, char)], i: usize, b: &[(usize, char)], j: usize) -> (usize, usize) {
    let run = |chars: &[(usize, char)], from: usize| from + chars.iter().skip(from).take_while(|c| !c.1.is_ascii()).count();
    let (x, y) = (run(a, i), run(b, j));
    let next = |chars: &[(usize, char)], k: usize| chars.get(k).map(|c| c.1);
    if (x > i || y > j) && next(a, x) == next(b, y) {
        return (x, y);
    }
    let agree = |x: usize, y: usize| {
        let (p, q) = (a.get(x..).unwrap_or(&[]), b.get(y..).unwrap_or(&[]));
        let n = p.iter().zip(q).take(AGREE).take_while(|(c, d)| c.1 == d.1).count();
        n == AGREE || (n == p.len() && n == q.len())
    };
    for total in 1..=REACH_BEFORE + REACH_AFTER {
        for dj in 0..=total.min(REACH_AFTER) {
            let di = total - dj;
            if di <= REACH_BEFORE && i + di <= a.len() && j + dj <= b.len() && agree(i + di, j + dj) {
                return (i + di, j + dj);
            }
        }
    }
    (a.len(), b.len())
}

/// Splits a replaced piece into characters where each stands for as many characters as its UTF-8 has bytes:
/// that is what one round of decoding UTF-8 with a single-byte encoding makes of it.
pub(super) fn by_character(before: &str, after: &str, whole: Piece) -> Vec<Piece> {
    if after.chars().nth(1).is_none() || before.chars().count() != after.len() {
        return vec![whole];
    }
    let mut chars = before.chars();
    let (mut from, mut to) = (whole.original.start, whole.view.start);
    after
        .chars()
        .map(|c| {
            let bytes: usize = chars.by_ref().take(c.len_utf8()).map(char::len_utf8).sum();
            let piece = Piece { original: Span::new(from, from + bytes), view: Span::new(to, to + c.len_utf8()) };
            (from, to) = (piece.original.end, piece.view.end);
            piece
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &[(&str, &str)]) {
        let got = edits(before, after, 0);
        let shown: Vec<(&str, &str)> = got.iter().map(|e| (&before[e.at.clone()], e.becomes.as_str())).collect();
        assert_eq!(shown, expected, "{before} → {after}");
    }

    #[test]
    fn edits_are_least() {
        check("a CÃ´te b", "a Côte b", &[("Ã´", "ô")]);
        check("â€œmismatchedâ€¦” x", "“mismatched…” x", &[("â€œ", "“"), ("â€¦", "…")]);
        check("same", "same", &[]);
    }

    #[test]
    fn a_space_taken_for_a_byte_is_found() {
        check("com atenÃ§Ã£o Ã s crianÃ§as", "com atenção às crianças", &[("Ã§Ã£", "çã"), ("Ã ", "à"), ("Ã§", "ç")]);
        check("GÃ idhlig", "Gàidhlig", &[("Ã ", "à")]);
    }

    #[test]
    fn without_agreement_the_rest_is_one_edit() {
        check("xyz", "qrst", &[("xyz", "qrst")]);
        check("abc", "", &[("abc", "")]);
    }

    #[test]
    fn a_run_is_split_by_character() {
        let (before, after) = ("Ð¿Ñ€", "пр");
        let whole = Piece { original: Span::new(10, 10 + before.len()), view: Span::new(4, 8) };
        let pieces = by_character(before, after, whole);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0], Piece { original: Span::new(10, 14), view: Span::new(4, 6) });
        assert_eq!(pieces[1].original.end, whole.original.end);
    }
}
