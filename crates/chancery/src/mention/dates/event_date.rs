//! When an event happened: the time expression of its clause, else what tense and publication say, else nothing.

use super::DateMention;
use crate::model::{Doc, Sentence};
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{BlockKind, DateBasis, EventDate, Span, Status, Time};
use jiff::civil::Date;

/// An event as the date stage needs to know it.
#[derive(Debug, Clone, Copy)]
pub struct DateQuery {
    pub sentence: usize,
    /// Head token of the trigger: the verb, also of a light-verb construction, else the noun.
    pub token: usize,
    pub status: Status,
    /// The event is only referred to ("Western sanctions against Moscow"), not told.
    pub presupposed: bool,
}

/// Date of an event and how it lies to the report.
#[derive(Debug, Clone, PartialEq)]
pub struct EventTime {
    pub date: EventDate,
    pub time: Time,
}

/// An event this many days before publication is background, not news.
const NEWS_DAYS: i32 = 31;
/// How many days before publication the day of the story may lie to date its other events.
const STORY_DAYS: i32 = 10;

/// How the clause of a trigger stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clause {
    /// Told as news: past, perfect or present in a main clause.
    News,
    /// Past perfect, or a past clause that only explains something else.
    Background,
    Ongoing,
    /// Present perfect: it has come about, and when is not said.
    Perfect,
    /// Simple present: a position that is held, rather than a deed of a day.
    Standing,
    Future,
}

/// Sentences at the head of a report's body whose perfect and present tell its news: "Israel has apologised to Turkey".
const LEAD: usize = 2;

/// Dates the event of `query`. Null, with the reason, where the text does not date it.
pub fn event_date(doc: &Doc, dates: &[DateMention], query: DateQuery) -> EventTime {
    let Some(s) = doc.sentences.get(query.sentence).filter(|s| query.token < s.tokens.len()) else {
        return undated(Time::Current, "the event stands in no sentence");
    };
    let clause = clause_of(s, query);
    if let Some(mention) = attached(s, dates, query) {
        return by_mention(doc, mention, clause, query.status);
    }
    if query.presupposed {
        return undated(Time::Background, "only referred to, and the text does not date it");
    }
    match clause {
        Clause::Future => undated(Time::Future, "still to come, with no date given"),
        Clause::Background => undated(Time::Background, "earlier than the news, with no date given"),
        Clause::Perfect if !leads(doc, query.sentence) => undated(Time::Current, "told in the perfect, which does not say when"),
        Clause::Standing if !leads(doc, query.sentence) => undated(Time::Ongoing, "told in the present as what holds, with no date given"),
        Clause::News | Clause::Ongoing | Clause::Perfect | Clause::Standing => {
            let time = if clause == Clause::Ongoing { Time::Ongoing } else { Time::Current };
            by_story(doc, dates, query.sentence, s, time)
        }
    }
}

/// Whether sentence `at` opens the report: its title, a heading, or the first sentences of its body.
fn leads(doc: &Doc, at: usize) -> bool {
    let body = |s: usize| matches!(doc.block_kind(s), Some(BlockKind::Paragraph));
    !body(at) || (0..at).filter(|&s| body(s)).take(LEAD).count() < LEAD
}

fn undated(time: Time, reason: &str) -> EventTime {
    EventTime { date: EventDate { reason: reason.to_owned(), ..EventDate::default() }, time }
}

fn by_mention(doc: &Doc, mention: &DateMention, clause: Clause, status: Status) -> EventTime {
    let record = &mention.record;
    let published = doc.published;
    let Some((first, last)) = mention.days else {
        let time = match record.value.as_deref() {
            Some("PAST_REF") => Time::Background,
            Some("FUTURE_REF") => Time::Future,
            _ if status == Status::Planned || clause == Clause::Future => Time::Future,
            _ => Time::Background,
        };
        return EventTime {
            date: EventDate {
                span: Some(record.span), reason: format!("“{}”: {}", record.text, record.reason), ..EventDate::default()
            },
            time,
        };
    };
    let since = record.role.as_deref() == Some("since");
    let time = match published {
        _ if since => Time::Ongoing,
        Some(p) if first > p => Time::Future,
        Some(_) if status == Status::Planned => Time::Future,
        Some(p) if days_between(last, p) > NEWS_DAYS => Time::Background,
        Some(_) => {
            if clause == Clause::Background {
                Time::Background
            } else {
                Time::Current
            }
        }
        None if clause == Clause::Background => Time::Background,
        None => Time::Current,
    };
    EventTime {
        date: EventDate {
            start: Some(first.to_string()),
            end: Some(if since { first } else { last }.to_string()),
            precision: record.precision.clone(),
            basis: Some(DateBasis::Text),
            span: Some(record.span),
            reason: format!("“{}”: {}", record.text, record.reason),
        },
        time,
    }
}

/// The day of the story told so far, else of the dateline, else of publication.
fn by_story(doc: &Doc, dates: &[DateMention], sentence: usize, s: &Sentence, time: Time) -> EventTime {
    let Some(published) = doc.published else { return undated(time, "the report has no published date") };
    let recent = |d: Date| d <= published && days_between(d, published) <= STORY_DAYS;
    let of_body = |m: &&DateMention| {
        m.sentence.is_some_and(|at| at < sentence)
            && m.sentence.and_then(|at| doc.block_kind(at)).is_some_and(|k| matches!(k, BlockKind::Paragraph))
            && m.days.is_some_and(|d| d.0 == d.1 && recent(d.0))
            && m.record.precision.as_deref() == Some("day")
            && matches!(m.record.role.as_deref(), None | Some("story"))
            && m.sentence.and_then(|at| doc.sentences.get(at)).is_some_and(|s| on_main_clause(s, m))
    };
    let dated = |day: Date, basis: DateBasis, span: Option<Span>, reason: String| EventTime {
        date: EventDate {
            start: Some(day.to_string()),
            end: Some(day.to_string()),
            precision: Some("day".to_owned()),
            basis: Some(basis),
            span,
            reason,
        },
        time,
    };
    // The news of a report has one day: the one its main clauses named last.
    if let Some((m, day)) = dates.iter().rev().find(of_body).and_then(|m| Some((m, m.days?.0))) {
        return dated(
            day,
            DateBasis::Tense,
            Some(m.record.span),
            format!("told as news; the story's day is “{}”: {}", m.record.text, m.record.reason),
        );
    }
    let dateline = dates.iter().find(|m| {
        let near = doc.blocks.iter().find(|b| b.span.contains(m.record.span));
        near.is_some_and(|b| b.kind == BlockKind::Dateline) && m.days.is_some_and(|d| d.0 == d.1 && recent(d.0))
    });
    if let Some((m, day)) = dateline.and_then(|m| Some((m, m.days?.0))) {
        return dated(day, DateBasis::Dateline, Some(m.record.span), "told as news under this dateline".to_owned());
    }
    let _ = s;
    dated(published, DateBasis::Published, None, "told as news, with no other day given: the published date".to_owned())
}

fn days_between(a: Date, b: Date) -> i32 {
    a.until(b).map_or(i32::MAX, |s| s.get_days())
}

/// The token of a mention whose governor stands outside it.
fn mention_head(s: &Sentence, m: &DateMention) -> Option<usize> {
    m.tokens.clone().find(|&t| s.tokens.get(t).is_some_and(|k| k.head == t || !m.tokens.contains(&k.head)))
}

/// Whether a time expression hangs on the root clause.
fn on_main_clause(s: &Sentence, m: &DateMention) -> bool {
    mention_head(s, m).is_some_and(|h| !std::iter::once(h).chain(s.ancestors(h)).any(|t| opens_clause(s.tokens[t].dep)))
}

/// Relations that open a clause of its own time.
fn opens_clause(dep: Dep) -> bool {
    matches!(dep.main(), "ccomp" | "advcl" | "acl" | "csubj" | "parataxis")
}

/// The nearest time expression that dates the trigger.
fn attached<'a>(s: &Sentence, dates: &'a [DateMention], query: DateQuery) -> Option<&'a DateMention> {
    let from = dates.partition_point(|m| s.tokens.first().is_some_and(|t| m.record.span.start < t.span.start));
    let end = s.tokens.last().map_or(0, |t| t.span.end);
    let mine = dates.iter().skip(from).take_while(|m| m.record.span.start < end);
    let up = upward(s, query);
    mine.filter(|m| m.sentence == Some(query.sentence) && places(m))
        .filter_map(|m| {
            let head = mention_head(s, m)?;
            // From the expression up to the first token that also stands above (or is) the trigger.
            let mut steps = 0usize;
            let mut at = head;
            loop {
                if let Some(&(_, climbed)) = up.iter().find(|(t, _)| *t == at) {
                    return Some(((steps + climbed * 2, distance(m, query.token)), m));
                }
                let token = s.tokens.get(at)?;
                // It dates another clause, or another noun than the trigger.
                // "welcomed Gorbachev's offer Saturday": the day of the offer, which is somebody's own.
                let owned = steps > 0 || !m.tokens.contains(&token.head);
                let noun = s.tokens.get(token.head).filter(|h| owned && h.upos == Upos::Noun);
                // "under a treaty of 1951": the year is the treaty's.
                let year = m.record.precision.as_deref() == Some("year");
                let of = year && steps == 0 && s.children(at).any(|c| s.tokens[c].dep == Dep::Case && s.tokens[c].lemma == "of");
                let others = noun.is_some() && token.head != query.token && (of || s.child(token.head, Dep::NmodPoss).is_some());
                if token.head == at || opens_clause(token.dep) || steps > 6 || others {
                    return None;
                }
                steps += 1;
                at = token.head;
            }
        })
        .min_by_key(|(score, _)| *score)
        .map(|(_, m)| m)
}

fn distance(m: &DateMention, token: usize) -> usize {
    m.tokens.start.abs_diff(token)
}

/// Expressions that can date an event: points, and stretches up to now.
fn places(m: &DateMention) -> bool {
    match m.record.r#type.as_str() {
        "DATE" | "TIME" => true,
        "DURATION" => m.days.is_some(),
        _ => false,
    }
}

/// The trigger and the tokens above it that share its time, with the number of steps up to each.
fn upward(s: &Sentence, query: DateQuery) -> Vec<(usize, usize)> {
    let mut all = vec![(query.token, 0)];
    if query.presupposed {
        return all;
    }
    let mut at = query.token;
    for step in 1..=5 {
        let Some(token) = s.tokens.get(at) else { break };
        if token.head == at || opens_clause(token.dep) {
            break;
        }
        at = token.head;
        all.push((at, step));
        if s.tokens.get(at).is_some_and(|t| t.upos == Upos::Verb) && s.tokens.get(query.token).is_some_and(|t| t.upos != Upos::Verb) {
            // A noun shares the time of its own clause, and of the clause that one continues.
            if !matches!(s.tokens[at].dep.main(), "conj" | "xcomp") {
                break;
            }
        }
    }
    all
}

/// Tense and standing of the trigger's clause.
fn clause_of(s: &Sentence, query: DateQuery) -> Clause {
    if query.status == Status::Planned {
        return Clause::Future;
    }
    let verb = std::iter::once(query.token)
        .chain(s.ancestors(query.token))
        .find(|&t| s.tokens[t].upos == Upos::Verb || s.children(t).any(|c| s.tokens[c].dep == Dep::Cop));
    let Some(verb) = verb else { return Clause::News };
    // A noun within a noun phrase that some clause modifies tells no news of its own.
    let mut at = query.token;
    while at != verb {
        if opens_clause(s.tokens[at].dep) {
            return Clause::Background;
        }
        at = s.tokens[at].head;
    }
    let token = &s.tokens[verb];
    let aux = |xpos: &[Xpos]| s.children(verb).any(|c| s.tokens[c].dep == Dep::Aux && xpos.contains(&s.tokens[c].xpos));
    if aux(&[Xpos::Md]) {
        return Clause::Future;
    }
    if aux(&[Xpos::Vbd]) && token.xpos == Xpos::Vbn {
        return Clause::Background;
    }
    let passive = s.children(verb).any(|c| s.tokens[c].dep == Dep::AuxPass);
    let been = s.children(verb).any(|c| s.tokens[c].xpos == Xpos::Vbn && matches!(s.tokens[c].dep, Dep::Aux | Dep::AuxPass));
    let perfect = aux(&[Xpos::Vbz, Xpos::Vbp]) && (token.xpos == Xpos::Vbn && !passive || been);
    if aux(&[Xpos::Vbz, Xpos::Vbp]) && token.xpos == Xpos::Vbg && !perfect {
        return Clause::Ongoing;
    }
    match token.dep.main() {
        "xcomp" if token.xpos == Xpos::Vb => clause_above(s, verb, query),
        "acl" => {
            if perfect {
                Clause::Perfect
            } else {
                Clause::Background
            }
        }
        "advcl" if matches!(token.xpos, Xpos::Vbd | Xpos::Vbn) => Clause::Background,
        _ if perfect => Clause::Perfect,
        _ if matches!(token.xpos, Xpos::Vbz | Xpos::Vbp) => Clause::Standing,
        _ => Clause::News,
    }
}

/// An infinitive takes the time of the verb that governs it.
fn clause_above(s: &Sentence, verb: usize, query: DateQuery) -> Clause {
    let head = s.tokens[verb].head;
    if head == verb { Clause::News } else { clause_of(s, DateQuery { token: head, ..query }) }
}
