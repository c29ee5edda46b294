//! Codes in words, from `data/ontology/words.toml` and the country table.

use crate::Result;
use chancery::data::{DataFiles, toml_file};
use chancery::record::Event;
use serde::Deserialize;
use std::collections::BTreeMap;

type Table = BTreeMap<String, String>;

/// What is printed for a type or mode.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    pub one: String,
    pub both: Option<String>,
    #[serde(default)]
    modes: BTreeMap<String, Phrase>,
}

/// The words of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub types: BTreeMap<String, Phrase>,
    pub contexts: Table,
    pub sectors: Table,
    pub countries: Table,
    pub statuses: Table,
    pub provenance: Table,
    pub blocks: Table,
    pub stances: Table,
    pub roles: Table,
    pub kinds: Table,
    pub months: Table,
}

/// The word for a code, or the code.
pub fn word<'a>(table: &'a Table, code: &'a str) -> &'a str {
    table.get(code).map_or(code, String::as_str)
}

impl Words {
    /// Reads the words, and the names of countries from the actor knowledge.
    pub fn load(files: &DataFiles) -> Result<Self> {
        let path = "ontology/words.toml";
        let mut words: Words = toml_file(path, files.get(path)?)?;
        for line in files.get("actors/countries.tsv").unwrap_or_default().lines().filter(|l| !l.starts_with('#')) {
            let mut cells = line.split('\t');
            if let (Some(code), Some(name)) = (cells.next(), cells.next()) {
                words.countries.entry(code.trim().to_owned()).or_insert_with(|| name.trim().to_owned());
            }
        }
        Ok(words)
    }

    /// What happened, after "A → B: " or "A, B: ".
    pub fn phrase(&self, event: &Event) -> String {
        let contexts: Vec<&str> = event.contexts.iter().map(|c| word(&self.contexts, c)).collect();
        let context = join(&contexts, "and");
        let Some(of_type) = self.types.get(event.r#type.as_str()) else { return event.r#type.as_str().to_lowercase() };
        let mode = event.mode.as_ref().and_then(|m| of_type.modes.get(m));
        let both = event.reciprocal && event.source.len() > 1;
        let template = match (mode, both) {
            (Some(m), true) => m.both.as_ref().or(of_type.both.as_ref()).unwrap_or(&m.one),
            (Some(m), false) => &m.one,
            (None, true) => of_type.both.as_ref().unwrap_or(&of_type.one),
            (None, false) => &of_type.one,
        };
        fill(template, "context", &context)
    }

    /// "30 Dec 2022", "Dec 2022", "2022"; what is no such date stays as it is.
    pub fn date(&self, value: &str) -> String {
        let parts: Vec<&str> = value.split('-').collect();
        let month = |m: &str| self.months.get(m.trim_start_matches('0')).map(String::as_str);
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        match parts[..] {
            [y, m, d] if digits(y) && digits(d) => month(m).map(|m| format!("{} {m} {y}", d.trim_start_matches('0'))),
            [y, m] if digits(y) => month(m).map(|m| format!("{m} {y}")),
            _ => None,
        }
        .unwrap_or_else(|| value.to_owned())
    }

    /// A span of days as short as it can be said: "3–5 Dec 2022", "Dec 2022", "2022".
    pub fn days(&self, start: &str, end: &str) -> String {
        if start == end {
            return self.date(start);
        }
        let (Ok(a), Ok(b)) = (start.parse::<jiff::civil::Date>(), end.parse::<jiff::civil::Date>()) else {
            return format!("{} to {}", self.date(start), self.date(end));
        };
        let whole_months = a.day() == 1 && b == b.last_of_month();
        if whole_months && a.year() == b.year() && (a.month(), b.month()) == (1, 12) {
            a.year().to_string()
        } else if whole_months && (a.year(), a.month()) == (b.year(), b.month()) {
            self.date(&start[..7])
        } else if (a.year(), a.month()) == (b.year(), b.month()) {
            format!("{}–{}", a.day(), self.date(end))
        } else {
            format!("{} to {}", self.date(start), self.date(end))
        }
    }
}

/// "a", "a and b", "a, b and c".
pub fn join<S: AsRef<str>>(items: &[S], and: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {and} {}", first.join(", "), last.as_ref())
        }
    }
}

/// Fills `{field}`; a part in brackets that holds the field is left out where the value is empty.
fn fill(template: &str, field: &str, value: &str) -> String {
    let slot = format!("{{{field}}}");
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, inside)) = rest.split_once('[') {
        let (part, after) = inside.split_once(']').unwrap_or((inside, ""));
        out.push_str(&before.replace(&slot, value));
        if !(part.contains(&slot) && value.is_empty()) {
            out.push_str(&part.replace(&slot, value));
        }
        rest = after;
    }
    out.push_str(&rest.replace(&slot, value));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery::record::{Actor, EventType};

    fn words() -> Words {
        Words::load(&DataFiles::builtin()).unwrap()
    }

    #[test]
    fn every_type_status_and_block_has_words() {
        use chancery::record::{BlockKind, OtherRole, ProvenanceRole, Stance, StatementKind, Status};
        let w = words();
        assert!(w.types.keys().all(|t| EventType::parse(t).is_some()));
        assert!(EventType::ALL.iter().all(|t| w.types.contains_key(t.as_str())));
        assert!(Status::ALL.iter().all(|s| w.statuses.contains_key(s.as_str())));
        assert!(BlockKind::ALL.iter().all(|b| b == &BlockKind::Paragraph || w.blocks.contains_key(b.as_str())));
        assert!(ProvenanceRole::ALL.iter().all(|r| w.provenance.contains_key(r.as_str())));
        assert!(Stance::ALL.iter().all(|s| w.stances.contains_key(s.as_str())));
        assert!(OtherRole::ALL.iter().all(|r| w.roles.contains_key(r.as_str())));
        assert!(StatementKind::ALL.iter().all(|k| w.kinds.contains_key(k.as_str())));
        assert_eq!(w.months.len(), 12);
    }

    #[test]
    fn phrases_take_contexts_modes_and_parties() {
        let w = words();
        let mut e = Event { r#type: EventType::Agree, contexts: vec!["military".into()], ..Event::default() };
        assert_eq!(w.phrase(&e), "agrees to military cooperation");
        e.contexts.clear();
        assert_eq!(w.phrase(&e), "agrees to cooperation");
        e.r#type = EventType::Consult;
        e.mode = Some("phone".into());
        e.reciprocal = true;
        e.source = vec![Actor::default(), Actor::default()];
        assert_eq!(w.phrase(&e), "speak by telephone or video");
    }

    #[test]
    fn dates_are_short() {
        let w = words();
        assert_eq!(w.date("2022-12-30"), "30 Dec 2022");
        assert_eq!(w.date("2022-12"), "Dec 2022");
        assert_eq!(w.date("2022-W51"), "2022-W51");
        assert_eq!(w.days("2022-12-03", "2022-12-05"), "3–5 Dec 2022");
        assert_eq!(w.days("2022-12-01", "2022-12-31"), "Dec 2022");
        assert_eq!(w.days("2022-01-01", "2022-12-31"), "2022");
        assert_eq!(w.days("2022-12-30", "2023-01-02"), "30 Dec 2022 to 2 Jan 2023");
    }
}
