//! Errors of the ledger, in the shape of the core's: code, what, where, what to do.
//!
//! `E0501` not a ledger, `E0502` a newer schema, `E0503` locked, `E0504` read-only, `E0505` no space, `E0506` damaged, `E0507` no such file,
//! `E0508` anything else SQLite says, `E0509` the record itself; `E0510`–`E0519` questions; `E0520`–`E0529` exports; `E0530`–`E0539` decisions; `E0540`–`E0549`
//! audits.

pub use chancery::{Error, Result};
use rusqlite::ErrorCode;
use std::path::Path;

/// What SQLite says, in words that help.
pub fn store(e: rusqlite::Error, path: &Path) -> Error {
    let code = match &e {
        rusqlite::Error::SqliteFailure(f, _) => Some(f.code),
        rusqlite::Error::SqlInputError { error, .. } => Some(error.code),
        _ => None,
    };
    let (code, what, remedy) = match code {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("E0503", "another process is writing to the ledger".to_owned(), "wait until it is done, then run this again; nothing was lost")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            ("E0504", "the ledger may not be written".to_owned(), "check the permissions of the file and its folder; nothing was changed")
        }
        Some(ErrorCode::CannotOpen) => {
            ("E0504", "the ledger cannot be opened".to_owned(), "check the path, and the permissions of the file and its folder")
        }
        Some(ErrorCode::DiskFull) => {
            ("E0505", "there is no space left for the ledger".to_owned(), "free space and run this again; what was committed is kept")
        }
        Some(ErrorCode::SystemIoFailure) => {
            ("E0505", format!("the disk of the ledger failed: {e}"), "check the disk and run this again; what was committed is kept")
        }
        Some(ErrorCode::NotADatabase) => ("E0501", "this file is no ledger".to_owned(), "name another file with --ledger"),
        Some(ErrorCode::DatabaseCorrupt) => {
            ("E0506", format!("the ledger is damaged: {e}"), "restore it from a copy, or save what can be read with sqlite3's .recover")
        }
        Some(ErrorCode::OperationInterrupted) => {
            ("E0512", "the question took longer than its time limit".to_owned(), "narrow it, or raise --timeout")
        }
        _ => ("E0508", format!("the ledger refused: {e}"), "this is a defect of chancery: please report it"),
    };
    Error::new(code, what, path.display().to_string(), remedy)
}
