//! What the files of `data/actors/` know: states, bodies, persons with dated offices, and the names of all of them.

use super::fold::{Pieces, hash, join, pieces_of, slug};
use super::table::Table;
use super::tsv::{Row, list, rows};
use crate::data::DataFiles;
use crate::error::Result;
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
    ids: HashMap<CompactString, EntityIx>,
    /// (country, role) → (person, term), in order of the files.
    holders: HashMap<u64, Vec<(EntityIx, u32)>>,
    office_keys: HashMap<CompactString, u8>,
    sectors: Vec<CompactString>,
    non_states: Vec<CompactString>,
}

impl Knowledge {
    /// Reads the tables. The first bad entry is an error (E0110).
    pub fn load(files: &DataFiles) -> Result<Knowledge> {
        let mut k = Knowledge { names: Table::with_capacity(16_000), ..Knowledge::default() };
        k.sectors = codes(files, "ontology/sectors.tsv")?;
        k.non_states = codes(files, "ontology/nonstates.tsv")?;
        k.each(files, "actors/offices.tsv", Knowledge::office)?;
        k.each(files, "actors/countries.tsv", Knowledge::country)?;
        for (file, text) in files.under("actors/") {
            if matches!(file, "actors/offices.tsv" | "actors/countries.tsv") || !file.ends_with(".tsv") {
                continue;
            }
            let add: fn(&mut Knowledge, Row) -> Result<()> = match file {
                "actors/seats.tsv" => Knowledge::seat,
                "actors/igos.tsv" => Knowledge::igo,
                _ if file.starts_with("actors/regions") => Knowledge::region,
                _ if file.starts_with("actors/orgs/") => Knowledge::org,
                _ if file.starts_with("actors/persons/") => Knowledge::person,
                "actors/members.tsv" => continue,
                _ => Knowledge::any,
            };
            for row in rows(file, text) {
                add(&mut k, row)?;
            }
        }
        Ok(k)
    }

    fn each(&mut self, files: &DataFiles, file: &str, add: fn(&mut Knowledge, Row) -> Result<()>) -> Result<()> {
        rows(file, files.get(file)?).try_for_each(|row| add(self, row))
    }

    /// A line of a mixed file: the table's name comes first.
    fn any(&mut self, row: Row) -> Result<()> {
        let (table, rest) = row.shift();
        match table {
            "country" => self.country(rest),
            "seat" => self.seat(rest),
            "igo" => self.igo(rest),
            "region" => self.region(rest),
            "org" => self.org(rest),
            "person" => self.person(rest),
            other => Err(row.error(
                "table",
                format_args!("\"{other}\" is no table"),
                "begin the line with country, seat, igo, region, org or person",
            )),
        }
    }

    fn office(&mut self, row: Row) -> Result<()> {
        let [key, name, sector, country, roles, single] = row.fields();
        if key.is_empty() || name.is_empty() {
            return Err(row.error("key", "key and office must not be empty", "name both"));
        }
        self.check_sector(row, sector)?;
        let at = self.offices.len();
        if at > 250 || self.office_keys.insert(key.into(), at as u8).is_some() {
            return Err(row.error("key", format_args!("\"{key}\" stands twice"), "choose another key"));
        }
        self.offices.push(Office {
            key: key.into(),
            name: name.into(),
            sector: sector.into(),
            country: country.into(),
            roles: list(roles).map(Into::into).collect(),
            single: single == "yes",
        });
        Ok(())
    }

    fn country(&mut self, row: Row) -> Result<()> {
        let [code, name, names, adjectives, people, seats, tags, cow, gw, since, until, before] = row.fields();
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(row.error(
                "code",
                format_args!("\"{code}\" is no country code"),
                "use three capital letters, as ISO 3166-1 alpha-3 does",
            ));
        }
        let number = |field: &str, text: &str| match text {
            "" => Ok(None),
            t => t
                .parse::<u16>()
                .map(Some)
                .map_err(|_| row.error(field, format_args!("\"{t}\" is no number"), "write digits or leave it empty")),
        };
        let (since, until) = row.period("since", since, until)?;
        let e = self.entity(row, format_compact!("country/{code}"), name, Class::Country, code, "", since, until)?;
        let cow = number("cow", cow)?;
        let gw = number("gw", gw)?.or(cow);
        self.states.insert(e, State { tags: tags.split_whitespace().map(Into::into).collect(), cow, gw, before: before.into() });
        self.name(e, name, Form::Name);
        list(names).for_each(|n| self.name(e, n, Form::Name));
        for a in list(adjectives) {
            self.name(e, a, Form::Adjective);
            if people.is_empty()
                && let Some(plural) = plural_of(a)
            {
                self.name(e, &plural, Form::People { plural: true });
            }
        }
        for p in list(people) {
            let (one, many) = match p.split_once('/') {
                Some((one, many)) => (one, many.to_owned()),
                None => (p, plural_of(p).unwrap_or_else(|| format!("{p}s"))),
            };
            self.name(e, one, Form::People { plural: false });
            self.name(e, &many, Form::People { plural: true });
        }
        let mut last: Option<(String, EntityIx)> = None;
        for s in list(seats) {
            let bare = s.trim_start_matches(['~', '=']);
            let id = slug(bare);
            // Two spellings of one town stand beside each other.
            let seat = match &last {
                Some((before, seat)) if *before == id => *seat,
                _ => self.entity(row, format_compact!("seat/{id}"), bare, Class::Seat, code, "GOV", i32::MIN, i32::MAX)?,
            };
            self.name(seat, s, Form::Name);
            last = Some((id, seat));
        }
        Ok(())
    }

    fn seat(&mut self, row: Row) -> Result<()> {
        let [names, country, sector] = row.fields();
        let first = list(names).next().unwrap_or("").trim_start_matches(['~', '=']);
        let e = self.entity(row, format_compact!("seat/{}", slug(first)), first, Class::Seat, country, sector, i32::MIN, i32::MAX)?;
        list(names).for_each(|n| self.name(e, n, Form::Name));
        Ok(())
    }

    fn region(&mut self, row: Row) -> Result<()> {
        let [country, names, adjectives, sector] = row.fields();
        let first = list(names).chain(list(adjectives)).next().unwrap_or("").trim_start_matches(['~', '=']);
        let e = self.entity(
            row,
            format_compact!("region/{}-{}", country.to_lowercase(), slug(first)),
            first,
            Class::Region,
            country,
            sector,
            i32::MIN,
            i32::MAX,
        )?;
        list(names).for_each(|n| self.name(e, n, Form::Name));
        for a in list(adjectives) {
            self.name(e, a, Form::Adjective);
            if let Some(plural) = plural_of(a) {
                self.name(e, &plural, Form::People { plural: true });
            }
        }
        Ok(())
    }

    fn igo(&mut self, row: Row) -> Result<()> {
        let [id, name, names, code, sector, since, until] = row.fields();
        let (since, until) = row.period("since", since, until)?;
        let e = self.entity(row, format_compact!("igo/{id}"), name, Class::Igo, code, sector, since, until)?;
        self.name(e, name, Form::Name);
        list(names).for_each(|n| self.name(e, n, Form::Name));
        Ok(())
    }

    fn org(&mut self, row: Row) -> Result<()> {
        let [name, names, country, sector, since, until, wikidata] = row.fields();
        let (since, until) = row.period("since", since, until)?;
        let bare = name.trim_start_matches(['~', '=']);
        let e = self.entity(row, format_compact!("org/{}", slug(bare)), bare, Class::Org, country, sector, since, until)?;
        self.wikidata(row, e, wikidata)?;
        self.name(e, name, Form::Name);
        list(names).for_each(|n| self.name(e, n, Form::Name));
        Ok(())
    }

    fn person(&mut self, row: Row) -> Result<()> {
        let [name, names, country, terms, gender, wikidata, id] = row.fields();
        let id = if id.is_empty() { slug(name) } else { id.to_owned() };
        let e = self.entity(row, format_compact!("person/{id}"), name, Class::Person, country, "", i32::MIN, i32::MAX)?;
        self.wikidata(row, e, wikidata)?;
        let from = self.terms.len() as u32;
        for t in list(terms) {
            let term = self.term(row, country, t)?;
            let at = self.terms.len() as u32;
            for role in self.offices.get(term.office as usize).map_or(&[][..], |o| &o.roles) {
                let key = join(hash(term.country.as_bytes()), hash(role.as_bytes()));
                self.holders.entry(key).or_default().push((e, at));
            }
            self.terms.push(term);
        }
        let to = self.terms.len() as u32;
        if let Some(p) = self.entities.get_mut(e as usize) {
            p.terms = (from, to);
            p.female = match gender {
                "" | "m" => false,
                "f" => true,
                other => return Err(row.error("gender", format_args!("\"{other}\""), "write m, f or nothing")),
            };
        }
        self.name(e, name, Form::Name);
        let last = name.rsplit(' ').next().unwrap_or(name);
        let mut short = name.contains(' ');
        for n in list(names) {
            match (n, n.strip_prefix('*'), n.strip_prefix('-')) {
                ("*", ..) => self.name(e, last, Form::Name),
                (_, Some(alone), _) => self.name(e, alone, Form::Name),
                (_, _, Some(surname)) => self.name(e, surname, Form::Short),
                _ => {
                    self.name(e, n, Form::Name);
                    continue;
                }
            }
            short = false;
        }
        if short {
            self.name(e, last, Form::Short);
        }
        Ok(())
    }

    /// `KEY:from..to`, with `KEY@COUNTRY` where the office is another country's.
    fn term(&self, row: Row, country: &str, text: &str) -> Result<Term> {
        let (office, period) = text.split_once(':').unwrap_or((text, ".."));
        let (key, at) = office.split_once('@').unwrap_or((office, ""));
        let Some(&office) = self.office_keys.get(key) else {
            return Err(row.error("offices", format_args!("\"{key}\" is no office"), "use a key of data/actors/offices.tsv"));
        };
        let (from, to) = match period.split_once("..") {
            Some((from, to)) => row.period("offices", from, to)?,
            None => (row.day("offices", period, false)?, row.day("offices", period, true)?),
        };
        let over = self.offices.get(office as usize).map_or("", |o| o.country.as_str());
        let country = [at, over, country].into_iter().find(|c| !c.is_empty()).unwrap_or("");
        self.check_country(row, country)?;
        Ok(Term { office, country: country.into(), from, to })
    }

    fn wikidata(&mut self, row: Row, e: EntityIx, id: &str) -> Result<()> {
        let digits = id.strip_prefix('Q').unwrap_or(id);
        if !id.is_empty() && (digits.len() == id.len() || !digits.bytes().all(|b| b.is_ascii_digit())) {
            return Err(row.error("wikidata", format_args!("\"{id}\" is no item"), "write it as Q42 or leave it empty"));
        }
        if let Some(entity) = self.entities.get_mut(e as usize) {
            entity.wikidata = id.into();
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn entity(
        &mut self,
        row: Row,
        id: CompactString,
        name: &str,
        class: Class,
        country: &str,
        sector: &str,
        since: i32,
        until: i32,
    ) -> Result<EntityIx> {
        if name.is_empty() {
            return Err(row.error("name", "is empty", "name the entity"));
        }
        if class != Class::Country {
            self.check_country(row, country)?;
        }
        self.check_sector(row, sector)?;
        let at = self.entities.len() as EntityIx;
        if let Some(old) = self.ids.insert(id.clone(), at)
            && let Some(old) = self.entities.get_mut(old as usize)
        {
            old.dead = true;
        }
        self.entities.push(Entity {
            id,
            name: name.into(),
            class,
            country: country.into(),
            sector: sector.into(),
            since,
            until,
            wikidata: CompactString::default(),
            female: false,
            terms: (0, 0),
            dead: false,
        });
        Ok(at)
    }

    fn check_country(&self, row: Row, code: &str) -> Result<()> {
        if code.is_empty() || self.non_states.iter().any(|c| c == code) || self.ids.contains_key(&format_compact!("country/{code}")) {
            return Ok(());
        }
        Err(row.error(
            "country",
            format_args!("\"{code}\" is no code of data/actors/countries.tsv"),
            "add the country there, or use IGO UNO EUR NGO IMG ISM MNC WLD",
        ))
    }

    fn check_sector(&self, row: Row, sector: &str) -> Result<()> {
        if sector.is_empty() || self.sectors.iter().any(|s| s == sector) {
            return Ok(());
        }
        Err(row.error("sector", format_args!("\"{sector}\" is no PLOVER sector"), format!("use one of {}", self.sectors.join(" "))))
    }

    /// Adds a name with its marks ("=US", "~Georgia").
    fn name(&mut self, entity: EntityIx, text: &str, form: Form) {
        let weak = text.starts_with('~');
        let text = text.strip_prefix('~').unwrap_or(text);
        let (case, text) = match text.strip_prefix('=') {
            Some(t) => (Case::Exact, t),
            None if text.starts_with(char::is_lowercase) && !text.starts_with("the ") => (Case::Any, text),
            None => (Case::Title, text),
        };
        let text = text.strip_prefix("the ").unwrap_or(text);
        let pieces = pieces_of(text);
        let exact = if case == Case::Exact { self.keep(pieces.exact(0, pieces.list.len())) } else { (0, 0) };
        self.names.insert(&pieces, Name { entity, form, case, weak, exact });
    }

    fn keep(&mut self, letters: &str) -> (u32, u32) {
        let from = self.exact.len() as u32;
        self.exact.push_str(letters);
        (from, self.exact.len() as u32)
    }

    pub fn get(&self, e: EntityIx) -> Option<&Entity> {
        self.entities.get(e as usize)
    }
    pub fn by_id(&self, id: &str) -> Option<EntityIx> {
        self.ids.get(id).copied()
    }
    pub fn country_entity(&self, code: &str) -> Option<EntityIx> {
        self.by_id(&format_compact!("country/{code}"))
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

/// The codes in the first field of a table.
fn codes(files: &DataFiles, file: &str) -> Result<Vec<CompactString>> {
    Ok(rows(file, files.get(file)?).map(|r| r.fields::<1>()[0].into()).collect())
}

/// Plural of a word for a people; none where the word is a collective ("the Chinese", "the French").
fn plural_of(word: &str) -> Option<String> {
    let bare = word.trim_start_matches(['=', '~']);
    let ends = |s: &[&str]| s.iter().any(|e| bare.ends_with(e));
    if ends(&["ese", "ish", "nch", "tch", "ss", "gyz", "s", "é", "è", ".", "land", "ois"]) || bare.chars().all(|c| !c.is_lowercase()) {
        return None;
    }
    if ends(&["man"]) && !ends(&["rman", "oman"]) {
        return None;
    }
    Some(format!("{bare}s"))
}
