-- Files as they stood when they were imported. `locator` names area, source and path in bounded length.
CREATE TABLE source_documents (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0),
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    area TEXT NOT NULL,
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    locator TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    sha256 TEXT NOT NULL,
    modified_ns BIGINT NOT NULL,
    first_position BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('loading', 'loaded')),
    records_done BIGINT NOT NULL CHECK (records_done >= 0),
    chunks_done BIGINT NOT NULL CHECK (chunks_done >= 0),
    UNIQUE (user_id, locator)
);

-- Their bytes, compressed with zstd.
CREATE TABLE source_chunks (
    document BIGINT NOT NULL REFERENCES source_documents (id) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 0),
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    compressed BLOB NOT NULL,
    PRIMARY KEY (document, ordinal)
);

-- Source records that became no row, with their bytes and the reason.
CREATE TABLE quarantine (
    document BIGINT NOT NULL REFERENCES source_documents (id) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('duplicate', 'quarantined')),
    line BIGINT NOT NULL,
    byte_offset BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    raw BLOB NOT NULL,
    PRIMARY KEY (document, ordinal)
);

-- Runs of the importer with their reports.
CREATE TABLE import_runs (
    id TEXT PRIMARY KEY NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    state TEXT NOT NULL,
    report TEXT NOT NULL
);
CREATE INDEX import_runs_by_start ON import_runs (started_at, id);

-- Locks that outlive a transaction and run out by themselves.
CREATE TABLE leases (
    name TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

-- Greatest number ever given away where rows can be deleted, so that no number is given twice.
CREATE TABLE counters (
    name TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('source_document', 0);
