//! The columns of an event in tables of ours: CSV, Parquet, JSON lines.

use super::event::EventRow;
use crate::frame::{Cell, Column, Kind};

const fn text(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

/// One row an event. Lists are joined by `;`, names by `; `.
pub const EVENT_COLUMNS: &[Column] = &[
    text("id"),
    text("report"),
    Column::new("date", Kind::Date),
    Column::new("date_end", Kind::Date),
    text("date_precision"),
    text("date_basis"),
    text("time"),
    text("source"),
    text("source_country"),
    text("source_name"),
    text("source_id"),
    text("target"),
    text("target_country"),
    text("target_name"),
    text("target_id"),
    Column::new("reciprocal", Kind::Bool),
    text("type"),
    text("mode"),
    text("modes"),
    text("contexts"),
    text("cameo"),
    Column::new("quad", Kind::Int),
    Column::new("goldstein", Kind::Float),
    Column::new("intensity", Kind::Float),
    text("status"),
    text("attributions"),
    text("others"),
    text("place"),
    text("place_country"),
    text("admin1"),
    text("city"),
    Column::new("lat", Kind::Float),
    Column::new("lon", Kind::Float),
    Column::new("geonames", Kind::Int),
    text("place_precision"),
    text("trigger"),
    Column::new("trigger_start", Kind::Int),
    Column::new("trigger_end", Kind::Int),
    Column::new("sentence", Kind::Int),
    text("rule"),
    Column::new("confidence", Kind::Float),
    Column::new("decided", Kind::Bool),
    text("given_id"),
    Column::new("published", Kind::Date),
    text("outlet"),
    text("language"),
    text("url"),
];

/// The cells of an event, in the order of [`EVENT_COLUMNS`].
pub fn event_cells(e: &EventRow) -> Vec<Cell<'_>> {
    let list = |parts: Vec<&str>, by: &str| {
        let mut seen: Vec<&str> = Vec::new();
        for part in parts {
            if !seen.contains(&part) {
                seen.push(part);
            }
        }
        if seen.is_empty() { Cell::Null } else { Cell::from(seen.join(by)) }
    };
    let some = |s: String| if s.is_empty() { Cell::Null } else { Cell::from(s) };
    let side = |parties: &[super::event::Party]| {
        let countries = parties.iter().filter_map(|p| p.actor.country.as_deref()).collect::<Vec<_>>();
        let ids = parties.iter().filter_map(|p| p.actor.entity_id.as_deref()).collect::<Vec<_>>();
        let (countries, ids) = (list(countries, ";").text().into_owned(), list(ids, ";").text().into_owned());
        [some(EventRow::codes(parties)), some(countries), some(EventRow::names(parties)), some(ids)]
    };
    let [source, source_country, source_name, source_id] = side(&e.source);
    let [target, target_country, target_name, target_id] = side(&e.target);
    let others: Vec<String> = e.others.iter().map(|(role, p)| format!("{role}: {}", p.name())).collect();
    let place = &e.place;
    vec![
        Cell::from(&e.id),
        Cell::from(&e.report),
        e.day.as_deref().into(),
        e.day_end.as_deref().into(),
        e.precision.as_deref().into(),
        e.basis.as_deref().into(),
        Cell::from(&e.time),
        source,
        source_country,
        source_name,
        source_id,
        target,
        target_country,
        target_name,
        target_id,
        e.reciprocal.into(),
        e.kind.as_str().into(),
        e.mode.as_deref().into(),
        e.modes.as_deref().into(),
        e.contexts.as_deref().into(),
        Cell::from(&e.cameo),
        e.quad.into(),
        e.goldstein.into(),
        e.intensity.into(),
        e.status.as_str().into(),
        e.attributions.as_deref().into(),
        some(others.join("; ")),
        place.name.as_deref().into(),
        place.country.as_deref().into(),
        place.admin1.as_deref().into(),
        place.city.as_deref().into(),
        place.lat.into(),
        place.lon.into(),
        place.geonames.into(),
        place.precision.as_deref().into(),
        Cell::from(&e.trigger),
        (e.trigger_span.start as i64).into(),
        (e.trigger_span.end as i64).into(),
        e.sentence.into(),
        Cell::from(&e.rule),
        e.confidence.into(),
        e.decision.is_some().into(),
        e.given_id.as_deref().into(),
        e.published.as_deref().into(),
        e.outlet.as_deref().into(),
        e.language.as_deref().into(),
        e.url.as_deref().into(),
    ]
}
