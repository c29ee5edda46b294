//! Actors in words.

use super::paint::clean;
use super::words::{Words, word};
use chancery::record::Actor;

/// A side of an event: "Russia (government: Vladimir Putin)", "United Nations", "“four men”".
pub fn side(words: &Words, a: &Actor) -> String {
    let country = a.country.as_deref().map(|c| word(&words.countries, c));
    let sector = a.sector.as_deref().map(|s| word(&words.sectors, s));
    // A capital or a seat of power stands for the government that the side names already.
    let seat = a.entity_id.as_deref().is_some_and(|id| id.starts_with("seat/"));
    let name = a.entity.as_deref().filter(|e| Some(*e) != country && !seat);
    match (country, sector, name) {
        (Some(c), Some(s), Some(n)) => format!("{c} ({s}: {n})"),
        (Some(c), Some(s), None) => format!("{c} ({s})"),
        // Bodies of many states are known by their own name.
        (Some(_), None, Some(n)) => n.to_owned(),
        (Some(c), None, None) => c.to_owned(),
        (None, Some(s), n) => format!("{} ({s})", n.map_or_else(|| quoted(&a.text), str::to_owned)),
        (None, None, n) => n.map_or_else(|| quoted(&a.text), str::to_owned),
    }
}

/// All sides of one end of an event, each named once.
pub fn sides(words: &Words, actors: &[Actor]) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in actors.iter().map(|a| side(words, a)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// A speaker: "Vladimir Putin, Russia (government)".
pub fn speaker(words: &Words, a: &Actor) -> String {
    let country = a.country.as_deref().map(|c| word(&words.countries, c));
    let sector = a.sector.as_deref().map(|s| word(&words.sectors, s));
    let name = a.entity.clone().unwrap_or_else(|| clean(&a.text));
    match (country, sector) {
        (Some(c), Some(s)) if c != name => format!("{name}, {c} ({s})"),
        (Some(c), None) if c != name => format!("{name} ({c})"),
        (_, Some(s)) => format!("{name} ({s})"),
        _ => name,
    }
}

fn quoted(text: &str) -> String {
    let text = clean(text);
    if text.is_empty() { "someone not named".to_owned() } else { format!("“{text}”") }
}
