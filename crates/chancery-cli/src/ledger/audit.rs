//! `chancery audit`: draws a sample for two readers, and tells from what they say how far the ledger can be trusted.

use super::{appendix, done, period, print};
use crate::cli::{AuditArgs, PrintArgs, StratifyArg};
use crate::log::Log;
use crate::{Outcome, Result};
use chancery::record::Status;
use chancery_ledger::audit::{Findings, Rate, Stratify};
use chancery_ledger::frame::{Cell, Column, Kind};
use chancery_ledger::query::Filter;
use chancery_ledger::reading::On;
use chancery_ledger::{Ledger, Writer};
use std::path::Path;

const STRATA: &[Column] = &[Column::new("stratum", Kind::Text), Column::new("reports", Kind::Int), Column::new("drawn", Kind::Int)];

const AUDITS: &[Column] = &[
    Column::new("audit", Kind::Int),
    Column::new("at", Kind::Text),
    Column::new("by", Kind::Text),
    Column::new("reports", Kind::Text),
    Column::new("seed", Kind::Int),
    Column::new("drawn", Kind::Int),
    Column::new("read_once", Kind::Int),
    Column::new("read_twice", Kind::Int),
];

const ESTIMATES: &[Column] = &[
    Column::new("type", Kind::Text),
    Column::new("precision", Kind::Float),
    Column::new("precision_low", Kind::Float),
    Column::new("precision_high", Kind::Float),
    Column::new("coded_seen", Kind::Float),
    Column::new("recall", Kind::Float),
    Column::new("recall_low", Kind::Float),
    Column::new("recall_high", Kind::Float),
    Column::new("true_seen", Kind::Float),
    Column::new("exact", Kind::Float),
    Column::new("factor", Kind::Float),
    Column::new("factor_low", Kind::Float),
    Column::new("factor_high", Kind::Float),
];

const CORRECTED: &[Column] = &[
    Column::new("period", Kind::Text),
    Column::new("type", Kind::Text),
    Column::new("events", Kind::Int),
    Column::new("corrected", Kind::Float),
    Column::new("corrected_low", Kind::Float),
    Column::new("corrected_high", Kind::Float),
];

pub fn run(args: &AuditArgs, log: &Log) -> Result<Outcome> {
    if args.list {
        return list(args);
    }
    if args.results {
        return results(args, log);
    }
    let by: Vec<Stratify> = args
        .by
        .iter()
        .map(|b| match b {
            StratifyArg::Type => Stratify::Type,
            StratifyArg::Period => Stratify::Period(period(args.period)),
            StratifyArg::Outlet => Stratify::Outlet,
            StratifyArg::Language => Stratify::Language,
        })
        .collect();
    let names: Vec<String> = args.by.iter().map(|b| format!("{b:?}").to_lowercase()).collect();
    let mut writer = Writer::new(Ledger::write(&args.ledger.ledger)?)?;
    let drawn = writer.draw(&reports(args), &in_words(args), &by, &names.join(","), args.n, args.seed)?;
    writer.close()?;
    let mut sink = print::sink(&args.print, STRATA)?;
    let rows = drawn.strata.iter().try_for_each(|s| sink.row(&[Cell::from(&s.name), s.population.into(), s.drawn.into()]));
    let all: i64 = drawn.strata.iter().map(|s| s.drawn).sum();
    log.warn(format_args!(
        "audit {}: {all} reports drawn; two people read them with `chancery review --audit {} --who NAME`",
        drawn.number, drawn.number
    ));
    done(rows.and_then(|()| sink.finish()))
}

/// The reports that are drawn from.
fn reports(args: &AuditArgs) -> Filter {
    Filter {
        published_since: args.published_since.clone(),
        published_until: args.published_until.clone(),
        outlets: args.outlet.clone(),
        languages: args.language.clone(),
        ..Filter::default()
    }
}

/// The same as options: what the ledger keeps beside the sample, and how its reports are found again.
fn in_words(args: &AuditArgs) -> String {
    let mut words = Vec::new();
    let mut say = |name: &str, values: &mut dyn Iterator<Item = &String>| values.for_each(|v| words.push(format!("--{name} {v:?}")));
    say("published-since", &mut args.published_since.iter());
    say("published-until", &mut args.published_until.iter());
    say("outlet", &mut args.outlet.iter());
    say("language", &mut args.language.iter());
    if words.is_empty() { "all reports".to_owned() } else { words.join(" ") }
}

fn list(args: &AuditArgs) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let mut sink = print::sink(&args.print, AUDITS)?;
    let rows = ledger.audits()?.into_iter().try_for_each(|a| {
        sink.row(&[
            a.number.into(),
            appendix::time(a.added).into(),
            Cell::from(&a.strata),
            Cell::from(&a.query),
            a.seed.into(),
            a.drawn.into(),
            a.once.into(),
            a.twice.into(),
        ])
    });
    done(rows.and_then(|()| sink.finish()))
}

fn results(args: &AuditArgs, log: &Log) -> Result<Outcome> {
    let ledger = Ledger::read(&args.ledger.ledger)?;
    let audit = ledger.audit(args.audit)?;
    let every = args.status.iter().any(|s| s == "all");
    let statuses: Vec<String> = if every { Status::ALL.iter().map(ToString::to_string).collect() } else { args.status.clone() };
    let findings = ledger.findings(&audit, args.arbiter.as_deref(), &statuses)?;
    let agreement = super::review::agreement_table(&ledger, Some(audit.number), On::Type)?;
    let mut sink = print::sink(&args.print, ESTIMATES)?;
    let rows = estimates(&findings).try_for_each(|row| sink.row(&row));
    let answer = done(rows.and_then(|()| sink.finish()));
    log.warn(format_args!(
        "audit {}: of {} reports drawn {} are read, {} by two people",
        audit.number, audit.drawn, audit.once, audit.twice
    ));
    for a in &agreement {
        let (with, name) = if a.b.is_empty() { (String::new(), "alpha") } else { (format!(" and {}", a.b), "kappa") };
        if let Some(kappa) = a.kappa {
            log.warn(format_args!("{}{with}: {name} {kappa:.3} on {} events", a.a, a.n));
        }
    }
    if let Some(file) = &args.panel {
        panel(&ledger, &findings, args, &statuses, file)?;
    }
    if let Some(file) = &args.appendix {
        let page = appendix::page(&ledger, &audit, &findings, &agreement, &statuses, args.arbiter.as_deref())?;
        let failed = |e: std::io::Error| {
            crate::Error::new(
                "E0520",
                format!("the file cannot be written: {e}"),
                file.display().to_string(),
                "check the folder and its permissions",
            )
        };
        std::fs::write(file, page).map_err(failed)?;
    }
    answer
}

/// Rows in the order of the columns; types of which nothing was seen are left out.
fn estimates(findings: &Findings) -> impl Iterator<Item = Vec<Cell<'_>>> {
    let seen = findings.estimates.iter().filter(|e| e.precision.is_some() || e.recall.is_some());
    seen.map(|e| {
        let three = |r: Option<Rate>, of: fn(Rate) -> f64| Cell::from(r.map(|r| (of(r) * 1000.0).round() / 1000.0));
        let mut row = vec![Cell::from(&e.kind)];
        for rate in [e.precision, e.recall] {
            row.extend([three(rate, |r| r.value), three(rate, |r| r.low), three(rate, |r| r.high), three(rate, |r| r.n)]);
        }
        row.push(three(e.exact, |r| r.value));
        row.extend([three(e.factor, |r| r.value), three(e.factor, |r| r.low), three(e.factor, |r| r.high)]);
        row
    })
}

fn panel(ledger: &Ledger, findings: &Findings, args: &AuditArgs, statuses: &[String], file: &Path) -> Result<()> {
    let filter = Filter { statuses: statuses.to_vec(), ..reports(args) };
    let to = PrintArgs { format: None, output: Some(file.to_owned()) };
    let mut sink = print::sink(&to, CORRECTED)?;
    let tenth = |x: Option<f64>| Cell::from(x.map(|x| (x * 10.0).round() / 10.0));
    for c in ledger.corrected(findings, &filter, period(args.period))? {
        sink.row(&[Cell::from(&c.period), Cell::from(&c.kind), c.events.into(), tenth(c.corrected), tenth(c.low), tenth(c.high)])?;
    }
    sink.finish()
}
