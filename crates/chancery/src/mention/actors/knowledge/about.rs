//! What the knowledge says of somebody, for readers of it: cards with codes, names, offices and memberships by date.

use super::super::fold::pieces_of;
use super::{Case, Class, Entity, EntityIx, Form, Knowledge, Name};
use serde::Serialize;

/// All that is known of one entity.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    pub entity: String,
    pub entity_id: String,
    /// `country`, `seat`, `region`, `igo`, `org` or `person`.
    pub class: &'static str,
    /// On the day asked: country code, sector and office, as a record of that day would have them.
    pub country: Option<String>,
    pub sector: Option<String>,
    pub office: Option<String>,
    pub wikidata: Option<String>,
    /// When it exists, as YYYY-MM-DD; none where open or unknown.
    pub since: Option<String>,
    pub until: Option<String>,
    /// Of states alone.
    pub state: Option<StateCodes>,
    pub names: Vec<Spelling>,
    /// What the person is or was, in order of time.
    pub offices: Vec<Held>,
    /// Who holds or held an office of the country: on the day asked, or at any time without one.
    pub holders: Vec<Held>,
    /// Bodies the state belongs to.
    pub member_of: Vec<Held>,
    /// Members of the body.
    pub members: Vec<Held>,
    /// File and line of the entry.
    pub source: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct StateCodes {
    /// ISO 3166-1 alpha-3, or the code of a historical state.
    pub iso: String,
    /// Correlates of War and Gleditsch-Ward numbers.
    pub cow: Option<u16>,
    pub gw: Option<u16>,
    pub regions: Vec<String>,
    /// Code that the state's names mean before it existed.
    pub before: Option<String>,
}

/// A name and how it counts.
#[derive(Debug, Clone, Serialize)]
pub struct Spelling {
    pub name: String,
    /// `name`, `adjective`, `people`, or `short`: only after a title or the full name.
    pub form: &'static str,
    /// Only where the report speaks of the country otherwise.
    pub weak: bool,
    /// Only in exactly these letters.
    pub exact: bool,
}

/// An office or seat over a time.
#[derive(Debug, Clone, Serialize)]
pub struct Held {
    /// Office or role: `prime minister`, `member`.
    pub role: String,
    /// Who holds it, or the body it is in.
    pub entity: String,
    pub entity_id: String,
    pub from: Option<String>,
    pub to: Option<String>,
    /// Whether it is held on the day asked; none without a day.
    pub held: Option<bool>,
}

/// A number of the kind that data sets give to states.
fn number(text: &str) -> Option<u16> {
    text.parse().ok()
}

impl Knowledge {
    /// Entities by code: ISO alpha-3 or historical code, with a sector after it or not ("SYRMIL"), Correlates of War or
    /// Gleditsch-Ward number, Wikidata item, or own id.
    pub fn by_code(&self, code: &str) -> Vec<EntityIx> {
        if let Some(e) = self.by_id(code) {
            return vec![e];
        }
        let state = code.get(..3).filter(|_| code.len() == 3 || code.get(3..).is_some_and(|s| self.sectors.iter().any(|x| x == s)));
        if let Some(e) = state.and_then(|c| self.country_entity(c)) {
            return vec![e];
        }
        let n = number(code);
        let item = code.starts_with('Q') && code.len() > 1;
        let fits = |(i, e): (usize, &Entity)| {
            let ix = i as EntityIx;
            let state = self.states.get(&ix);
            let numbered = n.is_some() && state.is_some_and(|s| s.cow == n || s.gw == n);
            (!e.dead && (numbered || item && e.wikidata == code)).then_some(ix)
        };
        self.entities.iter().enumerate().filter_map(fits).collect()
    }

    /// Entities of that very name, in order of the files.
    pub fn by_name(&self, name: &str) -> Vec<EntityIx> {
        let pieces = pieces_of(name.strip_prefix("the ").unwrap_or(name));
        let suits = |n: &&Name| n.case != Case::Exact || self.suits(n, &pieces, 0, pieces.list.len());
        let mut found: Vec<EntityIx> = self.names.exactly(&pieces).filter(suits).map(|n| n.entity).collect();
        found.retain(|e| self.get(*e).is_some_and(|e| !e.dead));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// All that is known of an entity. `day` is YYYYMMDD.
    pub fn card(&self, e: EntityIx, day: Option<i32>) -> Option<Card> {
        let entity = self.get(e)?;
        let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        let (country, sector, office) = match entity.class {
            Class::Person => self.person_at(entity, day),
            _ => (self.code_at(&entity.country, day), entity.sector.clone(), None),
        };
        let state = self.states.get(&e).map(|s| StateCodes {
            iso: entity.country.to_string(),
            cow: s.cow,
            gw: s.gw,
            regions: s.tags.iter().map(ToString::to_string).collect(),
            before: some(&s.before),
        });
        let file = self.files.get(usize::from(entity.source.file)).map_or("", String::as_str);
        Some(Card {
            entity: entity.name.to_string(),
            entity_id: entity.id.to_string(),
            class: class(entity.class),
            country: some(&country),
            sector: some(&sector),
            office: office.map(Into::into),
            wikidata: some(&entity.wikidata),
            since: date(entity.since),
            until: date(entity.until),
            names: self.spellings(e),
            offices: self.offices_of(entity, day),
            holders: if state.is_some() { self.holders_in(&entity.country, day) } else { Vec::new() },
            member_of: if state.is_some() { self.seats_of(|m| m.state == entity.country, |m| m.body, day) } else { Vec::new() },
            members: self.seats_of(|m| m.body == e, |m| self.country_entity(&m.state).unwrap_or(e), day),
            state,
            source: format!("data/{file}, line {}", entity.source.line),
        })
    }

    fn spellings(&self, e: EntityIx) -> Vec<Spelling> {
        let mut out: Vec<Spelling> = Vec::new();
        for n in self.names.values().filter(|n| n.entity == e) {
            let form = match n.form {
                Form::Name => "name",
                Form::Adjective => "adjective",
                Form::People { .. } => "people",
                Form::Short => "short",
            };
            let name = self.exact.get(n.spelled.0 as usize..n.spelled.1 as usize).unwrap_or("").to_owned();
            if !out.iter().any(|s| s.name == name && s.form == form) {
                out.push(Spelling { name, form, weak: n.weak, exact: n.case == Case::Exact });
            }
        }
        out
    }

    fn offices_of(&self, person: &Entity, day: Option<i32>) -> Vec<Held> {
        let mut terms: Vec<_> = self.terms_of(person).iter().collect();
        terms.sort_by_key(|t| (t.from, t.to));
        terms
            .into_iter()
            .filter_map(|t| {
                let land = self.country_entity(&t.country).and_then(|c| self.get(c));
                Some(Held {
                    role: self.office_of(t)?.name.to_string(),
                    entity: land.map_or_else(|| t.country.to_string(), |c| c.name.to_string()),
                    entity_id: land.map_or_else(String::new, |c| c.id.to_string()),
                    from: date(t.from),
                    to: date(t.to),
                    held: day.map(|d| t.from <= d && d <= t.to),
                })
            })
            .collect()
    }

    fn holders_in(&self, country: &str, day: Option<i32>) -> Vec<Held> {
        let mut out: Vec<(u8, i32, Held)> = Vec::new();
        for p in self.entities.iter().filter(|e| e.class == Class::Person && !e.dead) {
            for t in self.terms_of(p).iter().filter(|t| t.country == country && day.is_none_or(|d| t.from <= d && d <= t.to)) {
                let Some(office) = self.office_of(t) else { continue };
                let held = Held {
                    role: office.name.to_string(),
                    entity: p.name.to_string(),
                    entity_id: p.id.to_string(),
                    from: date(t.from),
                    to: date(t.to),
                    held: day.map(|_| true),
                };
                out.push((t.office, t.from, held));
            }
        }
        out.sort_by(|a, b| (a.0, a.1, &a.2.entity_id).cmp(&(b.0, b.1, &b.2.entity_id)));
        out.into_iter().map(|(_, _, h)| h).collect()
    }

    fn seats_of(
        &self,
        fits: impl Fn(&super::Membership) -> bool,
        other: impl Fn(&super::Membership) -> EntityIx,
        day: Option<i32>,
    ) -> Vec<Held> {
        let seats = self.memberships.iter().filter(|m| fits(m));
        seats
            .filter_map(|m| {
                let entity = self.get(other(m))?;
                Some(Held {
                    role: m.role.to_string(),
                    entity: entity.name.to_string(),
                    entity_id: entity.id.to_string(),
                    from: date(m.from),
                    to: date(m.to),
                    held: day.map(|d| m.from <= d && d <= m.to),
                })
            })
            .collect()
    }
}

fn class(c: Class) -> &'static str {
    match c {
        Class::Country => "country",
        Class::Seat => "seat",
        Class::Region => "region",
        Class::Igo => "igo",
        Class::Org => "org",
        Class::Person => "person",
    }
}

/// A day as YYYY-MM-DD; none where a period is open.
fn date(day: i32) -> Option<String> {
    let open = day == i32::MIN || day == i32::MAX;
    (!open).then(|| format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100))
}
