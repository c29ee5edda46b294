//! One-to-one matching of what gold has with what was given.

/// The largest one-to-one matching between `0..expected` and `0..given` along the pairs that `fits`;
/// of several the first in order. Returns for each expected its given.
pub fn one_to_one(expected: usize, given: usize, fits: impl Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
    let fits: Vec<Vec<usize>> = (0..expected).map(|e| (0..given).filter(|&g| fits(e, g)).collect()).collect();
    let mut owner: Vec<Option<usize>> = vec![None; given];
    for e in 0..expected {
        augment(e, &fits, &mut owner, &mut vec![false; given]);
    }
    let mut matched = vec![None; expected];
    for (g, e) in owner.iter().enumerate() {
        if let Some(e) = *e {
            matched[e] = Some(g);
        }
    }
    matched
}

/// Finds a partner for `e`, moving others to theirs where needed (Kuhn's algorithm).
fn augment(e: usize, fits: &[Vec<usize>], owner: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    for &g in &fits[e] {
        if std::mem::replace(&mut tried[g], true) {
            continue;
        }
        if owner[g].is_none_or(|other| augment(other, fits, owner, tried)) {
            owner[g] = Some(e);
            return true;
        }
    }
    false
}

/// Matches in rounds, the strictest first, so that an exact partner is not given away to a loose one.
/// The size of the result is that of the strict matching extended, not of the largest loose one.
pub fn in_rounds(expected: usize, given: usize, rounds: &[&dyn Fn(usize, usize) -> bool]) -> Vec<Option<usize>> {
    let mut matched: Vec<Option<usize>> = vec![None; expected];
    for fits in rounds {
        let free = |e: usize, g: usize, m: &[Option<usize>]| m[e].is_none() && !m.contains(&Some(g));
        let round = one_to_one(expected, given, |e, g| free(e, g, &matched) && fits(e, g));
        for (e, g) in round.into_iter().enumerate().filter(|(_, g)| g.is_some()) {
            matched[e] = g;
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_a_partner_where_that_matches_more() {
        let pairs = [(0, 0), (0, 1), (1, 0)];
        assert_eq!(one_to_one(2, 2, |e, g| pairs.contains(&(e, g))), [Some(1), Some(0)]);
    }

    #[test]
    fn exact_partners_first() {
        assert_eq!(in_rounds(2, 2, &[&|e, g| (e, g) == (1, 0), &|_, _| true]), [Some(1), Some(0)]);
    }
}
