//! What the fuzz targets of intake check, also run over the committed corpus by the tests: whatever the bytes, intake ends,
//! holds no more of a report than its limit allows, writes nothing, and gives the same again.

use chancery_cli::cli::InputFormat;
use chancery_cli::fetch::Manners;
use chancery_cli::read::files;
use chancery_cli::read::intake::{Intake, Unit};
use std::time::Duration;

/// Longest report here: small, so that what is longer comes up.
const LIMIT: usize = 64 << 10;
/// Units that are looked at; archives of many small members are no defect.
const UNITS: usize = 2000;

pub fn feed(data: &[u8]) {
    twice(InputFormat::Feed, data);
}

pub fn warc(data: &[u8]) {
    twice(InputFormat::Warc, data);
}

pub fn csv(data: &[u8]) {
    twice(InputFormat::Csv, data);
}

/// What the reader of the library cannot read must end as an error, though it may panic within.
pub fn parquet(data: &[u8]) {
    twice(InputFormat::Parquet, data);
}

/// Tar, zip, gzip and zstd, one in another, with whatever is in them.
pub fn archive(data: &[u8]) {
    twice(InputFormat::Auto, data);
}

fn twice(format: InputFormat, data: &[u8]) {
    let first = read(format, data);
    assert!(first == read(format, data), "two readings differ");
}

/// What intake makes of it, in words.
fn read(format: InputFormat, data: &[u8]) -> Vec<String> {
    let manners = Manners { private: false, timeout: Duration::ZERO, pause: Duration::ZERO, limit: LIMIT };
    let intake = Intake::of(format, manners);
    let mut out = Vec::new();
    let _ = files::bytes(data, "fuzz", &intake, &mut |unit: Unit| {
        if out.len() >= UNITS {
            return Err(chancery_cli::read::stream::Stopped);
        }
        let said = match intake.report(unit) {
            None => "nothing".to_owned(),
            Some(Err(e)) => {
                let said = e.to_string();
                assert!(said.len() < 64 << 10 && !said.contains('\x1b'), "{said:?}");
                said
            }
            Some(Ok((place, report))) => {
                // Markup may say a character in two bytes that is three in the text.
                assert!(report.text.len() <= 2 * LIMIT, "{} bytes", report.text.len());
                let place = place.to_string();
                assert!(!place.chars().any(char::is_control), "{place:?}");
                format!("{place} {:?} {}", report.title, report.text)
            }
        };
        out.push(said);
        Ok(())
    });
    out
}
