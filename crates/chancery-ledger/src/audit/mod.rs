//! Audits: a random sample of one's own ledger, read by people, and what that says about all of it.

mod draw;
mod score;

pub use draw::{Drawn, Stratify, Stratum};
pub use score::{Corrected, Estimate, Findings, Rate};

use crate::error::{Error, Result};
use crate::ledger::Ledger;

/// An audit as it stands.
#[derive(Debug, Clone)]
pub struct Audit {
    pub number: i64,
    /// Milliseconds since 1970.
    pub added: i64,
    pub seed: i64,
    pub asked: i64,
    /// By what it is stratified, joined by commas.
    pub strata: String,
    /// Of which reports, in words.
    pub query: String,
    pub drawn: i64,
    /// Reports read whole by one reader at least, and by two.
    pub once: i64,
    pub twice: i64,
}

/// A report that waits for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub rid: i64,
    pub report: String,
}

/// Readers that an audit wants a report to have.
pub const READERS: i64 = 2;

impl Ledger {
    /// Every audit, the newest first.
    pub fn audits(&self) -> Result<Vec<Audit>> {
        let failed = self.failed();
        let sql = "WITH done AS (SELECT audit, rid, count(DISTINCT who) AS n FROM decision WHERE audit IS NOT NULL AND verdict = 'complete'
                AND ended IS NULL GROUP BY 1, 2)
            SELECT a.audit, a.added, a.seed, a.n, a.strata, a.query, (SELECT count(*) FROM audit_report r WHERE r.audit = a.audit),
                (SELECT count(*) FROM done d WHERE d.audit = a.audit), (SELECT count(*) FROM done d WHERE d.audit = a.audit AND d.n >= 2)
            FROM audit a ORDER BY a.audit DESC";
        let mut select = self.conn.prepare(sql).map_err(&failed)?;
        let rows = select.query_map([], |r| {
            Ok(Audit {
                number: r.get(0)?,
                added: r.get(1)?,
                seed: r.get(2)?,
                asked: r.get(3)?,
                strata: r.get(4)?,
                query: r.get(5)?,
                drawn: r.get(6)?,
                once: r.get(7)?,
                twice: r.get(8)?,
            })
        });
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    /// The audit of that number, or the newest; E0540 where there is none.
    pub fn audit(&self, number: Option<i64>) -> Result<Audit> {
        let mut all = self.audits()?;
        let at = all.iter().position(|a| number.is_none_or(|n| n == a.number));
        at.map(|at| all.swap_remove(at)).ok_or_else(|| {
            let what = number.map_or_else(|| "no audit has been drawn".to_owned(), |n| format!("there is no audit {n}"));
            Error::new(
                "E0540",
                what,
                self.path().display().to_string(),
                "draw one with `chancery audit --n 300`, or see `chancery audit --list`",
            )
        })
    }

    /// Who read the reports of an audit: version, hash of its data, reports.
    pub fn audited_coders(&self, audit: i64) -> Result<Vec<(String, String, i64)>> {
        let failed = self.failed();
        let sql =
            "SELECT k.version, k.data, count(*) FROM audit_report a JOIN coding c USING (cid) JOIN coder k USING (coder) WHERE a.audit = ?1
            GROUP BY 1, 2 ORDER BY 1, 2";
        let mut select = self.conn.prepare(sql).map_err(&failed)?;
        let rows = select.query_map([audit], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)));
        rows.and_then(Iterator::collect).map_err(&failed)
    }

    /// What an audit still wants this reader to read: not read whole by them, nor by two others.
    pub fn waiting(&self, audit: i64, who: &str) -> Result<Vec<Waiting>> {
        let failed = self.failed();
        let sql = "SELECT a.rid, r.id FROM audit_report a JOIN report r USING (rid) WHERE a.audit = ?1 AND
                (SELECT count(DISTINCT d.who) FROM decision d WHERE d.audit = ?1 AND d.rid = a.rid AND d.verdict = 'complete' AND d.ended IS NULL
                    AND d.who != ?2) < ?3
                AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.audit = ?1 AND d.rid = a.rid AND d.verdict = 'complete' AND d.ended IS NULL
                    AND d.who = ?2)
            ORDER BY a.place";
        let mut select = self.conn.prepare(sql).map_err(&failed)?;
        let rows = select.query_map(rusqlite::params![audit, who, READERS], |r| {
            Ok(Waiting { rid: r.get(0)?, report: crate::ids::text(&r.get::<_, [u8; 16]>(1)?) })
        });
        rows.and_then(Iterator::collect).map_err(&failed)
    }
}
