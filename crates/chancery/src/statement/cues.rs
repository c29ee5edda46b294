//! The speech lexicon: which words say that somebody speaks, what they take as content, and with what stance.

use super::topics::Topics;
use crate::data::{DataFiles, line_of, toml_file};
use crate::error::{Error, Result};
use crate::model::Sentence;
use crate::parse::ud::Dep;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

const FILE: &str = "lang/en/speech.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    prepositions: Vec<String>,
    breaks: Vec<String>,
    masculine: Vec<String>,
    feminine: Vec<String>,
    times: Vec<String>,
    documents: Vec<String>,
    surveys: Vec<String>,
    #[serde(default)]
    cue: Vec<Spanned<Entry>>,
}

/// One entry as it stands in the file; the file's head comment explains the fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    stance: String,
    #[serde(default)]
    verb: Vec<String>,
    #[serde(default)]
    noun: Vec<String>,
    #[serde(default)]
    adjective: Vec<String>,
    #[serde(default)]
    phrase: Vec<String>,
    #[serde(default)]
    passive: Vec<String>,
    #[serde(default)]
    hedge: Vec<String>,
    #[serde(default)]
    adverb: Vec<String>,
    #[serde(default)]
    takes: Vec<String>,
    #[serde(default)]
    voice: bool,
    examples: Vec<Example>,
    #[serde(default)]
    not: Vec<String>,
}

/// A sentence in which the entry must find this statement; an empty speaker means that nobody is named.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub text: String,
    pub speaker: String,
    pub quote: String,
}

/// Which word class a cue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Verb,
    Noun,
    Adjective,
    /// A participle whose passive without an agent tells what unnamed others say ("is expected to").
    Passive,
    /// A verb by which the report itself leaves open whether it is so ("seems to").
    Hedge,
    /// An adverb of the same kind ("reportedly").
    Adverb,
}

/// A cue: what its word takes as the reported content.
#[derive(Debug, Clone)]
pub struct Cue {
    pub id: String,
    pub stance: String,
    pub class: Class,
    /// Second word of a phrasal cue ("point *out*").
    particle: Option<String>,
    /// Words in quotation marks beside it.
    pub quote: bool,
    /// A clause, with or without "that", or a question.
    pub clause: bool,
    /// An infinitive ("urged them *to sign*").
    pub infinitive: bool,
    /// A gerund ("denied *taking part*").
    pub gerund: bool,
    /// A noun phrase.
    pub object: bool,
    /// A phrase with one of these prepositions.
    pub prepositions: Vec<String>,
    /// Lends its voice to words nearby even where the grammar does not tie them to it (say, write, tell).
    pub voice: bool,
}

/// Tests of one entry.
#[derive(Debug, Clone)]
pub struct EntryTests {
    pub id: String,
    pub stance: String,
    pub examples: Vec<Example>,
    /// No statement with this stance may be found here.
    pub not: Vec<String>,
    /// 1-based line in the file.
    pub line: usize,
}

/// A phrase before the speaker's name ("according to").
#[derive(Debug, Clone)]
pub struct Phrase {
    pub words: Vec<String>,
    pub stance: String,
}

/// Cue words with what they take; other word lists of the statement stage.
#[derive(Debug, Default)]
pub struct SpeechLexicon {
    /// Cues by class and lemma, those with a particle first.
    verbs: BTreeMap<String, Vec<Cue>>,
    nouns: BTreeMap<String, Vec<Cue>>,
    adjectives: BTreeMap<String, Vec<Cue>>,
    passives: BTreeMap<String, Vec<Cue>>,
    hedges: BTreeMap<String, Vec<Cue>>,
    adverbs: BTreeMap<String, Vec<Cue>>,
    pub(super) phrases: Vec<Phrase>,
    /// Words that begin a circumstance of the report within a reported noun phrase ("amid").
    pub(super) breaks: Vec<Vec<String>>,
    /// Titles and pronouns that tell a person's sex.
    pub(super) masculine: Vec<String>,
    pub(super) feminine: Vec<String>,
    /// Nouns of time, which never speak ("the court *Friday* ruled").
    pub(super) times: Vec<String>,
    /// What is written to speak for its author ("issued a *statement* saying").
    pub(super) documents: Vec<String>,
    /// What counts opinions and speaks by what it shows ("a new *poll*").
    pub(super) surveys: Vec<String>,
    pub(super) topics: Topics,
    pub tests: Vec<EntryTests>,
}

fn bad(what: impl Into<String>, line: usize, remedy: &str) -> Error {
    Error::new("E0120", what, format!("data/{FILE}, line {line}"), remedy)
}

impl SpeechLexicon {
    pub fn load(files: &DataFiles) -> Result<Self> {
        let text = files.get(FILE)?;
        let file: File = toml_file(FILE, text)?;
        let words = |s: &String| s.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut lexicon = SpeechLexicon {
            breaks: file.breaks.iter().map(words).collect(),
            masculine: file.masculine,
            feminine: file.feminine,
            times: file.times,
            documents: file.documents,
            surveys: file.surveys,
            topics: Topics::load(files)?,
            ..Self::default()
        };
        let mut ids = BTreeMap::new();
        let (mut line, mut counted) = (1, 0);
        for entry in &file.cue {
            let start = entry.span().start;
            line += line_of(text.get(counted..start).unwrap_or(""), usize::MAX) - 1;
            counted = start.max(counted);
            let e = entry.get_ref();
            if let Some(first) = ids.insert(e.id.clone(), line) {
                return Err(bad(format!("the id {:?} is taken already (line {first})", e.id), line, "give each cue an id of its own"));
            }
            lexicon.add(e, &file.prepositions, line)?;
        }
        let Self { verbs, nouns, adjectives, passives, hedges, adverbs, .. } = &mut lexicon;
        for table in [verbs, nouns, adjectives, passives, hedges, adverbs] {
            for cues in table.values_mut() {
                cues.sort_by_key(|c| c.particle.is_none());
            }
        }
        Ok(lexicon)
    }

    fn add(&mut self, e: &Entry, prepositions: &[String], line: usize) -> Result<()> {
        let classes = [
            (Class::Verb, &e.verb),
            (Class::Noun, &e.noun),
            (Class::Adjective, &e.adjective),
            (Class::Passive, &e.passive),
            (Class::Hedge, &e.hedge),
            (Class::Adverb, &e.adverb),
        ];
        if classes.iter().all(|(_, words)| words.is_empty()) && e.phrase.is_empty() {
            return Err(bad(
                format!("cue {:?} names no word", e.id),
                line,
                "give it verb, noun, adjective, passive, hedge, adverb or phrase",
            ));
        }
        if e.examples.is_empty() {
            return Err(bad(format!("cue {:?} has no example", e.id), line, "add examples = [{ text, speaker, quote }]"));
        }
        let known = ["quote", "clause", "infinitive", "gerund", "object"];
        for t in &e.takes {
            if !known.contains(&t.as_str()) && !prepositions.contains(t) {
                let remedy = "takes is of quote, clause, infinitive, gerund, object and the file's prepositions";
                return Err(bad(format!("cue {:?} takes {t:?}, which is unknown", e.id), line, remedy));
            }
        }
        let takes = |what: &str| e.takes.iter().any(|t| t == what);
        for (class, list) in classes {
            for word in list {
                let mut parts = word.split_whitespace().map(str::to_owned);
                let (lemma, particle) = (parts.next().unwrap_or_default(), parts.next());
                if lemma.is_empty() || parts.next().is_some() {
                    return Err(bad(
                        format!("cue {:?} has the word {word:?}", e.id),
                        line,
                        "a cue is one lemma, or a lemma and a particle",
                    ));
                }
                let cue = Cue {
                    id: e.id.clone(),
                    stance: e.stance.clone(),
                    class,
                    particle,
                    quote: takes("quote"),
                    clause: takes("clause"),
                    infinitive: takes("infinitive"),
                    gerund: takes("gerund"),
                    object: takes("object"),
                    prepositions: e.takes.iter().filter(|t| prepositions.contains(t)).cloned().collect(),
                    voice: e.voice,
                };
                let table = match class {
                    Class::Verb => &mut self.verbs,
                    Class::Noun => &mut self.nouns,
                    Class::Adjective => &mut self.adjectives,
                    Class::Passive => &mut self.passives,
                    Class::Hedge => &mut self.hedges,
                    Class::Adverb => &mut self.adverbs,
                };
                let cues = table.entry(lemma).or_default();
                if cues.iter().any(|c| c.particle == cue.particle) {
                    return Err(bad(format!("{word:?} stands in two cues, {:?} and another", e.id), line, "keep it in one of them"));
                }
                cues.push(cue);
            }
        }
        for phrase in &e.phrase {
            self.phrases.push(Phrase { words: phrase.split_whitespace().map(str::to_owned).collect(), stance: e.stance.clone() });
        }
        self.tests.push(EntryTests { id: e.id.clone(), stance: e.stance.clone(), examples: e.examples.clone(), not: e.not.clone(), line });
        Ok(())
    }

    /// The verb cue at token `t`, if its particle is there.
    pub fn verb(&self, s: &Sentence, t: usize) -> Option<&Cue> {
        pick(&self.verbs, s, t)
    }
    /// The noun cue at token `t`.
    pub fn noun(&self, s: &Sentence, t: usize) -> Option<&Cue> {
        pick(&self.nouns, s, t)
    }
    /// The adjective cue at token `t`.
    pub fn adjective(&self, s: &Sentence, t: usize) -> Option<&Cue> {
        pick(&self.adjectives, s, t)
    }
    /// The cue at token `t` whose passive tells what unnamed others say.
    pub fn passive(&self, s: &Sentence, t: usize) -> Option<&Cue> {
        pick(&self.passives, s, t)
    }
    /// The hedging verb at token `t`.
    pub fn hedge(&self, s: &Sentence, t: usize) -> Option<&Cue> {
        pick(&self.hedges, s, t)
    }
    /// The hedging adverb at token `t`.
    pub fn adverb(&self, s: &Sentence, t: usize) -> Option<&Cue> {
        pick(&self.adverbs, s, t)
    }
}

fn pick<'a>(table: &'a BTreeMap<String, Vec<Cue>>, s: &Sentence, t: usize) -> Option<&'a Cue> {
    let token = s.tokens.get(t)?;
    let cues = table.get(token.lemma.as_str())?;
    cues.iter().find(|c| match &c.particle {
        None => true,
        Some(p) => particle(s, t, p).is_some(),
    })
}

/// The token that is the particle `p` of the verb at `t`: a dependent, or one of the words right after.
fn particle(s: &Sentence, t: usize, p: &str) -> Option<usize> {
    let is = |i: usize| s.tokens.get(i).is_some_and(|w| w.form.eq_ignore_ascii_case(p));
    (t + 1..t + 3).find(|&i| is(i)).or_else(|| s.children(t).find(|&c| c > t && is(c) && s.tokens[c].dep == Dep::CompoundPrt))
}

impl Cue {
    /// Last token of the cue at `t`: the particle, where it stands right after.
    pub fn last_token(&self, s: &Sentence, t: usize) -> usize {
        match &self.particle {
            Some(p) => particle(s, t, p).filter(|&i| i == t + 1).unwrap_or(t),
            None => t,
        }
    }
}
