//! Phoenix: 26 columns, tab-separated, headerless by its convention.

use super::Writer;
use super::gate::Told;
use super::tables::{cameo_role, penta, phoenix_goldstein, root};
use super::tsv::{Tsv, number, score, some};
use crate::error::Result;
use crate::frame::Out;
use crate::query::Party;
use std::borrow::Cow;

pub const COLUMNS: [&str; 26] = [
    "EventID",
    "Date",
    "Year",
    "Month",
    "Day",
    "SourceActorFull",
    "SourceActorEntity",
    "SourceActorRole",
    "SourceActorAttribute",
    "TargetActorFull",
    "TargetActorEntity",
    "TargetActorRole",
    "TargetActorAttribute",
    "EventCode",
    "EventRootCode",
    "PentaClass",
    "GoldsteinScore",
    "Issues",
    "Lat",
    "Lon",
    "LocationName",
    "StateName",
    "CountryCode",
    "SentenceID",
    "URLs",
    "NewsSources",
];

pub struct Phoenix<'a> {
    tsv: Tsv<'a>,
}

impl<'a> Phoenix<'a> {
    pub fn new(out: Out<'a>, header: bool) -> Result<Self> {
        Ok(Phoenix { tsv: Tsv::new(out, header.then_some(&COLUMNS))? })
    }
}

/// Full code, entity, role, attributes.
fn actor(party: Option<&Party>) -> [Cow<'_, str>; 4] {
    let Some(p) = party else { return Default::default() };
    let country = p.actor.country.as_deref().unwrap_or("");
    let entity = match country {
        "UNO" => "IGOUNO".to_owned(),
        "EUR" => "IGOEUR".to_owned(),
        other => other.to_owned(),
    };
    let role = p.actor.sector.as_deref().map_or("", cameo_role);
    let more: Vec<&str> =
        p.actor.sectors.as_deref().unwrap_or("").split(';').map(cameo_role).filter(|r| !r.is_empty() && *r != role).collect();
    [format!("{entity}{role}{}", more.concat()).into(), entity.into(), Cow::Borrowed(role), more.join(";").into()]
}

impl Writer for Phoenix<'_> {
    fn event(&mut self, told: &Told<'_>) -> Result<u64> {
        let e = told.e;
        let part = |from: usize, to: usize, whole: Option<&str>| Cow::Owned(whole.and_then(|d| d.get(from..to)).unwrap_or("").to_owned());
        let day: Cow<'_, str> = told.day.map_or(String::new(), |d| d.replace('-', "")).into();
        let pairs = told.pairs();
        for &(source, target) in &pairs {
            let mut row = vec![number(Some(e.number)), day.clone(), some(told.year), part(5, 7, told.month), part(8, 10, told.day)];
            row.extend(actor(source));
            row.extend(actor(target));
            row.extend([
                Cow::Borrowed(told.cameo.as_str()),
                Cow::Borrowed(root(&told.cameo)),
                number(Some(penta(&told.cameo))),
                score(phoenix_goldstein(&told.cameo, told.goldstein)),
                some(e.contexts.as_deref()),
                number(e.place.lat),
                number(e.place.lon),
                some(e.place.name.as_deref()),
                some(e.place.admin1.as_deref()),
                some(e.place.country.as_deref()),
                format!("{}_{}", e.report, e.sentence).into(),
                some(e.url.as_deref()),
                some(e.outlet.as_deref()),
            ]);
            self.tsv.row(&row)?;
        }
        Ok(pairs.len() as u64)
    }
    fn finish(&mut self) -> Result<()> {
        self.tsv.finish()
    }
}
