//! The methods appendix of an audit: what a paper must say of its data, in Markdown.

use crate::Result;
use chancery_ledger::Ledger;
use chancery_ledger::audit::{Audit, Findings, Rate};
use chancery_ledger::reading::Agreement;
use jiff::Timestamp;
use std::fmt::Write;

pub fn time(at: i64) -> String {
    Timestamp::from_millisecond(at).map(|t| t.to_string()).unwrap_or_default()
}

fn rate(r: Option<Rate>) -> String {
    r.map_or_else(|| "–".to_owned(), |r| format!("{:.2} [{:.2}, {:.2}]", r.value, r.low, r.high))
}

/// The page. Writing into a string cannot fail.
pub fn page(
    ledger: &Ledger,
    audit: &Audit,
    findings: &Findings,
    agreement: &[Agreement],
    statuses: &[String],
    arbiter: Option<&str>,
) -> Result<String> {
    let held = ledger.holdings()?;
    let version = env!("CARGO_PKG_VERSION");
    let mut p = String::new();
    let _ = writeln!(p, "# Data and coding error\n\n## Data\n");
    let _ = writeln!(p, "- Ledger: {} reports, {} events that count, {} decisions of people.", held.reports, held.events, held.decisions);
    for (coder, data, n) in ledger.audited_coders(audit.number)? {
        let _ = writeln!(p, "- Coder: Chancery {coder}, knowledge and models `{data}` (of {n} of the reports drawn).");
    }
    let _ = writeln!(p, "- Reports drawn from: {}.", audit.query);
    let _ = writeln!(
        p,
        "- Events judged: of status {}. An event is right where type and status are; exact where actors are, too.",
        statuses.join(", ")
    );
    let _ = writeln!(p, "\n## Sample\n");
    let _ = writeln!(
        p,
        "Audit {} of {}: {} reports were drawn at random within strata ({}), those without events included, with seed {} and shares by the square root of \
         each stratum's size. {} were read whole, {} by two people who did not see each other's verdicts{}.\n",
        audit.number,
        time(audit.added),
        audit.drawn,
        audit.strata,
        audit.seed,
        audit.once,
        audit.twice,
        arbiter.map_or_else(String::new, |a| format!("; where {a} read a report, that reading alone counts")),
    );
    let _ = writeln!(p, "| stratum | reports | drawn | read |\n|---|---:|---:|---:|");
    for (name, all, drawn, read) in &findings.strata {
        let _ = writeln!(p, "| {} | {all} | {drawn} | {read} |", name.replace('|', "/"));
    }
    let unread: i64 = findings.strata.iter().filter(|s| s.3 == 0).map(|s| s.1).sum();
    if unread > 0 {
        let _ = writeln!(p, "\nStrata of which nothing was read ({unread} reports) are not represented below.");
    }
    let _ = writeln!(p, "\n## Agreement\n\n| | | events | same type | kappa | alpha |\n|---|---|---:|---:|---:|---:|");
    for a in agreement {
        let number = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), |x| format!("{x:.2}"));
        let (kappa, alpha) = if a.b.is_empty() { (None, a.kappa) } else { (a.kappa, None) };
        let _ = writeln!(p, "| {} | {} | {} | {} | {} | {} |", a.a, a.b, a.n, number(a.same), number(kappa), number(alpha));
    }
    let _ = writeln!(
        p,
        "\nCohen's kappa of each pair, Krippendorff's alpha (nominal) of all people; an event that somebody did not see has the label \"none\"."
    );
    let _ = writeln!(p, "\n## Error\n\n| type | precision | recall | exact | true events a coded one |\n|---|---|---|---|---|");
    for e in findings.estimates.iter().filter(|e| e.precision.is_some() || e.recall.is_some()) {
        let _ = writeln!(p, "| {} | {} | {} | {} | {} |", e.kind, rate(e.precision), rate(e.recall), rate(e.exact), rate(e.factor));
    }
    let _ = writeln!(
        p,
        "\nShares with 95% intervals. A report stands for as many as its stratum holds for each that was read; where two people read it, each counts half. \
         Variances are those of a stratified sample of clusters (Taylor linearisation, finite population correction); intervals of shares are Wilson's at \
         the effective number of events (Korn and Graubard 1998); those of the last column are symmetric on the logarithm. Counts are corrected by \
         multiplying with the last column; the correction takes error to be the same in every period."
    );
    let _ = writeln!(
        p,
        "\n## Citation\n\nChancery {version}: political events from news reports. {}. Ledger audited with `chancery audit --n {} --by {} --seed {}`; results \
         with `chancery audit --results --audit {}`.",
        env!("CARGO_PKG_REPOSITORY"),
        audit.asked,
        audit.strata,
        audit.seed,
        audit.number
    );
    Ok(p)
}
