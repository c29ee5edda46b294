//! `chancery watch`: follows feeds, and reads what they lead to into the ledger.
//!
//! An entry is marked as taken in together with its report: a run that is broken off loses nothing and doubles nothing. What
//! cannot be reached now is tried again in the next round.

use crate::add::{self, Job, Keeper};
use crate::cli::WatchArgs;
use crate::fetch::{Client, Got, Validators};
use crate::log::Log;
use crate::read::feed;
use crate::read::intake::Unit;
use crate::{Error, Outcome, Result};
use chancery::input::{Field, Fields};
use chancery_ledger::pages::FeedState;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

pub fn run(args: &WatchArgs, log: &Log) -> Result<Outcome> {
    let (job, keeper) = add::open(&args.ledger.ledger, &args.intake, &args.knowledge, None, log)?;
    let client = Client::new(job.intake.manners.clone());
    let mut watch = Watch { job: &job, keeper, client, log, pages: !args.no_pages, failed: false };
    let every = Duration::from_secs_f64(args.every);
    let end = loop {
        let started = Instant::now();
        if let Err(e) = args.feeds.iter().try_for_each(|feed| watch.follow(feed)) {
            break Err(e);
        }
        if args.once {
            break Ok(());
        }
        sleep(every.saturating_sub(started.elapsed()));
    };
    let Watch { keeper, failed, .. } = watch;
    let outcome = keeper.end(job, end);
    Ok(if failed { Outcome::Partial } else { outcome })
}

struct Watch<'j, 'l> {
    job: &'j Job,
    keeper: Keeper<'l>,
    client: Client,
    log: &'l Log,
    pages: bool,
    /// A feed or a page could not be read.
    failed: bool,
}

impl Watch<'_, '_> {
    /// Goes once through a feed. Only the ledger can fail; what a server does is said and left.
    fn follow(&mut self, feed: &str) -> Result<()> {
        let known = self.keeper.writer.feed(feed)?;
        let validators = Validators { etag: known.etag, modified: known.modified };
        let page = match self.client.get(feed, &validators) {
            Ok(Got::Page(page)) => page,
            Ok(Got::Unchanged) => return Ok(()),
            Err(e) => {
                self.said(&e);
                return Ok(());
            }
        };
        let name: Arc<str> = feed.into();
        let mut units = Vec::new();
        // Collecting cannot be stopped.
        let _ = feed::entries(&mut page.body.as_slice(), &name, &self.job.intake, &mut |unit| {
            units.push(unit);
            Ok(())
        });
        let mut all = true;
        for unit in units {
            all &= match unit {
                Unit::Entry { place, fields } => {
                    let id = [Field::Id, Field::Url, Field::Title].iter().find_map(|f| fields.get(*f)).unwrap_or("").to_owned();
                    if self.keeper.writer.has_entry(feed, &id)? {
                        continue;
                    }
                    match self.entry(&place, fields) {
                        Some(unit) => {
                            self.keeper.keep(self.job.read(unit))?;
                            self.keeper.writer.keep_entry(feed, &id)?;
                            true
                        }
                        None => false,
                    }
                }
                Unit::Failed(e) => {
                    self.said(&e);
                    false
                }
                _ => true,
            };
            self.keeper.commit()?;
        }
        // A feed of which something is missing still is asked for in full.
        let state = if all { Validators::of(&page) } else { Validators::default() };
        self.keeper.writer.keep_feed(feed, &FeedState { etag: state.etag, modified: state.modified })?;
        self.keeper.commit()
    }

    /// The page that an entry leads to; the entry's own words where there is none to be had; nothing where it may come yet.
    fn entry(&mut self, place: &crate::read::intake::Place, fields: Box<Fields>) -> Option<Unit> {
        let own = |fields| Some(Unit::Entry { place: place.clone(), fields });
        let Some(url) = fields.get(Field::Url).filter(|_| self.pages) else { return own(fields) };
        match self.client.get(url, &Validators::default()) {
            Ok(Got::Page(page)) if self.job.intake.fetched(&page).is_ok() => Some(Unit::Fetched(page, Some(fields))),
            Ok(_) => own(fields),
            Err(e) => {
                self.said(&e);
                // Unreachable today is not gone.
                if e.code == "E0223" { None } else { own(fields) }
            }
        }
    }

    fn said(&mut self, e: &Error) {
        self.failed = true;
        self.log.error(e);
    }
}
