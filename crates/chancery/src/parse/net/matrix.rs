//! Matrices of 8-bit weights times activations of 16 or 8 bits, summed in 32 bits: most of the network's work.
//!
//! Rows are packed in blocks of 16 and inputs in groups of four bytes (two of 16 bits, four of 8), so that one multiply-add
//! instruction serves 16 rows and a group of inputs, and no sum is ever taken across a register. Sums wrap in no case the
//! loader lets pass, so any order gives the same bits.
//!
//! An activation of 8 bits is kept as a byte with [`ZERO`] added, which is what the widest instruction multiplies; its
//! sums begin at what that adds too much. The others take it off first.

use super::kernels::Level;

/// Rows in a block: 32-bit sums in the widest register.
const LANES: usize = 16;

/// What stands for 0 in an activation of 8 bits; 1 stands for -127, 255 for 127.
pub const ZERO: u8 = 128;

/// A packed matrix.
#[derive(Debug)]
pub struct Matrix {
    w: Packed,
    n: usize,
    rows: usize,
    /// What the sum of each row begins with where the byte is taken as it is; whole blocks.
    start: Vec<i32>,
}

/// Weights block by block, group of inputs by group, row by row of the block.
#[derive(Debug)]
enum Packed {
    /// For activations of 16 bits, two weights a group.
    Words(Vec<i16>),
    /// For activations of 8 bits, four weights a group, none of them -128.
    Bytes(Vec<i8>),
}

impl Matrix {
    /// Packs `rows × n` weights given row by row for activations of 16 bits; `n` is made even and the rows a multiple of 16 with zeros.
    pub fn pack(weights: &[i8], n: usize) -> Matrix {
        let rows = weights.len().checked_div(n).unwrap_or(0);
        Matrix { w: Packed::Words(arrange(weights, n, 2, i16::from)), n, rows, start: Vec::new() }
    }

    /// The same for activations of 8 bits, `n` made a multiple of four. None where a weight is -128, which has no opposite.
    pub fn pack_bytes(weights: &[i8], n: usize) -> Option<Matrix> {
        if weights.contains(&i8::MIN) {
            return None;
        }
        let rows = weights.len().checked_div(n).unwrap_or(0);
        let mut start: Vec<i32> =
            weights.chunks_exact(n.max(1)).map(|row| -i32::from(ZERO) * row.iter().map(|&w| i32::from(w)).sum::<i32>()).collect();
        start.resize(rows.next_multiple_of(LANES), 0);
        Some(Matrix { w: Packed::Bytes(arrange(weights, n, 4, |v| v)), n, rows, start })
    }

    pub fn rows(&self) -> usize {
        self.rows
    }
    pub fn inputs(&self) -> usize {
        self.n
    }

    /// `out[t][r] = sum_k w[r][k] * x[t][k]`: `x` is steps × n, `out` steps × rows. Nothing is written where sizes do not
    /// fit or the matrix was packed for the other kind.
    pub fn mul(&self, level: Level, x: &[i16], out: &mut [i32]) {
        let Packed::Words(w) = &self.w else { return };
        let Some(steps) = self.steps(x.len(), 2, out.len()) else { return };
        match level {
            // SAFETY: `Level` values other than `Portable` come from `Level::available`, after the machine said it has the
            // features; sizes were checked above and by `arrange`.
            #[cfg(target_arch = "x86_64")]
            Level::Vnni => unsafe { x86::vnni::<false>(self, w.as_ptr().cast(), x.as_ptr().cast(), steps, out) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { x86::avx2::<false>(self, w.as_ptr().cast(), x.as_ptr().cast(), steps, out) },
            Level::Portable => self.portable(w, 2, x, out, |w, x| i32::from(w) * i32::from(x)),
        }
    }

    /// As [`Matrix::mul`], of activations of 8 bits: `out[t][r] = sum_k w[r][k] * (x[t][k] - ZERO)`.
    pub fn mul_bytes(&self, level: Level, x: &[u8], out: &mut [i32]) {
        let Packed::Bytes(w) = &self.w else { return };
        let Some(steps) = self.steps(x.len(), 4, out.len()) else { return };
        match level {
            // SAFETY: as in `mul`; `start` has a value for every row of every block.
            #[cfg(target_arch = "x86_64")]
            Level::Vnni => unsafe { x86::vnni::<true>(self, w.as_ptr().cast(), x.as_ptr(), steps, out) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { x86::avx2::<true>(self, w.as_ptr().cast(), x.as_ptr(), steps, out) },
            Level::Portable => self.portable(w, 4, x, out, |w, x| i32::from(w) * (i32::from(x) - i32::from(ZERO))),
        }
    }

    /// Steps in `len` inputs, where they and `room` fit the matrix.
    fn steps(&self, len: usize, group: usize, room: usize) -> Option<usize> {
        let fits = self.n > 0 && self.rows > 0 && self.n.is_multiple_of(group);
        let steps = len.checked_div(self.n)?;
        (fits && room >= steps * self.rows).then_some(steps)
    }

    fn portable<W: Copy, X: Copy>(&self, w: &[W], group: usize, x: &[X], out: &mut [i32], times: impl Fn(W, X) -> i32) {
        for (x, out) in x.chunks_exact(self.n).zip(out.chunks_exact_mut(self.rows)) {
            for (w, out) in w.chunks_exact(self.n * LANES).zip(out.chunks_mut(LANES)) {
                let mut sums = [0i32; LANES];
                for (w, x) in w.chunks_exact(LANES * group).zip(x.chunks_exact(group)) {
                    for (s, w) in sums.iter_mut().zip(w.chunks_exact(group)) {
                        for (&w, &x) in w.iter().zip(x) {
                            *s = s.wrapping_add(times(w, x));
                        }
                    }
                }
                for (o, s) in out.iter_mut().zip(sums) {
                    *o = s;
                }
            }
        }
    }
}

/// Weights in the order the kernels read them.
fn arrange<W: Copy + Default>(weights: &[i8], n: usize, group: usize, of: impl Fn(i8) -> W) -> Vec<W> {
    let rows = weights.len().checked_div(n).unwrap_or(0);
    let (blocks, groups) = (rows.div_ceil(LANES), n.div_ceil(group));
    let mut w = vec![W::default(); blocks * groups * LANES * group];
    for (r, row) in weights.chunks_exact(n.max(1)).enumerate() {
        for (k, &v) in row.iter().enumerate() {
            if let Some(slot) = w.get_mut((((r / LANES) * groups + k / group) * LANES + r % LANES) * group + k % group) {
                *slot = of(v);
            }
        }
    }
    w
}

/// The same sums in wide registers. A group is four bytes of a step and 64 of a block, of either kind; `BYTES` says which.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{LANES, Matrix};
    use std::arch::x86_64::*;

    /// Bytes of a group of a step and of a block.
    const STEP: usize = 4;
    const BLOCK: usize = LANES * STEP;

    fn groups<const BYTES: bool>(m: &Matrix) -> usize {
        if BYTES { m.n / 4 } else { m.n / 2 }
    }

    /// # Safety
    /// The machine has the features; `w` are the weights of `m`, packed for this kind; `x` holds `steps * m.n` activations,
    /// `out` `steps * m.rows`; `m.n` is a multiple of the inputs of a group, and `m.start` is filled where `BYTES`.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
    pub unsafe fn vnni<const BYTES: bool>(m: &Matrix, w: *const u8, x: *const u8, steps: usize, out: &mut [i32]) {
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
                        (4, 6) => tile512::<BYTES, 4, 6>(m, w, x, b, t, out),
                        (4, 5) => tile512::<BYTES, 4, 5>(m, w, x, b, t, out),
                        (4, 4) => tile512::<BYTES, 4, 4>(m, w, x, b, t, out),
                        (4, 3) => tile512::<BYTES, 4, 3>(m, w, x, b, t, out),
                        (4, 2) => tile512::<BYTES, 4, 2>(m, w, x, b, t, out),
                        (4, _) => tile512::<BYTES, 4, 1>(m, w, x, b, t, out),
                        (_, 6) => tile512::<BYTES, 1, 6>(m, w, x, b, t, out),
                        (_, 5) => tile512::<BYTES, 1, 5>(m, w, x, b, t, out),
                        (_, 4) => tile512::<BYTES, 1, 4>(m, w, x, b, t, out),
                        (_, 3) => tile512::<BYTES, 1, 3>(m, w, x, b, t, out),
                        (_, 2) => tile512::<BYTES, 1, 2>(m, w, x, b, t, out),
                        _ => tile512::<BYTES, 1, 1>(m, w, x, b, t, out),
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
    unsafe fn tile512<const BYTES: bool, const B: usize, const T: usize>(
        m: &Matrix,
        w: *const u8,
        x: *const u8,
        b: usize,
        t: usize,
        out: &mut [i32],
    ) {
        let groups = groups::<BYTES>(m);
        // SAFETY: the caller keeps b, t inside; a block is `groups` times BLOCK bytes, a step `groups` times STEP.
        unsafe {
            let w = w.add(b * groups * BLOCK);
            let x = x.add(t * groups * STEP);
            let mut acc = [[_mm512_setzero_si512(); B]; T];
            if BYTES {
                let mut begin = [_mm512_setzero_si512(); B];
                for (j, v) in begin.iter_mut().enumerate() {
                    *v = _mm512_loadu_si512(m.start.as_ptr().add((b + j) * LANES).cast());
                }
                acc = [begin; T];
            }
            for k in 0..groups {
                let mut row = [_mm512_setzero_si512(); B];
                for (j, r) in row.iter_mut().enumerate() {
                    *r = _mm512_loadu_si512(w.add((j * groups + k) * BLOCK).cast());
                }
                for (s, a) in acc.iter_mut().enumerate() {
                    let group = _mm512_set1_epi32(x.add((s * groups + k) * STEP).cast::<i32>().read_unaligned());
                    for (a, r) in a.iter_mut().zip(row) {
                        *a = if BYTES { _mm512_dpbusd_epi32(*a, group, r) } else { _mm512_dpwssd_epi32(*a, r, group) };
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
    pub unsafe fn avx2<const BYTES: bool>(m: &Matrix, w: *const u8, x: *const u8, steps: usize, out: &mut [i32]) {
        let blocks = m.rows.div_ceil(LANES);
        for b in 0..blocks {
            let mut t = 0;
            while t < steps {
                let high = (steps - t).min(6);
                // SAFETY: block b and steps t..t+high are inside.
                unsafe {
                    match high {
                        6 => tile256::<BYTES, 6>(m, w, x, b, t, out),
                        5 => tile256::<BYTES, 5>(m, w, x, b, t, out),
                        4 => tile256::<BYTES, 4>(m, w, x, b, t, out),
                        3 => tile256::<BYTES, 3>(m, w, x, b, t, out),
                        2 => tile256::<BYTES, 2>(m, w, x, b, t, out),
                        _ => tile256::<BYTES, 1>(m, w, x, b, t, out),
                    }
                }
                t += high;
            }
        }
    }

    /// Eight rows' products with a group, added up. Of 8 bits, the sign goes to the weight: two products of a byte below
    /// 128 with a weight then fit 16 bits.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn products<const BYTES: bool>(row: __m256i, group: __m256i, size: __m256i) -> __m256i {
        if BYTES {
            _mm256_madd_epi16(_mm256_maddubs_epi16(size, _mm256_sign_epi8(row, group)), _mm256_set1_epi16(1))
        } else {
            _mm256_madd_epi16(row, group)
        }
    }

    /// Block `b` (two registers) for steps `t..t+T`: with six steps twelve sums, two rows and a group fill the sixteen registers.
    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn tile256<const BYTES: bool, const T: usize>(m: &Matrix, w: *const u8, x: *const u8, b: usize, t: usize, out: &mut [i32]) {
        let groups = groups::<BYTES>(m);
        // SAFETY: as in `tile512`; a whole block of rows is inside where it is stored at once.
        unsafe {
            let w = w.add(b * groups * BLOCK);
            let x = x.add(t * groups * STEP);
            let mut acc = [[_mm256_setzero_si256(); 2]; T];
            for k in 0..groups {
                let row = [_mm256_loadu_si256(w.add(k * BLOCK).cast()), _mm256_loadu_si256(w.add(k * BLOCK + BLOCK / 2).cast())];
                for (s, a) in acc.iter_mut().enumerate() {
                    let mut group = _mm256_set1_epi32(x.add((s * groups + k) * STEP).cast::<i32>().read_unaligned());
                    if BYTES {
                        group = _mm256_xor_si256(group, _mm256_set1_epi8(i8::MIN));
                    }
                    let size = _mm256_abs_epi8(group);
                    a[0] = _mm256_add_epi32(a[0], products::<BYTES>(row[0], group, size));
                    a[1] = _mm256_add_epi32(a[1], products::<BYTES>(row[1], group, size));
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

    #[test]
    fn every_level_gives_the_plain_sum_of_bytes() {
        for (n, rows, steps) in [(4, 1, 1), (32, 16, 3), (68, 53, 7), (128, 640, 13), (256, 74, 1)] {
            // all extremes meet: a weight of ±127 with bytes of 1 and 255
            let w: Vec<i8> = (0..n * rows).map(|i| (((i * 7919) % 255) as i32 - 127) as i8).collect();
            let x: Vec<u8> = (0..n * steps).map(|i| if i % 5 < 2 { [1, 255][i % 2] } else { ((i * 104_729) % 255) as u8 + 1 }).collect();
            let m = Matrix::pack_bytes(&w, n).unwrap();
            assert_eq!((m.rows(), m.inputs()), (rows, n));
            let mut want = vec![0i32; rows * steps];
            for t in 0..steps {
                for r in 0..rows {
                    want[t * rows + r] = (0..n).map(|k| i32::from(w[r * n + k]) * (i32::from(x[t * n + k]) - 128)).sum();
                }
            }
            for level in Level::available() {
                let mut got = vec![0i32; rows * steps];
                m.mul_bytes(level, &x, &mut got);
                assert_eq!(got, want, "{level:?} {n} {rows} {steps}");
                m.mul(level, &[1; 256], &mut got);
                assert_eq!(got, want, "a matrix of the other kind");
            }
        }
        assert!(Matrix::pack_bytes(&[-128, 0, 0, 0], 4).is_none());
    }
}
