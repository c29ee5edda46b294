//! What a text looks like to the search for copies: hashes of its runs of words.

/// Words of a run. Four in a row are seldom the same in two texts that were written apart.
const RUN: usize = 4;
/// Of so many runs side by side at least one is kept as a print, so that two texts that share `WINDOW + RUN - 1` words in
/// a row always share a print (winnowing).
const WINDOW: usize = 8;
/// Words that are looked at: a text beyond is told by its beginning.
const LONGEST: usize = 4096;

/// Hashes of a text, made once and kept as long as copies of it may come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Every run of four words, hashed; in order, each once.
    pub(super) runs: Vec<u32>,
    /// Some of them, chosen by what they are and not by where they stand: copies are looked for by these.
    pub(super) prints: Vec<u32>,
}

impl Sketch {
    /// Of a text's words in lower case, whatever stands between them. Linear in its length.
    pub fn of(text: &str) -> Self {
        let words = words(text);
        // A text shorter than a run is one run.
        let runs: Vec<u32> = if words.len() <= RUN {
            if words.is_empty() { Vec::new() } else { vec![fold(&words)] }
        } else {
            words.windows(RUN).map(fold).collect()
        };
        let mut prints = winnow(&runs);
        let mut runs = runs;
        for list in [&mut runs, &mut prints] {
            list.sort_unstable();
            list.dedup();
        }
        Sketch { runs, prints }
    }

    /// How many runs both have. Exact but for two runs in four thousand million that hash alike.
    pub fn shared(&self, other: &Sketch) -> usize {
        let (mut a, mut b, mut n) = (self.runs.iter().peekable(), other.runs.iter().peekable(), 0);
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => _ = a.next(),
                std::cmp::Ordering::Greater => _ = b.next(),
                std::cmp::Ordering::Equal => {
                    n += 1;
                    a.next();
                    b.next();
                }
            }
        }
        n
    }

    /// Number of different runs.
    pub fn len(&self) -> usize {
        self.runs.len()
    }
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

/// Hashes of the words. Scripts without spaces give a word for each character.
fn words(text: &str) -> Vec<u64> {
    let mut out = Vec::new();
    let mut word: Option<u64> = None;
    for c in text.chars() {
        let unspaced = matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{0e00}'..='\u{0eff}');
        if !c.is_alphanumeric() || unspaced {
            out.extend(word.take());
        }
        if unspaced && c.is_alphanumeric() {
            out.push(mix(OFFSET ^ u64::from(c)));
        } else if c.is_alphanumeric() {
            let hash = word.get_or_insert(OFFSET);
            if c.is_ascii() {
                *hash = (*hash ^ u64::from(c.to_ascii_lowercase())).wrapping_mul(PRIME);
            } else {
                c.to_lowercase().for_each(|l| *hash = (*hash ^ u64::from(l)).wrapping_mul(PRIME));
            }
        }
        if out.len() >= LONGEST {
            return out;
        }
    }
    out.extend(word);
    out
}

/// FNV-1a, the same on every machine.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Hash of a name or key.
pub(crate) fn hash(text: &str) -> u64 {
    mix(text.bytes().fold(OFFSET, |h, b| (h ^ u64::from(b)).wrapping_mul(PRIME)))
}

/// Spreads a hash over all its bits (SplitMix64).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn fold(run: &[u64]) -> u32 {
    let hash = run.iter().fold(OFFSET, |h, w| mix(h.rotate_left(5) ^ w));
    (hash >> 32) as u32
}

/// The least hash of each window, the last of equals: each taken once.
fn winnow(runs: &[u32]) -> Vec<u32> {
    if runs.len() <= WINDOW {
        return runs.iter().min().copied().into_iter().collect();
    }
    let mut out = Vec::new();
    let mut last = usize::MAX;
    // Places whose hashes rise: the first is the least of the window that ends at `i`.
    let mut rising: std::collections::VecDeque<usize> = std::collections::VecDeque::new();
    let at = |i: usize| runs.get(i).copied().unwrap_or(u32::MAX);
    for i in 0..runs.len() {
        while rising.back().is_some_and(|&b| at(b) >= at(i)) {
            rising.pop_back();
        }
        rising.push_back(i);
        if rising.front().is_some_and(|&f| f + WINDOW <= i) {
            rising.pop_front();
        }
        if let Some(&least) = rising.front()
            && i + 1 >= WINDOW
            && least != last
        {
            out.push(at(least));
            last = least;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "The foreign ministers of both countries will meet on Friday to discuss the ceasefire, the ministry said in a statement.";

    #[test]
    fn marks_and_case_do_not_count() {
        assert_eq!(Sketch::of("The minister’s plan, “no” he said"), Sketch::of("the MINISTER'S plan no: he said!"));
        assert_eq!(Sketch::of(" — "), Sketch::default());
        assert_eq!(Sketch::of("Two words").len(), 1);
    }

    #[test]
    fn a_part_shares_all_its_runs() {
        let (whole, part) = (Sketch::of(TEXT), Sketch::of(TEXT.split_once(" the ceasefire").unwrap().0));
        assert_eq!(whole.shared(&part), part.len());
        assert_eq!(part.shared(&whole), part.len());
    }

    #[test]
    fn texts_that_share_enough_words_in_a_row_share_a_print() {
        let run = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda";
        for before in ["", "one", "one two three", "a b c d e f g h i j k l m n o"] {
            let (a, b) =
                (Sketch::of(&format!("{before} {run} and so on to the end of it all")), Sketch::of(&format!("something else {run}")));
            assert!(a.prints.iter().any(|p| b.prints.contains(p)), "{before}");
        }
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_characters() {
        let (a, b) = (Sketch::of("日本の首相は金曜日に中国の国家主席と会談した。"), Sketch::of("首相は金曜日に中国の国家主席と会談"));
        assert!(a.len() > 10 && a.shared(&b) == b.len());
    }

    #[test]
    fn hashes_are_the_same_everywhere() {
        assert_eq!(Sketch::of("one two three four five").runs, [209_609_085, 2_465_744_909]);
    }
}
