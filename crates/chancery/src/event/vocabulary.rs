//! Dictionary forms as the codebook knows them. The lemmatiser learns endings from treebanks and may cut a word the
//! treebanks lack to a stem that is none ("boycotted" to "boycot"); a word of the codebook is then the better reading.

use crate::model::{Sentence, Token};
use crate::parse::ud::Upos;
use compact_str::CompactString;
use std::collections::HashSet;

/// Words that entries, classes or the embedding calculus name. Only asked, never listed: order does not matter.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: HashSet<CompactString>,
}

impl Vocabulary {
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        Vocabulary { words: words.map(CompactString::from).collect() }
    }

    /// The dictionary form of every token.
    pub fn lemmas(&self, s: &Sentence) -> Vec<CompactString> {
        s.tokens.iter().map(|t| self.lemma(t)).collect()
    }

    fn lemma(&self, t: &Token) -> CompactString {
        if self.words.contains(&t.lemma) || !matches!(t.upos, Upos::Verb | Upos::Noun | Upos::Propn | Upos::Adj) {
            return t.lemma.clone();
        }
        let form = t.form.to_lowercase();
        let known = |w: &str| self.words.contains(w).then(|| CompactString::from(w));
        if t.upos == Upos::Verb || t.upos == Upos::Adj {
            for ending in ["ed", "ing", "es", "s", "d"] {
                let Some(stem) = form.strip_suffix(ending).filter(|s| s.len() > 1) else { continue };
                let single = stem
                    .char_indices()
                    .next_back()
                    .filter(|&(i, c)| stem.get(..i).is_some_and(|r| r.ends_with(c)))
                    .and_then(|(i, _)| stem.get(..i));
                let y = stem.strip_suffix('i').map(|r| format!("{r}y"));
                let found = known(stem)
                    .or_else(|| known(&format!("{stem}e")))
                    .or_else(|| single.and_then(known))
                    .or_else(|| y.as_deref().and_then(known));
                if let Some(w) = found {
                    return w;
                }
            }
        } else {
            for (ending, add) in [("ies", "y"), ("es", ""), ("s", "")] {
                if let Some(w) = form.strip_suffix(ending).and_then(|stem| known(&format!("{stem}{add}"))) {
                    return w;
                }
            }
        }
        known(&form).unwrap_or_else(|| t.lemma.clone())
    }
}
