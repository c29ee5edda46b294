//! GDELT 2.0 events: 61 columns, tab-separated, headerless by its convention.
//!
//! Empty what a record does not say: ethnicity, religion, tone. A date wider than a day has no SQLDATE, one wider than a month no MonthYear.

use super::Writer;
use super::gate::Told;
use super::tables::{base, cameo_role, country_name, fips, gdelt_quad, is_nonstate, root};
use super::tsv::{Tsv, number, score, some};
use crate::error::Result;
use crate::frame::Out;
use crate::query::Party;
use jiff::Timestamp;
use jiff::civil::Date;
use std::borrow::Cow;

pub const COLUMNS: [&str; 61] = [
    "GLOBALEVENTID",
    "SQLDATE",
    "MonthYear",
    "Year",
    "FractionDate",
    "Actor1Code",
    "Actor1Name",
    "Actor1CountryCode",
    "Actor1KnownGroupCode",
    "Actor1EthnicCode",
    "Actor1Religion1Code",
    "Actor1Religion2Code",
    "Actor1Type1Code",
    "Actor1Type2Code",
    "Actor1Type3Code",
    "Actor2Code",
    "Actor2Name",
    "Actor2CountryCode",
    "Actor2KnownGroupCode",
    "Actor2EthnicCode",
    "Actor2Religion1Code",
    "Actor2Religion2Code",
    "Actor2Type1Code",
    "Actor2Type2Code",
    "Actor2Type3Code",
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
    "Actor1Geo_Type",
    "Actor1Geo_FullName",
    "Actor1Geo_CountryCode",
    "Actor1Geo_ADM1Code",
    "Actor1Geo_ADM2Code",
    "Actor1Geo_Lat",
    "Actor1Geo_Long",
    "Actor1Geo_FeatureID",
    "Actor2Geo_Type",
    "Actor2Geo_FullName",
    "Actor2Geo_CountryCode",
    "Actor2Geo_ADM1Code",
    "Actor2Geo_ADM2Code",
    "Actor2Geo_Lat",
    "Actor2Geo_Long",
    "Actor2Geo_FeatureID",
    "ActionGeo_Type",
    "ActionGeo_FullName",
    "ActionGeo_CountryCode",
    "ActionGeo_ADM1Code",
    "ActionGeo_ADM2Code",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "ActionGeo_FeatureID",
    "DATEADDED",
    "SOURCEURL",
];

pub struct Gdelt2<'a> {
    tsv: Tsv<'a>,
}

impl<'a> Gdelt2<'a> {
    pub fn new(out: Out<'a>, header: bool) -> Result<Self> {
        Ok(Gdelt2 { tsv: Tsv::new(out, header.then_some(&COLUMNS))? })
    }
}

/// Columns of an actor, and of a place.
const ACTOR: usize = 10;
const GEO: usize = 8;

/// Code, name, country, known group, ethnic, two religions, three types.
fn actor(party: Option<&Party>) -> [Cow<'_, str>; ACTOR] {
    let mut cells: [Cow<'_, str>; ACTOR] = Default::default();
    let Some(party) = party else { return cells };
    let a = &party.actor;
    let country = a.country.as_deref().unwrap_or("");
    let mut types: Vec<&str> = Vec::new();
    let kind = match country {
        "UNO" | "EUR" | "IGO" => "IGO",
        other if is_nonstate(other) => other,
        _ => "",
    };
    types.extend((!kind.is_empty()).then_some(kind));
    let sectors = a.sector.as_deref().into_iter().chain(a.sectors.as_deref().into_iter().flat_map(|s| s.split(';')));
    for role in sectors.map(cameo_role).filter(|r| !r.is_empty()) {
        if !types.contains(&role) {
            types.push(role);
        }
    }
    types.truncate(3);
    let group = if matches!(country, "UNO" | "EUR") { country } else { "" };
    let state = if is_nonstate(country) { "" } else { country };
    cells[0] = Cow::Owned(format!("{state}{group}{}", types.concat()));
    cells[1] = Cow::Owned(party.name().to_uppercase());
    cells[2] = Cow::Borrowed(state);
    cells[3] = Cow::Borrowed(group);
    for (cell, kind) in cells[7..].iter_mut().zip(types) {
        *cell = Cow::Owned(kind.to_owned());
    }
    cells
}

/// Type, full name, country, first- and second-order division, latitude, longitude, feature.
fn action(told: &Told<'_>) -> [Cow<'static, str>; GEO] {
    let p = &told.e.place;
    let mut cells: [Cow<'static, str>; GEO] = Default::default();
    let country = p.country.as_deref().unwrap_or("");
    let american = country == "USA";
    let kind = match p.precision.as_deref() {
        Some("country") => 1,
        Some("province") => {
            if american {
                2
            } else {
                5
            }
        }
        Some("city" | "exact") => {
            if american {
                3
            } else {
                4
            }
        }
        _ => return cells,
    };
    let parts = [if kind == 1 { None } else { p.name.as_deref() }, p.admin1.as_deref(), Some(country_name(country))];
    let mut full: Vec<&str> = parts.into_iter().flatten().filter(|s| !s.is_empty()).collect();
    full.dedup();
    cells[0] = number(Some(kind));
    cells[1] = Cow::Owned(full.join(", "));
    cells[2] = Cow::Borrowed(fips(country));
    cells[5] = number(p.lat);
    cells[6] = number(p.lon);
    cells[7] = number(p.geonames);
    cells
}

fn fraction(day: &str) -> Option<String> {
    let date: Date = day.parse().ok()?;
    // GDELT counts a year as 365 days for this.
    Some(format!("{:.4}", f64::from(date.year()) + f64::from(date.day_of_year()) / 365.0))
}

impl Writer for Gdelt2<'_> {
    fn event(&mut self, told: &Told<'_>) -> Result<u64> {
        let e = told.e;
        let digits = |s: Option<&str>| s.map_or(String::new(), |s| s.replace('-', ""));
        let added = Timestamp::from_millisecond(e.report_added).map(|t| t.strftime("%Y%m%d%H%M%S").to_string()).unwrap_or_default();
        let place = action(told);
        let pairs = told.pairs();
        for &(source, target) in &pairs {
            let mut row: Vec<Cow<'_, str>> = Vec::with_capacity(COLUMNS.len());
            row.push(number(Some(e.number)));
            row.push(digits(told.day).into());
            row.push(digits(told.month).into());
            row.push(some(told.year));
            row.push(told.day.and_then(fraction).unwrap_or_default().into());
            row.extend(actor(source));
            row.extend(actor(target));
            row.push(if e.sentence == 0 { "1" } else { "0" }.into());
            row.push(Cow::Borrowed(&told.cameo));
            row.push(Cow::Borrowed(base(&told.cameo)));
            row.push(Cow::Borrowed(root(&told.cameo)));
            row.push(number(Some(gdelt_quad(&told.cameo))));
            row.push(score(told.goldstein));
            row.extend(["1", "1", "1", ""].map(Cow::Borrowed));
            // Where the actors are from is not where they are: only the action has a place.
            row.extend(std::iter::repeat_n(Cow::Borrowed(""), 2 * GEO));
            row.extend(place.iter().cloned());
            row.push(Cow::Borrowed(&added));
            row.push(some(e.url.as_deref()));
            self.tsv.row(&row)?;
        }
        Ok(pairs.len() as u64)
    }
    fn finish(&mut self) -> Result<()> {
        self.tsv.finish()
    }
}
