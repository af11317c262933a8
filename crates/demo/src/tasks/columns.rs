//! Columns of each age, in file order.

use crate::ColumnAge;

const TEMPLATES_MARCH: [&str; 18] = [
    "task_id",
    "name",
    "description",
    "type",
    "version",
    "created_at",
    "is_recurring",
    "categories",
    "default_estimate_minutes",
    "task_type",
    "default_initial_aversion",
    "routine_frequency",
    "routine_days_of_week",
    "routine_time",
    "completion_window_hours",
    "completion_window_days",
    "notes",
    "user_id",
];

const INSTANCES_NOVEMBER: [&str; 16] = [
    "instance_id",
    "task_id",
    "task_name",
    "task_version",
    "created_at",
    "initialized_at",
    "started_at",
    "completed_at",
    "cancelled_at",
    "predicted",
    "actual",
    "procrastination_score",
    "proactive_score",
    "is_completed",
    "is_deleted",
    "status",
];

const INSTANCES_LATE_DECEMBER: [&str; 30] = [
    "instance_id",
    "task_id",
    "task_name",
    "task_version",
    "created_at",
    "initialized_at",
    "started_at",
    "completed_at",
    "cancelled_at",
    "predicted",
    "actual",
    "procrastination_score",
    "proactive_score",
    "is_completed",
    "is_deleted",
    "status",
    "delay_minutes",
    "duration_minutes",
    "relief_score",
    "cognitive_load",
    "mental_energy_needed",
    "task_difficulty",
    "emotional_load",
    "environmental_effect",
    "skills_improved",
    "behavioral_score",
    "net_relief",
    "behavioral_deviation",
    "serendipity_factor",
    "disappointment_factor",
];

const INSTANCES_MARCH: [&str; 33] = [
    "instance_id",
    "task_id",
    "task_name",
    "task_version",
    "created_at",
    "initialized_at",
    "started_at",
    "completed_at",
    "cancelled_at",
    "due_at",
    "predicted",
    "actual",
    "procrastination_score",
    "proactive_score",
    "behavioral_score",
    "net_relief",
    "net_emotional",
    "behavioral_deviation",
    "is_completed",
    "is_deleted",
    "status",
    "duration_minutes",
    "delay_minutes",
    "relief_score",
    "cognitive_load",
    "mental_energy_needed",
    "task_difficulty",
    "emotional_load",
    "environmental_effect",
    "skills_improved",
    "serendipity_factor",
    "disappointment_factor",
    "user_id",
];

/// Header of `tasks.csv`.
pub(super) fn template_columns(age: ColumnAge) -> &'static [&'static str] {
    let count = match age {
        ColumnAge::November2025 => 9,
        ColumnAge::December2025 => 11,
        ColumnAge::LateDecember2025 => 17,
        ColumnAge::March2026 => 18,
    };
    TEMPLATES_MARCH.get(..count).unwrap_or(&TEMPLATES_MARCH)
}

/// Header of `task_instances.csv`.
pub(super) fn instance_columns(age: ColumnAge) -> &'static [&'static str] {
    match age {
        ColumnAge::November2025 => &INSTANCES_NOVEMBER,
        // The December files end before the three columns that only the database had.
        ColumnAge::December2025 => INSTANCES_LATE_DECEMBER.get(..27).unwrap_or(&INSTANCES_LATE_DECEMBER),
        ColumnAge::LateDecember2025 => &INSTANCES_LATE_DECEMBER,
        ColumnAge::March2026 => &INSTANCES_MARCH,
    }
}
