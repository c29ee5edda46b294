//! `eval/baseline.json`: what this build measures on which gold, and the floors it must not fall below.
//!
//! Floors rise with what is measured and are lowered only on purpose. Gold itself is not in the repository;
//! its hash is, so that a score is never compared with one on other data.

use super::{Scored, report, score_file, task};
use crate::{Error, Result};
use chancery::Coder;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Fractions may fall this far below what was measured when the floor was set: room for small trades.
const SLACK: f64 = 0.01;

/// Metrics where less is better: their bound is a ceiling.
const LESS_IS_BETTER: &[&str] = &["events_per_sentence", "spurious", "wrongly_occurred"];

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    pub about: String,
    pub files: Vec<Entry>,
}

/// One gold file under one task.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub task: String,
    /// Below the folder of gold (`../shared`), with `/`; what begins with `eval/` is our own and lies in the repository.
    pub path: String,
    /// What below the folder of gold holds the texts of a file that has only their ids and offsets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts: Option<String>,
    #[serde(default)]
    pub sha256: String,
    #[serde(default)]
    pub n: usize,
    /// What was measured last.
    #[serde(default)]
    pub metrics: Map<String, Value>,
    /// Least allowed value by metric; the most allowed one where less is better.
    #[serde(default)]
    pub floors: BTreeMap<String, f64>,
}

/// A metric beyond its bound.
#[derive(Debug, PartialEq)]
pub struct Breach {
    pub key: String,
    pub floor: f64,
    /// None where it was not measured at all.
    pub measured: Option<f64>,
}

impl Baseline {
    pub fn load(path: &Path) -> Result<Self> {
        let failed = |what: String| Error::new("E0414", what, path.display().to_string(), "restore it from the repository");
        let text = std::fs::read_to_string(path).map_err(|e| failed(format!("the baseline cannot be read: {e}")))?;
        serde_json::from_str(&text).map_err(|e| failed(format!("the baseline is malformed: {e}")))
    }

    pub fn save(&self, path: &Path) -> Result<()> {
        let value = serde_json::to_value(self).unwrap_or_default();
        std::fs::write(path, format!("{value:#}\n")).map_err(|e| {
            Error::new(
                "E0414",
                format!("the baseline cannot be written: {e}"),
                path.display().to_string(),
                "check the folder's permissions",
            )
        })
    }
}

impl Entry {
    /// Where the gold lies.
    pub fn file(&self, shared: &Path) -> PathBuf {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = if self.path.starts_with("eval/") { own } else { shared.to_owned() };
        self.path.split('/').fold(folder, |p, part| p.join(part))
    }

    /// Whether the gold and its texts are there.
    pub fn is_here(&self, shared: &Path) -> bool {
        self.file(shared).exists() && self.texts.as_ref().is_none_or(|t| shared.join(t).exists())
    }

    /// Scores the entry's gold with `coder`. E0415 where the gold is another file than the floors were set on.
    pub fn measure(&self, coder: &Coder, shared: &Path) -> Result<Scored> {
        score_file(task(&self.task)?, coder, &self.file(shared), None)
    }

    /// The gold's hash is the one the floors were set on; E0415 otherwise.
    pub fn check_gold(&self, scored: &Scored) -> Result<()> {
        if self.sha256 == scored.sha256 {
            return Ok(());
        }
        Err(Error::new("E0415", "the gold changed since the floors were set", scored.path.clone(), "measure anew with `just baseline`"))
    }

    /// Metrics beyond their bounds.
    pub fn breaches(&self, scored: &Scored) -> Vec<Breach> {
        let measured = |key: &str| scored.metrics.iter().find(|m| m.key == key).and_then(|m| m.value);
        let beyond =
            |key: &str, floor: f64, value: f64| if LESS_IS_BETTER.contains(&key) { value > floor + 1e-9 } else { value < floor - 1e-9 };
        let breach = |(key, &floor): (&String, &f64)| {
            let value = measured(key);
            value.is_none_or(|v| beyond(key, floor, v)).then(|| Breach { key: key.clone(), floor, measured: value })
        };
        self.floors.iter().filter_map(breach).collect()
    }

    /// Takes over what was measured; floors rise with it, and fall only where `lower` says so.
    pub fn update(&mut self, scored: &Scored, lower: bool) {
        self.sha256 = scored.sha256.clone();
        self.n = scored.n;
        if let Value::Object(metrics) = report::metrics(&scored.metrics) {
            self.metrics = metrics;
        }
        let mut floors = BTreeMap::new();
        for m in scored.metrics.iter().filter(|m| m.main) {
            let Some(value) = m.value else { continue };
            let less = LESS_IS_BETTER.contains(&m.key.as_str());
            let bound = match (less, value.fract() == 0.0 && value > 1.0) {
                (true, true) => value,
                (true, false) => value + SLACK,
                (false, _) => (value - SLACK).max(0.0),
            };
            let bound = (bound * 1000.0).round() / 1000.0;
            let old = self.floors.get(&m.key).copied();
            let kept = match old {
                Some(old) if !lower => {
                    if less {
                        old.min(bound)
                    } else {
                        old.max(bound)
                    }
                }
                _ => bound,
            };
            floors.insert(m.key.clone(), kept);
        }
        // A floor whose metric is gone stays until it is dropped on purpose.
        if !lower {
            for (key, floor) in &self.floors {
                floors.entry(key.clone()).or_insert(*floor);
            }
        }
        self.floors = floors;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Metric;

    fn scored(values: &[(&str, f64)]) -> Scored {
        let metrics = values.iter().map(|(k, v)| Metric::main(*k, Some(*v))).collect();
        Scored { path: "x".into(), sha256: "1".into(), n: 1, metrics, cases: Vec::new() }
    }
    fn entry() -> Entry {
        Entry {
            task: "t".into(),
            path: "gold/x".into(),
            texts: None,
            sha256: String::new(),
            n: 0,
            metrics: Map::new(),
            floors: BTreeMap::new(),
        }
    }

    #[test]
    fn floors_rise_and_fall_only_on_purpose() {
        let mut e = entry();
        e.update(&scored(&[("f1", 0.5), ("wrongly_occurred", 4.0)]), false);
        assert_eq!(e.floors, BTreeMap::from([("f1".into(), 0.49), ("wrongly_occurred".into(), 4.0)]));
        assert_eq!(e.breaches(&scored(&[("f1", 0.495), ("wrongly_occurred", 4.0)])), []);
        assert_eq!(e.breaches(&scored(&[("f1", 0.48), ("wrongly_occurred", 5.0)])).len(), 2);
        assert_eq!(e.breaches(&scored(&[("f1", 0.6)]))[0].measured, None, "a metric that is gone is a breach");
        e.update(&scored(&[("f1", 0.4), ("wrongly_occurred", 6.0)]), false);
        assert_eq!(e.floors["f1"], 0.49);
        assert_eq!(e.floors["wrongly_occurred"], 4.0);
        e.update(&scored(&[("f1", 0.6), ("wrongly_occurred", 2.0)]), false);
        assert_eq!((e.floors["f1"], e.floors["wrongly_occurred"]), (0.59, 2.0));
        e.update(&scored(&[("f1", 0.4)]), true);
        assert_eq!(e.floors, BTreeMap::from([("f1".into(), 0.39)]));
    }

    #[test]
    fn other_gold_is_not_compared() {
        assert!(entry().check_gold(&scored(&[])).is_err());
        let mut e = entry();
        e.update(&scored(&[]), false);
        assert!(e.check_gold(&scored(&[])).is_ok());
    }
}
