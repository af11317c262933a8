//! Made-up templates and instances, the same on every machine.

use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_domain::time::Timestamp;

/// Templates.
const TASKS: usize = 60;
const TYPES: [&str; 5] = ["Work", "Self care", "Play", "Sleep", "Work"];
const EMOTIONS: [&str; 6] = ["focused", "anxious", "calm", "scattered", "determined", "tired"];
/// Instances are spread evenly over this many days before [`now`].
const DAYS: usize = 1_200;

/// The time of the benchmarks.
pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2025-12-27 18:00").expect("the text is a time")
}

/// Pseudo-random numbers (xorshift64*), so that nothing but the seed decides.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number from 0 to `limit - 1`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % limit).unwrap_or(0)
    }
}

/// Templates of all types.
pub(crate) fn tasks() -> Vec<Task> {
    (0..TASKS)
        .map(|number| {
            let id = format!("t{number}");
            let mut task = Task::blank(id.as_str().into());
            task.task_id.set_raw(id);
            task.name.set_raw(format!("Task {number}"));
            task.task_type.set_raw(TYPES[number % TYPES.len()]);
            task
        })
        .collect()
}

/// So many instances in the order of their creation: 90 % completed, 6 % cancelled, 4 % open; two thirds with
/// emotions. Payloads have the keys and sizes of the samples (about 390 and 250 bytes).
pub(crate) fn instances(count: usize) -> Vec<TaskInstance> {
    let mut numbers = Numbers::seeded(20_251_227);
    (0..count).map(|number| instance(number, count, &mut numbers)).collect()
}

fn instance(number: usize, count: usize, numbers: &mut Numbers) -> TaskInstance {
    let id = format!("i{}", 1_600_000_000 + number);
    let mut row = TaskInstance::blank(id.as_str().into());
    row.instance_id.set_raw(id);
    let task = numbers.below(TASKS);
    row.task_id.set_raw(format!("t{task}"));
    row.task_name.set_raw(format!("Task {task}"));
    row.task_version.set_raw("1");
    let minutes_ago = (count - number) * DAYS * 1440 / count + numbers.below(30);
    let at = |ago: usize| {
        let ago = chrono::TimeDelta::minutes(i64::try_from(ago).unwrap_or(0));
        (now().naive() - ago).format("%Y-%m-%d %H:%M").to_string()
    };
    row.created_at.set_raw(at(minutes_ago + 200));
    row.initialized_at.set_raw(at(minutes_ago + 150));
    row.started_at.set_raw(at(minutes_ago + 100));
    let fate = numbers.below(100);
    row.predicted.set_raw(predicted(numbers));
    if fate < 90 {
        let minutes = 5 + numbers.below(110);
        row.completed_at.set_raw(at(minutes_ago));
        row.actual.set_raw(actual(minutes, numbers));
        row.status.set_raw("completed");
        row.is_completed.set_raw("True");
        row.duration_minutes.set_raw(format!("{minutes}.0"));
        row.relief_score.set_raw(format!("{}.0", numbers.below(101)));
        row.cognitive_load.set_raw(format!("{}.5", numbers.below(100)));
        row.emotional_load.set_raw(format!("{}.0", numbers.below(101)));
        row.procrastination_score.set_raw("1.25");
        row.proactive_score.set_raw("3.75");
        row.delay_minutes.set_raw("50.0");
    } else if fate < 96 {
        row.cancelled_at.set_raw(at(minutes_ago));
        row.actual.set_raw(r#"{"cancellation_category": "other"}"#);
        row.status.set_raw("cancelled");
        row.is_completed.set_raw("True");
    } else {
        row.status.set_raw("active");
        row.is_completed.set_raw("False");
    }
    if row.is_completed.raw().is_empty() {
        row.is_completed.set_raw("False");
    }
    row.is_deleted.set_raw("False");
    row
}

fn emotions(numbers: &mut Numbers) -> String {
    let first = numbers.below(EMOTIONS.len());
    let second = (first + 1 + numbers.below(EMOTIONS.len() - 1)) % EMOTIONS.len();
    format!(
        r#""emotions": ["{0}", "{1}"], "emotion_values": {{"{0}": {2}, "{1}": {3}}}, "#,
        EMOTIONS[first],
        EMOTIONS[second],
        numbers.below(101),
        numbers.below(101)
    )
}

fn predicted(numbers: &mut Numbers) -> String {
    let emotions = if numbers.below(3) < 2 { emotions(numbers) } else { String::new() };
    let aversion = numbers.below(101);
    format!(
        r#"{{"time_estimate_minutes": {}.0, "expected_relief": {}.5, "expected_mental_energy": {}.0, "expected_difficulty": {}.0, "expected_emotional_load": {}.0, "expected_physical_load": {}.0, "motivation": {}.0, {emotions}"expected_aversion": {aversion}, "initialization_expected_aversion": {aversion}, "description": "", "physical_context": "desk"}}"#,
        5 + numbers.below(90),
        numbers.below(100),
        numbers.below(101),
        numbers.below(101),
        numbers.below(101),
        numbers.below(101),
        numbers.below(101),
    )
}

fn actual(minutes: usize, numbers: &mut Numbers) -> String {
    let emotions = if numbers.below(3) < 2 { emotions(numbers) } else { String::new() };
    format!(
        r#"{{"time_actual_minutes": {minutes}, "actual_relief": {}.0, "actual_mental_energy": {}.0, "actual_difficulty": {}.0, "actual_emotional": {}.0, "actual_physical": {}.0, {emotions}"completion_percent": {}, "notes": "went well"}}"#,
        numbers.below(101),
        numbers.below(101),
        numbers.below(101),
        numbers.below(101),
        numbers.below(101),
        50 + numbers.below(71),
    )
}
