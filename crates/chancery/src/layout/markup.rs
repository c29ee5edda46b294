//! Pages: body told from furniture by where in the markup a line stands, what its elements are called
//! (`data/markup.toml`), how much of it is links, and by the same cues and shapes as plain text.

use super::classify::same_words;
use super::mend::{self, Item};
use super::posts::{self, Signed};
use super::shape::{Shape, starts_bullet};
use super::{Layout, Unit};
use crate::data::{DataFiles, toml_file};
use crate::error::Result;
use crate::input::html::{Line, Markup, Tag};
use crate::model::Report;
use crate::record::{BlockKind, Post, Span};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Share of the page's prose from which an element is no furniture, whatever it is called.
const BULK: f64 = 0.4;
/// Words of a deck at most; a longer one is the report's first paragraph.
const DECK: usize = 45;
/// Share of an element's prose that one child must hold for the body to be in that child.
const HOLDS: f64 = 0.7;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    consent: Words,
    furniture: Words,
    related: Words,
    caption: Words,
    byline: Words,
    stamp: Words,
    post: Words,
    body: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: BTreeSet<String>,
    pairs: BTreeSet<String>,
}

/// What pages call their parts.
#[derive(Debug)]
pub(super) struct Labels {
    file: File,
}

/// What an element is called; holds for all it contains.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Called {
    /// About cookies and the like: no part of the page's own text, however much of it there is.
    consent: bool,
    furniture: bool,
    related: bool,
    caption: bool,
    byline: bool,
    stamp: bool,
    body: bool,
    article: bool,
    /// The outermost element that is an embedded post.
    post: Option<usize>,
}

impl Labels {
    pub fn load(files: &DataFiles) -> Result<Labels> {
        let path = "markup.toml";
        Ok(Labels { file: toml_file(path, files.get(path)?)? })
    }

    fn read(&self, labels: &str) -> Called {
        let words = split(labels);
        let has = |set: &Words| words.iter().any(|w| set.words.contains(w)) || words.windows(2).any(|p| set.pairs.contains(&p.concat()));
        let f = &self.file;
        Called {
            consent: has(&f.consent),
            furniture: has(&f.furniture),
            related: has(&f.related),
            caption: has(&f.caption),
            byline: has(&f.byline),
            stamp: has(&f.stamp),
            body: has(&f.body),
            article: false,
            post: has(&f.post).then_some(0),
        }
    }
}

/// "relatedPosts site-header" → related, posts, site, header.
fn split(labels: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for c in labels.chars() {
        if (!c.is_alphanumeric() || (c.is_uppercase() && lower_before)) && !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// A line with what it is judged by.
struct Judged<'a> {
    line: &'a Line,
    shape: Shape,
    tag: Tag,
    called: Called,
    dense: bool,
    prose: bool,
    /// It has digits.
    figure: bool,
}

/// Units of a page with their kinds, and its posts.
pub(super) fn units(layout: &Layout, report: &Report, page: &Markup) -> (Vec<Unit>, Vec<Post>) {
    let text = report.text.as_str();
    let cues = &layout.cues;
    let tag = |i: usize| page.nodes.get(i).map_or(Tag::Root, |n| n.tag);
    let shapes: Vec<Shape> = page.lines.iter().map(|l| Shape::of(l.span.of(text), cues)).collect();
    let prose = |l: &Line, s: &Shape| s.sentence() && l.linked * 2 < l.span.len();
    let own: Vec<usize> = page.lines.iter().zip(&shapes).map(|(l, s)| if prose(l, s) { l.span.len() } else { 0 }).collect();
    let bulk = gather(page, &own, |_| true);
    let called = call(layout, page, &bulk);
    let furniture = |l: &Line| called.get(l.node).is_some_and(|c| c.furniture || c.related || c.caption || c.post.is_some());
    let clean = gather(page, &own, |l| !furniture(l));
    let body = body_of(page, &own, &clean, &called);
    let mut within = vec![false; page.nodes.len()];
    for i in 0..page.nodes.len() {
        let parent = page.nodes.get(i).map_or(0, |n| n.parent);
        let inside = i == body || (parent < i && within.get(parent).copied().unwrap_or(false));
        if let Some(w) = within.get_mut(i) {
            *w = inside;
        }
    }
    let judged: Vec<Judged> = page
        .lines
        .iter()
        .zip(shapes)
        .map(|(line, shape)| Judged {
            dense: line.linked * 5 > line.span.len() * 3,
            prose: prose(line, &shape),
            figure: line.span.of(text).contains(|c: char| c.is_ascii_digit()),
            tag: tag(line.node),
            called: called.get(line.node).copied().unwrap_or_default(),
            line,
            shape,
        })
        .collect();
    let inside = |j: &Judged| within.get(j.line.node).copied().unwrap_or(false);
    let is_body: Vec<bool> = judged.iter().map(|j| inside(j) && j.prose && !furniture(j.line)).collect();
    let title = judged
        .iter()
        .position(|j| matches!(j.tag, Tag::Heading(_)) && report.title.as_deref().is_some_and(|t| same_words(t, j.line.span.of(text))));
    let title = title.or_else(|| judged.iter().position(|j| j.tag == Tag::Heading(1) && !j.called.furniture));
    let first = mend::start(&is_body, title);
    let part = |j: &Judged| {
        inside(j) && !furniture(j.line) && !j.dense && (matches!(j.tag, Tag::Li | Tag::Cell | Tag::Heading(_)) || j.shape.bullet)
    };
    let sizes: Vec<usize> = judged.iter().zip(&is_body).map(|(j, body)| if !body && part(j) { 0 } else { j.line.span.len() }).collect();
    let last = mend::end(&is_body, &sizes);

    let mut units: Vec<Unit> = Vec::with_capacity(judged.len());
    let mut items: Vec<Item> = Vec::with_capacity(judged.len());
    for (i, j) in judged.iter().enumerate() {
        let shown = j.line.span.of(text);
        let place = Place { inside: inside(j), before: i < first, after: i > last, under_title: title.is_some_and(|t| i > t) && i < first };
        let cue = cues.line(shown).filter(|_| !j.prose || shown.len() < 400);
        let plain = place.inside
            && (cue.is_none() || (j.tag == Tag::Cell && j.figure))
            && !j.dense
            && !furniture(j.line)
            && !j.called.byline
            && !j.called.stamp;
        let listed = match j.tag {
            Tag::Cell => j.shape.letters > 0 || j.figure,
            _ => j.shape.letters > 0 && (j.tag == Tag::Li || starts_bullet(shown)),
        };
        items.push(Item { listed, plain, heading: matches!(j.tag, Tag::Heading(_)) });
        let kind = match () {
            () if Some(i) == title => BlockKind::Title,
            () if j.called.post.is_some() => BlockKind::Post,
            () => kind(j, &place, cue),
        };
        units.push(Unit { span: j.line.span, kind: Some(kind), apart: true });
    }
    mend::continued(&mut units, &items, last);
    mend::repeated(text, &mut units);
    let found = embedded(text, page, &judged, layout);
    (units, found)
}

struct Place {
    inside: bool,
    before: bool,
    after: bool,
    under_title: bool,
}

fn kind(j: &Judged, place: &Place, cue: Option<BlockKind>) -> BlockKind {
    let heading = matches!(j.tag, Tag::Heading(_));
    if j.called.caption || j.tag == Tag::Caption {
        return BlockKind::Caption;
    }
    // A number alone is furniture but in a table.
    if let Some(cue) = cue.filter(|_| !(place.inside && j.tag == Tag::Cell && j.figure)) {
        return cue;
    }
    let linked_headline = || if j.shape.words >= 4 && j.shape.letters > 12 { BlockKind::RelatedLink } else { BlockKind::Boilerplate };
    if j.called.related {
        return if j.dense || heading { linked_headline() } else { BlockKind::Boilerplate };
    }
    if j.called.furniture || matches!(j.tag, Tag::Button | Tag::Nav | Tag::Form) {
        return BlockKind::Boilerplate;
    }
    if j.called.byline && j.shape.words <= 25 && !j.prose {
        return BlockKind::Byline;
    }
    if j.called.stamp && j.shape.words <= 12 && !j.prose {
        return BlockKind::Boilerplate;
    }
    // A sentence that is mostly a link is still one where the body's paragraphs are.
    let linked_sentence = place.inside && !place.before && !place.after && j.tag == Tag::P && j.shape.ended && j.shape.words >= 12;
    if j.dense && !linked_sentence {
        return linked_headline();
    }
    if place.inside && !place.before {
        return match () {
            () if place.after && !j.prose => BlockKind::Boilerplate,
            () if heading => BlockKind::Heading,
            () if j.prose || j.tag == Tag::Li || j.shape.words >= 12 => BlockKind::Paragraph,
            // A table is told whole: its figures are part of it.
            () if j.tag == Tag::Cell && (j.shape.letters > 0 || j.figure) => BlockKind::Paragraph,
            () if j.tag == Tag::Cell => BlockKind::Boilerplate,
            () if j.shape.ended || j.shape.quoted => BlockKind::Paragraph,
            () if j.shape.headline() => BlockKind::Heading,
            () if j.shape.letters >= 2 && j.shape.words >= 2 => BlockKind::Paragraph,
            () => BlockKind::Boilerplate,
        };
    }
    // A deck between title and body goes on with the title.
    if place.under_title && j.shape.words >= 6 {
        return match () {
            () if (j.prose || heading) && j.shape.words <= DECK => BlockKind::Title,
            () if j.prose => BlockKind::Paragraph,
            () => BlockKind::Heading,
        };
    }
    BlockKind::Boilerplate
}

/// Bytes of prose in each element and below it.
fn gather(page: &Markup, own: &[usize], counts: impl Fn(&Line) -> bool) -> Vec<usize> {
    let mut sums = vec![0usize; page.nodes.len()];
    for (line, n) in page.lines.iter().zip(own) {
        if counts(line)
            && let Some(sum) = sums.get_mut(line.node)
        {
            *sum += n;
        }
    }
    // Children come after their parents.
    for (i, node) in page.nodes.iter().enumerate().rev() {
        let sum = sums.get(i).copied().unwrap_or(0);
        if node.parent < i
            && let Some(above) = sums.get_mut(node.parent)
        {
            *above += sum;
        }
    }
    sums
}

/// What each element is called, what its parents are called included.
fn call(layout: &Layout, page: &Markup, bulk: &[usize]) -> Vec<Called> {
    let all = bulk.first().copied().unwrap_or(0) as f64;
    let mut out: Vec<Called> = Vec::with_capacity(page.nodes.len());
    let headed = headed(page);
    for (i, node) in page.nodes.iter().enumerate() {
        let above = if node.parent < i { out.get(node.parent).copied().unwrap_or_default() } else { Called::default() };
        let mut own = if node.labels.is_empty() { Called::default() } else { layout.labels.read(&node.labels) };
        let consent = own.consent;
        let big = bulk.get(i).copied().unwrap_or(0) as f64 > all * BULK && all > 0.0;
        own.furniture |= match node.tag {
            Tag::Nav | Tag::Footer | Tag::Form | Tag::Button => true,
            Tag::Aside => true,
            Tag::Header => !above.article,
            _ => false,
        };
        if big || matches!(node.tag, Tag::Root | Tag::Main | Tag::Article) {
            own = Called { body: own.body, ..Called::default() };
        }
        // What names cookies and holds the title is the page, told how it stands with them.
        own.furniture |= consent && !headed.get(i).copied().unwrap_or(false);
        let post = above.post.or(own.post.map(|_| i)).filter(|_| !big);
        out.push(Called {
            furniture: above.furniture || own.furniture,
            related: above.related || own.related,
            caption: above.caption || own.caption || node.tag == Tag::Caption,
            byline: above.byline || own.byline,
            stamp: above.stamp || own.stamp,
            body: own.body,
            consent: false,
            article: above.article || matches!(node.tag, Tag::Article | Tag::Main),
            post,
        });
    }
    out
}

/// Elements that hold an article or the main heading.
fn headed(page: &Markup) -> Vec<bool> {
    let mut out: Vec<bool> = page.nodes.iter().map(|n| matches!(n.tag, Tag::Root | Tag::Main | Tag::Article | Tag::Heading(1))).collect();
    for (i, node) in page.nodes.iter().enumerate().rev() {
        if node.parent < i
            && out.get(i).copied().unwrap_or(false)
            && let Some(above) = out.get_mut(node.parent)
        {
            *above = true;
        }
    }
    out
}

/// The element that holds the body: from the root down, as long as one child has most of the prose.
fn body_of(page: &Markup, own: &[usize], clean: &[usize], called: &[Called]) -> usize {
    let all = clean.first().copied().unwrap_or(0);
    let amount = |i: usize| clean.get(i).copied().unwrap_or(0);
    // An element that calls itself the body is believed where it holds a fair part.
    let named =
        (0..page.nodes.len()).filter(|&i| called.get(i).is_some_and(|c| c.body) && amount(i) * 2 > all).max_by_key(|&i| (amount(i), i));
    let mut best: Vec<usize> = vec![0; page.nodes.len()];
    for (i, node) in page.nodes.iter().enumerate().skip(1) {
        if let Some(b) = best.get_mut(node.parent)
            && node.parent < i
            && (*b == 0 || amount(i) > amount(*b))
        {
            *b = i;
        }
    }
    let mut at = named.unwrap_or(0);
    if named.is_none() {
        while let Some(&child) = best.get(at)
            && child > at
            && amount(child) as f64 >= amount(at) as f64 * HOLDS
            && !matches!(page.nodes.get(child).map(|n| n.tag), Some(Tag::P | Tag::Li | Tag::Cell | Tag::Pre))
        {
            at = child;
        }
        at = paragraphs_of(page, own, at, amount(at)).unwrap_or(at);
    }
    at
}

/// The element below `body` whose own paragraphs are the body, where the rest of its prose is scattered over many
/// elements: teasers of other reports, each in a box of its own.
fn paragraphs_of(page: &Markup, own: &[usize], body: usize, all: usize) -> Option<usize> {
    let parent = |i: usize| page.nodes.get(i).map_or(0, |n| n.parent);
    let mut within = vec![false; page.nodes.len()];
    for i in body..page.nodes.len() {
        let inside = i == body || within.get(parent(i)).copied().unwrap_or(false);
        if let Some(w) = within.get_mut(i) {
            *w = inside;
        }
    }
    // Prose of an element's paragraphs, and how many there are.
    let mut direct: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (line, n) in page.lines.iter().zip(own).filter(|(l, n)| **n > 0 && within.get(l.node).copied().unwrap_or(false)) {
        let holder = if matches!(page.nodes.get(line.node).map(|n| n.tag), Some(Tag::P)) { parent(line.node) } else { line.node };
        let entry = direct.entry(holder).or_default();
        entry.0 += n;
        entry.1 += 1;
    }
    let (&best, &(amount, count)) = direct.iter().max_by_key(|(i, (n, _))| (*n, std::cmp::Reverse(**i)))?;
    let next = direct.iter().filter(|(i, _)| **i != best).map(|(_, (n, _))| *n).max().unwrap_or(0);
    let scattered = direct.len() >= 5;
    (best != body && count >= 3 && scattered && amount * 10 >= all * 3 && next * 4 <= amount).then_some(best)
}

/// The posts of a page: lines of one embedded element, the last signed.
fn embedded(text: &str, page: &Markup, judged: &[Judged], layout: &Layout) -> Vec<Post> {
    let cues = &layout.cues;
    let mut out = Vec::new();
    for group in judged.chunk_by(|a, b| a.called.post == b.called.post).filter(|g| g.first().is_some_and(|j| j.called.post.is_some())) {
        let signature = group.iter().position(|j| Signed::read(j.line.span.of(text), cues).is_some());
        let words = group.get(..signature.unwrap_or(group.len())).unwrap_or(&[]);
        let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
        let span = Span::new(first.line.span.start, last.line.span.end);
        let whole = Span::new(span.start, group.last().map_or(span.end, |j| j.line.span.end));
        let signed = signature.and_then(|s| group.get(s)).and_then(|j| Signed::read(j.line.span.of(text), cues));
        let from = page.links.partition_point(|l| l.span.start < whole.start);
        let links = page.links.get(from..).unwrap_or(&[]).iter().take_while(|l| l.span.start < whole.end);
        // The permanent link stands in the signature, after any link of the words.
        let linked = links.filter_map(|l| posts::link(&l.href, cues).map(|(_, platform)| (l.href.clone(), platform))).last();
        let inline = posts::link(span.of(text), cues);
        let (link, platform) = match linked.or(inline) {
            Some((link, platform)) => (Some(link), Some(platform)),
            None => (None, signed.as_ref().map(|s| s.platform.clone())),
        };
        let (author, handle, date) = signed.map_or((None, None, None), |s| (s.author, s.handle, s.date));
        out.push(Post { platform, author, handle, date, link, span });
    }
    out
}
