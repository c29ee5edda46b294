//! `chancery licenses`: the licence of everything that is in the program.
//!
//! The table of dependencies, `licenses.tsv`, is written from the dependency tree by the test of the same name.

use crate::read::output;
use crate::{Outcome, Result};
use std::fmt::Write;

const TABLE: &str = include_str!("licenses.tsv");
const OWN: &str = include_str!("../../../LICENSE");
const NOTICE: &str = include_str!("../../../NOTICE");
const MODELS: &str = include_str!("../../../models/LICENSE");

/// A dependency, as in `licenses.tsv`.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency<'a> {
    pub name: &'a str,
    pub version: &'a str,
    /// SPDX expression.
    pub licence: &'a str,
    pub repository: &'a str,
    /// Whether it is in the program, or only builds or tests it.
    pub shipped: bool,
}

/// All dependencies in order of name.
pub fn dependencies() -> impl Iterator<Item = Dependency<'static>> {
    TABLE.lines().filter(|l| !l.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some(Dependency {
            name: cells.next()?,
            version: cells.next()?,
            licence: cells.next()?,
            shipped: cells.next()? == "shipped",
            repository: cells.next().unwrap_or(""),
        })
    })
}

/// Prints the page.
pub fn run() -> Result<Outcome> {
    output::print(text().as_bytes())
}

/// Program, models, data, dependencies.
pub fn text() -> String {
    let mut out = format!("{OWN}\n{NOTICE}\nModels\n\n{MODELS}\n");
    for (shipped, heading) in [(true, "Libraries in the program"), (false, "Libraries that only build or test it")] {
        let _ = writeln!(out, "{heading}\n");
        for d in dependencies().filter(|d| d.shipped == shipped) {
            let _ = writeln!(out, "  {:<28} {:<44} {}", format!("{} {}", d.name, d.version), d.licence, d.repository);
        }
        out.push('\n');
    }
    out
}
