//! 95% intervals by drawing cases with replacement, from a fixed seed.

use super::{Case, Counts, Metric, Task};
use std::collections::BTreeMap;

const DRAWS: usize = 1000;
const SEED: u64 = 0x5EED_0C4A_9CE2_1980;

/// The task's metrics over all cases, the main ones with their intervals.
pub fn with_intervals(task: &dyn Task, cases: &[Case]) -> Vec<Metric> {
    let columns = Columns::of(cases);
    let mut metrics = task.metrics(&columns.total(0..cases.len()));
    let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut random = SplitMix(SEED);
    for _ in 0..DRAWS {
        let drawn = (0..cases.len()).map(|_| random.below(cases.len()));
        for m in task.metrics(&columns.total(drawn)) {
            if let (true, Some(v)) = (m.main, m.value) {
                values.entry(m.key).or_default().push(v);
            }
        }
    }
    for m in metrics.iter_mut().filter(|m| m.main && m.value.is_some()) {
        if let Some(v) = values.get_mut(&m.key) {
            v.sort_by(f64::total_cmp);
            m.interval = Some((quantile(v, 0.025), quantile(v, 0.975)));
        }
    }
    metrics
}

fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = (q * (sorted.len() as f64 - 1.0)).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// The cases' counts as rows of numbers, so that a thousand draws cost little.
struct Columns<'a> {
    names: Vec<&'a str>,
    rows: Vec<Vec<(usize, f64)>>,
}

impl<'a> Columns<'a> {
    fn of(cases: &'a [Case]) -> Self {
        let mut index: BTreeMap<&str, usize> = BTreeMap::new();
        let mut names = Vec::new();
        let rows = cases
            .iter()
            .map(|case| {
                let column = |(name, n): (&'a str, f64)| {
                    let i = *index.entry(name).or_insert_with(|| {
                        names.push(name);
                        names.len() - 1
                    });
                    (i, n)
                };
                case.counts.iter().map(column).collect()
            })
            .collect();
        Columns { names, rows }
    }
    fn total(&self, chosen: impl Iterator<Item = usize>) -> Counts {
        let mut sums = vec![0.0; self.names.len()];
        for case in chosen {
            for &(column, n) in &self.rows[case] {
                sums[column] += n;
            }
        }
        let mut counts = Counts::default();
        for (name, sum) in self.names.iter().zip(sums) {
            counts.add((*name).to_owned(), sum);
        }
        counts
    }
}

/// SplitMix64: small, and the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// A number below `n`, even to one part in 2^64 / n.
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Result;
    use crate::eval::Unit;
    use chancery::Coder;

    struct Share;
    impl Task for Share {
        fn name(&self) -> &'static str {
            "share"
        }
        fn score(&self, _: &Coder, _: &Unit) -> Result<Case> {
            Ok(Case::default())
        }
        fn metrics(&self, total: &Counts) -> Vec<Metric> {
            vec![Metric::main("share", crate::eval::counts::ratio(total.get("right"), total.get("all")))]
        }
    }

    fn cases(right: usize, all: usize) -> Vec<Case> {
        (0..all)
            .map(|i| {
                let mut counts = Counts::default();
                counts.count("all");
                if i < right {
                    counts.count("right");
                }
                Case { counts, ..Case::default() }
            })
            .collect()
    }

    /// For a share of .5 of 400 the normal interval is .5 ± 1.96 · .025.
    #[test]
    fn interval_has_the_known_width() {
        let metrics = with_intervals(&Share, &cases(200, 400));
        assert_eq!(metrics[0].value, Some(0.5));
        let (lo, hi) = metrics[0].interval.unwrap();
        assert!((lo - 0.451).abs() < 0.01 && (hi - 0.549).abs() < 0.01, "{lo} {hi}");
    }

    #[test]
    fn same_seed_same_interval() {
        assert_eq!(with_intervals(&Share, &cases(3, 10)), with_intervals(&Share, &cases(3, 10)));
    }
}
