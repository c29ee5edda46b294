//! Stories: which reports carry the same text, and which tell of the same happening; how many *independent* sources a
//! story has, and where they disagree.
//!
//! Two steps. [`copies`] finds texts republished (cut, re-headed, re-attributed, with other boilerplate around them) by
//! hashes, and verifies every candidate by counting what both have in common. Reports that copy one another are one
//! *text*. [`about`] then joins texts that were written apart and tell of the same happening on the same days, by coded
//! events, actors and words. A story is one or more texts.
//!
//! Reports come one at a time and each joins its story in bounded time; memory is bounded by [`Limits`], not by the
//! number of reports: a story of which no further copy comes leaves memory (whoever keeps reports keeps its members).
//!
//! What depends on the order of arrival: the first report of a story is the first that came, and its number the story's;
//! which of two texts a third one joins where it resembles both equally; and, beyond the limits, which texts are no
//! longer held. The same reports in the same order give the same stories, on any machine.

mod about;
mod chains;
mod claims;
mod copies;
mod telling;
mod text;

pub use about::About;
pub use claims::{Claim, Disagreement};
pub use copies::Limits;
pub use telling::Telling;
pub use text::Sketch;

pub(crate) use chains::independent;
pub(crate) use telling::origins;
pub(crate) use text::hash;

use about::Happenings;
use claims::Claims;
use copies::Copies;
use std::collections::{BTreeMap, BTreeSet};

/// Number of a story: that of its first report in order of arrival.
pub type StoryId = u32;

/// A text that a report shares so much with another story that both are one: share of the shorter.
const BRIDGE: f64 = 0.6;
/// Share of the longer of two texts at the least: what holds little of a longer one is quoted in it, or part of a round-up.
const BRIDGE_LONGER: f64 = 0.25;
/// Origins kept of a text.
const ORIGINS: usize = 64;

/// Why a report stands in its story.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Joined {
    /// It is the first of its story.
    First,
    /// Its text is that of others; the share of the shorter text that both have in common.
    Copy(f64),
    /// It tells of the same happening in other words; how alike, from 0 to 1.
    Happening(f64),
}

/// Where a report went.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The report's own number, counted from 0 in order of arrival.
    pub number: u32,
    pub story: StoryId,
    /// Number of the first report that carries this text.
    pub text: u32,
    pub how: Joined,
    /// Stories that this report showed to be the same as `story`: their reports belong to it from now on.
    pub merged: Vec<StoryId>,
}

/// A story as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    pub id: StoryId,
    /// Id of the report that came first.
    pub first_seen: String,
    /// First and last published day (days since 1970), where any is known.
    pub days: Option<(i32, i32)>,
    pub reports: usize,
    /// Texts that were written apart.
    pub texts: usize,
    /// Sources that depend on no other: texts that go back to the same agency or outlet count once.
    pub independent: usize,
    /// What independent sources tell differently.
    pub disagreements: Vec<Disagreement>,
}

/// One text and its copies.
#[derive(Debug)]
struct Text {
    story: StoryId,
    /// Places of its variants among the texts held.
    slots: Vec<u32>,
    /// Names that its reports go back to.
    origins: BTreeSet<String>,
}

#[derive(Debug)]
struct Entry {
    first: String,
    days: Option<(i32, i32)>,
    reports: usize,
    texts: Vec<u32>,
    claims: Claims,
}

/// All stories that may still grow.
#[derive(Debug, Default)]
pub struct Stories {
    limits: Limits,
    seen: u32,
    copies: Copies,
    happenings: Happenings,
    texts: BTreeMap<u32, Text>,
    stories: BTreeMap<StoryId, Entry>,
}

impl Stories {
    pub fn new(limits: Limits) -> Self {
        Stories { limits, ..Stories::default() }
    }

    /// Takes a report in. Time depends on its own length and the limits alone.
    pub fn add(&mut self, telling: &Telling) -> Placed {
        let number = self.seen;
        self.seen = self.seen.wrapping_add(1);
        let found = self.copies.find(&telling.sketch, &self.limits);
        let mut merged = Vec::new();
        let (text, how) = match found.first() {
            Some(best) => {
                let text = best.tag;
                for other in found.iter().skip(1).filter(|m| m.tag != text && m.share >= BRIDGE && m.known.min(m.held) >= BRIDGE_LONGER) {
                    self.join_texts(text, other.tag, &mut merged);
                }
                self.copies.touch(best.slot);
                if !found.iter().any(copies::Match::is_covered) {
                    self.hold(telling, text);
                }
                (text, Joined::Copy(best.share))
            }
            None => {
                let like = self.happenings.find(&telling.about);
                let (story, how) = match like.and_then(|(text, share)| Some((self.texts.get(&text)?.story, Joined::Happening(share)))) {
                    Some(found) => found,
                    None => (number, Joined::First),
                };
                self.texts.insert(number, Text { story, slots: Vec::new(), origins: BTreeSet::new() });
                self.happenings.add(number, telling.about.clone());
                self.entry(story, telling).texts.push(number);
                self.hold(telling, number);
                (number, how)
            }
        };
        // Joining texts may have put an older story's number on this one.
        let story = self.texts.get(&text).map_or(number, |t| t.story);
        if let Some(t) = self.texts.get_mut(&text) {
            let room = ORIGINS.saturating_sub(t.origins.len());
            t.origins.extend(telling.origins.iter().take(room).cloned());
        }
        let entry = self.entry(story, telling);
        entry.reports += 1;
        if let Some(day) = telling.day {
            entry.days = Some(entry.days.map_or((day, day), |(a, b)| (a.min(day), b.max(day))));
        }
        entry.claims.add(text, &telling.claims);
        merged.retain(|m| *m != story);
        Placed { number, story, text, how, merged }
    }

    /// A story that is still held.
    pub fn story(&self, id: StoryId) -> Option<Story> {
        let entry = self.stories.get(&id)?;
        let texts: Vec<(u32, &BTreeSet<String>)> = entry.texts.iter().filter_map(|t| Some((*t, &self.texts.get(t)?.origins))).collect();
        let chains = chains::independent(&texts);
        Some(Story {
            id,
            first_seen: entry.first.clone(),
            days: entry.days,
            reports: entry.reports,
            texts: entry.texts.len(),
            independent: chains.values().collect::<BTreeSet<_>>().len(),
            disagreements: entry.claims.disagreements(&chains),
        })
    }

    /// Numbers of the stories held, oldest first.
    pub fn ids(&self) -> impl Iterator<Item = StoryId> + '_ {
        self.stories.keys().copied()
    }

    /// Texts held now: never more than [`Limits::texts`].
    pub fn held(&self) -> usize {
        self.copies.len()
    }

    fn entry(&mut self, story: StoryId, telling: &Telling) -> &mut Entry {
        self.stories.entry(story).or_insert_with(|| Entry {
            first: telling.id.clone(),
            days: None,
            reports: 0,
            texts: Vec::new(),
            claims: Claims::default(),
        })
    }

    /// Holds a variant of a text, so that copies of it are found too.
    fn hold(&mut self, telling: &Telling, text: u32) {
        if telling.sketch.is_empty() || self.texts.get(&text).is_some_and(|t| t.slots.len() >= self.limits.texts_a_story) {
            return;
        }
        let (slot, left) = self.copies.hold(telling.sketch.clone(), text, &self.limits);
        // The one that left may be of this very text.
        if let Some((gone, tag)) = left {
            self.drop_slot(tag, gone, text);
        }
        if let Some(t) = self.texts.get_mut(&text) {
            t.slots.push(slot);
        }
    }

    /// A variant is no longer held; a text without one is over, and so is a story without texts.
    fn drop_slot(&mut self, text: u32, slot: u32, current: u32) {
        let Some(t) = self.texts.get_mut(&text) else { return };
        t.slots.retain(|s| *s != slot);
        if !t.slots.is_empty() || text == current {
            return;
        }
        let story = t.story;
        self.texts.remove(&text);
        self.happenings.remove(text);
        if let Some(entry) = self.stories.get_mut(&story) {
            entry.texts.retain(|t| *t != text);
            if entry.texts.is_empty() {
                self.stories.remove(&story);
            }
        }
    }

    /// Two texts turn out to be one; their stories too, under the older number.
    fn join_texts(&mut self, into: u32, from: u32, merged: &mut Vec<StoryId>) {
        let Some(gone) = self.texts.remove(&from) else { return };
        self.copies.retag(&gone.slots, into);
        self.happenings.remove(from);
        let Some(text) = self.texts.get_mut(&into) else { return };
        text.slots.extend(gone.slots);
        text.origins.extend(gone.origins);
        let (a, b) = (text.story, gone.story);
        let (keep, lose) = (a.min(b), a.max(b));
        for entry in [a, b] {
            if let Some(entry) = self.stories.get_mut(&entry) {
                entry.texts.retain(|t| *t != from);
                entry.claims.rename(from, into);
            }
        }
        if keep == lose {
            return;
        }
        merged.push(lose);
        let Some(other) = self.stories.remove(&lose) else { return };
        for t in &other.texts {
            if let Some(text) = self.texts.get_mut(t) {
                text.story = keep;
            }
        }
        if let Some(t) = self.texts.get_mut(&into) {
            t.story = keep;
        }
        let Some(entry) = self.stories.get_mut(&keep) else {
            self.stories.insert(keep, other);
            return;
        };
        entry.reports += other.reports;
        entry.texts.extend(other.texts);
        entry.texts.sort_unstable();
        entry.texts.dedup();
        entry.days = match (entry.days, other.days) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (a, b) => a.or(b),
        };
        entry.claims.take(other.claims);
    }
}

#[cfg(test)]
mod tests;
