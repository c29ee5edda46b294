//! Each event joins its happening as it is added: it is compared with what is near it in the ledger.

use crate::derived::Pending;
use crate::ids;
use crate::insert::{Voice, role};
use crate::query::quads;
use chancery::happening::{Party, Sighting, Spot, Summary, Words, day, iso, join};
use chancery::record::{DateBasis, EventType, Status};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Events that were looked at lately, and which types an event may share its happening with.
#[derive(Debug)]
pub(crate) struct Nearby {
    /// The types of each quad class, as ",A,B,".
    kin: [String; 4],
    /// Two generations: what the older one held and nobody asked for again is forgotten.
    young: HashMap<i64, Arc<(i64, Sighting)>>,
    old: HashMap<i64, Arc<(i64, Sighting)>>,
}

/// Events remembered in one generation.
const REMEMBERED: usize = 20_000;

impl Nearby {
    pub fn new() -> Nearby {
        let kin = quads().map(|types| format!(",{},", types.join(",")));
        Nearby { kin, young: HashMap::new(), old: HashMap::new() }
    }

    /// What is remembered of rows must be dropped when they are rolled back.
    pub fn forget(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    /// An event as a sighting. A row never changes once it has its happening, so it is read from the ledger once.
    fn load(&mut self, conn: &Connection, eid: i64) -> rusqlite::Result<Option<Arc<(i64, Sighting)>>> {
        let known = self.young.get(&eid).or_else(|| self.old.get(&eid)).cloned();
        let found = match known {
            Some(known) => known,
            None => match load(conn, eid)? {
                Some(read) => Arc::new(read),
                None => return Ok(None),
            },
        };
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(eid, Arc::clone(&found));
        Ok(Some(found))
    }
}

/// Days around its own on which an event's like is looked for.
const AROUND: i32 = 3;
/// Events that one is compared with at most, for each of its countries.
const NEAR: i64 = 96;

/// Puts an event that was just inserted to its happening, or begins one. An event that was there before, read by another coder,
/// keeps its own.
pub(crate) fn place(conn: &Connection, nearby: &mut Nearby, pending: &mut Pending, eid: i64, sighting: &Sighting) -> rusqlite::Result<()> {
    let (key, kept): (i64, Option<i64>) =
        conn.prepare_cached("SELECT key, happening FROM event WHERE eid = ?1")?.query_row([eid], |r| Ok((r.get(0)?, r.get(1)?)))?;
    if kept.is_none() {
        let near = near(conn, nearby, eid, sighting)?;
        let found = join(sighting, near.iter().map(|n| (n.0 as u64, &n.1)));
        pending.happening(found.map(|f| f.0 as i64));
        conn.prepare_cached("UPDATE event SET happening = ?2 WHERE eid = ?1")?.execute([eid, found.map_or(key, |f| f.0 as i64)])?;
    }
    let bytes = |all: &[u32]| all.iter().flat_map(|h| h.to_le_bytes()).collect::<Vec<u8>>();
    let words = &sighting.words;
    conn.prepare_cached("INSERT OR REPLACE INTO sighting (eid, names, told) VALUES (?1, ?2, ?3)")?.execute(params![
        eid,
        bytes(&words.names),
        bytes(&words.told)
    ])?;
    conn.prepare_cached("INSERT OR REPLACE INTO about (cid, report, origins) SELECT cid, ?2, ?3 FROM event WHERE eid = ?1")?
        .execute(params![eid, bytes(&words.report), sighting.origins.join("\n")])?;
    Ok(())
}

/// Happenings of which several reports tell.
pub(crate) fn shared(conn: &Connection) -> rusqlite::Result<BTreeSet<i64>> {
    let sql = "SELECT happening FROM event WHERE happening IS NOT NULL AND ended IS NULL GROUP BY happening HAVING min(rid) < max(rid)";
    conn.prepare(sql)?.query_map([], |r| r.get(0))?.collect()
}

/// Reports and independent sources that tell a happening, by its events that count.
pub(crate) fn tellers(conn: &Connection, happening: i64) -> rusqlite::Result<(i64, i64)> {
    let sql = "SELECT e.rid, a.origins FROM event e JOIN about a USING (cid) WHERE e.happening = ?1 AND e.ended IS NULL ORDER BY e.eid";
    let mut select = conn.prepare_cached(sql)?;
    let told = |r: &rusqlite::Row<'_>| {
        let origins = r.get::<_, String>(1)?.lines().map(str::to_owned).collect();
        Ok(Sighting { report: r.get::<_, i64>(0)?.to_string(), origins, ..Sighting::default() })
    };
    let all: Vec<Sighting> = select.query_map([happening], told)?.collect::<rusqlite::Result<_>>()?;
    let summary = Summary::of(&all.iter().collect::<Vec<_>>()).unwrap_or_default();
    Ok((summary.reports as i64, summary.chains as i64))
}

/// Keeps those numbers for happenings that may have changed.
pub(crate) fn recount(conn: &Connection, happenings: &BTreeSet<i64>) -> rusqlite::Result<()> {
    for &happening in happenings {
        let (reports, independent) = tellers(conn, happening)?;
        if reports > 1 {
            conn.prepare_cached("INSERT OR REPLACE INTO happening (happening, reports, independent) VALUES (?1, ?2, ?3)")?.execute([
                happening,
                reports,
                independent,
            ])?;
        } else {
            conn.prepare_cached("DELETE FROM happening WHERE happening = ?1")?.execute([happening])?;
        }
    }
    Ok(())
}

/// Happenings of which what is kept is wrong.
pub(crate) fn miscounted(conn: &Connection) -> rusqlite::Result<usize> {
    type Kept = (i64, (i64, i64));
    let kept: BTreeSet<Kept> = conn
        .prepare("SELECT happening, reports, independent FROM happening")?
        .query_map([], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))?
        .collect::<rusqlite::Result<_>>()?;
    let fresh: BTreeSet<Kept> = shared(conn)?.into_iter().map(|h| Ok((h, tellers(conn, h)?))).collect::<rusqlite::Result<_>>()?;
    Ok(kept.symmetric_difference(&fresh).count())
}

/// A row that takes the place of an older one of the same event stays in its happening.
pub(crate) fn follow(conn: &Connection, pending: &mut Pending, eid: i64, key: i64) -> rusqlite::Result<()> {
    let older = "SELECT eid, happening FROM event WHERE key = ?1 AND eid < ?2 AND happening IS NOT NULL ORDER BY eid DESC LIMIT 1";
    let older: Option<(i64, i64)> = conn.prepare_cached(older)?.query_row([key, eid], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    let Some((older, happening)) = older else { return Ok(()) };
    pending.happening(Some(happening));
    conn.prepare_cached("UPDATE event SET happening = ?2 WHERE eid = ?1")?.execute([eid, happening])?;
    conn.prepare_cached("INSERT INTO sighting SELECT ?1, names, told FROM sighting WHERE eid = ?2")?.execute([eid, older])?;
    conn.prepare_cached(
        "INSERT OR IGNORE INTO about SELECT (SELECT cid FROM event WHERE eid = ?1), report, origins FROM about
            WHERE cid = (SELECT cid FROM event WHERE eid = ?2)",
    )?
    .execute([eid, older])?;
    Ok(())
}

/// Events that count and may tell of the same, with their happenings: by country and day, the latest first. Sides are asked for in an
/// index that holds all it takes, types for quad classes: a busy country has thousands of events in a week.
fn near(conn: &Connection, nearby: &mut Nearby, own: i64, sighting: &Sighting) -> rusqlite::Result<Vec<Arc<(i64, Sighting)>>> {
    let window = match (sighting.days, sighting.published) {
        (Some((first, last)), _) => (first - AROUND, last.min(first + 2 * AROUND) + AROUND),
        (None, Some(published)) => (published - AROUND, published + 1),
        (None, None) => return Ok(Vec::new()),
    };
    let (from, to) = (iso(window.0), iso(window.1));
    let countries: BTreeSet<&str> = sighting.source.iter().chain(&sighting.target).filter_map(|p| p.country.as_deref()).collect();
    let kin = &nearby.kin[usize::from(sighting.quad).clamp(1, 4) - 1];
    let mut found: BTreeSet<i64> = BTreeSet::new();
    let mut ask = |sql: &str, what: &str| -> rusqlite::Result<()> {
        let mut select = conn.prepare_cached(sql)?;
        let rows = select.query_map(params![what, from, to, kin, NEAR], |r| r.get::<_, i64>(0))?;
        rows.into_iter().try_for_each(|eid| {
            found.insert(eid?);
            Ok(())
        })
    };
    for country in &countries {
        for side in [
            "SELECT eid FROM dyad WHERE a = ?1 AND first & 2 AND day BETWEEN ?2 AND ?3 AND instr(?4, ',' || type || ',')
                ORDER BY day DESC LIMIT ?5",
            "SELECT eid FROM dyad WHERE b = ?1 AND first & 4 AND day BETWEEN ?2 AND ?3 AND instr(?4, ',' || type || ',')
                ORDER BY day DESC LIMIT ?5",
        ] {
            ask(side, country)?;
        }
    }
    if countries.is_empty() {
        match &sighting.place.country {
            Some(country) => ask(
                "SELECT eid FROM event WHERE ended IS NULL AND place_country = ?1 AND day BETWEEN ?2 AND ?3 AND instr(?4, ',' || type || ',')
                    ORDER BY day DESC LIMIT ?5",
                country,
            )?,
            None => ask(
                "SELECT eid FROM event WHERE ended IS NULL AND type = ?1 AND day BETWEEN ?2 AND ?3 AND instr(?4, ',' || type || ',')
                    ORDER BY day DESC LIMIT ?5",
                sighting.kind.as_str(),
            )?,
        }
    }
    found.remove(&own);
    let loaded = found.into_iter().map(|eid| nearby.load(conn, eid)).collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(loaded.into_iter().flatten().collect())
}

/// An event as a sighting, with its happening; nothing where it is in none.
pub(crate) fn load(conn: &Connection, eid: i64) -> rusqlite::Result<Option<(i64, Sighting)>> {
    let sql = "SELECT e.happening, k.id, r.id, e.type, e.quad, e.reciprocal, e.day, e.day_end, e.basis, c.published, e.place, e.place_country, e.lat,
            e.lon, e.place_precision, e.status, e.attributions, s.names, s.told, a.report, a.origins, e.cid
        FROM event e JOIN event_key k USING (key) JOIN coding c USING (cid) JOIN report r ON r.rid = e.rid JOIN sighting s USING (eid)
            JOIN about a ON a.cid = e.cid
        WHERE e.eid = ?1 AND e.happening IS NOT NULL";
    let hashes = |bytes: Vec<u8>| bytes.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect();
    let text = |s: Option<String>| s.unwrap_or_default();
    let mut select = conn.prepare_cached(sql)?;
    let found = select
        .query_row([eid], |r| {
            let (first, last): (Option<String>, Option<String>) = (r.get(6)?, r.get(7)?);
            let first = first.as_deref().and_then(day);
            let basis = text(r.get(8)?);
            let close = matches!(text(r.get(14)?).as_str(), "exact" | "city");
            let voices: Vec<Voice> = serde_json::from_str(&text(r.get(16)?)).unwrap_or_default();
            let key: [u8; 16] = r.get(1)?;
            let sighting = Sighting {
                event: ids::text(&key),
                report: ids::text(&r.get::<_, [u8; 16]>(2)?),
                kind: EventType::parse(&r.get::<_, String>(3)?).unwrap_or_default(),
                quad: r.get(4)?,
                reciprocal: r.get(5)?,
                days: first.map(|f| (f, last.as_deref().and_then(day).unwrap_or(f).max(f))),
                assumed: [DateBasis::Published, DateBasis::Tense].iter().any(|b| b.as_str() == basis),
                published: r.get::<_, Option<String>>(9)?.as_deref().and_then(day),
                place: Spot {
                    name: r.get(10)?,
                    country: r.get(11)?,
                    at: r.get::<_, Option<f64>>(12)?.zip(r.get::<_, Option<f64>>(13)?).filter(|_| close),
                },
                status: Status::parse(&r.get::<_, String>(15)?).unwrap_or_default(),
                voices: voices.into_iter().map(|v| format!("{} {}", v.stance, v.actor)).collect(),
                words: Words { names: hashes(r.get(17)?), told: hashes(r.get(18)?), report: hashes(r.get(19)?) },
                origins: r.get::<_, String>(20)?.lines().map(str::to_owned).collect(),
                ..Sighting::default()
            };
            Ok((r.get::<_, i64>(0)?, sighting, key, r.get::<_, i64>(21)?))
        })
        .optional()?;
    let Some((happening, mut sighting, key, cid)) = found else { return Ok(None) };
    let mut parties = conn
        .prepare_cached("SELECT p.role, a.country, a.entity_id FROM party p JOIN actor a USING (actor) WHERE p.eid = ?1 AND p.role < 2")?;
    let mut rows = parties.query([eid])?;
    while let Some(r) = rows.next()? {
        let (country, entity): (Option<String>, Option<String>) = (r.get(1)?, r.get(2)?);
        let side = if r.get::<_, i64>(0)? == role::SOURCE { &mut sighting.source } else { &mut sighting.target };
        side.push(Party::new(country.as_deref(), entity.as_deref()));
    }
    let mut figures = conn.prepare_cached(
        "SELECT lower(coalesce(of, unit)), value FROM figure WHERE cid = ?1 AND event = ?2 AND coalesce(of, unit) IS NOT NULL",
    )?;
    sighting.figures = figures.query_map(params![cid, key], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(Some((happening, sighting)))
}
