//! Compiles the knowledge in `data/` into the crate: a table of (path, contents),
//! sorted by path so that every build of the same tree is the same; and the towns and divisions of
//! `data/places/`, too many to be read at every start, as a block that is searched where it lies.

#[allow(dead_code)]
#[path = "src/mention/actors/fold.rs"]
mod fold;
#[allow(dead_code)]
#[path = "src/place/index.rs"]
mod index;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Tables that go into the block.
const BLOCK: [&str; 2] = ["places/divisions.tsv", "places/cities.tsv"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../data");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut out = String::from("pub(crate) static FILES: &[(&str, &str)] = &[\n");
    for file in files {
        let name = file.strip_prefix(&root).expect("collected below root").to_string_lossy().replace('\\', "/");
        if BLOCK.contains(&name.as_str()) {
            continue;
        }
        out.push_str(&format!("    ({name:?}, include_str!({:?})),\n", fs::canonicalize(&file)?));
    }
    out.push_str("];\n");
    let target = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let [divisions, cities] = BLOCK.map(|file| fs::read_to_string(root.join(file)));
    let block = index::build(&divisions?, &cities?).map_err(|(city, (line, field, what))| {
        io::Error::other(format!("data/{}, line {line}, {field}: {what}", BLOCK[usize::from(city)]))
    })?;
    // Part of the hash of all knowledge, which the block itself would take too long to hash.
    out.push_str(&format!("pub(crate) const BLOCK_HASH: u64 = {};\n", fold::hash(&block)));
    fs::write(target.join("places.bin"), block)?;
    fs::write(target.join("data_files.rs"), out)
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", dir.display());
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv") {
            files.push(path);
        }
    }
    Ok(())
}
