//! `chancery add`: reads reports into the ledger.
//!
//! Threads read; this one writes, in the order of the input. A batch is kept whole or not at all, so that a run that was
//! broken off is taken up by running it again: what is there is told by its content and not read twice.

mod progress;

use crate::cli::AddArgs;
use crate::log::Log;
use crate::read::intake::{Intake, Unit};
use crate::read::{self, files, stream};
use crate::{Error, Outcome, Result, coder};
use chancery::{Coder, Options, Record, ids};
use chancery_ledger::body::{Packed, Packer};
use chancery_ledger::{Added, Known, Ledger, Writer};
use progress::Progress;
use std::time::{Duration, Instant};

/// Reports that are kept at once at most, and how long one waits at most.
const BATCH: usize = 512;
const PATIENCE: Duration = Duration::from_secs(1);

pub fn run(args: &AddArgs, log: &Log) -> Result<Outcome> {
    let path = &args.ledger.ledger;
    let writer = Writer::new(Ledger::create(path)?)?;
    let coder = coder::load(&args.knowledge)?;
    let options = read::options(&args.intake);
    let said = in_words(&options);
    let job = Job {
        coder: &coder,
        options: &options,
        intake: Intake::new(&args.intake),
        known: Known::open(path, &coder.version, &coder.data_hash, &said)?,
        packer: writer.packer(),
    };
    let progress = Progress::start(files::size(&args.paths), job.intake.taken.clone(), log);
    let mut keeper = Keeper { writer, options: &said, log, progress, counts: Counts::default(), waiting: 0, since: Instant::now() };
    let started = Instant::now();
    let end = stream::ordered(
        read::threads(&args.intake),
        |send| files::walk(&args.paths, &job.intake, send),
        |unit| job.read(unit),
        |taken| keeper.keep(taken),
    );
    let end = end.and_then(|()| keeper.commit());
    keeper.progress.finish();
    if let Err(e) = end {
        // The ledger failed, not the caller: what was kept is said, and running it again goes on from there.
        log.error(&e);
        log.error_line(format_args!("{} kept before that", read::reports(keeper.counts.kept)));
        return Ok(Outcome::Partial);
    }
    let Keeper { writer, counts: c, .. } = keeper;
    // The last to leave tidies the file up: that must be the one that may write.
    drop(job);
    if let Err(e) = writer.close() {
        log.error(&e);
        return Ok(Outcome::Partial);
    }
    let failed = if c.failed > 0 { format!("{} could not be read; ", read::reports(c.failed)) } else { String::new() };
    let cut = if c.cut > 0 { format!("{} cut at the limit; ", read::reports(c.cut)) } else { String::new() };
    log.warn(format_args!(
        "{failed}{cut}{} added, {} read anew, {} known already; {} events, {} statements, {} figures in {:.1} s",
        read::reports(c.new),
        c.recoded,
        c.known,
        c.events,
        c.statements,
        c.figures,
        started.elapsed().as_secs_f64()
    ));
    Ok(if c.failed + c.cut > 0 { Outcome::Partial } else { Outcome::Done })
}

/// The options that a record depends on, as the ledger keeps them beside the coder.
fn in_words(options: &Options) -> String {
    let published = options.published.map(|d| format!("published={d}"));
    let language = options.language.as_ref().map(|l| format!("lang={l}"));
    published.into_iter().chain(language).collect::<Vec<_>>().join(" ")
}

/// What came of one unit.
enum Taken {
    Nothing,
    Known,
    Failed(Error),
    Read(Box<(Record, Packed)>, Option<Error>),
}

/// What every thread that reads needs.
struct Job<'a> {
    coder: &'a Coder,
    options: &'a Options,
    intake: Intake,
    known: Known,
    packer: Packer,
}

impl Job<'_> {
    fn read(&self, unit: Unit) -> Taken {
        let (place, report) = match self.intake.report(unit) {
            None => return Taken::Nothing,
            Some(Err(e)) => return Taken::Failed(e),
            Some(Ok(found)) => found,
        };
        let id = ids::report_id(&report.text, report.url.as_deref(), report.outlet.as_deref(), report.published.as_deref());
        if self.known.has(&id) {
            return Taken::Known;
        }
        let packed = read::read(self.coder, self.options, &place, report).and_then(|mut record| {
            let packed = self.packer.pack(&mut record)?;
            Ok((record, packed))
        });
        match packed {
            Ok(both) => {
                let cut = read::cut(&both.0, &place);
                Taken::Read(Box::new(both), cut)
            }
            Err(e) => Taken::Failed(e),
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    new: usize,
    recoded: usize,
    known: usize,
    failed: usize,
    cut: usize,
    events: usize,
    statements: usize,
    figures: usize,
    /// New or read anew, and committed.
    kept: usize,
}

/// The one that writes.
struct Keeper<'a> {
    writer: Writer,
    options: &'a str,
    log: &'a Log,
    progress: Progress,
    counts: Counts,
    /// Added since the last commit, and when that was.
    waiting: usize,
    since: Instant,
}

impl Keeper<'_> {
    fn keep(&mut self, taken: Taken) -> Result<()> {
        match taken {
            Taken::Nothing => {}
            Taken::Known => self.counts.known += 1,
            Taken::Failed(e) => {
                self.counts.failed += 1;
                self.progress.aside(|| self.log.error(&e));
            }
            Taken::Read(both, cut) => {
                let (record, packed) = *both;
                if let Some(e) = cut {
                    self.counts.cut += 1;
                    self.progress.aside(|| self.log.error(&e));
                }
                let added = self.writer.add(&record, &packed, self.options)?;
                match added {
                    Added::New => self.counts.new += 1,
                    Added::Recoded => self.counts.recoded += 1,
                    Added::Known => self.counts.known += 1,
                }
                if added != Added::Known {
                    self.counts.events += record.events.len();
                    self.counts.statements += record.statements.len();
                    self.counts.figures += record.figures.len();
                    self.waiting += 1;
                }
            }
        }
        let c = &self.counts;
        self.progress.show(c.new + c.recoded + c.known + c.failed, c.events);
        if self.waiting >= BATCH || self.waiting > 0 && self.since.elapsed() >= PATIENCE {
            self.commit()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        self.writer.commit()?;
        if self.waiting > 0 {
            self.counts.kept += self.waiting;
            let kept = self.counts.kept;
            self.progress.aside(|| self.log.info(format_args!("{} kept", read::reports(kept))));
        }
        self.waiting = 0;
        self.since = Instant::now();
        Ok(())
    }
}
