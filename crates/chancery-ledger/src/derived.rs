//! What can be computed from the events that count: pairs of countries, counts by month, reports by outlet and day.
//! It is kept as it changes, in the same transaction.

use crate::grouping;
use chancery::record::{Actor, Event};
use jiff::civil::Date;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// Bits of `dyad.first`: keep an event with several parties from counting twice.
pub const PAIR: i64 = 1;
pub const SOURCE: i64 = 2;
pub const TARGET: i64 = 4;

/// An ordered pair of countries of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dyad {
    pub a: String,
    pub b: String,
    pub first: i64,
}

fn country(actor: &Actor) -> &str {
    actor.country.as_deref().unwrap_or("")
}

/// Pairs of parties: source × target, or every ordered pair of a reciprocal event. A side that nobody is named for is `None`.
pub fn pairs<T>(source: &[T], target: &[T], reciprocal: bool) -> Vec<(Option<usize>, Option<usize>)> {
    if reciprocal && source.len() > 1 {
        let all = 0..source.len();
        return all.clone().flat_map(|i| all.clone().filter(move |&j| i != j).map(move |j| (Some(i), Some(j)))).collect();
    }
    let side = |n: usize| if n == 0 { vec![None] } else { (0..n).map(Some).collect() };
    let (sources, targets) = (side(source.len()), side(target.len()));
    sources.into_iter().flat_map(|s| targets.iter().map(move |&t| (s, t))).collect()
}

/// The pairs of countries of an event. Parties without a country count only where there is no pair with one.
pub fn dyads(e: &Event) -> Vec<Dyad> {
    let other = if e.reciprocal && e.source.len() > 1 { &e.source } else { &e.target };
    let of = |side: &[Actor], i: Option<usize>| i.and_then(|i| side.get(i)).map_or("", country).to_owned();
    let all: Vec<(String, String)> =
        pairs(&e.source, &e.target, e.reciprocal).into_iter().map(|(s, t)| (of(&e.source, s), of(other, t))).collect();
    let known = |p: &(String, String)| usize::from(!p.0.is_empty()) + usize::from(!p.1.is_empty());
    let best = all.iter().map(known).max().unwrap_or(0);
    let (mut seen, mut ways, mut sources, mut targets) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut out = Vec::new();
    for (a, b) in all.into_iter().filter(|p| known(p) == best) {
        if !seen.insert((a.clone(), b.clone())) {
            continue;
        }
        let way = if a <= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
        let mut first = 0;
        first |= if ways.insert(way) { PAIR } else { 0 };
        first |= if sources.insert(a.clone()) { SOURCE } else { 0 };
        first |= if targets.insert(b.clone()) { TARGET } else { 0 };
        out.push(Dyad { a, b, first });
    }
    out
}

/// Days from the first to the last a date can mean; 1 for a day, 0 where there is none.
pub fn days(start: Option<&str>, end: Option<&str>) -> i64 {
    let parse = |s: Option<&str>| s.and_then(|s| s.parse::<Date>().ok());
    let Some(from) = parse(start) else { return 0 };
    let to = parse(end).unwrap_or(from).max(from);
    // Both lie within the years that jiff knows.
    from.until(to).map_or(1, |s| i64::from(s.get_days()) + 1)
}

/// The month an event counts in: of its first day, unless its date is wider than a month.
pub fn month(day: &str, days: i64) -> &str {
    if (1..=31).contains(&days) { day.get(..7).unwrap_or("") } else { "" }
}

type RollupKey = (String, String, String, String, String);
/// Side (a bit, or 0 for all events), country, month, type, status.
type SideKey = (i64, String, String, String, String);

/// Changes that wait for the end of the transaction.
#[derive(Debug, Default)]
pub struct Pending {
    rollup: BTreeMap<RollupKey, [i64; 4]>,
    sides: BTreeMap<SideKey, i64>,
    outlet_days: BTreeMap<(String, i64), [i64; 2]>,
    happenings: BTreeSet<i64>,
}

/// What of an event the pairs are kept with.
#[derive(Debug)]
pub struct Counted<'a> {
    pub eid: i64,
    pub day: &'a str,
    pub days: i64,
    pub kind: &'a str,
    pub status: &'a str,
}

impl Pending {
    /// Counts an event in.
    pub fn link(&mut self, conn: &Connection, e: &Counted<'_>, dyads: &[Dyad]) -> rusqlite::Result<()> {
        let mut insert =
            conn.prepare_cached("INSERT INTO dyad (a, b, day, eid, type, status, days, first) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
        for d in dyads {
            insert.execute(params![d.a, d.b, e.day, e.eid, e.kind, e.status, e.days, d.first])?;
            self.count(d, month(e.day, e.days), e.kind, e.status, 1);
        }
        if !dyads.is_empty() {
            self.count_side(0, "", month(e.day, e.days), e.kind, e.status, 1);
        }
        Ok(())
    }

    /// Counts an event out.
    pub fn unlink(&mut self, conn: &Connection, eid: i64) -> rusqlite::Result<()> {
        let mut select = conn.prepare_cached("SELECT a, b, day, type, status, days, first FROM dyad WHERE eid = ?1")?;
        let mut rows = select.query([eid])?;
        let mut counted = false;
        while let Some(r) = rows.next()? {
            let (day, kind, status, days): (String, String, String, i64) = (r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?);
            let dyad = Dyad { a: r.get(0)?, b: r.get(1)?, first: r.get(6)? };
            self.count(&dyad, month(&day, days), &kind, &status, -1);
            if !std::mem::replace(&mut counted, true) {
                self.count_side(0, "", month(&day, days), &kind, &status, -1);
            }
        }
        drop(rows);
        conn.prepare_cached("DELETE FROM dyad WHERE eid = ?1")?.execute([eid])?;
        Ok(())
    }

    fn count(&mut self, d: &Dyad, month: &str, kind: &str, status: &str, by: i64) {
        let key = (d.a.clone(), d.b.clone(), month.to_owned(), kind.to_owned(), status.to_owned());
        let counts = self.rollup.entry(key).or_default();
        counts[0] += by;
        for (count, bit) in counts[1..].iter_mut().zip([PAIR, SOURCE, TARGET]) {
            *count += if d.first & bit != 0 { by } else { 0 };
        }
        for (bit, country) in [(SOURCE, &d.a), (TARGET, &d.b)] {
            if d.first & bit != 0 {
                self.count_side(bit, country, month, kind, status, by);
            }
        }
    }

    fn count_side(&mut self, side: i64, country: &str, month: &str, kind: &str, status: &str, by: i64) {
        let key = (side, country.to_owned(), month.to_owned(), kind.to_owned(), status.to_owned());
        *self.sides.entry(key).or_default() += by;
    }

    /// Counts a report in (1) or out (-1) of what was read on a day, and of what events were found in.
    pub fn report(&mut self, outlet: i64, day: &str, read: i64, coded: i64) {
        let counts = self.outlet_days.entry((day.to_owned(), outlet)).or_default();
        counts[0] += read;
        counts[1] += coded;
    }

    /// What is kept of a happening may be so no more.
    pub fn happening(&mut self, happening: Option<i64>) {
        self.happenings.extend(happening);
    }

    /// Writes what has gathered.
    pub fn flush(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        let mut upsert = conn.prepare_cached(
            "INSERT INTO rollup (a, b, month, type, status, n, pairs, sources, targets) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT DO UPDATE SET n = n + excluded.n, pairs = pairs + excluded.pairs, sources = sources + excluded.sources,
                targets = targets + excluded.targets",
        )?;
        let mut empty =
            conn.prepare_cached("DELETE FROM rollup WHERE a = ?1 AND b = ?2 AND month = ?3 AND type = ?4 AND status = ?5 AND n = 0")?;
        for ((a, b, month, kind, status), [n, pairs, sources, targets]) in std::mem::take(&mut self.rollup) {
            if [n, pairs, sources, targets] == [0; 4] {
                continue;
            }
            upsert.execute(params![a, b, month, kind, status, n, pairs, sources, targets])?;
            if n < 0 {
                empty.execute(params![a, b, month, kind, status])?;
            }
        }
        let mut upsert = conn.prepare_cached(
            "INSERT INTO rollup_side (side, country, month, type, status, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET n = n + excluded.n",
        )?;
        let mut empty = conn.prepare_cached(
            "DELETE FROM rollup_side WHERE side = ?1 AND country = ?2 AND month = ?3 AND type = ?4 AND status = ?5 AND n = 0",
        )?;
        for ((side, country, month, kind, status), n) in std::mem::take(&mut self.sides) {
            if n != 0 {
                upsert.execute(params![side, country, month, kind, status, n])?;
            }
            if n < 0 {
                empty.execute(params![side, country, month, kind, status])?;
            }
        }
        let mut upsert = conn.prepare_cached(
            "INSERT INTO outlet_day (day, outlet, read, coded) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET read = read + excluded.read, coded = coded + excluded.coded",
        )?;
        for ((day, outlet), [read, coded]) in std::mem::take(&mut self.outlet_days) {
            if [read, coded] != [0; 2] {
                upsert.execute(params![day, outlet, read, coded])?;
            }
        }
        conn.prepare_cached("DELETE FROM outlet_day WHERE read = 0")?.execute([])?;
        grouping::recount(conn, &std::mem::take(&mut self.happenings))
    }
}

/// What must never be found: a name and a query that counts it.
pub const CHECKS: &[(&str, &str)] = &[
    ("pairs of events that do not count", "SELECT count(*) FROM dyad d LEFT JOIN event e USING (eid) WHERE e.eid IS NULL OR e.ended IS NOT NULL"),
    (
        "events that count and have no pair",
        "SELECT count(*) FROM event e WHERE e.ended IS NULL AND NOT EXISTS (SELECT 1 FROM dyad d WHERE d.eid = e.eid)",
    ),
    (
        "counts by month that are wrong",
        "WITH fresh AS (SELECT a, b, CASE WHEN days BETWEEN 1 AND 31 THEN substr(day, 1, 7) ELSE '' END AS month, type, status, count(*) AS n,
            sum(first & 1) AS pairs, sum((first & 2) / 2) AS sources, sum((first & 4) / 4) AS targets FROM dyad GROUP BY 1, 2, 3, 4, 5),
            kept AS (SELECT a, b, month, type, status, n, pairs, sources, targets FROM rollup)
         SELECT (SELECT count(*) FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept)) + (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM fresh))",
    ),
    (
        "counts by month of a side that are wrong",
        "WITH months AS (SELECT a, b, eid, CASE WHEN days BETWEEN 1 AND 31 THEN substr(day, 1, 7) ELSE '' END AS month, type, status, first FROM dyad),
            fresh AS (SELECT 2 AS side, a AS country, month, type, status, count(*) AS n FROM months WHERE first & 2 GROUP BY 2, 3, 4, 5
                UNION ALL SELECT 4, b, month, type, status, count(*) FROM months WHERE first & 4 GROUP BY 2, 3, 4, 5
                UNION ALL SELECT 0, '', month, type, status, count(DISTINCT eid) FROM months GROUP BY 3, 4, 5),
            kept AS (SELECT side, country, month, type, status, n FROM rollup_side)
         SELECT (SELECT count(*) FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept)) + (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM fresh))",
    ),
    (
        "counts of reports that are wrong",
        "WITH fresh AS (SELECT coalesce(c.published, '') AS day, r.outlet AS outlet, count(*) AS read,
            sum(EXISTS (SELECT 1 FROM event e WHERE e.rid = r.rid AND e.ended IS NULL)) AS coded
            FROM coding c JOIN report r USING (rid) WHERE c.ended IS NULL GROUP BY 1, 2),
            kept AS (SELECT day, outlet, read, coded FROM outlet_day)
         SELECT (SELECT count(*) FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept)) + (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM fresh))",
    ),
    (
        "reports without exactly one coding that counts",
        "SELECT count(*) FROM report r WHERE (SELECT count(*) FROM coding c WHERE c.rid = r.rid AND c.ended IS NULL) != 1",
    ),
    ("reports without their text", "SELECT count(*) FROM report r LEFT JOIN body b USING (rid) WHERE b.rid IS NULL"),
    ("reports that full text does not know", "SELECT abs((SELECT count(*) FROM report) - (SELECT count(*) FROM words_docsize))"),
    ("codings without their record", "SELECT count(*) FROM coding c LEFT JOIN record r USING (cid) WHERE r.cid IS NULL"),
    (
        "codings whose events are not all there",
        "SELECT count(*) FROM coding c WHERE events != (SELECT count(DISTINCT e.key) FROM event e WHERE e.cid = c.cid AND e.decision IS NULL)",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(country: &str) -> Actor {
        Actor { country: (!country.is_empty()).then(|| country.to_owned()), ..Actor::default() }
    }

    fn of(source: &[&str], target: &[&str], reciprocal: bool) -> Vec<(String, String, i64)> {
        let side = |s: &[&str]| s.iter().map(|c| actor(c)).collect();
        let e = Event { source: side(source), target: side(target), reciprocal, ..Event::default() };
        dyads(&e).into_iter().map(|d| (d.a, d.b, d.first)).collect()
    }

    #[test]
    fn pairs_of_countries() {
        let row = |a: &str, b: &str, first| (a.to_owned(), b.to_owned(), first);
        assert_eq!(of(&["RUS"], &["CHN"], false), [row("RUS", "CHN", 7)]);
        assert_eq!(of(&["RUS"], &[], false), [row("RUS", "", 7)]);
        assert_eq!(of(&[], &[], false), [row("", "", 7)]);
        assert_eq!(of(&["RUS", "CHN"], &[], true), [row("RUS", "CHN", 7), row("CHN", "RUS", 6)]);
        assert_eq!(of(&["RUS", "RUS"], &["CHN"], false), [row("RUS", "CHN", 7)]);
        assert_eq!(of(&["RUS", ""], &["CHN", "IND"], false), [row("RUS", "CHN", 7), row("RUS", "IND", 5)]);
        assert_eq!(of(&["RUS", ""], &[], true), [row("RUS", "", 7), row("", "RUS", 6)]);
    }

    #[test]
    fn a_wide_date_has_no_month() {
        assert_eq!(days(Some("2022-12-30"), Some("2022-12-30")), 1);
        assert_eq!(month("2022-12-30", days(Some("2022-12-30"), Some("2023-01-05"))), "2022-12");
        assert_eq!(month("2022-01-01", days(Some("2022-01-01"), Some("2022-12-31"))), "");
        assert_eq!(month("", days(None, None)), "");
    }
}
