//! `landfast delivery`.

mod care;
mod data;
mod profiles;

pub use care::{CacheVerb, PackageExportArgs, PackageImportArgs, PackageVerb, SchemaVerb, TaskProgressVerb};
pub use data::{
    ChangelogArgs, ChangelogVerb, IssueVerb, IssuesArgs, IssuesVerb, MetricsArgs, MetricsVerb, QueryPick, ScopeVerb,
    SnapshotsArgs, SnapshotsVerb, StatisticsArgs, StatisticsVerb,
};
pub use profiles::{ProfileVerb, QueryVerb, SettingVerb};

use clap::{Args, Subcommand};

/// `landfast delivery`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast delivery profiles list
  landfast delivery profiles settings set p_79cb9e86830c forecast_settings.pert_factor 6
  landfast delivery queries create 'Open bugs' 'project = ORB AND type = Bug'
  landfast delivery issues list --status Done --limit 20
  landfast delivery issue show ORB-17
  landfast delivery statistics list --from 2025-01-06 --json
  landfast delivery metrics list --metric flow_time --weeks 12
  landfast delivery package export p_79cb9e86830c --full -o team.json
  landfast --database-url files:old/data delivery integrity")]
pub struct DeliveryArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: DeliveryVerb,
    /// Prints JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Acts as if it were this time (UTC), YYYY-MM-DD HH:MM, seconds if you like [default: now]
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
}

/// Verbs of `landfast delivery`.
#[derive(Debug, Subcommand)]
pub enum DeliveryVerb {
    /// Profiles: connections to Jira with their settings
    #[command(visible_alias = "profile")]
    Profiles {
        /// What to do.
        #[command(subcommand)]
        verb: ProfileVerb,
    },
    /// Queries: saved JQL texts, each with its own data
    #[command(visible_alias = "query")]
    Queries {
        /// What to do.
        #[command(subcommand)]
        verb: QueryVerb,
    },
    /// Cached issues of a query
    Issues {
        /// What to do.
        #[command(subcommand)]
        verb: IssuesVerb,
    },
    /// One cached issue
    Issue {
        /// What to do.
        #[command(subcommand)]
        verb: IssueVerb,
    },
    /// Changed fields of the issues of a query
    Changelog {
        /// What to do.
        #[command(subcommand)]
        verb: ChangelogVerb,
    },
    /// Weekly numbers of a query
    Statistics {
        /// What to do.
        #[command(subcommand)]
        verb: StatisticsVerb,
    },
    /// Scope of a query: what is planned and what is left
    Scope {
        /// What to do.
        #[command(subcommand)]
        verb: ScopeVerb,
    },
    /// Metrics of a query, week by week, as whole documents
    Snapshots {
        /// What to do.
        #[command(subcommand)]
        verb: SnapshotsVerb,
    },
    /// Single values of metrics of a query
    Metrics {
        /// What to do.
        #[command(subcommand)]
        verb: MetricsVerb,
    },
    /// Cached responses of Jira
    Cache {
        /// What to do.
        #[command(subcommand)]
        verb: CacheVerb,
    },
    /// Background tasks: reading issues, calculating metrics, making a report
    #[command(visible_alias = "task-progress")]
    TasksProgress {
        /// What to do.
        #[command(subcommand)]
        verb: TaskProgressVerb,
    },
    /// Counts rows of every kind and compares the size with the planned one
    Size,
    /// Checks the database, every document, and that rows agree with the documents they were made from
    ///
    /// Exit code 1 when something is wrong; nothing is changed.
    Integrity,
    /// What the data say about their own form
    Schema {
        /// What to do.
        #[command(subcommand)]
        verb: SchemaVerb,
    },
    /// A profile as one JSON file, to be carried to another installation
    Package {
        /// What to do.
        #[command(subcommand)]
        verb: PackageVerb,
    },
}
