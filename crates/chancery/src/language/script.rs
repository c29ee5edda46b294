//! Which script a text is written in.

use serde::Deserialize;

macro_rules! scripts {
    ($($name:ident = $text:literal : $ranges:pat,)*) => {
        /// A script, or the part of one that tells a language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        pub enum Script { $(#[serde(rename = $text)] $name),* }

        const ALL: &[Script] = &[$(Script::$name),*];

        /// The script of a letter.
        fn of_letter(c: char) -> Option<Script> {
            match c { $($ranges => Some(Script::$name),)* _ => None }
        }
    };
}

scripts! {
    Latin = "latin": 'a'..='z' | 'A'..='Z' | '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}',
    Cyrillic = "cyrillic": '\u{400}'..='\u{52f}',
    Arabic = "arabic": '\u{620}'..='\u{64a}' | '\u{66e}'..='\u{6d3}' | '\u{6d5}'..='\u{6ef}' | '\u{6fa}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}',
    Devanagari = "devanagari": '\u{900}'..='\u{963}' | '\u{971}'..='\u{97f}',
    Han = "han": '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}',
    Kana = "kana": '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}',
    Hangul = "hangul": '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}',
    Greek = "greek": '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}',
    Hebrew = "hebrew": '\u{5d0}'..='\u{5f4}',
    Georgian = "georgian": '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}',
    Armenian = "armenian": '\u{531}'..='\u{587}',
    Thai = "thai": '\u{e01}'..='\u{e2e}' | '\u{e30}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}',
    Lao = "lao": '\u{e80}'..='\u{edf}',
    Khmer = "khmer": '\u{1780}'..='\u{17d3}',
    Myanmar = "myanmar": '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{109f}',
    Ethiopic = "ethiopic": '\u{1200}'..='\u{135a}',
    Bengali = "bengali": '\u{980}'..='\u{9df}',
    Gurmukhi = "gurmukhi": '\u{a01}'..='\u{a5e}' | '\u{a70}'..='\u{a75}',
    Gujarati = "gujarati": '\u{a81}'..='\u{ae3}',
    Tamil = "tamil": '\u{b82}'..='\u{bd7}',
    Telugu = "telugu": '\u{c00}'..='\u{c63}',
    Kannada = "kannada": '\u{c80}'..='\u{ce3}',
    Malayalam = "malayalam": '\u{d00}'..='\u{d63}',
    Sinhala = "sinhala": '\u{d81}'..='\u{ddf}',
}

/// Letters that a character of these is worth: they stand for syllables or words.
fn worth(script: Script) -> usize {
    match script {
        Script::Han | Script::Hangul => 3,
        Script::Kana => 2,
        _ => 1,
    }
}

/// Marks that belong to words of scripts whose vowels are marks.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{955}'..='\u{957}' | '\u{64b}'..='\u{65f}' | '\u{300}'..='\u{36f}')
}

/// What stands between white space, addresses left out: they are in no language. Scripts without spaces may touch them.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|p| if p.len() < 8 { [p, ""] } else { around_address(p) }).filter(|p| !p.is_empty())
}

/// What stands before and after the address in a word that holds one; the word itself where it holds none.
fn around_address(word: &str) -> [&str; 2] {
    let scheme = word.find("://").map(|at| word.get(..at).unwrap_or("").trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len());
    let Some(start) = scheme.or_else(|| word.find("www.")) else { return [word, ""] };
    let (before, address) = word.split_at(start);
    let end = address.find(|c: char| !c.is_ascii()).unwrap_or(address.len());
    [before, address.get(end..).unwrap_or("")]
}

/// The script that most of a text is in, and the number of its letters. Japanese is what has kana among its characters.
pub(super) fn of(text: &str) -> Option<(Script, usize)> {
    let mut counts = [0usize; ALL.len()];
    let mut ascii = 0;
    for c in parts(text).flat_map(str::chars) {
        if c.is_ascii_alphabetic() {
            ascii += 1;
        } else if !c.is_ascii()
            && let Some(count) = of_letter(c).and_then(|s| counts.get_mut(s as usize))
        {
            *count += 1;
        }
    }
    let count = |s: Script| counts.get(s as usize).copied().unwrap_or(0) + if s == Script::Latin { ascii } else { 0 };
    let (han, kana) = (count(Script::Han), count(Script::Kana));
    let weigh = |s: Script| match s {
        Script::Kana if kana * 10 >= han && kana > 0 => kana * worth(s) + han * worth(Script::Han),
        s => count(s) * worth(s),
    };
    // Of equals the first counts; a text's kana outweigh the characters among them.
    let best = ALL.iter().copied().max_by_key(|s| (weigh(*s), std::cmp::Reverse(*s as usize)))?;
    let letters = if best == Script::Kana { han + kana } else { count(best) };
    (letters > 0).then_some((best, letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told() {
        let script = |t: &str| of(t).map(|(s, _)| s);
        assert_eq!(script("Москва said"), Some(Script::Cyrillic));
        assert_eq!(script("日本の首相"), Some(Script::Kana));
        assert_eq!(script("中国国家主席习近平 (Xi)"), Some(Script::Han));
        assert_eq!(script("12:30 – 14"), None);
        assert_eq!(of("Zürich"), Some((Script::Latin, 6)));
        assert_eq!(script("请看https://example.org/a/long/address?in=latin的说明"), Some(Script::Han));
        assert_eq!(script("http://example.org/path"), None);
    }
}
