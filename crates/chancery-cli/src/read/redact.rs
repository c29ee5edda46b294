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

fn blank(record: &mut Record) {
    record.report.text.clear();
    record.report.title = None;
    for repair in &mut record.report.repairs {
        repair.becomes.clear();
    }
    for mention in &mut record.mentions {
        mention.actor.text.clear();
    }
    for e in &mut record.events {
        e.trigger.text.clear();
        e.explain.clear();
        e.mentions.iter_mut().for_each(|m| m.trigger.text.clear());
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
    record.places.iter_mut().for_each(|p| p.text.clear());
}

fn no_text(actor: &mut Actor) {
    actor.text.clear();
}
