//! A read-only set of strings with fast look-up, built once at load.

use super::net::hash;

/// Strings numbered in order of insertion.
#[derive(Debug, Default)]
pub struct StrTable {
    /// Open addressing: number + 1, 0 where empty; at most half full.
    slots: Vec<u32>,
    text: String,
    ends: Vec<u32>,
}

impl StrTable {
    /// A table of `keys`; of two equal ones the first is found.
    pub fn new<'a>(keys: impl Iterator<Item = &'a str>) -> StrTable {
        let mut t = StrTable::default();
        for k in keys {
            t.text.push_str(k);
            t.ends.push(t.text.len() as u32);
        }
        t.slots = vec![0; (t.ends.len() * 2).next_power_of_two().max(2)];
        let mask = t.slots.len() - 1;
        for i in 0..t.ends.len() {
            let Some(key) = t.key(i) else { continue };
            let mut at = hash(8, key) as usize & mask;
            while t.slots.get(at).is_some_and(|&s| s != 0) {
                at = (at + 1) & mask;
            }
            if let Some(s) = t.slots.get_mut(at) {
                *s = i as u32 + 1;
            }
        }
        t
    }

    fn key(&self, i: usize) -> Option<&str> {
        let from = i.checked_sub(1).map_or(0, |p| self.ends.get(p).copied().unwrap_or(0) as usize);
        self.text.get(from..*self.ends.get(i)? as usize)
    }

    /// The number of `key`.
    pub fn get(&self, key: &str) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(8, key) as usize & mask;
        loop {
            let i = (*self.slots.get(at)? as usize).checked_sub(1)?;
            if self.key(i) == Some(key) {
                return Some(i);
            }
            at = (at + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        let t = StrTable::new(["a", "", "bc", "ünder", "a"].into_iter());
        assert_eq!([t.get("a"), t.get(""), t.get("bc"), t.get("ünder"), t.get("b")], [Some(0), Some(1), Some(2), Some(3), None]);
        assert_eq!(StrTable::new(std::iter::empty()).get("x"), None);
        assert_eq!(StrTable::default().get("x"), None);
    }
}
