//! Opening a ledger: one writer, any number of readers.

use crate::error::{Error, Result, store};
use crate::schema;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a process waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// An opened ledger.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) conn: Connection,
    pub(crate) path: PathBuf,
}

/// What a ledger holds. Events, statements and figures: those that count now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdings {
    pub reports: u64,
    pub codings: u64,
    pub events: u64,
    pub statements: u64,
    pub figures: u64,
    pub decisions: u64,
    /// Of the file, without what waits in its log.
    pub bytes: u64,
}

impl Ledger {
    /// Opens for writing; a file that is not there is made, one of an older version is brought up to date.
    pub fn create(path: &Path) -> Result<Ledger> {
        let failed = |e| store(e, path);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = Connection::open_with_flags(path, flags).map_err(failed)?;
        conn.busy_timeout(PATIENCE).map_err(failed)?;
        schema::check(&conn, path)?;
        conn.pragma_update(None, "journal_mode", "wal").map_err(failed)?;
        // A committed batch outlives a power cut, too.
        conn.pragma_update(None, "synchronous", "full").map_err(failed)?;
        conn.pragma_update(None, "foreign_keys", false).map_err(failed)?;
        schema::migrate(&mut conn, path)?;
        // The same few questions, time and again: they are not planned anew for each value, which took a third of the time of adding.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed)?;
        tune(&conn).map_err(failed)?;
        Ok(Ledger { conn, path: path.to_owned() })
    }

    /// Opens for writing what is there (E0507 where there is nothing).
    pub fn write(path: &Path) -> Result<Ledger> {
        exists(path)?;
        Self::create(path)
    }

    /// Opens for reading: nothing done through it can change the file.
    pub fn read(path: &Path) -> Result<Ledger> {
        exists(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let open = |name: &Path| {
            let conn = Connection::open_with_flags(name, flags)?;
            conn.busy_timeout(PATIENCE)?;
            // The first look at the file: opening alone reads nothing.
            conn.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0))?;
            Ok::<_, rusqlite::Error>(conn)
        };
        let conn = open(path).or_else(|e| match immutable(path) {
            Some(uri) => open(&uri),
            None => Err(e),
        });
        let conn = conn.map_err(|e| store(e, path))?;
        match schema::check(&conn, path)? {
            schema::VERSION => {}
            0 => {
                return Err(Error::new("E0507", "this ledger is empty", path.display().to_string(), "add reports with `chancery add`"));
            }
            old => {
                let what = format!("this ledger has schema {old}, this build reads {}", schema::VERSION);
                return Err(Error::new("E0502", what, path.display().to_string(), "run `chancery add` on it once to bring it up to date"));
            }
        }
        conn.pragma_update(None, "query_only", true).map_err(|e| store(e, path))?;
        tune(&conn).map_err(|e| store(e, path))?;
        Ok(Ledger { conn, path: path.to_owned() })
    }

    /// A number that changes when another connection has changed the file since this one was opened.
    pub fn changes(&self) -> Result<i64> {
        self.conn.pragma_query_value(None, "data_version", |r| r.get(0)).map_err(self.failed())
    }

    /// From now on any question is broken off (E0512) once it has taken `limit` in all.
    pub fn limit(&mut self, limit: Duration) -> Result<()> {
        let end = Instant::now() + limit;
        let set = self.conn.progress_handler(10_000, Some(move || Instant::now() > end));
        set.map_err(self.failed())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// SQLite's own check of the file, and that what is maintained agrees with what it is computed from. Empty when sound.
    pub fn check(&self) -> Result<Vec<String>> {
        let failed = |e| store(e, &self.path);
        let mut found = Vec::new();
        let mut statement = self.conn.prepare("PRAGMA integrity_check").map_err(failed)?;
        let lines = statement.query_map([], |r| r.get::<_, String>(0)).map_err(failed)?;
        for line in lines {
            found.push(line.map_err(failed)?);
        }
        found.retain(|l| l != "ok");
        for (what, sql) in crate::derived::CHECKS {
            let wrong: i64 = self.conn.query_row(sql, [], |r| r.get(0)).map_err(failed)?;
            if wrong > 0 {
                found.push(format!("{what}: {wrong}"));
            }
        }
        match crate::grouping::miscounted(&self.conn).map_err(failed)? {
            0 => {}
            wrong => found.push(format!("happenings whose sources are counted wrong: {wrong}")),
        }
        Ok(found)
    }

    /// How much is in it.
    pub fn holdings(&self) -> Result<Holdings> {
        let count = |sql: &str| self.conn.query_row(sql, [], |r| r.get::<_, i64>(0)).map(|n| n as u64).map_err(|e| store(e, &self.path));
        Ok(Holdings {
            reports: count("SELECT count(*) FROM report")?,
            codings: count("SELECT count(*) FROM coding")?,
            events: count("SELECT count(*) FROM event WHERE ended IS NULL")?,
            statements: count("SELECT coalesce(sum(statements), 0) FROM coding WHERE ended IS NULL")?,
            figures: count("SELECT coalesce(sum(figures), 0) FROM coding WHERE ended IS NULL")?,
            decisions: count("SELECT count(*) FROM decision WHERE ended IS NULL")?,
            bytes: count("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
        })
    }

    pub(crate) fn failed(&self) -> impl Fn(rusqlite::Error) -> Error + '_ {
        |e| store(e, &self.path)
    }
}

fn exists(path: &Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    Err(Error::new("E0507", "there is no such ledger", path.display().to_string(), "make it with `chancery add`, or name it with --ledger"))
}

/// The name under which a file on a read-only disk can be read: there SQLite can keep no lock beside it. Only where no
/// writer has left anything to take over.
fn immutable(path: &Path) -> Option<PathBuf> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if Path::new(&log).metadata().is_ok_and(|m| m.len() > 0) {
        return None;
    }
    let name = path.to_str()?.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Some(PathBuf::from(format!("file:{name}?immutable=1")))
}

fn tune(conn: &Connection) -> rusqlite::Result<()> {
    // Pages in memory (64 MB), and as much of the file as the system cares to map.
    conn.pragma_update(None, "cache_size", -65_536)?;
    conn.pragma_update(None, "mmap_size", 1_i64 << 32)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}
