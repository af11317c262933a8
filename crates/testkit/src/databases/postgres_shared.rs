//! One PostgreSQL database for all rules of a test run.
//!
//! Making a database takes longer than checking a rule, and rules make users of their own, so they can share
//! one; that several of them work in it at once is a test by itself. A run is one process, or one run of
//! nextest, which starts a process for each test and tells all of them the run's id.

use super::postgres::{connect, run};
use super::postgres_template::{self, LOCK};
use super::url::{cluster, with_database};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use std::env;
use std::sync::OnceLock;

/// Where it is; `None` when PostgreSQL was declared absent.
pub(super) fn url() -> Option<String> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    URL.get_or_init(|| cluster().map(|cluster| made(&cluster))).clone()
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    datname: String,
}

fn made(cluster: &str) -> String {
    let id = env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| std::process::id().to_string());
    let name = format!("landfast_rules_{}", id.replace('-', ""));
    let url = with_database(cluster, &name);
    if PgConnection::establish(&url).is_ok() {
        return url;
    }
    let template = postgres_template::name(cluster);
    let mut connection = connect(cluster);
    sql_query(format!("SELECT pg_advisory_lock({LOCK})")).execute(&mut connection).expect("an advisory lock");
    let databases: Vec<Name> =
        sql_query("SELECT datname::text FROM pg_database WHERE datname LIKE 'landfast\\_rules\\_%'")
            .load(&mut connection)
            .expect("the list of databases");
    if !databases.iter().any(|database| database.datname == name) {
        // Those of earlier runs; one that is in use belongs to another run and stays.
        for database in databases {
            let _ = run(cluster, &format!("DROP DATABASE IF EXISTS {}", database.datname));
        }
        run(cluster, &format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a new database");
    }
    url
}
