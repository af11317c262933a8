//! Migrations: forth and back on filled tables, many starters at once, refusals.

use crate::support::{Scratch, all, blank, guest, on_both};
use landfast_domain::Store;
use landfast_domain::imports::{Chunk, Document, DocumentState, ImportRun, Lease, Outcome, QuarantineEntry};
use landfast_domain::record::{DocumentId, Record};
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::time::Timestamp;
use landfast_store::{Database, Error, PoolOptions, expected_schema};

on_both! {
    up_down_and_up_again_on_filled_tables,
    sixteen_starters_at_once,
    an_empty_database_is_outdated_and_left_alone,
    a_newer_database_is_refused,
    a_changed_migration_is_refused,
    a_skipped_migration_is_refused,
    layout_of_a_migration_does_not_count,
    a_failed_migration_leaves_nothing,
    check_finds_what_was_changed_by_hand,
    the_catalogue_is_the_compiled_schema,
}

const VERSIONS: [&str; 7] = [
    "2026-11-21-000001",
    "2026-11-21-000002",
    "2026-11-21-000003",
    "2026-11-21-000004",
    "2026-11-21-000005",
    "2026-11-21-000006",
    "2026-11-21-000007",
];

/// A row in every table.
fn fill(database: &Database) {
    let store: &dyn Store = database;
    let time = Timestamp::parse("2025-01-01 10:00").unwrap();
    let user = landfast_domain::accounts::User {
        id: landfast_domain::accounts::UserId::new("somebody").unwrap(),
        name: "Somebody".to_owned(),
        created_at: time,
    };
    store
        .write(|repositories| {
            repositories.accounts().insert(&user)?;
            fn one<R: Record>(repositories: &mut dyn landfast_domain::Repositories) -> landfast_domain::Result<()> {
                let mut record: R = blank("k");
                record.extra_mut().push(("more".to_owned(), "1".to_owned()));
                R::repository(repositories).insert(&guest(), &record)
            }
            one::<Task>(repositories)?;
            one::<TaskInstance>(repositories)?;
            one::<Emotion>(repositories)?;
            one::<Preference>(repositories)?;
            one::<SurveyResponse>(repositories)?;
            one::<Note>(repositories)?;
            one::<Job>(repositories)?;
            one::<JobTask>(repositories)?;
            one::<PopupTrigger>(repositories)?;
            one::<PopupResponse>(repositories)?;
            one::<LegacyRow>(repositories)
        })
        .unwrap();
}

/// A row in every table of the import ledger.
fn fill_ledger(database: &Database) {
    let store: &dyn Store = database;
    let time = Timestamp::parse("2025-01-01 10:00").unwrap();
    let document = Document {
        id: DocumentId(1),
        user: guest(),
        area: "tasks".to_owned(),
        source: "here".to_owned(),
        path: "tasks.csv".to_owned(),
        size_bytes: 1,
        sha256: "00".repeat(32),
        modified_ns: 1,
        first_position: 1,
        state: DocumentState::Loaded,
        records_done: 1,
        chunks_done: 1,
    };
    let chunk = Chunk { document: DocumentId(1), ordinal: 0, size_bytes: 1, compressed: vec![0, 255] };
    let entry = QuarantineEntry {
        document: DocumentId(1),
        ordinal: 0,
        outcome: Outcome::Quarantined,
        line: 1,
        offset: 0,
        column: String::new(),
        code: "x".to_owned(),
        message: String::new(),
        raw: vec![0],
    };
    let run = ImportRun {
        id: "r".to_owned(),
        started_at: time,
        finished_at: None,
        state: "running".to_owned(),
        report: "{}".to_owned(),
    };
    let lease = Lease { name: "import".to_owned(), holder: "me".to_owned(), expires_at: time };
    store
        .write(|repositories| {
            let imports = repositories.imports()?;
            imports.save_document(&document)?;
            imports.save_chunk(&chunk)?;
            imports.save_quarantine(std::slice::from_ref(&entry))?;
            imports.save_run(&run)?;
            imports.acquire_lease(&lease, time).map(|_| ())
        })
        .unwrap();
}

fn up_down_and_up_again_on_filled_tables(scratch: &Scratch) {
    let database = scratch.open();
    let migrations = database.migrations();
    assert_eq!(migrations.migrate().unwrap(), VERSIONS);
    assert_eq!(migrations.migrate().unwrap(), Vec::<String>::new());
    let full = database.catalog().unwrap();
    fill(&database);
    fill_ledger(&database);

    // Some back: the ledger is gone, the records are not.
    assert_eq!(
        migrations.revert(6).unwrap(),
        [VERSIONS[6], VERSIONS[5], VERSIONS[4], VERSIONS[3], VERSIONS[2], VERSIONS[1]]
    );
    let half = database.catalog().unwrap();
    assert!(half.len() < full.len() && half.iter().all(|table| full.contains(table)));
    assert_eq!(all::<Task>(&database).len(), 1);
    assert_eq!(migrations.migrate().unwrap(), VERSIONS[1..]);
    assert_eq!(database.catalog().unwrap(), full);
    fill_ledger(&database);
    assert_eq!(migrations.check().unwrap(), Vec::<String>::new());

    // All the way, one more than there are.
    let mut backwards = VERSIONS;
    backwards.reverse();
    assert_eq!(migrations.revert(VERSIONS.len() + 1).unwrap(), backwards);
    let left: Vec<_> = database.catalog().unwrap().into_iter().map(|table| table.name).collect();
    assert_eq!(left, ["schema_migrations"]);
    assert_eq!(migrations.revert(1).unwrap(), Vec::<String>::new());
    assert_eq!(migrations.migrate().unwrap(), VERSIONS);
    assert_eq!(database.catalog().unwrap(), full);
    fill(&database);
    assert_eq!(migrations.check().unwrap(), Vec::<String>::new());
}

fn sixteen_starters_at_once(scratch: &Scratch) {
    let barrier = std::sync::Barrier::new(16);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let starters: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    let options = PoolOptions { size: 1, ..PoolOptions::default() };
                    let database = Database::open(&scratch.url, options)?;
                    let applied = database.migrations().migrate()?;
                    database.migrations().require_current()?;
                    Ok::<_, Error>(applied)
                })
            })
            .collect();
        starters.into_iter().map(|starter| starter.join().unwrap()).collect()
    });
    let mut applied: Vec<String> = Vec::new();
    for outcome in outcomes {
        applied.extend(outcome.unwrap());
    }
    applied.sort();
    assert_eq!(applied, VERSIONS, "each migration was applied once");
}

fn an_empty_database_is_outdated_and_left_alone(scratch: &Scratch) {
    let database = scratch.open();
    let status = database.migrations().status().unwrap();
    assert!(status.applied.is_empty() && !status.is_current());
    assert_eq!(
        status.pending.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(),
        ["accounts_and_tasks", "import_ledger", "delivery", "presentations", "runs", "sessions", "cutover_stages"]
    );
    let error = database.migrations().require_current().unwrap_err();
    assert!(matches!(error, Error::Outdated { count, .. } if count == VERSIONS.len()), "{error:?}");
    assert_eq!(database.catalog().unwrap(), []);
    assert!(!database.migrations().check().unwrap().is_empty());

    database.migrations().migrate().unwrap();
    let status = database.migrations().status().unwrap();
    assert!(status.is_current());
    assert!(
        status
            .applied
            .iter()
            .all(|m| m.applied_at.is_some_and(|at| at > Timestamp::parse("2025-01-01 00:00").unwrap()))
    );
}

fn a_newer_database_is_refused(scratch: &Scratch) {
    let database = scratch.migrated();
    scratch
        .execute("INSERT INTO schema_migrations (version, name, checksum) VALUES ('9999-01-01-000001', 'later', 'x')");
    let migrations = database.migrations();
    for error in [
        migrations.migrate().unwrap_err(),
        migrations.revert(1).unwrap_err(),
        migrations.require_current().unwrap_err(),
    ] {
        assert!(matches!(&error, Error::Newer { name, .. } if name == "later"), "{error:?}");
    }
    let status = migrations.status().unwrap();
    assert!(!status.is_current() && !status.applied[VERSIONS.len()].known);
}

fn a_changed_migration_is_refused(scratch: &Scratch) {
    let database = scratch.migrated();
    scratch.execute("UPDATE schema_migrations SET checksum = 'other' WHERE name = 'import_ledger'");
    let migrations = database.migrations();
    for error in [
        migrations.migrate().unwrap_err(),
        migrations.revert(1).unwrap_err(),
        migrations.require_current().unwrap_err(),
    ] {
        assert!(matches!(&error, Error::Changed { name, .. } if name == "import_ledger"), "{error:?}");
    }
    assert!(migrations.status().unwrap().applied[1].changed);
    assert_eq!(migrations.check().unwrap().len(), 1);
}

fn a_skipped_migration_is_refused(scratch: &Scratch) {
    let database = scratch.migrated();
    scratch.execute("DELETE FROM schema_migrations WHERE name = 'accounts_and_tasks'");
    let error = database.migrations().migrate().unwrap_err();
    assert!(matches!(&error, Error::Skipped { name, .. } if name == "accounts_and_tasks"), "{error:?}");
}

/// The checksum in the ledger is that of the text in the repository with other line ends and comments.
fn layout_of_a_migration_does_not_count(scratch: &Scratch) {
    let database = scratch.migrated();
    let kind = database.kind().as_str();
    let path = format!("{}/../../migrations/{kind}/{}_import_ledger/up.sql", env!("CARGO_MANIFEST_DIR"), VERSIONS[1]);
    let sql = std::fs::read_to_string(path).unwrap();
    let other_layout =
        format!("-- Another comment.\r\n{}", sql.replace('\n', "\r\n    ").replace("-- ", "/* more */ -- "));
    let checksum = landfast_store::migration_checksum(&other_layout);
    assert_eq!(checksum, landfast_store::migration_checksum(&sql));
    scratch.execute(&format!("UPDATE schema_migrations SET checksum = '{checksum}' WHERE name = 'import_ledger'"));
    database.migrations().require_current().unwrap();
    assert_ne!(checksum, landfast_store::migration_checksum(&sql.replace("loaded", "Loaded")));
}

fn a_failed_migration_leaves_nothing(scratch: &Scratch) {
    let database = scratch.open();
    // In the way of a table of the second migration.
    scratch.execute("CREATE TABLE leases (x TEXT)");
    let error = database.migrations().migrate().unwrap_err();
    assert!(matches!(error, Error::Migration { direction: "up", name: "import_ledger", .. }), "{error:?}");
    let tables: Vec<_> = database.catalog().unwrap().into_iter().map(|table| table.name).collect();
    assert!(tables.contains(&"tasks".to_owned()), "the first one is kept");
    assert!(!tables.contains(&"source_documents".to_owned()), "nothing of the second");
    scratch.execute("DROP TABLE leases");
    assert_eq!(database.migrations().migrate().unwrap(), VERSIONS[1..]);
}

fn check_finds_what_was_changed_by_hand(scratch: &Scratch) {
    let database = scratch.migrated();
    scratch.execute("ALTER TABLE notes ADD COLUMN mine TEXT");
    scratch.execute("ALTER TABLE jobs DROP COLUMN extra");
    scratch.execute("DROP TABLE leases");
    scratch.execute("CREATE TABLE of_somebody_else (x TEXT)");
    let mut faults = database.migrations().check().unwrap();
    faults.sort();
    assert_eq!(faults, ["column jobs.extra is missing", "column notes.mine is unknown", "table leases is missing"]);
    if scratch.is_sqlite() {
        scratch.execute("PRAGMA foreign_keys = OFF; UPDATE counters SET value = 1; DELETE FROM users;");
        let store: &dyn Store = &database;
        assert!(store.read(|repositories| repositories.accounts().list()).unwrap().is_empty());
        scratch.execute(
            "PRAGMA foreign_keys = OFF;
             INSERT INTO emotions (user_id, row_key, position, emotion, legacy_user_id, number_styles)
             VALUES ('nobody', 'k', 1, '', '', 0)",
        );
        let faults = database.migrations().check().unwrap();
        assert!(faults.iter().any(|fault| fault.contains("1 rows of table emotions point to rows")), "{faults:?}");
    }
}

fn the_catalogue_is_the_compiled_schema(scratch: &Scratch) {
    let found = scratch.migrated().catalog().unwrap();
    assert_eq!(found, expected_schema());
    assert!(found.iter().any(|table| table.name == "task_instances" && table.columns.len() == 44));
}
