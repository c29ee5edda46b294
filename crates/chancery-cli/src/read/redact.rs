//! `--text`: how much of the article's words a record carries.

use crate::cli::TextLevel;
use chancery::Record;
use chancery::record::{Actor, Trigger};
use std::collections::BTreeSet;

/// Takes article text out of a record; spans stay, so that it can be put back from the text.
pub fn apply(record: &mut Record, level: TextLevel) {
    match level {
        TextLevel::Full => {}
        TextLevel::Sentence => keep_sentences(record),
        TextLevel::None => blank(record),
    }
}

/// Leaves the text of the sentences that hold something.
fn keep_sentences(record: &mut Record) {
    let mut held: BTreeSet<usize> = record.events.iter().map(|e| e.sentence).collect();
    held.extend(record.statements.iter().map(|s| s.sentence));
    let spans = record.figures.iter().map(|f| f.span).chain(record.events.iter().flat_map(|e| e.mentions.iter().map(|m| m.trigger.span)));
    for span in spans {
        held.extend(record.sentences.iter().position(|s| s.span.contains(span)));
    }
    let text = std::mem::take(&mut record.report.text);
    for (n, sentence) in record.sentences.iter_mut().enumerate() {
        sentence.text = held.contains(&n).then(|| sentence.span.of(&text).to_owned());
    }
}

/// Takes out every wording of the article: also names that no table of ours has, and what the reasons quote.
fn blank(record: &mut Record) {
    let report = &mut record.report;
    report.text.clear();
    report.title = None;
    report.repairs.iter_mut().for_each(|r| r.becomes.clear());
    report.provenance.iter_mut().filter(|p| p.span.is_some()).for_each(|p| p.name = None);
    for post in &mut report.posts {
        (post.author, post.handle) = (None, None);
    }
    record.mentions.iter_mut().for_each(|m| no_text(&mut m.actor));
    for e in &mut record.events {
        e.trigger.text.clear();
        e.explain.clear();
        e.mentions.iter_mut().for_each(|m| m.trigger.text.clear());
        unquote(&mut e.date.reason);
        unquote(&mut e.place.reason);
        unlisted(e.place.geonames, e.place.admin1.as_deref(), &mut e.place.name);
        let others = e.others.iter_mut().map(|o| &mut o.actor);
        let voices = e.attributions.iter_mut().map(|a| &mut a.actor).chain(&mut e.claimed_by);
        e.source.iter_mut().chain(&mut e.target).chain(others).chain(voices).for_each(no_text);
    }
    for s in &mut record.statements {
        s.speaker.iter_mut().chain(&mut s.addressee).for_each(no_text);
        std::iter::once(&mut s.quote).chain(&mut s.cue).for_each(|t: &mut Trigger| t.text.clear());
    }
    for f in &mut record.figures {
        f.text.clear();
        f.of = None;
    }
    record.dates.iter_mut().for_each(|d| d.text.clear());
    for p in &mut record.places {
        p.text.clear();
        unquote(&mut p.reason);
        unlisted(p.geonames, p.admin1.as_deref(), &mut p.name);
    }
}

/// Whom an actor resolves to stays where our tables know them.
fn no_text(actor: &mut Actor) {
    actor.text.clear();
    if actor.entity_id.is_none() && actor.entity.take().is_some() {
        // "short:NAME": by an earlier fuller name of somebody whom only the article names.
        if let Some((rule, _)) = actor.rule.split_once(':').filter(|(rule, _)| *rule == "short") {
            actor.rule = rule.to_owned();
        }
    }
}

/// The name of a place that is in no gazetteer is the article's.
fn unlisted(geonames: Option<u64>, division: Option<&str>, name: &mut Option<String>) {
    if !chancery_ledger::query::listed(geonames.is_some(), division, name.as_deref()) {
        *name = None;
    }
}

/// Takes out what a reason quotes.
fn unquote(reason: &mut String) {
    if let (Some(from), Some(to)) = (reason.find('“'), reason.rfind('”')) {
        reason.replace_range(from + '“'.len_utf8()..to.max(from + '“'.len_utf8()), "");
    }
}
