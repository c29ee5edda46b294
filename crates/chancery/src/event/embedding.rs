//! The embedding calculus: what the words above an act make of it ("agreed to withdraw" is an agreement,
//! "plans to withdraw" is planned), and what its own auxiliaries, negation and markers say of it.

use super::evidence::Evidence;
use super::lexicon::Kind;
use super::matching::{Found, settle};
use super::modality::{Effect, Embed, Modal, Modality};
use super::ontology::Ontology;
use super::paths::Step;
use super::roles::{Ctx, Side, default_sources, same_side};
use super::tree::Tree;
use crate::model::Naming;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{EventType, OtherRole, Status};

pub struct Calculus<'a> {
    pub modality: &'a Modality,
    pub ontology: &'a Ontology,
}

impl Calculus<'_> {
    /// Works the words above each act into type and evidence. Acts that an utterance took up, or that are no events, are gone.
    pub fn apply(&self, ctx: Ctx, found: Vec<Found>) -> Vec<(Found, Evidence)> {
        let depth = |f: &Found| ctx.tree.s.ancestors(f.anchor).count();
        let anchors: Vec<usize> = found.iter().map(|f| f.anchor).collect();
        let mut todo: Vec<Found> = found;
        // Acts before the words above them.
        todo.sort_by_key(|f| (std::cmp::Reverse(depth(f)), f.anchor));
        let mut done: Vec<(Found, Evidence)> = Vec::new();
        while !todo.is_empty() {
            let f = todo.remove(0);
            if let Some(result) = self.climb(ctx, f, &mut todo) {
                done.push(result);
            }
        }
        done.extend(self.obligations(ctx, &anchors));
        done.sort_by_key(|(f, _)| f.anchor);
        done
    }

    fn climb(&self, ctx: Ctx, mut f: Found, todo: &mut Vec<Found>) -> Option<(Found, Evidence)> {
        let tree = ctx.tree;
        let mut evidence = Evidence::default();
        let mut at = f.anchor;
        self.own(ctx, at, &mut evidence);
        if f.negated {
            // "will not tolerate" is said now, and said it is.
            evidence = Evidence { presupposed: evidence.presupposed, ..Evidence::default() };
        }
        let mut left = 6;
        while let Some((mut g, mut via)) = self.above(tree, at).filter(|_| left > 0) {
            left -= 1;
            if via == "purpose" || via == "xcomp" {
                // "repeated its threat to attack": the infinitive is the noun's, where the noun takes one.
                let noun = tree.noun_before_infinitive(g, at).filter(|&n| self.modality.embed(tree, n, "xcomp").is_some());
                if let Some(n) = noun {
                    (g, via) = (n, "xcomp".into());
                }
            }
            // Parsers hang many a complement as a purpose: "urged all states to sign".
            if via == "purpose"
                && !tree.is_nominal(g)
                && self.modality.embed(tree, g, "xcomp").is_some_and(|e| matches!(e.effect(false, false).0, Effect::Type(_)))
            {
                via = "xcomp".into();
            }
            // A verb whose entry asked for this very complement or object has already taken it up.
            if todo.iter().any(|o| o.anchor == g && o.complement == Some(at)) {
                return None;
            }
            let doers = |e: &Embed| !e.other_doer || self.has_other_doer(tree, g, at);
            let Some(embed) = self.modality.embed_where(tree, g, &via, doers) else {
                if !self.passes(tree, g, at, &via, &mut evidence) {
                    break;
                }
                self.own(ctx, g, &mut evidence);
                at = g;
                continue;
            };
            let act_negated = evidence.denied.is_some();
            let conflictual = (self.ontology.info(f.r#type).quad >= 3) != act_negated;
            let g_negated = self.is_negated(tree, g);
            let (effect, negation_used) = embed.effect(conflictual, g_negated);
            match effect {
                Effect::Drop => return None,
                Effect::Keep => {
                    if !negation_used {
                        self.own(ctx, g, &mut evidence);
                    }
                    at = g;
                }
                Effect::Status(status) => {
                    evidence.add(status, format!("`{}` ({})", tree.lemma(g), embed.rule));
                    evidence.intends |= status == Status::Planned && tree.is_verbal(g) && !tree.is_passive(g);
                    if matches!(status, Status::Denied | Status::Claimed) && evidence.voice.is_none() {
                        evidence.voice = ctx.sides(g, &default_sources(kind_of(tree, g))).into_iter().next().map(|s| s.actor);
                    }
                    if !negation_used && status != Status::Denied {
                        self.own(ctx, g, &mut evidence);
                    }
                    at = g;
                }
                Effect::Type(utterance) => {
                    f = self.utter(ctx, f, embed, g, utterance, todo)?;
                    evidence = Evidence::default();
                    self.own(ctx, g, &mut evidence);
                    if negation_used {
                        evidence.denied = None;
                    }
                    at = g;
                }
            }
        }
        self.around(ctx, at, &mut evidence);
        self.refusal(ctx, &mut f, &mut evidence)?;
        self.commitment(ctx, &mut f, &mut evidence);
        if evidence.open {
            // What one acts for is an act of one's own only where it is itself something said ("marched to demand…").
            if !evidence.purpose || !self.ontology.is_utterance(f.r#type) || evidence.denied.is_some() {
                return None;
            }
            evidence.planned = None;
            evidence.hypothetical = None;
        }
        Some((f, evidence))
    }

    /// The word above: its token and how the act hangs below it.
    fn above(&self, tree: Tree, at: usize) -> Option<(usize, String)> {
        let g = tree.head(at)?;
        // Treebanks call the "of" of "accused of spying" a mark or a case, and the gerund an oblique or a clause: here it is all one.
        let before =
            |c: usize| tree.dep(c) == Dep::Case || tree.dep(c) == Dep::Mark && matches!(tree.upos(c), Upos::Adp | Upos::Sconj | Upos::Part);
        let preposition = tree.s.children(at).find(|&c| before(c)).map(|c| tree.lemma(c));
        let gerund = tree.xpos(at) == Xpos::Vbg && preposition.is_some();
        let case = || preposition.unwrap_or_default();
        Some(match tree.dep(at) {
            Dep::Xcomp => (g, "xcomp".into()),
            Dep::Ccomp => (g, "ccomp".into()),
            Dep::Obj => (g, "obj".into()),
            Dep::NsubjPass => (g, "obj".into()),
            Dep::Nsubj => (g, "subj".into()),
            Dep::Acl if tree.is_infinitive(at) => {
                // "urged all states to sign": hung on the object, the infinitive is the verb's.
                let asks =
                    |v: usize| self.modality.embed(tree, v, "xcomp").is_some_and(|e| matches!(e.effect(false, false).0, Effect::Type(_)));
                let verb = tree.governing_verb(g).filter(|&v| self.modality.embed(tree, g, "xcomp").is_none() && asks(v));
                (verb.unwrap_or(g), "xcomp".into())
            }
            Dep::Acl if tree.has_mark(at, "that") => (g, "ccomp".into()),
            Dep::Advcl if tree.is_infinitive(at) => (g, "purpose".into()),
            Dep::Nmod => (g, format!("nmod:{}", case())),
            Dep::Obl | Dep::OblAgent => (g, format!("obl:{}", case())),
            Dep::Acl if gerund => (g, format!("nmod:{}", case())),
            Dep::Advcl if gerund => (g, format!("obl:{}", case())),
            Dep::Conj if tree.s.children(at).all(|c| !tree.dep(c).is_subject()) => {
                let (g2, via) = self.above(tree, g)?;
                return Some((g2, via));
            }
            _ => return None,
        })
    }

    /// Whether an unlisted word lets the status of what is above it through; adds what the passage itself says.
    fn passes(&self, tree: Tree, g: usize, at: usize, via: &str, evidence: &mut Evidence) -> bool {
        match via {
            "xcomp" if tree.is_infinitive(at) => {
                evidence.add(Status::Hypothetical, format!("infinitive under `{}`", tree.lemma(g)));
                evidence.open = true;
                tree.is_verbal(g)
            }
            "xcomp" => true,
            "purpose" => {
                if let Some(e) = self.modality.embed(tree, g, "xcomp").filter(|_| !tree.is_nominal(g)) {
                    let (effect, _) = e.effect(false, false);
                    if let Effect::Status(s) = effect {
                        evidence.add(s, format!("`{}`", tree.lemma(g)));
                    }
                }
                evidence.add(Status::Planned, format!("purpose of `{}`", tree.lemma(g)));
                evidence.open = true;
                evidence.purpose = true;
                false
            }
            "obj" => self.modality.is_light(tree.lemma(g)),
            _ if via.starts_with("nmod:of") => tree.words.transparent.contains(tree.lemma(g)),
            _ => false,
        }
    }

    fn has_other_doer(&self, tree: Tree, g: usize, at: usize) -> bool {
        match (tree.subject(at), tree.surface_subject(g)) {
            // "insisted that *it* was withdrawing" is mostly about oneself.
            (Some(doer), _) if tree.dep(at) == Dep::Ccomp && tree.xpos(doer) == Xpos::Prp => false,
            (Some(doer), Some(subject)) => doer != subject,
            _ => false,
        }
    }

    /// The event that word `g` utters about act `f`; joins the entry that fired on `g` itself, if one did.
    fn utter(&self, ctx: Ctx, f: Found, embed: &Embed, g: usize, utterance: EventType, todo: &mut Vec<Found>) -> Option<Found> {
        let outer = todo.iter().position(|o| o.anchor == g).map(|i| todo.remove(i));
        let kind = kind_of(ctx.tree, g);
        let mut source = ctx.sides(g, embed.source.as_deref().unwrap_or(&default_sources(kind)));
        if kind == Kind::Noun && source.is_empty() {
            source = ctx.light_subject(g, |_| true);
        }
        let explicit: Vec<Side> = ctx.sides(g, &embed.target).into_iter().filter(|t| !source.iter().any(|s| s.same(t))).collect();
        let not_source = |sides: &[Side]| -> Vec<Side> { sides.iter().filter(|t| !source.iter().any(|s| s.same(t))).cloned().collect() };
        let parties = if f.reciprocal { not_source(&f.source) } else { Vec::new() };
        let (doers, receivers) = if f.reciprocal { (parties.clone(), parties) } else { (not_source(&f.source), not_source(&f.target)) };
        let mut target = explicit;
        let mut others = f.others.clone();
        if target.is_empty() {
            target = if embed.asked && !doers.is_empty() {
                doers
            } else if !receivers.is_empty() {
                receivers.clone()
            } else {
                doers
            };
        }
        if embed.asked {
            others.extend(receivers.into_iter().filter(|r| !target.iter().any(|t| t.same(r))).map(|s| (OtherRole::About, s)));
        }
        let mode = self.modality.mode(utterance, f.r#type).map(str::to_owned);
        let note = format!("`{}` makes {} of {} ({})", ctx.tree.lemma(g), utterance, f.r#type, f.rule);
        let mut event = match outer {
            Some(mut o) if o.r#type == utterance || o.specificity >= 4 => {
                if o.target.is_empty() && !o.reciprocal {
                    o.target = target;
                }
                if o.source.is_empty() {
                    o.source = source;
                }
                if o.modes.is_empty() && o.r#type == utterance {
                    o.modes.extend(mode);
                }
                if o.others.is_empty() {
                    o.others = others;
                }
                o
            }
            _ => Found {
                rule: embed.rule.clone(),
                place: embed.place.clone(),
                r#type: utterance,
                modes: mode.into_iter().collect(),
                contexts: f.contexts.clone(),
                anchor: g,
                kind,
                trigger: vec![g],
                source,
                target,
                others,
                specificity: f.specificity,
                lost: f.lost.clone(),
                ..Found::default()
            },
        };
        event.notes.push(note);
        event.consumed.push(f.anchor);
        settle(&mut event, self.ontology);
        super::roles::is_political(&event.source, &event.target, event.r#type, event.specificity, true, self.ontology).then_some(event)
    }

    /// "said it would release them" is a promise, "said it would boycott them" a threat: the speaker's own future act.
    fn commitment(&self, ctx: Ctx, f: &mut Found, e: &mut Evidence) {
        if !(e.commits || e.intends) || e.open || e.denied.is_some() || e.hypothetical.is_some() || f.source.is_empty() {
            return;
        }
        let quad = self.ontology.info(f.r#type).quad;
        let span = ctx.tree.s.span_of(f.anchor, f.anchor);
        let speaker = ctx.statement_at(span).and_then(|s| ctx.speaker(s));
        // "is planning to send" is no saying, whatever the statement stage made of it.
        let cue = ctx.statement_at(span).and_then(|s| ctx.voices.get(s)).and_then(|s| s.cue).filter(|c| c.0 == ctx.index);
        let said = cue.is_none_or(|(_, t)| {
            !self.modality.embed(ctx.tree, t, "xcomp").is_some_and(|m| matches!(m.effect(false, false).0, Effect::Status(Status::Planned)))
        });
        let own = said && speaker.is_some_and(|s| f.source.iter().any(|x| super::roles::same_side(&x.actor, &s.actor)));
        let utterance = match (quad, own) {
            (1 | 2, true) if f.r#type != EventType::Agree => EventType::Agree,
            (2, false) if e.commits => EventType::Agree,
            (4, true) => EventType::Threaten,
            _ => return,
        };
        f.notes.push(format!("the actor's own future: {utterance} of {}", f.r#type));
        f.modes = self.modality.mode(utterance, f.r#type).map(str::to_owned).into_iter().collect();
        f.cameo = None;
        f.r#type = utterance;
        if f.reciprocal && f.source.len() > 1 {
            // Whoever says it promises it to the others.
            f.reciprocal = false;
            f.target = f.source.split_off(1);
        }
        settle(f, self.ontology);
        if own {
            e.planned = None;
            e.reported_future = false;
        }
    }

    /// "Iran said that the United States must change its conduct": what somebody says that another ought to do is asked of him,
    /// whatever it is. Acts that an entry knows are left to [`Calculus::refusal`].
    fn obligations(&self, ctx: Ctx, known: &[usize]) -> Vec<(Found, Evidence)> {
        let tree = ctx.tree;
        let ought = |t: usize| {
            let deontic = |c: usize| tree.dep(c) == Dep::Aux && self.modality.modal(tree.lemma(c)) == Some(Modal::Deontic);
            tree.is_verbal(t) && tree.s.children(t).any(deontic) && !tree.is_passive(t) && !self.is_negated(tree, t)
        };
        let mut out = Vec::new();
        for t in (0..tree.s.tokens.len()).filter(|t| !known.contains(t) && ought(*t)) {
            let speaker = ctx.statement_at(tree.s.span_of(t, t)).and_then(|s| ctx.speaker(s));
            let asked = ctx.along(t, &[Step::Subj]);
            let Some(speaker) = speaker.filter(|s| asked.iter().all(|a| !same_side(&a.actor, &s.actor) && a.naming != Naming::Pronoun))
            else {
                continue;
            };
            let mut f = Found {
                rule: "modality/ought".into(),
                place: "[auxiliary] of modality.toml".into(),
                r#type: EventType::Request,
                anchor: t,
                trigger: vec![t],
                source: vec![speaker],
                target: asked,
                ..Found::default()
            };
            f.notes.push("what another ought to do".into());
            settle(&mut f, self.ontology);
            let mut evidence = Evidence::default();
            self.around(ctx, t, &mut evidence);
            let certain = |s: &Side| s.actor.country.is_some() || s.naming == Naming::Given;
            let both = !f.source.is_empty() && !f.target.is_empty() && f.source.iter().chain(&f.target).all(certain);
            if both && evidence.hypothetical.is_none() {
                out.push((f, evidence));
            }
        }
        out
    }

    /// "will not withdraw" is a refusal, "must withdraw" in a statement a demand.
    fn refusal(&self, ctx: Ctx, f: &mut Found, e: &mut Evidence) -> Option<()> {
        let info = self.ontology.info(f.r#type);
        if e.refusing && e.denied.is_some() && info.quad <= 2 {
            f.notes.push(format!("refused for the future: REJECT of {}", f.r#type));
            f.modes = self.modality.mode(EventType::Reject, f.r#type).map(str::to_owned).into_iter().collect();
            if f.reciprocal && f.source.len() > 1 {
                f.reciprocal = false;
                let split = f.source.split_off(1);
                f.target.extend(split);
            }
            f.r#type = EventType::Reject;
            f.cameo = None;
            *e = Evidence { presupposed: e.presupposed.take(), ..Evidence::default() };
            return Some(());
        }
        if e.deontic && e.denied.is_none() && e.hypothetical.is_none() {
            let span = ctx.tree.s.span_of(f.anchor, f.anchor);
            let speaker = ctx.statement_at(span).and_then(|s| ctx.speaker(s));
            match speaker {
                Some(speaker)
                    if !f.source.is_empty()
                        && !f.source.iter().any(|s| super::roles::same_actor(&s.actor, &speaker.actor))
                        && info.quad <= 2 =>
                {
                    f.notes.push(format!("what another ought to do: REQUEST of {}", f.r#type));
                    f.modes = self.modality.mode(EventType::Request, f.r#type).map(str::to_owned).into_iter().collect();
                    f.reciprocal = false;
                    let about = std::mem::take(&mut f.target);
                    f.target = std::mem::replace(&mut f.source, vec![speaker]);
                    f.others.extend(about.into_iter().map(|s| (OtherRole::About, s)));
                    f.r#type = EventType::Request;
                    f.cameo = None;
                }
                _ => e.add(Status::Hypothetical, "what ought to be".into()),
            }
        }
        Some(())
    }
}

/// Whether a word's roles are read as a verb's or a noun's.
pub fn kind_of(tree: Tree, t: usize) -> Kind {
    if tree.is_nominal(t) { Kind::Noun } else { Kind::Verb }
}
