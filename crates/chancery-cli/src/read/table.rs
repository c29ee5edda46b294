//! Tables (CSV) row by row.

use super::files::{Step, broken_off};
use super::intake::{Intake, Place, Unit};
use super::stream::Send;
use crate::Error;
use chancery::input::csv::{Columns, delimiter};
use csv::{ByteRecord, ReaderBuilder};
use std::cell::Cell;
use std::io::{BufRead, Error as IoError, Read};
use std::rc::Rc;
use std::sync::Arc;

/// Sends one report a row; the first row names the columns.
pub(super) fn rows(reader: &mut dyn BufRead, name: &Arc<str>, intake: &Intake, send: &mut Send<'_>) -> Step {
    let head = match reader.fill_buf() {
        Ok(head) => head,
        Err(e) => return send(Unit::Failed(broken_off(name, &e))),
    };
    let delimiter = delimiter(head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head));
    let left = Rc::new(Cell::new(intake.longest_line()));
    let guarded = Guarded { inner: reader, left: left.clone() };
    let mut table = ReaderBuilder::new().delimiter(delimiter).flexible(true).buffer_capacity(1 << 16).from_reader(guarded);
    let columns = match table.byte_headers() {
        Ok(header) => match Columns::new(header.iter(), &intake.map, &intake.hints(name)) {
            Ok(columns) => Arc::new(columns),
            Err(e) => return send(Unit::Failed(e)),
        },
        Err(e) => return send(Unit::Failed(unreadable(name, 1, &e))),
    };
    loop {
        left.set(intake.longest_line());
        let number = table.position().line() as usize;
        let mut cells = ByteRecord::new();
        match table.read_byte_record(&mut cells) {
            Ok(true) => {
                let number = cells.position().map_or(number, |p| p.line() as usize);
                let place = Place { file: name.clone(), line: Some(number), record: None };
                send(Unit::Row { place, columns: columns.clone(), cells })?;
            }
            Ok(false) => return Ok(()),
            Err(_) if left.get() == 0 => {
                return send(Unit::Failed(Error {
                    remedy: "a quotation mark is not closed, or the cell is too long: mend it, or raise --max-report-bytes; the rows after it were not read".into(),
                    ..intake.too_long(&Place { file: name.clone(), line: Some(number), record: None })
                }));
            }
            Err(e) => return send(Unit::Failed(unreadable(name, number, &e))),
        }
    }
}

fn unreadable(name: &Arc<str>, line: usize, e: &csv::Error) -> Error {
    Error::new(
        "E0214",
        format!("the table cannot be read on: {e}"),
        format!("{name}, line {line}"),
        "mend the row; what came before was read",
    )
}

/// Stops a row that does not end from filling the memory.
struct Guarded<'a> {
    inner: &'a mut dyn BufRead,
    left: Rc<Cell<usize>>,
}

impl Read for Guarded<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        match self.left.get().checked_sub(n) {
            Some(left) => self.left.set(left),
            None => {
                self.left.set(0);
                return Err(IoError::other("a row without end"));
            }
        }
        Ok(n)
    }
}
