//! Voices told by layout: turns of a transcript ("WALLACE: …"), headlines with a colon, headlines that the body repeats.

use super::draft::Draft;
use super::scene::Scene;
use super::speaker::Phrase;
use crate::parse::ud::Upos;
use crate::record::{BlockKind, Span, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// A line "NAME: words".
struct Turn<'a> {
    name: &'a str,
    name_span: Span,
    colon: Span,
    words: Span,
}

/// Statements of transcripts and of headlines with a colon.
pub fn turns(scene: &Scene) -> Vec<Draft> {
    let mut out = transcript(scene);
    out.extend(headlines(scene));
    out
}

/// A report is a transcript where several lines begin with a name in capitals and a colon, and voices return.
fn transcript(scene: &Scene) -> Vec<Draft> {
    let text = &scene.doc.report.text;
    let mut found: Vec<Turn> = Vec::new();
    for block in scene.doc.blocks {
        let mut at = block.span.start;
        for line in block.span.of(text).split_inclusive('\n') {
            found.extend(turn(line, at));
            at += line.len();
        }
    }
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for t in &found {
        *names.entry(t.name.rsplit(' ').next().unwrap_or(t.name)).or_default() += 1;
    }
    if found.len() < 3 || names.len() < 2 || names.values().all(|&n| n < 2) {
        return Vec::new();
    }
    found.iter().filter_map(|t| draft(scene, t, StatementKind::Direct)).collect()
}

fn turn(line: &str, at: usize) -> Option<Turn<'_>> {
    let lead = line.len() - line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”')).len();
    let rest = line.get(lead..)?;
    let colon = rest.bytes().take(60).position(|b| b == b':')?;
    let name = rest.get(..colon)?;
    let words = name.split_whitespace().count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if !(1..=5).contains(&words) || letters < 2 || name.chars().any(char::is_lowercase) || !name.starts_with(char::is_alphabetic) {
        return None;
    }
    let after = rest.get(colon + 1..)?;
    let said = after.trim();
    if !after.starts_with(char::is_whitespace) || said.starts_with(['"', '“', '‘', '\'']) || said.split_whitespace().nth(1).is_none() {
        return None;
    }
    let start = at + lead + colon + 1 + (after.len() - after.trim_start().len());
    let said = said.trim_end_matches(['"', '”']);
    Some(Turn {
        name,
        name_span: Span::new(at + lead, at + lead + colon),
        colon: Span::new(at + lead + colon, at + lead + colon + 1),
        words: Span::new(start, start + said.len()),
    })
}

fn draft(scene: &Scene, t: &Turn, kind: StatementKind) -> Option<Draft> {
    let (s, first) = scene.at(scene.token_at(t.name_span.start))?;
    let sent = scene.sentence(s)?;
    let last = (first..sent.tokens.len()).take_while(|&i| sent.tokens[i].span.end <= t.name_span.end).last()?;
    let mut d = Draft::new(t.words, t.words, String::new());
    d.kind = kind;
    d.cue_words = Some(t.colon);
    d.speaker = Some(Phrase { sentence: s, head: last, first, last });
    Some(d)
}

/// "Minister: harvest will fail": a name that the body knows, a colon, and a clause, in a headline.
fn headlines(scene: &Scene) -> Vec<Draft> {
    let text = &scene.doc.report.text;
    let blocks = scene.doc.blocks.iter().enumerate().filter(|(i, b)| *i == 0 || matches!(b.kind, BlockKind::Title)).take(3);
    let mut out = Vec::new();
    for (_, block) in blocks {
        let line = block.span.of(text).lines().next().unwrap_or("");
        let Some(colon) = line.bytes().take(60).position(|b| b == b':') else { continue };
        let (name, rest) = (line.get(..colon).unwrap_or(""), line.get(colon + 1..).unwrap_or(""));
        let said = rest.trim();
        let start = block.span.start + colon + 1 + (rest.len() - rest.trim_start().len());
        let words = Span::new(start, start + said.trim_end_matches(['.', ' ']).len());
        let quoted = said.starts_with(['"', '“', '‘', '\'']);
        let capital =
            name.split_whitespace().all(|w| w.starts_with(char::is_uppercase)) && (1..=5).contains(&name.split_whitespace().count());
        let surname = name.split_whitespace().last().unwrap_or("");
        let known = surname.len() > 2 && text.get(block.span.end..).is_some_and(|body| named_in(body, surname));
        let (from, to) = (scene.token_at(words.start), scene.token_at(words.end));
        let clause = (from..to).any(|w| scene.token(w).is_some_and(|t| matches!(t.upos, Upos::Verb | Upos::Aux)));
        if quoted || !capital || !known || !clause || said.split_whitespace().nth(2).is_none() {
            continue;
        }
        let at = block.span.start;
        let t = Turn { name, name_span: Span::new(at, at + colon), colon: Span::new(at + colon, at + colon + 1), words };
        out.extend(draft(scene, &t, StatementKind::Indirect));
    }
    out
}

/// Whether the body names it again: as it stands, or as a common noun ("Poll: …", "a new poll").
fn named_in(body: &str, word: &str) -> bool {
    body.contains(word) || body.contains(&word.to_lowercase())
}

/// Longest list of body statements that a headline is compared with.
const COMPARED: usize = 60;

/// Leaves out what a headline says if a statement of the body says it again.
pub fn without_repeated_headlines(scene: &Scene, drafts: Vec<Draft>) -> Vec<Draft> {
    let text = &scene.doc.report.text;
    let is_head = |d: &Draft| {
        let s = scene.at(scene.token_at(d.span.start)).map(|x| x.0);
        s.and_then(|s| scene.doc.block_kind(s)).is_some_and(|k| matches!(k, BlockKind::Title | BlockKind::Heading))
    };
    let stems = |d: &Draft| -> BTreeSet<String> {
        let spans = [Some(d.span), d.speaker.map(|p| super::speaker::span(scene, p))];
        let words = spans.into_iter().flatten().flat_map(|s| s.of(text).split(|c: char| !c.is_alphanumeric()));
        words.filter(|w| w.len() > 1).map(|w| w.chars().take(5).collect::<String>().to_lowercase()).collect()
    };
    let heads: Vec<bool> = drafts.iter().map(is_head).collect();
    if !heads.contains(&true) {
        return drafts;
    }
    let body: Vec<BTreeSet<String>> = drafts.iter().zip(&heads).filter(|(_, h)| !**h).take(COMPARED).map(|(d, _)| stems(d)).collect();
    let repeated = |d: &Draft| {
        let own = stems(d);
        body.iter().any(|b| own.intersection(b).count() * 5 >= own.len() * 3)
    };
    drafts.into_iter().zip(heads).filter(|(d, head)| !head || !repeated(d)).map(|(d, _)| d).collect()
}
