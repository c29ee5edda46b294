//! Reports put to their stories as they are added. A story is kept from its second report on, under the id of its first.

use crate::error::Result;
use crate::export::parse;
use crate::ids;
use crate::ledger::Ledger;
use chancery::happening::iso;
use chancery::story::{Limits, Stories, StoryId, Telling};
use rusqlite::{Connection, params};
use std::collections::{BTreeSet, HashMap};

/// The latest reports of a ledger that a new one is compared with when the ledger is opened again.
const WINDOW: i64 = 10_000;
/// Stories that are remembered before those are forgotten that cannot grow any more.
const REMEMBERED: usize = 400_000;

/// A story in the ledger: its first report, and its row where it has one.
#[derive(Debug, Clone, Copy)]
struct Head {
    first: i64,
    row: Option<i64>,
}

/// The stories that may still grow. What it remembers must be dropped when the transaction is rolled back.
#[derive(Debug, Default)]
pub(crate) struct Grouper {
    stories: Option<Stories>,
    heads: HashMap<StoryId, Head>,
}

impl Grouper {
    /// Puts a report that was just inserted to its story.
    pub fn place(&mut self, ledger: &Ledger, rid: i64, telling: &Telling) -> Result<()> {
        if telling.sketch.is_empty() {
            // Without words there is nothing to tell it by.
            return Ok(());
        }
        if self.stories.is_none() {
            self.load(ledger, rid)?;
        }
        self.join(&ledger.conn, rid, telling).map_err(ledger.failed())
    }

    /// What is remembered of the latest reports before this one.
    fn load(&mut self, ledger: &Ledger, before: i64) -> Result<()> {
        let failed = ledger.failed();
        let sql = "SELECT c.rid, c.cid, r.story FROM coding c JOIN report r USING (rid) WHERE c.ended IS NULL AND c.rid BETWEEN ?1 AND ?2 ORDER BY c.rid";
        let mut select = ledger.conn.prepare(sql).map_err(&failed)?;
        let rows = select.query_map([before - WINDOW, before - 1], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)));
        let rows: Vec<(i64, i64, Option<i64>)> = rows.and_then(Iterator::collect).map_err(&failed)?;
        let mut stories = Stories::new(Limits::default());
        let mut codings = ledger.codings()?;
        for (rid, cid, row) in rows {
            let telling = Telling::of(&parse(&codings.json(cid)?)?);
            if telling.sketch.is_empty() {
                continue;
            }
            let placed = stories.add(&telling);
            placed.merged.iter().for_each(|m| {
                self.heads.remove(m);
            });
            let head = self.heads.entry(placed.story).or_insert(Head { first: rid, row });
            head.row = head.row.or(row);
        }
        self.stories = Some(stories);
        Ok(())
    }

    fn join(&mut self, conn: &Connection, rid: i64, telling: &Telling) -> rusqlite::Result<()> {
        let Some(stories) = &mut self.stories else { return Ok(()) };
        let placed = stories.add(telling);
        let Some(&head) = self.heads.get(&placed.story) else {
            self.heads.insert(placed.story, Head { first: rid, row: None });
            if self.heads.len() > REMEMBERED {
                let held: BTreeSet<StoryId> = stories.ids().collect();
                self.heads.retain(|id, _| held.contains(id));
            }
            return Ok(());
        };
        let row = match head.row {
            Some(row) => row,
            None => begin(conn, head.first)?,
        };
        self.heads.insert(placed.story, Head { row: Some(row), ..head });
        conn.prepare_cached("UPDATE report SET story = ?2 WHERE rid = ?1")?.execute([rid, row])?;
        for other in placed.merged.iter().filter_map(|m| self.heads.remove(m)) {
            match other.row.filter(|other| *other != row) {
                Some(other) => {
                    conn.prepare_cached("UPDATE report SET story = ?2 WHERE story = ?1")?.execute([other, row])?;
                    conn.prepare_cached("DELETE FROM story WHERE story = ?1")?.execute([other])?;
                }
                None => {
                    conn.prepare_cached("UPDATE report SET story = ?2 WHERE rid = ?1")?.execute([other.first, row])?;
                }
            }
        }
        let Some(story) = stories.story(placed.story) else { return Ok(()) };
        let disagreements = serde_json::to_string(&story.disagreements).ok().filter(|_| !story.disagreements.is_empty());
        let (first, last) = story.days.map_or((None, None), |(a, b)| (Some(iso(a)), Some(iso(b))));
        // What is remembered may be less than what there was: a story never loses a source by that.
        conn.prepare_cached(
            "UPDATE story SET first = coalesce(min(first, ?2), first, ?2), last = coalesce(max(last, ?3), last, ?3),
                independent = max(independent, ?4), disagreements = coalesce(?5, disagreements) WHERE story = ?1",
        )?
        .execute(params![row, first, last, story.independent as i64, disagreements])?;
        Ok(())
    }
}

/// The row of a story that has got its second report.
fn begin(conn: &Connection, first: i64) -> rusqlite::Result<i64> {
    conn.prepare_cached("INSERT INTO story (id, title) SELECT id, title FROM report WHERE rid = ?1")?.execute([first])?;
    let row = conn.last_insert_rowid();
    conn.prepare_cached("UPDATE report SET story = ?2 WHERE rid = ?1")?.execute([first, row])?;
    Ok(row)
}

/// Which stories.
#[derive(Debug, Clone, Default)]
pub struct StoryFilter {
    /// Ids, or their beginnings.
    pub ids: Vec<String>,
    /// Days that a report of it was published on.
    pub since: Option<String>,
    pub until: Option<String>,
    /// Of an outlet that carries it.
    pub outlets: Vec<String>,
    /// Words and "phrases" that a report of it holds.
    pub text: Option<String>,
    /// Sources that depend on no other, at the least.
    pub independent: i64,
}

/// A story as it stands.
#[derive(Debug, Clone)]
pub struct StoryRow {
    /// The id of its first report.
    pub id: String,
    pub title: Option<String>,
    /// First and last published day.
    pub first: Option<String>,
    pub last: Option<String>,
    pub reports: i64,
    /// Names, in the order in which they came.
    pub outlets: String,
    pub independent: i64,
    /// JSON: what independent sources tell differently.
    pub disagreements: Option<String>,
}

impl Ledger {
    /// Hands every story that fits to `each`, the latest first, `limit` of them at most.
    pub fn stories(&self, filter: &StoryFilter, limit: Option<u64>, mut each: impl FnMut(&StoryRow) -> Result<()>) -> Result<()> {
        let failed = self.failed();
        let mut sql = crate::query::Sql::default();
        let mut ids_asked = Vec::new();
        for id in &filter.ids {
            let (low, high) = crate::query::beginning(id)?;
            ids_asked.push(format!("s.id BETWEEN {} AND {}", sql.bind(low.to_vec()), sql.bind(high.to_vec())));
        }
        sql.any(&ids_asked);
        for (day, test) in [(&filter.since, "s.last >="), (&filter.until, "s.first <=")] {
            if let Some(day) = day {
                let bound = sql.bind(day.clone());
                sql.when(format!("{test} {bound}"));
            }
        }
        if let Some(text) = &filter.text {
            let bound = sql.bind(crate::query::full_text(text)?);
            sql.when(format!("s.story IN (SELECT x.story FROM words JOIN report x ON x.rid = words.rowid WHERE words MATCH {bound})"));
        }
        if !filter.outlets.is_empty() {
            let names: Vec<String> = filter.outlets.iter().map(|o| sql.bind(o.clone())).collect();
            let names = names.join(", ");
            sql.when(format!("s.story IN (SELECT x.story FROM report x JOIN outlet o USING (outlet) WHERE o.name IN ({names}))"));
        }
        let least = sql.bind(filter.independent);
        sql.when(format!("s.independent >= {least}"));
        let limit = limit.map(|n| format!(" LIMIT {n}")).unwrap_or_default();
        let text = format!(
            "SELECT s.id, s.title, s.first, s.last, s.independent, s.disagreements, (SELECT count(*) FROM report r WHERE r.story = s.story),
                (SELECT group_concat(name, '; ') FROM (SELECT o.name FROM report r JOIN outlet o USING (outlet)
                    WHERE r.story = s.story AND o.name != '' GROUP BY o.name ORDER BY min(r.rid)))
             FROM story s{} ORDER BY s.last DESC, s.story DESC{limit}",
            sql.filter()
        );
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let mut rows = select.query(rusqlite::params_from_iter(sql.values)).map_err(&failed)?;
        while let Some(r) = rows.next().map_err(&failed)? {
            let read = || {
                Ok::<_, rusqlite::Error>(StoryRow {
                    id: ids::text(&r.get::<_, [u8; 16]>(0)?),
                    title: r.get(1)?,
                    first: r.get(2)?,
                    last: r.get(3)?,
                    independent: r.get(4)?,
                    disagreements: r.get(5)?,
                    reports: r.get(6)?,
                    outlets: r.get::<_, Option<String>>(7)?.unwrap_or_default(),
                })
            };
            each(&read().map_err(&failed)?)?;
        }
        Ok(())
    }
}
