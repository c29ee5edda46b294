//! The trained network: word features, a bidirectional LSTM over the sentence, tags, arcs and labels.
//!
//! One pass gives everything: the encoder's last states feed the tag scores, a biaffine score for every pair of head and
//! dependent, and a label score for each chosen arc. Weights are 8-bit, sums 32-bit; the encoder's states, where nine
//! tenths of the products are, 8-bit, other activations 16-bit.

mod chunks;
mod features;
mod heads;
mod kernels;
mod matrix;
mod tree;
mod weights;

use super::ud::{Dep, Upos, Xpos};
use crate::error::{Error, Result};
pub(super) use features::hash;
use features::{Buffers, Features, Ids};
pub use kernels::Level;
use kernels::{Gates, dequantise, lstm_step, quantise};
use matrix::{Matrix, ZERO};
use std::collections::HashMap;
use weights::Weights;

/// Integer units of 1.0 in hidden states, which never leave ±1. On EWT and GUM 127 of them score as 8191 did.
const UNIT_H: f32 = 127.0;
/// Integer units of 1.0 in the arc and label layers (their activations stay below ±32).
const UNIT_M: f32 = 1024.0;
/// Layers of the encoder at most: what the third gives is added to the second's states, and the sum does not fit 8 bits.
const MOST_LAYERS: usize = 3;
/// Sentences encoded side by side.
const TOGETHER: usize = 6;

/// Tags and tree of one token. `head` is a token index; its own for the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    pub upos: Upos,
    pub xpos: Xpos,
    pub head: usize,
    pub dep: Dep,
    pub entity: Entity,
}

/// Part of a name, as the network chunks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entity {
    #[default]
    Outside,
    Begin(Name),
    Inside(Name),
}

/// Kinds of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    Person,
    Organisation,
    Place,
}

/// 8-bit rows with a scale each.
#[derive(Debug)]
struct Table {
    rows: Box<[u8]>,
    scale: Vec<f32>,
    width: usize,
}

impl Table {
    fn load(w: &Weights<'_>, name: &str) -> Result<Table> {
        let (rows, width) = w.bytes(name)?;
        Ok(Table { rows: rows.into(), scale: w.floats(&format!("{name}.scale"))?, width })
    }
    fn len(&self) -> usize {
        self.scale.len()
    }
    /// Adds row `i` times `k` to `out`.
    fn add(&self, i: u32, k: f32, out: &mut [f32]) {
        let i = i as usize;
        let Some(row) = self.rows.get(i * self.width..(i + 1) * self.width) else { return };
        let s = self.scale.get(i).copied().unwrap_or(0.0) * k;
        for (o, &b) in out.iter_mut().zip(row) {
            *o += f32::from(b as i8) * s;
        }
    }
}

/// A matrix of 8-bit weights with row scales that undo the integer units of its input.
#[derive(Debug)]
struct Dense {
    w: Matrix,
    scale: Vec<f32>,
    bias: Vec<f32>,
}

impl Dense {
    /// For inputs of 16 bits.
    fn load(w: &Weights<'_>, name: &str, unit: f32, bias: Option<&str>) -> Result<Dense> {
        Dense::with(w, name, unit, bias, |m, n| Some(Matrix::pack(m, n)))
    }
    /// For hidden states, of 8 bits.
    fn load_hidden(w: &Weights<'_>, name: &str, bias: Option<&str>) -> Result<Dense> {
        Dense::with(w, name, UNIT_H, bias, |m, n| if n % 4 == 0 { Matrix::pack_bytes(m, n) } else { None })
    }
    fn with(w: &Weights<'_>, name: &str, unit: f32, bias: Option<&str>, pack: impl Fn(&[i8], usize) -> Option<Matrix>) -> Result<Dense> {
        let (m, n) = w.signed(name)?;
        let scale: Vec<f32> = w.floats(&format!("{name}.scale"))?.iter().map(|s| s / unit).collect();
        let bias = match bias {
            Some(b) => w.floats(b)?,
            None => vec![0.0; scale.len()],
        };
        // 512 products of 8 and 16 bits still fit a 32-bit sum
        if n == 0 || n % 2 != 0 || n > 512 || m.len() != n * scale.len() || bias.len() != scale.len() {
            return Err(misfit(name));
        }
        Ok(Dense { w: pack(&m, n).ok_or_else(|| misfit(name))?, scale, bias })
    }
    fn rows(&self) -> usize {
        self.w.rows()
    }
    fn inputs(&self) -> usize {
        self.w.inputs()
    }
    /// Sums and then floats of all steps in `x`.
    fn run(&self, level: Level, x: &[i16], sums: &mut Vec<i32>, out: &mut Vec<f32>) {
        let len = x.len() / self.inputs() * self.rows();
        sums.resize(len, 0);
        self.w.mul(level, x, sums);
        out.resize(len, 0.0);
        dequantise(level, sums, &self.scale, &self.bias, out);
    }
}

fn misfit(name: &str) -> Error {
    Error::new("E0302", "arrays of the syntax model do not fit together", name, "use the weights file of this release")
}

#[derive(Debug)]
struct Direction {
    input: Dense,
    rec: Dense,
}

/// The network with its weights and label sets.
#[derive(Debug)]
pub struct Net {
    level: Level,
    features: Features,
    piece: Table,
    word: Table,
    affix: Table,
    unit_in: f32,
    layers: Vec<[Direction; 2]>,
    hidden: usize,
    out: Dense,
    arc_w: Dense,
    arc_b: Vec<f32>,
    root: Vec<f32>,
    lab_root: Vec<f32>,
    lab_o: Dense,
    upos: Vec<Upos>,
    xpos: Vec<Xpos>,
    dep: Vec<Dep>,
    ner: Vec<Entity>,
    /// Score of going from one name tag to the next, `ner × ner`.
    ner_step: Vec<f32>,
    /// Pairs (form, ids as the trainer computed them), for the test that both agree.
    #[cfg(test)]
    check: Vec<String>,
}

/// Buffers reused from sentence to sentence.
#[derive(Debug, Default)]
pub struct Scratch {
    text: Buffers,
    /// Of each token, which of the different forms it has.
    form: Vec<usize>,
    x: Vec<f32>,
    q: Vec<i16>,
    /// States of the layer read and of the one written, 8 bits from [`ZERO`].
    states: Vec<u8>,
    next: Vec<u8>,
    sums: Vec<i32>,
    rec: Vec<i32>,
    cell: Vec<f32>,
    state: Vec<u8>,
    out: Vec<f32>,
    dep: Vec<f32>,
    heads: Vec<f32>,
    scores: Vec<f32>,
    lab: Vec<f32>,
    /// The two best arcs (token, head) of tokens that have two nearly alike.
    close: Vec<(usize, usize)>,
    paths: chunks::Paths,
}

fn names<T>(w: &Weights<'_>, list: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>> {
    w.lines(list)?
        .map(|l| {
            parse(l).ok_or_else(|| {
                Error::new("E0303", format!("the syntax model has an unknown label `{l}`"), list, "use the weights file of this release")
            })
        })
        .collect()
}

fn entity(tag: &str) -> Option<Entity> {
    let name = |n| match n {
        "PER" => Some(Name::Person),
        "ORG" => Some(Name::Organisation),
        "LOC" => Some(Name::Place),
        _ => None,
    };
    match tag.split_once('-') {
        None if tag == "O" => Some(Entity::Outside),
        Some(("B", n)) => name(n).map(Entity::Begin),
        Some(("I", n)) => name(n).map(Entity::Inside),
        _ => None,
    }
}

impl Net {
    /// Reads a weights file (E03xx where it is damaged or of another release); beside the network, the lemma rules learned.
    pub fn load(bytes: &[u8]) -> Result<(Net, Vec<&str>)> {
        let w = Weights::read(bytes)?;
        let (piece, word, affix) = (Table::load(&w, "piece")?, Table::load(&w, "word")?, Table::load(&w, "affix")?);
        let unit_in = w.floats("unit_in")?.first().copied().unwrap_or(1.0);
        let mut layers = Vec::new();
        while w.bytes(&format!("rnn.{}.f.in", layers.len())).is_ok() {
            let l = layers.len();
            let side = |d: &str| -> Result<Direction> {
                let (input, bias) = (format!("rnn.{l}.{d}.in"), format!("rnn.{l}.{d}.bias"));
                Ok(Direction {
                    input: match l {
                        0 => Dense::load(&w, &input, unit_in, Some(&bias))?,
                        _ => Dense::load_hidden(&w, &input, Some(&bias))?,
                    },
                    rec: Dense::load_hidden(&w, &format!("rnn.{l}.{d}.rec"), None)?,
                })
            };
            layers.push([side("f")?, side("b")?]);
        }
        let hidden = layers.first().map_or(0, |l: &[Direction; 2]| l[0].rec.inputs());
        let mut n_in = piece.width + word.width;
        for l in &layers {
            if l.iter()
                .any(|d| d.input.inputs() != n_in || d.rec.inputs() != hidden || d.rec.rows() != 4 * hidden || d.input.rows() != 4 * hidden)
            {
                return Err(misfit("rnn"));
            }
            n_in = 2 * hidden;
        }
        let features = Features::load(&w, word.len(), affix.len())?;
        let ner = names(&w, "ner", entity)?;
        let net = Net {
            level: Level::detect(),
            features,
            unit_in,
            hidden,
            out: Dense::load(&w, "out", UNIT_H, Some("out.bias"))?,
            arc_w: Dense::load(&w, "arc_w", UNIT_M, None)?,
            arc_b: w.floats("arc_b")?,
            root: w.floats("root")?,
            lab_root: w.floats("lab_root")?,
            lab_o: Dense::load(&w, "lab_o", UNIT_M, Some("lab_o.bias"))?,
            upos: names(&w, "upos", Upos::parse)?,
            xpos: names(&w, "xpos", Xpos::parse)?,
            dep: names(&w, "dep", Dep::parse)?,
            ner_step: chunks::steps(&ner, w.floats("ner_step").ok()).ok_or_else(|| misfit("ner_step"))?,
            ner,
            #[cfg(test)]
            check: w.lines("check")?.map(str::to_owned).collect(),
            piece,
            word,
            affix,
            layers,
        };
        let (a, l) = (net.arc_b.len(), net.lab_root.len());
        let fits = hidden > 0
            && net.layers.len() <= MOST_LAYERS
            && net.affix.width == net.word.width
            && net.out.inputs() == 2 * hidden
            && net.out.rows() == net.upos.len() + net.xpos.len() + net.ner.len() + 2 * a + 2 * l
            && net.arc_w.inputs() == a
            && net.arc_w.rows() == a
            && a % 16 == 0
            && net.root.len() == a
            && net.lab_o.inputs() == l
            && net.lab_o.rows() == net.dep.len()
            && !net.upos.is_empty()
            && !net.xpos.is_empty()
            && !net.dep.is_empty()
            && !net.ner.is_empty();
        if fits { Ok((net, w.lines("lemmas")?.collect())) } else { Err(misfit("output layers")) }
    }

    /// The same network on another set of kernels.
    #[cfg(test)]
    pub fn set_level(&mut self, level: Level) {
        self.level = level;
    }

    /// Tags and parses sentences of at most 200 tokens each: `forms` of all, one behind the other, and where each ends.
    /// Appends one [`Parsed`] per form; heads count within the sentence. The result does not depend on what is batched together.
    pub fn parse(&self, forms: &[&str], ends: &[usize], s: &mut Scratch, result: &mut Vec<Parsed>) {
        self.embed(forms, s);
        self.encode(ends, s);
        let mut out = std::mem::take(&mut s.out);
        self.out.run(self.level, &s.q, &mut s.sums, &mut out);
        let rows = self.out.rows();
        let mut from = 0;
        for &end in ends {
            if let Some(o) = out.get(from * rows..end * rows).filter(|o| !o.is_empty()) {
                let t = end - from;
                self.score_arcs(t, o, s);
                self.settle_close(t, o, s);
                let heads = tree::best_tree(t, &s.scores);
                self.labels(&heads, o, s, result);
            }
            from = end;
        }
        s.out = out;
    }

    /// Vectors of the different forms into `s.q`, and in `s.form` which of them each token has: what the network sees of a
    /// token is its form alone, and half of a text's tokens are repeated.
    fn embed(&self, forms: &[&str], s: &mut Scratch) {
        let (p, width) = (self.piece.width, self.piece.width + self.word.width);
        let mut seen = HashMap::with_capacity(forms.len());
        let mut different: Vec<&str> = Vec::with_capacity(forms.len());
        s.form.clear();
        s.form.extend(forms.iter().map(|&f| {
            *seen.entry(f).or_insert_with(|| {
                different.push(f);
                different.len() - 1
            })
        }));
        s.x.clear();
        s.x.resize(different.len() * width, 0.0);
        for (form, x) in different.iter().zip(s.x.chunks_exact_mut(width)) {
            let ids: Ids = self.features.ids(form, &mut s.text);
            let (a, b) = x.split_at_mut(p);
            let k = [1.0, 1.0, 0.707_106_77, 0.577_350_26, 0.5, 0.447_213_6, 0.408_248_28].get(ids.n_pieces).copied().unwrap_or(1.0);
            for &id in ids.pieces.iter().take(ids.n_pieces) {
                self.piece.add(id, k, a);
            }
            self.word.add(ids.word, 1.0, b);
            for &id in &ids.affixes {
                self.affix.add(id, 1.0, b);
            }
        }
        s.q.clear();
        s.q.resize(different.len() * width, 0);
        quantise(self.level, &s.x, self.unit_in, &mut s.q);
    }

    /// Runs the layers over the sentences that end at `ends`, from what `embed` left; leaves the last hidden states of all tokens in `s.q`.
    ///
    /// Up to [`TOGETHER`] sentences go step by step side by side, longest first, so that recurrent weights are read once
    /// for all of them.
    fn encode(&self, ends: &[usize], s: &mut Scratch) {
        let h = self.hidden;
        let total = ends.last().copied().unwrap_or(0);
        let mut spans: Vec<(usize, usize)> = ends.iter().scan(0, |from, &e| Some((std::mem::replace(from, e), e))).collect();
        spans.sort_by_key(|&(a, b)| (std::cmp::Reverse(b.saturating_sub(a)), a));
        for (depth, layer) in self.layers.iter().enumerate() {
            std::mem::swap(&mut s.states, &mut s.next);
            s.next.clear();
            s.next.resize(total * 2 * h, ZERO);
            for (side, d) in layer.iter().enumerate() {
                let rows = if depth == 0 { s.q.len() / d.input.inputs() } else { total };
                s.sums.resize(rows * 4 * h, 0);
                match depth {
                    0 => d.input.w.mul(self.level, &s.q, &mut s.sums),
                    _ => d.input.w.mul_bytes(self.level, &s.states, &mut s.sums),
                }
                let gates = Gates { scale_in: &d.input.scale, scale_rec: &d.rec.scale, bias: &d.input.bias, unit: UNIT_H };
                for group in spans.chunks(TOGETHER) {
                    s.rec.clear();
                    s.rec.resize(group.len() * 4 * h, 0);
                    s.cell.clear();
                    s.cell.resize(group.len() * h, 0.0);
                    s.state.clear();
                    s.state.resize(group.len() * h, ZERO);
                    let longest = group.first().map_or(0, |&(a, b)| b.saturating_sub(a));
                    for k in 0..longest {
                        let active = group.iter().take_while(|&&(a, b)| b.saturating_sub(a) > k).count();
                        if k > 0 {
                            let states = s.state.get(..active * h).unwrap_or(&[]);
                            d.rec.w.mul_bytes(self.level, states, &mut s.rec);
                        }
                        let parts = s.rec.chunks_exact(4 * h).zip(s.cell.chunks_exact_mut(h)).zip(s.state.chunks_exact_mut(h));
                        for (&(a, b), ((rec, cell), state)) in group.iter().take(active).zip(parts) {
                            let at = if side == 0 { a + k } else { b - 1 - k };
                            let of = if depth == 0 { s.form.get(at).copied().unwrap_or(0) } else { at };
                            let sums = s.sums.get(of * 4 * h..(of + 1) * 4 * h).unwrap_or(&[]);
                            lstm_step(self.level, sums, rec, &gates, cell, state);
                            let to = at * 2 * h + side * h;
                            if let Some(slot) = s.next.get_mut(to..to + h) {
                                slot.copy_from_slice(state);
                            }
                        }
                    }
                }
            }
        }
        let state = |b: &u8| i16::from(*b) - i16::from(ZERO);
        s.q.clear();
        s.q.extend(s.next.iter().map(state));
        if self.layers.len() == MOST_LAYERS {
            for (q, below) in s.q.iter_mut().zip(&s.states) {
                *q += state(below);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net() -> Net {
        Net::load(chancery_models::ENGLISH_SYNTAX).unwrap().0
    }

    #[test]
    fn features_agree_with_the_trainer() {
        let net = net();
        let mut b = Buffers::default();
        assert!(net.check.len() > 200);
        for line in &net.check {
            let mut c = line.split('\t');
            let form = c.next().unwrap();
            let nums =
                |s: Option<&str>| s.unwrap().split(' ').filter(|x| !x.is_empty()).map(|x| x.parse::<u32>().unwrap()).collect::<Vec<_>>();
            let ids = net.features.ids(form, &mut b);
            assert_eq!(ids.pieces[..ids.n_pieces], nums(c.next()), "pieces of {form}");
            assert_eq!(vec![ids.word], nums(c.next()), "{form}");
            assert_eq!(ids.affixes.to_vec(), nums(c.next()), "{form}");
        }
    }

    #[test]
    fn every_level_parses_alike() {
        let mut net = net();
        let words = "The United States , which had imposed sanctions , said on Friday that talks were planned .";
        let mut want = None;
        for level in Level::available() {
            net.set_level(level);
            let (mut s, mut r) = (Scratch::default(), Vec::new());
            let forms: Vec<&str> = words.split(' ').collect();
            net.parse(&forms, &[7, forms.len()], &mut s, &mut r);
            let bits: Vec<u32> = s.scores.iter().chain(&s.out).map(|v| v.to_bits()).collect();
            let mut alone = Vec::new();
            net.parse(&forms[..7], &[7], &mut s, &mut alone);
            net.parse(&forms[7..], &[forms.len() - 7], &mut s, &mut alone);
            assert_eq!(r, alone, "batching changes nothing");
            let got = (r, bits);
            assert_eq!(*want.get_or_insert_with(|| got.clone()), got, "{level:?}");
        }
    }
}
