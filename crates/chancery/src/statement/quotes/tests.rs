use super::*;
use crate::record::BlockKind;

/// Paragraphs at blank lines, as the layout stage gives them.
fn quotes(text: &str) -> Vec<Quote> {
    let mut blocks = Vec::new();
    let mut at = 0;
    for part in text.split_inclusive("\n\n") {
        let trimmed = part.trim_end();
        blocks.push(Block { kind: BlockKind::Paragraph, span: Span::new(at, at + trimmed.len()), language: None });
        at += part.len();
    }
    pair(text, &View::default(), &blocks)
}
/// Top-level quotations, `~` for one that never closes.
fn top(text: &str) -> Vec<String> {
    quotes(text).iter().filter(|q| q.depth == 0).map(|q| format!("{}{}", q.inner.of(text), if q.closed { "" } else { "~" })).collect()
}

#[test]
fn marks_of_every_family() {
    for text in [
        "He said “we go” now.",
        "He said \"we go\" now.",
        "He said «we go» now.",
        "He said ``we go'' now.",
        "He said ''we go'' now.",
        "He said „we go“ now.",
        "He said ‘we go’ now.",
        "He said 'we go' now.",
    ] {
        assert_eq!(top(text), ["we go"], "{text}");
    }
}

#[test]
fn apostrophes_are_no_marks() {
    assert!(top("The workers' rights and Iran's don't matter in the '90s, 'til now.").is_empty());
    assert!(top("Beijing‘s plans aren’t China’s.").is_empty());
    assert_eq!(top("It's 'the workers' only hope,' he said."), ["the workers' only hope,"]);
}

#[test]
fn unclosed_runs_to_the_end_of_its_paragraph() {
    assert_eq!(top("He noted “it serves peace.\n\nNext he said “no.”"), ["it serves peace.~", "no."]);
    assert_eq!(top("“First, he said. “Second,” she said."), ["First, he said.~", "Second,"]);
}

#[test]
fn reopened_paragraphs_are_one_closed_passage() {
    let text = "“First.\n\n“Second.\n\n“Third,” he said.";
    let q = quotes(text);
    assert_eq!(q.iter().map(|q| (q.closed, q.continues)).collect::<Vec<_>>(), [(true, false), (true, true), (true, true)]);
}

#[test]
fn wrong_way_marks() {
    assert_eq!(top("Putin – Xi:”We aim high. So do you.” pic"), ["We aim high. So do you."]);
    assert_eq!(top("” … in this case it left,” wrote Time. “And more.”"), ["… in this case it left,", "And more."]);
    assert_eq!(top("She said “yes“ twice."), ["yes"]);
}

#[test]
fn nested() {
    let text = "“He told me ‘never’ and “not now” twice,” she said.";
    let q = quotes(text);
    assert_eq!(q.iter().map(|q| (q.inner.of(text), q.depth)).collect::<Vec<_>>()[1..], [("never", 1), ("not now", 1)]);
    assert_eq!(q[0].inner.of(text), "He told me ‘never’ and “not now” twice,");
}

#[test]
fn stray_and_markup() {
    assert!(top("A 6\" pipe and <a href=\"x\" id=\"y\">").is_empty());
    assert_eq!(top("We will win,” he said."), ["We will win,"]);
}

#[test]
fn spans_slice_and_long_runs_end() {
    for mark in ["\"", "'", "“", "”", "‘", "``", "«"] {
        for text in [mark.repeat(200_000), format!("{mark} a").repeat(100_000), format!("a{mark} ").repeat(100_000)] {
            for q in quotes(&text) {
                assert!(text.get(q.inner.start..q.inner.end).is_some() && q.outer.contains(q.inner));
            }
        }
    }
}

#[test]
fn ten_megabytes_of_marks_cost_their_length() {
    let time = |n: usize| {
        let text = "\" ".repeat(n);
        let from = std::time::Instant::now();
        let found = quotes(&text).len();
        (from.elapsed().as_secs_f64(), found)
    };
    let (small, _) = time(500_000);
    let (large, _) = time(5_000_000);
    // Ten times the marks: a quadratic pairing would take a hundred times as long.
    assert!(large < small.max(0.05) * 40.0, "{small} s for 1 MB, {large} s for 10 MB");
}

#[test]
fn blank_lines_within_a_block_end_a_quotation() {
    let text = "He noted “it serves peace.\n \nNext he said “no.”";
    let block = Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None };
    let found: Vec<_> = pair(text, &View::default(), &[block]).into_iter().map(|q| (q.inner.of(text).to_owned(), q.closed)).collect();
    assert_eq!(found, [("it serves peace.".to_owned(), false), ("no.".to_owned(), true)]);
}
