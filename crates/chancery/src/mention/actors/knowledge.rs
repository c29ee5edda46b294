//! What the files of `data/actors/` know: states, bodies, persons with dated offices, and the names of all of them.

pub mod about;
mod load;

use super::fold::{Pieces, hash, join};
use super::table::Table;
use compact_str::{CompactString, format_compact};
use std::collections::HashMap;

pub type EntityIx = u32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Country,
    /// A place that stands for whoever sits there: capitals, "the Kremlin".
    Seat,
    /// A part of a country: it lends its country to what is called after it.
    Region,
    Igo,
    Org,
    Person,
}

/// Somebody or something that can act.
#[derive(Debug, Clone)]
pub struct Entity {
    pub id: CompactString,
    pub name: CompactString,
    pub class: Class,
    /// Country code, empty for none.
    pub country: CompactString,
    /// PLOVER sector, empty for none; of persons, what they are when in no office.
    pub sector: CompactString,
    /// Days (YYYYMMDD) between which it exists.
    pub since: i32,
    pub until: i32,
    pub wikidata: CompactString,
    pub female: bool,
    /// Range of [`Knowledge::terms`].
    pub terms: (u32, u32),
    /// Replaced by a later entry of the same id.
    pub dead: bool,
    pub source: Source,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Index into [`Knowledge::files`].
    pub file: u16,
    /// 1-based.
    pub line: u32,
}

/// A state's time in a body: as member, on its council, as observer.
#[derive(Debug, Clone)]
pub struct Membership {
    pub body: EntityIx,
    /// Country code.
    pub state: CompactString,
    pub role: CompactString,
    /// Days (YYYYMMDD).
    pub from: i32,
    pub to: i32,
    pub source: Source,
}

/// A person's time in an office.
#[derive(Debug, Clone)]
pub struct Term {
    pub office: u8,
    pub country: CompactString,
    pub from: i32,
    pub to: i32,
}

#[derive(Debug, Clone)]
pub struct Office {
    pub key: CompactString,
    pub name: CompactString,
    pub sector: CompactString,
    pub country: CompactString,
    pub roles: Vec<CompactString>,
    pub single: bool,
}

/// What is particular to states.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub tags: Vec<CompactString>,
    pub cow: Option<u16>,
    pub gw: Option<u16>,
    /// Code its names mean before `since`.
    pub before: CompactString,
}

/// How a name stands for its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Name,
    /// "Russian", "U.S." before a noun.
    Adjective,
    /// "Russian" and "Russians" as persons.
    People {
        plural: bool,
    },
    /// A surname: only after the full name or a title.
    Short,
}

/// When letters match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// First letter upper case.
    Title,
    /// Exactly as written in the file.
    Exact,
    /// As it comes.
    Any,
}

#[derive(Debug, Clone, Copy)]
pub struct Name {
    pub entity: EntityIx,
    pub form: Form,
    pub case: Case,
    /// Only where the report speaks of the entity's country otherwise.
    pub weak: bool,
    /// Letters as written, as range of [`Knowledge::exact`]; for [`Case::Exact`].
    pub exact: (u32, u32),
    /// The name as the files spell it, as range of [`Knowledge::exact`].
    pub spelled: (u32, u32),
}

/// All that is known of actors.
#[derive(Debug, Default)]
pub struct Knowledge {
    pub entities: Vec<Entity>,
    pub terms: Vec<Term>,
    pub offices: Vec<Office>,
    pub states: HashMap<EntityIx, State>,
    pub names: Table<Name>,
    pub exact: String,
    /// Paths below `data/`, in the order in which they were read.
    pub files: Vec<String>,
    pub memberships: Vec<Membership>,
    ids: HashMap<CompactString, EntityIx>,
    /// (country, role) → (person, term), in order of the files.
    holders: HashMap<u64, Vec<(EntityIx, u32)>>,
    office_keys: HashMap<CompactString, u8>,
    sectors: Vec<CompactString>,
    non_states: Vec<CompactString>,
}

impl Knowledge {
    pub fn get(&self, e: EntityIx) -> Option<&Entity> {
        self.entities.get(e as usize)
    }
    pub fn by_id(&self, id: &str) -> Option<EntityIx> {
        self.ids.get(id).copied()
    }
    pub fn country_entity(&self, code: &str) -> Option<EntityIx> {
        self.by_id(&format_compact!("country/{code}"))
    }
    /// Members of a body in a role on `day`, in the order of the files.
    pub fn members_at<'a>(&'a self, body: EntityIx, role: &'a str, day: i32) -> impl Iterator<Item = &'a str> + 'a {
        let held = self.memberships.iter().filter(move |m| m.body == body && m.role == role && m.from <= day && day <= m.to);
        held.map(|m| m.state.as_str())
    }
    pub fn terms_of(&self, e: &Entity) -> &[Term] {
        self.terms.get(e.terms.0 as usize..e.terms.1 as usize).unwrap_or(&[])
    }
    pub fn office_of(&self, t: &Term) -> Option<&Office> {
        self.offices.get(t.office as usize)
    }
    /// Whether the letters of a name in the text suit the name.
    pub fn suits(&self, name: &Name, pieces: &Pieces, from: usize, to: usize) -> bool {
        match name.case {
            Case::Any => true,
            Case::Title => pieces.list.get(from).is_some_and(|p| p.upper),
            Case::Exact => self.exact.get(name.exact.0 as usize..name.exact.1 as usize) == Some(pieces.exact(from, to)),
        }
    }
    /// The code that a state's name means on `day`: SUN for RUS in 1987, YUG for SRB in 1998.
    pub fn code_at(&self, code: &str, day: Option<i32>) -> CompactString {
        let Some(e) = self.country_entity(code) else { return code.into() };
        match (self.get(e), self.states.get(&e), day) {
            (Some(c), Some(s), Some(d)) if !s.before.is_empty() && d < c.since => s.before.clone(),
            _ => code.into(),
        }
    }
    /// Who held a role in a country on `day`; without a day, nobody.
    pub fn holder(&self, country: &str, role: &str, day: i32) -> Option<EntityIx> {
        let held = self.holders.get(&join(hash(country.as_bytes()), hash(role.as_bytes())))?;
        let at = held.iter().filter(|(e, t)| {
            self.terms.get(*t as usize).is_some_and(|t| t.from <= day && day <= t.to) && self.get(*e).is_some_and(|e| !e.dead)
        });
        let office = |t: u32| self.terms.get(t as usize).and_then(|t| self.office_of(t)).map(|o| &o.key);
        // Of several the one who came last: a successor is in office on the day the predecessor leaves. Where two offices
        // share the role, as president and prime minister do that of the leader, it is not known who is meant.
        let mut last: Option<&(EntityIx, u32)> = None;
        for held in at {
            if last.is_some_and(|l| l.0 != held.0 && office(l.1) != office(held.1)) {
                return None;
            }
            let from = |h: &(EntityIx, u32)| self.terms.get(h.1 as usize).map_or(0, |t| t.from);
            if last.is_none_or(|l| from(held) >= from(l)) {
                last = Some(held);
            }
        }
        last.map(|l| l.0)
    }
    /// Country, sector and office of a person on `day`; without a day, by the last office known.
    pub fn person_at(&self, e: &Entity, day: Option<i32>) -> (CompactString, CompactString, Option<CompactString>) {
        self.person_as(e, day, None)
    }
    /// As [`Knowledge::person_at`]; without a day the office that `role` names goes first, then the highest.
    pub fn person_as(&self, e: &Entity, day: Option<i32>, role: Option<&str>) -> (CompactString, CompactString, Option<CompactString>) {
        let terms = self.terms_of(e);
        let named = |t: &Term| role.is_some_and(|r| self.office_of(t).is_some_and(|o| o.roles.iter().any(|x| x == r)));
        let current = match day {
            Some(d) => terms.iter().filter(|t| t.from <= d && d <= t.to).max_by_key(|t| (rank(self.office_of(t)), t.from)),
            None => terms.iter().max_by_key(|t| (named(t), rank(self.office_of(t)), t.to, t.from)),
        };
        match current {
            Some(t) => {
                let office = self.office_of(t);
                let country = self.code_at(&t.country, day);
                (country, office.map(|o| o.sector.clone()).unwrap_or_default(), office.map(|o| o.name.clone()))
            }
            None => {
                let past = day.is_some_and(|d| terms.iter().any(|t| t.to < d));
                let public = terms
                    .iter()
                    .any(|t| self.office_of(t).is_some_and(|o| matches!(o.sector.as_str(), "GOV" | "MIL" | "LEG" | "SPY" | "JUD" | "")));
                let sector = if past && public { "ELI" } else { "" };
                (self.code_at(&e.country, day), sector.into(), None)
            }
        }
    }
}

/// Of offices held at once, the one that speaks for the state goes first.
fn rank(office: Option<&Office>) -> u8 {
    match office {
        Some(o) if o.single && o.sector == "GOV" => 3,
        Some(o) if o.single => 2,
        Some(o) if o.sector == "GOV" => 1,
        _ => 0,
    }
}
