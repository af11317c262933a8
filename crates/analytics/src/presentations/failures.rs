//! Why jobs fail.

use super::durations::turnaround_minutes;
use crate::stats::{Interval, Spread, share, wilson_interval};
use landfast_domain::presentations::{INTERRUPTED, JobStatus, PresentationJob};
use serde::Serialize;

/// Most characters of a cause.
const MAX_CAUSE_CHARS: usize = 120;

/// What share of the ended jobs failed, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failures {
    /// Jobs that were completed.
    pub completed: usize,
    /// Jobs that failed without having been cancelled.
    pub failed: usize,
    /// Jobs that were cancelled; they count neither as failed nor as ended.
    pub cancelled: usize,
    /// `failed / (completed + failed)`, 0 to 1; `None` when no job has ended.
    pub failure_share: Option<f64>,
    /// Wilson's 95 % interval of the share.
    pub failure_share_interval: Option<Interval>,
    /// The causes, most frequent first, then by text.
    pub causes: Vec<CauseShare>,
}

/// A cause of failure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CauseShare {
    /// See [`cause_of`].
    pub cause: String,
    /// How many jobs failed from it.
    pub n: usize,
    /// Share of all failed jobs, 0 to 1; the shares of all causes add up to 1.
    pub share: f64,
    /// Spread of minutes from creation to failure, where known.
    pub minutes: Spread,
    /// Spread of the last progress in percent as stored, which may exceed 100.
    pub progress: Spread,
}

/// Cause of a failed job: what its error says, without what differs from job to job.
///
/// Of the first line that is not blank, every word with a digit loses its digits: a run of letters, digits and
/// `-` that has at least eight characters, all of them hexadecimal digits or `-`, becomes `<id>`, and any
/// other run of digits `#`. At most 120 characters are kept. `interrupted` stands for a lost worker, `unknown`
/// for a failure without an error text. `None` for a job that did not fail, or was cancelled.
///
/// ```
/// use landfast_analytics::presentations::cause_of;
/// use landfast_domain::presentations::{JobStatus, PresentationJob};
/// use landfast_domain::time::Timestamp;
///
/// let mut job = PresentationJob::blank("a".into(), Timestamp::parse("2025-01-01 10:00").unwrap());
/// job.status = JobStatus::Failed;
/// job.error = Some("\nno slide_12 of 5df970f5-f028 after 2040s\ntrace".to_owned());
/// assert_eq!(cause_of(&job).as_deref(), Some("no slide_# of <id> after #s"));
/// ```
#[must_use]
pub fn cause_of(job: &PresentationJob) -> Option<String> {
    if job.status != JobStatus::Failed || job.is_cancelled() {
        return None;
    }
    let error = job.error.as_deref().unwrap_or_default();
    if error == INTERRUPTED {
        return Some("interrupted".to_owned());
    }
    let line = error.lines().map(str::trim).find(|line| !line.is_empty());
    Some(line.map_or_else(|| "unknown".to_owned(), |line| masked(line).chars().take(MAX_CAUSE_CHARS).collect()))
}

/// Counts failures and their causes. Linear in the number of jobs and of causes.
#[must_use]
pub fn failures(jobs: &[PresentationJob]) -> Failures {
    let mut groups: std::collections::BTreeMap<String, Vec<&PresentationJob>> = std::collections::BTreeMap::new();
    for job in jobs {
        if let Some(cause) = cause_of(job) {
            groups.entry(cause).or_default().push(job);
        }
    }
    let failed = groups.values().map(Vec::len).sum();
    let completed = jobs.iter().filter(|job| job.status == JobStatus::Completed).count();
    let mut causes: Vec<CauseShare> = groups
        .into_iter()
        .map(|(cause, jobs)| CauseShare {
            cause,
            n: jobs.len(),
            share: share(jobs.len(), failed).unwrap_or_default(),
            minutes: Spread::of(jobs.iter().filter_map(|job| turnaround_minutes(job))),
            progress: Spread::of(jobs.iter().filter_map(|job| job.progress)),
        })
        .collect();
    // Stable: causes of equal frequency stay in order of their texts.
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.n));
    Failures {
        completed,
        failed,
        cancelled: jobs.iter().filter(|job| job.is_cancelled()).count(),
        failure_share: share(failed, completed + failed),
        failure_share_interval: wilson_interval(failed, completed + failed),
        causes,
    }
}

/// Replaces ids and digits.
fn masked(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut word = String::new();
    for c in line.chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            word.push(c);
        } else {
            push_word(&mut out, &word);
            word.clear();
            out.push(c);
        }
    }
    push_word(&mut out, &word);
    out
}

fn push_word(out: &mut String, word: &str) {
    let has_digit = word.bytes().any(|b| b.is_ascii_digit());
    if has_digit && word.len() >= 8 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        out.push_str("<id>");
        return;
    }
    let mut in_digits = false;
    for c in word.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !in_digits {
            out.push('#');
        }
        in_digits = c.is_ascii_digit();
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failed, job};
    use super::*;
    use landfast_domain::presentations::CANCELLED;

    #[test]
    fn causes_are_counted_without_what_differs_from_job_to_job() {
        let jobs = [
            failed("a", "10:00", "10:10", "timeout after 2040s (polls: 34)"),
            failed("b", "10:00", "10:30", "timeout after 900s (polls: 7)\nTraceback"),
            failed("c", "10:00", "10:01", "Failed to download video: 403"),
            failed("d", "10:00", "10:01", CANCELLED),
            failed("e", "10:00", "10:01", INTERRUPTED),
            job("f", "completed", "10:00", Some("10:05")),
            job("g", "processing", "10:00", None),
        ];
        let found = failures(&jobs);
        assert_eq!((found.completed, found.failed, found.cancelled), (1, 4, 1));
        assert_eq!(found.failure_share, Some(0.8));
        let causes: Vec<_> = found.causes.iter().map(|cause| (cause.cause.as_str(), cause.n, cause.share)).collect();
        assert_eq!(
            causes,
            [
                ("timeout after #s (polls: #)", 2, 0.5),
                ("Failed to download video: #", 1, 0.25),
                ("interrupted", 1, 0.25)
            ]
        );
        assert_eq!(found.causes[0].minutes.mean, Some(20.0));
    }

    #[test]
    fn nothing_ended_is_no_share_and_an_empty_error_is_unknown() {
        assert_eq!(failures(&[job("a", "queued", "10:00", None)]).failure_share, None);
        let mut silent = failed("a", "10:00", "10:01", " \n");
        assert_eq!(cause_of(&silent).as_deref(), Some("unknown"));
        silent.error = None;
        assert_eq!(cause_of(&silent).as_deref(), Some("unknown"));
    }

    #[test]
    fn words_keep_their_letters() {
        assert_eq!(masked("ffmpeg exited with status 1"), "ffmpeg exited with status #");
        assert_eq!(masked("feedback-facade läuft"), "feedback-facade läuft");
        assert_eq!(masked("avatar_68b5ba77e4464d1c2a55f6a9.mp4"), "avatar_<id>.mp#");
    }
}
