//! Exports: the ledger in formats that people's tools already read, one file each.
//!
//! An export tells no more than the record. Formats that know no status carry what occurred, and what else is asked for as far as it can be
//! told without becoming a fact; what was folded or left out is counted, and said again event by event in the sidecar.

mod gate;
mod gdelt2;
mod geojson;
mod graphml;
mod icews;
mod jsonl;
mod labelstudio;
mod named;
mod phoenix;
mod polecat;
mod sidecar;
mod tables;
mod tsv;

pub use gdelt2::COLUMNS as GDELT2_COLUMNS;
pub use icews::COLUMNS as ICEWS_COLUMNS;
pub use phoenix::COLUMNS as PHOENIX_COLUMNS;
pub use polecat::COLUMNS as POLECAT_COLUMNS;

pub use jsonl::parse;
pub(crate) use tables::{cow, gw};

use crate::error::Result;
use crate::frame::{CsvSink, Out, ParquetSink, Sink};
use crate::ledger::Ledger;
use crate::query::{EVENT_COLUMNS, Filter, Page, event_cells};
use chancery::Record;
use chancery::data::DataFiles;
use gate::{Gate, Told};
use sidecar::Sidecar;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Jsonl,
    Csv,
    Parquet,
    Gdelt2,
    Icews,
    Polecat,
    Phoenix,
    Graphml,
    Geojson,
    Labelstudio,
}

impl Format {
    /// Formats that have no column for the status: what they tell is taken to have happened.
    pub const fn knows_status(self) -> bool {
        !matches!(self, Format::Gdelt2 | Format::Icews | Format::Polecat | Format::Phoenix)
    }
}

/// What is asked of an export beyond its filter.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A heading row where the format has none by convention.
    pub header: bool,
    /// No words of articles.
    pub no_text: bool,
    /// What takes the words out of a record, for the formats that give whole records.
    pub redact: Option<fn(&mut Record)>,
}

/// What came of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub events: u64,
    pub rows: u64,
    pub reports: u64,
    /// "CONSULT planned → AGREE" and how often.
    pub folded: BTreeMap<String, u64>,
    /// Why, and how often.
    pub left_out: BTreeMap<&'static str, u64>,
}

/// One format's way to write an event. Returns the rows it became.
trait Writer {
    fn event(&mut self, told: &Told<'_>) -> Result<u64>;
    fn finish(&mut self) -> Result<()>;
}

impl Ledger {
    /// Writes what fits the filter to `out`, and to `sidecar` what the format has no place for.
    pub fn export<'o>(&self, format: Format, filter: &Filter, options: &Options, out: Out<'o>, sidecar: Option<Out<'o>>) -> Result<Tally> {
        let gate = Gate::new(format, filter, &DataFiles::builtin())?;
        let mut tally = Tally::default();
        let mut sidecar = sidecar.map(Sidecar::new).transpose()?;
        if format == Format::Jsonl {
            return jsonl::write(self, filter, options, out, sidecar, tally);
        }
        if format == Format::Labelstudio {
            return labelstudio::write(self, filter, options, out, sidecar, tally);
        }
        let mut writer: Box<dyn Writer + '_> = match format {
            Format::Csv => Box::new(Frame { sink: CsvSink::new(out, EVENT_COLUMNS)? }),
            Format::Parquet => Box::new(Frame { sink: ParquetSink::new(out, EVENT_COLUMNS)? }),
            Format::Gdelt2 => Box::new(gdelt2::Gdelt2::new(out, options.header)?),
            Format::Icews => Box::new(icews::Icews::new(out)?),
            Format::Polecat => Box::new(polecat::Polecat::new(out, self)?),
            Format::Phoenix => Box::new(phoenix::Phoenix::new(out, options.header)?),
            Format::Graphml => Box::new(graphml::Graphml::new(out)),
            _ => Box::new(geojson::Geojson::new(out)?),
        };
        // The filter's statuses say how far the gate opens: what it stops is counted.
        let all = Filter { statuses: if format.knows_status() { filter.statuses.clone() } else { Vec::new() }, ..filter.clone() };
        self.events(&all, Page::default(), |e| {
            // Before anything is written: no writer can let through what it is not given.
            let bare = options.no_text.then(|| e.without_text());
            match gate.tell(bare.as_ref().unwrap_or(e)) {
                Err(why) => *tally.left_out.entry(why).or_default() += 1,
                Ok(told) => {
                    if let Some(from) = &told.folded {
                        *tally.folded.entry(format!("{from} → {}", told.kind)).or_default() += 1;
                    }
                    let rows = writer.event(&told)?;
                    if rows == 0 {
                        *tally.left_out.entry("nothing of it fits the format").or_default() += 1;
                        return Ok(());
                    }
                    tally.events += 1;
                    tally.rows += rows;
                    if let Some(sidecar) = &mut sidecar {
                        sidecar.event(&told, rows)?;
                    }
                }
            }
            Ok(())
        })?;
        writer.finish()?;
        if let Some(sidecar) = &mut sidecar {
            sidecar.finish()?;
        }
        Ok(tally)
    }
}

/// Our own columns.
struct Frame<S> {
    sink: S,
}

impl<S: Sink> Writer for Frame<S> {
    fn event(&mut self, told: &Told<'_>) -> Result<u64> {
        self.sink.row(&event_cells(told.e)).map(|()| 1)
    }
    fn finish(&mut self) -> Result<()> {
        self.sink.finish()
    }
}
