-- Where an area is between its files and this database; the files keep a copy.
CREATE TABLE cutover_stages (
    area TEXT PRIMARY KEY NOT NULL CHECK (area IN ('tasks', 'delivery', 'presentations', 'runs')),
    stage TEXT NOT NULL CHECK (stage IN ('files', 'dual-files', 'dual-database', 'database', 'archived')),
    epoch BIGINT NOT NULL CHECK (epoch > 0),
    folder TEXT NOT NULL,
    since TIMESTAMP NOT NULL
);

-- How the areas came there. `from_stage` is empty for the first record of an area.
CREATE TABLE cutover_changes (
    area TEXT NOT NULL CHECK (area IN ('tasks', 'delivery', 'presentations', 'runs')),
    epoch BIGINT NOT NULL CHECK (epoch > 0),
    from_stage TEXT CHECK (from_stage IN ('files', 'dual-files', 'dual-database', 'database', 'archived')),
    to_stage TEXT NOT NULL CHECK (to_stage IN ('files', 'dual-files', 'dual-database', 'database', 'archived')),
    at TIMESTAMP NOT NULL,
    holder TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (area, epoch)
);

-- What changed here and may not be in the files yet. No reference to the owner: its removal is such a change.
CREATE TABLE cutover_dirty (
    seq BIGINT PRIMARY KEY NOT NULL CHECK (seq > 0),
    area TEXT NOT NULL CHECK (area IN ('tasks', 'delivery', 'presentations', 'runs')),
    item_table TEXT NOT NULL,
    user_id TEXT NOT NULL,
    item_key TEXT NOT NULL,
    failures BIGINT NOT NULL CHECK (failures >= 0),
    failure TEXT NOT NULL
);

-- Fields that differ between the files and this database, with both values.
CREATE TABLE cutover_mismatches (
    seq BIGINT PRIMARY KEY NOT NULL CHECK (seq > 0),
    area TEXT NOT NULL CHECK (area IN ('tasks', 'delivery', 'presentations', 'runs')),
    item_table TEXT NOT NULL,
    user_id TEXT NOT NULL,
    item_key TEXT NOT NULL,
    field TEXT NOT NULL,
    files_value TEXT,
    database_value TEXT,
    found_at TIMESTAMP NOT NULL
);
