//! How long it took to begin, as it is stored at completion.

use super::rows::PreparedRow;
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;

/// The times of an instance at its completion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiting {
    /// When it was made.
    pub created: Timestamp,
    /// When predictions were given.
    pub initialized: Option<Timestamp>,
    /// When it was last started.
    pub started: Option<Timestamp>,
    /// est(P) in minutes; 0 counts as 1.
    pub estimate_minutes: f64,
}

impl Waiting {
    /// The times of a prepared row; `None` without a creation time.
    #[must_use]
    pub fn of(row: &PreparedRow) -> Option<Self> {
        Some(Self {
            created: row.created_at?,
            initialized: row.initialized_at,
            started: row.started_at,
            estimate_minutes: row.estimate_minutes,
        })
    }

    /// Minutes from creation to the start, or to the initialisation when it was never started; 0 with neither.
    #[must_use]
    pub fn delay_minutes(&self) -> f64 {
        self.started.or(self.initialized).unwrap_or(self.created).minutes_since(self.created)
    }

    /// min(delay/max(e', 1), 10), 3 decimals, where e' is the estimate and 1 stands for 0. Task analytics 2.2.
    #[must_use]
    pub fn procrastination_score(&self) -> f64 {
        round_to((self.delay_minutes() / self.estimate().max(1.0)).min(10.0), 3)
    }

    /// clamp(10 max(0, 1 - delay/max(2 e', 1)), 0, 10), 3 decimals.
    #[must_use]
    pub fn proactive_score(&self) -> f64 {
        let share = (1.0 - self.delay_minutes() / (2.0 * self.estimate()).max(1.0)).max(0.0);
        round_to((10.0 * share).clamp(0.0, 10.0), 3)
    }

    fn estimate(&self) -> f64 {
        if self.estimate_minutes == 0.0 { 1.0 } else { self.estimate_minutes }
    }
}

/// Delay in minutes as it is stored at completion, 2 decimals: start - initialisation, or
/// completion - initialisation - duration when it was never started; `None` when it was never initialised.
///
/// ```
/// use landfast_analytics::tasks::procrastination::stored_delay_minutes;
/// use landfast_domain::time::Timestamp;
///
/// let at = |text| Timestamp::parse(text);
/// assert_eq!(
///     stored_delay_minutes(at("2025-12-01 10:00"), None, at("2025-12-01 11:00"), 45.0),
///     Some(15.0)
/// );
/// ```
#[must_use]
pub fn stored_delay_minutes(
    initialized: Option<Timestamp>,
    started: Option<Timestamp>,
    completed: Option<Timestamp>,
    duration_minutes: f64,
) -> Option<f64> {
    let begin = initialized?;
    let delay = match started {
        Some(start) => start.minutes_since(begin),
        None => completed?.minutes_since(begin) - duration_minutes,
    };
    Some(round_to(delay, 2))
}

/// Duration in minutes as it is stored at completion: the minutes stated; else completion - start plus the minutes before a
/// pause; else those minutes, if above 0; else the estimate.
#[must_use]
pub fn stored_duration_minutes(
    stated: Option<f64>,
    started: Option<Timestamp>,
    completed: Option<Timestamp>,
    before_pause: f64,
    estimate_minutes: f64,
) -> f64 {
    let worked = started.zip(completed).map(|(start, end)| end.minutes_since(start) + before_pause);
    let paused = (before_pause > 0.0).then_some(before_pause);
    stated.or(worked).or(paused).unwrap_or(estimate_minutes)
}

/// Priority as the original computed it, 3 decimals: 1.5 procrastination + est(P)/60 - 0.5 proactive, missing values being
/// 0; 0 for a payload that cannot be read. Task analytics 19.4. No view uses it.
#[must_use]
pub fn priority_score(row: &PreparedRow) -> f64 {
    if !row.is_predicted_readable {
        return 0.0;
    }
    let procrastination = row.procrastination_score.unwrap_or(0.0);
    let proactive = row.proactive_score.unwrap_or(0.0);
    round_to(1.5 * procrastination + row.estimate_minutes / 60.0 - 0.5 * proactive, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_start_counts_before_the_initialisation() {
        let mut waiting = Waiting {
            created: at("2025-12-01 10:00"),
            initialized: Some(at("2025-12-01 10:10")),
            started: Some(at("2025-12-01 10:30")),
            estimate_minutes: 20.0,
        };
        assert_eq!((waiting.procrastination_score(), waiting.proactive_score()), (1.5, 2.5));
        waiting.started = None;
        assert_eq!((waiting.procrastination_score(), waiting.proactive_score()), (0.5, 7.5));
        waiting.initialized = None;
        assert_eq!((waiting.procrastination_score(), waiting.proactive_score()), (0.0, 10.0));
        waiting.started = Some(at("2025-12-03 10:00"));
        assert_eq!((waiting.procrastination_score(), waiting.proactive_score()), (10.0, 0.0));
    }

    #[test]
    fn durations_fall_back_step_by_step() {
        let (start, end) = (Some(at("2025-12-01 10:00")), Some(at("2025-12-01 10:40")));
        assert_eq!(stored_duration_minutes(Some(0.0), start, end, 5.0, 30.0), 0.0);
        assert_eq!(stored_duration_minutes(None, start, end, 5.0, 30.0), 45.0);
        assert_eq!(stored_duration_minutes(None, None, end, 5.0, 30.0), 5.0);
        assert_eq!(stored_duration_minutes(None, None, end, 0.0, 30.0), 30.0);
        assert_eq!(stored_delay_minutes(None, start, end, 5.0), None);
        assert_eq!(stored_delay_minutes(Some(at("2025-12-01 10:20")), start, end, 5.0), Some(-20.0));
    }
}
