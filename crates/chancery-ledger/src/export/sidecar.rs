//! `NAME.chancery.csv`: what a format has no place for, event by event.

use super::gate::Told;
use crate::error::Result;
use crate::frame::{Cell, Column, CsvSink, Kind, Out, Sink};

const COLUMNS: &[Column] = &[
    Column::new("number", Kind::Int),
    Column::new("event", Kind::Text),
    Column::new("report", Kind::Text),
    Column::new("status", Kind::Text),
    Column::new("attributions", Kind::Text),
    Column::new("folded_from", Kind::Text),
    Column::new("date", Kind::Date),
    Column::new("date_end", Kind::Date),
    Column::new("date_basis", Kind::Text),
    Column::new("time", Kind::Text),
    Column::new("rule", Kind::Text),
    Column::new("rows", Kind::Int),
    Column::new("weight", Kind::Float),
];

pub struct Sidecar<'a> {
    sink: CsvSink<'a>,
}

impl<'a> Sidecar<'a> {
    pub fn new(out: Out<'a>) -> Result<Self> {
        Ok(Sidecar { sink: CsvSink::new(out, COLUMNS)? })
    }

    /// `rows` of the export came of the event: each weighs its share.
    pub fn event(&mut self, told: &Told<'_>, rows: u64) -> Result<()> {
        let e = told.e;
        self.sink.row(&[
            e.number.into(),
            Cell::from(&e.id),
            Cell::from(&e.report),
            e.status.as_str().into(),
            e.attributions.as_deref().into(),
            told.folded.as_deref().into(),
            e.day.as_deref().into(),
            e.day_end.as_deref().into(),
            e.basis.as_deref().into(),
            Cell::from(&e.time),
            Cell::from(&e.rule),
            (rows as i64).into(),
            (1.0 / rows.max(1) as f64).into(),
        ])
    }

    pub fn finish(&mut self) -> Result<()> {
        self.sink.finish()
    }
}
