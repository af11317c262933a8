//! Made-up data can be imported without leaving anything out, in the shape of every age.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use landfast_demo::{ColumnAge, DemoOptions, write_tasks};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::time::Timestamp;
use landfast_testkit::databases;
use landfast_testkit::imports::import_folder;

fn check(store: &dyn Store, age: ColumnAge, odd_cells: bool) {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let now = Timestamp::parse("2026-03-07 09:30").unwrap().naive();
    let summary = write_tasks(&data, &DemoOptions { seed: 3, scale: 1, now, age, odd_cells }).unwrap();
    let report = import_folder(store, &data, &home.path().join("backup")).unwrap();
    assert_eq!(report.exit_code, 0, "{}", report.summary());
    assert!(report.quarantine.is_empty() && report.unrecognised.is_empty(), "{}", report.summary());
    let guest = UserId::guest();
    let counts = store
        .read(|r| {
            Ok([
                ("tasks.csv", r.tasks().count(&guest)?),
                ("task_instances.csv", r.instances().count(&guest)?),
                ("emotions.csv", r.emotions().count(&guest)?),
                ("user_preferences.csv", r.preferences().count(&guest)?),
                ("survey_responses.csv", r.survey_responses().count(&guest)?),
                ("notes.csv", r.notes().count(&guest)?),
                ("jobs.csv", r.jobs().count(&guest)?),
                ("job_task_mapping.csv", r.job_tasks().count(&guest)?),
                ("popup_triggers.csv", r.popup_triggers().count(&guest)?),
                ("popup_responses.csv", r.popup_responses().count(&guest)?),
            ])
        })
        .unwrap();
    for (file, count) in counts {
        assert_eq!(count, summary.records(file).unwrap_or(0), "{file}");
    }
}

#[test]
fn every_age_is_imported_whole() {
    for age in ColumnAge::ALL {
        check(databases::sqlite().store(), age, true);
    }
}

#[test]
fn clean_data_is_imported_whole() {
    check(databases::sqlite().store(), ColumnAge::March2026, false);
}

#[test]
fn the_newest_age_is_imported_whole_into_postgres() {
    if let Some(database) = databases::postgres() {
        check(database.store(), ColumnAge::March2026, true);
    }
}
