-- Whoever owns records. The guest owns migrated data and works without logging in.
CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    created_at TIMESTAMP NOT NULL
);
INSERT INTO users (id, name, created_at) VALUES ('guest', 'guest', '1970-01-01 00:00:00');

-- Record tables. A row holds typed readings of the cells of one legacy record. Where the canonical text
-- of a reading differs from the legacy text, `number_styles` or `legacy_cells` says what the text was, so
-- that every record is given back as it stood. `extra` holds the cells of columns unknown to this version.
CREATE TABLE tasks (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    task_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    "type" TEXT NOT NULL,
    version BIGINT,
    created_at TIMESTAMP,
    is_recurring BOOLEAN CHECK (is_recurring IN (0, 1)),
    categories TEXT NOT NULL,
    default_estimate_minutes BIGINT,
    task_type TEXT NOT NULL,
    default_initial_aversion BIGINT,
    routine_frequency TEXT NOT NULL,
    routine_days_of_week TEXT NOT NULL,
    routine_time TEXT NOT NULL,
    completion_window_hours BIGINT,
    completion_window_days BIGINT,
    notes TEXT NOT NULL,
    legacy_user_id TEXT NOT NULL,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX tasks_by_position ON tasks (user_id, position);
CREATE INDEX tasks_by_source ON tasks (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE task_instances (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    instance_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    task_name TEXT NOT NULL,
    task_version BIGINT,
    created_at TIMESTAMP,
    initialized_at TIMESTAMP,
    started_at TIMESTAMP,
    completed_at TIMESTAMP,
    cancelled_at TIMESTAMP,
    due_at TIMESTAMP,
    predicted TEXT NOT NULL,
    actual TEXT NOT NULL,
    procrastination_score DOUBLE,
    proactive_score DOUBLE,
    behavioral_score DOUBLE,
    net_relief DOUBLE,
    net_emotional DOUBLE,
    behavioral_deviation DOUBLE,
    is_completed BOOLEAN CHECK (is_completed IN (0, 1)),
    is_deleted BOOLEAN CHECK (is_deleted IN (0, 1)),
    status TEXT NOT NULL,
    duration_minutes DOUBLE,
    delay_minutes DOUBLE,
    relief_score DOUBLE,
    cognitive_load DOUBLE,
    mental_energy_needed DOUBLE,
    task_difficulty DOUBLE,
    emotional_load DOUBLE,
    environmental_effect DOUBLE,
    skills_improved TEXT NOT NULL,
    serendipity_factor DOUBLE,
    disappointment_factor DOUBLE,
    legacy_user_id TEXT NOT NULL,
    is_open BOOLEAN NOT NULL CHECK (is_open IN (0, 1)),
    is_cancelled_row BOOLEAN NOT NULL CHECK (is_cancelled_row IN (0, 1)),
    completed_text TEXT,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX task_instances_by_position ON task_instances (user_id, position);
CREATE INDEX task_instances_by_source ON task_instances (source_document, source_ordinal) WHERE source_document IS NOT NULL;
CREATE INDEX task_instances_by_task ON task_instances (user_id, task_id);
CREATE INDEX task_instances_open ON task_instances (user_id, position) WHERE is_open;
CREATE INDEX task_instances_cancelled ON task_instances (user_id, position) WHERE is_cancelled_row;
CREATE INDEX task_instances_by_completion ON task_instances (user_id, completed_text DESC, position)
    WHERE completed_text IS NOT NULL;

CREATE TABLE emotions (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    emotion TEXT NOT NULL,
    legacy_user_id TEXT NOT NULL,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX emotions_by_position ON emotions (user_id, position);
CREATE INDEX emotions_by_source ON emotions (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE preferences (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    legacy_user_id TEXT NOT NULL,
    tutorial_completed BOOLEAN CHECK (tutorial_completed IN (0, 1)),
    tutorial_choice TEXT NOT NULL,
    tutorial_auto_show BOOLEAN CHECK (tutorial_auto_show IN (0, 1)),
    tooltip_mode_enabled BOOLEAN CHECK (tooltip_mode_enabled IN (0, 1)),
    survey_completed BOOLEAN CHECK (survey_completed IN (0, 1)),
    created_at TIMESTAMP,
    last_active TIMESTAMP,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX preferences_by_position ON preferences (user_id, position);
CREATE INDEX preferences_by_source ON preferences (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE survey_responses (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    legacy_user_id TEXT NOT NULL,
    response_id TEXT NOT NULL,
    question_category TEXT NOT NULL,
    question_id TEXT NOT NULL,
    response_value TEXT NOT NULL,
    response_text TEXT NOT NULL,
    "timestamp" TIMESTAMP,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX survey_responses_by_position ON survey_responses (user_id, position);
CREATE INDEX survey_responses_by_source ON survey_responses (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE notes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    note_id TEXT NOT NULL,
    content TEXT NOT NULL,
    "timestamp" TIMESTAMP,
    legacy_user_id TEXT NOT NULL,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX notes_by_position ON notes (user_id, position);
CREATE INDEX notes_by_source ON notes (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE jobs (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    job_id TEXT NOT NULL,
    name TEXT NOT NULL,
    task_type TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at TIMESTAMP,
    updated_at TIMESTAMP,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX jobs_by_position ON jobs (user_id, position);
CREATE INDEX jobs_by_source ON jobs (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE job_tasks (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    job_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    created_at TIMESTAMP,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX job_tasks_by_position ON job_tasks (user_id, position);
CREATE INDEX job_tasks_by_source ON job_tasks (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE popup_triggers (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    id BIGINT,
    legacy_user_id TEXT NOT NULL,
    trigger_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    "count" BIGINT,
    last_shown_at TIMESTAMP,
    helpful BOOLEAN CHECK (helpful IN (0, 1)),
    last_response TEXT NOT NULL,
    last_comment TEXT NOT NULL,
    created_at TIMESTAMP,
    updated_at TIMESTAMP,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX popup_triggers_by_position ON popup_triggers (user_id, position);
CREATE INDEX popup_triggers_by_source ON popup_triggers (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE popup_responses (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    id BIGINT,
    legacy_user_id TEXT NOT NULL,
    trigger_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    response_value TEXT NOT NULL,
    helpful BOOLEAN CHECK (helpful IN (0, 1)),
    comment TEXT NOT NULL,
    context TEXT NOT NULL,
    created_at TIMESTAMP,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX popup_responses_by_position ON popup_responses (user_id, position);
CREATE INDEX popup_responses_by_source ON popup_responses (source_document, source_ordinal) WHERE source_document IS NOT NULL;

CREATE TABLE legacy_rows (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    row_key TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    source_document BIGINT,
    source_ordinal BIGINT,
    file TEXT NOT NULL,
    content TEXT NOT NULL,
    number_styles BIGINT NOT NULL CHECK (number_styles >= 0),
    legacy_cells TEXT,
    extra TEXT,
    PRIMARY KEY (user_id, row_key),
    CHECK ((source_document IS NULL) = (source_ordinal IS NULL))
);
CREATE INDEX legacy_rows_by_position ON legacy_rows (user_id, position);
CREATE INDEX legacy_rows_by_source ON legacy_rows (source_document, source_ordinal) WHERE source_document IS NOT NULL;
