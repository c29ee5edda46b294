//! The whole program, plain text in to JSONL out on one core: words and reports a second, start-up, peak memory.
//! Prints figures and asserts nothing, for they depend on the machine.
//!
//! `cargo bench --bench whole -- [FOLDER]`: every corpus below FOLDER (default `../shared/corpus`).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_chancery");

fn main() {
    let folder = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let folder = folder.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"), PathBuf::from);
    let mut starts: Vec<f64> = (0..15).map(|_| run(&["-"], b"Moscow said no.").wall.as_secs_f64() * 1000.0).collect();
    starts.sort_by(f64::total_cmp);
    println!("start-up with one sentence: median {:.0} ms, least {:.0} ms", starts[7], starts[0]);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: there is no {}", folder.display());
        return;
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.is_file()).collect();
    files.sort();
    for file in files {
        let Some(name) = file.to_str() else { continue };
        let one = run(&[name, "--threads", "1"], b"");
        println!("{name}");
        println!("  one core: {}", one.say());
        let all = run(&[name], b"");
        println!("  all cores: {}", all.say());
    }
}

/// What one run took.
struct Run {
    wall: Duration,
    /// User and system time of the process, where the platform tells.
    cpu: Option<f64>,
    peak_kib: Option<u64>,
    /// Peak memory when half of the output was there: flat memory does not grow after it.
    reports: f64,
    words: f64,
}

impl Run {
    fn say(&self) -> String {
        let wall = self.wall.as_secs_f64();
        let mut out = format!(
            "{} reports, {} words in {wall:.1} s: {:.0} words/s, {:.0} reports/s",
            self.reports,
            self.words,
            self.words / wall,
            self.reports / wall
        );
        if let Some(cpu) = self.cpu.filter(|c| *c > 0.0) {
            out.push_str(&format!(" ({:.0} words a second of processor time)", self.words / cpu));
        }
        out.push_str(&self.peak_kib.map_or_else(
            || ", peak memory not told by this platform".to_owned(),
            |k| format!(", peak memory {:.0} MiB", k as f64 / 1024.0),
        ));
        out
    }
}

fn run(args: &[&str], input: &[u8]) -> Run {
    use std::io::Write;
    let before = children_time();
    let started = Instant::now();
    let mut child = Command::new(PROGRAM)
        .arg("read")
        .args(args)
        .args(["--format", "jsonl", "-v"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("piped").write_all(input).expect("it reads its input");
    let stderr = child.stderr.take().expect("piped");
    let said = std::thread::spawn(move || last_line(stderr));
    let mut peak = None;
    while child.try_wait().expect("it can be waited for").is_none() {
        peak = peak_kib(child.id()).or(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    let wall = started.elapsed();
    let said = said.join().expect("reading does not panic");
    let cpu = before.zip(children_time()).map(|(a, b)| b - a);
    // "chancery: 3 reports read, 17 words, …"
    let numbers: Vec<f64> = said.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    Run { wall, cpu, peak_kib: peak, reports: numbers.first().copied().unwrap_or(0.0), words: numbers.get(1).copied().unwrap_or(0.0) }
}

fn last_line(stream: impl std::io::Read) -> String {
    use std::io::BufRead;
    std::io::BufReader::new(stream).lines().map_while(Result::ok).last().unwrap_or_default()
}

/// Peak resident memory of a process (Linux).
fn peak_kib(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

/// Processor seconds of all children that have ended (Linux, in hundredths).
fn children_time() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |i: usize| fields.get(i)?.parse::<f64>().ok();
    Some((ticks(13)? + ticks(14)?) / 100.0)
}
