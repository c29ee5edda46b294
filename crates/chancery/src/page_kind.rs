//! What a web page is: an article, or a list of them, a live page, a gallery, a stub before a paywall, an error page. The cues are
//! `data/pages.toml`; how much of a page is prose and how much links comes from its layout.

use crate::data::{DataFiles, line_of, toml_file};
use crate::error::{Error, Result};
use crate::model::Report;
use crate::record::{Block, BlockKind, Diagnostic, PageKind};
use serde::Deserialize;
use toml::Spanned;

/// Words that a line of links must have to be a headline.
const HEADLINE: usize = 4;

/// The cues of all kinds, in the order in which they are asked.
#[derive(Debug, Default)]
pub struct PageKinds {
    kinds: Vec<Cue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    kind: Vec<Spanned<Cue>>,
}

/// When a page is of one kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cue {
    kind: PageKind,
    /// Types of schema.org, and `og:type` values as "og:website", that say so.
    #[serde(default)]
    types: Vec<String>,
    /// Types of a page that is none of this kind, whatever else it shows.
    #[serde(default)]
    unless: Vec<String>,
    /// Phrases that the title begins with.
    #[serde(default)]
    title: Vec<String>,
    /// Phrases anywhere on the page.
    #[serde(default)]
    text: Vec<String>,
    /// It says of itself that not everybody may read it.
    #[serde(default)]
    closed: bool,
    /// Lines that are links and read as headlines, and times as many as there are paragraphs.
    headlines: Option<usize>,
    /// Captions of pictures.
    captions: Option<usize>,
    /// Most characters of prose; of a page with more, types and words say nothing.
    most: Option<usize>,
    examples: Vec<Sample>,
    not: Vec<Sample>,
}

/// A page in short, for examples.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Sample {
    title: String,
    text: String,
    types: Vec<String>,
    free: Option<bool>,
    headlines: usize,
    captions: usize,
    /// Characters of prose; as many as the text has where it is not given.
    prose: Option<usize>,
    paragraphs: usize,
}

impl Sample {
    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            title: folded(&self.title),
            text: folded(&self.text),
            types: &self.types,
            free: self.free,
            headlines: self.headlines,
            captions: self.captions,
            prose: self.prose.unwrap_or(self.text.chars().count()),
            paragraphs: self.paragraphs,
        }
    }
}

/// What is known of a page.
#[derive(Debug)]
struct Evidence<'a> {
    title: String,
    text: String,
    types: &'a [String],
    free: Option<bool>,
    headlines: usize,
    captions: usize,
    prose: usize,
    paragraphs: usize,
}

impl PageKinds {
    /// Loads `pages.toml`. E0102 for what is no TOML or no field, E0110 for a cue that asks for nothing.
    pub fn load(files: &DataFiles) -> Result<Self> {
        let kinds = read(files)?.into_iter().map(|(_, cue)| cue).collect();
        Ok(PageKinds { kinds })
    }

    /// What of `pages.toml` does not hold: examples that are not of their kind, and those that must not be.
    pub fn problems(files: &DataFiles) -> Vec<Error> {
        let cues = match read(files) {
            Ok(cues) => cues,
            Err(e) => return vec![e],
        };
        let told = |s: &Sample| cues.iter().find_map(|(_, c)| c.says(&s.evidence()).map(|_| c.kind)).unwrap_or(PageKind::Article);
        let wrong = |place: &str, cue: &Cue, s: &Sample, found: PageKind| {
            let what = format!(
                "{:?} is taken for {}, not {}",
                if s.title.is_empty() { &s.text } else { &s.title },
                found.as_str(),
                cue.kind.as_str()
            );
            Error::new("E0141", what, place, "mend the cue or the example")
        };
        let mut out = Vec::new();
        for (place, cue) in &cues {
            out.extend(cue.examples.iter().map(|s| (s, told(s))).filter(|(_, k)| *k != cue.kind).map(|(s, k)| wrong(place, cue, s, k)));
            let misled = cue.not.iter().filter(|s| told(s) == cue.kind);
            out.extend(
                misled.map(|s| Error::new("E0141", format!("{:?} is taken for {}", s.title, cue.kind.as_str()), place, "narrow the cue")),
            );
        }
        out
    }

    /// What a page is; nothing of a report that is no page. A page that is no article is noted (W0205).
    pub fn of(&self, report: &Report, blocks: &[Block], notes: &mut Vec<Diagnostic>) -> Option<PageKind> {
        let page = report.markup.as_deref()?;
        let text = report.text.as_str();
        let prose: Vec<&Block> = blocks.iter().filter(|b| b.kind == BlockKind::Paragraph).collect();
        let headline =
            |l: &&crate::input::html::Line| l.linked * 10 > l.span.len() * 9 && l.span.of(text).split_whitespace().count() >= HEADLINE;
        let evidence = Evidence {
            title: folded(report.title.as_deref().unwrap_or("")),
            text: folded(text),
            types: &page.types,
            free: page.free,
            headlines: page.lines.iter().filter(headline).count(),
            captions: blocks.iter().filter(|b| b.kind == BlockKind::Caption).count(),
            prose: prose.iter().map(|b| b.span.of(text).chars().count()).sum(),
            paragraphs: prose.len(),
        };
        let found = self.kinds.iter().find_map(|c| c.says(&evidence).map(|why| (c.kind, why)));
        let (kind, why) = found.unwrap_or((PageKind::Article, String::new()));
        if kind != PageKind::Article {
            notes.push(Diagnostic::new(
                "W0205",
                format!("the page is no article but of kind {}: {why}; it is read as it stands", kind.as_str()),
                None,
            ));
        }
        Some(kind)
    }
}

fn read(files: &DataFiles) -> Result<Vec<(String, Cue)>> {
    let path = "pages.toml";
    let text = files.get(path)?;
    let raw: Raw = toml_file(path, text)?;
    raw.kind
        .into_iter()
        .map(|cue| {
            let place = format!("data/{path}, line {}", line_of(text, cue.span().start));
            let mut cue = cue.into_inner();
            let words = cue.title.iter_mut().chain(&mut cue.text);
            words.for_each(|w| *w = folded(w));
            let asks = !(cue.types.is_empty() && cue.title.is_empty() && cue.text.is_empty())
                || cue.closed
                || cue.headlines.is_some()
                || cue.captions.is_some();
            if !asks || cue.examples.is_empty() || cue.not.is_empty() {
                return Err(Error::new(
                    "E0110",
                    format!("the cue for {} asks for nothing, or has no example or counter-example", cue.kind.as_str()),
                    place,
                    "give types, title, text, closed, headlines or captions, and examples and not",
                ));
            }
            Ok((place, cue))
        })
        .collect()
}

impl Cue {
    /// Why a page is of this kind.
    fn says(&self, e: &Evidence<'_>) -> Option<String> {
        if self.most.is_some_and(|most| e.prose > most) || e.types.iter().any(|t| self.unless.contains(t)) {
            return None;
        }
        let own = |t: &&String| self.types.contains(t);
        if let Some(t) = e.types.iter().find(own) {
            return Some(format!("it calls itself {t}"));
        }
        if let Some(phrase) = self.title.iter().find(|p| begins(&e.title, p)) {
            return Some(format!("its title begins with “{phrase}”"));
        }
        if let Some(phrase) = self.text.iter().find(|p| e.text.contains(p.as_str())) {
            return Some(format!("it says “{phrase}”"));
        }
        if self.closed && e.free == Some(false) {
            return Some("it says that not everybody may read all of it".to_owned());
        }
        let many = |least: Option<usize>, n: usize| least.is_some_and(|least| n >= least && n > e.paragraphs);
        if many(self.headlines, e.headlines) {
            return Some(format!("{} of its lines are links with a headline, and {} are paragraphs", e.headlines, e.paragraphs));
        }
        many(self.captions, e.captions).then(|| format!("{} captions and {} paragraphs", e.captions, e.paragraphs))
    }
}

/// Whether a text begins with a phrase, and that ends with a word.
fn begins(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// In lower case, with plain apostrophes and single spaces.
fn folded(text: &str) -> String {
    let plain: String = text.to_lowercase().chars().map(|c| if c == '’' { '\'' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_hold() {
        assert_eq!(PageKinds::problems(&DataFiles::builtin()), []);
    }

    #[test]
    fn a_cue_without_counter_example_says_where() {
        let mut files = DataFiles::builtin();
        let cue = "[[kind]]\nkind = \"error\"\ntitle = [\"Oh no\"]\nexamples = [{ title = \"Oh no\" }]\nnot = []\n";
        files.insert("pages.toml", cue.to_owned());
        let e = PageKinds::load(&files).unwrap_err();
        assert!(e.code == "E0110" && e.place.contains("pages.toml, line 1"), "{e}");
    }
}
