//! Tests of the steps, alone and one after the other.

use super::*;
use crate::json::{Json, Object};
use crate::record::Record;
use crate::tasks::payload::payload;
use crate::tasks::testing::{Memory, at, object, user};
use crate::tasks::{Change, NewTask, Status, TaskChange, TaskInstance, notes, templates};
use crate::{Error, Repositories};

/// A template `t1` with an estimate of 30 and its instance `i1`, created at 10:00.
fn memory() -> Memory {
    let mut memory = Memory::default();
    let new = NewTask { default_estimate_minutes: 30, ..NewTask::named("Sweep & mop") };
    templates::create(&mut memory, &user(), new, "t1".into(), at("2025-12-21 09:00")).unwrap();
    let new = NewInstance { task: "t1".into(), predicted: object(r#"{"time_estimate_minutes": 30}"#) };
    create(&mut memory, &user(), new, "i1".into(), at("2025-12-21 10:00")).unwrap();
    memory
}

fn edit(memory: &mut Memory, cells: &[(&str, &str)]) {
    let mut instance = stored(memory);
    for (column, text) in cells {
        instance.set_cell_named(column, (*text).to_owned());
    }
    memory.instances().update(&user(), &instance).unwrap();
}

fn stored(memory: &mut Memory) -> TaskInstance {
    get(memory, &user(), &"i1".into()).unwrap().unwrap()
}

fn actual(instance: &TaskInstance) -> Object {
    payload(&instance.actual).unwrap()
}

fn predict(memory: &mut Memory, predicted: &str, time: &str) -> TaskInstance {
    let initialization = Initialization { predicted: object(predicted), due_at: Change::Keep };
    initialize(memory, &user(), &"i1".into(), &initialization, at(time)).unwrap()
}

fn finish(memory: &mut Memory, given: &str, time: &str) -> Completion {
    complete(memory, &user(), &"i1".into(), &object(given), at(time)).unwrap()
}

/// Runs a step by name, for the table of states.
fn step(memory: &mut Memory, name: &str) -> crate::Result<()> {
    let (user, key, now, none) = (user(), "i1".into(), at("2025-12-21 12:00"), Object::new());
    match name {
        "initialize" => initialize(memory, &user, &key, &Initialization::default(), now).map(drop),
        "start" => start(memory, &user, &key, now).map(drop),
        "pause" => pause(memory, &user, &key, &Pause::default(), now).map(drop),
        "resume" => resume(memory, &user, &key, now).map(drop),
        "update_pause_notes" => update_pause_notes(memory, &user, &key, None, 5.0).map(drop),
        "postpone" => postpone(memory, &user, &key, "late", Change::Keep, now).map(drop),
        "complete" => complete(memory, &user, &key, &none, now).map(drop),
        "revise_completed" => revise_completed(memory, &user, &key, &none, now).map(drop),
        "cancel" => cancel(memory, &user, &key, &none, now).map(drop),
        "update_cancelled" => update_cancelled(memory, &user, &key, &none).map(drop),
        "delete" => delete(memory, &user, &key),
        "append_notes" => append_notes(memory, &user, &key, "x", now).map(drop),
        other => panic!("no step {other}"),
    }
}

#[test]
fn every_step_is_allowed_in_exactly_the_states_of_the_table() {
    use Status::{Cancelled, Completed, Created, Initialized, Paused, Started};
    let ways: [(Status, &[&str]); 6] = [
        (Created, &[]),
        (Initialized, &["initialize"]),
        (Started, &["start"]),
        (Paused, &["start", "pause"]),
        (Completed, &["complete"]),
        (Cancelled, &["cancel"]),
    ];
    let open = [Created, Initialized, Started, Paused];
    let table: [(&str, &[Status]); 12] = [
        ("initialize", &open),
        ("start", &[Created, Initialized]),
        ("pause", &[Started]),
        ("resume", &[Paused]),
        ("update_pause_notes", &[Paused]),
        ("postpone", &open),
        ("complete", &open),
        ("revise_completed", &[Completed]),
        ("cancel", &open),
        ("update_cancelled", &[Cancelled]),
        ("delete", &[Created, Initialized, Started, Paused, Completed, Cancelled]),
        ("append_notes", &[Created, Initialized, Started, Paused, Completed, Cancelled]),
    ];
    for (state, way) in ways {
        for (name, allowed) in table {
            let mut memory = memory();
            for before in way {
                step(&mut memory, before).unwrap();
            }
            let before = stored(&mut memory);
            assert_eq!(before.state(), state);
            match step(&mut memory, name) {
                Ok(()) => assert!(allowed.contains(&state), "{name} of {state:?}"),
                Err(Error::Transition { .. }) => {
                    assert!(!allowed.contains(&state), "{name} of {state:?}");
                    assert_eq!(stored(&mut memory), before);
                }
                Err(other) => panic!("{name} of {state:?}: {other}"),
            }
        }
    }
}

#[test]
fn unknown_and_deleted_instances_and_those_of_others_are_refused() {
    let other = crate::accounts::UserId::new("other").unwrap();
    let mut memory = memory();
    let now = at("2025-12-21 12:00");
    let not_mine = start(&mut memory, &other, &"i1".into(), now);
    assert_eq!(not_mine.unwrap_err().to_string(), "task instance `i1` does not exist");
    assert!(matches!(delete(&mut memory, &other, &"i1".into()), Err(Error::NotFound { .. })));
    edit(&mut memory, &[("is_deleted", "True")]);
    assert!(matches!(step(&mut memory, "start"), Err(Error::Transition { state, .. }) if state == "deleted"));
    step(&mut memory, "delete").unwrap();
    assert!(matches!(step(&mut memory, "start"), Err(Error::NotFound { .. })));
}

#[test]
fn a_new_instance_copies_its_template() {
    let mut memory = memory();
    let instance = stored(&mut memory);
    let cell = |name| instance.cell_named(name).unwrap();
    assert_eq!((cell("instance_id"), cell("task_id"), cell("task_name")), ("i1", "t1", "Sweep & mop"));
    assert_eq!((cell("task_version"), cell("status"), cell("actual")), ("1", "active", "{}"));
    assert_eq!(
        (cell("is_completed"), cell("is_deleted"), cell("predicted")),
        ("False", "False", r#"{"time_estimate_minutes": 30}"#)
    );
    assert!(instance.is_active());
    let orphan = NewInstance { task: "t9".into(), predicted: Object::new() };
    let unknown = create(&mut memory, &user(), orphan, "i2".into(), at("2025-12-21 10:00"));
    assert!(matches!(unknown, Err(Error::NotFound { entity: "task", .. })));
}

#[test]
fn ensure_finds_the_open_instance_or_predicts_the_default_estimate() {
    let mut memory = memory();
    let (task, now) = ("t1".into(), at("2025-12-21 11:00"));
    let ensured = ensure_for_task(&mut memory, &user(), &task, "i2".into(), now).unwrap();
    assert_eq!(ensured.key.as_str(), "i1");
    step(&mut memory, "cancel").unwrap();
    templates::update(&mut memory, &user(), &task, &TaskChange::default()).unwrap();
    let ensured = ensure_for_task(&mut memory, &user(), &task, "i2".into(), now).unwrap();
    assert_eq!((ensured.key.as_str(), ensured.task_version.raw()), ("i2", "2"));
    assert_eq!(ensured.predicted.raw(), r#"{"time_estimate_minutes": 30}"#);
}

#[test]
fn predictions_may_change_but_the_first_time_stays() {
    let mut memory = memory();
    let first = predict(&mut memory, r#"{"expected_relief": 80, "behavioral_score": 3}"#, "2025-12-21 10:05:30");
    assert_eq!(first.initialized_at.raw(), "2025-12-21 10:05:30.000000");
    assert_eq!((first.status.raw(), first.behavioral_score.raw()), ("initialized", "3"));
    assert_eq!(first.relief_score.raw(), "", "expectations have no column");
    step(&mut memory, "start").unwrap();
    let initialization =
        Initialization { predicted: object(r#"{"expected_relief": 70}"#), due_at: Change::Set(at("2025-12-24 18:00")) };
    let second = initialize(&mut memory, &user(), &"i1".into(), &initialization, at("2025-12-21 13:00")).unwrap();
    assert_eq!(second.initialized_at, first.initialized_at);
    assert_eq!((second.status.raw(), second.due_at.raw()), ("active", "2025-12-24 18:00"));
    assert_eq!(
        second.predicted.raw(),
        r#"{"time_estimate_minutes": 30, "expected_relief": 70, "behavioral_score": 3}"#
    );
}

#[test]
fn time_worked_survives_pauses_and_completion() {
    let mut memory = memory();
    predict(&mut memory, r#"{"expected_relief": 50}"#, "2025-12-21 10:10");
    let key = "i1".into();
    start(&mut memory, &user(), &key, at("2025-12-21 10:20")).unwrap();
    let hungry = Pause { reason: Some("hungry".into()), completion_percentage: 130.0 };
    let paused = pause(&mut memory, &user(), &key, &hungry, at("2025-12-21 10:30:30")).unwrap();
    assert_eq!((paused.started_at.raw(), paused.status.raw()), ("", "initialized"));
    let payload = actual(&paused);
    assert_eq!(payload.get("time_spent_before_pause"), Some(&Json::from(10.5)));
    assert_eq!(payload.get("pause_completion_percentage"), Some(&Json::from(100.0)));
    assert_eq!(payload.get("pause_reason"), Some(&Json::from("hungry")));
    let resumed = resume(&mut memory, &user(), &key, at("2025-12-21 11:00:01.5")).unwrap();
    assert_eq!(actual(&resumed).get("resume_started_at"), Some(&Json::from("2025-12-21T11:00:01.500000")));
    assert!(!actual(&resumed).contains_key("paused"));
    assert_eq!(resumed.status.raw(), "active");
    let again = pause(&mut memory, &user(), &key, &Pause::default(), at("2025-12-21 11:20:01.5")).unwrap();
    assert_eq!(actual(&again).get("time_spent_before_pause"), Some(&Json::from(30.5)));
    assert_eq!(actual(&again).get("pause_history").unwrap().as_array().unwrap().len(), 2);
    resume(&mut memory, &user(), &key, at("2025-12-21 12:00")).unwrap();
    let done = finish(&mut memory, r#"{"actual_relief": 60}"#, "2025-12-21 12:15").instance;
    // 30.5 minutes before the pause and 15 after it; started 110 minutes after initialisation, 120 after creation.
    assert_eq!((done.duration_minutes.raw(), done.delay_minutes.raw()), ("45.5", "110.0"));
    assert_eq!((done.procrastination_score.raw(), done.proactive_score.raw()), ("4.0", "0.0"));
    let payload = actual(&done);
    assert_eq!(payload.get("time_actual_minutes"), Some(&Json::from(45.5)));
    assert_eq!(payload.get("pause_reason"), Some(&Json::from("hungry")));
    assert!(!payload.contains_key("resume_started_at"));
}

#[test]
fn a_pause_of_an_earlier_program_version_becomes_history() {
    let mut memory = memory();
    edit(
        &mut memory,
        &[
            ("started_at", "2025-12-21 10:20"),
            ("actual", r#"{"time_spent_before_pause": "a while", "pause_reason": "phone", "mine": 1.50}"#),
        ],
    );
    let paused = pause(&mut memory, &user(), &"i1".into(), &Pause::default(), at("2025-12-21 10:00")).unwrap();
    let payload = actual(&paused);
    assert_eq!(
        payload.get("time_spent_before_pause"),
        Some(&Json::from(0.0)),
        "text counts 0, and so does a start in the future"
    );
    let history = payload.get("pause_history").unwrap().as_array().unwrap();
    assert_eq!(history[0].dump(), r#"{"pause_reason": "phone", "time_spent_before_pause": "a while"}"#);
    assert!(paused.actual.raw().contains(r#""mine": 1.50"#));
    let noted = update_pause_notes(&mut memory, &user(), &"i1".into(), None, f64::NAN).unwrap();
    assert!(!actual(&noted).contains_key("pause_reason"));
    assert_eq!(actual(&noted).get("pause_completion_percentage"), Some(&Json::from(0.0)));
}

#[test]
fn merges_refuse_a_cell_they_cannot_read() {
    for text in ["{'a': 1}", "[1]", r#""text""#, r#"{"pause_history": 5}"#] {
        let mut memory = memory();
        edit(&mut memory, &[("started_at", "2025-12-21 10:20"), ("actual", text)]);
        let error = step(&mut memory, "pause").unwrap_err();
        assert!(
            matches!(&error, Error::Corrupt { column, value, .. } if column == "actual" && value == text),
            "{error}"
        );
        assert_eq!(stored(&mut memory).actual.raw(), text);
    }
    let mut memory = memory();
    edit(&mut memory, &[("started_at", "at noon")]);
    assert!(matches!(step(&mut memory, "pause"), Err(Error::Corrupt { column, .. }) if column == "started_at"));
}

#[test]
fn replacing_operations_keep_the_unreadable_text() {
    for (name, column) in [("initialize", "predicted"), ("complete", "actual"), ("cancel", "actual")] {
        let mut memory = memory();
        edit(&mut memory, &[(column, "{'a': 1}")]);
        step(&mut memory, name).unwrap();
        let instance = stored(&mut memory);
        let cell = if column == "actual" { &instance.actual } else { &instance.predicted };
        assert_eq!(payload(cell).unwrap().get("landfast_replaced_text"), Some(&Json::from("{'a': 1}")), "{name}");
    }
}

#[test]
fn duration_comes_from_the_first_source_there_is() {
    for (cells, given, duration) in [
        (&[][..], r#"{"time_actual_minutes": 0}"#, "0"),
        (&[("started_at", "2025-12-21 11:30")], r#"{"time_actual_minutes": "35"}"#, "35"),
        (&[("started_at", "2025-12-21 11:30")], r#"{"time_actual_minutes": ""}"#, "30.0"),
        (&[("actual", r#"{"time_spent_before_pause": 12}"#)], r#"{"time_actual_minutes": null}"#, "12.0"),
        (&[], r#"{"time_spent_before_pause": 8.5}"#, "8.5"),
        // What an earlier completion recorded does not count for this one.
        (&[("actual", r#"{"time_actual_minutes": 99}"#)], "{}", "30.0"),
        (&[("predicted", r#"{"estimate": "7"}"#)], "{}", "7.0"),
        (&[("predicted", "{}")], "{}", "0.0"),
    ] {
        let mut memory = memory();
        edit(&mut memory, cells);
        let done = finish(&mut memory, given, "2025-12-21 12:00");
        assert_eq!(done.instance.duration_minutes.raw(), duration, "{cells:?} {given}");
        assert_eq!(done.skipped, []);
    }
    let mut memory = memory();
    for minutes in ["\"half an hour\"", "-1", "NaN", "[5]"] {
        let given = object(&format!(r#"{{"time_actual_minutes": {minutes}}}"#));
        let refused = complete(&mut memory, &user(), &"i1".into(), &given, at("2025-12-21 12:00"));
        assert!(matches!(refused, Err(Error::Invalid { field: "time_actual_minutes", .. })), "{minutes}");
    }
}

#[test]
fn delay_and_scores_without_a_start_use_the_initialisation() {
    let mut memory = memory();
    predict(&mut memory, "{}", "2025-12-21 10:06");
    let done = finish(&mut memory, r#"{"time_actual_minutes": 45}"#, "2025-12-21 10:30:20").instance;
    // 24 minutes 20 seconds since initialisation, less 45; 6 minutes since creation against 30.
    assert_eq!(done.delay_minutes.raw(), "-20.67");
    assert_eq!((done.procrastination_score.raw(), done.proactive_score.raw()), ("0.2", "9.0"));
    assert_eq!(
        (done.completed_at.raw(), done.status.raw(), done.is_completed.raw()),
        ("2025-12-21 10:30:20.000000", "completed", "True")
    );
}

#[test]
fn what_cannot_be_read_is_named_and_does_not_stop_the_completion() {
    let mut memory = memory();
    edit(
        &mut memory,
        &[("started_at", "12/21/2025 9:15"), ("duration_minutes", "5"), ("procrastination_score", "3.0")],
    );
    let done = finish(&mut memory, "{}", "2025-12-21 12:00");
    let skipped = |columns| Skipped { columns, obstacle: "started_at", value: "12/21/2025 9:15".to_owned() };
    assert_eq!(
        done.skipped,
        [skipped(&["duration_minutes", "delay_minutes"]), skipped(&["procrastination_score", "proactive_score"]),]
    );
    assert_eq!((done.instance.duration_minutes.raw(), done.instance.procrastination_score.raw()), ("5", ""));
    assert_eq!(done.instance.state(), Status::Completed);
}

#[test]
fn outcome_is_compared_with_prediction() {
    let mut memory = memory();
    predict(&mut memory, r#"{"expected_relief": 30, "expected_emotional_load": 0}"#, "2025-12-21 10:06");
    let done = finish(
        &mut memory,
        r#"{"actual_relief": 42.5, "actual_emotional": 10, "actual_cognitive": 5}"#,
        "2025-12-21 12:00",
    )
    .instance;
    assert_eq!(
        (done.net_relief.raw(), done.serendipity_factor.raw(), done.disappointment_factor.raw()),
        ("12.5", "12.5", "0.0")
    );
    assert_eq!((done.net_emotional.raw(), done.relief_score.raw(), done.emotional_load.raw()), ("10.0", "42.5", "10"));
    assert_eq!(done.cognitive_load.raw(), "", "completion never fills it");
}

#[test]
fn a_revision_overwrites_columns_and_keeps_times() {
    let mut memory = memory();
    predict(&mut memory, r#"{"expected_relief": 30}"#, "2025-12-21 10:06");
    let done =
        finish(&mut memory, r#"{"actual_relief": 40, "time_actual_minutes": 20, "mine": 1}"#, "2025-12-21 12:00")
            .instance;
    edit(&mut memory, &[("status", "initialized")]);
    let given = object(r#"{"actual_relief": 90, "time_actual_minutes": 25}"#);
    let revised = revise_completed(&mut memory, &user(), &"i1".into(), &given, at("2025-12-22 08:00:05.5")).unwrap();
    assert_eq!(
        (revised.relief_score.raw(), revised.net_relief.raw(), revised.duration_minutes.raw()),
        ("90", "60.0", "25")
    );
    assert_eq!((&revised.completed_at, &revised.delay_minutes), (&done.completed_at, &done.delay_minutes));
    assert_eq!(revised.status.raw(), "completed");
    assert_eq!(
        revised.actual.raw(),
        r#"{"actual_relief": 90, "time_actual_minutes": 25, "mine": 1, "is_edited": true, "edited_at": "2025-12-22 08:00:05"}"#
    );
}

#[test]
fn cancelling_keeps_what_is_known_and_can_be_amended() {
    let mut memory = memory();
    edit(&mut memory, &[("actual", r#"{"pause_reason":"phone"}"#), ("proactive_score", "1.0")]);
    let given = object(r#"{"reason_for_canceling": "rain", "actual_relief": 3}"#);
    let cancelled = cancel(&mut memory, &user(), &"i1".into(), &given, at("2025-12-21 12:00")).unwrap();
    assert_eq!(
        (cancelled.status.raw(), cancelled.is_completed.raw(), cancelled.cancelled_at.raw()),
        ("cancelled", "True", "2025-12-21 12:00")
    );
    assert_eq!(
        (cancelled.relief_score.raw(), cancelled.proactive_score.raw(), cancelled.completed_at.raw()),
        ("3", "", "")
    );
    let more = object(r#"{"cancelled": false, "cancellation_category": "other"}"#);
    let amended = update_cancelled(&mut memory, &user(), &"i1".into(), &more).unwrap();
    assert_eq!(
        amended.actual.raw(),
        r#"{"pause_reason":"phone", "reason_for_canceling": "rain", "actual_relief": 3, "cancelled": true, "cancellation_category": "other"}"#
    );
}

#[test]
fn postponements_are_all_kept() {
    let mut memory = memory();
    let key = "i1".into();
    postpone(&mut memory, &user(), &key, "tired", Change::Keep, at("2025-12-21 12:00")).unwrap();
    let due = Change::Set(at("2025-12-24 08:00"));
    let twice = postpone(&mut memory, &user(), &key, "rain", due, at("2025-12-22 12:00")).unwrap();
    assert_eq!(
        twice.actual.raw(),
        concat!(
            r#"{"postpone_history": [{"reason": "tired", "at": "2025-12-21 12:00"}, {"reason": "rain", "at": "2025-12-22 12:00"}], "#,
            r#""postpone_reason": "rain"}"#
        )
    );
    assert_eq!((twice.due_at.raw(), twice.status.raw()), ("2025-12-24 08:00", "active"));
}

#[test]
fn hindsight_does_not_replace_the_expected_aversion() {
    let mut memory = memory();
    predict(&mut memory, r#"{"expected_aversion": 70}"#, "2025-12-21 10:06");
    step(&mut memory, "complete").unwrap();
    let completed = stored(&mut memory);
    for value in [20, 30] {
        revise_expected_aversion(&mut memory, &user(), &"i1".into(), value).unwrap();
    }
    let revised = stored(&mut memory);
    let predicted = payload(&revised.predicted).unwrap();
    assert_eq!(predicted.get("expected_aversion"), Some(&Json::from(30)));
    assert_eq!(predicted.get("initialization_expected_aversion"), Some(&Json::from(70)));
    assert_eq!(TaskInstance { predicted: completed.predicted.clone(), ..revised }, completed);
    assert!(revise_expected_aversion(&mut memory, &user(), &"i1".into(), 101).is_err());
}

#[test]
fn notes_go_to_the_template() {
    let mut memory = memory();
    append_notes(&mut memory, &user(), &"i1".into(), "use the big broom", at("2025-12-21 12:00")).unwrap();
    assert_eq!(notes::of_task(&mut memory, &user(), &"t1".into()).unwrap(), "[2025-12-21 12:00]\nuse the big broom");
    edit(&mut memory, &[("task_id", "gone")]);
    let orphan = append_notes(&mut memory, &user(), &"i1".into(), "x", at("2025-12-21 12:00"));
    assert!(matches!(orphan, Err(Error::NotFound { entity: "task", .. })));
}
