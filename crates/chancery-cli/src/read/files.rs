//! From paths to units: opens files, folders and standard input, splits streams into reports.
//!
//! Memory stays bounded: a stream of lines is cut line by line, and no report is held beyond the limit.

use super::intake::{Format, Intake, Place, Unit};
use super::stream::{Send, Stopped};
use crate::Error;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

/// Bytes looked at to tell a format.
const PEEK: usize = 8192;

type Step = std::result::Result<(), Stopped>;

/// Sends every report below `paths`, in the order given; folders in order of name.
pub fn walk(paths: &[String], intake: &Intake, send: &mut Send<'_>) -> Step {
    for path in paths {
        if path == "-" {
            stream(Box::new(std::io::stdin()), "standard input", intake, send)?;
        } else if is_url(path) {
            let e = Error::new(
                "E0210",
                "this build does not fetch pages",
                path.as_str(),
                "save the page and name the file, or pipe it in with -",
            );
            send(Unit::Failed(e))?;
        } else {
            visit(Path::new(path), intake, send)?;
        }
    }
    Ok(())
}

fn is_url(path: &str) -> bool {
    let lower = path.get(..8).unwrap_or(path).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

fn visit(path: &Path, intake: &Intake, send: &mut Send<'_>) -> Step {
    if !path.is_dir() {
        return file(path, intake, send);
    }
    match files_below(path) {
        Ok(files) if files.is_empty() => send(Unit::Failed(Error::new(
            "E0202",
            "the folder holds no files",
            show(path),
            "name a folder with reports in it, or the reports themselves",
        ))),
        Ok(files) => files.iter().try_for_each(|f| file(f, intake, send)),
        Err(e) => send(Unit::Failed(cannot_open(path, &e))),
    }
}

/// Files below a folder, in order of path; hidden ones are no reports, and links to folders are not followed.
fn files_below(dir: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() || entry.path().is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn file(path: &Path, intake: &Intake, send: &mut Send<'_>) -> Step {
    match File::open(path) {
        Ok(f) => stream(Box::new(f), &show(path), intake, send),
        Err(e) => send(Unit::Failed(cannot_open(path, &e))),
    }
}

fn show(path: &Path) -> String {
    path.display().to_string()
}

fn cannot_open(path: &Path, e: &std::io::Error) -> Error {
    let remedy = match e.kind() {
        std::io::ErrorKind::NotFound => "check the path",
        std::io::ErrorKind::PermissionDenied => "check its permissions",
        _ => "check the file and its disk",
    };
    Error::new("E0201", format!("cannot be opened: {e}"), show(path), remedy)
}

fn broken_off(name: &str, e: &std::io::Error) -> Error {
    Error::new("E0201", format!("reading broke off: {e}"), name, "check the file and its disk; what came before was read")
}

/// Reads one opened stream: unpacks it where it is compressed, tells its format, splits it.
fn stream(raw: Box<dyn Read>, name: &str, intake: &Intake, send: &mut Send<'_>) -> Step {
    let opened = peek(raw).and_then(|(head, rest)| {
        if head.starts_with(&[0x1f, 0x8b]) { peek(Box::new(MultiGzDecoder::new(Cursor::new(head).chain(rest)))) } else { Ok((head, rest)) }
    });
    let (head, rest) = match opened {
        Ok(parts) => parts,
        Err(e) => return send(Unit::Failed(broken_off(name, &e))),
    };
    let format = intake.format(name, &head);
    let mut reader = BufReader::with_capacity(1 << 16, Cursor::new(head).chain(rest));
    match format {
        Format::Jsonl => lines(&mut reader, name, intake, send),
        Format::Text | Format::Html => whole(&mut reader, name, format, intake, send),
    }
}

/// The first bytes of a stream, and the rest of it.
fn peek(mut raw: Box<dyn Read>) -> std::io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut head = Vec::with_capacity(PEEK);
    (&mut raw).take(PEEK as u64).read_to_end(&mut head)?;
    Ok((head, raw))
}

/// One report that fills its file.
fn whole(reader: &mut dyn BufRead, name: &str, format: Format, intake: &Intake, send: &mut Send<'_>) -> Step {
    let mut bytes = Vec::new();
    if let Err(e) = reader.take(intake.limit as u64 + 1).read_to_end(&mut bytes) {
        return send(Unit::Failed(broken_off(name, &e)));
    }
    let cut = bytes.len() > intake.limit;
    bytes.truncate(intake.limit);
    send(Unit::Raw { place: Place { file: name.to_owned(), line: None }, format, bytes, cut })
}

/// One report a line; blank lines are none.
fn lines(reader: &mut dyn BufRead, name: &str, intake: &Intake, send: &mut Send<'_>) -> Step {
    let mut line = 0;
    loop {
        line += 1;
        let mut bytes = Vec::new();
        match reader.take(intake.limit as u64 + 1).read_until(b'\n', &mut bytes) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(e) => return send(Unit::Failed(broken_off(&format!("{name}, line {line}"), &e))),
        }
        let place = Place { file: name.to_owned(), line: Some(line) };
        if bytes.len() > intake.limit {
            if bytes.last() != Some(&b'\n')
                && let Err(e) = skip_line(reader)
            {
                return send(Unit::Failed(broken_off(&place.to_string(), &e)));
            }
            send(Unit::Failed(intake.too_long(&place)))?;
        } else if !bytes.iter().all(u8::is_ascii_whitespace) {
            send(Unit::Raw { place, format: Format::Jsonl, bytes, cut: false })?;
        }
    }
}

/// Drops the rest of a line without holding it.
fn skip_line(reader: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let (used, done) = {
            let chunk = reader.fill_buf()?;
            match chunk.iter().position(|&b| b == b'\n') {
                Some(i) => (i + 1, true),
                None => (chunk.len(), chunk.is_empty()),
            }
        };
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}
