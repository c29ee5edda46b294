//! The report that started the project, against what a careful reader finds in it. Both lie in `../shared`; says so where they do not.

use crate::support::{chancery, records, shared};
use serde_json::Value;

fn str_of<'a>(v: &'a Value, key: &str) -> &'a str {
    v[key].as_str().unwrap_or_default()
}

fn list<'a>(v: &'a Value, key: &str) -> &'a [Value] {
    v[key].as_array().map_or(&[], Vec::as_slice)
}

fn span(v: &Value) -> (usize, usize) {
    let at = |i: usize| v["span"][i].as_u64().expect("a span has two offsets") as usize;
    (at(0), at(1))
}

fn overlap(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// Every place where `words` stand in `text`.
fn places(text: &str, words: &str) -> Vec<(usize, usize)> {
    text.match_indices(words).map(|(at, w)| (at, at + w.len())).collect()
}

/// Whether the sides a reader gave (`RUSGOV`, or a country alone) are those of the event.
fn same_side(given: &[Value], wanted: &[Value]) -> bool {
    let fits = |code: &str, w: &str| if w.len() == 3 { code.starts_with(w) } else { code == w };
    let codes: Vec<&str> = given.iter().map(|a| str_of(a, "code")).collect();
    let wanted: Vec<&str> = wanted.iter().filter_map(Value::as_str).collect();
    wanted.iter().all(|w| codes.iter().any(|c| fits(c, w))) && codes.iter().all(|c| wanted.iter().any(|w| fits(c, w)))
}

/// Quotations are the same but for marks and stops at their ends.
fn bare(quote: &str) -> &str {
    quote.trim_matches(|c: char| c.is_whitespace() || "“”\"‘’',.".contains(c))
}

#[test]
fn the_founding_report_is_read_as_a_careful_reader_does() {
    let (Some(report), Some(wanted)) = (shared("samples/report-2022-12-31.txt"), shared("samples/report-2022-12-31.expected.json")) else {
        return;
    };
    let wanted: Value = serde_json::from_str(&std::fs::read_to_string(wanted).unwrap()).unwrap();
    let record = records(&chancery(&["read", report.to_str().unwrap(), "--format", "jsonl"], b"")).remove(0);
    let text = str_of(&record["report"], "text");
    let mut missing: Vec<String> = Vec::new();
    let mut need = |there: bool, what: String| {
        if !there {
            missing.push(what);
        }
    };

    // Provenance and layout.
    let r = &record["report"];
    need(r["published"] == wanted["report"]["published"], format!("published {}", r["published"]));
    for p in list(&wanted["report"], "provenance").iter().filter(|p| p["name"].is_string()) {
        let there = list(r, "provenance").iter().any(|q| q["role"] == p["role"] && q["name"] == p["name"]);
        need(there, format!("provenance {p}"));
    }
    for p in list(&wanted["report"], "posts") {
        let there = list(r, "posts").iter().any(|q| ["platform", "author", "handle", "date", "link"].iter().all(|k| q[*k] == p[*k]));
        need(there, format!("post {p}, got {}", r["posts"]));
    }
    for junk in list(&wanted["report"], "not_body") {
        let body = list(r, "blocks").iter().filter(|b| matches!(str_of(b, "kind"), "paragraph" | "title" | "heading"));
        for b in body {
            let over = places(text, str_of(junk, "text")).into_iter().any(|at| overlap(at, span(b)));
            need(!over, format!("{} block over {junk}", b["kind"]));
        }
    }

    // Mentions, dates, figures, statements.
    let mentions = list(&record, "mentions");
    for actor in list(&wanted, "actors") {
        for words in list(actor, "texts").iter().filter_map(Value::as_str) {
            let there = mentions.iter().any(|m| {
                let entity = actor["entity"].as_str();
                let code = str_of(m, "code");
                let right = match entity {
                    // Bodies go by their short or their full name.
                    Some(name) if str_of(actor, "code").len() > 3 => str_of(m, "entity") == name && code == str_of(actor, "code"),
                    _ => code.starts_with(str_of(actor, "code")),
                };
                right && places(text, words).into_iter().any(|at| overlap(at, span(m)))
            });
            need(there, format!("mention {words:?} as {}", actor["code"]));
        }
    }
    for d in list(&wanted, "dates") {
        let there = list(&record, "dates")
            .iter()
            .any(|e| e["text"] == d["text"] && e["value"] == d["value"] && (d["end"].is_null() || e["end"] == d["end"]));
        need(there, format!("date {d}"));
    }
    for f in list(&wanted, "figures") {
        let there = list(&record, "figures").iter().any(|g| {
            g["text"] == f["text"]
                && g["value"].as_f64() == f["value"].as_f64()
                && g["unit"] == f["unit"]
                && g["kind"] == f["kind"]
                && str_of(g, "of").contains(str_of(f, "of"))
        });
        need(there, format!("figure {f}"));
    }
    let statements = list(&record, "statements");
    for s in list(&wanted, "statements") {
        let there = statements.iter().any(|g| {
            bare(str_of(&g["quote"], "text")) == bare(str_of(s, "quote"))
                && str_of(&g["speaker"], "entity") == str_of(s, "speaker")
                && (s["closed"].is_null() || g["closed"] == s["closed"])
                && (str_of(s, "cue") == ":" || str_of(&g["cue"], "text") == str_of(s, "cue"))
        });
        need(there, format!("statement {s}"));
    }

    // Events: at least five of the seven, and nothing that must not be.
    let events = list(&record, "events");
    let found = |w: &Value| {
        let also = &w["also"];
        let kind = |e: &Value| e["type"] == w["type"] || also["type"] == e["type"];
        events.iter().any(|e| {
            kind(e)
                && same_side(list(e, "source"), list(w, "source"))
                && same_side(list(e, "target"), list(w, "target"))
                && e["status"] == w["status"]
                && (w["date"].is_null() && w.get("date").is_none() || e["date"]["start"] == w["date"])
                && [w, also].iter().flat_map(|t| places(text, str_of(t, "trigger"))).any(|at| overlap(at, span(&e["trigger"])))
        })
    };
    let (right, wrong): (Vec<&Value>, Vec<&Value>) = list(&wanted, "events").iter().partition(|w| found(w));
    need(right.len() >= 5, format!("{} of 7 events; not there: {wrong:#?}", right.len()));
    for e in events {
        let sides = || list(e, "source").iter().chain(list(e, "target"));
        need(!sides().any(|a| str_of(a, "country") == "CUB"), format!("an event of the related headline: {e}"));
        let relayer = list(e, "source").iter().any(|a| {
            let named = |n: &str| str_of(a, "text").contains(n) || str_of(a, "entity").contains(n);
            ["Telesur", "RJ983", "Twitter", "AZ"].iter().any(|n| named(n))
        });
        need(!relayer, format!("an event by who only passed the report on: {e}"));
        let west = list(e, "source").iter().any(|a| str_of(a, "country") == "WLD");
        let charge = places(text, "illegitimate restrictions and direct blackmail").into_iter().any(|at| overlap(at, span(&e["trigger"])));
        need(!(west && charge && str_of(e, "status") == "occurred"), format!("a claim told as fact: {e}"));
    }
    assert!(missing.is_empty(), "missing or wrong:\n{}", missing.join("\n"));
}
