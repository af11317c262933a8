//! Headers of new files, as the legacy program gives them to a fresh folder.

use landfast_domain::record::Record;
use landfast_domain::tasks::{Emotion, Note, Task, TaskInstance};

/// Columns of a new file for records of this type.
///
/// Columns that only later exports of the legacy program have are left out; they are added when a record
/// needs one.
pub(super) fn of_new_file<R: Record>() -> Vec<&'static str> {
    if R::FILE == TaskInstance::FILE {
        return INSTANCES.to_vec();
    }
    let exports_only = [Task::FILE, Emotion::FILE, Note::FILE].contains(&R::FILE);
    R::COLUMNS.iter().map(|column| column.name).filter(|name| !(exports_only && *name == "user_id")).collect()
}

const INSTANCES: [&str; 27] = [
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
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_have_the_columns_of_a_fresh_legacy_folder() {
        assert!(of_new_file::<TaskInstance>().iter().all(|name| TaskInstance::column_index(name).is_some()));
        assert_eq!(of_new_file::<Emotion>(), ["emotion"]);
        assert_eq!(of_new_file::<Note>(), ["note_id", "content", "timestamp"]);
        let tasks = of_new_file::<Task>();
        assert_eq!((tasks.len(), tasks.first(), tasks.last()), (17, Some(&"task_id"), Some(&"notes")));
    }
}
