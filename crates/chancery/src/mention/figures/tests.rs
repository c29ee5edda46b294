use super::*;
use crate::data::DataFiles;
use crate::model::{Report, Sentence, Token};
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{Block, BlockKind};
use crate::view::View;
use proptest::prelude::*;
use std::sync::OnceLock;

type Grammars = (FigureGrammar, crate::mention::dates::DateGrammar);

fn grammar(language: &str) -> &'static Grammars {
    static ENGLISH: OnceLock<Grammars> = OnceLock::new();
    static SPANISH: OnceLock<Grammars> = OnceLock::new();
    let kept = if language == "es" { &SPANISH } else { &ENGLISH };
    kept.get_or_init(|| {
        let files = DataFiles::builtin();
        (FigureGrammar::load(&files, language).unwrap(), crate::mention::dates::DateGrammar::load(&files, language).unwrap())
    })
}

/// Figures of a text that is one flat sentence: every token its own root, so only the words decide.
fn read(text: &str) -> Vec<(String, f64, Option<String>)> {
    read_in("en", text)
}

fn read_in(language: &str, text: &str) -> Vec<(String, f64, Option<String>)> {
    let report = Report { text: text.to_owned(), ..Report::default() };
    let view = View::default();
    let blocks = [Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None }];
    let mut atoms = Vec::new();
    scan(text, Span::new(0, text.len()), &mut |_| 0, &mut atoms);
    let token = |(i, a): (usize, &Atom)| Token {
        span: a.span(),
        form: a.text(text).into(),
        lemma: a.text(text).to_lowercase().into(),
        upos: Upos::X,
        xpos: Xpos::Fw,
        head: i,
        dep: Dep::Root,
        entity: Default::default(),
    };
    let tokens: Vec<Token> = atoms.iter().enumerate().map(token).collect();
    let sentences = [Sentence::new(Span::new(0, text.len()), 0, tokens)];
    let doc = Doc {
        report: &report,
        view: &view,
        language,
        published: None,
        blocks: &blocks,
        posts: &[],
        provenance: &[],
        page_kind: None,
        sentences: &sentences,
    };
    let (figures, dates) = grammar(language);
    let dates = dates.find(&doc);
    figures.find(&doc, &dates).into_iter().map(|f| (f.record.text, f.record.value, f.record.unit)).collect()
}

#[test]
fn money_in_all_its_ways() {
    for (text, span, value, unit) in [
        ("the plan of 200,000 million dollars can", "200,000 million dollars", 2e11, "USD"),
        ("paid $8bn in", "$8bn", 8e9, "USD"),
        ("lost dlrs 305,000 or", "dlrs 305,000", 305_000.0, "USD"),
        ("profit of 1.2 mln stg against", "1.2 mln stg", 1.2e6, "GBP"),
        ("loan of 549,000 marks to", "549,000 marks", 549_000.0, "DEM"),
        ("some hk $ 10.05 billion in", "hk $ 10.05 billion", 10.05e9, "HKD"),
        ("a US$150 million loan", "US$150 million", 150e6, "USD"),
        ("up to one-billion-dlr equity", "one-billion-dlr", 1e9, "USD"),
        ("cost half a million euros in", "half a million euros", 5e5, "EUR"),
        ("cost 10 $ 30 cents each", "10 $ 30 cents", 10.3, "USD"),
        ("at .125 dlrs a share", ".125 dlrs", 0.125, "USD"),
        ("a £3m grant", "£3m", 3e6, "GBP"),
        ("two and a half million yen", "two and a half million yen", 2.5e6, "JPY"),
    ] {
        assert_eq!(read(text), [(span.to_owned(), value, Some(unit.to_owned()))], "{text}");
    }
}

#[test]
fn percent_and_points() {
    assert_eq!(read("rose by 25 percent"), [("25 percent".into(), 25.0, Some("percent".into()))]);
    assert_eq!(read("a 20 pct stake"), [("20 pct".into(), 20.0, Some("percent".into()))]);
    assert_eq!(read("fell 1.5 percentage points"), [("1.5 percentage points".into(), 1.5, Some("percentage point".into()))]);
    assert_eq!(read("twenty per cent"), [("twenty per cent".into(), 20.0, Some("percent".into()))]);
}

#[test]
fn below_zero_only_with_a_unit() {
    assert_eq!(read("growth of -1.5 percent in"), [("-1.5 percent".into(), -1.5, Some("percent".into()))]);
    assert_eq!(read("a balance of -$5 million at"), [("-$5 million".into(), -5e6, Some("USD".into()))]);
    assert_eq!(read("MOSCOW -20 soldiers died").iter().map(|f| f.1).collect::<Vec<_>>(), [20.0]);
    assert_eq!(read("a lens of 75 -300 mm in").iter().map(|f| f.1).collect::<Vec<_>>(), [75.0, 300.0]);
}

#[test]
fn decimals_may_be_spoken() {
    assert_eq!(read("up two point five percent on"), [("two point five percent".into(), 2.5, Some("percent".into()))]);
    assert_eq!(read("some one point two million people").iter().map(|f| f.1).collect::<Vec<_>>(), [1.2e6]);
    assert_eq!(read("at one point five soldiers").iter().map(|f| f.1).collect::<Vec<_>>(), [5.0]);
    for (text, value) in [
        ("un dos coma cero cinco por ciento", 2.05),
        ("subió dos con cinco por ciento", 2.5),
        ("un cuarenta y siete coma veintiocho por ciento", 47.28),
        ("tres veinteavos por ciento", 0.15),
        ("un ,08 por ciento", 0.08),
        ("cayó -1,5 por ciento", -1.5),
    ] {
        let found: Vec<f64> = read_in("es", text).iter().filter(|f| f.2.as_deref() == Some("percent")).map(|f| f.1).collect();
        assert_eq!(found, [value], "{text}");
    }
}

#[test]
fn a_letter_before_a_currency_is_a_scale() {
    assert_eq!(read("cost 1.8M dollars in"), [("1.8M dollars".into(), 1.8e6, Some("USD".into()))]);
}

#[test]
fn ranges_share_their_unit() {
    let found = read("lose 15-20 mln dlrs if");
    assert_eq!(found.iter().map(|f| f.1).collect::<Vec<_>>(), [15e6, 20e6]);
    assert!(found.iter().all(|f| f.2.as_deref() == Some("USD")));
}

#[test]
fn dates_and_labels_are_no_figures() {
    for text in [
        "on 5 May 1998",
        "in 1998",
        "Article 5 of",
        "an F-16 jet",
        "the 21st century",
        "for two years",
        "at 5 p.m.",
        "24703L202",
        "the second man",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

#[test]
fn hostile_text_takes_linear_time() {
    for unit in ["1 ", "$", "$1", "1-", "hundred ", "1,000,", "and a half "] {
        let _ = read(&unit.repeat(20_000));
    }
}

proptest! {
    #[test]
    fn never_panics_and_spans_slice_back(text in "[0-9$%€a-c.,/ -]{0,40}") {
        for f in read(&text) {
            prop_assert!(text.contains(&f.0));
        }
    }
}
