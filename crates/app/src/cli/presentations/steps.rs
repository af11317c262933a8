//! Steps of a job's life.

use clap::Args;
use std::path::PathBuf;

/// Seconds a job belongs to a worker after its last sign of life.
pub(super) const LEASE_SECONDS: u64 = 300;

/// `landfast presentations create`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast presentations create --request request.json
  landfast presentations create --request - --priority -1 --run-at '2026-03-07 22:00' < request.json
  landfast presentations create --request request.json --idempotency-key order-17   twice makes one job

The request is a JSON object with slides_data or slide_url, voiceover_texts, and what else the service
knows; it is kept byte for byte.")]
pub struct CreateArgs {
    /// What to render: a JSON file, - for standard input
    #[arg(long, value_name = "FILE")]
    pub request: PathBuf,
    /// Takes any JSON object for a request, for a renderer of your own
    #[arg(long)]
    pub unchecked: bool,
    /// The request has the names of web clients (slideUrl); it is kept with those of the service (slide_url)
    #[arg(long, conflicts_with = "unchecked")]
    pub camel: bool,
    /// Id to give the job [default: a new one]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Smaller numbers go first
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub priority: i32,
    /// Not worked on before this time (UTC), YYYY-MM-DD HH:MM
    #[arg(long, value_name = "TIME")]
    pub run_at: Option<String>,
    /// How many attempts it gets
    #[arg(long, value_name = "N", default_value_t = landfast_domain::presentations::MAX_ATTEMPTS)]
    pub max_attempts: u32,
    /// A second job with this key is not made; the first one is shown instead
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
}

/// `landfast presentations claim`.
#[derive(Debug, Args)]
pub struct ClaimArgs {
    /// Name of the worker, unique among those that run
    #[arg(long, value_name = "NAME")]
    pub worker: String,
    /// How long the job belongs to the worker
    #[arg(long, value_name = "SECONDS", default_value_t = LEASE_SECONDS)]
    pub lease: u64,
}

/// A job and the attempt of its worker.
#[derive(Debug, Args)]
pub struct AttemptArgs {
    /// Id of the job
    pub id: String,
    /// Number of the attempt, which the claim told
    #[arg(long, value_name = "N")]
    pub attempt: u32,
}

/// `landfast presentations heartbeat`.
#[derive(Debug, Args)]
pub struct HeartbeatArgs {
    /// Job and attempt.
    #[command(flatten)]
    pub job: AttemptArgs,
    /// How long the job belongs to the worker from now on
    #[arg(long, value_name = "SECONDS", default_value_t = LEASE_SECONDS)]
    pub lease: u64,
}

/// `landfast presentations report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Job and attempt.
    #[command(flatten)]
    pub job: AttemptArgs,
    /// Percent
    #[arg(long, value_name = "PERCENT")]
    pub progress: Option<f64>,
    /// A file that was made, relative to the working directory; can be given several times
    #[arg(long = "file", value_name = "PATH")]
    pub files: Vec<String>,
    /// Id of a rendering at an external service; can be given several times
    #[arg(long = "provider-id", value_name = "ID")]
    pub provider_ids: Vec<String>,
    /// Path of a picture made for debugging
    #[arg(long, value_name = "PATH")]
    pub slide_image: Option<String>,
}

/// `landfast presentations finish`.
#[derive(Debug, Args)]
pub struct FinishArgs {
    /// Job and attempt.
    #[command(flatten)]
    pub job: AttemptArgs,
    /// Address of the video [default: /presentations/ID/video]
    #[arg(long, value_name = "URL")]
    pub video_url: Option<String>,
    /// Address of the preview image
    #[arg(long, value_name = "URL")]
    pub thumbnail_url: Option<String>,
}

/// `landfast presentations fail`.
#[derive(Debug, Args)]
pub struct FailArgs {
    /// Job and attempt.
    #[command(flatten)]
    pub job: AttemptArgs,
    /// What happened; the first 8000 characters are kept
    #[arg(long, value_name = "TEXT")]
    pub error: String,
    /// Gives the job up, although attempts are left
    #[arg(long)]
    pub no_retry: bool,
    /// Wait before the next attempt; doubled with each one
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    pub back_off: u64,
}
