//! Reads the tables of `data/actors/`. Who edits them sees errors that name file, line, field and remedy.

use super::super::fold::{hash, join, pieces_of, slug};
use super::super::table::Table;
use super::super::tsv::{Row, list, rows};
use super::{Case, Class, Entity, EntityIx, Form, Knowledge, Membership, Name, Office, Source, State, Term};
use crate::data::DataFiles;
use crate::error::Result;
use compact_str::{CompactString, format_compact};

impl Knowledge {
    /// Reads the tables: ours first, then the caller's, so that a caller's entry replaces ours of the same id. The first bad
    /// entry is an error (E0110).
    pub fn load(files: &DataFiles) -> Result<Knowledge> {
        let mut k = Knowledge { names: Table::with_capacity(20_000), ..Knowledge::default() };
        k.sectors = codes(files, "ontology/sectors.tsv")?;
        k.non_states = codes(files, "ontology/nonstates.tsv")?;
        // What others refer to must be there first; a missing table of ours is an error.
        files.get("actors/offices.tsv").and(files.get("actors/countries.tsv"))?;
        let mut tables: Vec<(bool, u8, &str, &str)> = files
            .under("actors/")
            .filter(|(file, _)| file.ends_with(".tsv"))
            .map(|(file, text)| (!files.is_ours(file), order(file), file, text))
            .collect();
        // Offices and countries come first even where the caller has replaced them: everything refers to them.
        tables.sort_by_key(|&(theirs, order, file, _)| (order > 1 && theirs, order, file));
        for (_, _, file, text) in tables {
            let add = adder(file);
            k.files.push(file.to_owned());
            for row in rows(file, text) {
                add(&mut k, row)?;
            }
        }
        k.check_references(files)?;
        Ok(k)
    }

    /// A line of a mixed file: the table's name comes first.
    fn any(&mut self, row: Row) -> Result<()> {
        let (table, rest) = row.shift();
        let add: fn(&mut Knowledge, Row) -> Result<()> = match table {
            "office" => Knowledge::office,
            "country" => Knowledge::country,
            "seat" => Knowledge::seat,
            "igo" => Knowledge::igo,
            "member" => Knowledge::member,
            "region" => Knowledge::region,
            "org" => Knowledge::org,
            "person" => Knowledge::person,
            other => {
                return Err(row.error(
                    "table",
                    format_args!("\"{other}\" is no table"),
                    "begin the line with office, country, seat, igo, member, region, org or person, and a tab",
                ));
            }
        };
        add(self, rest)
    }

    /// Codes that may be defined after they are referred to.
    fn check_references(&self, files: &DataFiles) -> Result<()> {
        let known = |code: &str| code.is_empty() || self.ids.contains_key(&format_compact!("country/{code}"));
        for e in self.entities.iter().filter(|e| e.class == Class::Country && !e.dead) {
            let before = self.country_entity(&e.country).and_then(|x| self.states.get(&x)).map_or("", |s| s.before.as_str());
            if !known(before) {
                let file = self.files.get(usize::from(e.source.file)).map_or("", String::as_str);
                let text = files.get(file)?.lines().nth(e.source.line as usize - 1).unwrap_or("");
                let row = Row { file, line: e.source.line as usize, text };
                return Err(row.error("before", format_args!("\"{before}\" is no country"), "give the earlier state a line of its own"));
            }
        }
        Ok(())
    }

    fn source(&self, row: Row) -> Source {
        Source { file: self.files.len().saturating_sub(1) as u16, line: row.line as u32 }
    }

    fn office(&mut self, row: Row) -> Result<()> {
        let [key, name, sector, country, roles, single] = row.fields()?;
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
        let [code, name, names, adjectives, people, seats, tags, cow, gw, since, until, before, wikidata] = row.fields()?;
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
        self.wikidata(row, e, wikidata)?;
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
        let [names, country, sector] = row.fields()?;
        let first = list(names).next().unwrap_or("").trim_start_matches(['~', '=']);
        let e = self.entity(row, format_compact!("seat/{}", slug(first)), first, Class::Seat, country, sector, i32::MIN, i32::MAX)?;
        list(names).for_each(|n| self.name(e, n, Form::Name));
        Ok(())
    }

    fn region(&mut self, row: Row) -> Result<()> {
        let [country, names, adjectives, sector] = row.fields()?;
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
        let [id, name, names, code, sector, since, until, wikidata] = row.fields()?;
        let (since, until) = row.period("since", since, until)?;
        let e = self.entity(row, format_compact!("igo/{id}"), name, Class::Igo, code, sector, since, until)?;
        self.wikidata(row, e, wikidata)?;
        self.name(e, name, Form::Name);
        list(names).for_each(|n| self.name(e, n, Form::Name));
        Ok(())
    }

    /// Who belongs to a body, and since when: `CODE:from..to`. A later file's line for the same body and role replaces these.
    fn member(&mut self, row: Row) -> Result<()> {
        let [body, role, members] = row.fields()?;
        let Some(body) = self.by_id(&format_compact!("igo/{body}")) else {
            return Err(row.error(
                "body",
                format_args!("\"{body}\" is no slug of data/actors/igos.tsv"),
                "add the body there, or mend the slug",
            ));
        };
        if role.is_empty() {
            return Err(row.error("role", "is empty", "write member, permanent, elected, observer or the like"));
        }
        let source = self.source(row);
        self.memberships.retain(|m| m.body != body || m.role != role || m.source.file == source.file);
        for text in list(members) {
            let (state, period) = text.split_once(':').unwrap_or((text, ".."));
            if !self.ids.contains_key(&format_compact!("country/{state}")) {
                return Err(row.error(
                    "members",
                    format_args!("\"{state}\" is no code of data/actors/countries.tsv"),
                    "write a member as CODE:from..to, e.g. ESP:1986-01-01..",
                ));
            }
            let (from, to) = match period.split_once("..") {
                Some((from, to)) => row.period("members", from, to)?,
                None => (row.day("members", period, false)?, row.day("members", period, true)?),
            };
            self.memberships.push(Membership { body, state: state.into(), role: role.into(), from, to, source });
        }
        Ok(())
    }

    fn org(&mut self, row: Row) -> Result<()> {
        let [name, names, country, sector, since, until, wikidata] = row.fields()?;
        let (since, until) = row.period("since", since, until)?;
        let bare = name.trim_start_matches(['~', '=']);
        let e = self.entity(row, format_compact!("org/{}", slug(bare)), bare, Class::Org, country, sector, since, until)?;
        self.wikidata(row, e, wikidata)?;
        self.name(e, name, Form::Name);
        list(names).for_each(|n| self.name(e, n, Form::Name));
        Ok(())
    }

    fn person(&mut self, row: Row) -> Result<()> {
        let [name, names, country, terms, gender, wikidata, id] = row.fields()?;
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
        let source = self.source(row);
        if let Some(old) = self.ids.insert(id.clone(), at)
            && let Some(old) = self.entities.get_mut(old as usize)
        {
            if old.source.file == source.file {
                return Err(row.error(
                    "name",
                    format_args!("{id} stands twice, first in line {}", old.source.line),
                    "join the two lines, or give one of them another name or id",
                ));
            }
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
            source,
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
        let spelled = self.keep(text);
        let text = text.strip_prefix("the ").unwrap_or(text);
        let pieces = pieces_of(text);
        let exact = if case == Case::Exact { self.keep(pieces.exact(0, pieces.list.len())) } else { (0, 0) };
        self.names.insert(&pieces, Name { entity, form, case, weak, exact, spelled });
    }

    fn keep(&mut self, letters: &str) -> (u32, u32) {
        let from = self.exact.len() as u32;
        self.exact.push_str(letters);
        (from, self.exact.len() as u32)
    }
}

/// How the lines of a file are read: by the table that its path names, or as a mixed file.
fn adder(file: &str) -> fn(&mut Knowledge, Row) -> Result<()> {
    match file {
        "actors/offices.tsv" => Knowledge::office,
        "actors/countries.tsv" => Knowledge::country,
        "actors/igos.tsv" => Knowledge::igo,
        "actors/members.tsv" => Knowledge::member,
        "actors/seats.tsv" => Knowledge::seat,
        _ if file.starts_with("actors/regions") => Knowledge::region,
        _ if file.starts_with("actors/orgs/") => Knowledge::org,
        _ if file.starts_with("actors/persons/") => Knowledge::person,
        _ => Knowledge::any,
    }
}

/// What must be read before what.
fn order(file: &str) -> u8 {
    match file {
        "actors/offices.tsv" => 0,
        "actors/countries.tsv" => 1,
        "actors/igos.tsv" => 2,
        _ if file.starts_with("actors/further/") => 4,
        _ => 3,
    }
}

/// The codes in the first field of a table.
fn codes(files: &DataFiles, file: &str) -> Result<Vec<CompactString>> {
    Ok(rows(file, files.get(file)?).map(|r| r.shift().0.into()).collect())
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
