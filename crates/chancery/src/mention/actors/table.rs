//! A table of phrases: finds the longest one that begins at a piece, at a cost independent of how many it holds.

use super::fold::{Pieces, join};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Keys are well-mixed hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(b);
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// First value of the phrase that ends here, as index into `values`.
    first: u32,
    /// Whether a longer phrase goes on from here.
    longer: bool,
}

const NONE: u32 = u32::MAX;

/// Phrases with one or more values each.
#[derive(Debug)]
pub struct Table<V> {
    slots: HashMap<u64, Slot, BuildHasherDefault<Ready>>,
    /// Value, phrase's folded letters as range of `letters`, next value of the same phrase.
    values: Vec<(V, (u32, u32), u32)>,
    letters: String,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table { slots: HashMap::default(), values: Vec::new(), letters: String::new() }
    }
}

impl<V> Table<V> {
    /// Room for about `n` phrases.
    pub fn with_capacity(n: usize) -> Self {
        Table {
            slots: HashMap::with_capacity_and_hasher(n * 3, Default::default()),
            values: Vec::with_capacity(n),
            letters: String::with_capacity(n * 14),
        }
    }
    /// Adds `value` under the phrase of `pieces`; a phrase without pieces is left out.
    pub fn insert(&mut self, pieces: &Pieces, value: V) {
        let n = pieces.list.len();
        if n == 0 {
            return;
        }
        let mut key = 0;
        for (i, piece) in pieces.list.iter().enumerate() {
            key = join(key, piece.hash);
            let slot = self.slots.entry(key).or_insert(Slot { first: NONE, longer: false });
            if i + 1 < n {
                slot.longer = true;
                continue;
            }
            let range = match self.values.get(slot.first as usize) {
                Some(v) => v.1,
                None => {
                    let from = self.letters.len() as u32;
                    self.letters.push_str(pieces.text(0, n));
                    (from, self.letters.len() as u32)
                }
            };
            let at = self.values.len() as u32;
            self.values.push((value, range, slot.first));
            slot.first = at;
            return;
        }
    }
    /// Values of the longest phrase that begins at piece `from`, with the piece after its end.
    /// `accept` decides whether a phrase of that end may stand.
    pub fn longest<'a>(
        &'a self,
        pieces: &Pieces,
        from: usize,
        mut accept: impl FnMut(Values<'a, V>, usize) -> bool,
    ) -> Option<(Values<'a, V>, usize)> {
        let mut key = 0;
        let mut found = None;
        for (i, piece) in pieces.list.iter().enumerate().skip(from) {
            key = join(key, piece.hash);
            let Some(slot) = self.slots.get(&key) else { break };
            if let Some(v) = self.values.get(slot.first as usize)
                && self.letters.get(v.1.0 as usize..v.1.1 as usize) == Some(pieces.text(from, i + 1))
            {
                let values = Values { table: self, next: slot.first };
                if accept(values, i + 1) {
                    found = Some((values, i + 1));
                }
            }
            if !slot.longer {
                break;
            }
        }
        found
    }
    /// As [`Table::longest`], where a piece may also be read as its dictionary form in `lemmas` (0 where it has none other).
    pub fn longest_by_lemma<'a>(
        &'a self,
        pieces: &Pieces,
        lemmas: &[u64],
        from: usize,
        mut accept: impl FnMut(Values<'a, V>, usize) -> bool,
    ) -> Option<(Values<'a, V>, usize)> {
        let mut found: Option<(Values<'a, V>, usize)> = None;
        let mut open = vec![(0u64, from)];
        while let Some((key, i)) = open.pop() {
            let (Some(piece), Some(&lemma)) = (pieces.list.get(i), lemmas.get(i)) else { continue };
            // The form as it stands is looked at last, so that it wins over its dictionary form.
            for reading in [lemma, piece.hash] {
                if reading == 0 {
                    continue;
                }
                let key = join(key, reading);
                let Some(slot) = self.slots.get(&key) else { continue };
                if slot.first != NONE && found.is_none_or(|(_, end)| end <= i + 1) {
                    let values = Values { table: self, next: slot.first };
                    if accept(values, i + 1) {
                        found = Some((values, i + 1));
                    }
                }
                if slot.longer && i - from < 8 {
                    open.push((key, i + 1));
                }
            }
        }
        found
    }
    /// Values of exactly this phrase.
    pub fn exactly<'a>(&'a self, pieces: &Pieces) -> Values<'a, V> {
        let n = pieces.list.len();
        match self.longest(pieces, 0, |_, end| end == n) {
            Some((values, _)) => values,
            None => Values { table: self, next: NONE },
        }
    }
    /// All values, in the order in which they were added.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.values.iter().map(|(v, ..)| v)
    }
    pub fn len(&self) -> usize {
        self.values.len()
    }
}

/// The values of one phrase, last added first.
#[derive(Debug)]
pub struct Values<'a, V> {
    table: &'a Table<V>,
    next: u32,
}

impl<V> Clone for Values<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Values<'_, V> {}

impl<'a, V> Iterator for Values<'a, V> {
    type Item = &'a V;
    fn next(&mut self) -> Option<&'a V> {
        let (value, _, next) = self.table.values.get(self.next as usize)?;
        self.next = *next;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::pieces_of;
    use super::*;

    #[test]
    fn the_longest_phrase_wins_and_all_its_values_come() {
        let mut t = Table::default();
        for (name, v) in [("New York", 1), ("New York Times", 2), ("New", 3), ("New York", 4)] {
            t.insert(&pieces_of(name), v);
        }
        let text = pieces_of("the New York Times said");
        let (values, end) = t.longest(&text, 1, |_, _| true).unwrap();
        assert_eq!((values.copied().collect::<Vec<_>>(), end), (vec![2], 4));
        let text = pieces_of("New York Post");
        let (values, end) = t.longest(&text, 0, |_, _| true).unwrap();
        assert_eq!((values.copied().collect::<Vec<_>>(), end), (vec![4, 1], 2));
        assert!(t.longest(&text, 1, |_, _| true).is_none());
        assert_eq!(t.exactly(&pieces_of("new york")).count(), 2);
    }
}
