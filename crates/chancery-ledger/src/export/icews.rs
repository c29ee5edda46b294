//! ICEWS: 20 columns, tab-separated with a heading. Countries and sectors are spelled out.

use super::Writer;
use super::gate::Told;
use super::tables::{cameo_name, country_name, sector_name};
use super::tsv::{Tsv, number, score, some};
use crate::error::Result;
use crate::frame::Out;
use crate::ids;
use crate::query::Party;
use std::borrow::Cow;

pub const COLUMNS: [&str; 20] = [
    "Event ID",
    "Event Date",
    "Source Name",
    "Source Sectors",
    "Source Country",
    "Event Text",
    "CAMEO Code",
    "Intensity",
    "Target Name",
    "Target Sectors",
    "Target Country",
    "Story ID",
    "Sentence Number",
    "Publisher",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
];

pub struct Icews<'a> {
    tsv: Tsv<'a>,
}

impl<'a> Icews<'a> {
    pub fn new(out: Out<'a>) -> Result<Self> {
        Ok(Icews { tsv: Tsv::new(out, Some(&COLUMNS))? })
    }
}

/// Name, sectors, country.
fn actor(party: Option<&Party>) -> [Cow<'_, str>; 3] {
    let Some(p) = party else { return Default::default() };
    let own = p.actor.sector.as_deref();
    let all = p.actor.sectors.as_deref().into_iter().flat_map(|s| s.split(';'));
    let mut sectors: Vec<String> = Vec::new();
    for sector in own.into_iter().chain(all).map(sector_name).filter(|s| !s.is_empty()) {
        let mut name = sector.to_owned();
        name[..1].make_ascii_uppercase();
        if !sectors.contains(&name) {
            sectors.push(name);
        }
    }
    [Cow::Borrowed(p.name()), sectors.join(",").into(), Cow::Borrowed(p.actor.country.as_deref().map_or("", country_name))]
}

impl Writer for Icews<'_> {
    fn event(&mut self, told: &Told<'_>) -> Result<u64> {
        let e = told.e;
        let report = ids::bytes(&e.report).map(|b| ids::number(&b));
        let pairs = told.pairs();
        for &(source, target) in &pairs {
            let [source, source_sectors, source_country] = actor(source);
            let [target, target_sectors, target_country] = actor(target);
            self.tsv.row(&[
                number(Some(e.number)),
                some(told.day),
                source,
                source_sectors,
                source_country,
                Cow::Borrowed(cameo_name(&told.cameo)),
                Cow::Borrowed(&told.cameo),
                score(told.goldstein),
                target,
                target_sectors,
                target_country,
                // The text an event is from: ICEWS calls that a story.
                number(report),
                number(Some(e.sentence + 1)),
                some(e.outlet.as_deref()),
                some(e.place.city.as_deref()),
                Cow::Borrowed(""),
                some(e.place.admin1.as_deref()),
                Cow::Borrowed(e.place.country.as_deref().map_or("", country_name)),
                number(e.place.lat),
                number(e.place.lon),
            ])?;
        }
        Ok(pairs.len() as u64)
    }
    fn finish(&mut self) -> Result<()> {
        self.tsv.finish()
    }
}
