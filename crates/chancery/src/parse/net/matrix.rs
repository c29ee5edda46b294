//! Matrices of 8-bit weights times 16-bit activations, summed in 32 bits: nine tenths of the network's work.
//!
//! Rows are packed in blocks of 16 and inputs in pairs, so that one multiply-add instruction serves 16 rows and two inputs
//! and no sum is ever taken across a register. Sums wrap in no case the loader lets pass, so any order gives the same bits.

use super::kernels::Level;

/// Rows in a block: 32-bit sums in the widest register.
const LANES: usize = 16;

/// A packed matrix.
#[derive(Debug)]
pub struct Matrix {
    /// Block by block, pair of inputs by pair, row by row of the block, two weights.
    w: Vec<i16>,
    n: usize,
    rows: usize,
}

impl Matrix {
    /// Packs `rows × n` weights given row by row; `n` is made even and the rows a multiple of 16 with zeros.
    pub fn pack(weights: &[i8], n: usize) -> Matrix {
        let rows = weights.len().checked_div(n).unwrap_or(0);
        let (blocks, pairs) = (rows.div_ceil(LANES), n.div_ceil(2));
        let mut w = vec![0i16; blocks * pairs * LANES * 2];
        for (r, row) in weights.chunks_exact(n.max(1)).enumerate() {
            for (k, &v) in row.iter().enumerate() {
                if let Some(slot) = w.get_mut((((r / LANES) * pairs + k / 2) * LANES + r % LANES) * 2 + k % 2) {
                    *slot = i16::from(v);
                }
            }
        }
        Matrix { w, n, rows }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }
    pub fn inputs(&self) -> usize {
        self.n
    }

    /// `out[t][r] = sum_k w[r][k] * x[t][k]`: `x` is steps × n, `out` steps × rows. Nothing is written where sizes do not fit.
    pub fn mul(&self, level: Level, x: &[i16], out: &mut [i32]) {
        if self.n == 0 || self.rows == 0 || !self.n.is_multiple_of(2) {
            return;
        }
        let steps = x.len() / self.n;
        if out.len() < steps * self.rows {
            return;
        }
        match level {
            // SAFETY: `Level` values other than `Portable` come from `Level::available`, after the machine said it has the
            // features; sizes were checked above and by `pack`.
            #[cfg(target_arch = "x86_64")]
            Level::Vnni => unsafe { x86::vnni(self, x, steps, out) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { x86::avx2(self, x, steps, out) },
            Level::Portable => self.portable(x, out),
        }
    }

    fn portable(&self, x: &[i16], out: &mut [i32]) {
        let pairs = self.n / 2;
        for (x, out) in x.chunks_exact(self.n).zip(out.chunks_exact_mut(self.rows)) {
            for (w, out) in self.w.chunks_exact(pairs * LANES * 2).zip(out.chunks_mut(LANES)) {
                let mut sums = [0i32; LANES];
                for (w, x) in w.chunks_exact(LANES * 2).zip(x.chunks_exact(2)) {
                    let (a, b) = (i32::from(x[0]), i32::from(x[1]));
                    for (s, w) in sums.iter_mut().zip(w.chunks_exact(2)) {
                        *s = s.wrapping_add(i32::from(w[0]) * a + i32::from(w[1]) * b);
                    }
                }
                for (o, s) in out.iter_mut().zip(sums) {
                    *o = s;
                }
            }
        }
    }
}

/// The same sums in wide registers.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{LANES, Matrix};
    use std::arch::x86_64::*;

    /// # Safety
    /// The machine has the features; `x` holds `steps * m.n` values, `out` `steps * m.rows`, `m.n` is even.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
    pub unsafe fn vnni(m: &Matrix, x: &[i16], steps: usize, out: &mut [i32]) {
        let blocks = m.rows.div_ceil(LANES);
        let mut b = 0;
        while b < blocks {
            let wide = if blocks - b >= 4 { 4 } else { 1 };
            let mut t = 0;
            while t < steps {
                let high = (steps - t).min(6);
                // SAFETY: blocks b..b+wide and steps t..t+high are inside.
                unsafe {
                    match (wide, high) {
                        (4, 6) => tile512::<4, 6>(m, x, b, t, out),
                        (4, 5) => tile512::<4, 5>(m, x, b, t, out),
                        (4, 4) => tile512::<4, 4>(m, x, b, t, out),
                        (4, 3) => tile512::<4, 3>(m, x, b, t, out),
                        (4, 2) => tile512::<4, 2>(m, x, b, t, out),
                        (4, _) => tile512::<4, 1>(m, x, b, t, out),
                        (_, 6) => tile512::<1, 6>(m, x, b, t, out),
                        (_, 5) => tile512::<1, 5>(m, x, b, t, out),
                        (_, 4) => tile512::<1, 4>(m, x, b, t, out),
                        (_, 3) => tile512::<1, 3>(m, x, b, t, out),
                        (_, 2) => tile512::<1, 2>(m, x, b, t, out),
                        _ => tile512::<1, 1>(m, x, b, t, out),
                    }
                }
                t += high;
            }
            b += wide;
        }
    }

    /// Blocks `b..b+B` for steps `t..t+T`.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
    #[inline]
    unsafe fn tile512<const B: usize, const T: usize>(m: &Matrix, x: &[i16], b: usize, t: usize, out: &mut [i32]) {
        let pairs = m.n / 2;
        // SAFETY: the caller keeps b, t inside; a block is `pairs * 32` weights, a step `n` values.
        unsafe {
            let w = m.w.as_ptr().add(b * pairs * LANES * 2);
            let x = x.as_ptr().add(t * m.n);
            let mut acc = [[_mm512_setzero_si512(); B]; T];
            for k in 0..pairs {
                let mut row = [_mm512_setzero_si512(); B];
                for (j, r) in row.iter_mut().enumerate() {
                    *r = _mm512_loadu_si512(w.add((j * pairs + k) * LANES * 2).cast());
                }
                for (s, a) in acc.iter_mut().enumerate() {
                    let pair = _mm512_set1_epi32(x.add(s * m.n + 2 * k).cast::<i32>().read_unaligned());
                    for (a, r) in a.iter_mut().zip(row) {
                        *a = _mm512_dpwssd_epi32(*a, r, pair);
                    }
                }
            }
            for (s, a) in acc.iter().enumerate() {
                for (j, &v) in a.iter().enumerate() {
                    let from = (b + j) * LANES;
                    let left = m.rows - from;
                    let to = out.as_mut_ptr().add((t + s) * m.rows + from);
                    let mask = if left >= LANES { u16::MAX } else { (1u16 << left) - 1 };
                    _mm512_mask_storeu_epi32(to, mask, v);
                }
            }
        }
    }

    /// # Safety
    /// As [`vnni`].
    #[target_feature(enable = "avx2")]
    pub unsafe fn avx2(m: &Matrix, x: &[i16], steps: usize, out: &mut [i32]) {
        let blocks = m.rows.div_ceil(LANES);
        for b in 0..blocks {
            let mut t = 0;
            while t < steps {
                let high = (steps - t).min(6);
                // SAFETY: block b and steps t..t+high are inside.
                unsafe {
                    match high {
                        6 => tile256::<6>(m, x, b, t, out),
                        5 => tile256::<5>(m, x, b, t, out),
                        4 => tile256::<4>(m, x, b, t, out),
                        3 => tile256::<3>(m, x, b, t, out),
                        2 => tile256::<2>(m, x, b, t, out),
                        _ => tile256::<1>(m, x, b, t, out),
                    }
                }
                t += high;
            }
        }
    }

    /// Block `b` (two registers) for steps `t..t+T`: with six steps twelve sums, two rows and a pair fill the sixteen registers.
    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn tile256<const T: usize>(m: &Matrix, x: &[i16], b: usize, t: usize, out: &mut [i32]) {
        let pairs = m.n / 2;
        // SAFETY: as in `tile512`; a whole block of rows is inside where it is stored at once.
        unsafe {
            let w = m.w.as_ptr().add(b * pairs * LANES * 2);
            let x = x.as_ptr().add(t * m.n);
            let mut acc = [[_mm256_setzero_si256(); 2]; T];
            for k in 0..pairs {
                let row = [_mm256_loadu_si256(w.add(k * 32).cast()), _mm256_loadu_si256(w.add(k * 32 + 16).cast())];
                for (s, a) in acc.iter_mut().enumerate() {
                    let pair = _mm256_set1_epi32(x.add(s * m.n + 2 * k).cast::<i32>().read_unaligned());
                    a[0] = _mm256_add_epi32(a[0], _mm256_madd_epi16(row[0], pair));
                    a[1] = _mm256_add_epi32(a[1], _mm256_madd_epi16(row[1], pair));
                }
            }
            let left = m.rows - b * LANES;
            for (s, a) in acc.iter().enumerate() {
                let from = (t + s) * m.rows + b * LANES;
                if left >= LANES {
                    let to = out.as_mut_ptr().add(from);
                    _mm256_storeu_si256(to.cast(), a[0]);
                    _mm256_storeu_si256(to.add(8).cast(), a[1]);
                } else {
                    let mut sums = [0i32; LANES];
                    _mm256_storeu_si256(sums.as_mut_ptr().cast(), a[0]);
                    _mm256_storeu_si256(sums.as_mut_ptr().add(8).cast(), a[1]);
                    out[from..from + left].copy_from_slice(&sums[..left]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_gives_the_plain_sum() {
        for (n, rows, steps) in [(2, 1, 1), (32, 16, 3), (66, 53, 7), (128, 640, 13), (320, 74, 1)] {
            let w: Vec<i8> = (0..n * rows).map(|i| ((i * 7919) % 255) as u8 as i8).collect();
            let x: Vec<i16> = (0..n * steps).map(|i| ((i * 104_729) % 65_535) as u16 as i16).collect();
            let m = Matrix::pack(&w, n);
            assert_eq!((m.rows(), m.inputs()), (rows, n));
            let mut want = vec![0i32; rows * steps];
            for t in 0..steps {
                for r in 0..rows {
                    want[t * rows + r] = (0..n).map(|k| i32::from(w[r * n + k]) * i32::from(x[t * n + k])).fold(0, i32::wrapping_add);
                }
            }
            for level in Level::available() {
                let mut got = vec![0i32; rows * steps];
                m.mul(level, &x, &mut got);
                assert_eq!(got, want, "{level:?} {n} {rows} {steps}");
            }
        }
    }
}
