//! The migrated database that test databases are copies of.
//!
//! Copying takes a fraction of the time that migrating takes. The template is made once for each content of
//! the migrations and stays in the cluster. Test runners start many processes at once; an advisory lock
//! lets one of them make it while the others wait.

use super::postgres::{connect, retried, run, unique_name};
use super::url::with_database;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};
use landfast_store::DatabaseUrl;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// Any number will do, if nobody else uses it.
pub(super) const LOCK: i64 = 0x6c61_6e64_6661_7374;

/// Name of the template, which exists after the call.
pub(super) fn name(cluster: &str) -> String {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| make(cluster)).clone()
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

fn make(cluster: &str) -> String {
    let name = format!("landfast_template_{:016x}", fingerprint());
    let mut connection = connect(cluster);
    // Released when the connection ends, however that happens.
    sql_query(format!("SELECT pg_advisory_lock({LOCK})")).execute(&mut connection).expect("an advisory lock");
    let exists: Answer = sql_query("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1) AS yes")
        .bind::<Text, _>(&name)
        .get_result(&mut connection)
        .expect("the list of databases");
    if !exists.yes {
        build(cluster, &name);
    }
    name
}

/// Migrates a database under another name first, so that an unfinished one never has the template's.
fn build(cluster: &str, name: &str) {
    let draft = unique_name("landfast_draft");
    run(cluster, &format!("CREATE DATABASE {draft} TEMPLATE template1")).expect("a new database");
    let url = DatabaseUrl::parse(&with_database(cluster, &draft)).expect("a PostgreSQL URL");
    let database = super::open(&url);
    database.migrations().migrate().expect("migrations apply");
    drop(database);
    // The server may take a moment to notice that the connections are closed.
    retried(|| run(cluster, &format!("ALTER DATABASE {draft} RENAME TO {name}"))).expect("a new name");
}

/// FNV-1a over names and contents of all migrations, in order.
fn fingerprint() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/postgres");
    let mut files = Vec::new();
    for migration in fs::read_dir(&folder).expect("the migrations folder") {
        let migration = migration.expect("a migration").path();
        files.extend(fs::read_dir(&migration).expect("a migration").map(|file| file.expect("a script").path()));
    }
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        let name = file.strip_prefix(&folder).expect("a file below the folder").display().to_string();
        for byte in name.into_bytes().into_iter().chain(fs::read(&file).expect("a script")) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}
