//! Counterparts that are plain from the context: "Iraq's proposal" after talks with the United Nations, "rejected *the offer*".

use super::EventDraft;
use super::ontology::Ontology;
use super::reference::Whom;
use super::roles::{official, same_side};
use crate::model::Actors;
use crate::record::{Actor, EventType};
use std::collections::{BTreeMap, BTreeSet};

/// How many sentences back a counterpart is looked for.
const REACH: usize = 4;

/// How many sentences back a definite noun refers.
const REFER: usize = 12;

/// In how many sentences a country is named that a report is about.
const HOME: usize = 3;

/// How often two countries must be across from each other to be what the report is about.
const TOLD: usize = 2;

/// Gives events that are acts toward somebody, but name nobody, the other side of the last event in which their own side took part,
/// else whom the report as a whole sets against them. Drafts are in text order.
pub fn fill(drafts: &mut [EventDraft], actors: &Actors, ontology: &Ontology) {
    // Found first, given after: what was itself taken from the context is no ground for more.
    let pair = main_pair(drafts, ontology);
    let home = home(drafts, actors, ontology);
    let found: Vec<Option<(Vec<Actor>, String)>> = (0..drafts.len())
        .map(|i| {
            let near = referred(drafts, i, ontology).or_else(|| counterpart(drafts, i, ontology));
            let near = near.map(|(whom, by)| (spoken_to(drafts, i, whom, actors, ontology), by));
            near.or_else(|| authority(drafts, i, actors, ontology))
                .or_else(|| across(drafts, i, pair.as_ref(), ontology))
                .or_else(|| toward_home(drafts, i, home.as_ref(), ontology))
        })
        .collect();
    let doers: Vec<Option<Actor>> = drafts.iter().map(|d| arm(d, actors, ontology)).collect();
    for (draft, doer) in drafts.iter_mut().zip(doers) {
        let Some(doer) = doer else { continue };
        draft.explain.push(format!("source  {} from the context (an act of state)", doer.text));
        draft.record.source = vec![doer];
    }
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
    let before = || drafts[..i].iter().rev().take_while(|d| d.record.sentence + REFER >= e.sentence);
    // What the noun means first of all ("the truce" an agreement), else the nearest it may mean.
    let means = |d: &&EventDraft| reference.types.contains(&d.record.r#type);
    let first = before().filter(|d| reference.types.first() == Some(&d.record.r#type));
    first.chain(before().filter(means)).find_map(|d| {
        let parties = d.record.source.iter().chain(d.record.target.iter().filter(|_| reference.whom == Whom::Parties));
        let others: Vec<Actor> = parties
            .filter(|a| e.source.iter().all(|own| are_two(a, own) || own.country.is_none()))
            .filter(|a| a.country.is_some())
            .cloned()
            .collect();
        (!others.is_empty()).then(|| (others, format!("{}: {}", reference.noun, d.record.trigger.text)))
    })
}

/// Two countries that the report is about, with an actor of each: those that stand across from each other most often.
type Pair = [(String, Actor); 2];

fn main_pair(drafts: &[EventDraft], ontology: &Ontology) -> Option<Pair> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for d in drafts {
        let e = &d.record;
        let countries = |side: &'_ [Actor]| -> Vec<usize> { (0..side.len()).filter(|&i| ontology.is_party(&side[i])).collect() };
        let all: Vec<&Actor> = e.source.iter().chain(&e.target).collect();
        let code = |i: usize| all.get(i).and_then(|a| a.country.as_deref()).unwrap_or("");
        let (n, sources) = (e.source.len(), countries(&e.source));
        let targets: Vec<usize> = countries(&e.target).into_iter().map(|i| i + n).collect();
        let others = if e.reciprocal { &sources } else { &targets };
        for (&a, &b) in sources.iter().flat_map(|a| others.iter().map(move |b| (a, b))) {
            let (x, y) = (code(a), code(b));
            if x < y || (x > y && !e.reciprocal) {
                *counts.entry((x.min(y), x.max(y))).or_default() += 1;
            }
        }
    }
    let most = *counts.values().max()?;
    // A digest of several stories is about no pair: most of its dyads must be theirs.
    let told = counts.values().sum::<usize>();
    let (a, b) = counts.iter().find(|(_, n)| **n == most && most >= TOLD && 2 * most > told).map(|(k, _)| *k)?;
    let named = |code: &str| {
        let all =
            || drafts.iter().flat_map(|d| d.record.source.iter().chain(&d.record.target)).filter(|x| x.country.as_deref() == Some(code));
        let first = all().find(|x| official(x)).or_else(|| all().next())?;
        Some((code.to_owned(), first.clone()))
    };
    Some([named(a)?, named(b)?])
}

/// Whom the report sets against the doer; of third parties that ask or praise, both whom it is about.
fn across(drafts: &[EventDraft], i: usize, pair: Option<&Pair>, ontology: &Ontology) -> Option<(Vec<Actor>, String)> {
    let (draft, pair) = (drafts.get(i)?, pair?);
    let e = &draft.record;
    let info = ontology.info(e.r#type);
    if e.reciprocal || !e.target.is_empty() || draft.addressed || !info.utterance || e.source.is_empty() {
        return None;
    }
    let own: Vec<&str> = e.source.iter().filter_map(|a| a.country.as_deref()).collect();
    let of = |k: usize| pair.get(k).map(|p| p.1.clone());
    let is_in = |k: usize| pair.get(k).is_some_and(|p| own.contains(&p.0.as_str()));
    let why = "what the report is about".to_owned();
    match (is_in(0), is_in(1)) {
        (true, false) => Some((vec![of(1)?], why)),
        (false, true) => Some((vec![of(0)?], why)),
        (false, false) if matches!(e.r#type, EventType::Request | EventType::Support) && !own.is_empty() => {
            Some((vec![of(0)?, of(1)?], why))
        }
        _ => None,
    }
}

/// The country that a report is about, with who stands for it: named in at least [`HOME`] sentences and in twice as many as
/// any other.
fn home(drafts: &[EventDraft], actors: &Actors, ontology: &Ontology) -> Option<(String, Actor)> {
    let mut sentences: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for m in &actors.mentions {
        if let Some(c) = m.actor.country.as_deref().filter(|c| ontology.is_state(c)) {
            sentences.entry(c).or_default().insert(m.sentence);
        }
    }
    let (code, n) = sentences.iter().map(|(c, s)| (*c, s.len())).max_by_key(|&(c, n)| (n, std::cmp::Reverse(c)))?;
    let next = sentences.iter().filter(|(c, _)| **c != code).map(|(_, s)| s.len()).max().unwrap_or(0);
    (n >= HOME && n >= 2 * next).then_some(())?;
    Some((code.to_owned(), government(drafts, actors, code)?))
}

/// Who speaks for a country in this report: its government where it is named, else the country under its bare name.
fn government(drafts: &[EventDraft], actors: &Actors, code: &str) -> Option<Actor> {
    let of = |a: &&Actor| a.country.as_deref() == Some(code);
    let sides = drafts.iter().flat_map(|d| d.record.source.iter().chain(&d.record.target));
    let named = || actors.mentions.iter().map(|m| &m.actor).filter(of);
    let found = sides.filter(of).chain(named()).find(|a| a.sector.as_deref() == Some("GOV")).cloned();
    found.or_else(|| {
        let bare = named().find(|a| is_country(a))?;
        Some(Actor { sector: Some("GOV".to_owned()), code: Some(format!("{code}GOV")), ..bare.clone() })
    })
}

/// Whether an actor is a country under its bare name.
fn is_country(a: &Actor) -> bool {
    a.entity_id.as_deref().is_some_and(|e| e.starts_with("country/")) && a.office.is_none()
}

/// Words go to a state through its government, whoever of it stood in the event before: not to "its troops", nor to the
/// pilot it lost.
fn spoken_to(drafts: &[EventDraft], i: usize, whom: Vec<Actor>, actors: &Actors, ontology: &Ontology) -> Vec<Actor> {
    let said = drafts.get(i).is_some_and(|d| ontology.is_utterance(d.record.r#type));
    let force = |a: &Actor| {
        matches!(a.sector.as_deref(), Some("MIL") | None)
            && ontology.is_party(a)
            && (is_country(a) || a.entity_id.is_none() && a.office.is_none())
    };
    let to = |a: Actor| match a.country.as_deref().filter(|_| said && force(&a)) {
        Some(c) => government(drafts, actors, c).unwrap_or(a),
        None => a,
    };
    whom.into_iter().map(to).collect()
}

/// What strangers say or impose in a report about one country, naming nobody, goes to that country.
fn toward_home(drafts: &[EventDraft], i: usize, home: Option<&(String, Actor)>, ontology: &Ontology) -> Option<(Vec<Actor>, String)> {
    let (draft, (code, actor)) = (drafts.get(i)?, home?);
    let e = &draft.record;
    let toward = ontology.info(e.r#type).utterance || matches!(e.r#type, EventType::Sanction | EventType::Aid);
    if e.reciprocal || !e.target.is_empty() || draft.addressed || !toward {
        return None;
    }
    let abroad = |a: &Actor| a.country.as_deref().is_some_and(|c| c != code) && official(a);
    let strangers = !e.source.is_empty() && e.source.iter().all(abroad);
    strangers.then(|| (vec![actor.clone()], "the country the report is about".to_owned()))
}

/// People at home who protest, ask, accuse or refuse, and name nobody, mean their government, where the report speaks of it.
fn authority(drafts: &[EventDraft], i: usize, actors: &Actors, ontology: &Ontology) -> Option<(Vec<Actor>, String)> {
    let draft = drafts.get(i)?;
    let e = &draft.record;
    let at_power = ontology.info(e.r#type).anybody || (ontology.info(e.r#type).utterance && !draft.addressed);
    if !at_power || e.reciprocal || !e.target.is_empty() {
        return None;
    }
    let home = e.source.first().and_then(|a| a.country.as_deref()).filter(|_| !e.source.iter().any(official))?;
    let abroad = e.place.country.as_deref().is_some_and(|c| c != home);
    let found = nearest(actors, e.sentence, |a| a.country.as_deref() == Some(home) && a.sector.as_deref() == Some("GOV"))?;
    (!abroad).then(|| (vec![found], "government at home".to_owned()))
}

/// Who did what only a state does to its own, where nobody is named: "400 people were arrested".
fn arm(draft: &EventDraft, actors: &Actors, ontology: &Ontology) -> Option<Actor> {
    let e = &draft.record;
    let home = e.target.first().filter(|a| a.rule.ends_with("context") || a.rule.ends_with("clause"))?.country.as_deref()?;
    let nobody = e.source.is_empty() && !e.reciprocal && ontology.info(e.r#type).of_state;
    if !nobody {
        return None;
    }
    nearest(actors, e.sentence, |a| {
        a.country.as_deref() == Some(home) && matches!(a.sector.as_deref(), Some("COP" | "MIL" | "GOV" | "JUD" | "SPY"))
    })
}

/// The actor that fits in the nearest sentence, of those before first.
fn nearest(actors: &Actors, sentence: usize, fits: impl Fn(&Actor) -> bool) -> Option<Actor> {
    let of = |m: &&crate::model::ActorMention| fits(&m.actor);
    let before = actors.mentions.iter().rev().filter(|m| m.sentence <= sentence).find(of);
    before.or_else(|| actors.mentions.iter().filter(|m| m.sentence > sentence).find(of)).map(|m| m.actor.clone())
}

fn counterpart(drafts: &[EventDraft], i: usize, ontology: &Ontology) -> Option<(Vec<Actor>, String)> {
    let draft = drafts.get(i)?;
    let e = &draft.record;
    let info = ontology.info(e.r#type);
    if e.reciprocal || !e.target.is_empty() || draft.addressed || !info.counterpart {
        return None;
    }
    // A state has the counterpart of before; its bishops and unions speak at home.
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
    let others = |o: &[Actor]| o.iter().all(|a| e.source.iter().all(|s| are_two(a, s)));
    let found =
        here.chain(before).filter(fits).find_map(|d| opposite(d, own).filter(|o| state(o)).map(|o| (o, d.record.trigger.text.clone())));
    found.filter(|(o, _)| others(o))
}

/// Whether two actors can face each other: two countries, or a state's own and those who oppose it.
fn are_two(a: &Actor, b: &Actor) -> bool {
    let side = |x: &Actor| x.sector.as_deref().is_some_and(|s| !matches!(s, "CVL" | "REF" | "HLH" | "MED" | "EDU"));
    let home = a.country == b.country && side(a) && side(b) && official(a) != official(b);
    a.country.is_some() && (a.country != b.country || home)
}

/// The side across from `own` in an event.
fn opposite(d: &EventDraft, own: &Actor) -> Option<Vec<Actor>> {
    let e = &d.record;
    let mine = |side: &[Actor]| side.iter().any(|a| same_side(a, own) && a.country.is_some());
    let others = |side: &[Actor]| -> Vec<Actor> { side.iter().filter(|a| are_two(a, own)).cloned().collect() };
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
