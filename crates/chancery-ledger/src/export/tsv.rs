//! Tab-separated values without quoting, as the older formats are read.

use crate::error::Result;
use crate::frame::{Out, unwritable};
use std::borrow::Cow;
use std::io::{BufWriter, Write};

pub struct Tsv<'a> {
    out: BufWriter<Out<'a>>,
}

impl<'a> Tsv<'a> {
    pub fn new(out: Out<'a>, header: Option<&[&str]>) -> Result<Self> {
        let mut tsv = Tsv { out: BufWriter::with_capacity(1 << 16, out) };
        if let Some(header) = header {
            tsv.row(&header.iter().map(|h| Cow::Borrowed(*h)).collect::<Vec<_>>())?;
        }
        Ok(tsv)
    }

    /// Tabs and ends of lines within a cell become blanks: these formats cannot quote.
    pub fn row(&mut self, cells: &[Cow<'_, str>]) -> Result<()> {
        self.write(cells).map_err(|e| unwritable(&e))
    }

    fn write(&mut self, cells: &[Cow<'_, str>]) -> std::io::Result<()> {
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                self.out.write_all(b"\t")?;
            }
            if cell.contains(['\t', '\n', '\r']) {
                self.out.write_all(cell.replace(['\t', '\n', '\r'], " ").as_bytes())?;
            } else {
                self.out.write_all(cell.as_bytes())?;
            }
        }
        self.out.write_all(b"\n")
    }

    pub fn finish(&mut self) -> Result<()> {
        self.out.flush().map_err(|e| unwritable(&e))
    }
}

/// A number as text; empty for none.
pub fn number<T: ToString>(n: Option<T>) -> Cow<'static, str> {
    n.map_or(Cow::Borrowed(""), |n| Cow::Owned(n.to_string()))
}

/// A score: always with a point, so that readers see a float.
pub fn score(x: Option<f64>) -> Cow<'static, str> {
    x.map_or(Cow::Borrowed(""), |x| Cow::Owned(if x.fract() == 0.0 { format!("{x:.1}") } else { x.to_string() }))
}

/// Text; empty for none.
pub fn some(s: Option<&str>) -> Cow<'_, str> {
    Cow::Borrowed(s.unwrap_or(""))
}
