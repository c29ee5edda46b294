//! Answers on their way out: a table at a terminal, or a file for other programs.

use crate::cli::{PrintArgs, TableFormat};
use crate::read::output::Output;
use crate::{Error, Result};
use chancery_ledger::frame::{Cell, Column, CsvSink, JsonlSink, Kind, Out, ParquetSink, Sink};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// The format asked for, or told by the file's ending, or by where it goes.
pub fn format(args: &PrintArgs) -> TableFormat {
    let ending = args.output.as_ref().and_then(|p| p.extension()).and_then(|e| e.to_str());
    let by_ending = match ending {
        Some("csv") => Some(TableFormat::Csv),
        Some("jsonl" | "ndjson") => Some(TableFormat::Jsonl),
        Some("parquet") => Some(TableFormat::Parquet),
        _ => None,
    };
    let at_terminal = args.output.is_none() && std::io::stdout().is_terminal();
    args.format.or(by_ending).unwrap_or(if at_terminal { TableFormat::Table } else { TableFormat::Jsonl })
}

/// Where an export or answer goes.
pub fn out(path: Option<&Path>) -> Result<Out<'static>> {
    match path {
        None => Ok(Box::new(Output::stdout())),
        Some(path) => match File::create(path) {
            Ok(file) => Ok(Box::new(file)),
            Err(e) => Err(Error::new(
                "E0520",
                format!("the file cannot be written: {e}"),
                path.display().to_string(),
                "check the folder and its permissions",
            )),
        },
    }
}

/// Takes rows of these columns, in the format asked for.
pub fn sink(args: &PrintArgs, columns: &[Column]) -> Result<Box<dyn Sink>> {
    let format = format(args);
    if format == TableFormat::Parquet && args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(Error::new("E0522", "Parquet is nothing to look at", "standard output", "name a file with --output"));
    }
    let out = out(args.output.as_deref())?;
    Ok(match format {
        TableFormat::Table => Box::new(TableSink::new(out, columns)),
        TableFormat::Csv => Box::new(CsvSink::new(out, columns)?),
        TableFormat::Jsonl => Box::new(JsonlSink::new(out, columns)),
        TableFormat::Parquet => Box::new(ParquetSink::new(out, columns)?),
    })
}

/// A table set to the width of the terminal.
struct TableSink {
    table: Table,
    out: Out<'static>,
    rows: usize,
}

impl TableSink {
    fn new(out: Out<'static>, columns: &[Column]) -> Self {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        let width = terminal_size::terminal_size().map_or(100, |(w, _)| w.0);
        table.set_width(width);
        table.set_header(columns.iter().map(|c| c.name.replace('_', " ").to_uppercase()));
        for (n, c) in columns.iter().enumerate() {
            // No word of a heading is broken.
            let longest = c.name.split('_').map(str::len).max().unwrap_or(0);
            if let Some(column) = table.column_mut(n) {
                let width = longest as u16 + column.padding_width();
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
            }
            if let Some(column) = table.column_mut(n).filter(|_| matches!(c.kind, Kind::Int | Kind::Float)) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        TableSink { table, out, rows: 0 }
    }
}

impl Sink for TableSink {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        self.rows += 1;
        self.table.add_row(cells.iter().map(|c| crate::read::page::clean(&c.text())));
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        let page = if self.rows == 0 { "nothing found\n".to_owned() } else { format!("{}\n", self.table.trim_fmt()) };
        match self.out.write_all(page.as_bytes()).and_then(|()| self.out.flush()) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(crate::read::output::error(e)),
            _ => Ok(()),
        }
    }
}
