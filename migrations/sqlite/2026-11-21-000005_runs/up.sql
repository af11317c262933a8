-- Analysis runs. `state`, `manifest`, `metadata` and `session_log` are their documents, byte for byte; the other
-- columns are read from them. Times are the texts of the documents. `order_key` is the creation in microseconds
-- since 1970, the least number when it is unknown; `ended_at` is when a final run ended, in UTC, as far as known.
-- `exact_texts` is a JSON object from column to exact value, for what a column cannot hold as it is.
CREATE TABLE runs (
    id TEXT PRIMARY KEY NOT NULL,
    original_id TEXT,
    layout TEXT NOT NULL CHECK (layout IN ('state', 'upload', 'tuning', 'experiment')),
    directory TEXT NOT NULL,
    status TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at TEXT,
    updated_at TEXT,
    completed_at TEXT,
    order_key BIGINT NOT NULL,
    ended_at TIMESTAMP,
    jetstream_id TEXT,
    current_stage TEXT,
    progress_percent BIGINT,
    error_info TEXT,
    results_summary TEXT,
    input_filename TEXT,
    config_snapshot TEXT,
    peak_hp DOUBLE,
    peak_torque DOUBLE,
    state TEXT,
    manifest TEXT,
    metadata TEXT,
    session_log TEXT,
    exact_texts TEXT
);
CREATE INDEX runs_by_creation ON runs (order_key DESC, id);
CREATE INDEX runs_by_status ON runs (status, order_key DESC, id);
CREATE INDEX runs_by_source ON runs (source, order_key DESC, id);
CREATE INDEX runs_by_end ON runs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX runs_by_jetstream_id ON runs (jetstream_id);
CREATE INDEX runs_by_directory ON runs (directory);

-- Files of runs, on disk or only listed. Their bytes stay where they are.
CREATE TABLE run_files (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    file_type TEXT NOT NULL,
    size_bytes BIGINT,
    storage_path TEXT,
    sha256 TEXT,
    created_at TEXT,
    in_state BOOLEAN NOT NULL,
    in_manifest BOOLEAN NOT NULL,
    on_disk BOOLEAN NOT NULL,
    hash TEXT NOT NULL CHECK (hash IN ('unlisted', 'equal', 'equal-after-newlines', 'different', 'empty')),
    exact_texts TEXT,
    PRIMARY KEY (run_id, filename)
);
