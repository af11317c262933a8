//! The factors of grit.

use crate::tasks::rows::{EmotionValue, PreparedRow, TaskData, Tone, between};
use crate::tasks::spans::earlier_by_days;

/// Days of completions that persistence looks back on.
const LOOK_BACK_DAYS: i64 = 30;

/// Factor for sticking to a task that takes longer than planned, 1 or more.
///
/// 1 unless e, t > 0 and r = t/e > 1. Then b = 1 + 0.8 (r - 1) for r <= 2, else 1.8 + 0.2 (r - 2), at most 3;
/// w = 1 + (b - 1)(0.5 + 0.5 g) for the difficulty g from 0 to 1, and the factor is 1 + (w - 1)/(1 + max(0, n - 10)/40)
/// after n completions.
///
/// ```
/// use landfast_analytics::tasks::grit::time_bonus;
///
/// assert_eq!(time_bonus(30.0, 60.0, 0.5, 1), 1.6);
/// assert_eq!(time_bonus(30.0, 20.0, 0.5, 1), 1.0);
/// ```
#[must_use]
pub fn time_bonus(estimate_minutes: f64, actual_minutes: f64, difficulty: f64, completions: usize) -> f64 {
    if estimate_minutes <= 0.0 || actual_minutes <= estimate_minutes {
        return 1.0;
    }
    let ratio = actual_minutes / estimate_minutes;
    let bonus = if ratio <= 2.0 { 1.0 + 0.8 * (ratio - 1.0) } else { 1.8 + 0.2 * (ratio - 2.0) };
    let weighted = 1.0 + (bonus.min(3.0) - 1.0) * (0.5 + 0.5 * difficulty);
    let fade = 1.0 / (1.0 + (count(completions) - 10.0).max(0.0) / 40.0);
    1.0 + (weighted - 1.0) * fade
}

/// Difficulty from 0 to 1 as the time bonus takes it: A.task_difficulty, else P.task_difficulty, else 50; a 0 counts as
/// 50. Current payloads use other keys, so it is 0.5 in practice.
#[must_use]
pub fn difficulty_share(row: &PreparedRow) -> f64 {
    let given = row.actual.task_difficulty.or(row.predicted.task_difficulty).filter(|value| *value != 0.0);
    (given.unwrap_or(50.0) / 100.0).clamp(0.0, 1.0)
}

/// Factor for relief above emotional load, 0.5 to 1.5: 1 + (r - e)/2, times 0.9 when less than all was done.
///
/// r and e are A.actual_relief (else A.relief_score) and A.actual_emotional (else A.emotional_load) as shares from 0 to 1; 0
/// when missing.
#[must_use]
pub fn passion_factor(row: &PreparedRow) -> f64 {
    let share = |value: Option<f64>| (value.unwrap_or(0.0) / 100.0).clamp(0.0, 1.0);
    let relief = share(row.actual.actual_relief.or(row.actual.relief_score));
    let emotional = share(row.actual.actual_emotional.or(row.actual.emotional_load));
    let balance = 1.0 + 0.5 * (relief - emotional);
    let unfinished = row.actual.completion_or_full() < 100.0;
    (if unfinished { balance * 0.9 } else { balance }).clamp(0.5, 1.5)
}

/// Focus, 0 to 1, from the emotions of A, or those of P when A has none: clamp(0.5 + (min(1, pos) - min(1, neg))/2, 0, 1).
///
/// pos and neg are the sums of the strengths (0 to 1) of emotions whose names contain a word of focus or of distraction;
/// see [`Tone::of`]. Without such emotions 0.5.
#[must_use]
pub fn focus_factor(row: &PreparedRow) -> f64 {
    focus_of(emotions(row), |emotion| emotion.tone)
}

/// [`focus_factor`] as the original has it: `unfocused` and `disengaged` contain a word of focus and count as one.
#[must_use]
pub fn legacy_focus_factor(row: &PreparedRow) -> f64 {
    focus_of(emotions(row), |emotion| emotion.legacy_tone)
}

/// Focus from some emotions, by the given reading of their names.
pub fn focus_of(emotions: &[EmotionValue], tone: impl Fn(&EmotionValue) -> Tone) -> f64 {
    let sum = |wanted: Tone| -> f64 {
        let toned = emotions.iter().filter(|emotion| tone(emotion) == wanted);
        toned.filter_map(|emotion| emotion.value).map(|value| value.clamp(0.0, 100.0) / 100.0).sum()
    };
    (0.5 + 0.5 * (sum(Tone::Focused).min(1.0) - sum(Tone::Distracted).min(1.0))).clamp(0.0, 1.0)
}

fn emotions(row: &PreparedRow) -> &[EmotionValue] {
    if row.actual.emotion_values.is_empty() { &row.predicted.emotion_values } else { &row.actual.emotion_values }
}

/// The parts of persistence, each 0 to 1 for ratings from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Persistence {
    /// o = (stored cognitive load + E)/200 if the load is stored and the sum above 0, else 0.5.
    pub obstacles: f64,
    /// v = (P.initial_aversion or P.aversion)/100 if above 0, else 0.5.
    pub aversion: f64,
    /// c: 0.5 for n <= 1; 0.5 + 0.3 (n - 1)/4 up to 5; 0.8 + 0.2 (n - 5)/5 up to 10; else 1.
    pub repetition: f64,
    /// k = 1 - min(1, var/900) for the gaps in days between at least three completions of the last 30 days, else 0.5.
    pub consistency: f64,
    /// clamp(0.4 o + 0.3 v + 0.2 c + 0.1 k, 0, 1); 0.5 without a completion time.
    pub factor: f64,
}

/// Persistence of a completed row; n is the number of completions of the task, or `None` for those of the 30 days up to
/// this one.
#[must_use]
pub fn persistence(data: &TaskData, row: &PreparedRow, completions: Option<usize>) -> Persistence {
    let load = row.cognitive_load.map(|load| (load + row.emotional_load) / 2.0).filter(|load| *load > 0.0);
    let aversion = row.predicted.first_aversion().filter(|aversion| *aversion > 0.0);
    let (recent, variance) = recent_completions(data, row);
    let obstacles = load.map_or(0.5, |load| load / 100.0);
    let aversion = aversion.map_or(0.5, |aversion| aversion / 100.0);
    let repetition = repetition(completions.unwrap_or(recent));
    let consistency = variance.map_or(0.5, consistency);
    let sum = 0.4 * obstacles + 0.3 * aversion + 0.2 * repetition + 0.1 * consistency;
    let factor = if row.completed_at.is_some() { sum.clamp(0.0, 1.0) } else { 0.5 };
    Persistence { obstacles, aversion, repetition, consistency, factor }
}

/// Number of completions of the task in the 30 days up to this one, and the variance of the days between them;
/// none for fewer than two of those.
fn recent_completions(data: &TaskData, row: &PreparedRow) -> (usize, Option<f64>) {
    let (Some(at), Some(task)) = (row.completed_at, data.of_task_of(row)) else { return (0, None) };
    let places = between(&task.completion_times, earlier_by_days(at, LOOK_BACK_DAYS), at);
    let intervals = places.start..places.end.saturating_sub(1).max(places.start);
    (places.len(), if intervals.len() < 2 { None } else { task.intervals.variance(intervals) })
}

fn repetition(completions: usize) -> f64 {
    let n = count(completions);
    match completions {
        ..=1 => 0.5,
        2..=5 => 0.5 + 0.3 * (n - 1.0) / 4.0,
        6..=10 => 0.8 + 0.2 * (n - 5.0) / 5.0,
        _ => 1.0,
    }
}

fn consistency(variance: f64) -> f64 {
    1.0 - (variance / 900.0).min(1.0)
}

/// A number of things as a number to calculate with.
pub(in crate::tasks) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
