//! What a page says of itself: JSON-LD first, then Open Graph and other `meta`, then marked elements.

use super::tree::Parsed;
use serde_json::Value;

#[derive(Debug, Default, PartialEq)]
pub(super) struct About {
    pub title: Option<String>,
    pub published: Option<String>,
    pub url: Option<String>,
    pub outlet: Option<String>,
    pub author: Option<String>,
    pub language: Option<String>,
    pub types: Vec<String>,
    pub free: Option<bool>,
}

/// Types of schema.org that are a report.
const ARTICLES: &[&str] = &[
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "OpinionNewsArticle",
    "ReviewNewsArticle",
    "BlogPosting",
    "LiveBlogPosting",
    "Report",
];
/// Steps into nested JSON-LD.
const STEPS: usize = 200;

pub(super) fn read(page: &Parsed) -> About {
    let meta = |names: &[&str]| names.iter().find_map(|n| page.metas.iter().find(|(k, v)| k == n && !v.is_empty()).map(|(_, v)| v.clone()));
    let documents: Vec<Value> = page.json.iter().filter_map(|j| json(j)).collect();
    let article = article(&documents);
    let ld = |key: &str| article.and_then(|a| a.get(key));
    let string = |v: Option<&Value>| v.and_then(Value::as_str).map(tidy).filter(|s| !s.is_empty());

    let title = string(ld("headline")).or_else(|| meta(&["og:title", "twitter:title", "dc.title"])).or_else(|| Some(page.title.clone()));
    let published = string(ld("datePublished"))
        .or_else(|| string(ld("dateCreated")))
        .or_else(|| {
            meta(&[
                "article:published_time",
                "og:article:published_time",
                "datepublished",
                "article:published",
                "parsely-pub-date",
                "sailthru.date",
                "dc.date.issued",
                "dcterms.created",
                "dcterms.date",
                "dc.date",
                "date",
                "pubdate",
                "publishdate",
                "publish-date",
                "publication_date",
                "article.published",
            ])
        })
        .filter(|d| d.bytes().filter(u8::is_ascii_digit).count() >= 6)
        .or_else(|| page.times.first().cloned());
    let url =
        meta(&["canonical", "og:url"]).or_else(|| string(ld("url"))).filter(|u| u.starts_with("http://") || u.starts_with("https://"));
    let outlet = meta(&["og:site_name", "application-name"]).or_else(|| ld("publisher").and_then(names));
    let author = ld("author")
        .and_then(names)
        .or_else(|| meta(&["author", "parsely-author", "sailthru.author", "dc.creator", "byl", "article:author", "twitter:creator"]))
        .or_else(|| (!page.authors.is_empty()).then(|| page.authors.join(", ")))
        // An address or a handle names nobody.
        .filter(|a| !a.contains("://") && !a.starts_with('@'));
    let language = page.lang.clone().or_else(|| meta(&["og:locale", "content-language"])).or_else(|| string(ld("inLanguage")));
    let outlet = outlet.map(|o| tidy(&o)).filter(|o| !o.is_empty());
    let mut types = types(&documents);
    types.extend(meta(&["og:type"]).map(|t| format!("og:{}", t.trim().to_ascii_lowercase())));
    // Some write the word and some the value.
    let free = ld("isAccessibleForFree").and_then(|v| v.as_bool().or_else(|| v.as_str()?.to_ascii_lowercase().parse().ok()));
    About {
        types,
        free,
        title: title.map(|t| headline(page, &tidy(&unescaped(&t)), outlet.as_deref())).filter(|t| !t.is_empty()),
        published,
        url,
        outlet,
        author: author.map(|a| tidy(&a)).filter(|a| !a.is_empty()),
        language: language.as_deref().and_then(primary_language),
    }
}

/// What stands between a headline and the name of the site or section.
const PARTED: [&str; 8] = [" | ", " - ", " – ", " — ", " » ", " · ", " • ", " :: "];

/// The headline in a title that also names the site: the part that the page shows as a heading, or what stands beside the outlet's name.
fn headline(page: &Parsed, title: &str, outlet: Option<&str>) -> String {
    let parts =
        || PARTED.iter().flat_map(|sep| title.match_indices(sep).map(|(at, s)| (title.split_at(at).0, title.split_at(at + s.len()).1)));
    let heading = |line: &&super::Line| matches!(page.markup.nodes.get(line.node).map(|n| n.tag), Some(super::Tag::Heading(1 | 2)));
    let shown: Vec<String> = page.markup.lines.iter().filter(heading).take(STEPS).map(|l| plain(l.span.of(&page.text))).collect();
    let is_shown = |part: &str| shown.contains(&plain(part));
    if is_shown(title) {
        return title.to_owned();
    }
    // Site names are shown as headings too, but not at such length.
    let of_page =
        parts().flat_map(|(a, b)| [a, b]).filter(|p| is_shown(p) && outlet.is_none_or(|o| plain(o) != plain(p))).max_by_key(|p| p.len());
    let beside = || {
        let outlet = plain(outlet?);
        parts().find_map(|(a, b)| if plain(b) == outlet { Some(a) } else { (plain(a) == outlet).then_some(b) })
    };
    of_page.or_else(beside).unwrap_or(title).trim().to_owned()
}

/// Letters and digits in lower case.
fn plain(s: &str) -> String {
    s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Many pages escape their metadata twice.
fn unescaped(s: &str) -> String {
    if s.contains('&') && s.contains(';') { super::tree::parse(s).text } else { s.to_owned() }
}

/// A JSON-LD script, with what pages do to it undone: raw line breaks inside strings, comments around it.
fn json(script: &str) -> Option<Value> {
    let body =
        script.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_end_matches("-->").trim_end_matches("//]]>").trim();
    serde_json::from_str(body).or_else(|_| serde_json::from_str(&body.replace(|c: char| c.is_control(), " "))).ok()
}

/// Types of the things that JSON-LD documents are about, `@graph` and lists included, each once.
fn types(documents: &[Value]) -> Vec<String> {
    let mut queue: std::collections::VecDeque<&Value> = documents.iter().collect();
    let mut found: Vec<String> = Vec::new();
    let mut left = STEPS;
    while let (Some(value), true) = (queue.pop_front(), left > 0) {
        left -= 1;
        match value {
            Value::Array(items) => queue.extend(items.iter().take(STEPS)),
            Value::Object(object) => {
                let named = match object.get("@type") {
                    Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
                    Some(t) => t.as_str().into_iter().collect(),
                    None => Vec::new(),
                };
                for name in named {
                    if !found.iter().any(|f| f == name) {
                        found.push(name.to_owned());
                    }
                }
                queue.extend(["@graph", "mainEntity"].iter().filter_map(|k| object.get(*k)));
            }
            _ => {}
        }
    }
    found
}

/// The first article among JSON-LD documents, `@graph` and lists included.
fn article(documents: &[Value]) -> Option<&Value> {
    let mut queue: std::collections::VecDeque<&Value> = documents.iter().collect();
    let mut left = STEPS;
    while let (Some(value), true) = (queue.pop_front(), left > 0) {
        left -= 1;
        match value {
            Value::Array(items) => queue.extend(items.iter().take(STEPS)),
            Value::Object(object) => {
                let is = |t: &Value| t.as_str().is_some_and(|t| ARTICLES.contains(&t));
                let found = match object.get("@type") {
                    Some(Value::Array(types)) => types.iter().any(is),
                    Some(t) => is(t),
                    None => false,
                };
                if found {
                    return Some(value);
                }
                queue.extend(["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|k| object.get(*k)));
            }
            _ => {}
        }
    }
    None
}

/// Names of a person, an organisation or a list of them.
fn names(value: &Value) -> Option<String> {
    let one = |v: &Value| match v {
        Value::String(s) => Some(tidy(s)),
        Value::Object(o) => o.get("name").and_then(Value::as_str).map(tidy),
        _ => None,
    };
    let all: Vec<String> = match value {
        Value::Array(items) => items.iter().take(20).filter_map(one).collect(),
        v => one(v).into_iter().collect(),
    };
    let all: Vec<String> = all.into_iter().filter(|s| !s.is_empty()).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Runs of white space as one space.
fn tidy(s: &str) -> String {
    s.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `en` of `en-GB`, `en_US`.
fn primary_language(tag: &str) -> Option<String> {
    let primary = tag.trim().split(['-', '_', ',', ' ']).next()?.to_ascii_lowercase();
    ((2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase())).then_some(primary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::html::tree;

    fn about(page: &str) -> About {
        read(&tree::parse(page))
    }

    #[test]
    fn json_ld_comes_first() {
        let a = about(
            r#"<html lang="en-GB"><title>T | Site</title><meta property="og:site_name" content="The Site"><meta name="author" content="https://x">
            <script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"w"},{"@type":["NewsArticle"],"headline":" A
            B","datePublished":"2024-05-21T08:30:00+02:00","author":[{"name":"Ann Lee"},{"name":"Bo Chu"}],"publisher":{"name":"P"}}]}</script>"#,
        );
        assert_eq!(
            (a.title.as_deref(), a.author.as_deref(), a.outlet.as_deref()),
            (Some("A B"), Some("Ann Lee, Bo Chu"), Some("The Site"))
        );
        assert_eq!((a.published.as_deref(), a.language.as_deref()), (Some("2024-05-21T08:30:00+02:00"), Some("en")));
    }

    #[test]
    fn the_headline_is_what_the_page_shows() {
        let title = |page: &str| about(page).title.unwrap();
        assert_eq!(title("<title>Talks go on | World | The Site</title><h1>Talks go on</h1>"), "Talks go on");
        assert_eq!(title("<title>The Site - Talks go on</title><h1>The Site</h1><h2>Talks go on</h2>"), "Talks go on");
        assert_eq!(title(r#"<title>Talks – The Site</title><meta property="og:site_name" content="The Site">"#), "Talks");
        // A dash of the headline's own stays.
        assert_eq!(title("<title>Yes - and no</title><h1>Yes - and no</h1>"), "Yes - and no");
        assert_eq!(title("<title>Yes - and no</title>"), "Yes - and no");
        assert_eq!(title(r#"<meta property="og:title" content="&amp;#8216;Yes&amp;#8217; &amp;amp; no">"#), "‘Yes’ & no");
    }

    #[test]
    fn meta_and_elements_stand_in() {
        let a = about(
            r#"<title>Only this</title><link rel=canonical href="https://a.example/b"><meta name="DC.date.issued" content="2020-01-02"><a rel=author href=/x>Ann Lee</a>"#,
        );
        assert_eq!(
            (a.title.as_deref(), a.published.as_deref(), a.url.as_deref()),
            (Some("Only this"), Some("2020-01-02"), Some("https://a.example/b"))
        );
        assert_eq!(a.author.as_deref(), Some("Ann Lee"));
        assert_eq!(about(r#"<p>x <time datetime="2020-03-04">4 March</time>"#).published.as_deref(), Some("2020-03-04"));
        assert_eq!(about("<p>nothing"), About::default());
        // Broken JSON-LD and odd types are passed over.
        assert_eq!(
            about(r#"<script type="application/ld+json">{"@type":"NewsArticle", oops</script><meta name=date content=soon>"#),
            About::default()
        );
    }
}
