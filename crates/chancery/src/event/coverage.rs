//! What a codebook covers, type by type, and which of its entries say the same.

use super::Codebook;
use super::lexicon::{Entry, Kind, Lexicon};
use crate::data::DataFiles;
use crate::error::Result;
use crate::record::EventType;
use std::collections::{BTreeMap, BTreeSet};

/// Counts of one type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Entries anchored at a verb or adjective.
    pub verbs: usize,
    pub nouns: usize,
    pub examples: usize,
    pub counter_examples: usize,
    /// Different anchor lemmas.
    pub lemmas: usize,
}

/// Two entries with an anchor in common and the same conditions: the one that comes later in the files never fires there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// Rule and place of the one that fires.
    pub first: (String, String),
    /// ... and of the one that does not.
    pub second: (String, String),
    /// The lemmas in common.
    pub anchors: Vec<String>,
}

/// Counts by type in PLOVER's order, and the collisions of all languages.
pub fn of(codebook: &Codebook, files: &DataFiles) -> Result<(BTreeMap<EventType, Row>, Vec<Collision>)> {
    let mut rows: BTreeMap<EventType, Row> = EventType::ALL.iter().map(|&t| (t, Row::default())).collect();
    let mut collisions = Vec::new();
    let mut types: BTreeMap<&str, EventType> = BTreeMap::new();
    for language in codebook.languages.values() {
        let lexicon = &language.lexicon;
        for e in &lexicon.entries {
            types.insert(&e.rule, e.r#type);
            let row = rows.entry(e.r#type).or_default();
            *(if e.kind == Kind::Verb { &mut row.verbs } else { &mut row.nouns }) += 1;
        }
        for entries in lexicon.by_anchor().values() {
            let of: BTreeSet<EventType> = entries.iter().filter_map(|(i, _)| Some(lexicon.entries.get(*i as usize)?.r#type)).collect();
            of.into_iter().for_each(|t| rows.entry(t).or_default().lemmas += 1);
        }
        collisions.extend(collide(lexicon));
    }
    for example in Codebook::examples(files)?.0 {
        let Some(row) = types.get(example.rule.as_str()).and_then(|t| rows.get_mut(t)) else { continue };
        *(if example.expect.is_some() { &mut row.examples } else { &mut row.counter_examples }) += 1;
    }
    Ok((rows, collisions))
}

fn collide(lexicon: &Lexicon) -> Vec<Collision> {
    let mut pairs: BTreeMap<(u32, u32), Vec<String>> = BTreeMap::new();
    for (lemma, entries) in lexicon.by_anchor() {
        for (i, (a, beside_a)) in entries.iter().enumerate() {
            for (b, beside_b) in entries.iter().skip(i + 1).filter(|(b, _)| b != a) {
                let (Some(x), Some(y)) = (lexicon.entries.get(*a as usize), lexicon.entries.get(*b as usize)) else { continue };
                if beside_a == beside_b && same_conditions(x, y) {
                    pairs.entry((*a, *b)).or_default().push(lemma.to_owned());
                }
            }
        }
    }
    let name = |i: u32| lexicon.entries.get(i as usize).map_or_else(Default::default, |e| (e.rule.clone(), e.place.clone()));
    pairs.into_iter().map(|((a, b), anchors)| Collision { first: name(a), second: name(b), anchors }).collect()
}

fn same_conditions(a: &Entry, b: &Entry) -> bool {
    let words = |e: &Entry| {
        let list = [&e.object, &e.object_not, &e.subject, &e.subject_not, &e.complement, &e.complement_not, &e.modifier, &e.modifier_not];
        list.map(Clone::clone)
    };
    a.kind == b.kind
        && a.particle == b.particle
        && a.prep == b.prep
        && (a.needs_source, a.needs_target) == (b.needs_source, b.needs_target)
        && words(a) == words(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::Languages;

    #[test]
    fn entries_that_say_the_same_collide() {
        let mut files = DataFiles::builtin();
        let entry = |id: &str| format!("[[entry]]\nid = \"{id}\"\nverb = [\"frobnicate\", \"{id}\"]\nobject = [\"aid\"]\n");
        files.insert("lang/en/nouns/AID.toml", "type = \"AID\"\n".to_owned());
        files.insert("lang/en/verbs/AID.toml", format!("type = \"AID\"\n{}{}", entry("one"), entry("two")));
        let codebook = Codebook::load(&files, &Languages::load(&files).unwrap()).unwrap();
        let (rows, collisions) = of(&codebook, &files).unwrap();
        assert_eq!((rows[&EventType::Aid].verbs, rows[&EventType::Aid].examples), (2, 0));
        let ours: Vec<_> = collisions.iter().filter(|c| c.anchors == ["frobnicate"]).collect();
        assert_eq!(ours.len(), 1);
        assert_eq!(ours[0].second.0, "verbs/AID/two");
    }
}
