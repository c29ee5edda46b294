//! `chancery actors`, and actors that a user brings.

use super::support::{chancery, records, root, stderr};
use serde_json::Value;
use std::path::PathBuf;

fn ask(args: &[&str]) -> Vec<Value> {
    let out = chancery(&[&["actors"], args].concat(), b"");
    assert_eq!(out.status.code(), Some(0), "{}", stderr(&out));
    records(&out)
}

/// A file of that name for one test.
fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("written");
    path.to_str().expect("a path").to_owned()
}

/// The lines of the documentation's made-up world, as a file.
fn world() -> String {
    let readme = std::fs::read_to_string(root().join("data/actors/README.md")).expect("the tables have a README");
    let lines = readme.split("```tsv\n").nth(1).and_then(|r| r.split("```").next()).expect("with a world in it");
    assert_eq!(lines.lines().count(), 10);
    file("world.tsv", lines)
}

#[test]
fn a_name_tells_who_it_is_on_a_day() {
    let now = &ask(&["Vladimir Putin", "--date", "2010-06-01"])[0];
    assert_eq!((&now["by"], &now["known"]["entity_id"]), (&"name".into(), &"person/vladimir-putin".into()));
    assert_eq!(now["known"]["office"], "prime minister");
    let held = now["known"]["offices"].as_array().expect("a list");
    assert!(held.iter().any(|h| h["role"] == "president" && h["to"] == "2008-05-07" && h["held"] == false));
    assert!(now["known"]["source"].as_str().expect("text").starts_with("data/actors/persons/"));
}

#[test]
fn codes_of_every_kind_find_the_state() {
    for code in ["SYR", "652", "SYRMIL", "country/SYR"] {
        let a = &ask(&[code])[0];
        assert_eq!(
            (&a["by"], &a["known"]["state"]["iso"], &a["known"]["state"]["cow"]),
            (&"code".into(), &"SYR".into(), &652.into()),
            "{code}"
        );
    }
    let rus = &ask(&["RUS", "--date", "1985-01-01"])[0];
    assert_eq!(rus["known"]["country"], "SUN");
}

#[test]
fn members_of_a_body_depend_on_the_day() {
    let members = |day: &str| -> Vec<String> {
        let a = ask(&["igo/unsc", "--date", day]);
        let held = a[0]["known"]["members"].as_array().expect("a list").iter().filter(|m| m["held"] == true);
        held.map(|m| m["entity_id"].as_str().expect("text").to_owned()).collect()
    };
    let old = members("1987-06-01");
    assert!(old.len() == 15 && old.contains(&"country/SUN".to_owned()) && old.contains(&"country/ZMB".to_owned()), "{old:?}");
    let new = members("2024-06-01");
    assert!(new.len() == 15 && new.contains(&"country/RUS".to_owned()) && new.contains(&"country/GUY".to_owned()), "{new:?}");
}

#[test]
fn a_phrase_is_read_and_explained() {
    let a = &ask(&["retired Chilean defence minister", "--date", "2001-05-01"])[0];
    assert_eq!((&a["by"], &a["actor"]["code"]), (&"phrase".into(), &"CHLELI".into()));
    assert!(a["why"].as_array().expect("a list").len() >= 2);
    let page = chancery(&["actors", "a senior U.S. official", "--format", "table"], b"");
    assert!(String::from_utf8_lossy(&page.stdout).contains("country USA, sector GOV"));
}

#[test]
fn an_outlet_tells_its_kind_and_who_controls_it() {
    let control = |who: &str, day: &str| ask(&[who, "--date", day])[0]["outlet"]["state_controlled"].clone();
    assert_eq!((control("Xinhua", "2020-01-01"), control("Reuters", "2020-01-01")), (true.into(), false.into()));
    assert_eq!((control("Izvestia", "1987-01-01"), control("Izvestia", "1995-01-01")), (true.into(), false.into()));
    let text = b"Moscow will answer, Xinhua reported on Monday.";
    let out = chancery(&["read", "-", "--published", "2020-01-01", "--format", "jsonl"], text);
    let hand = &records(&out)[0]["report"]["provenance"][0];
    assert_eq!((&hand["country"], &hand["state_controlled"]), (&"CHN".into(), &true.into()));
}

#[test]
fn nobody_is_said_to_be_nobody() {
    let out = chancery(&["actors", "the quick brown fox"], b"");
    assert_eq!(out.status.code(), Some(1));
    assert!(stderr(&out).contains("E0420"));
}

#[test]
fn the_made_up_world_of_the_documentation_is_coded() {
    let file = &world();
    let text = b"STRELSAU, Jan 1 - The Ruritanian king met Grauvian President Antoinette Mauban in Geneva on Friday.\n\n\
        The Grauvian army attacked the Blue Guards, Ruritania's defence ministry said.";
    let out = chancery(&["read", "-", "--actors", file, "--published", "2010-01-01", "--format", "jsonl"], text);
    assert_eq!(out.status.code(), Some(0), "{}", stderr(&out));
    let record = &records(&out)[0];
    let sides = |e: &Value, key: &str| -> Vec<String> {
        e[key].as_array().expect("a list").iter().filter_map(|a| a["code"].as_str().map(str::to_owned)).collect()
    };
    let events = record["events"].as_array().expect("a list");
    let met = events.iter().find(|e| e["type"] == "CONSULT").expect("the meeting");
    let mut parties = sides(met, "source");
    parties.sort();
    assert_eq!(parties, ["GRUGOV", "RURGOV"]);
    let attack = events.iter().find(|e| e["type"] == "ASSAULT").expect("the attack");
    assert_eq!((sides(attack, "source"), sides(attack, "target")), (vec!["GRUMIL".to_owned()], vec!["RURMIL".to_owned()]));
    let king = &ask(&["the Ruritanian king", "--actors", file, "--date", "2010-01-01"])[0];
    assert_eq!(king["actor"]["entity_id"], "person/rudolf-rassendyll");
    let pact = &ask(&["Zenda Pact", "--actors", file, "--date", "2012-01-01"])[0];
    let held = pact["known"]["members"].as_array().expect("a list").iter().filter(|m| m["held"] == true).count();
    assert_eq!(held, 1);
}

#[test]
fn a_users_entry_replaces_ours_and_a_bad_one_is_named() {
    // Ours of the same id goes, wherever our file stands in the order of names.
    let name = &file("mine.tsv", "person\tVladimir Putin\t*\tRUS\tMAY:2000..\norg\tHamas\t\tPSE\tPTY\nmember\tbenelux\tmember\tBEL\n");
    let mayor = &ask(&["Vladimir Putin", "--actors", name, "--date", "2010-06-01"])[0];
    assert_eq!((&mayor["known"]["office"], &mayor["known"]["source"]), (&"mayor".into(), &format!("{name}, line 1").into()));
    assert_eq!(ask(&["Hamas", "--actors", name])[0]["known"]["sector"], "PTY");
    assert_eq!(ask(&["igo/benelux", "--actors", name])[0]["known"]["members"].as_array().expect("a list").len(), 1);
    for (line, field) in [
        ("person\tJane Doe\t\tXXX", "country"),
        ("person\tJane Doe\t\tFRA\tNOPE:2000..", "offices"),
        ("member\tnowhere\tmember\tFRA", "body"),
        ("member\tnato\tmember\tXXX:1999..", "members"),
        ("org\tBand\t\tFRA\tREB\t1999\t\t\tmore\tand more", "fields"),
        ("country\tABC\tAbecedia\t\t\t\t\t\t\t\t\t\tXYZ", "before"),
        ("org\tBand\t\tFRA\tREB\norg\tBand\t\tFRA\tREB", "name"),
        ("country Ruritania", "table"),
    ] {
        let name = &file("bad.tsv", &format!("# mine\n{line}\n"));
        let out = chancery(&["actors", "x", "--actors", name], b"");
        let said = stderr(&out);
        assert_eq!(out.status.code(), Some(2), "{line}: {said}");
        let at = if field == "name" { 3 } else { 2 };
        assert!(said.contains(&format!("{name}, line {at}")) && said.contains(field), "{line}: {said}");
    }
}
