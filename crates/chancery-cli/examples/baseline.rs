//! Measures this build on all gold of `eval/baseline.json` and rewrites it: `just baseline`.
//! Floors rise with what is measured; `--lower` lets them fall. `--shared DIR` says where the gold lies (`../shared`).

use chancery::Coder;
use chancery::data::DataFiles;
use chancery_cli::eval::baseline::Baseline;
use std::path::{Path, PathBuf};

fn main() -> chancery_cli::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let lower = args.iter().any(|a| a == "--lower");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared =
        args.iter().position(|a| a == "--shared").and_then(|i| args.get(i + 1)).map_or_else(|| root.join("../shared"), PathBuf::from);
    let path = root.join("eval/baseline.json");
    let mut baseline = Baseline::load(&path)?;
    let coder = Coder::new(&DataFiles::builtin())?;
    for entry in &mut baseline.files {
        if !entry.is_here(&shared) {
            println!("{} {}: not here, left as it was", entry.task, entry.path);
            continue;
        }
        let scored = entry.measure(&coder, &shared)?;
        for b in entry.breaches(&scored) {
            println!("{} {}: {} was to stay at {}, is {:?}", entry.task, entry.path, b.key, b.floor, b.measured);
        }
        entry.update(&scored, lower);
        println!("{} {}: {:?}", entry.task, entry.path, entry.floors);
    }
    baseline.save(&path)
}
