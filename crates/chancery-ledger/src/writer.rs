//! The one writer: records in, in batches that are kept whole or not at all.

use crate::body::{Packed, Packer, dictionary};
use crate::decision;
use crate::error::{Error, Result, store};
use crate::grouping;
use crate::ids;
use crate::insert::{Inserter, Under};
use crate::ledger::Ledger;
use crate::stories::Grouper;
use chancery::Record;
use chancery::happening::Sighting;
use chancery::story::Telling;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

/// What came of adding a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// A report that was not there.
    New,
    /// A report that was there, read by another coder: its record supersedes the one before.
    Recoded,
    /// This coder's record of this report is there already: nothing changed.
    Known,
}

/// Adds records. What is not committed is lost when it is dropped.
#[derive(Debug)]
pub struct Writer {
    ledger: Ledger,
    open: bool,
    inserter: Inserter,
    stories: Grouper,
    nearby: grouping::Nearby,
    coders: HashMap<(String, String, String), i64>,
    outlets: HashMap<String, i64>,
    dictionary: i64,
    packer: Packer,
}

/// The row of a coder in the ledger, where it has read anything.
const CODER: &str = "SELECT coder FROM coder WHERE version = ?1 AND data = ?2 AND options = ?3";

impl Writer {
    pub fn new(ledger: Ledger) -> Result<Writer> {
        let failed = |e| store(e, &ledger.path);
        let kept = "SELECT dictionary, bytes FROM dictionary ORDER BY dictionary DESC LIMIT 1";
        let read = |r: &rusqlite::Row<'_>| Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?));
        let found = ledger.conn.query_row(kept, [], read).optional().map_err(failed)?;
        let (number, bytes) = match found {
            Some(found) => found,
            None => {
                let bytes = dictionary();
                ledger.conn.execute("INSERT INTO dictionary (dictionary, bytes) VALUES (1, ?1)", [&bytes]).map_err(failed)?;
                (1, bytes)
            }
        };
        Ok(Writer {
            ledger,
            open: false,
            inserter: Inserter::default(),
            stories: Grouper::default(),
            nearby: grouping::Nearby::new(),
            coders: HashMap::new(),
            outlets: HashMap::new(),
            dictionary: number,
            packer: Packer::new(bytes),
        })
    }

    /// What packs records for this ledger, on any thread.
    pub fn packer(&self) -> Packer {
        self.packer.clone()
    }

    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Adds a record as its coder read it under `options` (those that a record depends on, as text).
    pub fn add(&mut self, record: &Record, packed: &Packed, options: &str) -> Result<Added> {
        self.begin()?;
        let now = Timestamp::now().as_millisecond();
        let (added, rid) = self.insert(record, packed, options, now).map_err(|e| self.lost(e))?;
        if added == Added::New {
            self.stories.place(&self.ledger, rid, &Telling::of(record)).inspect_err(|_| self.forget())?;
        }
        Ok(added)
    }

    /// Keeps what was added since the last commit.
    pub fn commit(&mut self) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        let done = self.inserter.pending.flush(&self.ledger.conn).and_then(|()| self.ledger.conn.execute_batch("COMMIT"));
        done.map_err(|e| self.lost(e))?;
        self.open = false;
        Ok(())
    }

    /// Commits, and lets SQLite learn what it needs to choose among indexes.
    pub fn close(mut self) -> Result<()> {
        self.commit()?;
        self.ledger.conn.execute_batch("PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002").map_err(|e| store(e, &self.ledger.path))
    }

    /// Runs one change of its own, whole or not at all.
    pub(crate) fn change<T>(&mut self, run: impl FnOnce(&Connection, &mut Inserter) -> Result<T>) -> Result<T> {
        self.begin()?;
        match run(&self.ledger.conn, &mut self.inserter) {
            Ok(done) => self.commit().map(|()| done),
            Err(e) => {
                self.forget();
                Err(e)
            }
        }
    }

    /// Runs a change that is kept with the next commit.
    pub(crate) fn within<T>(&mut self, run: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.begin()?;
        let done = run(&self.ledger.conn);
        done.map_err(|e| self.lost(e))
    }

    fn begin(&mut self) -> Result<()> {
        if !self.open {
            self.ledger.conn.execute_batch("BEGIN IMMEDIATE").map_err(|e| store(e, &self.ledger.path))?;
            self.open = true;
        }
        Ok(())
    }

    fn lost(&mut self, e: rusqlite::Error) -> Error {
        self.forget();
        store(e, &self.ledger.path)
    }

    /// Rolls back, and with it all that was remembered of rows that are no more.
    fn forget(&mut self) {
        // SQLite may have rolled back by itself.
        let _ = self.ledger.conn.execute_batch("ROLLBACK");
        self.open = false;
        self.inserter = Inserter::default();
        self.stories = Grouper::default();
        self.nearby.forget();
        self.coders.clear();
        self.outlets.clear();
    }

    fn insert(&mut self, record: &Record, packed: &Packed, options: &str, now: i64) -> rusqlite::Result<(Added, i64)> {
        let coder = self.coder(record, options)?;
        let conn = &self.ledger.conn;
        let report = &record.report;
        let id = ids::bytes(&report.id).unwrap_or_default();
        let found = "SELECT rid, outlet FROM report WHERE id = ?1";
        let found: Option<(i64, i64)> = conn.prepare_cached(found)?.query_row([&id], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        if let Some((rid, _)) = found
            && conn.prepare_cached("SELECT 1 FROM coding WHERE rid = ?1 AND coder = ?2")?.exists([rid, coder])?
        {
            return Ok((Added::Known, rid));
        }
        let (rid, outlet) = match found {
            Some(found) => found,
            None => self.report(record, &id, packed, now)?,
        };
        let conn = &self.ledger.conn;
        let added = if found.is_some() { Added::Recoded } else { Added::New };
        if added == Added::Recoded {
            supersede(conn, &mut self.inserter, rid, outlet, now)?;
        }
        conn.prepare_cached(
            "INSERT INTO coding (rid, coder, added, published, language, events, statements, figures) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            rid,
            coder,
            now,
            report.published,
            report.language,
            record.events.len() as i64,
            record.statements.len() as i64,
            record.figures.len() as i64
        ])?;
        let cid = conn.last_insert_rowid();
        conn.prepare_cached("INSERT INTO record (cid, dictionary, json) VALUES (?1, ?2, ?3)")?.execute(params![
            cid,
            self.dictionary,
            packed.json
        ])?;
        let mut eids = Vec::with_capacity(record.events.len());
        for e in &record.events {
            eids.push(self.inserter.event(conn, Under { cid, rid, added: now, decision: None }, e)?);
        }
        statements(conn, &mut self.inserter, record, cid, rid)?;
        figures(conn, record, cid, rid)?;
        for (eid, sighting) in eids.into_iter().zip(Sighting::all(record)) {
            grouping::place(conn, &mut self.nearby, &mut self.inserter.pending, eid, &sighting)?;
        }
        if added == Added::Recoded {
            decision::reapply(conn, &mut self.inserter, record, rid, cid, now)?;
        }
        let counts =
            conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM event WHERE rid = ?1 AND ended IS NULL)")?.query_row([rid], |r| r.get(0))?;
        self.inserter.pending.report(outlet, report.published.as_deref().unwrap_or(""), 1, counts);
        Ok((added, rid))
    }

    /// A new report: its row, text and words. Returns its row and its outlet's.
    fn report(&mut self, record: &Record, id: &[u8; 16], packed: &Packed, now: i64) -> rusqlite::Result<(i64, i64)> {
        let report = &record.report;
        let outlet = self.outlet(report.outlet.as_deref().unwrap_or(""))?;
        let conn = &self.ledger.conn;
        let sha256 = sha(&report.source.sha256);
        conn.prepare_cached("INSERT INTO report (id, given_id, title, url, outlet, added, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![id, report.given_id, report.title, report.url, outlet, now, sha256])?;
        let rid = conn.last_insert_rowid();
        conn.prepare_cached("INSERT INTO body (rid, dictionary, text) VALUES (?1, ?2, ?3)")?.execute(params![
            rid,
            self.dictionary,
            packed.text
        ])?;
        conn.prepare_cached("INSERT INTO words (rowid, title, text) VALUES (?1, ?2, ?3)")?.execute(params![
            rid,
            report.title.as_deref().unwrap_or(""),
            report.text
        ])?;
        Ok((rid, outlet))
    }

    fn coder(&mut self, record: &Record, options: &str) -> rusqlite::Result<i64> {
        let key = (record.coder.version.clone(), record.coder.data.clone(), options.to_owned());
        if let Some(&row) = self.coders.get(&key) {
            return Ok(row);
        }
        let conn = &self.ledger.conn;
        conn.execute("INSERT OR IGNORE INTO coder (version, data, options) VALUES (?1, ?2, ?3)", params![key.0, key.1, key.2])?;
        let row = conn.query_row(CODER, params![key.0, key.1, key.2], |r| r.get(0))?;
        self.coders.insert(key, row);
        Ok(row)
    }

    fn outlet(&mut self, name: &str) -> rusqlite::Result<i64> {
        if let Some(&row) = self.outlets.get(name) {
            return Ok(row);
        }
        let conn = &self.ledger.conn;
        conn.execute("INSERT OR IGNORE INTO outlet (name) VALUES (?1)", [name])?;
        let row = conn.query_row("SELECT outlet FROM outlet WHERE name = ?1", [name], |r| r.get(0))?;
        self.outlets.insert(name.to_owned(), row);
        Ok(row)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if self.open {
            self.forget();
        }
    }
}

/// Ends the coding of a report that counted until now, and its events.
fn supersede(conn: &Connection, inserter: &mut Inserter, rid: i64, outlet: i64, now: i64) -> rusqlite::Result<()> {
    let old = "SELECT cid, coalesce(published, '') FROM coding WHERE rid = ?1 AND ended IS NULL";
    let old: Option<(i64, String)> = conn.prepare_cached(old)?.query_row([rid], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    let Some((cid, day)) = old else { return Ok(()) };
    let eids: Vec<i64> = conn
        .prepare_cached("SELECT eid FROM event WHERE rid = ?1 AND ended IS NULL")?
        .query_map([rid], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    inserter.pending.report(outlet, &day, -1, -i64::from(!eids.is_empty()));
    for eid in eids {
        inserter.end(conn, eid, now)?;
    }
    conn.prepare_cached("UPDATE coding SET ended = ?2 WHERE cid = ?1")?.execute([cid, now])?;
    Ok(())
}

fn statements(conn: &Connection, inserter: &mut Inserter, record: &Record, cid: i64, rid: i64) -> rusqlite::Result<()> {
    for s in &record.statements {
        let speaker = s.speaker.as_ref().map(|a| inserter.actor(conn, a)).transpose()?;
        let addressee = s.addressee.as_ref().map(|a| inserter.actor(conn, a)).transpose()?;
        conn.prepare_cached(
            "INSERT INTO statement (id, cid, rid, speaker, speaker_text, addressee, addressee_text, kind, sentence, quote, quote_start, quote_end, cue,
                closed, stance, contexts, utterance)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            ids::bytes(&s.id).unwrap_or_default(),
            cid,
            rid,
            speaker,
            s.speaker.as_ref().map(|a| &a.text),
            addressee,
            s.addressee.as_ref().map(|a| &a.text),
            s.kind.as_str(),
            s.sentence as i64,
            s.quote.text,
            s.quote.span.start as i64,
            s.quote.span.end as i64,
            s.cue.as_ref().map(|c| &c.text),
            s.closed,
            s.stance,
            (!s.contexts.is_empty()).then(|| s.contexts.join(";")),
            s.utterance.as_deref().and_then(ids::bytes),
        ])?;
    }
    Ok(())
}

fn figures(conn: &Connection, record: &Record, cid: i64, rid: i64) -> rusqlite::Result<()> {
    for f in &record.figures {
        conn.prepare_cached(
            "INSERT INTO figure (id, cid, rid, text, start, end, value, unit, kind, of, direction, bound, event, statement)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            ids::bytes(&f.id).unwrap_or_default(),
            cid,
            rid,
            f.text,
            f.span.start as i64,
            f.span.end as i64,
            f.value,
            f.unit,
            f.kind,
            f.of,
            f.direction,
            f.bound,
            f.event.as_deref().and_then(ids::bytes),
            f.statement.as_deref().and_then(ids::bytes),
        ])?;
    }
    Ok(())
}

fn sha(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len() / 2).filter_map(|i| hex.get(2 * i..2 * i + 2));
    pairs.filter_map(|p| u8::from_str_radix(p, 16).ok()).collect()
}

/// Tells the reports that a coder need not read again. Shared by the threads that read.
#[derive(Debug)]
pub struct Known {
    conn: Mutex<Connection>,
    coder: Option<i64>,
}

impl Known {
    /// What the coder of that version, data and options has read of this ledger.
    pub fn open(path: &Path, version: &str, data: &str, options: &str) -> Result<Known> {
        let ledger = Ledger::read(path)?;
        let coder = ledger.conn.query_row(CODER, params![version, data, options], |r| r.get(0)).optional().map_err(ledger.failed())?;
        Ok(Known { conn: Mutex::new(ledger.conn), coder })
    }

    /// Whether it has read this report. A ledger that cannot be asked is no reason not to read: adding twice changes nothing.
    pub fn has(&self, report: &str) -> bool {
        let (Some(coder), Some(id)) = (self.coder, ids::bytes(report)) else { return false };
        let Ok(conn) = self.conn.lock() else { return false };
        let sql = "SELECT 1 FROM report r JOIN coding c USING (rid) WHERE r.id = ?1 AND c.coder = ?2";
        conn.prepare_cached(sql).and_then(|mut s| s.exists(params![id, coder])).unwrap_or(false)
    }
}
