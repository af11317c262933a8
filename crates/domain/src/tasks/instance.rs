//! Task instances.

use crate::record::record;
use crate::text::python_strip;

record! {
    /// One attempt at a task; a row of `task_instances.csv`.
    ///
    /// Columns are in the order of the newest legacy export, followed by none of its own; a file may hold
    /// any subset, in any order.
    pub struct TaskInstance {
        entity: "task instance", file: "task_instances.csv", repository: instances,
        identity: |r| r.instance_id.raw().to_owned(),
        columns: {
            /// Legacy key: `i` and Unix seconds at creation; collides within a second.
            instance_id: Text,
            /// Id of the template; may name one that was deleted, or be empty.
            task_id: Text,
            /// Copy of the template's name at creation.
            task_name: Text,
            /// Version of the template at creation.
            task_version: Integer,
            /// When the instance was made, server-local time.
            created_at: LocalTime,
            /// When predictions were first given.
            initialized_at: LocalTime,
            /// When work (re)started; empty while paused.
            started_at: LocalTime,
            /// When it was completed.
            completed_at: LocalTime,
            /// When it was cancelled.
            cancelled_at: LocalTime,
            /// When it should be done.
            due_at: LocalTime,
            /// Predictions, a JSON object.
            predicted: Json,
            /// Outcome, a JSON object.
            actual: Json,
            /// 0 to 10, from the waiting time against the estimate.
            procrastination_score: Number,
            /// 0 to 10, the opposite.
            proactive_score: Number,
            /// As copied from the payload.
            behavioral_score: Number,
            /// Actual minus expected relief.
            net_relief: Number,
            /// Actual minus expected emotional load.
            net_emotional: Number,
            /// Legacy, unused.
            behavioral_deviation: Number,
            /// True for completed *and* for cancelled rows.
            is_completed: Boolean,
            /// Honoured when read; the program removes rows instead of setting it.
            is_deleted: Boolean,
            /// `active`, `initialized`, `completed`, `cancelled`, `draft`, or anything else.
            status: Text,
            /// Minutes worked.
            duration_minutes: Number,
            /// Minutes between initialisation and start; may be negative.
            delay_minutes: Number,
            /// Relief, 0 to 100 (0 to 10 in early files).
            relief_score: Number,
            /// Cognitive load, same scale.
            cognitive_load: Number,
            /// Mental energy needed, same scale.
            mental_energy_needed: Number,
            /// Difficulty, same scale.
            task_difficulty: Number,
            /// Emotional load, same scale.
            emotional_load: Number,
            /// Environmental effect, same scale.
            environmental_effect: Number,
            /// Free text.
            skills_improved: Text,
            /// Relief above expectation, 0 or more.
            serendipity_factor: Number,
            /// Relief below expectation, 0 or more.
            disappointment_factor: Number,
            /// Owner number of the newest legacy version; not Landfast's owner.
            user_id: Text,
        }
    }
}

/// State of an instance in its life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Created, neither predicted nor started.
    Created,
    /// Predictions given, not started.
    Initialized,
    /// Being worked on.
    Started,
    /// Work interrupted.
    Paused,
    /// Done.
    Completed,
    /// Given up.
    Cancelled,
}

impl Status {
    /// Lower-case adjective, as in messages and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Initialized => "initialized",
            Self::Started => "started",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl TaskInstance {
    /// Whether the instance belongs to the list of open ones.
    ///
    /// The legacy rule, to the letter: `is_completed` and `is_deleted` are not exactly `True`, and the
    /// lower-cased status is none of `completed`, `cancelled`, `draft`; nothing is trimmed, so
    /// ` cancelled ` and a spreadsheet's `TRUE` count as open. An empty status counts as `completed` when
    /// `is_completed` is `true` in any case, else as `active`.
    #[must_use]
    pub fn is_active(&self) -> bool {
        let hidden = ["completed", "cancelled", "draft"];
        self.is_completed.legacy() != "True"
            && self.is_deleted.legacy() != "True"
            && !hidden.iter().any(|word| is_word(self.effective_status(), word))
    }

    /// Whether the instance is listed as cancelled: lower-cased status `cancelled`, not deleted.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        is_word(self.effective_status(), "cancelled") && self.is_deleted.legacy() != "True"
    }

    /// Status with the legacy default for an empty cell: `completed` when `is_completed` is `true` in any
    /// case, else `active`.
    #[must_use]
    pub fn effective_status(&self) -> &str {
        match self.status.legacy() {
            "" if is_word(self.is_completed.legacy(), "true") => "completed",
            "" => "active",
            status => status,
        }
    }

    /// Text of `completed_at` by which recent completions are ordered; `None` when blank.
    #[must_use]
    pub fn completed_text(&self) -> Option<&str> {
        (!self.completed_at.is_blank()).then(|| self.completed_at.legacy())
    }

    /// Whether predictions were given: `initialized_at` holds anything but white space, a date or not.
    #[must_use]
    pub fn is_initialized(&self) -> bool {
        !python_strip(self.initialized_at.legacy()).is_empty()
    }
}

/// Whether Python's `text.lower()` is this word. The words asked for have no letter that anything but
/// ASCII becomes when it is lower-cased, so comparing without regard to ASCII case says the same.
fn is_word(text: &str, word: &str) -> bool {
    text.eq_ignore_ascii_case(word)
}
