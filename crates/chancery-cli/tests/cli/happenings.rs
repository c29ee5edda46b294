//! Happenings in a ledger: reports that tell of one thing, whatever the order in which they come.

use crate::support::{chancery, records, stderr};
use serde_json::{Value, json};

struct Ledger(std::path::PathBuf);

impl Ledger {
    fn new(name: &str) -> Ledger {
        let path = std::env::temp_dir().join(format!("chancery-happenings-{name}-{}.db", std::process::id()));
        let ledger = Ledger(path);
        ledger.remove();
        ledger
    }
    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(end);
            let _ = std::fs::remove_file(path);
        }
    }
    fn run(&self, args: &[&str], input: &[u8]) -> Vec<Value> {
        let path = self.0.display().to_string();
        let mut all = args.to_vec();
        all.extend(["--ledger", &path]);
        let output = chancery(&all, input);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        records(&output)
    }
    fn add(&self, reports: &[Value]) {
        let lines: Vec<String> = reports.iter().map(Value::to_string).collect();
        self.run(&["add", "-"], lines.join("\n").as_bytes());
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.remove();
    }
}

fn reports() -> Vec<Value> {
    let report = |outlet: &str, published: &str, text: &str| json!({"outlet": outlet, "published": published, "text": text});
    vec![
        report("Gulf Courier", "2016-10-04", "Russian jets bombed a market in Idlib on Monday, killing 12 people, Syrian rescuers said."),
        report("Port Chronicle", "2016-10-05", "Russian jets bombed a market in the Syrian town of Idlib on Monday and killed 15 people."),
        report("Gulf Courier", "2016-10-08", "Russian jets bombed a hospital in Aleppo on Friday and killed three people."),
        report("Daily Meridian", "2016-10-05", "Norway's prime minister met her Swedish counterpart in Oslo on Tuesday."),
    ]
}

fn bombing(all: &[Value]) -> &Value {
    let fits = |h: &&Value| h["place"] == "Idlib" && h["type"] == "ASSAULT";
    all.iter().filter(fits).max_by_key(|h| h["reports"].as_i64()).expect("the bombing is coded")
}

#[test]
fn reports_of_one_thing_are_one_happening_in_any_order() {
    let (forth, back) = (Ledger::new("forth"), Ledger::new("back"));
    forth.add(&reports());
    // One at a time, the last first.
    reports().iter().rev().for_each(|r| back.add(std::slice::from_ref(r)));
    for ledger in [&forth, &back] {
        let all = ledger.run(&["happenings"], b"");
        let found = bombing(&all);
        assert_eq!((found["reports"].as_i64(), found["independent"].as_i64()), (Some(2), Some(2)), "{all:?}");
        assert_eq!(found["first_reported"], "2016-10-04");
        assert_eq!(ledger.run(&["happenings", "--independent", "2"], b"").len(), 1);
        // Filters ask for its events.
        assert!(ledger.run(&["happenings", "--source", "NOR"], b"").iter().all(|h| h["type"] == "CONSULT"));
        assert_eq!(ledger.run(&["sql", "SELECT * FROM happenings WHERE reports = 2"], b"").len(), 1);
    }
    // Added again, nothing changes.
    let before = forth.run(&["happenings"], b"");
    forth.add(&reports());
    assert_eq!(forth.run(&["happenings"], b""), before);
}

#[test]
fn a_decision_leaves_an_event_in_its_happening() {
    let ledger = Ledger::new("decided");
    ledger.add(&reports());
    let found = bombing(&ledger.run(&["happenings"], b"")).clone();
    let event = found["events"].as_str().unwrap().split(';').next_back().unwrap().to_owned();
    let decision = json!({"event": event, "verdict": "correct", "who": "tester", "status": "denied"});
    ledger.run(&["review", "--import", "-"], decision.to_string().as_bytes());
    let after = bombing(&ledger.run(&["happenings"], b"")).clone();
    assert_eq!((&after["id"], &after["reports"]), (&found["id"], &found["reports"]));
    assert!(after["status"].as_str().unwrap().contains("denied"), "{after}");
}

/// Copies and later tellings become one story as they come, whether in one run or one by one; what stands alone is none.
#[test]
fn reports_join_their_story_as_they_come() {
    let text = "The finance ministers of Norway and Sweden signed an agreement on fisheries in Bergen on Tuesday, ending four years of talks about \
        quotas in the northern sea. Both governments said that fishermen would be paid for boats laid up since the spring. The agreement needs \
        the consent of both parliaments, which will debate it in November.";
    let report = |outlet: &str, day: u32, text: &str| json!({"outlet": outlet, "title": format!("{outlet} on fish"), "published": format!("2016-10-{day:02}"), "text": text});
    let all = [
        report("Bergen Post", 4, text),
        report(
            "Gulf Courier",
            5,
            "Egypt reopened the port of Safaga to tourists on Wednesday after repairs that took the whole summer, its transport minister said.",
        ),
        report("Daily Meridian", 5, &format!("{text} Read more on our pages.")),
        report("Port Chronicle", 6, text),
    ];
    let (once, singly) = (Ledger::new("stories-once"), Ledger::new("stories-singly"));
    once.add(&all);
    all.iter().for_each(|r| singly.add(std::slice::from_ref(r)));
    for ledger in [&once, &singly] {
        let stories = ledger.run(&["stories"], b"");
        assert_eq!(stories.len(), 1, "{stories:?}");
        let story = &stories[0];
        assert_eq!((&story["reports"], &story["first"], &story["last"]), (&json!(3), &json!("2016-10-04"), &json!("2016-10-06")));
        assert_eq!(story["outlets"], "Bergen Post; Daily Meridian; Port Chronicle");
        assert_eq!(story["title"], "Bergen Post on fish");
        let id = story["id"].as_str().unwrap();
        let first = ledger.run(&["sql", "SELECT id FROM reports WHERE outlet = 'Bergen Post'"], b"");
        assert_eq!(first[0]["id"], id);
        let events = ledger.run(&["events", "--story", &id[..10]], b"");
        assert!(!events.is_empty() && events.iter().all(|e| e["outlet"] != "Gulf Courier"), "{events:?}");
        assert_eq!(ledger.run(&["stories", "--text", "Safaga"], b"").len(), 0);
        assert_eq!(ledger.run(&["stories", "--outlet", "Port Chronicle", "--since", "2016-10-06", "--until", "2016-10"], b"").len(), 1);
        assert_eq!(ledger.run(&["stories", "--independent", "9"], b"").len(), 0);
    }
    assert_eq!(once.run(&["stories"], b""), singly.run(&["stories"], b""));
}
