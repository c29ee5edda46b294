//! Roles: "the Iraqi army", "a senior U.S. official", "Chile's Defense Ministry", "the police".

use super::discourse::{About, Found, actor, recode};
use super::hits::{Hit, What, Word};
use super::knowledge::{Class, EntityIx, Form};
use super::lexicon::{Kind, Mark, Needs};
use super::reader::{Reader, Scene, follows_hyphen};
use crate::model::Naming;
use crate::parse::ud::{Dep, Upos, Xpos};
use compact_str::CompactString;

/// Where a role's country comes from.
#[derive(Debug, Default, Clone)]
pub struct Origin {
    pub country: CompactString,
    /// Sector of what named the country: "CIA official" is SPY.
    pub sector: CompactString,
    pub entity: Option<EntityIx>,
    /// Words for the record's rule.
    pub how: &'static str,
    /// It is a state, or a part of one, and no body in it.
    pub state: bool,
    /// Token after the mention's end and its first token, where the source widens it.
    pub from: Option<usize>,
    pub to: Option<usize>,
}

impl<'a> Reader<'a> {
    #[allow(clippy::too_many_arguments)]
    pub fn role(
        &mut self,
        scene: &mut Scene<'a>,
        head: usize,
        from: usize,
        to: usize,
        hit: &Hit,
        word: &Word,
        depth: usize,
    ) -> Option<Found> {
        if word.marks.contains(&Mark::World) {
            return Some(self.world(scene, from, to, head, Naming::Description));
        }
        if word.part
            && let Some(f) = self.part_of(scene, head, from, to, depth)
        {
            return Some(f);
        }
        let r = word.role?;
        let role = self.know.lexicon.role(r)?;
        let token = &scene.sentence.tokens[head];
        let plural = token.xpos.is_plural() || role.number.is_some();
        let former = scene.within(from, hit.from).any(|h| h.is(Mark::Former));
        let mut about = About {
            role: Some(r),
            noun: scene.lemma(hit.to - 1).into(),
            office: role.office.clone(),
            person: !plural && matches!(role.kind, Kind::Person | Kind::People),
            plural,
            body: matches!(role.kind, Kind::Body | Kind::Thing),
            female: role.gender.as_deref().map(|g| g == "f"),
            ..About::default()
        };
        let origin = self.origin(scene, head, from, to, hit, depth);
        let end = origin.as_ref().and_then(|o| o.to).unwrap_or(to).max(to);
        let start = origin.as_ref().and_then(|o| o.from).unwrap_or(from).min(from);
        let modifier = self.modifier_sector(scene, from, hit.from);
        let bare = origin.is_none() && modifier.is_none();
        // "the Russian leader" holds the office, "the Taliban leader" and "the rebel leader" do not.
        let seat = |o: &Origin| o.entity.and_then(|e| self.entity(e)).is_some_and(|e| e.class == Class::Seat);
        let body = |o: &Origin| !o.state && !o.sector.is_empty() && !seat(o);
        if role.derive && (modifier.is_some() || origin.as_ref().is_some_and(body)) {
            about.office = None;
        }

        // A name in apposition says who it is.
        let named = self
            .apposed(scene, head, start, end)
            .and_then(|n| Some((n, self.phrase(scene, n, depth + 1)?)))
            .filter(|(_, f)| f.mention.naming == Naming::Name);

        if bare
            && named.is_none()
            && definite(scene, from, head)
            && let Some(f) = self.told_before(scene, head, from, to, r, &about)
        {
            return Some(f);
        }

        // Sector.
        let mut sector = role.sector.clone();
        if let Some(m) = &modifier
            && (role.derive || (m == "REB" && sector == "MIL"))
        {
            sector = m.clone();
        } else if let Some(o) = origin.as_ref().filter(|o| role.derive && !o.sector.is_empty()) {
            sector = o.sector.clone();
        } else if role.sector == "MIL" && origin.as_ref().is_some_and(|o| matches!(o.sector.as_str(), "REB" | "PRM")) {
            sector = origin.as_ref().map(|o| o.sector.clone()).unwrap_or_default();
        }
        // "president of the Human Rights League", "the fleet's Arctic group": what it is of decides.
        let of_body = origin.as_ref().filter(|o| !o.state && matches!(o.how, "of" | "possessor") && !o.sector.is_empty());
        if let Some(o) = of_body
            && !role.derive
            && modifier.is_none()
            && (role.sector.is_empty() || role.kind == Kind::Person && o.sector != "GOV" && !matches!(o.sector.as_str(), "CVL" | "REF"))
        {
            sector = o.sector.clone();
        }
        let derived = modifier.is_some() || origin.as_ref().is_some_and(|o| !o.sector.is_empty());

        // Country.
        if role.foreign && named.is_none() {
            // Neighbours and rivals are political only as somebody's.
            if bare {
                return None;
            }
            let a = actor("", &role.sector, format!("role:{}", about.noun));
            let mut f = self.found(scene, start..end, head, Naming::Role, a, about);
            f.mention.chain = self.talk.fresh_chain();
            return Some(f);
        }
        let mut how = origin.as_ref().map_or("", |o| o.how);
        let country = match &origin {
            Some(o) if !o.country.is_empty() => Some(o.country.clone()),
            _ => None,
        };
        match role.needs {
            Needs::Country if country.is_none() && named.is_none() => return None,
            Needs::Sector if country.is_none() && !derived && named.is_none() => return None,
            _ => {}
        }
        // "In Amman several hundred people demonstrated".
        let here = if country.is_none() && (role.local || fronted(scene, from)) { self.clause_place(scene, head) } else { None };
        let country = country.or_else(|| here.inspect(|_| how = "clause")).or_else(|| {
            how = "context";
            (role.kind != Kind::Thing).then(|| self.talk.country_at(scene.s)).flatten()
        });
        let country = country.unwrap_or_else(|| {
            how = "";
            CompactString::default()
        });
        if former && role.kind != Kind::Body {
            sector = "ELI".into();
        }
        if !self.is_state(&country)
            && !country.is_empty()
            && matches!(sector.as_str(), "GOV" | "MIL" | "SOC" | "LAB" | "CVL")
            && country != "WLD"
        {
            sector = CompactString::default();
        }
        let mut a =
            actor(&country, &sector, if how.is_empty() { format!("role:{}", about.noun) } else { format!("role:{}+{how}", about.noun) });
        if former && role.kind != Kind::Body {
            a.rule.push_str("+former");
        }

        // The organisation that the phrase is of: "Taliban fighters".
        if let Some(e) = origin.as_ref().and_then(|o| o.entity)
            && let Some(entity) =
                self.entity(e).filter(|e| e.class == Class::Org && matches!(e.sector.as_str(), "REB" | "PRM" | "OPP" | "PTY" | "CRM"))
        {
            a.entity = Some(entity.name.to_string());
            a.entity_id = Some(entity.id.to_string());
        }
        let mut end = end;
        if let Some((name, f)) = named {
            end = f.mention.tokens.end.max(end);
            let who = &f.mention.actor;
            if f.about.person && !plural {
                let mut b = who.clone();
                if b.country.is_none() || (f.about.unknown && how != "context") {
                    let s = if former { "ELI" } else { sector.as_str() };
                    recode(&mut b, &country, s);
                    b.rule = a.rule.clone() + "+apposition";
                    self.fill_in(scene, name, &b, &about);
                }
                a = b;
                about = About {
                    role: about.role,
                    noun: about.noun,
                    office: about.office,
                    female: about.female.or(f.about.female),
                    ..f.about.clone()
                };
            } else if !f.about.person {
                if let (Some(c), true) = (&who.country, how == "context" || how.is_empty()) {
                    recode(&mut a, c, &sector);
                }
                a.entity = who.entity.clone();
                a.entity_id = who.entity_id.clone();
                about.entity = f.about.entity;
            }
        } else if !plural
            && !former
            && role.kind == Kind::Person
            && (definite(scene, from, head) || start < from || origin.is_some())
            && !indefinite(scene, from)
        {
            let office = about.office.clone();
            self.office_holder(&country, office.as_deref(), &mut a, &mut about);
        }
        let mut f = self.found(scene, start..end, head, Naming::Role, a, about);
        f.mention.chain = self.chain_of(&f.mention.actor.clone(), &f.about);
        Some(f)
    }

    pub fn is_state(&self, code: &str) -> bool {
        self.know.knowledge.country_entity(code).is_some()
    }

    /// Who holds the office on the report's day: "the Russian president".
    fn office_holder(&self, country: &str, office: Option<&str>, a: &mut crate::record::Actor, about: &mut About) {
        let (Some(office), Some(day)) = (office, self.day) else { return };
        // The text's own word for the holder goes before the files'.
        let said = self.talk.said.iter().rev().take(80).find(|f| {
            f.about.person
                && (f.about.office.as_deref() == Some(office) || self.holds(f.about.entity, office))
                && f.mention.actor.entity.is_some()
                && f.mention.actor.country.as_deref() == Some(country)
        });
        if let Some(f) = said {
            let rule = std::mem::take(&mut a.rule);
            *a = f.mention.actor.clone();
            a.rule = rule + "+named before";
            *about = About { role: about.role, noun: about.noun.clone(), office: about.office.clone(), ..f.about.clone() };
            return;
        }
        let Some(e) = self.know.knowledge.holder(country, office, day) else { return };
        let Some(who) = self.known(e, "office") else { return };
        let rule = std::mem::take(&mut a.rule);
        *a = who;
        a.rule = format!("{rule}+office:{}", a.entity_id.as_deref().unwrap_or(""));
        let known = self.about_entity(e);
        *about = About { role: about.role, noun: about.noun.clone(), office: about.office.clone(), ..known };
    }

    /// Gives the name in apposition what the role says.
    fn fill_in(&mut self, scene: &mut Scene<'a>, name: usize, a: &crate::record::Actor, role: &About) {
        if let Some(Some(Some(f))) = scene.done.get_mut(name) {
            let words = (f.mention.actor.span, std::mem::take(&mut f.mention.actor.text));
            f.mention.actor = a.clone();
            (f.mention.actor.span, f.mention.actor.text) = words;
            f.about.role = f.about.role.or(role.role);
            f.about.office = f.about.office.clone().or(role.office.clone());
        }
    }

    /// Country, sector and entity that the phrase itself names.
    fn origin(&mut self, scene: &mut Scene<'a>, head: usize, from: usize, to: usize, hit: &Hit, depth: usize) -> Option<Origin> {
        // "Chile's Defense Ministry", "its army"
        let possessor =
            scene.dependents(from, to).into_iter().chain(from..to).find(|&c| scene.sentence.tokens[c].dep == Dep::NmodPoss && c < to);
        if let Some(p) = possessor {
            let owner = scene.phrases.head(p);
            let pronoun = scene.sentence.tokens[p].upos == Upos::Pron;
            // "Eritrea, whose soldiers": those of the noun that the clause is about.
            let whose = (scene.sentence.tokens[p].xpos == Xpos::WpPoss).then(|| relative_noun(scene, p)).flatten();
            let f = match whose {
                Some(noun) => self.phrase(scene, scene.phrases.head(noun), depth + 1),
                None if pronoun => self.pronoun(scene, p),
                None => self.phrase(scene, owner, depth + 1),
            };
            if let Some(f) = f
                && let Some(c) = &f.mention.actor.country
            {
                return Some(Origin {
                    country: c.as_str().into(),
                    sector: self.lends(&f),
                    entity: f.about.entity,
                    how: if pronoun { "possessive pronoun" } else { "possessor" },
                    state: f.about.state,
                    from: (!pronoun).then_some(f.mention.tokens.start),
                    to: None,
                });
            }
        }
        // "the Iraqi army", "CIA official", "a Somalia-based group"
        let inside: Vec<Hit> = scene.within(from, to).filter(|h| h.from != hit.from).cloned().collect();
        let mut world = false;
        for h in inside.iter().rev() {
            if h.is(Mark::WorldAdjective) {
                world = true;
            }
            if h.names().is_empty() || follows_hyphen(scene, h, &self.know.lexicon) {
                continue;
            }
            let Some((country, e)) = self.country_of(h) else { continue };
            let entity = self.entity(e)?;
            let sector = match entity.class {
                Class::Org | Class::Igo | Class::Seat => entity.sector.clone(),
                Class::Person => "GOV".into(),
                _ => CompactString::default(),
            };
            let state = matches!(entity.class, Class::Country | Class::Region);
            return Some(Origin { country, sector, entity: Some(e), how: "country", state, from: None, to: None });
        }
        // "the president of France", "a court in Lyon"
        let mut after: Vec<usize> =
            scene.dependents(from, to).into_iter().filter(|&c| c >= to && matches!(scene.sentence.tokens[c].dep, Dep::Nmod)).collect();
        if after.is_empty() {
            after.extend(beside(scene, head, to));
        }
        // "the government and people of Saudi Arabia": what follows the last is of both.
        if after.is_empty() {
            let others = scene.sentence.children(head).filter(|&c| scene.sentence.tokens[c].dep == Dep::Conj);
            after.extend(others.flat_map(|c| scene.sentence.children(c)).filter(|&c| scene.case(c).as_deref() == Some("of")));
        }
        for wanted in ["of", "for", "in", "from", "at"] {
            for &c in &after {
                if scene.case(c).as_deref() != Some(wanted) {
                    continue;
                }
                let child = scene.phrases.head(c);
                if let Some(f) = self.phrase(scene, child, depth + 1) {
                    // "officials of the foreign ministry": a country from context is no word of the text's.
                    let country: CompactString = f.mention.actor.country.as_deref().unwrap_or("").into();
                    if country.is_empty() && f.mention.actor.sector.is_none() {
                        continue;
                    }
                    let joined = wanted == "of" && f.mention.tokens.start <= to + 2;
                    return Some(Origin {
                        country,
                        sector: self.lends(&f),
                        entity: f.about.entity,
                        how: "of",
                        state: f.about.state,
                        from: None,
                        to: joined.then_some(f.mention.tokens.end),
                    });
                }
                if let Some((country, e)) = self.place_of(scene, child) {
                    return Some(Origin {
                        country,
                        sector: CompactString::default(),
                        entity: Some(e),
                        how: "place",
                        state: true,
                        from: None,
                        to: (wanted == "of").then(|| scene.range(child).1),
                    });
                }
            }
        }
        let _ = head;
        world.then(|| Origin { country: "WLD".into(), how: "world", ..Origin::default() })
    }

    /// Country of a phrase that is a place here: "in Lyon", "in the Turkish capital".
    pub fn place_of(&self, scene: &Scene, head: usize) -> Option<(CompactString, EntityIx)> {
        let (from, to) = scene.range(head);
        scene.within(from, to).rev().find_map(|h| self.country_of(h)).filter(|(c, _)| !c.is_empty())
    }

    /// Country of the place where the clause of `head` plays: "*in Amman* people demonstrated".
    fn clause_place(&self, scene: &Scene, head: usize) -> Option<CompactString> {
        let tokens = &scene.sentence.tokens;
        let argument = |t: usize| tokens[t].dep.is_subject() || matches!(tokens[t].dep, Dep::Obj | Dep::OblAgent | Dep::Conj);
        let mut verb = head;
        while argument(verb) && tokens[verb].head != verb {
            verb = tokens[verb].head;
            if tokens[verb].upos == Upos::Verb {
                break;
            }
        }
        if verb == head || tokens[verb].upos != Upos::Verb {
            return None;
        }
        // The parser hangs the place of a clause now on the verb, now on its object.
        let here = |of: usize, dep: Dep| {
            let mut places = scene
                .sentence
                .children(of)
                .filter(|&c| c != head && tokens[c].dep == dep && scene.case(c).is_some_and(|p| self.know.lexicon.is(Mark::Place, &p)));
            // "Outside the Ethiopian embassy" is not in Ethiopia: the place must go by its name.
            places
                .find_map(|c| {
                    let (from, to) = scene.range(scene.phrases.head(c));
                    let named = |h: &&Hit| h.names().iter().any(|n| n.form == Form::Name);
                    scene.within(from, to).rev().filter(named).find_map(|h| self.country_of(h)).filter(|(c, _)| !c.is_empty())
                })
                .map(|(country, _)| country)
        };
        let object = || scene.sentence.children(verb).find(|&c| c != head && tokens[c].dep == Dep::Obj);
        here(verb, Dep::Obl).or_else(|| object().and_then(|o| here(o, Dep::Nmod))).filter(|c| self.is_state(c))
    }

    /// The sector that a possessor or complement lends to officials of it.
    fn lends(&self, f: &Found) -> CompactString {
        match f.about.state {
            true => CompactString::default(),
            false => f.mention.actor.sector.as_deref().unwrap_or("").into(),
        }
    }

    /// "A team of heavily armed police", "thousands of Iranians": who the number or group is of.
    fn part_of(&mut self, scene: &mut Scene<'a>, head: usize, from: usize, to: usize, depth: usize) -> Option<Found> {
        let child = scene
            .dependents(from, to)
            .into_iter()
            .find(|&c| c >= to && scene.sentence.tokens[c].dep == Dep::Nmod && scene.case(c).as_deref() == Some("of"))?;
        let inner = self.phrase(scene, scene.phrases.head(child), depth + 1)?;
        if inner.mention.naming == Naming::Nationality {
            return None;
        }
        let mut f = self.found(
            scene,
            from..inner.mention.tokens.end.max(to),
            head,
            inner.mention.naming,
            inner.mention.actor.clone(),
            About { plural: true, person: false, ..inner.about.clone() },
        );
        f.mention.chain = inner.mention.chain;
        f.mention.members = inner.mention.members.clone();
        Some(f)
    }

    /// "the president", "the group", "the ministry": the one spoken of just before.
    fn told_before(&mut self, scene: &Scene, head: usize, from: usize, to: usize, r: u16, about: &About) -> Option<Found> {
        let role = self.know.lexicon.role(r)?;
        let before = self
            .talk
            .back(scene.s, 4)
            .find(|f| {
                let same_office = role.office.is_some() && f.about.office == role.office
                    || role.office.as_deref().is_some_and(|o| self.holds(f.about.entity, o));
                // "Gov. Christie ... the governor": a title may be a short form of the word.
                let title =
                    about.person && (3..about.noun.len()).contains(&f.about.noun.len()) && about.noun.starts_with(f.about.noun.as_str());
                let same_word = f.about.noun == about.noun && f.about.role == Some(r) || title;
                if about.person {
                    f.about.person && (same_office || same_word) && (f.mention.actor.country.is_some() || f.mention.actor.entity.is_some())
                } else if about.body && !about.plural {
                    // "the government" two sentences on is the one whose country the report speaks of by then.
                    let far = f.mention.sentence + 1 < scene.s && f.about.entity.is_none();
                    let of_late = |c: &str| !far || self.talk.country_at(scene.s).is_none_or(|now| now == c);
                    same_word && f.mention.actor.country.as_deref().is_some_and(of_late)
                        || f.about.body
                            && !f.about.state
                            && f.about.entity.is_some()
                            && f.mention.actor.sector.as_deref() == Some(role.sector.as_str())
                } else {
                    same_word && f.about.plural && f.mention.actor.country.is_some()
                }
            })?
            .clone();
        let mut a = before.mention.actor.clone();
        a.rule = format!("coref:{}", about.noun);
        let mut f =
            self.found(scene, from..to, head, Naming::Role, a, About { role: Some(r), noun: about.noun.clone(), ..before.about.clone() });
        f.mention.chain = before.mention.chain;
        Some(f)
    }

    /// Whether a person holds an office of that role on the report's day.
    pub fn holds(&self, e: Option<EntityIx>, office: &str) -> bool {
        let Some(entity) = e.and_then(|e| self.entity(e)) else { return false };
        let k = &self.know.knowledge;
        k.terms_of(entity).iter().any(|t| {
            self.day.is_none_or(|d| t.from <= d && d <= t.to) && k.office_of(t).is_some_and(|o| o.roles.iter().any(|r| r == office))
        })
    }
}

/// "Workers in Brazil called off a strike": what stands between a subject and its verb belongs to the subject, though the tree hangs it on the verb.
fn beside(scene: &Scene, head: usize, to: usize) -> Option<usize> {
    let t = &scene.sentence.tokens;
    let verb = t.get(head).filter(|h| h.dep.is_subject())?.head;
    t.get(to).filter(|p| p.upos == Upos::Adp)?;
    (to + 1..verb.min(t.len())).find(|&i| t[i].head == verb && t[i].dep == Dep::Obl)
}

/// The noun that the relative clause around a token is about.
fn relative_noun(scene: &Scene, at: usize) -> Option<usize> {
    let t = &scene.sentence.tokens;
    let clause = std::iter::once(at).chain(scene.sentence.ancestors(at)).find(|&a| t[a].dep == Dep::AclRelcl)?;
    Some(t[clause].head)
}

/// "*In Washington*, senators": a place before the subject says where all of its clause is.
fn fronted(scene: &Scene, from: usize) -> bool {
    let opening = scene.sentence.tokens.get(..from).unwrap_or(&[]);
    opening.first().is_some_and(|t| t.dep == Dep::Case && t.lemma == "in") && opening.last().is_some_and(|t| t.form == ",")
}

/// "the", "this", "its" before the noun.
pub fn definite(scene: &Scene, from: usize, head: usize) -> bool {
    scene
        .sentence
        .tokens
        .get(from..head)
        .unwrap_or(&[])
        .iter()
        .any(|t| matches!(t.lemma.as_str(), "the" | "this" | "that" | "these" | "those") || t.dep == Dep::NmodPoss)
}

/// "a minister", "some officials", "any government".
pub fn indefinite(scene: &Scene, from: usize) -> bool {
    scene.sentence.tokens.get(from).is_some_and(|t| {
        t.upos == Upos::Det && matches!(t.lemma.as_str(), "a" | "an" | "any" | "some" | "another" | "every" | "each" | "no")
    })
}

/// Whether a hit is a word of the lexicon with that mark.
pub fn marked(h: &Hit, mark: Mark) -> bool {
    matches!(&h.what, What::Word(w) if w.marks.contains(&mark))
}
