//! The coder with the caller's knowledge laid over ours.

use crate::cli::KnowledgeArgs;
use crate::{Error, Result};
use chancery::Coder;
use chancery::data::DataFiles;
use std::fs;
use std::path::Path;

/// Loads the coder. Errors name the file and what to do.
pub fn load(args: &KnowledgeArgs) -> Result<Coder> {
    compile(&files(args)?, args)
}

/// The coder of these files. An error in one of the caller's names it as the caller does.
pub fn compile(files: &DataFiles, args: &KnowledgeArgs) -> Result<Coder> {
    Coder::new(files).map_err(|e| named(e, args))
}

/// The error with the caller's own file in place of the one it is laid over.
pub fn named(mut e: Error, args: &KnowledgeArgs) -> Error {
    e.place = place(&e.place, args);
    e
}

/// The place of an entry (`data/actors/x.tsv, line 3`) as the caller names the file.
pub fn place(place: &str, args: &KnowledgeArgs) -> String {
    for (n, file) in args.actors.iter().enumerate() {
        let laid = format!("data/{}", further(n));
        if place.starts_with(&laid) {
            return place.replacen(&laid, &file.display().to_string(), 1);
        }
    }
    if let Some(rest) = place.strip_prefix("data/")
        && let Some(dir) = &args.data
        && dir.join(rest.split(", line").next().unwrap_or(rest)).exists()
    {
        return dir.join(rest).display().to_string();
    }
    place.to_owned()
}

/// Where the n-th file of `--actors` is laid: a mixed file, each line of which begins with the name of its table.
fn further(n: usize) -> String {
    format!("actors/further/{n:03}.tsv")
}

/// The knowledge files: ours, then `--data`, then `--actors`.
pub fn files(args: &KnowledgeArgs) -> Result<DataFiles> {
    let mut files = DataFiles::builtin();
    if let Some(dir) = &args.data {
        if !dir.is_dir() {
            return Err(Error::new(
                "E0103",
                "there is no such folder",
                dir.display().to_string(),
                "give --data a folder laid out like data/",
            ));
        }
        overlay(&mut files, dir, "")?;
    }
    for (n, file) in args.actors.iter().enumerate() {
        files.insert(further(n), text(file)?);
    }
    Ok(files)
}

fn overlay(files: &mut DataFiles, dir: &Path, below: &str) -> Result<()> {
    let unreadable =
        |e: std::io::Error| Error::new("E0103", format!("cannot be read: {e}"), dir.display().to_string(), "check its permissions");
    let mut entries: Vec<_> = fs::read_dir(dir).map_err(unreadable)?.collect::<std::io::Result<_>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            overlay(files, &path, &format!("{name}/"))?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv") {
            files.insert(name, text(&path)?);
        }
    }
    Ok(())
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|e| {
        Error::new(
            "E0103",
            format!("a knowledge file cannot be read: {e}"),
            path.display().to_string(),
            "check the path; it must be UTF-8 text",
        )
    })
}
