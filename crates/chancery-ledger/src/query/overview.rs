//! What a ledger holds at a glance: counts by a property, partners, outlets, coders, reports of a story, places.

use super::event::once_a_day;
use super::filter::{Filter, Sql};
use crate::error::{Error, Result};
use crate::ids;
use crate::ledger::Ledger;
use rusqlite::{OptionalExtension, Params, Row, params_from_iter};
use std::collections::HashMap;

/// By what events are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    Type,
    Status,
    Source,
    Target,
    Place,
    Outlet,
}

/// Events that are looked at for counts of properties: more would keep a reader waiting.
pub const COUNTED: usize = 100_000;

impl Facet {
    pub const ALL: &[Facet] = &[Facet::Type, Facet::Status, Facet::Source, Facet::Target, Facet::Place, Facet::Outlet];

    const fn column(self) -> &'static str {
        match self {
            Facet::Type => "e.type",
            Facet::Status => "e.status",
            Facet::Source => "e.source",
            Facet::Target => "e.target",
            Facet::Place => "e.place_country",
            Facet::Outlet => "o.name",
        }
    }
}

/// Values of a facet with how many events have each.
pub type Values = Vec<(String, i64)>;

/// Ordered pair of countries with its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    pub a: String,
    pub b: String,
    /// By quad class 1 to 4.
    pub quads: [i64; 4],
}

impl Pair {
    pub fn events(&self) -> i64 {
        self.quads.iter().sum()
    }
}

/// A report in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    pub rid: i64,
    pub id: String,
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub language: Option<String>,
    pub url: Option<String>,
    pub events: i64,
    pub statements: i64,
    /// Milliseconds since 1970.
    pub added: i64,
    pub complete: bool,
}

/// An outlet with how much was read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutletRow {
    pub name: String,
    pub read: i64,
    /// Reports with any event.
    pub coded: i64,
    pub first: Option<String>,
    pub last: Option<String>,
}

/// A build that read reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoderRow {
    pub version: String,
    pub data: String,
    /// Codings by it that count now, and in all.
    pub current: i64,
    pub all: i64,
}

/// A point on the map with how many events lie there.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    pub name: String,
    pub country: Option<String>,
    pub lat: f64,
    pub lon: f64,
    /// Cooperation (quads 1 and 2), conflict (3 and 4).
    pub cooperation: i64,
    pub conflict: i64,
}

const REPORT: &str = "SELECT r.rid, r.id, r.title, o.name, c.published, c.language, r.url, c.events, c.statements, r.added, r.complete
    FROM report r JOIN coding c ON c.rid = r.rid AND c.ended IS NULL JOIN outlet o USING (outlet)";

fn report(r: &Row<'_>) -> rusqlite::Result<ReportRow> {
    Ok(ReportRow {
        rid: r.get(0)?,
        id: ids::text(&r.get::<_, [u8; 16]>(1)?),
        title: r.get(2)?,
        outlet: r.get::<_, Option<String>>(3)?.filter(|o| !o.is_empty()),
        published: r.get(4)?,
        language: r.get(5)?,
        url: r.get(6)?,
        events: r.get(7)?,
        statements: r.get(8)?,
        added: r.get(9)?,
        complete: r.get(10)?,
    })
}

impl Ledger {
    fn all<T>(&self, sql: &str, values: impl Params, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut select = self.conn.prepare_cached(sql).map_err(self.failed())?;
        let rows = select.query_map(values, read).map_err(self.failed())?;
        rows.collect::<rusqlite::Result<_>>().map_err(self.failed())
    }

    /// How many events fit by each property, the most frequent values first, `limit` of them; of the newest [`COUNTED`] events where more fit, and whether
    /// that was so. Values in the order of [`Facet::ALL`].
    pub fn facets(&self, filter: &Filter, limit: usize) -> Result<(Vec<Values>, bool)> {
        let mut sql = filter.sql()?;
        once_a_day(filter, &mut sql);
        let columns: Vec<&str> = Facet::ALL.iter().map(|f| f.column()).collect();
        let day = if sql.from.starts_with("dyad d") { "d.day" } else { "e.day" };
        let text = format!("SELECT {} FROM {}{} ORDER BY {day} DESC LIMIT {}", columns.join(", "), sql.from, sql.filter(), COUNTED + 1);
        let mut counts: Vec<HashMap<String, i64>> = vec![HashMap::new(); columns.len()];
        let mut select = self.conn.prepare(&text).map_err(self.failed())?;
        let mut rows = select.query(params_from_iter(sql.values)).map_err(self.failed())?;
        let mut seen = 0;
        while let Some(r) = rows.next().map_err(self.failed())? {
            seen += 1;
            if seen > COUNTED {
                break;
            }
            for (n, counts) in counts.iter_mut().enumerate() {
                let Some(value) = r.get_ref(n).ok().and_then(|v| v.as_str().ok()).filter(|v| !v.is_empty()) else { continue };
                match counts.get_mut(value) {
                    Some(n) => *n += 1,
                    None => drop(counts.insert(value.to_owned(), 1)),
                }
            }
        }
        let ordered = |counts: HashMap<String, i64>| {
            let mut all: Vec<(String, i64)> = counts.into_iter().collect();
            all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            all.truncate(limit);
            all
        };
        Ok((counts.into_iter().map(ordered).collect(), seen > COUNTED))
    }

    /// Pairs of countries that had most to do with each other, either way as one, of a country or of all; statuses as given (all where none).
    /// Days limit both ends; without them it comes from the counts by month.
    pub fn pairs(&self, of: Option<&str>, statuses: &[String], days: (Option<&str>, Option<&str>), limit: u64) -> Result<Vec<Pair>> {
        let mut sql = Sql::default();
        sql.when("a != '' AND b != '' AND a != b");
        if let Some(of) = of {
            let of = sql.bind(of.to_owned());
            sql.when(format!("(a = {of} OR b = {of})"));
        }
        sql.among("x.status", statuses);
        // Of a time: what happened in it leads, by its day, to the pairs.
        let (table, count) = if days == (None, None) {
            ("rollup x", "pairs")
        } else {
            sql.when("e.ended IS NULL");
            ("event e CROSS JOIN dyad x ON x.eid = e.eid", "first & 1")
        };
        for (day, test) in [(days.0, ">="), (days.1, "<=")] {
            if let Some(day) = day {
                let bound = sql.bind(day.to_owned());
                sql.when(format!("e.day {test} {bound}"));
            }
        }
        let quads: Vec<String> = super::quads()
            .iter()
            .map(|types| format!("sum(CASE WHEN x.type IN ('{}') THEN {count} ELSE 0 END)", types.join("','")))
            .collect();
        let text = format!(
            "SELECT min(a, b), max(a, b), {}, sum({count}) FROM {table}{} GROUP BY 1, 2 HAVING sum({count}) > 0 ORDER BY 7 DESC, 1, 2 LIMIT {limit}",
            quads.join(", "),
            sql.filter()
        );
        self.all(&text, params_from_iter(sql.values), |r| {
            Ok(Pair { a: r.get(0)?, b: r.get(1)?, quads: [r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?] })
        })
    }

    /// First and last day on which a report was published.
    pub fn published_days(&self) -> Result<Option<(String, String)>> {
        let sql = "SELECT min(day), max(day) FROM outlet_day WHERE day != ''";
        let read = |r: &Row<'_>| Ok(r.get::<_, Option<String>>(0)?.zip(r.get::<_, Option<String>>(1)?));
        self.conn.query_row(sql, [], read).map_err(self.failed())
    }

    /// Outlets, those read most first.
    pub fn outlets(&self, limit: u64) -> Result<Vec<OutletRow>> {
        let sql = format!(
            "SELECT o.name, sum(n.read), sum(n.coded), min(nullif(n.day, '')), max(nullif(n.day, '')) FROM outlet_day n JOIN outlet o USING (outlet)
             GROUP BY n.outlet HAVING sum(n.read) > 0 ORDER BY 2 DESC, 1 LIMIT {limit}"
        );
        let read = |r: &Row<'_>| Ok(OutletRow { name: r.get(0)?, read: r.get(1)?, coded: r.get(2)?, first: r.get(3)?, last: r.get(4)? });
        self.all(&sql, [], read)
    }

    /// Reports read that were published between two days, both counted.
    pub fn read_between(&self, from: &str, until: &str) -> Result<i64> {
        let sql = "SELECT coalesce(sum(read), 0) FROM outlet_day WHERE day BETWEEN ?1 AND ?2 AND day != ''";
        self.conn.query_row(sql, [from, until], |r| r.get(0)).map_err(self.failed())
    }

    /// Reports read by published month ("" where no day is known), and those of them with any event.
    pub fn read_by_month(&self) -> Result<Vec<(String, i64, i64)>> {
        let sql = "SELECT substr(day, 1, 7), sum(read), sum(coded) FROM outlet_day GROUP BY 1 HAVING sum(read) > 0 ORDER BY 1";
        self.all(sql, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
    }

    /// Version and hash of data of the build that came to this ledger last.
    pub fn newest_coder(&self) -> Result<Option<(String, String)>> {
        let sql = "SELECT version, data FROM coder ORDER BY coder DESC LIMIT 1";
        self.conn.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).optional().map_err(self.failed())
    }

    /// Builds that read reports, the newest first.
    pub fn coders(&self) -> Result<Vec<CoderRow>> {
        let sql = "SELECT k.version, k.data, sum(c.ended IS NULL), count(*) FROM coding c JOIN coder k USING (coder) GROUP BY coder ORDER BY coder DESC";
        self.all(sql, [], |r| Ok(CoderRow { version: r.get(0)?, data: r.get(1)?, current: r.get(2)?, all: r.get(3)? }))
    }

    /// Reports of a published day that hold an event; the ones added last first.
    pub fn reports_of(&self, day: &str, limit: u64) -> Result<Vec<ReportRow>> {
        self.all(&format!("{REPORT} WHERE c.published = ?1 AND c.events > 0 ORDER BY r.rid DESC LIMIT {limit}"), [day], report)
    }

    /// Reports that hold these words and "phrases", the newest first, and how many there are.
    pub fn reports_with(&self, text: &str, limit: u64) -> Result<(Vec<ReportRow>, i64)> {
        let query = super::filter::full_text(text)?;
        let mut count = self.conn.prepare_cached("SELECT count(*) FROM words WHERE words MATCH ?1").map_err(self.failed())?;
        let n = count.query_row([&query], |r| r.get(0)).map_err(self.failed())?;
        let sql = format!(
            "{REPORT} WHERE r.rid IN (SELECT rowid FROM words WHERE words MATCH ?1) ORDER BY c.published DESC, r.rid DESC LIMIT {limit}"
        );
        Ok((self.all(&sql, [&query], report)?, n))
    }

    /// A report by its id or the beginning of it; E0515 where there is none, or more than one.
    pub fn report(&self, id: &str) -> Result<ReportRow> {
        let wrong = |what: &str, remedy: &str| Err(Error::new("E0515", what, id, remedy));
        let low = id.to_ascii_lowercase();
        let (Some(from), Some(to)) = (ids::bytes(&format!("{low:0<32}")), ids::bytes(&format!("{low:f<32}"))) else {
            return wrong("no id of a report", "give the 32 digits of an id, or its first 8 at least");
        };
        let mut found = self.all(&format!("{REPORT} WHERE r.id BETWEEN ?1 AND ?2 LIMIT 2"), [from, to], report)?;
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => wrong("there is no report of this id", "look for it by its words"),
            _ => wrong("more than one report begins with this id", "give more of its digits"),
        }
    }

    /// The number of a report's story, and the reports of it, the first published first; none where it stands alone.
    pub fn story_of(&self, rid: i64, limit: u64) -> Result<Vec<ReportRow>> {
        let story: Option<i64> = self
            .conn
            .query_row("SELECT story FROM report WHERE rid = ?1", [rid], |r| r.get(0))
            .optional()
            .map_err(self.failed())?
            .flatten();
        let Some(story) = story else { return Ok(Vec::new()) };
        self.all(&format!("{REPORT} WHERE r.story = ?1 ORDER BY c.published, r.rid LIMIT {limit}"), [story], report)
    }

    /// Where the events that fit happened: places with coordinates, those with most events first.
    pub fn spots(&self, filter: &Filter, limit: u64) -> Result<Vec<Spot>> {
        let mut sql = filter.sql()?;
        once_a_day(filter, &mut sql);
        sql.when("e.lat IS NOT NULL AND e.lon IS NOT NULL");
        let text = format!(
            "SELECT coalesce(e.place, ''), e.place_country, e.lat, e.lon, sum(e.quad <= 2), sum(e.quad > 2) FROM {}{}
             GROUP BY e.lat, e.lon ORDER BY count(*) DESC, 1 LIMIT {limit}",
            sql.from,
            sql.filter()
        );
        self.all(&text, params_from_iter(sql.values), |r| {
            Ok(Spot { name: r.get(0)?, country: r.get(1)?, lat: r.get(2)?, lon: r.get(3)?, cooperation: r.get(4)?, conflict: r.get(5)? })
        })
    }
}
