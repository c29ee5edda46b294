//! The ontology: PLOVER types, modes and contexts, CAMEO codes, and the ways between them, from `data/ontology/`.

use crate::data::DataFiles;
use crate::error::{Error, Result};
use crate::record::EventType;
use std::collections::BTreeMap;

/// What the ontology says of a type.
#[derive(Debug, Clone, Default)]
pub struct TypeInfo {
    pub quad: u8,
    pub score: f64,
    pub cameo: String,
    /// The type is itself something said: relayed by its own side it stays `occurred`.
    pub utterance: bool,
    /// What PLOVER makes of it in formats that know no status.
    pub planned_as: Option<EventType>,
    /// Sector of a country that acts under its bare name.
    pub bare_side: String,
    /// The act is one toward somebody: who that is may be plain from what was told before.
    pub counterpart: bool,
    /// Anybody can do it, also actors that are political by the act alone.
    pub anybody: bool,
    /// A place it is directed at is the ground itself, not whoever governs there.
    pub on_ground: bool,
    /// Only a state does it: where nobody is named, its forces did.
    pub of_state: bool,
}

/// Where a CAMEO code goes in PLOVER.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing {
    pub r#type: EventType,
    pub mode: Option<String>,
    pub contexts: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Ontology {
    types: BTreeMap<EventType, TypeInfo>,
    modes: BTreeMap<(EventType, String), (Option<f64>, String)>,
    /// Modes that ask for a number of parties.
    parties: BTreeMap<(EventType, String), usize>,
    contexts: Vec<String>,
    cameo: BTreeMap<String, (String, f64)>,
    /// Codes in place of a country for actors that are no state.
    nonstate: Vec<String>,
    /// Sectors that make an actor without country a political one.
    political: Vec<String>,
    /// Sectors whose dealings among themselves are no events.
    business: Vec<String>,
    crosswalk: BTreeMap<String, std::result::Result<Crossing, String>>,
}

impl Ontology {
    /// Reads `data/ontology/*.tsv`. E0110 where a row is malformed, E0111 where it names what does not exist.
    pub fn load(files: &DataFiles) -> Result<Self> {
        let mut o = Ontology::default();
        table(files, "ontology/contexts.tsv", 1, |row, _| {
            o.contexts.push(row[0].to_owned());
            Ok(())
        })?;
        let codes = files.get("ontology/nonstates.tsv")?.lines().filter(|l| !l.starts_with('#'));
        let sectors = files.get("ontology/sectors.tsv")?.lines().filter(|l| !l.starts_with('#'));
        for (code, rest) in sectors.filter_map(|l| l.split_once('\t')) {
            match rest.split('\t').next() {
                Some("frequent") => o.political.push(code.to_owned()),
                Some("business") => o.business.push(code.to_owned()),
                _ => {}
            }
        }
        o.nonstate = codes.filter_map(|l| l.split('\t').next()).filter(|c| !c.is_empty()).map(str::to_owned).collect();
        table(files, "ontology/cameo.tsv", 3, |row, place| {
            o.cameo.insert(row[0].to_owned(), (row[1].to_owned(), number(row[2], place)?));
            Ok(())
        })?;
        table(files, "ontology/types.tsv", 11, |row, place| {
            let planned_as = if row[5].is_empty() { None } else { Some(event_type(row[5], place)?) };
            let info = TypeInfo {
                quad: number(row[1], place)? as u8,
                score: number(row[2], place)?,
                cameo: row[3].to_owned(),
                utterance: row[4] == "yes",
                planned_as,
                bare_side: row[6].to_owned(),
                counterpart: row[7] == "yes",
                anybody: row[8] == "yes",
                on_ground: row[9] == "yes",
                of_state: row[10] == "yes",
            };
            o.types.insert(event_type(row[0], place)?, info);
            Ok(())
        })?;
        table(files, "ontology/modes.tsv", 4, |row, place| {
            let score = if row[2].is_empty() { None } else { Some(number(row[2], place)?) };
            if let Some(n) = row.get(4).filter(|n| !n.is_empty()) {
                o.parties.insert((event_type(row[0], place)?, row[1].to_owned()), number(n, place)? as usize);
            }
            o.modes.insert((event_type(row[0], place)?, row[1].to_owned()), (score, row[3].to_owned()));
            Ok(())
        })?;
        table(files, "ontology/crosswalk.tsv", 5, |row, place| {
            let to = if row[1].is_empty() {
                Err(row[4].to_owned())
            } else {
                Ok(Crossing {
                    r#type: event_type(row[1], place)?,
                    mode: (!row[2].is_empty()).then(|| row[2].to_owned()),
                    contexts: row[3].split(';').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
                })
            };
            o.crosswalk.insert(row[0].to_owned(), to);
            Ok(())
        })?;
        o.check()?;
        Ok(o)
    }

    /// Every code named anywhere must exist; every type, mode and CAMEO code must have its counterpart.
    fn check(&self) -> Result<()> {
        let unknown = |what: String, file: &str| {
            Err(Error::new("E0111", what, format!("data/ontology/{file}"), "name one that the tables list, or add it"))
        };
        for &t in EventType::ALL {
            match self.types.get(&t) {
                None => return unknown(format!("type {t} has no row"), "types.tsv"),
                Some(i) if !self.cameo.contains_key(&i.cameo) => return unknown(format!("{t}: no CAMEO code {}", i.cameo), "types.tsv"),
                _ => {}
            }
        }
        for ((t, m), (_, cameo)) in &self.modes {
            if !self.cameo.contains_key(cameo) {
                return unknown(format!("{t} {m}: no CAMEO code {cameo}"), "modes.tsv");
            }
        }
        for code in self.cameo.keys() {
            match self.crosswalk.get(code) {
                None => return unknown(format!("CAMEO {code} is missing"), "crosswalk.tsv"),
                Some(Err(why)) if why.is_empty() => return unknown(format!("CAMEO {code} has neither type nor reason"), "crosswalk.tsv"),
                Some(Err(_)) => {}
                Some(Ok(c)) => {
                    if c.mode.as_ref().is_some_and(|m| !self.has_mode(c.r#type, m)) {
                        return unknown(format!("CAMEO {code}: {} has no such mode", c.r#type), "crosswalk.tsv");
                    }
                    if let Some(x) = c.contexts.iter().find(|x| !self.has_context(x)) {
                        return unknown(format!("CAMEO {code}: no context {x}"), "crosswalk.tsv");
                    }
                }
            }
        }
        Ok(())
    }

    pub fn info(&self, t: EventType) -> TypeInfo {
        self.types.get(&t).cloned().unwrap_or_default()
    }
    pub fn is_utterance(&self, t: EventType) -> bool {
        self.types.get(&t).is_some_and(|i| i.utterance)
    }
    /// Whether an event of so many states can have a mode; `None` where bodies take part that stand for many.
    pub fn mode_fits(&self, t: EventType, mode: &str, states: Option<usize>) -> bool {
        match (self.parties.get(&(t, mode.to_owned())), states) {
            (Some(&least), Some(n)) => n >= least,
            _ => true,
        }
    }
    /// Whether a country code is a state's (or a territory's) rather than IGO, NGO and the like.
    pub fn is_state(&self, code: &str) -> bool {
        !self.nonstate.iter().any(|n| n == code)
    }
    /// Whether a sector alone, without a country, makes a political actor.
    pub fn is_political(&self, sector: &str) -> bool {
        self.political.iter().any(|s| s == sector)
    }
    /// Whether an actor is of a country that can be one side of what a report is about.
    pub fn is_party(&self, actor: &crate::record::Actor) -> bool {
        actor.country.as_deref().is_some_and(|c| self.is_state(c))
    }
    /// Whether a sector deals in business, where only somebody else's part makes an event.
    pub fn is_business(&self, sector: &str) -> bool {
        self.business.iter().any(|s| s == sector)
    }
    pub fn has_mode(&self, t: EventType, mode: &str) -> bool {
        self.modes.contains_key(&(t, mode.to_owned()))
    }
    pub fn modes(&self, t: EventType) -> impl Iterator<Item = &str> {
        self.modes.keys().filter(move |(x, _)| *x == t).map(|(_, m)| m.as_str())
    }
    pub fn has_context(&self, c: &str) -> bool {
        self.contexts.iter().any(|x| x == c)
    }
    pub fn has_cameo(&self, code: &str) -> bool {
        self.cameo.contains_key(code)
    }
    pub fn goldstein(&self, code: &str) -> Option<f64> {
        self.cameo.get(code).map(|(_, g)| *g)
    }
    /// Default CAMEO code of a type and mode.
    pub fn cameo_for(&self, t: EventType, mode: Option<&str>) -> String {
        mode.and_then(|m| self.modes.get(&(t, m.to_owned()))).map_or_else(|| self.info(t).cameo, |(_, c)| c.clone())
    }
    /// PLOVER's intensity of a type and mode.
    pub fn intensity(&self, t: EventType, mode: Option<&str>) -> Option<f64> {
        mode.and_then(|m| self.modes.get(&(t, m.to_owned()))).and_then(|(s, _)| *s).or_else(|| self.types.get(&t).map(|i| i.score))
    }
    /// Where a CAMEO code goes, or why nowhere; `None` for a code that does not exist.
    pub fn crossing(&self, cameo: &str) -> Option<std::result::Result<&Crossing, &str>> {
        self.crosswalk.get(cameo).map(|c| c.as_ref().map_err(String::as_str))
    }
}

/// Calls `each` with the cells of every row of a TSV file (comments and the heading row left out).
fn table(files: &DataFiles, path: &str, cells: usize, mut each: impl FnMut(&[&str], &str) -> Result<()>) -> Result<()> {
    let mut heading = true;
    for (n, line) in files.get(path)?.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() || std::mem::take(&mut heading) {
            continue;
        }
        let place = format!("data/{path}, line {}", n + 1);
        let row: Vec<&str> = line.split('\t').map(str::trim).collect();
        if row.len() < cells {
            return Err(Error::new(
                "E0110",
                format!("{} cells where {cells} are expected", row.len()),
                place,
                "separate the cells by tabs, as in the heading row",
            ));
        }
        each(&row, &place)?;
    }
    Ok(())
}

fn number(s: &str, place: &str) -> Result<f64> {
    s.parse().map_err(|_| Error::new("E0110", format!("`{s}` is no number"), place, "write it like 4 or -3.5"))
}

/// The type of that name; E0111 otherwise.
pub(super) fn event_type(s: &str, place: &str) -> Result<EventType> {
    EventType::parse(s).ok_or_else(|| {
        let all: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
        Error::new("E0111", format!("no event type `{s}`"), place, format!("use one of {}", all.join(" ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crosswalk_is_complete_both_ways() {
        let o = Ontology::load(&DataFiles::builtin()).unwrap();
        assert_eq!(o.contexts.len(), 37);
        for code in o.cameo.keys() {
            assert!(o.crosswalk.contains_key(code), "{code}");
        }
        // Back and forth: the default code of a type and mode comes home to that type.
        for ((t, m), (_, code)) in &o.modes {
            let home = o.crosswalk[code].as_ref().unwrap();
            assert_eq!(home.r#type, *t, "{t} {m} → {code}");
        }
        for (t, info) in &o.types {
            assert_eq!(o.crosswalk[&info.cameo].as_ref().unwrap().r#type, *t, "{t} → {}", info.cameo);
        }
    }

    #[test]
    fn a_bad_row_names_file_and_line() {
        let mut files = DataFiles::builtin();
        files.insert("ontology/modes.tsv", "type\tmode\tscore\tcameo\nCONSULT\tvisit\tmany\t042\n".into());
        let e = Ontology::load(&files).unwrap_err();
        assert_eq!(e.code, "E0110");
        assert!(e.place.contains("modes.tsv, line 2"), "{e}");
    }
}
