//! What only the page as a whole tells of its lines: prose that stands there twice, and lists that go on after the last
//! sentence of the body.

use super::Unit;
use crate::record::BlockKind;
use std::collections::BTreeSet;

/// Letters and digits from which the same words a second time are the same text and not a refrain.
const LONG: usize = 40;

/// A line as far as this matters here.
pub(super) struct Item {
    /// A list item or a row of a list that only looks like one.
    pub listed: bool,
    /// Inside the body's element, not mostly links, not called furniture, and given away by no cue.
    pub plain: bool,
    pub heading: bool,
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
    fn what_is_shown_twice_counts_once() {
        let text = "The ministers met in the capital to discuss the ceasefire.\nYes.\nYes.\nThe ministers met in the capital, to discuss the ceasefire";
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
