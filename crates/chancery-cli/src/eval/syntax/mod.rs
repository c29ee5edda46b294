//! `eval syntax`: tags and trees against CoNLL-U files, on gold tokens and from raw text.
//!
//! Raw text is scored as in the CoNLL 2018 shared task: words of both sides are aligned by the characters they cover, and a
//! word counts where its tag (and head and relation) agree. Relations are compared without their subtypes.

mod conllu;

use super::counts::ratio;
use super::{Case, Counts, Finding, Metric, Task, Unit};
use crate::{Error, Result};
use chancery::Coder;
use chancery::parse::{Entity, Name};
use chancery::record::{Block, BlockKind, Span};
use chancery::view::View;
use conllu::{Paragraph, Word};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub struct Syntax;

impl Task for Syntax {
    fn name(&self) -> &'static str {
        "syntax"
    }

    fn units(&self, path: &Path, text: &str) -> Result<Vec<Unit>> {
        Ok(conllu::paragraphs(path, text))
    }

    fn score(&self, coder: &Coder, unit: &Unit) -> Result<Case> {
        let gold = conllu::read(unit)
            .map_err(|e| Error::new("E0413", format!("not CoNLL-U: {e}"), unit.path.display().to_string(), "name a treebank file"))?;
        let mut case = Case { id: unit.id.clone(), ..Case::default() };
        on_gold_tokens(coder, &gold, &mut case);
        from_raw_text(coder, &gold, &mut case);
        Ok(case)
    }

    fn metrics(&self, t: &Counts) -> Vec<Metric> {
        let share = |key: &str| ratio(t.get(key), t.get("words"));
        let mut out = vec![
            Metric::main("upos", share("upos")),
            Metric::main("uas", share("uas")),
            Metric::main("las", share("las")),
            Metric::detail("xpos", share("xpos")),
            Metric::detail("lemma", share("lemma")),
            Metric::main("raw_las", t.prf("raw_las").f1()),
            Metric::main("sentence_f1", t.prf("sentence").f1()),
            Metric::detail("raw_words", t.prf("raw_words").f1()),
            Metric::detail("raw_upos", t.prf("raw_upos").f1()),
            Metric::detail("raw_uas", t.prf("raw_uas").f1()),
        ];
        if t.get("entities") > 0.0 {
            out.push(Metric::main("entity_f1", t.prf("entity").f1()));
        }
        let relations: BTreeSet<&str> = t.under("dep/").filter_map(|k| k.split('/').next()).collect();
        out.extend(relations.into_iter().map(|r| Metric::detail(format!("f1_{r}"), t.prf(&format!("dep/{r}")).f1())));
        out
    }
}

fn on_gold_tokens(coder: &Coder, gold: &Paragraph, case: &mut Case) {
    let t = &mut case.counts;
    let mut named = Vec::new();
    for words in &gold.sentences {
        let forms: Vec<&str> = words.iter().map(|w| w.form.as_str()).collect();
        let given = coder.syntax.parse_tokens(&forms);
        t.add("words", words.len() as f64);
        for (i, w) in words.iter().enumerate() {
            let Some(g) = given.get(i) else { continue };
            let head = (g.head != i).then_some(g.head);
            let (same_head, same_dep) = (head == w.head, g.dep.main() == w.dep);
            t.add("upos", g.upos.as_str() == w.upos);
            t.add("xpos", g.xpos.as_str() == w.xpos);
            t.add("lemma", g.lemma == w.lemma);
            t.add("uas", same_head);
            t.add("las", same_head && same_dep);
            let (gold_key, given_key) = (format!("dep/{}", w.dep), format!("dep/{}", g.dep.main()));
            if same_head && same_dep {
                t.count(format!("{gold_key}/tp"));
            } else {
                t.count(format!("{gold_key}/fn"));
                t.count(format!("{given_key}/fp"));
                let side = |dep: &str, h: Option<usize>| format!("{} ←{dep}– {}", w.form, h.and_then(|h| forms.get(h)).unwrap_or(&"ROOT"));
                let kind = if same_head { format!("{} for {}", g.dep.main(), w.dep) } else { format!("head of {}", w.dep) };
                case.errors.push(Finding::new(kind, side(&w.dep, w.head), side(g.dep.main(), head), forms.join(" ")));
            }
        }
        named.push((conllu::names(words), chunks(given.iter().map(|g| g.entity))));
    }
    if conllu::has_entities(gold) {
        for (want, got) in named {
            let hits = want.iter().filter(|n| got.contains(n)).count();
            t.add_prf("entity", hits, got.len(), want.len());
            t.add("entities", want.len() as f64);
        }
    }
}

/// Name chunks as first word, last word and GUM's word for the kind.
fn chunks(tags: impl Iterator<Item = Entity>) -> Vec<conllu::Name> {
    let mut out: Vec<conllu::Name> = Vec::new();
    let kind = |n| match n {
        Name::Person => "person",
        Name::Organisation => "organization",
        Name::Place => "place",
    };
    for (i, tag) in tags.enumerate() {
        match tag {
            Entity::Outside => {}
            Entity::Begin(n) => out.push((i, i, kind(n).to_owned())),
            Entity::Inside(_) => {
                if let Some(last) = out.last_mut() {
                    last.1 = i;
                }
            }
        }
    }
    out
}

fn from_raw_text(coder: &Coder, gold: &Paragraph, case: &mut Case) {
    let t = &mut case.counts;
    let block = Block { kind: BlockKind::Paragraph, span: Span::new(0, gold.text.len()), language: None };
    let given = coder.syntax.sentences(&gold.text, &View::default(), &[block], &mut Vec::new());

    // words by what they cover
    type Place = (usize, usize);
    let mut at: BTreeMap<Place, (&Word, Option<Place>)> = BTreeMap::new();
    for s in &gold.sentences {
        for w in s {
            let head = w.head.and_then(|h| s.get(h)).map(|h| h.span);
            at.insert(w.span, (w, head));
        }
    }
    let (mut total, mut words, mut upos, mut uas, mut las) = (0, 0, 0, 0, 0);
    for s in &given {
        total += s.tokens.len();
        for (i, g) in s.tokens.iter().enumerate() {
            let Some((w, head)) = at.get(&(g.span.start, g.span.end)) else { continue };
            words += 1;
            upos += usize::from(g.upos.as_str() == w.upos);
            let given_head = s.tokens.get(g.head).filter(|_| g.head != i).map(|h| (h.span.start, h.span.end));
            if given_head == *head {
                uas += 1;
                las += usize::from(g.dep.main() == w.dep);
            }
        }
    }
    let expected = gold.sentences.iter().map(Vec::len).sum();
    for (key, n) in [("raw_words", words), ("raw_upos", upos), ("raw_uas", uas), ("raw_las", las)] {
        t.add_prf(key, n, total, expected);
    }
    let ends = |w: &[Word]| Some((w.first()?.span.0, w.last()?.span.1));
    let want: BTreeSet<(usize, usize)> = gold.sentences.iter().filter_map(|s| ends(s)).collect();
    let hits = given.iter().filter(|s| want.contains(&(s.span.start, s.span.end))).count();
    t.add_prf("sentence", hits, given.len(), want.len());
    let around = |at: usize| {
        let (a, b) = (gold.text.floor_char_boundary(at.saturating_sub(40)), gold.text.ceil_char_boundary(at + 40));
        format!("{} ¦ {}", gold.text.get(a..at).unwrap_or(""), gold.text.get(at..b).unwrap_or(""))
    };
    let want: BTreeSet<usize> = want.into_iter().map(|s| s.1).collect();
    let got: BTreeSet<usize> = given.iter().map(|s| s.span.end).collect();
    for (kind, at) in
        want.difference(&got).map(|e| ("missed sentence end", e)).chain(got.difference(&want).map(|e| ("spurious sentence end", e)))
    {
        case.errors.push(Finding::new(kind, "", "", around(*at)));
    }
    let words: BTreeSet<Place> = given.iter().flat_map(|s| &s.tokens).map(|t| (t.span.start, t.span.end)).collect();
    for p in at.keys().filter(|p| !words.contains(p)) {
        case.errors.push(Finding::new("token", gold.text.get(p.0..p.1).unwrap_or(""), "", around(p.0)));
    }
}
