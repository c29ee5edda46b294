//! What an address asks for: its parameters, checked, as a filter of the ledger; and the address of the same view with something changed.

use crate::pool::Desk;
use crate::{Error, Result};
use chancery::record::{EventType, Status};
use chancery_ledger::Ledger;
use chancery_ledger::query::{Filter, Who};
use jiff::civil::Date;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/').remove(b',');

/// A parameter that can be given, and what it means; the API's description is made from the same tables.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    pub name: &'static str,
    pub about: &'static str,
    pub kind: Takes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Text,
    Day,
    Number,
    OneOf(&'static [&'static str]),
}

const fn takes(name: &'static str, kind: Takes, about: &'static str) -> Parameter {
    Parameter { name, about, kind }
}

pub const STATUSES: &[&str] = &["occurred", "claimed", "planned", "denied", "hypothetical"];

/// What narrows events.
pub const FILTER: &[Parameter] = &[
    takes("source", Takes::Text, "Who does or says it: a country (RUS, Russia), a sector (MIL), both (RUSMIL), or a name"),
    takes("target", Takes::Text, "To whom it is done or said"),
    takes("actor", Takes::Text, "Who takes part, on either side"),
    takes("a", Takes::Text, "One of two sides, with b: events between them, either way"),
    takes("b", Takes::Text, "The other side"),
    takes("type", Takes::Text, "PLOVER type: CONSULT, SANCTION, ASSAULT…"),
    takes("status", Takes::OneOf(STATUSES), "How the event is told"),
    takes("since", Takes::Day, "First day of the event"),
    takes("until", Takes::Day, "Last day of the event"),
    takes("place", Takes::Text, "Country or name of the place"),
    takes("outlet", Takes::Text, "Outlet of the report"),
    takes("text", Takes::Text, "Words and \"phrases\" that the report must hold"),
];

/// The parameters of an address, in order.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub path: String,
    given: Vec<(String, String)>,
}

pub fn wrong(what: impl Into<String>, place: &str, remedy: impl Into<String>) -> Error {
    Error::new("E0601", what, place, remedy)
}

impl Ask {
    pub fn new(path: &str, given: Vec<(String, String)>) -> Ask {
        let kept = given.into_iter().map(|(k, v)| (k, v.trim().to_owned())).filter(|(_, v)| !v.is_empty());
        Ask { path: path.to_owned(), given: kept.collect() }
    }

    /// E0601 where something is given that nobody asks for, twice, or with a value that cannot be.
    pub fn check(&self, tables: &[&[Parameter]]) -> Result<()> {
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in &self.given {
            let Some(known) = tables.iter().copied().flatten().find(|p| p.name == name) else {
                let names: Vec<&str> = tables.iter().copied().flatten().map(|p| p.name).collect();
                return Err(wrong("there is no such parameter", &format!("{name}={value}"), format!("use {}", names.join(", "))));
            };
            if seen.contains(&name.as_str()) {
                return Err(wrong("this parameter is given twice", name, "give it once"));
            }
            seen.push(name);
            let fits = match known.kind {
                Takes::Text => !value.contains('\0') && value.len() <= 1000,
                Takes::Day => value.parse::<Date>().is_ok(),
                Takes::Number => value.parse::<u32>().is_ok(),
                Takes::OneOf(all) => all.contains(&value.as_str()),
            };
            if !fits {
                let remedy = match known.kind {
                    Takes::Text => "give at most 1,000 characters".to_owned(),
                    Takes::Day => "write it as 2022-12-31".to_owned(),
                    Takes::Number => "write a whole number".to_owned(),
                    Takes::OneOf(all) => format!("use {}", all.join(", ")),
                };
                return Err(wrong("this parameter has no such value", &format!("{name}={value}"), remedy));
            }
        }
        if self.get("type").is_some_and(|t| EventType::parse(&t.to_ascii_uppercase()).is_none()) {
            let all: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
            return Err(wrong(
                "there is no such type",
                &format!("type={}", self.get("type").unwrap_or("")),
                format!("use {}", all.join(" ")),
            ));
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.given.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// A number between 1 and `most`.
    pub fn number(&self, name: &str, default: u64, most: u64) -> Result<u64> {
        match self.get(name) {
            None => Ok(default),
            Some(v) => v.parse().ok().filter(|n| (1..=most).contains(n)).ok_or_else(|| {
                wrong("this parameter has no such value", &format!("{name}={v}"), format!("give a number from 1 to {most}"))
            }),
        }
    }

    /// The address of the same view with a parameter set, or taken away.
    pub fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let mut given: Vec<(&str, &str)> =
            self.given.iter().map(|(k, v)| (k.as_str(), v.as_str())).filter(|(k, _)| !changes.iter().any(|c| c.0 == *k)).collect();
        given.extend(changes.iter().filter_map(|(k, v)| v.map(|v| (*k, v))));
        address(&self.path, &given)
    }

    /// The filter that the parameters make. E0510 where a name is nobody's.
    pub fn filter(&self, desk: &Desk, ledger: &Ledger) -> Result<Filter> {
        let who = |name: &str| self.get(name).map_or(Ok(Vec::new()), |w| desk.names.find(ledger, w));
        let one = |w: &str| desk.names.one(ledger, w);
        let dyad: Option<(Who, Who)> = match (self.get("a"), self.get("b")) {
            (Some(a), Some(b)) => Some((one(a)?, one(b)?)),
            (None, None) => None,
            (Some(_), None) => return Err(wrong("one of two sides is missing", "b", "give both a and b, or actor for one")),
            (None, Some(_)) => return Err(wrong("one of two sides is missing", "a", "give both a and b, or actor for one")),
        };
        let list = |name: &str| self.get(name).map(str::to_owned).into_iter().collect::<Vec<_>>();
        Ok(Filter {
            source: who("source")?,
            target: who("target")?,
            actor: who("actor")?,
            dyad,
            types: self.get("type").map(str::to_ascii_uppercase).into_iter().collect(),
            statuses: self.get("status").filter(|s| Status::parse(s).is_some()).map(str::to_owned).into_iter().collect(),
            since: self.get("since").map(str::to_owned),
            until: self.get("until").map(str::to_owned),
            places: self.get("place").map(|p| desk.names.place(p)).into_iter().collect(),
            outlets: list("outlet"),
            text: self.get("text").map(str::to_owned),
            ..Filter::default()
        })
    }
}

/// A path with parameters, encoded.
pub fn address(path: &str, given: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    for (n, (k, v)) in given.iter().enumerate() {
        out.push(if n == 0 { '?' } else { '&' });
        out.push_str(&format!("{k}={}", utf8_percent_encode(v, PLAIN)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(given: &[(&str, &str)]) -> Ask {
        Ask::new("/search", given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert!(ask(&[("source", "RUS"), ("since", "1987-03-01")]).check(&[FILTER]).is_ok());
        for bad in [("since", "soon"), ("colour", "red"), ("status", "maybe"), ("type", "DANCE")] {
            let e = ask(&[bad]).check(&[FILTER]).unwrap_err();
            assert_eq!(e.code, "E0601");
            assert!(e.place.contains(bad.1), "{e}");
        }
        assert!(ask(&[("a", "RUS"), ("a", "USA")]).check(&[FILTER]).is_err());
    }

    #[test]
    fn addresses_come_back_as_they_went() {
        let view = ask(&[("text", "price \"war\" & <b>"), ("source", "RUS")]);
        assert_eq!(view.with(&[("source", None)]), "/search?text=price%20%22war%22%20%26%20%3Cb%3E");
        assert_eq!(view.with(&[("source", Some("USA"))]), "/search?text=price%20%22war%22%20%26%20%3Cb%3E&source=USA");
    }
}
