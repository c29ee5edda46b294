//! Reading report after report with a person at the keys. What it shows and where keys come from is the caller's.

use super::screen::{Desk, View};
use crate::{Error, Result};
use chancery::Record;
use chancery::record::Span;
use chancery_ledger::decision::{Decision, Fields, Verdict};
use chancery_ledger::{Standing, Writer};
use console::Key;

/// What came of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub decisions: usize,
    pub complete: usize,
}

/// An event of the report at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub id: String,
    pub sentence: usize,
    pub trigger: Span,
    /// Parties with their words.
    pub source: Vec<Span>,
    pub target: Vec<Span>,
    pub fields: Fields,
    /// The last verdict, and whose.
    pub verdict: Option<(String, String)>,
}

/// A report at hand.
#[derive(Debug)]
pub struct Sheet {
    pub record: Record,
    pub items: Vec<Item>,
    pub complete: bool,
}

enum Next {
    Stay,
    Report(isize),
    Quit,
}

struct Session<'a> {
    writer: &'a mut Writer,
    who: &'a str,
    audit: Option<i64>,
    /// Decisions of this session, to be taken back: number, and place of the report in the queue.
    taken: Vec<(i64, usize)>,
    counts: Counts,
    why: Option<String>,
    at: usize,
    view: View,
}

/// Shows the reports of the queue one by one and takes decisions until the queue or the keys end.
pub fn run(writer: &mut Writer, queue: &[i64], who: &str, audit: Option<i64>, desk: &mut dyn Desk) -> Result<Counts> {
    let mut s =
        Session { writer, who, audit, taken: Vec::new(), counts: Counts::default(), why: None, at: 0, view: View::new(audit.is_some()) };
    let mut place = 0_usize;
    while let Some(&rid) = queue.get(place) {
        let mut sheet = s.load(rid)?;
        s.at = 0;
        s.view.scroll = 0;
        loop {
            let head = format!("report {} of {}", place + 1, queue.len());
            desk.show(&sheet, s.at, &s.view, &head)?;
            let Some(key) = desk.key()? else { return Ok(s.counts) };
            s.view.said = String::new();
            match s.press(key, rid, place, &mut sheet, desk) {
                Ok(Next::Stay) => {}
                Ok(Next::Report(by)) => {
                    place = place.saturating_add_signed(by);
                    break;
                }
                Ok(Next::Quit) => return Ok(s.counts),
                // What cannot be decided is said; nothing was changed.
                Err(e) => s.view.said = format!("{}; {}", e.what, e.remedy),
            }
        }
    }
    Ok(s.counts)
}

impl Session<'_> {
    fn load(&self, rid: i64) -> Result<Sheet> {
        let ledger = self.writer.ledger();
        let record = match self.audit {
            Some(audit) => ledger.record_in(audit, rid)?,
            None => ledger.record_of(rid)?,
        };
        let said: Vec<Standing> = ledger.decisions_on(rid, self.audit)?;
        // In an audit nobody sees what the other reader said.
        let said: Vec<&Standing> = said.iter().filter(|d| self.audit.is_none() || d.who == self.who).collect();
        let mut items: Vec<Item> = record
            .events
            .iter()
            .map(|e| {
                let codes = |side: &[chancery::record::Actor]| {
                    side.iter().filter_map(|a| a.code.clone().or_else(|| a.sector.clone())).collect::<Vec<_>>().join(";")
                };
                Item {
                    id: e.id.clone(),
                    sentence: e.sentence,
                    trigger: e.trigger.span,
                    source: e.source.iter().map(|a| a.span).collect(),
                    target: e.target.iter().map(|a| a.span).collect(),
                    fields: Fields {
                        r#type: Some(e.r#type.to_string()),
                        mode: Some(e.mode.clone().unwrap_or_default()),
                        status: Some(e.status.to_string()),
                        source: Some(codes(&e.source)),
                        target: Some(codes(&e.target)),
                        date: Some(e.date.start.clone().unwrap_or_default()),
                        cameo: None,
                        reciprocal: Some(e.reciprocal),
                    },
                    verdict: None,
                }
            })
            .collect();
        for d in &said {
            let Some(id) = &d.event else { continue };
            let fields: Fields = serde_json::from_str(&d.fields).unwrap_or_default();
            if !items.iter().any(|i| i.id == *id) && d.verdict == "add" {
                let span = d.span.unwrap_or_default();
                let sentence = record.sentences.iter().position(|s| s.span.contains(span)).unwrap_or(0);
                let (source, target) = (Vec::new(), Vec::new());
                items.push(Item { id: id.clone(), sentence, trigger: span, source, target, fields: Fields::default(), verdict: None });
            }
            if let Some(item) = items.iter_mut().find(|i| i.id == *id) {
                item.fields = over(&item.fields, &fields);
                item.verdict = Some((d.verdict.clone(), d.who.clone()));
            }
        }
        items.sort_by_key(|i| (i.trigger.start, i.id.clone()));
        let complete = said.iter().any(|d| d.verdict == "complete");
        Ok(Sheet { record, items, complete })
    }

    fn press(&mut self, key: Key, rid: i64, place: usize, sheet: &mut Sheet, desk: &mut dyn Desk) -> Result<Next> {
        let last = sheet.items.len().saturating_sub(1);
        match key {
            Key::Char('q') | Key::CtrlC | Key::Escape => return Ok(Next::Quit),
            Key::Char('j') | Key::ArrowDown | Key::ArrowRight => self.at = (self.at + 1).min(last),
            Key::Char('k') | Key::ArrowUp | Key::ArrowLeft => self.at = self.at.saturating_sub(1),
            Key::Char('t') => self.view.whole = !self.view.whole,
            Key::Char(' ') | Key::PageDown => self.view.scroll += 10,
            Key::Char('b') | Key::PageUp => self.view.scroll = self.view.scroll.saturating_sub(10),
            Key::Char('s') => return Ok(Next::Report(1)),
            Key::Char('p') => return Ok(Next::Report(-1)),
            Key::Char('w') => self.why = desk.ask("why", "")?.filter(|w| !w.trim().is_empty()),
            Key::Char('a') => self.on_event(sheet, rid, place, Verdict::Accept, Fields::default())?,
            Key::Char('x') => self.on_event(sheet, rid, place, Verdict::Reject, Fields::default())?,
            Key::Char('c') => {
                let Some(item) = sheet.items.get(self.at) else { return Ok(Next::Stay) };
                if let Some(line) = desk.ask("correct", &written(&item.fields))? {
                    let fields = changed(&item.fields, &read(&line)?);
                    if fields == Fields::default() {
                        self.view.said = "nothing is changed".to_owned();
                    } else {
                        self.on_event(sheet, rid, place, Verdict::Correct, fields)?;
                    }
                }
            }
            Key::Char('n') => self.add(sheet, rid, place, desk)?,
            Key::Char('d') => {
                let about = sheet.record.report.id.clone();
                self.decide(place, Verdict::Complete, about, None, Fields::default())?;
                self.counts.complete += 1;
                return Ok(Next::Report(1));
            }
            Key::Char('u') => return self.undo(rid, place, sheet),
            _ => {
                self.view.said =
                    "a accept  c correct  x reject  n missed event  d complete  u undo  w why  t text  s next  p back  q quit".to_owned()
            }
        }
        Ok(Next::Stay)
    }

    fn on_event(&mut self, sheet: &mut Sheet, rid: i64, place: usize, verdict: Verdict, fields: Fields) -> Result<()> {
        let Some(item) = sheet.items.get(self.at) else { return Ok(()) };
        self.decide(place, verdict, item.id.clone(), None, fields)?;
        *sheet = self.load(rid)?;
        // On to what is still open.
        let open = |i: &Item| i.verdict.is_none();
        let next = sheet.items.iter().skip(self.at).position(open).map(|n| n + self.at);
        self.at = next.or_else(|| sheet.items.iter().position(open)).unwrap_or(self.at);
        Ok(())
    }

    fn add(&mut self, sheet: &mut Sheet, rid: i64, place: usize, desk: &mut dyn Desk) -> Result<()> {
        let Some(words) = desk.ask("words that tell it, as the text has them", "")?.filter(|w| !w.trim().is_empty()) else { return Ok(()) };
        let text = &sheet.record.report.text;
        // First behind the event at hand, then from the top.
        let from = sheet.items.get(self.at).map_or(0, |i| i.trigger.start);
        let found = text.get(from..).and_then(|t| t.find(words.trim())).map(|n| n + from).or_else(|| text.find(words.trim()));
        let Some(start) = found else {
            self.view.said = format!("the text has no {:?}", words.trim());
            return Ok(());
        };
        let span = Span::new(start, start + words.trim().len());
        let blank = Fields {
            r#type: Some(String::new()),
            status: Some("occurred".to_owned()),
            source: Some(String::new()),
            target: Some(String::new()),
            date: Some(String::new()),
            ..Fields::default()
        };
        let Some(line) = desk.ask("missed event", &written(&blank))? else { return Ok(()) };
        let about = sheet.record.report.id.clone();
        let given = read(&line)?;
        self.decide(place, Verdict::Add, about, Some(span), without_blanks(given))?;
        *sheet = self.load(rid)?;
        self.at = sheet.items.iter().position(|i| i.trigger == span).unwrap_or(self.at);
        Ok(())
    }

    fn undo(&mut self, rid: i64, place: usize, sheet: &mut Sheet) -> Result<Next> {
        let Some((number, there)) = self.taken.pop() else {
            self.view.said = "nothing has been decided in this session".to_owned();
            return Ok(Next::Stay);
        };
        self.writer.undo(number)?;
        self.counts.decisions -= 1;
        self.view.said = format!("decision {number} is undone");
        if there != place {
            // Only "complete" leads away from a report.
            self.counts.complete = self.counts.complete.saturating_sub(1);
            return Ok(Next::Report(there as isize - place as isize));
        }
        *sheet = self.load(rid)?;
        self.at = self.at.min(sheet.items.len().saturating_sub(1));
        Ok(Next::Stay)
    }

    fn decide(&mut self, place: usize, verdict: Verdict, about: String, span: Option<Span>, fields: Fields) -> Result<()> {
        let d = Decision { verdict, who: self.who.to_owned(), why: self.why.clone(), about, span, fields, audit: self.audit };
        let (number, state) = self.writer.decide(&d)?;
        self.why = None;
        self.taken.push((number, place));
        self.counts.decisions += 1;
        if state == "orphaned" {
            self.view.said = "no event of the newest coding fits: it waits as orphaned".to_owned();
        }
        Ok(())
    }
}

const NAMES: [&str; 8] = ["type", "mode", "cameo", "status", "source", "target", "reciprocal", "date"];

fn cells(f: &Fields) -> [Option<String>; 8] {
    let own = |s: &Option<String>| s.clone();
    let together = f.reciprocal.map(|r| r.to_string());
    [own(&f.r#type), own(&f.mode), own(&f.cameo), own(&f.status), own(&f.source), own(&f.target), together, own(&f.date)]
}

fn of_cells(c: [Option<String>; 8]) -> Fields {
    let [r#type, mode, cameo, status, source, target, reciprocal, date] = c;
    Fields { r#type, mode, cameo, status, source, target, reciprocal: reciprocal.map(|r| r == "true"), date }
}

/// As a line that can be edited: `type=CONSULT status=occurred…`.
pub fn written(f: &Fields) -> String {
    let parts = NAMES.iter().zip(cells(f)).filter_map(|(name, value)| Some(format!("{name}={}", value?)));
    parts.collect::<Vec<_>>().join(" ")
}

/// What such a line says; E0532 where it says nothing that can be understood.
fn read(line: &str) -> Result<Fields> {
    let mut found: [Option<String>; 8] = Default::default();
    for part in line.split_whitespace() {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let Some(at) = NAMES.iter().position(|n| *n == name).filter(|_| part.contains('=')) else {
            let remedy = format!("write name=value; the names are {}", NAMES.join(" "));
            return Err(Error::new("E0532", format!("{part:?} is no field"), "the line", remedy));
        };
        if name == "reciprocal" && !matches!(value, "true" | "false") {
            return Err(Error::new("E0532", format!("field `reciprocal`: {value:?}"), "the line", "use true or false"));
        }
        let value = if matches!(name, "type" | "source" | "target") { value.to_uppercase() } else { value.to_owned() };
        found[at] = Some(value);
    }
    Ok(of_cells(found))
}

/// What `now` says otherwise than `before`.
fn changed(before: &Fields, now: &Fields) -> Fields {
    let (before, now) = (cells(before), cells(now));
    let mut n = 0;
    of_cells(now.map(|value| {
        n += 1;
        value.filter(|v| before[n - 1].as_deref() != Some(v.as_str()))
    }))
}

fn without_blanks(f: Fields) -> Fields {
    of_cells(cells(&f).map(|v| v.filter(|v| !v.is_empty())))
}

/// `above` laid over `below`.
fn over(below: &Fields, above: &Fields) -> Fields {
    let below = cells(below);
    let mut n = 0;
    of_cells(cells(above).map(|value| {
        n += 1;
        value.or_else(|| below[n - 1].clone())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_a_line() {
        let before = read("type=CONSULT source=RUSGOV;CHNGOV date=2022-12-30 reciprocal=true").unwrap();
        assert_eq!(written(&before), "type=CONSULT source=RUSGOV;CHNGOV reciprocal=true date=2022-12-30");
        let now = read("type=agree source=RUSGOV;CHNGOV date= reciprocal=true").unwrap();
        assert_eq!(written(&changed(&before, &now)), "type=AGREE date=");
        assert_eq!(written(&over(&before, &changed(&before, &now))), "type=AGREE source=RUSGOV;CHNGOV reciprocal=true date=");
        assert_eq!(written(&without_blanks(now)), "type=AGREE source=RUSGOV;CHNGOV reciprocal=true");
        assert_eq!(read("nonsense=1").unwrap_err().code, "E0532");
        assert_eq!(read("type").unwrap_err().code, "E0532");
    }
}
