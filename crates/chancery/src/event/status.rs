//! Status and attribution: the only place where it is decided whether an event occurred.
//!
//! | evidence (first that holds)                                      | status       | attribution            |
//! |------------------------------------------------------------------|--------------|------------------------|
//! | negated, "failed to", "denied"                                    | denied       | who denies: denies     |
//! | condition, "may", hedge, question, infinitive under an open verb  | hypothetical | speaker: doubts        |
//! | future, plan, "would" without a condition                         | planned      | speaker: predicts      |
//! | "allegedly", "is said to", a word of claim                        | claimed      | the claimer: asserts   |
//! | in a statement, but presupposed there                             | occurred     | speaker: asserts       |
//! | in a statement, an utterance of the speaker's own side            | occurred     | speaker: relays        |
//! | in a statement                                                    | claimed      | speaker: asserts       |
//! | none of these                                                     | occurred     |                        |

use super::evidence::Evidence;
use super::matching::Found;
use super::ontology::Ontology;
use super::roles::{Ctx, same_side};
use crate::record::{Actor, Attribution, Stance, Status, Time};

/// The decision with its reasons.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    pub status: Status,
    pub claimed_by: Option<Actor>,
    pub attributions: Vec<(Attribution, Option<usize>)>,
    pub time: Time,
    /// Index of the statement around the trigger.
    pub statement: Option<usize>,
    pub why: String,
}

/// Decides one event.
pub fn decide(ctx: Ctx, f: &Found, e: &Evidence, ontology: &Ontology) -> Verdict {
    let span = ctx.tree.s.span_of(f.anchor, f.anchor);
    // The cue of a statement is its uttering, not part of what it tells.
    let statement = ctx.statement_at(span).filter(|&s| ctx.voices.get(s).and_then(|s| s.cue) != Some((ctx.index, f.anchor)));
    let speaker = statement.and_then(|s| ctx.speaker(s)).map(|s| s.actor);
    let (status, stance, why) = weigh(f, e, ontology, statement.is_some(), speaker.as_ref());
    let voice = e.voice.clone().filter(|_| matches!(status, Status::Denied | Status::Claimed));
    let mut attributions = Vec::new();
    if let (Some(actor), Some(stance)) = (voice.clone().or_else(|| speaker.clone()), stance) {
        let from_statement = if voice.is_some() { None } else { statement };
        attributions.push((Attribution { actor, stance, statement: None }, from_statement));
    }
    if let (Some(_), Some(actor)) = (&voice, &speaker)
        && !attributions.iter().any(|(a, _)| a.actor == *actor)
    {
        attributions.push((Attribution { actor: actor.clone(), stance: Stance::Relays, statement: None }, statement));
    }
    let claimed_by = if status == Status::Claimed { voice.or(speaker) } else { None };
    let time = match status {
        Status::Planned | Status::Hypothetical => Time::Future,
        _ if e.presupposed.is_some() => Time::Background,
        _ => Time::Current,
    };
    Verdict { status, claimed_by, attributions, time, statement, why }
}

fn weigh(f: &Found, e: &Evidence, ontology: &Ontology, in_statement: bool, speaker: Option<&Actor>) -> (Status, Option<Stance>, String) {
    if let Some(why) = &e.denied {
        return (Status::Denied, Some(Stance::Denies), why.clone());
    }
    if let Some(why) = &e.hypothetical {
        return (Status::Hypothetical, Some(Stance::Doubts), why.clone());
    }
    if let Some(why) = &e.planned {
        return (Status::Planned, Some(Stance::Predicts), why.clone());
    }
    if e.reported_future {
        return (Status::Planned, Some(Stance::Predicts), "`would`".into());
    }
    if let Some(why) = &e.claimed {
        return (Status::Claimed, Some(Stance::Asserts), why.clone());
    }
    if !in_statement {
        return (Status::Occurred, None, "told by the report itself".into());
    }
    if let (Some(why), false) = (&e.presupposed, f.asserted) {
        return (Status::Occurred, Some(Stance::Asserts), format!("presupposed: {why}"));
    }
    if ontology.is_utterance(f.r#type) && !f.deed {
        let own = speaker.is_none_or(|s| s.country.is_none() || f.source.iter().any(|x| same_side(&x.actor, s)));
        if own {
            return (Status::Occurred, Some(Stance::Relays), "an utterance relayed by its own side".into());
        }
    }
    (Status::Claimed, Some(Stance::Asserts), "asserted in a statement".into())
}
