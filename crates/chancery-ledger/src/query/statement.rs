//! Statements: who said what.

use super::filter::{Filter, Sql, full_text};
use crate::error::Result;
use crate::frame::{Cell, Column, Kind};
use crate::ids;
use crate::ledger::Ledger;
use rusqlite::params_from_iter;

/// A statement with its speaker and report.
#[derive(Debug, Clone)]
pub struct StatementRow {
    pub id: String,
    pub report: String,
    pub published: Option<String>,
    pub outlet: Option<String>,
    pub speaker: Option<String>,
    pub speaker_id: Option<String>,
    pub speaker_code: Option<String>,
    pub addressee: Option<String>,
    pub addressee_code: Option<String>,
    pub kind: String,
    pub stance: Option<String>,
    pub contexts: Option<String>,
    pub quote: String,
    pub cue: Option<String>,
    pub start: i64,
    pub end: i64,
    pub sentence: i64,
    pub url: Option<String>,
}

/// One row a statement.
pub const STATEMENT_COLUMNS: &[Column] = &[
    Column::new("id", Kind::Text),
    Column::new("report", Kind::Text),
    Column::new("published", Kind::Date),
    Column::new("outlet", Kind::Text),
    Column::new("speaker", Kind::Text),
    Column::new("speaker_id", Kind::Text),
    Column::new("speaker_code", Kind::Text),
    Column::new("addressee", Kind::Text),
    Column::new("addressee_code", Kind::Text),
    Column::new("kind", Kind::Text),
    Column::new("stance", Kind::Text),
    Column::new("contexts", Kind::Text),
    Column::new("quote", Kind::Text),
    Column::new("cue", Kind::Text),
    Column::new("start", Kind::Int),
    Column::new("end", Kind::Int),
    Column::new("sentence", Kind::Int),
    Column::new("url", Kind::Text),
];

impl StatementRow {
    /// In the order of [`STATEMENT_COLUMNS`].
    pub fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            Cell::from(&self.id),
            Cell::from(&self.report),
            self.published.as_deref().into(),
            self.outlet.as_deref().into(),
            self.speaker.as_deref().into(),
            self.speaker_id.as_deref().into(),
            self.speaker_code.as_deref().into(),
            self.addressee.as_deref().into(),
            self.addressee_code.as_deref().into(),
            Cell::from(&self.kind),
            self.stance.as_deref().into(),
            self.contexts.as_deref().into(),
            Cell::from(&self.quote),
            self.cue.as_deref().into(),
            self.start.into(),
            self.end.into(),
            self.sentence.into(),
            self.url.as_deref().into(),
        ]
    }
}

impl Ledger {
    /// Statements: `source` is the speaker, `target` the addressee, `since` and `until` the published day, `statuses` the stances.
    pub fn statements(
        &self,
        filter: &Filter,
        newest: bool,
        limit: Option<u64>,
        mut each: impl FnMut(&StatementRow) -> Result<()>,
    ) -> Result<()> {
        let failed = self.failed();
        let mut sql = Sql::default();
        let lead = if let Some(text) = &filter.text {
            let query = full_text(text)?;
            let bound = sql.bind(query);
            sql.when(format!("words MATCH {bound}"));
            "words CROSS JOIN statement t ON t.rid = words.rowid JOIN coding c ON c.cid = t.cid"
        } else if !filter.source.is_empty() {
            let tests: Vec<String> = filter.source.iter().map(|w| w.fits(&mut sql)).collect();
            sql.when(format!("t.speaker IN (SELECT x.actor FROM actor x WHERE {})", tests.join(" OR ")));
            "statement t JOIN coding c ON c.cid = t.cid"
        } else {
            "coding c CROSS JOIN statement t ON t.cid = c.cid"
        };
        if filter.text.is_some() && !filter.source.is_empty() {
            let tests: Vec<String> = filter.source.iter().map(|w| w.fits(&mut sql)).collect();
            sql.when(format!("t.speaker IN (SELECT x.actor FROM actor x WHERE {})", tests.join(" OR ")));
        }
        if !filter.target.is_empty() {
            let tests: Vec<String> = filter.target.iter().map(|w| w.fits(&mut sql)).collect();
            sql.when(format!("t.addressee IN (SELECT x.actor FROM actor x WHERE {})", tests.join(" OR ")));
        }
        if !filter.about.is_empty() {
            let to: Vec<String> = filter.about.iter().map(|w| w.fits(&mut sql)).collect();
            let of: Vec<String> = filter.about.iter().map(|w| w.fits(&mut sql)).collect();
            sql.when(format!(
                "(t.addressee IN (SELECT x.actor FROM actor x WHERE {}) OR EXISTS (SELECT 1 FROM event e JOIN party p USING (eid) JOIN actor x USING (actor)
                 WHERE e.cid = t.cid AND e.statement = t.id AND e.ended IS NULL AND p.role < 2 AND ({})))",
                to.join(" OR "),
                of.join(" OR ")
            ));
        }
        filter.codings(&mut sql);
        filter.report(&mut sql);
        for (day, test) in [(&filter.since, ">="), (&filter.until, "<=")] {
            if let Some(day) = day {
                let bound = sql.bind(day.clone());
                sql.when(format!("c.published {test} {bound}"));
            }
        }
        sql.among("t.stance", &filter.statuses);
        let contexts: Vec<String> =
            filter.contexts.iter().map(|c| format!("instr(';' || t.contexts || ';', ';' || {} || ';')", sql.bind(c.clone()))).collect();
        sql.any(&contexts);
        let order = if newest { "c.published DESC, t.sid DESC" } else { "t.sid" };
        let limit = limit.map(|n| format!(" LIMIT {n}")).unwrap_or_default();
        let text = format!(
            "SELECT t.id, r.id, c.published, o.name, coalesce(x.entity, t.speaker_text), x.entity_id, x.code, coalesce(y.entity, t.addressee_text), y.code,
                t.kind, t.stance, t.contexts, t.quote, t.cue, t.quote_start, t.quote_end, t.sentence, r.url
             FROM {lead} JOIN report r ON r.rid = t.rid JOIN outlet o ON o.outlet = r.outlet LEFT JOIN actor x ON x.actor = t.speaker
             LEFT JOIN actor y ON y.actor = t.addressee{} ORDER BY {order}{limit}",
            sql.filter()
        );
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let mut rows = select.query(params_from_iter(sql.values)).map_err(&failed)?;
        while let Some(r) = rows.next().map_err(&failed)? {
            let row = read(r).map_err(&failed)?;
            each(&row)?;
        }
        Ok(())
    }
}

fn read(r: &rusqlite::Row<'_>) -> rusqlite::Result<StatementRow> {
    Ok(StatementRow {
        id: ids::text(&r.get::<_, [u8; 16]>(0)?),
        report: ids::text(&r.get::<_, [u8; 16]>(1)?),
        published: r.get(2)?,
        outlet: r.get::<_, Option<String>>(3)?.filter(|o| !o.is_empty()),
        speaker: r.get(4)?,
        speaker_id: r.get(5)?,
        speaker_code: r.get(6)?,
        addressee: r.get(7)?,
        addressee_code: r.get(8)?,
        kind: r.get(9)?,
        stance: r.get(10)?,
        contexts: r.get(11)?,
        quote: r.get(12)?,
        cue: r.get(13)?,
        start: r.get(14)?,
        end: r.get(15)?,
        sentence: r.get(16)?,
        url: r.get(17)?,
    })
}
