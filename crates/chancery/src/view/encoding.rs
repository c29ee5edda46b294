//! Characters that were decoded with the wrong encoding ("mojibake"): found and undone by `plsfix`,
//! line by line, with every fix that is not about encoding switched off.

use super::{Edit, align};
use plsfix::{TextFixerConfig, fix_text};

/// Longest piece handed to the fixer at once, in bytes: bounds its backtracking.
const LONGEST: usize = 1024;

/// The edits that undo mojibake in `text`.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if suspicious(line) {
            let mut from = at;
            for piece in pieces(line) {
                if suspicious(piece) {
                    let fixed = fix(piece);
                    if fixed != piece && !mixes_scripts(&fixed) {
                        out.extend(align::edits(piece, &fixed, from));
                    }
                }
                from += piece.len();
            }
        }
        at += line.len();
    }
    out
}

/// Whether the fixer could find anything at all: nearly every clean line is passed over here, at the
/// price of one look at its bytes. Mojibake is at least two characters beyond ASCII side by side, or one
/// control character of Latin-1, or one of the few letters that lone lead bytes turn into.
fn suspicious(line: &str) -> bool {
    if line.is_ascii() {
        return false;
    }
    let mut before = 'a';
    for c in line.chars() {
        if !c.is_ascii() {
            let lone = matches!(c, '\u{80}'..='\u{9f}' | 'Ã' | 'Â' | 'Œ' | 'œ' | 'Ð' | 'Î');
            let pair = !(before.is_ascii() || (typographic(before) && typographic(c)));
            if lone || pair {
                return true;
            }
        }
        before = c;
    }
    false
}

/// Marks that stand side by side in clean text ("…”", "’”", runs of lost characters).
fn typographic(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201f}' | '\u{2026}' | '\u{a0}' | '\u{ab}' | '\u{bb}' | '\u{FFFD}')
}

/// Cuts a line at white space into parts of bounded length; one without white space is cut anywhere.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len();
        if end > LONGEST {
            end = rest.floor_char_boundary(LONGEST).max(rest.chars().next().map_or(1, char::len_utf8));
            let head = rest.get(..end)?;
            if let Some(space) = head.rfind(' ').filter(|&s| s > LONGEST / 2) {
                end = space + 1;
            }
        }
        let (piece, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some(piece)
    })
}

/// Whether a word runs from Latin letters straight into Cyrillic or Greek ones: the mark of a wrong guess
/// at the encoding, which is worse than none.
fn mixes_scripts(text: &str) -> bool {
    let latin = |c: char| c.is_ascii_alphabetic();
    let other = |c: char| matches!(c, '\u{370}'..='\u{52f}') && c.is_alphabetic();
    let mut before = ' ';
    text.chars().any(|c| {
        let mixed = (latin(before) && other(c)) || (other(before) && latin(c));
        before = c;
        mixed
    })
}

/// Undoes mojibake in one piece of a line; gives it back unchanged where there is none.
fn fix(piece: &str) -> String {
    let config = TextFixerConfig {
        unescape_html: Some(false),
        remove_terminal_escapes: false,
        fix_encoding: true,
        restore_byte_a0: true,
        replace_lossy_sequences: true,
        decode_inconsistent_utf8: true,
        fix_c1_controls: true,
        fix_latin_ligatures: false,
        fix_character_width: false,
        uncurl_quotes: false,
        fix_line_breaks: false,
        remove_control_chars: false,
        normalization: None,
        max_decode_length: i32::MAX,
    };
    // The line break is no part of the line: the fixer would cut there.
    let body = piece.trim_end_matches(['\n', '\r']);
    let ending = piece.get(body.len()..).unwrap_or("");
    if !body.contains('&') {
        return fix_text(body, Some(&config)) + ending;
    }
    // The fixer decodes `&…;` whatever its options say, and that is not ours to decode: hide the mark
    // behind a control character that the piece does not use.
    match ('\u{1}'..'\u{8}').find(|&c| !body.contains(c)) {
        Some(stand_in) => {
            let hidden = body.replace('&', stand_in.encode_utf8(&mut [0; 4]));
            fix_text(&hidden, Some(&config)).replace(stand_in, "&") + ending
        }
        None => piece.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    fn fixed(text: &str) -> String {
        crate::view::View::repair_encoding(text).text(text).to_owned()
    }

    #[test]
    fn common_mixups_are_undone() {
        for (bad, good) in [
            ("HÃ´tel de Police", "Hôtel de Police"),
            ("Ð½ÐµÑ‚, Ð½Ðµ Ð²Ð¾Ð¹Ð½Ðµ", "нет, не войне"),
            ("CÃ\u{a0}nan nan GÃ\u{a0}idheal", "Cànan nan Gàidheal"),
            ("Â£5.8bn rights issue", "£5.8bn rights issue"),
            ("the presidentâ€™s office", "the president’s office"),
            ("a bigger-than-expected Ã¢â€šÂ¬5bn", "a bigger-than-expected €5bn"),
            ("said \u{93}no\u{94}", "said “no”"),
        ] {
            assert_eq!(fixed(bad), good);
        }
    }

    #[test]
    fn clean_text_stays() {
        for text in [
            "PARCE QUE SUR LEURS PLAQUES IL Y MARQUÉ…",
            "“No,” he said…” — ‘yes’",
            "NESTLÉ® of Zürich, Œuvre, São Tomé e Príncipe",
            "AT&amp;T &eacute; R&D",
            "Владимир Путин заявил",
            "中华人民共和国",
            "Erdoğan’ın ‘evet’i",
        ] {
            assert_eq!(fixed(text), text);
        }
    }

    #[test]
    fn a_guess_that_mixes_scripts_is_refused() {
        assert_eq!(fixed("Bremer/Mccoy – DrÃ¥ber"), "Bremer/Mccoy – DrÃ¥ber");
    }

    #[test]
    fn entities_are_not_decoded_beside_a_repair() {
        assert_eq!(fixed("CafÃ© &amp; Bar"), "Café &amp; Bar");
    }

    #[test]
    fn line_breaks_and_other_lines_are_kept() {
        assert_eq!(fixed("clean é\r\nCafÃ©\r\nclean"), "clean é\r\nCafé\r\nclean");
    }

    #[test]
    fn one_long_line_is_repaired_in_parts() {
        let text = "CafÃ© noir et cÃ¢lin, ".repeat(20_000);
        assert_eq!(fixed(&text), "Café noir et câlin, ".repeat(20_000));
        let unbroken = "Ã©".repeat(50_000);
        assert!(fixed(&unbroken).chars().filter(|&c| c == 'é').count() > 49_000);
    }
}
