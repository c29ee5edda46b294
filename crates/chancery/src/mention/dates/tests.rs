use super::*;
use crate::data::DataFiles;
use crate::model::Report;
use crate::record::Block;
use crate::stages::Languages;
use crate::view::View;
use jiff::civil::Date;
use proptest::prelude::*;
use std::sync::OnceLock;

fn dates() -> &'static Dates {
    static DATES: OnceLock<Dates> = OnceLock::new();
    DATES.get_or_init(|| {
        let files = DataFiles::builtin();
        Dates::load(&files, &Languages::load(&files).unwrap()).unwrap()
    })
}

fn read(text: &str, published: Option<&str>) -> Vec<DateMention> {
    read_in("en", text, published)
}

fn read_in(language: &str, text: &str, published: Option<&str>) -> Vec<DateMention> {
    let report = Report { text: text.to_owned(), ..Report::default() };
    let view = View::default();
    let blocks = [Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None }];
    let published = published.map(|p| p.parse::<Date>().unwrap());
    let doc = Doc {
        report: &report,
        view: &view,
        language,
        published,
        blocks: &blocks,
        posts: &[],
        provenance: &[],
        page_kind: None,
        sentences: &[],
    };
    dates().find(&doc)
}

fn values(text: &str, published: Option<&str>) -> Vec<(String, String)> {
    values_in("en", text, published)
}

fn values_in(language: &str, text: &str, published: Option<&str>) -> Vec<(String, String)> {
    read_in(language, text, published).into_iter().map(|m| (m.record.text, m.record.value.unwrap_or_else(|| "null".into()))).collect()
}

#[test]
fn entries_keep_their_examples() {
    let mut wrong = Vec::new();
    for (lang, g) in &dates().grammars {
        for example in &g.examples {
            let found = values_in(lang, &example.text, Some(&g.examples_published));
            let name = &g.rules[example.rule].name;
            match &example.expect {
                Some((span, value)) if !found.iter().any(|(s, v)| s == span && v == value) => {
                    wrong.push(format!("{lang}, rule `{name}`: `{}` should give `{span}` = {value}, gives {found:?}", example.text));
                }
                None if !found.is_empty() && rule_matches(g, example.rule, &example.text) => {
                    wrong.push(format!("{lang}, rule `{name}` should not match in `{}`, gives {found:?}", example.text));
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a rule wins anywhere in `text`.
fn rule_matches(g: &DateGrammar, rule: usize, text: &str) -> bool {
    let mut atoms = Vec::new();
    scan(text, Span::new(0, text.len()), &mut |w| g.lexicon.id(w), &mut atoms);
    let numbers = Numbers { text, atoms: &atoms, words: &g.lexicon.numbers, group: g.lexicon.group, decimal: g.lexicon.decimal };
    let matcher =
        Matcher { lexicon: &g.lexicon, parts: &g.parts, withs: &g.withs, numbers, text, budget: Cell::new(0), number: Cell::new(None) };
    (0..atoms.len()).any(|at| g.longest(&matcher, &atoms, text, at).is_some_and(|f| f.rule == rule))
}

#[test]
fn the_founding_report() {
    let found = values(
        "Putin stressed this Friday during a videoconference that trade will increase by the end of the year by 25 percent.",
        Some("2022-12-31"),
    );
    assert_eq!(found, [("this Friday".into(), "2022-12-30".into()), ("the end of the year".into(), "2022".into())]);
    let end = read("it will increase by the end of the year", Some("2022-12-31"));
    assert_eq!(end[0].record.end.as_deref(), Some("2022-12-31"));
}

#[test]
fn nothing_is_guessed_without_a_published_date() {
    let found = read("They met yesterday and again last week.", None);
    assert!(
        found.iter().all(|m| m.record.value.is_none() && m.days.is_none() && m.record.reason.contains("no published date")),
        "{found:?}"
    );
}

#[test]
fn days_that_do_not_exist_are_null() {
    for text in ["on 29 February 2003", "on 31 April 1999", "on February 30, 2001"] {
        assert!(read(text, None).iter().all(|m| m.days.is_none_or(|d| d.0 != d.1)), "{text}");
    }
    assert_eq!(values("on 29 February 2004", None), [("29 February 2004".into(), "2004-02-29".into())]);
}

#[test]
fn lists_and_ranges_share_what_they_leave_out() {
    let v = |t| values(t, Some("1916-06-01")).into_iter().map(|(_, v)| v).collect::<Vec<_>>();
    assert_eq!(v("between 6 and 7 January 1916 they"), ["1916-01-06", "1916-01-07"]);
    assert_eq!(v("on March 5 and 9, 1918, they"), ["1918-03-05", "1918-03-09"]);
    assert_eq!(v("the war of 1914-18 was"), ["1914", "1918"]);
    assert_eq!(v("from 5-7 May 1916 they"), ["1916-05-05", "1916-05-07"]);
    assert_eq!(v("off from April ninth through seventeenth"), ["1916-04-09", "1916-04-17"]);
    assert_eq!(v("closed from 5/1 to 6/7 again"), ["1916-05-01", "1916-06-07"]);
    let roles: Vec<_> = read("from 1914 to 1918", None).into_iter().map(|m| m.record.role).collect();
    assert_eq!(roles, [Some("from".to_owned()), Some("until".to_owned())]);
}

#[test]
fn counts_are_no_dates() {
    for text in [
        "about 1900 people",
        "$1990",
        "version 1.2.1999.4",
        "1,941 men",
        "a 2-1 win",
        "tel. 555-1999-22",
        "2000 troops",
        "May I go?",
        "a long march",
        "the second man",
    ] {
        assert_eq!(values(text, Some("2016-11-07")), [], "{text}");
    }
}

#[test]
fn a_story_goes_over_the_turn_of_the_year() {
    let found = values("On December 7, 1941 Japan attacked. In January it took Manila.", None);
    assert_eq!(found[1].1, "1942-01");
}

#[test]
fn hostile_text_takes_linear_time() {
    let started = std::time::Instant::now();
    for unit in ["1", "1 ", "1-", "12/", "May 1 ", "the early ", "two hundred and ", "last ", "a.", "1,", "' "] {
        let text = unit.repeat(100_000 / unit.len());
        let _ = read(&text, Some("2016-11-07"));
    }
    assert!(started.elapsed().as_secs() < 90, "{:?}", started.elapsed());
}

#[test]
fn ten_megabytes_of_digits_and_malformed_dates_are_read_in_linear_time() {
    let started = std::time::Instant::now();
    let digits = "1234567890".repeat(1_000_000);
    assert!(read(&digits, Some("2016-11-07")).is_empty());
    assert!(read_in("es", &digits, Some("2016-11-07")).is_empty());
    assert!(started.elapsed().as_secs() < 90, "{:?}", started.elapsed());
}

#[test]
fn years_outside_the_calendar_are_no_dates() {
    for text in ["in 99999 he", "on 1 May 12345, they", "on 00/00/0000 it", "in the year 0000", "on 2016-13-45 it", "on 32 May 2001 they"] {
        for language in ["en", "es"] {
            for m in read_in(language, text, Some("2016-02-29")) {
                assert!(m.days.is_none_or(|d| (1..=9999).contains(&d.0.year())), "{text}: {m:?}");
            }
        }
    }
}

#[test]
fn an_open_stretch_names_its_end() {
    let roles = |text| read(text, Some("2016-11-07")).into_iter().map(|m| m.record.role.unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(roles("fighting since March 2014, and no talks before Friday"), ["since", "before"]);
    assert_eq!(roles("they met on Friday"), [""]);
}

#[test]
fn no_length_of_time_ends_before_it_begins() {
    for text in ["the next 0 weeks", "next 0000 week", "the past 0 days", "within 0 months"] {
        assert!(read(text, Some("2016-02-29")).iter().all(|m| m.days.is_none_or(|(a, b)| a <= b)), "{text}");
    }
}

proptest! {
    #[test]
    fn never_panics_and_spans_slice_back(text in "\\PC{0,80}") {
        for m in read(&text, Some("2016-02-29")) {
            prop_assert_eq!(m.record.span.of(&text), m.record.text.as_str());
        }
    }

    #[test]
    fn never_panics_on_date_like_text(parts in proptest::collection::vec(prop_oneof![
        "[0-9]{1,5}", Just("May".to_owned()), Just("of".to_owned()), Just("the".to_owned()), Just("-".to_owned()), Just("/".to_owned()),
        Just("last".to_owned()), Just("week".to_owned()), Just("century".to_owned()), Just("BC".to_owned()), Just("ago".to_owned()),
        Just("years".to_owned()), Just("'".to_owned()), Just("s".to_owned()), Just("early".to_owned()), Just("Easter".to_owned()),
        Just("first".to_owned()), Just("quarter".to_owned()), Just("Friday".to_owned()), Just("next".to_owned()), Just("million".to_owned()),
        Just(",".to_owned()), Just("before".to_owned()), Just("a".to_owned()), Just("9999".to_owned()), Just("0000".to_owned())], 0..12), glue in any::<bool>()) {
        let text = parts.join(if glue { "" } else { " " });
        for m in read_in("es", &text, Some("2016-02-29")) {
            prop_assert_eq!(m.record.span.of(&text), m.record.text.as_str());
        }
        for published in [None, Some("2016-02-29"), Some("9999-12-31"), Some("-9999-01-01")] {
            for m in read(&text, published.filter(|p| !p.starts_with('-'))) {
                prop_assert_eq!(m.record.span.of(&text), m.record.text.as_str());
                if let Some((a, b)) = m.days { prop_assert!(a <= b, "{:?}", m); }
            }
        }
    }
}
