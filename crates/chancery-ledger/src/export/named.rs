//! Whom and what a whole report names: POLECAT says so beside each of its events.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::records::Codings;
use serde::Deserialize;

/// Names joined by `;`, in the order in which the report has them. Only those that our own tables know: what else stands there in capitals
/// may be a person, a body or neither.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub people: String,
    pub organisations: String,
    pub locations: String,
}

/// What is needed of a record.
#[derive(Deserialize)]
struct Part {
    mentions: Vec<Mention>,
    places: Vec<Place>,
}

#[derive(Deserialize)]
struct Mention {
    entity: Option<String>,
    entity_id: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    name: Option<String>,
    admin1: Option<String>,
    geonames: Option<u64>,
}

/// Looks a report's names up once for all of its events, which come one after another.
pub struct Named<'l> {
    codings: Codings<'l>,
    last: Option<(i64, Names)>,
}

impl<'l> Named<'l> {
    pub fn new(ledger: &'l Ledger) -> Result<Self> {
        Ok(Named { codings: ledger.codings()?, last: None })
    }

    pub fn of(&mut self, cid: i64) -> Result<&Names> {
        let names = match self.last.take().filter(|l| l.0 == cid) {
            Some((_, names)) => names,
            None => names(&super::jsonl::parse_as(&self.codings.json(cid)?)?),
        };
        Ok(&self.last.insert((cid, names)).1)
    }
}

fn names(part: &Part) -> Names {
    let (mut people, mut organisations) = (Vec::new(), Vec::new());
    for m in &part.mentions {
        let Some((name, (kind, _))) = m.entity.as_deref().zip(m.entity_id.as_deref().and_then(|id| id.split_once('/'))) else { continue };
        match kind {
            "person" => people.push(name),
            "org" | "igo" => organisations.push(name),
            _ => {}
        }
    }
    let listed = |p: &&Place| crate::query::listed(p.geonames.is_some(), p.admin1.as_deref(), p.name.as_deref());
    let locations = part.places.iter().filter(listed).filter_map(|p| p.name.as_deref()).collect();
    Names { people: joined(people), organisations: joined(organisations), locations: joined(locations) }
}

/// The different ones, in order.
fn joined(names: Vec<&str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.join(";")
}
