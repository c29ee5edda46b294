//! The text of a report with marks where something was found. Marks may lie within and across each other: the text is cut at every end of one,
//! and a piece leads to what is most telling of all that covers it.

use crate::words::Words;
use chancery::Record;
use chancery::layout::gives_mentions;
use chancery::record::{Actor, BlockKind, Span};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Class and name of each kind of mark, the most telling first.
pub const KINDS: &[(&str, &str)] =
    &[("event", "event"), ("figure", "figure"), ("date", "date"), ("place", "place"), ("actor", "actor"), ("quote", "statement")];

struct Mark {
    span: Span,
    /// Place in [`KINDS`].
    kind: usize,
    /// What was made of it.
    says: String,
    /// Where it leads.
    href: Option<String>,
    /// Name of the place itself, once.
    id: Option<String>,
}

fn marks(words: &Words, record: &Record) -> Vec<Mark> {
    let who = |a: &Actor| a.entity.clone().or_else(|| a.code.as_ref().map(|c| words.codes(c))).unwrap_or_else(|| a.text.clone());
    let all =
        |actors: &[Actor]| if actors.is_empty() { "nobody".to_owned() } else { actors.iter().map(who).collect::<Vec<_>>().join(", ") };
    let mut found = Vec::new();
    for e in &record.events {
        let to = if e.reciprocal { " together".to_owned() } else { format!(" → {}", all(&e.target)) };
        let mode = e.mode.as_ref().map_or(String::new(), |m| format!(" ({m})"));
        let says = format!("{}{mode}: {}{to}. {}. Rule {}, confidence {:.3}", e.r#type, all(&e.source), e.status, e.rule, e.confidence);
        found.push(Mark { span: e.trigger.span, kind: 0, says, href: Some(format!("#event-{}", e.id)), id: Some(format!("at-{}", e.id)) });
    }
    for f in &record.figures {
        let unit = f.unit.as_deref().unwrap_or("");
        let of = f.of.as_ref().map_or(String::new(), |o| format!(" of {o}"));
        found.push(Mark { span: f.span, kind: 1, says: format!("{} {unit}{of}", f.value), href: None, id: None });
    }
    for d in &record.dates {
        let value = d.value.as_deref().unwrap_or("no day");
        found.push(Mark { span: d.span, kind: 2, says: format!("{value}: {}", d.reason), href: None, id: None });
    }
    for p in &record.places {
        let name = p.name.as_deref().unwrap_or("not located");
        found.push(Mark { span: p.span, kind: 3, says: format!("{name}: {}", p.reason), href: None, id: None });
    }
    for m in &record.mentions {
        let office = m.actor.office.as_ref().map_or(String::new(), |o| format!(", {o}"));
        let code = m.actor.code.as_ref().map_or(String::new(), |c| format!(" [{c}]"));
        found.push(Mark {
            span: m.actor.span,
            kind: 4,
            says: format!("{}{office}{code}. Rule {}", who(&m.actor), m.actor.rule),
            href: None,
            id: None,
        });
    }
    for s in &record.statements {
        let speaker = s.speaker.as_ref().map_or_else(|| "somebody unnamed".to_owned(), who);
        found.push(Mark {
            span: s.quote.span,
            kind: 5,
            says: format!("said by {speaker}"),
            href: Some(format!("#statement-{}", s.id)),
            id: None,
        });
    }
    found.retain(|m| !m.span.is_empty());
    found
}

/// What the marks mean.
pub fn legend() -> Markup {
    html! {
        p.legend { "Marked: " @for (class, name) in KINDS { span class={ "m " (class) } { (name) } " " } "Point at or move to a mark to see what was made of it. Greyed: left out of the reading." }
    }
}

/// The text, block by block.
pub fn text(words: &Words, record: &Record) -> Markup {
    let text = &record.report.text;
    let marks = marks(words, record);
    let mut at = 0;
    let mut pieces = Vec::new();
    for block in &record.report.blocks {
        let span = Span::new(block.span.start.max(at), block.span.end.max(at));
        pieces.push((Span::new(at, span.start), None));
        // What tells of the report itself was read as well, though nothing in it is coded.
        let read =
            gives_mentions(block, &record.report.posts) || matches!(block.kind, BlockKind::Title | BlockKind::Dateline | BlockKind::Byline);
        pieces.push((span, Some((block.kind, read))));
        at = span.end;
    }
    pieces.push((Span::new(at, text.len()), None));
    let mut named: BTreeSet<&str> = BTreeSet::new();
    html! {
        div.text lang=[record.report.language.as_deref()] {
            @for (span, block) in pieces {
                @if let Some((kind, read)) = block {
                    @if read {
                        span class={ "block " (kind.as_str()) } { (marked(text, span, &marks, &mut named)) }
                    } @else {
                        span.out title={ "left out: " (words.block(kind.as_str())) } { span.hidden { "left out, " (words.block(kind.as_str())) ": " } (span.of(text)) }
                    }
                } @else if span.of(text).trim().is_empty() { (span.of(text)) } @else { span.out { (span.of(text)) } }
            }
        }
    }
}

fn marked<'m>(text: &str, block: Span, marks: &'m [Mark], named: &mut BTreeSet<&'m str>) -> Markup {
    let inside: Vec<&Mark> = marks.iter().filter(|m| m.span.overlaps(block)).collect();
    let mut cuts: BTreeSet<usize> = BTreeSet::from([block.start, block.end]);
    for m in &inside {
        cuts.extend([m.span.start.clamp(block.start, block.end), m.span.end.clamp(block.start, block.end)]);
    }
    let cuts: Vec<usize> = cuts.into_iter().collect();
    html! {
        @for pair in cuts.windows(2) {
            @let piece = Span::new(pair[0], pair[1]);
            @let mut over: Vec<&&Mark> = inside.iter().filter(|m| m.span.contains(piece)).collect();
            @if over.is_empty() { (piece.of(text)) } @else {
                (one(piece.of(text), &mut over, named))
            }
        }
    }
}

/// One piece under its marks.
fn one<'m>(words: &str, over: &mut Vec<&&'m Mark>, named: &mut BTreeSet<&'m str>) -> Markup {
    over.sort_by_key(|m| (m.kind, m.span.len()));
    let mut class = "m".to_owned();
    for m in over.iter() {
        let name = KINDS.get(m.kind).map_or("", |k| k.0);
        if !class.split(' ').any(|c| c == name) {
            class.push(' ');
            class.push_str(name);
        }
    }
    let says: Vec<&str> = over.iter().map(|m| m.says.as_str()).collect();
    let id = over.iter().filter_map(|m| m.id.as_deref()).find(|id| named.insert(id));
    let href = over.iter().find_map(|m| m.href.as_deref());
    // A statement alone is no stop for the keyboard at every piece of it: its list below has it whole.
    let stops = over.first().is_some_and(|m| m.kind < 5);
    html! {
        @if !stops { span class=(class) id=[id] title=[says.first()] { (words) } }
        @else if let Some(href) = href.filter(|_| over.first().is_some_and(|m| m.kind == 0)) {
            a class=(class) id=[id] href=(href) { (words) (tip(&says)) }
        } @else { span class=(class) id=[id] tabindex="0" { (words) (tip(&says)) } }
    }
}

fn tip(says: &[&str]) -> Markup {
    html! { span.tip role="note" { @for s in says { span { (s) } } } }
}
