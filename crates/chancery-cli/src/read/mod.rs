//! `chancery read`: reports in, records out, nothing kept.

mod archive;
pub mod feed;
pub mod files;
pub mod intake;
pub mod output;
pub mod page;
mod parquet;
pub mod paths;
pub mod redact;
pub mod stream;
mod table;
mod warc;

use crate::cli::{IntakeArgs, OutputFormat, ReadArgs};
use crate::log::{Level, Log};
use crate::{Error, Outcome, Result, coder};
use chancery::model::Report;
use chancery::{Coder, Options, Record};
use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use stream::Printed;

pub fn run(args: &ReadArgs, log: &Log) -> Result<Outcome> {
    let paths = if args.paths.is_empty() {
        if std::io::stdin().is_terminal() {
            return Err(Error::new("E0401", "nothing to read", "", "name a file, a folder, or - for standard input"));
        }
        vec!["-".to_owned()]
    } else {
        args.paths.clone()
    };
    let format = args.format.unwrap_or(if std::io::stdout().is_terminal() { OutputFormat::Text } else { OutputFormat::Jsonl });
    let files = coder::files(&args.knowledge)?;
    // Left to the end of the process: taking its tables apart costs as much as a report.
    let coder = std::mem::ManuallyDrop::new(coder::compile(&files, &args.knowledge)?);
    let shape = match format {
        OutputFormat::Text => Shape::Page(Box::new(page::Pages::for_terminal(&files)?)),
        OutputFormat::Json => Shape::Pretty,
        OutputFormat::Jsonl => Shape::Line,
    };
    let options = Options { explain: args.explain, ..options(&args.intake) };
    let intake = intake::Intake::new(&args.intake);
    let started = std::time::Instant::now();

    let threads = threads(&args.intake);
    let job = Job { coder: &coder, options: &options, intake: &intake, shape: &shape, args, log };
    let work = |unit: intake::Unit| -> Printed { job.print(unit) };
    let totals = stream::run(threads, |send| files::walk(&paths, &intake, send), work, log)?;

    let whole = totals.failed == 0 && totals.cut == 0;
    if !whole {
        let failed = (totals.failed > 0).then(|| format!("{} could not be read; ", reports(totals.failed)));
        let cut = (totals.cut > 0).then(|| format!("{} cut at the limit; ", reports(totals.cut)));
        log.error_line(format_args!("{}{}{} read", failed.unwrap_or_default(), cut.unwrap_or_default(), reports(totals.read)));
    }
    log.info(format_args!(
        "{} read, {} words, {} events in {:.2} s",
        reports(totals.read),
        totals.words,
        totals.events,
        started.elapsed().as_secs_f64()
    ));
    Ok(if whole { Outcome::Done } else { Outcome::Partial })
}

/// The options of a reading that concern the reports.
pub fn options(args: &IntakeArgs) -> Options {
    Options { published: args.published, language: (args.lang != "auto").then(|| args.lang.clone()), explain: false }
}

/// Threads asked for, or one a processor.
pub fn threads(args: &IntakeArgs) -> usize {
    args.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()), usize::from)
}

/// "1 report", "3 reports".
pub fn reports(n: usize) -> String {
    format!("{n} report{}", if n == 1 { "" } else { "s" })
}

/// How a record is written.
enum Shape {
    Page(Box<page::Pages>),
    Pretty,
    Line,
}

/// What every worker needs.
struct Job<'a> {
    coder: &'a Coder,
    options: &'a Options,
    intake: &'a intake::Intake,
    shape: &'a Shape,
    args: &'a ReadArgs,
    log: &'a Log,
}

impl Job<'_> {
    /// Reads one unit of input and renders its record.
    fn print(&self, unit: intake::Unit) -> Printed {
        let mut printed = Printed::default();
        match self.intake.report(unit).map(|r| r.and_then(|(place, report)| Ok((read(self.coder, self.options, &place, report)?, place)))) {
            None => {}
            Some(Ok((record, place))) => self.write(&mut printed, record, &place),
            Some(Err(e)) => printed.errors.push(e),
        }
        printed
    }

    fn write(&self, printed: &mut Printed, mut record: Record, place: &intake::Place) {
        printed.read += 1;
        if let Some(e) = cut(&record, place) {
            printed.cut += 1;
            printed.errors.push(e);
        }
        printed.words += record.report.text.split_ascii_whitespace().count();
        printed.events += record.events.len();
        if self.log.shows(Level::Info) {
            printed.notes.extend(record.diagnostics.iter().map(|d| format!("{place}: {}: {}", d.code, d.message)));
        }
        let text = matches!(self.shape, Shape::Page(_)).then(|| record.report.text.clone()).unwrap_or_default();
        redact::apply(&mut record, self.args.text);
        // Writing into memory cannot fail, and a record has no map with keys that are not strings.
        let _ = match self.shape {
            Shape::Line => serde_json::to_writer(&mut printed.out, &record),
            Shape::Pretty => serde_json::to_writer_pretty(&mut printed.out, &record),
            Shape::Page(pages) => {
                printed.out.extend_from_slice(pages.render(&record, &text, &place.to_string()).as_bytes());
                Ok(())
            }
        };
        printed.out.push(b'\n');
    }
}

/// Reads a report. The core never panics; should it do so nevertheless, one report is lost and not the run.
pub fn read(coder: &Coder, options: &Options, place: &intake::Place, report: Report) -> Result<Record> {
    catch_unwind(AssertUnwindSafe(|| coder.read(report, options))).map_err(|_| {
        Error::new(
            "E0290",
            "the coder failed on this report",
            place.to_string(),
            "this is a defect of chancery: please report it with the text",
        )
    })
}

/// E0215, where a report was cut at the limit.
pub fn cut(record: &Record, place: &intake::Place) -> Option<Error> {
    let note = record.diagnostics.iter().find(|d| d.code == intake::CUT)?;
    Some(Error::new("E0215", note.message.clone(), place.to_string(), "raise --max-report-bytes, or split it into reports"))
}
