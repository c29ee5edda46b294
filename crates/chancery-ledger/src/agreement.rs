//! How far several readers agree on the same things, beyond what chance gives.

use std::collections::BTreeMap;

/// Cohen's kappa of two raters (Cohen 1960): pairs of labels, one pair a thing that both rated. None where there is nothing, or where
/// both use one and the same label throughout, so that chance alone explains everything.
pub fn kappa<L: Ord>(pairs: &[(L, L)]) -> Option<f64> {
    let n = pairs.len() as f64;
    if pairs.is_empty() {
        return None;
    }
    let mut margins: BTreeMap<&L, (f64, f64)> = BTreeMap::new();
    for (a, b) in pairs {
        margins.entry(a).or_default().0 += 1.0;
        margins.entry(b).or_default().1 += 1.0;
    }
    let observed = pairs.iter().filter(|(a, b)| a == b).count() as f64 / n;
    let chance: f64 = margins.values().map(|(a, b)| a * b).sum::<f64>() / (n * n);
    (chance < 1.0).then(|| (observed - chance) / (1.0 - chance))
}

/// Krippendorff's alpha for nominal labels (Krippendorff 2011): the labels given to each thing, by however many raters. Things with
/// fewer than two labels count for nothing. None where nothing can be compared or nothing varies.
pub fn alpha<L: Ord>(units: &[Vec<L>]) -> Option<f64> {
    let mut totals: BTreeMap<&L, f64> = BTreeMap::new();
    let mut disagreement = 0.0;
    for unit in units.iter().filter(|u| u.len() > 1) {
        let mut counts: BTreeMap<&L, f64> = BTreeMap::new();
        for label in unit {
            *counts.entry(label).or_default() += 1.0;
            *totals.entry(label).or_default() += 1.0;
        }
        let m = unit.len() as f64;
        // Ordered pairs of different labels within the thing, each weighing 1 / (m - 1).
        disagreement += (m * m - counts.values().map(|c| c * c).sum::<f64>()) / (m - 1.0);
    }
    let n: f64 = totals.values().sum();
    let expected = n * n - totals.values().map(|c| c * c).sum::<f64>();
    (expected > 0.0).then(|| 1.0 - (n - 1.0) * disagreement / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 0.0005, "{found} is not {expected}");
    }

    /// Two readers of fifty proposals: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no. By hand: (.70 - .50) / (1 - .50).
    #[test]
    fn kappa_of_fifty_proposals() {
        let cells = [((true, true), 20), ((true, false), 5), ((false, true), 10), ((false, false), 15)];
        let pairs: Vec<(bool, bool)> = cells.iter().flat_map(|&(pair, n)| std::iter::repeat_n(pair, n)).collect();
        near(kappa(&pairs), 0.4);
        assert_eq!(kappa::<u8>(&[]), None);
        assert_eq!(kappa(&[(1, 1), (1, 1)]), None);
    }

    /// The worked examples of Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), A to C.
    #[test]
    fn alpha_of_the_worked_examples() {
        let two = |a: &str, b: &str| -> Vec<Vec<char>> { a.chars().zip(b.chars()).map(|(x, y)| vec![x, y]).collect() };
        near(alpha(&two("0100000010", "1110010000")), 0.095);
        near(alpha(&two("aabbdcccedda", "babbbccceddd")), 0.692);
        let four = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];
        let unit = |n: usize| four.iter().filter_map(|r| r.chars().nth(n)).filter(|c| *c != '.').collect::<Vec<char>>();
        near(alpha(&(0..12).map(unit).collect::<Vec<_>>()), 0.743);
        assert_eq!(alpha(&[vec![1, 1], vec![1]]), None);
    }
}
