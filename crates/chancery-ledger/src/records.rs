//! Whole records, as they were read.

use crate::body::Packer;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::query::Filter;
use chancery::Record;
use rusqlite::{CachedStatement, OptionalExtension, params_from_iter};
use std::collections::HashMap;

impl Ledger {
    /// Hands the JSON of every record that fits to `each`, in the order in which reports were added. Where the filter asks for events, only records
    /// of reports that hold one.
    pub fn records(&self, filter: &Filter, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let failed = self.failed();
        let plain = Filter { as_of: filter.as_of, coder: filter.coder.clone(), ..Filter::default() };
        let mut sql = crate::query::Sql::default();
        let mut text =
            "SELECT b.dictionary, b.text, j.dictionary, j.json FROM coding c JOIN body b USING (rid) JOIN record j USING (cid)".to_owned();
        if format!("{plain:?}") == format!("{filter:?}") {
            filter.codings(&mut sql);
            text.push_str(&sql.filter());
        } else {
            sql = filter.sql()?;
            text.push_str(&format!(" WHERE c.cid IN (SELECT e.cid FROM {}{})", sql.from, sql.filter()));
        }
        text.push_str(" ORDER BY c.cid");
        let packers = self.packers()?;
        let unknown =
            || crate::Error::new("E0506", "a dictionary is missing", self.path().display().to_string(), "restore the ledger from a copy");
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let mut rows = select.query(params_from_iter(sql.values)).map_err(&failed)?;
        while let Some(r) = rows.next().map_err(&failed)? {
            let packer = |at: usize| r.get::<_, i64>(at).map_err(&failed).and_then(|d| packers.get(&d).ok_or_else(unknown));
            let blob = |at: usize| r.get_ref(at).and_then(|v| Ok(v.as_blob()?)).map_err(&failed);
            let body = packer(0)?.text(blob(1)?)?;
            each(&packer(2)?.json(blob(3)?, &body)?)?;
        }
        Ok(())
    }

    /// The record of a report that counts, by the report's row.
    pub fn record_of(&self, rid: i64) -> Result<Record> {
        self.one("c.rid = ?1 AND c.ended IS NULL AND ?2 IS NULL", rid, None)
    }

    /// The record of a report that counts, by the report's id; E0515 where there is none.
    pub fn record_by_id(&self, id: &str) -> Result<Record> {
        let found = self.conn.query_row("SELECT rid FROM report WHERE id = ?1", [crate::ids::bytes(id)], |r| r.get(0)).optional();
        let unknown = || crate::Error::new("E0515", "there is no report of this id", id, "add it first");
        self.record_of(found.map_err(self.failed())?.ok_or_else(unknown)?)
    }

    /// The record that an audit judges of a report.
    pub fn record_in(&self, audit: i64, rid: i64) -> Result<Record> {
        self.one("c.cid = (SELECT a.cid FROM audit_report a WHERE a.audit = ?2 AND a.rid = ?1)", rid, Some(audit))
    }

    fn one(&self, which: &str, rid: i64, audit: Option<i64>) -> Result<Record> {
        let sql = format!("SELECT c.cid FROM coding c WHERE {which}");
        let cid = self.conn.query_row(&sql, rusqlite::params![rid, audit], |r| r.get(0)).map_err(self.failed())?;
        crate::export::parse(&self.codings()?.json(cid)?)
    }

    /// The JSON of records, one after another, by the rows of their codings.
    pub(crate) fn codings(&self) -> Result<Codings<'_>> {
        let sql = "SELECT b.dictionary, b.text, j.dictionary, j.json FROM coding c JOIN body b USING (rid) JOIN record j USING (cid) WHERE c.cid = ?1";
        Ok(Codings { ledger: self, packers: self.packers()?, select: self.conn.prepare_cached(sql).map_err(self.failed())? })
    }

    fn packers(&self) -> Result<HashMap<i64, Packer>> {
        let failed = self.failed();
        let mut select = self.conn.prepare("SELECT dictionary, bytes FROM dictionary").map_err(&failed)?;
        let rows = select.query_map([], |r| Ok((r.get(0)?, Packer::new(r.get(1)?)))).map_err(&failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(&failed)
    }
}

/// What looks records up.
pub(crate) struct Codings<'l> {
    ledger: &'l Ledger,
    packers: HashMap<i64, Packer>,
    select: CachedStatement<'l>,
}

impl Codings<'_> {
    pub fn json(&mut self, cid: i64) -> Result<Vec<u8>> {
        let failed = self.ledger.failed();
        type Row = (i64, Vec<u8>, i64, Vec<u8>);
        let row: rusqlite::Result<Row> = self.select.query_row([cid], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)));
        let row = row.map_err(&failed)?;
        let unknown = || {
            crate::Error::new(
                "E0506",
                "a dictionary is missing",
                self.ledger.path().display().to_string(),
                "restore the ledger from a copy",
            )
        };
        let text = self.packers.get(&row.0).ok_or_else(unknown)?.text(&row.1)?;
        self.packers.get(&row.2).ok_or_else(unknown)?.json(&row.3, &text)
    }
}
