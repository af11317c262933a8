//! Answers about the sample folders are those of the original program, on every store.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use landfast_analytics::tasks::legacy_answers;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_legacy::files::FileStore;
use landfast_testkit::databases;
use landfast_testkit::golden::{TasksSample, copy_folder, copy_records};
use landfast_testkit::imports::import_folder;
use tempfile::TempDir;

/// A store of the sample's own files, in a folder of its own.
fn files(sample: TasksSample) -> (FileStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&sample.folder(), folder.path());
    (FileStore::open(folder.path()).unwrap(), folder)
}

fn check(store: &dyn Store, sample: TasksSample) {
    let answers = store.read(|r| legacy_answers(r, &UserId::guest(), None)).unwrap();
    let differences = sample.differences(&answers);
    assert!(differences.is_empty(), "{sample:?}:\n{}", differences.join("\n"));
}

/// Imports the sample, as a user would, and asks.
fn check_imported(to: &dyn Store, sample: TasksSample) {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    copy_folder(&sample.folder(), &data);
    let _ = std::fs::remove_file(data.join("expected.json"));
    let report = import_folder(to, &data, &home.path().join("backup")).unwrap();
    assert_eq!(report.exit_code, 0, "{}", report.summary());
    check(to, sample);
}

macro_rules! golden_tests {
    ($($name:ident: $sample:ident),* $(,)?) => { $(
        mod $name {
            use super::*;

            #[test]
            fn from_files() {
                check(&files(TasksSample::$sample).0, TasksSample::$sample);
            }

            #[test]
            fn from_memory() {
                let memory = databases::memory();
                copy_records(&files(TasksSample::$sample).0, memory.store(), &UserId::guest());
                check(memory.store(), TasksSample::$sample);
            }

            #[test]
            fn from_sqlite() {
                check_imported(databases::sqlite().store(), TasksSample::$sample);
            }

            #[test]
            fn from_postgres() {
                if let Some(database) = databases::postgres() {
                    check_imported(database.store(), TasksSample::$sample);
                }
            }

            #[test]
            fn from_sqlite_copied_from_files() {
                let database = databases::sqlite();
                copy_records(&files(TasksSample::$sample).0, database.store(), &UserId::guest());
                check(database.store(), TasksSample::$sample);
            }
        }
    )* };
}
golden_tests! { data: Data, nov2025: November2025, dec18: December18, mar2026: March2026 }

#[test]
fn reading_answers_changes_no_file() {
    for sample in TasksSample::ALL {
        let (store, folder) = files(sample);
        check(&store, sample);
        for entry in std::fs::read_dir(sample.folder()).unwrap() {
            let name = entry.unwrap().file_name();
            let (before, after) = (sample.folder().join(&name), folder.path().join(&name));
            assert!(std::fs::read(before).unwrap() == std::fs::read(after).unwrap(), "{name:?}");
        }
    }
}
