//! The record: what `chancery read` prints, one JSON object a report. Its fields are the public
//! face of the program (`chancery.record/1`): add, never rename or remove.
//!
//! Spans are `[start,end)` in UTF-8 bytes of `report.text`.

use serde::{Deserialize, Serialize};

pub const SCHEMA: &str = "chancery.record/1";

/// Half-open byte range in the report's text; serialised as `[start,end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "[usize; 2]"))]
#[serde(from = "[usize; 2]", into = "[usize; 2]")]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
    /// The slice of `text`, or "" where the span does not fit it.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

impl From<[usize; 2]> for Span {
    fn from([start, end]: [usize; 2]) -> Self {
        Span { start, end }
    }
}
impl From<Span> for [usize; 2] {
    fn from(s: Span) -> Self {
        [s.start, s.end]
    }
}

macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name { $($(#[$fmeta])* pub $field: $ty),* }
    };
}
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $first:ident = $firsttext:literal $(, $variant:ident = $text:literal)* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { #[default] #[serde(rename = $firsttext)] $first, $(#[serde(rename = $text)] $variant),* }
        impl $name {
            pub const ALL: &[$name] = &[$name::$first, $($name::$variant),*];
            pub const fn as_str(self) -> &'static str {
                match self { $name::$first => $firsttext, $($name::$variant => $text),* }
            }
            /// The variant of that exact name.
            pub fn parse(s: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == s)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.as_str()) }
        }
    };
}

words! { BlockKind { Paragraph = "paragraph", Title = "title", Dateline = "dateline", Byline = "byline", Heading = "heading", Caption = "caption",
RelatedLink = "related_link", Post = "post", Disclaimer = "disclaimer", Boilerplate = "boilerplate" } }
words! { ProvenanceRole { Publisher = "publisher", Via = "via", Agency = "agency", Translator = "translator", Author = "author", Quoted = "quoted" } }
words! {
    /// PLOVER 0.8 event types.
    EventType { Agree = "AGREE", Consult = "CONSULT", Support = "SUPPORT", Concede = "CONCEDE", Cooperate = "COOPERATE", Aid = "AID", Retreat = "RETREAT",
        Request = "REQUEST", Accuse = "ACCUSE", Reject = "REJECT", Threaten = "THREATEN", Protest = "PROTEST", Sanction = "SANCTION", Mobilize = "MOBILIZE",
        Coerce = "COERCE", Assault = "ASSAULT" }
}
words! { Status { Occurred = "occurred", Claimed = "claimed", Planned = "planned", Denied = "denied", Hypothetical = "hypothetical" } }
words! { Stance { Asserts = "asserts", Denies = "denies", Predicts = "predicts", Doubts = "doubts", Relays = "relays" } }
words! { Time { Current = "current", Background = "background", Ongoing = "ongoing", Future = "future" } }
words! { OtherRole { Mediator = "mediator", Host = "host", About = "about", Beneficiary = "beneficiary", Victim = "victim" } }
words! { StatementKind { Direct = "direct", Mixed = "mixed", Indirect = "indirect" } }
words! { DateBasis { Text = "text", Dateline = "dateline", Tense = "tense", Published = "published" } }

record! { Record {
    schema: String,
    coder: CoderInfo,
    report: ReportInfo,
    sentences: Vec<SentenceRecord>,
    mentions: Vec<MentionRecord>,
    events: Vec<Event>,
    statements: Vec<Statement>,
    figures: Vec<Figure>,
    dates: Vec<DateRecord>,
    places: Vec<PlaceRecord>,
    diagnostics: Vec<Diagnostic>,
} }
record! { CoderInfo { version: String, data: String } }
record! { ReportInfo {
    id: String,
    given_id: Option<String>,
    text: String,
    title: Option<String>,
    published: Option<String>,
    url: Option<String>,
    outlet: Option<String>,
    language: Option<String>,
    /// Of a web page: what it is. Null for a report that came as plain text.
    page_kind: Option<PageKind>,
    source: SourceInfo,
    repairs: Vec<RepairRecord>,
    provenance: Vec<Provenance>,
    blocks: Vec<Block>,
    posts: Vec<Post>,
} }
words! {
    /// What a web page is.
    PageKind { Article = "article", List = "list", LiveBlog = "live-blog", Gallery = "gallery", Paywall = "paywall", Error = "error" }
}
record! { SourceInfo { media_type: String, encoding: String, bytes: usize, sha256: String } }
record! { RepairRecord { span: Span, becomes: String } }
record! { Provenance {
    role: ProvenanceRole,
    name: Option<String>,
    span: Option<Span>,
    /// Of an outlet that is known: its country, and whether a government runs it or owns most of it on the published day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state_controlled: Option<bool>,
} }
record! { Block { kind: BlockKind, span: Span, language: Option<String> } }
record! { Post { platform: Option<String>, author: Option<String>, handle: Option<String>, date: Option<String>, link: Option<String>, span: Span } }
record! { SentenceRecord {
    span: Span,
    block: usize,
    /// Only where the record carries no full text: the words of a sentence that holds something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
} }
record! {
    /// One side of an event, a speaker, or a mention. `text`/`span` stand where the actor is named here;
    /// the rest is whom it resolves to.
    Actor {
        text: String,
        span: Span,
        /// Canonical name, e.g. "Vladimir Putin".
        entity: Option<String>,
        /// Our own stable slug, e.g. `person/vladimir-putin`.
        entity_id: Option<String>,
        wikidata: Option<String>,
        office: Option<String>,
        /// ISO 3166-1 alpha-3, a historical code, or IGO UNO EUR NGO IMG ISM MNC WLD.
        country: Option<String>,
        /// PLOVER sector.
        sector: Option<String>,
        sectors: Vec<String>,
        /// country + sector.
        code: Option<String>,
        /// Which knowledge or rule decided, for explanation.
        rule: String,
    }
}
record! { MentionRecord { #[serde(flatten)] actor: Actor, sentence: usize, chain: usize } }
record! { Other { role: OtherRole, actor: Actor } }
record! { Trigger { text: String, span: Span } }
record! { EventMention { trigger: Trigger, sentence: usize } }
record! { EventDate { start: Option<String>, end: Option<String>, precision: Option<String>, basis: Option<DateBasis>, span: Option<Span>, reason: String } }
record! { EventPlace { name: Option<String>, country: Option<String>, admin1: Option<String>, city: Option<String>, feature: Option<String>, lat: Option<f64>, lon: Option<f64>,
geonames: Option<u64>, precision: String, basis: String, span: Option<Span>, reason: String } }
record! { Attribution { actor: Actor, stance: Stance, statement: Option<String> } }
record! { Event {
    id: String,
    r#type: EventType,
    mode: Option<String>,
    modes: Vec<String>,
    contexts: Vec<String>,
    cameo: String,
    quad: u8,
    goldstein: Option<f64>,
    intensity: Option<f64>,
    source: Vec<Actor>,
    target: Vec<Actor>,
    reciprocal: bool,
    others: Vec<Other>,
    trigger: Trigger,
    sentence: usize,
    mentions: Vec<EventMention>,
    date: EventDate,
    time: Time,
    place: EventPlace,
    status: Status,
    claimed_by: Option<Actor>,
    attributions: Vec<Attribution>,
    statement: Option<String>,
    figures: Vec<String>,
    rule: String,
    confidence: f64,
    /// Why it was coded, line by line for a person; only where asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    explain: Vec<String>,
} }
record! { Statement {
    id: String,
    speaker: Option<Actor>,
    addressee: Option<Actor>,
    kind: StatementKind,
    sentence: usize,
    quote: Trigger,
    cue: Option<Trigger>,
    closed: bool,
    /// Stance of the cue: say, claim, admit, deny, urge, warn, promise…
    stance: Option<String>,
    contexts: Vec<String>,
    events: Vec<String>,
    utterance: Option<String>,
} }
record! { Figure {
    id: String,
    text: String,
    span: Span,
    value: f64,
    unit: Option<String>,
    kind: Option<String>,
    of: Option<String>,
    direction: Option<String>,
    /// How the text bounds it: at_least, at_most, about.
    bound: Option<String>,
    event: Option<String>,
    statement: Option<String>,
} }
record! { DateRecord {
    text: String,
    span: Span,
    /// TIMEX3: DATE TIME DURATION SET.
    r#type: String,
    value: Option<String>,
    /// The first day it can mean.
    start: Option<String>,
    /// The last day it can mean.
    end: Option<String>,
    precision: Option<String>,
    role: Option<String>,
    reason: String,
} }
record! { PlaceRecord {
    text: String,
    span: Span,
    name: Option<String>,
    /// ISO 3166-1 alpha-3; null for what lies in several countries or none.
    country: Option<String>,
    /// First-order division.
    admin1: Option<String>,
    city: Option<String>,
    /// Kind of place: country, division, town, river, camp…
    feature: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    geonames: Option<u64>,
    /// exact, city, province, country, or none: wider than a country, or not located.
    precision: String,
    /// name, container, context, prominence, nationality, within, unknown.
    basis: String,
    reason: String,
} }
record! { Diagnostic { code: String, message: String, span: Option<Span> } }

impl Diagnostic {
    pub fn new(code: &str, message: impl Into<String>, span: Option<Span>) -> Self {
        Diagnostic { code: code.to_owned(), message: message.into(), span }
    }
}
