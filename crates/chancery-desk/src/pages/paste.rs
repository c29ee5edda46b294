//! A text pasted by a visitor: read, shown, forgotten.

use super::report::{self, marks};
use super::shell;
use crate::guard::{forged, same};
use crate::pool::Desk;
use crate::reply::{Reply, failed};
use crate::serve::Room;
use crate::words::Words;
use crate::{Error, Result};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, Request, State};
use axum::response::Response;
use chancery::model::Report;
use chancery::record::{Actor, Event};
use chancery::{Options, Record};
use maud::{Markup, html};
use std::sync::Arc;
use std::time::Duration;

/// Longest form in bytes, as it is encoded on the way.
pub const BODY: usize = 2 * 1024 * 1024;
/// For a form to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);

pub fn page(room: &Room<'_>) -> Result<Reply> {
    room.ask.check(&[])?;
    let page = html! {
        h1 { "Read a text" }
        p { "Paste a report to see its record. Nothing of it is kept or sent anywhere." }
        (form(room.desk, "", ""))
    };
    Ok(Reply::page(shell::page("/paste", "Read a text", page)))
}

fn form(desk: &Desk, text: &str, published: &str) -> Markup {
    html! {
        form.ask method="post" action="/paste" {
            input type="hidden" name="token" value=(desk.form_token());
            label.whole { "The report " textarea name="text" required { (text) } }
            label { "Published " input type="date" name="published" value=(published); }
            button { "Read" }
        }
    }
}

pub async fn read(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let form = tokio::time::timeout(ARRIVAL, Form::<Vec<(String, String)>>::from_request(request, &())).await;
    let given = match form {
        Ok(Ok(Form(given))) => given,
        Ok(Err(FormRejection::BytesRejection(_))) => {
            return failed(&Error::new("E0608", "this text is too long", "", "use `chancery read` for it"), false);
        }
        _ => return failed(&Error::new("E0601", "this form cannot be read", "", "send it from the page of the desk"), false),
    };
    let field = |name: &str| given.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str());
    if !same(field("token"), &desk.form_token()) {
        return failed(&forged(), false);
    }
    let (text, published) = (field("text").to_owned(), field("published").to_owned());
    let answer = desk.ask(None, move |desk, _| {
        let given = Some(published.clone()).filter(|p| !p.is_empty());
        let record = desk.coder()?.read(Report { text: text.clone(), published: given, ..Report::default() }, &Options::default());
        Ok(Reply::page(shell::page("/paste", "A text, read", shown(desk, &record, &text, &published))))
    });
    answer.await.map_or_else(|e| failed(&e, false), Reply::send)
}

fn shown(desk: &Desk, record: &Record, text: &str, published: &str) -> Markup {
    html! {
        h1 { "A text, read" }
        (marks::legend())
        div.beside {
            section aria-label="Text" { (marks::text(&desk.words, record)) }
            section aria-labelledby="events" { h2 id="events" { (record.events.len()) " events" } @for e in &record.events { (event(&desk.words, e)) } }
        }
        (report::said(record))
        (report::notes(record))
        details { summary { "The record" } pre { (serde_json::to_string_pretty(record).unwrap_or_default()) } }
        details { summary { "Another text" } (form(desk, text, published)) }
    }
}

fn event(words: &Words, e: &Event) -> Markup {
    let name = |a: &Actor| a.entity.clone().or_else(|| a.code.as_ref().map(|c| words.codes(c))).unwrap_or_else(|| a.text.clone());
    let side = |all: &[Actor]| if all.is_empty() { "nobody named".to_owned() } else { all.iter().map(name).collect::<Vec<_>>().join(", ") };
    html! {
        article.event id={ "event-" (e.id) } tabindex="-1" {
            h3 { a href={ "#at-" (e.id) } { "“" (e.trigger.text) "”" } " " span class={ "quad q" (e.quad) } { (e.r#type.as_str().to_lowercase()) @if let Some(m) = &e.mode { ": " (m.replace('_', " ")) } } }
            p { (side(&e.source)) @if e.reciprocal { " together" } @else { " → " (side(&e.target)) } ", " span class={ "status " (e.status.as_str()) } { (e.status.as_str()) }
                ", " (e.date.start.as_deref().unwrap_or("undated")) @if let Some(p) = &e.place.name { ", " (p) } }
            @for a in &e.attributions { p.dim { (name(&a.actor)) " " (a.stance.as_str()) " it" } }
            details { summary { "Why" } dl {
                dt { "Rule" } dd { (e.rule) ", confidence " (format!("{:.3}", e.confidence)) }
                dt { "CAMEO" } dd { (e.cameo) }
                @if !e.date.reason.is_empty() { dt { "Day" } dd { (e.date.reason) } }
                @if !e.place.reason.is_empty() { dt { "Place" } dd { (e.place.reason) } }
            } }
        }
    }
}
