//! What completing and cancelling compute and copy.

use super::lifecycle::object;
use super::support::{get, insert, instance, task, time, user, write};
use landfast_domain::accounts::UserId;
use landfast_domain::json::Json;
use landfast_domain::tasks::lifecycle::{self, Completion};
use landfast_domain::tasks::{Status, TaskInstance};
use landfast_domain::{Error, Store};

/// A user with an instance `i1`, created at nine and changed as given.
fn with(store: &dyn Store, change: impl Fn(&mut TaskInstance)) -> UserId {
    let user = user(store);
    insert(store, &user, &task("t1"));
    let mut row = instance("i1", "t1");
    change(&mut row);
    insert(store, &user, &row);
    user
}

fn complete(store: &dyn Store, user: &UserId, given: &str, now: &str) -> Completion {
    let completion = write(store, |r| lifecycle::complete(r, user, &"i1".into(), &object(given), time(now)));
    assert_eq!(get(store, user, &"i1".into()).as_ref(), Some(&completion.instance));
    completion
}

fn initialized(row: &mut TaskInstance) {
    row.initialized_at.set_raw("2026-01-14 09:10");
    row.predicted.set_raw(r#"{"time_estimate_minutes": 30, "expected_relief": 60, "expected_emotional_load": 50}"#);
}

fn started(row: &mut TaskInstance) {
    initialized(row);
    row.started_at.set_raw("2026-01-14 09:40");
}

/// A time given with the outcome is the duration, also when it is zero.
pub fn a_given_time_is_the_duration(store: &dyn Store) {
    for (given, minutes) in [
        (r#"{"time_actual_minutes": 25}"#, 25.0),
        (r#"{"time_actual_minutes": 0}"#, 0.0),
        (r#"{"time_actual_minutes": "12.5"}"#, 12.5),
    ] {
        let user = with(store, started);
        assert_eq!(complete(store, &user, given, "2026-01-14 11:00").instance.duration_minutes.value(), Some(minutes));
    }
}

/// Without one it is the time since the start, and is written into the payload too.
pub fn the_time_since_the_start_is_the_duration(store: &dyn Store) {
    let user = with(store, started);
    let row = complete(store, &user, r#"{"time_actual_minutes": ""}"#, "2026-01-14 10:25:30").instance;
    assert_eq!(row.duration_minutes.value(), Some(45.5));
    assert_eq!(object(row.actual.raw()).get("time_actual_minutes").and_then(Json::as_f64), Some(45.5));
}

/// Without a start it is the estimate, under its new or its old name, else nothing.
pub fn the_estimate_is_the_duration_without_a_start(store: &dyn Store) {
    for (predicted, minutes) in [
        (r#"{"time_estimate_minutes": 30}"#, 30.0),
        (r#"{"time_estimate_minutes": "", "estimate": "20"}"#, 20.0),
        ("{}", 0.0),
    ] {
        let user = with(store, |row| row.predicted.set_raw(predicted));
        assert_eq!(complete(store, &user, "{}", "2026-01-14 11:00").instance.duration_minutes.value(), Some(minutes));
    }
}

/// The delay is the time between initialisation and start.
pub fn the_delay_is_the_time_before_the_start(store: &dyn Store) {
    let user = with(store, started);
    assert_eq!(complete(store, &user, "{}", "2026-01-14 11:00").instance.delay_minutes.value(), Some(30.0));
}

/// Without a start the work is taken to have ended at completion; the delay may then be negative.
pub fn the_delay_without_a_start_may_be_negative(store: &dyn Store) {
    for (given, delay) in [(r#"{"time_actual_minutes": 20}"#, 30.33), (r#"{"time_actual_minutes": 90}"#, -39.67)] {
        let user = with(store, initialized);
        assert_eq!(complete(store, &user, given, "2026-01-14 10:00:20").instance.delay_minutes.value(), Some(delay));
    }
}

/// An instance that was never initialised has no delay.
pub fn there_is_no_delay_without_initialisation(store: &dyn Store) {
    let user = with(store, |_| ());
    assert_eq!(complete(store, &user, "{}", "2026-01-14 11:00").instance.delay_minutes.raw(), "");
}

/// Procrastination and proactivity follow the waiting time in units of the estimate.
pub fn the_scores_follow_the_waiting_time(store: &dyn Store) {
    // Created at 09:00: 40 minutes to the start, estimate 30.
    let user = with(store, started);
    let row = complete(store, &user, "{}", "2026-01-14 11:00").instance;
    assert_eq!((row.procrastination_score.value(), row.proactive_score.value()), (Some(1.333), Some(3.333)));
    // Ten minutes to the initialisation, nothing started.
    let user = with(store, initialized);
    let row = complete(store, &user, "{}", "2026-01-14 11:00").instance;
    assert_eq!((row.procrastination_score.value(), row.proactive_score.value()), (Some(0.333), Some(8.333)));
    // Neither: no waiting at all.
    let user = with(store, |_| ());
    let row = complete(store, &user, "{}", "2026-01-14 11:00").instance;
    assert_eq!((row.procrastination_score.raw(), row.proactive_score.raw()), ("0.0", "10.0"));
}

/// A long wait is capped at ten.
pub fn the_scores_are_capped(store: &dyn Store) {
    let user = with(store, |row| {
        row.started_at.set_raw("2026-01-16 09:00");
        row.predicted.set_raw(r#"{"time_estimate_minutes": 5}"#);
    });
    let row = complete(store, &user, "{}", "2026-01-16 10:00").instance;
    assert_eq!((row.procrastination_score.value(), row.proactive_score.value()), (Some(10.0), Some(0.0)));
}

/// Relief against expectation fills net relief and the two factors.
pub fn relief_is_compared_with_the_expectation(store: &dyn Store) {
    for (relief, net, serendipity, disappointment) in
        [(85, 25.0, 25.0, 0.0), (20, -40.0, 0.0, 40.0), (60, 0.0, 0.0, 0.0)]
    {
        let user = with(store, initialized);
        let row = complete(
            store,
            &user,
            &format!(r#"{{"actual_relief": {relief}, "actual_emotional": 0}}"#),
            "2026-01-14 11:00",
        )
        .instance;
        assert_eq!(row.net_relief.value(), Some(net));
        assert_eq!(
            (row.serendipity_factor.value(), row.disappointment_factor.value()),
            (Some(serendipity), Some(disappointment))
        );
        assert_eq!(row.net_emotional.value(), Some(-50.0));
    }
}

/// Without both reliefs the factors stay empty.
pub fn there_are_no_factors_without_both_reliefs(store: &dyn Store) {
    let user = with(store, |_| ());
    let row = complete(store, &user, r#"{"actual_relief": 50}"#, "2026-01-14 11:00").instance;
    assert_eq!((row.net_relief.raw(), row.serendipity_factor.raw(), row.disappointment_factor.raw()), ("", "", ""));
}

/// Empty columns are filled from the outcome, the first key with a value counting.
pub fn empty_columns_are_filled_from_the_outcome(store: &dyn Store) {
    let user = with(store, started);
    let given = r#"{"actual_relief": 70, "relief_score": "", "actual_mental_energy": 0, "actual_difficulty": 40.5, "actual_emotional": null, "emotional_load": 9,
                    "environmental_fit": 3, "skills_improved": ["patience"], "behavioral_score": "1e1", "actual_physical": 80}"#;
    let row = complete(store, &user, given, "2026-01-14 11:00").instance;
    assert_eq!(row.relief_score.value(), Some(70.0));
    assert_eq!(row.mental_energy_needed.value(), Some(0.0));
    assert_eq!(row.task_difficulty.value(), Some(40.5));
    assert_eq!(row.environmental_effect.value(), Some(3.0));
    assert_eq!(row.behavioral_score.value(), Some(10.0));
    assert_eq!(row.skills_improved.raw(), "['patience']");
}

/// A column that holds something is not overwritten; one with a missing-value word is empty.
pub fn filled_columns_are_not_overwritten(store: &dyn Store) {
    let user = with(store, |row| {
        row.relief_score.set_raw("12");
        row.task_difficulty.set_raw("hard");
        row.emotional_load.set_raw("NaN");
    });
    let given = r#"{"actual_relief": 70, "actual_difficulty": 40, "actual_emotional": 30}"#;
    let row = complete(store, &user, given, "2026-01-14 11:00").instance;
    assert_eq!(
        (row.relief_score.raw(), row.task_difficulty.raw(), row.emotional_load.value()),
        ("12", "hard", Some(30.0))
    );
}

/// What is no number stays in the payload and out of the columns.
pub fn values_that_are_no_numbers_stay_in_the_payload(store: &dyn Store) {
    let user = with(store, |_| ());
    let given = r#"{"actual_relief": "much", "actual_difficulty": NaN, "actual_emotional": [3]}"#;
    let row = complete(store, &user, given, "2026-01-14 11:00").instance;
    assert_eq!((row.relief_score.raw(), row.task_difficulty.raw(), row.emotional_load.raw()), ("", "", ""));
    assert_eq!(object(row.actual.raw()).get("actual_relief"), Some(&Json::from("much")));
}

/// Revising writes the columns anew, so that they agree with the payload; times and scores stay.
pub fn revising_writes_columns_anew(store: &dyn Store) {
    let user = with(store, started);
    let before = complete(store, &user, r#"{"actual_relief": 40, "notes": "kept"}"#, "2026-01-14 11:00").instance;
    write(store, |r| {
        lifecycle::revise_completed(
            r,
            &user,
            &"i1".into(),
            &object(r#"{"actual_relief": 90}"#),
            time("2026-01-15 12:00:07"),
        )
    });
    let after: TaskInstance = get(store, &user, &"i1".into()).unwrap();
    assert_eq!(after.relief_score.value(), Some(90.0));
    assert_eq!(after.net_relief.value(), Some(30.0));
    let actual = object(after.actual.raw());
    assert_eq!(actual.get("notes"), Some(&Json::from("kept")));
    assert_eq!(
        (actual.get("is_edited"), actual.get("edited_at")),
        (Some(&Json::from(true)), Some(&Json::from("2026-01-15 12:00:07")))
    );
    assert_eq!(
        (&after.completed_at, &after.delay_minutes, &after.proactive_score),
        (&before.completed_at, &before.delay_minutes, &before.proactive_score)
    );
}

/// A time that cannot be read leaves its results out and says so; the completion takes place.
pub fn unreadable_times_do_not_stop_a_completion(store: &dyn Store) {
    let user = with(store, |row| {
        started(row);
        row.created_at.set_raw("20.12.2025");
        row.procrastination_score.set_raw("5.0");
    });
    let completion = complete(store, &user, "{}", "2026-01-14 11:00");
    assert_eq!(completion.instance.state(), Status::Completed);
    assert_eq!((completion.instance.procrastination_score.raw(), completion.instance.proactive_score.raw()), ("", ""));
    assert_eq!(completion.skipped.len(), 1);
    assert_eq!((completion.skipped[0].obstacle, completion.skipped[0].value.as_str()), ("created_at", "20.12.2025"));
}

/// A given time that is no number is refused, and nothing changes.
pub fn an_impossible_given_time_is_refused(store: &dyn Store) {
    let user = with(store, started);
    let before: Option<TaskInstance> = get(store, &user, &"i1".into());
    for given in
        [r#"{"time_actual_minutes": -5}"#, r#"{"time_actual_minutes": "soon"}"#, r#"{"time_actual_minutes": NaN}"#]
    {
        let error = store
            .write(|r| lifecycle::complete(r, &user, &"i1".into(), &object(given), time("2026-01-14 11:00")))
            .unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
    }
    assert_eq!(get(store, &user, &"i1".into()), before);
}

/// Completing clears the marks of a pause and keeps its history.
pub fn completing_ends_a_pause_and_keeps_its_history(store: &dyn Store) {
    let user = with(store, |row| {
        initialized(row);
        row.actual.set_raw(r#"{"paused": true, "pause_reason": "phone", "time_spent_before_pause": 12.5}"#);
    });
    let row = complete(store, &user, r#"{"actual_relief": 50}"#, "2026-01-14 11:00").instance;
    let actual = object(row.actual.raw());
    assert!(!actual.contains_key("paused"));
    assert_eq!(actual.get("pause_reason"), Some(&Json::from("phone")));
    assert_eq!(row.duration_minutes.value(), Some(12.5));
}

/// Completion times keep seconds and microseconds.
pub fn completion_times_keep_microseconds(store: &dyn Store) {
    let user = with(store, started);
    let row = complete(store, &user, "{}", "2026-01-14 11:00:05.000250").instance;
    assert_eq!(row.completed_at.raw(), "2026-01-14 11:00:05.000250");
    assert_eq!(row.completed_at.value(), Some(time("2026-01-14 11:00:05.000250")));
}

/// Cancelling clears the scores, marks the payload and sets the legacy flag.
pub fn cancelling_clears_the_scores(store: &dyn Store) {
    let user = with(store, |row| {
        started(row);
        row.procrastination_score.set_raw("2.0");
        row.proactive_score.set_raw("5.0");
    });
    let given = object(r#"{"cancellation_category": "other", "actual_relief": 10}"#);
    write(store, |r| lifecycle::cancel(r, &user, &"i1".into(), &given, time("2026-01-14 11:00")));
    let row: TaskInstance = get(store, &user, &"i1".into()).unwrap();
    assert_eq!(
        (row.status.raw(), row.is_completed.raw(), row.cancelled_at.raw()),
        ("cancelled", "True", "2026-01-14 11:00")
    );
    assert_eq!((row.procrastination_score.raw(), row.proactive_score.raw(), row.completed_at.raw()), ("", "", ""));
    assert_eq!(object(row.actual.raw()).get("cancelled"), Some(&Json::from(true)));
    assert_eq!(row.relief_score.value(), Some(10.0));
}

/// A cancellation can be annotated later and stays one.
pub fn a_cancellation_can_be_annotated(store: &dyn Store) {
    let user = with(store, started);
    write(store, |r| lifecycle::cancel(r, &user, &"i1".into(), &object("{}"), time("2026-01-14 11:00")));
    let given = object(r#"{"reason_for_canceling": "rain", "cancelled": false}"#);
    write(store, |r| lifecycle::update_cancelled(r, &user, &"i1".into(), &given));
    let row: TaskInstance = get(store, &user, &"i1".into()).unwrap();
    let actual = object(row.actual.raw());
    assert_eq!(
        (actual.get("cancelled"), actual.get("reason_for_canceling")),
        (Some(&Json::from(true)), Some(&Json::from("rain")))
    );
    assert_eq!(row.cancelled_at.raw(), "2026-01-14 11:00");
}

/// Unknown members of a payload survive every step.
pub fn unknown_members_survive_completion(store: &dyn Store) {
    let user = with(store, |row| {
        started(row);
        row.predicted.set_raw(r#"{"my_custom": [1.0, {"a": NaN}], "time_estimate_minutes": 30}"#);
        row.actual.set_raw(r#"{"capacity_before": 7, "big": 123456789012345678901234567890}"#);
    });
    let row = complete(store, &user, r#"{"actual_relief": 50}"#, "2026-01-14 11:00").instance;
    assert_eq!(row.predicted.raw(), r#"{"my_custom": [1.0, {"a": NaN}], "time_estimate_minutes": 30}"#);
    assert!(
        row.actual.raw().starts_with(r#"{"capacity_before": 7, "big": 123456789012345678901234567890, "#),
        "{}",
        row.actual.raw()
    );
}
