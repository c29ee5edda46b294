//! Markup to visible text, in one pass and without recursion: the tokens of html5ever, a bounded stack of open
//! elements, and for each line of text the element it stands in.
//!
//! The tree builder of html5ever is not used: on markup nested 100,000 deep it takes quadratic time, and which
//! element a line stands in is all that is needed of the tree.

use crate::record::Span;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, StartTag, Tag as RawTag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// Elements told apart; all others are `Other` (inline) or `Block`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    A,
    Address,
    Article,
    Aside,
    Blockquote,
    Button,
    Caption,
    Cell,
    Footer,
    Form,
    Header,
    /// h1 to h6.
    Heading(u8),
    Li,
    List,
    Main,
    Nav,
    P,
    Pre,
    Root,
    Row,
    Table,
    Time,
    /// A container without meaning of its own (div, section…).
    Block,
    /// Anything inline.
    Other,
}

impl Tag {
    fn of(name: &str) -> Tag {
        match name {
            "a" => Tag::A,
            "address" => Tag::Address,
            "article" => Tag::Article,
            "aside" => Tag::Aside,
            "blockquote" => Tag::Blockquote,
            "button" | "label" | "legend" => Tag::Button,
            "figcaption" | "caption" => Tag::Caption,
            "td" | "th" | "dd" | "dt" => Tag::Cell,
            "footer" => Tag::Footer,
            "form" | "fieldset" => Tag::Form,
            "header" | "hgroup" => Tag::Header,
            "h1" => Tag::Heading(1),
            "h2" => Tag::Heading(2),
            "h3" => Tag::Heading(3),
            "h4" => Tag::Heading(4),
            "h5" => Tag::Heading(5),
            "h6" => Tag::Heading(6),
            "li" => Tag::Li,
            "ul" | "ol" | "dl" | "menu" => Tag::List,
            "main" => Tag::Main,
            "nav" => Tag::Nav,
            "p" => Tag::P,
            "pre" => Tag::Pre,
            "html" | "body" | "head" => Tag::Root,
            "tr" => Tag::Row,
            "table" | "tbody" | "thead" | "tfoot" => Tag::Table,
            "time" => Tag::Time,
            "div" | "section" | "center" | "details" | "summary" | "dialog" | "figure" | "hr" | "video" | "audio" | "search" => Tag::Block,
            _ => Tag::Other,
        }
    }
    /// Whether the element starts and ends a line of its own.
    pub fn is_block(self) -> bool {
        !matches!(self, Tag::A | Tag::Other | Tag::Time)
    }
}

/// An element that holds text. Its parent comes before it in [`Markup::nodes`]; node 0 is the root, its own parent.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub parent: usize,
    pub tag: Tag,
    /// Values of `class`, `id`, `role`, `itemprop`, `rel` and such, separated by spaces.
    pub labels: String,
}

/// A run of visible text without a break of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub span: Span,
    /// The block it stands in.
    pub node: usize,
    /// Bytes of it that are link text.
    pub linked: usize,
}

/// A link inside a block quotation, where embedded posts stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub span: Span,
    pub href: String,
}

/// What the layout needs of a page's structure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Markup {
    pub nodes: Vec<Node>,
    pub lines: Vec<Line>,
    pub links: Vec<Link>,
    /// Text of the article as its metadata repeats it, normalised to letters and digits; empty where it does not.
    pub article: String,
    /// What the page calls itself: types of schema.org in its JSON-LD, and `og:type` with that prefix.
    pub types: Vec<String>,
    /// Whether it says that anybody may read all of it.
    pub free: Option<bool>,
}

/// A page taken apart.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub text: String,
    pub markup: Markup,
    pub title: String,
    pub lang: Option<String>,
    /// (name, content) of `meta`, and (rel, href) of `link`, names in lower case.
    pub metas: Vec<(String, String)>,
    /// Bodies of JSON-LD scripts.
    pub json: Vec<String>,
    /// `datetime` of `time` elements and elements marked as published date, in order.
    pub times: Vec<String>,
    /// Text of elements with `itemprop="author"` or `rel="author"`.
    pub authors: Vec<String>,
}

/// Open elements followed; deeper ones count as text of the last.
const DEEPEST: usize = 512;
/// Bytes kept of an attribute that only labels.
const LABEL: usize = 200;
/// Metadata kept: a page has no use for more.
const MOST_META: usize = 1000;

pub(super) fn parse(page: &str) -> Parsed {
    let tokenizer = Tokenizer::new(Sink(RefCell::new(Builder::new())), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(page));
    // The tokenizer stops after scripts and charset declarations and wants to be called again.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    let mut builder = tokenizer.sink.0.into_inner();
    builder.flush();
    builder.parsed
}

struct Sink(RefCell<Builder>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut builder = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == StartTag => return builder.open(&tag),
            Token::TagToken(tag) => builder.close(&tag.name),
            Token::CharacterTokens(text) => builder.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// An element on the stack.
struct Open {
    name: html5ever::LocalName,
    tag: Tag,
    node: usize,
    /// Its text is not shown.
    hidden: bool,
    /// Where its text begins, for authors and links.
    from: usize,
    note: Note,
}

#[derive(Clone, PartialEq)]
enum Note {
    None,
    Author,
    Link(String),
}

/// What text goes to that is not shown.
#[derive(Clone, Copy, PartialEq)]
enum Aside {
    No,
    Title,
    Json,
    Drop,
}

struct Builder {
    parsed: Parsed,
    stack: Vec<Open>,
    /// Elements open beyond the deepest.
    beyond: usize,
    aside: Aside,
    /// Start of the line being written, its link bytes, and whether a space is due.
    from: usize,
    linked: usize,
    space: bool,
    breaks: usize,
    /// What stands between the last line and the next.
    gap: &'static str,
}

impl Builder {
    fn new() -> Self {
        let root = Node { parent: 0, tag: Tag::Root, labels: String::new() };
        let parsed = Parsed { markup: Markup { nodes: vec![root], ..Markup::default() }, ..Parsed::default() };
        Builder { parsed, stack: Vec::new(), beyond: 0, aside: Aside::No, from: 0, linked: 0, space: false, breaks: 0, gap: "" }
    }

    fn node(&self) -> usize {
        self.stack.iter().rev().find(|o| o.tag.is_block()).map_or(0, |o| o.node)
    }
    fn hidden(&self) -> bool {
        self.stack.last().is_some_and(|o| o.hidden)
    }

    fn open(&mut self, tag: &RawTag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let attr = |n: &str| tag.attrs.iter().find(|a| &*a.name.local == n).map(|a| &*a.value);
        match name {
            "script" => {
                self.aside = if attr("type").is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json")) {
                    Aside::Json
                } else {
                    Aside::Drop
                };
                if self.aside == Aside::Json {
                    self.parsed.json.push(String::new());
                }
                return TokenSinkResult::RawData(RawKind::ScriptData);
            }
            "style" | "noscript" | "iframe" | "noembed" | "noframes" | "xmp" => {
                self.aside = Aside::Drop;
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            "textarea" => {
                self.aside = Aside::Drop;
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            "title" if self.parsed.title.is_empty() && !self.hidden() => {
                self.aside = Aside::Title;
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            "meta" => {
                if let (Some(key), Some(content)) =
                    (attr("property").or_else(|| attr("name")).or_else(|| attr("itemprop")).or_else(|| attr("http-equiv")), attr("content"))
                {
                    self.metadata(key, content);
                }
            }
            "link" => {
                if let (Some(rel), Some(href)) = (attr("rel"), attr("href")) {
                    self.metadata(rel, href);
                }
            }
            "br" => self.line_break(),
            "html" if self.parsed.lang.is_none() => self.parsed.lang = attr("lang").or_else(|| attr("xml:lang")).map(str::to_owned),
            _ => {}
        }
        let kind = Tag::of(name);
        if kind.is_block() {
            self.flush();
        }
        let void = matches!(
            name,
            "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "param" | "source" | "track" | "wbr"
        );
        if void || (tag.self_closing && kind == Tag::Other) {
            return TokenSinkResult::Continue;
        }
        self.close_implied(kind);
        if self.stack.len() >= DEEPEST {
            self.beyond += 1;
            return TokenSinkResult::Continue;
        }
        let published = attr("itemprop").is_some_and(|p| p.eq_ignore_ascii_case("datePublished"));
        if let Some(value) = attr("datetime").or_else(|| attr("content").filter(|_| published)).filter(|_| kind == Tag::Time || published)
            && self.parsed.times.len() < MOST_META
        {
            let value = value.to_owned();
            if published { self.parsed.times.insert(0, value) } else { self.parsed.times.push(value) }
        }
        let style: String = attr("style").map(|s| s.chars().filter(|c| !c.is_whitespace()).take(LABEL).collect()).unwrap_or_default();
        let hidden = self.hidden()
            || matches!(name, "template" | "svg" | "select" | "math" | "object" | "canvas" | "datalist")
            || attr("hidden").is_some()
            || style.to_ascii_lowercase().contains("display:none");
        let author = attr("itemprop").is_some_and(|p| p.eq_ignore_ascii_case("author"))
            || attr("rel").is_some_and(|r| r.eq_ignore_ascii_case("author"));
        let quoted = self.stack.iter().any(|o| o.tag == Tag::Blockquote);
        let note = match attr("href") {
            _ if author => Note::Author,
            Some(href) if kind == Tag::A && quoted => Note::Link(href.trim().to_owned()),
            _ => Note::None,
        };
        let node = self.parsed.markup.nodes.len();
        if kind.is_block() {
            let labels: Vec<&str> = ["class", "id", "role", "itemprop", "rel", "aria-label", "data-testid"]
                .iter()
                .filter_map(|n| attr(n))
                .map(|v| v.get(..v.floor_char_boundary(LABEL)).unwrap_or(""))
                .collect();
            self.parsed.markup.nodes.push(Node { parent: self.node(), tag: kind, labels: labels.join(" ") });
        }
        self.stack.push(Open { name: tag.name.clone(), tag: kind, node, hidden, from: self.parsed.text.len(), note });
        TokenSinkResult::Continue
    }

    fn metadata(&mut self, key: &str, value: &str) {
        if self.parsed.metas.len() < MOST_META {
            self.parsed.metas.push((key.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }

    /// Ends the elements that a start tag ends without saying so.
    fn close_implied(&mut self, kind: Tag) {
        let within = |until: &[Tag], these: &[Tag], stack: &[Open]| {
            stack
                .iter()
                .rposition(|o| until.contains(&o.tag) || these.contains(&o.tag))
                .filter(|&i| stack.get(i).is_some_and(|o| these.contains(&o.tag)))
        };
        let at = match kind {
            Tag::Li => within(&[Tag::List, Tag::Table], &[Tag::Li], &self.stack),
            Tag::Cell => within(&[Tag::Table, Tag::List, Tag::Row], &[Tag::Cell], &self.stack),
            Tag::Row => within(&[Tag::Table], &[Tag::Row], &self.stack),
            Tag::A => self
                .stack
                .iter()
                .rposition(|o| o.tag == Tag::A || o.tag.is_block())
                .filter(|&i| self.stack.get(i).is_some_and(|o| o.tag == Tag::A)),
            k if k.is_block() => {
                self.stack.iter().rposition(|o| o.tag.is_block()).filter(|&i| self.stack.get(i).is_some_and(|o| o.tag == Tag::P))
            }
            _ => None,
        };
        if let Some(at) = at {
            self.pop_to(at);
        }
    }

    fn close(&mut self, name: &str) {
        if self.aside != Aside::No
            && matches!(name, "script" | "style" | "noscript" | "iframe" | "noembed" | "noframes" | "xmp" | "textarea" | "title")
        {
            self.aside = Aside::No;
            return;
        }
        let kind = Tag::of(name);
        if self.beyond > 0 {
            self.beyond -= 1;
            if kind.is_block() {
                self.flush();
            }
            return;
        }
        let Some(at) = self.stack.iter().rposition(|o| &*o.name == name) else {
            if name == "p" || name == "br" {
                self.flush();
            }
            return;
        };
        let crosses = self.stack.get(at + 1..).unwrap_or(&[]).iter().any(|o| o.tag.is_block());
        if !kind.is_block() && crosses {
            // An inline element closed from within a block ends there, and the block goes on.
            let open = self.stack.remove(at);
            self.note(open);
            return;
        }
        // A table holds its own: a stray end tag inside it does not end what stands around it.
        let fenced = kind != Tag::Table && kind != Tag::Root && self.stack.get(at + 1..).unwrap_or(&[]).iter().any(|o| o.tag == Tag::Table);
        if !fenced {
            self.pop_to(at);
        }
    }

    fn pop_to(&mut self, at: usize) {
        while self.stack.len() > at {
            let Some(open) = self.stack.pop() else { break };
            if open.tag.is_block() {
                // The line belongs to the element that ends here.
                self.stack.push(open);
                self.flush();
                let Some(open) = self.stack.pop() else { break };
                self.note(open);
            } else {
                self.note(open);
            }
        }
    }

    fn note(&mut self, open: Open) {
        let span = Span::new(open.from, self.parsed.text.len());
        let text = span.of(&self.parsed.text).trim();
        match open.note {
            Note::Author if !text.is_empty() && text.len() <= LABEL && self.parsed.authors.len() < MOST_META => {
                self.parsed.authors.push(text.to_owned())
            }
            Note::Link(href) if href.len() <= 4 * LABEL => {
                let start = span.end - span.of(&self.parsed.text).trim_start().len();
                self.parsed.markup.links.push(Link { span: Span::new(start, span.end), href });
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.aside {
            Aside::Drop => return,
            Aside::Title => return self.parsed.title.push_str(text),
            Aside::Json => {
                if let Some(body) = self.parsed.json.last_mut() {
                    body.push_str(text);
                }
                return;
            }
            Aside::No => {}
        }
        if self.hidden() {
            return;
        }
        let pre = self.stack.iter().rev().find(|o| o.tag.is_block()).is_some_and(|o| o.tag == Tag::Pre);
        let linked = self.stack.iter().any(|o| o.tag == Tag::A);
        let before = self.parsed.text.len();
        for c in text.chars() {
            match c {
                '\n' if pre => self.line_break(),
                ' ' | '\n' | '\t' | '\r' | '\u{c}' => self.space = true,
                // Invisible characters that pages sprinkle into words.
                '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
                c => self.put(c),
            }
        }
        if linked {
            self.linked += self.parsed.text.len().saturating_sub(before.max(self.from));
        }
    }

    fn put(&mut self, c: char) {
        let out = &mut self.parsed.text;
        if out.len() == self.from {
            // The first character of a line: what parts it from the line before is due now.
            out.push_str(self.gap);
            self.from = out.len();
        } else if self.breaks > 0 {
            out.push('\n');
        } else if self.space {
            out.push(' ');
        }
        (self.space, self.breaks) = (false, 0);
        out.push(c);
    }

    /// One break stays within the block; two in a row end it.
    fn line_break(&mut self) {
        if self.aside != Aside::No || self.hidden() {
            return;
        }
        self.breaks += 1;
        if self.breaks > 1 {
            self.flush();
        }
    }

    /// Ends the line being written.
    fn flush(&mut self) {
        (self.space, self.breaks) = (false, 0);
        let end = self.parsed.text.len();
        if end == self.from {
            return;
        }
        let node = self.node();
        self.parsed.markup.lines.push(Line { span: Span::new(self.from, end), node, linked: self.linked.min(end - self.from) });
        let tag = self.parsed.markup.nodes.get(node).map_or(Tag::Root, |n| n.tag);
        self.gap = if matches!(tag, Tag::Li | Tag::Cell | Tag::Button) { "\n" } else { "\n\n" };
        self.from = end;
        self.linked = 0;
    }
}
