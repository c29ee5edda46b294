//! Web pages: the visible text of the whole page in document order, what the page says of itself (title, author,
//! date, address, outlet, language), and the structure that [`crate::layout`] tells body from furniture by.

mod guard;
mod meta;
mod tree;

pub use tree::{Line, Link, Markup, Node, Tag};

use super::{Hints, cut, note_empty, refuse_binary, source};
use crate::error::Result;
use crate::model::Report;
use crate::record::SourceInfo;

/// Bytes in which a page must declare its charset, with some patience.
const CHARSET_WITHIN: usize = 4096;

/// A report of one page. E0201 where the bytes are no text. Linear in time whatever the nesting.
pub fn html(bytes: &[u8], hints: &Hints) -> Result<Report> {
    refuse_binary(bytes, &hints.name)?;
    let declared = hints.charset.clone().or_else(|| declared_charset(bytes));
    let mut diagnostics = Vec::new();
    let (page, encoding) = super::text::decode(bytes, declared.as_deref(), hints.max_report_bytes, &mut diagnostics);
    let mut report = decoded(page, |_, encoding| source(bytes, "text/html", encoding), &encoding, hints);
    report.diagnostics.splice(0..0, diagnostics);
    Ok(report)
}

/// A report of a page already decoded; `source` describes its bytes.
pub(super) fn decoded(mut page: String, source: impl Fn(&[u8], &str) -> SourceInfo, encoding: &str, hints: &Hints) -> Report {
    let source = source(page.as_bytes(), encoding);
    let mut diagnostics = Vec::new();
    cut(&mut page, hints.max_report_bytes, &mut diagnostics);
    let mut parsed = tree::parse(&guard::bounded(&page));
    note_empty(&parsed.text, &mut diagnostics);
    let about = meta::read(&parsed);
    parsed.markup.types = about.types;
    parsed.markup.free = about.free;
    Report {
        text: parsed.text,
        title: about.title,
        published: about.published,
        url: about.url,
        outlet: about.outlet,
        author: about.author,
        language: about.language,
        source,
        markup: Some(Box::new(parsed.markup)),
        diagnostics,
        ..Report::default()
    }
}

/// The charset in `<meta charset>`, `<meta http-equiv>` or an XML declaration.
fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head: String = bytes.iter().take(CHARSET_WITHIN).map(|b| char::from(*b).to_ascii_lowercase()).collect();
    let xml = head.trim_start().strip_prefix("<?xml").and_then(|d| d.split_once("?>")).and_then(|(d, _)| d.split_once("encoding"));
    let in_meta = || head.split("<meta").skip(1).find_map(|m| m.split_once('>').map_or(m, |(m, _)| m).split_once("charset"));
    let (_, label) = xml.or_else(in_meta)?;
    let label = label.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let label: String = label.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')).collect();
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> Report {
        html(page.as_bytes(), &Hints::default()).unwrap()
    }

    #[test]
    fn charset_is_found_where_pages_declare_it() {
        for page in [
            r#"<?xml version="1.0" encoding="ISO-8859-2"?><html>"#,
            r#"<html><head><meta charset='iso-8859-2'>"#,
            r#"<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=ISO-8859-2">"#,
        ] {
            assert_eq!(declared_charset(page.as_bytes()).as_deref(), Some("iso-8859-2"), "{page}");
        }
        assert_eq!(declared_charset(b"<p>the charset=x is no declaration"), None);
        let page = b"<meta charset=windows-1251><p>\xcc\xee\xf1\xea\xe2\xe0";
        let report = html(page, &Hints::default()).unwrap();
        assert_eq!((report.text.as_str(), report.source.encoding.as_str()), ("Москва", "windows-1251"));
    }

    #[test]
    fn deep_nesting_and_broken_markup_are_read() {
        let deep = format!("{}deep{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert_eq!(read(&deep).text, "deep");
        let inline = format!("{}deep", "<b><i>".repeat(100_000));
        assert_eq!(read(&inline).text, "deep");
        let lists = "<ul><li>x".repeat(50_000);
        assert!(read(&lists).text.starts_with("x\n"));
        let tables = "<table><tr><td>x".repeat(50_000);
        assert!(read(&tables).text.contains('x'));
        assert_eq!(read("<p>a<p>b</div></p></span>c").text, "a\n\nb\n\nc");
        assert_eq!(read("</html>< p>a &amp b &nosuch; &#x41;<").text, "< p>a & b &nosuch; A<");
        assert_eq!(read("").diagnostics[0].code, "W0204");
    }

    #[test]
    fn a_tag_of_very_many_attributes_costs_no_more_than_its_length() {
        let many: String = (0..300_000).map(|i| format!(" a{i}=1")).collect();
        assert_eq!(read(&format!("<p{many}>text")).text, "text");
    }

    #[test]
    fn a_page_on_one_long_line_is_read_in_linear_time() {
        let page = format!("<p>{}", "word ".repeat(1_000_000));
        assert_eq!(read(&page).text.len(), 4_999_999);
    }
}
