//! Role words of a language: `lang/*/agents.toml`.

use super::fold::{Pieces, pieces_of, slug};
use super::table::Table;
use crate::data::{DataFiles, toml_file};
use crate::error::{Error, Result};
use compact_str::CompactString;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What sort of noun a role word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Person,
    People,
    Body,
    Thing,
    Part,
}

/// What a role needs to be an actor at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Needs {
    #[default]
    Nothing,
    /// A country named with it.
    Country,
    /// A sector or country named with it.
    Sector,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub words: Vec<String>,
    pub sector: CompactString,
    pub kind: Kind,
    pub office: Option<CompactString>,
    #[serde(default)]
    pub derive: bool,
    /// Not of the country named with it: "U.S. allies".
    #[serde(default)]
    pub foreign: bool,
    /// People of where they act, where a place stands with the verb: "In Amman *protesters* marched".
    #[serde(default)]
    pub local: bool,
    #[serde(default)]
    pub needs: Needs,
    pub gender: Option<CompactString>,
    pub number: Option<CompactString>,
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub not: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Modifier {
    words: Vec<String>,
    sector: CompactString,
    /// Only where nothing else decides: "Muslim cleric", but "Muslim rebels".
    #[serde(default)]
    weak: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marker {
    mark: Mark,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Region {
    words: Vec<String>,
    tag: CompactString,
}

/// Words with a grammar of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    Former,
    NotYet,
    Counterpart,
    TitleM,
    TitleF,
    Title,
    TitleMil,
    TitleLeg,
    TitleGov,
    TitleRel,
    State,
    Both,
    /// Of those, persons: "both leaders" are two people, not two states.
    BothPersons,
    /// Plurals that mean the two sides without a number: "the belligerents".
    Sides,
    /// One of two: "each accused the other".
    Each,
    /// Nouns that say what form of state is meant: "the kingdom".
    StateForm,
    Backed,
    Based,
    Prefix,
    Of,
    World,
    WorldAdjective,
    WorldNoun,
    International,
    Common,
    Calendar,
    Particle,
    Place,
    Dual,
    /// What after "the" means the two sides: "where the two agreed".
    Two,
    /// Given names of women and men.
    NameF,
    NameM,
    He,
    She,
    They,
    It,
    /// What makes a name a firm's.
    Company,
}

impl Mark {
    /// A word before a person's name.
    pub fn is_title(self) -> bool {
        matches!(self, Mark::TitleM | Mark::TitleF | Mark::Title | Mark::TitleMil | Mark::TitleLeg | Mark::TitleGov | Mark::TitleRel)
    }
    /// The sector that a title gives by itself.
    pub fn sector(self) -> &'static str {
        match self {
            Mark::TitleMil => "MIL",
            Mark::TitleLeg => "LEG",
            Mark::TitleGov => "GOV",
            Mark::TitleRel => "REL",
            _ => "",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    role: Vec<Role>,
    #[serde(default)]
    modifier: Vec<Modifier>,
    #[serde(default)]
    marker: Vec<Marker>,
    #[serde(default)]
    region: Vec<Region>,
}

/// What a phrase of the lexicon means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sense {
    /// Index into [`Lexicon::roles`].
    Role(u16),
    Modifier {
        sector: CompactString,
        weak: bool,
    },
    Mark(Mark),
    Region(CompactString),
}

/// Role words, modifiers and markers of one language.
#[derive(Debug, Default)]
pub struct Lexicon {
    pub roles: Vec<Role>,
    /// Phrase → sense, and whether its last word must be written with a capital ("the West").
    pub phrases: Table<(Sense, bool)>,
    /// Given names, folded; true for a woman's.
    given: BTreeMap<String, bool>,
}

pub const FILE: &str = "lang/en/agents.toml";

impl Lexicon {
    /// Reads `agents.toml`; E0102 where it is no TOML of that shape, E0111 where an entry contradicts another.
    pub fn load(files: &DataFiles) -> Result<Lexicon> {
        let file: File = toml_file(FILE, files.get(FILE)?)?;
        let mut lexicon = Lexicon { roles: Vec::new(), phrases: Table::with_capacity(2000), given: BTreeMap::new() };
        let mut seen: BTreeMap<String, &'static str> = BTreeMap::new();
        for (i, role) in file.role.iter().enumerate() {
            let part = role.kind == Kind::Part;
            for word in &role.words {
                let kind = if part { "role of kind part" } else { "role" };
                if seen.insert(format!("{kind} {word}"), kind).is_some() {
                    return Err(twice(word, kind));
                }
                lexicon.add(word, Sense::Role(i as u16));
            }
        }
        for m in file.modifier {
            for word in &m.words {
                if seen.insert(format!("modifier {word}"), "modifier").is_some() {
                    return Err(twice(word, "modifier"));
                }
                lexicon.add(word, Sense::Modifier { sector: m.sector.clone(), weak: m.weak });
            }
        }
        for m in file.marker {
            if matches!(m.mark, Mark::NameF | Mark::NameM) {
                for word in &m.words {
                    if lexicon.given.insert(slug(word), m.mark == Mark::NameF).is_some() {
                        return Err(twice(word, "given name"));
                    }
                }
                continue;
            }
            m.words.iter().for_each(|w| lexicon.add(w, Sense::Mark(m.mark)));
        }
        for r in file.region {
            r.words.iter().for_each(|w| lexicon.add(w, Sense::Region(r.tag.clone())));
        }
        lexicon.roles = file.role;
        Ok(lexicon)
    }

    fn add(&mut self, word: &str, sense: Sense) {
        let pieces = pieces_of(word);
        let capital = pieces.list.last().is_some_and(|p| p.upper) && word.contains(' ');
        self.phrases.insert(&pieces, (sense, capital));
    }
    pub fn role(&self, i: u16) -> Option<&Role> {
        self.roles.get(usize::from(i))
    }
    /// Whether a given name is a woman's; none where the lexicon does not have it.
    pub fn is_womans(&self, name: &str) -> Option<bool> {
        self.given.get(&slug(name)).copied()
    }
    /// Whether the lexicon knows `word` as a marker of that kind.
    pub fn is(&self, mark: Mark, word: &str) -> bool {
        let mut pieces = Pieces::default();
        pieces.push(word, 0);
        self.phrases.exactly(&pieces).any(|(s, _)| *s == Sense::Mark(mark))
    }
}

fn twice(word: &str, kind: &str) -> Error {
    Error::new("E0111", format!("\"{word}\" stands twice as {kind}"), format!("data/{FILE}"), "keep it in one entry only")
}
