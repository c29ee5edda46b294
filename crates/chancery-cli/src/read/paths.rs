//! From what the command line names to files: folders, and patterns that the shell left alone.

use crate::Error;
use std::path::{Path, PathBuf};

/// Bytes of all files below `paths`; none where standard input or a page is among them, of which nobody knows the length.
pub fn size(paths: &[String]) -> Option<u64> {
    let bytes = |f: &Path| f.metadata().map_or(0, |m| m.len());
    let of = |p: &String| {
        let named = p != "-" && !is_url(p);
        named.then(|| below(p).iter().filter_map(|f| f.as_ref().ok()).map(|f| bytes(f)).sum::<u64>())
    };
    paths.iter().map(of).sum()
}

pub(super) fn is_url(path: &str) -> bool {
    let lower = path.get(..8).unwrap_or(path).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

/// The files that a path, a folder or a pattern ("reports/**/*.html") stands for, in order of name, and what is wrong with some of them.
/// A file of that very name goes before a pattern.
pub(super) fn below(path: &str) -> Vec<Result<PathBuf, Error>> {
    let named = Path::new(path);
    if named.exists() || !path.contains(['*', '?', '[']) {
        return visit(named);
    }
    let places = match glob::glob(path) {
        Ok(places) => places,
        Err(e) => {
            let e =
                Error::new("E0211", format!("the pattern cannot be read: {}", e.msg), path, "write * for any name, ** for folders below");
            return vec![Err(e)];
        }
    };
    let mut found: Vec<Result<PathBuf, Error>> = Vec::new();
    for place in places {
        match place {
            Ok(place) if hidden(&place) => {}
            Ok(place) => found.extend(visit(&place)),
            Err(e) => found.push(Err(cannot_open(e.path(), e.error()))),
        }
    }
    if found.is_empty() {
        found.push(Err(Error::new("E0211", "no file fits the pattern", path, "check it, and quote it if the shell should not touch it")));
    }
    found
}

fn hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
}

fn visit(path: &Path) -> Vec<Result<PathBuf, Error>> {
    if !path.is_dir() {
        return vec![Ok(path.to_owned())];
    }
    let (files, errors) = files_below(path);
    if files.is_empty() && errors.is_empty() {
        let e = Error::new("E0212", "the folder holds no files", show(path), "name a folder with reports in it, or the reports themselves");
        return vec![Err(e)];
    }
    errors.into_iter().map(Err).chain(files.into_iter().map(Ok)).collect()
}

/// Files below a folder, in order of path, and folders that cannot be listed. Hidden files are no reports,
/// and links to folders are not followed.
fn files_below(dir: &Path) -> (Vec<PathBuf>, Vec<Error>) {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(e) => {
                errors.push(cannot_open(&folder, &e));
                continue;
            }
        };
        for entry in entries.flatten().filter(|e| !e.file_name().to_string_lossy().starts_with('.')) {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ if entry.path().is_dir() => {}
                _ => found.push(entry.path()),
            }
        }
    }
    found.sort();
    (found, errors)
}

pub(super) fn show(path: &Path) -> String {
    path.display().to_string()
}

pub(super) fn cannot_open(path: &Path, e: &std::io::Error) -> Error {
    let (what, remedy) = match e.kind() {
        std::io::ErrorKind::NotFound => ("there is no such file or folder".to_owned(), "check the path"),
        std::io::ErrorKind::PermissionDenied => ("it may not be read".to_owned(), "check its permissions"),
        _ => (format!("it cannot be opened: {e}"), "check the file and its disk"),
    };
    Error::new("E0211", what, show(path), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("sub")).unwrap();
        for name in ["b.txt", "a.txt", "c.html", ".hidden.txt", "sub/d.txt", "what[1].txt"] {
            std::fs::write(at(name), "x").unwrap();
        }
        let found = |pattern: &str| {
            let found = below(at(pattern).to_str().unwrap());
            found
                .into_iter()
                .map(|f| f.map(|p| p.strip_prefix(folder.path()).unwrap().display().to_string()).map_err(|e| e.code))
                .collect::<Vec<_>>()
        };
        let ok = |names: &[&str]| names.iter().map(|n| Ok((*n).to_owned())).collect::<Vec<_>>();
        assert_eq!(found("?.txt"), ok(&["a.txt", "b.txt"]));
        assert_eq!(found("**/*.txt"), ok(&["a.txt", "b.txt", "sub/d.txt", "what[1].txt"]));
        assert_eq!(found("s*"), ok(&["sub/d.txt"]));
        assert_eq!(found("what[1].txt"), ok(&["what[1].txt"]));
        assert_eq!(found("*.pdf"), [Err("E0211")]);
        assert_eq!(found("a[.txt"), [Err("E0211")]);
        assert_eq!(found("no.txt"), ok(&["no.txt"]));
    }
}
