//! Pages as they were fetched, and feeds as far as they were followed.

use crate::error::{Error, Result, store};
use crate::ids;
use crate::ledger::Ledger;
use crate::writer::Writer;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

/// Fast, for bytes that are seldom asked for.
const LEVEL: i32 = 3;

/// A page that a report was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPage {
    /// The address asked for, and the one that answered.
    pub asked: String,
    pub url: String,
    /// Milliseconds since 1970.
    pub fetched: i64,
    pub status: u16,
    /// JSON: pairs of name and value in order; steps on the way.
    pub headers: String,
    pub redirects: String,
    /// Of `raw`.
    pub sha256: Vec<u8>,
    /// The body as it came over the wire.
    pub raw: Vec<u8>,
}

/// What the last answer of a feed said of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedState {
    pub etag: Option<String>,
    pub modified: Option<String>,
}

impl Writer {
    /// Keeps the page of a report that was added. The same bytes of the same address are kept once.
    pub fn keep_page(&mut self, report: &str, page: &KeptPage) -> Result<()> {
        let id = ids::bytes(report).unwrap_or_default();
        let packed = zstd::bulk::compress(&page.raw, LEVEL)
            .map_err(|e| Error::new("E0509", format!("a page could not be compressed: {e}"), page.url.as_str(), "try again"))?;
        self.within(|conn| {
            conn.prepare_cached(
                "INSERT INTO page (rid, asked, url, fetched, status, headers, redirects, sha256, raw)
                 SELECT r.rid, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM report r WHERE r.id = ?1
                    AND NOT EXISTS (SELECT 1 FROM page p WHERE p.rid = r.rid AND p.url = ?3 AND p.sha256 = ?8)",
            )?
            .execute(params![id, page.asked, page.url, page.fetched, page.status, page.headers, page.redirects, page.sha256, packed])
            .map(|_| ())
        })
    }

    /// What is known of a feed.
    pub fn feed(&self, url: &str) -> Result<FeedState> {
        let ledger = self.ledger();
        let sql = "SELECT etag, modified FROM feed WHERE url = ?1";
        let read = |r: &rusqlite::Row<'_>| Ok(FeedState { etag: r.get(0)?, modified: r.get(1)? });
        let found = ledger.conn.query_row(sql, [url], read).optional().map_err(|e| store(e, &ledger.path))?;
        Ok(found.unwrap_or_default())
    }

    /// Keeps what a feed said of itself, with the next commit.
    pub fn keep_feed(&mut self, url: &str, state: &FeedState) -> Result<()> {
        let now = Timestamp::now().as_millisecond();
        self.within(|conn| {
            conn.prepare_cached(
                "INSERT INTO feed (url, etag, modified, polled) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (url) DO UPDATE SET etag = ?2, modified = ?3, polled = ?4",
            )?
            .execute(params![url, state.etag, state.modified, now])
            .map(|_| ())
        })
    }

    /// Whether an entry of a feed was taken in.
    pub fn has_entry(&self, feed: &str, entry: &str) -> Result<bool> {
        let ledger = self.ledger();
        let sql = "SELECT 1 FROM feed f JOIN entry e USING (feed) WHERE f.url = ?1 AND e.id = ?2";
        ledger.conn.prepare_cached(sql).and_then(|mut s| s.exists([feed, entry])).map_err(|e| store(e, &ledger.path))
    }

    /// Marks an entry as taken in, with the next commit: together with its report, or not at all.
    pub fn keep_entry(&mut self, feed: &str, entry: &str) -> Result<()> {
        let now = Timestamp::now().as_millisecond();
        self.within(|conn| {
            conn.prepare_cached("INSERT OR IGNORE INTO feed (url) VALUES (?1)")?.execute([feed])?;
            let sql = "INSERT OR IGNORE INTO entry (feed, id, taken) SELECT feed, ?2, ?3 FROM feed WHERE url = ?1";
            conn.prepare_cached(sql)?.execute(params![feed, entry, now]).map(|_| ())
        })
    }
}

impl Ledger {
    /// The pages that a report was read from, the oldest first.
    pub fn pages(&self, report: &str) -> Result<Vec<KeptPage>> {
        let failed = self.failed();
        let id = ids::bytes(report).unwrap_or_default();
        let sql =
            "SELECT p.asked, p.url, p.fetched, p.status, p.headers, p.redirects, p.sha256, p.raw FROM page p JOIN report r USING (rid)
            WHERE r.id = ?1 ORDER BY p.page";
        let mut select = self.conn.prepare_cached(sql).map_err(&failed)?;
        let rows = select.query_map([id], |r| {
            Ok(KeptPage {
                asked: r.get(0)?,
                url: r.get(1)?,
                fetched: r.get(2)?,
                status: r.get(3)?,
                headers: r.get(4)?,
                redirects: r.get(5)?,
                sha256: r.get(6)?,
                raw: r.get(7)?,
            })
        });
        let mut pages = rows.and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>).map_err(&failed)?;
        for page in &mut pages {
            page.raw = zstd::stream::decode_all(page.raw.as_slice()).map_err(|e| {
                Error::new("E0509", format!("a page cannot be read: {e}"), page.url.as_str(), "restore the ledger from a copy")
            })?;
        }
        Ok(pages)
    }

    /// The whole record of a report that counts, by the report's id.
    pub fn record(&self, report: &str) -> Result<chancery::Record> {
        let id = ids::bytes(report).unwrap_or_default();
        let rid = self.conn.query_row("SELECT rid FROM report WHERE id = ?1", [id], |r| r.get(0)).map_err(self.failed())?;
        self.record_of(rid)
    }
}
