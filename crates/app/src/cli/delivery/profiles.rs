//! Verbs of profiles and queries.

use super::QueryPick;
use clap::Subcommand;

/// Verbs of `landfast delivery profiles`.
#[derive(Debug, Subcommand)]
pub enum ProfileVerb {
    /// Lists the profiles, the one used last first
    List,
    /// Shows a profile with its settings, without secrets
    Show {
        /// Id of the profile
        id: String,
        /// Shows tokens and passwords, too
        #[arg(long)]
        with_tokens: bool,
    },
    /// Makes a profile with default settings and no queries
    Create {
        /// Name, 1 to 100 characters, unique without regard to case
        name: String,
        /// Description
        #[arg(long, default_value = "")]
        description: String,
        /// Id to give it [default: p_ and 12 random hexadecimal digits]
        #[arg(long, value_name = "ID")]
        id: Option<String>,
    },
    /// Makes a profile the active one, with the first of its queries
    Switch {
        /// Id of the profile
        id: String,
    },
    /// Gives a profile another name
    Rename {
        /// Id of the profile
        id: String,
        /// New name
        name: String,
    },
    /// Settings of a profile
    Settings {
        /// What to do.
        #[command(subcommand)]
        verb: SettingVerb,
    },
    /// Removes a profile with its queries and their data; neither the active one nor the last one
    Delete {
        /// Id of the profile
        id: String,
    },
}

/// Verbs of `landfast delivery profiles settings`.
#[derive(Debug, Subcommand)]
pub enum SettingVerb {
    /// Shows all settings, or the one a path leads to
    #[command(after_help = "\
Examples:
  landfast delivery profiles settings get p_79cb9e86830c
  landfast delivery profiles settings get p_79cb9e86830c forecast_settings.deadline

A path is made of the names of members with points between them.")]
    Get {
        /// Id of the profile
        id: String,
        /// Path of the setting
        path: Option<String>,
        /// Shows tokens and passwords, too
        #[arg(long)]
        with_tokens: bool,
    },
    /// Changes one setting; every other byte of the document stays
    #[command(after_help = "\
Examples:
  landfast delivery profiles settings set p_79cb9e86830c forecast_settings.pert_factor 6
  landfast delivery profiles settings set p_79cb9e86830c project_classification.bug_types '[\"Bug\"]'
  landfast delivery profiles settings set p_79cb9e86830c jira_config.token @token.txt

A VALUE that is JSON (12, true, [1]) is taken as such, everything else is text. @FILE takes it from a
file, @- from standard input, without the line end; so a token is seen by nobody else.")]
    Set {
        /// Id of the profile
        id: String,
        /// Path of the setting
        path: String,
        /// The value, or @FILE, or @- for standard input
        #[arg(value_name = "VALUE|@FILE")]
        value: String,
    },
}

/// Verbs of `landfast delivery queries`.
#[derive(Debug, Subcommand)]
pub enum QueryVerb {
    /// Lists the queries of a profile, the one used last first
    List {
        /// Id of the profile [default: the active one]
        #[arg(long, value_name = "ID")]
        profile: Option<String>,
    },
    /// Shows a query
    Show(QueryPick),
    /// Makes a query with empty project data
    Create {
        /// Name, 1 to 100 characters, unique within the profile without regard to case
        name: String,
        /// JQL, at most 2000 characters
        jql: String,
        /// Description
        #[arg(long, default_value = "")]
        description: String,
        /// Id of the profile [default: the active one]
        #[arg(long, value_name = "ID")]
        profile: Option<String>,
        /// Id to give it [default: q_ and 12 random hexadecimal digits]
        #[arg(long, value_name = "ID")]
        id: Option<String>,
    },
    /// Makes a query the active one, and its profile with it
    Switch {
        /// Id of the query
        id: String,
        /// Id of the profile [default: the active one]
        #[arg(long, value_name = "ID")]
        profile: Option<String>,
    },
    /// Changes a query
    Update {
        /// Id of the query
        id: String,
        /// Id of the profile [default: the active one]
        #[arg(long, value_name = "ID")]
        profile: Option<String>,
        /// New name
        #[arg(long)]
        name: Option<String>,
        /// New JQL
        #[arg(long)]
        jql: Option<String>,
        /// New description
        #[arg(long)]
        description: Option<String>,
    },
    /// Removes a query with its data
    Delete {
        /// Id of the query
        id: String,
        /// Id of the profile [default: the active one]
        #[arg(long, value_name = "ID")]
        profile: Option<String>,
    },
}
