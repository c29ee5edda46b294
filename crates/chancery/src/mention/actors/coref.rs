//! Pronouns and descriptions: "he", "it", "the two countries", "his Chinese counterpart", "the Asian president".

use super::discourse::{About, Found, Pronoun};
use super::hits::Hit;
use super::lexicon::{Kind, Mark};
use super::reader::{Reader, Scene};
use super::role::{definite, marked};
use crate::model::Naming;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::Actor;
use compact_str::CompactString;

/// Sentences back in which a pronoun looks for its antecedent.
const PRONOUN_REACH: usize = 3;
/// ... "it", which more often means no actor at all.
const IT_REACH: usize = 1;
/// ... and a description.
const DESCRIPTION_REACH: usize = 6;
/// ... the two sides,
const NEAR_REACH: usize = 4;
/// ... and how far back it counts who is spoken of most.
const PAIR_REACH: usize = 12;
/// ... where the description says which of those named is meant, as "the Asian president" does.
const REGION_REACH: usize = 40;

impl<'a> Reader<'a> {
    /// Whom a pronoun means.
    pub fn pronoun(&mut self, scene: &Scene, at: usize) -> Option<Found> {
        let token = &scene.sentence.tokens[at];
        let form = token.form.to_lowercase();
        let is = |m| self.know.lexicon.is(m, &form);
        let possessive = token.xpos == Xpos::PrpPoss || token.dep == Dep::NmodPoss;
        let governor = (token.head != at).then_some(token.head);
        // What a possessor belongs to may itself be an argument: "his government" under the verb of "government".
        let s = scene.s;
        let talk = &self.talk;
        let quoted = scene.quoted.get(at).copied().unwrap_or(false);
        let female = (is(Mark::He) || is(Mark::She)).then(|| is(Mark::She));
        let of = |reach| Pronoun { s, governor, possessive, quoted, female, reach };
        let before = if let Some(female) = female {
            talk.antecedent(of(PRONOUN_REACH), |f| f.about.person && !f.about.plural && f.about.female.is_none_or(|g| g == female))
        } else if is(Mark::They) {
            if let Some(f) = self.joint_subject(scene, at, !possessive) {
                return Some(f);
            }
            talk.antecedent(of(PRONOUN_REACH - 1), |f| f.about.plural && f.mention.naming != Naming::Nationality)
                .or_else(|| talk.antecedent(of(IT_REACH), |f| f.about.body && f.mention.naming != Naming::Nationality))
        } else if is(Mark::It) {
            if !possessive && self.expletive(scene, at) {
                return None;
            }
            talk.antecedent(of(IT_REACH), |f| {
                (f.about.state || f.about.body)
                    && !f.about.plural
                    && f.mention.naming != Naming::Nationality
                    && (possessive || f.about.subject || f.mention.sentence == s)
            })
        } else {
            return None;
        }?
        .clone();
        let mut a = before.mention.actor.clone();
        a.rule = "coref:pronoun".to_owned();
        let mut f = self.found(scene, at..(at + 1), at, Naming::Pronoun, a, before.about.clone());
        f.mention.chain = before.mention.chain;
        f.mention.members = before.mention.members.clone();
        Some(f)
    }

    /// "*Chile and Colombia* said that they": the sides joined in the subject before, of this sentence or the last.
    fn joint_subject(&self, scene: &Scene, at: usize, across: bool) -> Option<Found> {
        let joined = |s: usize, to: usize| {
            let sentence = self.doc.sentences.get(s)?;
            let named = |t: usize| self.talk.back(scene.s, 1).find(|f| f.mention.sentence == s && f.mention.head == t);
            let parts = |t: usize| {
                let all = std::iter::once(t).chain(sentence.children(t).filter(|&c| sentence.tokens[c].dep == Dep::Conj));
                all.filter_map(named).filter(|f| f.mention.actor.country.is_some()).collect::<Vec<_>>()
            };
            let subjects = (0..to.min(sentence.tokens.len())).filter(|&t| sentence.tokens[t].dep.is_subject());
            subjects.map(parts).find(|p| p.len() > 1)
        };
        let plural_between = |s: usize| {
            let after = |f: &&Found| f.mention.sentence == s && f.about.plural && f.about.subject;
            self.talk.back(scene.s, 1).any(|f| after(&f))
        };
        let parts = joined(scene.s, at).or_else(|| {
            scene.s.checked_sub(1).filter(|&s| across && !plural_between(s) && !plural_between(scene.s)).and_then(|s| joined(s, usize::MAX))
        })?;
        let members: Vec<Actor> = parts.iter().map(|f| Actor { rule: "coref:pronoun".to_owned(), ..f.mention.actor.clone() }).collect();
        let first = parts.first()?;
        let mut f =
            self.found(scene, at..(at + 1), at, Naming::Pronoun, members.first()?.clone(), About { plural: true, ..first.about.clone() });
        f.mention.chain = first.mention.chain;
        f.mention.members = members;
        Some(f)
    }

    /// "It was clear that", "it rained": a subject that means nobody.
    fn expletive(&self, scene: &Scene, at: usize) -> bool {
        let t = &scene.sentence.tokens[at];
        if t.dep == Dep::Expl {
            return true;
        }
        let clause = |c: usize| {
            matches!(
                scene.sentence.tokens[c].dep,
                Dep::Csubj | Dep::CsubjOuter | Dep::CsubjPass | Dep::Ccomp | Dep::Xcomp | Dep::AclRelcl | Dep::Advcl
            )
        };
        let cop = scene.sentence.children(t.head).any(|c| scene.sentence.tokens[c].dep == Dep::Cop);
        t.dep.is_subject() && cop && scene.sentence.children(t.head).any(clause)
    }

    /// Descriptions that stand for somebody named before.
    pub fn description(&mut self, scene: &mut Scene<'a>, head: usize, from: usize, to: usize, depth: usize) -> Option<Found> {
        let hits: Vec<Hit> = scene.within(from, to).cloned().collect();
        let at_head = hits.iter().find(|h| h.covers(head));
        let both = hits.iter().any(|h| marked(h, Mark::Dual));
        let plural = scene.sentence.tokens[head].xpos.is_plural();
        if let Some(h) = at_head {
            if marked(h, Mark::Counterpart) {
                return self.counterpart(scene, head, from, to, &hits, depth);
            }
            // "where the two agreed".
            if marked(h, Mark::Two) && to == from + 2 && definite(scene, from, head) {
                return self.pair(scene, head, from, to);
            }
            let two = both || (plural && marked(h, Mark::Sides));
            if two && marked(h, Mark::Both) && hits.iter().all(|h| h.names().is_empty()) && definite_pair(scene, from, head) {
                return self.pair(scene, head, from, to);
            }
            // "Some European countries", "nearly 70 states": governments, nobody says which.
            let plural_states = plural && marked(h, Mark::State) && h.role().is_none();
            if plural_states && hits.iter().all(|h| h.names().is_empty() && !marked(h, Mark::WorldAdjective)) {
                let mut f = self.found(
                    scene,
                    from..to,
                    head,
                    Naming::Description,
                    super::discourse::actor("", "GOV", "states"),
                    About { plural: true, ..About::default() },
                );
                f.mention.chain = self.talk.fresh_chain();
                return Some(f);
            }
            let region = hits.iter().find_map(|h| h.word()?.region.clone());
            if !plural && definite(scene, from, head) && hits.iter().all(|h| h.names().is_empty()) {
                let role = h.role().and_then(|r| self.know.lexicon.role(r)).filter(|r| r.kind == Kind::Person || r.derive);
                match (region, role) {
                    (Some(tag), Some(_)) if !marked(h, Mark::State) => return self.regional_person(scene, head, from, to, &tag, h.role()),
                    (tag, _) if marked(h, Mark::State) && h.role().is_none() => {
                        let word: CompactString = scene.lemma(head).into();
                        return self.state_described(scene, head, from, to, tag.as_ref(), &word);
                    }
                    _ => {}
                }
            }
        }
        // "rebuked both", "each charged the other".
        let alone = to == from + 1 && scene.sentence.tokens[head].upos != Upos::Adv;
        if alone && self.know.lexicon.is(Mark::Each, scene.lemma(head)) {
            return self.pair(scene, head, from, to);
        }
        None
    }

    /// "the Asian president": the last person named whose country is of that region.
    fn regional_person(&mut self, scene: &Scene, head: usize, from: usize, to: usize, tag: &str, role: Option<u16>) -> Option<Found> {
        let office = role.and_then(|r| self.know.lexicon.role(r)).and_then(|r| r.office.clone());
        let fits = |f: &&Found| {
            let here = f.mention.actor.country.as_deref().is_some_and(|c| self.has_tag(c, tag));
            let office =
                office.as_deref().is_none_or(|o| f.about.office.as_deref() == Some(o) || self.holds(f.about.entity, o) || f.about.unknown);
            f.about.person && here && office
        };
        // A country of two regions is meant by the one that tells it from the others named.
        let before = self
            .talk
            .back(scene.s, REGION_REACH)
            .filter(fits)
            .min_by_key(|f| self.tags(f.mention.actor.country.as_deref().unwrap_or("")).iter().position(|t| t == tag).unwrap_or(9))?;
        let before = before.clone();
        let mut a = before.mention.actor.clone();
        a.rule = format!("coref:{tag}");
        let mut f = self.found(scene, from..to, head, Naming::Description, a, before.about.clone());
        f.mention.chain = before.mention.chain;
        Some(f)
    }

    fn tags(&self, code: &str) -> &[CompactString] {
        let k = &self.know.knowledge;
        k.country_entity(code).and_then(|e| k.states.get(&e)).map_or(&[], |s| &s.tags)
    }
    fn has_tag(&self, code: &str, tag: &str) -> bool {
        self.tags(code).iter().any(|t| t == tag)
    }

    /// "the kingdom", "the island nation", "the country".
    fn state_described(
        &mut self,
        scene: &Scene,
        head: usize,
        from: usize,
        to: usize,
        tag: Option<&CompactString>,
        word: &str,
    ) -> Option<Found> {
        let form = self.know.lexicon.is(Mark::StateForm, word).then_some(word);
        let fits = |code: &str| tag.is_none_or(|t| self.has_tag(code, t)) && form.is_none_or(|t| self.has_tag(code, t));
        let code = match (tag, form) {
            (None, None) => self.talk.country_at(scene.s).filter(|c| self.is_state(c)),
            _ => self
                .talk
                .back(scene.s, DESCRIPTION_REACH)
                .find_map(|f| f.mention.actor.country.as_deref().filter(|c| fits(c)).map(Into::into)),
        }?;
        let e = self.know.knowledge.country_entity(&code)?;
        let mut a = self.known(e, "coref")?;
        a.rule = format!("coref:{word}");
        let about = self.about_entity(e);
        let mut f = self.found(scene, from..to, head, Naming::Description, a, about);
        f.mention.chain = self.chain_of(&f.mention.actor.clone(), &f.about);
        Some(f)
    }

    /// "the two countries", "both leaders": the two that the sentence before names, else of those near the two most spoken of.
    fn pair(&mut self, scene: &Scene, head: usize, from: usize, to: usize) -> Option<Found> {
        let word = scene.lemma(head);
        let persons = self.know.lexicon.is(Mark::BothPersons, word);
        let governor = scene.sentence.tokens[head].head;
        // Key, actor, how often named, and in which sentence last; the nearest first.
        let mut sides: Vec<(String, Actor, usize, usize)> = Vec::new();
        for f in self.talk.back(scene.s, PAIR_REACH) {
            let Some(country) = f.mention.actor.country.as_deref() else { continue };
            // Who does it to the two is none of them: "Egypt shuttled between the parties".
            if !f.mention.members.is_empty() || (f.mention.sentence == scene.s && f.about.governor == Some(governor)) {
                continue;
            }
            let key = if persons { f.mention.actor.entity.clone().filter(|_| f.about.person) } else { Some(country.to_owned()) };
            let Some(key) = key else { continue };
            if let Some(known) = sides.iter_mut().find(|(k, ..)| *k == key) {
                known.2 += 1;
                continue;
            }
            if f.mention.sentence + NEAR_REACH < scene.s {
                continue;
            }
            let actor = if persons {
                Some(f.mention.actor.clone())
            } else {
                self.know.knowledge.country_entity(country).and_then(|state| self.known(state, "coref"))
            };
            sides.extend(actor.map(|a| (key, a, 1, f.mention.sentence)));
        }
        let last = sides.first()?.3;
        if sides.iter().filter(|side| side.3 == last).count() == 2 {
            sides.retain(|side| side.3 == last);
        }
        sides.sort_by_key(|side| std::cmp::Reverse(side.2));
        sides.truncate(2);
        if sides.len() < 2 {
            sides.clear();
        }
        sides.reverse();
        let bodies = self.two_bodies(scene.s, sides.first().map_or(0, |side| side.2));
        let joined = if persons { None } else { self.joined_before(scene.s) };
        let members: Vec<Actor> = joined
            .or(bodies)
            .unwrap_or_else(|| sides.into_iter().map(|(_, a, ..)| a).collect())
            .into_iter()
            .map(|mut a| {
                a.rule = format!("coref:two {word}");
                a
            })
            .collect();
        let first = members.first()?.clone();
        let mut f = self.found(scene, from..to, head, Naming::Description, first, About { plural: true, ..About::default() });
        let key = members.iter().filter_map(|m| m.entity.as_deref()).collect::<Vec<_>>().join("+");
        f.mention.chain = self.talk.chain(format!("pair/{key}"));
        f.mention.members = members;
        Some(f)
    }

    /// The two that the last sentences name together as doers: "*Ethiopia's government and Tigrayan forces* agreed".
    fn joined_before(&self, s: usize) -> Option<Vec<Actor>> {
        (s.saturating_sub(NEAR_REACH)..s).rev().find_map(|before| {
            let sentence = self.doc.sentences.get(before)?;
            // "Talks between the two": still those that were meant before.
            let two = |f: &&Found| f.mention.sentence == before && f.mention.members.len() == 2;
            if let Some(f) = self.talk.back(s, NEAR_REACH).find(two) {
                return Some(f.mention.members.clone());
            }
            let named = |t: usize| self.talk.back(s, NEAR_REACH).find(|f| f.mention.sentence == before && f.mention.head == t);
            let root = sentence.tokens.iter().position(|t| t.dep == Dep::Root)?;
            let subject = sentence
                .children(root)
                .chain(
                    sentence
                        .children(root)
                        .filter(|&c| sentence.tokens[c].dep == Dep::Ccomp)
                        .flat_map(|c| sentence.children(c).collect::<Vec<_>>()),
                )
                .find(|&c| sentence.tokens[c].dep.is_subject() && sentence.children(c).any(|k| sentence.tokens[k].dep == Dep::Conj))?;
            let parts = std::iter::once(subject).chain(sentence.children(subject).filter(|&c| sentence.tokens[c].dep == Dep::Conj));
            let all: Vec<&Found> = parts.map(named).collect::<Option<_>>()?;
            let party = |f: &&Found| f.mention.actor.country.is_some() && (f.about.state || f.about.body || f.about.person);
            let [a, b] = all.as_slice() else { return None };
            if !(party(a) && party(b)) || [a, b].iter().any(|f| f.mention.members.len() > 1) {
                return None;
            }
            let (x, y) = (&a.mention.actor, &b.mention.actor);
            if x.country == y.country {
                return (a.about.body && b.about.body).then(|| vec![x.clone(), y.clone()]);
            }
            // Two presidents named together are their countries, where sides or countries are meant.
            let state =
                |x: &Actor| x.country.as_deref().and_then(|c| self.know.knowledge.country_entity(c)).and_then(|e| self.known(e, "coref"));
            Some(vec![state(x)?, state(y)?])
        })
    }

    /// The two forces of one country that a report of its war sets against each other ("the army and the RSF"), if both are
    /// spoken of more often than `other`, the lesser of two countries.
    fn two_bodies(&self, s: usize, other: usize) -> Option<Vec<Actor>> {
        let mut bodies: Vec<(&Actor, usize)> = Vec::new();
        let fights = |a: &Actor| a.country.is_some() && matches!(a.sector.as_deref(), Some("MIL" | "GOV" | "REB" | "PRM" | "OPP" | "UAF"));
        for f in self.talk.back(s, PAIR_REACH).filter(|f| f.about.body && !f.about.state && f.mention.members.is_empty()) {
            let a = &f.mention.actor;
            let same = |b: &Actor| {
                b.sector == a.sector && b.country == a.country && (b.entity == a.entity || b.entity.is_none() || a.entity.is_none())
            };
            match bodies.iter_mut().find(|(b, _)| same(b)) {
                Some((_, n)) => *n += 1,
                None if fights(a) => bodies.push((a, 1)),
                None => {}
            }
        }
        bodies.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let [(a, n), (b, m), ..] = bodies.as_slice() else { return None };
        let two = a.country == b.country && *n > 1 && *m > 1 && *m > other;
        two.then(|| vec![(*a).clone(), (*b).clone()])
    }

    /// "his Chinese counterpart, Xi Jinping": the same office in the other country.
    fn counterpart(&mut self, scene: &mut Scene<'a>, head: usize, from: usize, to: usize, hits: &[Hit], depth: usize) -> Option<Found> {
        let country = hits.iter().find_map(|h| self.country_of(h)).map(|(c, _)| c);
        let owner = (from..to).find(|&t| scene.sentence.tokens[t].dep == Dep::NmodPoss).and_then(|t| self.pronoun(scene, t));
        let owner = owner.or_else(|| {
            let p = scene.dependents(from, to).into_iter().find(|&c| scene.sentence.tokens[c].dep == Dep::NmodPoss && c < from)?;
            let h = scene.phrases.head(p);
            self.phrase(scene, h, depth + 1)
        });
        let sector = owner.as_ref().and_then(|o| o.mention.actor.sector.clone()).unwrap_or_else(|| "GOV".to_owned());
        // A name in apposition, or straight after it, says who that is.
        let name = self.apposed(scene, head, from, to).and_then(|n| self.phrase(scene, n, depth + 1).map(|f| (n, f)));
        let name = name.or_else(|| {
            let next = scene.phrases.head(to.min(scene.sentence.tokens.len().saturating_sub(1)));
            (next >= to && next < scene.sentence.tokens.len()).then(|| self.phrase(scene, next, depth + 1).map(|f| (next, f))).flatten()
        });
        let country = country.unwrap_or_default();
        if let Some((n, f)) = name.filter(|(_, f)| f.about.person && f.mention.naming == Naming::Name) {
            let mut a = f.mention.actor.clone();
            let mut about = f.about.clone();
            if about.unknown && !country.is_empty() {
                super::discourse::recode(&mut a, &country, &sector);
                a.rule = "counterpart+name".to_owned();
                if let Some(Some(Some(g))) = scene.done.get_mut(n) {
                    g.mention.actor = a.clone();
                }
            }
            about.office = about.office.or_else(|| owner.as_ref().and_then(|o| o.about.office.clone()));
            let mut g = self.found(scene, from..f.mention.tokens.end.max(to), head, Naming::Description, a, about);
            g.mention.chain = f.mention.chain;
            return Some(g);
        }
        if country.is_empty() {
            return None;
        }
        let office = owner.as_ref().and_then(|o| self.office_role(o));
        let mut a = super::discourse::actor(&country, &sector, "counterpart");
        let mut about = About { person: true, office: office.clone(), ..About::default() };
        if let (Some(o), Some(day)) = (office, self.day)
            && let Some(e) = self.know.knowledge.holder(&country, &o, day)
            && let Some(who) = self.known(e, "counterpart")
        {
            a = who;
            about = About { office: Some(o), ..self.about_entity(e) };
        }
        let mut f = self.found(scene, from..to, head, Naming::Description, a, about);
        f.mention.chain = self.chain_of(&f.mention.actor.clone(), &f.about);
        Some(f)
    }

    /// The role office that a person holds in this report or on its day.
    fn office_role(&self, f: &Found) -> Option<CompactString> {
        if let Some(o) = &f.about.office {
            return Some(o.clone());
        }
        let entity = self.entity(f.about.entity?)?;
        let k = &self.know.knowledge;
        let day = self.day?;
        k.terms_of(entity).iter().filter(|t| t.from <= day && day <= t.to).find_map(|t| k.office_of(t)?.roles.first().cloned())
    }
}

/// "the two sides", "both countries", "their two nations": of the two known ones, not "two countries".
fn definite_pair(scene: &Scene, from: usize, head: usize) -> bool {
    definite(scene, from, head) || scene.within(from, head).any(|h| h.is(Mark::Each))
}
