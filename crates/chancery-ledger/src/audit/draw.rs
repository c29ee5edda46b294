//! Drawing: strata of reports, how many of each, and which.

use crate::error::{Error, Result, store};
use crate::ids;
use crate::query::{Filter, Period, Sql};
use crate::writer::Writer;
use jiff::Timestamp;
use rusqlite::{params, params_from_iter};
use std::collections::BTreeMap;

/// What strata are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stratify {
    /// The rarest type, in the ledger, of the report's events; "none" for a report without events.
    Type,
    /// When it was published.
    Period(Period),
    Outlet,
    Language,
}

/// A stratum: reports in all and drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stratum {
    pub name: String,
    pub population: i64,
    pub drawn: i64,
}

/// What was drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub number: i64,
    pub strata: Vec<Stratum>,
}

/// Reports that a stratum gets at least, to tell how they differ.
const LEAST: usize = 2;

/// The stratum of what is too rare to have its own.
const REST: &str = "other";

struct Unit {
    rid: i64,
    cid: i64,
    order: i64,
}

impl Writer {
    /// Draws `n` reports (all, where there are fewer) and queues them. The same ledger, seed and question give the same sample. E0541 where there is
    /// nothing to draw from.
    pub fn draw(&mut self, filter: &Filter, query: &str, by: &[Stratify], names: &str, n: usize, seed: i64) -> Result<Drawn> {
        let mut strata = self.strata(filter, by, seed)?;
        if strata.is_empty() || n == 0 {
            let place = self.ledger().path().display().to_string();
            return Err(Error::new("E0541", "there is no report to draw", place, "add reports, or ask for more of them"));
        }
        pool(&mut strata, n / LEAST);
        let sizes: Vec<usize> = strata.values().map(Vec::len).collect();
        let shares = allocate(&sizes, n);
        let mut drawn: Vec<(i64, i64, i64, usize)> = Vec::new();
        let mut told = Vec::new();
        for (at, ((name, units), share)) in strata.iter_mut().zip(&shares).enumerate() {
            units.sort_by_key(|u| (u.order, u.rid));
            drawn.extend(units[..*share].iter().map(|u| (u.order, u.rid, u.cid, at)));
            told.push(Stratum { name: name.clone(), population: units.len() as i64, drawn: *share as i64 });
        }
        // Readers meet the strata mixed.
        drawn.sort_unstable();
        let path = self.ledger().path().to_owned();
        let now = Timestamp::now().as_millisecond();
        self.change(|conn, _| {
            let run = || {
                let sql = "INSERT INTO audit (added, seed, n, strata, query) VALUES (?1, ?2, ?3, ?4, ?5)";
                conn.execute(sql, params![now, seed, n as i64, names, query])?;
                let number = conn.last_insert_rowid();
                let sql = "INSERT INTO audit_stratum (audit, stratum, name, population) VALUES (?1, ?2, ?3, ?4)";
                for (at, s) in told.iter().enumerate() {
                    conn.execute(sql, params![number, at as i64, s.name, s.population])?;
                }
                let mut insert = conn.prepare("INSERT INTO audit_report (audit, place, rid, cid, stratum) VALUES (?1, ?2, ?3, ?4, ?5)")?;
                for (place, (_, rid, cid, at)) in drawn.iter().enumerate() {
                    insert.execute(params![number, place as i64, rid, cid, *at as i64])?;
                }
                Ok(Drawn { number, strata: told })
            };
            run().map_err(|e| store(e, &path))
        })
    }

    /// Reports by stratum.
    fn strata(&self, filter: &Filter, by: &[Stratify], seed: i64) -> Result<BTreeMap<String, Vec<Unit>>> {
        let ledger = self.ledger();
        let failed = |e| store(e, ledger.path());
        let mut sql = Sql::default();
        filter.codings(&mut sql);
        filter.report(&mut sql);
        let key = |s: &Stratify| match s {
            // Of the report's types the one with the fewest events in all; the name decides between equals.
            Stratify::Type => {
                "coalesce((SELECT e.type FROM event e JOIN often f ON f.type = e.type WHERE e.cid = c.cid AND e.decision IS NULL
                ORDER BY f.n, e.type LIMIT 1), 'none')"
                    .to_owned()
            }
            Stratify::Period(by) => format!("coalesce({}, 'undated')", by.of("c.published")),
            Stratify::Outlet => "o.name".to_owned(),
            Stratify::Language => "coalesce(c.language, '')".to_owned(),
        };
        let keys: Vec<String> = if by.is_empty() { vec!["'all'".to_owned()] } else { by.iter().map(key).collect() };
        let text = format!(
            "WITH often AS MATERIALIZED (SELECT type, count(*) AS n FROM event WHERE decision IS NULL GROUP BY type)
             SELECT c.rid, c.cid, r.id, {} FROM coding c JOIN report r USING (rid) JOIN outlet o USING (outlet){}",
            keys.join(" || ' / ' || "),
            sql.filter()
        );
        let mut select = ledger.conn.prepare(&text).map_err(failed)?;
        let mut rows = select.query(params_from_iter(sql.values)).map_err(failed)?;
        let mut strata: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
        while let Some(r) = rows.next().map_err(failed)? {
            let id: [u8; 16] = r.get(2).map_err(failed)?;
            // Of content and seed alone: whatever order the reports came in.
            let order = ids::short(&[&seed.to_be_bytes(), &id]);
            let unit = Unit { rid: r.get(0).map_err(failed)?, cid: r.get(1).map_err(failed)?, order };
            strata.entry(r.get(3).map_err(failed)?).or_default().push(unit);
        }
        Ok(strata)
    }
}

/// Pools the smallest strata until there are no more than `most`.
fn pool(strata: &mut BTreeMap<String, Vec<Unit>>, most: usize) {
    let most = most.max(1);
    if strata.len() <= most {
        return;
    }
    let mut sizes: Vec<(usize, String)> = strata.iter().map(|(name, units)| (units.len(), name.clone())).collect();
    sizes.sort();
    // One place is for what is pooled.
    for (_, name) in sizes.iter().take(strata.len() - most + 1) {
        let units = strata.remove(name).unwrap_or_default();
        strata.entry(REST.to_owned()).or_default().extend(units);
    }
}

/// Shares of `n` by the square root of each size: large strata get more, rare ones enough to say something. At least [`LEAST`]
/// each as far as `n` goes, never more than there are.
fn allocate(sizes: &[usize], n: usize) -> Vec<usize> {
    let n = n.min(sizes.iter().sum());
    let mut shares = vec![0_usize; sizes.len()];
    for _ in 0..n {
        let first = |i: usize| shares[i] < LEAST.min(sizes[i]);
        // The next goes where the share is smallest beside its weight.
        let need = |i: usize| (shares[i] as f64 + 0.5) / (sizes[i] as f64).sqrt();
        let open = (0..sizes.len()).filter(|&i| shares[i] < sizes[i]);
        let next = open.min_by(|&a, &b| (!first(a), need(a)).partial_cmp(&(!first(b), need(b))).unwrap_or(std::cmp::Ordering::Equal));
        match next {
            Some(i) => shares[i] += 1,
            None => break,
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_the_square_root() {
        assert_eq!(allocate(&[10_000, 100, 1], 111), [100, 10, 1]);
        assert_eq!(allocate(&[3, 2], 300), [3, 2]);
        assert_eq!(allocate(&[1000, 1000, 1000], 4).iter().sum::<usize>(), 4);
        assert!(allocate(&[100_000, 4, 4], 20)[1..].iter().all(|&s| s >= LEAST));
    }

    #[test]
    fn small_strata_are_pooled() {
        let units = |n: i64| (0..n).map(|rid| Unit { rid, cid: rid, order: rid }).collect::<Vec<_>>();
        let mut strata: BTreeMap<String, Vec<Unit>> =
            [("a", 9), ("b", 1), ("c", 2), ("d", 5)].map(|(name, n)| (name.to_owned(), units(n))).into();
        pool(&mut strata, 3);
        assert_eq!(strata.iter().map(|(n, u)| (n.as_str(), u.len())).collect::<Vec<_>>(), [("a", 9), ("d", 5), (REST, 3)]);
    }
}
