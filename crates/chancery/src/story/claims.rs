//! What the texts of a story say of the same thing: figures, and whether an event occurred. Kept by text, so that a
//! thousand copies are one voice.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Matters, and values of one, that are kept of a story.
const MATTERS: usize = 128;
const VALUES: usize = 32;

/// One thing a report says: the matter ("figure: killed people") and the value ("12").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Claim {
    pub matter: String,
    pub value: String,
}

/// A matter of which independent sources say different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    pub matter: String,
    /// Each value with how many independent sources give it.
    pub values: Vec<(String, usize)>,
}

/// matter → value → texts that give it.
#[derive(Debug, Default)]
pub(super) struct Claims(BTreeMap<String, BTreeMap<String, BTreeSet<u32>>>);

impl Claims {
    pub fn add(&mut self, text: u32, claims: &[Claim]) {
        for claim in claims {
            if self.0.len() >= MATTERS && !self.0.contains_key(&claim.matter) {
                continue;
            }
            let values = self.0.entry(claim.matter.clone()).or_default();
            if values.len() < VALUES || values.contains_key(&claim.value) {
                values.entry(claim.value.clone()).or_default().insert(text);
            }
        }
    }

    /// A text turned out to be another's copy.
    pub fn rename(&mut self, from: u32, into: u32) {
        for texts in self.0.values_mut().flat_map(BTreeMap::values_mut) {
            if texts.remove(&from) {
                texts.insert(into);
            }
        }
    }

    pub fn take(&mut self, other: Claims) {
        for (matter, values) in other.0 {
            for (value, texts) in values {
                for text in texts {
                    self.add(text, &[Claim { matter: matter.clone(), value: value.clone() }]);
                }
            }
        }
    }

    /// Matters with more than one value, told by more than one chain of texts. A source that gives two values itself
    /// (twelve dead, then fifteen) disagrees with nobody.
    pub fn disagreements(&self, chains: &BTreeMap<u32, u32>) -> Vec<Disagreement> {
        let heads = |texts: &BTreeSet<u32>| texts.iter().map(|t| chains.get(t).copied().unwrap_or(*t)).collect::<BTreeSet<u32>>();
        let mut out = Vec::new();
        for (matter, values) in &self.0 {
            let by: Vec<(&String, BTreeSet<u32>)> = values.iter().map(|(v, texts)| (v, heads(texts))).collect();
            let apart = by.iter().enumerate().any(|(i, (_, a))| by.iter().skip(i + 1).any(|(_, b)| a.is_disjoint(b)));
            if apart {
                let values = by.into_iter().map(|(v, heads)| (v.clone(), heads.len())).collect();
                out.push(Disagreement { matter: matter.clone(), values });
            }
        }
        out
    }
}
