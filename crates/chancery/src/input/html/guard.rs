//! Bounds what one tag may cost: the tokenizer compares each attribute with all before it.

use std::borrow::Cow;

/// Attributes of one tag that are read; the rest is dropped. Real pages stay far below.
const MOST: usize = 512;

/// The page without the attributes that go beyond the bound.
pub(super) fn bounded(page: &str) -> Cow<'_, str> {
    let bytes = page.as_bytes();
    let last = [b'"', b'\''].map(|q| bytes.iter().rposition(|b| *b == q).unwrap_or(0));
    let mut out: Option<String> = None;
    let (mut kept, mut at) = (0, 0);
    while let Some(open) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'<')).map(|i| at + i) {
        at = open + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (end, cut) = scan(bytes, at, last);
        if let Some(cut) = cut {
            let out = out.get_or_insert_default();
            out.push_str(page.get(kept..cut).unwrap_or(""));
            kept = end;
        }
        at = end;
    }
    match out {
        None => Cow::Borrowed(page),
        Some(mut out) => {
            out.push_str(page.get(kept..).unwrap_or(""));
            Cow::Owned(out)
        }
    }
}

/// End of the tag that starts at `at` (its `>`, the next `<`, or the end), and where its attributes go beyond the
/// bound. `last` holds the last places of `"` and `'`: a mark behind them opens nothing, so that no scan is in vain.
fn scan(bytes: &[u8], at: usize, last: [usize; 2]) -> (usize, Option<usize>) {
    let (mut count, mut cut, mut quote, mut i) = (0, None, None, at);
    let (mut space, mut value) = (false, false);
    while let Some(&b) = bytes.get(i) {
        match (quote, b) {
            (Some(q), b) if b == q => (quote, space) = (None, true),
            (Some(_), _) => {}
            (None, b'>' | b'<') => break,
            // Marks quote only right after the equals sign.
            (None, b'"' | b'\'') if value && i < last[usize::from(b == b'\'')] => (quote, value) = (Some(b), false),
            (None, b) if b.is_ascii_whitespace() || b == b'/' => space = true,
            (None, b) => {
                if space {
                    count += 1;
                    if count == MOST + 1 {
                        cut = Some(i);
                    }
                }
                (space, value) = (false, b == b'=');
            }
        }
        i += 1;
    }
    (i, cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_beyond_is_dropped() {
        let page = "<p class=\"a > b\" id=x>text</p> 1 < 2 <b>";
        assert!(matches!(bounded(page), Cow::Borrowed(p) if p == page));
        let many: String = (0..MOST + 10).map(|i| format!(" a{i}")).collect();
        let page = format!("a<p{many}>text<i>");
        let out = bounded(&page);
        assert!(out.ends_with(&format!("a{} >text<i>", MOST - 1)), "{}", &out[out.len() - 40..]);
    }

    #[test]
    fn open_quotation_marks_do_not_make_it_quadratic() {
        let page = "<a b=\"".repeat(200_000);
        assert_eq!(bounded(&page).len(), page.len());
    }
}
