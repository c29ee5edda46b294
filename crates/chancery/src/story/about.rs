//! What a text tells of, for finding others that tell of the same: coded events, actors and the words of its beginning.

use super::text;
use std::collections::BTreeMap;

/// Days between two reports of one happening.
const DAYS: i32 = 2;
/// Texts of one event that are looked at.
const POSTINGS: usize = 64;
/// Shares of actors and of words, of the poorer text, from which two that share an event tell of the same happening.
const ACTORS: f64 = 0.5;
const WORDS: f64 = 0.4;
/// Words in common at the least.
const LEAST: usize = 6;
/// Events, actors and words kept of a text.
const MOST: usize = 64;

/// All sets are sorted hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Published day, in days since 1970; without one a text is joined to no other but by its words.
    pub day: Option<i32>,
    events: Vec<u64>,
    actors: Vec<u64>,
    words: Vec<u64>,
}

impl About {
    /// `events` are keys that two reports of one event share, `actors` ids or names, `words` the text's beginning.
    pub fn new<'a>(
        day: Option<i32>,
        events: impl IntoIterator<Item = &'a str>,
        actors: impl IntoIterator<Item = &'a str>,
        words: &str,
    ) -> Self {
        let set = |items: &mut dyn Iterator<Item = u64>| {
            let mut all: Vec<u64> = items.take(MOST).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        About {
            day,
            events: set(&mut events.into_iter().map(text::hash)),
            actors: set(&mut actors.into_iter().map(text::hash)),
            words: set(&mut words.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= 4).map(stem)),
        }
    }

    /// How alike two texts are, from 0 to 1; nothing where they tell of different things.
    fn like(&self, other: &About) -> Option<f64> {
        let (a, b) = self.day.zip(other.day)?;
        if (a - b).abs() > DAYS || shared(&self.events, &other.events) == 0 {
            return None;
        }
        let share = |a: &[u64], b: &[u64]| shared(a, b) as f64 / a.len().min(b.len()).max(1) as f64;
        let (actors, words) = (share(&self.actors, &other.actors), share(&self.words, &other.words));
        (actors >= ACTORS && words >= WORDS && shared(&self.words, &other.words) >= LEAST).then_some((actors + words) / 2.0)
    }
}

/// A word in lower case without its ending.
fn stem(word: &str) -> u64 {
    text::hash(&word.chars().flat_map(char::to_lowercase).take(6).collect::<String>())
}

fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        n += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    n
}

/// Texts by what they tell of.
#[derive(Debug, Default)]
pub(super) struct Happenings {
    texts: BTreeMap<u32, About>,
    by_event: BTreeMap<u64, Vec<u32>>,
}

impl Happenings {
    /// The text most like this one, of equals the oldest.
    pub fn find(&self, about: &About) -> Option<(u32, f64)> {
        about.day?;
        let mut near: Vec<u32> = about.events.iter().filter_map(|e| self.by_event.get(e)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        let mut best: Option<(u32, f64)> = None;
        for text in near {
            if let Some(like) = self.texts.get(&text).and_then(|t| t.like(about))
                && best.is_none_or(|(_, b)| like > b)
            {
                best = Some((text, like));
            }
        }
        best
    }

    pub fn add(&mut self, text: u32, about: About) {
        if about.day.is_none() || about.events.is_empty() {
            return;
        }
        for event in &about.events {
            let list = self.by_event.entry(*event).or_default();
            if list.len() >= POSTINGS {
                list.remove(0);
            }
            list.push(text);
        }
        self.texts.insert(text, about);
    }

    pub fn remove(&mut self, text: u32) {
        let Some(about) = self.texts.remove(&text) else { return };
        for event in &about.events {
            if let Some(list) = self.by_event.get_mut(event) {
                list.retain(|t| *t != text);
                if list.is_empty() {
                    self.by_event.remove(event);
                }
            }
        }
    }
}
