//! Happenings: one event in the world, told by several reports. An event of a record is one report's telling of it, a
//! [`Sighting`]; sightings that are enough [`alike`] in kind, sides, day, place and words are one happening.
//!
//! Nothing is merged or deleted: a happening is a number that its sightings share, and [`Summary`] is what they say together
//! and where they differ. Differing figures, places or statuses do not keep two sightings apart as long as the rest
//! agrees, for those are the disagreements that one wants to see.
//!
//! Sightings come one at a time, each in bounded time: it is compared with at most [`LOOKED_AT`] others, found by country and
//! day. What depends on the order of arrival is which of two happenings a sighting joins that fits both.

mod like;
mod sighting;
mod summary;

pub use like::{JOIN, alike};
pub use sighting::{Party, Sighting, Spot, Words, day};
pub use summary::{Dispute, FigureLine, Summary, Vouched, iso};

use std::collections::BTreeMap;

/// Number of a happening: that of its first sighting in order of arrival.
pub type HappeningId = u64;

/// Sightings that a new one is compared with at most, the latest first.
pub const LOOKED_AT: usize = 256;
/// How much less alike a sighting may be to a happening's others than to the one most like it.
const SLACK: f64 = 0.9;
/// Members of one happening that count in that.
const HEARD: usize = 16;

/// The happening among `candidates` that a sighting belongs to, and how alike it is to the member most like it. Of equals the
/// one that comes first.
pub fn join<'a>(sighting: &Sighting, candidates: impl IntoIterator<Item = (HappeningId, &'a Sighting)>) -> Option<(HappeningId, f64)> {
    // Per happening: the best, the sum, and how many.
    let mut by: BTreeMap<HappeningId, (f64, f64, usize)> = BTreeMap::new();
    for (id, other) in candidates {
        let entry = by.entry(id).or_insert((f64::NEG_INFINITY, 0.0, 0));
        if entry.2 < HEARD {
            let like = alike(sighting, other);
            *entry = (entry.0.max(like), entry.1 + like, entry.2 + 1);
        }
    }
    let fits = by.into_iter().filter(|(_, (best, sum, n))| *best >= JOIN && *sum >= (*best - SLACK) * *n as f64);
    fits.map(|(id, (best, ..))| (id, best)).reduce(|a, b| if b.1 > a.1 { b } else { a })
}

/// Happenings in memory: what groups the events of a run without a ledger.
#[derive(Debug, Default)]
pub struct Happenings {
    seen: Vec<(HappeningId, Sighting)>,
    /// Places in `seen`, by what two sightings of one happening have in common.
    by_key: BTreeMap<(String, i32), Vec<usize>>,
}

impl Happenings {
    /// The happening of a sighting: an older one, or a new one under this sighting's own number.
    pub fn add(&mut self, sighting: Sighting) -> HappeningId {
        let number = self.seen.len();
        let mut near: Vec<usize> = sighting.keys(1).iter().filter_map(|k| self.by_key.get(k)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        let from = near.len().saturating_sub(LOOKED_AT);
        let near = near.get(from..).unwrap_or(&[]);
        let candidates = near.iter().filter_map(|i| self.seen.get(*i)).map(|(id, s)| (*id, s));
        let id = join(&sighting, candidates).map_or(number as HappeningId, |found| found.0);
        for key in sighting.keys(0) {
            self.by_key.entry(key).or_default().push(number);
        }
        self.seen.push((id, sighting));
        id
    }

    /// The sightings of each happening, in order of arrival.
    pub fn all(&self) -> BTreeMap<HappeningId, Vec<&Sighting>> {
        let mut out: BTreeMap<HappeningId, Vec<&Sighting>> = BTreeMap::new();
        for (id, sighting) in &self.seen {
            out.entry(*id).or_default().push(sighting);
        }
        out
    }
}

#[cfg(test)]
mod tests;
