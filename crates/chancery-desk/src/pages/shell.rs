//! What stands around every page.

use crate::serve::Room;
use maud::{DOCTYPE, Markup, html};

/// Path and name of what the top of the page leads to.
const PLACES: &[(&str, &str)] = &[
    ("/", "Today"),
    ("/search", "Search"),
    ("/dyad", "Dyad"),
    ("/actor", "Actor"),
    ("/happenings", "Happenings"),
    ("/network", "Network"),
    ("/map", "Map"),
    ("/paste", "Read a text"),
    ("/data", "Data"),
];

/// A page: `here` is the path of the place it belongs to.
pub fn page(here: &str, title: &str, main: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Chancery" }
                link rel="stylesheet" href="/desk.css";
                link rel="icon" href="/icon.svg" type="image/svg+xml";
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header {
                    a.name href="/" { "Chancery" }
                    nav aria-label="Pages" {
                        ul { @for (path, name) in PLACES { li { a href=(path) aria-current=[(*path == here).then_some("page")] { (name) } } } }
                    }
                    form role="search" action="/search" {
                        label.hidden for="quick" { "Search reports" }
                        input id="quick" type="search" name="text" placeholder="Words or \"a phrase\"";
                        button { "Search" }
                    }
                }
                main id="main" tabindex="-1" { (main) }
                footer { p { "Chancery " (env!("CARGO_PKG_VERSION")) " · " a href="/data" { "where these numbers come from" } " · " a href="/api/v1/openapi.json" { "API" } } }
            }
        }
    }
}

/// Files of the view, and how it is cited.
pub fn keep(room: &Room<'_>, title: &str, svg: bool, api: Option<&str>) -> Markup {
    let ask = &room.ask;
    let address = ask.with(&[("format", None), ("cursor", ask.get("cursor"))]);
    let coder = room.ledger.newest_coder().ok().flatten();
    html! {
        aside.keep aria-label="Keep this view" {
            a href=(ask.with(&[("format", Some("csv"))])) { "CSV" }
            @if svg { a href=(ask.with(&[("format", Some("svg"))])) { "SVG" } }
            @if let Some(api) = api { a href=(api) { "JSON" } }
            details {
                summary { "Cite this view" }
                p { "Chancery " (env!("CARGO_PKG_VERSION")) ", “" (title) "”, ledger as it stands"
                    @if let Some((version, data)) = &coder { ", read by coder " (version) " with data " code { (data.get(..12).unwrap_or(data)) } }
                    @if let Ok(Some((from, to))) = room.ledger.published_days() { ", reports published " (from) " to " (to) }
                    ". View: " code { (address) }
                }
            }
        }
    }
}
