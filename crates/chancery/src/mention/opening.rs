//! What patterns can begin with and what they cannot do without, as sets of words: most patterns are ruled out by one look at the text.

use super::atoms::{Atom, AtomKind};
use super::pattern::{Lexicon, Node, Shape};

/// A set of words that can begin a pattern.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Opening {
    /// A bit for each word of the lexicon.
    words: Vec<u64>,
    /// Any atom of digits, any mark.
    digits: bool,
    marks: bool,
    /// The pattern can match nothing at all.
    empty: bool,
}

impl Opening {
    pub fn admits(&self, atom: Option<&Atom>) -> bool {
        let kind = |k| match k {
            AtomKind::Digits => self.digits,
            AtomKind::Mark => self.marks,
            AtomKind::Word => false,
        };
        self.empty || atom.is_some_and(|a| kind(a.kind) || self.has(a.word))
    }
    pub fn has(&self, word: u32) -> bool {
        self.words.get(word as usize / 64).is_some_and(|bits| bits >> (word % 64) & 1 == 1)
    }
    pub fn digits(&self) -> bool {
        self.digits
    }
    fn insert(&mut self, word: u32) {
        let at = word as usize / 64;
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(at) {
            *bits |= 1 << (word % 64);
        }
    }
    fn of(words: impl Iterator<Item = u32>, digits: bool) -> Opening {
        let mut opening = Opening { digits, ..Opening::default() };
        words.for_each(|w| opening.insert(w));
        opening
    }
    fn join(&mut self, other: &Opening) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a |= b;
        }
        self.digits |= other.digits;
        self.marks |= other.marks;
        self.empty |= other.empty;
    }
    /// How seldom it is met: the smaller, the more it rules out.
    fn size(&self) -> u32 {
        self.words.iter().map(|w| w.count_ones()).sum::<u32>() + if self.digits { 4096 } else { 0 }
    }
}

/// Ways a part can be written.
#[derive(Debug, Default)]
pub struct Parts {
    pub patterns: Vec<Vec<Node>>,
    openings: Vec<Vec<Opening>>,
}

impl Parts {
    /// The ways of writing `part` that can begin with `atom`; all of them before [`Linker::link_parts`].
    pub fn ways(&self, part: usize, atom: Option<&Atom>) -> impl Iterator<Item = &Node> {
        let openings = self.openings.get(part);
        let open = move |i: usize| openings.and_then(|o| o.get(i)).is_none_or(|o| o.admits(atom));
        self.patterns.get(part).into_iter().flatten().enumerate().filter(move |(i, _)| open(*i)).map(|(_, n)| n)
    }
}

/// Works out what patterns begin with, once all of a grammar are there.
pub struct Linker {
    classes: Vec<Opening>,
    numbers: Opening,
    parts: Vec<Opening>,
    needs: Vec<Option<Opening>>,
    seconds: Vec<Second>,
}

/// What can stand second in what a pattern matches, and whether a match can end with its first atom.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Second {
    opening: Opening,
    ends: bool,
}

impl Second {
    fn join(mut self, other: &Second) -> Second {
        self.opening.join(&other.opening);
        self.ends |= other.ends;
        self
    }
}

impl Linker {
    pub fn new(lexicon: &Lexicon, parts: &Parts) -> Linker {
        let words = || 0..lexicon.len() as u32;
        let classes = (0..lexicon.class_count()).map(|c| Opening::of(words().filter(|&w| lexicon.value(w, c).is_some()), false)).collect();
        let numbers = Opening::of(words().filter(|&w| lexicon.is_number(w)), false);
        let count = parts.patterns.len();
        let mut linker = Linker { classes, numbers, parts: vec![Opening::default(); count], needs: vec![None; count], seconds: Vec::new() };
        linker.seconds.resize(count, Second::default());
        // Parts stand in parts: what they begin with grows until nothing is new, what they need shrinks likewise.
        loop {
            let next: Vec<Opening> = parts.patterns.iter().map(|ways| linker.any(ways)).collect();
            let same = next == linker.parts;
            linker.parts = next;
            if same {
                break;
            }
        }
        loop {
            let next: Vec<Second> = parts.patterns.iter().map(|ways| linker.any_second(ways)).collect();
            let same = next == linker.seconds;
            linker.seconds = next;
            if same {
                break;
            }
        }
        for _ in 0..count {
            let next: Vec<Option<Opening>> = parts.patterns.iter().map(|ways| linker.any_need(ways)).collect();
            let same = next == linker.needs;
            linker.needs = next;
            if same {
                break;
            }
        }
        linker
    }

    /// Notes in all parts what each of their pieces can begin with.
    pub fn link_parts(&self, parts: &mut Parts) {
        parts.openings = parts.patterns.iter().map(|ways| ways.iter().map(|n| self.opening(n)).collect()).collect();
        parts.patterns.iter_mut().flatten().for_each(|n| self.link(n));
    }

    /// Notes in a pattern what each of its pieces can begin with.
    pub fn link(&self, node: &mut Node) {
        match node {
            Node::Seq(nodes, openings) => {
                nodes.iter_mut().for_each(|n| self.link(n));
                *openings = vec![Opening::default(); nodes.len()];
                let mut behind = Opening { empty: true, ..Opening::default() };
                for (n, slot) in nodes.iter().zip(openings.iter_mut()).rev() {
                    behind = self.followed(n, &behind);
                    slot.clone_from(&behind);
                }
            }
            Node::Alt(nodes) => nodes.iter_mut().for_each(|n| self.link(n)),
            Node::Maybe(inner) | Node::Glued(inner) | Node::With(_, inner) => self.link(inner),
            Node::Word(_) | Node::Class { .. } | Node::Shape(_) | Node::Part { .. } => {}
        }
    }

    /// What `node` begins with when `behind` follows it.
    fn followed(&self, node: &Node, behind: &Opening) -> Opening {
        let mut opening = self.opening(node);
        if opening.empty {
            opening.join(&Opening { empty: false, ..behind.clone() });
            opening.empty = behind.empty;
        }
        opening
    }

    fn any(&self, nodes: &[Node]) -> Opening {
        nodes.iter().fold(Opening::default(), |mut all, n| {
            all.join(&self.opening(n));
            all
        })
    }

    /// What a pattern can begin with.
    pub fn opening(&self, node: &Node) -> Opening {
        match node {
            Node::Word(id) => Opening::of(std::iter::once(*id), false),
            Node::Class { class, .. } => self.classes.get(usize::from(*class)).cloned().unwrap_or_default(),
            Node::Shape(shape) => self.shape(*shape),
            Node::Part { part, .. } => self.parts.get(*part).cloned().unwrap_or_default(),
            Node::Seq(nodes, _) => self.row(nodes),
            Node::Alt(nodes) => self.any(nodes),
            Node::Maybe(inner) => Opening { empty: true, ..self.opening(inner) },
            Node::Glued(inner) | Node::With(_, inner) => self.opening(inner),
        }
    }

    fn shape(&self, shape: Shape) -> Opening {
        let words = matches!(shape, Shape::Count | Shape::Ordinal | Shape::Day | Shape::DayWords | Shape::YearWords);
        Opening { digits: shape != Shape::YearWords, ..if words { self.numbers.clone() } else { Opening::default() } }
    }

    /// Words of which every match of a pattern has at least one: the rarest such set that its pieces give; `None` where there is none.
    pub fn need(&self, node: &Node) -> Option<Opening> {
        match node {
            Node::Word(_) | Node::Class { .. } | Node::Shape(_) => Some(self.opening(node)),
            Node::Part { part, .. } => self.needs.get(*part).cloned().flatten(),
            Node::Seq(nodes, _) => nodes.iter().filter_map(|n| self.need(n)).min_by_key(Opening::size),
            Node::Alt(nodes) => self.any_need(nodes),
            Node::Maybe(_) => None,
            Node::Glued(inner) | Node::With(_, inner) => self.need(inner),
        }
    }

    /// What the atom behind the first of a match can be; anything, where a match can be a single atom.
    pub fn second_of(&self, node: &Node) -> Opening {
        let second = self.second(node);
        Opening { empty: second.ends, ..second.opening }
    }

    fn second(&self, node: &Node) -> Second {
        match node {
            Node::Word(_) | Node::Class { .. } => Second { ends: true, ..Second::default() },
            // A number may go on: words of numbers, marks between and behind digits, and digits.
            Node::Shape(_) => Second { opening: Opening { digits: true, marks: true, ..self.numbers.clone() }, ends: true },
            Node::Part { part, .. } => self.seconds.get(*part).cloned().unwrap_or_default(),
            Node::Seq(nodes, _) => self.second_of_row(nodes),
            Node::Alt(nodes) => self.any_second(nodes),
            Node::Maybe(inner) | Node::Glued(inner) | Node::With(_, inner) => self.second(inner),
        }
    }

    fn any_second(&self, nodes: &[Node]) -> Second {
        nodes.iter().fold(Second::default(), |all, n| all.join(&self.second(n)))
    }

    fn second_of_row(&self, nodes: &[Node]) -> Second {
        let Some((first, rest)) = nodes.split_first() else { return Second::default() };
        let mut second = self.second(first);
        let behind = self.row(rest);
        if second.ends {
            second.ends = behind.empty;
            second.opening.join(&Opening { empty: false, ..behind });
        }
        if self.opening(first).empty { second.join(&self.second_of_row(rest)) } else { second }
    }

    fn row(&self, nodes: &[Node]) -> Opening {
        nodes.iter().rev().fold(Opening { empty: true, ..Opening::default() }, |behind, n| self.followed(n, &behind))
    }

    fn any_need(&self, nodes: &[Node]) -> Option<Opening> {
        let mut all = Opening::default();
        for n in nodes {
            all.join(&self.need(n)?);
        }
        Some(all)
    }
}
