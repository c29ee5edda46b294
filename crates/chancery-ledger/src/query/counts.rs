//! Events over time, beside what was read.

use super::event::once_a_day;
use super::filter::{Filter, Who};
use crate::derived::{SOURCE, TARGET};
use crate::error::Result;
use crate::frame::{Cell, Column, Kind};
use crate::ledger::Ledger;
use rusqlite::params_from_iter;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Day,
    /// ISO weeks, named by their Monday.
    Week,
    Month,
    Year,
}

impl Period {
    /// Of a day column, as text that sorts.
    pub(crate) fn of(self, day: &str) -> String {
        match self {
            Period::Day => day.to_owned(),
            Period::Week => format!("date({day}, 'weekday 0', '-6 days')"),
            Period::Month => format!("substr({day}, 1, 7)"),
            Period::Year => format!("substr({day}, 1, 4)"),
        }
    }
    /// The widest date in days that still tells the period.
    pub(crate) const fn widest(self) -> i64 {
        match self {
            Period::Day => 1,
            Period::Week => 7,
            Period::Month => 31,
            Period::Year => 366,
        }
    }
}

/// Events of a period. Events without a date, or with one wider than the period, are under the period "".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    pub period: String,
    pub events: i64,
    /// By quad class 1 to 4.
    pub quads: [i64; 4],
    /// Reports of the filter's outlets that were published in the period and read, and those of them with any event.
    pub read: i64,
    pub coded: i64,
}

/// Periods with their counts, and per 1,000 reports read.
pub const COUNT_COLUMNS: &[Column] = &[
    Column::new("period", Kind::Text),
    Column::new("events", Kind::Int),
    Column::new("verbal_cooperation", Kind::Int),
    Column::new("material_cooperation", Kind::Int),
    Column::new("verbal_conflict", Kind::Int),
    Column::new("material_conflict", Kind::Int),
    Column::new("reports_read", Kind::Int),
    Column::new("reports_coded", Kind::Int),
    Column::new("per_1000_read", Kind::Float),
];

/// The cells of a period, in the order of [`COUNT_COLUMNS`].
pub fn count_cells(c: &Count) -> Vec<Cell<'_>> {
    let period = if c.period.is_empty() { "undated" } else { &c.period };
    let mut cells = vec![Cell::from(period), c.events.into()];
    cells.extend(c.quads.iter().map(|&n| Cell::Int(n)));
    cells.extend([c.read.into(), c.coded.into()]);
    // Where nothing was read there is no rate.
    let rate = (c.read > 0 && !c.period.is_empty()).then(|| (c.events as f64 * 1e6 / c.read as f64).round() / 1e3);
    cells.push(rate.into());
    cells
}

/// Quad of a type, in SQL.
fn quad(column: &str) -> String {
    let of = |q: i64, types: &[&str]| format!("WHEN {column} IN ('{}') THEN {q}", types.join("','"));
    let all = quads();
    let cases: Vec<String> = (1..=4).map(|q| of(q, &all[(q - 1) as usize])).collect();
    format!("CASE {} END", cases.join(" "))
}

/// PLOVER's types by quad class, as the codebook has them.
pub(crate) fn quads() -> [Vec<&'static str>; 4] {
    [
        vec!["AGREE", "CONSULT", "SUPPORT", "CONCEDE"],
        vec!["COOPERATE", "AID", "RETREAT"],
        vec!["REQUEST", "ACCUSE", "REJECT", "THREATEN"],
        vec!["PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"],
    ]
}

impl Ledger {
    /// Counts of the events that fit, by period, in order; periods in which something was read and nothing found are there with 0.
    pub fn counts(&self, filter: &Filter, by: Period) -> Result<Vec<Count>> {
        let mut found: BTreeMap<String, Count> = BTreeMap::new();
        let (text, values) = match self.pairs_suffice(filter, by) {
            Some(pairs) => pairs,
            None => {
                let mut sql = filter.sql()?;
                once_a_day(filter, &mut sql);
                let period = format!("CASE WHEN e.days BETWEEN 1 AND {} THEN {} ELSE '' END", by.widest(), by.of("e.day"));
                (format!("SELECT {period}, e.quad, count(*) FROM {}{} GROUP BY 1, 2", sql.from, sql.filter()), sql.values)
            }
        };
        let failed = self.failed();
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let mut rows = select.query(params_from_iter(values)).map_err(&failed)?;
        while let Some(r) = rows.next().map_err(&failed)? {
            let read =
                || Ok::<_, rusqlite::Error>((r.get::<_, Option<String>>(0)?.unwrap_or_default(), r.get::<_, i64>(1)?, r.get::<_, i64>(2)?));
            let (period, quad, n) = read().map_err(&failed)?;
            let count = found.entry(period).or_default();
            count.events += n;
            if let Some(of) = count.quads.get_mut((quad - 1) as usize) {
                *of += n;
            }
        }
        self.denominators(filter, by, &mut found)?;
        Ok(found.into_iter().map(|(period, count)| Count { period, ..count }).collect())
    }

    /// What was read by period: of the outlets asked for, between first and last day.
    fn denominators(&self, filter: &Filter, by: Period, found: &mut BTreeMap<String, Count>) -> Result<()> {
        let failed = self.failed();
        let mut sql = super::filter::Sql::default();
        sql.among("o.name", &filter.outlets);
        for (day, test) in [(&filter.since, ">="), (&filter.until, "<=")] {
            if let Some(day) = day {
                let bound = sql.bind(day.clone());
                sql.when(format!("n.day {test} {bound}"));
            }
        }
        let text = format!(
            "SELECT {}, sum(read), sum(coded) FROM outlet_day n JOIN outlet o USING (outlet){} GROUP BY 1",
            by.of("n.day"),
            sql.filter()
        );
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let mut rows = select.query(params_from_iter(sql.values)).map_err(&failed)?;
        while let Some(r) = rows.next().map_err(&failed)? {
            let read =
                || Ok::<_, rusqlite::Error>((r.get::<_, Option<String>>(0)?.unwrap_or_default(), r.get::<_, i64>(1)?, r.get::<_, i64>(2)?));
            let (period, read, coded) = read().map_err(&failed)?;
            if period.is_empty() && !found.contains_key("") {
                continue;
            }
            let count = found.entry(period).or_default();
            (count.read, count.coded) = (read, coded);
        }
        Ok(())
    }

    /// The same from the pairs alone, or from the counts by month, where the question asks for nothing that they do not hold.
    fn pairs_suffice(&self, filter: &Filter, by: Period) -> Option<(String, Vec<rusqlite::types::Value>)> {
        let plain = Filter {
            source: filter.source.clone(),
            target: filter.target.clone(),
            dyad: filter.dyad.clone(),
            types: filter.types.clone(),
            statuses: filter.statuses.clone(),
            since: filter.since.clone(),
            until: filter.until.clone(),
            outlets: Vec::new(),
            ..Filter::default()
        };
        if format!("{plain:?}") != format!("{filter:?}") {
            return None;
        }
        let country = |who: &[Who]| match who {
            [] => Some(None),
            [Who::Country(c)] => Some(Some(c.clone())),
            _ => None,
        };
        let monthly = matches!(by, Period::Month) && filter.since.is_none() && filter.until.is_none();
        let mut sql = super::filter::Sql::default();
        // What is summed: a column of the counts by month, or a side of those by one side; and the bit that keeps pairs from counting twice.
        let (column, side, bit) = match &filter.dyad {
            Some((Who::Country(a), Who::Country(b))) if filter.source.is_empty() && filter.target.is_empty() => {
                let (a, b) = (sql.bind(a.clone()), sql.bind(b.clone()));
                sql.when(format!("(a = {a} AND b = {b} OR a = {b} AND b = {a})"));
                ("pairs", None, "first & 1")
            }
            Some(_) => return None,
            None => match (country(&filter.source)?, country(&filter.target)?) {
                (Some(a), Some(b)) => {
                    let (a, b) = (sql.bind(a), sql.bind(b));
                    sql.when(format!("a = {a} AND b = {b}"));
                    ("n", None, "1")
                }
                (Some(a), None) => ("n", Some((SOURCE, "a", a)), "first & 2"),
                (None, Some(b)) => ("n", Some((TARGET, "b", b)), "first & 4"),
                (None, None) if monthly => ("n", Some((0, "", String::new())), ""),
                (None, None) => return None,
            },
        };
        let side_counts = side.is_some();
        if let Some((number, name, country)) = side {
            let country = sql.bind(country);
            sql.when(if monthly { format!("side = {number} AND country = {country}") } else { format!("{name} = {country}") });
        }
        sql.among("type", &filter.types);
        sql.among("status", &filter.statuses);
        if monthly {
            let table = if side_counts { "rollup_side" } else { "rollup" };
            let text = format!("SELECT month, {}, sum({column}) FROM {table}{} GROUP BY 1, 2", quad("type"), sql.filter());
            return Some((text, sql.values));
        }
        sql.when(bit);
        for (day, test) in [(&filter.since, ">="), (&filter.until, "<=")] {
            if let Some(day) = day {
                let bound = sql.bind(day.clone());
                sql.when(format!("day {test} {bound} AND day != ''"));
            }
        }
        let period = format!("CASE WHEN days BETWEEN 1 AND {} THEN {} ELSE '' END", by.widest(), by.of("day"));
        Some((format!("SELECT {period}, {}, count(*) FROM dyad{} GROUP BY 1, 2", quad("type"), sql.filter()), sql.values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery::data::DataFiles;
    use chancery::event::ontology::Ontology;
    use chancery::record::EventType;

    #[test]
    fn quads_are_those_of_the_ontology() {
        let o = Ontology::load(&DataFiles::builtin()).unwrap();
        for &t in EventType::ALL {
            let quad = 1 + quads().iter().position(|q| q.contains(&t.as_str())).unwrap();
            assert_eq!(usize::from(o.info(t).quad), quad, "{t}");
        }
    }
}
