//! What every fuzz target checks, also run over the committed corpus by the tests: nothing panics,
//! every span lies in the text on character boundaries, and the same report gives the same record.

use chancery::data::DataFiles;
use chancery::input::{self, Hints};
use chancery::model::Report;
use chancery::record::{Actor, Block, BlockKind, Span};
use chancery::statement::quotes::pair;
use chancery::view::View;
use chancery::{Coder, Options, Record, Result};
use std::sync::LazyLock;

static CODER: LazyLock<Coder> = LazyLock::new(|| Coder::new(&DataFiles::builtin()).expect("our own knowledge files are sound"));

/// Bytes as plain text, and as a line of JSON.
pub fn text(data: &[u8]) {
    read(|| input::text(data, &Hints::named("fuzz")));
    if let Ok(Some(report)) = input::jsonl::line(data, 1, &Hints::named("fuzz")) {
        read(|| Ok(report.clone()));
    }
}

/// Bytes as a page.
pub fn html(data: &[u8]) {
    read(|| input::html::html(data, &Hints::named("fuzz")));
}

/// Bytes as one block whose quotation marks are paired.
pub fn quotes(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let block = Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None };
    let found = pair(&text, &View::default(), &[block]);
    for q in &found {
        assert!(q.outer.contains(q.inner) && !q.inner.is_empty(), "{q:?}");
        assert!(text.get(q.outer.start..q.outer.end).is_some() && text.get(q.inner.start..q.inner.end).is_some(), "{q:?}");
    }
    let tops: Vec<_> = found.iter().filter(|q| q.depth == 0).collect();
    assert!(tops.windows(2).all(|w| w[0].outer.start <= w[1].outer.start), "out of order");
}

fn read(report: impl Fn() -> Result<Report>) {
    let Ok(first) = report() else { return };
    let Ok(again) = report() else { panic!("read once and refused once") };
    let record = CODER.read(first, &Options::default());
    check(&record);
    assert!(record == CODER.read(again, &Options::default()), "two readings differ");
}

fn check(record: &Record) {
    let text = record.report.text.as_str();
    let fits = |span: Span, words: &str| assert_eq!(text.get(span.start..span.end), Some(words), "{span:?}");
    let actor = |a: &Actor| fits(a.span, &a.text);
    let inside = |span: Span| assert!(text.get(span.start..span.end).is_some(), "{span:?}");
    record.report.blocks.iter().for_each(|b| inside(b.span));
    record.report.blocks.windows(2).for_each(|b| assert!(b[0].span.end <= b[1].span.start, "blocks overlap"));
    record.report.posts.iter().for_each(|p| inside(p.span));
    record.report.provenance.iter().filter_map(|p| p.span).for_each(inside);
    record.report.repairs.iter().for_each(|r| inside(r.span));
    record.sentences.iter().for_each(|s| inside(s.span));
    record.mentions.iter().for_each(|m| actor(&m.actor));
    for e in &record.events {
        fits(e.trigger.span, &e.trigger.text);
        e.source.iter().chain(&e.target).for_each(actor);
        assert!(record.sentences.get(e.sentence).is_some(), "no sentence {}", e.sentence);
    }
    for s in &record.statements {
        fits(s.quote.span, &s.quote.text);
        s.speaker.iter().for_each(actor);
    }
    record.figures.iter().for_each(|f| fits(f.span, &f.text));
    record.dates.iter().for_each(|d| fits(d.span, &d.text));
    record.places.iter().for_each(|p| fits(p.span, &p.text));
}
