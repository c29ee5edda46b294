//! `chancery dyad A B`: how two sides dealt with each other over time, as rows or as a plot.

use super::{done, filter, period, print};
use crate::cli::{DyadArgs, PeriodArg, TableFormat};
use crate::read::output;
use crate::{Outcome, Result};
use anstyle::{AnsiColor, Style};
use chancery_ledger::query::{COUNT_COLUMNS, Count, Filter, Period, count_cells};
use chancery_ledger::{Ledger, Names};
use std::fmt::Write;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const DIM: Style = Style::new().dimmed();

/// Periods that a plot has room for before a longer period is taken.
const LINES: usize = 60;

pub fn run(args: &DyadArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let known = Names::default();
    let (a, b) = (known.one(&ledger, &args.a)?, known.one(&ledger, &args.b)?);
    let filter = Filter { dyad: Some((a, b)), ..filter(&args.filter, args.text.as_ref(), &ledger)? };
    let counts = match args.by {
        Some(by) => ledger.counts(&filter, period(by))?,
        None => fitting(&ledger, &filter)?,
    };
    if print::format(&args.print) == TableFormat::Table {
        let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
        let width = terminal_size::terminal_size().map_or(100, |(w, _)| usize::from(w.0));
        return output::print(plot(&args.a, &args.b, &counts, width, colour).as_bytes());
    }
    let mut sink = print::sink(&args.print, COUNT_COLUMNS)?;
    let rows = counts.iter().try_for_each(|c| sink.row(&count_cells(c)));
    done(rows.and_then(|()| sink.finish()))
}

/// Counts by the shortest period that gives no more lines than can be taken in at a look.
fn fitting(ledger: &Ledger, filter: &Filter) -> Result<Vec<Count>> {
    let months = ledger.counts(filter, Period::Month)?;
    let with_events = |counts: &[Count]| {
        let held: Vec<usize> = counts.iter().enumerate().filter(|(_, c)| c.events > 0 && !c.period.is_empty()).map(|(n, _)| n).collect();
        held.last().map_or(0, |last| last - held[0] + 1)
    };
    match with_events(&months) {
        0..=2 => ledger.counts(filter, period(PeriodArg::Day)),
        3..=LINES => Ok(months),
        _ => ledger.counts(filter, Period::Year),
    }
}

/// Cooperation to the right in one colour, conflict to the left in another; the counts of each, and events per 1,000 reports read.
fn plot(a: &str, b: &str, counts: &[Count], width: usize, colour: bool) -> String {
    let paint = |style: Style, text: String| if colour && !text.trim().is_empty() { format!("{style}{text}{style:#}") } else { text };
    let dated: Vec<&Count> = counts.iter().filter(|c| !c.period.is_empty()).collect();
    let first = dated.iter().position(|c| c.events > 0);
    let last = dated.iter().rposition(|c| c.events > 0);
    let mut page = String::new();
    // Writing into a string cannot fail.
    let _ = writeln!(page, "{a} and {b}: conflict to the left, cooperation to the right; material ▓, verbal ░");
    let (Some(first), Some(last)) = (first, last) else {
        let _ = writeln!(page, "no event with a date that tells the period");
        return page;
    };
    let shown = &dated[first..=last];
    let conflict = |c: &Count| (c.quads[2], c.quads[3]);
    let cooperation = |c: &Count| (c.quads[0], c.quads[1]);
    let most = shown.iter().flat_map(|c| [c.quads[2] + c.quads[3], c.quads[0] + c.quads[1]]).max().unwrap_or(1).max(1);
    // Period, two counts, rate; the rest is for the bars.
    let half = (width.saturating_sub(40) / 2).clamp(6, 40);
    let cells = |n: i64| (n as usize * half).div_ceil(most as usize).min(half);
    let bar = |verbal: i64, material: i64| {
        let all = cells(verbal + material);
        let dark = if material == 0 { 0 } else { (all * material as usize).div_ceil((verbal + material) as usize) };
        (all - dark, dark)
    };
    for c in shown {
        let (cv, cm) = conflict(c);
        let (gv, gm) = cooperation(c);
        let (light, dark) = bar(cv, cm);
        let left = format!("{}{}{}", " ".repeat(half - light - dark), "░".repeat(light), "▓".repeat(dark));
        let (light, dark) = bar(gv, gm);
        let right = format!("{}{}{}", "▓".repeat(dark), "░".repeat(light), " ".repeat(half - light - dark));
        let rate = if c.read > 0 { format!("{:>7.1} ‰", c.events as f64 * 1000.0 / c.read as f64) } else { "  not read".to_owned() };
        let line =
            format!("{:<10} {:>5} {}│{} {:<5}{}", c.period, cv + cm, paint(BAD, left), paint(GOOD, right), gv + gm, paint(DIM, rate));
        let _ = writeln!(page, "{}", line.trim_end());
    }
    let undated: i64 = counts.iter().filter(|c| c.period.is_empty()).map(|c| c.events).sum();
    let total: i64 = shown.iter().map(|c| c.events).sum();
    let _ = writeln!(
        page,
        "{}",
        paint(DIM, format!("{total} events shown; {undated} more have no date that tells the period; ‰: events per 1,000 reports read"))
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plot_fits_and_says_what_was_not_read() {
        let count =
            |period: &str, quads: [i64; 4], read| Count { period: period.into(), events: quads.iter().sum(), quads, read, coded: 0 };
        let counts = [
            count("", [1, 0, 0, 0], 0),
            count("2022-01", [3, 1, 0, 2], 500),
            count("2022-02", [0; 4], 0),
            count("2022-03", [1, 0, 900, 1], 10),
        ];
        let page = plot("RUS", "CHN", &counts, 80, false);
        assert!(page.lines().skip(1).take(3).all(|l| l.chars().count() <= 80), "{page}");
        assert!(page.contains("not read") && page.contains("12.0 ‰") && page.contains("1 more have no date"), "{page}");
    }
}
