//! Tables of both databases, in the form of `diesel print-schema`.
//!
//! Invariant: the catalogues of SQLite and PostgreSQL hold exactly these columns; `Migrations::check`
//! compares them column by column.

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    emotions (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        emotion -> Text,
        legacy_user_id -> Text,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    import_runs (id) {
        id -> Text,
        started_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        state -> Text,
        report -> Text,
    }
}

diesel::table! {
    job_tasks (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        job_id -> Text,
        task_id -> Text,
        created_at -> Nullable<Timestamp>,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    jobs (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        job_id -> Text,
        name -> Text,
        task_type -> Text,
        description -> Text,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    legacy_rows (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        file -> Text,
        content -> Text,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    notes (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        note_id -> Text,
        content -> Text,
        timestamp -> Nullable<Timestamp>,
        legacy_user_id -> Text,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    popup_responses (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        id -> Nullable<BigInt>,
        legacy_user_id -> Text,
        trigger_id -> Text,
        task_id -> Text,
        instance_id -> Text,
        response_value -> Text,
        helpful -> Nullable<Bool>,
        comment -> Text,
        context -> Text,
        created_at -> Nullable<Timestamp>,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    popup_triggers (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        id -> Nullable<BigInt>,
        legacy_user_id -> Text,
        trigger_id -> Text,
        task_id -> Text,
        count -> Nullable<BigInt>,
        last_shown_at -> Nullable<Timestamp>,
        helpful -> Nullable<Bool>,
        last_response -> Text,
        last_comment -> Text,
        created_at -> Nullable<Timestamp>,
        updated_at -> Nullable<Timestamp>,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    preferences (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        legacy_user_id -> Text,
        tutorial_completed -> Nullable<Bool>,
        tutorial_choice -> Text,
        tutorial_auto_show -> Nullable<Bool>,
        tooltip_mode_enabled -> Nullable<Bool>,
        survey_completed -> Nullable<Bool>,
        created_at -> Nullable<Timestamp>,
        last_active -> Nullable<Timestamp>,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    quarantine (document, ordinal) {
        document -> BigInt,
        ordinal -> BigInt,
        outcome -> Text,
        line -> BigInt,
        byte_offset -> BigInt,
        column_name -> Text,
        code -> Text,
        message -> Text,
        raw -> Binary,
    }
}

diesel::table! {
    schema_migrations (version) {
        version -> Text,
        name -> Text,
        checksum -> Text,
        applied_at -> Timestamp,
    }
}

diesel::table! {
    source_chunks (document, ordinal) {
        document -> BigInt,
        ordinal -> BigInt,
        size_bytes -> BigInt,
        compressed -> Binary,
    }
}

diesel::table! {
    source_documents (id) {
        id -> BigInt,
        user_id -> Text,
        area -> Text,
        source -> Text,
        path -> Text,
        locator -> Text,
        size_bytes -> BigInt,
        sha256 -> Text,
        modified_ns -> BigInt,
        first_position -> BigInt,
        state -> Text,
        records_done -> BigInt,
        chunks_done -> BigInt,
    }
}

diesel::table! {
    survey_responses (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        legacy_user_id -> Text,
        response_id -> Text,
        question_category -> Text,
        question_id -> Text,
        response_value -> Text,
        response_text -> Text,
        timestamp -> Nullable<Timestamp>,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    task_instances (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        instance_id -> Text,
        task_id -> Text,
        task_name -> Text,
        task_version -> Nullable<BigInt>,
        created_at -> Nullable<Timestamp>,
        initialized_at -> Nullable<Timestamp>,
        started_at -> Nullable<Timestamp>,
        completed_at -> Nullable<Timestamp>,
        cancelled_at -> Nullable<Timestamp>,
        due_at -> Nullable<Timestamp>,
        predicted -> Text,
        actual -> Text,
        procrastination_score -> Nullable<Double>,
        proactive_score -> Nullable<Double>,
        behavioral_score -> Nullable<Double>,
        net_relief -> Nullable<Double>,
        net_emotional -> Nullable<Double>,
        behavioral_deviation -> Nullable<Double>,
        is_completed -> Nullable<Bool>,
        is_deleted -> Nullable<Bool>,
        status -> Text,
        duration_minutes -> Nullable<Double>,
        delay_minutes -> Nullable<Double>,
        relief_score -> Nullable<Double>,
        cognitive_load -> Nullable<Double>,
        mental_energy_needed -> Nullable<Double>,
        task_difficulty -> Nullable<Double>,
        emotional_load -> Nullable<Double>,
        environmental_effect -> Nullable<Double>,
        skills_improved -> Text,
        serendipity_factor -> Nullable<Double>,
        disappointment_factor -> Nullable<Double>,
        legacy_user_id -> Text,
        is_open -> Bool,
        is_cancelled_row -> Bool,
        completed_text -> Nullable<Text>,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    tasks (user_id, row_key) {
        user_id -> Text,
        row_key -> Text,
        position -> BigInt,
        source_document -> Nullable<BigInt>,
        source_ordinal -> Nullable<BigInt>,
        task_id -> Text,
        name -> Text,
        description -> Text,
        #[sql_name = "type"]
        type_ -> Text,
        version -> Nullable<BigInt>,
        created_at -> Nullable<Timestamp>,
        is_recurring -> Nullable<Bool>,
        categories -> Text,
        default_estimate_minutes -> Nullable<BigInt>,
        task_type -> Text,
        default_initial_aversion -> Nullable<BigInt>,
        routine_frequency -> Text,
        routine_days_of_week -> Text,
        routine_time -> Text,
        completion_window_hours -> Nullable<BigInt>,
        completion_window_days -> Nullable<BigInt>,
        notes -> Text,
        legacy_user_id -> Text,
        number_styles -> BigInt,
        legacy_cells -> Nullable<Text>,
        extra -> Nullable<Text>,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        name -> Text,
        created_at -> Timestamp,
    }
}

diesel::joinable!(emotions -> users (user_id));
diesel::joinable!(job_tasks -> users (user_id));
diesel::joinable!(jobs -> users (user_id));
diesel::joinable!(legacy_rows -> users (user_id));
diesel::joinable!(notes -> users (user_id));
diesel::joinable!(popup_responses -> users (user_id));
diesel::joinable!(popup_triggers -> users (user_id));
diesel::joinable!(preferences -> users (user_id));
diesel::joinable!(quarantine -> source_documents (document));
diesel::joinable!(source_chunks -> source_documents (document));
diesel::joinable!(source_documents -> users (user_id));
diesel::joinable!(survey_responses -> users (user_id));
diesel::joinable!(task_instances -> users (user_id));
diesel::joinable!(tasks -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    counters,
    emotions,
    import_runs,
    job_tasks,
    jobs,
    leases,
    legacy_rows,
    notes,
    popup_responses,
    popup_triggers,
    preferences,
    quarantine,
    schema_migrations,
    source_chunks,
    source_documents,
    survey_responses,
    task_instances,
    tasks,
    users,
);
