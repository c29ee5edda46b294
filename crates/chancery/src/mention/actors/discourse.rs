//! What the report has spoken of so far: whom a pronoun, a short form or "the government" can mean.

use super::knowledge::EntityIx;
use crate::model::{ActorMention, Naming};
use crate::record::Actor;
use compact_str::CompactString;
use std::collections::{HashMap, HashSet};

/// What is remembered of a mention besides its actor.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub entity: Option<EntityIx>,
    /// A single human being.
    pub person: bool,
    pub plural: bool,
    pub female: Option<bool>,
    /// Index of the role word in the lexicon.
    pub role: Option<u16>,
    /// Dictionary form of the role's last word.
    pub noun: CompactString,
    /// Role office (`foreign-minister`) the person is known by here.
    pub office: Option<CompactString>,
    /// Folded last part of a person's name.
    pub surname: CompactString,
    /// A state, or its capital standing for it.
    pub state: bool,
    /// An institution or force.
    pub body: bool,
    /// Subject of its clause.
    pub subject: bool,
    /// Subject of its sentence's main clause.
    pub matrix: bool,
    /// Possessor: "Trump" in "Trump's plan".
    pub possessor: bool,
    /// Between quotation marks.
    pub quoted: bool,
    /// Where a name is nobody's we know.
    pub unknown: bool,
    /// Governor of the mention's head, for telling apart the arguments of one verb.
    pub governor: Option<usize>,
}

/// A mention with what is remembered of it.
#[derive(Debug, Clone)]
pub struct Found {
    pub mention: ActorMention,
    pub about: About,
}

/// The memory of one report.
#[derive(Debug, Default)]
pub struct Discourse {
    pub said: Vec<Found>,
    chains: HashMap<String, usize>,
    next_chain: usize,
    /// (sentence, code, weight) of every country named.
    countries: Vec<(usize, CompactString, u32)>,
    dateline: Option<CompactString>,
    known: HashSet<EntityIx>,
    known_countries: HashSet<CompactString>,
    /// Folded surname → index into `said`.
    surnames: HashMap<CompactString, usize>,
    /// How often each chain was named.
    counts: HashMap<usize, u32>,
}

/// What is left of a country's weight after so many sentences, in thousandths.
const FADE: [u32; 8] = [1000, 600, 360, 216, 130, 78, 47, 28];
/// Weight of the dateline's country, which does not fade, in hundredths (as [`Discourse::note_country`]'s weights).
const DATELINE: u32 = 90;

impl Discourse {
    /// The chain of `key`, a new one if it is the first.
    pub fn chain(&mut self, key: String) -> usize {
        let next = &mut self.next_chain;
        *self.chains.entry(key).or_insert_with(|| {
            *next += 1;
            *next - 1
        })
    }
    pub fn fresh_chain(&mut self) -> usize {
        self.next_chain += 1;
        self.next_chain - 1
    }
    pub fn set_dateline(&mut self, code: CompactString) {
        self.dateline.get_or_insert(code);
    }
    pub fn note_country(&mut self, sentence: usize, code: &str, weight: u32) {
        if !code.is_empty() {
            self.known_countries.insert(code.into());
            self.countries.push((sentence, code.into(), weight));
        }
    }
    /// Whether the report has spoken of `code`.
    pub fn knows_country(&self, code: &str) -> bool {
        self.dateline.as_deref() == Some(code) || self.known_countries.contains(code)
    }
    /// Whether the report has named that entity.
    pub fn knows(&self, entity: EntityIx) -> bool {
        self.known.contains(&entity)
    }
    /// Remembers a mention.
    pub fn remember(&mut self, found: Found) {
        if let Some(e) = found.about.entity {
            self.known.insert(e);
        }
        if found.about.person && !found.about.surname.is_empty() {
            self.surnames.insert(found.about.surname.clone(), self.said.len());
        }
        *self.counts.entry(found.mention.chain).or_default() += 1;
        self.said.push(found);
    }
    /// The country that "the government" in sentence `s` is of: the one most spoken of so far, what is nearer counting more.
    pub fn country_at(&self, s: usize) -> Option<CompactString> {
        let near = self.countries.partition_point(|(at, ..)| at + FADE.len() <= s);
        // In order of first naming, so that ties go to the country named first.
        let mut weights: Vec<(&str, u32)> = self.dateline.iter().map(|c| (c.as_str(), DATELINE * 1000)).collect();
        for (at, code, w) in self.countries.get(near..).unwrap_or(&[]) {
            let w = w * FADE.get(s.saturating_sub(*at)).copied().unwrap_or(0);
            match weights.iter_mut().find(|(c, _)| *c == code.as_str()) {
                Some(slot) => slot.1 += w,
                None => weights.push((code.as_str(), w)),
            }
        }
        let mut best: Option<(&str, u32)> = None;
        for (code, w) in weights {
            if best.is_none_or(|(_, b)| w > b) {
                best = Some((code, w));
            }
        }
        best.map(|(c, _)| c.into())
    }
    /// Mentions before, the nearest first, at most `sentences` back.
    pub fn back(&self, s: usize, sentences: usize) -> impl Iterator<Item = &Found> {
        self.said.iter().rev().take_while(move |f| f.mention.sentence + sentences >= s)
    }
    /// The person last called by that surname.
    pub fn by_surname(&self, surname: &str) -> Option<&Found> {
        self.surnames.get(surname).and_then(|&i| self.said.get(i))
    }
    /// The best antecedent of those `fit` for a pronoun under verb `governor`; the nearest sentence, subjects and whom the report
    /// is about go first.
    pub fn antecedent(&self, of: Pronoun, fit: impl Fn(&Found) -> bool) -> Option<&Found> {
        let mut best: Option<(&Found, i32)> = None;
        for (back, f) in self.back(of.s, of.reach).enumerate().take(60) {
            if !fit(f) {
                continue;
            }
            let same = f.mention.sentence == of.s;
            // Two arguments of one verb are two: "he" in "Bush said he met him".
            if same && !of.possessive && of.governor.is_some() && f.about.governor == of.governor {
                continue;
            }
            let distance = (of.s - f.mention.sentence.min(of.s)) as i32;
            let naming = match f.mention.naming {
                Naming::Name | Naming::Given => 3,
                Naming::Pronoun => 4,
                Naming::Role | Naming::Description => 2,
                Naming::Nationality => 0,
            };
            let named = self.counts.get(&f.mention.chain).copied().unwrap_or(0).min(6) as i32;
            let mut score = 10 * (4 - distance) + naming + named - (back as i32).min(9) / 3;
            score += if f.about.subject { 8 } else { 0 } + if f.about.matrix { 3 } else { 0 } - if f.about.possessor { 3 } else { 0 };
            // Who is spoken of in somebody's own words is not the one who says them: "I love Larry," he said.
            if f.about.quoted && !of.quoted {
                score -= 30;
            }
            if f.about.person && f.mention.actor.entity.is_none() {
                score -= 6;
            }
            if of.female.is_some() && f.about.female == of.female {
                score += 4;
            }
            if best.is_none_or(|(_, b)| score > b) {
                best = Some((f, score));
            }
        }
        best.map(|(f, _)| f)
    }
}

/// A pronoun that looks for its antecedent.
#[derive(Debug, Clone, Copy)]
pub struct Pronoun {
    /// Sentence it stands in.
    pub s: usize,
    /// Verb or noun it depends on.
    pub governor: Option<usize>,
    pub possessive: bool,
    /// Between quotation marks.
    pub quoted: bool,
    /// Of "she" and "he".
    pub female: Option<bool>,
    /// Sentences back.
    pub reach: usize,
}

/// An actor with its code put together.
pub fn actor(country: &str, sector: &str, rule: impl Into<String>) -> Actor {
    let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    Actor {
        country: some(country),
        sector: some(sector),
        sectors: some(sector).into_iter().collect(),
        code: some(country).map(|c| c + sector),
        rule: rule.into(),
        ..Actor::default()
    }
}

/// Sets country and sector anew.
pub fn recode(actor: &mut Actor, country: &str, sector: &str) {
    let new = self::actor(country, sector, "");
    (actor.country, actor.sector, actor.sectors, actor.code) = (new.country, new.sector, new.sectors, new.code);
}
