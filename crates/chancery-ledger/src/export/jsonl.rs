//! Records as `chancery read` gave them, to the byte.

use super::sidecar::Sidecar;
use super::{Options, Tally};
use crate::error::{Error, Result};
use crate::frame::{Out, unwritable};
use crate::ledger::Ledger;
use crate::query::{Filter, Page};
use chancery::Record;
use serde::de::DeserializeOwned;
use std::io::{BufWriter, Write};

/// Every report's record that counts, or those that hold an event that fits. Decisions of people are no part of what a coder read.
pub fn write<'o>(
    ledger: &Ledger,
    filter: &Filter,
    options: &Options,
    out: Out<'o>,
    mut sidecar: Option<Sidecar<'o>>,
    mut tally: Tally,
) -> Result<Tally> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    ledger.records(filter, |json| {
        let mut write = |bytes: &[u8]| out.write_all(bytes).and_then(|()| out.write_all(b"\n")).map_err(|e| unwritable(&e));
        tally.reports += 1;
        tally.rows += 1;
        match options.redact {
            None => write(json),
            Some(redact) => {
                let mut record = parse(json)?;
                redact(&mut record);
                write(&serde_json::to_vec(&record).map_err(|e| unwritable(&e.into()))?)
            }
        }
    })?;
    out.flush().map_err(|e| unwritable(&e))?;
    if let Some(sidecar) = &mut sidecar {
        let gate = super::Gate::new(super::Format::Jsonl, filter, &chancery::data::DataFiles::builtin())?;
        ledger.events(filter, Page::default(), |e| {
            tally.events += 1;
            let bare = options.no_text.then(|| e.without_text());
            gate.tell(bare.as_ref().unwrap_or(e)).map_or(Ok(()), |told| sidecar.event(&told, 1))
        })?;
        sidecar.finish()?;
    }
    Ok(tally)
}

/// A record of its JSON.
pub fn parse(json: &[u8]) -> Result<Record> {
    parse_as(json)
}

/// A record, or what is needed of one, of its JSON.
pub fn parse_as<T: DeserializeOwned>(json: &[u8]) -> Result<T> {
    serde_json::from_slice(json)
        .map_err(|e| Error::new("E0509", format!("a record cannot be read: {e}"), "the ledger", "restore the file from a copy"))
}
