//! All places known: states, our own regions and features, and the towns and divisions of GeoNames.

use super::fold::{Pieces, join, pieces_of};
use super::index::{self, Index, sound_of};
use super::words::PlaceWords;
use crate::data::DataFiles;
use crate::error::{Error, Result};
use crate::mention::actors::table::Ready;
use crate::mention::actors::tsv::{Row, list, rows};
use compact_str::CompactString;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

const CITIES: &str = "places/cities.tsv";
const DIVISIONS: &str = "places/divisions.tsv";
const REGIONS: &str = "places/regions.tsv";
const FEATURES: &str = "places/features.tsv";
const COUNTRIES: &str = "places/countries.tsv";
static BLOCK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/places.bin"));

/// How exactly a place says where something is, from the widest to the most exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    None,
    Country,
    Province,
    City,
    Exact,
}

impl Precision {
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::None => "none",
            Precision::Country => "country",
            Precision::Province => "province",
            Precision::City => "city",
            Precision::Exact => "exact",
        }
    }
}

/// Number of a place in the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    /// In our own tables.
    Own(u32),
    /// In the block of towns and divisions.
    Spot(u32),
}

/// A place that a name can mean, and how the name stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    pub id: Id,
    pub form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Name,
    /// Another spelling, as GeoNames collects them.
    Spelling,
    /// Only where the surroundings vouch for it: abbreviations, names that are words.
    Weak,
    /// Adjective or people: "Syrian", "Syrians".
    People,
}

/// What is known of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts<'a> {
    pub id: Id,
    pub name: &'a str,
    /// Empty where it lies in no one country.
    pub country: &'a str,
    /// Name of the first-order division, empty where none is known.
    pub admin1: &'a str,
    /// Number of that division in the block; of a division, its own.
    pub division: Option<u32>,
    pub feature: &'a str,
    pub precision: Precision,
    pub lat: f64,
    pub lon: f64,
    pub people: u32,
    pub geonames: Option<u64>,
    pub capital: bool,
    /// A state or territory.
    pub state: bool,
}

#[derive(Debug)]
struct Own {
    name: CompactString,
    country: CompactString,
    admin1: CompactString,
    feature: CompactString,
    precision: Precision,
    lat: f64,
    lon: f64,
    geonames: Option<u64>,
    state: bool,
    /// Number in the block of the first-order division that it is or lies in.
    division: Option<u32>,
}

#[derive(Debug, Clone)]
struct Use {
    own: u32,
    form: Form,
    /// Letters as they must stand, empty where only the first must be a capital.
    exact: CompactString,
}

/// The places known, and how a language words them.
#[derive(Debug)]
pub struct Gazetteer {
    block: Cow<'static, [u8]>,
    own: Vec<Own>,
    names: HashMap<u64, Vec<Use>, BuildHasherDefault<Ready>>,
    features: BTreeMap<CompactString, Precision>,
    pub(super) languages: BTreeMap<String, PlaceWords>,
}

impl Gazetteer {
    /// Reads `data/places/` and each language's `places.toml`. The first bad entry is an error (E0110, E0102).
    pub fn load(files: &DataFiles) -> Result<Self> {
        let block = match (files.find(DIVISIONS), files.find(CITIES)) {
            (None, None) => Cow::Borrowed(BLOCK),
            (divisions, cities) => Cow::Owned(index::build(divisions.unwrap_or(""), cities.unwrap_or("")).map_err(|(city, fault)| {
                let (line, field, what) = fault;
                let file = if city { CITIES } else { DIVISIONS };
                let remedy = "write the fields that the file's head names, parted by tabs; give both files or neither";
                Error::new("E0110", format!("{field}: {what}"), format!("data/{file}, line {line}"), remedy)
            })?),
        };
        let mut g = Gazetteer { block, own: Vec::new(), names: HashMap::default(), features: BTreeMap::new(), languages: BTreeMap::new() };
        for row in rows(FEATURES, files.get(FEATURES)?) {
            let [feature, precision] = row.fields()?;
            let p = [Precision::None, Precision::Country, Precision::Province, Precision::City, Precision::Exact];
            let Some(p) = p.into_iter().find(|p| p.as_str() == precision) else {
                return Err(row.error("precision", format_args!("\"{precision}\""), "write exact, city, province, country or none"));
            };
            g.features.insert(feature.into(), p);
        }
        g.states(files)?;
        for row in rows(REGIONS, files.get(REGIONS)?) {
            g.region(row)?;
        }
        for (path, text) in files.under("lang/") {
            if let Some(lang) = path.strip_prefix("lang/").and_then(|p| p.strip_suffix("/places.toml")) {
                let words = PlaceWords::load(path, text, |f| g.features.contains_key(f))?;
                g.languages.insert(lang.to_owned(), words);
            }
        }
        Ok(g)
    }

    /// Names of states and peoples are those of the actors' tables; where they lie is in `countries.tsv`.
    fn states(&mut self, files: &DataFiles) -> Result<()> {
        let mut spots: BTreeMap<&str, (f64, f64, Option<u64>)> = BTreeMap::new();
        for row in rows(COUNTRIES, files.get(COUNTRIES)?) {
            let [code, lat, lon, geonames] = row.fields()?;
            spots.insert(code, (degrees(row, "lat", lat, 90.0)?, degrees(row, "lon", lon, 180.0)?, number(row, geonames)?));
        }
        for row in rows("actors/countries.tsv", files.get("actors/countries.tsv")?) {
            let [code, name, names, adjectives, people] = row.first();
            let Some(&(lat, lon, geonames)) = spots.get(code) else { continue };
            let own = self.own.len() as u32;
            self.own.push(Own {
                name: name.into(),
                country: code.into(),
                admin1: CompactString::default(),
                feature: "country".into(),
                precision: Precision::Country,
                lat,
                lon,
                geonames,
                state: true,
                division: None,
            });
            self.name(own, name, Form::Name);
            list(names).for_each(|n| self.name(own, n, Form::Name));
            self.people(own, adjectives, people);
        }
        Ok(())
    }

    fn region(&mut self, row: Row) -> Result<()> {
        let [name, country, admin1, feature, lat, lon, names, adjectives, geonames] = row.fields()?;
        if name.is_empty() {
            return Err(row.error("name", "is empty", "name the place"));
        }
        let Some(&precision) = self.features.get(feature) else {
            let known: Vec<&str> = self.features.keys().map(CompactString::as_str).collect();
            return Err(row.error("feature", format_args!("\"{feature}\" is none"), format!("use one of: {}", known.join(", "))));
        };
        if !country.is_empty() && !self.own.iter().any(|o| o.state && o.country == country) {
            return Err(row.error(
                "country",
                format_args!("\"{country}\" is unknown"),
                "use a code of data/actors/countries.tsv, or leave it empty",
            ));
        }
        let own = self.own.len() as u32;
        let bare = name.trim_start_matches(['=', '~']);
        let division = [admin1, if feature == "division" { bare } else { "" }].into_iter().find_map(|n| self.division(country, n));
        let admin1 = division.and_then(|d| self.index().spot(d)).map_or(admin1, |d| d.name).into();
        self.own.push(Own {
            name: bare.into(),
            country: country.into(),
            admin1,
            division,
            feature: feature.into(),
            precision,
            lat: degrees(row, "lat", lat, 90.0)?,
            lon: degrees(row, "lon", lon, 180.0)?,
            geonames: number(row, geonames)?,
            state: false,
        });
        self.name(own, name, Form::Name);
        list(names).for_each(|n| self.name(own, n, Form::Name));
        self.people(own, adjectives, "");
        Ok(())
    }

    fn people(&mut self, own: u32, adjectives: &str, people: &str) {
        for a in list(adjectives) {
            self.name(own, a, Form::People);
            self.name(own, &format!("{a}s"), Form::People);
        }
        for p in list(people) {
            match p.split_once('/') {
                Some((one, many)) => [one, many].into_iter().for_each(|n| self.name(own, n, Form::People)),
                None => [p.to_owned(), format!("{p}s")].iter().for_each(|n| self.name(own, n, Form::People)),
            }
        }
    }

    fn name(&mut self, own: u32, name: &str, form: Form) {
        let bare = name.trim_start_matches(['=', '~']);
        let pieces = pieces_of(bare);
        // "the States" is found at "States", as names in running text are.
        let form = if name.starts_with('~') { Form::Weak } else { form };
        let exact = if name.contains('=') { pieces.exact(0, pieces.list.len()).into() } else { CompactString::default() };
        let uses = self.names.entry(index::key_of(bare)).or_default();
        if !uses.iter().any(|u| u.own == own && u.exact == exact) {
            uses.push(Use { own, form, exact });
        }
    }

    /// The first-order division of a country that bears a name.
    fn division(&self, country: &str, name: &str) -> Option<u32> {
        if name.is_empty() {
            return None;
        }
        self.index()
            .find(index::key_of(name))
            .map(|(i, _)| i)
            .find(|&i| self.index().spot(i).is_some_and(|s| s.order == 1 && s.country == country))
    }
    fn index(&self) -> Index<'_> {
        Index::new(&self.block)
    }
    /// Number of places.
    pub fn len(&self) -> usize {
        self.own.len() + self.index().len()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the pieces `from..to` of a text can mean, own entries first; `key` is the hash of those pieces.
    pub(super) fn meant(&self, pieces: &Pieces, from: usize, to: usize, key: u64, out: &mut Vec<Meant>) {
        out.clear();
        for u in self.names.get(&key).into_iter().flatten() {
            if u.exact.is_empty() || u.exact == pieces.exact(from, to) {
                out.push(Meant { id: Id::Own(u.own), form: u.form });
            }
        }
        out.extend(
            self.index()
                .find(key)
                .take(MOST)
                .map(|(spot, other)| Meant { id: Id::Spot(spot), form: if other { Form::Spelling } else { Form::Name } }),
        );
    }

    /// Towns and divisions that sound like the pieces `from..to` of a text, best known first.
    pub(super) fn sounding(&self, pieces: &Pieces) -> Vec<Facts<'_>> {
        let Some(key) = sound_of((0..pieces.list.len()).map(|i| pieces.text(i, i + 1))) else { return Vec::new() };
        let mut out: Vec<Facts> = self.index().find(key).take(MOST).filter_map(|(spot, _)| self.facts(Id::Spot(spot))).collect();
        out.sort_by_key(|f| (f.feature != "town", std::cmp::Reverse(f.people)));
        out
    }

    /// All that `name` can mean, whatever stands around it.
    pub fn look_up(&self, name: &str) -> Vec<Facts<'_>> {
        let pieces = pieces_of(name);
        let mut out = Vec::new();
        let key = pieces.list.iter().fold(0, |k, p| join(k, p.hash));
        self.meant(&pieces, 0, pieces.list.len(), key, &mut out);
        out.iter().filter_map(|m| self.facts(m.id)).collect()
    }

    pub(super) fn facts(&self, id: Id) -> Option<Facts<'_>> {
        match id {
            Id::Own(i) => {
                let o = self.own.get(i as usize)?;
                Some(Facts {
                    id,
                    name: &o.name,
                    country: &o.country,
                    admin1: &o.admin1,
                    division: o.division,
                    feature: &o.feature,
                    precision: o.precision,
                    lat: o.lat,
                    lon: o.lon,
                    people: 0,
                    geonames: o.geonames,
                    capital: false,
                    state: o.state,
                })
            }
            Id::Spot(i) => {
                let s = self.index().spot(i)?;
                let division = if s.order == 1 { Some(i) } else { s.division };
                let admin1 = division.and_then(|d| self.index().spot(d)).map_or("", |d| d.name);
                let (feature, precision) = match s.order {
                    0 => ("town", Precision::City),
                    1 => ("division", Precision::Province),
                    _ => ("district", Precision::Province),
                };
                Some(Facts {
                    id,
                    name: s.name,
                    country: s.country,
                    admin1,
                    division,
                    feature,
                    precision,
                    lat: f64::from(s.lat) / 1000.0,
                    lon: f64::from(s.lon) / 1000.0,
                    people: s.people,
                    geonames: (s.geonames > 0).then_some(u64::from(s.geonames)),
                    capital: s.capital,
                    state: false,
                })
            }
        }
    }
}

/// Places of one name that are looked at: the "San Antonio"s of the world are more than anyone can mean.
const MOST: usize = 200;

fn degrees(row: Row, field: &str, text: &str, most: f64) -> Result<f64> {
    match text.parse::<f64>() {
        Ok(n) if n.abs() <= most => Ok(n),
        _ => Err(row.error(field, format_args!("\"{text}\""), format!("write decimal degrees from -{most} to {most}"))),
    }
}

fn number(row: Row, text: &str) -> Result<Option<u64>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| row.error("geonames", format_args!("\"{text}\" is no number"), "write digits or leave it empty"))
}

impl Facts<'_> {
    /// Whether it stands in our own tables.
    pub(super) fn id_is_own(&self) -> bool {
        matches!(self.id, Id::Own(_))
    }
}
