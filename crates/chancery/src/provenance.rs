//! Provenance: through whose hands the report came (publisher, via, agency, translator, author), whom it quotes as a
//! source, and when it was published. Cue words are in `data/lang/*/layout.toml`, names in `data/outlets/outlets.tsv`.

mod outlets;
mod published;

pub use published::Basis;

pub(crate) use outlets::outlets;
pub use outlets::{Outlet, Outlets};

use crate::layout::cues::{Cues, Place};
use crate::layout::{Page, dateline, trimmed};
use crate::model::Report;
use crate::pipeline::{Coder, Options};
use crate::record::{Block, BlockKind, Provenance, ProvenanceRole, Span};
use crate::view::View;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Where a report comes from and when it was published.
#[derive(Debug, Default)]
pub struct Origin {
    pub published: Option<Date>,
    /// What the published date was read from.
    pub basis: Option<Basis>,
    /// Where the text says it, if it is the text that does.
    pub published_span: Option<Span>,
    pub chain: Vec<Provenance>,
}

/// Published date by option, metadata, header, dateline, in this order; and the chain of hands.
pub fn trace(coder: &Coder, report: &Report, _view: &View, page: &Page, options: &Options) -> Origin {
    let cues = &coder.layout.cues;
    let (published, basis, published_span) = published::find(report, page, options.published, cues);
    let mut chain = Chain { seen: BTreeSet::new(), found: Vec::new() };
    for entry in &report.provenance {
        chain.add(entry.role, entry.name.clone(), entry.span);
    }
    metadata(coder, report, &mut chain);
    let text = report.text.as_str();
    for block in &page.blocks {
        let shown = block.span.of(text);
        let at = block.span.start;
        match block.kind {
            BlockKind::Dateline => {
                if let Some(agency) = dateline::at_start(&format!("{shown} X"), cues).and_then(|d| d.agency) {
                    chain.name(ProvenanceRole::Agency, text, Span::new(at + agency.start, at + agency.end));
                }
            }
            BlockKind::Byline | BlockKind::Disclaimer | BlockKind::Boilerplate | BlockKind::Caption => {
                let place = if block.kind == BlockKind::Caption { None } else { Some(Place::Credits) };
                if let Some(place) = place {
                    credits(coder, text, block, place, &mut chain);
                }
                if block.kind == BlockKind::Byline && coder.outlets.is_agency(shown.trim_end_matches('.')) {
                    chain.name(ProvenanceRole::Agency, text, trimmed(text, Span::new(at, at + shown.trim_end_matches('.').len())));
                }
            }
            BlockKind::Paragraph | BlockKind::Post => {
                credits(coder, text, block, Place::Body, &mut chain);
                coder.outlets.quoted(shown, cues).into_iter().for_each(|s| chain.name(ProvenanceRole::Quoted, text, shift(s, at)));
                if let Some(agency) = trailing_agency(shown, coder) {
                    chain.name(ProvenanceRole::Agency, text, shift(agency, at));
                }
            }
            _ => {}
        }
    }
    let mut chain = chain.found;
    chain.sort_by_key(|p| (p.span.is_some(), p.span.map(|s| s.start), p.role));
    let day = published.map(|d| i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day()));
    for hand in &mut chain {
        if let Some(outlet) = hand.name.as_deref().and_then(|n| coder.outlets.named(n)) {
            hand.country = Some(outlet.country.clone());
            hand.state_controlled = Some(outlet.is_state_controlled(day));
        }
    }
    Origin { published, basis, published_span, chain }
}

fn shift(span: Span, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}

/// Entries found so far, each name once a role.
struct Chain {
    seen: BTreeSet<(ProvenanceRole, String)>,
    found: Vec<Provenance>,
}

impl Chain {
    fn add(&mut self, role: ProvenanceRole, name: Option<String>, span: Option<Span>) {
        let Some(name) = name.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()) else { return };
        // "The Hindu" and "the Hindu" are one.
        let key = name.to_lowercase();
        let key = key.strip_prefix("the ").unwrap_or(&key).to_owned();
        if self.seen.insert((role, key)) {
            self.found.push(Provenance { role, name: Some(name), span, country: None, state_controlled: None });
        }
    }
    fn name(&mut self, role: ProvenanceRole, text: &str, span: Span) {
        self.add(role, Some(span.of(text).to_owned()), Some(span));
    }
}

/// What container and caller say: outlet, author, address.
fn metadata(coder: &Coder, report: &Report, chain: &mut Chain) {
    let by_address = || report.url.as_deref().and_then(|u| coder.outlets.by_url(u)).map(str::to_owned);
    chain.add(ProvenanceRole::Publisher, report.outlet.clone().or_else(by_address), None);
    if let Some(author) = &report.author {
        for span in split_names(author, Span::new(0, author.len()), true) {
            let name = span.of(author);
            let name = name.strip_prefix("By ").or_else(|| name.strip_prefix("by ")).unwrap_or(name);
            let role = if coder.outlets.is_agency(name) { ProvenanceRole::Agency } else { ProvenanceRole::Author };
            chain.add(role, Some(name.to_owned()), None);
        }
    }
}

/// The names that credits of a kind find in a block.
fn credits(coder: &Coder, text: &str, block: &Block, place: Place, chain: &mut Chain) {
    let shown = block.span.of(text);
    for credit in coder.layout.cues.credits.iter().filter(|c| c.place == place || c.place == Place::Any) {
        let mut from = 0;
        while let Some((span, end)) = Cues::name_in(credit, shown, from) {
            for name in split_names(shown, span, credit.several) {
                let known = coder.outlets.is_agency(name.of(shown));
                // An agency under "By" or "Source" is one; "via" says more than that.
                let role = match credit.role {
                    // The copyright line stands in where nothing names the outlet better.
                    ProvenanceRole::Publisher if chain.found.iter().any(|p| p.role == ProvenanceRole::Publisher) => continue,
                    ProvenanceRole::Author if known => ProvenanceRole::Agency,
                    role => role,
                };
                chain.name(role, text, shift(name, block.span.start));
            }
            if end <= from {
                break;
            }
            from = end;
        }
    }
}

/// Splits "Ann Lee, Bo Chu and Cy Day" into names; what follows a comma and is no name (a post) is left out.
pub(crate) fn split_names(text: &str, span: Span, several: bool) -> Vec<Span> {
    if !several {
        return vec![span];
    }
    let shown = span.of(text);
    let mut out = Vec::new();
    let mut from = 0;
    let cut = |a: usize, b: usize, out: &mut Vec<Span>| {
        let part = trimmed(shown, Span::new(a, b));
        let name = part.of(shown);
        // One word after the first name is a post or a place ("Ann Lee, Correspondent", "Bo Chu, Paris").
        let fits = out.is_empty() || name.split_whitespace().count() >= 2;
        if !name.is_empty() && fits {
            out.push(Span::new(span.start + part.start, span.start + part.end));
        }
    };
    for (at, mark) in separators(shown) {
        cut(from, at, &mut out);
        from = at + mark;
    }
    cut(from, shown.len(), &mut out);
    // "Ann Lee, Senior Correspondent": a title names nobody, but only the list's shape tells, so keep what "and" joins.
    if out.len() == 2
        && !shown.contains(" and ")
        && !shown.contains(" & ")
        && shown.contains(", ")
        && looks_like_post(out.get(1).map_or("", |s| s.of(text)))
    {
        out.truncate(1);
    }
    out
}

fn separators(names: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> =
        [", and ", " and ", ", ", " & ", "; ", "/"].iter().flat_map(|m| names.match_indices(m).map(|(i, m)| (i, m.len()))).collect();
    out.sort_by_key(|(i, len)| (*i, std::cmp::Reverse(*len)));
    let mut end = 0;
    out.retain(|(i, len)| {
        let keep = *i >= end;
        if keep {
            end = i + len;
        }
        keep
    });
    out
}

/// The last word ends like the name of a job (editor, correspondent, journalist, writer, reporter).
fn looks_like_post(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or("").to_lowercase();
    ["or", "ent", "er", "ist", "desk"].iter().any(|e| last.ends_with(e)) && name.split_whitespace().count() >= 2
}

/// An agency in brackets at the end of a paragraph: "… next month. (Reuters)".
fn trailing_agency(paragraph: &str, coder: &Coder) -> Option<Span> {
    let shown = paragraph.trim_end();
    let open = shown.strip_suffix(')')?.rfind('(')?;
    let before = shown.get(..open)?.trim_end();
    let name = shown.get(open + 1..shown.len() - 1)?;
    (before.ends_with(['.', '!', '?', '"', '”', '’']) && coder.outlets.is_agency(name)).then(|| Span::new(open + 1, open + 1 + name.len()))
}

#[cfg(test)]
mod tests;
