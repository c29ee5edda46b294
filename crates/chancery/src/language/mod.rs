//! Which language a text is in: by its script, by small words and letters (`data/languages.toml`), and, where those leave
//! it open, by the vote of `whichlang`. Scores are integers, the same on every machine.

mod script;
mod table;

pub use script::Script;

use crate::data::DataFiles;
use crate::error::Result;
use crate::record::{Block, BlockKind, Diagnostic};
use table::{Table, Word};

/// Bytes of a text that are looked at: more tell nothing new.
const SAMPLE: usize = 2000;
/// Bytes of one block that are looked at.
const BLOCK_SAMPLE: usize = 600;
/// Fewer letters than this are a name or a headline, and a guess from them is worth little.
const LEAST: usize = 60;
/// What the vote of the n-gram model weighs: about half a small word that one language alone has, and with each letter of
/// a text more, up to three times that: it knows sixteen languages, and takes the others for one of those.
const VOTE: i32 = 600;
const VOTE_A_LETTER: i32 = 6;
const VOTE_LETTERS: usize = 180;
/// Letters that no language of the best score writes.
const FOREIGN: i32 = -600;
/// Small words among so many words at the least, from which on no other language is looked for.
const WORDS: usize = 25;
/// Per hundred words, the small words of a known language that a text of that language has at the least.
const COVERED: usize = 6;
/// No language of the table: ISO 639-2.
pub const UNKNOWN: &str = "und";

/// The languages told apart, compiled.
#[derive(Debug)]
pub struct Identifier {
    table: Table,
}

/// What a text looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Guess {
    /// Place in the table.
    best: usize,
    score: i32,
    /// Score of the next best.
    next: i32,
    letters: usize,
    words: usize,
    numbers: usize,
    /// Words that are small words of the best language.
    known: usize,
    /// It has its script to itself.
    by_script: bool,
}

impl Identifier {
    /// Reads `languages.toml`. A bad entry is E0102 or E0110.
    pub fn load(files: &DataFiles) -> Result<Self> {
        Ok(Identifier { table: Table::load(files)? })
    }

    /// Code of the language that fits best, however short the text; nothing for a text without letters.
    pub fn best(&self, text: &str) -> Option<&str> {
        let guess = self.guess(head(text, SAMPLE))?;
        Some(self.table.code(guess.best))
    }

    /// The language of a text where there is enough to tell it by: [`UNKNOWN`] where that much prose fits none.
    pub fn tell(&self, text: &str) -> Option<&str> {
        let guess = self.guess(text)?;
        if guess.letters < LEAST && !(guess.by_script && guess.letters * 3 >= LEAST) {
            return None;
        }
        if guess.by_script || guess.known * 100 >= guess.words * COVERED {
            return Some(self.table.code(guess.best));
        }
        // A table or a list of names has few small words in any language.
        (guess.words >= WORDS && guess.numbers * 4 < guess.words).then_some(UNKNOWN)
    }

    /// The language of a report's body, or nothing where there is too little of it.
    pub fn of_report(&self, text: &str, blocks: &[Block]) -> Option<String> {
        let mut sample = String::new();
        for block in blocks.iter().filter(|b| matches!(b.kind, BlockKind::Paragraph | BlockKind::Heading | BlockKind::Title)) {
            sample.push_str(head(block.span.of(text), SAMPLE.saturating_sub(sample.len())));
            sample.push('\n');
            if sample.len() >= SAMPLE {
                break;
            }
        }
        self.tell(&sample).map(str::to_owned)
    }

    /// Marks each block with its language where the block alone says it. Gives the number of blocks in a language other than
    /// the report's, with the code of each.
    pub fn mark(&self, text: &str, blocks: &mut [Block], report: Option<&str>) -> Vec<(String, usize)> {
        let mut foreign: Vec<(String, usize)> = Vec::new();
        let own = report.map(primary);
        for block in blocks.iter_mut().filter(|b| b.kind != BlockKind::Boilerplate && b.language.is_none()) {
            let shown = head(block.span.of(text), BLOCK_SAMPLE);
            let Some(guess) = self.guess(shown).filter(|g| g.is_sure()) else { continue };
            let code = self.table.code(guess.best);
            block.language = Some(code.to_owned());
            if own.is_some_and(|own| own != code && !self.table.are_near(own, code)) {
                match foreign.iter_mut().find(|(c, _)| c == code) {
                    Some((_, n)) => *n += 1,
                    None => foreign.push((code.to_owned(), 1)),
                }
            }
        }
        foreign
    }

    /// W0403: blocks in another language than the report's are kept, and no rule reads them.
    pub fn unread(&self, code: &str, blocks: usize) -> Diagnostic {
        let name = self.table.name(code).unwrap_or(code);
        let message = format!("{blocks} block(s) in {name} stand in a report in another language; kept and marked, not read");
        Diagnostic::new("W0403", message, None)
    }

    /// Linear in the text.
    fn guess(&self, text: &str) -> Option<Guess> {
        let (script, letters) = script::of(text)?;
        if let Some(best) = self.table.alone(script) {
            return Some(Guess { best, score: 1, next: 0, letters, words: 0, numbers: 0, known: 0, by_script: true });
        }
        let candidates = self.table.of_script(script);
        let mut scores = vec![0i32; self.table.len()];
        let mut known = vec![0usize; self.table.len()];
        let (mut words, mut numbers) = (0, 0);
        let mut word = Word::default();
        let mut one = |word: &mut Word, words: &mut usize| {
            if !word.is_empty() {
                *words += 1;
                for &(language, weight) in self.table.word(word) {
                    if let (Some(score), Some(n)) = (scores.get_mut(language), known.get_mut(language)) {
                        *score += weight;
                        // Words of one letter are in many languages.
                        *n += usize::from(word.letters() > 1);
                    }
                }
                for &letter in word.special() {
                    let weight = self.table.letter(letter);
                    for &language in candidates {
                        if let Some(score) = scores.get_mut(language) {
                            *score += if self.table.writes(language, letter) { weight } else { FOREIGN };
                        }
                    }
                }
            }
            word.clear();
        };
        for part in script::parts(text) {
            numbers += usize::from(part.starts_with(|c: char| c.is_ascii_digit()));
            for c in part.chars() {
                if c.is_alphabetic() || script::is_mark(c) {
                    word.push(c, script);
                } else {
                    one(&mut word, &mut words);
                }
            }
            one(&mut word, &mut words);
        }
        let ranked = |scores: &[i32]| {
            let mut best = *candidates.first()?;
            let score = |i: usize| scores.get(i).copied().unwrap_or(0);
            for &c in candidates {
                if score(c) > score(best) {
                    best = c;
                }
            }
            let next = candidates.iter().filter(|&&c| c != best).map(|&c| score(c)).max().unwrap_or(0);
            Some((best, score(best), next))
        };
        let (mut best, mut score, mut next) = ranked(&scores)?;
        // The vote is asked only where it can matter.
        let weight = VOTE + VOTE_A_LETTER * letters.min(VOTE_LETTERS) as i32;
        if score - next.max(0) <= weight
            && let Some(vote) = self.table.place(vote(text)).filter(|v| candidates.contains(v))
        {
            if let Some(s) = scores.get_mut(vote) {
                *s += weight;
            }
            (best, score, next) = ranked(&scores)?;
        }
        let known = known.get(best).copied().unwrap_or(0);
        Some(Guess { best, score, next, letters, words, numbers, known, by_script: false })
    }
}

impl Guess {
    /// Beyond doubt, even for a single block: plenty of small words, and far more than of any other language.
    fn is_sure(&self) -> bool {
        if self.by_script {
            return self.letters * 3 >= LEAST;
        }
        self.letters >= LEAST && self.words >= 8 && self.known * 5 >= self.words && self.score * 2 >= self.next.max(0) * 3
    }
}

/// `text` up to `most` bytes, at a character boundary.
fn head(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

/// `pt` of `pt-BR`.
pub fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// ISO 639-1 code of what the n-gram model says.
fn vote(text: &str) -> &'static str {
    use whichlang::Lang;
    match whichlang::detect_language(text) {
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
mod tests;
