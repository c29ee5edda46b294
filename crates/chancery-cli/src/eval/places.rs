//! Places: names found, and those found put within 161 km (a hundred miles) of where gold has them.
//!
//! A name is recognised where spans overlap, one to one, equal spans first. What is given inside a span that gold says
//! to ignore counts neither way. Of those recognised, one without coordinates is a miss.

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit, gold, matching};
use crate::Result;
use chancery::record::{PlaceRecord, Span};
use chancery::{Coder, Options};
use serde::Deserialize;

pub struct Places;

#[derive(Deserialize)]
struct Gold {
    #[serde(default)]
    id: String,
    text: String,
    title: Option<String>,
    url: Option<String>,
    places: Vec<Expected>,
    #[serde(default)]
    ignore: Vec<Span>,
}
#[derive(Deserialize)]
struct Expected {
    span: Span,
    lat: Option<f64>,
    lon: Option<f64>,
}

/// A hundred miles, in kilometres.
const NEAR: f64 = 161.0;

impl Task for Places {
    fn name(&self) -> &'static str {
        "places"
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold: Gold = unit.json()?;
        let mut report = gold::report(&gold.text, None);
        report.title = gold.title.clone();
        report.url = gold.url.clone();
        let record = coder.read(report, &Options::default());
        let counted =
            |p: &&PlaceRecord| gold.places.iter().any(|e| e.span.overlaps(p.span)) || !gold.ignore.iter().any(|i| i.contains(p.span));
        let given: Vec<&PlaceRecord> = record.places.iter().filter(counted).collect();
        let expected = &gold.places;
        let exact = |e: usize, g: usize| expected[e].span == given[g].span;
        let overlap = |e: usize, g: usize| expected[e].span.overlaps(given[g].span);
        let pairs = matching::in_rounds(expected.len(), given.len(), &[&exact, &overlap]);
        let mut case = Case { id: gold.id.clone(), ..Case::default() };
        let found = pairs.iter().flatten().count();
        case.counts.add_prf("recognition", found, given.len(), expected.len());
        let same = pairs.iter().enumerate().filter(|(e, g)| g.is_some_and(|g| exact(*e, g))).count();
        case.counts.add_prf("exact", same, given.len(), expected.len());
        for (e, pair) in expected.iter().zip(&pairs) {
            let text = e.span.of(&gold.text);
            let Some(own) = pair.map(|g| given[g]) else {
                case.errors.push(Finding::new("missed", text, "", context(&gold.text, e.span)));
                continue;
            };
            let (Some(lat), Some(lon)) = (e.lat, e.lon) else { continue };
            case.counts.count("located");
            let far = match (own.lat, own.lon) {
                (Some(a), Some(b)) => kilometres((lat, lon), (a, b)),
                _ => f64::INFINITY,
            };
            if far <= NEAR {
                case.counts.count("near");
                continue;
            }
            let kind = if far.is_finite() { "misplaced" } else { "not located" };
            let name = own.name.as_deref().unwrap_or("none");
            let shown = format!("{name} {}, {far:.0} km off ({}: {})", own.country.as_deref().unwrap_or("-"), own.basis, own.reason);
            case.errors.push(Finding::new(kind, format!("{text} = {lat:.2},{lon:.2}"), shown, context(&gold.text, e.span)));
        }
        for (g, own) in given.iter().enumerate() {
            if !pairs.contains(&Some(g)) {
                let shown = format!("{} = {} ({}: {})", own.text, own.name.as_deref().unwrap_or("none"), own.basis, own.reason);
                case.errors.push(Finding::new("spurious", "", shown, context(&gold.text, own.span)));
            }
        }
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let recognition = total.prf("recognition");
        vec![
            Metric::main("f1_recognition", recognition.f1()),
            Metric::main("within_161km", ratio(total.get("near"), total.get("located"))),
            Metric::detail("p_recognition", recognition.precision()),
            Metric::detail("r_recognition", recognition.recall()),
            Metric::detail("f1_exact", total.prf("exact").f1()),
        ]
    }
}

/// Great-circle distance (haversine), in kilometres.
fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let half = |x: f64, y: f64| ((y - x).to_radians() / 2.0).sin();
    let (north, east) = (half(a.0, b.0), half(a.1, b.1));
    let h = north * north + a.0.to_radians().cos() * b.0.to_radians().cos() * east * east;
    2.0 * 6371.0 * h.min(1.0).sqrt().asin()
}

fn context(text: &str, span: Span) -> String {
    let from = text.floor_char_boundary(span.start.saturating_sub(60));
    let to = text.ceil_char_boundary((span.end + 50).min(text.len()));
    text.get(from..to).unwrap_or("").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_miles_on_the_globe() {
        let far = kilometres((48.8566, 2.3522), (51.5074, -0.1278));
        assert!((far - 343.6).abs() < 1.0, "{far}");
        assert!(kilometres((0.0, 179.9), (0.0, -179.9)) < 23.0);
    }
}
