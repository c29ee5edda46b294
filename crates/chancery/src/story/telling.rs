//! What stories need of a report: made from its record, small, and kept instead of it.

use super::{About, Claim, Sketch};
use crate::ids;
use crate::pipeline::LaidOut;
use crate::record::{Block, BlockKind, Event, EventType, Provenance, ProvenanceRole, Record, Status};
use std::collections::BTreeSet;

/// Bytes of the body that say what a report tells of: news begins with it.
const BEGINNING: usize = 1500;

/// A report as stories see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Telling {
    /// Id of the report.
    pub id: String,
    /// Published day, in days since 1970.
    pub day: Option<i32>,
    pub sketch: Sketch,
    pub about: About,
    /// Names of the hands the text goes back to, in lower case: agencies and sites it was taken from; the publisher where
    /// none is named.
    pub origins: Vec<String>,
    pub claims: Vec<Claim>,
}

impl Telling {
    /// Of a text alone: enough to find its copies.
    pub fn of_text(id: impl Into<String>, text: &str) -> Self {
        Telling { id: id.into(), sketch: Sketch::of(text), ..Telling::default() }
    }

    /// Of a report laid out and not coded: enough to find its copies and the hands they went through.
    pub fn of_layout(laid: &LaidOut) -> Self {
        let report = &laid.report;
        let id = ids::report_id(&report.text, report.url.as_deref(), report.outlet.as_deref(), report.published.as_deref());
        let body = body(&report.text, &laid.page.blocks);
        let origins = origins(&laid.origin.chain, report.url.as_deref());
        Telling { day: laid.origin.published.map(days), origins, ..Telling::of_text(id, &body) }
    }

    /// Of a record that carries its text. Body alone counts: what sites put around it makes no copy.
    pub fn of(record: &Record) -> Self {
        let report = &record.report;
        let body = body(&report.text, &report.blocks);
        let day = report.published.as_deref().and_then(|d| d.get(..10)?.parse::<jiff::civil::Date>().ok()).map(days);
        let keys: Vec<String> = record.events.iter().filter_map(key).collect();
        let actors: Vec<&str> = record.mentions.iter().filter_map(|m| m.actor.entity_id.as_deref()).collect();
        let beginning = body.get(..body.floor_char_boundary(BEGINNING)).unwrap_or("");
        let words = format!("{} {beginning}", report.title.as_deref().unwrap_or(""));
        Telling {
            id: report.id.clone(),
            day,
            sketch: Sketch::of(&body),
            about: About::new(day, keys.iter().map(String::as_str), actors, &words),
            origins: origins(&report.provenance, report.url.as_deref()),
            claims: claims(record),
        }
    }
}

fn days(date: jiff::civil::Date) -> i32 {
    date.since(jiff::civil::date(1970, 1, 1)).map_or(0, |s| s.get_days())
}

/// The paragraphs, one a line. A report of headlines alone is told by those.
fn body(text: &str, blocks: &[Block]) -> String {
    let of = |kinds: &[BlockKind]| -> String {
        let blocks = blocks.iter().filter(|b| kinds.contains(&b.kind));
        blocks.map(|b| b.span.of(text)).collect::<Vec<_>>().join("\n")
    };
    let body = of(&[BlockKind::Paragraph]);
    if body.trim().is_empty() { of(&[BlockKind::Title, BlockKind::Heading, BlockKind::Post]) } else { body }
}

/// What two reports of one event share: its type and the countries on both sides.
fn key(event: &Event) -> Option<String> {
    let side = |actors: &[crate::record::Actor]| {
        actors.iter().filter_map(|a| a.country.as_deref()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("+")
    };
    let (source, target) = (side(&event.source), side(&event.target));
    (!source.is_empty() || !target.is_empty()).then(|| format!("{} {source} {target}", event.r#type))
}

/// Where the text comes from. What is only quoted is no origin.
pub(crate) fn origins(chain: &[Provenance], url: Option<&str>) -> Vec<String> {
    let named = |roles: &[ProvenanceRole]| -> BTreeSet<String> {
        let hands = chain.iter().filter(|p| roles.contains(&p.role));
        hands.filter_map(|p| p.name.as_deref()).map(plain).filter(|n| !n.is_empty()).collect()
    };
    let mut out = named(&[ProvenanceRole::Agency, ProvenanceRole::Via]);
    if out.is_empty() {
        out = named(&[ProvenanceRole::Publisher]);
    }
    if out.is_empty()
        && let Some(host) = url.and_then(host)
    {
        out.insert(host);
    }
    out.into_iter().collect()
}

fn plain(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.strip_prefix("the ").unwrap_or(&name).to_owned()
}

fn host(url: &str) -> Option<String> {
    let host = url.split_once("://")?.1.split(['/', '?', '#', ':']).next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty()).then(|| host.to_owned())
}

/// Figures by what they count and of which event, and the status of each event.
fn claims(record: &Record) -> Vec<Claim> {
    let mut out = BTreeSet::new();
    for event in &record.events {
        let Some(key) = key(event) else { continue };
        // That something will happen and that it happened is no contradiction; that it did not happen is one.
        if matches!(event.status, Status::Occurred | Status::Denied) && !is_talk(event.r#type) {
            out.insert(Claim { matter: format!("status of {key}"), value: event.status.to_string() });
        }
        for figure in record.figures.iter().filter(|f| event.figures.contains(&f.id)) {
            if let Some(of) = figure.of.as_deref() {
                let unit = figure.unit.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
                out.insert(Claim { matter: format!("{}{unit} of {key}", of.to_lowercase()), value: figure.value.to_string() });
            }
        }
    }
    out.into_iter().collect()
}

/// Acts that lie in saying something.
fn is_talk(of: EventType) -> bool {
    matches!(of, EventType::Accuse | EventType::Reject | EventType::Request | EventType::Threaten | EventType::Support)
}
