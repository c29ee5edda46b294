//! Names of outlets and agencies: `data/outlets/outlets.tsv`.

use crate::data::DataFiles;
use crate::error::{Error, Result};
use crate::layout::cues::Cues;
use crate::record::Span;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;

const PATH: &str = "outlets/outlets.tsv";

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Outlet {
    pub agency: bool,
    /// The main name first. Abbreviations are not among them.
    pub names: Vec<String>,
    pub domains: Vec<String>,
    pub short: Vec<String>,
}

/// Reads the table. E0111 names the line of a bad row.
pub(crate) fn outlets(files: &DataFiles) -> Result<Vec<Outlet>> {
    let mut out = Vec::new();
    for (line, row) in files.get(PATH)?.lines().enumerate().filter(|(_, r)| !r.trim().is_empty() && !r.starts_with('#')) {
        let bad = |what: &str| {
            Error::new(
                "E0111",
                what,
                format!("data/{PATH}, line {}", line + 1),
                "the columns are name, kind, country, domains, other names, abbreviations",
            )
        };
        let columns: Vec<&str> = row.split('\t').map(str::trim).collect();
        let column = |i: usize| columns.get(i).copied().unwrap_or("");
        let list = |i: usize| column(i).split('|').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        if column(0).is_empty() || columns.len() < 4 {
            return Err(bad("a row has a name and at least three more columns"));
        }
        if !matches!(column(1), "agency" | "paper" | "broadcaster" | "site") {
            return Err(bad("the kind is agency, paper, broadcaster or site"));
        }
        if column(2).len() != 3 || !column(2).bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(bad("the country is a code of three capitals"));
        }
        let mut names = vec![column(0).to_owned()];
        names.extend(list(4));
        out.push(Outlet { agency: column(1) == "agency", names, domains: list(3), short: list(5) });
    }
    Ok(out)
}

/// The outlets, compiled for look-up.
#[derive(Debug)]
pub struct Outlets {
    finder: AhoCorasick,
    agencies: Vec<String>,
    domains: BTreeMap<String, String>,
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
            all.iter().filter(|o| o.agency).flat_map(|o| o.names.iter().chain(&o.short)).map(|n| n.to_lowercase()).collect();
        agencies.sort();
        let domains =
            all.iter().flat_map(|o| o.domains.iter().map(|d| (d.clone(), o.names.first().cloned().unwrap_or_default()))).collect();
        Ok(Outlets { finder, agencies, domains })
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
