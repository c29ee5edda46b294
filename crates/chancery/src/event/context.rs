//! Counterparts that are plain from the context: "Iraq's proposal" after talks with the United Nations, "rejected *the offer*".

use super::EventDraft;
use super::ontology::Ontology;
use super::reference::Whom;
use super::roles::same_side;
use crate::record::Actor;

/// How many sentences back a counterpart is looked for.
const REACH: usize = 4;

/// How many sentences back a definite noun refers.
const REFER: usize = 12;

/// Gives events that are acts toward somebody, but name nobody, the other side of the last event in which their own side took part.
/// Drafts are in text order.
pub fn fill(drafts: &mut [EventDraft], ontology: &Ontology) {
    // Found first, given after: what was itself taken from the context is no ground for more.
    let found: Vec<Option<(Vec<Actor>, String)>> =
        (0..drafts.len()).map(|i| referred(drafts, i, ontology).or_else(|| counterpart(drafts, i, ontology))).collect();
    for (draft, found) in drafts.iter_mut().zip(found) {
        let Some((other, by)) = found else { continue };
        draft.explain.push(format!("target  {} from the context (`{by}`)", other.first().map_or("", |a| a.text.as_str())));
        draft.record.target = other;
    }
}

/// The side of the act that the object of this act of speech refers back to.
fn referred(drafts: &[EventDraft], i: usize, ontology: &Ontology) -> Option<(Vec<Actor>, String)> {
    let draft = drafts.get(i)?;
    let (e, reference) = (&draft.record, draft.refers.as_ref()?);
    if e.reciprocal || !e.target.is_empty() || draft.addressed || !ontology.info(e.r#type).utterance {
        return None;
    }
    let own: Vec<&str> = e.source.iter().filter_map(|a| a.country.as_deref()).collect();
    let before = drafts[..i].iter().rev().take_while(|d| d.record.sentence + REFER >= e.sentence);
    before.filter(|d| reference.types.contains(&d.record.r#type)).find_map(|d| {
        let parties = d.record.source.iter().chain(d.record.target.iter().filter(|_| reference.whom == Whom::Parties));
        let others: Vec<Actor> = parties.filter(|a| a.country.as_deref().is_some_and(|c| !own.contains(&c))).cloned().collect();
        (!others.is_empty()).then(|| (others, format!("{}: {}", reference.noun, d.record.trigger.text)))
    })
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
