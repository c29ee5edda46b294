//! Events as they come out: one row each with its parties, its report, and who vouches for it.

use super::filter::{Filter, Sql};
use crate::error::{Error, Result};
use crate::ids;
use crate::insert::{ROLES, Voice};
use crate::ledger::Ledger;
use chancery::record::{EventType, Span, Status};
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, Row, params_from_iter};
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
        if !listed(bare.place.geonames.is_some(), bare.place.admin1.as_deref(), bare.place.name.as_deref()) {
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

/// Whether the name of a place is our tables' own and not the article's: it has a GeoNames number, or is the division that it lies in, which
/// is never told but as a table has it.
pub fn listed(numbered: bool, division: Option<&str>, name: Option<&str>) -> bool {
    numbered || name.is_some() && division == name
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

impl Page {
    /// Leaves out what comes before.
    fn go_on(&self, sql: &mut Sql) {
        let Some((day, eid)) = &self.after else { return };
        let eid = sql.bind(*eid);
        if self.newest {
            let day = sql.bind(day.clone());
            sql.when(format!("(coalesce(e.day, ''), e.eid) < ({day}, {eid})"));
        } else {
            sql.when(format!("e.eid > {eid}"));
        }
    }
}

const PARTY: &str = "SELECT eid, role, actor, text, start, end FROM party";
const ACTOR: &str = "SELECT entity, entity_id, wikidata, office, country, sector, sectors, code FROM actor WHERE actor = ?1";

/// Actors that are remembered while events stream by.
const REMEMBERED: usize = 200_000;

/// Events whose parties are looked up together.
const BATCH: usize = 256;

struct Parties<'c> {
    one: CachedStatement<'c>,
    stretch: CachedStatement<'c>,
    actor: CachedStatement<'c>,
    known: HashMap<i64, Rc<ActorRow>>,
}

impl<'c> Parties<'c> {
    fn new(conn: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Parties {
            one: conn.prepare_cached(&format!("{PARTY} WHERE eid = ?1 ORDER BY role, n"))?,
            stretch: conn.prepare_cached(&format!("{PARTY} WHERE eid BETWEEN ?1 AND ?2 ORDER BY eid, role, n"))?,
            actor: conn.prepare_cached(ACTOR)?,
            known: HashMap::new(),
        })
    }

    /// Gives events their parties: in one go where they lie close together in the order of their rows.
    fn fill(&mut self, events: &mut [EventRow]) -> rusqlite::Result<()> {
        let (Some(first), Some(last)) = (events.first().map(|e| e.eid), events.last().map(|e| e.eid)) else { return Ok(()) };
        let close = events.is_sorted_by_key(|e| e.eid) && last - first < 4 * events.len() as i64;
        if !close {
            return events.iter_mut().try_for_each(|e| {
                let mut rows = self.one.query([e.eid])?;
                while let Some(r) = rows.next()? {
                    party(&mut self.actor, &mut self.known, r, e)?;
                }
                Ok(())
            });
        }
        let mut rows = self.stretch.query([first, last])?;
        let mut events = events.iter_mut().peekable();
        while let Some(r) = rows.next()? {
            let eid: i64 = r.get(0)?;
            while events.next_if(|e| e.eid < eid).is_some() {}
            if let Some(e) = events.peek_mut().filter(|e| e.eid == eid) {
                party(&mut self.actor, &mut self.known, r, e)?;
            }
        }
        Ok(())
    }
}

/// Adds the party of a row to its event.
fn party(
    lookup: &mut CachedStatement<'_>,
    known: &mut HashMap<i64, Rc<ActorRow>>,
    r: &Row<'_>,
    event: &mut EventRow,
) -> rusqlite::Result<()> {
    let number: i64 = r.get(2)?;
    let actor = match known.get(&number) {
        Some(actor) => actor.clone(),
        None => {
            let actor = Rc::new(lookup.query_row([number], actor)?);
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(number, actor.clone());
            actor
        }
    };
    let span = Span::new(r.get::<_, i64>(4)? as usize, r.get::<_, i64>(5)? as usize);
    let party = Party { actor, text: r.get(3)?, span };
    match r.get::<_, i64>(1)? {
        0 => event.source.push(party),
        1 => event.target.push(party),
        other => event.others.push((ROLES.get(other as usize).copied().unwrap_or(""), party)),
    }
    Ok(())
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
        if let (true, Some(limit), false) = (page.newest, page.limit, filter.one_a_day) {
            return self.newest(filter, limit, &page, &mut each);
        }
        let mut sql = filter.sql()?;
        once_a_day(filter, &mut sql);
        page.go_on(&mut sql);
        let order = if page.newest { " ORDER BY e.day DESC, e.eid DESC" } else { " ORDER BY e.eid" };
        let limit = page.limit.map(|n| format!(" LIMIT {n}")).unwrap_or_default();
        let text = format!("SELECT {COLUMNS} FROM {}{}{order}{limit}", sql.from, sql.filter());
        self.stream(&text, sql.values, &mut each)
    }

    /// The newest events, a few of many: which they are is found first, by what leads there at once, then the rest of them is looked up.
    fn newest(&self, filter: &Filter, limit: u64, page: &Page, each: &mut dyn FnMut(&EventRow) -> Result<()>) -> Result<()> {
        let ways = filter.one_way_each();
        let mut found: Vec<(Option<String>, i64)> = Vec::new();
        for way in ways.as_ref().map_or(std::slice::from_ref(filter), |w| &w[..]) {
            let mut sql = way.narrow(|sql, values| self.more_than(sql, values, limit))?;
            page.go_on(&mut sql);
            // Of the table whose index gives the order.
            let t = if sql.from.starts_with("dyad d") { 'd' } else { 'e' };
            let text = format!("SELECT e.day, e.eid FROM {}{} ORDER BY {t}.day DESC, {t}.eid DESC LIMIT {limit}", sql.from, sql.filter());
            let failed = self.failed();
            let mut select = self.conn.prepare(&text).map_err(&failed)?;
            let rows = select.query_map(params_from_iter(sql.values), |r| Ok((r.get(0)?, r.get(1)?)));
            let rows: Vec<(Option<String>, i64)> = rows.and_then(Iterator::collect).map_err(&failed)?;
            found.extend(rows);
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.dedup();
        found.truncate(limit as usize);
        for some in found.chunks(BATCH) {
            let eids: Vec<String> = some.iter().map(|(_, eid)| eid.to_string()).collect();
            let text = format!(
                "SELECT {COLUMNS} FROM event e {} WHERE e.eid IN ({}) ORDER BY e.day DESC, e.eid DESC",
                super::filter::REST,
                eids.join(",")
            );
            self.stream(&text, Vec::new(), each)?;
        }
        Ok(())
    }

    /// Whether a query has so many rows that it is quicker to go by the day and try each than to gather and sort them.
    fn more_than(&self, sql: &str, values: &[Value], limit: u64) -> Result<bool> {
        let failed = self.failed();
        let reports: i64 = self.conn.query_row("SELECT coalesce(max(rid), 0) FROM report", [], |r| r.get(0)).map_err(&failed)?;
        // Gathering costs by the rows found; trying each by how rare they are. Where both cost the same:
        let most = ((limit.max(1) as f64 * reports as f64).sqrt() * 2.0) as i64;
        let text = format!("SELECT count(*) FROM ({sql} LIMIT {})", most + 1);
        let n: i64 = self.conn.query_row(&text, params_from_iter(values), |r| r.get(0)).map_err(&failed)?;
        Ok(n > most)
    }

    fn stream(&self, text: &str, values: Vec<Value>, each: &mut dyn FnMut(&EventRow) -> Result<()>) -> Result<()> {
        let failed = self.failed();
        let mut select = self.conn.prepare(text).map_err(&failed)?;
        let mut parties = Parties::new(&self.conn).map_err(&failed)?;
        let mut rows = select.query(params_from_iter(values)).map_err(&failed)?;
        let mut batch: Vec<EventRow> = Vec::with_capacity(BATCH);
        loop {
            let row = rows.next().map_err(&failed)?;
            let end = row.is_none();
            if let Some(row) = row {
                batch.push(EventRow::read(row).map_err(&failed)?);
            }
            if end || batch.len() == BATCH {
                parties.fill(&mut batch).map_err(&failed)?;
                batch.drain(..).try_for_each(|e| each(&e))?;
            }
            if end {
                return Ok(());
            }
        }
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
