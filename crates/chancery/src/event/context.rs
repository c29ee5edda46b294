//! Counterparts that are plain from the context: "Iraq's proposal" after talks with the United Nations.

use super::EventDraft;
use super::ontology::Ontology;
use super::roles::same_side;
use crate::record::Actor;

/// How many sentences back a counterpart is looked for.
const REACH: usize = 6;

/// Gives events that are acts toward somebody, but name nobody, the other side of the last event in which their own side took part.
/// Drafts are in text order.
pub fn fill(drafts: &mut [EventDraft], ontology: &Ontology) {
    for i in 0..drafts.len() {
        let e = &drafts[i].record;
        let lacks = if e.reciprocal { e.source.len() == 1 } else { e.target.is_empty() };
        if !lacks || !ontology.info(e.r#type).counterpart || e.source.is_empty() {
            continue;
        }
        let own = e.source[0].clone();
        let sentence = e.sentence;
        let before = drafts[..i].iter().rev().take_while(|d| d.record.sentence + REACH >= sentence);
        let Some((other, by)) = before.filter_map(|d| opposite(d, &own).map(|o| (o, d.record.trigger.text.clone()))).next() else {
            continue;
        };
        let e = &mut drafts[i];
        e.explain.push(format!("target  {} from the context (`{by}`)", other.first().map_or("", |a| a.text.as_str())));
        if e.record.reciprocal { e.record.source.extend(other) } else { e.record.target = other }
    }
}

/// The side across from `own` in an event, where it is of another country.
fn opposite(d: &EventDraft, own: &Actor) -> Option<Vec<Actor>> {
    let e = &d.record;
    let mine = |side: &[Actor]| side.iter().any(|a| same_side(a, own) && a.country.is_some());
    let others =
        |side: &[Actor]| -> Vec<Actor> { side.iter().filter(|a| a.country.is_some() && a.country != own.country).cloned().collect() };
    let found = if e.reciprocal && mine(&e.source) {
        others(&e.source)
    } else if mine(&e.source) {
        others(&e.target)
    } else if mine(&e.target) {
        others(&e.source)
    } else {
        Vec::new()
    };
    (!found.is_empty()).then_some(found)
}
