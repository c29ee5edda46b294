//! One JSON object a line.

use super::{Cell, Column, Out, Sink, unwritable};
use crate::error::Result;
use std::io::{BufWriter, Write};

pub struct JsonlSink<'a> {
    out: BufWriter<Out<'a>>,
    /// Each column's name, quoted, with its colon.
    keys: Vec<String>,
}

impl<'a> JsonlSink<'a> {
    pub fn new(out: Out<'a>, columns: &[Column]) -> Self {
        let keys = columns.iter().map(|c| format!("{}:", serde_json::Value::from(c.name.as_ref()))).collect();
        JsonlSink { out: BufWriter::with_capacity(1 << 16, out), keys }
    }
    fn object(&mut self, cells: &[Cell<'_>]) -> std::io::Result<()> {
        for (n, (key, cell)) in self.keys.iter().zip(cells).enumerate() {
            self.out.write_all(if n == 0 { b"{" } else { b"," })?;
            self.out.write_all(key.as_bytes())?;
            match cell {
                Cell::Null => self.out.write_all(b"null")?,
                Cell::Text(t) => serde_json::to_writer(&mut self.out, t.as_ref())?,
                Cell::Int(i) => write!(self.out, "{i}")?,
                Cell::Float(x) => serde_json::to_writer(&mut self.out, x)?,
                Cell::Bool(b) => write!(self.out, "{b}")?,
            }
        }
        self.out.write_all(b"}\n")
    }
}

impl Sink for JsonlSink<'_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        self.object(cells).map_err(|e| unwritable(&e))
    }
    fn finish(&mut self) -> Result<()> {
        self.out.flush().map_err(|e| unwritable(&e))
    }
}
