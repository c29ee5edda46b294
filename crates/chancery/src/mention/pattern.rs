//! Patterns of the date and figure grammars: compiled from `data/lang/*/*.toml`, matched on atoms.
//!
//! ```text
//! word , /        a word in lower case, or a mark, as it stands
//! {class}         a word of a class; its value is captured under the class's name
//! ^{class}        the same, and it must begin with a capital
//! <part>          a named part of the grammar
//! @<part>         the same, its captures kept apart (the date that "two days after" counts from)
//! ( a | b c )     one of these
//! x?              x or nothing
//! ~x              x without white space before it
//! ```

use super::atoms::{Atom, AtomKind};
use super::numbers::{NumWord, Number, NumberWords, Numbers};
pub use super::opening::{Opening, Parts};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

/// Classes that are shapes rather than word lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Cardinal number, words or digits.
    Count,
    /// Ordinal number, words or digits.
    Ordinal,
    /// Day of a month: 1 to 31 in digits, or an ordinal up to 31.
    Day,
    /// A cardinal in words up to 31, or a day as above.
    DayWords,
    /// 1 to 12 in digits.
    MonthNumber,
    /// A year of four digits.
    Year,
    /// A year in words.
    YearWords,
    /// Three or four digits (years before our era).
    LongAgo,
    /// Two digits.
    TwoDigits,
    /// 0 to 24.
    Hour,
    /// Two digits up to 59.
    Minute,
    /// Digits of any length up to nine.
    Digits,
    /// Any number with digits ("1,000.5"), without scale word.
    Plain,
}

impl Shape {
    fn parse(name: &str) -> Option<Shape> {
        Some(match name {
            "count" => Shape::Count,
            "ordinal" => Shape::Ordinal,
            "day" => Shape::Day,
            "day_words" => Shape::DayWords,
            "month_number" => Shape::MonthNumber,
            "year" => Shape::Year,
            "year_words" => Shape::YearWords,
            "long_ago" => Shape::LongAgo,
            "two_digits" => Shape::TwoDigits,
            "hour" => Shape::Hour,
            "minute" => Shape::Minute,
            "digits" => Shape::Digits,
            "plain" => Shape::Plain,
            _ => return None,
        })
    }
}

/// Words known to a grammar.
#[derive(Debug, Default)]
pub struct Lexicon {
    ids: HashMap<Box<str>, u32>,
    /// By word: (class, value).
    classes: Vec<Vec<(u16, i32)>>,
    /// By word: what it means as a number.
    pub numbers: Vec<Vec<NumWord>>,
    names: Vec<String>,
    /// Letters read as another, see [`NumberWords::same_letters`].
    same: Vec<(char, char)>,
    pub group: char,
    pub decimal: char,
}

impl Lexicon {
    pub fn new(numbers: &NumberWords) -> Self {
        let first = |s: &str, or: char| s.chars().next().unwrap_or(or);
        let mut lexicon = Lexicon { group: first(&numbers.group, ','), decimal: first(&numbers.decimal, '.'), ..Lexicon::default() };
        lexicon.same = numbers.same_letters.iter().filter_map(|p| Some((p.chars().next()?, p.chars().nth(1)?))).collect();
        for (word, meaning) in numbers.entries() {
            let id = lexicon.intern(&word) as usize;
            lexicon.numbers[id].push(meaning);
        }
        lexicon
    }
    /// Number of a word, made if need be.
    pub fn intern(&mut self, word: &str) -> u32 {
        let plain = self.plain(word);
        let word = plain.as_ref();
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = self.classes.len() as u32;
        self.ids.insert(word.into(), id);
        self.classes.push(Vec::new());
        self.numbers.push(Vec::new());
        id
    }
    pub fn id(&self, word: &str) -> u32 {
        self.ids.get(self.plain(word).as_ref()).copied().unwrap_or(Atom::UNKNOWN)
    }
    /// The word with letters replaced by those they count as.
    fn plain<'a>(&self, word: &'a str) -> Cow<'a, str> {
        if self.same.is_empty() || word.is_ascii() {
            return Cow::Borrowed(word);
        }
        let letter = |c: char| self.same.iter().find(|(from, _)| *from == c).map_or(c, |&(_, to)| to);
        Cow::Owned(word.chars().map(letter).collect())
    }
    pub fn class(&mut self, name: &str) -> u16 {
        let at = self.names.iter().position(|n| n == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        at as u16
    }
    pub fn find_class(&self, name: &str) -> Option<u16> {
        self.names.iter().position(|n| n == name).map(|at| at as u16)
    }
    pub fn class_name(&self, class: u16) -> &str {
        self.names.get(class as usize).map_or("", String::as_str)
    }
    pub fn add(&mut self, class: u16, word: &str, value: i32) {
        let id = self.intern(word) as usize;
        self.classes[id].push((class, value));
    }
    /// Value of `word` in `class`.
    pub fn value(&self, word: u32, class: u16) -> Option<i32> {
        self.classes.get(word as usize)?.iter().find(|(c, _)| *c == class).map(|&(_, v)| v)
    }
    pub fn class_count(&self) -> u16 {
        self.names.len() as u16
    }
    pub fn len(&self) -> usize {
        self.classes.len()
    }
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }
    pub fn is_number(&self, word: u32) -> bool {
        self.numbers.get(word as usize).is_some_and(|w| !w.is_empty())
    }
}

/// One piece of a compiled pattern.
#[derive(Debug, Clone)]
pub enum Node {
    Word(u32),
    Class {
        class: u16,
        capital: bool,
    },
    Shape(Shape),
    Part {
        part: usize,
        apart: bool,
    },
    /// One after the other; beside them, once linked, what each and those behind it can begin with.
    Seq(Vec<Node>, Vec<Opening>),
    Alt(Vec<Node>),
    Maybe(Box<Node>),
    Glued(Box<Node>),
    /// Sets the constants of that number, then matches.
    With(usize, Box<Node>),
}

/// Compiles patterns against a lexicon; `parts` names the grammar's parts.
pub struct Compiler<'a> {
    pub lexicon: &'a mut Lexicon,
    pub parts: &'a BTreeMap<String, usize>,
}

impl Compiler<'_> {
    /// Compiles `pattern`; an error says what is wrong with it.
    pub fn compile(&mut self, pattern: &str) -> Result<Node, String> {
        let spread = pattern.replace('(', " ( ").replace("~ (", "~(").replace(")?", " )? ").replace(')', " ) ").replace(") ?", ")?");
        let words: Vec<&str> = spread.split_whitespace().collect();
        let mut at = 0;
        let node = self.alternatives(&words, &mut at, pattern)?;
        if at < words.len() {
            return Err(format!("`)` without `(` in pattern `{pattern}`"));
        }
        Ok(node)
    }

    fn alternatives(&mut self, words: &[&str], at: &mut usize, pattern: &str) -> Result<Node, String> {
        let mut all = Vec::new();
        let mut seq = Vec::new();
        while let Some(&word) = words.get(*at) {
            match word {
                ")" | ")?" => break,
                "|" => {
                    all.push(Node::Seq(std::mem::take(&mut seq), Vec::new()));
                    *at += 1;
                }
                _ => seq.push(self.piece(words, at, pattern)?),
            }
        }
        all.push(Node::Seq(seq, Vec::new()));
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Node::Alt(all) })
    }

    fn piece(&mut self, words: &[&str], at: &mut usize, pattern: &str) -> Result<Node, String> {
        let mut word = *words.get(*at).unwrap_or(&"");
        *at += 1;
        let glued = word.len() > 1 && word.starts_with('~');
        if word == "~(" {
            word = "(";
        } else if glued {
            word = &word[1..];
        }
        let mut node;
        let mut maybe = false;
        if word == "(" {
            // A group, `~(` when no space may stand before it.
            node = self.alternatives(words, at, pattern)?;
            match words.get(*at) {
                Some(&")") => {}
                Some(&")?") => maybe = true,
                _ => return Err(format!("`(` is never closed in pattern `{pattern}`")),
            }
            *at += 1;
        } else {
            if word.len() > 1 && word.ends_with('?') {
                maybe = true;
                word = &word[..word.len() - 1];
            }
            node = self.single(word)?;
        }
        if glued {
            node = Node::Glued(Box::new(node));
        }
        Ok(if maybe { Node::Maybe(Box::new(node)) } else { node })
    }

    fn single(&mut self, word: &str) -> Result<Node, String> {
        let (capital, rest) = word.strip_prefix('^').map_or((false, word), |r| (true, r));
        if let Some(name) = rest.strip_prefix('{').and_then(|r| r.strip_suffix('}')) {
            if let Some(shape) = Shape::parse(name) {
                return Ok(Node::Shape(shape));
            }
            let class = self.lexicon.find_class(name).ok_or_else(|| format!("there is no class `{name}`"))?;
            return Ok(Node::Class { class, capital });
        }
        let (apart, rest) = word.strip_prefix('@').map_or((false, word), |r| (true, r));
        if let Some(name) = rest.strip_prefix('<').and_then(|r| r.strip_suffix('>')) {
            let part = *self.parts.get(name).ok_or_else(|| format!("there is no part `{name}`"))?;
            return Ok(Node::Part { part, apart });
        }
        Ok(Node::Word(self.lexicon.intern(word)))
    }
}

/// What a pattern captures into.
pub trait Capture: Clone + Default {
    /// Constants that a part or a rule sets.
    type With;
    /// A word of class `class` (by name number) with its value; false refuses the match.
    fn class(&mut self, class: u16, value: i32) -> bool;
    /// A shape with its number.
    fn shape(&mut self, shape: Shape, value: f64) -> bool;
    /// The captures of an `@<part>`.
    fn apart(&mut self, inner: Self) -> bool;
    fn apply(&mut self, with: &Self::With);
}

/// Matches compiled patterns on the atoms of one report.
pub struct Matcher<'a, C: Capture> {
    pub lexicon: &'a Lexicon,
    pub parts: &'a Parts,
    /// Constants by the number in [`Node::With`].
    pub withs: &'a [C::With],
    pub numbers: Numbers<'a>,
    pub text: &'a str,
    /// Words left to test from this start: bounds the work at one place whatever the text.
    pub budget: Cell<u32>,
    /// The number last read, with its place: many rules ask for the same one.
    pub number: Cell<Option<(usize, Option<Number>)>>,
}

/// Words tested from one start before the matcher gives up.
const BUDGET: u32 = 12_000;
/// How deep parts may stand in parts.
const DEPTH: usize = 8;

impl<C: Capture> Matcher<'_, C> {
    /// Calls `each` for every way `node` matches from atom `at`: first atom after, captures.
    pub fn run(&self, node: &Node, at: usize, captures: &C, each: &mut dyn FnMut(usize, &C)) {
        self.go(node, at, at, captures, 0, each);
    }

    /// Gives each start its own bound of work.
    pub fn refill(&self) {
        self.budget.set(BUDGET);
    }

    fn go(&self, node: &Node, at: usize, start: usize, captures: &C, depth: usize, each: &mut dyn FnMut(usize, &C)) {
        match node {
            Node::Seq(nodes, openings) => self.sequence(nodes, openings, at, start, captures, depth, each),
            Node::Maybe(inner) => {
                self.go(inner, at, start, captures, depth, each);
                each(at, captures);
            }
            Node::Alt(nodes) => nodes.iter().for_each(|n| self.go(n, at, start, captures, depth, each)),
            Node::Part { part, apart } if depth < DEPTH => {
                for n in self.parts.ways(*part, self.numbers.atoms.get(at)) {
                    if *apart {
                        self.go(n, at, start, &C::default(), depth + 1, &mut |end, inner| {
                            let mut outer = captures.clone();
                            if outer.apart(inner.clone()) {
                                each(end, &outer);
                            }
                        });
                    } else {
                        self.go(n, at, start, captures, depth + 1, each);
                    }
                }
            }
            Node::Part { .. } => {}
            Node::Glued(inner) => {
                if self.numbers.atoms.get(at).is_some_and(|a| !a.spaced) {
                    self.go(inner, at, start, captures, depth, each);
                }
            }
            Node::With(with, inner) => {
                let mut captures = captures.clone();
                if let Some(with) = self.withs.get(*with) {
                    captures.apply(with);
                }
                self.go(inner, at, start, &captures, depth, each);
            }
            _ => self.leaf(node, at, start, captures, &|_| true, each),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn sequence(
        &self,
        nodes: &[Node],
        openings: &[Opening],
        at: usize,
        start: usize,
        captures: &C,
        depth: usize,
        each: &mut dyn FnMut(usize, &C),
    ) {
        let Some((first, rest)) = nodes.split_first() else { return each(at, captures) };
        let behind = openings.get(1..).unwrap_or(&[]);
        let goes_on = |end: usize| behind.first().is_none_or(|o| o.admits(self.numbers.atoms.get(end)));
        match first {
            Node::Word(_) | Node::Class { .. } | Node::Shape(_) => {
                self.leaf(first, at, start, captures, &goes_on, &mut |end, got| self.sequence(rest, behind, end, start, got, depth, each));
            }
            _ => self.go(first, at, start, captures, depth, &mut |end, got| {
                if goes_on(end) {
                    self.sequence(rest, behind, end, start, got, depth, each);
                }
            }),
        }
    }

    /// One atom or number; what follows is looked at before anything is captured.
    fn leaf(&self, node: &Node, at: usize, start: usize, captures: &C, goes_on: &dyn Fn(usize) -> bool, each: &mut dyn FnMut(usize, &C)) {
        let Some(atom) = self.numbers.atoms.get(at) else { return };
        let left = self.budget.get();
        if (atom.fresh && at > start) || left == 0 {
            return;
        }
        self.budget.set(left - 1);
        match node {
            Node::Word(id) if atom.word == *id && goes_on(at + 1) => each(at + 1, captures),
            Node::Class { class, capital } => {
                let Some(value) = self.lexicon.value(atom.word, *class).filter(|_| goes_on(at + 1)) else { return };
                let mut captured = captures.clone();
                if (!*capital || atom.capital) && captured.class(*class, value) {
                    each(at + 1, &captured);
                }
            }
            Node::Shape(shape) => {
                let Some((value, end)) = self.shape(*shape, at).filter(|(_, end)| goes_on(*end)) else { return };
                let mut captured = captures.clone();
                if captured.shape(*shape, value) {
                    each(end, &captured);
                }
            }
            _ => {}
        }
    }

    /// The number at atom `at`, read once.
    fn number_at(&self, at: usize) -> Option<Number> {
        if let Some((_, known)) = self.number.get().filter(|(i, _)| *i == at) {
            return known;
        }
        let found = self.numbers.at(at);
        self.number.set(Some((at, found)));
        found
    }

    /// Value and end of a shape at atom `at`.
    fn shape(&self, shape: Shape, at: usize) -> Option<(f64, usize)> {
        let numbers = &self.numbers;
        let atom = numbers.atoms.get(at)?;
        let digits = (atom.kind == AtomKind::Digits).then(|| atom.text(self.text));
        let ranged = |low: u32, high: u32, lengths: std::ops::RangeInclusive<usize>| {
            let d = digits.filter(|d| lengths.contains(&d.len()))?;
            let v: u32 = d.parse().ok()?;
            (low <= v && v <= high).then_some((f64::from(v), at + 1))
        };
        match shape {
            Shape::Count => {
                let n = self.number_at(at).filter(|n| !n.ordinal)?;
                Some((n.value, n.end))
            }
            Shape::Ordinal => {
                let n = self.number_at(at).filter(|n| n.ordinal)?;
                Some((n.value, n.end))
            }
            Shape::Day => {
                let n: Number = match digits {
                    Some(d) if d.len() > 2 => return None,
                    Some(_) => self.number_at(at).filter(|n| n.ordinal).or_else(|| {
                        let value = f64::from(ranged(1, 31, 1..=2)?.0 as u32);
                        Some(Number { value, end: at + 1, ordinal: false, words: false, plain_digits: 2, decimal: false })
                    })?,
                    None => self.number_at(at).filter(|n| n.ordinal || n.end > at + 1)?,
                };
                (1.0..=31.0).contains(&n.value).then_some((n.value, n.end)).filter(|(v, _)| v.fract() == 0.0)
            }
            Shape::DayWords => {
                let n = if digits.is_none() { self.number_at(at) } else { None };
                match n.filter(|n| (1.0..=31.0).contains(&n.value) && n.value.fract() == 0.0) {
                    Some(n) => Some((n.value, n.end)),
                    None => self.shape(Shape::Day, at),
                }
            }
            Shape::MonthNumber => ranged(1, 12, 1..=2),
            Shape::Year => ranged(1000, 2199, 4..=4),
            Shape::YearWords => numbers.year_in_words(at).map(|(y, end)| (f64::from(y), end)),
            Shape::LongAgo => ranged(1, 9999, 1..=4),
            Shape::TwoDigits => ranged(0, 99, 2..=2),
            Shape::Hour => ranged(0, 24, 1..=2),
            Shape::Minute => ranged(0, 59, 2..=2),
            Shape::Digits => ranged(0, 999_999_999, 1..=9),
            Shape::Plain => numbers.plain(at).map(|n| (n.value, n.end)),
        }
    }
}
