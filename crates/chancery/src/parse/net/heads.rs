//! From the encoder's output to tags, heads and labels.

use super::kernels::{dots, quantise};
use super::{Net, Parsed, Scratch, UNIT_M};
use crate::parse::ud::{Dep, Upos, Xpos};

/// What the share of the best label counts for between two heads. On EWT's development set 2 and 3 do best, 0 loses .3 of LAS.
const SURER: f32 = 2.0;

impl Net {
    /// Fills `s.scores` with the score of every head (0 = root) for every token.
    pub(super) fn score_arcs(&self, t: usize, out: &[f32], s: &mut Scratch) {
        let a = self.arc_b.len();
        let rows = self.out.rows();
        let tags = self.upos.len() + self.xpos.len() + self.ner.len();
        s.dep.clear();
        s.heads.clear();
        s.heads.extend_from_slice(&self.root);
        for o in out.chunks_exact(rows) {
            s.dep.extend(o.iter().skip(tags).take(a).map(|&v| leaky(v)));
            s.heads.extend(o.iter().skip(tags + a).take(a).map(|&v| leaky(v)));
        }
        s.q.resize(t * a, 0);
        quantise(self.level, &s.dep, UNIT_M, &mut s.q);
        self.arc_w.run(self.level, &s.q, &mut s.sums, &mut s.dep);
        // the head's own inclination is added to the transformed dependent: (dW + b) · h
        for d in s.dep.chunks_exact_mut(a) {
            for (x, b) in d.iter_mut().zip(&self.arc_b) {
                *x += b;
            }
        }
        s.scores.clear();
        s.scores.resize(t * (t + 1), 0.0);
        for (d, row) in s.dep.chunks_exact(a).zip(s.scores.chunks_exact_mut(t + 1)) {
            dots(self.level, d, &s.heads, row);
        }
    }

    /// Where the two best heads of a token score nearly alike, the one whose relation is surer gains: a head that is wrong
    /// seldom has a relation that fits.
    pub(super) fn settle_close(&self, t: usize, out: &[f32], s: &mut Scratch) {
        s.close.clear();
        for (i, row) in s.scores.chunks_exact(t + 1).enumerate() {
            let (mut best, mut next) = ((f32::MIN, 0), (f32::MIN, 0));
            for (h, &v) in row.iter().enumerate().filter(|&(h, _)| h != i + 1) {
                if v > best.0 {
                    next = best;
                    best = (v, h);
                } else if v > next.0 {
                    next = (v, h);
                }
            }
            if best.0 - next.0 < SURER {
                s.close.extend([(i, best.1), (i, next.1)]);
            }
        }
        let arcs = std::mem::take(&mut s.close);
        self.score_labels(arcs.iter().copied(), out, s);
        let n = self.dep.len();
        for (pair, labels) in arcs.chunks_exact(2).zip(s.lab.chunks_exact(2 * n)) {
            let (a, b) = labels.split_at(n);
            if let Some(&(i, h)) = pair.get(1)
                && let Some(v) = s.scores.get_mut(i * (t + 1) + h)
            {
                *v += SURER * (sureness(b) - sureness(a));
            }
        }
        s.close = arcs;
    }

    /// Fills `s.lab` with the label scores of arcs (token, head; 0 is the root).
    fn score_labels(&self, arcs: impl Iterator<Item = (usize, usize)>, out: &[f32], s: &mut Scratch) {
        let (a, l, rows) = (self.arc_b.len(), self.lab_root.len(), self.out.rows());
        let d_at = self.upos.len() + self.xpos.len() + self.ner.len() + 2 * a;
        s.lab.clear();
        for (i, h) in arcs {
            let d = out.get(i * rows + d_at..i * rows + d_at + l).unwrap_or(&[]);
            let head = match h.checked_sub(1) {
                Some(k) => out.get(k * rows + d_at + l..k * rows + d_at + 2 * l).unwrap_or(&[]),
                None => &self.lab_root,
            };
            s.lab.extend(d.iter().zip(head).map(|(x, y)| leaky(x + y)));
        }
        s.q.resize(s.lab.len(), 0);
        quantise(self.level, &s.lab, UNIT_M, &mut s.q);
        self.lab_o.run(self.level, &s.q, &mut s.sums, &mut s.lab);
    }

    pub(super) fn labels(&self, heads: &[usize], out: &[f32], s: &mut Scratch, result: &mut Vec<Parsed>) {
        let rows = self.out.rows();
        let (nu, nx, nn) = (self.upos.len(), self.xpos.len(), self.ner.len());
        self.score_labels(heads.iter().copied().enumerate(), out, s);
        let names = out.chunks_exact(rows).map(|o| o.get(nu + nx..nu + nx + nn).unwrap_or(&[]));
        let entities = s.paths.best(&self.ner, &self.ner_step, names);
        for (i, ((&h, o), &entity)) in heads.iter().zip(out.chunks_exact(rows)).zip(entities).enumerate() {
            let row = s.lab.get(i * self.dep.len()..(i + 1) * self.dep.len()).unwrap_or(&[]);
            let dep = if h == 0 { Dep::Root } else { pick(&self.dep, row, |d| d != Dep::Root).unwrap_or(Dep::Dep) };
            let (u, o) = o.split_at(nu);
            let (x, _) = o.split_at(nx);
            result.push(Parsed {
                upos: pick(&self.upos, u, |_| true).unwrap_or(Upos::X),
                xpos: pick(&self.xpos, x, |_| true).unwrap_or(Xpos::Xx),
                head: h.checked_sub(1).unwrap_or(i),
                dep,
                entity,
            });
        }
    }
}

fn leaky(x: f32) -> f32 {
    if x < 0.0 { x * 0.125 } else { x }
}

/// The best label's share among the labels, as of exponentials: between 0 and 1.
fn sureness(scores: &[f32]) -> f32 {
    let top = scores.iter().fold(f32::MIN, |a, &b| if b > a { b } else { a });
    // (1 + x / 256)^256 by squaring: near enough to the exponential, and the same bits everywhere
    let mut sum = 0.0;
    for &v in scores {
        let mut e = 1.0 + (v - top).max(-128.0) / 256.0;
        for _ in 0..8 {
            e *= e;
        }
        sum += e;
    }
    1.0 / sum
}

/// The label of the highest allowed score, the first where several are equal.
fn pick<T: Copy>(labels: &[T], scores: &[f32], allowed: impl Fn(T) -> bool) -> Option<T> {
    let mut best: Option<(f32, T)> = None;
    for (&l, &s) in labels.iter().zip(scores) {
        if allowed(l) && best.is_none_or(|b| s > b.0) {
            best = Some((s, l));
        }
    }
    best.map(|b| b.1)
}
