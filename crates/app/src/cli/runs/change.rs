//! Making and changing runs.

use clap::Args;

/// `landfast runs create`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast runs create --source manual_upload
  landfast runs create --source jetstream --jetstream-id 8842 --metadata @metadata.json --id bench-3")]
pub struct CreateRunArgs {
    /// jetstream, manual_upload or another word
    #[arg(long, value_name = "TEXT")]
    pub source: String,
    /// Id to give it [default: run_, the time, and six random hexadecimal digits]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Id at the service the recording comes from
    #[arg(long, value_name = "ID")]
    pub jetstream_id: Option<String>,
    /// JSON object of metadata, or @FILE, or @- for standard input
    #[arg(long, value_name = "JSON|@FILE")]
    pub metadata: Option<String>,
}

/// `landfast runs update`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast runs update ID --status processing --progress 40
  landfast runs update ID --results @summary.json --file corrections.csv --file plots/afr.png
  landfast runs update ID --status error --error-stage export --error-code disk_full --error-message 'no space'")]
pub struct UpdateRunArgs {
    /// Id of the run
    pub id: String,
    /// New status; leaving `error` clears the error
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// What it is doing, free text
    #[arg(long, value_name = "TEXT")]
    pub stage: Option<String>,
    /// 0 to 100
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true)]
    pub progress: Option<i64>,
    /// Stage it failed in; needs the status error
    #[arg(long, value_name = "TEXT", requires = "error_code", requires = "error_message")]
    pub error_stage: Option<String>,
    /// Short code of the error
    #[arg(long, value_name = "CODE", requires = "error_stage")]
    pub error_code: Option<String>,
    /// What happened
    #[arg(long, value_name = "TEXT", requires = "error_stage")]
    pub error_message: Option<String>,
    /// JSON object of results, or @FILE, or @- for standard input; an empty one removes the results
    #[arg(long, value_name = "JSON|@FILE")]
    pub results: Option<String>,
    /// Name of a result file; can be given several times, and replaces the list
    #[arg(long = "file", value_name = "NAME")]
    pub files: Vec<String>,
}
