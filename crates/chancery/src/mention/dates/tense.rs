//! Which way the clause around a time expression looks: back or ahead.

use super::grammar::DateGrammar;
use super::resolve::Tense;
use crate::mention::atoms::{Atom, AtomKind};
use crate::model::{Doc, Sentence};
use crate::parse::ud::{Upos, Xpos};

/// Words looked at on each side where no tree is at hand.
const REACH: usize = 24;

impl DateGrammar {
    /// Tense around atoms `from..to`: from the tree where there is one, else from cue words nearby.
    pub(super) fn tense(&self, doc: &Doc, atoms: &[Atom], from: usize, to: usize) -> Tense {
        let on_tree = atoms.get(from).and_then(|a| {
            let sentence = doc.sentences.get(doc.sentence_at(a.start)?)?;
            let token = sentence.tokens.partition_point(|t| t.span.end <= a.start);
            self.on_tree(sentence, token)
        });
        on_tree.unwrap_or_else(|| self.nearby(atoms, doc.report.text.as_str(), from, to))
    }

    /// Tense of the nearest verb above token `at`.
    fn on_tree(&self, s: &Sentence, at: usize) -> Option<Tense> {
        let verb = std::iter::once(at)
            .chain(s.ancestors(at))
            .find(|&t| s.tokens.get(t).is_some_and(|t| t.upos == Upos::Verb) || s.children(t).any(|c| s.tokens[c].upos == Upos::Aux))?;
        Some(verb_tense(self, s, verb))
    }

    /// The nearest cue word before, else after, within the sentence.
    fn nearby(&self, atoms: &[Atom], text: &str, from: usize, to: usize) -> Tense {
        let cue = |a: &Atom| {
            if self.words.future.contains(&a.word) {
                return Some(Tense::Future);
            }
            let form = a.text(text);
            let ends = |list: &[String]| a.kind == AtomKind::Word && form.len() > 4 && list.iter().any(|e| form.ends_with(e.as_str()));
            if ends(&self.words.future_endings) {
                return Some(Tense::Future);
            }
            let past = self.words.past.contains(&a.word) || ends(&self.words.past_endings);
            past.then_some(Tense::Past)
        };
        let stop = |a: &Atom| a.kind == AtomKind::Mark && matches!(a.text(text), "." | "!" | "?" | ";");
        let mut at = from;
        for _ in 0..REACH {
            if at == 0 || atoms.get(at).is_none_or(|a| a.fresh) {
                break;
            }
            at -= 1;
            let Some(atom) = atoms.get(at) else { break };
            if stop(atom) {
                break;
            }
            if let Some(tense) = cue(atom) {
                return tense;
            }
        }
        for atom in atoms.iter().skip(to).take(REACH) {
            if atom.fresh || stop(atom) {
                break;
            }
            if let Some(tense) = cue(atom) {
                return tense;
            }
        }
        Tense::Unknown
    }
}

/// Tense of the clause headed by token `verb`, its auxiliaries counted.
pub fn verb_tense(grammar: &DateGrammar, s: &Sentence, verb: usize) -> Tense {
    let Some(token) = s.tokens.get(verb) else { return Tense::Unknown };
    let mut past = matches!(token.xpos, Xpos::Vbd | Xpos::Vbn);
    for child in s.children(verb) {
        let Some(c) = s.tokens.get(child) else { continue };
        let word = grammar.lexicon.id(&c.form.to_lowercase());
        if c.upos == Upos::Aux && c.xpos == Xpos::Md {
            return if grammar.words.future.contains(&word) { Tense::Future } else { Tense::Unknown };
        }
        if c.upos == Upos::Part && c.xpos == Xpos::To && child < verb {
            return Tense::Future;
        }
        if c.upos == Upos::Aux {
            past |= c.xpos == Xpos::Vbd || grammar.words.past.contains(&word);
            if matches!(c.xpos, Xpos::Vbz | Xpos::Vbp) && token.xpos == Xpos::Vbg {
                return Tense::Future;
            }
        }
    }
    if past { Tense::Past } else { Tense::Unknown }
}
