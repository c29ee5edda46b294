//! The command line in one definition: help, man page and completions are made from it.

mod ledger;

pub use ledger::*;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// Reads news reports into records of who did or said what to whom, when, where and by which figures.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, arg_required_else_help = true, propagate_version = true, after_help = AFTER)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// Say only what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more: what was read, and each diagnostic (twice: timings too). CHANCERY_LOG=error|warn|info|debug does the same
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

const AFTER: &str = "Exit status: 0 done; 1 something in the input could not be read (said on stderr, the rest done); 2 wrong usage.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read reports and print their records; keeps nothing
    Read(ReadArgs),
    /// Read reports into the ledger: resumable, safe to repeat
    Add(AddArgs),
    /// Follow feeds: read what they lead to into the ledger
    Watch(WatchArgs),
    /// Ask the ledger for events: list or count them
    Events(EventsArgs),
    /// Ask the ledger for stories: reports that copy one another or tell of the same, and how many sources are independent
    Stories(StoriesArgs),
    /// Ask the ledger for happenings: events of several reports that tell of one thing, and where the reports differ
    Happenings(HappeningsArgs),
    /// Ask the ledger who said what
    Statements(StatementsArgs),
    /// Show how two sides dealt with each other over time
    Dyad(DyadArgs),
    /// Ask the ledger in SQL; nothing can be changed by it
    Sql(SqlArgs),
    /// Count events by unit and period, beside what was read: the data frame of a paper
    Panel(PanelArgs),
    /// Put together what an event rests on: page, text, record, decisions, with their hashes
    Evidence(EvidenceArgs),
    /// Write the ledger in a format that other tools read
    Export(ExportArgs),
    /// Put the words back into records that were exported without them, from your own copies of the reports
    Rehydrate(RehydrateArgs),
    /// Decide on coded and missed events: at the terminal or from a file; list, compare or take back decisions
    Review(ReviewArgs),
    /// Draw a random sample of the ledger for two readers, and tell its error rates from what they say
    Audit(AuditArgs),
    /// Open the desk: pages and an HTTP API over the ledger, read-only
    Serve(ServeArgs),
    /// Serve the ledger to an assistant as tools, read-only (Model Context Protocol over standard input and output)
    Mcp(LedgerArgs),
    /// Check a ledger, and say what it holds
    Check(LedgerArgs),
    /// Show what the knowledge says of a name, code or phrase, and why
    Actors(ActorsArgs),
    /// Say which type of event relates two named actors: JSON lines in, one answer a line out
    Classify(ClassifyArgs),
    /// Check, try and count the lexicons of events
    Lexicon(LexiconArgs),
    /// Score this build against gold files
    Eval(EvalArgs),
    /// Print the JSON Schema of the record, or the Arrow schema of exported events
    Schema(SchemaArgs),
    /// Print the licence of everything that is in the program
    Licenses,
    /// Print the man page (roff)
    Man,
    /// Print completions for a shell
    Completions(CompletionsArgs),
}

/// Which knowledge the coder works with.
#[derive(Debug, Args, Clone, Default)]
pub struct KnowledgeArgs {
    /// Folder of lexicons laid over ours: a file of the same path replaces ours, others are added
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// File of further actors: lines as in data/actors, each begun by its table (office, country, seat, igo, member, region, org, person)
    #[arg(long, value_name = "FILE")]
    pub actors: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ReadArgs {
    /// Files, folders (read recursively), patterns (quoted: "news/**/*.html"), pages and feeds of the web (fetched politely), or - for standard input
    #[arg(value_name = "PATH, URL or -")]
    pub paths: Vec<String>,

    /// How records are printed: a page to read, pretty JSON, or one JSON object a line
    /// [default: text at a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,

    #[command(flatten)]
    pub intake: IntakeArgs,

    /// Say for each event why it was coded
    #[arg(long)]
    pub explain: bool,

    /// How much of the article's text records carry
    #[arg(long, value_enum, default_value_t = TextLevel::Full)]
    pub text: TextLevel,

    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

/// How reports are taken in.
#[derive(Debug, Args, Clone)]
pub struct IntakeArgs {
    /// Format of the input; auto tells it by name and content
    #[arg(long, value_enum, default_value_t = InputFormat::Auto)]
    pub input: InputFormat,

    /// Take a field from a column or key of another name, e.g. --map text=body (may be repeated)
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = parse_map)]
    pub map: Vec<(String, String)>,

    /// Published date of the reports; overrides the one they carry
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub published: Option<Date>,

    /// Language of the reports; auto identifies it
    #[arg(long, value_name = "auto|en|…", default_value = "auto")]
    pub lang: String,

    /// Worker threads [default: one a processor]. The output is the same at any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Longest report that is read; a longer one is cut there, and this is said
    #[arg(long, value_name = "N", default_value_t = 16 * 1024 * 1024, value_parser = parse_bytes)]
    pub max_report_bytes: usize,

    #[command(flatten)]
    pub web: WebArgs,
}

/// How pages are fetched.
#[derive(Debug, Args, Clone)]
pub struct WebArgs {
    /// Fetch from addresses of this machine and of private networks, too
    #[arg(long)]
    pub private_addresses: bool,

    /// Seconds for one answer of a server
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, value_parser = parse_seconds)]
    pub timeout: f64,

    /// Seconds between two questions to one host; robots.txt may ask for more
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = parse_seconds)]
    pub pause: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Text,
    Json,
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    Auto,
    Text,
    Html,
    Jsonl,
    Csv,
    Feed,
    Warc,
    Parquet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextLevel {
    /// The whole text
    Full,
    /// Only the sentences that hold an event, a statement or a figure
    Sentence,
    /// No article text at all: spans and codes
    None,
}

#[derive(Debug, Args)]
pub struct ActorsArgs {
    /// A name ("Lavrov"), a code (SYR, 652, SYRMIL, Q7747, country/SYR), or a phrase ("retired Chilean defence minister")
    #[arg(value_name = "WHO", required = true)]
    pub who: Vec<String>,

    /// The day to be asked of: offices, memberships and codes are those of that day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub date: Option<Date>,

    /// A page to read, or one JSON object a line for each answer [default: table at a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    pub format: Option<ListFormat>,

    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

#[derive(Debug, Args)]
pub struct ClassifyArgs {
    /// JSON lines {"id","text","source","target","trigger"}: each actor a part of the text, [start,end) in bytes, or null
    #[arg(value_name = "FILE or -", default_value = "-")]
    pub path: PathBuf,

    /// Worker threads [default: one a processor]. The output is the same at any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Jsonl,
}

#[derive(Debug, Args)]
pub struct LexiconArgs {
    #[command(subcommand)]
    pub command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
pub enum LexiconCommand {
    /// Say everything that is wrong with the knowledge files, with file, line, field and remedy
    Check(LexiconCheckArgs),
    /// Read every example and counter-example and say which entries do not keep them
    Test(LexiconTestArgs),
    /// Count entries, examples and lemmas by type, and list entries that say the same
    Stats(LexiconCheckArgs),
}

#[derive(Debug, Args)]
pub struct LexiconCheckArgs {
    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

#[derive(Debug, Args)]
pub struct LexiconTestArgs {
    /// Only entries of this type or whose name holds this, e.g. SANCTION or nouns/AID/grant (may be repeated)
    #[arg(long, value_name = "TYPE|ID")]
    pub only: Vec<String>,

    /// Worker threads [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// What to score
    #[arg(value_name = "TASK")]
    pub task: String,

    /// Gold files, plain or .gz
    #[arg(value_name = "GOLD", required = true)]
    pub gold: Vec<PathBuf>,

    /// A table to read (with -v: every error, expected and given), or JSON
    #[arg(long, value_enum)]
    pub format: Option<EvalFormat>,

    /// Score only records whose id contains this
    #[arg(long, value_name = "TEXT")]
    pub only: Option<String>,

    /// Worker threads [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
}

#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Of what
    #[arg(value_enum, value_name = "OF", default_value = "record")]
    pub of: SchemaOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The record: JSON Schema
    Record,
    /// Events as `export --as csv` and `parquet` write them: names and Arrow types of the columns
    Events,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvalFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

fn parse_map(s: &str) -> Result<(String, String), String> {
    match s.split_once('=') {
        Some((field, column)) if !field.is_empty() && !column.is_empty() => Ok((field.to_owned(), column.to_owned())),
        _ => Err("write it as FIELD=COLUMN, e.g. text=body".to_owned()),
    }
}

fn parse_date(s: &str) -> Result<Date, String> {
    s.parse::<Date>().map_err(|_| "write it as YYYY-MM-DD, e.g. 2022-12-31".to_owned())
}

pub(crate) fn parse_seconds(s: &str) -> Result<f64, String> {
    let seconds = s.parse::<f64>().ok().filter(|n| (0.0..=86_400.0).contains(n));
    seconds.ok_or_else(|| "write a number of seconds, up to 86400".to_owned())
}

fn parse_bytes(s: &str) -> Result<usize, String> {
    let (digits, unit) = s.split_at(s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len()));
    let scale = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err("write a number of bytes, e.g. 1000000 or 16MiB".to_owned()),
    };
    match digits.parse::<usize>().ok().and_then(|n| n.checked_mul(scale)) {
        Some(n) if n > 0 => Ok(n),
        _ => Err("write a number of bytes above 0, e.g. 1000000 or 16MiB".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_take_units() {
        assert_eq!(parse_bytes("16MiB"), Ok(16 << 20));
        assert_eq!(parse_bytes("7"), Ok(7));
        assert!(parse_bytes("0").is_err() && parse_bytes("").is_err() && parse_bytes("1 furlong").is_err());
    }
}
