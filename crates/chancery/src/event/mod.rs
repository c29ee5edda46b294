//! Events: entries matched on the tree, roles, embedding, status, one event once.

pub mod backoff;
pub mod context;
pub mod coverage;
pub mod embedding;
pub mod evidence;
pub mod examples;
pub mod explain;
pub mod lexicon;
pub mod matching;
pub mod merge;
pub mod modality;
pub mod ontology;
pub mod paths;
pub mod reference;
pub mod roles;
pub mod status;
pub mod tree;
pub mod vocabulary;
pub mod words;

#[cfg(test)]
mod lexicon_test;

use crate::data::DataFiles;
use crate::error::{Error, Result};
use crate::mention::dates::{DateQuery, event_date};
use crate::model::{Actors, DateMention, Doc, Naming, PlaceMention, StatementMention};
use crate::parse::ud::Dep;
use crate::place::{Gazetteer, PlaceQuery, Stands, event_place};
use crate::record::{Actor, BlockKind, DateBasis, Diagnostic, Event, EventPlace, Other, Span, Status, Time, Trigger};
use crate::stages::{Languages, Stage};
use crate::statement::voices::Voices;
use embedding::Calculus;
use evidence::Evidence;
use examples::Example;
use lexicon::Lexicon;
use matching::{Found, Matcher};
use modality::Modality;
use ontology::Ontology;
use reference::{Reference, References};
use roles::{Ctx, Side};
use std::collections::BTreeMap;
use tree::Tree;
use vocabulary::Vocabulary;

/// An event before ids are given and links are made.
#[derive(Debug, Clone, Default)]
pub struct EventDraft {
    pub record: Event,
    /// Index of the statement whose scope holds the event.
    pub statement: Option<usize>,
    /// For each of `record.attributions`, the index of its statement.
    pub attribution_statements: Vec<Option<usize>>,
    /// Index of the statement whose uttering is this event (an ACCUSE, a THREATEN).
    pub utterance_of: Option<usize>,
    /// Indices of the figures that belong to it.
    pub figures: Vec<usize>,
    /// How far below the main clause it is told: 0 for what the sentence or somebody quoted in it says first.
    pub depth: usize,
    /// Somebody is addressed, though nobody we know: the context gives no other.
    pub addressed: bool,
    /// The earlier act that its object means.
    pub refers: Option<Reference>,
    /// Why it was coded, line by line for a person: marked sentence, entry, conditions, sides, status, what lost.
    pub explain: Vec<String>,
}

/// Ontology and lexicons of events, compiled.
#[derive(Debug, Default)]
pub struct Codebook {
    pub ontology: Ontology,
    languages: BTreeMap<String, Language>,
}

#[derive(Debug, Default)]
struct Language {
    lexicon: Lexicon,
    modality: Modality,
    references: References,
    vocabulary: Vocabulary,
}

impl Codebook {
    /// Compiles `data/ontology/` and, for every language that serves the event stage, its entries.
    pub fn load(files: &DataFiles, served: &Languages) -> Result<Self> {
        let ontology = Ontology::load(files)?;
        let mut languages = BTreeMap::new();
        for lang in served.serving(Stage::Events) {
            let lexicon = Lexicon::load(files, lang, &ontology)?;
            let modality = Modality::load(files, lang, &ontology)?;
            let references = References::load(files, lang)?;
            let vocabulary = Vocabulary::new(lexicon.words().chain(modality.words()).chain(references.words()));
            languages.insert(lang.to_owned(), Language { lexicon, modality, references, vocabulary });
        }
        Ok(Codebook { ontology, languages })
    }

    /// Every example and counter-example of the knowledge files, with an error for each entry that lacks either.
    pub fn examples(files: &DataFiles) -> Result<(Vec<Example>, Vec<Error>)> {
        let (mut all, mut lacking) = (Vec::new(), Vec::new());
        for lang in Languages::load(files)?.serving(Stage::Events) {
            let (examples, missing) = examples::of_language(files, lang)?;
            all.extend(examples);
            lacking.extend(missing);
        }
        Ok((all, lacking))
    }

    /// Everything that is wrong with the knowledge of events: entries that cannot be used, entries without examples.
    pub fn problems(files: &DataFiles) -> Vec<Error> {
        let ontology = match Ontology::load(files) {
            Ok(o) => o,
            Err(e) => return vec![e],
        };
        let mut out = Vec::new();
        let served = match Languages::load(files) {
            Ok(l) => l,
            Err(e) => return vec![e],
        };
        for lang in served.serving(Stage::Events) {
            out.extend(Lexicon::compile(files, lang, &ontology).1);
            out.extend(Modality::load(files, lang, &ontology).err());
            out.extend(References::load(files, lang).err());
            match examples::of_language(files, lang) {
                Ok((_, lacking)) => out.extend(lacking),
                Err(e) if out.contains(&e) => {}
                Err(e) => out.push(e),
            }
        }
        out
    }

    /// Number of entries, over all languages.
    pub fn len(&self) -> usize {
        self.languages.values().map(|l| l.lexicon.entries.len()).sum()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Events in text order, each once.
    pub fn find(
        &self,
        doc: &Doc,
        actors: &Actors,
        dates: &[DateMention],
        places: (&Gazetteer, &[PlaceMention]),
        statements: &[StatementMention],
        _notes: &mut Vec<Diagnostic>,
    ) -> Vec<EventDraft> {
        let voices = Voices::new(doc, statements);
        let mut drafts = Vec::new();
        let mut stems = Vec::new();
        let Some(language) = self.languages.get(doc.language) else { return drafts };
        for (index, sentence) in doc.sentences.iter().enumerate() {
            if !doc.block_kind(index).is_none_or(tells) {
                continue;
            }
            let lemmas = language.vocabulary.lemmas(sentence);
            let tree = Tree { s: sentence, words: &language.modality.tree, lemmas: &lemmas };
            let ctx = Ctx { doc, actors, voices: &voices, index, tree };
            let owners = vec![vec![paths::Step::Poss], vec![paths::Step::Mod]];
            let recipients = vec![vec![paths::Step::Iobj]];
            let matcher =
                Matcher { owners, recipients, lexicon: &language.lexicon, modality: &language.modality, ontology: &self.ontology };
            let calculus = Calculus { modality: &language.modality, ontology: &self.ontology };
            for (found, evidence) in calculus.apply(ctx, matcher.find(ctx)) {
                if found.is_reference(ctx.tree, &evidence) {
                    continue;
                }
                stems.push(ctx.tree.lemma(found.anchor).to_owned());
                let refers = language.references.of(ctx.tree, found.anchor);
                drafts.push(EventDraft { refers, ..self.draft(ctx, found, evidence, dates, places) });
            }
        }
        context::fill(&mut drafts, actors, &self.ontology);
        merge::merge(doc, drafts, &stems)
    }

    fn draft(
        &self,
        ctx: Ctx,
        mut f: Found,
        mut evidence: Evidence,
        dates: &[DateMention],
        places: (&Gazetteer, &[PlaceMention]),
    ) -> EventDraft {
        let query = |status, presupposed| DateQuery { sentence: ctx.index, token: f.anchor, status, presupposed };
        let presupposed = evidence.presupposed.is_some();
        let first = event_date(ctx.doc, dates, query(Status::Occurred, presupposed));
        let (lo, hi) = ctx.tree.s.subtree(f.anchor);
        let close = f.kind == lexicon::Kind::Verb || first.date.span.is_some_and(|d| ctx.tree.s.span_of(lo, hi).contains(d));
        if close && first.date.basis == Some(DateBasis::Text) && first.time == Time::Future {
            evidence.planned.get_or_insert_with(|| format!("dated after publication: {}", first.date.reason));
        }
        let verdict = status::decide(ctx, &f, &evidence, &self.ontology);
        let when = event_date(ctx.doc, dates, query(verdict.status, presupposed));
        let mut explain = explain::lines(ctx, &f, &verdict);
        explain.push(format!("date    {}: {}", when.date.start.as_deref().unwrap_or("none"), when.date.reason));
        if let Some(owner) = self.soil(ctx, &f) {
            explain.push(format!("target  {}: on whose soil it is", owner.actor.text));
            f.target.push(owner);
        }
        let place = self.place(ctx, &f, verdict.status, when.time, places);
        if let Some(ground) = self.ground(ctx, &f, &place) {
            explain.push(format!("target  {}: what is struck there is theirs", ground.actor.text));
            f.target.push(ground);
        }
        explain.push(format!("place   {}: {}", place.name.as_deref().unwrap_or("none"), place.reason));
        let codes: Option<Vec<&str>> =
            f.source.iter().chain(&f.target).map(|s| s.actor.country.as_deref().filter(|c| self.ontology.is_state(c))).collect();
        let states = codes.map(|c| c.into_iter().collect::<std::collections::BTreeSet<_>>().len());
        let r#type = f.r#type;
        f.modes.retain(|m| self.ontology.mode_fits(r#type, m, states));
        let mode = f.modes.first().cloned();
        let info = self.ontology.info(f.r#type);
        let cameo = f.cameo.clone().unwrap_or_else(|| self.ontology.cameo_for(f.r#type, mode.as_deref()));
        let span = trigger_span(ctx, &f);
        let actors = |sides: &[roles::Side]| -> Vec<Actor> { sides.iter().map(|s| s.actor.clone()).collect() };
        let record = Event {
            r#type: f.r#type,
            intensity: self.ontology.intensity(f.r#type, mode.as_deref()),
            goldstein: self.ontology.goldstein(&cameo),
            mode,
            modes: f.modes.clone(),
            contexts: f.contexts.clone(),
            cameo,
            quad: info.quad,
            source: actors(&f.source),
            target: actors(&f.target),
            reciprocal: f.reciprocal,
            others: f.others.iter().map(|(role, s)| Other { role: *role, actor: s.actor.clone() }).collect(),
            trigger: Trigger { text: ctx.doc.slice(span).to_owned(), span },
            sentence: ctx.index,
            time: if matches!(verdict.time, Time::Future) { Time::Future } else { when.time },
            date: when.date,
            place,
            status: verdict.status,
            claimed_by: verdict.claimed_by,
            attributions: verdict.attributions.iter().map(|(a, _)| a.clone()).collect(),
            rule: f.rule.clone(),
            confidence: confidence(&f),
            ..Event::default()
        };
        EventDraft {
            record,
            statement: verdict.statement,
            attribution_statements: verdict.attributions.iter().map(|(_, s)| *s).collect(),
            utterance_of: self.ontology.is_utterance(f.r#type).then(|| ctx.voices.cued_by(ctx.index, &f.trigger)).flatten(),
            figures: Vec::new(),
            depth: ctx.tree.clause_depth(f.anchor),
            addressed: f.addressed,
            refers: None,
            explain,
        }
    }
}

impl Codebook {
    /// Where an event happened. Deeds of force stand on the ground they are directed at; in all others a place that is
    /// a side is whoever governs there.
    fn place(&self, ctx: Ctx, f: &Found, status: Status, time: Time, (gazetteer, places): (&Gazetteer, &[PlaceMention])) -> EventPlace {
        let sides: Vec<usize> = f.source.iter().chain(&f.target).map(|s| s.token).collect();
        let countries: Vec<&str> = f.source.iter().chain(&f.target).filter_map(|s| s.actor.country.as_deref()).collect();
        let ground = self.ontology.info(f.r#type).on_ground;
        let query = PlaceQuery {
            sentence: ctx.index,
            token: f.anchor,
            sides: &sides,
            countries: &countries,
            stands: if ground { Stands::Ground } else { Stands::Government },
            news: matches!(time, Time::Current | Time::Ongoing) && matches!(status, Status::Occurred | Status::Claimed),
        };
        event_place(gazetteer, ctx.doc, places, query)
    }
}

impl Codebook {
    /// Whose soil an attack falls on, where a pronoun says it: "fired missiles at bases on *its soil*".
    fn soil(&self, ctx: Ctx, f: &Found) -> Option<Side> {
        let info = self.ontology.info(f.r#type);
        if !(info.on_ground && info.quad == 4) || f.reciprocal || f.source.is_empty() || !f.target.is_empty() {
            return None;
        }
        let tree = ctx.tree;
        let (lo, hi) = tree.s.subtree(f.anchor);
        let soil = (lo.max(f.anchor)..hi + 1).filter(|&t| tree.words.soil.contains(tree.lemma(t)));
        let mut owners = soil.flat_map(|t| tree.s.children(t).filter(|&c| tree.dep(c) == Dep::NmodPoss)).flat_map(|c| ctx.resolve(c));
        let abroad = |s: &Side| s.actor.country.is_some() && !f.source.iter().any(|x| x.actor.country == s.actor.country);
        owners.rfind(abroad)
    }

    /// The country on whose ground an attack falls, where nobody is named as struck: "fired rockets at towns in the south of Israel".
    fn ground(&self, ctx: Ctx, f: &Found, place: &EventPlace) -> Option<Side> {
        let info = self.ontology.info(f.r#type);
        let (country, span) = (place.country.clone()?, place.span?);
        let (lo, hi) = ctx.tree.s.subtree(f.anchor);
        let abroad = f.source.iter().all(|s| s.actor.country.as_ref().is_some_and(|c| *c != country));
        let fits = info.on_ground && info.counterpart && info.quad == 4 && !f.reciprocal;
        if !fits || f.source.is_empty() || !f.target.is_empty() || !abroad || !ctx.tree.s.span_of(lo, hi).contains(span) {
            return None;
        }
        let text = ctx.doc.slice(span).to_owned();
        let actor = Actor { text, span, code: Some(country.clone()), country: Some(country), rule: "place".to_owned(), ..Actor::default() };
        Some(Side { actor, token: f.anchor, naming: Naming::Name, chain: None, people: true })
    }
}

/// Kinds of block that tell the report's own news.
fn tells(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Paragraph | BlockKind::Title | BlockKind::Post | BlockKind::Heading)
}

/// Bytes of the trigger words; words far apart give the anchor alone.
fn trigger_span(ctx: Ctx, f: &Found) -> Span {
    let first = f.trigger.iter().copied().min().unwrap_or(f.anchor);
    let last = f.trigger.iter().copied().max().unwrap_or(f.anchor);
    if last - first > 6 { ctx.tree.s.span_of(f.anchor, f.anchor) } else { ctx.tree.s.span_of(first, last) }
}

/// How sure the coding is: more conditions met and more sides found make it surer. Never 1.
fn confidence(f: &Found) -> f64 {
    let conditions = f64::from(f.specificity.min(10)) * 0.02;
    let sides = match (f.source.is_empty(), f.target.is_empty(), f.reciprocal) {
        (false, false, _) => 0.25,
        (false, true, true) if f.source.len() > 1 => 0.25,
        _ => 0.0,
    };
    0.4 + conditions + sides
}
