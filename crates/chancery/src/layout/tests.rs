use super::*;

fn layout() -> Layout {
    Layout::load(&DataFiles::builtin()).unwrap()
}

fn page(text: &str) -> (Page, String) {
    let report = Report { text: text.to_owned(), ..Report::default() };
    let mut notes = Vec::new();
    let view = View::repair(text, &mut notes);
    (layout().blocks(&report, &view, &mut notes), text.to_owned())
}

#[test]
fn every_cue_and_credit_passes_its_examples() {
    cues::Cues::checked(&DataFiles::builtin()).unwrap();
}

/// Kinds and the starts of their blocks, for reading.
fn kinds(text: &str) -> Vec<(BlockKind, String)> {
    let (page, text) = page(text);
    page.blocks.iter().map(|b| (b.kind, b.span.of(&text).chars().take(24).collect())).collect()
}

fn only(text: &str) -> Vec<BlockKind> {
    kinds(text).into_iter().map(|(k, _)| k).collect()
}

const P: &str = "The two ministers met in Oslo on Friday and agreed to open talks on the border.";

#[test]
fn blank_lines_part_paragraphs() {
    assert_eq!(only(&format!("{P}\n\n{P}\r\n\r\n{P}")), [BlockKind::Paragraph; 3]);
}

#[test]
fn one_line_a_paragraph_is_split_and_wrapped_text_is_not() {
    assert_eq!(only(&format!("{P} {P}\n{P} {P}\n{P} {P}")), [BlockKind::Paragraph; 3]);
    let wrapped = "Showers continued throughout the week in the zone of the river,\nalleviating the drought since early January and improving the\nprospects for the harvest, the ministry said in its review.\n    The dry period means that the harvest will be late this year,\nand that exports of coffee to neighboring countries fall short\nof the plan.\n Reuter";
    let got = kinds(wrapped);
    assert_eq!(got.iter().map(|k| k.0).collect::<Vec<_>>(), [BlockKind::Paragraph, BlockKind::Paragraph, BlockKind::Byline], "{got:?}");
    let short = "Texas Bancshares Inc's Texas\nCommerce Bank-Houston said it filed an application with the\nComptroller of the Currency in an effort to create the largest\nbanking network in the county.";
    assert_eq!(only(short), [BlockKind::Paragraph]);
}

#[test]
fn a_headline_between_paragraphs_is_of_another_report() {
    let text = format!("{P}\n\nPresidents of Peru and Chad address issues of bilateral cooperation\n\n{P}\n\n{P}");
    assert_eq!(only(&text), [BlockKind::Paragraph, BlockKind::RelatedLink, BlockKind::Paragraph, BlockKind::Paragraph]);
}

#[test]
fn a_short_line_between_paragraphs_heads_a_section() {
    for heading in ["Border talks", "What happens next?", "Talks on the border", "REACTION FROM OSLO AND THE OTHER NORDIC CAPITALS"] {
        let text = format!("{P}\n\n{heading}\n\n{P}\n\n{P}");
        assert_eq!(only(&text), [BlockKind::Paragraph, BlockKind::Heading, BlockKind::Paragraph, BlockKind::Paragraph], "{heading}");
    }
}

#[test]
fn an_unfinished_paragraph_stays_one() {
    let text = format!(
        "{P}\n\nThe head of the state pointed out that the coordination between the two capitals, including in the Security Council, “serves to configure a fair world order\n\n{P}"
    );
    assert_eq!(only(&text), [BlockKind::Paragraph; 3]);
}

#[test]
fn a_title_stands_before_the_body() {
    assert_eq!(kinds(&format!("Norway opens border talks\n\n{P}"))[0], (BlockKind::Title, "Norway opens border talk".into()));
    assert_eq!(only(&format!("Norway Opens Border Talks With All Neighbors.\n\n{P}\n\n{P}"))[0], BlockKind::Title);
    assert_eq!(only("Norway opens border talks"), [BlockKind::Paragraph], "a line alone is what there is to read");
}

#[test]
fn datelines_are_parted() {
    for (line, rest) in [
        ("ISTANBUL, Turkey (AP)_ ", "Some 1,500 marched."),
        ("MOSCOW, Feb 26 - ", "President Gorbachev said."),
        ("GENEVA (Reuters) — ", "“No deal,” he said."),
        ("SALT LAKE CITY, Utah, April 1 - ", "The company said it."),
        ("SCRANTON, Pa. — ", "Vice President Biden spoke."),
        ("Dec 29 (Reuters) - ", "U.S. senators met."),
        ("MANILA – ", "The Philippines protested."),
        ("MOSCOW, September 5. /TASS/. ", "The ministry said."),
        ("Beijing (dpa) - ", "China hat gesagt."),
        ("NEW DELHI, 3 May 2021 (PTI): ", "India has said."),
        ("WARSAW, May 21 (PAP) – ", "Poland expelled two."),
    ] {
        let text = format!("{line}{rest} {P}");
        let got = kinds(&text);
        assert_eq!(got[0].0, BlockKind::Dateline, "{text}: {got:?}");
        let (page, _) = page(&text);
        assert_eq!(page.blocks[1].span.of(&text), format!("{rest} {P}"), "{text}");
    }
}

#[test]
fn what_only_looks_like_a_dateline_is_text() {
    for text in [
        "Russia — the largest country — said it would not attend the talks in Oslo.",
        "BREAKING - Iran has closed the strait, its navy said on Friday morning.",
        "THE PRESIDENT: Thank you. We have come a long way since the last summit.",
        "The U.S. and Iran - Old foes - met in Oslo on Friday for the first time.",
        "Washington and Moscow – Both capitals – have kept silent since the meeting.",
        "In 2019 (Reuters reported) - Iran seized a ship that had entered its waters.",
    ] {
        assert_eq!(only(text), [BlockKind::Paragraph], "{text}");
    }
}

#[test]
fn a_post_is_told_with_author_date_and_link() {
    let text = format!(
        "{P}\n\nWe aim to strengthen cooperation. pic.twitter.com/f2rjq\n\n— AZ \u{FFFD}\u{FFFD} (@AZ_news)\n\nDecember 30, 2022\n\n{P}"
    );
    let (page, text) = page(&text);
    let kinds: Vec<_> = page.blocks.iter().map(|b| b.kind).collect();
    assert_eq!(kinds, [BlockKind::Paragraph, BlockKind::Post, BlockKind::Post, BlockKind::Post, BlockKind::Paragraph]);
    let post = &page.posts[0];
    assert_eq!((post.platform.as_deref(), post.author.as_deref(), post.handle.as_deref()), (Some("twitter"), Some("AZ"), Some("@AZ_news")));
    assert_eq!((post.date.as_deref(), post.link.as_deref()), (Some("2022-12-30"), Some("pic.twitter.com/f2rjq")));
    assert_eq!(post.span.of(&text), "We aim to strengthen cooperation. pic.twitter.com/f2rjq");
    let coded: Vec<bool> = page.blocks.iter().map(|b| is_coded(b, &page.posts)).collect();
    assert_eq!(coded, [true, true, false, false, true]);
}

#[test]
fn a_post_on_one_line_is_split() {
    let text = format!("{P}\n\nNever again should a border be closed. — Frontera Viva (@Viva_) February 28, 2023\n\n{P}");
    let (page, text) = page(&text);
    assert_eq!(page.posts[0].span.of(&text), "Never again should a border be closed.");
    assert_eq!(page.posts[0].date.as_deref(), Some("2023-02-28"));
    assert_eq!(only("He left — and wrote (@home) later that he would return to Oslo."), [BlockKind::Paragraph]);
}

#[test]
fn furniture_is_told_by_its_words() {
    let text = format!(
        "Share on Facebook\n\nNorway opens border talks with all neighbors\n\n3 March 2021  Print  Email\n\n{P}\n\nADVERTISEMENT\n\n{P}\n\nRead more\nSweden closes its embassy in Kabul\nFinland sends two ships to the Baltic\n\nDisclaimer: Via Telesur – Translated by RJ983"
    );
    use BlockKind::*;
    assert_eq!(
        only(&text),
        [Boilerplate, Title, Boilerplate, Paragraph, Boilerplate, Paragraph, RelatedLink, RelatedLink, RelatedLink, Disclaimer]
    );
}

#[test]
fn headlines_after_the_last_sentence_are_links() {
    let text = format!("{P}\n\n{P}\n\nHillary Clinton Says Bigotry Does Not Fit Her Country");
    assert_eq!(only(&text)[2], BlockKind::RelatedLink);
}

#[test]
fn repeated_short_lines_are_furniture() {
    let text = format!("{P}\n\nThe Oslo Courier Online\n\n{P}\n\nThe Oslo Courier Online\n\n{P}");
    use BlockKind::*;
    assert_eq!(only(&text), [Paragraph, Boilerplate, Paragraph, Boilerplate, Paragraph]);
}

#[test]
fn blocks_cover_all_but_white_space_and_never_overlap() {
    use proptest::prelude::*;
    let layout = layout();
    let bits = prop_oneof![
        Just(P.to_owned()),
        Just("\n".into()),
        Just("\n\n".into()),
        Just(" ".into()),
        Just("Read more".into()),
        Just("— AZ (@az) May 3, 2021".into()),
        Just("MOSCOW, Feb 26 - ".into()),
        Just("pic.twitter.com/x1".into()),
        Just("Reuter".into()),
        Just("(AP)".into()),
        Just("• item".into()),
        Just("\r\n    ".into()),
        Just("“".into()),
        Just("\u{FFFD}".into()),
        Just("Norway opens border talks".into()),
        "[ -~äéЯ中\u{2028}]{0,30}",
    ];
    let strategy = prop::collection::vec(bits, 0..40).prop_map(|v| v.concat());
    proptest!(|(text in strategy)| {
        let report = Report { text: text.clone(), ..Report::default() };
        let page = layout.blocks(&report, &View::default(), &mut Vec::new());
        let mut end = 0;
        for b in &page.blocks {
            prop_assert!(b.span.start >= end && b.span.end > b.span.start);
            prop_assert!(text.get(b.span.start..b.span.end).is_some());
            prop_assert!(text[end..b.span.start].trim().is_empty(), "lost {:?}", &text[end..b.span.start]);
            end = b.span.end;
        }
        prop_assert!(text[end..].trim().is_empty(), "lost {:?}", &text[end..]);
    });
}

#[test]
fn large_inputs_take_linear_time() {
    let layout = layout();
    for text in [
        "word ".repeat(1_000_000),
        "Short headline of six words here\n".repeat(20_000),
        format!("{P}\n\n").repeat(10_000),
        "a — B (@c)\n\n".repeat(20_000),
        "(".repeat(1_000_000),
    ] {
        let report = Report { text, ..Report::default() };
        assert!(!layout.blocks(&report, &View::default(), &mut Vec::new()).blocks.is_empty());
    }
}

#[test]
fn loading_is_quick() {
    let start = std::time::Instant::now();
    layout();
    let took = start.elapsed();
    assert!(took.as_millis() < 1000, "{took:?}");
    eprintln!("{took:?}");
}
