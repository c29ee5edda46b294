//! Sets of words as the codebook writes them: lemmas, phrases, classes, kinds of actor.

use compact_str::CompactString;
use std::collections::BTreeMap;

use super::tree::Tree;

/// What may fill a slot. Empty means no condition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Words {
    /// Head lemma to the words that must stand beside it (before a noun, after a verb); an empty list asks for none.
    phrases: BTreeMap<CompactString, Vec<Vec<CompactString>>>,
    /// Kinds of actor that do: each a list of sectors, empty for any.
    pub actors: Vec<Vec<String>>,
    /// An actor with a country does.
    pub country: bool,
    /// Anything does.
    pub any: bool,
    /// Whether a condition was written at all.
    pub given: bool,
}

/// Where the head of a phrase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadAt {
    /// "air *strike*".
    Last,
    /// "*take* part".
    First,
}

/// Splits "cease-fire" or "air strike" into its pieces.
fn pieces(phrase: &str) -> Vec<CompactString> {
    phrase.split([' ', '-']).filter(|p| !p.is_empty()).map(|p| CompactString::from(p.to_lowercase())).collect()
}

impl Words {
    /// From the words as written, classes already spread out.
    pub fn new(words: &[String], at: HeadAt) -> Words {
        let mut out = Words { given: true, any: words.is_empty(), ..Words::default() };
        for w in words {
            match w.as_str() {
                "ANY" => out.any = true,
                "COUNTRY" => out.country = true,
                "ACTOR" => out.actors.push(Vec::new()),
                _ => match w.strip_prefix("ACTOR:") {
                    Some(sectors) => out.actors.push(sectors.split('|').map(str::to_owned).collect()),
                    None => out.add(w, at),
                },
            }
        }
        out
    }

    fn add(&mut self, phrase: &str, at: HeadAt) {
        for (head, beside) in spellings(phrase, at) {
            self.phrases.entry(head).or_default().push(beside);
        }
    }

    /// Whether token `t` heads one of the phrases.
    pub fn has(&self, tree: Tree, t: usize, at: HeadAt) -> bool {
        self.phrases.get(tree.lemma(t)).is_some_and(|all| all.iter().any(|beside| stands_beside(tree, t, beside, at)))
    }
    /// The head words, for the vocabulary.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        self.phrases.keys().map(CompactString::as_str)
    }
    pub fn has_lemma(&self, lemma: &str) -> bool {
        self.phrases.get(lemma).is_some_and(|all| all.iter().any(Vec::is_empty))
    }
    /// Only actors, no lemma, is asked for.
    pub fn only_actors(&self) -> bool {
        self.phrases.is_empty() && !self.any && (self.country || !self.actors.is_empty())
    }
}

/// Ways in which a phrase is written: as pieces with its head, and as one word with and without hyphen.
pub fn spellings(phrase: &str, at: HeadAt) -> Vec<(CompactString, Vec<CompactString>)> {
    let parts = pieces(phrase);
    let mut out = Vec::new();
    let (head, beside): (Option<&CompactString>, Vec<CompactString>) = match at {
        HeadAt::Last => (parts.last(), parts.iter().rev().skip(1).cloned().collect()),
        HeadAt::First => (parts.first(), parts.iter().skip(1).cloned().collect()),
    };
    let Some(head) = head else { return out };
    out.push((head.clone(), beside));
    if parts.len() > 1 && (at == HeadAt::Last || phrase.contains('-')) {
        for joined in [parts.join("-"), parts.concat()] {
            out.push((CompactString::from(joined), Vec::new()));
        }
    }
    out
}

/// Whether the words stand beside `t`: right before it for a noun, within four words after it for a verb.
pub fn stands_beside(tree: Tree, t: usize, beside: &[CompactString], at: HeadAt) -> bool {
    let tokens = &tree.s.tokens;
    let is = |i: usize, w: &CompactString| tree.lemma(i) == w.as_str() || tokens.get(i).is_some_and(|k| k.form.eq_ignore_ascii_case(w));
    match at {
        HeadAt::Last => {
            let mut i = t;
            beside.iter().all(|w| {
                while i > 0 && tokens.get(i - 1).is_some_and(|k| k.form == "-") {
                    i -= 1;
                }
                i > 0 && {
                    i -= 1;
                    is(i, w)
                }
            })
        }
        HeadAt::First => {
            let mut from = t + 1;
            beside.iter().all(|w| match (from..(t + 5).max(from + 1)).find(|&i| is(i, w)) {
                Some(i) => {
                    from = i + 1;
                    true
                }
                None => false,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_one_word_or_several() {
        let w = Words::new(&["cease-fire".into(), "ACTOR:MIL|REB".into()], HeadAt::Last);
        assert!(w.has_lemma("ceasefire") && w.has_lemma("cease-fire") && !w.has_lemma("fire"));
        assert_eq!(w.actors, [vec!["MIL".to_owned(), "REB".to_owned()]]);
    }
}
