//! Decisions as they stand: listed, and what is still to be decided on.

use crate::error::Result;
use crate::ids;
use crate::ledger::Ledger;
use crate::query::{Filter, Sql};
use chancery::record::Span;
use rusqlite::{Params, params, params_from_iter};
use std::collections::BTreeSet;

/// How a decision stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub number: i64,
    pub at: i64,
    pub ended: Option<i64>,
    pub who: String,
    pub why: Option<String>,
    pub verdict: String,
    pub report: String,
    pub event: Option<String>,
    /// Words of an added event.
    pub span: Option<Span>,
    pub fields: String,
    /// `held` by id, `overlap` by place, `orphaned`; `audit` where it changes nothing.
    pub state: String,
    /// The audit it was taken for.
    pub audit: Option<i64>,
}

impl Ledger {
    /// Every decision, the newest first.
    pub fn decisions(&self, mut each: impl FnMut(&Standing) -> Result<()>) -> Result<()> {
        self.standing("", [], &mut each)
    }

    /// The decisions on a report that hold, the oldest first: those of an audit, or (without one) of the ledger.
    pub fn decisions_on(&self, rid: i64, audit: Option<i64>) -> Result<Vec<Standing>> {
        let mut found = Vec::new();
        let of = "WHERE d.rid = ?1 AND d.audit IS ?2 AND d.ended IS NULL";
        self.standing(of, params![rid, audit], &mut |d| {
            found.push(d.clone());
            Ok(())
        })?;
        found.reverse();
        Ok(found)
    }

    /// Reports to look at: with an event that fits and not complete; the least sure event first.
    pub fn to_review(&self, filter: &Filter, limit: u64) -> Result<Vec<i64>> {
        let failed = self.failed();
        let mut sql = filter.sql()?;
        sql.when("r.complete = 0");
        let text = format!("SELECT e.rid FROM {}{} GROUP BY e.rid ORDER BY min(e.confidence), e.rid LIMIT {limit}", sql.from, sql.filter());
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let rows = select.query_map(params_from_iter(sql.values), |r| r.get(0));
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    /// Reports that were marked complete, of those that a filter of reports lets through.
    pub fn complete_reports(&self, filter: &Filter) -> Result<BTreeSet<i64>> {
        let failed = self.failed();
        let mut sql = Sql::default();
        filter.codings(&mut sql);
        filter.report(&mut sql);
        sql.when("r.complete = 1");
        let text = format!("SELECT r.rid FROM report r JOIN coding c USING (rid) JOIN outlet o USING (outlet){}", sql.filter());
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let rows = select.query_map(params_from_iter(sql.values), |r| r.get(0));
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    fn standing(&self, of: &str, values: impl Params, each: &mut dyn FnMut(&Standing) -> Result<()>) -> Result<()> {
        let failed = self.failed();
        let sql = format!(
            "SELECT d.decision, d.added, d.ended, d.who, d.why, d.verdict, r.id, d.event, d.fields, d.state, d.audit, d.start, d.end
             FROM decision d JOIN report r USING (rid) {of} ORDER BY d.decision DESC"
        );
        let mut select = self.conn.prepare(&sql).map_err(&failed)?;
        let mut rows = select.query(values).map_err(&failed)?;
        while let Some(r) = rows.next().map_err(&failed)? {
            let read = || {
                Ok::<_, rusqlite::Error>(Standing {
                    number: r.get(0)?,
                    at: r.get(1)?,
                    ended: r.get(2)?,
                    who: r.get(3)?,
                    why: r.get(4)?,
                    verdict: r.get(5)?,
                    report: ids::text(&r.get::<_, [u8; 16]>(6)?),
                    event: r.get::<_, Option<[u8; 16]>>(7)?.map(|b| ids::text(&b)),
                    fields: r.get::<_, Option<String>>(8)?.unwrap_or_default(),
                    state: r.get(9)?,
                    audit: r.get(10)?,
                    span: r
                        .get::<_, Option<i64>>(11)?
                        .zip(r.get::<_, Option<i64>>(12)?)
                        .map(|(start, end)| Span::new(start as usize, end as usize)),
                })
            };
            each(&read().map_err(&failed)?)?;
        }
        Ok(())
    }
}
