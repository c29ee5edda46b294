//! `chancery read`: reports in, records out, nothing kept.

pub mod files;
pub mod intake;
pub mod output;
pub mod redact;
pub mod stream;

use crate::cli::{OutputFormat, ReadArgs};
use crate::log::{Level, Log};
use crate::{Outcome, Result, coder};
use chancery::{Coder, Options, Record};
use std::io::IsTerminal;
use stream::Printed;

pub fn run(args: &ReadArgs, log: &Log) -> Result<Outcome> {
    let paths = if args.paths.is_empty() {
        if std::io::stdin().is_terminal() {
            return Err(crate::Error::new("E0401", "nothing to read", "", "name a file, a folder, or - for standard input"));
        }
        vec!["-".to_owned()]
    } else {
        args.paths.clone()
    };
    let format = args.format.unwrap_or(if std::io::stdout().is_terminal() { OutputFormat::Text } else { OutputFormat::Jsonl });
    let coder = coder::load(&args.knowledge)?;
    let options = Options { published: args.published, language: (args.lang != "auto").then(|| args.lang.clone()) };
    let intake = intake::Intake::new(args);
    let started = std::time::Instant::now();

    let threads = args.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()), usize::from);
    let work = |unit: intake::Unit| -> Printed { print_unit(&coder, &options, &intake, unit, args, format, log) };
    let totals = stream::run(threads, |send| files::walk(&paths, &intake, send), work, log)?;

    if totals.failed > 0 {
        log.error_line(format_args!("{} could not be read; {} read", reports(totals.failed), reports(totals.read)));
    }
    log.info(format_args!(
        "{} read, {} words, {} events in {:.2} s",
        reports(totals.read),
        totals.words,
        totals.events,
        started.elapsed().as_secs_f64()
    ));
    Ok(if totals.failed > 0 { Outcome::Partial } else { Outcome::Done })
}

/// "1 report", "3 reports".
fn reports(n: usize) -> String {
    format!("{n} report{}", if n == 1 { "" } else { "s" })
}

/// Reads one unit of input and renders its records.
fn print_unit(
    coder: &Coder,
    options: &Options,
    intake: &intake::Intake,
    unit: intake::Unit,
    args: &ReadArgs,
    format: OutputFormat,
    log: &Log,
) -> Printed {
    let mut printed = Printed::default();
    for report in intake.reports(unit) {
        match report {
            Ok((place, report)) => {
                printed.words += report.text.split_ascii_whitespace().count();
                let mut record = coder.read(report, options);
                printed.read += 1;
                printed.events += record.events.len();
                if log.shows(Level::Info) {
                    printed.notes.extend(record.diagnostics.iter().map(|d| format!("{place}: {}: {}", d.code, d.message)));
                }
                redact::apply(&mut record, args.text);
                write_record(&mut printed.out, &record, format, args);
            }
            Err(e) => printed.errors.push(e),
        }
    }
    printed
}

fn write_record(out: &mut Vec<u8>, record: &Record, format: OutputFormat, _args: &ReadArgs) {
    // Writing into memory cannot fail, and a record has no map with keys that are not strings.
    let _ = match format {
        OutputFormat::Jsonl => serde_json::to_writer(&mut *out, record),
        OutputFormat::Json | OutputFormat::Text => serde_json::to_writer_pretty(&mut *out, record),
    };
    out.push(b'\n');
}
