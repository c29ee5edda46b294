//! Which language a report is in.

use crate::record::{Block, BlockKind};
use whichlang::Lang;

/// Bytes of body text that are looked at: more tell nothing new.
const SAMPLE: usize = 2000;

/// Fewer letters than this are a name or a headline, and a guess from them is worth little.
const LEAST: usize = 60;

/// Two-letter code of the language of the body, or nothing where there is too little of it.
pub fn identify(text: &str, blocks: &[Block]) -> Option<String> {
    let mut sample = String::new();
    for block in blocks.iter().filter(|b| matches!(b.kind, BlockKind::Paragraph | BlockKind::Heading | BlockKind::Title)) {
        let part = block.span.of(text);
        let room = SAMPLE.saturating_sub(sample.len());
        sample.push_str(part.get(..part.floor_char_boundary(room)).unwrap_or(""));
        sample.push('\n');
        if sample.len() >= SAMPLE {
            break;
        }
    }
    let letters = sample.chars().filter(|c| c.is_alphabetic()).take(LEAST).count();
    (letters == LEAST).then(|| code(whichlang::detect_language(&sample)).to_owned())
}

/// ISO 639-1.
fn code(language: Lang) -> &'static str {
    match language {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Span;

    fn of(text: &str) -> Option<String> {
        identify(text, &[Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None }])
    }

    #[test]
    fn tells_languages_where_there_is_enough() {
        assert_eq!(of("The foreign ministers of both countries will meet on Friday to discuss the ceasefire.").as_deref(), Some("en"));
        assert_eq!(
            of("Los ministros de Exteriores de ambos países se reunirán el viernes para discutir la tregua.").as_deref(),
            Some("es")
        );
        assert_eq!(of("Министры иностранных дел обеих стран встретятся в пятницу и обсудят перемирие.").as_deref(), Some("ru"));
        assert_eq!(of("Moscow said no."), None);
        assert_eq!(of("12,000 – 14,000 (3.5 %) ".repeat(20).as_str()), None);
    }

    #[test]
    fn only_the_body_counts() {
        let text = "Teilen Drucken Merken Kommentieren Weiterempfehlen Abonnieren Impressum Datenschutz Nutzungsbedingungen";
        let block = Block { kind: BlockKind::Boilerplate, span: Span::new(0, text.len()), language: None };
        assert_eq!(identify(text, &[block]), None);
    }
}
