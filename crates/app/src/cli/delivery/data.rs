//! Verbs that show the data of one query.

use clap::{Args, Subcommand};

/// Which query is meant.
#[derive(Debug, Args, Default)]
pub struct QueryPick {
    /// Id of the query [default: the active one; in another profile, the one used last]
    #[arg(long, value_name = "ID")]
    pub query: Option<String>,
    /// Id of the profile [default: the active one]
    #[arg(long, value_name = "ID")]
    pub profile: Option<String>,
}

/// Verbs of `landfast delivery issues`.
#[derive(Debug, Subcommand)]
pub enum IssuesVerb {
    /// Lists cached issues in the order of the response
    List(IssuesArgs),
}

/// `landfast delivery issues list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast delivery issues list                        of the active query
  landfast delivery issues list --status Done --type Bug
  landfast delivery issues list --query q_2fa91425cb00 --limit 20 --json

Filters compare exactly. Of issues with the same key in one response, the newest is listed.")]
pub struct IssuesArgs {
    /// Which query.
    #[command(flatten)]
    pub pick: QueryPick,
    /// Only those with this status
    #[arg(long, value_name = "TEXT")]
    pub status: Option<String>,
    /// Only those with this assignee
    #[arg(long, value_name = "TEXT")]
    pub assignee: Option<String>,
    /// Only those of this type
    #[arg(long = "type", value_name = "TEXT")]
    pub type_: Option<String>,
    /// Only those of the project with this key
    #[arg(long, value_name = "KEY")]
    pub project: Option<String>,
    /// Only the issue with this key
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Only those of the cached response with this key
    #[arg(long, value_name = "KEY")]
    pub cache: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// Verbs of `landfast delivery issue`.
#[derive(Debug, Subcommand)]
pub enum IssueVerb {
    /// Shows a cached issue and the history of its fields
    Show {
        /// Key of the issue, for instance ORB-17
        key: String,
        /// Which query.
        #[command(flatten)]
        pick: QueryPick,
    },
}

/// Verbs of `landfast delivery changelog`.
#[derive(Debug, Subcommand)]
pub enum ChangelogVerb {
    /// Lists changed fields, the newest first
    List(ChangelogArgs),
}

/// `landfast delivery changelog list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast delivery changelog list --issue ORB-17
  landfast delivery changelog list --field status --from 2025-03-01 --until 2025-04-01")]
pub struct ChangelogArgs {
    /// Which query.
    #[command(flatten)]
    pub pick: QueryPick,
    /// Only changes of this issue
    #[arg(long, value_name = "KEY")]
    pub issue: Option<String>,
    /// Only changes of this field
    #[arg(long, value_name = "NAME")]
    pub field: Option<String>,
    /// Only changes at this time or later (UTC), YYYY-MM-DD or with HH:MM
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Only changes before this time (UTC)
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// Verbs of `landfast delivery statistics`.
#[derive(Debug, Subcommand)]
pub enum StatisticsVerb {
    /// Lists the rows in the order of the document
    List(StatisticsArgs),
}

/// `landfast delivery statistics list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast delivery statistics list --limit 12           the newest twelve rows
  landfast delivery statistics list --from 2025-01-06 --to 2025-03-31 --json")]
pub struct StatisticsArgs {
    /// Which query.
    #[command(flatten)]
    pub pick: QueryPick,
    /// Only rows of this day or later, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Only rows of this day or earlier, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// The newest so many rows
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// Verbs of `landfast delivery scope`.
#[derive(Debug, Subcommand)]
pub enum ScopeVerb {
    /// Shows the scope
    Show(QueryPick),
}

/// Verbs of `landfast delivery snapshots`.
#[derive(Debug, Subcommand)]
pub enum SnapshotsVerb {
    /// Lists snapshots, the newest week first
    List(SnapshotsArgs),
}

/// `landfast delivery snapshots list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast delivery snapshots list --weeks 4
  landfast delivery snapshots list --kind dora --json    with the whole documents")]
pub struct SnapshotsArgs {
    /// Which query.
    #[command(flatten)]
    pub pick: QueryPick,
    /// How many different weeks
    #[arg(long, value_name = "N", default_value_t = landfast_domain::delivery::DEFAULT_WEEKS)]
    pub weeks: usize,
    /// Only metrics of this kind: flow, dora or other
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
}

/// Verbs of `landfast delivery metrics`.
#[derive(Debug, Subcommand)]
pub enum MetricsVerb {
    /// Lists single values, the newest week first
    List(MetricsArgs),
}

/// `landfast delivery metrics list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast delivery metrics list --metric flow_time --name median_days
  landfast delivery metrics list --kind dora --from 2025-W01 --to 2025-W12 --json")]
pub struct MetricsArgs {
    /// Which query.
    #[command(flatten)]
    pub pick: QueryPick,
    /// Only metrics of this kind: flow, dora or other
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Only this metric, for instance flow_time
    #[arg(long, value_name = "NAME")]
    pub metric: Option<String>,
    /// Only values with this name, for instance median_days
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Only this week and later ones, for instance 2025-W07
    #[arg(long, value_name = "WEEK")]
    pub from: Option<String>,
    /// Only this week and earlier ones
    #[arg(long, value_name = "WEEK")]
    pub to: Option<String>,
    /// How many different weeks
    #[arg(long, value_name = "N", default_value_t = landfast_domain::delivery::DEFAULT_WEEKS)]
    pub weeks: usize,
}
