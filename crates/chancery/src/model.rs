//! What the stages hand to each other: reports in, annotations standing off their text.

use crate::input::html::Markup;
use crate::parse::Entity;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{Actor, Block, DateRecord, Diagnostic, Figure, PageKind, PlaceRecord, Post, Provenance, SourceInfo, Span, Statement};
use crate::view::View;
use compact_str::CompactString;
use jiff::civil::Date;
use std::ops::Range;

/// A report as the intake hands it over: decoded text plus what its container said of it.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub given_id: Option<String>,
    /// Decoded input as it came: byte-order mark removed, newlines as found, never repaired.
    pub text: String,
    pub title: Option<String>,
    /// Published date as given by caller, metadata or container (`YYYY-MM-DD` or a date-time), unparsed.
    pub published: Option<String>,
    pub url: Option<String>,
    pub outlet: Option<String>,
    pub author: Option<String>,
    pub language: Option<String>,
    pub source: SourceInfo,
    /// Structure of a page (HTML); none for plain text, whose layout is told by its lines alone.
    pub markup: Option<Box<Markup>>,
    /// Blocks already known to the caller; empty where the layout is to be found.
    pub blocks: Vec<Block>,
    pub posts: Vec<Post>,
    pub provenance: Vec<Provenance>,
    pub diagnostics: Vec<Diagnostic>,
}

/// One word or mark. `form` is the text as repaired for analysis; `span` is in the report's own bytes.
#[derive(Debug, Clone)]
pub struct Token {
    pub span: Span,
    pub form: CompactString,
    /// Lower-case dictionary form.
    pub lemma: CompactString,
    pub upos: Upos,
    pub xpos: Xpos,
    /// Index of the governor within the sentence; its own index for the root.
    pub head: usize,
    pub dep: Dep,
    /// Part of a name, as the network sees it.
    pub entity: Entity,
}

/// A sentence of a block, with its dependency tree over `tokens`.
#[derive(Debug, Clone)]
pub struct Sentence {
    pub span: Span,
    /// Index into the report's blocks.
    pub block: usize,
    pub tokens: Vec<Token>,
    /// Dependents of each token in text order: `children[child_start[i]..child_start[i+1]]`.
    pub children: Vec<u16>,
    pub child_start: Vec<u16>,
}

impl Sentence {
    /// Builds the child index from the heads in `tokens`.
    pub fn new(span: Span, block: usize, tokens: Vec<Token>) -> Self {
        let n = tokens.len();
        let mut child_start = vec![0u16; n + 1];
        for (i, t) in tokens.iter().enumerate() {
            if t.head != i && t.head < n {
                child_start[t.head + 1] += 1;
            }
        }
        for i in 0..n {
            child_start[i + 1] += child_start[i];
        }
        let mut fill = child_start.clone();
        let mut children = vec![0u16; child_start[n] as usize];
        for (i, t) in tokens.iter().enumerate() {
            if t.head != i && t.head < n {
                children[fill[t.head] as usize] = i as u16;
                fill[t.head] += 1;
            }
        }
        Sentence { span, block, tokens, children, child_start }
    }

    pub fn is_root(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| t.head == i)
    }

    /// Dependents of token `i`, in text order.
    pub fn children(&self, i: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let from = self.child_start.get(i).copied().unwrap_or(0) as usize;
        let to = self.child_start.get(i + 1).copied().unwrap_or(0) as usize;
        self.children.get(from..to).unwrap_or(&[]).iter().map(|&c| c as usize)
    }

    /// First dependent of `i` with relation `dep` exactly.
    pub fn child(&self, i: usize, dep: Dep) -> Option<usize> {
        self.children(i).find(|&c| self.tokens[c].dep == dep)
    }

    /// Governors of `i` from the nearest up to the root (not `i` itself); ends even on a malformed tree.
    pub fn ancestors(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = i;
        let mut left = self.tokens.len();
        std::iter::from_fn(move || {
            let head = self.tokens.get(at)?.head;
            if head == at || left == 0 {
                return None;
            }
            left -= 1;
            at = head;
            Some(head)
        })
    }

    /// Whether `i` is `ancestor` or stands below it.
    pub fn is_below(&self, i: usize, ancestor: usize) -> bool {
        i == ancestor || self.ancestors(i).any(|a| a == ancestor)
    }

    /// First and last token (inclusive) of the subtree of `i`.
    pub fn subtree(&self, i: usize) -> (usize, usize) {
        let (mut lo, mut hi) = (i, i);
        let mut stack = vec![i];
        let mut left = self.tokens.len();
        while let Some(at) = stack.pop() {
            lo = lo.min(at);
            hi = hi.max(at);
            if left == 0 {
                break;
            }
            left -= 1;
            stack.extend(self.children(at));
        }
        (lo, hi)
    }

    /// Bytes from the first to the last token of an inclusive range.
    pub fn span_of(&self, first: usize, last: usize) -> Span {
        match (self.tokens.get(first), self.tokens.get(last)) {
            (Some(a), Some(b)) => Span::new(a.span.start, b.span.end.max(a.span.end)),
            _ => Span::default(),
        }
    }
}

/// A report under analysis: text, repaired view, layout and trees. Built by the pipeline, read by every later stage.
#[derive(Debug)]
pub struct Doc<'a> {
    pub report: &'a Report,
    pub view: &'a View,
    /// Folder of `data/lang/` whose rules read it; of one that is not there no stage runs.
    pub language: &'a str,
    /// Published date, from option, metadata, header or dateline.
    pub published: Option<Date>,
    pub blocks: &'a [Block],
    pub posts: &'a [Post],
    pub provenance: &'a [Provenance],
    pub page_kind: Option<PageKind>,
    pub sentences: &'a [Sentence],
}

impl Doc<'_> {
    /// The report's own bytes at `span`.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.report.text)
    }
    pub fn token(&self, sentence: usize, token: usize) -> Option<&Token> {
        self.sentences.get(sentence)?.tokens.get(token)
    }
    /// The kind of the block that sentence `s` stands in.
    pub fn block_kind(&self, s: usize) -> Option<crate::record::BlockKind> {
        Some(self.blocks.get(self.sentences.get(s)?.block)?.kind)
    }
    /// Index of the sentence whose span holds byte `at`.
    pub fn sentence_at(&self, at: usize) -> Option<usize> {
        let i = self.sentences.partition_point(|s| s.span.start <= at).checked_sub(1)?;
        (at < self.sentences[i].span.end).then_some(i)
    }
}

/// How an actor is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// "Putin", "Russia", "the United Nations".
    Name,
    /// Nationality adjective or compound standing for the country: "Russian", "U.S." in "U.S. sanctions".
    Nationality,
    /// Role with or without country: "the foreign minister", "Serb police", "four Saudi men".
    Role,
    /// "he", "they", "it".
    Pronoun,
    /// "the two countries", "his counterpart", "the Asian president".
    Description,
    /// Named by the caller, who says that it is an actor.
    Given,
}

impl Naming {
    /// Whether it is one certain actor who is named, known or not.
    pub fn is_name(self) -> bool {
        matches!(self, Naming::Name | Naming::Given)
    }
}

/// One naming of an actor in a sentence.
#[derive(Debug, Clone)]
pub struct ActorMention {
    pub sentence: usize,
    /// Tokens the mention covers.
    pub tokens: Range<usize>,
    /// Its syntactic head: where an argument of a verb points to.
    pub head: usize,
    pub naming: Naming,
    /// Mentions of the same actor share a chain.
    pub chain: usize,
    /// More than one where a plural resolves to named actors ("the two countries" = Russia and China). The first is `actor`.
    pub members: Vec<Actor>,
    pub actor: Actor,
}

/// All actor mentions of a report, in text order, with look-up by token.
#[derive(Debug, Default)]
pub struct Actors {
    pub mentions: Vec<ActorMention>,
}

impl Actors {
    /// Mentions of a sentence.
    pub fn in_sentence(&self, s: usize) -> &[ActorMention] {
        let from = self.mentions.partition_point(|m| m.sentence < s);
        let to = self.mentions.partition_point(|m| m.sentence <= s);
        &self.mentions[from..to]
    }
    /// The widest mention whose head is token `t`.
    pub fn headed_by(&self, s: usize, t: usize) -> Option<&ActorMention> {
        self.in_sentence(s).iter().filter(|m| m.head == t).max_by_key(|m| m.tokens.len())
    }
    /// Takes up an actor that the caller names. What is known of a mention with the same head stays; of one whose head lies
    /// within ("the *Saudi* pilots' families"), only the country.
    pub fn name(&mut self, doc: &Doc, span: Span) {
        let Some(sentence) = doc.sentence_at(span.start) else { return };
        let Some(s) = doc.sentences.get(sentence) else { return };
        let from = s.tokens.partition_point(|t| t.span.end <= span.start);
        let to = s.tokens.partition_point(|t| t.span.start < span.end);
        // The word of the span that hangs on one outside it.
        let Some(head) = (from..to).find(|&t| s.is_root(t) || !(from..to).contains(&s.tokens[t].head)) else { return };
        let next = self.mentions.iter().map(|m| m.chain + 1).max().unwrap_or(0);
        let own = self.headed_by(sentence, head).cloned();
        let within = || {
            let inner = self.in_sentence(sentence).iter().filter(|m| m.tokens.start >= from && m.tokens.end <= to);
            inner.max_by_key(|m| m.tokens.len()).and_then(|m| m.actor.country.clone())
        };
        let mut mention = own.unwrap_or_else(|| {
            let country = within();
            let actor = Actor { code: country.clone(), country, ..Actor::default() };
            ActorMention { sentence, tokens: from..to, head, naming: Naming::Given, chain: next, members: Vec::new(), actor }
        });
        mention.naming = Naming::Given;
        mention.tokens = from..to;
        for actor in mention.members.iter_mut().chain([&mut mention.actor]) {
            (actor.span, actor.text) = (span, doc.slice(span).to_owned());
        }
        self.mentions.retain(|m| m.sentence != sentence || m.head != head);
        let at = self.mentions.partition_point(|m| (m.sentence, m.tokens.start) < (sentence, from));
        self.mentions.insert(at, mention);
    }
    /// The narrowest mention that covers token `t`.
    pub fn covering(&self, s: usize, t: usize) -> Option<&ActorMention> {
        self.in_sentence(s).iter().filter(|m| m.tokens.contains(&t)).min_by_key(|m| m.tokens.len())
    }
}

/// A date, time, duration or set in the text.
#[derive(Debug, Clone)]
pub struct DateMention {
    pub sentence: Option<usize>,
    /// Tokens it covers, empty where it stands outside every sentence (headers).
    pub tokens: Range<usize>,
    /// First and last day it can mean.
    pub days: Option<(Date, Date)>,
    pub record: DateRecord,
}

/// A place named in a sentence.
#[derive(Debug, Clone)]
pub struct PlaceMention {
    pub sentence: usize,
    pub tokens: Range<usize>,
    pub head: usize,
    /// A people or nationality: it names a country, and nothing happens there for that.
    pub people: bool,
    pub precision: crate::place::Precision,
    pub record: PlaceRecord,
}

#[derive(Debug, Clone)]
pub struct FigureMention {
    pub sentence: usize,
    pub tokens: Range<usize>,
    /// Head of the number phrase ("percent", "dollars", or the noun counted).
    pub head: usize,
    /// Ids, `event` and `statement` are filled when the record is assembled.
    pub record: Figure,
}

/// A quotation with what the event stage needs of it.
#[derive(Debug, Clone)]
pub struct StatementMention {
    /// Ids, `events` and `utterance` are filled when the record is assembled.
    pub record: Statement,
    /// Index into [`Actors::mentions`] of the speaker, where there is one.
    pub speaker: Option<usize>,
    /// Sentence and token of the cue.
    pub cue: Option<(usize, usize)>,
    /// What stands under the speaker's voice (wider than the quote where a clause is part quoted).
    pub scope: Vec<Span>,
}
