//! Tables of both databases, in the form of `diesel print-schema`.
//!
//! Invariant: the catalogues of SQLite and PostgreSQL hold exactly these columns; `Migrations::check`
//! compares them column by column.

diesel::table! {
    app_state (key) {
        key -> Text,
        value -> Text,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    credentials (user_id) {
        user_id -> Text,
        login -> Text,
        login_key -> Text,
        password_hash -> Text,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    cutover_changes (area, epoch) {
        area -> Text,
        epoch -> BigInt,
        from_stage -> Nullable<Text>,
        to_stage -> Text,
        at -> Timestamp,
        holder -> Text,
        reason -> Text,
    }
}

diesel::table! {
    cutover_dirty (seq) {
        seq -> BigInt,
        area -> Text,
        item_table -> Text,
        user_id -> Text,
        item_key -> Text,
        failures -> BigInt,
        failure -> Text,
    }
}

diesel::table! {
    cutover_mismatches (seq) {
        seq -> BigInt,
        area -> Text,
        item_table -> Text,
        user_id -> Text,
        item_key -> Text,
        field -> Text,
        files_value -> Nullable<Text>,
        database_value -> Nullable<Text>,
        found_at -> Timestamp,
    }
}

diesel::table! {
    cutover_stages (area) {
        area -> Text,
        stage -> Text,
        epoch -> BigInt,
        folder -> Text,
        since -> Timestamp,
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
    jira_cache (id) {
        id -> BigInt,
        profile_id -> Text,
        query_id -> Text,
        cache_key -> Text,
        envelope -> Text,
        created_at -> Text,
        created_utc -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    jira_changelog_cache (log, place) {
        log -> BigInt,
        place -> BigInt,
        issue_key -> Text,
        changelog -> Text,
        created_at -> Nullable<Text>,
        created_utc -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    jira_changelog_items (log, entry, history, item) {
        log -> BigInt,
        entry -> BigInt,
        history -> BigInt,
        item -> BigInt,
        issue_key -> Text,
        changed -> Nullable<Text>,
        changed_utc -> Nullable<Timestamp>,
        author -> Nullable<Text>,
        field -> Nullable<Text>,
        field_type -> Nullable<Text>,
        old_value -> Nullable<Text>,
        new_value -> Nullable<Text>,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    jira_changelogs (id) {
        id -> BigInt,
        profile_id -> Text,
        query_id -> Text,
        layout -> Text,
        envelope -> Text,
        created_at -> Nullable<Text>,
        created_utc -> Nullable<Timestamp>,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    jira_issues (cache, place) {
        cache -> BigInt,
        place -> BigInt,
        issue_id -> Nullable<Text>,
        issue_key -> Nullable<Text>,
        project_key -> Nullable<Text>,
        project_name -> Nullable<Text>,
        issue_type -> Nullable<Text>,
        is_subtask -> Nullable<Bool>,
        status -> Nullable<Text>,
        status_category -> Nullable<Text>,
        priority -> Nullable<Text>,
        assignee -> Nullable<Text>,
        resolution -> Nullable<Text>,
        summary -> Nullable<Text>,
        created -> Nullable<Text>,
        created_utc -> Nullable<Timestamp>,
        updated -> Nullable<Text>,
        updated_utc -> Nullable<Timestamp>,
        resolved -> Nullable<Text>,
        resolved_utc -> Nullable<Timestamp>,
        points -> Nullable<Double>,
        exact_texts -> Nullable<Text>,
        text -> Text,
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
    metric_values (snapshot, place) {
        snapshot -> BigInt,
        place -> BigInt,
        metric -> Text,
        name -> Text,
        value -> Nullable<Double>,
        text -> Text,
    }
}

diesel::table! {
    metrics_snapshots (id) {
        id -> BigInt,
        profile_id -> Text,
        query_id -> Text,
        label -> Text,
        metric_type -> Text,
        place -> BigInt,
        snapshot_date -> Nullable<Text>,
        metrics -> Text,
        forecast -> Nullable<Text>,
        created_at -> Nullable<Text>,
        exact_texts -> Nullable<Text>,
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
    presentation_jobs (id) {
        id -> Text,
        status -> Text,
        progress -> Nullable<Double>,
        error -> Nullable<Text>,
        video_url -> Nullable<Text>,
        thumbnail_url -> Nullable<Text>,
        slide_image_path -> Nullable<Text>,
        created_at -> Timestamp,
        completed_at -> Nullable<Timestamp>,
        last_heartbeat -> Nullable<Timestamp>,
        created_files -> Text,
        request -> Nullable<Text>,
        priority -> BigInt,
        run_at -> Timestamp,
        attempts -> BigInt,
        max_attempts -> BigInt,
        lease_owner -> Nullable<Text>,
        lease_expires_at -> Nullable<Timestamp>,
        idempotency_key -> Nullable<Text>,
        cancel_requested -> Bool,
        provider_ids -> Text,
        note -> Nullable<Text>,
        found_video -> Nullable<Text>,
        removal_marked_at -> Nullable<Timestamp>,
        document -> Nullable<Text>,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    profiles (id) {
        id -> Text,
        name -> Text,
        folded_name -> Text,
        description -> Text,
        created_at -> Text,
        created_utc -> Nullable<Timestamp>,
        last_used -> Text,
        last_used_utc -> Nullable<Timestamp>,
        layout -> Text,
        jira_config -> Text,
        field_mappings -> Text,
        forecast_settings -> Text,
        project_classification -> Text,
        flow_type_mappings -> Text,
        show_milestone -> Bool,
        show_points -> Bool,
        document -> Nullable<Text>,
        registry_entry -> Nullable<Text>,
    }
}

diesel::table! {
    project_data (profile_id, query_id) {
        profile_id -> Text,
        query_id -> Text,
        data -> Text,
        scope -> Nullable<Text>,
        updated_at -> Text,
        updated_utc -> Nullable<Timestamp>,
        exact_texts -> Nullable<Text>,
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
    queries (profile_id, id) {
        profile_id -> Text,
        id -> Text,
        name -> Text,
        folded_name -> Text,
        jql -> Text,
        description -> Text,
        created_at -> Text,
        created_utc -> Nullable<Timestamp>,
        last_used -> Text,
        last_used_utc -> Nullable<Timestamp>,
        document -> Nullable<Text>,
        cached_jql -> Nullable<Text>,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    run_files (run_id, filename) {
        run_id -> Text,
        filename -> Text,
        file_type -> Text,
        size_bytes -> Nullable<BigInt>,
        storage_path -> Nullable<Text>,
        sha256 -> Nullable<Text>,
        created_at -> Nullable<Text>,
        in_state -> Bool,
        in_manifest -> Bool,
        on_disk -> Bool,
        hash -> Text,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    runs (id) {
        id -> Text,
        original_id -> Nullable<Text>,
        layout -> Text,
        directory -> Text,
        status -> Text,
        source -> Text,
        created_at -> Nullable<Text>,
        updated_at -> Nullable<Text>,
        completed_at -> Nullable<Text>,
        order_key -> BigInt,
        ended_at -> Nullable<Timestamp>,
        jetstream_id -> Nullable<Text>,
        current_stage -> Nullable<Text>,
        progress_percent -> Nullable<BigInt>,
        error_info -> Nullable<Text>,
        results_summary -> Nullable<Text>,
        input_filename -> Nullable<Text>,
        config_snapshot -> Nullable<Text>,
        peak_hp -> Nullable<Double>,
        peak_torque -> Nullable<Double>,
        state -> Nullable<Text>,
        manifest -> Nullable<Text>,
        metadata -> Nullable<Text>,
        session_log -> Nullable<Text>,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    saved_answers (user_id, request_key) {
        user_id -> Text,
        request_key -> Text,
        request_hash -> Text,
        status -> BigInt,
        body -> Text,
        created_at -> Timestamp,
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
    security_events (id) {
        id -> Text,
        at -> Timestamp,
        kind -> Text,
        user_id -> Nullable<Text>,
        address -> Text,
        user_agent -> Text,
        detail -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        token_hash -> Text,
        user_id -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
        user_agent -> Text,
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
    task_progress (task_name) {
        task_name -> Text,
        progress_percent -> Double,
        status -> Text,
        message -> Text,
        updated_at -> Text,
        updated_utc -> Nullable<Timestamp>,
        exact_texts -> Nullable<Text>,
    }
}

diesel::table! {
    task_state (name) {
        name -> Text,
        document -> Text,
        exact_texts -> Nullable<Text>,
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

diesel::table! {
    weekly_statistics (profile_id, query_id, place) {
        profile_id -> Text,
        query_id -> Text,
        place -> BigInt,
        date_text -> Nullable<Text>,
        stat_date -> Nullable<Text>,
        week_label -> Nullable<Text>,
        completed_items -> Nullable<Double>,
        completed_items_text -> Nullable<Text>,
        completed_points -> Nullable<Double>,
        completed_points_text -> Nullable<Text>,
        created_items -> Nullable<Double>,
        created_items_text -> Nullable<Text>,
        created_points -> Nullable<Double>,
        created_points_text -> Nullable<Text>,
        velocity_items -> Nullable<Double>,
        velocity_items_text -> Nullable<Text>,
        velocity_points -> Nullable<Double>,
        velocity_points_text -> Nullable<Text>,
        remaining_items -> Nullable<Double>,
        remaining_items_text -> Nullable<Text>,
        remaining_total_points -> Nullable<Double>,
        remaining_total_points_text -> Nullable<Text>,
    }
}

diesel::joinable!(credentials -> users (user_id));
diesel::joinable!(emotions -> users (user_id));
diesel::joinable!(jira_changelog_cache -> jira_changelogs (log));
diesel::joinable!(jira_issues -> jira_cache (cache));
diesel::joinable!(job_tasks -> users (user_id));
diesel::joinable!(jobs -> users (user_id));
diesel::joinable!(legacy_rows -> users (user_id));
diesel::joinable!(metric_values -> metrics_snapshots (snapshot));
diesel::joinable!(notes -> users (user_id));
diesel::joinable!(popup_responses -> users (user_id));
diesel::joinable!(popup_triggers -> users (user_id));
diesel::joinable!(preferences -> users (user_id));
diesel::joinable!(quarantine -> source_documents (document));
diesel::joinable!(queries -> profiles (profile_id));
diesel::joinable!(saved_answers -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(source_chunks -> source_documents (document));
diesel::joinable!(source_documents -> users (user_id));
diesel::joinable!(survey_responses -> users (user_id));
diesel::joinable!(task_instances -> users (user_id));
diesel::joinable!(tasks -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    app_state,
    counters,
    credentials,
    cutover_changes,
    cutover_dirty,
    cutover_mismatches,
    cutover_stages,
    emotions,
    import_runs,
    jira_cache,
    jira_changelog_cache,
    jira_changelog_items,
    jira_changelogs,
    jira_issues,
    job_tasks,
    jobs,
    leases,
    legacy_rows,
    metric_values,
    metrics_snapshots,
    notes,
    popup_responses,
    popup_triggers,
    preferences,
    profiles,
    project_data,
    quarantine,
    queries,
    saved_answers,
    schema_migrations,
    security_events,
    sessions,
    source_chunks,
    source_documents,
    survey_responses,
    task_instances,
    task_progress,
    task_state,
    tasks,
    users,
    weekly_statistics,
);
