//! POLECAT: 40 columns, tab-separated with a heading. One row a pair of actor and recipient.

use super::Writer;
use super::gate::Told;
use super::named::Named;
use super::tables::{country_name, cow, sector_name};
use super::tsv::{Tsv, number, score, some};
use crate::error::Result;
use crate::frame::Out;
use crate::ledger::Ledger;
use crate::query::Party;
use std::borrow::Cow;

pub const COLUMNS: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

pub struct Polecat<'a, 'l> {
    tsv: Tsv<'a>,
    named: Named<'l>,
}

impl<'a, 'l> Polecat<'a, 'l> {
    pub fn new(out: Out<'a>, ledger: &'l Ledger) -> Result<Self> {
        Ok(Polecat { tsv: Tsv::new(out, Some(&COLUMNS))?, named: Named::new(ledger)? })
    }
}

fn actor(party: Option<&Party>) -> [Cow<'_, str>; 8] {
    let Some(p) = party else { return Default::default() };
    let a = &p.actor;
    let sectors = a.sectors.as_deref().unwrap_or("").split(';').map(sector_name).filter(|s| !s.is_empty()).collect::<Vec<_>>().join(";");
    let country = a.country.as_deref().unwrap_or("");
    [
        Cow::Borrowed(p.name()),
        Cow::Borrowed(country_name(country)),
        Cow::Borrowed(cow(country)),
        Cow::Borrowed(a.sector.as_deref().map_or("", sector_name)),
        sectors.into(),
        some(a.office.as_deref()),
        Cow::Borrowed(&p.text),
        // The id that the record knows: Wikidata's.
        some(a.wikidata.as_deref()),
    ]
}

impl Writer for Polecat<'_, '_> {
    fn event(&mut self, told: &Told<'_>) -> Result<u64> {
        let e = told.e;
        let place = &e.place;
        let quad = ["", "VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT"];
        let pairs = told.pairs();
        let names = self.named.of(e.cid)?;
        for &(source, target) in &pairs {
            let mut row: Vec<Cow<'_, str>> = vec![
                number(Some(e.number)),
                some(told.day),
                Cow::Borrowed(told.kind.as_str()),
                some(told.mode.as_deref()),
                score(told.intensity),
                Cow::Borrowed(quad.get(told.quad as usize).copied().unwrap_or("")),
                some(e.contexts.as_deref()),
            ];
            row.extend(actor(source));
            row.extend(actor(target));
            row.extend([
                some(place.name.as_deref()),
                some(place.city.as_deref()),
                Cow::Borrowed(""),
                some(place.admin1.as_deref()),
                Cow::Borrowed(place.country.as_deref().map_or("", country_name)),
                number(place.lat),
                number(place.lon),
                number(place.geonames),
                Cow::Borrowed(""),
                some(place.feature.as_deref()),
                some(e.outlet.as_deref()),
                some(e.published.as_deref()),
                Cow::Borrowed(&names.people),
                Cow::Borrowed(&names.organisations),
                Cow::Borrowed(&names.locations),
                some(e.language.as_deref()),
                Cow::Borrowed(concat!("chancery ", env!("CARGO_PKG_VERSION"))),
            ]);
            self.tsv.row(&row)?;
        }
        Ok(pairs.len() as u64)
    }
    fn finish(&mut self) -> Result<()> {
        self.tsv.finish()
    }
}
