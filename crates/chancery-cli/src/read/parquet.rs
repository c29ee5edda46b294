//! Parquet: a report a row, of the columns that hold a field. Row groups are read one after the other, and of each only those
//! columns, so that memory does not grow with the file.

use super::files::{Step, broken_off};
use super::intake::{Intake, Place, Unit};
use super::stream::Send;
use crate::Error;
use chancery::input::csv::Columns;
use csv::ByteRecord;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;
use std::io::{Read, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What the record says that a report was read from.
const MEDIA_TYPE: &str = "application/vnd.apache.parquet";

/// E0214, of a file that cannot be read.
pub(super) fn broken(name: &str, why: impl std::fmt::Display) -> Error {
    Error::new(
        "E0214",
        format!("the Parquet file cannot be read: {why}"),
        name,
        "check that it was written to its end; what came before was read",
    )
}

/// Of a stream, whose end must be seen first: it is laid down in a file that nobody else sees and that goes with the run.
pub(super) fn spooled(mut raw: impl Read, name: &str, intake: &Intake, send: &mut Send<'_>) -> Step {
    let laid = tempfile::tempfile().and_then(|mut file| {
        std::io::copy(&mut raw, &mut file)?;
        file.flush()?;
        file.rewind()?;
        Ok(file)
    });
    match laid {
        Ok(file) => rows(file, name, intake, send),
        Err(e) => send(Unit::Failed(broken_off(name, &e))),
    }
}

/// Sends one report a row.
pub(super) fn rows(file: impl ChunkReader + 'static, name: &str, intake: &Intake, send: &mut Send<'_>) -> Step {
    let opened = guarded(|| SerializedFileReader::new(file));
    let reader = match opened {
        Ok(reader) => reader,
        Err(e) => return send(Unit::Failed(broken(name, e))),
    };
    let schema = reader.metadata().file_metadata().schema().clone();
    let header: Vec<&[u8]> = schema.get_fields().iter().map(|f| f.name().as_bytes()).collect();
    let columns = match Columns::new(header, &intake.map, &intake.hints(name)) {
        Ok(columns) => columns,
        Err(e) => return send(Unit::Failed(e)),
    };
    let taken: Vec<Arc<Type>> = columns.taken().filter_map(|n| schema.get_fields().get(n).cloned()).collect();
    let columns = Arc::new(columns.of(MEDIA_TYPE).narrowed());
    let projected = Type::group_type_builder(schema.name()).with_fields(taken).build();
    let mut rows = match projected.and_then(|p| guarded(|| reader.get_row_iter(Some(p)))) {
        Ok(rows) => rows,
        Err(e) => return send(Unit::Failed(broken(name, e))),
    };
    let file: Arc<str> = name.into();
    for number in 1.. {
        let place = Place { file: file.clone(), line: None, record: Some(number) };
        let row = match guarded(|| rows.next().transpose()) {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(()),
            Err(e) => return send(Unit::Failed(broken(&place.to_string(), e))),
        };
        let cells: ByteRecord = row.get_column_iter().map(|(_, field)| cell(field)).collect();
        if cells.as_slice().len() > intake.longest_line() {
            send(Unit::Failed(intake.too_long(&place)))?;
            continue;
        }
        send(Unit::Row { place, columns: columns.clone(), cells })?;
    }
    Ok(())
}

/// What a value says as text. A day is YYYY-MM-DD, a moment is told with its time in UTC.
fn cell(field: &Field) -> Vec<u8> {
    match field {
        Field::Null => Vec::new(),
        Field::Str(s) => s.clone().into_bytes(),
        // Text that the writer did not mark as such.
        Field::Bytes(b) => b.data().to_vec(),
        Field::Date(days) => day(i64::from(*days)).into_bytes(),
        Field::TimestampMillis(n) => moment(*n, 1_000).into_bytes(),
        Field::TimestampMicros(n) => moment(*n, 1_000_000).into_bytes(),
        other => other.to_string().into_bytes(),
    }
}

fn day(days: i64) -> String {
    jiff::civil::Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(days).unwrap_or_default())
        .map_or_else(|_| String::new(), |d| d.to_string())
}

/// Of a moment counted from 1970 in parts of a second.
fn moment(n: i64, parts: i64) -> String {
    jiff::Timestamp::from_second(n.div_euclid(parts)).map_or_else(|_| String::new(), |t| t.to_string())
}

/// The reader trusts some of what a file says of itself: where that is false, it stops with a panic instead of an error.
fn guarded<T>(read: impl FnOnce() -> parquet::errors::Result<T>) -> parquet::errors::Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(ParquetError::General("its parts contradict one another".into())))
}
