//! `landfast analytics`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `landfast analytics`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast analytics tasks                               the headline numbers
  landfast analytics tasks --json --now '2025-12-27 18:00' | jq .get_dashboard_metrics
  landfast analytics delivery --profile p_1 --query q_1
  landfast analytics delivery --json --now 2025-12-17T10:00:00Z
  landfast analytics tasks --compare 2025-11-01..2025-12-01 --with 2025-12-01..2025-12-27
  landfast analytics delivery --query q_1 --compare 2025-10-01..2025-11-01 --with 2025-11-01..2025-12-01
  landfast analytics presentations --json
  landfast analytics explain tasks get_dashboard_metrics/counts/completion_rate
  landfast analytics explain delivery metrics/velocity/items --query q_1
  landfast analytics explain tasks --list | grep relief
  landfast analytics runs --compare RUN1 RUN2")]
pub struct AnalyticsArgs {
    /// What to calculate.
    #[command(subcommand)]
    pub verb: AnalyticsVerb,
}

/// Verbs of `landfast analytics`.
#[derive(Debug, Subcommand)]
pub enum AnalyticsVerb {
    /// Every quantity of the tasks area
    Tasks(TasksWhenArgs),
    /// Every quantity of the delivery area, for each query
    Delivery(DeliveryWhenArgs),
    /// Durations, waiting, failures, retries and throughput of rendering jobs
    Presentations(WhenArgs),
    /// Outcomes, stages where errors end, trends, and comparisons of runs
    Runs(RunsWhenArgs),
    /// Why a number is what it is: formula, inputs, steps
    Explain(ExplainArgs),
}

/// `landfast analytics explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Area of the number
    #[arg(value_enum)]
    pub area: ExplainArea,
    /// Places of numbers in the document of the area, members separated by `/`, as `--list` shows them
    #[arg(value_name = "PLACE", required_unless_present = "list")]
    pub places: Vec<String>,
    /// Lists the places that can be explained
    #[arg(long)]
    pub list: bool,
    /// Time and form.
    #[command(flatten)]
    pub when: WhenArgs,
    /// Delivery: only queries of this profile
    #[arg(long, value_name = "ID")]
    pub profile: Option<String>,
    /// Delivery: only this query; places may then begin below `queries/…`
    #[arg(long, value_name = "ID")]
    pub query: Option<String>,
}

/// An area whose numbers can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExplainArea {
    /// Templates and instances
    Tasks,
    /// Profiles and queries
    Delivery,
    /// Rendering jobs
    Presentations,
    /// Analysis runs
    Runs,
}

/// When, and in which form.
#[derive(Debug, Clone, Args)]
pub struct WhenArgs {
    /// Calculates as of this time instead of now
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// Prints everything as one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Two periods to compare.
#[derive(Debug, Clone, Default, Args)]
pub struct PeriodsArgs {
    /// Compares this period with that of `--with`: from the first date to before the second
    #[arg(long, value_name = "FROM..TO", requires = "with")]
    pub compare: Option<String>,
    /// The other period; differences are its values less those of `--compare`
    #[arg(long, value_name = "FROM..TO", requires = "compare")]
    pub with: Option<String>,
}

/// The same for the tasks area.
#[derive(Debug, Args)]
pub struct TasksWhenArgs {
    /// Time and form.
    #[command(flatten)]
    pub when: WhenArgs,
    /// Two periods instead of one document.
    #[command(flatten)]
    pub periods: PeriodsArgs,
}

/// The same for the delivery area.
#[derive(Debug, Args)]
pub struct DeliveryWhenArgs {
    /// Time and form.
    #[command(flatten)]
    pub when: WhenArgs,
    /// Two periods instead of one document.
    #[command(flatten)]
    pub periods: PeriodsArgs,
    /// Only queries of this profile
    #[arg(long, value_name = "ID")]
    pub profile: Option<String>,
    /// Only this query
    #[arg(long, value_name = "ID")]
    pub query: Option<String>,
    /// Answers the tables of single functions (`vectors`, `health_v3`, `budget`, …) in this JSON file, and takes the names of profiles and queries from its `aliases`
    #[arg(long, value_name = "FILE", conflicts_with = "compare")]
    pub tables: Option<PathBuf>,
}

/// The same for runs.
#[derive(Debug, Args)]
pub struct RunsWhenArgs {
    /// Time and form.
    #[command(flatten)]
    pub when: WhenArgs,
    /// Shows in what two to five runs differ
    #[arg(long, value_name = "ID", num_args = 2..=5)]
    pub compare: Vec<String>,
}
