//! The arithmetic of the network besides [`super::matrix`]: float steps in a fixed order.
//!
//! Every kernel is one portable function. On x86-64 the same function is compiled once more for wider registers and picked
//! at load time; integer sums do not depend on their order, and the float steps work element by element with plain
//! addition, multiplication and division (Rust never fuses them), so every path gives the same bits.

use super::matrix::ZERO;

/// One gate of an LSTM: sums of input and state, their scales, and the bias.
type Gate<'a> = (&'a [i32], &'a [i32], &'a [f32], &'a [f32], &'a [f32]);

/// Which compilation of the kernels this machine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with its integer dot products.
    #[cfg(target_arch = "x86_64")]
    Vnni,
}

impl Level {
    /// The fastest level this machine has.
    pub fn detect() -> Level {
        Level::available().last().copied().unwrap_or(Level::Portable)
    }

    /// All levels this machine can run, slowest first.
    pub fn available() -> Vec<Level> {
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
        let mut all = vec![Level::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                all.push(Level::Avx2);
            }
            let wide = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl");
            if all.len() == 2 && wide && is_x86_feature_detected!("avx512vnni") {
                all.push(Level::Vnni);
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
                fn wide($($arg: $ty),*) { $body($($arg),*) }
                match level {
                    // SAFETY: a level other than `Portable` is made only by `Level::detect` and `Level::available`,
                    // after the machine said it has these features.
                    Level::Avx2 => return unsafe { avx2($($arg),*) },
                    Level::Vnni => return unsafe { wide($($arg),*) },
                    Level::Portable => {}
                }
            }
            let _ = level;
            $body($($arg),*)
        }
    };
}

kernel! {
    /// `out[i] = clamp(round(x[i] * scale))` in ±[`LIMIT`].
    quantise, quantise_body(x: &[f32], scale: f32, out: &mut [i16])
}
kernel! {
    /// One LSTM step: gates `i f g o` (each `h` long) from input and recurrent sums; updates cell and hidden state, the
    /// latter in bytes from [`ZERO`].
    lstm_step, lstm_step_body(sums_in: &[i32], sums_rec: &[i32], p: &Gates<'_>, cell: &mut [f32], hidden: &mut [u8])
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

/// The nearest integer (even of two) of a number in ±[`LIMIT`], without a library call or a checked conversion: adding
/// 1.5 · 2²³ leaves no bits for a fraction.
#[inline(always)]
fn to_int(x: f32) -> i16 {
    const SHIFT: f32 = 12_582_912.0;
    (x.clamp(-LIMIT, LIMIT) + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits()) as i16
}

#[inline(always)]
fn quantise_body(x: &[f32], scale: f32, out: &mut [i16]) {
    for (x, o) in x.iter().zip(out) {
        *o = to_int(x * scale);
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

/// tanh(x) = `x * p / q` (error below 1e-6): numerator and denominator, from additions and multiplications.
#[inline(always)]
fn tanh_parts(x: f32) -> (f32, f32) {
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
    (x * p, q)
}

/// The logistic function as numerator and denominator: (q + p) / 2q of tanh at half the argument.
#[inline(always)]
fn sigmoid_parts(x: f32) -> (f32, f32) {
    let (p, q) = tanh_parts(x * 0.5);
    (q + p, q + q)
}

#[inline(always)]
fn lstm_step_body(sums_in: &[i32], sums_rec: &[i32], p: &Gates<'_>, cell: &mut [f32], hidden: &mut [u8]) {
    let h = cell.len();
    let Some(hidden) = hidden.get_mut(..h) else { return };
    let parts = |v: &'_ [i32]| -> Option<[std::ops::Range<usize>; 4]> {
        (v.len() >= 4 * h).then_some([0..h, h..2 * h, 2 * h..3 * h, 3 * h..4 * h])
    };
    let (Some([ri, rf, rg, ro]), Some(_)) = (parts(sums_in), parts(sums_rec)) else { return };
    if p.scale_in.len() < 4 * h || p.scale_rec.len() < 4 * h || p.bias.len() < 4 * h {
        return;
    }
    let gate = |r: std::ops::Range<usize>| {
        (&sums_in[r.clone()], &sums_rec[r.clone()], &p.scale_in[r.clone()], &p.scale_rec[r.clone()], &p.bias[r])
    };
    let (gi, gf, gg, go) = (gate(ri), gate(rf), gate(rg), gate(ro));
    for j in 0..h {
        let at = |g: &Gate| g.0[j] as f32 * g.2[j] + g.1[j] as f32 * g.3[j] + g.4[j];
        // fractions are brought to one denominator: a division costs more than all the rest
        let (i_n, i_d) = sigmoid_parts(at(&gi));
        let (f_n, f_d) = sigmoid_parts(at(&gf));
        let (g_n, g_d) = tanh_parts(at(&gg));
        let ig_d = i_d * g_d;
        let c = (f_n * cell[j] * ig_d + i_n * g_n * f_d) / (f_d * ig_d);
        cell[j] = c;
        let (o_n, o_d) = sigmoid_parts(at(&go));
        let (c_n, c_d) = tanh_parts(c);
        hidden[j] = (to_int(o_n * c_n / (o_d * c_d) * p.unit) + i16::from(ZERO)).clamp(1, 255) as u8;
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
    use super::super::matrix::Matrix;
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
            let (p, q) = tanh_parts(x);
            assert!((p / q - x.tanh()).abs() < 2e-6, "{x}: {} {}", p / q, x.tanh());
            let (p, q) = sigmoid_parts(x);
            assert!((p / q - 1.0 / (1.0 + (-x).exp())).abs() < 2e-6, "{x}: {}", p / q);
        }
    }

    #[test]
    fn every_level_gives_the_same_bits() {
        let (n, h, t) = (96, 48, 5);
        let x: Vec<i16> = numbers(n * t, 1).iter().map(|&v| v as i16).collect();
        let w: Vec<i8> = numbers(n * 4 * h, 2).iter().map(|&v| (v / 32) as i8).collect();
        let w = Matrix::pack(&w, n);
        let scale: Vec<f32> = numbers(4 * h, 3).iter().map(|&v| v as f32 * 1e-10).collect();
        let bias: Vec<f32> = numbers(4 * h, 4).iter().map(|&v| v as f32 * 1e-4).collect();
        let run = |level| {
            let mut sums = vec![0; 4 * h * t];
            w.mul(level, &x, &mut sums);
            let (mut cell, mut hidden) = (vec![0.1; h], vec![0; h]);
            let gates = Gates { scale_in: &scale, scale_rec: &scale, bias: &bias, unit: 127.0 };
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
