//! How long each step of a rendering takes, from observations.

use crate::stats::Spread;
use landfast_domain::presentations::{JobStatus, progress};
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// What was seen of a job at one moment, for instance by a poll or in a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// When.
    pub at: Timestamp,
    /// State of the job then.
    pub status: JobStatus,
    /// Progress in percent as stored, up to 126; `None` when unknown.
    pub progress: Option<f64>,
}

/// A step of a rendering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// From the creation until a worker has the job for its last attempt; broken attempts are part of it.
    Waiting,
    /// Until the first slide is begun, progress 5 to 10.
    Starting,
    /// Until all slides are made, progress 10 to 80.
    Slides,
    /// Until the slides are joined, progress 80 to 90.
    Joining,
    /// Until the end, progress 90 to 100: preview picture and storing.
    Finishing,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Starting, Self::Slides, Self::Joining, Self::Finishing];

    fn of_progress(percent: f64) -> Self {
        match percent {
            p if p < progress::SLIDES_BEGUN => Self::Starting,
            p if p < progress::SLIDES_DONE => Self::Slides,
            p if p < progress::JOINED => Self::Joining,
            _ => Self::Finishing,
        }
    }
}

/// How long a job was in a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StepMinutes {
    /// The step.
    pub step: Step,
    /// Minutes from its beginning to the beginning of the next step that was seen, 0 or more.
    pub minutes: f64,
}

/// Minutes a job spent in each step that it has left, in order. Steps that were not seen are left out; what
/// they took is part of the step before. The last step ends with the first final state.
///
/// Observations may be in any order; those of unknown states, and of unknown progress while a worker had the
/// job, are passed over.
///
/// Legacy progress goes back at each new slide and passes 100 in the middle, so a percentage alone does not
/// tell the step. At each moment the step is that of the **least progress from then on**,
/// `min { pᵢ | tᵢ ≥ t }`, which only grows. For a legacy job of several slides the steps after the slides
/// begin early by a part of the last slide.
///
/// ```
/// use landfast_analytics::presentations::{Observation, Step, step_minutes};
/// use landfast_domain::presentations::JobStatus;
/// use landfast_domain::time::Timestamp;
///
/// let time = |text: &str| Timestamp::parse(&format!("2025-01-01 {text}")).unwrap();
/// let seen = |at, status, percent| Observation { at: time(at), status, progress: Some(percent) };
/// let job = [
///     seen("10:02", JobStatus::Processing, 5.0),
///     seen("10:03", JobStatus::Processing, 60.0),
///     seen("10:07", JobStatus::Processing, 24.0),
///     seen("10:09", JobStatus::Processing, 90.0),
///     seen("10:10", JobStatus::Completed, 100.0),
/// ];
/// let found: Vec<_> = step_minutes(time("10:00"), &job).iter().map(|s| (s.step, s.minutes)).collect();
/// let expected = [(Step::Waiting, 2.0), (Step::Starting, 1.0), (Step::Slides, 6.0), (Step::Finishing, 1.0)];
/// assert_eq!(found, expected);
/// ```
#[must_use]
pub fn step_minutes(created_at: Timestamp, observations: &[Observation]) -> Vec<StepMinutes> {
    let mut seen: Vec<(Timestamp, Option<Step>)> = observations.iter().filter_map(step_of).collect();
    seen.sort_by_key(|(at, _)| *at);
    // Nothing after the first final state counts.
    let end = seen.iter().position(|(_, step)| step.is_none());
    seen.truncate(end.map_or(seen.len(), |end| end + 1));
    let mut least = None;
    for (_, step) in seen.iter_mut().rev() {
        // `None`, the end, ranks above all steps.
        if let (Some(known), Some(found)) = (least, *step) {
            *step = Some(found.min(known));
        }
        least = step.or(least);
    }
    let mut marks: Vec<(Timestamp, Option<Step>)> = vec![(created_at, Some(Step::Waiting))];
    for (at, step) in seen {
        if marks.last().is_none_or(|(_, last)| *last != step) {
            marks.push((at, step));
        }
    }
    let pairs = marks.iter().zip(marks.iter().skip(1));
    pairs
        .filter_map(|((from, step), (until, _))| {
            Some(StepMinutes { step: (*step)?, minutes: until.minutes_since(*from).max(0.0) })
        })
        .collect()
}

/// Spread of the minutes in a step over several jobs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StepSpread {
    /// The step.
    pub step: Step,
    /// Spread over the jobs that have left it.
    pub minutes: Spread,
}

/// Spread of the results of [`step_minutes`] by step, all steps in order.
#[must_use]
pub fn step_spreads<'a>(jobs: impl IntoIterator<Item = &'a [StepMinutes]>) -> Vec<StepSpread> {
    let all: Vec<StepMinutes> = jobs.into_iter().flatten().copied().collect();
    Step::ALL
        .into_iter()
        .map(|step| {
            let minutes = all.iter().filter(|found| found.step == step).map(|found| found.minutes);
            StepSpread { step, minutes: Spread::of(minutes) }
        })
        .collect()
}

/// Minutes for which neither state nor progress of a job have changed: from the first of the equal
/// observations at the end to `now`, 0 or more. `None` without observations and for a final job.
///
/// A warning and nothing more: waiting for another service, a healthy job may stand for up to an hour.
#[must_use]
pub fn standing_minutes(observations: &[Observation], now: Timestamp) -> Option<f64> {
    let mut seen: Vec<&Observation> = observations.iter().collect();
    seen.sort_by_key(|observation| observation.at);
    let last = seen.last().filter(|last| !last.status.is_final())?;
    let same = |other: &&&Observation| other.status == last.status && other.progress == last.progress;
    let since = seen.iter().rev().take_while(same).last()?;
    Some(now.minutes_since(since.at).max(0.0))
}

/// The step an observation shows, `None` within for a final state.
fn step_of(observation: &Observation) -> Option<(Timestamp, Option<Step>)> {
    let step = match observation.status {
        JobStatus::Queued => Some(Step::Waiting),
        JobStatus::Processing => Some(Step::of_progress(observation.progress?)),
        JobStatus::Completed | JobStatus::Failed => None,
        JobStatus::Other(_) => return None,
    };
    Some((observation.at, step))
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use super::*;
    use landfast_domain::presentations::progress::{SlideStep, legacy_slide};
    use proptest::prelude::*;

    fn seen(minute: u32, status: &str, progress: Option<f64>) -> Observation {
        let time = at(&format!("2025-01-01 10:{minute:02}"));
        Observation { at: time, status: JobStatus::read(status), progress }
    }

    #[test]
    fn a_legacy_job_of_five_slides_stays_in_its_slides_though_its_progress_passes_100() {
        let mut job = vec![seen(1, "processing", Some(5.0))];
        for (index, minute) in (0_u32..5).zip((2..).step_by(3)) {
            let steps = [SlideStep::Begun, SlideStep::Composing, SlideStep::Composed];
            for (step, later) in steps.into_iter().zip(0..) {
                job.push(seen(minute + later, "processing", Some(legacy_slide(index, 5, step))));
            }
        }
        job.push(seen(17, "processing", Some(80.0)));
        job.push(seen(18, "processing", Some(90.0)));
        job.push(seen(20, "completed", Some(100.0)));
        let found: Vec<_> = step_minutes(at("2025-01-01 10:00"), &job).iter().map(|s| (s.step, s.minutes)).collect();
        // The slides end at 10:15, when the last one is being composed.
        assert_eq!(
            found,
            [
                (Step::Waiting, 1.0),
                (Step::Starting, 1.0),
                (Step::Slides, 13.0),
                (Step::Joining, 3.0),
                (Step::Finishing, 2.0)
            ]
        );
    }

    #[test]
    fn of_several_attempts_the_last_one_counts() {
        let job = [
            seen(1, "processing", Some(5.0)),
            seen(5, "processing", Some(70.0)),
            seen(6, "queued", Some(70.0)),
            seen(8, "processing", Some(5.0)),
            seen(9, "paused", Some(90.0)),
            seen(9, "processing", None),
            seen(10, "processing", Some(10.0)),
            seen(12, "failed", Some(10.0)),
            seen(15, "processing", Some(5.0)),
        ];
        let found: Vec<_> = step_minutes(at("2025-01-01 10:00"), &job).iter().map(|s| (s.step, s.minutes)).collect();
        assert_eq!(found, [(Step::Waiting, 8.0), (Step::Starting, 2.0), (Step::Slides, 2.0)]);
    }

    #[test]
    fn a_step_that_was_not_left_has_no_duration() {
        let job = [seen(3, "processing", Some(5.0)), seen(4, "processing", Some(40.0))];
        let found = step_minutes(at("2025-01-01 10:00"), &job);
        assert_eq!(found.iter().map(|s| s.step).collect::<Vec<_>>(), [Step::Waiting, Step::Starting]);
        assert_eq!(step_minutes(at("2025-01-01 10:00"), &[]), []);
        let spreads = step_spreads([found.as_slice(), found.as_slice()]);
        assert_eq!(spreads.len(), 5);
        assert_eq!((spreads[0].minutes.n, spreads[0].minutes.mean, spreads[2].minutes.n), (2, Some(3.0), 0));
    }

    #[test]
    fn a_job_stands_since_its_last_change() {
        let now = at("2025-01-01 10:30");
        let job = [
            seen(1, "processing", Some(40.0)),
            seen(2, "processing", Some(70.0)),
            seen(3, "processing", Some(40.0)),
            seen(9, "processing", Some(40.0)),
        ];
        assert_eq!(standing_minutes(&job, now), Some(27.0));
        assert_eq!(standing_minutes(&[seen(1, "completed", Some(100.0))], now), None);
        assert_eq!(standing_minutes(&[], now), None);
    }

    proptest! {
        #[test]
        fn the_steps_of_an_ended_job_add_up_to_its_turnaround(
            marks in prop::collection::vec((0_u32..50, 0.0_f64..130.0), 0..20)
        ) {
            let mut job: Vec<_> = marks.iter().map(|(minute, p)| seen(*minute, "processing", Some(*p))).collect();
            job.push(seen(55, "completed", Some(100.0)));
            let found = step_minutes(at("2025-01-01 10:00"), &job);
            prop_assert!((found.iter().map(|s| s.minutes).sum::<f64>() - 55.0).abs() < 1e-9);
            prop_assert!(found.is_sorted_by(|a, b| a.step < b.step));
        }
    }
}
