//! The rule of a mention (`role:minister+country+former`) in words.

use chancery::record::Actor;

/// One line for each step by which the phrase came to its country, sector and entity.
pub fn in_words(actor: &Actor) -> Vec<String> {
    actor.rule.split('+').map(|step| words(step, actor)).collect()
}

fn words(step: &str, actor: &Actor) -> String {
    let (kind, of) = step.split_once(':').unwrap_or((step, ""));
    let sector = actor.sector.as_deref().map_or("no sector of its own".to_owned(), |s| format!("sector {s}"));
    match (kind, of) {
        ("name", "unknown") => "a name that the knowledge does not have".into(),
        ("name", "") => "a name that the knowledge does not have".into(),
        ("name" | "short", id) => format!("the name of {id}"),
        ("people", id) => format!("a word for the people of {id}"),
        ("nationality", id) => format!("an adjective of {id}"),
        ("role", noun) => format!("\"{noun}\" is a word for an actor; in this phrase: {sector}"),
        ("country", _) => "its country is named beside it".into(),
        ("possessor", _) => "its country is that of its possessor".into(),
        ("possessive pronoun", _) => "its country is that of whom the possessive pronoun means".into(),
        ("of", _) => "its country is that of what follows it (\"of\", \"for\", \"from\")".into(),
        ("place", _) => "its country is that of the place named after it".into(),
        ("context", _) => "its country is the one that the text speaks of".into(),
        ("world", _) => "the West or the international community".into(),
        ("states", _) => "states, nobody says which".into(),
        ("former", _) => "a word says that the office is past: ELI, not the government".into(),
        ("apposition", _) => "the name beside it says who it is".into(),
        ("office", id) => format!("{id} held that office on the day"),
        ("named before", _) => "the text has named the holder before".into(),
        ("coref", word) => format!("\"{word}\" means somebody named before"),
        ("counterpart", _) => "the same office in the other country".into(),
        ("title", _) => "a title stands before the name".into(),
        (other, "") => other.to_owned(),
        (other, of) => format!("{other}: {of}"),
    }
}
