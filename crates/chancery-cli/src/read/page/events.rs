//! Events in words, grouped by how far the report vouches for them.

use super::actors::{side, sides, speaker};
use super::paint::{DIM, SIDE, Sheet, clean, shorten};
use super::words::{Words, word};
use chancery::record::{BlockKind, Event, Record, Status, Time};

/// The group an event is printed under; a key of `statuses` in the words.
fn group(e: &Event) -> &'static str {
    match (e.status, e.time) {
        (Status::Occurred, Time::Background) => "background",
        (status, _) => status.as_str(),
    }
}

pub fn print(sheet: &mut Sheet, words: &Words, record: &Record) {
    for name in ["occurred", "claimed", "planned", "denied", "background", "hypothetical"] {
        let events: Vec<&Event> = record.events.iter().filter(|e| group(e) == name).collect();
        if events.is_empty() {
            continue;
        }
        sheet.heading(word(&words.statuses, name));
        for event in events {
            let told = told(sheet, words, record, event);
            sheet.line(2, 4, &told);
            let basis = sheet.paint(DIM, &basis(event));
            sheet.line(4, 4, &basis);
            for line in &event.explain {
                let line = sheet.paint(DIM, &clean(line));
                sheet.line(6, 8, &line);
            }
        }
    }
}

/// "Russia (government) → China: agrees to military cooperation, 30 Dec 2022, said in a post".
fn told(sheet: &Sheet, words: &Words, record: &Record, e: &Event) -> String {
    let source = if e.source.is_empty() { "someone not named".to_owned() } else { sides(words, &e.source) };
    let source = sheet.paint(SIDE, &source);
    let who = if e.target.is_empty() { source } else { format!("{source} → {}", sheet.paint(SIDE, &sides(words, &e.target))) };
    let mut parts = vec![format!("{who}: {}", words.phrase(e))];
    parts.extend(e.others.iter().map(|o| format!("{} {}", word(&words.roles, o.role.as_str()), side(words, &o.actor))));
    parts.extend(date(words, e));
    parts.extend(place(words, e));
    let block = record.sentences.get(e.sentence).and_then(|s| record.report.blocks.get(s.block));
    if block.is_some_and(|b| b.kind == BlockKind::Post) {
        parts.push("said in a post".to_owned());
    }
    let mut voices: Vec<String> = Vec::new();
    for a in &e.attributions {
        let voice = format!("{} {}", word(&words.stances, a.stance.as_str()), speaker(words, &a.actor));
        if !voices.contains(&voice) {
            voices.push(voice);
        }
    }
    if voices.is_empty() {
        voices.extend(e.claimed_by.as_ref().map(|a| format!("claimed by {}", speaker(words, a))));
    }
    parts.extend(voices);
    let figures: Vec<String> = record.figures.iter().filter(|f| e.figures.contains(&f.id)).map(|f| clean(&f.text)).collect();
    if !figures.is_empty() {
        parts.push(format!("({})", figures.join("; ")));
    }
    parts.join(", ")
}

fn date(words: &Words, e: &Event) -> Option<String> {
    let start = e.date.start.as_deref()?;
    let end = e.date.end.as_deref().unwrap_or(start);
    // The beginning of what goes on is known no closer than it is told: "since May".
    let told = match e.date.precision.as_deref() {
        Some("year") => 4,
        Some("month") => 7,
        _ => start.len(),
    };
    match start.get(..told) {
        Some(part) if start == end => Some(words.date(part)),
        _ => Some(words.days(start, end)),
    }
}

fn place(words: &Words, e: &Event) -> Option<String> {
    let name = e.place.name.as_deref()?;
    let country = e.place.country.as_deref().map(|c| word(&words.countries, c));
    Some(match country.filter(|c| *c != name) {
        Some(c) => format!("in {} ({c})", clean(name)),
        None => format!("in {}", clean(name)),
    })
}

/// The words it rests on and its codes.
fn basis(e: &Event) -> String {
    let mut codes = e.r#type.as_str().to_owned();
    for mode in &e.modes {
        codes.push('/');
        codes.push_str(mode);
    }
    let trigger = shorten(&e.trigger.text, 60);
    let words = if trigger.is_empty() { String::new() } else { format!("“{trigger}” · ") };
    let again = match e.mentions.len() {
        0 => String::new(),
        1 => " · told twice".to_owned(),
        n => format!(" · told {} times", n + 1),
    };
    format!("{words}{codes} {} · sentence {}{again}", e.cameo, e.sentence + 1)
}
