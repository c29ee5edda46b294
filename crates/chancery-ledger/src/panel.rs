//! The panel: counts by unit and period with denominators.
//!
//! Zero means that reports of the period were read and nothing was found; null that nothing was read. Counts are never mixed with scores.

use crate::error::Result;
use crate::export::{cow, gw};
use crate::frame::{Cell, Column, Kind};
use crate::ledger::Ledger;
use crate::query::{Period, Sql, quads};
use chancery::happening::{Sighting, Summary};
use chancery::record::{EventType, Status};
use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::params_from_iter;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Directed,
    Undirected,
    Country,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dedup {
    None,
    OneADay,
    /// What several reports tell of one thing counts once in a period.
    Happening,
}

/// What to count.
#[derive(Debug, Clone)]
pub struct Panel {
    pub by: Period,
    pub unit: Unit,
    /// Pairs of country codes (the second empty for countries); none for all that occur.
    pub units: Option<Vec<(String, String)>>,
    pub dedup: Dedup,
    /// Each has columns of its own.
    pub statuses: Vec<Status>,
    pub since: Option<String>,
    pub until: Option<String>,
    pub constant: bool,
    /// Whether stories and independent sources are counted, too: every event is looked at for that.
    pub sources: bool,
}

/// What was read in a period.
#[derive(Debug, Clone, Copy, Default)]
struct Read {
    read: i64,
    coded: i64,
    outlets: i64,
}

/// Counts of a unit: period, column and number.
type Cells = Vec<(u32, u32, u32)>;

impl Panel {
    /// Directions that are counted apart.
    fn ways(&self) -> &'static [&'static str] {
        if self.unit == Unit::Country { &["does_", "gets_"] } else { &[""] }
    }

    /// Names and types of what [`Ledger::panel`] hands out.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::new("period", Kind::Text)];
        let sides: &[&str] = if self.unit == Unit::Country { &["country"] } else { &["a", "b"] };
        for side in sides {
            columns.push(Column::named((*side).to_owned(), Kind::Text));
            columns.push(Column::named(format!("{side}_cow"), Kind::Int));
            columns.push(Column::named(format!("{side}_gw"), Kind::Int));
        }
        for way in self.ways() {
            for status in &self.statuses {
                columns.push(Column::named(format!("{way}events_{status}"), Kind::Int));
                columns.extend((1..=4).map(|q| Column::named(format!("{way}quad{q}_{status}"), Kind::Int)));
                let types =
                    EventType::ALL.iter().map(|t| Column::named(format!("{way}{}_{status}", t.as_str().to_ascii_lowercase()), Kind::Int));
                columns.extend(types);
            }
        }
        if self.sources {
            for way in self.ways() {
                columns.extend(["stories", "independent_sources"].map(|c| Column::named(format!("{way}{c}"), Kind::Int)));
            }
        }
        columns.extend(["reports_read", "reports_coded", "outlets_active"].map(|c| Column::new(c, Kind::Int)));
        columns
    }

    /// Columns of one status: all, four quads, sixteen types.
    const WIDTH: usize = 1 + 4 + EventType::ALL.len();

    /// The first column of a type and status in a direction.
    fn slot(&self, way: usize, kind: &str, status: &str) -> Option<u32> {
        let status = self.statuses.iter().position(|s| s.as_str() == status)?;
        let kind = EventType::ALL.iter().position(|t| t.as_str() == kind)?;
        Some(((way * self.statuses.len() + status) * EventType::ALL.len() + kind) as u32)
    }
}

impl Ledger {
    /// Hands every row of the panel to `each`: units in order of code, periods in order of time.
    pub fn panel(&self, panel: &Panel, mut each: impl FnMut(&[Cell<'_>]) -> Result<()>) -> Result<()> {
        let outlets = if panel.constant { Some(self.constant_outlets(panel)?) } else { None };
        let read = self.read_by(panel, outlets.as_deref())?;
        let periods = periods(panel, &read);
        let index: BTreeMap<&str, u32> = periods.iter().enumerate().map(|(n, p)| (p.as_str(), n as u32)).collect();
        let mut found = self.unit_counts(panel, outlets.as_deref(), &index)?;
        let tellers = if panel.sources { self.unit_tellers(panel, outlets.as_deref(), &index)? } else { BTreeMap::new() };
        let units: BTreeSet<(String, String)> = match &panel.units {
            Some(asked) => asked
                .iter()
                .map(|(a, b)| if panel.unit == Unit::Undirected && a > b { (b.clone(), a.clone()) } else { (a.clone(), b.clone()) })
                .collect(),
            None => found.keys().cloned().collect(),
        };
        let quads = quads();
        let quad_of: Vec<usize> = EventType::ALL.iter().map(|t| quads.iter().position(|q| q.contains(&t.as_str())).unwrap_or(0)).collect();
        let types = EventType::ALL.len();
        let groups = panel.ways().len() * panel.statuses.len();
        let mut counts = vec![0_u32; groups * types];
        let mut cells: Vec<Cell<'_>> = Vec::with_capacity(10 + groups * Panel::WIDTH);
        for unit in &units {
            let mut cellar = found.remove(unit).unwrap_or_default();
            cellar.sort_unstable();
            let mut rest = cellar.as_slice();
            let told = tellers.get(unit);
            let codes: Vec<[Option<i64>; 2]> = [&unit.0, &unit.1].map(|c| [cow(c).parse().ok(), gw(c).parse().ok()]).to_vec();
            let sides: &[&String] = if panel.unit == Unit::Country { &[&unit.0] } else { &[&unit.0, &unit.1] };
            for (n, period) in periods.iter().enumerate() {
                let here = rest.partition_point(|c| c.0 <= n as u32);
                let (now, later) = rest.split_at(here);
                rest = later;
                counts.fill(0);
                for &(_, slot, count) in now {
                    counts[slot as usize] += count;
                }
                let r = read.get(period).copied().unwrap_or_default();
                cells.clear();
                cells.push(Cell::from(period.as_str()));
                for (side, codes) in sides.iter().zip(&codes) {
                    cells.extend([Cell::from(side.as_str()), codes[0].into(), codes[1].into()]);
                }
                let by_sources = if panel.sources { 2 * panel.ways().len() } else { 0 };
                if r.read == 0 {
                    cells.extend(std::iter::repeat_n(Cell::Null, groups * Panel::WIDTH + by_sources));
                } else {
                    for group in counts.chunks_exact(types) {
                        let mut quads = [0_i64; 4];
                        group.iter().zip(&quad_of).for_each(|(&n, &q)| quads[q] += i64::from(n));
                        cells.push(Cell::Int(quads.iter().sum()));
                        cells.extend(quads.iter().map(|&n| Cell::Int(n)));
                        cells.extend(group.iter().map(|&n| Cell::Int(i64::from(n))));
                    }
                    for way in 0..by_sources / 2 {
                        let (stories, sources) = told.and_then(|t| t.get(&(n as u32, way))).copied().unwrap_or_default();
                        cells.extend([stories, sources].map(Cell::Int));
                    }
                }
                cells.extend([r.read, r.coded, r.outlets].map(Cell::Int));
                each(&cells)?;
            }
        }
        Ok(())
    }

    /// What was read by period, of all outlets or of those given.
    fn read_by(&self, panel: &Panel, outlets: Option<&[i64]>) -> Result<BTreeMap<String, Read>> {
        let failed = self.failed();
        let mut sql = Sql::default();
        sql.when("day != ''");
        between(panel, &mut sql, "day");
        among(&mut sql, "outlet", outlets);
        let text = format!(
            "SELECT {}, sum(read), sum(coded), count(DISTINCT outlet) FROM outlet_day{} GROUP BY 1",
            panel.by.of("day"),
            sql.filter()
        );
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let rows = select
            .query_map(params_from_iter(sql.values), |r| Ok((r.get(0)?, Read { read: r.get(1)?, coded: r.get(2)?, outlets: r.get(3)? })))
            .map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
    }

    /// Outlets of which something was read in every period in which anything was read.
    fn constant_outlets(&self, panel: &Panel) -> Result<Vec<i64>> {
        let failed = self.failed();
        let mut sql = Sql::default();
        sql.when("day != ''");
        between(panel, &mut sql, "day");
        let period = panel.by.of("day");
        let text = format!(
            "WITH seen AS (SELECT DISTINCT outlet, {period} AS period FROM outlet_day{})
             SELECT outlet FROM seen GROUP BY outlet HAVING count(*) = (SELECT count(DISTINCT period) FROM seen)",
            sql.filter()
        );
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let rows = select.query_map(params_from_iter(sql.values), |r| r.get(0)).map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
    }

    /// Counts of every unit.
    fn unit_counts(
        &self,
        panel: &Panel,
        outlets: Option<&[i64]>,
        index: &BTreeMap<&str, u32>,
    ) -> Result<BTreeMap<(String, String), Cells>> {
        let failed = self.failed();
        let mut found: BTreeMap<(String, String), Cells> = BTreeMap::new();
        for way in 0..panel.ways().len() {
            let (text, values) = query(panel, way, outlets);
            let mut select = self.conn.prepare(&text).map_err(&failed)?;
            let mut rows = select.query(params_from_iter(values)).map_err(&failed)?;
            let mut last: Option<((String, String), Cells)> = None;
            while let Some(r) = rows.next().map_err(&failed)? {
                let text = |at: usize| r.get_ref(at).and_then(|v| Ok(v.as_str()?)).map_err(&failed);
                let (Some(&period), Some(slot)) = (index.get(text(2)?), panel.slot(way, text(3)?, text(4)?)) else { continue };
                let n: i64 = r.get(5).map_err(&failed)?;
                let (a, b) = (text(0)?, text(1)?);
                let cell = (period, slot, n as u32);
                match &mut last {
                    Some((unit, cells)) if unit.0 == a && unit.1 == b => cells.push(cell),
                    _ => {
                        if let Some((unit, cells)) = last.replace(((a.to_owned(), b.to_owned()), vec![cell])) {
                            found.entry(unit).or_default().extend(cells);
                        }
                    }
                }
            }
            if let Some((unit, cells)) = last {
                found.entry(unit).or_default().extend(cells);
            }
        }
        Ok(found)
    }
}

impl Ledger {
    /// How many stories and independent sources tell of a unit in a period, by period and direction.
    fn unit_tellers(
        &self,
        panel: &Panel,
        outlets: Option<&[i64]>,
        index: &BTreeMap<&str, u32>,
    ) -> Result<BTreeMap<(String, String), Tellers>> {
        let failed = self.failed();
        let mut found: BTreeMap<(String, String), Tellers> = BTreeMap::new();
        for way in 0..panel.ways().len() {
            let mut sql = Sql::default();
            let (a, b) = pairs(panel, way, outlets, &mut sql);
            // A report that is in no story is one of its own.
            let text = format!(
                "SELECT {a}, {b}, {}, r.rid, coalesce(r.story, -r.rid), coalesce(t.origins, '')
                 FROM dyad d JOIN event e ON e.eid = d.eid JOIN report r ON r.rid = e.rid LEFT JOIN about t ON t.cid = e.cid{} ORDER BY 1, 2, 3, 4",
                panel.by.of("d.day"),
                sql.filter()
            );
            let mut select = self.conn.prepare(&text).map_err(&failed)?;
            let mut rows = select.query(params_from_iter(sql.values)).map_err(&failed)?;
            type Key = (String, String, String);
            let mut last: Option<(Key, Telling)> = None;
            let mut close = |done: Option<(Key, Telling)>| {
                if let Some(((a, b, period), told)) = done
                    && let Some(&period) = index.get(period.as_str())
                {
                    found.entry((a, b)).or_default().insert((period, way), told.counts());
                }
            };
            while let Some(r) = rows.next().map_err(&failed)? {
                let read = || Ok::<_, rusqlite::Error>(((r.get(0)?, r.get(1)?, r.get(2)?), r.get(3)?, r.get(4)?, r.get::<_, String>(5)?));
                let (key, rid, story, origins): (Key, i64, i64, String) = read().map_err(&failed)?;
                if last.as_ref().is_none_or(|l| l.0 != key) {
                    close(last.replace((key, Telling::default())));
                }
                if let Some((_, told)) = &mut last {
                    told.stories.insert(story);
                    if told.reports.last().is_none_or(|l| l.report != rid.to_string()) {
                        let origins = origins.lines().map(str::to_owned).collect();
                        told.reports.push(Sighting { report: rid.to_string(), origins, ..Sighting::default() });
                    }
                }
            }
            close(last);
        }
        Ok(found)
    }
}

/// Stories and independent sources, by period and direction.
type Tellers = BTreeMap<(u32, usize), (i64, i64)>;

/// Who tells of a unit in a period.
#[derive(Default)]
struct Telling {
    stories: BTreeSet<i64>,
    reports: Vec<Sighting>,
}

impl Telling {
    fn counts(&self) -> (i64, i64) {
        let chains = Summary::of(&self.reports.iter().collect::<Vec<_>>()).map_or(0, |s| s.chains);
        (self.stories.len() as i64, chains as i64)
    }
}

/// Unit, period, type, status and number. From the counts by month where they suffice, else from the pairs.
fn query(panel: &Panel, way: usize, outlets: Option<&[i64]>) -> (String, Vec<rusqlite::types::Value>) {
    let mut sql = Sql::default();
    if panel.by == Period::Month && panel.dedup == Dedup::None && outlets.is_none() {
        let (a, b, monthly) = match (panel.unit, way) {
            (Unit::Directed, _) => ("a", "b", "n"),
            (Unit::Undirected, _) => ("min(a, b)", "max(a, b)", "pairs"),
            (Unit::Country, 0) => ("a", "''", "sources"),
            (Unit::Country, _) => ("b", "''", "targets"),
        };
        sql.when(if panel.unit == Unit::Country { format!("{a} != ''") } else { "a != '' AND b != ''".to_owned() });
        let statuses: Vec<String> = panel.statuses.iter().map(|s| s.as_str().to_owned()).collect();
        sql.among("status", &statuses);
        sql.when(format!("month != '' AND {monthly} > 0"));
        for (day, test) in [(&panel.since, ">="), (&panel.until, "<=")] {
            if let Some(month) = day.as_deref().and_then(|d| d.get(..7)) {
                let bound = sql.bind(month.to_owned());
                sql.when(format!("month {test} {bound}"));
            }
        }
        let text = if panel.unit == Unit::Directed {
            format!("SELECT a, b, month, type, status, n FROM rollup{}", sql.filter())
        } else {
            format!("SELECT {a}, {b}, month, type, status, sum({monthly}) FROM rollup{} GROUP BY 1, 2, 3, 4, 5", sql.filter())
        };
        return (text, sql.values);
    }
    let (a, b) = pairs(panel, way, outlets, &mut sql);
    let mut from = "dyad d".to_owned();
    if panel.dedup != Dedup::None || outlets.is_some() {
        from.push_str(" JOIN event e ON e.eid = d.eid");
    }
    if outlets.is_some() {
        from.push_str(" JOIN report r ON r.rid = e.rid");
    }
    let count = match panel.dedup {
        Dedup::None => "count(*)",
        Dedup::OneADay => "count(DISTINCT e.same)",
        // One that no grouping knows, such as what a person added, is one of its own.
        Dedup::Happening => "count(DISTINCT coalesce(e.happening, e.key))",
    };
    let text =
        format!("SELECT {a}, {b}, {}, d.type, d.status, {count} FROM {from}{} GROUP BY 1, 2, 3, 4, 5", panel.by.of("d.day"), sql.filter());
    (text, sql.values)
}

/// Which pairs count, and their countries as a unit has them: pairs of both ways meet in one. Conditions are on `dyad d` and `report r`.
fn pairs(panel: &Panel, way: usize, outlets: Option<&[i64]>, sql: &mut Sql) -> (&'static str, &'static str) {
    let (a, b, bit) = match (panel.unit, way) {
        (Unit::Directed, _) => ("d.a", "d.b", 0),
        (Unit::Undirected, _) => ("min(d.a, d.b)", "max(d.a, d.b)", 1),
        (Unit::Country, 0) => ("d.a", "''", 2),
        (Unit::Country, _) => ("d.b", "''", 4),
    };
    sql.when(if panel.unit == Unit::Country { format!("{a} != ''") } else { "d.a != '' AND d.b != ''".to_owned() });
    sql.when(format!("d.days BETWEEN 1 AND {}", panel.by.widest()));
    if bit > 0 {
        sql.when(format!("d.first & {bit}"));
    }
    let statuses: Vec<String> = panel.statuses.iter().map(|s| s.as_str().to_owned()).collect();
    sql.among("d.status", &statuses);
    between(panel, sql, "d.day");
    among(sql, "r.outlet", outlets);
    (a, b)
}

fn between(panel: &Panel, sql: &mut Sql, day: &str) {
    for (limit, test) in [(&panel.since, ">="), (&panel.until, "<=")] {
        if let Some(limit) = limit {
            let bound = sql.bind(limit.clone());
            sql.when(format!("{day} {test} {bound}"));
        }
    }
}

fn among(sql: &mut Sql, column: &str, values: Option<&[i64]>) {
    match values {
        None => {}
        Some([]) => sql.when("0"),
        Some(values) => sql.among(column, values),
    }
}

/// Every period from the first to the last asked for, or else in which anything was read.
fn periods(panel: &Panel, read: &BTreeMap<String, Read>) -> Vec<String> {
    let bound = |asked: &Option<String>, seen: Option<&String>| asked.clone().or_else(|| seen.map(|p| first_day(p)));
    let (Some(from), Some(to)) = (bound(&panel.since, read.keys().next()), bound(&panel.until, read.keys().next_back())) else {
        return Vec::new();
    };
    let (Ok(mut day), Ok(end)) = (from.parse::<Date>(), to.parse::<Date>()) else { return Vec::new() };
    if panel.by == Period::Week {
        day = day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap_or(day);
    }
    let mut periods = Vec::new();
    while day <= end {
        let text = day.to_string();
        let (name, next) = match panel.by {
            Period::Day => (text, day.tomorrow()),
            Period::Week => (text, day.checked_add(7.days())),
            Period::Month => (text[..7].to_owned(), day.first_of_month().checked_add(1.month())),
            Period::Year => (text[..4].to_owned(), day.first_of_year().checked_add(1.year())),
        };
        periods.push(name);
        match next {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    periods
}

fn first_day(period: &str) -> String {
    match period.len() {
        4 => format!("{period}-01-01"),
        7 => format!("{period}-01"),
        _ => period.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(by: Period, since: &str, until: &str) -> Panel {
        Panel {
            by,
            unit: Unit::Directed,
            units: None,
            dedup: Dedup::None,
            statuses: vec![Status::Occurred],
            since: Some(since.into()),
            until: Some(until.into()),
            constant: false,
            sources: false,
        }
    }

    #[test]
    fn no_period_is_missing() {
        let of = |by, since, until| periods(&panel(by, since, until), &BTreeMap::new());
        assert_eq!(of(Period::Month, "2022-11-30", "2023-02-01"), ["2022-11", "2022-12", "2023-01", "2023-02"]);
        assert_eq!(of(Period::Week, "2023-01-01", "2023-01-09"), ["2022-12-26", "2023-01-02", "2023-01-09"]);
        assert_eq!(of(Period::Year, "2022-12-31", "2023-01-01"), ["2022", "2023"]);
        assert_eq!(of(Period::Day, "2024-02-28", "2024-03-01").len(), 3);
    }
}
