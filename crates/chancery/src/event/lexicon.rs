//! The event entries of a language, read from `verbs/TYPE.toml` and `nouns/TYPE.toml` and compiled to an index by anchor.

use super::examples::{Expect, Samples};
use super::ontology::{Ontology, event_type};
use super::paths::{self, Path};
use super::words::{HeadAt, Words, spellings};
use crate::data::{DataFiles, line_of, toml_file};
use crate::error::{Error, Result};
use crate::record::{EventType, OtherRole};
use compact_str::CompactString;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use toml::Spanned;

/// Whether the anchor is a verb (or predicative adjective) or a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Verb,
    Noun,
}

/// Which words of a match are the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Anchor,
    Object,
    Complement,
    Modifier,
}

/// One way in which news words an event.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// `verbs/SANCTION/impose-sanctions`.
    pub rule: String,
    /// File and line, for messages.
    pub place: String,
    pub kind: Kind,
    pub r#type: EventType,
    pub particle: Option<CompactString>,
    pub object: Words,
    pub object_not: Words,
    pub subject: Words,
    pub subject_not: Words,
    pub prep: Vec<(CompactString, Words)>,
    /// Obliques that must not be there.
    pub prep_not: Vec<(CompactString, Words)>,
    /// The entry is about the negated word ("will *not tolerate*"): its negation denies no event.
    pub negated: bool,
    pub complement: Words,
    pub complement_not: Words,
    pub modifier: Words,
    pub modifier_not: Words,
    pub trigger: Vec<Part>,
    pub source: Vec<Path>,
    pub target: Vec<Path>,
    pub others: Vec<(OtherRole, Vec<Path>)>,
    pub reciprocal: bool,
    /// Two parties or more act together.
    pub joint: bool,
    pub modes: Vec<String>,
    pub contexts: Vec<String>,
    pub cameo: Option<String>,
    /// A deed, though its type is mostly something said: told by its own side it is that side's claim.
    pub deed: bool,
    pub needs_source: bool,
    pub needs_target: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    r#type: String,
    #[serde(default)]
    entry: Vec<Spanned<RawEntry>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    id: String,
    #[serde(default)]
    verb: Vec<String>,
    #[serde(default)]
    noun: Vec<String>,
    particle: Option<String>,
    object: Option<Vec<String>>,
    object_not: Option<Vec<String>>,
    subject: Option<Vec<String>>,
    subject_not: Option<Vec<String>>,
    #[serde(default)]
    prep: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    prep_not: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    negated: bool,
    complement: Option<Vec<String>>,
    complement_not: Option<Vec<String>>,
    modifier: Option<Vec<String>>,
    modifier_not: Option<Vec<String>>,
    #[serde(default)]
    trigger: Vec<String>,
    source: Option<Vec<String>>,
    target: Option<Vec<String>>,
    #[serde(default)]
    others: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    reciprocal: bool,
    #[serde(default)]
    joint: bool,
    #[serde(default)]
    deed: bool,
    mode: Option<OneOrMany>,
    #[serde(default)]
    contexts: Vec<String>,
    cameo: Option<String>,
    needs: Option<Vec<String>>,
    #[serde(default)]
    examples: Vec<Spanned<Expect>>,
    #[serde(default)]
    not: Vec<Spanned<String>>,
}

/// Entries of one language with their index.
#[derive(Debug, Default)]
pub struct Lexicon {
    pub entries: Vec<Entry>,
    /// Anchor lemma to (entry, words that must stand beside it).
    anchors: HashMap<CompactString, Vec<(u32, Vec<CompactString>)>>,
}

impl Lexicon {
    /// Reads the entries below `lang/LANG/`. E0120 and on for entries that cannot be used; the first of them is the error.
    pub fn load(files: &DataFiles, lang: &str, ontology: &Ontology) -> Result<Self> {
        let (lexicon, mut problems) = Self::compile(files, lang, ontology);
        if problems.is_empty() { Ok(lexicon) } else { Err(problems.swap_remove(0)) }
    }

    /// The entries that can be used, and an error for each that cannot, in the order of the files.
    pub fn compile(files: &DataFiles, lang: &str, ontology: &Ontology) -> (Self, Vec<Error>) {
        let (mut lexicon, mut problems) = (Lexicon::default(), Vec::new());
        let classes = match Classes::load(files, lang) {
            Ok(classes) => classes,
            Err(e) => return (lexicon, vec![e]),
        };
        for (kind, path, text) in entry_files(files, lang) {
            if let Err(e) = lexicon.add_file(kind, path, text, &classes, ontology, &mut problems) {
                problems.push(e);
            }
        }
        (lexicon, problems)
    }

    /// Every word an entry names.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let conditions = self.entries.iter().flat_map(|e| {
            let all =
                [&e.object, &e.object_not, &e.subject, &e.subject_not, &e.complement, &e.complement_not, &e.modifier, &e.modifier_not];
            all.into_iter().chain(e.prep.iter().chain(&e.prep_not).map(|(_, w)| w)).flat_map(Words::heads)
        });
        self.anchors.keys().map(CompactString::as_str).chain(conditions)
    }

    /// Entries anchored at a lemma, with the words that must stand beside it, in the order of the files.
    pub fn anchored(&self, lemma: &str) -> &[(u32, Vec<CompactString>)] {
        self.anchors.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Anchor lemmas in order, each with its entries and the words that must stand beside it.
    pub fn by_anchor(&self) -> BTreeMap<&str, &[(u32, Vec<CompactString>)]> {
        self.anchors.iter().map(|(lemma, all)| (lemma.as_str(), all.as_slice())).collect()
    }

    fn add_file(
        &mut self,
        kind: Kind,
        path: &str,
        text: &str,
        classes: &Classes,
        ontology: &Ontology,
        problems: &mut Vec<Error>,
    ) -> Result<()> {
        let file: RawFile = toml_file(path, text)?;
        let r#type = event_type(&file.r#type, &format!("data/{path}"))?;
        let mut seen = BTreeSet::new();
        // Entries come in the order of the file: lines are counted on from the last.
        let (mut line, mut counted) = (1, 0);
        for raw in file.entry {
            let start = raw.span().start;
            line += line_of(text.get(counted..start).unwrap_or(""), usize::MAX) - 1;
            counted = start;
            let place = format!("data/{path}, line {line}");
            let raw = raw.into_inner();
            let fresh = seen.insert(raw.id.clone());
            let compiled = raw.anchors(kind, fresh, &place).and_then(|anchors| {
                let entry = raw.compile(kind, r#type, path, &place, classes, ontology)?;
                Ok((anchors, entry))
            });
            match compiled {
                Ok((anchors, entry)) => self.add(entry, anchors),
                Err(e) => problems.push(e),
            }
        }
        Ok(())
    }

    fn add(&mut self, entry: Entry, anchors: &[String]) {
        let at = if entry.kind == Kind::Verb { HeadAt::First } else { HeadAt::Last };
        let index = self.entries.len() as u32;
        for (head, beside) in anchors.iter().flat_map(|a| spellings(a, at)) {
            self.anchors.entry(head).or_default().push((index, beside));
        }
        self.entries.push(entry);
    }
}

impl RawEntry {
    /// The anchors of the entry's kind. E0121 where its id is taken, E0122 where it has none or also those of the other kind.
    fn anchors(&self, kind: Kind, fresh: bool, place: &str) -> Result<&[String]> {
        let at = |field: &str| format!("{place}, entry {}, field {field}", self.id);
        if !fresh {
            let what = format!("two entries are called `{}`", self.id);
            return Err(Error::new("E0121", what, at("id"), "give each entry of a file its own id"));
        }
        let (anchors, other, field) = match kind {
            Kind::Verb => (&self.verb, &self.noun, "verb"),
            Kind::Noun => (&self.noun, &self.verb, "noun"),
        };
        if anchors.is_empty() || !other.is_empty() {
            let remedy = format!("files in {field}s/ take `{field} = [...]` alone");
            return Err(Error::new("E0122", "the entry has no anchor of its folder's kind", at(field), remedy));
        }
        Ok(anchors)
    }

    fn compile(&self, kind: Kind, r#type: EventType, path: &str, place: &str, classes: &Classes, ontology: &Ontology) -> Result<Entry> {
        let at = |field: &str| format!("{place}, entry {}, field {field}", self.id);
        let words = |field: &str, list: &Option<Vec<String>>| match list {
            None => Ok(Words::default()),
            Some(list) => Ok(Words::new(
                &classes
                    .spread(list)
                    .map_err(|what| Error::new("E0123", what, at(field), "define it in classes.toml, or mend its name"))?,
                HeadAt::Last,
            )),
        };
        let phrases = |field: &str, all: &BTreeMap<String, Vec<String>>| {
            all.iter().map(|(p, list)| Ok((p.replace(' ', "_").into(), words(field, &Some(list.clone()))?))).collect::<Result<Vec<_>>>()
        };
        let route = |field: &str, list: &[String]| -> Result<Vec<Path>> {
            list.iter()
                .map(|p| {
                    paths::parse(p).map_err(|step| {
                        Error::new(
                            "E0124",
                            format!("`{step}` is no step of a role path"),
                            at(field),
                            "use subj obj iobj obl:PREP xcomp ccomp poss mod nmod:PREP verb speaker, joined by dots",
                        )
                    })
                })
                .collect()
        };
        let (default_source, default_target): (&[&str], &[&str]) = match kind {
            Kind::Verb => (&["subj"], &["obj"]),
            Kind::Noun => (&["poss", "mod", "nmod:by", "nmod:of"], &[]),
        };
        let given = |list: &Option<Vec<String>>, default: &[&str]| {
            list.clone().unwrap_or_else(|| default.iter().map(|s| (*s).to_owned()).collect())
        };
        let modes: Vec<String> = match &self.mode {
            None => Vec::new(),
            Some(OneOrMany::One(m)) => vec![m.clone()],
            Some(OneOrMany::Many(m)) => m.clone(),
        };
        if let Some(m) = modes.iter().find(|m| !ontology.has_mode(r#type, m)) {
            let known: Vec<&str> = ontology.modes(r#type).collect();
            return Err(Error::new(
                "E0125",
                format!("{} has no mode `{m}`", r#type),
                at("mode"),
                format!("use one of: {}", known.join(" ")),
            ));
        }
        let contexts: Vec<String> = self.contexts.iter().map(|c| c.replace(' ', "_")).collect();
        if let Some(c) = contexts.iter().find(|c| !ontology.has_context(c)) {
            return Err(Error::new("E0126", format!("no context `{c}`"), at("contexts"), "use one of data/ontology/contexts.tsv"));
        }
        if let Some(c) = self.cameo.as_ref().filter(|c| !ontology.has_cameo(c)) {
            return Err(Error::new("E0127", format!("no CAMEO code `{c}`"), at("cameo"), "use one of data/ontology/cameo.tsv"));
        }
        let others = self
            .others
            .iter()
            .map(|(role, list)| {
                let role = OtherRole::parse(role).ok_or_else(|| {
                    Error::new("E0128", format!("no role `{role}`"), at("others"), "use mediator host about beneficiary victim")
                })?;
                Ok((role, route("others", list)?))
            })
            .collect::<Result<_>>()?;
        let trigger = self
            .trigger
            .iter()
            .map(|part| match part.as_str() {
                "verb" | "noun" => Ok(Part::Anchor),
                "object" => Ok(Part::Object),
                "complement" => Ok(Part::Complement),
                "modifier" => Ok(Part::Modifier),
                _ => {
                    Err(Error::new("E0129", format!("no trigger part `{part}`"), at("trigger"), "use verb noun object complement modifier"))
                }
            })
            .collect::<Result<Vec<_>>>()?;
        let needs = self.needs.as_deref().unwrap_or(&[]);
        if let Some(side) = needs.iter().find(|n| !matches!(n.as_str(), "source" | "target")) {
            return Err(Error::new("E0129", format!("no side `{side}`"), at("needs"), "use source, target or both"));
        }
        Ok(Entry {
            rule: rule(kind, path, &self.id),
            place: place.to_owned(),
            kind,
            r#type,
            particle: self.particle.as_deref().map(CompactString::from),
            object: words("object", &self.object)?,
            object_not: words("object_not", &self.object_not)?,
            subject: words("subject", &self.subject)?,
            subject_not: words("subject_not", &self.subject_not)?,
            prep: phrases("prep", &self.prep)?,
            prep_not: phrases("prep_not", &self.prep_not)?,
            negated: self.negated,
            complement: words("complement", &self.complement)?,
            complement_not: words("complement_not", &self.complement_not)?,
            modifier: words("modifier", &self.modifier)?,
            modifier_not: words("modifier_not", &self.modifier_not)?,
            trigger: if trigger.is_empty() { vec![Part::Anchor] } else { trigger },
            source: route("source", &given(&self.source, default_source))?,
            target: route("target", &given(&self.target, default_target))?,
            others,
            reciprocal: self.reciprocal,
            joint: self.joint,
            deed: self.deed,
            modes,
            contexts,
            cameo: self.cameo.clone(),
            needs_source: needs.iter().any(|n| n == "source"),
            needs_target: needs.iter().any(|n| n == "target"),
        })
    }
}

/// Word classes of a language.
#[derive(Debug, Default)]
pub struct Classes {
    all: BTreeMap<String, Vec<String>>,
}

impl Classes {
    pub fn load(files: &DataFiles, lang: &str) -> Result<Self> {
        let path = format!("lang/{lang}/classes.toml");
        let all = match files.get(&path) {
            Ok(text) => toml_file(&path, text)?,
            Err(_) => BTreeMap::new(),
        };
        Ok(Classes { all })
    }

    /// The list with every `@class` replaced by its members; the error says which class does not exist.
    pub fn spread(&self, list: &[String]) -> std::result::Result<Vec<String>, String> {
        let mut out = Vec::new();
        let mut todo: Vec<(&str, usize)> = list.iter().rev().map(|w| (w.as_str(), 0)).collect();
        while let Some((word, depth)) = todo.pop() {
            match word.strip_prefix('@') {
                None => out.push(word.to_owned()),
                Some(_) if depth > 8 => return Err(format!("class `{word}` names itself")),
                Some(class) => {
                    let members = self.all.get(class).ok_or_else(|| format!("no word class `{word}`"))?;
                    todo.extend(members.iter().rev().map(|m| (m.as_str(), depth + 1)));
                }
            }
        }
        Ok(out)
    }
}

/// Kind, path and contents of every entry file of a language.
pub(super) fn entry_files<'a>(files: &'a DataFiles, lang: &str) -> Vec<(Kind, &'a str, &'a str)> {
    let mut out = Vec::new();
    for (folder, kind) in [("verbs", Kind::Verb), ("nouns", Kind::Noun)] {
        let folder = format!("lang/{lang}/{folder}/");
        let all = files.under("lang/").filter(|(p, _)| p.strip_prefix(folder.as_str()).is_some_and(|rest| rest.ends_with(".toml")));
        out.extend(all.map(|(path, text)| (kind, path, text)));
    }
    out
}

/// `verbs/SANCTION/impose-sanctions`: what the record calls an entry.
fn rule(kind: Kind, path: &str, id: &str) -> String {
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml");
    format!("{}/{stem}/{id}", if kind == Kind::Verb { "verbs" } else { "nouns" })
}

/// The examples of a language's entries, as written.
pub(super) fn samples(files: &DataFiles, lang: &str) -> Result<Vec<Samples>> {
    let mut out = Vec::new();
    for (kind, path, text) in entry_files(files, lang) {
        let file: RawFile = toml_file(path, text)?;
        out.extend(file.entry.into_iter().map(|raw| {
            let line = line_of(text, raw.span().start);
            let raw = raw.into_inner();
            Samples { rule: rule(kind, path, &raw.id), path: path.to_owned(), line, examples: raw.examples, not: raw.not }
        }));
    }
    Ok(out)
}
