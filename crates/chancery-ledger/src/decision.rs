//! What people decide on coded and missed events, and how it holds when a report is read again.
//!
//! A decision is a row of its own with who, when and why; it is undone by an end and never removed. It ends the event it is about and adds the
//! corrected one beside it. When another coder reads the report, each decision is brought over: by the event's id, else by an overlapping trigger; where
//! neither is found it waits as `orphaned` for a person.

use crate::error::{Error, Result, store};
use crate::ids;
use crate::insert::{Inserter, Under};
use crate::query::beginning;
use crate::writer::Writer;
use chancery::Record;
use chancery::data::DataFiles;
use chancery::event::ontology::Ontology;
use chancery::record::{Actor, DateBasis, Event, EventDate, EventType, Span, Status, Trigger};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The event is right as it stands.
    Accept,
    /// It is an event, and another than it was coded as.
    Correct,
    /// It is no event.
    Reject,
    /// An event that was missed.
    Add,
    /// Everything in the report has been looked at.
    Complete,
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Correct => "correct",
            Verdict::Reject => "reject",
            Verdict::Add => "add",
            Verdict::Complete => "complete",
        }
    }
}

/// What a corrected or added event is. Fields that are not given stay as they were.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cameo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Codes joined by `;`: RUSGOV;CHNGOV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reciprocal: Option<bool>,
    /// YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// A decision as it is handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub verdict: Verdict,
    pub who: String,
    pub why: Option<String>,
    /// Id of the event; of the report for added events and complete reports.
    pub about: String,
    /// Trigger of an added event.
    pub span: Option<Span>,
    pub fields: Fields,
    /// The audit it is taken for: such a decision changes nothing in the ledger.
    pub audit: Option<i64>,
}

fn refuse(what: impl Into<String>, place: &str, remedy: &str) -> Error {
    Error::new("E0530", what, place, remedy)
}

impl Fields {
    /// E0531 where a field says nothing that can be coded.
    fn check(&self, ontology: &Ontology, place: &str) -> Result<()> {
        let wrong = |field: &str, value: &str, remedy: &str| {
            Err(Error::new("E0531", format!("field `{field}`: no such value {value:?}"), place, remedy))
        };
        if let Some(t) = &self.r#type
            && EventType::parse(t).is_none()
        {
            return wrong("type", t, "use one of PLOVER's sixteen types, in capitals");
        }
        if let Some(s) = &self.status
            && Status::parse(s).is_none()
        {
            return wrong("status", s, "use occurred, claimed, planned, denied or hypothetical");
        }
        if let Some(c) = &self.cameo
            && !ontology.has_cameo(c)
        {
            return wrong("cameo", c, "use a code of data/ontology/cameo.tsv");
        }
        if let Some(d) = &self.date
            && !d.is_empty()
            && d.parse::<jiff::civil::Date>().is_err()
        {
            return wrong("date", d, "write it as 2022-12-31");
        }
        for (field, side) in [("source", &self.source), ("target", &self.target)] {
            for code in side.as_deref().unwrap_or("").split(';').filter(|c| !c.is_empty()) {
                if !matches!(code.len(), 3 | 6) || !code.bytes().all(|b| b.is_ascii_uppercase()) {
                    return wrong(field, code, "write codes joined by semicolons: RUSGOV;CHN");
                }
            }
        }
        Ok(())
    }

    /// Lays the fields over an event.
    fn apply(&self, e: &mut Event, ontology: &Ontology) {
        if let Some(t) = self.r#type.as_deref().and_then(EventType::parse) {
            if t != e.r#type {
                (e.mode, e.modes) = (None, Vec::new());
            }
            e.r#type = t;
        }
        if let Some(mode) = &self.mode {
            e.mode = (!mode.is_empty()).then(|| mode.clone());
            e.modes = e.mode.iter().cloned().collect();
        }
        if self.r#type.is_some() || self.mode.is_some() {
            e.cameo = ontology.cameo_for(e.r#type, e.mode.as_deref());
        }
        if let Some(cameo) = &self.cameo {
            e.cameo = cameo.clone();
        }
        e.quad = ontology.info(e.r#type).quad;
        e.goldstein = ontology.goldstein(&e.cameo);
        e.intensity = ontology.intensity(e.r#type, e.mode.as_deref());
        if let Some(s) = self.status.as_deref().and_then(Status::parse) {
            e.status = s;
        }
        if let Some(codes) = &self.source {
            e.source = side(codes, &e.source);
        }
        if let Some(codes) = &self.target {
            e.target = side(codes, &e.target);
        }
        match self.reciprocal {
            Some(together) => e.reciprocal = together,
            None if !e.target.is_empty() => e.reciprocal = false,
            None => {}
        }
        if let Some(day) = &self.date {
            let day = (!day.is_empty()).then(|| day.clone());
            e.date = EventDate {
                precision: day.as_ref().map(|_| "day".to_owned()),
                basis: day.as_ref().map(|_| DateBasis::Text),
                start: day.clone(),
                end: day,
                span: None,
                reason: "decided by a person".to_owned(),
            };
        }
    }
}

/// Actors of these codes; those that were there before keep who they are.
fn side(codes: &str, before: &[Actor]) -> Vec<Actor> {
    let of = |code: &str| {
        let kept = before.iter().find(|a| a.code.as_deref() == Some(code));
        kept.cloned().unwrap_or_else(|| Actor {
            text: code.to_owned(),
            country: code.get(..3).map(str::to_owned),
            sector: code.get(3..).filter(|s| !s.is_empty()).map(str::to_owned),
            code: Some(code.to_owned()),
            rule: "decision".to_owned(),
            ..Actor::default()
        })
    };
    codes.split(';').filter(|c| !c.is_empty()).map(of).collect()
}

/// A decision as it is kept.
struct Kept {
    number: i64,
    verdict: String,
    event: Option<[u8; 16]>,
    span: Option<(i64, i64)>,
    fields: Fields,
}

/// The coding that a decision is applied to.
struct Place<'a> {
    record: &'a Record,
    rid: i64,
    cid: i64,
    now: i64,
}

/// Applies a decision to a coding. Returns how it holds and the event it made.
fn apply(
    conn: &Connection,
    inserter: &mut Inserter,
    ontology: &Ontology,
    kept: &Kept,
    at: &Place<'_>,
) -> rusqlite::Result<(&'static str, Option<i64>)> {
    if kept.verdict == "complete" {
        conn.execute("UPDATE report SET complete = 1 WHERE rid = ?1", [at.rid])?;
        return Ok(("held", None));
    }
    // By place only what nobody has decided on by its own id: one decision never takes the event of another.
    let live = "SELECT e.eid, k.id, e.trigger_start, e.trigger_end, e.decision IS NULL AND NOT EXISTS
            (SELECT 1 FROM decision d WHERE d.rid = e.rid AND d.event = k.id AND d.ended IS NULL AND d.audit IS NULL)
        FROM event e JOIN event_key k USING (key) WHERE e.rid = ?1 AND e.ended IS NULL ORDER BY e.eid";
    let mut select = conn.prepare_cached(live)?;
    type Live = (i64, [u8; 16], i64, i64, bool);
    let events: Vec<Live> =
        select.query_map([at.rid], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))?.collect::<rusqlite::Result<_>>()?;
    drop(select);
    let by_id = events.iter().find(|e| Some(e.1) == kept.event);
    let overlap = |e: &&Live| kept.span.map_or(0, |(start, end)| end.min(e.3) - start.max(e.2));
    let near = events.iter().filter(|e| e.4 && overlap(e) > 0).max_by_key(|e| (overlap(e), -e.0));
    let (found, state) = match (by_id, near) {
        (Some(e), _) => (Some(e), "held"),
        (None, Some(e)) => (Some(e), "overlap"),
        (None, None) => (None, if kept.verdict == "add" { "held" } else { "orphaned" }),
    };
    if kept.verdict == "accept" || state == "orphaned" {
        return Ok((state, None));
    }
    let machine = found.map(|e| ids::text(&e.1)).and_then(|id| at.record.events.iter().find(|e| e.id == id));
    if let Some(e) = found {
        inserter.end(conn, e.0, at.now)?;
    }
    if kept.verdict == "reject" {
        return Ok((state, None));
    }
    let mut event = match machine {
        Some(e) => e.clone(),
        None => missed(at.record, kept),
    };
    if let Some(id) = kept.event {
        event.id = ids::text(&id);
    }
    // What earlier decisions on the same event said holds where this one says nothing.
    let earlier = "SELECT fields FROM decision WHERE rid = ?1 AND event = ?2 AND decision < ?3 AND ended IS NULL AND audit IS NULL AND verdict IN ('correct', 'add') ORDER BY decision";
    let mut select = conn.prepare_cached(earlier)?;
    let mut rows = select.query(params![at.rid, kept.event, kept.number])?;
    while let Some(r) = rows.next()? {
        let fields: Option<Fields> = r.get::<_, Option<String>>(0)?.and_then(|f| serde_json::from_str(&f).ok());
        fields.unwrap_or_default().apply(&mut event, ontology);
    }
    kept.fields.apply(&mut event, ontology);
    event.rule = "decision".to_owned();
    event.confidence = 1.0;
    let under = Under { cid: at.cid, rid: at.rid, added: at.now, decision: Some(kept.number) };
    Ok((state, Some(inserter.event(conn, under, &event)?)))
}

/// An event that no coder found, at the words that tell it.
fn missed(record: &Record, kept: &Kept) -> Event {
    let span = kept.span.map_or(Span::default(), |(a, b)| Span::new(a as usize, b as usize));
    let sentence = record.sentences.iter().position(|s| s.span.contains(span)).unwrap_or(0);
    Event { trigger: Trigger { text: span.of(&record.report.text).to_owned(), span }, sentence, ..Event::default() }
}

fn kept(r: &rusqlite::Row<'_>) -> rusqlite::Result<Kept> {
    let fields: Option<String> = r.get(4)?;
    Ok(Kept {
        number: r.get(0)?,
        verdict: r.get(1)?,
        event: r.get(2)?,
        span: r.get::<_, Option<i64>>(3)?.zip(r.get::<_, Option<i64>>(5)?),
        fields: fields.and_then(|f| serde_json::from_str(&f).ok()).unwrap_or_default(),
    })
}

/// Brings the decisions on a report over to a coding of it, in the order in which they were taken.
pub fn reapply(conn: &Connection, inserter: &mut Inserter, record: &Record, rid: i64, cid: i64, now: i64) -> rusqlite::Result<()> {
    let sql = "SELECT decision, verdict, event, start, fields, end FROM decision WHERE rid = ?1 AND ended IS NULL AND audit IS NULL ORDER BY decision";
    let all: Vec<Kept> = conn.prepare_cached(sql)?.query_map([rid], kept)?.collect::<rusqlite::Result<_>>()?;
    if all.is_empty() {
        return Ok(());
    }
    // Our own tables, which tests hold sound.
    let ontology = Ontology::load(&DataFiles::builtin()).unwrap_or_default();
    for k in &all {
        let (state, made) = apply(conn, inserter, &ontology, k, &Place { record, rid, cid, now })?;
        conn.prepare_cached("UPDATE decision SET state = ?2, applied = ?3 WHERE decision = ?1")?.execute(params![k.number, state, made])?;
    }
    Ok(())
}

/// The coding of a report that counts, its outlet and published day.
struct Current {
    cid: i64,
    outlet: i64,
    day: String,
}

const CURRENT: &str =
    "SELECT c.cid, r.outlet, coalesce(c.published, '') FROM report r JOIN coding c USING (rid) WHERE c.ended IS NULL AND r.rid = ?1";

impl Writer {
    /// Takes a decision. E0530 where it is about nothing in the ledger, E0531 where a field cannot be coded.
    pub fn decide(&mut self, d: &Decision) -> Result<(i64, String)> {
        let ontology = Ontology::load(&DataFiles::builtin())?;
        d.fields.check(&ontology, &d.about)?;
        if d.who.trim().is_empty() {
            return Err(refuse("nobody decides", &d.about, "say who with `who`"));
        }
        let on_report = matches!(d.verdict, Verdict::Add | Verdict::Complete);
        let (rid, event, span) = if on_report { self.on_report(d)? } else { self.on_event(d)? };
        let now = Timestamp::now().as_millisecond();
        let record = self.ledger().record_of(rid)?;
        let fields = serde_json::to_string(&d.fields).unwrap_or_default();
        let path = self.ledger().path().to_owned();
        if let Some(audit) = d.audit {
            self.drawn(audit, rid, &d.about)?;
        }
        self.change(|conn, inserter| {
            let mut run = || {
                let c = current(conn, rid)?;
                let before = counts(conn, rid)?;
                let state = if d.audit.is_some() { "audit" } else { "" };
                conn.execute(
                    "INSERT INTO decision (added, who, why, verdict, rid, event, start, end, fields, state, audit)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    params![
                        now,
                        d.who,
                        d.why,
                        d.verdict.as_str(),
                        rid,
                        event,
                        span.map(|s| s.0),
                        span.map(|s| s.1),
                        fields,
                        state,
                        d.audit
                    ],
                )?;
                let number = conn.last_insert_rowid();
                if d.audit.is_some() {
                    return Ok((number, state.to_owned()));
                }
                let kept = Kept { number, verdict: d.verdict.as_str().to_owned(), event, span, fields: d.fields.clone() };
                let (state, made) = apply(conn, inserter, &ontology, &kept, &Place { record: &record, rid, cid: c.cid, now })?;
                conn.execute("UPDATE decision SET state = ?2, applied = ?3 WHERE decision = ?1", params![number, state, made])?;
                inserter.pending.report(c.outlet, &c.day, 0, counts(conn, rid)? - before);
                Ok((number, state.to_owned()))
            };
            run().map_err(|e| store(e, &path))
        })
    }

    /// How many decisions in force say just this.
    pub fn decided(&self, d: &Decision) -> Result<usize> {
        let on_report = matches!(d.verdict, Verdict::Add | Verdict::Complete);
        // What is no id is refused when it is decided on.
        let Ok((low, high)) = beginning(&d.about) else { return Ok(0) };
        let about = if on_report {
            "rid = (SELECT rid FROM report WHERE id BETWEEN ?1 AND ?9) AND start IS ?7 AND end IS ?8"
        } else {
            "event BETWEEN ?1 AND ?9 AND ?7 IS NULL AND ?8 IS NULL"
        };
        let sql = format!(
            "SELECT count(*) FROM decision WHERE {about} AND who = ?2 AND verdict = ?3 AND why IS ?4 AND fields = ?5 AND audit IS ?6 AND ended IS NULL"
        );
        let span = d.span.filter(|_| on_report);
        let values = params![
            low,
            d.who,
            d.verdict.as_str(),
            d.why,
            serde_json::to_string(&d.fields).unwrap_or_default(),
            d.audit,
            span.map(|s| s.start as i64),
            span.map(|s| s.end as i64),
            high
        ];
        let found = self.ledger().conn.prepare_cached(&sql).and_then(|mut s| s.query_row(values, |r| r.get::<_, i64>(0)));
        found.map(|n| n as usize).map_err(|e| store(e, self.ledger().path()))
    }

    /// Takes a decision back: the events of its report are as if it had never been, and remain as they were on record.
    pub fn undo(&mut self, number: i64) -> Result<()> {
        let failed = |e| store(e, self.ledger().path());
        let sql = "SELECT rid, audit IS NOT NULL FROM decision WHERE decision = ?1 AND ended IS NULL";
        let found: Option<(i64, bool)> =
            self.ledger().conn.query_row(sql, [number], |r| Ok((r.get(0)?, r.get(1)?))).optional().map_err(failed)?;
        let Some((rid, apart)) = found else {
            return Err(refuse(
                "there is no such decision, or it is undone already",
                &number.to_string(),
                "take a number from `chancery review --log`",
            ));
        };
        let record = self.ledger().record_of(rid)?;
        let now = Timestamp::now().as_millisecond();
        let path = self.ledger().path().to_owned();
        self.change(|conn, inserter| {
            let mut run = || {
                let c = current(conn, rid)?;
                let before = counts(conn, rid)?;
                conn.execute("UPDATE decision SET ended = ?2 WHERE decision = ?1", [number, now])?;
                if apart {
                    return Ok(());
                }
                let live: Vec<i64> = conn
                    .prepare("SELECT eid FROM event WHERE rid = ?1 AND ended IS NULL")?
                    .query_map([rid], |r| r.get(0))?
                    .collect::<rusqlite::Result<_>>()?;
                for eid in live {
                    inserter.end(conn, eid, now)?;
                }
                for e in &record.events {
                    inserter.event(conn, Under { cid: c.cid, rid, added: now, decision: None }, e)?;
                }
                let complete =
                    "EXISTS (SELECT 1 FROM decision d WHERE d.rid = ?1 AND d.verdict = 'complete' AND d.ended IS NULL AND d.audit IS NULL)";
                conn.execute(&format!("UPDATE report SET complete = {complete} WHERE rid = ?1"), [rid])?;
                reapply(conn, inserter, &record, rid, c.cid, now)?;
                inserter.pending.report(c.outlet, &c.day, 0, counts(conn, rid)? - before);
                Ok(())
            };
            run().map_err(|e| store(e, &path))
        })
    }

    /// E0540 where the report is no part of the audit.
    fn drawn(&self, audit: i64, rid: i64, about: &str) -> Result<()> {
        let sql = "SELECT 1 FROM audit_report WHERE audit = ?1 AND rid = ?2";
        let there = self.ledger().conn.prepare_cached(sql).and_then(|mut s| s.exists([audit, rid]));
        if there.map_err(|e| store(e, self.ledger().path()))? {
            return Ok(());
        }
        let what = format!("the report is no part of audit {audit}");
        Err(Error::new("E0540", what, about, "read what `chancery review --audit` shows, or leave --audit out"))
    }

    /// The row of the report, and id and trigger of the event that a decision is about.
    #[allow(clippy::type_complexity)]
    fn on_event(&self, d: &Decision) -> Result<(i64, Option<[u8; 16]>, Option<(i64, i64)>)> {
        if d.audit.is_some() {
            return self.on_coded(d);
        }
        let e = self.ledger().event(&d.about)?;
        let span = (e.trigger_span.start as i64, e.trigger_span.end as i64);
        Ok((e.rid, ids::bytes(&e.id), Some(span)))
    }

    /// The same of an event as the coder gave it, whatever has been decided on it since.
    #[allow(clippy::type_complexity)]
    fn on_coded(&self, d: &Decision) -> Result<(i64, Option<[u8; 16]>, Option<(i64, i64)>)> {
        let sql = "SELECT e.rid, e.trigger_start, e.trigger_end FROM event_key k JOIN event e USING (key) JOIN audit_report a USING (cid)
            WHERE k.id = ?1 AND a.audit = ?2 AND e.decision IS NULL LIMIT 1";
        let id = ids::bytes(&d.about);
        let row = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, id, Some((r.get(1)?, r.get(2)?))));
        let found = self.ledger().conn.query_row(sql, params![id, d.audit], row).optional();
        let found = found.map_err(|e| store(e, self.ledger().path()))?;
        found.ok_or_else(|| {
            refuse("the audit has no event of this id", &d.about, "give all 32 digits, as `chancery events --format csv` prints them")
        })
    }

    #[allow(clippy::type_complexity)]
    fn on_report(&self, d: &Decision) -> Result<(i64, Option<[u8; 16]>, Option<(i64, i64)>)> {
        let id = ids::bytes(&d.about).ok_or_else(|| refuse("no id of a report", &d.about, "give the 32 digits of its id"))?;
        let conn = &self.ledger().conn;
        let found = conn.query_row("SELECT rid FROM report WHERE id = ?1", [&id], |r| r.get(0)).optional();
        let found = found.map_err(|e| store(e, self.ledger().path()))?;
        let rid = found.ok_or_else(|| refuse("there is no such report in the ledger", &d.about, "add it first"))?;
        if d.verdict == Verdict::Complete {
            return Ok((rid, None, None));
        }
        let record = self.ledger().record_of(rid)?;
        let span = d.span.filter(|s| !s.of(&record.report.text).is_empty());
        let span = span.ok_or_else(|| {
            refuse("an added event needs the words that tell it", &d.about, "give `start` and `end` in bytes of the text")
        })?;
        if d.fields.r#type.is_none() {
            return Err(refuse("an added event needs a type", &d.about, "give `type`"));
        }
        let number = record.events.iter().filter(|e| e.trigger.span == span).count();
        let event = chancery::ids::item_id(&d.about, "event", span, number);
        Ok((rid, ids::bytes(&event), Some((span.start as i64, span.end as i64))))
    }
}

fn current(conn: &Connection, rid: i64) -> rusqlite::Result<Current> {
    conn.query_row(CURRENT, [rid], |r| Ok(Current { cid: r.get(0)?, outlet: r.get(1)?, day: r.get(2)? }))
}

/// Whether the report holds an event that counts, as a number.
fn counts(conn: &Connection, rid: i64) -> rusqlite::Result<i64> {
    conn.query_row("SELECT EXISTS (SELECT 1 FROM event WHERE rid = ?1 AND ended IS NULL)", [rid], |r| r.get(0))
}
