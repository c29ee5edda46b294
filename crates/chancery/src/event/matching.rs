//! Entries against a tree: conditions, sides, and which entry wins a word.

use super::embedding::Calculus;
use super::evidence::Evidence;
use super::lexicon::{Entry, Kind, Lexicon, Part};
use super::modality::Modality;
use super::ontology::Ontology;
use super::paths::{Path, Step};
use super::roles::{Ctx, Side, finish_sides, is_political, official};
use super::tree::Tree;
use super::words::{HeadAt, Words, stands_beside};
use crate::model::Naming;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{EventType, OtherRole};

/// An event as found, before embedding and status.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub rule: String,
    /// File and line of the entry, for explanation.
    pub place: String,
    pub r#type: EventType,
    pub modes: Vec<String>,
    pub contexts: Vec<String>,
    pub cameo: Option<String>,
    /// The word from which roles are read and modality is judged.
    pub anchor: usize,
    pub kind: Kind,
    pub trigger: Vec<usize>,
    pub source: Vec<Side>,
    pub target: Vec<Side>,
    pub others: Vec<(OtherRole, Side)>,
    pub reciprocal: bool,
    /// Words that met a lexical condition: they fire no event of their own.
    pub consumed: Vec<usize>,
    /// The clause complement that met a condition.
    pub complement: Option<usize>,
    pub specificity: u32,
    /// The wording has a place for a target, and something stands there.
    pub addressed: bool,
    /// The entry is a deed, though its type is mostly said.
    pub deed: bool,
    /// Its doer was read off the clause: the clause asserts it, whatever its article.
    pub asserted: bool,
    /// The object of the verb.
    pub object: Option<usize>,
    /// What is asked is one's own doing: no request.
    pub of_itself: bool,
    /// The entry asked for its word's negation.
    pub negated: bool,
    /// Conditions met and decisions taken, in order.
    pub notes: Vec<String>,
    /// Entries that fired on the same word and lost.
    pub lost: Vec<String>,
}

impl Found {
    /// Whether a noun only refers to something known, and says not even who did it ("after *the raid*").
    pub fn is_reference(&self, tree: Tree, evidence: &Evidence) -> bool {
        // What a sentence is about is told by it.
        let told = tree.dep(self.anchor).is_subject();
        self.kind == Kind::Noun && self.source.is_empty() && evidence.presupposed.is_some() && !told
    }
}

/// Matches the entries of a language.
pub struct Matcher<'a> {
    /// Paths from a thing to whom it belongs.
    pub owners: Vec<Path>,
    /// Paths from a verb to whom its object is given.
    pub recipients: Vec<Path>,
    pub lexicon: &'a Lexicon,
    pub modality: &'a Modality,
    pub ontology: &'a Ontology,
}

impl Matcher<'_> {
    /// The best entry on each word of the sentence.
    pub fn find(&self, ctx: Ctx) -> Vec<Found> {
        let mut out: Vec<Found> = Vec::new();
        for t in 0..ctx.tree.s.tokens.len() {
            let mut all: Vec<Found> = Vec::new();
            for (index, beside) in self.lexicon.anchored(ctx.tree.lemma(t)) {
                let Some(entry) = self.lexicon.entries.get(*index as usize) else { continue };
                let at = if entry.kind == Kind::Verb { HeadAt::First } else { HeadAt::Last };
                if !fits_kind(ctx, entry.kind, t) || !stands_beside(ctx.tree, t, beside, at) {
                    continue;
                }
                all.extend(self.try_entry(ctx, entry, t, 3 * beside.len() as u32));
            }
            // Most conditions, then most sides; then the order of the files decides.
            let rank = |f: &Found| (f.specificity, u32::from(!f.source.is_empty()) + u32::from(!f.target.is_empty()));
            let Some(best) = (0..all.len()).max_by_key(|&i| (rank(&all[i]), std::cmp::Reverse(i))) else { continue };
            let mut winner = all.swap_remove(best);
            winner.lost = all.into_iter().map(|f| f.rule).collect();
            out.push(winner);
        }
        drop_consumed(&mut out);
        // "trade turnover": the head tells it for both words.
        let heads: Vec<(usize, EventType)> = out.iter().map(|f| (f.anchor, f.r#type)).collect();
        // "ceasefire line", "war allies": the noun only says which line, which allies.
        let describes = |h: usize| !ctx.tree.words.transparent.contains(ctx.tree.lemma(h));
        // "captured soldiers", "the imprisoned leader": by whom is not told.
        out.retain(|f| f.kind == Kind::Noun || !f.source.is_empty() || ctx.tree.dep(f.anchor) != Dep::Amod);
        out.retain(|f| {
            let above = ctx.tree.head(f.anchor).filter(|_| f.kind == Kind::Noun && ctx.tree.dep(f.anchor) == Dep::Compound);
            !above.is_some_and(|h| heads.contains(&(h, f.r#type)) || describes(h))
        });
        out
    }

    fn try_entry(&self, ctx: Ctx, entry: &Entry, t: usize, beside: u32) -> Option<Found> {
        let tree = ctx.tree;
        let mut f = Found {
            rule: entry.rule.clone(),
            place: entry.place.clone(),
            r#type: entry.r#type,
            modes: entry.modes.clone(),
            contexts: entry.contexts.clone(),
            cameo: entry.cameo.clone(),
            anchor: t,
            kind: entry.kind,
            reciprocal: entry.reciprocal,
            deed: entry.deed,
            specificity: beside,
            ..Found::default()
        };
        if let Some(p) = &entry.particle {
            let particle = particle(ctx, t, p)?;
            f.consumed.push(particle);
            f.specificity += 3;
            f.notes.push(format!("particle {p}"));
        }
        if entry.negated {
            let calculus = Calculus { modality: self.modality, ontology: self.ontology };
            if !calculus.is_negated(tree, t) {
                return None;
            }
            f.negated = true;
            f.specificity += 3;
            f.notes.push("negated".into());
        }
        let subject = || tree.subject(t).into_iter().collect::<Vec<_>>();
        let object = || tree.object(t).into_iter().collect::<Vec<_>>();
        slot(ctx, &entry.object, "object", object, &mut f)?;
        slot(ctx, &entry.subject, "subject", subject, &mut f)?;
        excluded(ctx, &entry.object_not, object)?;
        excluded(ctx, &entry.subject_not, subject)?;
        let phrases = |p: &str| if entry.kind == Kind::Verb { tree.obliques(t, p) } else { tree.noun_phrases(t, p) };
        for (p, words) in &entry.prep {
            slot(ctx, words, p, || phrases(p), &mut f)?;
        }
        for (p, words) in &entry.prep_not {
            excluded(ctx, words, || phrases(p))?;
        }
        let complements = || tree.infinitives(t).into_iter().chain(tree.clauses(t)).chain(tree.gerunds(t)).collect::<Vec<_>>();
        if entry.complement.given {
            // Only a complement that was asked for by its word is taken up; "agreed to …" leaves the act to the calculus.
            let met = slot(ctx, &entry.complement, "complement", complements, &mut f)?;
            f.complement = met.filter(|&c| entry.complement.has(tree, c, HeadAt::Last));
        }
        excluded(ctx, &entry.complement_not, complements)?;
        let modifiers = || tree.s.children(t).filter(|&c| modifies(tree.dep(c))).collect::<Vec<_>>();
        slot(ctx, &entry.modifier, "modifier", modifiers, &mut f)?;
        excluded(ctx, &entry.modifier_not, modifiers)?;

        for part in &entry.trigger {
            match part {
                Part::Anchor => f.trigger.push(t),
                Part::Object => f.trigger.extend(tree.object(t)),
                Part::Complement => f.trigger.extend(f.complement),
                Part::Modifier => f.trigger.extend(modifiers().into_iter().filter(|&m| entry.modifier.has(tree, m, HeadAt::Last))),
            }
        }
        self.bind(ctx, entry, t, &mut f);
        if entry.joint {
            if f.source.len() < 2 {
                return None;
            }
            f.specificity += 3;
            f.notes.push("parties act together".into());
        }
        // Asked before the parties of a reciprocal event move to one side, and after one actor on both sides has left one.
        let lacks = |f: &Found| (entry.needs_source && f.source.is_empty()) || (entry.needs_target && f.target.is_empty());
        if lacks(&f) || f.of_itself {
            return None;
        }
        if self.is_own_staff(ctx, &f) {
            return None;
        }
        settle(&mut f, self.ontology);
        let told = entry.kind == Kind::Verb && tree.subject(t).is_some();
        let political = is_political(&f.source, &f.target, f.r#type, f.specificity, told, self.ontology);
        (political && (f.reciprocal || !lacks(&f))).then_some(f)
    }

    /// "instructed our negotiators", "praised his ministers": domestic routine, no event.
    fn is_own_staff(&self, ctx: Ctx, f: &Found) -> bool {
        let own = |t: &Side| {
            let tree = ctx.tree;
            tree.s.children(t.token).any(|c| tree.dep(c) == Dep::NmodPoss && tree.upos(c) == Upos::Pron)
                && f.source.iter().any(|s| s.actor.country.is_some() && s.actor.country == t.actor.country && !s.are_given(t))
        };
        self.ontology.info(f.r#type).quad <= 3 && !f.reciprocal && !f.target.is_empty() && f.target.iter().all(own)
    }

    fn bind(&self, ctx: Ctx, entry: &Entry, t: usize, f: &mut Found) {
        f.source = ctx.sides(t, &entry.source);
        f.object = if entry.kind == Kind::Verb { ctx.tree.object(t) } else { None };
        f.target = ctx.sides_across(t, &entry.target, &f.source);
        if entry.kind == Kind::Verb && f.target.is_empty() && !entry.target.is_empty() {
            // "offered *the United States* a base": who gets the object is the one addressed.
            let fresh = |t: &Side| !f.source.iter().any(|s| s.same(t));
            f.target = ctx.sides(t, &self.recipients).into_iter().filter(fresh).collect();
        }
        // "China insists that it is complying" asks nothing of anybody.
        let own = |c: usize| ctx.tree.xpos(c) == Xpos::Prp || ctx.resolve(c).iter().any(|s| f.source.iter().any(|o| o.same(s)));
        let speaks_of = |p: &Path| p.first() == Some(&Step::Ccomp) && ctx.tokens(t, p).into_iter().any(own);
        let nobody_else = f.target.iter().all(|s| f.source.iter().any(|o| o.same(s)));
        f.of_itself = f.r#type == EventType::Request && nobody_else && entry.target.iter().any(speaks_of);
        f.addressed = f.target.is_empty() && ctx.is_addressed(t, &entry.target);
        if entry.kind == Kind::Verb && f.source.is_empty() && ctx.tree.dep(t) == Dep::Acl && ctx.tree.is_passive(t) {
            // "*Security Council* resolutions imposed on Libya": whose the thing is, did it.
            let thing = ctx.tree.head(t).filter(|h| f.consumed.contains(h));
            f.source = thing.map(|n| ctx.sides(n, &self.owners)).unwrap_or_default();
        }
        if entry.kind == Kind::Noun && f.source.is_empty() {
            f.source = ctx.light_subject(t, |l| self.modality.is_light(l));
            f.asserted = !f.source.is_empty();
        }
        let info = self.ontology.info(f.r#type);
        let parties = f.source.len() + f.target.len();
        let visits = info.quad == 1 && !info.utterance && f.source.is_empty() && parties == 1;
        let body = f.source.iter().any(|s| s.actor.country.as_deref().is_some_and(|c| !self.ontology.is_state(c)));
        if entry.kind == Kind::Noun && (visits || (f.reciprocal && parties < 2 && !body)) {
            // "would offer a treaty at talks with Y", "spoke during a visit to Y": the clause's subject is the other party.
            let party = ctx.clause_subject(t);
            let others: Vec<Side> = f.source.iter().chain(&f.target).cloned().collect();
            let fresh: Vec<Side> = party.into_iter().filter(|p| !others.iter().any(|x| x.same(p))).collect();
            if parties + fresh.len() >= 2 {
                f.asserted |= !fresh.is_empty();
                f.source.extend(fresh);
            }
        }
        f.others = entry.others.iter().flat_map(|(role, paths)| ctx.sides(t, paths).into_iter().map(|s| (*role, s))).collect();
    }
}

/// Brings the sides in order: all parties of a reciprocal event in `source`, nobody on both sides, sectors of bare countries.
pub fn settle(f: &mut Found, ontology: &Ontology) {
    if f.reciprocal {
        let more = std::mem::take(&mut f.target);
        for side in more {
            if !f.source.iter().any(|s| s.same(&side)) {
                f.source.push(side);
            }
        }
    } else {
        let source = f.source.clone();
        f.target.retain(|t| {
            !source.iter().any(|s| {
                s.same(t)
                    || (s.actor.country.is_some()
                        && !s.are_given(t)
                        && s.actor.country == t.actor.country
                        && ((t.actor.sector.is_none() && (official(&s.actor) || f.object != Some(t.token)))
                            || t.actor.sector == s.actor.sector))
            })
        });
    }
    // "declined to send troops": a government's own forces are not whom it deals with.
    let arm = |t: &Side, s: &Side| {
        let pair = (s.actor.sector.as_deref(), t.actor.sector.as_deref());
        s.actor.country.is_some()
            && !s.are_given(t)
            && s.actor.country == t.actor.country
            && matches!(pair, (Some("GOV") | None, Some("MIL")) | (Some("MIL"), Some("GOV") | None))
    };
    if ontology.info(f.r#type).quad != 4 {
        let source = f.source.clone();
        let object = f.object;
        f.target.retain(|t| object == Some(t.token) || !source.iter().any(|s| arm(t, s)));
    }
    // "cooperation between the armies of Russia and China", said by Russia: the counterpart is China.
    let abroad =
        |t: &Side| t.naming == Naming::Given || (t.actor.country.is_some() && !f.source.iter().any(|s| s.actor.country == t.actor.country));
    if ontology.info(f.r#type).quad != 4 && f.target.iter().any(abroad) {
        let keep: Vec<bool> = f.target.iter().map(|t| abroad(t) || t.actor.country.is_none()).collect();
        let mut keep = keep.into_iter();
        f.target.retain(|_| keep.next().unwrap_or(true));
    }
    finish_sides(&mut f.source, f.r#type, ontology, true, f.reciprocal);
    let force = f
        .source
        .iter()
        .any(|s| s.actor.sector.as_deref() == Some("MIL") && s.actor.entity_id.as_deref().is_some_and(|e| e.starts_with("country/")));
    finish_sides(&mut f.target, f.r#type, ontology, false, force);
}

fn fits_kind(ctx: Ctx, kind: Kind, t: usize) -> bool {
    match (kind, ctx.tree.upos(t)) {
        (Kind::Verb, Upos::Verb | Upos::Adj) => true,
        (Kind::Verb, Upos::Aux) => false,
        (Kind::Noun, Upos::Noun | Upos::Propn) => true,
        _ => false,
    }
}

fn modifies(dep: Dep) -> bool {
    matches!(
        dep,
        Dep::Amod
            | Dep::Compound
            | Dep::Advmod
            | Dep::CompoundPrt
            | Dep::NmodDesc
            | Dep::NmodUnmarked
            | Dep::Nummod
            | Dep::Nmod
            | Dep::NmodPoss
            | Dep::Flat
    )
}

/// The particle of a verb: its dependent, or the word itself right after the verb or its object.
fn particle(ctx: Ctx, t: usize, p: &str) -> Option<usize> {
    let tree = ctx.tree;
    let own = tree
        .s
        .children(t)
        .find(|&c| tree.lemma(c) == p && matches!(tree.dep(c), Dep::CompoundPrt | Dep::Advmod | Dep::Case | Dep::Obl | Dep::Mark));
    own.or_else(|| (t + 1..t + 3).find(|&c| tree.lemma(c) == p && matches!(tree.upos(c), Upos::Adp | Upos::Adv | Upos::Part)))
}

/// Tokens at a slot with those coordinated with them and those that words of quantity count.
fn fillers(ctx: Ctx, tokens: Vec<usize>) -> Vec<usize> {
    let tree = ctx.tree;
    let mut out = Vec::new();
    for t in tokens.into_iter().flat_map(|t| tree.coordinated(t)) {
        out.push(t);
        if tree.words.transparent.contains(tree.lemma(t)) {
            out.extend(
                tree.s.children(t).filter(|&c| tree.dep(c) == Dep::Nmod && tree.has_case(c, "of")).flat_map(|c| tree.coordinated(c)),
            );
        }
    }
    out
}

/// Checks one condition. `None`: not met. The inner value is the token that met it.
fn slot(ctx: Ctx, words: &Words, name: &str, tokens: impl Fn() -> Vec<usize>, f: &mut Found) -> Option<Option<usize>> {
    if !words.given {
        return Some(None);
    }
    let fillers = fillers(ctx, tokens());
    if let Some(&t) = fillers.iter().find(|&&t| words.has(ctx.tree, t, HeadAt::Last)) {
        f.specificity += 4;
        f.consumed.push(t);
        f.notes.push(format!("{name} {}", ctx.tree.lemma(t)));
        return Some(Some(t));
    }
    if let Some(&t) = fillers.iter().find(|&&t| ctx.is_actor(t, &words.actors, words.country)) {
        f.specificity += 2;
        f.notes.push(format!("{name} is an actor"));
        return Some(Some(t));
    }
    let any = words.any.then(|| fillers.first().copied()).flatten()?;
    f.specificity += 1;
    f.notes.push(format!("{name} present"));
    Some(Some(any))
}

/// `None` where a word stands that must not.
fn excluded(ctx: Ctx, words: &Words, tokens: impl Fn() -> Vec<usize>) -> Option<()> {
    if !words.given {
        return Some(());
    }
    let bad = fillers(ctx, tokens())
        .into_iter()
        .any(|t| words.any || words.has(ctx.tree, t, HeadAt::Last) || ctx.is_actor(t, &words.actors, words.country));
    (!bad).then_some(())
}

/// A word consumed as another entry's condition fires no event of its own, but lends it a missing target.
fn drop_consumed(found: &mut Vec<Found>) {
    let mut i = 0;
    while i < found.len() {
        let at = found[i].anchor;
        match found.iter().position(|f| f.anchor != at && f.consumed.contains(&at)) {
            None => i += 1,
            Some(by) => {
                let lost = found.remove(i);
                let by = if by > i { by - 1 } else { by };
                if let Some(winner) = found.get_mut(by) {
                    if winner.target.is_empty() && !winner.reciprocal && winner.r#type == lost.r#type {
                        let fill = lost.target.into_iter().filter(|t| !winner.source.iter().any(|s| s.same(t)));
                        winner.target.extend(fill);
                    }
                    winner.lost.push(lost.rule);
                }
            }
        }
    }
}
