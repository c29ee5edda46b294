//! From what a user writes to whom the ledger knows: codes first, then the names that the coder knows, then those in records.

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::Who;
use chancery::data::DataFiles;
use chancery::mention::actors::knowledge::{Class, Knowledge};
use std::sync::OnceLock;

/// Looks names up. The knowledge is read only when a name is no code, and once.
pub struct Names {
    files: DataFiles,
    knowledge: OnceLock<Option<Knowledge>>,
}

impl Default for Names {
    fn default() -> Self {
        Names { files: DataFiles::builtin(), knowledge: OnceLock::new() }
    }
}

impl Names {
    /// First cells of a table of codes.
    fn codes(&self, file: &'static str) -> impl Iterator<Item = &str> {
        let text = self.files.find(file).unwrap_or("");
        text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').next()).filter(|c| !c.is_empty())
    }
    fn is_country(&self, code: &str) -> bool {
        self.codes("actors/countries.tsv").any(|c| c == code) || self.codes("ontology/nonstates.tsv").any(|c| c == code)
    }
    fn is_sector(&self, code: &str) -> bool {
        self.codes("ontology/sectors.tsv").any(|c| c == code)
    }
    /// What is known of actors; none where the tables cannot be read.
    pub fn knowledge(&self) -> Option<&Knowledge> {
        self.knowledge.get_or_init(|| Knowledge::load(&self.files).ok()).as_ref()
    }

    /// Everybody a word may mean. E0510 where it means nobody.
    pub fn find(&self, ledger: &Ledger, word: &str) -> Result<Vec<Who>> {
        let word = word.trim();
        if let Some(who) = self.coded(word) {
            return Ok(vec![who]);
        }
        let mut found = Vec::new();
        if let Some(k) = self.knowledge() {
            for e in k.by_code(word).into_iter().chain(k.by_name(word)).filter_map(|e| k.get(e)) {
                let who = match e.class {
                    Class::Country => Who::Country(e.country.to_string()),
                    _ => Who::Entity(e.id.to_string()),
                };
                if !found.contains(&who) {
                    found.push(who);
                }
            }
            // A country's name is often its capital's or a region's, too.
            if found.iter().any(|w| matches!(w, Who::Country(_))) {
                found.retain(|w| matches!(w, Who::Country(_)));
            }
        }
        if found.is_empty() && ledger.names(word)? {
            found.push(Who::Named(word.to_owned()));
        }
        if found.is_empty() {
            let remedy = "give a country or its code, a sector, or a name as records have it (`chancery actors NAME` says what is known)";
            return Err(Error::new("E0510", "names nobody in the ledger", format!("{word:?}"), remedy));
        }
        Ok(found)
    }

    /// The one that a word means; of several the first.
    pub fn one(&self, ledger: &Ledger, word: &str) -> Result<Who> {
        Ok(self.find(ledger, word)?.swap_remove(0))
    }

    fn coded(&self, word: &str) -> Option<Who> {
        if !word.bytes().all(|b| b.is_ascii_uppercase()) {
            return None;
        }
        match word.len() {
            3 if self.is_country(word) => Some(Who::Country(word.to_owned())),
            3 if self.is_sector(word) => Some(Who::Sector(word.to_owned())),
            6 if self.is_country(&word[..3]) && self.is_sector(&word[3..]) => Some(Who::Part(word[..3].to_owned(), word[3..].to_owned())),
            _ => None,
        }
    }

    /// The code of a country, or the name of a place as it is.
    pub fn place(&self, word: &str) -> String {
        if word.len() == 3 && self.is_country(word) {
            return word.to_owned();
        }
        let country = self.knowledge().and_then(|k| {
            let countries = k.by_name(word).into_iter().filter_map(|e| k.get(e)).filter(|e| e.class == Class::Country);
            countries.map(|e| e.country.to_string()).next()
        });
        country.unwrap_or_else(|| word.to_owned())
    }
}
