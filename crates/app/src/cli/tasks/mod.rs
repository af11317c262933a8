//! `landfast tasks`.

mod instances;
mod small;

pub use instances::{Fields, InstanceArgs, InstanceVerb, InstancesArgs, NewInstance, PayloadArgs};
pub use small::{EmotionVerb, JobVerb, NoteVerb, PreferenceVerb};

use clap::{Args, Subcommand};

/// `landfast tasks`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast tasks list
  landfast tasks create 'Sweep the yard' --task-type 'Self care' --estimate 30
  landfast tasks instance create t1766349065
  landfast tasks instance predict i1766349070 expected_relief=60 time_estimate_minutes=30
  landfast tasks instance start i1766349070
  landfast tasks instance complete i1766349070 actual_relief=70 time_actual_minutes=25
  landfast tasks instances --recent 10
  landfast tasks averages --task-id t1766349065 --json
  landfast --database-url files:old/data tasks instances --active")]
pub struct TasksArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: TasksVerb,
    /// Prints JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Acts as if it were this time, YYYY-MM-DD HH:MM, seconds if you like [default: now]
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
}

/// Verbs of `landfast tasks`.
#[derive(Debug, Subcommand)]
pub enum TasksVerb {
    /// Lists the templates
    List {
        /// Only the N templates completed last, newest first
        #[arg(long, value_name = "N")]
        recent: Option<usize>,
    },
    /// Shows a template with all its cells
    Show {
        /// Key or exact name of the template
        id: String,
    },
    /// Makes a template
    Create {
        /// Name, not empty
        name: String,
        /// The other fields.
        #[command(flatten)]
        fields: TaskFields,
        /// Key to give it [default: t and the time in seconds]
        #[arg(long, value_name = "KEY")]
        id: Option<String>,
    },
    /// Changes a template; its version is counted up
    Update {
        /// Key of the template
        id: String,
        /// New name
        #[arg(long)]
        name: Option<String>,
        /// The other fields.
        #[command(flatten)]
        fields: TaskFields,
    },
    /// Removes a template; its instances stay
    Delete {
        /// Key of the template
        id: String,
    },
    /// Lists instances
    Instances(InstancesArgs),
    /// The life cycle of one instance
    Instance(InstanceArgs),
    /// The averages and baselines of one template, or of all
    Averages(AveragesArgs),
    /// Every answer of the original program's managers over this data, always as one JSON document
    Answers,
    /// Fills empty columns of instances from their payloads
    Backfill,
    /// The vocabulary of emotions
    Emotions {
        /// What to do.
        #[command(subcommand)]
        verb: EmotionVerb,
    },
    /// Free notes, and the notes of a template
    Notes {
        /// What to do.
        #[command(subcommand)]
        verb: NoteVerb,
    },
    /// Settings of profiles
    Preferences {
        /// What to do.
        #[command(subcommand)]
        verb: PreferenceVerb,
    },
    /// Named groups of templates
    Jobs {
        /// What to do.
        #[command(subcommand)]
        verb: JobVerb,
    },
}

/// Fields of a template besides its name.
#[derive(Debug, Args)]
pub struct TaskFields {
    /// Description
    #[arg(long)]
    pub description: Option<String>,
    /// one-time, recurring, routine or project
    #[arg(long = "type", value_name = "KIND")]
    pub type_: Option<String>,
    /// Work, Play or 'Self care'
    #[arg(long)]
    pub task_type: Option<String>,
    /// Whether it comes back
    #[arg(long, value_name = "true|false")]
    pub recurring: Option<bool>,
    /// A category; can be given several times
    #[arg(long = "category", value_name = "TEXT")]
    pub categories: Vec<String>,
    /// Estimate in minutes
    #[arg(long, value_name = "MINUTES")]
    pub estimate: Option<i64>,
    /// Aversion before the first attempt, 0 to 100, or `none`
    #[arg(long, value_name = "N|none")]
    pub initial_aversion: Option<String>,
    /// none, daily or weekly
    #[arg(long, value_name = "FREQUENCY")]
    pub routine: Option<String>,
    /// A weekday of the routine, 0 = Monday to 6 = Sunday; can be given several times
    #[arg(long = "routine-day", value_name = "DAY")]
    pub routine_days: Vec<i64>,
    /// HH:MM
    #[arg(long)]
    pub routine_time: Option<String>,
    /// Hours after which a routine's attempt is late, or `none`
    #[arg(long, value_name = "N|none")]
    pub window_hours: Option<String>,
    /// Days after which a routine's attempt is late, or `none`
    #[arg(long, value_name = "N|none")]
    pub window_days: Option<String>,
}

/// `landfast tasks averages`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast tasks averages --task-id t1761012727 --json    the methods of one template
  landfast tasks averages --json                          {\"tasks\": {ID: methods}}

The answers are those of the original program version the data comes from: its reading of ratings from 0
to 10 is included; where it raised an exception, the value is {\"raises\": NAME}; the version of March 2026
always answered null for get_previous_aversion_average (the number is the expected_aversion of the first).")]
pub struct AveragesArgs {
    /// Only this template
    #[arg(long, value_name = "ID")]
    pub task_id: Option<String>,
}
