//! Feeds: one report an entry, of the text that the feed carries.

use super::files::{Step, broken_off};
use super::intake::{Intake, Place, Unit};
use super::stream::Send;
use crate::Error;
use chancery::input::{Field, Fields};
use feed_rs::model::{Entry, Feed, Person};
use std::io::{BufRead, Read};
use std::sync::Arc;

/// Sends one report for each entry of a feed.
pub fn entries(reader: &mut dyn BufRead, name: &Arc<str>, intake: &Intake, send: &mut Send<'_>) -> Step {
    let longest = intake.longest_line();
    let mut bytes = Vec::new();
    let whole = Place { file: name.clone(), line: None, record: None };
    match reader.take(longest as u64 + 1).read_to_end(&mut bytes) {
        Err(e) => return send(Unit::Failed(broken_off(name, &e))),
        Ok(n) if n > longest => return send(Unit::Failed(intake.too_long(&whole))),
        Ok(_) => {}
    }
    // The feed's own words, with no address made up and no markup taken out: that is the reader's work.
    let parser = feed_rs::parser::Builder::new().sanitize_content(false).build();
    let feed = match parser.parse(bytes.as_slice()) {
        Ok(feed) => feed,
        Err(e) => {
            let e = Error::new("E0207", format!("this is no feed: {e}"), whole.to_string(), "check that it is RSS, Atom or JSON Feed");
            return send(Unit::Failed(e));
        }
    };
    for (n, entry) in feed.entries.iter().enumerate() {
        let place = Place { file: name.clone(), line: None, record: Some(n + 1) };
        send(Unit::Entry { place, fields: Box::new(fields(&feed, entry)) })?;
    }
    Ok(())
}

fn fields(feed: &Feed, entry: &Entry) -> Fields {
    let mut fields = Fields::default();
    let mut set = |field: Field, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            fields.set(field, value);
        }
    };
    let content = entry.content.as_ref().and_then(|c| Some((c.body.clone()?, c.content_type.to_string())));
    let summary = || entry.summary.as_ref().map(|s| (s.content.clone(), s.content_type.to_string()));
    let (text, media_type) = content.filter(|(t, _)| !t.trim().is_empty()).or_else(summary).unwrap_or_default();
    // Many feeds say plain text and send markup.
    let markup = media_type.contains("html") || (text.contains("</") && text.contains('>'));
    set(if markup { Field::Html } else { Field::Text }, Some(text));
    set(Field::Id, Some(entry.id.clone()));
    set(Field::Title, entry.title.as_ref().map(|t| t.content.clone()));
    set(Field::Published, entry.published.or(entry.updated).map(|d| d.to_rfc3339()));
    let alternate = entry.links.iter().find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate"));
    set(Field::Url, alternate.or(entry.links.first()).map(|l| l.href.clone()));
    set(Field::Author, names(&entry.authors).or_else(|| names(&feed.authors)));
    set(Field::Outlet, feed.title.as_ref().map(|t| t.content.clone()));
    set(Field::Language, entry.language.clone().or_else(|| feed.language.clone()));
    fields
}

fn names(people: &[Person]) -> Option<String> {
    let names: Vec<&str> = people.iter().filter_map(|p| p.name.as_deref()).map(str::trim).filter(|n| !n.is_empty()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
