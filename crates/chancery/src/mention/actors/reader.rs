//! Reads a report's sentences in order and says who is named in them.

use super::ActorKnowledge;
use super::discourse::{About, Discourse, Found, actor, recode};
use super::fold::{Pieces, slug};
use super::hits::{Hit, Scan, What};
use super::knowledge::{Class, Entity, EntityIx, Form, Name};
use super::lexicon::{Kind, Mark};
use super::noun_phrase::{NounPhrases, hit_head};
use crate::model::{ActorMention, Actors, Doc, Naming, Sentence};
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{Actor, BlockKind};
use compact_str::CompactString;
use std::ops::Range;

/// The reading of one report.
pub struct Reader<'a> {
    pub know: &'a ActorKnowledge,
    pub doc: &'a Doc<'a>,
    /// Published day as YYYYMMDD.
    pub day: Option<i32>,
    pub talk: Discourse,
    marks: Marks,
}

/// One sentence under reading.
pub struct Scene<'a> {
    pub s: usize,
    pub sentence: &'a Sentence,
    pub hits: Vec<Hit>,
    /// Index of the hit that covers each token.
    pub hit_at: Vec<Option<usize>>,
    pub phrases: NounPhrases,
    /// What each head came to, once it was asked for.
    pub done: Vec<Option<Option<Found>>>,
    /// Which tokens stand between quotation marks.
    pub quoted: Vec<bool>,
}

impl Scene<'_> {
    pub fn hit(&self, token: usize) -> Option<&Hit> {
        self.hits.get((*self.hit_at.get(token)?)?)
    }
    pub fn range(&self, head: usize) -> (usize, usize) {
        self.phrases.range(self.sentence, head)
    }
    /// Hits inside tokens `from..to`, in text order.
    pub fn within(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &Hit> {
        self.hits.iter().filter(move |h| h.from >= from && h.to <= to)
    }
    /// Dependents of any token of a phrase that stand outside it.
    pub fn dependents(&self, from: usize, to: usize) -> Vec<usize> {
        let mut out: Vec<usize> = (from..to).flat_map(|t| self.sentence.children(t)).filter(|c| *c < from || *c >= to).collect();
        out.sort_unstable();
        out
    }
    /// The preposition or possessive mark of `token`, in lower case.
    pub fn case(&self, token: usize) -> Option<CompactString> {
        let (from, to) = self.range(self.phrases.head(token));
        (from..to).chain([token]).find_map(|t| {
            self.sentence.children(t).find(|&c| self.sentence.tokens[c].dep == Dep::Case).map(|c| self.sentence.tokens[c].lemma.clone())
        })
    }
    pub fn lemma(&self, token: usize) -> &str {
        self.sentence.tokens.get(token).map_or("", |t| t.lemma.as_str())
    }
}

impl<'a> Reader<'a> {
    pub fn new(know: &'a ActorKnowledge, doc: &'a Doc<'a>) -> Self {
        let day = doc.published.map(|d| i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day()));
        Reader { know, doc, day, talk: Discourse::default(), marks: Marks::default() }
    }

    /// All mentions, in text order.
    pub fn read(mut self) -> Actors {
        let mut scan = Scan::default();
        let mut mentions = Vec::new();
        for (s, sentence) in self.doc.sentences.iter().enumerate() {
            let kind = self.doc.block_kind(s);
            let hits = scan.sentence(self.know, sentence);
            match kind {
                Some(BlockKind::Dateline) => self.dateline(&hits),
                Some(BlockKind::Boilerplate | BlockKind::Disclaimer | BlockKind::Byline | BlockKind::RelatedLink) => {}
                _ => self.sentence(s, sentence, hits, &mut mentions),
            }
        }
        mentions.sort_by(|a: &ActorMention, b| {
            (a.sentence, a.tokens.start, b.tokens.end, a.head).cmp(&(b.sentence, b.tokens.start, a.tokens.end, b.head))
        });
        mentions.dedup_by(|a, b| a.sentence == b.sentence && a.tokens == b.tokens && a.head == b.head);
        Actors { mentions }
    }

    /// A dateline's town or country is where the news is from.
    fn dateline(&mut self, hits: &[Hit]) {
        let code = hits.iter().flat_map(|h| h.names()).find_map(|n| {
            let e = self.know.knowledge.get(n.entity)?;
            matches!(e.class, Class::Country | Class::Seat | Class::Region).then(|| self.code(e))
        });
        if let Some(code) = code {
            self.talk.set_dateline(code);
        }
    }

    fn sentence(&mut self, s: usize, sentence: &'a Sentence, hits: Vec<Hit>, out: &mut Vec<ActorMention>) {
        let n = sentence.tokens.len();
        let mut hit_at = vec![None; n];
        for (i, h) in hits.iter().enumerate() {
            (h.from..h.to.min(n)).for_each(|t| hit_at[t] = Some(i));
        }
        let phrases = NounPhrases::of(sentence, &hits, |h| self.names_person(h));
        let quoted = self.marks.inside(sentence);
        let mut scene = Scene { s, sentence, hits, hit_at, phrases, done: vec![None; n], quoted };
        let mut heads: Vec<(usize, usize)> = (0..n).filter(|&i| scene.phrases.head(i) == i).map(|i| (scene.range(i).0, i)).collect();
        heads.sort_unstable();
        for (_, head) in heads {
            self.possessives(&scene, head, out);
            let found = self.phrase(&mut scene, head, 0);
            let inner = self.inner(&scene, head, found.as_ref());
            let (from, _) = scene.range(head);
            // Modifiers stand before their head: "Western" before "Western sanctions".
            for f in inner {
                self.keep(f, out);
            }
            if let Some(f) = found {
                self.keep(f, out);
            }
            debug_assert!(from <= head);
        }
    }

    /// "his", "its" inside a phrase: whom they mean is spoken of, too.
    fn possessives(&mut self, scene: &Scene, head: usize, out: &mut Vec<ActorMention>) {
        let (from, to) = scene.range(head);
        for t in (from..to).filter(|&t| t != head && scene.sentence.tokens[t].upos == Upos::Pron) {
            if let Some(f) = self.pronoun(scene, t) {
                self.keep(f, out);
            }
        }
    }

    /// Remembers a mention and gives it its words.
    fn keep(&mut self, mut found: Found, out: &mut Vec<ActorMention>) {
        let m = &mut found.mention;
        let Some(sentence) = self.doc.sentences.get(m.sentence) else { return };
        m.actor.span = sentence.span_of(m.tokens.start, m.tokens.end.saturating_sub(1));
        m.actor.text = self.doc.slice(m.actor.span).to_owned();
        for member in &mut m.members {
            (member.span, member.text) = (m.actor.span, m.actor.text.clone());
        }
        // The press's own country is not what the news is about.
        if let Some(code) = m
            .actor
            .country
            .as_deref()
            .filter(|c| self.know.knowledge.country_entity(c).is_some() && m.actor.sector.as_deref() != Some("JRN"))
        {
            let token = sentence.tokens.get(m.head);
            let place = token.is_some_and(|t| matches!(t.dep, Dep::Obl | Dep::Nmod)) && found.about.state;
            let weight = match m.naming {
                Naming::Nationality => 70,
                _ if found.about.subject => 150,
                Naming::Pronoun => 50,
                _ if place => 120,
                _ => 100,
            };
            self.talk.note_country(m.sentence, code, weight);
        }
        out.push(found.mention.clone());
        self.talk.remember(found);
    }

    pub fn code(&self, e: &Entity) -> CompactString {
        self.know.knowledge.code_at(&e.country, self.day)
    }
    pub fn entity(&self, e: EntityIx) -> Option<&'a Entity> {
        self.know.knowledge.get(e)
    }

    /// Whether a hit can be a person's name.
    fn names_person(&self, h: &Hit) -> bool {
        match &h.what {
            What::Unknown(kind) => !matches!(kind, Some(crate::parse::Name::Place)),
            What::Name(names) => names.iter().any(|n| self.entity(n.entity).is_some_and(|e| e.class == Class::Person)),
            What::Word(_) => false,
        }
    }

    /// The mention of a noun phrase, worked out once.
    pub fn phrase(&mut self, scene: &mut Scene<'a>, head: usize, depth: usize) -> Option<Found> {
        if let Some(done) = scene.done.get(head).cloned().flatten() {
            return done;
        }
        // A malformed tree must not send us in circles.
        if depth > 6 {
            return None;
        }
        if let Some(slot) = scene.done.get_mut(head) {
            *slot = Some(None);
        }
        let found = self.read_phrase(scene, head, depth);
        if let Some(slot) = scene.done.get_mut(head) {
            *slot = Some(found.clone());
        }
        found
    }

    fn read_phrase(&mut self, scene: &mut Scene<'a>, head: usize, depth: usize) -> Option<Found> {
        let token = scene.sentence.tokens.get(head)?;
        if token.upos == Upos::Pron && !self.know.lexicon.is(Mark::Each, &token.lemma) {
            return self.pronoun(scene, head);
        }
        let (from, to) = scene.range(head);
        if let Some(f) = self.description(scene, head, from, to, depth) {
            return Some(f);
        }
        if let Some(f) = self.person(scene, head, from, to, depth) {
            return Some(f);
        }
        let hit = scene.hit(head).cloned()?;
        match &hit.what {
            What::Name(names) => self.name(scene, head, from, to, &hit, names),
            What::Word(w) => {
                let word = w.clone();
                self.role(scene, head, from, to, &hit, &word, depth)
            }
            What::Unknown(_) => self.unknown(scene, head, from, to, &hit),
        }
    }

    /// A mention of `tokens`, its actor still to be filled.
    pub fn found(&self, scene: &Scene, tokens: Range<usize>, head: usize, naming: Naming, actor: Actor, about: About) -> Found {
        let t = scene.sentence.tokens.get(head);
        let governor = t.map(|t| t.head).filter(|&g| g != head);
        let subject = t.is_some_and(|t| t.dep.is_subject());
        let matrix =
            subject && governor.and_then(|g| scene.sentence.tokens.get(g)).is_some_and(|g| matches!(g.dep, Dep::Root | Dep::Parataxis));
        let possessor = t.is_some_and(|t| t.dep == Dep::NmodPoss);
        let quoted = scene.quoted.get(head).copied().unwrap_or(false);
        Found {
            mention: ActorMention { sentence: scene.s, tokens, head, naming, chain: usize::MAX, members: Vec::new(), actor },
            about: About { governor, subject, matrix, possessor, quoted, ..about },
        }
    }

    /// Which of the entities of a name is meant here.
    pub fn pick(&self, names: &[Name], titled: bool, country: Option<&str>, office: Option<&str>) -> Option<(EntityIx, Form)> {
        let mut best: Option<(EntityIx, Form, i32)> = None;
        let mut tie = false;
        for n in names {
            let Some(e) = self.entity(n.entity) else { continue };
            let code = self.code(e);
            let known = self.talk.knows(n.entity);
            if n.form == Form::Short && !(titled || known) {
                continue;
            }
            // "Mr Clarke" is the minister of that name only in news of his country, and nobody else's once another was named.
            if n.form == Form::Short && !known {
                let other = self.talk.by_surname(&surname(&e.name)).is_some_and(|f| f.about.unknown);
                let told = country.is_some() || office.is_some() || self.talk.knows_country(&code);
                if other || !told {
                    continue;
                }
            }
            if n.weak && !known && !self.talk.knows_country(&code) && country != Some(code.as_str()) {
                continue;
            }
            let mut score = match e.class {
                Class::Country => 8,
                Class::Igo => 7,
                Class::Org => 5,
                Class::Seat => 6,
                Class::Region => 4,
                Class::Person => 5,
            };
            if e.class == Class::Person {
                let (at, _, now) = self.know.knowledge.person_at(e, self.day);
                let terms = self.know.knowledge.terms_of(e);
                if now.is_some() {
                    score += 6;
                } else if self.day.is_some_and(|d| terms.iter().any(|t| t.to < d)) {
                    score += 3;
                }
                if let Some(c) = country {
                    if at == c || e.country == c {
                        score += 8;
                    } else {
                        continue;
                    }
                }
                if titled {
                    score += 4;
                }
                if let Some(role) = office
                    && terms.iter().any(|t| self.know.knowledge.office_of(t).is_some_and(|o| o.roles.iter().any(|r| r == role)))
                {
                    score += 3;
                }
                if n.form == Form::Short {
                    score -= 1;
                }
                // Of two of one name the one of the report's time is meant.
                if let (Some(d), Some(last)) = (self.day, terms.iter().map(|t| t.to).max())
                    && last < d - 400_000
                {
                    score -= 3;
                }
            } else {
                if titled && names.len() > 1 {
                    score -= 4;
                }
                if let (Some(c), true) = (country, !code.is_empty()) {
                    score += if c == code { 4 } else { 0 };
                }
                if self.talk.knows_country(&code) && e.class != Class::Country {
                    score += 2;
                }
                if self.day.is_some_and(|d| d < e.since || d > e.until) && e.class != Class::Country {
                    score -= 3;
                }
            }
            if known {
                score += 6;
            }
            match best {
                Some((b, f, s)) if s > score || (s == score && b == n.entity && !(n.form == Form::Name && f != Form::Name)) => {}
                Some((b, _, s)) if s == score && b != n.entity => tie = true,
                _ => {
                    tie = false;
                    best = Some((n.entity, n.form, score));
                }
            }
        }
        // Two persons of the same surname and claim: null rather than a guess.
        best.filter(|b| !(tie && self.entity(b.0).is_some_and(|e| e.class == Class::Person))).map(|(e, f, _)| (e, f))
    }

    /// Name, id, country and sector of a known entity on the report's day.
    pub fn known(&self, e: EntityIx, rule: &str) -> Option<Actor> {
        self.known_as(e, rule, None)
    }

    /// As [`Reader::known`], of a person called by the title of an office.
    pub fn known_as(&self, e: EntityIx, rule: &str, office: Option<&str>) -> Option<Actor> {
        let entity = self.entity(e)?;
        let (country, sector, office) = match entity.class {
            Class::Person => self.know.knowledge.person_as(entity, self.day, office),
            Class::Seat => (self.code(entity), CompactString::default(), None),
            _ => (self.code(entity), entity.sector.clone(), None),
        };
        let mut a = actor(&country, &sector, format!("{rule}:{}", entity.id));
        a.entity = Some(entity.name.to_string());
        a.entity_id = Some(entity.id.to_string());
        a.wikidata = (!entity.wikidata.is_empty()).then(|| entity.wikidata.to_string());
        a.office = office.map(|o| o.to_string());
        Some(a)
    }

    pub fn about_entity(&self, e: EntityIx) -> About {
        let Some(entity) = self.entity(e) else { return About::default() };
        let person = entity.class == Class::Person;
        About {
            entity: Some(e),
            person,
            female: person.then_some(entity.female),
            state: matches!(entity.class, Class::Country | Class::Seat),
            body: matches!(entity.class, Class::Igo | Class::Org),
            surname: if person { surname(&entity.name) } else { CompactString::default() },
            ..About::default()
        }
    }

    /// The chain of an actor: by its entity where there is one; capitals and seats go with their state.
    pub fn chain_of(&mut self, a: &Actor, about: &About) -> usize {
        let key = match (&a.entity_id, about.state, &a.country) {
            (_, true, Some(c)) => format!("country/{c}"),
            (Some(id), ..) => id.clone(),
            _ if about.person && !about.surname.is_empty() => {
                // A second person of one surname goes by the whole name.
                let name = a.entity.as_deref().unwrap_or("");
                let other = self
                    .talk
                    .by_surname(&about.surname)
                    .is_some_and(|f| f.about.unknown && f.mention.actor.entity.as_deref() != Some(name));
                let chain = self.talk.by_surname(&about.surname).filter(|_| !other).map(|f| f.mention.chain);
                match chain {
                    Some(chain) => return chain,
                    None => format!("name/{}", slug(name)),
                }
            }
            (None, _, c) => match about.role {
                Some(r) if !about.person => format!("role/{r}/{}/{}", c.as_deref().unwrap_or(""), a.sector.as_deref().unwrap_or("")),
                _ => return self.talk.fresh_chain(),
            },
        };
        self.talk.chain(key)
    }

    /// A name of a state, body or people as head of its phrase.
    fn name(&mut self, scene: &Scene, head: usize, from: usize, to: usize, hit: &Hit, names: &[Name]) -> Option<Found> {
        let (e, form) = self.pick(names, false, None, None)?;
        let entity = self.entity(e)?;
        let token = &scene.sentence.tokens[head];
        let mut about = self.about_entity(e);
        let mut a = self.known(e, "name")?;
        match form {
            Form::Adjective if !stands_alone(scene, head, from) => {
                return Some(self.nationality(scene, hit, e));
            }
            Form::Adjective | Form::People { .. } => {
                // "the French", "Russians": the people, not the state.
                about.state = false;
                about.body = false;
                about.plural = !matches!(form, Form::People { plural: false });
                let country = a.country.clone().unwrap_or_default();
                let own = if entity.class == Class::Region { entity.sector.clone() } else { CompactString::default() };
                let sector = self.modifier_sector(scene, from, hit.from).unwrap_or(own);
                a = actor(&country, &sector, format!("people:{}", entity.id));
                about.entity = None;
                about.person = form == Form::People { plural: false };
            }
            _ => {}
        }
        // "THE HAGUE, Netherlands (AP) -" where the layout saw no dateline: the news is from there.
        let town = hit.from.checked_sub(2).and_then(|t| scene.hit(t)).is_some_and(|h| h.from == 0);
        if entity.class == Class::Country && town && scene.sentence.tokens[hit.from - 1].form == "," && is_dateline(scene, hit.to) {
            self.talk.set_dateline(a.country.as_deref().unwrap_or("").into());
            return None;
        }
        // "THE HAGUE, Netherlands": a town with its country after it is a place.
        if matches!(entity.class, Class::Seat | Class::Region) && self.in_country(scene, to) {
            return None;
        }
        if entity.class == Class::Seat {
            // "in Moscow" is a place; "Moscow said" is an actor.
            if scene.case(head).is_some_and(|c| self.know.lexicon.is(Mark::Place, &c)) {
                self.talk.note_country(scene.s, a.country.as_deref().unwrap_or(""), 120);
                return None;
            }
            if token.dep.is_subject() || token.dep == Dep::Root {
                let (country, sector) = (a.country.clone().unwrap_or_default(), entity.sector.clone());
                recode(&mut a, &country, &sector);
            }
        }
        if entity.class == Class::Region && form == Form::Name {
            if scene.case(head).is_some_and(|c| self.know.lexicon.is(Mark::Place, &c)) {
                self.talk.note_country(scene.s, a.country.as_deref().unwrap_or(""), 120);
            }
            about.state = false;
        }
        // "Iranian news agency IRNA": the phrase as a whole; "NATO member Turkey": only the name, with its article.
        let det = (from..hit.from).find(|&t| scene.sentence.tokens[t].upos == Upos::Det && t + 1 == hit.from);
        let whole = scene.within(from, hit.from).any(|h| h.role().is_some()) && entity.class == Class::Org;
        let first =
            if whole || (hit.from > from && scene.within(from, hit.from).next().is_none()) { from } else { det.unwrap_or(hit.from) };
        // "two Libyans" are some of a people; "the Libyans" may be the state.
        let people = form == (Form::People { plural: true }) && !super::role::definite(scene, from, head);
        let naming = if people { Naming::Role } else { Naming::Name };
        let mut f = self.found(scene, first..to.max(hit.to), head, naming, a, about);
        if f.mention.tokens.end > hit.to && entity.class != Class::Org {
            f.mention.tokens.end = hit.to;
        }
        f.mention.chain = self.chain_of(&f.mention.actor.clone(), &f.about);
        Some(f)
    }

    /// Whether a country's name follows between commas: "Venafro, Italy", "Columbus, Ohio,".
    pub fn in_country(&self, scene: &Scene, to: usize) -> bool {
        let t = &scene.sentence.tokens;
        let Some(h) = t.get(to).filter(|c| c.form == ",").and_then(|_| scene.hit(to + 1)).filter(|h| h.from == to + 1) else {
            return false;
        };
        let closed = t.get(h.to).is_none_or(|t| t.upos == Upos::Punct);
        closed
            && h.names()
                .iter()
                .any(|n| n.form == Form::Name && self.entity(n.entity).is_some_and(|e| matches!(e.class, Class::Country | Class::Region)))
    }

    /// "Russian", "U.S." before a noun: the state that the noun is of.
    pub fn nationality(&mut self, scene: &Scene, hit: &Hit, e: EntityIx) -> Found {
        let mut a = self.known(e, "nationality").unwrap_or_default();
        let mut about = self.about_entity(e);
        let head = hit_head(scene.sentence, hit);
        let naming = if about.person || about.body { Naming::Name } else { Naming::Nationality };
        if naming == Naming::Nationality {
            if let Some(c) = a.country.clone()
                && let Some(state) = self.know.knowledge.country_entity(&c)
                && about.entity != Some(state)
                && self.entity(e).is_some_and(|e| e.class != Class::Seat)
            {
                a.entity_id = None;
                a.entity = None;
            }
            about.state = self.entity(e).is_some_and(|e| matches!(e.class, Class::Country | Class::Seat));
        }
        let mut f = self.found(scene, hit.from..hit.to, head, naming, a, about);
        f.mention.chain = self.chain_of(&f.mention.actor.clone(), &f.about);
        f
    }

    /// Modifiers inside the phrase of `head` that name an actor of their own.
    fn inner(&mut self, scene: &Scene<'a>, head: usize, found: Option<&Found>) -> Vec<Found> {
        let (from, to) = scene.range(head);
        let mut out = Vec::new();
        let covered = found.is_some_and(|f| f.mention.naming != Naming::Nationality);
        let hits: Vec<Hit> = scene.within(from, to).filter(|h| !h.covers(head)).cloned().collect();
        for (i, h) in hits.iter().enumerate() {
            match &h.what {
                What::Name(names) => {
                    let Some((e, form)) = self.pick(names, false, None, None) else { continue };
                    let Some(entity) = self.entity(e) else { continue };
                    // In "Russian President Putin" the adjective is part of the role, in "U.S. and British officials" it is a side.
                    let side = coordinated(scene, h);
                    if covered
                        && !side
                        && (entity.class != Class::Person)
                        && found.is_some_and(|f| f.mention.tokens.start <= h.from && h.to <= f.mention.tokens.end)
                    {
                        continue;
                    }
                    if covered && found.is_some_and(|f| f.about.entity == Some(e)) {
                        continue;
                    }
                    if entity.class == Class::Region && form == Form::Name && names.iter().all(|n| n.weak) {
                        continue;
                    }
                    if follows_hyphen(scene, h, &self.know.lexicon) {
                        self.talk.note_country(scene.s, &entity.country, 30);
                        continue;
                    }
                    out.push(self.nationality(scene, h, e));
                }
                What::Word(w) => {
                    // "in the western province": without a capital it is a side of the country, save before those who may be of the West.
                    let capital = scene.sentence.tokens.get(h.from).is_some_and(|t| t.form.starts_with(char::is_uppercase));
                    let west = capital || self.know.lexicon.is(Mark::WorldNoun, scene.lemma(head));
                    let world = w.marks.contains(&Mark::WorldAdjective) && west
                        || w.marks.contains(&Mark::World)
                        || w.marks.contains(&Mark::International) && self.know.lexicon.is(Mark::WorldNoun, scene.lemma(head));
                    if world && !covered {
                        out.push(self.world(scene, h.from, h.to, hit_head(scene.sentence, h), Naming::Nationality));
                    } else if let (Some(r), false) = (w.role, covered) {
                        // "rebel attack", "police raid": the doer as modifier.
                        let Some(role) = self.know.lexicon.role(r) else { continue };
                        if role.needs != super::lexicon::Needs::Nothing || role.kind == Kind::Thing || role.foreign {
                            continue;
                        }
                        let country = hits[..i].iter().rev().find_map(|h| self.country_of(h)).map(|(c, _)| c);
                        let country = country.or_else(|| self.talk.country_at(scene.s)).unwrap_or_default();
                        let a = actor(&country, &role.sector, format!("role:{}", scene.lemma(h.to - 1)));
                        let about = About { role: Some(r), body: true, plural: true, ..About::default() };
                        let mut f = self.found(scene, h.from..h.to, hit_head(scene.sentence, h), Naming::Role, a, about);
                        f.mention.chain = self.chain_of(&f.mention.actor.clone(), &f.about);
                        out.push(f);
                    }
                }
                What::Unknown(_) => {}
            }
        }
        out
    }

    /// The West, the international community.
    pub fn world(&mut self, scene: &Scene, from: usize, to: usize, head: usize, naming: Naming) -> Found {
        let about = About { plural: true, body: true, ..About::default() };
        let mut f = self.found(scene, from..to, head, naming, actor("WLD", "", "world"), about);
        f.mention.chain = self.talk.chain("world".to_owned());
        f
    }

    /// Country and entity that a hit lends to the role beside it.
    pub fn country_of(&self, h: &Hit) -> Option<(CompactString, EntityIx)> {
        let Some((e, _)) = self.pick(h.names(), false, None, None) else {
            // Which Bush may be open, but not of which country.
            let mut codes = h.names().iter().filter_map(|n| Some((self.code(self.entity(n.entity)?), n.entity)));
            let first = codes.next()?;
            let shorts = h.names().iter().all(|n| n.form == Form::Name && !n.weak);
            return (shorts && codes.all(|(c, _)| c == first.0)).then_some(first);
        };
        let entity = self.entity(e)?;
        let code = if entity.class == Class::Person { self.know.knowledge.person_at(entity, self.day).0 } else { self.code(entity) };
        Some((code, e))
    }

    /// Sector that the modifiers in `from..to` give, the nearest to the noun first.
    pub fn modifier_sector(&self, scene: &Scene, from: usize, to: usize) -> Option<CompactString> {
        let of = |weak: bool| {
            scene.within(from, to).rev().find_map(|h| match &h.what {
                What::Word(w) => w.modifier.as_ref().filter(|(_, k)| *k == weak).map(|(s, _)| s.clone()),
                _ => None,
            })
        };
        of(false).or_else(|| of(true))
    }
}

/// Where quotation marks stand open, over the sentences of one block.
#[derive(Debug, Default)]
struct Marks {
    block: usize,
    open: bool,
}

impl Marks {
    /// Which tokens of the next sentence stand between quotation marks. A mark left open ends with its block.
    fn inside(&mut self, sentence: &Sentence) -> Vec<bool> {
        if self.block != sentence.block {
            *self = Marks { block: sentence.block, open: false };
        }
        let mut out = Vec::with_capacity(sentence.tokens.len());
        for t in &sentence.tokens {
            match t.form.as_str() {
                "“" | "«" | "„" | "``" => self.open = true,
                "”" | "»" => self.open = false,
                "\"" | "''" | "’’" | "‘‘" => self.open = !self.open,
                _ => {}
            }
            out.push(self.open);
        }
        out
    }
}

/// Folded last part of a name.
pub fn surname(name: &str) -> CompactString {
    slug(name.trim_end_matches(" Jr.").rsplit(' ').next().unwrap_or(name)).into()
}

/// Folded pieces of some tokens.
pub fn pieces_of_tokens(sentence: &Sentence, from: usize, to: usize) -> Pieces {
    let mut p = Pieces::default();
    for t in sentence.tokens.get(from..to).unwrap_or(&[]) {
        p.push(&t.form, 0);
    }
    p
}

/// A bracket or dash follows, as after the place of a dateline.
fn is_dateline(scene: &Scene, to: usize) -> bool {
    scene.sentence.tokens.get(to).is_some_and(|t| matches!(t.form.as_str(), "(" | "-" | "–" | "—" | "_" | "--"))
}

/// "the British said": an adjective that is a noun here.
fn stands_alone(scene: &Scene, head: usize, from: usize) -> bool {
    let t = &scene.sentence.tokens[head];
    let det = scene.sentence.tokens.get(from).is_some_and(|t| t.upos == Upos::Det);
    let role = t.dep.is_subject()
        || matches!(t.dep, Dep::Obj | Dep::Obl | Dep::OblAgent | Dep::Nmod | Dep::NmodPoss | Dep::Conj | Dep::Iobj | Dep::Root);
    (matches!(t.upos, Upos::Noun | Upos::Propn) || det || t.xpos == Xpos::Nnps) && role
}

/// Coordinated with another modifier before the same noun.
fn coordinated(scene: &Scene, h: &Hit) -> bool {
    let head = hit_head(scene.sentence, h);
    scene.sentence.tokens[head].dep == Dep::Conj || scene.sentence.children(head).any(|c| scene.sentence.tokens[c].dep == Dep::Conj)
}

/// "Iranian-backed", "Saudi-led": the name before the hyphen is not the actor.
pub fn follows_hyphen(scene: &Scene, h: &Hit, lexicon: &super::lexicon::Lexicon) -> bool {
    let t = &scene.sentence.tokens;
    let form = |i: usize| t.get(i).map(|t| t.form.as_str());
    matches!(form(h.to), Some("-" | "–")) && form(h.to + 1).is_some_and(|w| lexicon.is(Mark::Backed, w))
}
