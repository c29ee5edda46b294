//! Embedded posts of social networks in plain text: the words, the author line under them, the date under that.

use super::cues::Cues;
use super::{Unit, stamp, trimmed};
use crate::record::{BlockKind, Post, Span};

/// Longest text that is taken for a post, in bytes.
const LONGEST: usize = 2500;

/// Marks the units of posts and gives the posts. A unit that holds words and signature of one is split.
pub(super) fn find(text: &str, units: &mut Vec<Unit>, cues: &Cues) -> Vec<Post> {
    split_signatures(text, units, cues);
    let mut posts = Vec::new();
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        let shown = unit.span.of(text);
        if let Some(signed) = Signed::read(shown, cues) {
            // A date of its own may follow.
            let mut date = signed.date.clone();
            let mut after = at + 1;
            if date.is_none()
                && let Some(next) = units.get(after)
                && cues.is_stamp(next.span.of(text))
                && let Some(found) = first_date(next.span.of(text), cues)
            {
                date = Some(found);
                after += 1;
            }
            let words = at.checked_sub(1).and_then(|i| units.get(i)).filter(|u| is_content(text, u));
            if let Some(words) = words.map(|u| u.span) {
                let link = link(words.of(text), cues).map(|(l, _)| l).or(signed.link.clone());
                posts.push(Post {
                    platform: Some(signed.platform.clone()),
                    author: signed.author.clone(),
                    handle: signed.handle.clone(),
                    date,
                    link,
                    span: words,
                });
                if let Some(unit) = at.checked_sub(1).and_then(|i| units.get_mut(i)) {
                    unit.kind = Some(BlockKind::Post);
                }
            }
            units.iter_mut().take(after).skip(at).for_each(|u| u.kind = Some(BlockKind::Post));
            at = after;
            continue;
        }
        at += 1;
    }
    // A picture link of a network stands only in its posts: words with one are a post even without a signature.
    for unit in units.iter_mut().filter(|u| u.kind.is_none()) {
        let shown = unit.span.of(text);
        if shown.len() <= LONGEST
            && let Some((link, platform)) = link(shown, cues)
            && link.starts_with("pic.")
        {
            unit.kind = Some(BlockKind::Post);
            posts.push(Post { platform: Some(platform), link: Some(link), span: unit.span, ..Post::default() });
        }
    }
    posts
}

/// What an author line says.
pub(super) struct Signed {
    pub platform: String,
    pub author: Option<String>,
    pub handle: Option<String>,
    pub date: Option<String>,
    pub link: Option<String>,
}

impl Signed {
    /// Reads a line that starts with a post's signature and holds little more than it.
    pub fn read(line: &str, cues: &Cues) -> Option<Signed> {
        let (platform, found) = cues.signature(line)?;
        let end = found.get(0)?.end();
        let rest = line.get(end..).unwrap_or("");
        let link = link(rest, cues).map(|(l, _)| l);
        // Nothing but a date and a link may follow.
        let left = link
            .as_deref()
            .and_then(|l| rest.split_once(l))
            .map_or_else(|| rest.to_owned(), |(a, b)| a.trim_end_matches("https://").to_owned() + b);
        if rest.len() > 200 || !(left.trim().is_empty() || cues.is_stamp(&left)) {
            return None;
        }
        let author = found
            .name("author")
            .map(|a| a.as_str().trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')' | '!')).to_owned())
            .filter(|a| !a.is_empty());
        let handle = found.name("handle").map(|h| h.as_str().to_owned());
        Some(Signed { platform: platform.name.clone(), author, handle, date: first_date(rest, cues), link })
    }
}

/// Splits "…words — Author (@handle) May 21, 2024" into words and signature.
fn split_signatures(text: &str, units: &mut Vec<Unit>, cues: &Cues) {
    let at = |unit: &Unit| {
        let shown = unit.span.of(text);
        if shown.len() > LONGEST || !shown.contains('@') || cues.is_signature(shown) {
            return None;
        }
        shown.match_indices(['—', '–']).map(|(d, _)| d).rfind(|&d| shown.get(d..).is_some_and(|s| Signed::read(s, cues).is_some()))
    };
    let mut out = Vec::with_capacity(units.len());
    for unit in units.drain(..) {
        match at(&unit) {
            None => out.push(unit),
            Some(dash) => {
                let words = trimmed(text, Span::new(unit.span.start, unit.span.start + dash));
                if !words.is_empty() {
                    out.push(Unit { span: words, kind: None, apart: unit.apart });
                }
                out.push(Unit { span: Span::new(unit.span.start + dash, unit.span.end), kind: None, apart: false });
            }
        }
    }
    *units = out;
}

fn is_content(text: &str, unit: &Unit) -> bool {
    matches!(unit.kind, None | Some(BlockKind::Post)) && unit.span.len() <= LONGEST && unit.span.of(text).contains(char::is_alphabetic)
}

/// The first link to a network in `text`, and which network.
pub(super) fn link(text: &str, cues: &Cues) -> Option<(String, String)> {
    let found = cues.link.captures(text)?;
    let host = found.name("host")?.as_str();
    let platform = cues.platform(host).or_else(|| cues.platform(host.trim_start_matches("www.")))?;
    let link = found.get(0)?.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?', '”', '"', '\'']);
    Some((link.to_owned(), platform.name.clone()))
}

/// The first date with a year in `text`, as ISO.
pub(super) fn first_date(text: &str, cues: &Cues) -> Option<String> {
    stamp::find(text, cues).iter().find_map(|s| s.year.and(s.resolve(None))).map(|d| d.to_string())
}
