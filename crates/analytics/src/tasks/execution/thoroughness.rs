//! How well tasks are described.

use crate::tasks::aversion::is_test_task;
use crate::tasks::grit::count;
use crate::tasks::rows::{PopupEvent, TaskData, TaskInfo};
use crate::tasks::spans::earlier_by_days;
use landfast_domain::text::python_strip;
use landfast_domain::time::Timestamp;

/// Days of reminders that the execution score and the dashboard count.
pub const THOROUGHNESS_DAYS: u32 = 30;
/// Popup that reminds of missing descriptions.
const TRIGGER: &str = "7.1";
/// Profile whose popups count.
const PROFILE: &str = "default";

/// Thoroughness with its parts. Task analytics 7.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thoroughness {
    /// Share of tasks with a description or notes, 0 to 1.
    pub coverage: f64,
    /// Mean number of characters over the tasks that have any.
    pub mean_length: f64,
    /// K: reminders shown in the window.
    pub reminders: usize,
    /// clamp(0.5 + coverage/2 + 0.3 (1 - exp(-2 min(1, length/500))) - 0.2 min(1, K/10)^2, 0.5, 1.3); 1 without tasks.
    pub factor: f64,
    /// 100 (factor - 0.5) up to a factor of 1, else 50 + 50 (factor - 1)/0.3; 0 to 100.
    pub score: f64,
}

/// Thoroughness over all tasks but tests (see [`is_test_task`]), with the reminders of the last `days` days.
///
/// `now_utc` is UTC, as the popup log is.
#[must_use]
pub fn thoroughness(data: &TaskData, now_utc: Timestamp, days: u32) -> Thoroughness {
    let start = earlier_by_days(now_utc, i64::from(days));
    let is_reminder =
        |event: &&PopupEvent| event.trigger_id == TRIGGER && event.profile == PROFILE && event.at >= start;
    let reminders = data.popups().iter().filter(is_reminder).count();
    let lengths: Vec<usize> =
        data.tasks().iter().filter(|task| !is_test_task(task.record.name.legacy())).map(text_length).collect();
    of_lengths(&lengths, reminders)
}

/// Thoroughness from the length of the texts of each task, 0 for none, and the number of reminders.
///
/// ```
/// use landfast_analytics::tasks::execution::of_lengths;
///
/// assert_eq!(of_lengths(&[], 3).factor, 1.0);
/// let thoroughness = of_lengths(&[0, 0], 10);
/// assert_eq!((thoroughness.factor, thoroughness.score), (0.5, 0.0));
/// ```
#[must_use]
pub fn of_lengths(lengths: &[usize], reminders: usize) -> Thoroughness {
    let described: Vec<usize> = lengths.iter().copied().filter(|length| *length > 0).collect();
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { count(part) / count(whole) };
    let coverage = share(described.len(), lengths.len());
    let mean_length = share(described.iter().sum(), described.len());
    let factor = if lengths.is_empty() {
        1.0
    } else {
        let length = 0.3 * (1.0 - (-2.0 * (mean_length / 500.0).min(1.0)).exp());
        let penalty = (count(reminders) / 10.0).min(1.0);
        (0.5 + 0.5 * coverage + length - 0.2 * penalty * penalty).clamp(0.5, 1.3)
    };
    let score = if factor <= 1.0 { 100.0 * (factor - 0.5) } else { 50.0 + 50.0 * (factor - 1.0) / 0.3 };
    Thoroughness { coverage, mean_length, reminders, factor, score: score.clamp(0.0, 100.0) }
}

/// Characters of description and notes, each trimmed.
fn text_length(task: &TaskInfo) -> usize {
    let length = |text: &str| python_strip(text).chars().count();
    length(task.record.description.legacy()) + length(task.record.notes.legacy())
}
