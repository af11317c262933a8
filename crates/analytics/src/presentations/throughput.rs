//! How many jobs come and go each day.

use crate::stats::{real, share};
use chrono::NaiveDate;
use landfast_domain::presentations::{JobStatus, PresentationJob};
use landfast_domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Jobs of one calendar day, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct DayCount {
    /// Jobs made.
    pub created: usize,
    /// Jobs completed.
    pub completed: usize,
    /// Jobs failed without having been cancelled.
    pub failed: usize,
    /// Jobs cancelled.
    pub cancelled: usize,
}

/// Counts over a window of days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Throughput {
    /// Every day of the window, empty ones included, ascending. Texts are `YYYY-MM-DD`.
    pub days: Vec<(String, DayCount)>,
    /// Sum over the window.
    pub total: DayCount,
    /// Completed jobs a day, `completed / days in the window`.
    pub completed_per_day: f64,
    /// Jobs made a day.
    pub created_per_day: f64,
    /// Completed jobs as a share of those made in the window: below 1 the line grows. `None` when none was
    /// made. Above 1 when older jobs were completed.
    pub completed_per_created: Option<f64>,
    /// Most jobs completed on one day, and the first such day.
    pub best_day: Option<(String, usize)>,
}

/// Counts jobs by day over the last `days` calendar days up to the day of `now`; `days` is at least 1.
///
/// A job counts as made on the day of `created_at`, and as ended on the day of `completed_at`, or of
/// `created_at` where its end is not known. A share over a window that holds half a day of today is too low
/// by that half.
///
/// ```
/// use landfast_analytics::presentations::throughput;
/// use landfast_domain::time::Timestamp;
///
/// let found = throughput(&[], Timestamp::parse("2025-01-03 10:00").unwrap(), 3);
/// let days: Vec<&str> = found.days.iter().map(|(day, _)| day.as_str()).collect();
/// assert_eq!(days, ["2025-01-01", "2025-01-02", "2025-01-03"]);
/// ```
#[must_use]
pub fn throughput(jobs: &[PresentationJob], now: Timestamp, days: u16) -> Throughput {
    let last = now.naive().date();
    let mut counts: BTreeMap<NaiveDate, DayCount> = (0..u64::from(days.max(1)))
        .filter_map(|back| Some((last.checked_sub_days(chrono::Days::new(back))?, DayCount::default())))
        .collect();
    for job in jobs {
        if let Some(day) = counts.get_mut(&job.created_at.naive().date()) {
            day.created += 1;
        }
        if let Some(day) = job.ended_at().and_then(|end| counts.get_mut(&end.naive().date())) {
            match job.status {
                JobStatus::Completed => day.completed += 1,
                _ if job.is_cancelled() => day.cancelled += 1,
                _ => day.failed += 1,
            }
        }
    }
    let mut total = DayCount::default();
    let mut best_day: Option<(String, usize)> = None;
    for (date, day) in &counts {
        total.created += day.created;
        total.completed += day.completed;
        total.failed += day.failed;
        total.cancelled += day.cancelled;
        if day.completed > best_day.as_ref().map_or(0, |(_, best)| *best) {
            best_day = Some((date.to_string(), day.completed));
        }
    }
    let length = real(counts.len()).max(1.0);
    Throughput {
        days: counts.into_iter().map(|(date, day)| (date.to_string(), day)).collect(),
        total,
        completed_per_day: real(total.completed) / length,
        created_per_day: real(total.created) / length,
        completed_per_created: share(total.completed, total.created),
        best_day,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, failed, job};
    use super::*;
    use landfast_domain::presentations::CANCELLED;

    #[test]
    fn each_day_counts_what_came_and_went_on_it() {
        let mut yesterday = job("b", "completed", "23:50", None);
        yesterday.completed_at = Some(at("2025-01-02 00:10"));
        let jobs = [
            job("a", "completed", "10:00", Some("10:05")),
            yesterday,
            failed("c", "10:00", "10:05", "x"),
            failed("d", "10:00", "10:05", CANCELLED),
            job("e", "completed", "11:00", None),
            job("f", "queued", "12:00", None),
        ];
        let found = throughput(&jobs, at("2025-01-02 08:00"), 4);
        assert_eq!(found.days.len(), 4);
        assert_eq!(found.days[1], ("2024-12-31".to_owned(), DayCount::default()));
        let first = DayCount { created: 6, completed: 2, failed: 1, cancelled: 1 };
        assert_eq!(found.days[2], ("2025-01-01".to_owned(), first));
        assert_eq!(found.days[3].1.completed, 1);
        assert_eq!((found.completed_per_day, found.completed_per_created), (0.75, Some(0.5)));
        assert_eq!(found.best_day, Some(("2025-01-01".to_owned(), 2)));
    }

    #[test]
    fn jobs_outside_of_the_window_do_not_count() {
        let found = throughput(&[job("a", "completed", "10:00", Some("10:05"))], at("2025-02-01 00:00"), 0);
        assert_eq!((found.days.len(), found.total, found.best_day), (1, DayCount::default(), None));
        assert_eq!(found.completed_per_created, None);
    }
}
