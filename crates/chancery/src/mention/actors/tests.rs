//! The knowledge as a whole, and its words' own examples.

use super::knowledge::{Class, Entity, Form, Knowledge};
use super::lexicon::{FILE, Lexicon};
use crate::data::DataFiles;
use crate::model::Report;
use crate::record::MentionRecord;
use crate::{Coder, Options};
use std::collections::{BTreeMap, BTreeSet};

fn read(coder: &Coder, text: &str, date: Option<&str>) -> Vec<MentionRecord> {
    let report = Report { text: text.to_owned(), published: date.map(str::to_owned), ..Report::default() };
    coder.read(report, &Options::default()).mentions
}

fn code(m: &MentionRecord) -> String {
    match (&m.actor.code, &m.actor.sector) {
        (Some(c), _) => c.clone(),
        (None, Some(s)) => format!("-{s}"),
        _ => "-".to_owned(),
    }
}

/// The mention of exactly those words.
fn of<'m>(mentions: &'m [MentionRecord], text: &str) -> &'m MentionRecord {
    mentions
        .iter()
        .find(|m| m.actor.text == text)
        .unwrap_or_else(|| panic!("no mention {text:?} in {:#?}", mentions.iter().map(|m| &m.actor.text).collect::<Vec<_>>()))
}

#[test]
fn every_role_does_what_its_examples_say() {
    let files = DataFiles::builtin();
    let coder = Coder::new(&files).unwrap();
    let mut wrong = Vec::new();
    for role in &Lexicon::load(&files).unwrap().roles {
        for example in &role.examples {
            let Some((phrase, wanted)) = example.split_once(" => ") else {
                wrong.push(format!("{example}: write \"phrase => CODE\""));
                continue;
            };
            let mentions = read(&coder, phrase, None);
            let widest = mentions.iter().rev().max_by_key(|m| m.actor.span.len());
            let given = widest.map_or("-".to_owned(), code);
            if given != wanted {
                wrong
                    .push(format!("{phrase}: {wanted} wanted, {given} given ({})", widest.map_or("no mention", |m| m.actor.rule.as_str())));
            }
        }
        for phrase in &role.not {
            let given: Vec<_> = read(&coder, phrase, None)
                .into_iter()
                .filter(|m| m.actor.sector.as_deref() == Some(role.sector.as_str()))
                .map(|m| m.actor.text)
                .collect();
            if !given.is_empty() {
                wrong.push(format!("{phrase}: no {} wanted, {given:?} given", role.sector));
            }
        }
    }
    assert!(wrong.is_empty(), "data/{FILE}:\n{}", wrong.join("\n"));
}

/// Days of a YYYYMMDD number, near enough to compare.
fn days(day: i32) -> i64 {
    if day == i32::MAX {
        return i64::MAX / 2;
    }
    let (y, m, d) = (i64::from(day / 10_000), i64::from(day / 100 % 100), i64::from(day % 100));
    y * 365 + m * 30 + d
}

#[test]
fn nobody_holds_an_office_of_one_holder_beside_another() {
    let k = Knowledge::load(&DataFiles::builtin()).unwrap();
    type Term<'a> = (i32, i32, &'a Entity);
    let mut terms: BTreeMap<(String, String), Vec<Term>> = BTreeMap::new();
    for e in k.entities.iter().filter(|e| e.class == Class::Person && !e.dead) {
        for t in k.terms_of(e) {
            let office = k.office_of(t).unwrap();
            if office.single {
                terms.entry((t.country.to_string(), office.key.to_string())).or_default().push((t.from, t.to, e));
            }
        }
    }
    let mut wrong = Vec::new();
    for ((country, office), mut held) in terms {
        held.sort_by_key(|h| (h.0, h.1));
        for pair in held.windows(2) {
            // Year-only dates touch each other; a real overlap lasts.
            if days(pair[0].1) - days(pair[1].0) > 40 && pair[0].2.id != pair[1].2.id {
                wrong.push(format!("{country} {office}: {} until {}, {} from {}", pair[0].2.name, pair[0].1, pair[1].2.name, pair[1].0));
            }
        }
    }
    assert!(wrong.is_empty(), "data/actors/persons:\n{}", wrong.join("\n"));
}

#[test]
fn a_name_means_one_thing_or_is_known_to_mean_two() {
    let k = Knowledge::load(&DataFiles::builtin()).unwrap();
    let mut wrong = Vec::new();
    // States and intergovernmental bodies never share a name; the same id never stands twice.
    let mut seen: BTreeMap<String, &Entity> = BTreeMap::new();
    for e in k.entities.iter().filter(|e| matches!(e.class, Class::Country | Class::Igo)) {
        let all = k.names.exactly(&super::fold::pieces_of(&e.name));
        let others: BTreeSet<_> = all
            .filter(|n| n.form == Form::Name)
            .filter_map(|n| k.get(n.entity))
            .filter(|o| matches!(o.class, Class::Country | Class::Igo) && o.id != e.id)
            .map(|o| o.id.to_string())
            .collect();
        if !others.is_empty() {
            wrong.push(format!("{} is also {others:?}", e.name));
        }
    }
    for e in &k.entities {
        if e.dead {
            wrong.push(format!("{} stands twice", e.id));
        }
        if let Some(other) = seen.insert(e.id.to_string(), e) {
            wrong.push(format!("{} and {} share an id", e.name, other.name));
        }
    }
    assert!(wrong.is_empty(), "data/actors:\n{}", wrong.join("\n"));
}

#[test]
fn a_bad_entry_is_an_error_that_says_where_and_what_to_do() {
    for (file, line, field) in [
        ("actors/persons/x.tsv", "Jane Doe\t\tXXX\tP:2000..2001", "country"),
        ("actors/persons/x.tsv", "Jane Doe\t\tFRA\tP:2001..2000", "offices"),
        ("actors/persons/x.tsv", "Jane Doe\t\tFRA\tNOPE:2000..2001", "offices"),
        ("actors/orgs/x.tsv", "Band\t\tFRA\tXYZ", "sector"),
        ("actors/orgs/x.tsv", "Band\t\tFRA\tPTY\t2000-13", "since"),
        ("actors/mine.tsv", "nothing\tx", "table"),
    ] {
        let mut files = DataFiles::builtin();
        files.insert(file, format!("# head\n{line}\n"));
        let e = Knowledge::load(&files).unwrap_err();
        assert_eq!(e.code, "E0110");
        let e = e.to_string();
        assert!(e.contains(&format!("data/{file}, line 2")) && e.contains(field), "{e}");
    }
}

#[test]
fn a_made_up_world_needs_one_file() {
    let mut files = DataFiles::builtin();
    let world = "country\tRUR\tRuritania\tKingdom of Ruritania\tRuritanian\t\tStrelsau\teurope kingdom\n\
                 country\tGRU\tGrauvia\t\tGrauvian\t\tHofbau\teurope\n\
                 person\tRudolf Rassendyll\t*\tRUR\tK:2001..\n\
                 person\tBlack Michael\t\tGRU\tP:2003..\n\
                 org\tBlue Guards\t\tRUR\tMIL\n";
    files.insert("actors/world.tsv", world.to_owned());
    let coder = Coder::new(&files).unwrap();
    let m = read(
        &coder,
        "The Ruritanian king met the president of Grauvia. The Grauvian army attacked the Blue Guards, Strelsau said.",
        Some("2010-01-01"),
    );
    assert_eq!(of(&m, "The Ruritanian king").actor.entity.as_deref(), Some("Rudolf Rassendyll"));
    assert_eq!(of(&m, "the president of Grauvia").actor.entity.as_deref(), Some("Black Michael"));
    assert_eq!(code(of(&m, "The Grauvian army")), "GRUMIL");
    assert_eq!(code(of(&m, "the Blue Guards")), "RURMIL");
    assert_eq!(code(of(&m, "Strelsau")), "RURGOV");
}

#[test]
fn a_users_entry_takes_the_place_of_ours() {
    let mut files = DataFiles::builtin();
    files.insert("actors/user.tsv", "igo\tnato\tNATO\t\tIGO\tMIL\n".to_owned());
    let coder = Coder::new(&files).unwrap();
    let m = read(&coder, "NATO said it was ready.", None);
    assert_eq!(code(of(&m, "NATO")), "IGOMIL");
}

#[test]
fn offices_are_resolved_by_the_reports_date() {
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    for (date, name, sector) in [("2009-06-01", "Dmitry Medvedev", "GOV"), ("2015-06-01", "Vladimir Putin", "GOV")] {
        let m = read(&coder, "The Russian president visited Germany.", Some(date));
        let p = of(&m, "The Russian president");
        assert_eq!((p.actor.entity.as_deref(), p.actor.sector.as_deref()), (Some(name), Some(sector)));
    }
    let m = read(&coder, "Angela Merkel spoke.", Some("2022-06-01"));
    assert_eq!(code(of(&m, "Angela Merkel")), "DEUELI");
    let m = read(&coder, "Moscow accused Serbian police.", Some("1987-03-01"));
    assert_eq!(code(of(&m, "Moscow")), "SUNGOV");
    assert_eq!(code(of(&m, "Serbian police")), "YUGCOP");
}

#[test]
fn words_that_are_names_elsewhere_are_none_here() {
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    for (text, name) in [
        ("They cooked a turkey and some china plates.", "turkey"),
        ("He told us who is there.", "us"),
        ("The New York Times reported it.", "New York"),
    ] {
        assert!(read(&coder, text, None).iter().all(|m| m.actor.text != name), "{text}");
    }
}

#[test]
fn who_is_meant_again() {
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    let text = "Russian President Vladimir Putin spoke by telephone with his Chinese counterpart, Xi Jinping. He said the two countries would cooperate. \
                The Asian president thanked Putin.";
    let m = read(&coder, text, Some("2022-12-31"));
    let putin = of(&m, "Russian President Vladimir Putin").chain;
    let xi = of(&m, "Xi Jinping").chain;
    assert_eq!(of(&m, "Putin").chain, putin);
    assert_eq!(of(&m, "his Chinese counterpart, Xi Jinping").chain, xi);
    assert_eq!(of(&m, "The Asian president").chain, xi);
    assert_eq!(of(&m, "He").chain, putin);
}

#[test]
fn a_place_is_no_government_and_the_prefix_no_actor() {
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    let m = read(&coder, "Talks began in Moscow on Monday. Iranian-backed rebels attacked Saudi-led forces in Yemen.", None);
    assert!(m.iter().all(|m| m.actor.text != "Moscow"));
    assert_ne!(of(&m, "Iranian-backed rebels").actor.country.as_deref(), Some("IRN"));
}

#[test]
fn never_panics_on_odd_text() {
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    for text in [
        "",
        "the the the of of",
        "’s ’s of U.S. and",
        "President",
        "- - - US -",
        "both both the two",
        "his counterpart his counterpart",
        "\u{feff}Côte d’Ivoire's\u{300} President of of",
    ] {
        for m in read(&coder, text, Some("2020-01-01")) {
            assert!(!m.actor.text.is_empty());
        }
    }
}
