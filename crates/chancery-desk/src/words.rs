//! Codes in words, from the codebook's own tables.

use crate::Result;
use chancery::data::{DataFiles, toml_file};
use serde::Deserialize;
use std::collections::BTreeMap;

type Table = BTreeMap<String, String>;

/// What codes are called.
#[derive(Debug, Default, Deserialize)]
pub struct Words {
    sectors: Table,
    #[serde(default)]
    countries: Table,
    blocks: Table,
    provenance: Table,
}

impl Words {
    pub fn load() -> Result<Words> {
        let files = DataFiles::builtin();
        let path = "ontology/words.toml";
        let mut words: Words = toml_file(path, files.get(path)?)?;
        for line in files.get("actors/countries.tsv")?.lines().filter(|l| !l.starts_with('#')) {
            let mut cells = line.split('\t');
            if let (Some(code), Some(name)) = (cells.next(), cells.next()) {
                words.countries.entry(code.trim().to_owned()).or_insert_with(|| name.trim().to_owned());
            }
        }
        Ok(words)
    }

    /// "Soviet Union" of SUN; the code where it has no name.
    pub fn country<'a>(&'a self, code: &'a str) -> &'a str {
        self.countries.get(code).map_or(code, String::as_str)
    }

    /// "Soviet Union, government" of SUNGOV; of several, joined by `;`, each.
    pub fn codes(&self, codes: &str) -> String {
        let one = |code: &str| match (code.get(..3), code.get(3..)) {
            (Some(c), Some(s)) if !s.is_empty() => {
                format!("{}, {}", self.country(c), self.sectors.get(s).map_or(s, String::as_str))
            }
            _ => self.countries.get(code).or_else(|| self.sectors.get(code)).cloned().unwrap_or_else(|| code.to_owned()),
        };
        codes.split(';').map(one).collect::<Vec<_>>().join("; ")
    }

    pub fn block<'a>(&'a self, kind: &'a str) -> &'a str {
        self.blocks.get(kind).map_or(kind, String::as_str)
    }

    pub fn hand<'a>(&'a self, role: &'a str) -> &'a str {
        self.provenance.get(role).map_or(role, String::as_str)
    }
}
