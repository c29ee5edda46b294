//! The page after the events: statements, figures, dates, names, sources, what was left out, notes.

use super::actors::speaker;
use super::paint::{BOLD, DIM, SIDE, Sheet, WARN, clean, shorten};
use super::words::{Words, word};
use chancery::record::{BlockKind, Record};

pub fn statements(sheet: &mut Sheet, words: &Words, record: &Record) {
    if record.statements.is_empty() {
        return;
    }
    sheet.heading("Who said what");
    for s in &record.statements {
        let who = s.speaker.as_ref().map_or_else(|| "someone not named".to_owned(), |a| speaker(words, a));
        let cue = s.cue.as_ref().map(|c| clean(&c.text)).filter(|c| c.chars().any(char::is_alphanumeric));
        let mut how: Vec<String> = cue.into_iter().collect();
        how.extend(s.addressee.as_ref().map(|a| format!("to {}", speaker(words, a))));
        how.push(word(&words.kinds, s.kind.as_str()).to_owned());
        if !s.closed {
            how.push("the quotation is not closed".to_owned());
        }
        let how = sheet.paint(DIM, &format!("· {}", how.join(" · ")));
        let head = format!("{} {how}", sheet.paint(SIDE, &who));
        sheet.line(2, 4, &head);
        sheet.line(4, 4, &format!("“{}”", clean(&s.quote.text).trim_matches(['“', '”', '"'])));
    }
}

pub fn figures(sheet: &mut Sheet, record: &Record) {
    if record.figures.is_empty() {
        return;
    }
    sheet.heading("Figures");
    for f in &record.figures {
        let unit = f.unit.as_deref().unwrap_or("");
        let amount = format!("{}{}{unit}", grouped(f.value), if unit.is_empty() { "" } else { " " });
        let mut about: Vec<String> = Vec::new();
        about.extend(f.kind.as_deref().filter(|k| !unit.contains(k)).map(str::to_owned));
        about.extend(f.direction.clone());
        let text = sheet.paint(BOLD, &clean(&f.text));
        let of = f.of.as_deref().map(|o| format!(" of {}", shorten(o, 100))).unwrap_or_default();
        let about = if about.is_empty() { String::new() } else { format!(", {}", about.join(", ")) };
        let same = clean(&f.text) == amount;
        sheet.line(2, 4, &if same { format!("{text}{about}{of}") } else { format!("{text} = {amount}{about}{of}") });
    }
}

/// 200000000000 as "200,000,000,000"; fractions keep their digits.
fn grouped(value: f64) -> String {
    let text = format!("{value}");
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |d| ("-", d));
    let (whole, fraction) = digits.split_once('.').map_or((digits, String::new()), |(w, f)| (w, format!(".{f}")));
    if !whole.bytes().all(|b| b.is_ascii_digit()) {
        return text;
    }
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    format!("{sign}{out}{fraction}")
}

pub fn dates(sheet: &mut Sheet, words: &Words, record: &Record) {
    let mut said: Vec<String> = Vec::new();
    for d in &record.dates {
        let value = d.value.as_deref().map_or_else(|| "open".to_owned(), |v| words.date(v));
        let role = d.role.as_deref().map(|r| format!(" ({r})")).unwrap_or_default();
        let line = format!("{} = {value}{role}", clean(&d.text));
        if !said.contains(&line) {
            said.push(line);
        }
    }
    list(sheet, "Dates", &said);
}

pub fn places(sheet: &mut Sheet, words: &Words, record: &Record) {
    let mut said: Vec<String> = Vec::new();
    for p in &record.places {
        let name = clean(p.name.as_deref().unwrap_or(&p.text));
        let country = p.country.as_deref().map(|c| word(&words.countries, c)).filter(|c| *c != name);
        let line = country.map_or_else(|| name.clone(), |c| format!("{name} ({c})"));
        if !said.contains(&line) {
            said.push(line);
        }
    }
    list(sheet, "Places", &said);
}

/// Who is named, most often first.
pub fn named(sheet: &mut Sheet, record: &Record) {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for m in record.mentions.iter().map(|m| &m.actor) {
        let Some(name) = m.entity.clone().or_else(|| m.code.is_some().then(|| clean(&m.text))) else { continue };
        let name = m.code.as_ref().map_or_else(|| name.clone(), |c| format!("{name} {c}"));
        match counts.iter_mut().find(|(n, _)| *n == name) {
            Some((_, n)) => *n += 1,
            None => counts.push((name, 1)),
        }
    }
    counts.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    let said: Vec<String> = counts.into_iter().map(|(name, n)| if n == 1 { name } else { format!("{name} ×{n}") }).collect();
    list(sheet, "Who is named", &said);
}

fn list(sheet: &mut Sheet, heading: &str, items: &[String]) {
    if !items.is_empty() {
        sheet.heading(heading);
        sheet.line(2, 2, &items.join(" · "));
    }
}

pub fn sources(sheet: &mut Sheet, words: &Words, record: &Record) {
    let report = &record.report;
    if report.provenance.is_empty() && report.posts.is_empty() {
        return;
    }
    sheet.heading("Where it comes from");
    for p in &report.provenance {
        let name = p.name.as_deref().map_or_else(|| "not named".to_owned(), clean);
        sheet.line(2, 4, &format!("{} {name}", word(&words.provenance, p.role.as_str())));
    }
    for p in &report.posts {
        let mut parts = vec![format!("a post{}", p.platform.as_deref().map(|x| format!(" on {}", clean(x))).unwrap_or_default())];
        let by = [p.author.as_deref().map(clean), p.handle.as_deref().map(clean)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        if !by.is_empty() {
            parts[0].push_str(&format!(" by {by}"));
        }
        parts.extend(p.date.as_deref().map(|d| words.date(d)));
        parts.extend(p.link.as_deref().map(clean));
        sheet.line(2, 4, &parts.join(", "));
    }
}

/// Blocks that are not the report's own body.
pub fn left_out(sheet: &mut Sheet, words: &Words, record: &Record, text: &str) {
    let out = |k: BlockKind| matches!(k, BlockKind::RelatedLink | BlockKind::Boilerplate | BlockKind::Disclaimer | BlockKind::Caption);
    let blocks: Vec<_> = record.report.blocks.iter().filter(|b| out(b.kind)).collect();
    if blocks.is_empty() {
        return;
    }
    sheet.heading("Left out");
    const SHOWN: usize = 12;
    for b in blocks.iter().take(SHOWN) {
        let why = sheet.paint(DIM, &format!("({})", word(&words.blocks, b.kind.as_str())));
        sheet.line(2, 4, &format!("“{}” {why}", shorten(b.span.of(text), 70)));
    }
    if blocks.len() > SHOWN {
        sheet.line(2, 4, &format!("and {} more", blocks.len() - SHOWN));
    }
}

pub fn notes(sheet: &mut Sheet, record: &Record) {
    if record.diagnostics.is_empty() {
        return;
    }
    sheet.heading("Notes");
    for d in &record.diagnostics {
        let code = sheet.paint(WARN, &d.code);
        sheet.line(2, 4, &format!("{code} {}", clean(&d.message)));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn figures_are_grouped() {
        assert_eq!(super::grouped(2e11), "200,000,000,000");
        assert_eq!(super::grouped(-1234.5), "-1,234.5");
        assert_eq!(super::grouped(25.0), "25");
    }
}
