//! Versions of the file and the steps from one to the next.

use crate::error::{Error, Result, store};
use crate::grouping;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// "Chan": tells a ledger from every other SQLite file.
pub const APPLICATION_ID: i32 = 0x4368_616E;

/// Step n brings a file of version n to n + 1. Steps are never edited once released, only added.
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
];

/// The step after which what is kept of happenings is computed for the events that are there.
const COUNTS_HAPPENINGS: usize = 3;

/// Version that this build writes.
pub const VERSION: usize = STEPS.len();

/// Refuses what is no ledger (E0501) or one of a later build (E0502). Returns the file's version, 0 for a new one.
pub fn check(conn: &Connection, path: &Path) -> Result<usize> {
    let number = |name: &str| conn.pragma_query_value(None, name, |r| r.get::<_, i64>(0)).map_err(|e| store(e, path));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).map_err(|e| store(e, path))?;
    if application == 0 && version == 0 && tables == 0 {
        return Ok(0);
    }
    let place = || path.display().to_string();
    if application != i64::from(APPLICATION_ID) {
        return Err(Error::new("E0501", "this is a database of another program, not a ledger", place(), "name another file with --ledger"));
    }
    let version = usize::try_from(version).unwrap_or(0);
    if version > VERSION {
        let what = format!("this ledger has schema {version}; this build knows schemas up to {VERSION}");
        return Err(Error::new("E0502", what, place(), "use the chancery that wrote it, or a newer one; nothing was changed"));
    }
    Ok(version)
}

/// Brings the file to the version of this build: each step whole or not at all.
pub fn migrate(conn: &mut Connection, path: &Path) -> Result<()> {
    if check(conn, path)? == VERSION {
        return Ok(());
    }
    let failed = |e| store(e, path);
    loop {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        // Asked anew under the lock: another process may have been first.
        let version = check(&tx, path)?;
        let Some(step) = STEPS.get(version) else { return Ok(()) };
        tx.execute_batch(step).map_err(failed)?;
        if version == COUNTS_HAPPENINGS {
            grouping::recount(&tx, &grouping::shared(&tx).map_err(failed)?).map_err(failed)?;
        }
        tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
        tx.pragma_update(None, "user_version", version as i64 + 1).map_err(failed)?;
        tx.commit().map_err(failed)?;
    }
}
