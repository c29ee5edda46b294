//! Name tags of a sentence: the sequence of the highest score, of those that make whole chunks.

use super::Entity;

/// Below any score, above any sum of two of them.
const NEVER: f32 = -1e9;

/// Scores of going from tag to tag (row: from), where the model has learned any; `None` where their number is wrong.
/// What makes no chunk (an inside part that follows nothing of its kind) is [`NEVER`].
pub fn steps(tags: &[Entity], learned: Option<Vec<f32>>) -> Option<Vec<f32>> {
    let n = tags.len();
    let mut all = learned.unwrap_or_else(|| vec![0.0; n * n]);
    if all.len() != n * n {
        return None;
    }
    for (row, &from) in all.chunks_exact_mut(n.max(1)).zip(tags) {
        for (s, &to) in row.iter_mut().zip(tags) {
            let whole = match (from, to) {
                (Entity::Begin(a) | Entity::Inside(a), Entity::Inside(b)) => a == b,
                (Entity::Outside, Entity::Inside(_)) => false,
                _ => true,
            };
            if !whole {
                *s = NEVER;
            }
        }
    }
    Some(all)
}

/// The best path.
#[derive(Debug, Default)]
pub struct Paths {
    best: Vec<f32>,
    next: Vec<f32>,
    /// For each word but the first and each tag, the tag before it.
    back: Vec<u8>,
    tags: Vec<Entity>,
}

impl Paths {
    /// Tags of the words whose scores (one for each of `tags`) `rows` gives. Of equal paths the one of the earlier tag is taken.
    pub fn best<'a, 'r>(&'a mut self, tags: &[Entity], steps: &[f32], rows: impl Iterator<Item = &'r [f32]>) -> &'a [Entity] {
        let n = tags.len();
        self.back.clear();
        self.tags.clear();
        self.best.clear();
        for row in rows {
            self.next.clear();
            if self.best.is_empty() {
                let inside = |t| matches!(t, Entity::Inside(_));
                self.next.extend(row.iter().zip(tags).map(|(&s, &t)| if inside(t) { s + NEVER } else { s }));
            } else {
                for (to, &s) in row.iter().enumerate().take(n) {
                    let mut top = (f32::MIN, 0);
                    for (from, &b) in self.best.iter().enumerate() {
                        let sum = b + steps.get(from * n + to).copied().unwrap_or(NEVER);
                        if sum > top.0 {
                            top = (sum, from);
                        }
                    }
                    self.next.push(top.0 + s);
                    self.back.push(top.1 as u8);
                }
            }
            std::mem::swap(&mut self.best, &mut self.next);
        }
        let mut at = (0..self.best.len()).fold(0, |a, b| if self.best[b] > self.best[a] { b } else { a });
        if let Some(&t) = tags.get(at).filter(|_| !self.best.is_empty()) {
            self.tags.push(t);
        }
        for back in self.back.chunks_exact(n.max(1)).rev() {
            at = back.get(at).copied().map_or(0, usize::from);
            self.tags.push(tags.get(at).copied().unwrap_or_default());
        }
        self.tags.reverse();
        &self.tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::net::Name;

    const TAGS: [Entity; 4] = [Entity::Outside, Entity::Begin(Name::Person), Entity::Inside(Name::Person), Entity::Inside(Name::Place)];

    #[test]
    fn chunks_are_whole() {
        let free = steps(&TAGS, None).unwrap();
        let rows = [[0.0, 1.0, 3.0, 0.0], [0.0, 0.0, 0.5, 4.0], [0.0, 0.0, 1.0, 0.0]];
        let mut p = Paths::default();
        let got = p.best(&TAGS, &free, rows.iter().map(|r| &r[..])).to_vec();
        assert_eq!(got, [TAGS[1], TAGS[2], TAGS[2]], "no inside part begins a chunk or goes on with another kind");
        assert!(p.best(&TAGS, &free, std::iter::empty()).is_empty());
        assert!(steps(&TAGS, Some(vec![0.0; 3])).is_none());
    }

    #[test]
    fn learned_steps_count() {
        let mut learned = vec![0.0; 16];
        // after a beginning the name goes on
        learned[4 + 2] = 2.0;
        let s = steps(&TAGS, Some(learned)).unwrap();
        let rows = [[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]];
        let mut p = Paths::default();
        assert_eq!(p.best(&TAGS, &s, rows.iter().map(|r| &r[..])), [TAGS[1], TAGS[2]]);
    }
}
