//! Counterparts that are plain from the context: "Iraq's proposal" after talks with the United Nations.

use super::EventDraft;
use super::ontology::Ontology;
use super::roles::same_side;
use crate::record::Actor;

/// How many sentences back a counterpart is looked for.
const REACH: usize = 4;

/// Gives events that are acts toward somebody, but name nobody, the other side of the last event in which their own side took part.
/// Drafts are in text order.
pub fn fill(drafts: &mut [EventDraft], ontology: &Ontology) {
    // Found first, given after: what was itself taken from the context is no ground for more.
    let found: Vec<Option<(Vec<Actor>, String)>> = (0..drafts.len()).map(|i| counterpart(drafts, i, ontology)).collect();
    for (draft, found) in drafts.iter_mut().zip(found) {
        let Some((other, by)) = found else { continue };
        draft.explain.push(format!("target  {} from the context (`{by}`)", other.first().map_or("", |a| a.text.as_str())));
        draft.record.target = other;
    }
}

fn counterpart(drafts: &[EventDraft], i: usize, ontology: &Ontology) -> Option<(Vec<Actor>, String)> {
    let draft = drafts.get(i)?;
    let e = &draft.record;
    let info = ontology.info(e.r#type);
    if e.reciprocal || !e.target.is_empty() || draft.addressed || !info.counterpart {
        return None;
    }
    let own = e.source.first()?;
    // Violence goes on with the enemy of before, not with whoever was talked to.
    let fits = |d: &&EventDraft| info.quad != 4 || d.record.r#type == e.r#type;
    let same = |d: &&EventDraft| d.record.sentence == e.sentence;
    let first = i - drafts[..i].iter().rev().take_while(same).count();
    let here = drafts[first..].iter().take_while(same).enumerate().filter(|&(j, _)| first + j != i).map(|(_, d)| d);
    let before = drafts[..i].iter().rev().take_while(|d| d.record.sentence + REACH >= e.sentence);
    let state = |others: &[Actor]| {
        others.iter().all(|a| a.country.as_deref().is_some_and(|c| ontology.is_state(c) || a.office.is_some() || e.sentence <= REACH))
    };
    here.chain(before).filter(fits).find_map(|d| opposite(d, own).filter(|o| state(o)).map(|o| (o, d.record.trigger.text.clone())))
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
