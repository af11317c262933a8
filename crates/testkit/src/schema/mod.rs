//! The schema: every migration up, down and up again, and the page that describes the tables.

mod counts;
mod document;
mod populate;
mod steps;

pub use document::document;
pub use steps::{Fault, check_migrations};

use crate::databases::{self, PostgresDatabase};
use landfast_store::{DatabaseUrl, TableInfo};

/// Checks the migrations of both databases on throw-away ones, with rows in the tables.
///
/// Found are: a catalogue that differs from what the program was compiled for, a table without a row in the
/// check itself, a way down that leaves something behind or takes rows of other tables with it, a way up that
/// ends elsewhere the second time, and any difference between the two databases.
///
/// PostgreSQL is left out when its absence was declared.
///
/// # Panics
/// When a database cannot be made or used at all.
#[must_use]
pub fn check() -> Vec<Fault> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("schema.db");
    let (sqlite, mut faults) = checked("SQLite", &format!("sqlite:{}", path.display()));
    if let Some(home) = PostgresDatabase::empty() {
        let (postgres, more) = checked("PostgreSQL", home.url());
        faults.extend(more);
        faults.extend(steps::catalogs_differ("SQLite and PostgreSQL", &sqlite, &postgres));
    }
    faults
}

fn checked(name: &str, url: &str) -> (Vec<TableInfo>, Vec<Fault>) {
    let faults = check_migrations(name, url);
    let database = databases::open(&DatabaseUrl::parse(url).expect("a database URL"));
    (database.catalog().expect("a catalogue"), faults)
}
