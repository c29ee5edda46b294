//! The date grammar of a language: `data/lang/*/dates.toml`, checked and compiled.

use super::frame::{CLASSES, Frame, MORE_CLASSES, With, class_value};
use crate::data::{DataFiles, toml_file};
use crate::error::{Error, Result};
use crate::mention::atoms::{Atom, AtomKind};
use crate::mention::numbers::NumberWords;
use crate::mention::opening::{Linker, Opening, Parts};
use crate::mention::pattern::{Capture, Compiler, Lexicon, Node};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Atoms that a match may reach over, numbers in words included.
const REACH: usize = 24;

/// What a rule's expression is; see the head of `dates.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Date,
    Unit,
    Shift,
    Window,
    Duration,
    Set,
    Time,
    Ref,
}

/// When a holiday falls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HolidayDate {
    /// Month and day.
    Fixed(i8, i8),
    /// Month, weekday (1 = Monday), which one (-1 the last), days after it.
    Weekday(i8, i8, i8, i16),
    /// Days after Easter Sunday.
    Easter(i16),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    examples_published: String,
    future_words: Vec<String>,
    past_words: Vec<String>,
    #[serde(default)]
    future_endings: Vec<String>,
    #[serde(default)]
    past_endings: Vec<String>,
    #[serde(default)]
    role: BTreeMap<Role, Vec<String>>,
    not_plural: Vec<String>,
    plural_words: Vec<String>,
    year_before: Vec<String>,
    year_strong: Vec<String>,
    joiners: Joiners,
    class: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    part: Vec<PartEntry>,
    rule: Vec<RuleEntry>,
    holiday: Vec<HolidayEntry>,
}

/// What an expression with a word such as "since" before it is to the stretch of time that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Since,
    After,
    Before,
    Until,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::Since => "since",
            Role::After => "after",
            Role::Before => "before",
            Role::Until => "until",
        }
    }
}

/// Words and marks between the two ends of a range, and between items of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Joiners {
    range: Vec<String>,
    list: Vec<String>,
    between: Vec<String>,
    and: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartEntry {
    name: String,
    pattern: String,
    #[serde(default)]
    with: Option<With>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    name: String,
    kind: Kind,
    pattern: String,
    #[serde(default)]
    with: Option<With>,
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    not_before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    not_after: Vec<String>,
    #[serde(default)]
    guard: Option<Guard>,
    #[serde(default)]
    examples: Vec<[String; 3]>,
    #[serde(default)]
    not: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayEntry {
    name: Vec<String>,
    date: String,
}

/// Shapes that need a closer look than words beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guard {
    /// Four digits that are a year rather than a count.
    Year,
    /// A time of day rather than a score or a ratio.
    Clock,
    /// A year and month in digits rather than two years ("2007-08").
    Month,
    /// Digits with an ending: "the 21st", not "the second".
    Digits,
}

/// What may stand beside a match.
#[derive(Debug, Default)]
pub struct Look {
    words: Vec<u32>,
    number: bool,
    plural: bool,
    capital: bool,
    lower: bool,
    mark: bool,
    start: bool,
    hyphen: bool,
    ing: bool,
}

#[derive(Debug)]
pub struct Rule {
    pub name: String,
    pub kind: Kind,
    pub node: Node,
    /// What it says whatever it matches.
    pub constants: Frame,
    /// What can stand second in a match.
    pub second: Opening,
    /// The bit of the set of words that it needs one of; 0 where it needs none.
    pub need: u64,
    pub before: Option<Look>,
    pub not_before: Option<Look>,
    pub after: Option<Look>,
    pub not_after: Option<Look>,
    pub guard: Option<Guard>,
}

/// Numbers of the words the code itself asks for.
#[derive(Debug, Default)]
pub struct Words {
    pub future: Vec<u32>,
    pub past: Vec<u32>,
    /// How verbs end in those tenses, where words are not known one by one.
    pub future_endings: Vec<String>,
    pub past_endings: Vec<String>,
    /// Words before an expression that make it an end of an open stretch; longest first, last word first.
    pub roles: Vec<(Vec<u32>, Role)>,
    pub not_plural: Vec<u32>,
    pub plural: Vec<u32>,
    pub year_before: Vec<u32>,
    pub year_strong: Vec<u32>,
    pub range: Vec<u32>,
    pub list: Vec<u32>,
    pub between: Vec<u32>,
    pub and: Vec<u32>,
}

/// A text that must or must not be read in a certain way: an entry's own test.
#[derive(Debug)]
pub struct Example {
    pub rule: usize,
    pub text: String,
    /// The expression and its value; None where the rule must not match.
    pub expect: Option<(String, String)>,
}

/// Compiled date grammar.
#[derive(Debug, Default)]
pub struct DateGrammar {
    pub(super) lexicon: Lexicon,
    pub(super) parts: Parts,
    pub(super) withs: Vec<With>,
    pub(super) rules: Vec<Rule>,
    pub(super) by_word: Vec<Vec<u16>>,
    pub(super) by_digits: Vec<u16>,
    /// By word: a bit for each set of words that some rule needs one of.
    needs_of_word: Vec<u64>,
    needs_of_digits: u64,
    pub(super) holidays: Vec<HolidayDate>,
    pub(super) words: Words,
    pub examples: Vec<Example>,
    pub examples_published: String,
}

impl DateGrammar {
    /// Compiles the grammar of a language; E0102 and E0103 name the entry that is wrong.
    pub fn load(files: &DataFiles, lang: &str) -> Result<Self> {
        let (dates, numbers) = (format!("lang/{lang}/dates.toml"), format!("lang/{lang}/numbers.toml"));
        let numbers: crate::mention::figures::NumbersFile = toml_file(&numbers, files.get(&numbers)?)?;
        Self::compile(toml_file(&dates, files.get(&dates)?)?, &numbers.words).map_err(|e| match e.code {
            "E0103" => Error { place: format!("data/{dates}, {}", e.place), ..e },
            _ => e,
        })
    }

    fn compile(file: File, numbers: &NumberWords) -> Result<Self> {
        let mut g = DateGrammar { lexicon: Lexicon::new(numbers), examples_published: file.examples_published, ..DateGrammar::default() };
        for name in CLASSES.iter().chain(&MORE_CLASSES) {
            g.lexicon.class(name);
        }
        for (name, entries) in &file.class {
            let class = g.lexicon.find_class(name).ok_or_else(|| fault(&format!("[class.{name}]"), "there is no such class"))?;
            for (key, words) in entries {
                let value = class_value(name, key)
                    .ok_or_else(|| fault(&format!("[class.{name}]"), &format!("`{key}` is not one of its values")))?;
                words.iter().for_each(|w| g.lexicon.add(class, w, value));
            }
        }
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for name in file.part.iter().map(|p| p.name.as_str()).chain(["holiday"]) {
            let next = names.len();
            names.entry(name.to_owned()).or_insert(next);
        }
        g.parts.patterns = vec![Vec::new(); names.len()];
        for entry in file.part {
            let node = g.node(&entry.pattern, entry.with, &names).map_err(|e| fault(&format!("part `{}`", entry.name), &e))?;
            g.parts.patterns[names[&entry.name]].push(node);
        }
        for entry in file.holiday {
            let place = format!("holiday `{}`", entry.name.first().map_or("", String::as_str));
            let date = holiday_date(&entry.date)
                .ok_or_else(|| fault(&place, &format!("`{}` is not MM-DD, MM-WEEKDAY-NTH or easter+N", entry.date)))?;
            g.holidays.push(date);
            for name in &entry.name {
                let with = With { holiday: Some((g.holidays.len() - 1) as u16), ..With::default() };
                let node = g.node(name, Some(with), &names).map_err(|e| fault(&place, &e))?;
                g.parts.patterns[names["holiday"]].push(node);
            }
        }
        for entry in file.rule {
            g.rule(entry, &names)?;
        }
        let mut roles: Vec<(Vec<u32>, Role)> = Vec::new();
        for (role, phrases) in &file.role {
            roles.extend(phrases.iter().map(|p| (p.split_whitespace().rev().map(|w| g.lexicon.intern(w)).collect(), *role)));
        }
        roles.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        let mut list = |words: &[String]| words.iter().map(|w| g.lexicon.intern(w)).collect();
        g.words = Words {
            future: list(&file.future_words),
            past: list(&file.past_words),
            future_endings: file.future_endings,
            past_endings: file.past_endings,
            roles,
            not_plural: list(&file.not_plural),
            plural: list(&file.plural_words),
            year_before: list(&file.year_before),
            year_strong: list(&file.year_strong),
            range: list(&file.joiners.range),
            list: list(&file.joiners.list),
            between: list(&file.joiners.between),
            and: list(&file.joiners.and),
        };
        g.index();
        Ok(g)
    }

    fn node(&mut self, pattern: &str, with: Option<With>, names: &BTreeMap<String, usize>) -> std::result::Result<Node, String> {
        let node = Compiler { lexicon: &mut self.lexicon, parts: names }.compile(pattern)?;
        Ok(match with {
            None => node,
            Some(with) => {
                self.withs.push(with);
                Node::With(self.withs.len() - 1, Box::new(node))
            }
        })
    }

    fn rule(&mut self, entry: RuleEntry, names: &BTreeMap<String, usize>) -> Result<()> {
        let place = format!("rule `{}`", entry.name);
        if self.rules.iter().any(|r| r.name == entry.name) {
            return Err(fault(&place, "there is another rule of that name"));
        }
        let node = self.node(&entry.pattern, None, names).map_err(|e| fault(&place, &e))?;
        let mut constants = Frame::default();
        if let Some(with) = &entry.with {
            constants.apply(with);
        }
        let number = self.rules.len();
        self.examples.extend(entry.examples.into_iter().map(|[text, span, value]| Example {
            rule: number,
            text,
            expect: Some((span, value)),
        }));
        self.examples.extend(entry.not.into_iter().map(|text| Example { rule: number, text, expect: None }));
        let rule = Rule {
            node,
            constants,
            need: 0,
            second: Opening::default(),
            kind: entry.kind,
            before: self.look(&entry.before),
            not_before: self.look(&entry.not_before),
            after: self.look(&entry.after),
            not_after: self.look(&entry.not_after),
            guard: entry.guard,
            name: entry.name,
        };
        self.rules.push(rule);
        Ok(())
    }

    fn look(&mut self, list: &[String]) -> Option<Look> {
        if list.is_empty() {
            return None;
        }
        let mut look = Look::default();
        for word in list {
            match word.as_str() {
                "NUMBER" => look.number = true,
                "PLURAL" => look.plural = true,
                "CAPITAL" => look.capital = true,
                "LOWER" => look.lower = true,
                "MARK" => look.mark = true,
                "START" => look.start = true,
                "ING" => look.ing = true,
                "HYPHEN" => look.hyphen = true,
                w => look.words.push(self.lexicon.intern(w)),
            }
        }
        Some(look)
    }

    /// Which rules can begin at which word, and which words each cannot do without.
    fn index(&mut self) {
        let linker = Linker::new(&self.lexicon, &self.parts);
        self.by_word = vec![Vec::new(); self.lexicon.len()];
        self.needs_of_word = vec![0; self.lexicon.len()];
        let mut needs: Vec<Opening> = Vec::new();
        for (i, rule) in self.rules.iter_mut().enumerate() {
            let opening = linker.opening(&rule.node);
            for (w, rules) in self.by_word.iter_mut().enumerate().filter(|(w, _)| opening.has(*w as u32)) {
                debug_assert!(w < u32::MAX as usize);
                rules.push(i as u16);
            }
            if opening.digits() {
                self.by_digits.push(i as u16);
            }
            rule.second = linker.second_of(&rule.node);
            let Some(need) = linker.need(&rule.node) else { continue };
            let known = needs.iter().position(|n| *n == need).or_else(|| {
                needs.push(need);
                Some(needs.len() - 1)
            });
            // As many sets as there are bits; rules beyond are always tried.
            rule.need = known.filter(|n| *n < 64).map_or(0, |n| 1 << n);
        }
        for (n, need) in needs.iter().enumerate().take(64) {
            for (w, mask) in self.needs_of_word.iter_mut().enumerate() {
                *mask |= u64::from(need.has(w as u32)) << n;
            }
            self.needs_of_digits |= u64::from(need.digits()) << n;
        }
        linker.link_parts(&mut self.parts);
        self.rules.iter_mut().for_each(|r| linker.link(&mut r.node));
    }

    /// Which of the rules' needs the atoms from `at` on meet, as far as a match may reach.
    pub(super) fn met(&self, atoms: &[Atom], at: usize) -> u64 {
        let of = |a: &Atom| {
            let digits = if a.kind == AtomKind::Digits { self.needs_of_digits } else { 0 };
            digits | self.needs_of_word.get(a.word as usize).copied().unwrap_or(0)
        };
        let reach = atoms.get(at..).unwrap_or(&[]).iter().take(REACH);
        reach.enumerate().take_while(|(i, a)| *i == 0 || !a.fresh).fold(0, |met, (_, a)| met | of(a))
    }

    /// Whether `look` accepts the atom at `at` (None: there is nothing).
    pub(super) fn sees(&self, look: &Look, atom: Option<&Atom>, text: &str) -> bool {
        let Some(atom) = atom else { return look.start || look.mark };
        if look.words.contains(&atom.word) {
            return true;
        }
        match atom.kind {
            AtomKind::Digits => look.number,
            AtomKind::Mark => look.mark || (look.hyphen && !atom.spaced && atom.text(text) == "-"),
            AtomKind::Word => {
                (look.ing && atom.text(text).ends_with("ing"))
                    || (look.capital && atom.capital)
                    || (look.lower && !atom.capital)
                    || (look.plural && self.plural(atom, text))
                    || (look.number && self.number_word(atom))
            }
        }
    }

    fn number_word(&self, atom: &Atom) -> bool {
        use crate::mention::numbers::NumWord::{Cardinal, Scale};
        self.lexicon.numbers.get(atom.word as usize).is_some_and(|w| w.iter().any(|n| matches!(n, Cardinal(_) | Scale(_))))
    }

    /// A plural noun by its look.
    pub(super) fn plural(&self, atom: &Atom, text: &str) -> bool {
        let word = atom.text(text);
        if self.words.plural.contains(&atom.word) {
            return true;
        }
        atom.kind == AtomKind::Word
            && !atom.capital
            && word.len() > 3
            && word.ends_with('s')
            && !word.ends_with("ss")
            && !word.ends_with("ous")
            && !self.words.not_plural.contains(&atom.word)
    }
}

fn fault(place: &str, what: &str) -> Error {
    Error::new("E0103", what, place, "mend the entry; the file's head comment lists its fields")
}

/// "12-25", "11-4-4", "11-4-4+1", "easter-2".
fn holiday_date(text: &str) -> Option<HolidayDate> {
    if let Some(rest) = text.strip_prefix("easter") {
        return Some(HolidayDate::Easter(rest.parse().ok()?));
    }
    let (text, plus) = match text.split_once('+') {
        Some((t, p)) => (t, p.parse().ok()?),
        None => (text, 0),
    };
    let (month, rest) = text.split_once('-')?;
    let month: i8 = month.parse().ok().filter(|m| (1..=12).contains(m))?;
    match rest.split_once('-') {
        None => Some(HolidayDate::Fixed(month, rest.parse().ok().filter(|d| (1..=31).contains(d))?)),
        Some((dow, nth)) => {
            let dow = dow.parse().ok().filter(|d| (1..=7).contains(d))?;
            Some(HolidayDate::Weekday(month, dow, nth.parse().ok().filter(|n: &i8| *n != 0 && n.abs() <= 5)?, plus))
        }
    }
}
