//! What the place stage finds in sentences, and in the list of conflict towns.

use crate::data::DataFiles;
use crate::model::Report;
use crate::pipeline::{Coder, Options};
use crate::record::Record;
use std::sync::LazyLock;

static CODER: LazyLock<Coder> = LazyLock::new(|| Coder::new(&DataFiles::builtin()).unwrap());

fn read(text: &str) -> Record {
    let report = Report { text: text.to_owned(), language: Some("en".to_owned()), ..Report::default() };
    CODER.read(report, &Options::default())
}

#[test]
fn the_place_beside_a_name_decides() {
    let record = read("The mayor of Paris, Texas, met residents on Monday.");
    let paris = record.places.iter().find(|p| p.text == "Paris").unwrap();
    assert_eq!((paris.country.as_deref(), paris.basis.as_str()), (Some("USA"), "container"));
    let record = read("The mayor of Paris met French ministers on Monday.");
    assert_eq!(record.places.iter().find(|p| p.text == "Paris").unwrap().country.as_deref(), Some("FRA"));
}

#[test]
fn a_government_is_no_place_and_the_ground_is() {
    let place = |text: &str| read(text).events.first().map(|e| (e.place.name.clone(), e.place.precision.clone()));
    assert_eq!(place("Israel shelled Khan Younis on Monday.").unwrap().0.as_deref(), Some("Khan Younis"));
    assert_eq!(place("Washington urged Moscow to withdraw.").unwrap(), (None, "none".to_owned()));
}

#[test]
fn spans_slice_back_whatever_the_text() {
    for text in
        ["", "Łódź, Žepa – “Kyiv”", "IN IN IN, , ,", "Paris, Paris, Paris (Paris), in Paris's Paris", "\u{300}São Paulo\u{0}\u{fffd}"]
    {
        for p in read(text).places {
            assert_eq!(p.span.of(text), p.text);
        }
    }
}

/// At least 95 of 100 towns of the last decades' conflicts within 50 km, regions in their country.
#[test]
fn conflict_toponyms() {
    let rows: Vec<Vec<&str>> = include_str!("../../../../eval/gold/toponyms300.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split('\t').collect())
        .collect();
    let right = |row: &Vec<&str>| {
        let (context, name, country) = (row[0], row[1], row[2]);
        let record = read(&format!("Fighting was reported in {name} on Monday, officials in {context} said."));
        record.places.iter().filter(|p| p.span.start == 25).any(|p| match (row.get(3), row.get(4), p.lat, p.lon) {
            (Some(lat), Some(lon), Some(a), Some(b)) => super::distance::km((lat.parse().unwrap(), lon.parse().unwrap()), (a, b)) <= 50.0,
            (None, None, ..) => p.country.as_deref().unwrap_or("-") == country,
            _ => false,
        })
    };
    let wrong: Vec<&str> = rows.iter().filter(|r| !right(r)).map(|r| r[1]).collect();
    assert!(rows.len() >= 300 && wrong.len() * 20 <= rows.len(), "{} of {} wrong: {wrong:?}", wrong.len(), rows.len());
}
