//! The arithmetic of the network: 16-bit integers summed in 32 bits, and float steps in a fixed order.
//!
//! Every kernel is one portable function. On x86-64 the same function is compiled once more for wider registers and picked
//! at load time; integer sums do not depend on their order, and the float steps work element by element with plain
//! addition, multiplication and division (Rust never fuses them), so every path gives the same bits.

/// Which compilation of the kernels this machine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The fastest level this machine has.
    pub fn detect() -> Level {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl") {
                return Level::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Level::Avx2;
            }
        }
        Level::Portable
    }

    /// All levels this machine can run, for tests.
    pub fn available() -> Vec<Level> {
        let mut all = vec![Level::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                all.push(Level::Avx2);
            }
            if Level::detect() == Level::Avx512 {
                all.push(Level::Avx512);
            }
        }
        all
    }
}

/// Defines a kernel and its wider compilations.
macro_rules! kernel {
    ($(#[$meta:meta])* $name:ident, $body:ident ( $($arg:ident : $ty:ty),* )) => {
        $(#[$meta])*
        pub fn $name(level: Level, $($arg: $ty),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $ty),*) { $body($($arg),*) }
                #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl")]
                fn avx512($($arg: $ty),*) { $body($($arg),*) }
                match level {
                    // SAFETY: a level other than `Portable` is made only by `Level::detect` and `Level::available`,
                    // after the machine said it has these features.
                    Level::Avx2 => return unsafe { avx2($($arg),*) },
                    Level::Avx512 => return unsafe { avx512($($arg),*) },
                    Level::Portable => {}
                }
            }
            let _ = level;
            $body($($arg),*)
        }
    };
}

kernel! {
    /// `out[t][r] = sum_k w[r][k] * x[t][k]` for rows of `n` inputs: `w` is `rows × n`, `x` is `steps × n`, `out` is `steps × rows`.
    matmul, matmul_body(w: &[i16], x: &[i16], n: usize, out: &mut [i32])
}
kernel! {
    /// `out[i] = clamp(round(x[i] * scale))` in ±[`LIMIT`].
    quantise, quantise_body(x: &[f32], scale: f32, out: &mut [i16])
}
kernel! {
    /// One LSTM step: gates `i f g o` (each `h` long) from input and recurrent sums; updates cell and hidden state.
    lstm_step, lstm_step_body(sums_in: &[i32], sums_rec: &[i32], p: &Gates<'_>, cell: &mut [f32], hidden: &mut [i16])
}
kernel! {
    /// Sums to floats: `out[t][r] = sums[t][r] * scale[r] + bias[r]`.
    dequantise, dequantise_body(sums: &[i32], scale: &[f32], bias: &[f32], out: &mut [f32])
}
kernel! {
    /// `out[j] = x · rows[j]` in 16 lanes, added up in a fixed order.
    dots, dots_body(x: &[f32], rows: &[f32], out: &mut [f32])
}

/// Scales and biases of an LSTM direction, per gate row.
pub struct Gates<'a> {
    pub scale_in: &'a [f32],
    pub scale_rec: &'a [f32],
    pub bias: &'a [f32],
    /// Integer units of 1.0 in the hidden state.
    pub unit: f32,
}

#[inline(always)]
fn dot(a: &[i16], b: &[i16]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).fold(0, i32::wrapping_add)
}

#[inline(always)]
fn matmul_body(w: &[i16], x: &[i16], n: usize, out: &mut [i32]) {
    if n == 0 {
        return;
    }
    let rows = w.len() / n;
    for (x, out) in x.chunks_exact(n).zip(out.chunks_exact_mut(rows.max(1))) {
        for (w, o) in w.chunks_exact(n).zip(out.iter_mut()) {
            *o = dot(w, x);
        }
    }
}

#[inline(always)]
fn to_int(x: f32, limit: f32) -> i16 {
    let x = x.clamp(-limit, limit);
    // half away from zero, without a library call
    (x + if x < 0.0 { -0.5 } else { 0.5 }) as i32 as i16
}

#[inline(always)]
fn quantise_body(x: &[f32], scale: f32, out: &mut [i16]) {
    for (x, o) in x.iter().zip(out) {
        *o = to_int(x * scale, LIMIT);
    }
}

/// Largest activation in integer units: with weights of 8 bits, 512 products still fit 32 bits.
pub const LIMIT: f32 = 32767.0;

#[inline(always)]
fn dequantise_body(sums: &[i32], scale: &[f32], bias: &[f32], out: &mut [f32]) {
    let n = scale.len();
    for (s, o) in sums.chunks_exact(n).zip(out.chunks_exact_mut(n)) {
        for (((o, &s), &k), &b) in o.iter_mut().zip(s).zip(scale).zip(bias) {
            *o = s as f32 * k + b;
        }
    }
}

/// tanh as a ratio of polynomials (error below 1e-6), from additions, multiplications and one division.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let x = x.clamp(-7.9, 7.9);
    let s = x * x;
    let mut p = -2.760_768_5e-16;
    p = p * s + 2.000_188e-13;
    p = p * s - 8.604_672e-11;
    p = p * s + 5.122_297e-8;
    p = p * s + 1.485_722_4e-5;
    p = p * s + 6.372_619e-4;
    p = p * s + 4.893_525_5e-3;
    let mut q = 1.198_258_4e-6;
    q = q * s + 1.185_347e-4;
    q = q * s + 2.268_434_6e-3;
    q = q * s + 4.893_525e-3;
    x * p / q
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    tanh(x * 0.5) * 0.5 + 0.5
}

#[inline(always)]
fn lstm_step_body(sums_in: &[i32], sums_rec: &[i32], p: &Gates<'_>, cell: &mut [f32], hidden: &mut [i16]) {
    let h = cell.len();
    let (Some(a), Some(r)) = (sums_in.get(..4 * h), sums_rec.get(..4 * h)) else { return };
    let (Some(si), Some(sr), Some(b)) = (p.scale_in.get(..4 * h), p.scale_rec.get(..4 * h), p.bias.get(..4 * h)) else { return };
    let Some(hidden) = hidden.get_mut(..h) else { return };
    for j in 0..h {
        let gate = |k: usize| {
            let at = k * h + j;
            a[at] as f32 * si[at] + r[at] as f32 * sr[at] + b[at]
        };
        let i = sigmoid(gate(0));
        let f = sigmoid(gate(1));
        let g = tanh(gate(2));
        let o = sigmoid(gate(3));
        let c = f * cell[j] + i * g;
        cell[j] = c;
        hidden[j] = to_int(o * tanh(c) * p.unit, LIMIT);
    }
}

#[inline(always)]
fn dots_body(x: &[f32], rows: &[f32], out: &mut [f32]) {
    let n = x.len();
    if n == 0 {
        return;
    }
    for (row, o) in rows.chunks_exact(n).zip(out.iter_mut()) {
        let mut lanes = [0.0f32; 16];
        for (a, b) in x.chunks_exact(16).zip(row.chunks_exact(16)) {
            for k in 0..16 {
                lanes[k] += a[k] * b[k];
            }
        }
        let mut sum = 0.0;
        for l in lanes {
            sum += l;
        }
        *o = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: usize, seed: u32) -> Vec<i32> {
        let mut s = seed;
        (0..n)
            .map(|_| {
                s = s.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (s >> 16) as i32 % 8000 - 4000
            })
            .collect()
    }

    #[test]
    fn tanh_is_close_everywhere() {
        for i in -2000..2000 {
            let x = i as f32 * 0.005;
            assert!((tanh(x) - x.tanh()).abs() < 2e-6, "{x}: {} {}", tanh(x), x.tanh());
        }
    }

    #[test]
    fn every_level_gives_the_same_bits() {
        let (n, h, t) = (96, 48, 5);
        let x: Vec<i16> = numbers(n * t, 1).iter().map(|&v| v as i16).collect();
        let w: Vec<i16> = numbers(n * 4 * h, 2).iter().map(|&v| (v / 32) as i16).collect();
        let scale: Vec<f32> = numbers(4 * h, 3).iter().map(|&v| v as f32 * 1e-10).collect();
        let bias: Vec<f32> = numbers(4 * h, 4).iter().map(|&v| v as f32 * 1e-4).collect();
        let run = |level| {
            let mut sums = vec![0; 4 * h * t];
            matmul(level, &w, &x, n, &mut sums);
            let (mut cell, mut hidden) = (vec![0.1; h], vec![0; h]);
            let gates = Gates { scale_in: &scale, scale_rec: &scale, bias: &bias, unit: 4096.0 };
            for s in sums.chunks(4 * h) {
                lstm_step(level, s, s, &gates, &mut cell, &mut hidden);
            }
            let mut f = vec![0.0; 4 * h * t];
            dequantise(level, &sums, &scale, &bias, &mut f);
            let mut q = vec![0; f.len()];
            quantise(level, &f, 1000.0, &mut q);
            let mut d = vec![0.0; 3];
            dots(level, &f[..h], &f[h..4 * h], &mut d);
            let bits: Vec<u32> = cell.iter().chain(&f).chain(&d).map(|v| v.to_bits()).collect();
            (sums, hidden, bits, q)
        };
        let want = run(Level::Portable);
        for level in Level::available() {
            assert_eq!(run(level), want, "{level:?}");
        }
    }
}
