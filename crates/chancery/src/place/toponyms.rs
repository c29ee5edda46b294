//! Which names in a text are names of places, told from people, organisations and plain words.
//!
//! [`scan`] finds every stretch that the gazetteer knows, [`judge`] weighs what speaks for and against each.

use super::fold::{Pieces, join};
use super::gazetteer::{Facts, Form, Gazetteer, Id, Meant};
use super::words::PlaceWords;
use crate::mention::actors::hits::in_capitals;
use crate::model::{Actors, Sentence};
use crate::parse::ud::{Dep, Upos};
use crate::parse::{Entity, Name};

/// Pieces of the longest name looked up.
const LONGEST: usize = 7;

/// A stretch of a sentence that may name a place.
#[derive(Debug, Clone)]
pub struct Hit {
    pub sentence: usize,
    pub from: usize,
    pub to: usize,
    pub meant: Vec<Meant>,
    /// What speaks for a place, in tenths; see [`judge`].
    pub weight: i32,
    /// Feature that a noun beside it says it is, with whether the noun divides ("Donetsk region").
    pub feature: Option<(String, bool)>,
    /// Right before or after it stands a place it lies in: the index of that hit, whether a comma parts them.
    pub container: Option<(usize, bool)>,
    /// Stands for a people or a nationality.
    pub people: bool,
    /// The network's chunk around it is longer: the name of an organisation or a place with it inside.
    pub inside: bool,
}

impl Hit {
    pub fn covers(&self, sentence: usize, token: usize) -> bool {
        self.sentence == sentence && (self.from..self.to).contains(&token)
    }
}

/// Names of a sentence that the gazetteer knows, longest first from the left.
pub fn scan(g: &Gazetteer, words: &PlaceWords, index: usize, s: &Sentence, pieces: &mut Pieces, out: &mut Vec<Hit>) {
    pieces.clear();
    for (i, t) in s.tokens.iter().enumerate().take(usize::from(u16::MAX)) {
        pieces.push(&t.form, i as u16);
    }
    let list = &pieces.list;
    let capitals = in_capitals(s);
    let mut at = 0;
    let mut meant = Vec::new();
    while let Some(piece) = list.get(at) {
        let starts = at == 0 || list.get(at - 1).is_some_and(|p| p.token != piece.token);
        let mut best: Option<(usize, Vec<Meant>)> = None;
        if starts && piece.upper {
            let mut key = 0;
            for end in at + 1..=(at + LONGEST).min(list.len()) {
                let Some(last) = list.get(end - 1) else { break };
                key = join(key, last.hash);
                let whole = list.get(end).is_none_or(|p| p.token != last.token);
                if !whole || !last.upper && end > at + 1 && s.tokens.get(usize::from(last.token)).is_none_or(|t| t.upos != Upos::Propn) {
                    continue;
                }
                g.meant(pieces, at, end, key, &mut meant);
                if !meant.is_empty() {
                    best = Some((end, std::mem::take(&mut meant)));
                }
            }
        }
        let Some((end, meant)) = best else {
            at += 1;
            continue;
        };
        let from = usize::from(piece.token);
        let to = list.get(end - 1).map_or(from, |p| usize::from(p.token)) + 1;
        let text = pieces.text(at, end);
        let own = meant.iter().any(|m| matches!(m.id, Id::Own(_)) && m.form != Form::Weak);
        let plain = end == at + 1
            && !own
            && (words.never.contains(text) || text.len() < 3 && meant.iter().all(|m| matches!(m.form, Form::Spelling)));
        at = end;
        // In a headline in capitals a word is no town.
        let shown = s.tokens.get(from).is_some_and(|t| t.form.chars().any(char::is_lowercase));
        let hit = Hit {
            sentence: index,
            from,
            to,
            people: meant.iter().any(|m| m.form == Form::People),
            meant,
            weight: if plain { -60 } else { 0 } - if capitals && !shown { 10 } else { 0 },
            feature: None,
            container: None,
            inside: false,
        };
        out.push(hit);
    }
}

/// Kind of the network's chunk at token `i`.
pub fn kind_at(s: &Sentence, i: usize) -> Option<Name> {
    match s.tokens.get(i)?.entity {
        Entity::Begin(k) | Entity::Inside(k) => Some(k),
        Entity::Outside => None,
    }
}

/// The network's chunk around token `i`: its tokens.
pub fn chunk(s: &Sentence, i: usize) -> (usize, usize) {
    let inside = |i: usize| matches!(s.tokens.get(i).map(|t| t.entity), Some(Entity::Inside(_)));
    let mut from = i;
    while inside(from) && from > 0 {
        from -= 1;
    }
    let mut to = i + 1;
    while inside(to) {
        to += 1;
    }
    (from, to)
}

fn capital(s: &Sentence, i: usize) -> bool {
    s.tokens.get(i).is_some_and(|t| t.form.chars().next().is_some_and(char::is_uppercase))
}

/// Weighs a hit by its own words: what the gazetteer holds, what the network sees, what stands beside it.
/// A place is what reaches [`ENOUGH`].
pub fn judge(g: &Gazetteer, words: &PlaceWords, s: &Sentence, actors: &Actors, hit: &mut Hit) {
    let tokens = &s.tokens;
    let lemma = |i: Option<usize>| i.and_then(|i| tokens.get(i)).map_or("", |t| t.lemma.as_str());
    let before = hit.from.checked_sub(1);
    let mut w = hit.weight + hit.meant.iter().filter_map(|m| Some(standing(&g.facts(m.id)?, m.form))).max().unwrap_or(-100);

    // What the network takes it for.
    let kinds = |k: Name| (hit.from..hit.to).filter(|&i| kind_at(s, i) == Some(k)).count();
    let (place, organisation, person) = (kinds(Name::Place), kinds(Name::Organisation), kinds(Name::Person));
    let span = chunk(s, hit.from);
    let longer = kind_at(s, hit.from).is_some() && (span.0 < hit.from || span.1 > hit.to);
    if place > 0 {
        w += 14;
    } else if person > 0 {
        w -= if longer { 40 } else { 18 };
    } else if organisation > 0 {
        w -= if longer { 8 } else { 12 };
    } else {
        w -= 4;
    }
    hit.inside = longer && place + organisation > 0;

    // A name, or a word that begins a sentence with a capital.
    let propn = tokens.get(hit.to - 1).is_some_and(|t| matches!(t.upos, Upos::Propn | Upos::X)) || hit.people;
    w += match (propn, hit.from == 0 || place > 0) {
        (true, _) => 4,
        (false, true) => -20,
        (false, false) => -10,
    };
    // Names run on: "Paris Hilton", "Denis Mukwege", unless a word for a place goes on.
    let flat = |i: usize| tokens.get(i).is_some_and(|t| t.upos == Upos::Propn && matches!(t.dep, Dep::Flat | Dep::Compound));
    let next = tokens.get(hit.to);
    let after = next.and_then(|t| words.after(&t.form, &t.lemma));
    let runs_on = flat(hit.to) && capital(s, hit.to) && tokens.get(hit.to).is_some_and(|t| t.dep == Dep::Flat);
    let runs_in = hit.from > 0 && flat(hit.from) && tokens.get(hit.from).is_some_and(|t| t.dep == Dep::Flat) && capital(s, hit.from - 1);
    // "Tal Rifaat" is no place called Tal.
    let first_of_two = tokens.get(hit.to).is_some_and(|t| t.upos == Upos::Propn && chunk(s, hit.from).1 > hit.to)
        && capital(s, hit.to)
        && hit.to - hit.from == 1
        && hit.meant.iter().filter_map(|m| g.facts(m.id)).all(|f| !f.state && !f.id_is_own() && f.people < 300_000);
    if (runs_on || runs_in) && after.is_none() && place == 0 && !hit.people {
        w -= 16;
    } else if first_of_two && after.is_none() {
        w -= 20;
    }

    // Words beside it.
    let direction = before.is_some_and(|i| tokens.get(i).is_some_and(|t| words.directions.contains(t.form.to_lowercase().as_str())));
    let article = before.is_some_and(|i| tokens.get(i).is_some_and(|t| t.upos == Upos::Det));
    let led = before.and_then(|i| if direction || article { i.checked_sub(1) } else { Some(i) });
    if words.before.contains(lemma(led)) {
        w += 12;
    }
    if direction {
        w += 5;
    }
    let ahead = match before {
        Some(i) if words.within.contains(lemma(Some(i))) => i.checked_sub(1).and_then(|i| words.ahead(lemma(Some(i)))),
        Some(i) => words.ahead(lemma(Some(i))),
        None => None,
    };
    if let Some(f) = after.or(ahead) {
        w += 16;
        hit.feature = Some((f.name.to_string(), f.divides));
    }

    // Whom the actors' tables see there.
    for m in actors.in_sentence(hit.sentence).iter().filter(|m| m.tokens.start <= hit.from && m.tokens.end >= hit.to) {
        let id = m.actor.entity_id.as_deref().unwrap_or("");
        // The name alone, without what describes it.
        let same = m.actor.span.start >= s.span_of(hit.from, hit.to - 1).start && m.tokens.end == hit.to;
        if id.starts_with("person/") && m.naming == crate::model::Naming::Name {
            let described = m.tokens.len() > hit.to - hit.from && m.head >= hit.to;
            w -= if described { 0 } else { 40 };
        } else if same && id.starts_with("org/") {
            w -= 15;
        } else if same && ["country/", "region/", "seat/"].iter().any(|p| id.starts_with(p)) {
            w += 6;
        }
    }
    hit.weight = w;
}

/// What a hit must weigh to be a place.
pub const ENOUGH: i32 = 15;

/// How likely a name of the gazetteer is that place whenever it is written: well-known places are, small towns are not.
fn standing(f: &Facts, form: Form) -> i32 {
    let known = if f.state || form == Form::People {
        30
    } else if f.id_is_own() {
        22
    } else {
        match (f.feature, f.people) {
            ("division", _) => 16,
            ("district", _) => 10,
            (_, 1_000_000..) => 20,
            (_, 300_000..) => 15,
            (_, 100_000..) => 11,
            (_, 30_000..) => 6,
            (_, 10_000..) => 3,
            _ => 0,
        }
    };
    let words = 5 * f.name.matches([' ', '-']).count().min(2) as i32;
    let form = match form {
        Form::Name | Form::People => 0,
        Form::Spelling => -8,
        Form::Weak => -14,
    };
    known + words + form + if f.capital { 6 } else { 0 }
}
