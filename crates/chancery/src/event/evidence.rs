//! What an act's own words and the clauses around it say of its having happened: auxiliaries, negation, hedges,
//! conditions, questions, time clauses. Gathered here, weighed in `status.rs`.

use super::embedding::Calculus;
use super::modality::Modal;
use super::roles::Ctx;
use super::tree::Tree;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{Actor, Status};

/// What speaks for or against an act having happened; `status.rs` alone decides from it.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub denied: Option<String>,
    pub hypothetical: Option<String>,
    pub planned: Option<String>,
    pub claimed: Option<String>,
    /// "would": planned where reported, else hypothetical.
    pub reported_future: bool,
    pub presupposed: Option<String>,
    /// Who denies or claims it, where a word of denial or claim stands above it.
    pub voice: Option<Actor>,
    /// "must", "should".
    pub deontic: bool,
    /// The modal under which the act is negated ("will not").
    pub refusing: bool,
    /// "will", "would": the speaker's own future.
    pub commits: bool,
    /// "plans to", "aims to".
    pub intends: bool,
    /// Only an open infinitive or a purpose speaks of it: no event of its own.
    pub open: bool,
    /// ... and that as a purpose, which may be something said ("marched to demand…").
    pub purpose: bool,
}

impl Evidence {
    pub(super) fn add(&mut self, status: Status, why: String) {
        let slot = match status {
            Status::Denied => &mut self.denied,
            Status::Hypothetical => &mut self.hypothetical,
            Status::Planned => &mut self.planned,
            Status::Claimed => &mut self.claimed,
            Status::Occurred => return,
        };
        slot.get_or_insert(why);
    }
}

impl Calculus<'_> {
    /// What the word's own auxiliaries, negation, adverbs and modifiers say.
    pub(super) fn own(&self, ctx: Ctx, t: usize, e: &mut Evidence) {
        let tree = ctx.tree;
        let voice = auxiliaries_of(tree, t);
        let negated = self.is_negated(tree, t);
        if negated {
            e.add(Status::Denied, format!("negated `{}`", tree.lemma(t)));
        }
        // "is to lend", "is due to travel": what is arranged has not happened.
        let due = |c: usize| tree.dep(c) == Dep::Mark && tree.upos(c) == Upos::Adj;
        let to_be = |c: usize| matches!(tree.dep(c), Dep::Cop | Dep::Aux) && tree.lemma(c) == "be";
        if tree.is_infinitive(voice) && tree.s.children(voice).any(|c| due(c) || to_be(c)) {
            e.add(Status::Planned, format!("is to `{}`", tree.lemma(voice)));
        }
        for c in tree.s.children(voice).filter(|&c| matches!(tree.dep(c), Dep::Aux | Dep::AuxPass | Dep::Cop)) {
            match self.modality.modal(tree.lemma(c)) {
                Some(Modal::Status(s)) => {
                    e.commits |= s == Status::Planned;
                    e.add(s, format!("`{}`", tree.lemma(c)));
                }
                Some(Modal::ReportedFuture) => {
                    e.commits = true;
                    e.reported_future = true;
                }
                Some(Modal::Deontic) => e.deontic = true,
                None => {}
            }
            if negated && self.modality.refuses(tree.lemma(c)) {
                e.refusing = true;
            }
        }
        for c in tree.s.children(t).filter(|&c| tree.dep(c) == Dep::Advmod) {
            if let Some(s) = self.modality.adverb(tree.lemma(c)) {
                e.add(s, format!("`{}`", tree.lemma(c)));
            }
        }
        if tree.is_nominal(t) {
            let mut definite = None;
            for c in tree.s.children(t) {
                if matches!(tree.dep(c), Dep::Amod | Dep::Det | Dep::Compound)
                    && let Some(s) = self.modality.adjective(tree.lemma(c))
                {
                    e.add(s, format!("`{}` {}", tree.lemma(c), tree.lemma(t)));
                }
                let owner = matches!(tree.dep(c), Dep::NmodPoss) || (tree.dep(c) == Dep::Det && self.modality.is_definite(tree.lemma(c)));
                let nation = matches!(tree.dep(c), Dep::Amod | Dep::Compound) && ctx.actors.headed_by(ctx.index, c).is_some();
                if owner || nation {
                    definite = Some(tree.lemma(c));
                }
            }
            if let Some(d) = definite {
                e.presupposed.get_or_insert(format!("definite: `{d} {}`", tree.lemma(t)));
            }
        }
    }

    /// Whether a verb or noun is negated: itself, its subject or object by "no", a "without" above it.
    pub(super) fn is_negated(&self, tree: Tree, t: usize) -> bool {
        let negative = |c: usize| {
            self.modality.negates(tree.lemma(c))
                && matches!(tree.dep(c), Dep::Advmod | Dep::Det | Dep::Mark | Dep::Case | Dep::Cc | Dep::CcPreconj | Dep::Aux | Dep::Nsubj)
        };
        let voice = auxiliaries_of(tree, t);
        tree.s.children(voice).chain(tree.s.children(t)).any(negative)
            || tree
                .s
                .children(t)
                .filter(|&c| matches!(tree.dep(c), Dep::Nsubj | Dep::NsubjPass | Dep::Obj))
                .any(|c| tree.s.children(c).any(|d| tree.dep(d) == Dep::Det && self.modality.negates(tree.lemma(d))))
    }

    /// What the clauses around the act say: conditions, time clauses, questions, relative clauses.
    pub(super) fn around(&self, ctx: Ctx, from: usize, e: &mut Evidence) {
        let tree = ctx.tree;
        for t in std::iter::once(from).chain(tree.s.ancestors(from)).take(12) {
            for c in tree.s.children(t).filter(|&c| matches!(tree.dep(c), Dep::Mark | Dep::Advmod | Dep::Case) && c < t) {
                if tree.dep(c) == Dep::Mark
                    && let Some(s) = self.modality.mark(tree.lemma(c))
                {
                    e.add(s, format!("clause of `{}`", tree.lemma(c)));
                }
                if tree.dep(t) == Dep::Advcl && self.modality.is_temporal(tree.lemma(c)) {
                    e.presupposed.get_or_insert(format!("clause of `{}`", tree.lemma(c)));
                }
            }
            if let Some(s) = (t != from)
                .then(|| {
                    tree.s
                        .children(t)
                        .find_map(|c| (tree.dep(c) == Dep::Advmod && c < t).then(|| self.modality.adverb(tree.lemma(c))).flatten())
                })
                .flatten()
                && s == Status::Claimed
            {
                e.add(s, "hedged clause".into());
            }
            let commands =
                tree.xpos(t) == Xpos::Vb && matches!(tree.dep(t), Dep::Root | Dep::Ccomp | Dep::Parataxis) && !tree.is_infinitive(t);
            if commands && !tree.s.children(t).any(|c| tree.dep(c).is_subject() || tree.dep(c) == Dep::Aux) {
                e.denied = None;
                e.add(Status::Hypothetical, format!("imperative `{}`", tree.lemma(t)));
            }
            match tree.dep(t) {
                Dep::AclRelcl => {
                    e.presupposed.get_or_insert("relative clause".into());
                }
                Dep::Acl if !tree.is_infinitive(t) && tree.xpos(t) == Xpos::Vbn => {
                    e.presupposed.get_or_insert("participle of a noun".into());
                }
                _ => {}
            }
        }
        // "an attack would invoke the treaty": an act that nothing has told of yet is only supposed.
        let above = tree.head(from).filter(|_| tree.dep(from).is_subject() && tree.is_nominal(from));
        if let (Some(v), None) = (above, &e.presupposed)
            && tree
                .s
                .children(v)
                .any(|c| tree.dep(c) == Dep::Aux && matches!(self.modality.modal(tree.lemma(c)), Some(Modal::ReportedFuture)))
        {
            e.add(Status::Hypothetical, format!("subject of `would {}`", tree.lemma(v)));
        }
        let conditions = tree.s.children(from).filter(|&c| tree.dep(c) == Dep::Advcl);
        for c in conditions.flat_map(|c| tree.s.children(c)).filter(|&c| tree.dep(c) == Dep::Mark) {
            if let (Some(Status::Hypothetical), true) = (self.modality.mark(tree.lemma(c)), e.reported_future) {
                e.add(Status::Hypothetical, format!("`would` with a clause of `{}`", tree.lemma(c)));
            }
        }
        if tree.s.tokens.last().is_some_and(|t| t.form == "?") {
            e.add(Status::Hypothetical, "question".into());
        }
    }
}

/// The verb that carries the auxiliaries: its own, or for a coordinated verb without any the first one's.
fn auxiliaries_of(tree: Tree, t: usize) -> usize {
    let mut at = t;
    for _ in 0..4 {
        let own = tree.s.children(at).any(|c| matches!(tree.dep(c), Dep::Aux | Dep::AuxPass) || tree.dep(c).is_subject());
        match tree.head(at) {
            Some(g) if !own && tree.dep(at) == Dep::Conj && g < at && tree.is_verbal(g) && tree.xpos(at) == Xpos::Vb => at = g,
            _ => break,
        }
    }
    at
}
