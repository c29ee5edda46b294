//! Happenings as they come out: what several reports tell of one thing.

use super::filter::Filter;
use crate::error::Result;
use crate::frame::{Cell, Column, Kind};
use crate::grouping;
use crate::ids;
use crate::ledger::Ledger;
use chancery::happening::Summary;
use rusqlite::params_from_iter;
use serde_json::json;

/// A happening with what its reports say together. Codes of sides are joined by `;`.
#[derive(Debug, Clone)]
pub struct HappeningRow {
    /// The id of its first event.
    pub id: String,
    pub day: Option<String>,
    pub day_end: Option<String>,
    pub source: String,
    pub target: String,
    pub kind: String,
    /// The words that tell it in the first report.
    pub words: String,
    pub place: Option<String>,
    pub first_reported: Option<String>,
    pub outlets: String,
    /// Ids of its events, in the order in which they were added.
    pub events: Vec<String>,
    pub summary: Summary,
}

/// One row a happening. `status`, `figures` and `disputes` are JSON.
pub const HAPPENING_COLUMNS: &[Column] = &[
    Column::new("id", Kind::Text),
    Column::new("date", Kind::Date),
    Column::new("date_end", Kind::Date),
    Column::new("source", Kind::Text),
    Column::new("target", Kind::Text),
    Column::new("type", Kind::Text),
    Column::new("trigger", Kind::Text),
    Column::new("place", Kind::Text),
    Column::new("first_reported", Kind::Date),
    Column::new("first_report", Kind::Text),
    Column::new("reports", Kind::Int),
    Column::new("independent", Kind::Int),
    Column::new("outlets", Kind::Text),
    Column::new("status", Kind::Text),
    Column::new("figures", Kind::Text),
    Column::new("disputes", Kind::Text),
    Column::new("events", Kind::Text),
];

impl HappeningRow {
    /// In the order of [`HAPPENING_COLUMNS`].
    pub fn cells(&self) -> Vec<Cell<'_>> {
        let s = &self.summary;
        let list =
            |all: Vec<serde_json::Value>| if all.is_empty() { Cell::Null } else { Cell::from(serde_json::Value::from(all).to_string()) };
        let day = |d: Option<i32>| d.map(chancery::happening::iso);
        let status = s.status.iter().map(|v| json!({"status": v.status.as_str(), "independent": v.chains, "by": v.by}));
        let figures = s.figures.iter().map(|f| json!({"reported": day(f.day), "of": f.of, "value": f.value, "independent": f.chains}));
        let values = |v: &[(String, usize)]| v.iter().map(|(v, n)| json!({"value": v, "independent": n})).collect::<Vec<_>>();
        let disputes = s.disputes.iter().map(|d| json!({"matter": d.matter, "values": values(&d.values)}));
        vec![
            Cell::from(&self.id),
            self.day.as_deref().into(),
            self.day_end.as_deref().into(),
            Cell::from(&self.source),
            Cell::from(&self.target),
            Cell::from(&self.kind),
            Cell::from(&self.words),
            self.place.as_deref().into(),
            self.first_reported.as_deref().into(),
            Cell::from(&s.first_report),
            (s.reports as i64).into(),
            (s.chains as i64).into(),
            Cell::from(&self.outlets),
            list(status.collect()),
            list(figures.collect()),
            list(disputes.collect()),
            Cell::from(self.events.join(";")),
        ]
    }
}

impl Ledger {
    /// Hands every happening of which an event fits to `each`, the newest first, `limit` of them at most.
    pub fn happenings(&self, filter: &Filter, limit: Option<u64>, mut each: impl FnMut(&HappeningRow) -> Result<()>) -> Result<()> {
        let failed = self.failed();
        let mut sql = filter.sql()?;
        sql.when("e.happening IS NOT NULL");
        let text =
            format!("SELECT e.happening FROM {}{} GROUP BY e.happening ORDER BY max(e.day) DESC, e.happening", sql.from, sql.filter());
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let mut rows = select.query(params_from_iter(sql.values)).map_err(&failed)?;
        let mut given = 0;
        while let Some(row) = rows.next().map_err(&failed)? {
            if limit.is_some_and(|l| given >= l) {
                return Ok(());
            }
            let number: i64 = row.get(0).map_err(&failed)?;
            if let Some(found) = self.happening(number).map_err(&failed)? {
                given += 1;
                each(&found)?;
            }
        }
        Ok(())
    }

    /// The happening of that number, as its events that count now tell it.
    fn happening(&self, number: i64) -> rusqlite::Result<Option<HappeningRow>> {
        let members = "SELECT e.eid, e.day, e.day_end, e.source, e.target, e.type, e.trigger, e.place, c.published, o.name
            FROM event e JOIN coding c USING (cid) JOIN report r ON r.rid = e.rid JOIN outlet o USING (outlet)
            WHERE e.happening = ?1 AND e.ended IS NULL ORDER BY e.eid";
        let mut select = self.conn.prepare_cached(members)?;
        let mut rows = select.query([number])?;
        let mut sightings = Vec::new();
        let mut out: Option<HappeningRow> = None;
        let (mut outlets, mut first): (Vec<String>, Option<String>) = (Vec::new(), None);
        while let Some(r) = rows.next()? {
            let Some((_, sighting)) = grouping::load(&self.conn, r.get(0)?)? else { continue };
            let published: Option<String> = r.get(8)?;
            if published.is_some() && (first.is_none() || published < first) {
                first = published;
            }
            let outlet: String = r.get(9)?;
            if !outlet.is_empty() && !outlets.contains(&outlet) {
                outlets.push(outlet);
            }
            match &mut out {
                None => {
                    out = Some(HappeningRow {
                        id: String::new(),
                        day: r.get(1)?,
                        day_end: r.get(2)?,
                        source: r.get(3)?,
                        target: r.get(4)?,
                        kind: r.get(5)?,
                        words: r.get(6)?,
                        place: r.get(7)?,
                        first_reported: None,
                        outlets: String::new(),
                        events: vec![sighting.event.clone()],
                        summary: Summary::default(),
                    });
                }
                Some(row) => {
                    row.events.push(sighting.event.clone());
                    // What the first leaves open another may say.
                    if row.day.is_none() {
                        (row.day, row.day_end) = (r.get(1)?, r.get(2)?);
                    }
                    if row.place.is_none() {
                        row.place = r.get(7)?;
                    }
                    for (side, at) in [(&mut row.source, 3), (&mut row.target, 4)] {
                        if side.is_empty() {
                            *side = r.get(at)?;
                        }
                    }
                }
            }
            sightings.push(sighting);
        }
        let Some((mut row, summary)) = out.zip(Summary::of(&sightings.iter().collect::<Vec<_>>())) else { return Ok(None) };
        let id: [u8; 16] = self.conn.prepare_cached("SELECT id FROM event_key WHERE key = ?1")?.query_row([number], |r| r.get(0))?;
        (row.id, row.summary, row.outlets, row.first_reported) = (ids::text(&id), summary, outlets.join("; "), first);
        Ok(Some(row))
    }
}
