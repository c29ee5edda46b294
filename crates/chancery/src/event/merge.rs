//! One event once: mentions of the same event in headline, lead and background become one event with all its mentions.

use super::EventDraft;
use crate::model::Doc;
use crate::record::{Actor, BlockKind, DateBasis, Event, EventMention};

/// Events back in which another mention is looked for: a report of any length is merged in linear time.
const REMEMBERED: usize = 400;

/// Joins drafts that tell the same event. The clearest mention stays: body before title, then most sides, then the first.
pub fn merge(doc: &Doc, drafts: Vec<EventDraft>, stems: &[String]) -> Vec<EventDraft> {
    let mut kept: Vec<(EventDraft, String)> = Vec::new();
    for (draft, stem) in drafts.into_iter().zip(stems) {
        let from = kept.len().saturating_sub(REMEMBERED);
        match kept[from..].iter_mut().find(|(k, s)| same_event(doc, k, s, &draft, stem)) {
            None => kept.push((draft, stem.clone())),
            Some((k, s)) => {
                let (mut winner, loser) = if clarity(doc, &draft) > clarity(doc, k) {
                    *s = stem.clone();
                    (draft, std::mem::take(k))
                } else {
                    (std::mem::take(k), draft)
                };
                join(&mut winner, loser);
                *k = winner;
            }
        }
    }
    let mut out: Vec<EventDraft> = kept.into_iter().map(|(d, _)| d).collect();
    out.sort_by_key(|d| (d.record.trigger.span, d.record.r#type));
    out
}

fn in_title(doc: &Doc, d: &EventDraft) -> bool {
    matches!(doc.block_kind(d.record.sentence), Some(BlockKind::Title | BlockKind::Heading | BlockKind::Caption))
}

fn clarity(doc: &Doc, d: &EventDraft) -> (bool, usize) {
    (!in_title(doc, d), usize::from(!d.record.source.is_empty()) + usize::from(!d.record.target.is_empty()))
}

fn countries(side: &[Actor]) -> Vec<&str> {
    let mut all: Vec<&str> = side.iter().filter_map(|a| a.country.as_deref()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Sides agree where their countries are equal, or one names none.
fn agree(a: &[Actor], b: &[Actor]) -> bool {
    let (x, y) = (countries(a), countries(b));
    x == y || a.is_empty() || b.is_empty()
}

fn same_event(doc: &Doc, a: &EventDraft, a_stem: &str, b: &EventDraft, b_stem: &str) -> bool {
    let (x, y) = (&a.record, &b.record);
    if x.r#type != y.r#type
        || !sides_agree(x, y)
        || dates_differ(x, y)
        || (x.sentence != y.sentence && x.mode.is_some() && y.mode.is_some() && x.mode != y.mode)
    {
        return false;
    }
    let complete = |e: &Event| !e.source.is_empty() && (!e.target.is_empty() || e.reciprocal);
    let title = in_title(doc, a) != in_title(doc, b);
    let near = x.sentence.abs_diff(y.sentence);
    let dated = |e: &Event| e.date.basis == Some(DateBasis::Text);
    let violent = x.quad == 4 && near <= 1 && complete(x) && complete(y) && dated(x) == dated(y);
    title || (x.status == y.status && (near == 0 || violent || (a_stem == b_stem && (complete(x) || complete(y) || near <= 2))))
}

fn sides_agree(x: &Event, y: &Event) -> bool {
    if x.reciprocal || y.reciprocal {
        let all = |e: &Event| -> Vec<Actor> { e.source.iter().chain(&e.target).cloned().collect() };
        let (p, q) = (all(x), all(y));
        let (c, d) = (countries(&p), countries(&q));
        return c == d || (c.len().min(d.len()) == 1 && (c.iter().all(|k| d.contains(k)) || d.iter().all(|k| c.contains(k))));
    }
    agree(&x.source, &y.source) && agree(&x.target, &y.target)
}

fn dates_differ(x: &Event, y: &Event) -> bool {
    let told = |e: &Event| e.date.start.clone().filter(|_| e.date.basis == Some(DateBasis::Text));
    match (told(x), told(y)) {
        (Some(a), Some(b)) => {
            let n = a.len().min(b.len());
            a.get(..n) != b.get(..n)
        }
        _ => false,
    }
}

/// Takes over from a further mention what the clearest one lacks.
fn join(winner: &mut EventDraft, loser: EventDraft) {
    let (w, l) = (&mut winner.record, loser.record);
    w.mentions.push(EventMention { trigger: l.trigger, sentence: l.sentence });
    w.mentions.extend(l.mentions);
    w.mentions.sort_by_key(|m| m.trigger.span);
    if w.target.is_empty() && !w.reciprocal && !l.reciprocal {
        w.target = l.target;
    }
    if w.source.is_empty() {
        w.source = l.source;
    }
    let text = |d: &crate::record::EventDate| d.basis == Some(DateBasis::Text);
    if w.date.start.is_none() || (text(&l.date) && !text(&w.date)) {
        w.date = l.date;
    }
    if w.mode.is_none() && !l.modes.is_empty() {
        w.mode = l.mode;
        w.modes = l.modes;
    }
    for c in l.contexts {
        if !w.contexts.contains(&c) {
            w.contexts.push(c);
        }
    }
    winner.figures.extend(loser.figures);
    winner.explain.push(format!("told again: {}", loser.explain.first().cloned().unwrap_or_default()));
}
