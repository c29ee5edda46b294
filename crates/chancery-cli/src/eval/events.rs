//! Events: type, sides, trigger, status, date and mode against annotated reports (`gold/README.md`).

use super::{Case, Counts, Finding, Metric, Task, Unit, counts::ratio, gold, matching};
use crate::Result;
use chancery::record::{Actor, DateBasis, Event, EventType, Span, Status, Time};
use chancery::{Coder, Options};
use serde::Deserialize;
use std::collections::BTreeSet;

pub struct Events;

#[derive(Deserialize)]
struct Gold {
    id: Option<String>,
    text: String,
    published: Option<String>,
    events: Vec<GoldEvent>,
}
#[derive(Deserialize)]
struct GoldEvent {
    r#type: EventType,
    mode: Option<String>,
    source: Vec<GoldActor>,
    target: Vec<GoldActor>,
    trigger: Words,
    status: Status,
    date: Option<String>,
}
#[derive(Deserialize)]
struct GoldActor {
    text: String,
    country: Option<String>,
    sector: Option<String>,
}
#[derive(Deserialize)]
struct Words {
    text: String,
    span: Span,
}

/// What is compared of an event, from gold or from the record. Actors without country are left out of the sides.
struct Seen {
    r#type: EventType,
    source: BTreeSet<String>,
    target: BTreeSet<String>,
    source_sectors: BTreeSet<(String, Option<String>)>,
    target_sectors: BTreeSet<(String, Option<String>)>,
    trigger: Span,
    status: Status,
    date: Option<String>,
    mode: Option<String>,
    words: String,
}

impl Seen {
    fn gold(e: &GoldEvent) -> Seen {
        let side = |a: &[GoldActor]| a.iter().filter_map(|x| x.country.clone().map(|c| (c, x.sector.clone()))).collect::<BTreeSet<_>>();
        let names = |a: &[GoldActor]| a.iter().map(|x| x.text.as_str()).collect::<Vec<_>>().join(", ");
        let words = format!("{} → {} by `{}`", names(&e.source), names(&e.target), e.trigger.text);
        Seen::of(e.r#type, side(&e.source), side(&e.target), e.trigger.span, e.status, e.date.clone(), e.mode.clone(), words)
    }
    fn given(e: &Event) -> Seen {
        let side = |a: &[Actor]| a.iter().filter_map(|x| x.country.clone().map(|c| (c, x.sector.clone()))).collect::<BTreeSet<_>>();
        let names = |a: &[Actor]| a.iter().map(|x| x.text.as_str()).collect::<Vec<_>>().join(", ");
        let words = format!("{} → {} by `{}` [{}]", names(&e.source), names(&e.target), e.trigger.text, e.rule);
        Seen::of(e.r#type, side(&e.source), side(&e.target), e.trigger.span, e.status, e.date.start.clone(), e.mode.clone(), words)
    }
    #[allow(clippy::too_many_arguments)]
    fn of(
        r#type: EventType,
        source: BTreeSet<(String, Option<String>)>,
        target: BTreeSet<(String, Option<String>)>,
        trigger: Span,
        status: Status,
        date: Option<String>,
        mode: Option<String>,
        words: String,
    ) -> Seen {
        let countries = |s: &BTreeSet<(String, Option<String>)>| s.iter().map(|(c, _)| c.clone()).collect();
        Seen {
            r#type,
            source: countries(&source),
            target: countries(&target),
            source_sectors: source,
            target_sectors: target,
            trigger,
            status,
            date,
            mode,
            words,
        }
    }
    fn dyad(&self, g: &Seen) -> bool {
        self.r#type == g.r#type && self.source == g.source && self.target == g.target
    }
    fn dyad_sector(&self, g: &Seen) -> bool {
        self.dyad(g) && self.source_sectors == g.source_sectors && self.target_sectors == g.target_sectors
    }
    fn located(&self, g: &Seen) -> bool {
        self.dyad(g) && self.trigger.overlaps(g.trigger)
    }
    /// The date at gold's precision; null only to null.
    fn same_date(&self, g: &Seen) -> bool {
        match (&self.date, &g.date) {
            (None, None) => true,
            (Some(d), Some(g)) => d.starts_with(g.as_str()),
            _ => false,
        }
    }
    fn full(&self, g: &Seen) -> bool {
        let modal = matches!(g.r#type, EventType::Consult | EventType::Request | EventType::Accuse | EventType::Threaten);
        self.located(g) && self.dyad_sector(g) && self.status == g.status && self.same_date(g) && (!modal || self.mode == g.mode)
    }
    fn show(&self) -> String {
        let side = |s: &BTreeSet<(String, Option<String>)>| {
            s.iter().map(|(c, x)| format!("{c}{}", x.as_deref().unwrap_or(""))).collect::<Vec<_>>().join("+")
        };
        let (mode, date) = (self.mode.as_deref().unwrap_or("-"), self.date.as_deref().unwrap_or("-"));
        format!(
            "{} {} → {} {} {mode} {date}: {}",
            self.r#type,
            side(&self.source_sectors),
            side(&self.target_sectors),
            self.status,
            self.words
        )
    }
}

type Test = fn(&Seen, &Seen) -> bool;
const LEVELS: [(&str, Test); 5] = [
    ("full", |s, g| s.full(g)),
    ("located", |s, g| s.located(g)),
    ("dyad_sector_type", |s, g| s.dyad_sector(g)),
    ("dyad_type", |s, g| s.dyad(g)),
    ("type", |s, g| s.r#type == g.r#type),
];

impl Task for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold: Gold = unit.json()?;
        let record = coder.read(gold::report(&gold.text, gold.published.as_deref()), &Options::default());
        let mut case = Case { id: gold.id.clone().unwrap_or_else(|| unit.id.clone()), ..Case::default() };
        let expected: Vec<Seen> = gold.events.iter().map(Seen::gold).collect();
        let given: Vec<Seen> = record.events.iter().map(Seen::given).collect();
        compare(&expected, &given, &mut case);
        let wrong = |e: &&Event| e.time == Time::Background && e.date.basis == Some(DateBasis::Published);
        case.counts.add("background_published", record.events.iter().filter(wrong).count() as f64);
        Ok(case)
    }

    fn metrics(&self, total: &Counts) -> Vec<Metric> {
        let mut out = Vec::new();
        for (level, _) in LEVELS {
            out.extend(Metric::prf(level, total.prf(level)));
        }
        out.push(Metric::main("wrongly_occurred", Some(total.get("wrongly_occurred"))));
        // Of the events found by type and trigger: whose sides are right.
        for key in ["sides_country_right", "sides_sector_right"] {
            out.push(Metric::main(key, ratio(total.get(key), total.get("paired"))));
        }
        // Dates are compared where the event itself is right; a date that gold leaves open must stay open.
        out.push(Metric::detail("date_right", ratio(total.get("date_right"), total.get("dated"))));
        out.push(Metric::detail("background_published", Some(total.get("background_published"))));
        out.push(Metric::detail("status_right", ratio(total.get("status_right"), total.get("paired"))));
        for t in EventType::ALL {
            out.push(Metric::detail(format!("f1_type/{t}"), total.prf(&format!("type/{t}")).f1()));
        }
        out
    }
}

fn compare(expected: &[Seen], given: &[Seen], case: &mut Case) {
    for (i, (name, _)) in LEVELS.iter().enumerate() {
        // Better pairs first, so that a pair right in everything is not broken up for one right in type alone.
        let rounds: Vec<Box<dyn Fn(usize, usize) -> bool + '_>> = LEVELS[..=i]
            .iter()
            .map(|&(_, test)| Box::new(move |g: usize, p: usize| test(&given[p], &expected[g])) as Box<dyn Fn(usize, usize) -> bool>)
            .collect();
        let rounds: Vec<&dyn Fn(usize, usize) -> bool> = rounds.iter().map(AsRef::as_ref).collect();
        let pairs = matching::in_rounds(expected.len(), given.len(), &rounds);
        let matched = pairs.iter().flatten().count();
        case.counts.add_prf(name, matched, given.len(), expected.len());
        if *name == "located" {
            for (g, p) in pairs.iter().enumerate().filter_map(|(g, p)| Some((g, (*p)?))) {
                case.counts.count("dated");
                case.counts.add("date_right", f64::from(u8::from(given[p].same_date(&expected[g]))));
            }
        }
        if *name == "type" {
            for &t in EventType::ALL {
                let of = |side: &[Seen]| side.iter().filter(|s| s.r#type == t).count();
                let right = pairs.iter().enumerate().filter(|(g, p)| p.is_some() && expected[*g].r#type == t).count();
                case.counts.add_prf(&format!("type/{t}"), right, of(given), of(expected));
            }
            report(expected, given, &pairs, case);
        }
    }
    let overlap = |g: usize, p: usize| given[p].r#type == expected[g].r#type && given[p].trigger.overlaps(expected[g].trigger);
    let closer = |g: usize, p: usize| overlap(g, p) && given[p].dyad(&expected[g]);
    for (g, p) in matching::in_rounds(expected.len(), given.len(), &[&closer, &overlap]).iter().enumerate() {
        let Some(p) = *p else { continue };
        case.counts.count("paired");
        case.counts.add("sides_country_right", f64::from(u8::from(given[p].dyad(&expected[g]))));
        case.counts.add("sides_sector_right", f64::from(u8::from(given[p].dyad_sector(&expected[g]))));
        if given[p].status == expected[g].status {
            case.counts.count("status_right");
        } else if given[p].status == Status::Occurred {
            case.counts.count("wrongly_occurred");
            case.errors.push(Finding::new("wrongly occurred", expected[g].show(), given[p].show(), ""));
        }
    }
}

/// Says what differs, for error analysis by kind.
fn report(expected: &[Seen], given: &[Seen], pairs: &[Option<usize>], case: &mut Case) {
    for (g, pair) in expected.iter().zip(pairs) {
        let Some(p) = pair.and_then(|p| given.get(p)) else {
            case.errors.push(Finding::new(format!("missed {}", g.r#type), g.show(), "", ""));
            continue;
        };
        let kind = if !p.dyad(g) {
            "wrong sides"
        } else if !p.located(g) {
            "elsewhere"
        } else if p.status != g.status {
            "wrong status"
        } else if !p.same_date(g) {
            "wrong date"
        } else if !p.full(g) {
            "wrong sector or mode"
        } else {
            continue;
        };
        case.errors.push(Finding::new(kind, g.show(), p.show(), ""));
    }
    for (i, p) in given.iter().enumerate() {
        if !pairs.contains(&Some(i)) {
            case.errors.push(Finding::new(format!("spurious {}", p.r#type), "", p.show(), ""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(t: EventType, source: &str, target: &str, at: usize, status: Status) -> Seen {
        let side = |s: &str| s.split('+').filter(|c| !c.is_empty()).map(|c| (c.to_owned(), Some("GOV".to_owned()))).collect();
        Seen::of(t, side(source), side(target), Span::new(at, at + 5), status, None, None, String::new())
    }

    #[test]
    fn levels_nest_and_wrongly_occurred_counts() {
        let gold =
            [seen(EventType::Agree, "USA", "IRN", 0, Status::Planned), seen(EventType::Consult, "USA+IRN", "", 10, Status::Occurred)];
        let given = [seen(EventType::Agree, "USA", "IRN", 2, Status::Occurred), seen(EventType::Consult, "USA", "", 50, Status::Occurred)];
        let mut case = Case::default();
        compare(&gold, &given, &mut case);
        let f1 = |level: &str| case.counts.prf(level).f1().unwrap();
        assert_eq!((f1("type"), f1("dyad_type"), f1("located"), f1("full")), (1.0, 0.5, 0.5, 0.0));
        assert_eq!(case.counts.get("wrongly_occurred"), 1.0);
    }
}
