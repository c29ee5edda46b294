//! What a sample says about the whole ledger: precision, recall, and counts corrected for error.
//!
//! A report stands for as many as its stratum holds for each that was read. Shares are ratios of weighted sums over reports; their variance is
//! that of a stratified sample of clusters (linearised, with the finite population correction), their interval Wilson's at the number of events
//! that would give this variance (Korn and Graubard 1998), at most those seen. Where two people read a report, each counts half.

use super::Audit;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::query::{Filter, Period, Sql};
use crate::reading::{Label, Reading};
use chancery::record::EventType;
use rusqlite::params_from_iter;
use std::collections::BTreeMap;

/// 97.5% of the normal distribution lie below this.
const Z: f64 = 1.959_963_984_540_054;

/// A share with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Events seen that it rests on (each reader's counts its part).
    pub n: f64,
}

/// How well a type is coded.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// A PLOVER type, or "all".
    pub kind: String,
    /// Of the events coded, how many are of this type and have the status asked for.
    pub precision: Option<Rate>,
    /// Of the events there are, how many were coded as such.
    pub recall: Option<Rate>,
    /// Of the events coded, how many are right in every field.
    pub exact: Option<Rate>,
    /// True events for each coded one: what counts are to be multiplied by.
    pub factor: Option<Rate>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    pub estimates: Vec<Estimate>,
    /// Name, reports in all, drawn, read whole.
    pub strata: Vec<(String, i64, i64, i64)>,
    pub readers: Vec<String>,
}

/// A count of a period, as it stands and corrected.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    pub period: String,
    pub kind: String,
    pub events: i64,
    /// None where the sample holds no coded event of the type.
    pub corrected: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// Sums over one report.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    coded: f64,
    truth: f64,
    right: f64,
    exact: f64,
}

/// A report that was read: its stratum and its sums by type.
struct Cluster {
    stratum: usize,
    sums: BTreeMap<String, Sums>,
}

/// The name of all types together.
const ALL: &str = "all";

/// What a report adds up to. Only events of these statuses count (none: any).
fn sums(reading: &Reading, arbiter: Option<&str>, statuses: &[String]) -> Option<BTreeMap<String, Sums>> {
    let done: Vec<_> = reading.readers.iter().filter(|(_, r)| r.complete).collect();
    let decides = done.iter().find(|(who, _)| Some(who.as_str()) == arbiter);
    let readers = decides.map_or_else(|| done.clone(), |d| vec![*d]);
    if readers.is_empty() {
        return None;
    }
    let share = 1.0 / readers.len() as f64;
    let counts = |l: &Label| statuses.is_empty() || statuses.contains(&l.status);
    let mut found: BTreeMap<String, Sums> = BTreeMap::new();
    let mut add = |label: &Label, with: &dyn Fn(&mut Sums)| {
        for kind in [ALL, &label.kind] {
            with(found.entry(kind.to_owned()).or_default());
        }
    };
    for (_, reader) in readers {
        for coded in &reading.coded {
            let said = reader.on(coded).flatten();
            let truth = said.filter(&counts);
            if counts(&coded.label) {
                add(&coded.label, &|s| s.coded += share);
                if truth.as_ref().is_some_and(|t| t.kind == coded.label.kind) {
                    add(&coded.label, &|s| s.right += share);
                }
                if truth.as_ref() == Some(&coded.label) {
                    add(&coded.label, &|s| s.exact += share);
                }
            }
            if let Some(t) = &truth {
                add(t, &|s| s.truth += share);
            }
        }
        for (_, label) in reader.added.iter().filter(|(_, l)| counts(l)) {
            add(label, &|s| s.truth += share);
        }
    }
    Some(found)
}

/// The sample with the weights of its strata.
struct Sample {
    clusters: Vec<Cluster>,
    /// Reports in all and read.
    strata: Vec<(f64, f64)>,
}

impl Sample {
    fn weight(&self, c: &Cluster) -> f64 {
        let (all, read) = self.strata[c.stratum];
        all / read.max(1.0)
    }

    /// Variance of a weighted sum. Strata of which one report was read are taken together.
    fn variance(&self, of: impl Fn(&Cluster) -> f64) -> f64 {
        let mut groups: BTreeMap<Option<usize>, (Vec<f64>, f64, f64)> = BTreeMap::new();
        for c in &self.clusters {
            let (all, read) = self.strata[c.stratum];
            let group = groups.entry((read > 1.0).then_some(c.stratum)).or_default();
            group.0.push(self.weight(c) * of(c));
            group.1 += all / read.max(1.0);
            group.2 += 1.0;
        }
        groups
            .values()
            .filter(|(values, ..)| values.len() > 1)
            .map(|(values, all, read)| {
                let n = values.len() as f64;
                let mean = values.iter().sum::<f64>() / n;
                let spread: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
                (1.0 - read / all.max(*read)) * n / (n - 1.0) * spread
            })
            .sum()
    }

    /// A ratio of two sums over reports, its variance, and the events that its denominator saw.
    fn ratio(&self, kind: &str, top: fn(&Sums) -> f64, bottom: fn(&Sums) -> f64) -> Option<(f64, f64, f64, f64)> {
        let get = |c: &Cluster, of: fn(&Sums) -> f64| c.sums.get(kind).map_or(0.0, of);
        let total = |of: fn(&Sums) -> f64| self.clusters.iter().map(|c| self.weight(c) * get(c, of)).sum::<f64>();
        let (t, b) = (total(top), total(bottom));
        if b <= 0.0 {
            return None;
        }
        let value = t / b;
        let variance = self.variance(|c| (get(c, top) - value * get(c, bottom)) / b);
        let seen: f64 = self.clusters.iter().map(|c| get(c, bottom)).sum();
        let squares: f64 = self.clusters.iter().map(|c| self.weight(c) * self.weight(c) * get(c, bottom)).sum();
        Some((value, variance, seen, b * b / squares))
    }

    fn share(&self, kind: &str, top: fn(&Sums) -> f64, bottom: fn(&Sums) -> f64) -> Option<Rate> {
        let (p, variance, seen, kish) = self.ratio(kind, top, bottom)?;
        let n = if variance > 0.0 && p > 0.0 && p < 1.0 { p * (1.0 - p) / variance } else { kish };
        let (low, high) = wilson(p, n.min(seen));
        Some(Rate { value: p, low, high, n: seen })
    }

    /// True events a coded one, with an interval that cannot fall below 0.
    fn factor(&self, kind: &str) -> Option<Rate> {
        let (value, variance, n, _) = self.ratio(kind, |s| s.truth, |s| s.coded)?;
        let spread = if value > 0.0 { (Z * variance.sqrt() / value).exp() } else { 1.0 };
        Some(Rate { value, low: value / spread, high: value * spread, n })
    }
}

/// Wilson's score interval of a share of `n` things.
fn wilson(p: f64, n: f64) -> (f64, f64) {
    let z2 = Z * Z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

impl Ledger {
    /// What the reports read so far say. `arbiter`: whose reading alone counts where they read a report; `statuses`: of which events.
    pub fn findings(&self, audit: &Audit, arbiter: Option<&str>, statuses: &[String]) -> Result<Findings> {
        let failed = self.failed();
        let readings = self.readings(Some(audit.number))?;
        let mut select =
            self.conn.prepare("SELECT name, population FROM audit_stratum WHERE audit = ?1 ORDER BY stratum").map_err(&failed)?;
        let rows = select.query_map([audit.number], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)));
        let named: Vec<(String, i64)> = rows.and_then(Iterator::collect).map_err(&failed)?;
        let mut drawn = vec![0_i64; named.len()];
        let mut read = vec![0_i64; named.len()];
        let mut clusters = Vec::new();
        let mut readers: Vec<String> = Vec::new();
        for reading in &readings {
            let stratum = reading.stratum as usize;
            drawn[stratum] += 1;
            readers.extend(reading.readers.keys().filter(|r| !readers.contains(r)).cloned().collect::<Vec<_>>());
            if let Some(sums) = sums(reading, arbiter, statuses) {
                read[stratum] += 1;
                clusters.push(Cluster { stratum, sums });
            }
        }
        readers.sort();
        let strata = named.iter().zip(&read).map(|((_, all), read)| (*all as f64, *read as f64)).collect();
        let sample = Sample { clusters, strata };
        let kinds = std::iter::once(ALL).chain(EventType::ALL.iter().map(|t| t.as_str()));
        let estimates = kinds.map(|kind| Estimate {
            kind: kind.to_owned(),
            precision: sample.share(kind, |s| s.right, |s| s.coded),
            recall: sample.share(kind, |s| s.right, |s| s.truth),
            exact: sample.share(kind, |s| s.exact, |s| s.coded),
            factor: sample.factor(kind),
        });
        let strata = named.iter().zip(drawn).zip(read).map(|(((name, all), drawn), read)| (name.clone(), *all, drawn, read)).collect();
        Ok(Findings { estimates: estimates.collect(), strata, readers })
    }

    /// Counts of the coder's events by period and type, as they stand and as the sample corrects them.
    pub fn corrected(&self, findings: &Findings, filter: &Filter, by: Period) -> Result<Vec<Corrected>> {
        let failed = self.failed();
        let mut sql = Sql::default();
        sql.when(format!("e.decision IS NULL AND e.day IS NOT NULL AND e.days BETWEEN 1 AND {}", by.widest()));
        filter.codings(&mut sql);
        filter.report(&mut sql);
        sql.among("e.status", &filter.statuses);
        let text = format!(
            "SELECT {}, e.type, count(DISTINCT e.key) FROM coding c JOIN event e USING (cid) JOIN report r ON r.rid = c.rid JOIN outlet o USING (outlet){}
             GROUP BY 1, 2 ORDER BY 1, 2",
            by.of("e.day"),
            sql.filter()
        );
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let rows = select.query_map(params_from_iter(sql.values), |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)));
        let counts: Vec<(String, String, i64)> = rows.and_then(Iterator::collect).map_err(&failed)?;
        let of = |(period, kind, events): (String, String, i64)| {
            let factor = findings.estimates.iter().find(|e| e.kind == kind).and_then(|e| e.factor);
            let times = |x: fn(Rate) -> f64| factor.map(|f| events as f64 * x(f));
            Corrected { corrected: times(|f| f.value), low: times(|f| f.low), high: times(|f| f.high), period, kind, events }
        };
        Ok(counts.into_iter().map(of).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wilson's interval of 81 in 263 (Newcombe 1998, table I, method 3): .2553 to .3662.
    #[test]
    fn wilson_of_a_published_share() {
        let (low, high) = wilson(81.0 / 263.0, 263.0);
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
        let (low, high) = wilson(0.0, 20.0);
        assert!(low == 0.0 && (high - 0.1611).abs() < 5e-5, "{high}");
    }

    fn cluster(stratum: usize, coded: f64, right: f64, truth: f64) -> Cluster {
        let sums = Sums { coded, truth, right, exact: right };
        Cluster { stratum, sums: [(ALL.to_owned(), sums)].into() }
    }

    /// Two strata, by hand: weights 10 and 1. Precision (10·1 + 1·1) / (10·1 + 1·2 ) = 11/12.
    #[test]
    fn strata_weigh_what_they_stand_for() {
        let clusters = vec![cluster(0, 1.0, 1.0, 2.0), cluster(0, 0.0, 0.0, 0.0), cluster(1, 1.0, 1.0, 1.0), cluster(1, 1.0, 0.0, 0.0)];
        let sample = Sample { clusters, strata: vec![(20.0, 2.0), (2.0, 2.0)] };
        let p = sample.share(ALL, |s| s.right, |s| s.coded).unwrap();
        assert!((p.value - 11.0 / 12.0).abs() < 1e-12 && p.n == 3.0 && p.low < p.value && p.value < p.high, "{p:?}");
        let r = sample.share(ALL, |s| s.right, |s| s.truth).unwrap();
        assert!((r.value - 11.0 / 21.0).abs() < 1e-12);
        assert!((sample.factor(ALL).unwrap().value - 21.0 / 12.0).abs() < 1e-12);
        // The second stratum is read whole: it adds no variance. The first: values 0 and 10, half their difference squared, times 18/20.
        let variance = sample.variance(|c| c.sums[ALL].coded);
        assert!((variance - 0.9 * 2.0 * 50.0).abs() < 1e-9, "{variance}");
    }
}
