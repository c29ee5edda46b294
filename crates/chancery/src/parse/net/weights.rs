//! The weights file: named arrays, read in place.
//!
//! Layout (little-endian): magic `CHSYN001`; then per array a name length `u8`, the name, a kind `u8` (0 = i8, 1 = f32,
//! 2 = text), a number of dimensions `u8`, each dimension `u32`, and the data.

use crate::error::{Error, Result};
use std::collections::BTreeMap;

const MAGIC: &[u8] = b"CHSYN001";

/// One array of the file.
#[derive(Debug, Clone, Copy)]
pub struct Array<'a> {
    kind: u8,
    dims: [usize; 2],
    data: &'a [u8],
}

/// The arrays of a weights file by name.
#[derive(Debug)]
pub struct Weights<'a> {
    arrays: BTreeMap<&'a str, Array<'a>>,
}

fn broken(what: &str, place: &str) -> Error {
    Error::new("E0301", what, place, "use the weights file of this release, or make it anew with tools/train")
}

impl<'a> Weights<'a> {
    /// Reads the table of arrays; the data stay where they are. E0301 where the file is damaged.
    pub fn read(bytes: &'a [u8]) -> Result<Weights<'a>> {
        let mut at = bytes.strip_prefix(MAGIC).ok_or_else(|| broken("this is no syntax model", "first bytes"))?;
        let mut arrays = BTreeMap::new();
        while !at.is_empty() {
            let place = bytes.len() - at.len();
            let (name, array, rest) = Self::array(at).ok_or_else(|| broken("the syntax model is cut off", &format!("byte {place}")))?;
            arrays.insert(name, array);
            at = rest;
        }
        Ok(Weights { arrays })
    }

    fn array(b: &'a [u8]) -> Option<(&'a str, Array<'a>, &'a [u8])> {
        let (&n, b) = b.split_first()?;
        let (name, b) = b.split_at_checked(usize::from(n))?;
        let (&kind, b) = b.split_first()?;
        let (&rank, mut b) = b.split_first()?;
        let mut dims = [1usize; 2];
        for k in 0..usize::from(rank) {
            let (d, rest) = b.split_first_chunk::<4>()?;
            *dims.get_mut(k)? = u32::from_le_bytes(*d) as usize;
            b = rest;
        }
        let count = dims[0].checked_mul(dims[1])?;
        let len = if kind == 1 { count.checked_mul(4)? } else { count };
        let (data, b) = b.split_at_checked(len)?;
        Some((std::str::from_utf8(name).ok()?, Array { kind, dims, data }, b))
    }

    fn get(&self, name: &str, kind: u8) -> Result<Array<'a>> {
        self.arrays.get(name).copied().filter(|a| a.kind == kind).ok_or_else(|| broken("the syntax model lacks an array", name))
    }
    /// An array of floats.
    pub fn floats(&self, name: &str) -> Result<Vec<f32>> {
        let (four, _) = self.get(name, 1)?.data.as_chunks::<4>();
        Ok(four.iter().map(|&c| f32::from_le_bytes(c)).collect())
    }
    /// A table of bytes with its row length.
    pub fn bytes(&self, name: &str) -> Result<(&'a [u8], usize)> {
        let a = self.get(name, 0)?;
        Ok((a.data, a.dims[1]))
    }
    /// A matrix of signed 8-bit weights with its row length.
    pub fn signed(&self, name: &str) -> Result<(Vec<i8>, usize)> {
        let (data, n) = self.bytes(name)?;
        Ok((data.iter().map(|&b| b as i8).collect(), n))
    }
    /// Lines of text.
    pub fn lines(&self, name: &str) -> Result<impl Iterator<Item = &'a str> + use<'a>> {
        let text = std::str::from_utf8(self.get(name, 2)?.data).map_err(|_| broken("a list of the syntax model is not text", name))?;
        Ok(text.split('\n'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_an_error_not_a_panic() {
        assert!(Weights::read(b"").is_err());
        assert!(Weights::read(b"something else").is_err());
        let mut file = MAGIC.to_vec();
        file.extend([1, b'x', 1, 1, 2, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64]);
        assert_eq!(Weights::read(&file).unwrap().floats("x").unwrap(), [1.0, 2.0]);
        for cut in 9..file.len() {
            assert_eq!(Weights::read(&file[..cut]).unwrap_err().code, "E0301");
        }
    }
}
