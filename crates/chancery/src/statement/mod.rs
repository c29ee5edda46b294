//! Statements: who said which words.
//!
//! Quotation marks are paired first ([`quotes`]); reported clauses are found on the tree by their cues ([`content`]), words
//! in marks by the cue beside them ([`direct`]); then both are joined, and each gets its speaker ([`speaker`]).

mod content;
pub mod cues;
mod direct;
mod draft;
pub mod quotes;
mod scene;
mod speaker;
#[cfg(test)]
mod tests;
mod topics;
mod turns;
pub mod voices;

use crate::model::{Actors, Doc, StatementMention};
use crate::record::{Span, Statement, StatementKind, Trigger};
pub use cues::SpeechLexicon;
use draft::Draft;
use scene::Scene;

impl SpeechLexicon {
    /// Statements in text order.
    pub fn find(&self, doc: &Doc, actors: &Actors) -> Vec<StatementMention> {
        let quotes = quotes::pair(&doc.report.text, doc.view, doc.blocks);
        let scene = Scene::new(doc, actors, &quotes);
        let mut reports = content::reports(&scene, self);
        reports.extend(turns::turns(&scene));
        reports.sort_by_key(|d| d.span);
        let direct = direct::Direct::new(&scene, self).find(&reports);
        let mut names = speaker::Names::read(&scene, self);
        let mut drafts: Vec<Draft> = join(&scene, reports, direct);
        drafts.sort_by_key(|d| (d.span.start, usize::MAX - d.span.end, d.cue));
        let mut drafts = turns::without_repeated_headlines(&scene, drafts);
        drafts.dedup_by(|b, a| a.span == b.span && (a.speaker == b.speaker || b.speaker.is_none() || a.cue == b.cue));
        drafts.iter().map(|d| self.write(&scene, &mut names, d)).collect()
    }

    fn write(&self, scene: &Scene, names: &mut speaker::Names, d: &Draft) -> StatementMention {
        let trigger = |span: Span| Trigger { text: scene.doc.slice(span).to_owned(), span };
        let speaker = d.speaker.map(|p| speaker::actor(scene, self, names, p));
        if let (Some(p), Some((actor, _))) = (d.speaker, &speaker) {
            names.learn(scene, p, actor);
        }
        let addressee = d.addressee.map(|p| speaker::actor(scene, self, names, p).0);
        let (speaker, mention) = speaker.map_or((None, None), |(a, m)| (Some(a), m));
        let sentence = scene.at(scene.token_at(d.span.start)).map_or(0, |x| x.0);
        StatementMention {
            record: Statement {
                speaker,
                addressee,
                kind: d.kind,
                sentence,
                quote: trigger(d.span),
                cue: d.cue_words.map(trigger),
                closed: d.closed,
                stance: d.stance.clone(),
                contexts: self.topics.of(scene, d.span),
                ..Statement::default()
            },
            speaker: mention,
            cue: d.cue,
            scope: if d.hearsay { Vec::new() } else { vec![d.scope] },
        }
    }
}

/// Reports and direct quotations together: a report that holds words in marks is mixed, one that is nothing but
/// them is direct, and one that overlaps a quotation with a cue of its own gives way to it.
fn join(scene: &Scene, reports: Vec<Draft>, direct: Vec<Draft>) -> Vec<Draft> {
    let mut out = Vec::new();
    for mut r in reports {
        let mut keep = true;
        let told = r.span;
        let from = direct.partition_point(|d| d.span.end <= r.span.start);
        for d in direct[from..].iter().take_while(|d| d.span.start < told.end) {
            let Some(outer) = d.quote.map(|q| scene.quotes[q].outer) else { continue };
            if d.cue == r.cue || !r.span.contains(outer) {
                // What is left of the report before or after the quotation.
                let cue = r.cue_words.unwrap_or(r.span).start;
                let left = Span::new(r.span.start, outer.start.max(r.span.start));
                let right = Span::new(outer.end.min(r.span.end), r.span.end);
                let rest = if cue <= r.span.start { left } else { right };
                match words(scene, rest) {
                    Some(rest) if d.cue != r.cue => r.span = rest,
                    _ => keep = false,
                }
            }
        }
        if !keep {
            continue;
        }
        let told = r.span;
        let inside = scene.quotes_over(told);
        if let Some(q) = inside.clone().next() {
            r.kind = StatementKind::Mixed;
            if q.outer.contains(r.span) || scene.blank(r.span.start, q.outer.start) && q.outer.end >= r.span.end {
                r.kind = StatementKind::Direct;
                r.span = q.inner;
                r.closed = q.closed;
            }
        }
        // Nobody knows how far an unclosed quotation goes: what is certain are its own words.
        if let Some(q) = inside.clone().find(|q| !q.closed && r.kind == StatementKind::Mixed) {
            r.span = q.inner;
            r.scope = r.scope.join(q.inner);
            r.closed = false;
        }
        out.push(r);
    }
    out.extend(direct);
    out
}

/// The span without white space and marks at its rims, where a few words are left.
fn words(scene: &Scene, span: Span) -> Option<Span> {
    let text = span.of(&scene.doc.report.text);
    let rim = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '-' | '–' | '—');
    let start = span.start + (text.len() - text.trim_start_matches(rim).len());
    let inner = text.trim_matches(rim);
    (inner.split_whitespace().count() >= 3).then(|| Span::new(start, start + inner.len()))
}
