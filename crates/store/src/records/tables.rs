//! The record tables, column by column.

use std::borrow::Cow;

use diesel::prelude::*;
#[cfg(feature = "sqlite")]
use diesel::{
    dsl::SqlTypeOf,
    query_builder::{AstPass, QueryFragment},
    result::{DatabaseErrorKind, Error as DieselError},
    sqlite::Sqlite,
};
use landfast_domain::accounts::UserId;
use landfast_domain::record::{
    Boolean, Integer, IsoTime, Json, LocalTime, Number, Placed, RecordKey, SecondsTime, SourceRef, Text,
};
use landfast_domain::store::RecordRepository;
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::cells::{Decoder, Encoder};
use super::instances;
use super::keys::bounded;
use super::kinds::Stored;
#[cfg(feature = "sqlite")]
use super::plain_insert::{PlainInsert, PlainRow, plain_insert};
use super::table::{self, record_table};
use crate::connection::DbConnection;
use crate::schema::{
    emotions, job_tasks, jobs, legacy_rows, notes, popup_responses, popup_triggers, preferences, survey_responses,
    task_instances, tasks,
};
use crate::transaction::{Transaction, query};

record_table! {
    Task => TaskRow in tasks {
        task_id: Text,
        name: Text,
        description: Text,
        type_: Text,
        version: Integer,
        created_at: LocalTime,
        is_recurring: Boolean,
        categories: Json,
        default_estimate_minutes: Integer,
        task_type: Text,
        default_initial_aversion: Integer,
        routine_frequency: Text,
        routine_days_of_week: Json,
        routine_time: Text,
        completion_window_hours: Integer,
        completion_window_days: Integer,
        notes: Text,
        user_id as legacy_user_id: Text,
    }
}

record_table! {
    TaskInstance => TaskInstanceRow in task_instances {
        instance_id: Text,
        task_id: Text,
        task_name: Text,
        task_version: Integer,
        created_at: LocalTime,
        initialized_at: LocalTime,
        started_at: LocalTime,
        completed_at: LocalTime,
        cancelled_at: LocalTime,
        due_at: LocalTime,
        predicted: Json,
        actual: Json,
        procrastination_score: Number,
        proactive_score: Number,
        behavioral_score: Number,
        net_relief: Number,
        net_emotional: Number,
        behavioral_deviation: Number,
        is_completed: Boolean,
        is_deleted: Boolean,
        status: Text,
        duration_minutes: Number,
        delay_minutes: Number,
        relief_score: Number,
        cognitive_load: Number,
        mental_energy_needed: Number,
        task_difficulty: Number,
        emotional_load: Number,
        environmental_effect: Number,
        skills_improved: Text,
        serendipity_factor: Number,
        disappointment_factor: Number,
        user_id as legacy_user_id: Text,
    }
    derived {
        is_open: bool = TaskInstance::is_active,
        is_cancelled_row: bool = TaskInstance::is_cancelled,
        completed_text: Option<Cow<'a, str>> = instances::completion_rank,
    }
}

record_table! {
    Emotion => EmotionRow in emotions {
        emotion: Text,
        user_id as legacy_user_id: Text,
    }
}

record_table! {
    Preference => PreferenceRow in preferences {
        user_id as legacy_user_id: Text,
        tutorial_completed: Boolean,
        tutorial_choice: Text,
        tutorial_auto_show: Boolean,
        tooltip_mode_enabled: Boolean,
        survey_completed: Boolean,
        created_at: IsoTime,
        last_active: IsoTime,
    }
}

record_table! {
    SurveyResponse => SurveyResponseRow in survey_responses {
        user_id as legacy_user_id: Text,
        response_id: Text,
        question_category: Text,
        question_id: Text,
        response_value: Text,
        response_text: Text,
        timestamp: IsoTime,
    }
}

record_table! {
    Note => NoteRow in notes {
        note_id: Text,
        content: Text,
        timestamp: IsoTime,
        user_id as legacy_user_id: Text,
    }
}

record_table! {
    Job => JobRow in jobs {
        job_id: Text,
        name: Text,
        task_type: Text,
        description: Text,
        created_at: IsoTime,
        updated_at: IsoTime,
    }
}

record_table! {
    JobTask => JobTaskRow in job_tasks {
        job_id: Text,
        task_id: Text,
        created_at: IsoTime,
    }
}

record_table! {
    PopupTrigger => PopupTriggerRow in popup_triggers {
        id: Integer,
        user_id as legacy_user_id: Text,
        trigger_id: Text,
        task_id: Text,
        count: Integer,
        last_shown_at: SecondsTime,
        helpful: Boolean,
        last_response: Text,
        last_comment: Text,
        created_at: SecondsTime,
        updated_at: SecondsTime,
    }
}

record_table! {
    PopupResponse => PopupResponseRow in popup_responses {
        id: Integer,
        user_id as legacy_user_id: Text,
        trigger_id: Text,
        task_id: Text,
        instance_id: Text,
        response_value: Text,
        helpful: Boolean,
        comment: Text,
        context: Json,
        created_at: SecondsTime,
    }
}

record_table! {
    LegacyRow => LegacyRowRow in legacy_rows {
        file: Text,
        content: Text,
    }
}
