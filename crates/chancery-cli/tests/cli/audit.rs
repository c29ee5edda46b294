//! An audit from drawing to appendix, and what people's decisions are good for.

use crate::support::{chancery, stderr};
use serde_json::Value;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("chancery-cli-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn run(args: &[&str], input: &str) -> String {
    let output = chancery(args, input.as_bytes());
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output)
}

fn reports(n: usize) -> String {
    let pairs = [("Russia", "China"), ("France", "Germany"), ("Japan", "India")];
    let lines = (0..n).map(|i| {
        let (a, b) = pairs[i % 3];
        let text = match i % 4 {
            0 => format!("{a} and {b} held talks number {i} on Monday."),
            1 => format!("{a} condemned {b} on Monday, for the {i}th time."),
            _ => format!("The weather was fine on day {i} of the year."),
        };
        format!("{{\"published\":\"20{:02}-03-02\",\"text\":\"{text}\"}}\n", 20 + i % 2)
    });
    lines.collect()
}

#[test]
fn from_a_sample_to_an_appendix() {
    let dir = folder("audit");
    let file = |name: &str| dir.join(name).display().to_string();
    let ledger = file("l.db");
    run(&["add", "-", "--ledger", &ledger], &reports(80));
    let strata = run(&["audit", "--n", "20", "--by", "type,period", "--ledger", &ledger, "--format", "csv"], "");
    assert!(strata.contains("\nnone / 2020,20,") && strata.contains("ACCUSE / 2021,20,"), "{strata}");
    let again = run(&["audit", "--n", "20", "--by", "type,period", "--ledger", &ledger, "--format", "csv"], "");
    assert_eq!(strata.split("chancery:").next(), again.split("chancery:").next());
    let sql = |select: &str| run(&["sql", select, "--ledger", &ledger, "--format", "csv"], "");
    let drawn = |n: u8| {
        sql(&format!(
            "SELECT lower(hex(r.id)) AS report, lower(hex(k.id)) AS event, e.type FROM audit_report a JOIN report r USING (rid)
        LEFT JOIN event e USING (cid) LEFT JOIN event_key k USING (key) WHERE a.audit = {n} ORDER BY a.place"
        ))
    };
    assert_eq!(drawn(1), drawn(2));
    // Ada takes all; Bob takes every ACCUSE to be THREATEN. Both read every report whole.
    let mut said = String::new();
    let rows: Vec<Vec<String>> = drawn(1).lines().skip(1).map(|l| l.split(',').map(str::to_owned).collect()).collect();
    for row in &rows {
        for who in ["ada", "bob"] {
            if who == "bob" && row[2] == "ACCUSE" {
                said.push_str(&format!("{{\"who\":\"bob\",\"verdict\":\"correct\",\"event\":\"{}\",\"type\":\"THREATEN\"}}\n", row[1]));
            }
            said.push_str(&format!("{{\"who\":\"{who}\",\"verdict\":\"complete\",\"report\":\"{}\"}}\n", row[0]));
        }
    }
    let before = run(&["export", "--as", "csv", "--ledger", &ledger], "");
    run(&["review", "--import", "-", "--audit", "1", "--ledger", &ledger], &said);
    assert_eq!(before, run(&["export", "--as", "csv", "--ledger", &ledger], ""));
    let stranger = format!("{{\"who\":\"bob\",\"verdict\":\"complete\",\"report\":\"{}\"}}\n", "0".repeat(32));
    assert_eq!(chancery(&["review", "--import", "-", "--audit", "1", "--ledger", &ledger], stranger.as_bytes()).status.code(), Some(1));
    let (panel, appendix) = (file("panel.csv"), file("methods.md"));
    let args = ["audit", "--results", "--audit", "1", "--ledger", &ledger, "--format", "jsonl", "--panel", &panel, "--appendix", &appendix];
    let results = run(&args, "");
    let row = |kind: &str| -> Value {
        let line = results.lines().find(|l| l.contains(&format!("\"type\":\"{kind}\""))).unwrap_or_else(|| panic!("{results}"));
        serde_json::from_str(line).unwrap()
    };
    // Half of what Ada and Bob say is that ACCUSE is none.
    assert_eq!(row("ACCUSE")["precision"], 0.5);
    assert_eq!((&row("CONSULT")["precision"], &row("CONSULT")["recall"]), (&Value::from(1.0), &Value::from(1.0)));
    assert_eq!((&row("THREATEN")["recall"], &row("THREATEN")["precision"]), (&Value::from(0.0), &Value::Null));
    let arbiter = run(&[&args[..7], &["jsonl", "--arbiter", "ada"][..]].concat(), "");
    assert!(arbiter.contains("\"type\":\"ACCUSE\",\"precision\":1.0"), "{arbiter}");
    let counts = std::fs::read_to_string(&panel).unwrap();
    assert!(counts.contains("2021,ACCUSE,20,10,"), "{counts}");
    let page = std::fs::read_to_string(&appendix).unwrap();
    for part in ["## Sample", "kappa", "Coder: Chancery", "by two people", "| ada | bob |", "## Citation"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let agreement = run(&["review", "--agreement", "--audit", "1", "--ledger", &ledger, "--format", "csv"], "");
    assert!(agreement.contains("ada,machine,") && agreement.contains("all people,,"), "{agreement}");
    let _ = std::fs::remove_dir_all(&dir);
}

#[test]
fn complete_reports_become_gold() {
    let dir = folder("gold");
    let file = |name: &str| dir.join(name).display().to_string();
    let ledger = file("l.db");
    run(&["add", "-", "--ledger", &ledger], &reports(8));
    let events = run(&["events", "--ledger", &ledger, "--format", "jsonl"], "");
    let events: Vec<Value> = events.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let id = |n: usize, key: &str| events[n][key].as_str().unwrap().to_owned();
    let said = format!(
        "event,report,verdict,who\n,{},complete,ada\n{},,reject,ada\n,{},complete,ada\n{},,reject,ada\n",
        id(0, "report"),
        id(1, "id"),
        id(1, "report"),
        id(2, "id")
    );
    run(&["review", "--import", "-", "--ledger", &ledger], &said);
    let gold = file("gold.jsonl");
    run(&["review", "--gold", &gold, "--ledger", &ledger], "");
    let rows: Vec<Value> = std::fs::read_to_string(&gold).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    // The third report was not read whole: what was rejected in it makes no gold.
    assert_eq!(rows.iter().map(|r| r["events"].as_array().unwrap().len()).collect::<Vec<_>>(), [1, 0]);
    let scored = run(&["eval", "events", &gold, "--format", "json", "-q"], "");
    let scored: Value = serde_json::from_str(&scored).unwrap();
    // One event of two was rejected.
    assert_eq!(scored["files"][0]["metrics"]["p_type"], 0.5, "{scored}");
    assert_eq!(scored["files"][0]["metrics"]["r_type"], 1.0, "{scored}");
    let _ = std::fs::remove_dir_all(&dir);
}

/// Tasks that come back from Label Studio as they went decide that all is right; what was changed there is a correction.
#[test]
fn annotations_come_back() {
    let dir = folder("labelstudio");
    let ledger = dir.join("l.db").display().to_string();
    let text = "{\"published\":\"2022-12-07\",\"text\":\"Smile \u{1F600}: Russia condemned China on Monday. France and Germany held talks in Paris.\"}\n";
    run(&["add", "-", "--ledger", &ledger], text);
    let output = chancery(&["export", "--as", "labelstudio", "--ledger", &ledger], b"");
    let mut tasks: Value = serde_json::from_slice(&output.stdout).unwrap();
    let csv = |ledger: &str| run(&["export", "--as", "csv", "--ledger", ledger, "-q"], "");
    let before = csv(&ledger);
    let result = tasks[0]["predictions"][0]["result"].clone();
    let submit = |tasks: &mut Value, who: &str, result: Value| {
        tasks[0]["annotations"] = serde_json::json!([{"completed_by": {"id": 1, "email": who}, "result": result}]);
        tasks.to_string()
    };
    let same = submit(&mut tasks, "ada", result.clone());
    assert!(run(&["review", "--import", "-", "--ledger", &ledger], &same).contains("3 decisions taken, 0 refused"));
    assert_eq!(csv(&ledger), before);
    // The first event is a threat, the second none, and a third was missed: "Smile" (code points 0 to 5).
    let all = result.as_array().unwrap();
    let second = all.iter().filter(|r| r["id"].as_str().is_some_and(|i| i.ends_with("-trigger"))).nth(1).unwrap()["id"].clone();
    let mut changed: Vec<Value> = all.iter().filter(|r| r["id"] != second).cloned().collect();
    changed[0]["value"]["labels"] = serde_json::json!(["THREATEN", "claimed"]);
    changed.push(serde_json::json!({"id": "new", "type": "labels", "value": {"start": 0, "end": 7, "labels": ["SUPPORT"]}}));
    let other = submit(&mut tasks, "bob", Value::from(changed));
    assert!(run(&["review", "--import", "-", "--ledger", &ledger], &other).contains("4 decisions taken, 0 refused"));
    let after = run(&["sql", "SELECT type, status, trigger FROM events ORDER BY 1", "--ledger", &ledger, "--format", "csv", "-q"], "");
    assert_eq!(after, "type,status,trigger\nSUPPORT,occurred,Smile \u{1F600}\nTHREATEN,claimed,condemned\n");
    let _ = std::fs::remove_dir_all(&dir);
}
