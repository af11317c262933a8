//! The presentations area: what a rendering service wrote down of its memory.

mod job;
mod request;
mod words;

use crate::clock::micros;
use crate::json::{Json, JsonFile, Style, object};
use crate::{DemoOptions, Error, Summary};
use chrono::Duration;
use job::{JOBS, Job};
use std::fs;
use std::path::Path;

/// Name of the file.
const NAME: &str = "presentation_jobs.snapshot.json";
/// Minutes the service's clock is before UTC.
const OFFSET_MINUTES: i32 = 60;

/// Writes a made-up snapshot of the jobs of a rendering service.
///
/// Makes the folder when it is missing and replaces a file of the same name. The jobs, sixty at scale 1, grow
/// with the scale; always two of them are queued and eight are at work when the snapshot is taken.
///
/// # Errors
/// [`Error`] names the file or folder that could not be written.
pub fn write_presentations(folder: &Path, options: &DemoOptions) -> Result<Summary, Error> {
    fs::create_dir_all(folder).map_err(Error::at(folder))?;
    let count = JOBS * u64::from(options.scale.max(1));
    let job = |number| Job::nth(options, options.now, number, count);
    let mut file = JsonFile::create(folder, NAME, Style::Escaped)?;
    file.object(None)?;
    file.member("format", "presentation-jobs-snapshot")?;
    file.member("version", 1)?;
    file.member("taken_at", micros(options.now + Duration::microseconds(250_431)))?;
    file.member("utc_offset_minutes", OFFSET_MINUTES)?;
    let service = object! {
        "name": "presentation-service",
        "started_at": micros(options.now - Duration::days(70)),
        "output_dir": "output/presentations",
        "heartbeat_interval_seconds": 30,
        "dual_write": false,
    };
    file.member("service", service)?;
    // Only the newest jobs are at work.
    let newest = (count.saturating_sub(20)..count).map(job);
    let beating: Vec<Json> = newest.filter(|job| job.beats).map(|job| Json::from(job.id)).collect();
    file.member("heartbeat_tasks", beating)?;
    file.list(Some("jobs"))?;
    let mut written = 0;
    for job in (0..count).map(job) {
        file.element(&job.json)?;
        written += 1;
    }
    if options.odd_cells {
        // Two routes wrote the oldest job down.
        file.element(&job(0).json)?;
        written += 1;
    }
    let mut summary = Summary::default();
    file.finish(written, &mut summary)?;
    Ok(summary)
}
