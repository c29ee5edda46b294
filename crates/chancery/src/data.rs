//! The knowledge files: compiled in from `data/`, or laid over ours by the caller.
//!
//! The core never opens a file: whoever has files hands over their paths and contents.

use crate::error::{Error, Result};
use crate::ids;
use std::borrow::Cow;
use std::collections::BTreeMap;

include!(concat!(env!("OUT_DIR"), "/data_files.rs"));

/// Paths (relative to `data/`, with `/`) and contents of the knowledge files.
#[derive(Debug, Clone)]
pub struct DataFiles {
    files: BTreeMap<String, Cow<'static, str>>,
}

impl DataFiles {
    /// The files this build was made with.
    pub fn builtin() -> Self {
        DataFiles { files: FILES.iter().map(|&(p, c)| (p.to_owned(), Cow::Borrowed(c))).collect() }
    }
    /// Adds a file; one of the same path is replaced.
    pub fn insert(&mut self, path: impl Into<String>, contents: String) {
        self.files.insert(path.into(), Cow::Owned(contents));
    }
    /// The file at `path`; E0101 where there is none.
    pub fn get(&self, path: &str) -> Result<&str> {
        self.files.get(path).map(|c| c.as_ref()).ok_or_else(|| {
            Error::new("E0101", "a knowledge file is missing", format!("data/{path}"), "restore it from the release, or leave out --data")
        })
    }
    /// Whether the file at `path` is the one this build was made with, and not the caller's.
    pub fn is_ours(&self, path: &str) -> bool {
        matches!(self.files.get(path), Some(Cow::Borrowed(_)))
    }
    /// The file at `path`, where there is one.
    pub fn find(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|c| c.as_ref())
    }
    /// Files below a folder (`actors/`), in order of path.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.files.range(folder.to_owned()..).take_while(move |(p, _)| p.starts_with(folder)).map(|(p, c)| (p.as_str(), c.as_ref()))
    }
    /// Hash of all paths and contents: `coder.data` of the record.
    pub fn hash(&self) -> String {
        let block = BLOCK_HASH.to_le_bytes();
        let files = self.files.iter().flat_map(|(p, c)| [p.as_bytes(), c.as_bytes()]);
        let fields: Vec<&[u8]> = files.chain([&block[..]]).collect();
        ids::content_id(&fields)
    }
}

/// 1-based line of byte `at` in `text`, for error messages.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|&b| b == b'\n').count()
}

/// Parses a TOML knowledge file; errors name file, line and what to do (E0102).
pub fn toml_file<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(0, |s| line_of(text, s.start));
        Error::new(
            "E0102",
            e.message().trim().to_owned(),
            format!("data/{path}, line {line}"),
            "mend the entry; the file's head comment lists its fields",
        )
    })
}
