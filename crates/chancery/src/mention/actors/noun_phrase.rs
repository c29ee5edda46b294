//! Base noun phrases over the tree, made whole around names and titles that the tree tears apart.

use super::hits::Hit;
use crate::model::Sentence;
use crate::parse::ud::{Dep, Upos};

/// For each token the head of its base noun phrase: the noun with its determiners, adjectives, compounds and name parts,
/// without possessors and what follows in prepositions or commas.
#[derive(Debug)]
pub struct NounPhrases {
    head: Vec<usize>,
}

impl NounPhrases {
    pub fn of(sentence: &Sentence, hits: &[Hit], is_person: impl Fn(&Hit) -> bool) -> NounPhrases {
        let n = sentence.tokens.len();
        // A hit of several words moves as one: its tokens go where its own head goes.
        let mut unit: Vec<usize> = (0..n).collect();
        for h in hits.iter().filter(|h| h.to - h.from > 1) {
            let top = hit_head(sentence, h);
            (h.from..h.to.min(n)).for_each(|t| unit[t] = top);
        }
        let mut head = vec![usize::MAX; n];
        for i in 0..n {
            let mut at = unit[i];
            for _ in 0..n {
                let up = unit[sentence.tokens[at].head.min(n - 1)];
                if up == at || !within(sentence, at, up, hits) {
                    break;
                }
                at = up;
            }
            head[i] = at;
        }
        let mut out = NounPhrases { head };
        out.join_titles(sentence, hits, is_person);
        out
    }

    pub fn head(&self, token: usize) -> usize {
        self.head.get(token).copied().unwrap_or(token)
    }

    /// Tokens of the base noun phrase of `head`: the unbroken run around it.
    pub fn range(&self, sentence: &Sentence, head: usize) -> (usize, usize) {
        let inside = |i: usize| self.head(i) == head;
        let (mut from, mut to) = (head, head + 1);
        while from > 0 && inside(from - 1) {
            from -= 1;
        }
        while to < sentence.tokens.len() && inside(to) {
            to += 1;
        }
        // Marks and coordinators at its edges are not part of it.
        let edge = |i: usize| sentence.tokens.get(i).is_some_and(|t| matches!(t.upos, Upos::Punct | Upos::Cconj | Upos::Adp) && i != head);
        while from < head && edge(from) {
            from += 1;
        }
        while to > head + 1 && edge(to - 1) {
            to -= 1;
        }
        (from, to)
    }

    /// "Iraqi president Saddam Hussein": a title straight before a person's name belongs to the name, whatever the tree says.
    fn join_titles(&mut self, sentence: &Sentence, hits: &[Hit], is_person: impl Fn(&Hit) -> bool) {
        for pair in hits.windows(2) {
            let [title, name] = pair else { continue };
            // "officials Germany sent" and "leaders Smith met": a plural is no title.
            let plural = sentence.tokens.get(title.to - 1).is_some_and(|t| t.xpos.is_plural());
            if (title.role().is_none() && !title.word().is_some_and(|w| w.marks.iter().any(|m| m.is_title())))
                || title.to != name.from
                || plural
                || !is_person(name)
            {
                continue;
            }
            let (from, to) = (self.head(title.to - 1), self.head(name.from));
            for h in &mut self.head {
                if *h == from {
                    *h = to;
                }
            }
        }
    }
}

/// The token of a hit whose governor stands outside it.
pub fn hit_head(sentence: &Sentence, hit: &Hit) -> usize {
    let to = hit.to.min(sentence.tokens.len());
    let outside = |&i: &usize| {
        let t = &sentence.tokens[i];
        (t.head < hit.from || t.head >= to || t.head == i) && !matches!(t.dep, Dep::Case | Dep::Punct | Dep::Det | Dep::Cc)
    };
    (hit.from..to).find(outside).unwrap_or_else(|| to.saturating_sub(1).max(hit.from))
}

/// Whether token `i` is part of the base noun phrase of its governor.
fn within(sentence: &Sentence, i: usize, up: usize, hits: &[Hit]) -> bool {
    let t = &sentence.tokens[i];
    // "Ortega – Lindqvist": a dash with room about it parts two names.
    let parts = |d: usize| {
        let (before, dash) = (d.checked_sub(1).and_then(|b| sentence.tokens.get(b)), &sentence.tokens[d]);
        matches!(dash.form.as_str(), "–" | "—" | "--") && before.is_some_and(|b| b.span.end < dash.span.start)
    };
    match t.dep {
        Dep::Flat if (i.min(up)..=i.max(up)).any(parts) => false,
        Dep::Det | Dep::DetPredet | Dep::Amod | Dep::Compound | Dep::Flat | Dep::Nummod | Dep::NmodDesc | Dep::Goeswith | Dep::Fixed => {
            true
        }
        Dep::NmodPoss => t.upos == Upos::Pron,
        // The possessive mark belongs to the possessor; prepositions to nothing here.
        Dep::Case => false,
        // A hyphen inside a word, not the dash between a dateline and its story.
        Dep::Punct => {
            matches!(t.form.as_str(), "-" | "–")
                && i.checked_sub(1).and_then(|b| sentence.tokens.get(b)).is_some_and(|b| b.span.end == t.span.start)
                && sentence.tokens.get(i + 1).is_some_and(|a| a.span.start == t.span.end)
        }
        Dep::Advmod => sentence.tokens[up].upos == Upos::Adj || sentence.tokens[up].dep == Dep::Amod,
        // "22-year-old": what the adjective governs before it.
        Dep::Advcl | Dep::Obl | Dep::OblUnmarked | Dep::NmodUnmarked | Dep::Dep => {
            i < up && up - i < 4 && sentence.tokens[up].dep == Dep::Amod
        }
        Dep::Cc => sentence.tokens[up].dep == Dep::Conj && coordinated_modifier(sentence, up, hits),
        Dep::Conj => coordinated_modifier(sentence, i, hits),
        _ => false,
    }
}

/// "U.S. and British officials": both stand before the noun.
fn coordinated_modifier(sentence: &Sentence, i: usize, hits: &[Hit]) -> bool {
    let t = &sentence.tokens[i];
    let Some(first) = sentence.tokens.get(t.head) else { return false };
    t.dep == Dep::Conj
        && matches!(first.dep, Dep::Amod | Dep::Compound)
        && first.head > i
        && hits.iter().any(|h| h.covers(i) && !h.names().is_empty() || h.covers(i) && h.word().is_some_and(|w| w.modifier.is_some()))
}
