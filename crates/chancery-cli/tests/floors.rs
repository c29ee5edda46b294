//! No score falls below its floor in `eval/baseline.json`. Needs the gold in `../shared` (or `$CHANCERY_SHARED`); says so where it is not.

use chancery::Coder;
use chancery::data::DataFiles;
use chancery_cli::eval::baseline::Baseline;
use std::path::{Path, PathBuf};

#[test]
fn no_score_is_below_its_floor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("CHANCERY_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let baseline = Baseline::load(&root.join("eval/baseline.json")).unwrap();
    assert!(!baseline.files.is_empty());
    let here: Vec<_> = baseline.files.iter().filter(|e| e.is_here(&shared)).collect();
    for entry in baseline.files.iter().filter(|e| !e.is_here(&shared)) {
        println!("skipped: {} or its texts are not here", entry.file(&shared).display());
    }
    if here.is_empty() {
        return;
    }
    let coder = Coder::new(&DataFiles::builtin()).unwrap();
    let mut breaches = Vec::new();
    for entry in here {
        let scored = entry.measure(&coder, &shared).unwrap();
        entry.check_gold(&scored).unwrap();
        for b in entry.breaches(&scored) {
            breaches.push(format!("{} {}: {} is {:?}, its floor {}", entry.task, entry.path, b.key, b.measured, b.floor));
        }
    }
    assert!(breaches.is_empty(), "{}\nA floor is lowered only on purpose: `just baseline --lower`", breaches.join("\n"));
}
