//! Actor: who it is and was, whom it deals with, what it says, and what it is accused of.

use super::{parts, shell};
use crate::Result;
use crate::ask::{Parameter, Takes, address};
use crate::chart::series;
use crate::reply::Reply;
use crate::serve::Room;
use chancery::mention::actors::knowledge::about::{Card, Held};
use chancery_ledger::query::{Facet, Filter, Page, Who};
use maud::{Markup, html};

const ASKED: &[Parameter] = &[Parameter { name: "who", kind: Takes::Text, about: "A country, a code or a name" }];
const FEW: u64 = 12;

pub fn page(room: &Room<'_>) -> Result<Reply> {
    let ask = &room.ask;
    ask.check(&[ASKED, parts::PAGE])?;
    let Some(word) = ask.get("who") else {
        return choose(room);
    };
    let who = room.desk.names.one(room.ledger, word)?;
    let known = cards(room, word, &who);
    let title = known.first().map_or_else(|| room.desk.words.codes(word), |c| c.entity.clone());
    let filter = Filter { actor: vec![who.clone()], ..Filter::default() };
    let counts = parts::counts(room, &filter)?;
    match ask.get("format") {
        Some("svg") => return Ok(Reply::svg(series::draw(&title, &counts.counts), &format!("actor-{word}"))),
        Some("csv") => return Ok(Reply::csv(parts::events_csv(room, &filter)?, &format!("actor-{word}"))),
        _ => {}
    }
    let (events, next) = parts::page_of(room, &filter, parts::ROWS)?;
    let mut accused = Vec::new();
    let against = Filter { target: vec![who.clone()], types: vec!["ACCUSE".to_owned()], ..Filter::default() };
    room.ledger.events(&against, Page { newest: true, limit: Some(FEW), after: None }, |e| {
        accused.push(e.clone());
        Ok(())
    })?;
    let mut said = Vec::new();
    room.ledger.statements(&Filter { source: vec![who.clone()], ..Filter::default() }, true, Some(FEW), |s| {
        said.push(s.clone());
        Ok(())
    })?;
    let page = html! {
        h1 { (title) }
        (form(room))
        @for card in &known { (about(card)) }
        (parts::figure(series::draw(&title, &counts.counts), "Events it takes part in: cooperation above the line, conflict below it.", &counts))
        (shell::keep(room, &title, true, Some(&address("/api/v1/events", &[("actor", word)]))))
        (partners(room, &who)?)
        section aria-labelledby="says" { h2 id="says" { "What it says" } (parts::statements(&said)) }
        section aria-labelledby="accused" { h2 id="accused" { "What it is accused of" } (parts::events(&accused)) }
        section aria-labelledby="events" { h2 id="events" { "Events, the newest first" } (parts::events(&events)) (parts::more(ask, next.as_deref())) }
    };
    Ok(Reply::page(shell::page("/actor", &title, page)))
}

/// What the knowledge says of whom a word means.
fn cards(room: &Room<'_>, word: &str, who: &Who) -> Vec<Card> {
    let Some(k) = room.desk.names.knowledge() else { return Vec::new() };
    let found = k.by_code(word).into_iter().chain(k.by_name(word));
    let cards = found.filter_map(|e| k.card(e, None));
    let fits = |c: &Card| match who {
        Who::Entity(id) => c.entity_id == *id,
        Who::Country(code) => c.class == "country" && c.country.as_deref() == Some(code),
        _ => false,
    };
    cards.filter(fits).take(1).collect()
}

fn about(card: &Card) -> Markup {
    let held = |title: &str, all: &[Held]| {
        html! {
            @if !all.is_empty() {
                details open[all.len() <= 8] {
                    summary { (title) " (" (all.len()) ")" }
                    ul.columns { @for h in all { li { (h.role) @if !h.entity.is_empty() { ", " (h.entity) } " " span.dim { (h.from.as_deref().unwrap_or("")) "–" (h.to.as_deref().unwrap_or("")) } } } }
                }
            }
        }
    };
    html! {
        section.card aria-label="What is known" {
            p { (card.class) @if let Some(c) = &card.country { ", " (c) } @if let Some(s) = &card.sector { " " (s) } @if let Some(w) = &card.wikidata { ", Wikidata " (w) } }
            (held("Offices", &card.offices)) (held("Who holds its offices", &card.holders)) (held("Member of", &card.member_of)) (held("Members", &card.members))
        }
    }
}

fn partners(room: &Room<'_>, who: &Who) -> Result<Markup> {
    if let Who::Country(code) = who {
        let pairs = room.ledger.pairs(Some(code), &[], (None, None), FEW * 2)?;
        return Ok(html! {
            section aria-labelledby="partners" {
                h2 id="partners" { "Whom it deals with" }
                ul.columns {
                    @for p in &pairs {
                        @let other = if p.a == *code { &p.b } else { &p.a };
                        li { a href=(address("/dyad", &[("a", code), ("b", other)])) { (room.desk.words.country(other)) } " "
                            span.dim { (p.quads[0] + p.quads[1]) " cooperation, " (p.quads[2] + p.quads[3]) " conflict" } }
                    }
                }
            }
        });
    }
    let acts = Filter { source: vec![who.clone()], ..Filter::default() };
    let (facets, _) = room.ledger.facets(&acts, FEW as usize)?;
    let targets = Facet::ALL.iter().zip(facets).find(|(f, _)| **f == Facet::Target).map(|(_, t)| t).unwrap_or_default();
    Ok(html! {
        section aria-labelledby="partners" {
            h2 id="partners" { "Whom it acts upon" }
            @if targets.is_empty() { p.none { "Nobody by name." } }
            ul.columns { @for (codes, n) in &targets { li { (room.desk.words.codes(codes)) " " span.dim { (n) } } } }
        }
    })
}

fn form(room: &Room<'_>) -> Markup {
    html! { form.ask action="/actor" { label { "Who " input name="who" value=[room.ask.get("who")] required; } button { "Show" } } }
}

fn choose(room: &Room<'_>) -> Result<Reply> {
    let mut most: Vec<(String, i64)> = Vec::new();
    for p in room.ledger.pairs(None, &[], (None, None), 400)? {
        for code in [&p.a, &p.b] {
            match most.iter_mut().find(|m| m.0 == *code) {
                Some(m) => m.1 += p.events(),
                None => most.push((code.clone(), p.events())),
            }
        }
    }
    most.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let page = html! {
        h1 { "An actor" }
        p { "A country or its code, a sector of it (RUSMIL), or a name as records have it." }
        (form(room))
        ul.columns { @for (code, n) in most.iter().take(60) { li { a href=(address("/actor", &[("who", code)])) { (room.desk.words.country(code)) } " " span.dim { (n) } } } }
    };
    Ok(Reply::page(shell::page("/actor", "An actor", page)))
}
