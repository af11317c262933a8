//! Filling columns from payloads, converting the old scale, and lists made of several.

use super::support::{Sample as _, ids, insert_all, instance, list, read, user, write};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::tasks::{Status, TaskInstance, backfill, lists, scale};

fn stored(store: &dyn Store, change: &[&dyn Fn(&mut TaskInstance)]) -> UserId {
    let user = user(store);
    let mut rows: Vec<TaskInstance> = (1..=change.len()).map(|n| instance(&format!("i{n}"), "t1")).collect();
    rows.iter_mut().zip(change).for_each(|(row, change)| change(row));
    insert_all(store, &user, &rows);
    user
}

/// Empty columns are filled from the outcome, then from the prediction; relief never from a prediction.
pub fn backfill_fills_empty_columns(store: &dyn Store) {
    let user = stored(
        store,
        &[
            &|row| {
                row.actual.set_raw(
                    r#"{"actual_relief": 70, "actual_cognitive": " ", "cognitive_load": 3, "time_actual_minutes": 0}"#,
                );
                row.predicted.set_raw(r#"{"expected_emotional_load": 40.5, "expected_relief": 90}"#);
            },
            &|row| {
                row.predicted.set_raw(r#"{"time_estimate_minutes": "30", "expected_cognitive": true, "emotional_load": [3], "relief_score": 9}"#);
                row.emotional_load.set_raw("NaN");
            },
            &|row| {
                row.relief_score.set_raw("5");
                row.actual.set_raw(r#"{"actual_relief": 70}"#);
            },
        ],
    );
    let changes = write(store, |r| backfill::backfill_attributes_from_json(r, &user));
    let seen: Vec<String> =
        changes.iter().map(|c| format!("{} {} {}={}", c.row, c.instance_id, c.column, c.text)).collect();
    assert_eq!(
        seen,
        [
            "1 i1 cognitive_load=3",
            "1 i1 duration_minutes=0",
            "1 i1 emotional_load=40.5",
            "1 i1 relief_score=70",
            "2 i2 cognitive_load=True",
            "2 i2 duration_minutes=30",
            "2 i2 emotional_load=[3]",
        ]
    );
    let rows = list::<TaskInstance>(store, &user);
    assert_eq!(
        (rows[0].emotional_load.raw(), rows[1].cognitive_load.raw(), rows[2].relief_score.raw()),
        ("40.5", "True", "5")
    );
}

/// Filling twice changes nothing the second time.
pub fn backfill_is_idempotent(store: &dyn Store) {
    let user = stored(store, &[&|row| row.actual.set_raw(r#"{"actual_relief": 70, "time_actual_minutes": 12.5}"#)]);
    assert_eq!(write(store, |r| backfill::backfill_attributes_from_json(r, &user)).len(), 2);
    let rows = list::<TaskInstance>(store, &user);
    assert_eq!(write(store, |r| backfill::backfill_attributes_from_json(r, &user)), []);
    assert_eq!(list::<TaskInstance>(store, &user), rows);
}

/// Rows without a readable payload are left alone.
pub fn backfill_leaves_unreadable_payloads(store: &dyn Store) {
    let user = stored(
        store,
        &[&|row| row.actual.set_raw("{'actual_relief': 70}"), &|row| row.actual.set_raw("[70]"), &|row| {
            row.actual.clear()
        }],
    );
    let rows = list::<TaskInstance>(store, &user);
    assert_eq!(write(store, |r| backfill::backfill_attributes_from_json(r, &user)), []);
    assert_eq!(list::<TaskInstance>(store, &user), rows);
}

/// Filling works through more rows than one page holds, for the user alone.
pub fn backfill_reaches_every_row(store: &dyn Store) {
    let (one, two) = (user(store), user(store));
    let rows: Vec<TaskInstance> = (0..1200)
        .map(|n| {
            let mut row = instance(&format!("i{n}"), "t1");
            row.actual.set_raw(r#"{"actual_relief": 70}"#);
            row
        })
        .collect();
    for user in [&one, &two] {
        write(store, |r| r.instances().insert_batch(user, &super::support::placed((1..).zip(rows.clone()))));
    }
    let changes = write(store, |r| backfill::backfill_attributes_from_json(r, &one));
    assert_eq!(changes.len(), 1200);
    assert_eq!(changes.last().unwrap().row, 1200);
    assert!(list::<TaskInstance>(store, &one).iter().all(|row| row.relief_score.raw() == "70"));
    assert!(list::<TaskInstance>(store, &two).iter().all(|row| row.relief_score.raw().is_empty()));
}

/// The old scale is converted once, whatever is tried afterwards.
pub fn the_old_scale_is_converted_once(store: &dyn Store) {
    let user = stored(
        store,
        &[
            &|row| {
                row.predicted.set_raw(r#"{"expected_relief": 7, "expected_aversion": 5}"#);
                row.actual.set_raw(r#"{"actual_relief": 0, "actual_cognitive": "4"}"#);
                row.relief_score.set_raw("1");
            },
            &|row| row.actual.set_raw(r#"{"actual_relief": 7, "actual_cognitive": 40}"#),
        ],
    );
    let convert = || write(store, |r| scale::convert_10_to_100(r, &user, &["i1".into(), "i2".into()]));
    assert_eq!(convert(), ["i1".into()]);
    let rows = list::<TaskInstance>(store, &user);
    assert_eq!(rows[0].predicted.raw(), r#"{"expected_relief": 70.0, "expected_aversion": 5}"#);
    assert_eq!(rows[0].relief_score.raw(), "10.0");
    assert_eq!(convert(), []);
    assert_eq!(list::<TaskInstance>(store, &user), rows);
}

/// Finished instances are listed newest first, one with both times twice.
pub fn finished_instances_are_listed_newest_first(store: &dyn Store) {
    let user = stored(
        store,
        &[
            &|row| row.completed_at.set_raw("2026-01-01 10:00"),
            &|row| row.completed_at.set_raw("zzz"),
            &|row| {
                row.completed_at.set_raw("2026-01-03 10:00");
                row.cancelled_at.set_raw("2026-01-02 10:00");
            },
            &|row| row.cancelled_at.set_raw("2026-01-04 10:00:00.5"),
            &|_| (),
        ],
    );
    let recent = |limit| -> Vec<(String, Status)> {
        let entries = read(store, |r| lists::recent_tasks(r, &user, limit));
        entries.into_iter().map(|entry| (entry.instance.key.to_string(), entry.outcome)).collect()
    };
    let all = [
        ("i4", Status::Cancelled),
        ("i3", Status::Completed),
        ("i3", Status::Cancelled),
        ("i1", Status::Completed),
        ("i2", Status::Completed),
    ];
    assert_eq!(recent(9), all.map(|(id, outcome)| (id.to_owned(), outcome)));
    assert_eq!(recent(2).len(), 2);
}

/// Instances of a template are listed with or without finished ones.
pub fn instances_of_a_task_can_leave_out_finished_ones(store: &dyn Store) {
    let user =
        stored(store, &[&|row| row.is_completed.set_raw("True"), &|row| row.is_completed.set_raw("TRUE"), &|_| ()]);
    assert_eq!(ids(&read(store, |r| lists::by_task(r, &user, "t1", false))), ["i2", "i3"]);
    assert_eq!(ids(&read(store, |r| lists::by_task(r, &user, "t1", true))), ["i1", "i2", "i3"]);
}

/// Whether a template was ever done: by the legacy rule a cancelled one counts, by the other it does not.
pub fn done_and_cancelled_are_told_apart(store: &dyn Store) {
    let user = stored(
        store,
        &[&|row| {
            row.is_completed.set_raw("True");
            row.status.set_raw("cancelled");
            row.cancelled_at.set_raw("2026-01-02 10:00");
        }],
    );
    assert!(read(store, |r| lists::has_completed(r, &user, "t1")));
    assert!(!read(store, |r| lists::has_been_done(r, &user, "t1")));
    assert!(!read(store, |r| lists::has_completed(r, &user, "")));
    let mut done = TaskInstance::with_id("i2");
    done.task_id.set_raw("t1");
    done.completed_at.set_raw("2026-01-03 10:00");
    insert_all(store, &user, &[done]);
    assert!(read(store, |r| lists::has_been_done(r, &user, "t1")));
}
