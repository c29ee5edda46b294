//! Parquet by way of Arrow: typed columns, zstd, row groups of 128 Ki rows.

use super::{Cell, Column, Kind, Out, Sink, unwritable};
use crate::error::Result;
use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

/// Rows that are gathered before they are written.
const BATCH: usize = 1 << 14;

/// The Arrow schema of some columns: what readers of the Parquet file see.
pub fn arrow_schema(columns: &[Column]) -> Schema {
    let kind = |k| match k {
        Kind::Text => DataType::Utf8,
        Kind::Int => DataType::Int64,
        Kind::Float => DataType::Float64,
        Kind::Bool => DataType::Boolean,
        Kind::Date => DataType::Date32,
    };
    Schema::new(columns.iter().map(|c| Field::new(c.name.as_ref(), kind(c.kind), true)).collect::<Vec<_>>())
}

enum Builder {
    Text(StringBuilder),
    Int(Int64Builder),
    Float(Float64Builder),
    Bool(BooleanBuilder),
    Date(Date32Builder),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Int => Builder::Int(Int64Builder::new()),
            Kind::Float => Builder::Float(Float64Builder::new()),
            Kind::Bool => Builder::Bool(BooleanBuilder::new()),
            Kind::Date => Builder::Date(Date32Builder::new()),
        }
    }
    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Builder::Text(b), Cell::Null) => b.append_null(),
            (Builder::Text(b), Cell::Text(t)) => b.append_value(t),
            (Builder::Text(b), other) => b.append_value(other.text()),
            (Builder::Int(b), Cell::Int(n)) => b.append_value(*n),
            (Builder::Int(b), _) => b.append_null(),
            (Builder::Float(b), Cell::Float(x)) => b.append_value(*x),
            (Builder::Float(b), Cell::Int(n)) => b.append_value(*n as f64),
            (Builder::Float(b), _) => b.append_null(),
            (Builder::Bool(b), Cell::Bool(x)) => b.append_value(*x),
            (Builder::Bool(b), Cell::Int(n)) => b.append_value(*n != 0),
            (Builder::Bool(b), _) => b.append_null(),
            (Builder::Date(b), Cell::Text(t)) => b.append_option(epoch_day(t)),
            (Builder::Date(b), _) => b.append_null(),
        }
    }
    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(b) => Arc::new(b.finish()),
            Builder::Int(b) => Arc::new(b.finish()),
            Builder::Float(b) => Arc::new(b.finish()),
            Builder::Bool(b) => Arc::new(b.finish()),
            Builder::Date(b) => Arc::new(b.finish()),
        }
    }
}

/// Days since 1970-01-01.
fn epoch_day(text: &str) -> Option<i32> {
    let date: Date = text.parse().ok()?;
    // Days between two dates that jiff knows fit an i32.
    date.since(Date::constant(1970, 1, 1)).ok().map(|s| s.get_days())
}

pub struct ParquetSink<'a> {
    writer: Option<ArrowWriter<Out<'a>>>,
    schema: Arc<Schema>,
    builders: Vec<Builder>,
    waiting: usize,
}

fn failed(e: parquet::errors::ParquetError) -> crate::Error {
    match e {
        parquet::errors::ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(e) => unwritable(&e),
            Err(other) => unwritable(&std::io::Error::other(other)),
        },
        other => unwritable(&std::io::Error::other(other)),
    }
}

impl<'a> ParquetSink<'a> {
    pub fn new(out: Out<'a>, columns: &[Column]) -> Result<Self> {
        let schema = Arc::new(arrow_schema(columns));
        let level = ZstdLevel::try_new(3).unwrap_or_default();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(1 << 17))
            .set_created_by(format!("chancery {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(failed)?;
        let builders = columns.iter().map(|c| Builder::new(c.kind)).collect();
        Ok(ParquetSink { writer: Some(writer), schema, builders, waiting: 0 })
    }

    fn write(&mut self) -> Result<()> {
        let arrays = self.builders.iter_mut().map(Builder::finish).collect();
        self.waiting = 0;
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(|e| unwritable(&std::io::Error::other(e)))?;
        self.writer.as_mut().map_or(Ok(()), |w| w.write(&batch).map_err(failed))
    }
}

impl Sink for ParquetSink<'_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for (builder, cell) in self.builders.iter_mut().zip(cells) {
            builder.push(cell);
        }
        self.waiting += 1;
        if self.waiting >= BATCH { self.write() } else { Ok(()) }
    }
    fn finish(&mut self) -> Result<()> {
        if self.waiting > 0 {
            self.write()?;
        }
        self.writer.take().map_or(Ok(()), |w| w.close().map(|_| ()).map_err(failed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970() {
        assert_eq!(epoch_day("1970-01-02"), Some(1));
        assert_eq!(epoch_day("1969-12-31"), Some(-1));
        assert_eq!(epoch_day("2000-03-01"), Some(11_017));
        assert_eq!(epoch_day("soon"), None);
    }
}
