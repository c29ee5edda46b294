//! What to ask for. Every condition that is given must hold; of several values of one condition, any.

use crate::error::{Error, Result};
use crate::ids;
use rusqlite::types::Value;

/// Whom an event is asked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Country(String),
    /// A sector of a country: RUS and MIL.
    Part(String, String),
    Sector(String),
    /// Id of an entity: `person/sergey-lavrov`.
    Entity(String),
    /// The name of an entity as records have it.
    Named(String),
}

/// Which events (and, as far as they have such fields, statements and figures).
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Ids, whole or their beginnings (8 digits at least).
    pub ids: Vec<String>,
    pub reports: Vec<String>,
    pub source: Vec<Who>,
    pub target: Vec<Who>,
    /// On either side.
    pub actor: Vec<Who>,
    /// Between these two, either way.
    pub dyad: Option<(Who, Who)>,
    /// Of statements alone: whom one is addressed to, or who takes part in what it tells.
    pub about: Vec<Who>,
    pub types: Vec<String>,
    pub modes: Vec<String>,
    pub contexts: Vec<String>,
    /// Beginnings of CAMEO codes.
    pub cameo: Vec<String>,
    pub quads: Vec<i64>,
    pub statuses: Vec<String>,
    /// current, background, ongoing, future.
    pub times: Vec<String>,
    /// First and last day, YYYY-MM-DD, of the event.
    pub since: Option<String>,
    pub until: Option<String>,
    /// Of the report.
    pub published_since: Option<String>,
    pub published_until: Option<String>,
    /// Country codes or names of places.
    pub places: Vec<String>,
    pub outlets: Vec<String>,
    pub languages: Vec<String>,
    /// Words and "phrases" that the report must hold.
    pub text: Option<String>,
    pub confidence: Option<f64>,
    /// As the ledger stood then: milliseconds since 1970.
    pub as_of: Option<i64>,
    /// As a coder read it: beginning of its version or of the hash of its data.
    pub coder: Option<String>,
    /// Ids of stories, or their beginnings.
    pub stories: Vec<String>,
    /// Only what so many sources tell that do not depend on one another.
    pub independent: Option<i64>,
    /// Only what began or ended to count since: milliseconds since 1970.
    pub changed_since: Option<i64>,
    /// Of events on the same day, between the same and of the same CAMEO code, only the first.
    pub one_a_day: bool,
}

/// Joins and conditions of a query, with their values.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    pub from: String,
    pub conditions: Vec<String>,
    pub values: Vec<Value>,
}

impl Sql {
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }
    pub fn when(&mut self, condition: impl Into<String>) {
        self.conditions.push(condition.into());
    }
    /// `expression IN (…)`, where there is anything to be in.
    pub fn among<T: Clone + Into<Value>>(&mut self, expression: &str, values: &[T]) {
        if values.is_empty() {
            return;
        }
        let bound: Vec<String> = values.iter().map(|v| self.bind(v.clone())).collect();
        self.when(match bound.as_slice() {
            [one] => format!("{expression} = {one}"),
            many => format!("{expression} IN ({})", many.join(", ")),
        });
    }
    /// Any of several conditions.
    pub fn any(&mut self, conditions: &[String]) {
        match conditions {
            [] => {}
            [one] => self.when(one.clone()),
            many => self.when(format!("({})", many.join(" OR "))),
        }
    }
    /// The conditions as they follow FROM.
    pub fn filter(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!(" WHERE {}", self.conditions.join(" AND ")) }
    }
}

/// A full-text query of words and "phrases", all of which must occur. Nothing in it is an operator but a last `*`.
pub(crate) fn full_text(text: &str) -> Result<String> {
    let mut parts = Vec::new();
    for (n, piece) in text.split('"').enumerate() {
        let words: Vec<&str> = if n % 2 == 1 { vec![piece] } else { piece.split_whitespace().collect() };
        for word in words {
            let (stem, star) = word.strip_suffix('*').map_or((word, ""), |w| (w, "*"));
            if stem.chars().any(char::is_alphanumeric) {
                parts.push(format!("\"{stem}\"{star}"));
            }
        }
    }
    if parts.is_empty() {
        return Err(Error::new("E0510", "no word to look for", format!("{text:?}"), "give --text a word or a \"phrase\""));
    }
    Ok(parts.join(" AND "))
}

impl Who {
    /// Condition on `actor x`.
    pub(crate) fn fits(&self, sql: &mut Sql) -> String {
        match self {
            Who::Country(c) => format!("x.country = {}", sql.bind(c.clone())),
            Who::Part(c, s) => format!("x.country = {} AND x.sector = {}", sql.bind(c.clone()), sql.bind(s.clone())),
            Who::Sector(s) => format!("x.sector = {}", sql.bind(s.clone())),
            Who::Entity(id) => format!("x.entity_id = {}", sql.bind(id.clone())),
            Who::Named(name) => format!("x.entity = {} COLLATE NOCASE", sql.bind(name.clone())),
        }
    }
    pub(crate) fn country(&self) -> Option<&str> {
        match self {
            Who::Country(c) | Who::Part(c, _) => Some(c),
            _ => None,
        }
    }
}

/// A side of an event: `role` is 0 or 1.
fn side(sql: &mut Sql, role: i64, who: &[Who]) {
    let tests: Vec<String> = who.iter().map(|w| party(sql, role, w)).collect();
    sql.any(&tests);
}

fn roles(role: i64) -> &'static str {
    if role == 0 { "p.role = 0" } else { "(p.role = 1 OR p.role = 0 AND e.reciprocal)" }
}

fn party(sql: &mut Sql, role: i64, who: &Who) -> String {
    let fits = who.fits(sql);
    format!("EXISTS (SELECT 1 FROM party p JOIN actor x USING (actor) WHERE p.eid = e.eid AND {} AND {fits})", roles(role))
}

/// The whole row of an event with its report, after whatever leads to it.
pub(crate) const REST: &str =
    "CROSS JOIN event_key k ON k.key = e.key CROSS JOIN coding c ON c.cid = e.cid CROSS JOIN report r ON r.rid = e.rid
    CROSS JOIN outlet o ON o.outlet = r.outlet";

impl Filter {
    /// Whether it asks of the ledger as it stands now.
    pub fn is_now(&self) -> bool {
        self.as_of.is_none() && self.coder.is_none() && self.changed_since.is_none()
    }

    /// Joins and conditions that give each event once. What narrows most goes first, and leads there by an index.
    pub(crate) fn sql(&self) -> Result<Sql> {
        let mut sql = Sql::default();
        let lead = self.lead(&mut sql)?;
        sql.from = format!("{lead} {REST}");
        self.conditions(&mut sql)?;
        Ok(sql)
    }

    /// The same without the tables that no condition asks for. What has many rows (`many` says of a query whether it has) does not lead: then
    /// the caller's order does, and each event is tried.
    pub(crate) fn narrow(&self, many: impl Fn(&str, &[Value]) -> Result<bool>) -> Result<Sql> {
        let mut sql = Sql::default();
        let mut probe = Sql::default();
        let asked = if self.is_now() { self.gathered(&mut probe)? } else { None };
        let by_day = match asked {
            Some(query) => many(&query, &probe.values)?,
            None => false,
        };
        let lead = if by_day { "event e".to_owned() } else { self.lead(&mut sql)? };
        self.conditions(&mut sql)?;
        if by_day {
            if let Some(text) = &self.text {
                let bound = sql.bind(full_text(text)?);
                sql.when(format!("EXISTS (SELECT 1 FROM words WHERE words MATCH {bound} AND words.rowid = e.rid)"));
            }
            // No index but that of days.
            sql.conditions.iter_mut().for_each(|c| *c = c.replace("e.cameo ", "+e.cameo "));
        }
        let uses = |name: &str| sql.conditions.iter().any(|c| c.contains(name));
        let (key, outlet) = (uses("k."), uses("o."));
        let report = outlet || uses("r.");
        let joins = [
            (key, " CROSS JOIN event_key k ON k.key = e.key"),
            (uses("c."), " CROSS JOIN coding c ON c.cid = e.cid"),
            (report, " CROSS JOIN report r ON r.rid = e.rid"),
            (outlet, " CROSS JOIN outlet o ON o.outlet = r.outlet"),
        ];
        sql.from = joins.into_iter().filter(|j| j.0).fold(lead, |from, j| from + j.1);
        Ok(sql)
    }

    /// What would be gathered and sorted to find the newest: full text, people by name, beginnings of CAMEO codes. None where an index gives
    /// the order.
    fn gathered(&self, sql: &mut Sql) -> Result<Option<String>> {
        if let Some(text) = &self.text {
            let bound = sql.bind(full_text(text)?);
            return Ok(Some(format!("SELECT rowid FROM words WHERE words MATCH {bound}")));
        }
        let lead = self.lead(sql)?;
        if lead.starts_with("(SELECT DISTINCT") {
            return Ok(Some(format!("SELECT 1 FROM {lead}").replace("DISTINCT ", "")));
        }
        if lead == "event e" && self.types.is_empty() && !self.cameo.is_empty() {
            let codes: Vec<String> = self.cameo.iter().map(|c| begins(sql, c)).collect();
            return Ok(Some(format!("SELECT 1 FROM event e WHERE e.ended IS NULL AND ({})", codes.join(" OR "))));
        }
        Ok(None)
    }

    /// A question about two countries, whichever way, as two questions of one way each: each has an index that gives its order.
    pub(crate) fn one_way_each(&self) -> Option<[Filter; 2]> {
        let (a, b) = self.dyad.as_ref()?;
        if !self.is_now() || self.text.is_some() || !self.source.is_empty() || !self.target.is_empty() {
            return None;
        }
        let way = |a: &Who, b: &Who| Filter { dyad: None, source: vec![a.clone()], target: vec![b.clone()], ..self.clone() };
        Some([way(a, b), way(b, a)])
    }

    fn lead(&self, sql: &mut Sql) -> Result<String> {
        if let Some(text) = &self.text {
            let query = full_text(text)?;
            let bound = sql.bind(query);
            sql.when(format!("words MATCH {bound}"));
            return Ok("words CROSS JOIN event e ON e.rid = words.rowid".to_owned());
        }
        let one = |who: &[Who]| match who {
            [one] => one.country().map(str::to_owned),
            _ => None,
        };
        if self.is_now() {
            let dyad = "dyad d CROSS JOIN event e ON e.eid = d.eid".to_owned();
            // Named, for a ledger that was never closed has no statistics to choose by.
            let by = |index: &str| format!("dyad d INDEXED BY {index} CROSS JOIN event e ON e.eid = d.eid");
            if let Some((a, b)) = self.dyad.as_ref().and_then(|(a, b)| Some((a.country()?, b.country()?))) {
                let (a, b) = (sql.bind(a.to_owned()), sql.bind(b.to_owned()));
                sql.when(format!("(d.a = {a} AND d.b = {b} OR d.a = {b} AND d.b = {a}) AND d.first & 1"));
                self.span(sql, "d.day");
                return Ok(dyad);
            }
            match (one(&self.source), one(&self.target)) {
                (Some(a), Some(b)) => {
                    let (a, b) = (sql.bind(a), sql.bind(b));
                    sql.when(format!("d.a = {a} AND d.b = {b}"));
                    self.span(sql, "d.day");
                    return Ok(dyad);
                }
                (Some(a), None) => {
                    let a = sql.bind(a);
                    sql.when(format!("d.a = {a} AND d.first & 2"));
                    self.span(sql, "d.day");
                    return Ok(by("dyad_source"));
                }
                (None, Some(b)) => {
                    let b = sql.bind(b);
                    sql.when(format!("d.b = {b} AND d.first & 4"));
                    self.span(sql, "d.day");
                    return Ok(by("dyad_target"));
                }
                (None, None) => {}
            }
        }
        // By whom: the few rows of an actor, then what it takes part in.
        let rare = [&self.source, &self.target, &self.actor].into_iter().find(|w| !w.is_empty());
        if let Some(who) = rare.filter(|w| w.iter().all(|w| !matches!(w, Who::Sector(_) | Who::Country(_)))) {
            let tests: Vec<String> = who.iter().map(|w| w.fits(sql)).collect();
            return Ok(format!(
                "(SELECT DISTINCT p.eid FROM actor x JOIN party p USING (actor) WHERE {}) l CROSS JOIN event e ON e.eid = l.eid",
                tests.join(" OR ")
            ));
        }
        Ok("event e".to_owned())
    }

    /// First and last day of the event.
    fn span(&self, sql: &mut Sql, day: &str) {
        if let Some(since) = &self.since {
            let bound = sql.bind(since.clone());
            sql.when(format!("{day} >= {bound}"));
        }
        if let Some(until) = &self.until {
            let bound = sql.bind(until.clone());
            sql.when(format!("{day} <= {bound} AND {day} != ''"));
        }
    }

    fn conditions(&self, sql: &mut Sql) -> Result<()> {
        self.versions(sql);
        self.span(sql, "e.day");
        let starts: Vec<String> = self.ids.iter().map(|id| event_id(sql, id)).collect::<Result<_>>()?;
        sql.any(&starts);
        let starts: Vec<String> = self.reports.iter().map(|id| of_report(sql, "report x", "x.id", id)).collect::<Result<_>>()?;
        sql.any(&starts);
        let starts: Vec<String> =
            self.stories.iter().map(|id| of_report(sql, "story y JOIN report x USING (story)", "y.id", id)).collect::<Result<_>>()?;
        sql.any(&starts);
        // What has no row there is told by one.
        if let Some(least) = self.independent.filter(|n| *n > 1) {
            let bound = sql.bind(least);
            sql.when(format!("e.happening IN (SELECT happening FROM happening WHERE independent >= {bound})"));
        }
        side(sql, 0, &self.source);
        side(sql, 1, &self.target);
        let either: Vec<String> = self.actor.iter().flat_map(|w| [party(sql, 0, w), party(sql, 1, w)]).collect();
        sql.any(&either);
        if let Some((a, b)) = &self.dyad {
            let ways = [(a, b), (b, a)].map(|(s, t)| format!("({} AND {})", party(sql, 0, s), party(sql, 1, t)));
            sql.any(&ways);
        }
        sql.among("e.type", &self.types);
        let modes: Vec<String> = self.modes.iter().map(|m| listed(sql, "e.modes", m)).collect();
        sql.any(&modes);
        let contexts: Vec<String> = self.contexts.iter().map(|c| listed(sql, "e.contexts", c)).collect();
        sql.any(&contexts);
        let cameo: Vec<String> = self.cameo.iter().map(|c| begins(sql, c)).collect();
        sql.any(&cameo);
        sql.among("e.quad", &self.quads);
        sql.among("e.status", &self.statuses);
        sql.among("e.time", &self.times);
        let places: Vec<String> = self
            .places
            .iter()
            .map(|p| {
                let bound = sql.bind(p.clone());
                if p.len() == 3 && p.bytes().all(|b| b.is_ascii_uppercase()) {
                    return format!("e.place_country = {bound}");
                }
                format!("{bound} COLLATE NOCASE IN (e.place, e.city, e.admin1)")
            })
            .collect();
        sql.any(&places);
        if let Some(confidence) = self.confidence {
            let bound = sql.bind(confidence);
            sql.when(format!("e.confidence >= {bound}"));
        }
        self.report(sql);
        Ok(())
    }

    /// Conditions on `coding c`, `report r` and `outlet o`.
    pub(crate) fn report(&self, sql: &mut Sql) {
        sql.among("o.name", &self.outlets);
        sql.among("c.language", &self.languages);
        if let Some(since) = &self.published_since {
            let bound = sql.bind(since.clone());
            sql.when(format!("c.published >= {bound}"));
        }
        if let Some(until) = &self.published_until {
            let bound = sql.bind(until.clone());
            sql.when(format!("c.published <= {bound}"));
        }
    }

    /// Which of the versions of an event.
    fn versions(&self, sql: &mut Sql) {
        if let Some(coder) = &self.coder {
            let cond = coded_by(sql, coder);
            sql.when(format!("e.decision IS NULL AND {cond}"));
        } else if let Some(at) = self.as_of {
            let at = sql.bind(at);
            sql.when(format!("e.added <= {at} AND (e.ended IS NULL OR e.ended > {at})"));
        } else if let Some(since) = self.changed_since {
            let since = sql.bind(since);
            sql.when(format!("(e.added >= {since} OR e.ended >= {since})"));
        } else {
            sql.when("e.ended IS NULL");
        }
    }

    /// The same of `coding c` alone.
    pub(crate) fn codings(&self, sql: &mut Sql) {
        if let Some(coder) = &self.coder {
            let cond = coded_by(sql, coder);
            sql.when(cond);
        } else if let Some(at) = self.as_of {
            let at = sql.bind(at);
            sql.when(format!("c.added <= {at} AND (c.ended IS NULL OR c.ended > {at})"));
        } else {
            sql.when("c.ended IS NULL");
        }
    }
}

fn coded_by(sql: &mut Sql, coder: &str) -> String {
    let bound = sql.bind(format!("{}%", coder.replace(['%', '_'], "")));
    format!(
        "c.coder = (SELECT max(y.coder) FROM coding w JOIN coder y USING (coder) WHERE w.rid = c.rid AND (y.version LIKE {bound} OR y.data LIKE {bound}))"
    )
}

/// Whether the CAMEO code begins so.
fn begins(sql: &mut Sql, code: &str) -> String {
    format!("(e.cameo >= {} AND e.cameo < {})", sql.bind(code.to_owned()), sql.bind(format!("{code}:")))
}

/// The first and the last id that begin so; E0510 where that is too short or no id.
pub(crate) fn beginning(id: &str) -> Result<([u8; 16], [u8; 16])> {
    let low = id.to_ascii_lowercase();
    if !(8..=32).contains(&low.len()) || !low.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::new("E0510", "no id", format!("{id:?}"), "give the 32 digits of an id, or its first 8 at least"));
    }
    let whole = |text: String| ids::bytes(&text).unwrap_or_default();
    Ok((whole(format!("{low:0<32}")), whole(format!("{low:f<32}"))))
}

fn event_id(sql: &mut Sql, id: &str) -> Result<String> {
    let (low, high) = beginning(id)?;
    // The number of an event is the beginning of its id; a few steps more where numbers had to step aside.
    let (first, last) = (ids::number(&low), ids::number(&high) + 64);
    let (low, high) = (sql.bind(low.to_vec()), sql.bind(high.to_vec()));
    Ok(format!("(e.key BETWEEN {first} AND {last} AND k.id BETWEEN {low} AND {high})"))
}

/// By way of the few reports (`x`) that there can be, not of every event's.
fn of_report(sql: &mut Sql, tables: &str, column: &str, id: &str) -> Result<String> {
    let (low, high) = beginning(id)?;
    let (low, high) = (sql.bind(low.to_vec()), sql.bind(high.to_vec()));
    Ok(format!("e.rid IN (SELECT x.rid FROM {tables} WHERE {column} BETWEEN {low} AND {high})"))
}

/// Whether a list, joined by `;`, holds a word.
fn listed(sql: &mut Sql, column: &str, word: &str) -> String {
    format!("instr(';' || {column} || ';', ';' || {} || ';')", sql.bind(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_text_has_no_operators() {
        assert_eq!(full_text("grain \"price war\" OR").unwrap(), "\"grain\" AND \"price war\" AND \"OR\"");
        assert_eq!(full_text("sanct*").unwrap(), "\"sanct\"*");
        assert_eq!(full_text(" \" - ").unwrap_err().code, "E0510");
    }
}
