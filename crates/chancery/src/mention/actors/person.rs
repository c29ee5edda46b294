//! Persons: names with their titles, short forms, and names nobody knows that the text ties to a country.

use super::discourse::{About, Found, actor, recode};
use super::fold::slug;
use super::hits::{Hit, What};
use super::knowledge::{Class, Form};
use super::lexicon::{Kind, Mark};
use super::reader::{Reader, Scene, pieces_of_tokens, surname};
use crate::model::Naming;
use crate::parse::Name as NameKind;
use crate::parse::ud::{Dep, Upos};
use crate::record::Actor;
use compact_str::CompactString;

/// What stands before a name and says who that is.
#[derive(Debug, Default)]
struct Titles {
    titled: bool,
    /// A title that only persons' names follow: "Mr".
    named: bool,
    former: bool,
    female: Option<bool>,
    role: Option<u16>,
    sector: CompactString,
    country: Option<CompactString>,
    office: Option<CompactString>,
    /// Dictionary form of the title's last word.
    noun: CompactString,
}

impl<'a> Reader<'a> {
    /// A person named in the phrase of `head`.
    pub fn person(&mut self, scene: &mut Scene<'a>, head: usize, from: usize, to: usize, depth: usize) -> Option<Found> {
        let hit = self.person_hit(scene, head, from, to)?;
        let titles = self.titles(scene, from, &hit);
        let mut about =
            About { person: true, role: titles.role, noun: titles.noun.clone(), office: titles.office.clone(), ..About::default() };
        let mut actor = match &hit.what {
            What::Name(names) => match self.pick(names, titles.titled, titles.country.as_deref(), titles.office.as_deref()) {
                Some((e, Form::Name | Form::Short)) if self.entity(e).is_some_and(|x| x.class == Class::Person) => {
                    let known = self.about_entity(e);
                    about = About { role: about.role, noun: about.noun, office: about.office, ..known };
                    Some(self.known_as(e, "name", titles.office.as_deref())?)
                }
                // A title says that it is a person, though the name is a state's: "Mr Jordan"; "ordinary Kazakhs" are no title's.
                Some((_, form)) if !titles.named || form != Form::Name => return None,
                None if !titles.titled => return None,
                _ => None,
            },
            _ => None,
        };
        if actor.is_none() {
            (actor, about) = self.unknown_person(scene, &hit, &titles, about)?;
        }
        let mut actor = actor?;
        let known = about.entity.is_some();
        if let Some(f) = titles.female {
            about.female = Some(f);
        }
        // What the text says of them now: apposition, "of Turkey".
        if actor.country.is_none() || (actor.sector.is_none() && !known) {
            self.told(scene, head, from, to, depth, &mut actor, &mut about);
        }
        if titles.former && (actor.office.is_none() || self.day.is_none()) {
            let country = actor.country.clone().unwrap_or_default();
            recode(&mut actor, &country, "ELI");
        }
        let first = if hit.from > from { self.start_of(scene, from) } else { from };
        let mut f = self.found(scene, first..to.max(hit.to), head, Naming::Name, actor, about);
        f.mention.chain = self.chain_of(&f.mention.actor.clone(), &f.about);
        Some(f)
    }

    /// The hit that names the person whom the phrase is about: at its head, or after a title that is its head.
    fn person_hit(&self, scene: &Scene, head: usize, from: usize, to: usize) -> Option<Hit> {
        let hit = scene.within(from, to).rev().find(|h| !matches!(&h.what, What::Word(_)) && (h.covers(head) || h.from > head))?;
        let titled = scene.within(from, hit.from).last().is_some_and(|h| {
            h.to == hit.from
                && (h.role().and_then(|r| self.know.lexicon.role(r)).is_some_and(|r| matches!(r.kind, Kind::Person | Kind::People))
                    || h.word().is_some_and(|w| w.marks.iter().any(|m| m.is_title())))
        });
        let person = match &hit.what {
            // "JASTA" is no person.
            What::Unknown(Some(NameKind::Person)) => titled || !acronym(scene, hit),
            What::Unknown(_) => titled || (hit.to - hit.from == 1 && self.talk.by_surname(&self.surname_at(scene, hit)).is_some()),
            What::Name(names) => titled || names.iter().any(|n| self.entity(n.entity).is_some_and(|e| e.class == Class::Person)),
            What::Word(_) => false,
        };
        (person && (titled || !self.is_town(scene, head, hit))).then(|| hit.clone())
    }

    /// A surname that is a town's name here: "of Ashton, Md."
    fn is_town(&self, scene: &Scene, head: usize, hit: &Hit) -> bool {
        hit.to - hit.from == 1
            && scene.case(head).is_some_and(|c| matches!(c.as_str(), "of" | "in" | "from" | "near" | "at"))
            && self.in_country(scene, hit.to)
    }

    fn surname_at(&self, scene: &Scene, hit: &Hit) -> CompactString {
        let pieces = pieces_of_tokens(scene.sentence, hit.to - 1, hit.to);
        let n = pieces.list.len();
        pieces.text(n.saturating_sub(1), n).into()
    }

    fn titles(&self, scene: &Scene, from: usize, name: &Hit) -> Titles {
        let mut t = Titles::default();
        for h in scene.within(from, name.from) {
            match &h.what {
                What::Word(w) => {
                    if let Some(role) = w
                        .role
                        .and_then(|r| self.know.lexicon.role(r))
                        .filter(|r| matches!(r.kind, Kind::Person | Kind::People | Kind::Body))
                    {
                        t.titled |= role.kind != Kind::Body;
                        t.role = w.role;
                        t.noun = scene.lemma(h.to - 1).trim_end_matches('.').to_lowercase().into();
                        t.sector = role.sector.clone();
                        t.office = role.office.clone();
                        if role.derive
                            && let Some(s) = self.modifier_sector(scene, from, h.from)
                        {
                            t.sector = s;
                        }
                        t.female = t.female.or(role.gender.as_deref().map(|g| g == "f"));
                    }
                    for m in &w.marks {
                        t.titled |= m.is_title();
                        t.named |= m.is_title();
                        t.former |= *m == Mark::Former;
                        match m {
                            Mark::TitleM => t.female = Some(false),
                            Mark::TitleF => t.female = Some(true),
                            _ => {}
                        }
                        if m.is_title() && !m.sector().is_empty() && t.noun.is_empty() {
                            t.noun = scene.lemma(h.to - 1).trim_end_matches('.').to_lowercase().into();
                        }
                        if m.is_title() && t.sector.is_empty() {
                            t.sector = m.sector().into();
                        }
                    }
                }
                What::Name(_) => {
                    if let Some((c, e)) = self.country_of(h).filter(|_| !super::reader::follows_hyphen(scene, h, &self.know.lexicon)) {
                        t.country = Some(c);
                        if let Some(e) = self.entity(e).filter(|e| e.class == Class::Org && t.role.is_none()) {
                            t.sector = e.sector.clone();
                        }
                    }
                }
                What::Unknown(_) => {}
            }
        }
        // "Iran's president Rouhani": the possessor stands outside the base phrase.
        if t.country.is_none() {
            t.country = self.possessor_country(scene, from, name.to);
        }
        t
    }

    fn possessor_country(&self, scene: &Scene, from: usize, to: usize) -> Option<CompactString> {
        let p = scene.dependents(from, to).into_iter().find(|&c| scene.sentence.tokens[c].dep == Dep::NmodPoss && c < to)?;
        let hit = scene.hit(p)?;
        self.country_of(hit).map(|(c, _)| c)
    }

    /// Where a phrase begins when its possessor is counted in.
    pub fn start_of(&self, scene: &Scene, from: usize) -> usize {
        let mark = from.checked_sub(1).and_then(|i| scene.sentence.tokens.get(i));
        match mark {
            Some(t) if t.dep == Dep::Case && matches!(t.form.as_str(), "'s" | "’s" | "'" | "’") => {
                let head = scene.phrases.head(t.head);
                scene.range(head).0.min(from)
            }
            _ => from,
        }
    }

    /// A person whom the knowledge files do not have: by an earlier full name, or as the text calls them.
    fn unknown_person(&mut self, scene: &Scene, hit: &Hit, titles: &Titles, about: About) -> Option<(Option<Actor>, About)> {
        let short = self.surname_at(scene, hit);
        // Initials, suffixes and nicknames aside it may be somebody known: "Mikhail S. Gorbachev".
        if let Some(e) = self.without_initials(scene, hit, titles) {
            let known = self.about_entity(e);
            return Some((self.known(e, "name"), About { role: about.role, noun: about.noun, office: about.office, ..known }));
        }
        let single = hit.to - hit.from == 1;
        if let Some(before) = self.talk.by_surname(&short)
            && (single || before.about.unknown && self.same_person(scene, hit, before))
        {
            let mut actor = before.mention.actor.clone();
            actor.rule = format!("short:{}", actor.entity_id.as_deref().or(actor.entity.as_deref()).unwrap_or(""));
            let mut about = About {
                role: titles.role.or(before.about.role),
                office: titles.office.clone().or(before.about.office.clone()),
                ..before.about.clone()
            };
            about.female = titles.female.or(about.female);
            if actor.country.is_none()
                && let Some(c) = &titles.country
            {
                recode(&mut actor, c, &titles.sector);
            }
            return Some((Some(actor), about));
        }
        let sentence = scene.sentence;
        let plain = sentence.tokens.get(hit.from).is_some_and(|t| t.form.chars().any(char::is_lowercase) || t.form.len() > 1);
        if !plain {
            return None;
        }
        let name = self.doc.slice(sentence.span_of(hit.from, hit.to - 1)).split_whitespace().collect::<Vec<_>>().join(" ");
        let rule = if titles.country.is_some() {
            "title+country"
        } else if titles.titled {
            "title"
        } else {
            "name:unknown"
        };
        let country = titles.country.clone().unwrap_or_default();
        let sector = if country.is_empty() && titles.role.is_none() { "" } else { &titles.sector };
        let mut a = if self.is_company(scene, hit) { actor(&country, BUSINESS, "name:company") } else { actor(&country, sector, rule) };
        a.entity = Some(name.clone());
        let given = sentence.tokens.get(hit.from).filter(|_| !single).map_or("", |t| t.form.as_str());
        let female = titles.female.or_else(|| self.know.lexicon.is_womans(given));
        let about = About { surname: surname(&name), unknown: true, female, ..about };
        Some((Some(a), about))
    }

    /// Two persons of one surname: "Keith Scott", "Rakeyia Scott".
    fn same_person(&self, scene: &Scene, hit: &Hit, before: &Found) -> bool {
        let first = |name: &str| slug(name.split_whitespace().next().unwrap_or(""));
        let (Some(here), Some(there)) = (scene.sentence.tokens.get(hit.from), before.mention.actor.entity.as_deref()) else { return true };
        !there.contains(' ') || first(&here.form) == first(there)
    }

    /// The same name without single letters, "Jr." and the like.
    fn without_initials(&self, scene: &Scene, hit: &Hit, titles: &Titles) -> Option<super::knowledge::EntityIx> {
        let sentence = scene.sentence;
        let mut name = String::new();
        for t in sentence.tokens.get(hit.from..hit.to)? {
            if t.form.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
                continue;
            }
            name.push_str(&t.form);
            name.push(' ');
        }
        let pieces = super::fold::pieces_of(&name);
        if pieces.list.len() < 2 || hit.to - hit.from < 3 {
            return None;
        }
        let names: Vec<_> = self.know.knowledge.names.exactly(&pieces).copied().collect();
        let (e, _) = self.pick(&names, titles.titled, titles.country.as_deref(), titles.office.as_deref())?;
        self.entity(e).filter(|e| e.class == Class::Person).map(|_| e)
    }

    /// Country and sector from what is said of a name beside it: "Zarif, Iran's foreign minister", "Erdogan of Turkey".
    #[allow(clippy::too_many_arguments)]
    fn told(&mut self, scene: &mut Scene<'a>, head: usize, from: usize, to: usize, depth: usize, a: &mut Actor, about: &mut About) {
        let mut sides: Vec<usize> = Vec::new();
        sides.extend(self.apposed(scene, head, from, to));
        // "Foreign minister X" where the name is itself the apposition is filled in from the role's side.
        sides.extend(
            scene.dependents(from, to).into_iter().filter(|&c| {
                scene.sentence.tokens[c].dep == Dep::Nmod && scene.case(c).is_some_and(|p| matches!(p.as_str(), "of" | "from"))
            }),
        );
        for side in sides {
            let of = scene.sentence.tokens[side].dep == Dep::Nmod;
            let Some(f) = self.phrase(scene, scene.phrases.head(side), depth + 1) else { continue };
            if !of && f.mention.naming != Naming::Role {
                continue;
            }
            let Some(country) = f.mention.actor.country.clone().or(a.country.clone()) else { continue };
            let sector = match (&a.sector, of) {
                (Some(s), _) => s.clone(),
                (None, false) => f.mention.actor.sector.clone().unwrap_or_default(),
                (None, true) => String::new(),
            };
            recode(a, &country, &sector);
            a.rule = if of { "name+of".to_owned() } else { "name+apposition".to_owned() };
            if !of {
                about.role = about.role.or(f.about.role);
                about.office = about.office.clone().or(f.about.office.clone());
            }
            return;
        }
    }

    /// Head of the phrase that stands in apposition after `from..to`.
    pub fn apposed(&self, scene: &Scene, head: usize, from: usize, to: usize) -> Option<usize> {
        let t = &scene.sentence.tokens;
        if let Some(c) = scene.dependents(from, to).into_iter().find(|&c| t[c].dep == Dep::Appos && c >= to) {
            return Some(scene.phrases.head(c));
        }
        // "Zarif, Iran's foreign minister, met": the tree often takes both for subjects.
        if t.get(to)?.form != "," {
            return None;
        }
        let next = (to + 1..t.len()).find(|&i| t[i].upos != Upos::Punct)?;
        let mut other = scene.phrases.head(next);
        // A possessor leads to what it possesses.
        if t[other].dep == Dep::NmodPoss {
            other = scene.phrases.head(t[other].head);
        }
        let (_, end) = scene.range(other);
        let closed = t.get(end).is_none_or(|t| t.upos == Upos::Punct);
        let same = t[other].head == t[head].head && t[other].dep.main() == t[head].dep.main() && other != head;
        (other > head && closed && same).then_some(other)
    }

    /// Whether a name is a firm's by its last words: "Alpha Beta Ltd", "Young & Co".
    fn is_company(&self, scene: &Scene, hit: &Hit) -> bool {
        let tokens = scene.sentence.tokens.get(hit.from + 1..=hit.to).unwrap_or_default();
        tokens.iter().rev().take(3).any(|t| t.upos == Upos::Propn && self.know.lexicon.is(Mark::Company, &t.form.to_lowercase()))
    }

    /// A name nobody knows that is no person's: an organisation or company, with what its phrase says of it.
    pub fn unknown(&mut self, scene: &mut Scene<'a>, head: usize, from: usize, to: usize, hit: &Hit) -> Option<Found> {
        let What::Unknown(kind) = &hit.what else { return None };
        if *kind == Some(NameKind::Place)
            || self.in_country(scene, to)
            || scene.case(head).is_some_and(|c| self.know.lexicon.is(Mark::Place, &c))
        {
            return None;
        }
        let token = &scene.sentence.tokens[head];
        let arguments = token.dep.is_subject()
            || matches!(token.dep, Dep::Obj | Dep::Obl | Dep::OblAgent | Dep::Nmod | Dep::NmodPoss | Dep::Conj | Dep::Appos | Dep::Iobj);
        if !arguments || token.upos != Upos::Propn {
            return None;
        }
        let titles = self.titles(scene, from, hit);
        let org = *kind == Some(NameKind::Organisation);
        if !org && titles.country.is_none() && titles.role.is_none() && !token.dep.is_subject() {
            return None;
        }
        let name = self.doc.slice(scene.sentence.span_of(hit.from, hit.to - 1)).to_owned();
        let country = titles.country.clone().unwrap_or_default();
        let (sector, rule) = match (self.is_company(scene, hit), country.is_empty()) {
            (true, _) => (BUSINESS, "name:company"),
            (false, true) => ("", "name:unknown"),
            (false, false) => (titles.sector.as_str(), "name+country"),
        };
        let mut a = actor(&country, sector, rule);
        a.entity = Some(name.clone());
        let about = About { body: true, unknown: true, role: titles.role, ..About::default() };
        let mut f = self.found(scene, self.start_of(scene, from)..to, head, Naming::Name, a, about);
        f.mention.chain = self.talk.chain(format!("name/{}", slug(&name)));
        Some(f)
    }
}

/// The sector of firms.
const BUSINESS: &str = "BUS";

/// One word in capitals of a sentence that is not all in capitals.
fn acronym(scene: &Scene, hit: &Hit) -> bool {
    let letters =
        |t: &crate::model::Token| t.form.chars().filter(|c| c.is_alphabetic()).count() > 2 && !t.form.chars().any(char::is_lowercase);
    hit.to - hit.from == 1 && scene.sentence.tokens.get(hit.from).is_some_and(letters) && !super::hits::in_capitals(scene.sentence)
}
