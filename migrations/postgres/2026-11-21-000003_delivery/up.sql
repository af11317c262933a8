-- The delivery area. JSON documents are text, kept byte for byte; the other columns say what stands in them.
-- A time has two columns: the text as it was written, and with the ending `_utc` the instant it stands for,
-- NULL when it cannot be read. `exact_texts`, a JSON object from column to text, holds what a column cannot:
-- indexed texts of more than 1000 bytes, texts with U+0000, times beyond the calendar.
CREATE TABLE app_state (
    key TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    value TEXT NOT NULL,
    exact_texts TEXT
);

-- Names need not be unique: older installations have profiles and queries of one name.
CREATE TABLE profiles (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    folded_name TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_utc TIMESTAMP,
    last_used TEXT NOT NULL,
    last_used_utc TIMESTAMP,
    layout TEXT NOT NULL,
    jira_config TEXT NOT NULL,
    field_mappings TEXT NOT NULL,
    forecast_settings TEXT NOT NULL,
    project_classification TEXT NOT NULL,
    flow_type_mappings TEXT NOT NULL,
    show_milestone BOOLEAN NOT NULL,
    show_points BOOLEAN NOT NULL,
    document TEXT,
    registry_entry TEXT
);
CREATE INDEX profiles_by_use ON profiles (last_used_utc);
CREATE INDEX profiles_by_name ON profiles (folded_name);

CREATE TABLE queries (
    profile_id TEXT COLLATE "C" NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    folded_name TEXT COLLATE "C" NOT NULL,
    jql TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_utc TIMESTAMP,
    last_used TEXT NOT NULL,
    last_used_utc TIMESTAMP,
    document TEXT,
    cached_jql TEXT,
    exact_texts TEXT,
    PRIMARY KEY (profile_id, id)
);
CREATE INDEX queries_by_use ON queries (profile_id, last_used_utc);
CREATE INDEX queries_by_name ON queries (profile_id, folded_name);

-- Cached responses without their issues: `envelope` has the number 0 in the place of each.
CREATE TABLE jira_cache (
    id BIGINT PRIMARY KEY NOT NULL,
    profile_id TEXT COLLATE "C" NOT NULL,
    query_id TEXT COLLATE "C" NOT NULL,
    cache_key TEXT COLLATE "C" NOT NULL,
    envelope TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_utc TIMESTAMP,
    expires_at TIMESTAMP,
    exact_texts TEXT,
    UNIQUE (profile_id, query_id, cache_key),
    FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE
);
CREATE INDEX jira_cache_by_expiry ON jira_cache (expires_at);

-- Their issues, by their places in the response; the text is the whole issue.
CREATE TABLE jira_issues (
    cache BIGINT NOT NULL REFERENCES jira_cache (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    issue_id TEXT,
    issue_key TEXT COLLATE "C",
    project_key TEXT COLLATE "C",
    project_name TEXT,
    issue_type TEXT COLLATE "C",
    is_subtask BOOLEAN,
    status TEXT COLLATE "C",
    status_category TEXT,
    priority TEXT,
    assignee TEXT COLLATE "C",
    resolution TEXT,
    summary TEXT,
    created TEXT,
    created_utc TIMESTAMP,
    updated TEXT,
    updated_utc TIMESTAMP,
    resolved TEXT,
    resolved_utc TIMESTAMP,
    points DOUBLE PRECISION,
    exact_texts TEXT,
    text TEXT NOT NULL,
    PRIMARY KEY (cache, place)
);
CREATE INDEX jira_issues_by_key ON jira_issues (cache, issue_key, place);
CREATE INDEX jira_issues_by_status ON jira_issues (cache, status, place);
CREATE INDEX jira_issues_by_assignee ON jira_issues (cache, assignee, place);
CREATE INDEX jira_issues_by_type ON jira_issues (cache, issue_type, place);
CREATE INDEX jira_issues_by_project ON jira_issues (cache, project_key, place);

-- Change-log documents without their entries, one for a query.
CREATE TABLE jira_changelogs (
    id BIGINT PRIMARY KEY NOT NULL,
    profile_id TEXT COLLATE "C" NOT NULL,
    query_id TEXT COLLATE "C" NOT NULL,
    layout TEXT NOT NULL CHECK (layout IN ('map', 'wrapped')),
    envelope TEXT NOT NULL,
    created_at TEXT,
    created_utc TIMESTAMP,
    exact_texts TEXT,
    UNIQUE (profile_id, query_id),
    FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE
);

-- The histories of issues, by their places in the document; `changelog` is the whole entry.
CREATE TABLE jira_changelog_cache (
    log BIGINT NOT NULL REFERENCES jira_changelogs (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    issue_key TEXT COLLATE "C" NOT NULL,
    changelog TEXT NOT NULL,
    created_at TEXT,
    created_utc TIMESTAMP,
    expires_at TIMESTAMP,
    exact_texts TEXT,
    PRIMARY KEY (log, place)
);
CREATE INDEX jira_changelog_cache_by_issue ON jira_changelog_cache (log, issue_key, place);
CREATE INDEX jira_changelog_cache_by_expiry ON jira_changelog_cache (expires_at);

-- Changed fields of the histories.
CREATE TABLE jira_changelog_items (
    log BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    history BIGINT NOT NULL,
    item BIGINT NOT NULL,
    issue_key TEXT COLLATE "C" NOT NULL,
    changed TEXT,
    changed_utc TIMESTAMP,
    author TEXT,
    field TEXT COLLATE "C",
    field_type TEXT,
    old_value TEXT,
    new_value TEXT,
    exact_texts TEXT,
    PRIMARY KEY (log, entry, history, item),
    FOREIGN KEY (log, entry) REFERENCES jira_changelog_cache (log, place) ON DELETE CASCADE
);
CREATE INDEX jira_changelog_items_by_field ON jira_changelog_items (log, field, changed_utc);
CREATE INDEX jira_changelog_items_by_issue ON jira_changelog_items (log, issue_key);

-- Project data: the whole document, and its scope.
CREATE TABLE project_data (
    profile_id TEXT COLLATE "C" NOT NULL,
    query_id TEXT COLLATE "C" NOT NULL,
    data TEXT NOT NULL,
    scope TEXT,
    updated_at TEXT NOT NULL,
    updated_utc TIMESTAMP,
    exact_texts TEXT,
    PRIMARY KEY (profile_id, query_id),
    FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE
);

-- Rows of the weekly statistics, by their places. Dates may repeat or be missing. A number is kept as its JSON
-- text too, which tells null (text, no number) from a missing member (neither).
CREATE TABLE weekly_statistics (
    profile_id TEXT COLLATE "C" NOT NULL,
    query_id TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    date_text TEXT,
    stat_date TEXT COLLATE "C",
    week_label TEXT,
    completed_items DOUBLE PRECISION,
    completed_items_text TEXT,
    completed_points DOUBLE PRECISION,
    completed_points_text TEXT,
    created_items DOUBLE PRECISION,
    created_items_text TEXT,
    created_points DOUBLE PRECISION,
    created_points_text TEXT,
    velocity_items DOUBLE PRECISION,
    velocity_items_text TEXT,
    velocity_points DOUBLE PRECISION,
    velocity_points_text TEXT,
    remaining_items DOUBLE PRECISION,
    remaining_items_text TEXT,
    remaining_total_points DOUBLE PRECISION,
    remaining_total_points_text TEXT,
    PRIMARY KEY (profile_id, query_id, place),
    FOREIGN KEY (profile_id, query_id) REFERENCES project_data (profile_id, query_id) ON DELETE CASCADE
);
CREATE INDEX weekly_statistics_by_date ON weekly_statistics (profile_id, query_id, stat_date);

-- Metrics of one kind of one week. `label` is the week as it was written, `snapshot_date` the ISO week it names.
CREATE TABLE metrics_snapshots (
    id BIGINT PRIMARY KEY NOT NULL,
    profile_id TEXT COLLATE "C" NOT NULL,
    query_id TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    metric_type TEXT COLLATE "C" NOT NULL CHECK (metric_type IN ('flow', 'dora', 'other')),
    place BIGINT NOT NULL,
    snapshot_date TEXT COLLATE "C",
    metrics TEXT NOT NULL,
    forecast TEXT,
    created_at TEXT,
    exact_texts TEXT,
    UNIQUE (profile_id, query_id, label, metric_type),
    FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE
);
CREATE INDEX metrics_snapshots_by_week ON metrics_snapshots (profile_id, query_id, snapshot_date, metric_type);

-- Their single values. A value without a number is null, a word or a truth value; `text` is its JSON text.
CREATE TABLE metric_values (
    snapshot BIGINT NOT NULL REFERENCES metrics_snapshots (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    metric TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    value DOUBLE PRECISION,
    text TEXT NOT NULL,
    PRIMARY KEY (snapshot, place)
);

CREATE TABLE task_progress (
    task_name TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    progress_percent DOUBLE PRECISION NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('running', 'completed', 'failed')),
    message TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_utc TIMESTAMP,
    exact_texts TEXT
);

-- The document of the running or last background task, under the name of its file.
CREATE TABLE task_state (
    name TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    document TEXT NOT NULL,
    exact_texts TEXT
);
