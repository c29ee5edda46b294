//! Which of the places of a name is meant: by the name beside it, the countries and divisions that the report speaks
//! of, the places near it, and how large each is. Whole numbers throughout.

use super::distance::km;
use super::gazetteer::{Facts, Form, Gazetteer, Id, Meant};
use super::toponyms::Hit;
use std::collections::BTreeMap;

/// A hit resolved: what it means and why.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    pub meant: Meant,
    pub facts: Facts<'a>,
    pub basis: Basis,
    /// How many places bear the name.
    pub of: usize,
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// There is no other place of the name.
    Only,
    /// The place named beside it holds it.
    Container,
    /// The report speaks of its country, division or surroundings.
    Context,
    /// It is the best known of its name.
    Known,
}

/// Weight of a country or division in a report: how much of what it names lies there.
#[derive(Debug, Default)]
struct Setting<'a> {
    countries: BTreeMap<&'a str, i32>,
    divisions: BTreeMap<u32, i32>,
    spots: Vec<(f64, f64)>,
    total: i32,
}

/// What speaks for a place: how well it is known, what the report speaks of, what stands beside the name.
type Parts = (i32, i32, i32);

/// Chooses for every hit; `None` where the gazetteer's entry is gone.
pub fn resolve<'a>(g: &'a Gazetteer, hits: &[Hit]) -> Vec<Option<Choice<'a>>> {
    let options: Vec<Vec<(Meant, Facts<'a>)>> =
        hits.iter().map(|h| part_before_whole(h.meant.iter().filter_map(|m| Some((*m, g.facts(m.id)?))).collect())).collect();
    let setting = setting(hits, &options);
    // Of each hit, the hit before it that it holds: "Athens, Georgia".
    let mut held: Vec<Option<usize>> = vec![None; hits.len()];
    for (h, hit) in hits.iter().enumerate() {
        if let Some(slot) = hit.container.filter(|c| c.1).and_then(|c| held.get_mut(c.0)) {
            *slot = Some(h);
        }
    }
    let mut chosen: Vec<Option<Choice<'a>>> = Vec::with_capacity(hits.len());
    for (h, (hit, all)) in hits.iter().zip(&options).enumerate() {
        let beside = hit.container.map_or(&[][..], |(c, _)| options.get(c).map_or(&[][..], Vec::as_slice));
        let comma = hit.container.is_some_and(|(_, comma)| comma);
        let held = held.get(h).and_then(|i| options.get((*i)?)).map_or(&[][..], Vec::as_slice);
        let rate = |(m, f): &(Meant, Facts<'a>)| -> Parts {
            let base = known(f, m.form) + by_feature(hit, f);
            let context = setting.of(f, all.len());
            let mut beside_it = 0;
            if beside.iter().any(|(_, c)| holds(c, f)) {
                beside_it += if comma { 80 } else { 30 };
            }
            if f.precision <= super::Precision::Province && held.iter().any(|(_, x)| holds(f, x)) {
                beside_it += 40;
            }
            (base, context, beside_it)
        };
        // The first of the best: own entries stand before towns, and the tables have an order.
        let mut best: Option<(i32, Parts, &(Meant, Facts))> = None;
        let mut largest: Option<(i32, Id)> = None;
        for option in all {
            let parts = rate(option);
            let sum = parts.0 + parts.1 + parts.2;
            if best.as_ref().is_none_or(|b| sum > b.0) {
                best = Some((sum, parts, option));
            }
            if largest.is_none_or(|l| parts.0 > l.0) {
                largest = Some((parts.0, option.1.id));
            }
        }
        chosen.push(best.map(|(_, parts, &(meant, facts))| {
            let basis = if parts.2 > 0 {
                Basis::Container
            } else if all.len() == 1 {
                Basis::Only
            } else if largest.is_some_and(|l| l.1 != facts.id) || parts.1 > 8 {
                Basis::Context
            } else {
                Basis::Known
            };
            Choice { meant, facts, basis, of: all.len() }
        }));
    }
    chosen
}

/// Where a state's other name is also the name of a part of it ("England", "Scottish"), the part is meant.
fn part_before_whole(mut all: Vec<(Meant, Facts)>) -> Vec<(Meant, Facts)> {
    let parts: Vec<Facts> = all.iter().map(|o| o.1).filter(|f| !f.state && f.id_is_own() && !f.country.is_empty()).collect();
    all.retain(|(_, f)| !f.state || !parts.iter().any(|p| p.country == f.country));
    all
}

/// Whether place `outer` holds place `inner`, as far as the tables say.
pub fn holds(outer: &Facts, inner: &Facts) -> bool {
    if outer.id == inner.id || outer.country.is_empty() && outer.precision != super::Precision::None {
        return false;
    }
    if outer.state {
        return !inner.state && outer.country == inner.country;
    }
    if inner.state || outer.country != inner.country {
        return false;
    }
    match outer.feature {
        "division" if outer.division.is_some() => inner.division == outer.division,
        "town" | "site" => inner.precision >= super::Precision::City && km((outer.lat, outer.lon), (inner.lat, inner.lon)) < 30.0,
        _ => {
            !outer.admin1.is_empty() && outer.admin1 == inner.admin1 && inner.precision > outer.precision
                || km((outer.lat, outer.lon), (inner.lat, inner.lon)) < 250.0 && inner.precision >= outer.precision
        }
    }
}

/// How well a place is known, whatever the report: a state before a division before a town, large towns before small.
fn known(f: &Facts, form: Form) -> i32 {
    let base = if f.state {
        85
    } else if f.id_is_own() {
        66
    } else {
        match f.feature {
            "division" => 58,
            "district" => 36,
            // One step for each doubling of its people.
            _ => (f.people.max(500).ilog2() as i32) * 33 / 10,
        }
    };
    let form = match form {
        Form::Name | Form::People => 0,
        Form::Spelling => -10,
        Form::Weak => -5,
    };
    base + form + if f.capital { 12 } else { 0 }
}

/// What the noun beside a name says: "the city of X", "X province".
fn by_feature(hit: &Hit, f: &Facts) -> i32 {
    match &hit.feature {
        Some((feature, divides)) => {
            let wide = |x: &str| matches!(x, "division" | "region" | "district" | "province");
            if feature == f.feature || (*divides && wide(f.feature)) || (wide(feature) && wide(f.feature)) {
                30
            } else if f.state {
                -30
            } else {
                0
            }
        }
        None => 0,
    }
}

impl Setting<'_> {
    fn of(&self, f: &Facts, rivals: usize) -> i32 {
        if rivals < 2 || self.total == 0 {
            return 0;
        }
        let share = |n: i32, most: i32| n * most / self.total;
        let country = share(self.countries.get(f.country).copied().unwrap_or(0), 22);
        let division = f.division.and_then(|d| self.divisions.get(&d)).map_or(0, |&n| 4 + share(n, 18));
        let near = if f.state {
            0
        } else {
            self.spots.iter().filter(|&&s| (s.0 - f.lat).abs() < 2.0 && km(s, (f.lat, f.lon)) < 120.0).take(4).count() as i32 * 4
        };
        country + division + near
    }
}

/// What the hits that can hardly be misunderstood say of where the report plays.
fn setting<'a>(hits: &[Hit], options: &[Vec<(Meant, Facts<'a>)>]) -> Setting<'a> {
    let mut setting = Setting::default();
    let mut seen: BTreeMap<Id, i32> = BTreeMap::new();
    for (hit, all) in hits.iter().zip(options) {
        let mut rated: Vec<(i32, &(Meant, Facts))> = all.iter().map(|o| (known(&o.1, o.0.form) + by_feature(hit, &o.1), o)).collect();
        rated.sort_by_key(|r| std::cmp::Reverse(r.0));
        let Some(&(first, (_, facts))) = rated.first() else { continue };
        let clear = rated.get(1).is_none_or(|second| first - second.0 >= 12);
        // A town beside the country it lies in is as clear as that country.
        let beside = hit.container.and_then(|(c, comma)| comma.then(|| options.get(c))?);
        let vouched = beside.is_some_and(|b| b.iter().any(|(_, c)| holds(c, facts)));
        if !(clear || vouched) || facts.country.is_empty() && !facts.state {
            continue;
        }
        // "Paris, Texas" does not speak for France.
        if !vouched && beside.is_some_and(|b| all.iter().any(|(_, f)| b.iter().any(|(_, c)| holds(c, f)))) {
            continue;
        }
        // The tenth naming says no more than the third.
        let times = seen.entry(facts.id).or_default();
        *times += 1;
        if *times > 3 {
            continue;
        }
        let weight = if first >= 50 { 3 } else { 2 };
        *setting.countries.entry(facts.country).or_default() += weight;
        setting.total += weight;
        if let Some(d) = facts.division {
            *setting.divisions.entry(d).or_default() += weight;
        }
        if *times == 1 && facts.precision >= super::Precision::Province {
            setting.spots.push((facts.lat, facts.lon));
        }
    }
    // Nearness is looked at for a bounded number of places, so that the cost stays that of the text.
    setting.spots.truncate(40);
    setting
}
