//! What only the page as a whole tells of its lines: prose that stands there twice, and lists that go on after the last
//! sentence of the body.

use super::Unit;
use crate::record::BlockKind;
use std::collections::BTreeSet;

/// Letters and digits from which the same words a second time are the same text and not a refrain.
const LONG: usize = 100;

/// A line as far as this matters here.
pub(super) struct Item {
    /// A list item or a row of a list that only looks like one.
    pub listed: bool,
    /// Inside the body's element, not mostly links, not called furniture, and given away by no cue.
    pub plain: bool,
    pub heading: bool,
}

/// Lines, and times the prose that follows, from which what stands between two parts of a body ends it.
const GAP_LINES: usize = 8;
const GAP_TIMES: usize = 4;
/// Times as many lines that end it whatever follows.
const FOOT: usize = 3;

/// The first line of the body: the first sentence of it below the title, where most of it stands there.
pub(super) fn start(is_body: &[bool], title: Option<usize>) -> usize {
    let first = is_body.iter().position(|b| *b).unwrap_or(0);
    let Some(title) = title.filter(|t| *t > first) else { return first };
    let above = is_body.iter().take(title).filter(|b| **b).count();
    let below = is_body.iter().skip(title).position(|b| *b).map(|at| title + at);
    below.filter(|_| is_body.iter().skip(title).filter(|b| **b).count() > above).unwrap_or(first)
}

/// The last line of the body: the last sentence of it, but for what a long stretch of other lines parts from the bulk. What
/// follows lists of links or comments is the site's own word.
///
/// `sizes` are bytes of lines, 0 for what may be of the body without being a sentence.
pub(super) fn end(is_body: &[bool], sizes: &[usize]) -> usize {
    let Some(mut last) = is_body.iter().rposition(|b| *b) else { return 0 };
    let size = |i: usize| sizes.get(i).copied().unwrap_or(0);
    let all: usize = (0..is_body.len()).filter(|i| is_body.get(*i) == Some(&true)).map(size).sum();
    // From the end upwards: prose below, and the stretch above it without any.
    let (mut below, mut gap, mut lines) = (0, 0, 0);
    for i in (0..=last).rev() {
        if is_body.get(i) == Some(&true) {
            let far = lines >= GAP_LINES && gap > GAP_TIMES * below && below * 2 < all;
            // After so many lines it is the foot of the page, though the body be shorter than that.
            if far || (lines >= GAP_LINES * FOOT && gap > below && below < all * 4 / 5) {
                last = i;
            }
            below += size(i);
            (gap, lines) = (0, 0);
        } else {
            gap += size(i);
            lines += usize::from(size(i) > 0);
        }
    }
    last
}

/// A paragraph that repeats one above it word for word is shown twice, not said twice.
pub(super) fn repeated(text: &str, units: &mut [Unit]) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for unit in units.iter_mut().filter(|u| u.kind == Some(BlockKind::Paragraph)) {
        let words: String = unit.span.of(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if words.chars().count() >= LONG && !seen.insert(words) {
            unit.kind = Some(BlockKind::Boilerplate);
        }
    }
}

/// List items that follow the last sentence of the body, with the headings among them, belong to it. A single one does not
/// make a list.
pub(super) fn continued(units: &mut [Unit], items: &[Item], last: usize) {
    let run = items.iter().skip(last + 1).take_while(|i| i.plain && (i.listed || i.heading)).count();
    let tail = items.get(last + 1..last + 1 + run).unwrap_or(&[]);
    let Some(end) = tail.iter().rposition(|i| i.listed) else { return };
    if tail.iter().filter(|i| i.listed).count() < 2 {
        return;
    }
    for (unit, item) in units.iter_mut().skip(last + 1).zip(tail).take(end + 1) {
        unit.kind = Some(if item.listed { BlockKind::Paragraph } else { BlockKind::Heading });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Span;

    fn units(text: &str) -> Vec<Unit> {
        let mut at = 0;
        text.lines()
            .map(|l| {
                let span = Span::new(at, at + l.len());
                at += l.len() + 1;
                Unit { span, kind: Some(BlockKind::Paragraph), apart: true }
            })
            .collect()
    }

    #[test]
    fn a_long_stretch_of_links_ends_the_body() {
        let run = |shape: &str| end(&shape.chars().map(|c| c == 'p').collect::<Vec<_>>(), &vec![100; shape.len()]);
        assert_eq!(run("--pppp--pp---"), 9);
        assert_eq!(run("--pppp---------p---"), 5);
        assert_eq!(run("--pppp---------ppp-"), 17, "much more of it is part two");
        assert_eq!(run("---"), 0);
    }

    #[test]
    fn the_body_begins_below_the_title() {
        let run = |shape: &str| start(&shape.chars().map(|c| c == 'p').collect::<Vec<_>>(), shape.find('t'));
        assert_eq!([run("-p--t-pp"), run("-p-ppt-p"), run("--pp"), run("t-pp")], [6, 1, 2, 2]);
    }

    #[test]
    fn what_is_shown_twice_counts_once() {
        let long =
            "The ministers of both countries met in the capital on Friday evening to discuss the ceasefire and the exchange of prisoners";
        let text = &format!("{long}.\nYes.\nYes.\n{}", long.replace(" on", ", on"));
        let mut units = units(text);
        repeated(text, &mut units);
        let kinds: Vec<_> = units.iter().map(|u| u.kind.unwrap() == BlockKind::Paragraph).collect();
        assert_eq!(kinds, [true, true, true, false]);
    }

    #[test]
    fn a_list_goes_on_and_a_lone_item_does_not() {
        let run = |shape: &str| {
            let items: Vec<Item> = shape.chars().map(|c| Item { listed: c == 'l', plain: c != '-', heading: c == 'h' }).collect();
            let mut units = units(&"x\n".repeat(items.len()));
            units.iter_mut().skip(1).for_each(|u| u.kind = Some(BlockKind::Boilerplate));
            continued(&mut units, &items, 0);
            units.iter().filter(|u| u.kind != Some(BlockKind::Boilerplate)).count() - 1
        };
        assert_eq!(run("phllhlh-l"), 5);
        assert_eq!(run("phl-ll"), 0);
        assert_eq!(run("p-ll"), 0);
    }
}
