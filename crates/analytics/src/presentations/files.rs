//! Times in the names of the files a job made.

use crate::stats::Spread;
use chrono::{NaiveDateTime, TimeDelta};
use landfast_domain::presentations::PresentationJob;
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// Length of `YYYYmmdd_HHMMSS`.
const STAMP_CHARS: usize = 15;

/// The times in the names of a job's files, ascending, UTC.
///
/// The service put the second it recorded a slide at into the file's name, `…_YYYYmmdd_HHMMSS.mp4`, on its own
/// clock, which is `offset_minutes` ahead of UTC. Other names, and stamps that are no time, are passed over.
#[must_use]
pub fn file_times(job: &PresentationJob, offset_minutes: i32) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = job.created_files.iter().filter_map(|path| stamp(path, offset_minutes)).collect();
    times.sort_unstable();
    times
}

/// Durations between the files of one job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileMinutes {
    /// From the creation of the job to its first file, minutes. It may be negative by part of a second, since
    /// names hold whole seconds.
    pub until_first: f64,
    /// From each file to the next one; of a job with several slides, the time a slide takes.
    pub between: Vec<f64>,
    /// From the last file to the end of the job; `None` while it is open or its end is not known.
    pub after_last: Option<f64>,
}

/// Durations between a job's creation, the times in the names of its files and its end; `None` when no name
/// has a time.
#[must_use]
pub fn file_minutes(job: &PresentationJob, offset_minutes: i32) -> Option<FileMinutes> {
    let times = file_times(job, offset_minutes);
    let (first, last) = (times.first()?, times.last()?);
    let end = job.completed_at.filter(|_| job.status.is_final());
    Some(FileMinutes {
        until_first: first.minutes_since(job.created_at),
        between: times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.minutes_since(*a)).collect(),
        after_last: end.map(|end| end.minutes_since(*last)),
    })
}

/// Spreads of [`file_minutes`] over several jobs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FilesSpread {
    /// Over jobs.
    pub until_first: Spread,
    /// Over pairs of neighbouring files of one job.
    pub between: Spread,
    /// Over jobs.
    pub after_last: Spread,
}

/// Spreads over all jobs with a time in the name of a file.
#[must_use]
pub fn files_spread(jobs: &[PresentationJob], offset_minutes: i32) -> FilesSpread {
    let all: Vec<FileMinutes> = jobs.iter().filter_map(|job| file_minutes(job, offset_minutes)).collect();
    FilesSpread {
        until_first: Spread::of(all.iter().map(|found| found.until_first)),
        between: Spread::of(all.iter().flat_map(|found| found.between.iter().copied())),
        after_last: Spread::of(all.iter().filter_map(|found| found.after_last)),
    }
}

fn stamp(path: &str, offset_minutes: i32) -> Option<Timestamp> {
    let name = path.rsplit(['/', '\\']).next()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let from = stem.len().checked_sub(STAMP_CHARS)?;
    let (before, text) = stem.split_at_checked(from)?;
    let digits = |part: Option<&str>| part.is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()));
    if !before.ends_with('_') || !digits(text.get(..8)) || !digits(text.get(9..)) {
        return None;
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y%m%d_%H%M%S").ok()?;
    Some(Timestamp::new(local.checked_sub_signed(TimeDelta::minutes(i64::from(offset_minutes)))?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, job};
    use super::*;

    fn with_files(status: &str, files: &[&str]) -> PresentationJob {
        let mut job = job("a", status, "10:00", Some("10:09"));
        job.created_files = files.iter().map(|file| (*file).to_owned()).collect();
        job
    }

    #[test]
    fn slides_are_timed_by_their_names() {
        let job = with_files(
            "completed",
            &[
                "output/clean_videos/avatar_slide_b_20250101_110600.mp4",
                "output/presentations/presentation_a.mp4",
                "output/clean_videos/avatar_slide_a_20250101_110200.mp4",
                "output/clean_videos/avatar_slide_c_20250101_110700.mp4",
            ],
        );
        assert_eq!(file_times(&job, 60)[0], at("2025-01-01 10:02"));
        let found = file_minutes(&job, 60).unwrap();
        assert_eq!(found, FileMinutes { until_first: 2.0, between: vec![4.0, 1.0], after_last: Some(2.0) });
        assert_eq!(files_spread(&[job], 60).between.mean, Some(2.5));
    }

    #[test]
    fn names_without_a_time_are_passed_over() {
        for name in [
            "",
            "a.mp4",
            "x/20250101_110200.mp4",
            "a_20250101-110200.mp4",
            "a_20251301_110200.mp4",
            "a_2025é101_110200",
            "a_+0250101_110200.mp4",
            "20250101_110200_b.mp4",
        ] {
            assert_eq!(file_times(&with_files("completed", &[name]), 0), [], "{name}");
        }
        assert_eq!(file_minutes(&with_files("completed", &[]), 0), None);
    }

    #[test]
    fn an_open_job_has_no_end() {
        let job = with_files("processing", &["a_20250101_100100.mp4"]);
        assert_eq!(file_minutes(&job, 0).unwrap().after_last, None);
    }
}
