//! Arguments of the commands that work on a ledger.

use super::{IntakeArgs, KnowledgeArgs, TextLevel};
use chancery::record::{EventType, Status};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use std::net::IpAddr;
use std::path::PathBuf;

/// Which ledger.
#[derive(Debug, Args, Clone)]
pub struct LedgerArgs {
    /// The ledger: one file
    #[arg(long, value_name = "PATH", env = "CHANCERY_LEDGER", default_value = "chancery.db")]
    pub ledger: PathBuf,
}

#[derive(Debug, Args)]
pub struct AddArgs {
    /// Files, folders (read recursively), patterns (quoted: "news/**/*.html"), pages and feeds of the web, or - for standard input
    #[arg(value_name = "PATH, URL or -", required = true)]
    pub paths: Vec<String>,

    #[command(flatten)]
    pub ledger: LedgerArgs,

    #[command(flatten)]
    pub intake: IntakeArgs,

    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Addresses of feeds: RSS, Atom or JSON Feed
    #[arg(value_name = "FEED", required = true)]
    pub feeds: Vec<String>,

    /// Seconds between two rounds
    #[arg(long, value_name = "SECONDS", default_value_t = 900.0, value_parser = super::parse_seconds)]
    pub every: f64,

    /// Go round once
    #[arg(long)]
    pub once: bool,

    /// Read what the feed itself carries, and fetch no pages
    #[arg(long)]
    pub no_pages: bool,

    #[command(flatten)]
    pub ledger: LedgerArgs,

    #[command(flatten)]
    pub intake: IntakeArgs,

    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address to answer on. Any but this machine's own asks visitors for a token
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: IpAddr,

    /// Port to answer on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8087)]
    pub port: u16,

    /// What visitors must bring, as a bearer token or once in the address [default: one made up at each start, where others can reach the desk]
    #[arg(long, value_name = "TOKEN", env = "CHANCERY_TOKEN", hide_env_values = true, value_parser = parse_token)]
    pub token: Option<String>,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, Args)]
pub struct EvidenceArgs {
    /// Id of an event, or its first digits (8 at least)
    #[arg(value_name = "EVENT")]
    pub event: String,

    /// File to write [default: evidence-ID.zip]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

/// Which events. Of several values of one option any counts; of several options all must hold.
#[derive(Debug, Args, Clone, Default)]
pub struct FilterArgs {
    /// Who does or says it: a country (RUS, Russia), a sector (MIL), both (RUSMIL), or a name (Lavrov, NATO); may be repeated
    #[arg(long, value_name = "WHO")]
    pub source: Vec<String>,

    /// To whom it is done or said; any other party of what is done together
    #[arg(long, value_name = "WHO")]
    pub target: Vec<String>,

    /// Who takes part, on either side
    #[arg(long, value_name = "WHO")]
    pub actor: Vec<String>,

    /// PLOVER type: CONSULT, SANCTION, ASSAULT…
    #[arg(long = "type", value_name = "TYPE", value_parser = parse_type)]
    pub types: Vec<String>,

    /// PLOVER mode: visit, withdraw, aerial…
    #[arg(long, value_name = "MODE")]
    pub mode: Vec<String>,

    /// PLOVER context: military, economic…
    #[arg(long, value_name = "CONTEXT")]
    pub context: Vec<String>,

    /// CAMEO code, or how it begins: 04, 0871
    #[arg(long, value_name = "CODE")]
    pub cameo: Vec<String>,

    /// 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    #[arg(long, value_name = "1-4", value_parser = clap::value_parser!(i64).range(1..=4))]
    pub quad: Vec<i64>,

    /// occurred, claimed, planned, denied, hypothetical, all
    #[arg(long, value_name = "STATUS", value_parser = parse_status)]
    pub status: Vec<String>,

    /// How the event stands to the report: current, background, ongoing, future
    #[arg(long, value_name = "TIME", value_parser = ["current", "background", "ongoing", "future"])]
    pub time: Vec<String>,

    /// First day of the event: 2022-12-31, 2022-12 or 2022
    #[arg(long, value_name = "DATE", value_parser = parse_first)]
    pub since: Option<String>,

    /// Last day of the event
    #[arg(long, value_name = "DATE", value_parser = parse_last)]
    pub until: Option<String>,

    /// First day on which the report was published
    #[arg(long, value_name = "DATE", value_parser = parse_first)]
    pub published_since: Option<String>,

    /// Last day on which the report was published
    #[arg(long, value_name = "DATE", value_parser = parse_last)]
    pub published_until: Option<String>,

    /// Where it happened: a country (SYR), a town, a first-order division
    #[arg(long, value_name = "PLACE")]
    pub place: Vec<String>,

    /// Outlet of the report, as the record names it
    #[arg(long, value_name = "NAME")]
    pub outlet: Vec<String>,

    /// Language of the report: en, es…
    #[arg(long, value_name = "LANG")]
    pub language: Vec<String>,

    /// Least confidence, 0 to 1
    #[arg(long, value_name = "X")]
    pub confidence: Option<f64>,

    /// Id of an event, or its first digits
    #[arg(long, value_name = "ID")]
    pub id: Vec<String>,

    /// Id of a report, or its first digits
    #[arg(long, value_name = "ID")]
    pub report: Vec<String>,

    /// Id of a story, or its first digits
    #[arg(long, value_name = "ID")]
    pub story: Vec<String>,

    /// Only what so many sources tell that do not depend on one another
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    pub independent: Option<i64>,

    /// Of events on one day between the same actors and of the same CAMEO code, only the first
    #[arg(long)]
    pub one_a_day: bool,

    /// The ledger as it stood then: a day (its end), or a time such as 2026-11-25T18:00Z
    #[arg(long, value_name = "WHEN", value_parser = parse_moment)]
    pub as_of: Option<i64>,

    /// Codings of this coder, by the beginning of its version or of the hash of its data, instead of the newest
    #[arg(long, value_name = "CODER", conflicts_with = "as_of")]
    pub coder: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Table,
    Csv,
    Jsonl,
    Parquet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PeriodArg {
    Day,
    Week,
    Month,
    Year,
}

#[derive(Debug, Args)]
#[command(
    after_help = "For example, cooperation of Russia and China by month: chancery dyad Russia China --quad 1 --quad 2 --by month, or \
chancery events --source Russia --target China --quad 1 --quad 2 --count-by month for what Russia does to China alone."
)]
pub struct EventsArgs {
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Words, "phrases" and beginnings* that the report must hold
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,

    /// Count instead of listing: events by quad class, beside the reports that were read
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub count_by: Option<PeriodArg>,

    /// At most so many, the newest first [default: 50 in a table, all in other formats]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

/// A report that stands alone is no story.
#[derive(Debug, Args)]
pub struct StoriesArgs {
    /// Id of a story, or its first digits
    #[arg(long, value_name = "ID")]
    pub id: Vec<String>,

    /// Stories that were still told on that day or later
    #[arg(long, value_name = "DATE", value_parser = parse_first)]
    pub since: Option<String>,

    /// Stories that were told on that day or before
    #[arg(long, value_name = "DATE", value_parser = parse_last)]
    pub until: Option<String>,

    /// Outlet that carries it
    #[arg(long, value_name = "NAME")]
    pub outlet: Vec<String>,

    /// Words, "phrases" and beginnings* that a report of it must hold
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,

    /// Only what so many sources tell that do not depend on one another
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub independent: i64,

    /// At most so many, the latest first [default: 50 in a table, all in other formats]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, Args)]
pub struct HappeningsArgs {
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Words, "phrases" and beginnings* that a report of it must hold
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,

    /// At most so many, the newest first [default: 50 in a table, all in other formats]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "For example, cooperation by month: chancery dyad Russia China --quad 1 --quad 2 --by month.")]
pub struct DyadArgs {
    /// One side
    #[arg(value_name = "A")]
    pub a: String,

    /// The other side
    #[arg(value_name = "B")]
    pub b: String,

    #[command(flatten)]
    pub filter: FilterArgs,

    /// Words, "phrases" and beginnings* that the report must hold
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,

    /// Length of a period [default: by how long the time is]
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub by: Option<PeriodArg>,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, Args)]
pub struct StatementsArgs {
    /// Who speaks: a country (RUS, Russia), a sector (MIL), both (RUSMIL), or a name (Lavrov)
    #[arg(long, value_name = "WHO", visible_alias = "source")]
    pub speaker: Vec<String>,

    /// To whom
    #[arg(long, value_name = "WHO", visible_alias = "target")]
    pub addressee: Vec<String>,

    /// How it is said: say, claim, admit, deny, urge, warn, promise…
    #[arg(long, value_name = "STANCE")]
    pub stance: Vec<String>,

    /// PLOVER context: military, economic…
    #[arg(long, value_name = "CONTEXT")]
    pub context: Vec<String>,

    /// First day on which the report was published
    #[arg(long, value_name = "DATE", value_parser = parse_first)]
    pub since: Option<String>,

    /// Last day on which the report was published
    #[arg(long, value_name = "DATE", value_parser = parse_last)]
    pub until: Option<String>,

    /// Outlet of the report
    #[arg(long, value_name = "NAME")]
    pub outlet: Vec<String>,

    /// Words, "phrases" and beginnings* that the report must hold
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,

    /// The ledger as it stood then
    #[arg(long, value_name = "WHEN", value_parser = parse_moment)]
    pub as_of: Option<i64>,

    /// Codings of this coder instead of the newest
    #[arg(long, value_name = "CODER", conflicts_with = "as_of")]
    pub coder: Option<String>,

    /// At most so many, the newest first [default: 50 in a table, all in other formats]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, Args)]
pub struct SqlArgs {
    /// One SELECT on the views reports, events, statements, figures, stories, happenings
    #[arg(value_name = "SELECT", required_unless_present = "views")]
    pub select: Option<String>,

    /// List the views and their columns
    #[arg(long)]
    pub views: bool,

    /// Seconds after which it is given up
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub timeout: u64,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Records, exactly as `chancery read` gives them
    Jsonl,
    /// Events, in our own columns
    Csv,
    /// Events, in our own columns, typed
    Parquet,
    /// GDELT 2.0 events: 61 columns, no heading
    Gdelt2,
    /// ICEWS: 20 columns
    Icews,
    /// POLECAT: 40 columns
    Polecat,
    /// Phoenix: 26 columns, no heading
    Phoenix,
    /// Network of countries by month
    Graphml,
    /// Points of events that have coordinates
    Geojson,
    /// Tasks with predictions
    Labelstudio,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Format
    #[arg(long = "as", value_enum, value_name = "FORMAT")]
    pub format: ExportFormat,

    /// File to write; NAME.chancery.csv beside it says of each event what the format has no place for [default: standard output, without that]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub filter: FilterArgs,

    /// How much of the articles' text goes along
    #[arg(long, value_enum, default_value_t = TextLevel::Full)]
    pub text: TextLevel,

    /// Words, "phrases" and beginnings* that the report must hold
    #[arg(long, value_name = "WORDS")]
    pub containing: Option<String>,

    /// Write a heading row where the format has none by convention
    #[arg(long)]
    pub header: bool,

    /// Only what came or ceased to count since then: a day, or a time such as 2026-11-25T18:00Z
    #[arg(long, value_name = "WHEN", value_parser = parse_moment)]
    pub since_change: Option<i64>,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, Args)]
pub struct RehydrateArgs {
    /// Records without words: JSON lines, as --text none or sentence writes them
    #[arg(value_name = "RECORDS")]
    pub export: PathBuf,

    /// Your copies of the reports: files, folders (read recursively), or - for standard input
    #[arg(value_name = "COPY", required = true)]
    pub copies: Vec<String>,

    /// File to write, in the order of the copies [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub intake: IntakeArgs,

    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UnitArg {
    /// Each ordered pair of countries
    Directed,
    /// Each pair, whichever way
    Undirected,
    /// Each country, what it does and what is done to it
    Country,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DedupArg {
    /// Every event counts
    None,
    /// Of events on one day between the same actors and of the same CAMEO code, the first
    OneADay,
    /// Of events that tell of one thing, also in several reports, the first
    Happening,
}

#[derive(Debug, Args)]
#[command(after_help = FRAMES)]
pub struct PanelArgs {
    /// Length of a period
    #[arg(long, value_enum, value_name = "PERIOD", default_value = "month")]
    pub by: PeriodArg,

    /// What a row is about
    #[arg(long, value_enum, default_value = "directed")]
    pub unit: UnitArg,

    /// Which units: all that occur, or those of a file, one a line (RUS,CHN; for countries RUS)
    #[arg(long, value_name = "FILE|all", default_value = "all")]
    pub dyads: String,

    /// What is counted once
    #[arg(long, value_enum, default_value = "none")]
    pub dedup: DedupArg,

    /// Statuses that are counted, each in columns of its own: occurred, claimed, planned, denied, hypothetical, or all
    #[arg(long, value_name = "STATUS", default_value = "occurred")]
    pub status: Vec<String>,

    /// First day [default: the first on which a report was published]
    #[arg(long, value_name = "DATE", value_parser = parse_first)]
    pub since: Option<String>,

    /// Last day
    #[arg(long, value_name = "DATE", value_parser = parse_last)]
    pub until: Option<String>,

    /// Only outlets of which something was read in every period
    #[arg(long)]
    pub constant_panel: bool,

    /// Count stories and independent sources, too (every event is looked at for that)
    #[arg(long)]
    pub sources: bool,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

const FRAMES: &str = "Zero means that reports of the period were read and nothing was found, an empty cell (NA) that nothing was read. \
For example: chancery panel --by month --since 2022 -o panel.csv, and in R: read.csv(\"panel.csv\", na.strings = \"\"); with our R package (r/chancery): \
panel(\"chancery.db\", by = \"month\").";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnArg {
    Type,
    Status,
    Actors,
    /// All three
    All,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").args(["import", "log", "undo", "agreement", "gold"]), after_help = KEYS)]
pub struct ReviewArgs {
    /// Decisions, as JSON lines or CSV: event (or report, start, end), verdict (accept, correct, reject, add, complete), who, why, and what is
    /// corrected: type mode cameo status source target reciprocal date. Or the JSON export of a Label Studio project made of ours
    #[arg(long, value_name = "FILE or -")]
    pub import: Option<PathBuf>,

    /// Who decides [default: who is logged in; in a file, what it says]
    #[arg(long, value_name = "NAME")]
    pub who: Option<String>,

    /// Read for this audit: what is decided changes nothing in the ledger and is not shown to its other reader
    #[arg(long, value_name = "NUMBER")]
    pub audit: Option<i64>,

    /// List the decisions, the newest first
    #[arg(long)]
    pub log: bool,

    /// Of the list, only those that found no event in the newest coding
    #[arg(long, requires = "log")]
    pub orphaned: bool,

    /// Take a decision back, by its number in the list
    #[arg(long, value_name = "NUMBER")]
    pub undo: Option<i64>,

    /// How far readers agree with each other and with the machine: Cohen's kappa of each pair, Krippendorff's alpha of all people
    #[arg(long)]
    pub agreement: bool,

    /// What they are compared on
    #[arg(long, value_enum, default_value = "type", requires = "agreement")]
    pub on: OnArg,

    /// Write the reports that were marked complete as a gold file for `chancery eval events`
    #[arg(long, value_name = "FILE")]
    pub gold: Option<PathBuf>,

    /// At most so many reports, those with the least sure events first
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: u64,

    /// Words, "phrases" and beginnings* that the report must hold
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

const KEYS: &str = "Without --import, --log, --undo, --agreement or --gold it shows report after report at the terminal. Keys: a accept, c correct, \
x reject, n add a missed event, d the report is complete, w say why of the next decision, u undo, j and k next and previous event, \
t the whole text, s next report, q quit. A correction as a line, with the id that `chancery events` prints: \
echo '{\"event\":\"58a964ae01f2\",\"verdict\":\"correct\",\"type\":\"CONSULT\",\"who\":\"ada\"}' | chancery review --import -";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StratifyArg {
    /// The rarest type of the report's events; reports without events have their own
    Type,
    /// When it was published
    Period,
    Outlet,
    Language,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").args(["list", "results"]), after_help = AUDITS)]
pub struct AuditArgs {
    /// Reports to draw
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub n: usize,

    /// What strata are made by, joined by commas
    #[arg(long, value_enum, value_delimiter = ',', default_value = "type,period")]
    pub by: Vec<StratifyArg>,

    /// Length of a period
    #[arg(long, value_enum, value_name = "PERIOD", default_value = "year")]
    pub period: PeriodArg,

    /// The same ledger, question and seed give the same sample
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: i64,

    /// First day on which the reports were published
    #[arg(long, value_name = "DATE", value_parser = parse_first)]
    pub published_since: Option<String>,

    /// Last day on which the reports were published
    #[arg(long, value_name = "DATE", value_parser = parse_last)]
    pub published_until: Option<String>,

    /// Outlet of the reports
    #[arg(long, value_name = "NAME")]
    pub outlet: Vec<String>,

    /// Language of the reports
    #[arg(long, value_name = "LANG")]
    pub language: Vec<String>,

    /// List the audits, the newest first
    #[arg(long)]
    pub list: bool,

    /// Say what the reports read so far tell: precision and recall by type, agreement
    #[arg(long)]
    pub results: bool,

    /// Which audit [default: the newest]
    #[arg(long, value_name = "NUMBER")]
    pub audit: Option<i64>,

    /// Status of the events that are judged: occurred, claimed, planned, denied, hypothetical, all
    #[arg(long, value_name = "STATUS", value_parser = parse_status, default_value = "occurred")]
    pub status: Vec<String>,

    /// Whose reading alone counts where this person has read a report, too
    #[arg(long, value_name = "NAME", requires = "results")]
    pub arbiter: Option<String>,

    /// Write counts by period and type, as coded and corrected for error, with intervals (csv, jsonl or parquet by its ending)
    #[arg(long, value_name = "FILE", requires = "results")]
    pub panel: Option<PathBuf>,

    /// Write a methods appendix (Markdown)
    #[arg(long, value_name = "FILE", requires = "results")]
    pub appendix: Option<PathBuf>,

    #[command(flatten)]
    pub print: PrintArgs,

    #[command(flatten)]
    pub ledger: LedgerArgs,
}

const AUDITS: &str = "Draw a sample, have two people read it with `chancery review --audit NUMBER --who NAME`, then ask for --results.";

/// Where an answer goes.
#[derive(Debug, Args, Clone)]
pub struct PrintArgs {
    /// How it is printed [default: table at a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    pub format: Option<TableFormat>,

    /// File to write instead of standard output; its ending tells the format where --format does not
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

fn parse_token(s: &str) -> Result<String, String> {
    let plain = s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if plain && s.len() >= 16 { Ok(s.to_owned()) } else { Err("give at least 16 letters, digits, - or _".to_owned()) }
}

fn parse_type(s: &str) -> Result<String, String> {
    let upper = s.to_ascii_uppercase();
    let all: Vec<&str> = EventType::ALL.iter().map(|t| t.as_str()).collect();
    if all.contains(&upper.as_str()) { Ok(upper) } else { Err(format!("use one of {}", all.join(" "))) }
}

fn parse_status(s: &str) -> Result<String, String> {
    let all: Vec<&str> = Status::ALL.iter().map(|t| t.as_str()).collect();
    if all.contains(&s) || s == "all" { Ok(s.to_owned()) } else { Err(format!("use {} or all", all.join(" "))) }
}

/// First and last day of a day, month or year.
fn days_of(s: &str) -> Result<(Date, Date), String> {
    let wrong = || "write it as 2022-12-31, 2022-12 or 2022".to_owned();
    let day = |t: String| t.parse::<Date>().map_err(|_| wrong());
    match s.len() {
        4 => Ok((day(format!("{s}-01-01"))?, day(format!("{s}-12-31"))?)),
        7 => {
            let first = day(format!("{s}-01"))?;
            Ok((first, first.last_of_month()))
        }
        _ => day(s.to_owned()).map(|d| (d, d)),
    }
}

fn parse_first(s: &str) -> Result<String, String> {
    days_of(s).map(|d| d.0.to_string())
}

fn parse_last(s: &str) -> Result<String, String> {
    days_of(s).map(|d| d.1.to_string())
}

/// Milliseconds since 1970 of a time, or of the end of a day.
pub(super) fn parse_moment(s: &str) -> Result<i64, String> {
    if let Ok(at) = s.parse::<Timestamp>() {
        return Ok(at.as_millisecond());
    }
    let (_, last) = days_of(s).map_err(|_| "write it as 2026-11-25 or 2026-11-25T18:00:00Z".to_owned())?;
    let next = last.tomorrow().map_err(|e| e.to_string())?;
    let start: Timestamp = format!("{next}T00:00:00Z").parse().map_err(|e: jiff::Error| e.to_string())?;
    Ok(start.as_millisecond() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_years() {
        assert_eq!(parse_first("2024-02").as_deref(), Ok("2024-02-01"));
        assert_eq!(parse_last("2024-02").as_deref(), Ok("2024-02-29"));
        assert_eq!(parse_last("2024").as_deref(), Ok("2024-12-31"));
        assert!(parse_first("soon").is_err());
        assert_eq!(parse_moment("1970-01-01"), Ok(86_399_999));
        assert_eq!(parse_moment("1970-01-01T00:00:01Z"), Ok(1000));
    }
}
