//! Outlets and agencies, their names, country and owner: `data/outlets/outlets.tsv`.

use crate::data::DataFiles;
use crate::error::{Error, Result};
use crate::layout::cues::Cues;
use crate::mention::actors::tsv::rows;
use crate::record::Span;
use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;
use std::collections::BTreeMap;

const PATH: &str = "outlets/outlets.tsv";

/// A row of the table: who publishes, and who owns it.
#[derive(Debug, Clone, Serialize)]
pub struct Outlet {
    /// `agency`, `paper`, `broadcaster`, `site` or `blog`.
    pub kind: String,
    /// Country code.
    pub country: String,
    /// The main name first. Abbreviations are not among them.
    pub names: Vec<String>,
    pub domains: Vec<String>,
    pub short: Vec<String>,
    /// ISO 639-1.
    pub languages: Vec<String>,
    /// Days (YYYYMMDD) between which a government runs it or owns most of it.
    #[serde(skip)]
    pub state: Vec<(i32, i32)>,
}

impl Outlet {
    pub fn is_agency(&self) -> bool {
        self.kind == "agency"
    }
    /// Whether a government controls it on `day`; without a day, on the last day known.
    pub fn is_state_controlled(&self, day: Option<i32>) -> bool {
        self.state.iter().any(|&(from, to)| day.map_or(to == i32::MAX, |d| from <= d && d <= to))
    }
}

/// Reads the table. E0110 or E0111 name the line of a bad row.
pub(crate) fn outlets(files: &DataFiles) -> Result<Vec<Outlet>> {
    let mut out: Vec<Outlet> = Vec::new();
    for row in rows(PATH, files.get(PATH)?) {
        let bad = |what: String| {
            let remedy = "the columns are name, kind, country, domains, other names, abbreviations, languages, state control";
            Error::new("E0111", what, format!("data/{PATH}, line {}", row.line), remedy)
        };
        let [name, kind, country, domains, names, short, languages, state] = row.fields()?;
        let list = |field: &str| field.split('|').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        if name.is_empty() || !row.text.contains('\t') {
            return Err(bad("a row has a name and at least three more columns".to_owned()));
        }
        if !matches!(kind, "agency" | "paper" | "broadcaster" | "site" | "blog") {
            return Err(bad(format!("kind: \"{kind}\" is not agency, paper, broadcaster, site or blog")));
        }
        if country.len() != 3 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(bad(format!("country: \"{country}\" is no code of three capitals")));
        }
        if let Some(l) = list(languages).iter().find(|l| l.len() != 2 || !l.bytes().all(|b| b.is_ascii_lowercase())) {
            return Err(bad(format!("languages: \"{l}\" is no code of two small letters")));
        }
        let mut periods = Vec::new();
        for period in list(state) {
            let (from, to) = period.split_once("..").ok_or_else(|| bad(format!("state: \"{period}\" is no period from..to")))?;
            periods.push(row.period("state", from, to)?);
        }
        let mut all = vec![name.to_owned()];
        all.extend(list(names));
        out.push(Outlet {
            kind: kind.to_owned(),
            country: country.to_owned(),
            names: all,
            domains: list(domains),
            short: list(short),
            languages: list(languages),
            state: periods,
        });
    }
    Ok(out)
}

/// The outlets, compiled for look-up.
#[derive(Debug)]
pub struct Outlets {
    finder: AhoCorasick,
    agencies: Vec<String>,
    domains: BTreeMap<String, String>,
    table: Vec<Outlet>,
    /// Names and abbreviations in lower case → place in the table.
    named: BTreeMap<String, usize>,
}

impl Outlets {
    pub fn load(files: &DataFiles) -> Result<Self> {
        let all = outlets(files)?;
        let mut names: Vec<String> = all.iter().flat_map(|o| o.names.iter().chain(&o.short)).cloned().collect();
        names.sort();
        names.dedup();
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&names)
            .map_err(|e| Error::new("E0111", e.to_string(), format!("data/{PATH}"), "shorten the list"))?;
        let mut agencies: Vec<String> =
            all.iter().filter(|o| o.is_agency()).flat_map(|o| o.names.iter().chain(&o.short)).map(|n| n.to_lowercase()).collect();
        agencies.sort();
        let domains =
            all.iter().flat_map(|o| o.domains.iter().map(|d| (d.clone(), o.names.first().cloned().unwrap_or_default()))).collect();
        let mut named = BTreeMap::new();
        for (i, o) in all.iter().enumerate() {
            // Of two of one name the first counts, and a full name before an abbreviation.
            o.names.iter().for_each(|n| _ = named.entry(key(n)).or_insert(i));
        }
        for (i, o) in all.iter().enumerate() {
            o.short.iter().for_each(|n| _ = named.entry(key(n)).or_insert(i));
        }
        Ok(Outlets { finder, agencies, domains, table: all, named })
    }

    /// The outlet of that name or abbreviation.
    pub fn named(&self, name: &str) -> Option<&Outlet> {
        self.table.get(*self.named.get(&key(name))?)
    }

    /// Whether a name is that of a news agency.
    pub fn is_agency(&self, name: &str) -> bool {
        self.agencies.binary_search(&name.trim().to_lowercase()).is_ok()
    }

    /// The outlet at an address, by its domain or one above it.
    pub fn by_url(&self, url: &str) -> Option<&str> {
        let host = url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', '?', '#', ':']).next()?.to_lowercase();
        let mut host = host.as_str();
        loop {
            if let Some(name) = self.domains.get(host) {
                return Some(name);
            }
            host = host.split_once('.')?.1;
        }
    }

    /// Known outlets that a paragraph gives as the source of something: "told Reuters", "Tass reported".
    pub(crate) fn quoted(&self, paragraph: &str, cues: &Cues) -> Vec<Span> {
        let mut out = Vec::new();
        for found in self.finder.find_iter(paragraph) {
            let (start, end) = (found.start(), found.end());
            let before = paragraph.get(..start).unwrap_or("");
            let after = paragraph.get(end..).unwrap_or("");
            if before.ends_with(|c: char| c.is_alphanumeric() || c == '-') || after.starts_with(|c: char| c.is_alphanumeric() || c == '-') {
                continue;
            }
            let lead = before.get(before.ceil_char_boundary(before.len().saturating_sub(60))..).unwrap_or("").trim_end();
            let tail = after.get(..after.floor_char_boundary(60)).unwrap_or("");
            if cues.quoted_before.is_match(lead) || cues.quoted_after.is_match(tail) {
                out.push(Span::new(start, end));
            }
        }
        out
    }
}

/// A name in lower case without its article.
fn key(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.strip_prefix("the ").unwrap_or(&name).to_owned()
}
