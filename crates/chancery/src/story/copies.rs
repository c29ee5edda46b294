//! The search for copies: texts that share prints are compared run by run.
//!
//! Time and memory are bounded: at most [`Limits::texts`] texts are held, the one that was longest without a copy leaves
//! first; of a print that many texts share only the latest are looked at; and few candidates are compared.

use super::text::Sketch;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// How much is held and compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Texts in which copies are looked for.
    pub texts: usize,
    /// Texts of one print that are looked at: what more share is a formula of the trade.
    pub postings: usize,
    /// Texts that are compared run by run.
    pub candidates: usize,
    /// Different texts held of one story.
    pub texts_a_story: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { texts: 200_000, postings: 32, candidates: 12, texts_a_story: 24 }
    }
}

/// Share of the shorter text that two copies have in common.
const COPY: f64 = 0.5;
/// Runs they have in common at the least, where the shorter has as many.
const LEAST: usize = 8;
/// Share of a new text that is already held, from which it need not be held itself.
const KNOWN: f64 = 0.9;

/// A text that shares enough with the one that was looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Match {
    pub slot: u32,
    /// Whatever the caller keeps with it: its story.
    pub tag: u32,
    /// Runs in common over those of the shorter text.
    pub share: f64,
    /// Runs in common over those of the new text.
    pub known: f64,
    /// Runs in common over those of the text held.
    pub held: f64,
}

impl Match {
    /// Whether the new text adds so little that holding it would find no further copies.
    pub fn is_covered(&self) -> bool {
        self.known >= KNOWN
    }
}

/// The texts held.
#[derive(Debug, Default)]
pub(super) struct Copies {
    slots: Vec<Option<Held>>,
    free: Vec<u32>,
    postings: HashMap<u32, Posting, BuildHasherDefault<Direct>>,
    /// Slots in the order in which they were last of use, with the time of that use; stale entries are passed over.
    queue: VecDeque<(u32, u64)>,
    clock: u64,
    held: usize,
}

/// Slots of the texts with a print. Most prints are of one text alone: those take no list.
#[derive(Debug)]
enum Posting {
    One(u32),
    Many(Box<[u32]>),
}

impl Posting {
    fn slots(&self) -> &[u32] {
        match self {
            Posting::One(slot) => std::slice::from_ref(slot),
            Posting::Many(slots) => slots,
        }
    }
    /// Adds a slot; of more than `most` the oldest leaves.
    fn add(&mut self, slot: u32, most: usize) {
        match self {
            Posting::One(first) => *self = Posting::Many(Box::new([*first, slot])),
            Posting::Many(slots) => {
                let over = (slots.len() + 1).saturating_sub(most.max(1));
                *slots = slots.iter().skip(over).copied().chain([slot]).collect();
            }
        }
    }
    /// Takes a slot out. Whether none is left.
    fn remove(&mut self, slot: u32) -> bool {
        match self {
            Posting::One(only) => *only == slot,
            Posting::Many(slots) => {
                *slots = slots.iter().filter(|s| **s != slot).copied().collect();
                slots.is_empty()
            }
        }
    }
}

#[derive(Debug)]
struct Held {
    sketch: Sketch,
    tag: u32,
    used: u64,
}

impl Copies {
    /// Texts held of which this is a copy, or which are copies of it: best first, of equals the oldest.
    pub fn find(&self, sketch: &Sketch, limits: &Limits) -> Vec<Match> {
        let mut votes: BTreeMap<u32, u32> = BTreeMap::new();
        for print in &sketch.prints {
            for &slot in self.postings.get(print).map_or(&[][..], Posting::slots) {
                *votes.entry(slot).or_default() += 1;
            }
        }
        let mut ranked: Vec<(u32, u32)> = votes.into_iter().collect();
        ranked.sort_by_key(|&(slot, votes)| (std::cmp::Reverse(votes), slot));
        ranked.truncate(limits.candidates);
        let mut out: Vec<Match> = ranked.into_iter().filter_map(|(slot, _)| self.compare(slot, sketch)).collect();
        out.sort_by(|a, b| b.share.total_cmp(&a.share).then(b.known.total_cmp(&a.known)).then(a.slot.cmp(&b.slot)));
        out
    }

    fn compare(&self, slot: u32, sketch: &Sketch) -> Option<Match> {
        let held = self.slots.get(slot as usize)?.as_ref()?;
        let shared = held.sketch.shared(sketch);
        let shorter = held.sketch.len().min(sketch.len());
        let share = shared as f64 / shorter.max(1) as f64;
        (shared >= LEAST.min(shorter) && share >= COPY).then_some(Match {
            slot,
            tag: held.tag,
            share,
            known: shared as f64 / sketch.len().max(1) as f64,
            held: shared as f64 / held.sketch.len().max(1) as f64,
        })
    }

    /// Holds a text under `tag`. Gives its slot, and slot and tag of a text that had to leave for it.
    pub fn hold(&mut self, sketch: Sketch, tag: u32, limits: &Limits) -> (u32, Option<(u32, u32)>) {
        let left = if self.held >= limits.texts.max(1) { self.drop_oldest() } else { None };
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            (self.slots.len() - 1) as u32
        });
        for &print in &sketch.prints {
            self.postings.entry(print).and_modify(|p| p.add(slot, limits.postings)).or_insert(Posting::One(slot));
        }
        self.clock += 1;
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some(Held { sketch, tag, used: self.clock });
        }
        self.queue.push_back((slot, self.clock));
        self.held += 1;
        (slot, left)
    }

    /// A copy of this text came: it is held longer.
    pub fn touch(&mut self, slot: u32) {
        self.clock += 1;
        if let Some(held) = self.slots.get_mut(slot as usize).and_then(Option::as_mut) {
            held.used = self.clock;
            self.queue.push_back((slot, self.clock));
        }
        // Stale entries may not outgrow what they stand for.
        if self.queue.len() > 4 * self.held + 64 {
            let slots = &self.slots;
            let current = |&(slot, used): &(u32, u64)| slots.get(slot as usize).and_then(Option::as_ref).is_some_and(|h| h.used == used);
            self.queue.retain(current);
        }
    }

    /// Gives every text of one tag another.
    pub fn retag(&mut self, slots: &[u32], tag: u32) {
        for &slot in slots {
            if let Some(held) = self.slots.get_mut(slot as usize).and_then(Option::as_mut) {
                held.tag = tag;
            }
        }
    }

    fn drop_oldest(&mut self) -> Option<(u32, u32)> {
        while let Some((slot, used)) = self.queue.pop_front() {
            let place = self.slots.get_mut(slot as usize)?;
            if place.as_ref().is_none_or(|h| h.used != used) {
                continue;
            }
            let held = place.take()?;
            for print in &held.sketch.prints {
                if self.postings.get_mut(print).is_some_and(|p| p.remove(slot)) {
                    self.postings.remove(print);
                }
            }
            self.free.push(slot);
            self.held -= 1;
            return Some((slot, held.tag));
        }
        None
    }

    /// Texts held now.
    pub fn len(&self) -> usize {
        self.held
    }
}

/// Prints are hashes already.
#[derive(Debug, Default)]
struct Direct(u64);

impl Hasher for Direct {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3));
    }
    fn write_u32(&mut self, n: u32) {
        self.0 = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
