//! The kind of each unit that no cue gave away, by its shape and its place among the others.

use super::Unit;
use super::cues::Cues;
use super::shape::Shape;
use crate::record::BlockKind;
use std::collections::{BTreeMap, BTreeSet};

/// Repeated lines longer than this are prose said twice.
const REPEAT: usize = 80;
/// Words a headline needs to be taken for one of another report; shorter ones head sections.
const HEADLINE_WORDS: usize = 7;
/// Paragraphs below a line that its words are looked for in.
const BELOW: usize = 3;
/// Units looked through to find them.
const LOOK_AHEAD: usize = 12;

/// Decides what is undecided.
pub(super) fn decide(text: &str, units: &mut [Unit], title: Option<&str>, cues: &Cues) {
    let shapes: Vec<Shape> = units.iter().map(|u| Shape::of(u.span.of(text), cues)).collect();
    repeated(text, units, &shapes);
    let free: Vec<usize> = (0..units.len()).filter(|&i| units.get(i).is_some_and(|u| u.kind.is_none())).collect();
    // One line, or lines without a sentence among them, are all there is to read.
    if free.len() <= 1 || !free.iter().any(|&i| shapes.get(i).is_some_and(Shape::sentence)) {
        title_alone(text, units, &free, title);
        free.iter().for_each(|&i| set(units, i, BlockKind::Paragraph));
        return;
    }
    let sentence = |i: usize| shapes.get(i).is_some_and(Shape::sentence);
    let first = free.iter().copied().find(|&i| sentence(i) && !title_like_sentence(&free, &shapes, i)).unwrap_or(0);
    let last = free.iter().copied().rfind(|&i| sentence(i)).unwrap_or(0);
    head(text, units, &shapes, &free, first, title);
    lists(text, units, &shapes, cues);
    let spaced = units.iter().skip(1).filter(|u| u.apart).count() > 0;
    let middle: Vec<usize> = free.iter().copied().filter(|&i| i >= first && units.get(i).is_some_and(|u| u.kind.is_none())).collect();
    let headlines = middle.iter().filter(|&&i| shapes.get(i).is_some_and(|s| s.headline() && !s.sentence())).count();
    for &i in &middle {
        let (Some(shape), Some(unit)) = (shapes.get(i), units.get(i)) else { continue };
        let kind = if shape.sentence() || (shape.bullet && shape.words >= 3) {
            BlockKind::Paragraph
        } else if i > last {
            tail_kind(shape)
        } else if shape.divided {
            BlockKind::Boilerplate
        } else if shape.headline() {
            let tight = spaced && !units.get(i + 1).is_some_and(|u| u.apart) && unit.apart;
            let between = Between { tight, headlines, below: words_below(text, units, &shapes, i), own: content_words(unit.span.of(text)) };
            if between.is_related(shape) { BlockKind::RelatedLink } else { BlockKind::Heading }
        } else if shape.letters == 0 {
            BlockKind::Boilerplate
        } else if shape.words <= 2 && !shape.ended {
            BlockKind::Heading
        } else {
            BlockKind::Paragraph
        };
        set(units, i, kind);
    }
}

fn set(units: &mut [Unit], i: usize, kind: BlockKind) {
    if let Some(unit) = units.get_mut(i) {
        unit.kind = Some(kind);
    }
}

/// Short lines that come again word for word belong to the site.
fn repeated(text: &str, units: &mut [Unit], shapes: &[Shape]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let short = |u: &Unit, s: &Shape| u.kind.is_none() && u.span.len() <= REPEAT && !s.sentence();
    for (u, s) in units.iter().zip(shapes).filter(|(u, s)| short(u, s)) {
        let _ = s;
        *seen.entry(u.span.of(text).to_owned()).or_default() += 1;
    }
    for (u, s) in units.iter_mut().zip(shapes) {
        if short(u, s) && seen.get(u.span.of(text)).is_some_and(|n| *n > 1) {
            u.kind = Some(BlockKind::Boilerplate);
        }
    }
}

/// A first line that ends with a stop and is a headline all the same: short, in headline capitals or much shorter
/// than what follows, with more to come.
fn title_like_sentence(free: &[usize], shapes: &[Shape], i: usize) -> bool {
    if free.first() != Some(&i) {
        return false;
    }
    let (Some(shape), Some(next)) = (shapes.get(i), free.get(1).and_then(|n| shapes.get(*n))) else { return false };
    next.sentence()
        && shape.words <= 18
        && !shape.quoted
        && (shape.title_case() || shape.shouted)
        && shape.capitalised * 10 >= shape.words * 6
        && next.words > shape.words
}

fn title_alone(text: &str, units: &mut [Unit], free: &[usize], title: Option<&str>) {
    if free.len() > 1
        && let Some(&i) = free.iter().find(|&&i| units.get(i).is_some_and(|u| title.is_some_and(|t| same_words(t, u.span.of(text)))))
    {
        set(units, i, BlockKind::Title);
    }
}

/// What stands before the first paragraph: the title, a deck, bylines, menus.
fn head(text: &str, units: &mut [Unit], shapes: &[Shape], free: &[usize], first: usize, title: Option<&str>) {
    let lines: Vec<usize> = free.iter().copied().filter(|&i| i < first).collect();
    let spaced = units.iter().skip(1).any(|u| u.apart);
    let score = |i: usize| {
        let (Some(shape), Some(unit)) = (shapes.get(i), units.get(i)) else { return 0 };
        if shape.divided || shape.words < 2 || shape.name_only() || shape.words > 40 {
            return 0;
        }
        let given = title.is_some_and(|t| same_words(t, unit.span.of(text)));
        // Close above a paragraph it heads that paragraph, not the report.
        let tight = spaced && i + 1 == first && !units.get(first).is_some_and(|u| u.apart) && lines.len() > 1;
        let size = shape.words.min(12) + usize::from(shape.words >= 4) * 6;
        if given { 100 } else { 1 + size.saturating_sub(if tight { 9 } else { 0 }) }
    };
    let best = lines.iter().copied().filter(|&i| score(i) > 0).max_by_key(|&i| (score(i), std::cmp::Reverse(i)));
    let Some(best) = best else {
        lines.iter().for_each(|&i| set(units, i, BlockKind::Boilerplate));
        return;
    };
    for &i in &lines {
        let Some(shape) = shapes.get(i) else { continue };
        let kind = if i == best {
            BlockKind::Title
        } else if i > best && shape.name_only() && i <= best + 3 {
            BlockKind::Byline
        } else if i > best && (shape.words >= 4 || units.get(i + 1).is_some_and(|u| !u.apart)) && !shape.divided {
            BlockKind::Heading
        } else {
            BlockKind::Boilerplate
        };
        set(units, i, kind);
    }
}

/// Headlines under "Read more" and the like, up to the next sentence or the next cue.
fn lists(text: &str, units: &mut [Unit], shapes: &[Shape], cues: &Cues) {
    let mut open = false;
    for (unit, shape) in units.iter_mut().zip(shapes) {
        let line = unit.span.of(text);
        if unit.kind == Some(BlockKind::RelatedLink) {
            // With a headline on the same line the cue speaks of that one alone.
            open = cues.heads_list(line) && shape.words <= 4;
        } else if unit.kind.is_some() {
            open = false;
        } else if open && shape.headline() {
            unit.kind = Some(BlockKind::RelatedLink);
        } else {
            open = false;
        }
    }
}

/// What follows the last sentence.
fn tail_kind(shape: &Shape) -> BlockKind {
    if shape.name_only() && shape.words <= 3 {
        BlockKind::Byline
    } else if shape.headline() && shape.words >= 4 {
        BlockKind::RelatedLink
    } else {
        BlockKind::Boilerplate
    }
}

/// Evidence on a headline between paragraphs: of a section of this report, or of another report?
struct Between<'a> {
    /// It stands apart from what is above it and close to what is below.
    tight: bool,
    /// How many such lines the report has.
    headlines: usize,
    /// Words of the next paragraphs, in lower case.
    below: BTreeSet<String>,
    own: Vec<&'a str>,
}

impl Between<'_> {
    fn is_related(&self, shape: &Shape) -> bool {
        let known = self.own.iter().filter(|w| self.below.contains(&stem(w))).count();
        let names: Vec<&&str> = self.own.iter().skip(1).filter(|w| w.starts_with(char::is_uppercase)).collect();
        let foreign = names.iter().any(|w| !self.below.contains(&stem(w))) && !shape.title_case();
        let mut score = 0i32;
        score += if shape.words > HEADLINE_WORDS {
            2
        } else if shape.words == HEADLINE_WORDS {
            1
        } else {
            -2
        };
        score += if known * 2 > self.own.len() { -2 } else { 1 };
        score += i32::from(foreign);
        score -= i32::from(shape.question);
        score -= 2 * i32::from(self.tight);
        score -= i32::from(self.headlines >= 4);
        score -= 2 * i32::from(shape.shouted);
        score >= 2
    }
}

/// Words of three letters and more, numbers too.
fn content_words(line: &str) -> Vec<&str> {
    line.split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() >= 4 || (w.chars().count() >= 2 && w.chars().all(char::is_uppercase)))
        .collect()
}

/// Lower case without the endings of plural, past and nationality.
fn stem(word: &str) -> String {
    let low = word.to_lowercase();
    let cut = low.char_indices().nth(5).map_or(low.len(), |(i, _)| i);
    low.get(..cut).unwrap_or(&low).to_owned()
}

fn words_below(text: &str, units: &[Unit], shapes: &[Shape], i: usize) -> BTreeSet<String> {
    let below = units
        .iter()
        .zip(shapes)
        .skip(i + 1)
        .take(LOOK_AHEAD)
        .filter(|(u, s)| s.sentence() && matches!(u.kind, None | Some(BlockKind::Paragraph)))
        .take(BELOW);
    below
        .flat_map(|(u, _)| {
            let s = u.span.of(text);
            content_words(s.get(..s.floor_char_boundary(1500)).unwrap_or(s))
        })
        .map(stem)
        .collect()
}

/// Whether two lines have the same letters and digits, or the first starts the way the whole second reads
/// ("Headline | Site").
pub(super) fn same_words(title: &str, line: &str) -> bool {
    let norm = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(300).collect::<String>();
    let (title, line) = (norm(title), norm(line));
    !line.is_empty() && (title == line || (line.len() >= 15 && title.starts_with(&line)))
}
