//! Scores as a table to read, or as JSON.

use super::{Finding, Metric, Scored};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// `{"task","files":[{"path","n","metrics":{KEY, KEY_ci}}]}`.
pub fn json(task: &str, scored: &[Scored]) -> String {
    let files: Vec<Value> =
        scored.iter().map(|s| json!({"path": s.path, "sha256": s.sha256, "n": s.n, "metrics": metrics(&s.metrics)})).collect();
    format!("{:#}\n", json!({"task": task, "files": files}))
}

/// Metrics as an object; fractions keep four decimals.
pub fn metrics(metrics: &[Metric]) -> Value {
    let mut out = Map::new();
    for m in metrics {
        out.insert(m.key.clone(), m.value.map_or(Value::Null, |v| json!(round(v))));
        if let Some((lo, hi)) = m.interval {
            out.insert(format!("{}_ci", m.key), json!([round(lo), round(hi)]));
        }
    }
    Value::Object(out)
}

fn round(x: f64) -> f64 {
    (x * 10_000.0).round() / 10_000.0
}

/// Tables, and with `errors` every difference case by case.
pub fn text(task: &str, scored: &[Scored], errors: bool) -> String {
    let mut out = String::new();
    for s in scored {
        if errors {
            cases(&mut out, s);
        }
        let _ = writeln!(out, "{task}: {} ({} records)", s.path, s.n);
        let width = s.metrics.iter().map(|m| m.key.chars().count()).max().unwrap_or(0);
        for m in s.metrics.iter().filter(|m| m.main || errors) {
            let indent = if m.main { "  " } else { "    " };
            let value = m.value.map_or_else(|| "–".to_owned(), number);
            let _ = write!(out, "{indent}{:<width$}  {value:>7}", m.key, width = width + 2 - (indent.len() - 2));
            if let Some((lo, hi)) = m.interval {
                let _ = write!(out, "   95% {} to {}", number(lo), number(hi));
            }
            out.push('\n');
        }
        kinds(&mut out, s);
        out.push('\n');
    }
    out
}

fn number(x: f64) -> String {
    if x.fract() == 0.0 && x.abs() > 1.0 { format!("{x}") } else { format!("{x:.3}") }
}

/// How often each kind of error was found.
fn kinds(out: &mut String, s: &Scored) {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for e in s.cases.iter().flat_map(|c| &c.errors) {
        *kinds.entry(&e.kind).or_default() += 1;
    }
    if kinds.is_empty() {
        return;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|&(kind, n)| (std::cmp::Reverse(n), kind));
    let list: Vec<String> = kinds.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    let _ = writeln!(out, "  differences: {}", list.join(", "));
}

fn cases(out: &mut String, s: &Scored) {
    for case in s.cases.iter().filter(|c| !c.errors.is_empty()) {
        let _ = writeln!(out, "── {}", case.id);
        for e in &case.errors {
            finding(out, e);
        }
        out.push('\n');
    }
}

fn finding(out: &mut String, e: &Finding) {
    let _ = writeln!(out, "  {}", e.kind);
    for (label, value) in [("expected", &e.expected), ("given   ", &e.given), ("in      ", &e.context)] {
        if !value.is_empty() {
            let _ = writeln!(out, "    {label}  {}", value.replace('\n', " "));
        }
    }
}
