//! Cue words of all languages, compiled: which lines are furniture by what they say, and by which words credits,
//! datelines and posts are known.

use super::shape::ends_sentence;
use crate::data::{DataFiles, toml_file};
use crate::error::{Error, Result};
use crate::record::{BlockKind, ProvenanceRole, Span};
use regex::{Regex, RegexSet};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Words a line may have to be looked at for cues at all.
const MOST_WORDS: usize = 95;
/// Bytes of a line that cues look at.
const LOOK: usize = 900;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    months: Vec<Vec<String>>,
    weekdays: Vec<String>,
    stamps: Vec<String>,
    tools: Vec<String>,
    fillers: Vec<String>,
    finite: Vec<String>,
    not_places: Vec<String>,
    hanging: Vec<String>,
    media: Media,
    cue: Vec<CueEntry>,
    credit: Vec<CreditEntry>,
    #[serde(default)]
    platform: Vec<PlatformEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Media {
    nouns: Vec<String>,
    reporting: Vec<String>,
    before: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CueEntry {
    kind: BlockKind,
    when: Option<When>,
    #[serde(default)]
    words: Vec<String>,
    pattern: Option<String>,
    #[serde(default = "twelve")]
    most: usize,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    list: bool,
    yes: Vec<String>,
    no: Vec<String>,
}

fn twelve() -> usize {
    12
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum When {
    Is,
    Starts,
    Ends,
    Has,
}

/// Where a credit is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Place {
    Credits,
    Body,
    Any,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CreditEntry {
    role: ProvenanceRole,
    place: Place,
    pattern: String,
    #[serde(default)]
    several: bool,
    yes: Vec<(String, String)>,
    no: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlatformEntry {
    name: String,
    hosts: Vec<String>,
    signature: Option<String>,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

#[derive(Debug)]
struct Cue {
    kind: BlockKind,
    most: usize,
    open: bool,
    list: bool,
}

/// A compiled pattern of a credit.
#[derive(Debug)]
pub(crate) struct Credit {
    pub role: ProvenanceRole,
    pub place: Place,
    /// What stands right before the name, and right behind it.
    before: Regex,
    after: Option<Regex>,
    pub several: bool,
}

/// A social network.
#[derive(Debug)]
pub(crate) struct Platform {
    pub name: String,
    pub signature: Option<Regex>,
}

/// All cues.
#[derive(Debug)]
pub(crate) struct Cues {
    cues: Vec<Cue>,
    /// On the line in lower case, and on the line as it is; patterns index `low_of`, `raw_of`.
    low: RegexSet,
    raw: RegexSet,
    low_of: Vec<usize>,
    raw_of: Vec<usize>,
    months: BTreeMap<String, i8>,
    stamps: BTreeSet<String>,
    tools: BTreeSet<String>,
    fillers: BTreeSet<String>,
    finite: BTreeSet<String>,
    not_places: BTreeSet<String>,
    hanging: BTreeSet<String>,
    pub credits: Vec<Credit>,
    pub platforms: Vec<Platform>,
    /// Post links; its group `host` is the host.
    pub link: Regex,
    hosts: BTreeMap<String, usize>,
    /// Phrases before and after the name of an outlet that say it is quoted.
    pub quoted_before: Regex,
    pub quoted_after: Regex,
    sign_offs: BTreeSet<String>,
}

/// What stands for {name} in patterns of cues: capitalised words. Credits find names by [`name`] instead.
const NAME: &str = r"\p{Lu}[^\s,;|]*(?: \p{Lu}[^\s,;|]*)*";

impl Cues {
    /// Loads every `lang/*/layout.toml` and the outlets' names. E0110 where an entry of a caller's file fails its own
    /// examples; those of the files this build was made with are run by a test, not at every start.
    pub fn load(files: &DataFiles) -> Result<Cues> {
        let ours = Self::paths(files).all(|(path, _)| files.is_ours(path));
        let (cues, builder) = Self::compile(files)?;
        if !ours {
            builder.check(&cues)?;
        }
        Ok(cues)
    }

    /// Loads them and runs every example.
    #[cfg(test)]
    pub fn checked(files: &DataFiles) -> Result<()> {
        let (cues, builder) = Self::compile(files)?;
        builder.check(&cues)
    }

    fn paths(files: &DataFiles) -> impl Iterator<Item = (&str, &str)> {
        files.under("lang/").filter(|(p, _)| p.ends_with("/layout.toml"))
    }

    fn compile(files: &DataFiles) -> Result<(Cues, Builder)> {
        let mut b = Builder::default();
        for (path, contents) in Self::paths(files) {
            b.add(path, toml_file(path, contents)?)?;
        }
        Ok((b.build(files)?, b))
    }

    /// The kind that a line gives away by its words, of any length of line.
    pub fn line(&self, line: &str) -> Option<BlockKind> {
        self.matched(line).map(|(kind, _)| kind)
    }
    /// Whether the line heads a list of related links.
    pub fn heads_list(&self, line: &str) -> bool {
        self.matched(line).is_some_and(|(_, list)| list)
    }

    fn matched(&self, line: &str) -> Option<(BlockKind, bool)> {
        let line = line.trim();
        let head = line.get(..line.floor_char_boundary(LOOK)).unwrap_or(line);
        let words = head.split_whitespace().take(MOST_WORDS + 1).count();
        if words > MOST_WORDS || head.len() < line.len() {
            return None;
        }
        let low = head.to_lowercase();
        let ended = ends_sentence(head);
        let found = self.low.matches(&low).into_iter().filter_map(|i| self.low_of.get(i));
        let found = found.chain(self.raw.matches(head).into_iter().filter_map(|i| self.raw_of.get(i)));
        // The order of the file decides between several.
        let cue = found.copied().filter(|&c| self.cues.get(c).is_some_and(|c| words <= c.most && !(c.open && ended))).min();
        match cue.and_then(|c| self.cues.get(c)) {
            Some(cue) => Some((cue.kind, cue.list)),
            None => (words <= 16 && self.furniture(head)).then_some((BlockKind::Boilerplate, false)),
        }
    }

    /// Whether even hard-wrapped prose cannot have this as one of its lines.
    pub fn stands_alone(&self, line: &str) -> bool {
        let line = line.trim();
        self.furniture(line) || line.split_whitespace().count() <= 4
    }

    /// Date stamps, buttons and rules: lines of such words, numbers and marks alone.
    fn furniture(&self, line: &str) -> bool {
        let mut told = false;
        let mut letters = false;
        for word in line.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| w.chars().any(char::is_alphanumeric)) {
            let word = word.trim_matches('-').to_lowercase();
            letters |= word.chars().any(char::is_alphabetic);
            if self.tools.contains(&word) || self.stamps.contains(&word) || self.months.contains_key(&word) {
                told = true;
            } else if word.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                // A number alone is a page or a rank; with nothing else it tells too.
                told |= !letters;
            } else if word.strip_suffix(['t', 'z', 'h', 's']).is_some_and(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit()))
                || ordinal(&word)
            {
            } else if !self.fillers.contains(&word) {
                return false;
            }
        }
        told || !line.chars().any(char::is_alphanumeric)
    }

    /// Whether a line holds a date or time and nothing but what goes with them.
    pub fn is_stamp(&self, line: &str) -> bool {
        let words = |w: &str| w.to_lowercase();
        line.chars().any(|c| c.is_ascii_digit())
            && line.len() <= 120
            && line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(|w| {
                self.months.contains_key(&words(w))
                    || self.stamps.contains(&words(w))
                    || self.fillers.contains(&words(w))
                    || w.starts_with(|c: char| c.is_ascii_digit())
            })
    }

    /// 1 to 12 for the name of a month.
    pub fn month(&self, word: &str) -> Option<i8> {
        // Weekdays share the map under 0.
        self.months.get(&word.to_lowercase()).copied().filter(|m| *m > 0)
    }
    /// Whether the word goes with dates: month, weekday, "published".
    pub fn is_stamp_word(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.months.contains_key(&word) || self.stamps.contains(&word)
    }
    pub fn is_finite(&self, word: &str) -> bool {
        word.len() <= 12 && self.finite.contains(&word.to_lowercase())
    }
    /// Whether a line that ends with the word goes on.
    pub fn hangs(&self, word: &str) -> bool {
        word.len() <= 5 && word.chars().all(char::is_lowercase) && self.hanging.contains(word)
    }
    pub fn is_no_place(&self, word: &str) -> bool {
        self.not_places.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
    }

    /// Whether the line starts with the signature of an embedded post.
    pub fn is_signature(&self, line: &str) -> bool {
        self.signature(line).is_some()
    }
    /// Platform and captures of the post signature that the line starts with.
    pub fn signature<'a>(&self, line: &'a str) -> Option<(&Platform, regex::Captures<'a>)> {
        if !line.starts_with(['—', '–', '-']) && !line.starts_with(|c: char| c.is_uppercase()) {
            return None;
        }
        self.platforms.iter().find_map(|p| Some((p, p.signature.as_ref()?.captures(line)?)))
    }
    /// The network a link's host belongs to.
    pub fn platform(&self, host: &str) -> Option<&Platform> {
        self.hosts.get(&host.to_lowercase()).and_then(|&i| self.platforms.get(i))
    }

    /// Where the sign-off of an agency begins at the end of a paragraph ("… 1985. Reuter").
    pub fn sign_off(&self, paragraph: &str) -> Option<usize> {
        let (body, last) = paragraph.trim_end().rsplit_once(char::is_whitespace)?;
        (self.sign_offs.contains(last) && ends_sentence(body)).then(|| body.trim_end().len())
    }
}

fn ordinal(word: &str) -> bool {
    ["st", "nd", "rd", "th", "am", "pm"]
        .iter()
        .any(|o| word.strip_suffix(o).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
}

#[derive(Default)]
struct Builder {
    cues: Vec<(String, CueEntry)>,
    low: Vec<String>,
    raw: Vec<String>,
    low_of: Vec<usize>,
    raw_of: Vec<usize>,
    months: BTreeMap<String, i8>,
    stamps: BTreeSet<String>,
    tools: BTreeSet<String>,
    fillers: BTreeSet<String>,
    finite: BTreeSet<String>,
    not_places: BTreeSet<String>,
    hanging: BTreeSet<String>,
    credits: Vec<(String, CreditEntry, Regex, Option<Regex>)>,
    platforms: Vec<(String, PlatformEntry, Option<Regex>)>,
    before: Vec<String>,
    after: Vec<String>,
}

impl Builder {
    fn add(&mut self, path: &str, file: File) -> Result<()> {
        for (names, number) in file.months.iter().zip(1i8..) {
            self.months.extend(names.iter().map(|n| (n.clone(), number)));
        }
        self.months.extend(file.weekdays.iter().map(|d| (d.clone(), 0)));
        self.stamps.extend(file.stamps);
        self.tools.extend(file.tools);
        self.fillers.extend(file.fillers);
        self.finite.extend(file.finite);
        self.not_places.extend(file.not_places);
        self.hanging.extend(file.hanging);
        let fill = |pattern: &str| {
            pattern
                .replace("{name}", NAME)
                .replace("{media}", &alternatives(&file.media.nouns))
                .replace("{report}", &alternatives(&file.media.reporting))
        };
        for (i, entry) in file.cue.into_iter().enumerate() {
            let number = self.cues.len();
            match (&entry.pattern, entry.when) {
                (Some(pattern), None) => {
                    let pattern = fill(pattern);
                    self.raw.push(pattern);
                    self.raw_of.push(number);
                }
                (None, Some(when)) if !entry.words.is_empty() => {
                    self.low.push(phrases(&entry.words, when));
                    self.low_of.push(number);
                }
                _ => return Err(bad(path, "cue", i, "an entry has `when` and `words`, or `pattern`", "give one of the two")),
            }
            self.cues.push((format!("data/{path}, [[cue]] {}", i + 1), entry));
        }
        for (i, entry) in file.credit.into_iter().enumerate() {
            let Some((before, after)) = entry.pattern.split_once("{name}") else {
                return Err(bad(path, "credit", i, "the pattern has no {name}", "write {name} where the name stands"));
            };
            let before = compile(path, "credit", i, &fill(before))?;
            let after = (!after.is_empty()).then(|| compile(path, "credit", i, &format!("^(?:{})", fill(after)))).transpose()?;
            self.credits.push((format!("data/{path}, [[credit]] {}", i + 1), entry, before, after));
        }
        for (i, entry) in file.platform.into_iter().enumerate() {
            let signature = entry.signature.as_deref().map(|s| compile(path, "platform", i, &fill(s))).transpose()?;
            self.platforms.push((format!("data/{path}, [[platform]] {}", i + 1), entry, signature));
        }
        self.before.extend(file.media.before);
        self.after.extend(file.media.reporting);
        Ok(())
    }

    fn build(&mut self, files: &DataFiles) -> Result<Cues> {
        // Compiled together; singly only to say which one is wrong.
        let set = |patterns: &[String], of: &[usize]| {
            RegexSet::new(patterns).map_err(|all| {
                let wrong = patterns.iter().zip(of).find_map(|(p, &cue)| Some((Regex::new(p).err()?, self.cues.get(cue)?)));
                wrong.map_or_else(|| no_pattern("data/lang", &all), |(e, (place, _))| no_pattern(place, &e))
            })
        };
        let one = |pattern: String| Regex::new(&pattern).map_err(|e| Error::new("E0110", e.to_string(), "data/lang", "mend the words"));
        let hosts: BTreeMap<String, usize> =
            self.platforms.iter().enumerate().flat_map(|(i, (_, p, _))| p.hosts.iter().map(move |h| (h.clone(), i))).collect();
        let all: Vec<String> = hosts.keys().map(|h| regex::escape(h)).collect();
        let agencies =
            crate::provenance::outlets(files)?.into_iter().filter(|o| o.is_agency()).flat_map(|o| o.names).filter(|n| !n.contains(' '));
        let cues = Cues {
            low: set(&self.low, &self.low_of)?,
            raw: set(&self.raw, &self.raw_of)?,
            low_of: std::mem::take(&mut self.low_of),
            raw_of: std::mem::take(&mut self.raw_of),
            cues: self.cues.iter().map(|(_, c)| Cue { kind: c.kind, most: c.most, open: c.open, list: c.list }).collect(),
            months: std::mem::take(&mut self.months),
            stamps: std::mem::take(&mut self.stamps),
            tools: std::mem::take(&mut self.tools),
            fillers: std::mem::take(&mut self.fillers),
            finite: std::mem::take(&mut self.finite),
            not_places: std::mem::take(&mut self.not_places),
            hanging: std::mem::take(&mut self.hanging),
            credits: self
                .credits
                .iter()
                .map(|(_, c, b, a)| Credit { role: c.role, place: c.place, before: b.clone(), after: a.clone(), several: c.several })
                .collect(),
            platforms: self.platforms.iter().map(|(_, p, s)| Platform { name: p.name.clone(), signature: s.clone() }).collect(),
            link: one(format!(r"(?:https?://)?(?-u:\b)(?P<host>(?:www\.)?(?:{}))/[^\s<>()“”]+", all.join("|")))?,
            hosts,
            quoted_before: one(format!(r"(?i)(?-u:\b)(?:{})$", alternatives(&self.before)))?,
            quoted_after: one(format!(
                r"^,? (?:(?:also|later|earlier|first|has|had|newspaper|news agency|agency|television|radio) )?(?:{})(?-u:\b)",
                alternatives(&self.after)
            ))?,
            sign_offs: agencies.collect(),
        };
        Ok(cues)
    }
}

impl Cues {
    /// Whether cue `i` alone matches.
    fn cue_matches(&self, i: usize, line: &str) -> bool {
        let words = line.split_whitespace().count();
        let Some(cue) = self.cues.get(i) else { return false };
        let low = self.low.matches(&line.trim().to_lowercase()).into_iter().any(|m| self.low_of.get(m) == Some(&i));
        let raw = self.raw.matches(line.trim()).into_iter().any(|m| self.raw_of.get(m) == Some(&i));
        (low || raw) && words <= cue.most && !(cue.open && ends_sentence(line))
    }
}

impl Cues {
    /// Place of the first name (or list of names) that a credit finds from `from` on, and where to look further.
    pub fn name_in(credit: &Credit, text: &str, from: usize) -> Option<(Span, usize)> {
        credit.before.find_iter(text.get(from..)?).find_map(|found| {
            let start = from + found.end();
            let end = start + name(text.get(start..)?, credit.several)?;
            let fits = credit.after.as_ref().is_none_or(|a| text.get(end..).is_some_and(|rest| a.is_match(rest)));
            fits.then(|| (name_span(text, start, end), end))
        })
    }
}

/// Length of the proper name that `text` starts with: capitalised words, small ones between them, numbers in names. With
/// `several`, further names after commas and "and".
fn name(text: &str, several: bool) -> Option<usize> {
    const MOST: usize = 160;
    let text = text.get(..text.floor_char_boundary(MOST))?;
    let word = |at: usize| {
        let rest = text.get(at..)?;
        let len = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '&' | '.' | '-' | '@'))).unwrap_or(rest.len());
        let w = rest.get(..len).filter(|w| !w.is_empty())?;
        Some((w, at + len))
    };
    let proper = |w: &str| {
        let mut chars = w.chars();
        match chars.next() {
            Some(c) if c.is_uppercase() => true,
            // "20 Minutos", "24sata": a number only with letters in capitals or behind it.
            Some(c) if c.is_ascii_digit() => w.chars().any(char::is_uppercase),
            // "dpa", "teleSUR": small first, capitals within.
            Some(_) => w.chars().skip(1).any(char::is_uppercase),
            None => false,
        }
    };
    let (first, mut end) = word(0)?;
    if !proper(first) {
        return None;
    }
    let mut at = end;
    let mut initial = first.chars().count() <= 2;
    loop {
        // A stop ends the name, but for an initial's.
        if text.get(..end).is_some_and(|t| t.ends_with('.')) && !initial {
            break;
        }
        let Some(rest) = text.get(at..) else { break };
        let joined = [", and ", " and ", ", ", " & ", "/"].iter().find(|j| rest.starts_with(**j)).filter(|_| several);
        let mut next = match joined {
            Some(join) => at + join.len(),
            None if rest.starts_with(' ') => at + 1,
            None => break,
        };
        // Small words inside a name: "Folha de S.Paulo", "Voice of America".
        let mut small = 0;
        while let Some((w, after)) = word(next).filter(|(w, _)| joined.is_none() && small < 2 && SMALL.contains(w)) {
            let _ = w;
            next = after + 1;
            small += 1;
        }
        match word(next) {
            Some((w, after)) if proper(w) => {
                initial = w.chars().count() <= 2;
                (at, end) = (after, after);
            }
            _ => break,
        }
    }
    Some(end)
}

/// Words written small inside names, in the languages of the outlets we know.
const SMALL: &[&str] = &[
    "of", "the", "de", "del", "della", "des", "du", "da", "do", "dos", "la", "las", "le", "les", "el", "los", "al", "van", "von", "der",
    "bin", "y", "e", "für", "och",
];

/// A name without the stop that ends the sentence (initials and short forms keep theirs inside).
pub(crate) fn name_span(text: &str, start: usize, end: usize) -> Span {
    let name = text.get(start..end).unwrap_or("");
    let bare = name.trim_end_matches(['.', '-', '\'', '’', '&', ' ']);
    Span::new(start, start + bare.len())
}

impl Builder {
    /// Runs the entries' own examples; the error names every one that fails.
    fn check(&self, cues: &Cues) -> Result<()> {
        let mut failed: Vec<(String, String)> = Vec::new();
        let mut test = |place: &str, line: &str, should: bool, does: bool| {
            if should != does {
                failed.push((place.to_owned(), format!("the example {line:?} should {}match", if should { "" } else { "not " })));
            }
        };
        for (i, (place, entry)) in self.cues.iter().enumerate() {
            entry.yes.iter().for_each(|line| test(place, line, true, cues.cue_matches(i, line)));
            entry.no.iter().for_each(|line| test(place, line, false, cues.cue_matches(i, line)));
        }
        for ((place, entry, ..), credit) in self.credits.iter().zip(&cues.credits) {
            for (text, name) in &entry.yes {
                let names =
                    Cues::name_in(credit, text, 0).map(|(s, _)| crate::provenance::split_names(text, s, entry.several)).unwrap_or_default();
                let gives: Vec<&str> = names.iter().map(|s| s.of(text)).collect();
                test(place, &format!("{text} → {name}; it gives {gives:?}"), true, gives.contains(&name.as_str()));
            }
            entry.no.iter().for_each(|text| test(place, text, false, Cues::name_in(credit, text, 0).is_some()));
        }
        for (place, entry, signature) in &self.platforms {
            let does = |line: &String| signature.as_ref().is_some_and(|s| s.is_match(line));
            entry.yes.iter().for_each(|line| test(place, line, true, does(line)));
            entry.no.iter().for_each(|line| test(place, line, false, does(line)));
        }
        let Some((place, what)) = failed.first() else { return Ok(()) };
        let more: Vec<String> = failed.iter().skip(1).map(|(p, w)| format!("{p}: {w}")).collect();
        let what = if more.is_empty() { what.clone() } else { format!("{what} (and {}: {})", more.len(), more.join("; ")) };
        Err(Error::new("E0110", what, place.as_str(), "mend the words or the example"))
    }
}

fn bad(path: &str, table: &str, i: usize, what: &str, remedy: &str) -> Error {
    Error::new("E0110", what, format!("data/{path}, [[{table}]] {}", i + 1), remedy)
}

fn compile(path: &str, table: &str, i: usize, pattern: &str) -> Result<Regex> {
    Regex::new(pattern).map_err(|e| no_pattern(&format!("data/{path}, [[{table}]] {}", i + 1), &e))
}

fn no_pattern(place: &str, e: &regex::Error) -> Error {
    Error::new("E0110", format!("the pattern is no regular expression: {e}"), place, "mend the pattern")
}

/// Phrases as alternatives, the longest first.
fn alternatives(words: &[String]) -> String {
    let mut sorted: Vec<&String> = words.iter().collect();
    sorted.sort_by_key(|w| (std::cmp::Reverse(w.len()), (*w).clone()));
    sorted.iter().map(|w| regex::escape(w)).collect::<Vec<_>>().join("|")
}

/// The pattern of phrases on a line in lower case. `#` is a number, `*` a word.
fn phrases(words: &[String], when: When) -> String {
    let all: Vec<String> = words
        .iter()
        .map(|w| {
            let mut p = regex::escape(w).replace(r"\#", r"[0-9][0-9.,:]*").replace(r"\*", r"\S+");
            // A word's end is a word's end.
            if w.ends_with(char::is_alphanumeric) && when != When::Is {
                p += r"(?-u:\b)";
            }
            if w.starts_with(char::is_alphanumeric) && matches!(when, When::Has | When::Ends) {
                p = format!(r"(?-u:\b){p}");
            }
            p
        })
        .collect();
    let all = all.join("|");
    match when {
        When::Is => format!(r"^[ \t\[(«»›>•*|–—-]*(?:{all})[ \t.:!…»›>|*)\]–—-]*$"),
        When::Starts => format!(r"^[ \t>•*|»\[\]–—-]*(?:{all})"),
        When::Ends => format!(r"(?:{all})[ \t.!)\]]*$"),
        When::Has => format!("(?:{all})"),
    }
}
