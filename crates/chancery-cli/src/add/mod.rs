//! `chancery add`: reads reports into the ledger.
//!
//! Threads read; this one writes, in the order of the input. A batch is kept whole or not at all, so that a run that was
//! broken off is taken up by running it again: what is there is told by its content and not read twice.

mod progress;

use crate::cli::{AddArgs, IntakeArgs, KnowledgeArgs};
use crate::fetch::Page;
use crate::log::Log;
use crate::read::intake::{Intake, Unit};
use crate::read::{self, files, paths, stream};
use crate::{Error, Outcome, Result, coder};
use chancery::{Coder, Options, Record, ids};
use chancery_ledger::body::{Packed, Packer};
use chancery_ledger::pages::KeptPage;
use chancery_ledger::{Added, Known, Ledger, Writer};
use progress::Progress;
use sha2::Digest;
use std::path::Path;
use std::time::{Duration, Instant};

/// Reports that are kept at once at most, and how long one waits at most.
const BATCH: usize = 512;
const PATIENCE: Duration = Duration::from_secs(1);

pub fn run(args: &AddArgs, log: &Log) -> Result<Outcome> {
    let (job, mut keeper) = open(&args.ledger.ledger, &args.intake, &args.knowledge, paths::size(&args.paths), log)?;
    let end = stream::ordered(
        read::threads(&args.intake),
        |send| files::walk(&args.paths, &job.intake, send),
        |unit| job.read(unit),
        |taken| keeper.keep(taken),
    );
    Ok(keeper.end(job, end))
}

/// What reads reports for a ledger, and what keeps them there. A ledger that is not there is made; `size` is that of the input in bytes,
/// where it is known.
pub fn open<'a>(path: &Path, intake: &IntakeArgs, knowledge: &KnowledgeArgs, size: Option<u64>, log: &'a Log) -> Result<(Job, Keeper<'a>)> {
    let writer = Writer::new(Ledger::create(path)?)?;
    let coder = coder::load(knowledge)?;
    let options = read::options(intake);
    let said = in_words(&options);
    let known = Known::open(path, &coder.version, &coder.data_hash, &said)?;
    let job = Job { coder, options, intake: Intake::new(intake), known, packer: writer.packer() };
    let progress = Progress::start(size, job.intake.taken.clone(), log);
    let counts = Counts::default();
    let now = Instant::now();
    Ok((job, Keeper { writer, options: said, log, progress, counts, waiting: 0, since: now, started: now }))
}

/// The options that a record depends on, as the ledger keeps them beside the coder.
fn in_words(options: &Options) -> String {
    let published = options.published.map(|d| format!("published={d}"));
    let language = options.language.as_ref().map(|l| format!("lang={l}"));
    published.into_iter().chain(language).collect::<Vec<_>>().join(" ")
}

/// What came of one unit.
pub enum Taken {
    Nothing,
    Known,
    Failed(Error),
    Read(Box<Kept>, Option<Error>),
}

/// A record with the page it was read from.
pub struct Kept {
    record: Record,
    packed: Packed,
    page: Option<KeptPage>,
}

/// What every thread that reads needs.
pub struct Job {
    coder: Coder,
    options: Options,
    pub intake: Intake,
    known: Known,
    packer: Packer,
}

impl Job {
    pub fn read(&self, unit: Unit) -> Taken {
        let page = match &unit {
            Unit::Fetched(page, _) => Some(kept(page)),
            _ => None,
        };
        let (place, report) = match self.intake.report(unit) {
            None => return Taken::Nothing,
            Some(Err(e)) => return Taken::Failed(e),
            Some(Ok(found)) => found,
        };
        let id = ids::report_id(&report.text, report.url.as_deref(), report.outlet.as_deref(), report.published.as_deref());
        if self.known.has(&id) {
            return Taken::Known;
        }
        let packed = read::read(&self.coder, &self.options, &place, report).and_then(|mut record| {
            let packed = self.packer.pack(&mut record)?;
            Ok(Kept { record, packed, page })
        });
        match packed {
            Ok(kept) => {
                let cut = read::cut(&kept.record, &place);
                Taken::Read(Box::new(kept), cut)
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
pub struct Keeper<'a> {
    pub writer: Writer,
    options: String,
    log: &'a Log,
    progress: Progress,
    counts: Counts,
    /// Added since the last commit, and when that was.
    waiting: usize,
    since: Instant,
    started: Instant,
}

impl Keeper<'_> {
    pub fn keep(&mut self, taken: Taken) -> Result<()> {
        match taken {
            Taken::Nothing => {}
            Taken::Known => self.counts.known += 1,
            Taken::Failed(e) => {
                self.counts.failed += 1;
                self.progress.aside(|| self.log.error(&e));
            }
            Taken::Read(kept, cut) => {
                let Kept { record, packed, page } = *kept;
                if let Some(e) = cut {
                    self.counts.cut += 1;
                    self.progress.aside(|| self.log.error(&e));
                }
                let added = self.writer.add(&record, &packed, &self.options)?;
                if let Some(page) = page {
                    self.writer.keep_page(&record.report.id, &page)?;
                }
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

    /// Keeps what waits.
    pub fn commit(&mut self) -> Result<()> {
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

    /// Keeps what waits, tidies up, and says what was done. `job` goes first: the last to leave the ledger must be the one that
    /// may write.
    pub fn end(mut self, job: Job, end: Result<()>) -> Outcome {
        let end = end.and_then(|()| self.commit());
        self.progress.finish();
        let log = self.log;
        if let Err(e) = end {
            // The ledger failed, not the caller: what was kept is said, and running it again goes on from there.
            log.error(&e);
            log.error_line(format_args!("{} kept before that", read::reports(self.counts.kept)));
            return Outcome::Partial;
        }
        let Keeper { writer, counts: c, started, .. } = self;
        drop(job);
        if let Err(e) = writer.close() {
            log.error(&e);
            return Outcome::Partial;
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
        if c.failed + c.cut > 0 { Outcome::Partial } else { Outcome::Done }
    }
}

/// A page as the ledger keeps it.
fn kept(page: &Page) -> KeptPage {
    let json = |value: serde_json::Result<String>| value.unwrap_or_default();
    KeptPage {
        asked: page.asked.clone(),
        url: page.url.clone(),
        fetched: page.fetched.as_millisecond(),
        status: page.status,
        headers: json(serde_json::to_string(&page.headers)),
        redirects: json(serde_json::to_string(&page.redirects)),
        sha256: sha2::Sha256::digest(&page.raw).to_vec(),
        raw: page.raw.clone(),
    }
}
