//! Every dependency is in the table with a licence we accept. `UPDATE_GOLDEN=1` writes the table from the dependency tree.

use crate::support::root;
use chancery_cli::licenses;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

#[derive(serde::Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(serde::Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
}

fn locked() -> BTreeSet<(String, String)> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let lock: Lock = toml::from_str(&lock).unwrap();
    lock.package.into_iter().filter(|p| p.source.is_some()).map(|p| (p.name, p.version)).collect()
}

#[test]
fn the_table_lists_exactly_the_locked_dependencies() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return update();
    }
    let listed: BTreeSet<(String, String)> = licenses::dependencies().map(|d| (d.name.to_owned(), d.version.to_owned())).collect();
    let locked = locked();
    let missing: Vec<_> = locked.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&locked).collect();
    assert!(missing.is_empty() && gone.is_empty(), "missing {missing:?}, gone {gone:?}: run `just update`");
}

#[test]
fn every_licence_is_one_that_deny_toml_allows() {
    let deny: toml::Table = toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap();
    let allowed: BTreeSet<&str> = deny["licenses"]["allow"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    for d in licenses::dependencies() {
        assert!(accepted(d.licence, &allowed), "{} {}: {} is not allowed", d.name, d.version, d.licence);
    }
    assert!(!accepted("GPL-3.0-only", &allowed) && !accepted("MIT AND GPL-3.0", &allowed));
    assert!(accepted("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed) && accepted("MIT/GPL-2.0", &allowed));
}

#[test]
fn the_page_names_models_and_libraries() {
    let page = licenses::text();
    for part in ["CC BY-SA 4.0", "LICENSE-APACHE", "serde ", "clap "] {
        assert!(page.contains(part), "{part}");
    }
}

/// Whether an SPDX expression can be met by the allowed licences. `/` is the old way to write OR.
fn accepted(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = either(&words, &mut at, allowed);
    met && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut met = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at, allowed);
    }
    met
}

fn all(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let Some(&word) = words.get(*at) else { return false };
    *at += 1;
    if word == "(" {
        let met = either(words, at, allowed);
        *at += 1;
        return met;
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return allowed.contains(format!("{word} WITH {exception}").as_str()) || allowed.contains(word);
    }
    allowed.contains(word)
}

/// Writes the table from `cargo metadata`.
fn update() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let shipped = shipped(&metadata);
    let mut rows = BTreeMap::new();
    for p in metadata["packages"].as_array().unwrap().iter().filter(|p| !p["source"].is_null()) {
        let text = |key: &str| p[key].as_str().unwrap_or("").to_owned();
        let used = if shipped.contains(p["id"].as_str().unwrap()) { "shipped" } else { "build or test" };
        let row = format!("{}\t{}\t{}\t{used}\t{}", text("name"), text("version"), text("license"), text("repository"));
        rows.insert((text("name"), text("version")), row);
    }
    let mut table = "# name\tversion\tlicence\tuse\trepository\n".to_owned();
    for row in rows.values() {
        writeln!(table, "{row}").unwrap();
    }
    std::fs::write(root().join("crates/chancery-cli/src/licenses.tsv"), table).unwrap();
}

/// Ids of the packages that the program links: reached from it by normal dependencies, on any platform.
fn shipped(metadata: &Value) -> BTreeSet<String> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let node: BTreeMap<&str, &Value> = nodes.iter().map(|n| (n["id"].as_str().unwrap(), n)).collect();
    let start = nodes.iter().map(|n| n["id"].as_str().unwrap()).find(|id| id.contains("chancery-cli"));
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = start.into_iter().collect();
    while let Some(id) = open.pop() {
        if !seen.insert(id.to_owned()) {
            continue;
        }
        for dep in node[id]["deps"].as_array().unwrap() {
            if dep["dep_kinds"].as_array().unwrap().iter().any(|k| k["kind"].is_null()) {
                open.push(dep["pkg"].as_str().unwrap());
            }
        }
    }
    seen
}
