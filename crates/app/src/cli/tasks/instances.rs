//! `landfast tasks instances` and `landfast tasks instance`.

use clap::{Args, Subcommand};

/// `landfast tasks instances`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast tasks instances                 all, in file order
  landfast tasks instances --active
  landfast tasks instances --recent 20 --json")]
pub struct InstancesArgs {
    /// Only the open ones
    #[arg(long, group = "which")]
    pub active: bool,
    /// Only the N completed last, newest first
    #[arg(long, value_name = "N", group = "which")]
    pub recent: Option<usize>,
    /// Only the cancelled ones, newest first
    #[arg(long, group = "which")]
    pub cancelled: bool,
    /// Only those of this template
    #[arg(long, value_name = "ID", group = "which")]
    pub task: Option<String>,
}

/// `landfast tasks instance`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast tasks instance create t1766349065
  landfast tasks instance predict i1766349070 expected_relief=60 --json-payload @more.json
  landfast tasks instance pause i1766349070 --reason 'phone' --percent 40

A payload is a JSON object. KEY=VALUE pairs are added to it: a VALUE that is JSON (12, true, [1]) is
taken as such, everything else is text.")]
pub struct InstanceArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: InstanceVerb,
}

/// A JSON object from the command line.
#[derive(Debug, Args, Default)]
pub struct PayloadArgs {
    /// Payload as JSON text, or @FILE, or @- for standard input
    #[arg(long, value_name = "JSON|@FILE")]
    pub json_payload: Option<String>,
    /// Entries of the payload
    #[arg(value_name = "KEY=VALUE")]
    pub pairs: Vec<String>,
}

/// A new instance.
#[derive(Debug, Args)]
pub struct NewInstance {
    /// Key of the template
    pub task: String,
    /// Key to give it [default: i and the time in seconds]
    #[arg(long, value_name = "KEY")]
    pub id: Option<String>,
    /// Predictions, if already known.
    #[command(flatten)]
    pub payload: PayloadArgs,
}

/// One instance and a payload.
#[derive(Debug, Args)]
pub struct Fields {
    /// Key of the instance
    pub id: String,
    /// The payload.
    #[command(flatten)]
    pub payload: PayloadArgs,
}

/// Verbs of `landfast tasks instance`.
#[derive(Debug, Subcommand)]
pub enum InstanceVerb {
    /// Shows an instance with all its cells
    Show {
        /// Key of the instance
        id: String,
    },
    /// Makes an instance of a template
    Create(NewInstance),
    /// Gives predictions
    #[command(visible_alias = "initialize")]
    Predict {
        /// Instance and payload.
        #[command(flatten)]
        fields: Fields,
        /// When it should be done, YYYY-MM-DD HH:MM, or `none`
        #[arg(long, value_name = "TIME|none")]
        due: Option<String>,
    },
    /// Begins work
    Start {
        /// Key of the instance
        id: String,
    },
    /// Interrupts work; the time spent is kept
    Pause {
        /// Key of the instance
        id: String,
        /// Why
        #[arg(long)]
        reason: Option<String>,
        /// How much is done, 0 to 100
        #[arg(long, value_name = "0-100", default_value_t = 0.0)]
        percent: f64,
    },
    /// Goes on after a pause
    Resume {
        /// Key of the instance
        id: String,
    },
    /// Ends work and stores the outcome
    Complete(Fields),
    /// Gives up
    Cancel(Fields),
    /// Puts off an open instance
    Postpone {
        /// Key of the instance
        id: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
        /// New due date, YYYY-MM-DD HH:MM, or `none`
        #[arg(long, value_name = "TIME|none")]
        due: Option<String>,
    },
    /// Corrects the outcome of a completed instance
    Revise(Fields),
    /// Removes an instance
    Delete {
        /// Key of the instance
        id: String,
    },
}
