//! Who stands in a role: tokens along a path, and the actors they name.

use super::lexicon::Kind;
use super::ontology::Ontology;
use super::paths::{Path, Step};
use super::tree::Tree;
use crate::model::{ActorMention, Actors, Doc, Naming};
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{Actor, EventType, Span, StatementKind};
use crate::statement::voices::Voices;

/// One actor on a side of an event, with the token that names it.
#[derive(Debug, Clone)]
pub struct Side {
    pub actor: Actor,
    pub token: usize,
    pub naming: Naming,
    pub chain: Option<usize>,
    /// A people rather than a state: "two *Libyans*".
    pub people: bool,
}

impl Side {
    /// Whether both mean the same actor: the same entity, or the same unnamed side of the same country.
    pub fn same(&self, other: &Side) -> bool {
        if self.are_given(other) { self.actor.span == other.actor.span } else { same_actor(&self.actor, &other.actor) }
    }
    /// Whether the caller named both: then they are two, also where one country is theirs.
    pub fn are_given(&self, other: &Side) -> bool {
        self.naming == Naming::Given && other.naming == Naming::Given
    }
}

/// Whether two actors are one: the same entity, or where either has none the same country and sector.
pub fn same_actor(a: &Actor, b: &Actor) -> bool {
    match (&a.entity_id, &b.entity_id) {
        (Some(x), Some(y)) => x == y,
        _ => a.country.is_some() && a.country == b.country && a.sector == b.sector,
    }
}

/// Whether two actors speak for the same side: country and compatible sector.
pub fn same_side(a: &Actor, b: &Actor) -> bool {
    same_actor(a, b) || (a.country.is_some() && a.country == b.country && (a.sector == b.sector || (official(a) && official(b))))
}

/// Whether an actor speaks or acts for its country.
pub fn official(a: &Actor) -> bool {
    !matches!(a.sector.as_deref(), Some("OPP" | "REB" | "CVL" | "BUS" | "JRN" | "UAF" | "CRM" | "SOC" | "LAB" | "EDU"))
}

/// A sentence under analysis.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    pub doc: &'a Doc<'a>,
    pub actors: &'a Actors,
    pub voices: &'a Voices<'a>,
    /// Index of the sentence.
    pub index: usize,
    pub tree: Tree<'a>,
}

impl<'a> Ctx<'a> {
    /// The statement with the narrowest scope around `span`.
    pub fn statement_at(&self, span: Span) -> Option<usize> {
        self.voices.narrowest(self.index, span)
    }

    /// The speaker of a statement as a side.
    pub fn speaker(&self, statement: usize) -> Option<Side> {
        let s = self.voices.get(statement)?;
        let actor = s.record.speaker.clone()?;
        let mention = s.speaker.and_then(|m| self.actors.mentions.get(m));
        Some(Side {
            token: s.cue.map_or(0, |c| c.1),
            naming: mention.map_or_else(|| called(&actor.text), |m| m.naming),
            chain: mention.map(|m| m.chain),
            people: false,
            actor,
        })
    }

    /// Actors at the first of `paths` that finds any; the tokens count with all that is coordinated with them.
    pub fn sides(&self, from: usize, paths: &[Path]) -> Vec<Side> {
        paths.iter().map(|p| self.along(from, p)).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// As [`Ctx::sides`], but a path that finds only those of `own` gives way to a later one that finds somebody else:
    /// "withdrew its recognition of Y" is directed at Y.
    pub fn sides_across(&self, from: usize, paths: &[Path], own: &[Side]) -> Vec<Side> {
        let found = |p: &Path| self.along(from, p);
        let other = |found: &Vec<Side>| found.iter().any(|s| !own.iter().any(|o| o.same(s)));
        paths.iter().map(found).find(other).unwrap_or_else(|| self.sides(from, paths))
    }

    /// Actors along one path.
    pub fn along(&self, from: usize, path: &[Step]) -> Vec<Side> {
        if path.last() == Some(&Step::Speaker) {
            let span = self.tree.s.span_of(from, from);
            return self.statement_at(span).and_then(|s| self.speaker(s)).into_iter().collect();
        }
        let mut out: Vec<Side> = Vec::new();
        for t in self.tokens(from, path) {
            for k in self.tree.coordinated(t) {
                for side in self.resolve(k) {
                    if !out.iter().any(|o| o.same(&side)) {
                        out.push(side);
                    }
                }
            }
        }
        if out.is_empty() && path == [Step::Subj] {
            return self.author(from);
        }
        out
    }

    /// Who speaks through a text that says something: "*France* issued a statement criticising Iran", "passed a resolution condemning".
    fn author(&self, v: usize) -> Vec<Side> {
        let tree = self.tree;
        if tree.dep(v) != Dep::Acl || tree.is_passive(v) || tree.is_infinitive(v) {
            return Vec::new();
        }
        let above = tree.head(v).filter(|&n| tree.dep_position(n) == Some(Dep::Obj)).and_then(|n| tree.governing_verb(n));
        above.map(|g| self.along(g, &[Step::Subj])).unwrap_or_default()
    }

    /// Tokens at the end of a path.
    pub fn tokens(&self, from: usize, path: &[Step]) -> Vec<usize> {
        let tree = self.tree;
        let mut at = vec![from];
        for step in path {
            at = at
                .iter()
                .flat_map(|&t| match step {
                    Step::Subj => tree.subject(t).into_iter().collect(),
                    Step::Obj => tree.object(t).into_iter().collect(),
                    Step::Iobj => tree.indirect_object(t).into_iter().collect(),
                    Step::Obl(p) => tree.obliques(t, p),
                    Step::Xcomp => tree.infinitives(t),
                    Step::Ccomp => tree.clauses(t),
                    Step::Poss => tree.s.children(t).filter(|&c| tree.dep(c) == Dep::NmodPoss).collect(),
                    Step::Mod => self.modifiers(t),
                    Step::Nmod(p) => tree.noun_phrases(t, p),
                    Step::Verb => tree.governing_verb(t).into_iter().collect(),
                    Step::Speaker => Vec::new(),
                })
                .collect();
        }
        at
    }

    /// Nationalities and names that modify a noun: "*U.S.* sanctions", "the *Iran-Iraq* war", "*U.S.*-led raid".
    fn modifiers(&self, n: usize) -> Vec<usize> {
        let tree = self.tree;
        let mut out = Vec::new();
        for c in tree.s.children(n) {
            let modifies = matches!(tree.dep(c), Dep::Amod | Dep::Compound | Dep::NmodDesc | Dep::NmodUnmarked | Dep::Flat | Dep::Nummod)
                || (matches!(tree.dep(c), Dep::Nmod | Dep::Det | Dep::Dep)
                    && c < n
                    && !tree.s.children(c).any(|k| tree.dep(k) == Dep::Case));
            if !modifies {
                continue;
            }
            // "a *military* takeover" says what sort, not whose.
            let sort = |m: &ActorMention| m.naming == Naming::Role && m.actor.country.is_none() && tree.upos(c) == Upos::Adj;
            if self.actors.headed_by(self.index, c).is_some_and(sort) {
                continue;
            }
            out.push(c);
            out.extend(tree.s.children(c).filter(|&k| {
                matches!(
                    tree.dep(k),
                    Dep::Compound | Dep::Obl | Dep::OblUnmarked | Dep::NmodDesc | Dep::Amod | Dep::NmodUnmarked | Dep::Advmod
                ) && k < n
            }));
        }
        out
    }

    /// The actors that a token names as an argument: itself, or for a thing its owner or nationality
    /// ("Iran's nuclear programme", "Turkish airspace"), or what a word of quantity counts.
    pub fn resolve(&self, t: usize) -> Vec<Side> {
        self.resolve_within(t, 3)
    }

    fn resolve_within(&self, t: usize, left: usize) -> Vec<Side> {
        let tree = self.tree;
        if tree.upos(t) == Upos::Pron
            && tree.words.first_person.contains(tree.s.tokens.get(t).map_or("", |k| k.form.as_str()).to_lowercase().as_str())
        {
            let speaker = self.statement_at(tree.s.span_of(t, t)).and_then(|s| self.speaker(s));
            if let Some(side) = speaker {
                return vec![Side { token: t, ..side }];
            }
        }
        if let Some(m) = self.actors.headed_by(self.index, t) {
            return self.members(m, t);
        }
        if tree.xpos(t) == Xpos::Prp && tree.dep(t).is_subject() {
            // "The union said they will go on": a pronoun that means nobody named before means who speaks.
            let indirect = |&i: &usize| self.voices.get(i).is_some_and(|s| s.record.kind != StatementKind::Direct);
            let speaker = self.statement_at(tree.s.span_of(t, t)).filter(indirect).and_then(|s| self.speaker(s));
            return speaker.map(|side| Side { token: t, ..side }).into_iter().collect();
        }
        // A mention that the parser headed elsewhere, unless it only modifies this word.
        let covering = self.actors.covering(self.index, t).filter(|m| m.naming != Naming::Nationality && !tree.s.is_below(m.head, t));
        if let Some(m) = covering {
            return self.members(m, t);
        }
        if left == 0 || !(tree.is_nominal(t) || tree.upos(t) == Upos::Adj) {
            return Vec::new();
        }
        let owners: Vec<usize> = tree.s.children(t).filter(|&c| tree.dep(c) == Dep::NmodPoss).chain(self.modifiers(t)).collect();
        let mut found = self.first_resolved(&owners);
        if found.is_empty() {
            let of: Vec<usize> = tree
                .s
                .children(t)
                .filter(|&c| tree.dep(c) == Dep::Nmod && (tree.has_case(c, "of") || tree.has_case(c, "from") || tree.has_case(c, "by")))
                .collect();
            found = of.iter().flat_map(|&c| tree.coordinated(c)).flat_map(|c| self.resolve_within(c, left - 1)).collect();
        }
        if found.is_empty() {
            found = tree.s.children(t).filter(|&c| tree.dep(c) == Dep::Appos).flat_map(|c| self.resolve_within(c, left - 1)).collect();
        }
        for side in &mut found {
            side.token = t;
        }
        found
    }

    /// Actors named by the first of some tokens that names any, with those coordinated with it.
    fn first_resolved(&self, tokens: &[usize]) -> Vec<Side> {
        for &t in tokens {
            let found: Vec<Side> = self
                .tree
                .coordinated(t)
                .into_iter()
                .filter_map(|k| self.actors.headed_by(self.index, k).map(|m| (k, m)))
                .flat_map(|(k, m)| self.members(m, k))
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn members(&self, m: &ActorMention, t: usize) -> Vec<Side> {
        let people = !m.naming.is_name() && m.head == t && m.actor.sector.is_none() && self.tree.xpos(t).is_plural();
        let side = |actor: &Actor| Side { actor: actor.clone(), token: t, naming: m.naming, chain: Some(m.chain), people };
        if m.members.len() > 1 {
            return m.members.iter().map(side).collect();
        }
        let mut all = vec![side(&m.actor)];
        if m.naming == Naming::Role && m.actor.country.is_some() {
            // "U.S. and British officials": each nationality is a party of its own.
            let nations = self
                .actors
                .in_sentence(self.index)
                .iter()
                .filter(|n| n.naming == Naming::Nationality && m.tokens.contains(&n.head) && n.head != m.head);
            let joined = nations.filter(|n| self.is_coordinated(n.head)).filter_map(|n| n.actor.country.clone());
            for country in joined.chain(self.several_of(m)) {
                let code = Some(country.clone() + m.actor.sector.as_deref().unwrap_or(""));
                let actor = Actor { country: Some(country), entity: None, entity_id: None, code, ..m.actor.clone() };
                if !all.iter().any(|s| s.actor.country == actor.country) {
                    all.push(Side { actor, token: t, naming: m.naming, chain: None, people: false });
                }
            }
            // "the foreign ministers of Turkey and Greece".
            let of = self.tree.s.children(t).filter(|&c| self.tree.dep(c) == Dep::Nmod && self.tree.has_case(c, "of"));
            let more = of.flat_map(|c| self.tree.coordinated(c).into_iter().skip(1)).filter(|_| self.tree.xpos(t).is_plural());
            for n in more.filter_map(|k| self.actors.headed_by(self.index, k)) {
                let country = n.actor.country.clone();
                if n.naming == Naming::Name && country.is_some() && !all.iter().any(|s| s.actor.country == country) {
                    let code = country.as_ref().map(|c| c.clone() + m.actor.sector.as_deref().unwrap_or(""));
                    let actor = Actor { country, entity: None, entity_id: None, code, ..m.actor.clone() };
                    all.push(Side { actor, token: n.head, naming: m.naming, chain: None, people: false });
                }
            }
        }
        all
    }

    /// Countries joined by "and" below a plural role: "the foreign ministers *of Iran, Turkey and Russia*".
    fn several_of(&self, m: &ActorMention) -> Vec<String> {
        let tree = self.tree;
        if m.naming != Naming::Role || !tree.xpos(m.head).is_plural() {
            return Vec::new();
        }
        let below = |p: &'a str| tree.s.children(m.head).filter(move |&c| tree.dep(c) == Dep::Nmod && tree.has_case(c, p));
        let named = |c: usize| {
            let all = tree.coordinated(c).into_iter().filter_map(|k| self.actors.headed_by(self.index, k));
            all.filter(|n| n.naming == Naming::Name).filter_map(|n| n.actor.country.clone()).collect::<Vec<_>>()
        };
        // "officials from Iran and Turkey", but "Soviet troops from Afghanistan" are of one country.
        let from = below("from").map(named).filter(|all| all.first() == m.actor.country.as_ref());
        below("of").map(named).chain(from).flatten().collect()
    }

    /// Whether a modifier is one of several joined by "and".
    fn is_coordinated(&self, t: usize) -> bool {
        let tree = self.tree;
        let joined = |c: usize| matches!(tree.dep(c), Dep::Conj | Dep::Cc);
        tree.dep(t) == Dep::Conj || tree.s.children(t).any(joined) || tree.s.tokens.get(t + 1).is_some_and(|n| n.upos == Upos::Cconj)
    }

    /// Whether an actor of these kinds is named at `t` itself; its possessions are none.
    pub fn is_actor(&self, t: usize, kinds: &[Vec<String>], country: bool) -> bool {
        self.resolve_within(t, 0).iter().any(|side| {
            (country && side.actor.country.is_some())
                || kinds.iter().any(|sectors| sectors.is_empty() || side.actor.sector.as_ref().is_some_and(|s| sectors.contains(s)))
        })
    }

    /// Whether a target path leads to somebody whom nobody knows ("called on *the allies*"): the context gives no other.
    pub fn is_addressed(&self, from: usize, paths: &[Path]) -> bool {
        paths
            .iter()
            .flat_map(|p| self.tokens(from, p))
            .any(|t| self.actors.headed_by(self.index, t).is_some_and(|m| m.actor.country.is_none()))
    }

    /// The logical subject of the clause in which a noun stands.
    pub fn clause_subject(&self, n: usize) -> Vec<Side> {
        // The first word above that heads a clause, verb or not.
        let tree = self.tree;
        let heads_clause = |a: &usize| tree.is_verbal(*a) || tree.s.children(*a).any(|c| tree.dep(c).is_subject());
        let verb = tree.s.ancestors(n).take(4).find(heads_clause);
        verb.map(|g| self.along(g, &[Step::Subj])).unwrap_or_default()
    }

    /// The source of a noun that is the object of a light verb ("*France* held talks"), or of a participle below it ("talks held by *France*").
    pub fn light_subject(&self, n: usize, is_light: impl Fn(&str) -> bool) -> Vec<Side> {
        let tree = self.tree;
        let above = tree.governing_verb(n).filter(|&g| is_light(tree.lemma(g)) && tree.dep_position(n) == Some(Dep::Obj));
        let below = tree.s.children(n).find(|&c| matches!(tree.dep(c), Dep::Acl | Dep::AclRelcl) && is_light(tree.lemma(c)));
        above.or(below).map(|g| self.along(g, &[Step::Subj])).unwrap_or_default()
    }
}

/// Gives sides that are bare countries the sector in which they act, and keeps the press out of sides where it only reports.
pub fn finish_sides(sides: &mut Vec<Side>, r#type: EventType, ontology: &Ontology, is_source: bool, other_is_force: bool) {
    if is_source && ontology.info(r#type).quad != 4 {
        sides.retain(|s| s.actor.sector.as_deref() != Some("JRN") || s.naming == Naming::Given);
    }
    sides.retain(|s| s.actor.country.is_some() || s.actor.sector.is_some() || s.naming.is_name());
    let bare = ontology.info(r#type).bare_side;
    for side in sides.iter_mut() {
        let a = &mut side.actor;
        if a.sector.as_deref() == Some("GOV") && a.country.as_deref().is_some_and(|c| !ontology.is_state(c)) {
            a.sector = None;
            a.code = a.country.clone();
        }
        if !side.people && a.sector.is_none() && a.country.as_deref().is_some_and(|c| ontology.is_state(c)) && a.office.is_none() {
            let sector = if is_source || other_is_force { bare.as_str() } else { "GOV" };
            a.sector = Some(sector.to_owned());
            a.code = a.country.as_ref().map(|c| format!("{c}{sector}"));
        }
    }
}

/// The default source paths of a kind of anchor, for words of the embedding calculus.
pub fn default_sources(kind: Kind) -> Vec<Path> {
    let paths: &[&str] = match kind {
        Kind::Verb => &["subj"],
        Kind::Noun => &["poss", "mod", "nmod:by", "nmod:of", "nmod:from", "verb.subj"],
    };
    paths.iter().filter_map(|p| super::paths::parse(p).ok()).collect()
}

/// Whether a phrase that no actor stage knows names somebody ("Alpha Beta Ltd") or only describes ("The board").
fn called(text: &str) -> Naming {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or("");
    let capital = |w: &str| w.starts_with(char::is_uppercase);
    let alone = words.clone().next().is_none();
    if words.any(capital) || (alone && capital(first)) { Naming::Name } else { Naming::Role }
}

/// Whether an event has sides that make it one: somebody with a country or a political sector, or two who are named
/// (nobody knows every mayor and company), or one who is named where the wording itself is narrow.
/// `told` says that the wording has a doer, known or not.
pub fn is_political(source: &[Side], target: &[Side], r#type: EventType, specificity: u32, told: bool, ontology: &Ontology) -> bool {
    let info = ontology.info(r#type);
    // What nobody says or offers is no utterance; violence without a named doer still happened.
    if source.is_empty() && !told && info.quad != 4 {
        return false;
    }
    let given = |s: &Side| s.naming == Naming::Given;
    let political = |s: &Side| s.actor.sector.as_deref().is_some_and(|x| ontology.is_political(x));
    // What firms agree, offer and refuse each other is business; what they do to a state, or suffer by force, is not.
    let business = |s: &Side| !given(s) && info.quad != 4 && s.actor.sector.as_deref().is_some_and(|x| ontology.is_business(x));
    let known = |s: &Side| info.anybody || given(s) || political(s) || (s.actor.country.is_some() && !business(s));
    let named = |s: &Side| s.naming.is_name() && !business(s);
    source.iter().chain(target).any(known)
        || (source.iter().any(named) && target.iter().any(named))
        || (specificity >= NARROW && source.iter().any(named))
}

/// Conditions that make a wording narrow: one lexical one.
const NARROW: u32 = 4;
