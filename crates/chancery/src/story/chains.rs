//! Who goes back to whom: texts of a story that name the same agency or outlet are one source.

use std::collections::{BTreeMap, BTreeSet};

/// The first text of the chain that each text belongs to. Texts hang together where they share an origin.
pub(crate) fn independent(texts: &[(u32, &BTreeSet<String>)]) -> BTreeMap<u32, u32> {
    let mut head: BTreeMap<u32, u32> = texts.iter().map(|(t, _)| (*t, *t)).collect();
    let mut by_origin: BTreeMap<&str, u32> = BTreeMap::new();
    for (text, origins) in texts {
        for origin in *origins {
            let other = *by_origin.entry(origin).or_insert(*text);
            let (a, b) = (top(&head, *text), top(&head, other));
            head.insert(a.max(b), a.min(b));
        }
    }
    texts.iter().map(|(t, _)| (*t, top(&head, *t))).collect()
}

fn top(head: &BTreeMap<u32, u32>, mut text: u32) -> u32 {
    while let Some(&above) = head.get(&text)
        && above != text
    {
        text = above;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_origin_makes_one_source() {
        let set = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>();
        let sets = [set(&["telesur"]), set(&["daily", "telesur"]), set(&["gazette"]), set(&[]), set(&["daily"])];
        let texts: Vec<_> = (0..5).zip(&sets).collect();
        let chains = independent(&texts);
        assert_eq!(chains.into_values().collect::<Vec<_>>(), [0, 0, 2, 3, 0]);
    }
}
