//! What type a sentence most likely tells where no entry decides: a linear model over its words, learned from the
//! codebook's own anchors and examples when it is asked for. Sums of small whole steps in a fixed order: the same everywhere.

use super::Codebook;
use crate::data::DataFiles;
use crate::error::Result;
use crate::record::EventType;
use std::collections::{BTreeMap, BTreeSet};

/// Rounds over the examples.
const ROUNDS: usize = 12;
/// Characters of a word that stand for its family, whatever its ending.
const STEM: usize = 5;

/// Weights by feature and type.
#[derive(Debug, Default)]
pub struct Backoff {
    index: BTreeMap<String, usize>,
    /// `TYPES` weights a feature, in the order of [`EventType::ALL`].
    weights: Vec<f64>,
    /// Words that are no features.
    grammatical: BTreeSet<String>,
}

/// A guess with how far it is ahead of the next, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    pub r#type: EventType,
    pub lead: f64,
}

impl Backoff {
    /// Learns from the examples and anchors of these files.
    pub fn learn(codebook: &Codebook, files: &DataFiles) -> Result<Backoff> {
        let grammatical = codebook.languages.values().flat_map(|l| l.modality.grammatical()).map(str::to_owned).collect();
        let mut model = Backoff { grammatical, ..Backoff::default() };
        let texts = texts(codebook, files)?;
        let rows: Vec<(Vec<usize>, usize)> = texts
            .iter()
            .map(|(text, t)| {
                let row = features(text, &model.grammatical).into_iter().map(|f| {
                    let next = model.index.len();
                    *model.index.entry(f).or_insert(next)
                });
                (row.collect(), position(*t))
            })
            .collect();
        let n = EventType::ALL.len();
        let mut now = vec![0.0; model.index.len() * n];
        let mut sums = vec![0.0; model.index.len() * n];
        let mut step = 0.0;
        for _ in 0..ROUNDS {
            for (row, right) in &rows {
                step += 1.0;
                let scores = scores(&now, row);
                let (best, _) = best(&scores, None);
                let (rival, rival_score) = self::best(&scores, Some(*right));
                // A margin as well as the right answer: the averaged perceptron generalises better with one.
                if best == *right && scores.get(*right).is_some_and(|s| s - rival_score >= 1.0) {
                    continue;
                }
                for &f in row {
                    for (t, by) in [(*right, 1.0), (rival, -1.0)] {
                        if let (Some(w), Some(s)) = (now.get_mut(f * n + t), sums.get_mut(f * n + t)) {
                            *w += by;
                            *s += by * step;
                        }
                    }
                }
            }
        }
        // Averaged: the weight minus what the late steps had no time to earn.
        let end = step + 1.0;
        model.weights = now.iter().zip(&sums).map(|(w, s)| w - s / end).collect();
        Ok(model)
    }

    /// The likeliest type of a text.
    pub fn guess(&self, text: &str) -> Guess {
        let row: Vec<usize> = features(text, &self.grammatical).iter().filter_map(|f| self.index.get(f).copied()).collect();
        let scores = scores(&self.weights, &row);
        let (first, top) = best(&scores, None);
        let (_, next) = best(&scores, Some(first));
        let size = scores.iter().fold(0.0, |m: f64, s| m.max(s.abs()));
        let lead = if size > 0.0 { ((top - next) / size).clamp(0.0, 1.0) } else { 0.0 };
        Guess { r#type: EventType::ALL.get(first).copied().unwrap_or_default(), lead }
    }
}

fn position(t: EventType) -> usize {
    EventType::ALL.iter().position(|&x| x == t).unwrap_or(0)
}

fn scores(weights: &[f64], row: &[usize]) -> Vec<f64> {
    let n = EventType::ALL.len();
    let mut out = vec![0.0; n];
    for &f in row {
        for (o, w) in out.iter_mut().zip(weights.get(f * n..(f + 1) * n).unwrap_or(&[])) {
            *o += w;
        }
    }
    out
}

/// The first of the highest scores, one left out.
fn best(scores: &[f64], but: Option<usize>) -> (usize, f64) {
    let mut out = (0, f64::NEG_INFINITY);
    for (i, &s) in scores.iter().enumerate().filter(|(i, _)| Some(*i) != but) {
        if s > out.1 {
            out = (i, s);
        }
    }
    out
}

/// Words in small letters and their beginnings; names and words of grammar are left out.
fn features(text: &str, grammatical: &BTreeSet<String>) -> BTreeSet<String> {
    let named = |w: &str| w.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty() && !named(w) && !grammatical.contains(*w));
    words.flat_map(|w| [w.to_owned(), w.chars().take(STEM).chain(['~']).collect()]).collect()
}

/// Example sentences and anchors with their types, in the order of the files.
fn texts(codebook: &Codebook, files: &DataFiles) -> Result<Vec<(String, EventType)>> {
    let mut of_rule: BTreeMap<&str, EventType> = BTreeMap::new();
    let mut out = Vec::new();
    for language in codebook.languages.values() {
        let lexicon = &language.lexicon;
        of_rule.extend(lexicon.entries.iter().map(|e| (e.rule.as_str(), e.r#type)));
        for (lemma, entries) in lexicon.by_anchor() {
            let types: BTreeSet<EventType> = entries.iter().filter_map(|(i, _)| Some(lexicon.entries.get(*i as usize)?.r#type)).collect();
            out.extend(types.iter().filter(|_| types.len() == 1).map(|&t| (lemma.to_owned(), t)));
        }
    }
    for example in Codebook::examples(files)?.0 {
        let Some(want) = &example.expect else { continue };
        let named = want.r#type.as_deref().and_then(EventType::parse);
        out.extend(named.or_else(|| of_rule.get(example.rule.as_str()).copied()).map(|t| (example.text.clone(), t)));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::Languages;

    #[test]
    fn it_learns_the_types_of_words_and_reads_anything() {
        let files = DataFiles::builtin();
        let model = Backoff::learn(&Codebook::load(&files, &Languages::load(&files).unwrap()).unwrap(), &files).unwrap();
        let guess = |t: &str| model.guess(t).r#type;
        assert_eq!(guess("X condemned the stance of Y"), EventType::Accuse);
        assert_eq!(guess("troops were bombarded and shelled by Y"), EventType::Assault);
        for odd in ["", "\u{0}\u{feff}", "ééé 123 ---"] {
            assert!((0.0..=1.0).contains(&model.guess(odd).lead));
        }
    }
}
