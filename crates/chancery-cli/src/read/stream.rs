//! Reading on several threads with bounded memory and ordered output.
//!
//! Units are dealt to the workers in turn and collected in turn, so that the order is that of the
//! input at any number of threads; every channel is bounded, so that memory does not grow with it.

use super::intake::Unit;
use super::output;
use crate::log::Log;
use crate::{Error, Result};
use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Units that may wait at each worker.
const WAITING: usize = 8;

/// What came of one unit.
#[derive(Debug, Default)]
pub struct Printed {
    /// Bytes for standard output.
    pub out: Vec<u8>,
    pub errors: Vec<Error>,
    /// Records of reports that were read only up to the limit; each has its error too.
    pub cut: usize,
    /// Diagnostics for standard error.
    pub notes: Vec<String>,
    /// Records printed, and words and events in them.
    pub read: usize,
    pub words: usize,
    pub events: usize,
}

#[derive(Debug, Default, Clone, Copy)]
pub struct Totals {
    pub read: usize,
    /// Not read at all.
    pub failed: usize,
    /// Read up to the limit.
    pub cut: usize,
    pub words: usize,
    pub events: usize,
}

/// A unit could not be passed on because nobody reads any more (a closed pipe): stop quietly.
#[derive(Debug)]
pub struct Stopped;

/// Sends one unit on its way.
pub type Send<'a> = dyn FnMut(Unit) -> std::result::Result<(), Stopped> + 'a;

/// Runs `work` over everything `produce` sends and prints the results in order.
pub fn run(
    threads: usize,
    produce: impl FnOnce(&mut Send<'_>) -> std::result::Result<(), Stopped> + std::marker::Send,
    work: impl Fn(Unit) -> Printed + Sync,
    log: &Log,
) -> Result<Totals> {
    let mut printer = Printer { out: output::Output::stdout(), totals: Totals::default(), log };
    let failure = ordered(threads, produce, work, |printed| printer.take(printed)).err();
    printer.finish(failure)
}

/// Runs `work` over everything `produce` sends and hands the results to `take` in order, in this thread. Stops at its first error.
pub fn ordered<T: std::marker::Send, E>(
    threads: usize,
    produce: impl FnOnce(&mut Send<'_>) -> std::result::Result<(), Stopped> + std::marker::Send,
    work: impl Fn(Unit) -> T + Sync,
    mut take: impl FnMut(T) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    if threads <= 1 {
        let mut failure = None;
        let _ = produce(&mut |unit| {
            take(work(unit)).map_err(|e| {
                failure = Some(e);
                Stopped
            })
        });
        return failure.map_or(Ok(()), Err);
    }
    std::thread::scope(|scope| {
        let mut inboxes: Vec<SyncSender<Unit>> = Vec::with_capacity(threads);
        let mut outboxes: Vec<Receiver<T>> = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (to_worker, inbox) = sync_channel::<Unit>(WAITING);
            let (outbox, from_worker) = sync_channel::<T>(WAITING);
            inboxes.push(to_worker);
            outboxes.push(from_worker);
            let work = &work;
            scope.spawn(move || {
                for unit in inbox {
                    if outbox.send(work(unit)).is_err() {
                        break;
                    }
                }
            });
        }
        scope.spawn(move || {
            let mut turn = 0;
            let _ = produce(&mut |unit| {
                let sent = inboxes[turn % inboxes.len()].send(unit).map_err(|_| Stopped);
                turn += 1;
                sent
            });
        });
        let mut turn = 0;
        // A worker whose inbox is closed and empty has had its last turn, and so have all after it.
        while let Ok(done) = outboxes[turn % outboxes.len()].recv() {
            turn += 1;
            take(done)?;
        }
        Ok(())
    })
}

struct Printer<'a> {
    out: output::Output,
    totals: Totals,
    log: &'a Log,
}

impl Printer<'_> {
    fn take(&mut self, printed: Printed) -> std::io::Result<()> {
        self.totals.read += printed.read;
        self.totals.failed += printed.errors.len().saturating_sub(printed.cut);
        self.totals.cut += printed.cut;
        self.totals.words += printed.words;
        self.totals.events += printed.events;
        for e in &printed.errors {
            self.log.error(e);
        }
        for note in &printed.notes {
            self.log.info(note);
        }
        self.out.write_all(&printed.out)
    }
    fn finish(mut self, failure: Option<std::io::Error>) -> Result<Totals> {
        match failure.map_or_else(|| self.out.flush(), Err) {
            Ok(()) => Ok(self.totals),
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(self.totals),
            Err(e) => Err(output::error(e)),
        }
    }
}
