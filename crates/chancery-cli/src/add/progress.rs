//! The bar that a long run shows at a terminal.

use crate::log::{Level, Log};
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Reports, events, rate and time left. The length is that of the files; rate and time left come from the bytes taken.
pub struct Progress {
    bar: Option<ProgressBar>,
    taken: Arc<AtomicU64>,
    started: Instant,
}

impl Progress {
    /// A bar where standard error is a terminal and may be written to.
    pub fn start(total: Option<u64>, taken: Arc<AtomicU64>, log: &Log) -> Self {
        let shown = std::io::stderr().is_terminal() && log.shows(Level::Warn);
        let bar = shown.then(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(8));
            let layout = if total.is_some() { "{wide_bar:.cyan} {percent:>3} %  {msg}  {eta} left" } else { "{spinner} {msg}" };
            if let Ok(style) = ProgressStyle::with_template(layout) {
                bar.set_style(style);
            }
            bar
        });
        Progress { bar, taken, started: Instant::now() }
    }

    pub fn show(&self, reports: usize, events: usize) {
        let Some(bar) = &self.bar else { return };
        let rate = reports as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        bar.set_position(self.taken.load(Ordering::Relaxed));
        bar.set_message(format!("{} reports, {} events, {rate:.0}/s", HumanCount(reports as u64), HumanCount(events as u64)));
    }

    /// Says something without breaking the bar.
    pub fn aside(&self, say: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
