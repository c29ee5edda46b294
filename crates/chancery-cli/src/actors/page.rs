//! An answer as a page to read.

use super::Answer;
use chancery::mention::actors::knowledge::about::{Card, Held};
use jiff::civil::Date;
use std::fmt::Write;

/// At most so many lines of a list that is not asked of a day.
const LONGEST: usize = 60;

pub fn answer(out: &mut String, a: &Answer, date: Option<Date>) {
    let title = a.known.as_ref().map_or(a.who, |c| &c.entity);
    let _ = writeln!(out, "{title}");
    for why in &a.why {
        line(out, "why", why);
    }
    if let Some(x) = &a.actor {
        line(out, "reads as", &code(x.country.as_deref(), x.sector.as_deref(), x.office.as_deref()));
        if let (Some(entity), None) = (&x.entity, &a.known) {
            line(out, "entity", entity);
        }
    }
    if let Some(c) = &a.known {
        card(out, c, date);
    }
    if let Some(v) = &a.outlet {
        let o = &v.outlet;
        line(out, "outlet", &format!("{} of {}, in {}", o.kind, o.country, o.languages.join(", ")));
        line(out, "control", if v.state_controlled { "a government runs it or owns most of it" } else { "no government's" });
        line(out, "addresses", &o.domains.join(", "));
    }
    out.push('\n');
}

fn card(out: &mut String, c: &Card, date: Option<Date>) {
    line(out, "id", &format!("{} ({})", c.entity_id, c.class));
    let on = date.map_or("code".to_owned(), |d| format!("on {d}"));
    line(out, &on, &code(c.country.as_deref(), c.sector.as_deref(), c.office.as_deref()));
    if let Some(s) = &c.state {
        let n = |n: Option<u16>| n.map_or("–".to_owned(), |n| n.to_string());
        line(out, "codes", &format!("ISO {}, COW {}, Gleditsch-Ward {}", s.iso, n(s.cow), n(s.gw)));
        if let Some(b) = &s.before {
            line(out, "before", b);
        }
        line(out, "regions", &s.regions.join(", "));
    }
    if c.since.is_some() || c.until.is_some() {
        line(out, "exists", &period(c.since.as_deref(), c.until.as_deref()));
    }
    if let Some(w) = &c.wikidata {
        line(out, "wikidata", w);
    }
    let names = c.names.iter().map(|n| {
        let mut marks = Vec::new();
        marks.extend((n.form != "name").then_some(n.form));
        marks.extend(n.exact.then_some("as written"));
        marks.extend(n.weak.then_some("with its country only"));
        if marks.is_empty() { n.name.clone() } else { format!("{} ({})", n.name, marks.join(", ")) }
    });
    line(out, "names", &names.collect::<Vec<_>>().join("; "));
    list(out, "offices", &c.offices, date.is_some());
    list(out, "holders", &c.holders, date.is_some());
    list(out, "member of", &c.member_of, date.is_some());
    list(out, "members", &c.members, date.is_some());
    line(out, "from", &c.source);
}

/// A list over time; on a day, only what holds then, but of persons also what they were.
fn list(out: &mut String, label: &str, all: &[Held], dated: bool) {
    let keep = |h: &&Held| !dated || label == "offices" || h.held == Some(true);
    let shown: Vec<&Held> = all.iter().filter(keep).collect();
    for (i, h) in shown.iter().take(LONGEST).enumerate() {
        let now = if label == "offices" && h.held == Some(true) { "  ← then" } else { "" };
        let text = format!("{}, {}{}{now}", h.role, h.entity, dates(h));
        line(out, if i == 0 { label } else { "" }, &text);
    }
    if shown.len() > LONGEST {
        line(out, "", &format!("and {} more: ask with --date, or with --format jsonl", shown.len() - LONGEST));
    }
}

fn dates(h: &Held) -> String {
    match (&h.from, &h.to) {
        (None, None) => String::new(),
        (from, to) => format!(", {}", period(from.as_deref(), to.as_deref())),
    }
}

fn period(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(f), Some(t)) => format!("{f} to {t}"),
        (Some(f), None) => format!("since {f}"),
        (None, Some(t)) => format!("until {t}"),
        (None, None) => String::new(),
    }
}

fn code(country: Option<&str>, sector: Option<&str>, office: Option<&str>) -> String {
    let mut text = format!("country {}, sector {}", country.unwrap_or("–"), sector.unwrap_or("–"));
    if let Some(o) = office {
        let _ = write!(text, ", {o}");
    }
    text
}

fn line(out: &mut String, label: &str, text: &str) {
    if !text.is_empty() {
        let _ = writeln!(out, "  {label:<13}  {text}");
    }
}
