//! `chancery rehydrate`: puts the words back into records that were written without them, from one's own copies of the reports.
//!
//! A copy belongs to a record where its content has the record's id. Where this build is the record's coder the report is read again, and what
//! comes of it is taken if it is the record to the letter but for the words; else the words are cut out of the text by their spans.

use crate::cli::{RehydrateArgs, TextLevel};
use crate::ledger::print;
use crate::log::Log;
use crate::read::intake::{Intake, Unit};
use crate::read::{self, files, redact, stream};
use crate::{Error, Outcome, Result, coder};
use chancery::model::Report;
use chancery::record::{Actor, Span, Trigger};
use chancery::{Coder, Options, Record, ids};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;

pub fn run(args: &RehydrateArgs, log: &Log) -> Result<Outcome> {
    let bare = Bare::open(&args.export)?;
    let job = Job { coder: coder::load(&args.knowledge)?, options: read::options(&args.intake), intake: Intake::new(&args.intake), bare };
    let mut out = print::out(args.output.as_deref())?;
    let (mut done, mut failed) = (0, 0);
    let end = stream::ordered(
        read::threads(&args.intake),
        |send| files::walk(&args.copies, &job.intake, send),
        |unit| job.restore(unit),
        |line: Option<Result<Vec<u8>>>| {
            match line {
                None => {}
                Some(Err(e)) => {
                    failed += 1;
                    log.error(&e);
                }
                Some(Ok(line)) => {
                    done += 1;
                    write(&mut out, &line)?;
                }
            }
            Ok(())
        },
    );
    let end = end.and_then(|()| {
        // None is lost: those without a copy stay as they were.
        let rest = job.bare.rest();
        for place in &rest {
            write(&mut out, &job.bare.line(*place)?)?;
        }
        out.flush().map_err(|e| chancery_ledger::frame::unwritable(&e))?;
        Ok(rest.len())
    });
    let missing = match end {
        Err(e) if e == chancery_ledger::frame::closed() => return Ok(Outcome::Done),
        end => end?,
    };
    let without = if missing > 0 { format!("; {} left without: no copy of them is there", read::reports(missing)) } else { String::new() };
    log.warn(format_args!("{} given their text{without}", read::reports(done)));
    Ok(if failed + missing > 0 { Outcome::Partial } else { Outcome::Done })
}

fn write(out: &mut impl Write, line: &[u8]) -> Result<()> {
    out.write_all(line).and_then(|()| out.write_all(b"\n")).map_err(|e| chancery_ledger::frame::unwritable(&e))
}

/// Where a line lies: its first byte and its length.
type Place = (u64, usize);

/// The records without words: where each lies in the file, until it is found.
struct Bare {
    file: Mutex<File>,
    name: String,
    places: Mutex<HashMap<String, Place>>,
}

#[derive(Deserialize)]
struct Head {
    report: HeadReport,
}

#[derive(Deserialize)]
struct HeadReport {
    id: String,
}

impl Bare {
    fn open(path: &Path) -> Result<Bare> {
        let name = path.display().to_string();
        let unreadable =
            |e: std::io::Error| Error::new("E0201", format!("cannot be read: {e}"), name.clone(), "check the path and its permissions");
        let mut lines = BufReader::new(File::open(path).map_err(unreadable)?);
        let mut places = HashMap::new();
        let (mut at, mut number, mut line) = (0, 0, Vec::new());
        loop {
            line.clear();
            let length = lines.read_until(b'\n', &mut line).map_err(unreadable)?;
            if length == 0 {
                break;
            }
            number += 1;
            if !line.trim_ascii().is_empty() {
                let head: Head = serde_json::from_slice(&line).map_err(|e| {
                    let remedy = "name what `chancery export --as jsonl --text none` or `chancery read --text none` wrote";
                    Error::new("E0430", format!("no record: {e}"), format!("{name}, line {number}"), remedy)
                })?;
                places.insert(head.report.id, (at, line.trim_ascii_end().len()));
            }
            at += length as u64;
        }
        Ok(Bare { file: Mutex::new(lines.into_inner()), name, places: Mutex::new(places) })
    }

    /// The record of this report; each is given once.
    fn take(&self, id: &str) -> Option<Place> {
        self.places.lock().ok()?.remove(id)
    }

    fn line(&self, (at, length): Place) -> Result<Vec<u8>> {
        let mut line = vec![0; length];
        let read = self.file.lock().map_or_else(
            |e| Err(std::io::Error::other(e.to_string())),
            |mut f| f.seek(SeekFrom::Start(at)).and_then(|_| f.read_exact(&mut line)),
        );
        read.map_err(|e| Error::new("E0201", format!("cannot be read: {e}"), self.name.clone(), "leave the file as it is meanwhile"))?;
        Ok(line)
    }

    /// Those that nobody took, in their order.
    fn rest(&self) -> Vec<Place> {
        let mut rest: Vec<Place> = self.places.lock().map(|p| p.values().copied().collect()).unwrap_or_default();
        rest.sort_unstable();
        rest
    }
}

struct Job {
    coder: Coder,
    options: Options,
    intake: Intake,
    bare: Bare,
}

impl Job {
    /// The whole record of a copy, as a line; nothing where it has no record.
    fn restore(&self, unit: Unit) -> Option<Result<Vec<u8>>> {
        let (place, report) = match self.intake.report(unit)? {
            Ok(found) => found,
            Err(e) => return Some(Err(e)),
        };
        let id = ids::report_id(&report.text, report.url.as_deref(), report.outlet.as_deref(), report.published.as_deref());
        let at = self.bare.take(&id)?;
        let whole = self.bare.line(at).and_then(|line| {
            let bare = chancery_ledger::export::parse(&line)?;
            let own = bare.coder.version == self.coder.version && bare.coder.data == self.coder.data_hash;
            let again = if own { Some(read::read(&self.coder, &self.options, &place, report.clone())?) } else { None };
            let whole = again.filter(|r| is_the_same(r, &bare)).unwrap_or_else(|| cut_out(bare, report));
            // A record has no map with keys that are not strings.
            Ok(serde_json::to_vec(&whole).unwrap_or_default())
        });
        Some(whole)
    }
}

/// Whether a record is that other one but for its words.
fn is_the_same(whole: &Record, bare: &Record) -> bool {
    [TextLevel::None, TextLevel::Sentence].into_iter().any(|level| {
        let mut less = whole.clone();
        redact::apply(&mut less, level);
        less == *bare
    })
}

/// Gives a record the words that its spans name.
fn cut_out(mut record: Record, report: Report) -> Record {
    let text = report.text;
    let at = |span: Span| span.of(&text).to_owned();
    let trigger = |t: &mut Trigger| t.text = at(t.span);
    let actor = |a: &mut Actor| a.text = at(a.span);
    record.report.title = report.title;
    for p in &mut record.report.provenance {
        p.name = p.span.map(at).or_else(|| p.name.take());
    }
    record.mentions.iter_mut().for_each(|m| actor(&mut m.actor));
    for e in &mut record.events {
        trigger(&mut e.trigger);
        e.mentions.iter_mut().for_each(|m| trigger(&mut m.trigger));
        let others = e.others.iter_mut().map(|o| &mut o.actor);
        let voices = e.attributions.iter_mut().map(|a| &mut a.actor).chain(&mut e.claimed_by);
        e.source.iter_mut().chain(&mut e.target).chain(others).chain(voices).for_each(actor);
    }
    for s in &mut record.statements {
        s.speaker.iter_mut().chain(&mut s.addressee).for_each(actor);
        std::iter::once(&mut s.quote).chain(&mut s.cue).for_each(trigger);
    }
    record.figures.iter_mut().for_each(|f| f.text = at(f.span));
    record.dates.iter_mut().for_each(|d| d.text = at(d.span));
    record.places.iter_mut().for_each(|p| p.text = at(p.span));
    record.sentences.iter_mut().for_each(|s| s.text = None);
    record.report.text = text;
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery::record::Event;

    #[test]
    fn words_come_back_by_their_spans() {
        let text = "Russia condemned China.";
        let mut record = Record::default();
        let trigger = Trigger { text: "condemned".into(), span: Span::new(7, 16) };
        let source = Actor { text: "Russia".into(), span: Span::new(0, 6), entity_id: Some("country/RUS".into()), ..Actor::default() };
        record.events.push(Event { trigger, source: vec![source], ..Event::default() });
        (record.report.text, record.report.title) = (text.into(), Some("A title".into()));
        let mut bare = record.clone();
        redact::apply(&mut bare, TextLevel::None);
        assert!(is_the_same(&record, &bare) && bare != record);
        let copy = Report { text: text.into(), title: Some("A title".into()), ..Report::default() };
        assert_eq!(cut_out(bare, copy), record);
    }
}
