//! Events as they come out: one row each with its parties, its report, and who vouches for it.

use super::filter::{Filter, Sql};
use crate::error::{Error, Result};
use crate::ids;
use crate::insert::{ROLES, Voice};
use crate::ledger::Ledger;
use chancery::record::{EventType, Span, Status};
use rusqlite::{CachedStatement, Row, params_from_iter};
use std::collections::HashMap;
use std::rc::Rc;

/// Whom a party resolves to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActorRow {
    pub entity: Option<String>,
    pub entity_id: Option<String>,
    pub wikidata: Option<String>,
    pub office: Option<String>,
    pub country: Option<String>,
    pub sector: Option<String>,
    /// Joined by `;`.
    pub sectors: Option<String>,
    pub code: Option<String>,
}

/// A party of an event.
#[derive(Debug, Clone)]
pub struct Party {
    pub actor: Rc<ActorRow>,
    /// As named in the report.
    pub text: String,
    pub span: Span,
}

impl Party {
    /// The name of whom it resolves to, or the words it is named by.
    pub fn name(&self) -> &str {
        self.actor.entity.as_deref().unwrap_or(&self.text)
    }
}

/// An event with what belongs to it. Dates are YYYY-MM-DD, lists joined by `;`.
#[derive(Debug, Clone)]
pub struct EventRow {
    pub eid: i64,
    /// Integer id below 2^52.
    pub number: i64,
    pub id: String,
    pub cid: i64,
    pub rid: i64,
    pub report: String,
    /// Milliseconds since 1970.
    pub added: i64,
    pub ended: Option<i64>,
    pub decision: Option<i64>,
    pub day: Option<String>,
    pub day_end: Option<String>,
    pub days: i64,
    pub precision: Option<String>,
    pub basis: Option<String>,
    pub time: String,
    pub kind: EventType,
    pub mode: Option<String>,
    pub modes: Option<String>,
    pub contexts: Option<String>,
    pub cameo: String,
    pub quad: i64,
    pub goldstein: Option<f64>,
    pub intensity: Option<f64>,
    pub status: Status,
    pub reciprocal: bool,
    pub place: Place,
    pub sentence: i64,
    pub trigger: String,
    pub trigger_span: Span,
    pub statement: Option<String>,
    pub attributions: Option<String>,
    pub rule: String,
    pub confidence: f64,
    pub same: i64,
    pub happening: Option<i64>,
    pub given_id: Option<String>,
    pub title: Option<String>,
    pub url: Option<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub language: Option<String>,
    pub story: Option<i64>,
    /// When the report was added, milliseconds since 1970.
    pub report_added: i64,
    pub source: Vec<Party>,
    pub target: Vec<Party>,
    /// Role and who.
    pub others: Vec<(&'static str, Party)>,
}

/// Where an event happened.
#[derive(Debug, Clone, Default)]
pub struct Place {
    pub name: Option<String>,
    pub country: Option<String>,
    pub admin1: Option<String>,
    pub city: Option<String>,
    pub feature: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub geonames: Option<i64>,
    pub precision: Option<String>,
}

const COLUMNS: &str = "e.eid, e.key, k.id, e.cid, e.rid, r.id, e.added, e.ended, e.decision, e.day, e.day_end, e.days, e.precision, e.basis, e.time,
    e.type, e.mode, e.modes, e.contexts, e.cameo, e.quad, e.goldstein, e.intensity, e.status, e.reciprocal, e.place, e.place_country, e.admin1,
    e.city, e.feature, e.lat, e.lon, e.geonames, e.place_precision, e.sentence, e.trigger, e.trigger_start, e.trigger_end, e.statement,
    e.attributions, e.rule, e.confidence, e.same, e.happening, r.given_id, r.title, r.url, o.name, c.published, c.language, r.story, r.added";

impl EventRow {
    fn read(r: &Row<'_>) -> rusqlite::Result<EventRow> {
        let mut n = 0;
        let mut next = || {
            n += 1;
            n - 1
        };
        let id = |at: usize| r.get::<_, [u8; 16]>(at).map(|b| ids::text(&b));
        Ok(EventRow {
            eid: r.get(next())?,
            number: r.get(next())?,
            id: id(next())?,
            cid: r.get(next())?,
            rid: r.get(next())?,
            report: id(next())?,
            added: r.get(next())?,
            ended: r.get(next())?,
            decision: r.get(next())?,
            day: r.get(next())?,
            day_end: r.get(next())?,
            days: r.get(next())?,
            precision: r.get(next())?,
            basis: r.get(next())?,
            time: r.get(next())?,
            kind: r.get_ref(next())?.as_str().ok().and_then(EventType::parse).unwrap_or_default(),
            mode: r.get(next())?,
            modes: r.get(next())?,
            contexts: r.get(next())?,
            cameo: r.get(next())?,
            quad: r.get(next())?,
            goldstein: r.get(next())?,
            intensity: r.get(next())?,
            status: r.get_ref(next())?.as_str().ok().and_then(Status::parse).unwrap_or_default(),
            reciprocal: r.get(next())?,
            place: Place {
                name: r.get(next())?,
                country: r.get(next())?,
                admin1: r.get(next())?,
                city: r.get(next())?,
                feature: r.get(next())?,
                lat: r.get(next())?,
                lon: r.get(next())?,
                geonames: r.get(next())?,
                precision: r.get(next())?,
            },
            sentence: r.get(next())?,
            trigger: r.get(next())?,
            trigger_span: Span::new(r.get::<_, i64>(next())? as usize, r.get::<_, i64>(next())? as usize),
            statement: r.get::<_, Option<[u8; 16]>>(next())?.map(|b| ids::text(&b)),
            attributions: r.get(next())?,
            rule: r.get(next())?,
            confidence: r.get(next())?,
            same: r.get(next())?,
            happening: r.get(next())?,
            given_id: r.get(next())?,
            title: r.get(next())?,
            url: r.get(next())?,
            outlet: r.get::<_, Option<String>>(next())?.filter(|o| !o.is_empty()),
            published: r.get(next())?,
            language: r.get(next())?,
            story: r.get(next())?,
            report_added: r.get(next())?,
            source: Vec::new(),
            target: Vec::new(),
            others: Vec::new(),
        })
    }

    /// Who vouches for it.
    pub fn voices(&self) -> Vec<Voice> {
        self.attributions.as_deref().and_then(|a| serde_json::from_str(a).ok()).unwrap_or_default()
    }

    /// The event without words of the article: codes, spans, and those parties and places by name that our own tables know. Any other name
    /// is the article's wording.
    pub fn without_text(&self) -> EventRow {
        let mut bare = self.clone();
        bare.trigger.clear();
        bare.title = None;
        if bare.attributions.is_some() {
            let voices: Vec<Voice> = bare.voices().into_iter().map(|v| Voice { actor: String::new(), ..v }).collect();
            bare.attributions = serde_json::to_string(&voices).ok();
        }
        if bare.place.geonames.is_none() {
            bare.place.name = None;
        }
        let others = bare.others.iter_mut().map(|(_, p)| p);
        for party in bare.source.iter_mut().chain(&mut bare.target).chain(others) {
            party.text.clear();
            if party.actor.entity_id.is_none() && party.actor.entity.is_some() {
                party.actor = Rc::new(ActorRow { entity: None, ..(*party.actor).clone() });
            }
        }
        bare
    }

    /// Codes of a side, joined by `;`.
    pub fn codes(side: &[Party]) -> String {
        joined(side.iter().filter_map(|p| p.actor.code.as_deref().or(p.actor.sector.as_deref())), ";")
    }

    /// Names of a side, joined by `; `.
    pub fn names(side: &[Party]) -> String {
        joined(side.iter().map(Party::name).filter(|n| !n.is_empty()), "; ")
    }
}

/// The different ones, in order.
fn joined<'a>(items: impl Iterator<Item = &'a str>, by: &str) -> String {
    let mut seen: Vec<&str> = Vec::new();
    items.for_each(|i| {
        if !seen.contains(&i) {
            seen.push(i);
        }
    });
    seen.join(by)
}

/// In which order, and how many.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Newest first instead of as they were added.
    pub newest: bool,
    pub limit: Option<u64>,
    /// Only what comes after this event: its day ("" without one) and its row.
    pub after: Option<(String, i64)>,
}

/// Parties are looked up once an event.
const PARTIES: &str = "SELECT role, actor, text, start, end FROM party WHERE eid = ?1 ORDER BY role, n";
const ACTOR: &str = "SELECT entity, entity_id, wikidata, office, country, sector, sectors, code FROM actor WHERE actor = ?1";

/// Actors that are remembered while events stream by.
const REMEMBERED: usize = 200_000;

struct Parties<'c> {
    parties: CachedStatement<'c>,
    actor: CachedStatement<'c>,
    known: HashMap<i64, Rc<ActorRow>>,
}

impl Parties<'_> {
    fn fill(&mut self, event: &mut EventRow) -> rusqlite::Result<()> {
        let mut rows = self.parties.query([event.eid])?;
        while let Some(r) = rows.next()? {
            let number: i64 = r.get(1)?;
            let actor = match self.known.get(&number) {
                Some(actor) => actor.clone(),
                None => {
                    let actor = Rc::new(self.actor.query_row([number], actor)?);
                    if self.known.len() >= REMEMBERED {
                        self.known.clear();
                    }
                    self.known.insert(number, actor.clone());
                    actor
                }
            };
            let span = Span::new(r.get::<_, i64>(3)? as usize, r.get::<_, i64>(4)? as usize);
            let party = Party { actor, text: r.get(2)?, span };
            match r.get::<_, i64>(0)? {
                0 => event.source.push(party),
                1 => event.target.push(party),
                other => event.others.push((ROLES.get(other as usize).copied().unwrap_or(""), party)),
            }
        }
        Ok(())
    }
}

fn actor(r: &Row<'_>) -> rusqlite::Result<ActorRow> {
    Ok(ActorRow {
        entity: r.get(0)?,
        entity_id: r.get(1)?,
        wikidata: r.get(2)?,
        office: r.get(3)?,
        country: r.get(4)?,
        sector: r.get(5)?,
        sectors: r.get::<_, Option<String>>(6)?.filter(|s| !s.is_empty()),
        code: r.get(7)?,
    })
}

impl Ledger {
    /// Hands every event that fits to `each`, one at a time; memory stays flat.
    pub fn events(&self, filter: &Filter, page: Page, mut each: impl FnMut(&EventRow) -> Result<()>) -> Result<()> {
        let failed = self.failed();
        let mut sql = filter.sql()?;
        once_a_day(filter, &mut sql);
        if let Some((day, eid)) = &page.after {
            let eid = sql.bind(*eid);
            if page.newest {
                let day = sql.bind(day.clone());
                sql.when(format!("(coalesce(e.day, ''), e.eid) < ({day}, {eid})"));
            } else {
                sql.when(format!("e.eid > {eid}"));
            }
        }
        let order = if page.newest { " ORDER BY e.day DESC, e.eid DESC" } else { " ORDER BY e.eid" };
        let limit = page.limit.map(|n| format!(" LIMIT {n}")).unwrap_or_default();
        let order = if page.newest && sql.from.starts_with("dyad d") { " ORDER BY d.day DESC, d.eid DESC" } else { order };
        let text = format!("SELECT {COLUMNS} FROM {}{}{order}{limit}", sql.from, sql.filter());
        let mut select = self.conn.prepare(&text).map_err(&failed)?;
        let mut parties = Parties {
            parties: self.conn.prepare_cached(PARTIES).map_err(&failed)?,
            actor: self.conn.prepare_cached(ACTOR).map_err(&failed)?,
            known: HashMap::new(),
        };
        let mut rows = select.query(params_from_iter(sql.values)).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let mut event = EventRow::read(row).map_err(&failed)?;
            parties.fill(&mut event).map_err(&failed)?;
            each(&event)?;
        }
        Ok(())
    }

    /// Whether any actor goes by this name.
    pub fn names(&self, name: &str) -> Result<bool> {
        let mut select = self.conn.prepare_cached("SELECT 1 FROM actor WHERE entity = ?1 COLLATE NOCASE").map_err(self.failed())?;
        select.exists([name]).map_err(self.failed())
    }

    /// The one event of that id or beginning of an id; E0513 where there is none or more than one.
    pub fn event(&self, id: &str) -> Result<EventRow> {
        let mut found = Vec::new();
        self.events(&Filter { ids: vec![id.to_owned()], ..Filter::default() }, Page { limit: Some(2), ..Page::default() }, |e| {
            found.push(e.clone());
            Ok(())
        })?;
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::new("E0513", "there is no event of this id", id, "take an id from `chancery events`")),
            _ => Err(Error::new("E0513", "more than one event begins with this id", id, "give more of its digits")),
        }
    }
}

/// Leaves of events that one-a-day counts once only the first that fits.
pub(crate) fn once_a_day(filter: &Filter, sql: &mut Sql) {
    if filter.one_a_day {
        sql.conditions = vec![format!("e.eid IN (SELECT min(e.eid) FROM {}{} GROUP BY e.same)", sql.from, sql.filter())];
        sql.from = format!("event e {}", super::filter::REST);
    }
}
