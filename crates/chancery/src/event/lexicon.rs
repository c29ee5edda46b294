//! The event entries of a language, read from `verbs/TYPE.toml` and `nouns/TYPE.toml` and compiled to an index by anchor.

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
    pub complement: Words,
    pub complement_not: Words,
    pub modifier: Words,
    pub modifier_not: Words,
    pub trigger: Vec<Part>,
    pub source: Vec<Path>,
    pub target: Vec<Path>,
    pub others: Vec<(OtherRole, Vec<Path>)>,
    pub reciprocal: bool,
    pub modes: Vec<String>,
    pub contexts: Vec<String>,
    pub cameo: Option<String>,
    /// A deed, though its type is mostly something said: told by its own side it is that side's claim.
    pub deed: bool,
    pub needs_source: bool,
    pub needs_target: bool,
}

/// An example or counter-example of an entry.
#[derive(Debug, Clone)]
pub struct Example {
    /// The rule whose example it is.
    pub rule: String,
    /// File and line.
    pub place: String,
    pub text: String,
    /// `None` for a counter-example.
    pub expect: Option<Expect>,
}

/// What an example must yield; `None` is not checked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub text: String,
    pub source: Option<Vec<String>>,
    pub target: Option<Vec<String>>,
    pub status: Option<String>,
    pub mode: Option<String>,
    pub r#type: Option<String>,
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
    /// Reads the entries below `lang/LANG/`. E0120 and on for entries that cannot be used.
    pub fn load(files: &DataFiles, lang: &str, ontology: &Ontology) -> Result<Self> {
        let mut lexicon = Lexicon::default();
        each_file(files, lang, |kind, path, text, classes| lexicon.add_file(kind, path, text, classes, ontology))?;
        Ok(lexicon)
    }

    /// Every word an entry names.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let conditions = self.entries.iter().flat_map(|e| {
            let all =
                [&e.object, &e.object_not, &e.subject, &e.subject_not, &e.complement, &e.complement_not, &e.modifier, &e.modifier_not];
            all.into_iter().chain(e.prep.iter().map(|(_, w)| w)).flat_map(Words::heads)
        });
        self.anchors.keys().map(CompactString::as_str).chain(conditions)
    }

    /// Entries anchored at a lemma, with the words that must stand beside it, in the order of the files.
    pub fn anchored(&self, lemma: &str) -> &[(u32, Vec<CompactString>)] {
        self.anchors.get(lemma).map_or(&[], Vec::as_slice)
    }

    fn add_file(&mut self, kind: Kind, path: &str, text: &str, classes: &Classes, ontology: &Ontology) -> Result<()> {
        let file: RawFile = toml_file(path, text)?;
        let r#type = event_type(&file.r#type, &format!("data/{path}"))?;
        let mut seen = BTreeSet::new();
        for raw in file.entry {
            let place = format!("data/{path}, line {}", line_of(text, raw.span().start));
            let raw = raw.into_inner();
            let at = |field: &str| format!("{place}, entry {}, field {field}", raw.id);
            if !seen.insert(raw.id.clone()) {
                return Err(Error::new(
                    "E0121",
                    format!("two entries are called `{}`", raw.id),
                    at("id"),
                    "give each entry of a file its own id",
                ));
            }
            let (anchors, head_at, other) = match kind {
                Kind::Verb => (&raw.verb, HeadAt::First, &raw.noun),
                Kind::Noun => (&raw.noun, HeadAt::Last, &raw.verb),
            };
            if anchors.is_empty() || !other.is_empty() {
                let field = if kind == Kind::Verb { "verb" } else { "noun" };
                return Err(Error::new(
                    "E0122",
                    "the entry has no anchor of its folder's kind",
                    at(field),
                    format!("files in {field}s/ take `{field} = [...]` alone"),
                ));
            }
            let compiled = raw.compile(kind, r#type, path, &place, classes, ontology)?;
            let index = self.entries.len() as u32;
            for anchor in anchors {
                for (head, beside) in spellings(anchor, head_at) {
                    self.anchors.entry(head).or_default().push((index, beside));
                }
            }
            self.entries.push(compiled);
        }
        Ok(())
    }
}

impl RawEntry {
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
        let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml");
        Ok(Entry {
            rule: format!("{}/{stem}/{}", if kind == Kind::Verb { "verbs" } else { "nouns" }, self.id),
            place: place.to_owned(),
            kind,
            r#type,
            particle: self.particle.as_deref().map(CompactString::from),
            object: words("object", &self.object)?,
            object_not: words("object_not", &self.object_not)?,
            subject: words("subject", &self.subject)?,
            subject_not: words("subject_not", &self.subject_not)?,
            prep: self
                .prep
                .iter()
                .map(|(p, list)| Ok((p.replace(' ', "_").into(), words("prep", &Some(list.clone()))?)))
                .collect::<Result<_>>()?,
            complement: words("complement", &self.complement)?,
            complement_not: words("complement_not", &self.complement_not)?,
            modifier: words("modifier", &self.modifier)?,
            modifier_not: words("modifier_not", &self.modifier_not)?,
            trigger: if trigger.is_empty() { vec![Part::Anchor] } else { trigger },
            source: route("source", &given(&self.source, default_source))?,
            target: route("target", &given(&self.target, default_target))?,
            others,
            reciprocal: self.reciprocal,
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

/// Calls `each` with every entry file of a language.
fn each_file(files: &DataFiles, lang: &str, mut each: impl FnMut(Kind, &str, &str, &Classes) -> Result<()>) -> Result<()> {
    let classes = Classes::load(files, lang)?;
    for (folder, kind) in [("verbs", Kind::Verb), ("nouns", Kind::Noun)] {
        for (path, text) in files.under(&format!("lang/{lang}/{folder}/")) {
            each(kind, path, text, &classes)?;
        }
    }
    Ok(())
}

/// Every example and counter-example of a language's entries, with an error (E0130) for each entry that lacks either.
pub fn examples(files: &DataFiles, lang: &str) -> Result<(Vec<Example>, Vec<Error>)> {
    let mut out = Vec::new();
    let mut lacking = Vec::new();
    each_file(files, lang, |kind, path, text, _| {
        let file: RawFile = toml_file(path, text)?;
        let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml");
        for raw in file.entry {
            let line = line_of(text, raw.span().start);
            let raw = raw.into_inner();
            let rule = format!("{}/{stem}/{}", if kind == Kind::Verb { "verbs" } else { "nouns" }, raw.id);
            if raw.examples.is_empty() || raw.not.is_empty() {
                let place = format!("data/{path}, line {line}, entry {}", raw.id);
                lacking.push(Error::new(
                    "E0130",
                    "the entry lacks an example or a counter-example",
                    place,
                    "write at least one of each (`examples`, `not`)",
                ));
            }
            collect(&mut out, text, path, &rule, raw.examples, raw.not);
        }
        Ok(())
    })?;
    Ok((out, lacking))
}

/// Adds the examples of one rule.
pub(super) fn collect(
    out: &mut Vec<Example>,
    text: &str,
    path: &str,
    rule: &str,
    examples: Vec<Spanned<Expect>>,
    not: Vec<Spanned<String>>,
) {
    for e in examples {
        let place = format!("data/{path}, line {}", line_of(text, e.span().start));
        let expect = e.into_inner();
        out.push(Example { rule: rule.to_owned(), place, text: expect.text.clone(), expect: Some(expect) });
    }
    for n in not {
        let place = format!("data/{path}, line {}", line_of(text, n.span().start));
        out.push(Example { rule: rule.to_owned(), place, text: n.into_inner(), expect: None });
    }
}
