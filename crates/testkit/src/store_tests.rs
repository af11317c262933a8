//! One test for each rule and store.

use crate::databases::{self, ThrowAway};
use landfast_domain::Store;
use landfast_domain::cutover::{Area, Stage};

/// Makes a test for each rule on each store, so that a failure names both: `sqlite::values::json_is_kept…`.
///
/// Takes the list that [`for_each_rule!`](crate::for_each_rule) gives:
/// `landfast_testkit::for_each_rule!(store_tests);`
#[macro_export]
macro_rules! store_tests {
    ($($room:ident: [$($rule:ident),* $(,)?])*) => {
        mod sqlite { $( mod $room { $(
            #[test]
            fn $rule() {
                $crate::on_sqlite($crate::contract::$room::$rule);
            }
        )* } )* }
        mod postgres { $( mod $room { $(
            #[test]
            fn $rule() {
                $crate::on_postgres(stringify!($room), $crate::contract::$room::$rule);
            }
        )* } )* }
        mod files { $( mod $room { $(
            #[test]
            fn $rule() {
                $crate::on_files($crate::contract::$room::$rule);
            }
        )* } )* }
        mod memory { $( mod $room { $(
            #[test]
            fn $rule() {
                $crate::on_memory($crate::contract::$room::$rule);
            }
        )* } )* }
        mod files_lead { $( mod $room { $(
            #[test]
            fn $rule() {
                $crate::on_both_files_lead($crate::contract::$room::$rule);
            }
        )* } )* }
        mod database_leads { $( mod $room { $(
            #[test]
            fn $rule() {
                $crate::on_both_database_leads($crate::contract::$room::$rule);
            }
        )* } )* }
    };
}

/// Checks a rule on a new SQLite database.
pub fn on_sqlite(rule: fn(&dyn Store)) {
    check(&databases::sqlite(), rule);
}

/// Topics about what belongs to the installation: a rule would see what another one does at the same time.
const OWN_DATABASE: [&str; 3] = ["cutover", "presentations", "runs"];

/// Checks a rule of a topic on PostgreSQL, if there is one; most rules share a database there.
pub fn on_postgres(room: &str, rule: fn(&dyn Store)) {
    let own = OWN_DATABASE.contains(&room);
    if let Some(database) = if own { databases::postgres() } else { databases::shared_postgres() } {
        check(&database, rule);
    }
}

/// Checks a rule on a new folder of legacy files.
pub fn on_files(rule: fn(&dyn Store)) {
    check(&databases::files(), rule);
}

/// Checks a rule on the file store without a folder.
pub fn on_memory(rule: fn(&dyn Store)) {
    check(&databases::memory(), rule);
}

/// Checks a rule on a folder of legacy files that leads and a SQLite database that follows; then both are the
/// same, but for what the database said it cannot hold.
pub fn on_both_files_lead(rule: fn(&dyn Store)) {
    check_both(Stage::DualFiles, rule);
}

/// Checks a rule on a SQLite database that leads and a folder of legacy files that follows; then both are the
/// same, but for what the files said they cannot hold.
pub fn on_both_database_leads(rule: fn(&dyn Store)) {
    check_both(Stage::DualDatabase, rule);
}

fn check_both(stage: Stage, rule: fn(&dyn Store)) {
    let home = databases::both(stage);
    rule(&home.store);
    for area in Area::ALL {
        let compared = home.store.compare(area).unwrap();
        let status = home.store.status(area).unwrap();
        if status.dirty == 0 {
            assert_eq!(compared.mismatches, [], "{area}");
        } else {
            // What is not in both is known, with the reason.
            assert_eq!(
                status.refused.len(),
                usize::try_from(status.dirty).unwrap_or(0).min(100),
                "{:?}",
                status.refused
            );
            eprintln!("the following store refused: {:?}", status.refused);
        }
    }
}

fn check(home: &ThrowAway, rule: fn(&dyn Store)) {
    rule(home.store());
}
