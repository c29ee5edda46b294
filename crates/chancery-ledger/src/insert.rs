//! Rows of events and their parties. Both the coder's events and those that people decide come this way.

use crate::derived::{Counted, Pending, days, dyads};
use crate::grouping;
use crate::ids;
use chancery::record::{Actor, Event, OtherRole};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Numbers of `party.role`.
pub mod role {
    pub const SOURCE: i64 = 0;
    pub const TARGET: i64 = 1;
    pub const CLAIMS: i64 = 7;
}

fn role_of(other: OtherRole) -> i64 {
    match other {
        OtherRole::Mediator => 2,
        OtherRole::Host => 3,
        OtherRole::About => 4,
        OtherRole::Beneficiary => 5,
        OtherRole::Victim => 6,
    }
}

/// The words of `party.role`, by number.
pub const ROLES: [&str; 8] = ["source", "target", "mediator", "host", "about", "beneficiary", "victim", "claims"];

/// What is kept of an attribution beside the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    pub actor: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub stance: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

/// Where an event belongs.
#[derive(Debug, Clone, Copy)]
pub struct Under {
    pub cid: i64,
    pub rid: i64,
    pub added: i64,
    /// The decision that made it, for events that no coder gave.
    pub decision: Option<i64>,
}

/// Inserts within the open transaction; what it remembers must be dropped when that is rolled back.
#[derive(Debug, Default)]
pub struct Inserter {
    actors: HashMap<String, i64>,
    pub pending: Pending,
}

/// Actors that are remembered; beyond that their rows are looked up again.
const REMEMBERED: usize = 200_000;

impl Inserter {
    /// The row of whom an actor resolves to.
    pub fn actor(&mut self, conn: &Connection, a: &Actor) -> rusqlite::Result<i64> {
        let sectors = a.sectors.join(";");
        let fields = [&a.entity, &a.entity_id, &a.wikidata, &a.office, &a.country, &a.sector, &a.code].map(|f| f.as_deref());
        let hashed: Vec<&[u8]> = fields.iter().map(|f| f.map_or(&b"\0"[..], str::as_bytes)).chain([sectors.as_bytes()]).collect();
        let hash = chancery::ids::content_id(&hashed);
        if let Some(&row) = self.actors.get(&hash) {
            return Ok(row);
        }
        let key = ids::bytes(&hash);
        let [entity, entity_id, wikidata, office, country, sector, code] = fields;
        let found = conn.prepare_cached("SELECT actor FROM actor WHERE hash = ?1")?.query_row([&key], |r| r.get(0)).optional()?;
        let row = match found {
            Some(row) => row,
            None => {
                conn.prepare_cached(
                    "INSERT INTO actor (hash, entity, entity_id, wikidata, office, country, sector, sectors, code) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute(params![key, entity, entity_id, wikidata, office, country, sector, sectors, code])?;
                conn.last_insert_rowid()
            }
        };
        if self.actors.len() >= REMEMBERED {
            self.actors.clear();
        }
        self.actors.insert(hash, row);
        Ok(row)
    }

    /// Inserts an event with its parties and counts it in.
    pub fn event(&mut self, conn: &Connection, under: Under, e: &Event) -> rusqlite::Result<i64> {
        let key = key(conn, &e.id)?;
        let (source, target) = (codes(&e.source), codes(&e.target));
        let extent = days(e.date.start.as_deref(), e.date.end.as_deref());
        let day = e.date.start.as_deref();
        let same = same(day, &e.source, &e.target, &e.cameo);
        let kind = e.r#type.as_str();
        let status = e.status.as_str();
        let list = |l: &[String]| (!l.is_empty()).then(|| l.join(";"));
        let p = &e.place;
        conn.prepare_cached(
            "INSERT INTO event (key, cid, rid, added, decision, day, day_end, days, precision, basis, time, type, mode, modes, contexts, cameo, quad,
                goldstein, intensity, status, reciprocal, source, target, place, place_country, admin1, city, feature, lat, lon, geonames,
                place_precision, place_text, sentence, trigger, trigger_start, trigger_end, statement, attributions, rule, confidence, same)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28,
                ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42)",
        )?
        .execute(params![
            key,
            under.cid,
            under.rid,
            under.added,
            under.decision,
            day,
            e.date.end,
            extent,
            e.date.precision,
            e.date.basis.map(|b| b.as_str()),
            e.time.as_str(),
            kind,
            e.mode,
            list(&e.modes),
            list(&e.contexts),
            e.cameo,
            e.quad,
            e.goldstein,
            e.intensity,
            status,
            e.reciprocal,
            source,
            target,
            p.name,
            p.country,
            p.admin1,
            p.city,
            p.feature,
            p.lat,
            p.lon,
            p.geonames.map(|g| g as i64),
            p.precision,
            None::<String>,
            e.sentence as i64,
            e.trigger.text,
            e.trigger.span.start as i64,
            e.trigger.span.end as i64,
            e.statement.as_deref().and_then(ids::bytes),
            voices(e),
            e.rule,
            e.confidence,
            same,
        ])?;
        let eid = conn.last_insert_rowid();
        grouping::follow(conn, &mut self.pending, eid, key)?;
        let sides = e.source.iter().map(|a| (role::SOURCE, a)).chain(e.target.iter().map(|a| (role::TARGET, a)));
        let others = e.others.iter().map(|o| (role_of(o.role), &o.actor)).chain(e.claimed_by.iter().map(|a| (role::CLAIMS, a)));
        let mut numbers = [0_i64; ROLES.len()];
        for (role, actor) in sides.chain(others) {
            let row = self.actor(conn, actor)?;
            let n = &mut numbers[role as usize];
            conn.prepare_cached("INSERT INTO party (eid, role, n, actor, text, start, end) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![eid, role, *n, row, actor.text, actor.span.start as i64, actor.span.end as i64])?;
            *n += 1;
        }
        let counted = Counted { eid, day: day.unwrap_or(""), days: extent, kind, status };
        self.pending.link(conn, &counted, &dyads(e))?;
        Ok(eid)
    }

    /// Ends an event: it stays, and counts no more.
    pub fn end(&mut self, conn: &Connection, eid: i64, at: i64) -> rusqlite::Result<()> {
        self.pending.unlink(conn, eid)?;
        let happening = conn.prepare_cached("SELECT happening FROM event WHERE eid = ?1")?.query_row([eid], |r| r.get(0))?;
        self.pending.happening(happening);
        conn.prepare_cached("UPDATE event SET ended = ?2 WHERE eid = ?1 AND ended IS NULL")?.execute([eid, at])?;
        Ok(())
    }
}

/// The integer id of an event: that of its content id, wherever it is read again.
fn key(conn: &Connection, id: &str) -> rusqlite::Result<i64> {
    let id = ids::bytes(id).unwrap_or_default();
    let mut number = ids::number(&id);
    loop {
        let held =
            conn.prepare_cached("SELECT id FROM event_key WHERE key = ?1")?.query_row([number], |r| r.get::<_, Vec<u8>>(0)).optional()?;
        match held {
            Some(other) if other == id => return Ok(number),
            Some(_) => number += 1,
            None => {
                conn.prepare_cached("INSERT INTO event_key (key, id) VALUES (?1, ?2)")?.execute(params![number, id])?;
                return Ok(number);
            }
        }
    }
}

/// Codes of a side, as queries and tables show them.
fn codes(side: &[Actor]) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for code in side.iter().filter_map(|a| a.code.as_deref().or(a.sector.as_deref())) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.join(";")
}

/// What events share that one-a-day counts once: day, codes of both sides and CAMEO code. Where nobody is known, whom it names.
fn same(day: Option<&str>, source: &[Actor], target: &[Actor], cameo: &str) -> i64 {
    let side = |s: &[Actor]| {
        let mut all: Vec<String> =
            s.iter().map(|a| a.code.clone().or_else(|| a.sector.clone()).unwrap_or_else(|| a.text.clone())).collect();
        all.sort();
        all.dedup();
        all.join(";")
    };
    ids::short(&[day.unwrap_or("").as_bytes(), side(source).as_bytes(), side(target).as_bytes(), cameo.as_bytes()])
}

/// Who vouches for the event, as JSON; none where nobody does.
fn voices(e: &Event) -> Option<String> {
    let voices: Vec<Voice> = e
        .attributions
        .iter()
        .map(|a| Voice {
            actor: a.actor.entity.clone().unwrap_or_else(|| a.actor.text.clone()),
            code: a.actor.code.clone(),
            stance: a.stance.as_str().to_owned(),
            statement: a.statement.clone(),
        })
        .collect();
    (!voices.is_empty()).then(|| serde_json::to_string(&voices).unwrap_or_default())
}
