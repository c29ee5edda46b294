//! Comma- or tab-separated values.

use super::{Cell, Column, Out, Sink, unwritable};
use crate::error::Result;

/// CSV with a heading row (RFC 4180: quoted where needed); empty means null.
pub struct CsvSink<'a> {
    out: csv::Writer<Out<'a>>,
}

fn failed(e: csv::Error) -> crate::Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => unwritable(&e),
        other => unwritable(&std::io::Error::other(format!("{other:?}"))),
    }
}

impl<'a> CsvSink<'a> {
    pub fn new(out: Out<'a>, columns: &[Column]) -> Result<Self> {
        let mut out = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
        out.write_record(columns.iter().map(|c| c.name.as_bytes())).map_err(failed)?;
        Ok(CsvSink { out })
    }
}

impl Sink for CsvSink<'_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for cell in cells {
            self.out.write_field(cell.text().as_bytes()).map_err(failed)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(failed)
    }
    fn finish(&mut self) -> Result<()> {
        self.out.flush().map_err(|e| unwritable(&e))
    }
}
