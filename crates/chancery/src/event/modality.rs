//! The words of the embedding calculus, read from `modality.toml`.

use super::examples::{Expect, Samples};
use super::ontology::{Ontology, event_type};
use super::paths::{self, Path};
use super::tree::{Tree, TreeWords};
use super::words::{HeadAt, Words};
use crate::data::{DataFiles, line_of, toml_file};
use crate::error::{Error, Result};
use crate::parse::ud::{Dep, Upos};
use crate::record::{EventType, Status};
use compact_str::CompactString;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// What a word makes of the act below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The word utters an event of this type.
    Type(EventType),
    Status(Status),
    /// The act happens as told.
    Keep,
    /// There is no event.
    Drop,
}

/// What a modal auxiliary does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modal {
    Status(Status),
    /// "would": planned where reported, else hypothetical.
    ReportedFuture,
    /// "must", "should": what one ought to do.
    Deontic,
}

/// One embedding word or family of them.
#[derive(Debug, Clone)]
pub struct Embed {
    /// `modality/agree`.
    pub rule: String,
    pub place: String,
    words: Words,
    /// Verbs with the particle they need.
    phrasal: BTreeMap<CompactString, CompactString>,
    pos: Vec<Upos>,
    via: BTreeSet<String>,
    cooperative: Effect,
    conflictual: Effect,
    negated: Option<Effect>,
    pub source: Option<Vec<Path>>,
    pub target: Vec<Path>,
    pub asked: bool,
    pub other_doer: bool,
}

impl Embed {
    /// What it makes of a cooperative or conflictual act, itself negated or not; the flag says whether negation is already in it.
    pub fn effect(&self, conflictual: bool, negated: bool) -> (Effect, bool) {
        match self.negated {
            Some(e) if negated => (e, true),
            _ if conflictual => (self.conflictual, false),
            _ => (self.cooperative, false),
        }
    }
    fn fits(&self, tree: Tree, t: usize, via: &str) -> bool {
        if !self.via.contains(via) || !(self.pos.is_empty() || self.pos.contains(&tree.upos(t))) {
            return false;
        }
        let particle = tree.s.child(t, Dep::CompoundPrt).map(|p| tree.lemma(p));
        match (self.phrasal.get(tree.lemma(t)), particle) {
            (Some(p), Some(q)) => p == q,
            (_, Some(_)) => false,
            _ => self.words.has(tree, t, HeadAt::Last),
        }
    }
}

#[derive(Debug, Default)]
pub struct Modality {
    light: BTreeSet<CompactString>,
    pub tree: TreeWords,
    auxiliary: BTreeMap<CompactString, Modal>,
    negation: BTreeSet<CompactString>,
    refusing: BTreeSet<CompactString>,
    marks: BTreeMap<CompactString, Status>,
    temporal: BTreeSet<CompactString>,
    definite: BTreeSet<CompactString>,
    grammatical: BTreeSet<CompactString>,
    adverb: BTreeMap<CompactString, Status>,
    adjective: BTreeMap<CompactString, Option<Status>>,
    modes: BTreeMap<(EventType, EventType), String>,
    embeds: Vec<Embed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    light: Vec<CompactString>,
    transparent: Vec<CompactString>,
    asked_through: BTreeMap<CompactString, Vec<CompactString>>,
    object_does: RawWords,
    auxiliary: BTreeMap<CompactString, Spanned<String>>,
    negation: RawNegation,
    marks: BTreeMap<CompactString, Spanned<String>>,
    temporal: RawWords,
    definite: RawWords,
    first_person: RawWords,
    giving: RawWords,
    soil: RawWords,
    grammatical: RawWords,
    adverb: BTreeMap<CompactString, Spanned<String>>,
    adjective: BTreeMap<CompactString, Spanned<String>>,
    mode: BTreeMap<String, BTreeMap<String, Spanned<String>>>,
    embed: Vec<Spanned<RawEmbed>>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNegation {
    words: Vec<CompactString>,
    refusing: Vec<CompactString>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    words: Vec<CompactString>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEmbed {
    id: String,
    word: Vec<String>,
    #[serde(default)]
    pos: Vec<String>,
    via: Vec<String>,
    cooperative: String,
    conflictual: String,
    negated: Option<String>,
    source: Option<Vec<String>>,
    #[serde(default)]
    target: Vec<String>,
    #[serde(default)]
    asked: bool,
    doer: Option<String>,
    #[serde(default)]
    examples: Vec<Spanned<Expect>>,
    #[serde(default)]
    not: Vec<Spanned<String>>,
}

impl Modality {
    /// Reads `lang/LANG/modality.toml`. E0140 for values that mean nothing.
    pub fn load(files: &DataFiles, lang: &str, ontology: &Ontology) -> Result<Self> {
        let path = format!("lang/{lang}/modality.toml");
        let text = files.get(&path)?;
        let raw: Raw = toml_file(&path, text)?;
        let at = |start: usize| format!("data/{path}, line {}", line_of(text, start));
        let status = |v: &Spanned<String>| {
            Status::parse(v.get_ref()).ok_or_else(|| {
                Error::new(
                    "E0140",
                    format!("no status `{}`", v.get_ref()),
                    at(v.span().start),
                    "use occurred claimed planned denied hypothetical",
                )
            })
        };
        let statuses = |map: &BTreeMap<CompactString, Spanned<String>>| {
            map.iter().map(|(k, v)| Ok((k.clone(), status(v)?))).collect::<Result<BTreeMap<_, _>>>()
        };
        let mut auxiliary = BTreeMap::new();
        for (word, v) in &raw.auxiliary {
            let modal = match v.get_ref().as_str() {
                "reported-future" => Modal::ReportedFuture,
                "deontic" => Modal::Deontic,
                _ => Modal::Status(status(v)?),
            };
            auxiliary.insert(word.clone(), modal);
        }
        let mut adjective = BTreeMap::new();
        for (word, v) in &raw.adjective {
            adjective.insert(word.clone(), if v.get_ref() == "keep" { None } else { Some(status(v)?) });
        }
        let mut modes = BTreeMap::new();
        for (utterance, table) in &raw.mode {
            for (act, mode) in table {
                let place = at(mode.span().start);
                let t = event_type(utterance, &place)?;
                if !ontology.has_mode(t, mode.get_ref()) {
                    return Err(Error::new(
                        "E0125",
                        format!("{t} has no mode `{}`", mode.get_ref()),
                        place,
                        "use one of data/ontology/modes.tsv",
                    ));
                }
                modes.insert((t, event_type(act, &place)?), mode.get_ref().clone());
            }
        }
        let embeds = raw.embed.iter().map(|e| compile(e.get_ref(), &at(e.span().start))).collect::<Result<_>>()?;
        Ok(Modality {
            light: raw.light.into_iter().collect(),
            tree: TreeWords {
                transparent: raw.transparent.into_iter().collect(),
                asked_through: raw.asked_through,
                object_does: raw.object_does.words.iter().cloned().collect(),
                first_person: raw.first_person.words.iter().cloned().collect(),
                giving: raw.giving.words.iter().cloned().collect(),
                soil: raw.soil.words.iter().cloned().collect(),
            },
            auxiliary,
            negation: raw.negation.words.into_iter().collect(),
            refusing: raw.negation.refusing.into_iter().collect(),
            marks: statuses(&raw.marks)?,
            temporal: raw.temporal.words.into_iter().collect(),
            definite: raw.definite.words.into_iter().collect(),
            grammatical: raw.grammatical.words.into_iter().collect(),
            adverb: statuses(&raw.adverb)?,
            adjective,
            modes,
            embeds,
        })
    }

    /// Every word the calculus names.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let embeds = self.embeds.iter().flat_map(|e| e.words.heads().chain(e.phrasal.keys().map(CompactString::as_str)));
        self.light.iter().chain(&self.tree.transparent).map(CompactString::as_str).chain(embeds)
    }
    pub fn is_light(&self, lemma: &str) -> bool {
        self.light.contains(lemma)
    }
    /// The first word family that takes what hangs at `t` by `via`.
    pub fn embed(&self, tree: Tree, t: usize, via: &str) -> Option<&Embed> {
        self.embed_where(tree, t, via, |_| true)
    }
    /// The first of them that also passes a test.
    pub fn embed_where(&self, tree: Tree, t: usize, via: &str, test: impl Fn(&Embed) -> bool) -> Option<&Embed> {
        self.embeds.iter().find(|e| e.fits(tree, t, via) && test(e))
    }
    pub fn mode(&self, utterance: EventType, act: EventType) -> Option<&str> {
        self.modes.get(&(utterance, act)).map(String::as_str)
    }
    pub fn modal(&self, lemma: &str) -> Option<Modal> {
        self.auxiliary.get(lemma).copied()
    }
    pub fn negates(&self, lemma: &str) -> bool {
        self.negation.contains(lemma)
    }
    pub fn refuses(&self, modal: &str) -> bool {
        self.refusing.contains(modal)
    }
    pub fn mark(&self, lemma: &str) -> Option<Status> {
        self.marks.get(lemma).copied()
    }
    pub fn is_temporal(&self, lemma: &str) -> bool {
        self.temporal.contains(lemma)
    }
    pub fn is_definite(&self, lemma: &str) -> bool {
        self.definite.contains(lemma)
    }
    /// Words that say nothing of what happens.
    pub fn grammatical(&self) -> impl Iterator<Item = &str> {
        self.grammatical.iter().map(CompactString::as_str)
    }
    pub fn adverb(&self, lemma: &str) -> Option<Status> {
        self.adverb.get(lemma).copied()
    }
    pub fn adjective(&self, lemma: &str) -> Option<Status> {
        self.adjective.get(lemma).copied().flatten()
    }
}

fn compile(raw: &RawEmbed, place: &str) -> Result<Embed> {
    let at = |field: &str| format!("{place}, embed {}, field {field}", raw.id);
    let effect = |field: &str, v: &str| {
        Ok(match v {
            "keep" => Effect::Keep,
            "drop" => Effect::Drop,
            _ => match (EventType::parse(v), Status::parse(v)) {
                (Some(t), _) => Effect::Type(t),
                (_, Some(s)) => Effect::Status(s),
                _ => {
                    return Err(Error::new("E0140", format!("`{v}` is no effect"), at(field), "use an event type, a status, keep or drop"));
                }
            },
        })
    };
    let route = |field: &str, list: &[String]| {
        list.iter()
            .map(|p| {
                paths::parse(p).map_err(|step| {
                    Error::new(
                        "E0124",
                        format!("`{step}` is no step of a role path"),
                        at(field),
                        "use subj obj iobj obl:PREP xcomp ccomp poss mod nmod:PREP verb speaker",
                    )
                })
            })
            .collect::<Result<Vec<_>>>()
    };
    let mut pos = Vec::new();
    for p in &raw.pos {
        match p.as_str() {
            "verb" => pos.push(Upos::Verb),
            "noun" => pos.extend([Upos::Noun, Upos::Propn]),
            "adj" => pos.push(Upos::Adj),
            _ => return Err(Error::new("E0140", format!("no part of speech `{p}`"), at("pos"), "use verb noun adj")),
        }
    }
    let (phrasal, plain): (Vec<&String>, Vec<&String>) = raw.word.iter().partition(|w| w.contains(' '));
    Ok(Embed {
        rule: format!("modality/{}", raw.id),
        place: place.to_owned(),
        words: Words::new(&plain.into_iter().cloned().collect::<Vec<_>>(), HeadAt::Last),
        phrasal: phrasal.iter().filter_map(|w| w.split_once(' ')).map(|(v, p)| (v.into(), p.into())).collect(),
        pos,
        via: raw.via.iter().cloned().collect(),
        cooperative: effect("cooperative", &raw.cooperative)?,
        conflictual: effect("conflictual", &raw.conflictual)?,
        negated: raw.negated.as_deref().map(|v| effect("negated", v)).transpose()?,
        source: raw.source.as_ref().map(|s| route("source", s)).transpose()?,
        target: route("target", &raw.target)?,
        asked: raw.asked,
        other_doer: raw.doer.as_deref() == Some("other"),
    })
}

/// The examples of the calculus, as written.
pub(super) fn samples(files: &DataFiles, lang: &str) -> Result<Vec<Samples>> {
    let path = format!("lang/{lang}/modality.toml");
    let text = files.get(&path)?;
    let raw: Raw = toml_file(&path, text)?;
    let family = |e: Spanned<RawEmbed>| {
        let line = line_of(text, e.span().start);
        let e = e.into_inner();
        Samples { rule: format!("modality/{}", e.id), path: path.clone(), line, examples: e.examples, not: e.not }
    };
    Ok(raw.embed.into_iter().map(family).collect())
}
