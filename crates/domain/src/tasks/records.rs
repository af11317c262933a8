//! The smaller tables of the tasks area.

use crate::record::record;

record! {
    /// A word of the user's vocabulary of emotions; `emotions.csv`.
    pub struct Emotion {
        entity: "emotion", file: "emotions.csv", repository: emotions,
        identity: |r| r.emotion.raw().to_owned(),
        columns: {
            /// The word; compared trimmed and without regard to case.
            emotion: Text,
            /// Owner number of the newest legacy version.
            user_id: Text,
        }
    }
}

record! {
    /// Settings of one profile, all values text; `user_preferences.csv`.
    ///
    /// Any further setting is a column of its own, kept in [`Preference::extra`].
    pub struct Preference {
        entity: "preference", file: "user_preferences.csv", repository: preferences,
        identity: |r| r.user_id.raw().to_owned(),
        columns: {
            /// Profile: a browser id, `default`, `default_user` or a legacy user number.
            user_id: Text,
            /// Whether the tutorial was finished.
            tutorial_completed: Boolean,
            /// `guided`, `explore` or empty.
            tutorial_choice: Text,
            /// Whether to show the tutorial by itself.
            tutorial_auto_show: Boolean,
            /// Whether tooltips are shown.
            tooltip_mode_enabled: Boolean,
            /// Whether the survey was answered.
            survey_completed: Boolean,
            /// When the row was made, UTC.
            created_at: IsoTime,
            /// Last change, UTC.
            last_active: IsoTime,
        }
    }
}

record! {
    /// One answer to the onboarding survey; `survey_responses.csv`.
    pub struct SurveyResponse {
        entity: "survey response", file: "survey_responses.csv", repository: survey_responses,
        identity: |r| r.response_id.raw().to_owned(),
        columns: {
            /// Profile that answered.
            user_id: Text,
            /// Legacy key: `srv-` and milliseconds.
            response_id: Text,
            /// Category of the question.
            question_category: Text,
            /// Id of the question.
            question_id: Text,
            /// Chosen value; a list as text for check boxes.
            response_value: Text,
            /// Free text.
            response_text: Text,
            /// When it was answered, UTC.
            timestamp: IsoTime,
        }
    }
}

record! {
    /// A free note; `notes.csv`.
    pub struct Note {
        entity: "note", file: "notes.csv", repository: notes,
        identity: |r| r.note_id.raw().to_owned(),
        columns: {
            /// Legacy key: `note-` and milliseconds.
            note_id: Text,
            /// The text; HTML-escaped in files of the newest legacy version.
            content: Text,
            /// When it was written, UTC.
            timestamp: IsoTime,
            /// Owner number of the newest legacy version.
            user_id: Text,
        }
    }
}

record! {
    /// A named group of templates; `jobs.csv`.
    pub struct Job {
        entity: "job", file: "jobs.csv", repository: jobs,
        identity: |r| r.job_id.raw().to_owned(),
        columns: {
            /// Legacy key: `j`, Unix seconds and three digits.
            job_id: Text,
            /// Name.
            name: Text,
            /// `Work`, `Play` or `Self care`.
            task_type: Text,
            /// Free text.
            description: Text,
            /// When it was made.
            created_at: IsoTime,
            /// Last change.
            updated_at: IsoTime,
        }
    }
}

record! {
    /// Membership of a template in a job; `job_task_mapping.csv`.
    pub struct JobTask {
        entity: "job task", file: "job_task_mapping.csv", repository: job_tasks,
        identity: |r| format!("{}/{}", r.job_id.raw(), r.task_id.raw()),
        columns: {
            /// The job.
            job_id: Text,
            /// The template.
            task_id: Text,
            /// When it was assigned.
            created_at: IsoTime,
        }
    }
}

record! {
    /// How often a popup was shown for a template, and the last answer; `popup_triggers.csv`.
    pub struct PopupTrigger {
        entity: "popup trigger", file: "popup_triggers.csv", repository: popup_triggers,
        identity: |r| r.id.raw().to_owned(),
        columns: {
            /// Number of the row.
            id: Integer,
            /// Profile.
            user_id: Text,
            /// Trigger number, for instance `7.1`.
            trigger_id: Text,
            /// Template, or empty.
            task_id: Text,
            /// Times shown.
            count: Integer,
            /// Last time shown, UTC.
            last_shown_at: SecondsTime,
            /// Whether it was called helpful.
            helpful: Boolean,
            /// Last chosen option.
            last_response: Text,
            /// Last comment.
            last_comment: Text,
            /// When the row was made, UTC.
            created_at: SecondsTime,
            /// Last change, UTC.
            updated_at: SecondsTime,
        }
    }
}

record! {
    /// One shown or answered popup; `popup_responses.csv`.
    pub struct PopupResponse {
        entity: "popup response", file: "popup_responses.csv", repository: popup_responses,
        identity: |r| r.id.raw().to_owned(),
        columns: {
            /// Number of the row.
            id: Integer,
            /// Profile.
            user_id: Text,
            /// Trigger number.
            trigger_id: Text,
            /// Template, or empty.
            task_id: Text,
            /// Instance, or empty.
            instance_id: Text,
            /// Chosen option, empty when merely shown.
            response_value: Text,
            /// Whether it was called helpful.
            helpful: Boolean,
            /// Comment.
            comment: Text,
            /// JSON object describing the event.
            context: Json,
            /// When, UTC.
            created_at: SecondsTime,
        }
    }
}
