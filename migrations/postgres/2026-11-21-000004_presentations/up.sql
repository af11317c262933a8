-- Rendering jobs: what the service kept, and what the queue keeps beside it. Lists are JSON arrays of texts.
-- `document` is the JSON text a job was read from, byte for byte. `exact_texts` is a JSON object from column to
-- exact value, for what a column cannot hold as it is: texts with U+0000, keys of more than 1000 bytes, NaN.
CREATE TABLE presentation_jobs (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    progress DOUBLE PRECISION,
    error TEXT,
    video_url TEXT,
    thumbnail_url TEXT,
    slide_image_path TEXT,
    created_at TIMESTAMP NOT NULL,
    completed_at TIMESTAMP,
    last_heartbeat TIMESTAMP,
    created_files TEXT NOT NULL,
    request TEXT,
    priority BIGINT NOT NULL CHECK (priority BETWEEN -2147483648 AND 2147483647),
    run_at TIMESTAMP NOT NULL,
    attempts BIGINT NOT NULL CHECK (attempts BETWEEN 0 AND 4294967295),
    max_attempts BIGINT NOT NULL CHECK (max_attempts BETWEEN 0 AND 4294967295),
    lease_owner TEXT,
    lease_expires_at TIMESTAMP,
    idempotency_key TEXT COLLATE "C" UNIQUE,
    cancel_requested BOOLEAN NOT NULL,
    provider_ids TEXT NOT NULL,
    note TEXT,
    found_video TEXT,
    removal_marked_at TIMESTAMP,
    document TEXT,
    exact_texts TEXT,
    CHECK ((lease_owner IS NULL) = (lease_expires_at IS NULL))
);
-- Claims walk along the waiting jobs in the order in which they are taken. The status is named so that SQLite
-- prefers this index to the one of all statuses, which would make it sort.
CREATE INDEX presentation_jobs_waiting ON presentation_jobs (status, priority, run_at, id) WHERE status = 'queued';
CREATE INDEX presentation_jobs_by_creation ON presentation_jobs (created_at DESC, id);
CREATE INDEX presentation_jobs_by_status ON presentation_jobs (status, created_at DESC, id);
