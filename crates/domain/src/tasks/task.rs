//! Task templates.

use crate::record::record;

record! {
    /// A reusable definition of something to do; `tasks.csv` in the legacy folder.
    ///
    /// Columns are in the order of the newest legacy export; a file may hold any subset, in any order.
    pub struct Task {
        entity: "task", file: "tasks.csv", repository: tasks,
        identity: |r| r.task_id.raw().to_owned(),
        columns: {
            /// Legacy key: `t` and Unix seconds at creation.
            task_id: Text,
            /// Free text, not unique.
            name: Text,
            /// Free text, possibly several lines.
            description: Text,
            /// `one-time`, `recurring`, `routine`; early files also `project`.
            type_: Text,
            /// 1 at creation, one more with each update.
            version: Integer = "1",
            /// When the template was made.
            created_at: LocalTime,
            /// Whether the template comes back.
            is_recurring: Boolean,
            /// JSON list of texts.
            categories: Json,
            /// Estimate in minutes, 0 when unknown.
            default_estimate_minutes: Integer,
            /// `Work`, `Play` or `Self care`, compared without regard to case.
            task_type: Text = "Work",
            /// Aversion before the first attempt, 0 to 100, or empty.
            default_initial_aversion: Integer,
            /// `none`, `daily` or `weekly`.
            routine_frequency: Text = "none",
            /// JSON list of weekdays, 0 = Monday to 6 = Sunday.
            routine_days_of_week: Json = "[]",
            /// `HH:MM`.
            routine_time: Text = "00:00",
            /// Hours after which a routine's attempt is late; positive or empty.
            completion_window_hours: Integer,
            /// Days after which a routine's attempt is late; positive or empty.
            completion_window_days: Integer,
            /// Dated note blocks shared by all instances.
            notes: Text,
            /// Owner number of the newest legacy version; not Landfast's owner.
            user_id: Text,
        }
    }
}
