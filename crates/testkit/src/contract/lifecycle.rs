//! The life cycle of instances: which step is allowed when, and what it leaves.

use super::support::{get, insert, instance, list, task, time, user, write};
use landfast_domain::accounts::UserId;
use landfast_domain::json::{Json, Object};
use landfast_domain::record::RecordKey;
use landfast_domain::store::Repositories;
use landfast_domain::tasks::lifecycle::{self, Initialization, NewInstance, Pause};
use landfast_domain::tasks::{Change, Status, TaskInstance, notes};
use landfast_domain::{Error, Result, Store};

/// A step on an instance.
type Step<'a> = dyn Fn(&mut dyn Repositories) -> Result<()> + 'a;

const NOW: &str = "2026-01-15 12:00";

/// An object from its JSON text.
pub(crate) fn object(text: &str) -> Object {
    match Json::parse(text) {
        Ok(Json::Object(object)) => object,
        other => panic!("not an object: {other:?}"),
    }
}

fn key() -> RecordKey {
    "i1".into()
}

/// A user with a template `t1` and an instance `i1` in the given state.
fn in_state(store: &dyn Store, state: Status) -> UserId {
    let user = user(store);
    insert(store, &user, &task("t1"));
    let mut row = instance("i1", "t1");
    if state != Status::Created {
        row.initialized_at.set_raw("2026-01-14 09:05");
        row.predicted.set_raw(r#"{"time_estimate_minutes": 30, "expected_relief": 60}"#);
        row.status.set_raw("initialized");
    }
    match state {
        Status::Created | Status::Initialized => {}
        Status::Started => {
            row.started_at.set_raw("2026-01-14 09:30");
            row.status.set_raw("active");
        }
        Status::Paused => row.actual.set_raw(r#"{"paused": true, "time_spent_before_pause": 12.5}"#),
        Status::Completed => {
            row.completed_at.set_raw("2026-01-14 10:00");
            row.is_completed.set_raw("True");
            row.status.set_raw("completed");
            row.procrastination_score.set_raw("0.5");
        }
        Status::Cancelled => {
            row.cancelled_at.set_raw("2026-01-14 10:00");
            row.is_completed.set_raw("True");
            row.status.set_raw("cancelled");
            row.actual.set_raw(r#"{"cancelled": true}"#);
        }
    }
    assert_eq!(row.state(), state);
    insert(store, &user, &row);
    user
}

fn stored(store: &dyn Store, user: &UserId) -> TaskInstance {
    get(store, user, &key()).unwrap()
}

fn actual(row: &TaskInstance) -> Object {
    object(row.actual.raw())
}

/// Tries a step from every state: allowed ones end in a given state, all others change nothing.
fn only_from(
    store: &dyn Store,
    allowed: &[(Status, Status)],
    step: impl Fn(&mut dyn Repositories, &UserId) -> Result<()>,
) {
    for state in
        [Status::Created, Status::Initialized, Status::Started, Status::Paused, Status::Completed, Status::Cancelled]
    {
        let user = in_state(store, state);
        let before = stored(store, &user);
        let result = store.write(|r| step(r, &user));
        match allowed.iter().find(|(from, _)| *from == state) {
            Some((_, to)) => {
                result.unwrap_or_else(|error| panic!("from {}: {error}", state.as_str()));
                assert_eq!(stored(store, &user).state(), *to, "from {}", state.as_str());
            }
            None => {
                assert!(matches!(result, Err(Error::Transition { .. })), "from {}: {result:?}", state.as_str());
                assert_eq!(stored(store, &user), before, "from {}", state.as_str());
            }
        }
    }
}

/// A new instance copies name and version of its template and is stored open.
pub fn a_new_instance_copies_its_template(store: &dyn Store) {
    let user = user(store);
    let mut template = task("t1");
    template.version.set_raw("4");
    insert(store, &user, &template);
    let new = NewInstance { task: template.key.clone(), predicted: object(r#"{"time_estimate_minutes": 30}"#) };
    write(store, |r| lifecycle::create(r, &user, new.clone(), key(), time("2026-01-15 12:00:30.25")));
    let row = stored(store, &user);
    assert_eq!((row.task_id.raw(), row.task_name.raw(), row.task_version.raw()), ("t1", "Task t1", "4"));
    assert_eq!(
        (row.created_at.raw(), row.status.raw(), row.is_completed.raw()),
        ("2026-01-15 12:00:30.250000", "active", "False")
    );
    assert_eq!((row.predicted.raw(), row.actual.raw()), (r#"{"time_estimate_minutes": 30}"#, "{}"));
    assert_eq!(row.state(), Status::Created);
}

/// An instance of a template that does not exist is refused.
pub fn an_instance_of_an_unknown_template_is_refused(store: &dyn Store) {
    let user = user(store);
    let new = NewInstance { task: "t9".into(), predicted: Object::new() };
    let error = store.write(|r| lifecycle::create(r, &user, new.clone(), key(), time(NOW))).unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    assert_eq!(list::<TaskInstance>(store, &user), []);
}

/// Initialising is allowed while an instance is open.
pub fn initialising_is_allowed_while_open(store: &dyn Store) {
    use Status::{Created, Initialized, Paused, Started};
    let given = Initialization { predicted: object(r#"{"expected_relief": 70}"#), due_at: Change::Keep };
    let allowed = [(Created, Initialized), (Initialized, Initialized), (Started, Started), (Paused, Paused)];
    only_from(store, &allowed, |r, user| lifecycle::initialize(r, user, &key(), &given, time(NOW)).map(|_| ()));
}

/// Starting is allowed before the work began.
pub fn starting_is_allowed_before_the_work_began(store: &dyn Store) {
    let allowed = [(Status::Created, Status::Started), (Status::Initialized, Status::Started)];
    only_from(store, &allowed, |r, user| lifecycle::start(r, user, &key(), time(NOW)).map(|_| ()));
}

/// Pausing is allowed during the work.
pub fn pausing_is_allowed_during_the_work(store: &dyn Store) {
    let pause = Pause { reason: Some("phone".to_owned()), completion_percentage: 40.0 };
    only_from(store, &[(Status::Started, Status::Paused)], |r, user| {
        lifecycle::pause(r, user, &key(), &pause, time(NOW)).map(|_| ())
    });
}

/// Resuming is allowed after a pause.
pub fn resuming_is_allowed_after_a_pause(store: &dyn Store) {
    only_from(store, &[(Status::Paused, Status::Started)], |r, user| {
        lifecycle::resume(r, user, &key(), time(NOW)).map(|_| ())
    });
}

/// Completing is allowed while an instance is open.
pub fn completing_is_allowed_while_open(store: &dyn Store) {
    let allowed =
        [Status::Created, Status::Initialized, Status::Started, Status::Paused].map(|from| (from, Status::Completed));
    only_from(store, &allowed, |r, user| lifecycle::complete(r, user, &key(), &Object::new(), time(NOW)).map(|_| ()));
}

/// Cancelling is allowed while an instance is open.
pub fn cancelling_is_allowed_while_open(store: &dyn Store) {
    let allowed =
        [Status::Created, Status::Initialized, Status::Started, Status::Paused].map(|from| (from, Status::Cancelled));
    only_from(store, &allowed, |r, user| lifecycle::cancel(r, user, &key(), &Object::new(), time(NOW)).map(|_| ()));
}

/// Postponing is allowed while an instance is open, and leaves its state.
pub fn postponing_is_allowed_while_open(store: &dyn Store) {
    let allowed = [Status::Created, Status::Initialized, Status::Started, Status::Paused].map(|state| (state, state));
    only_from(store, &allowed, |r, user| {
        lifecycle::postpone(r, user, &key(), "later", Change::Keep, time(NOW)).map(|_| ())
    });
}

/// Revising an outcome is allowed after completion only.
pub fn revising_is_allowed_after_completion(store: &dyn Store) {
    let given = object(r#"{"actual_relief": 90}"#);
    only_from(store, &[(Status::Completed, Status::Completed)], |r, user| {
        lifecycle::revise_completed(r, user, &key(), &given, time(NOW)).map(|_| ())
    });
}

/// Changing a cancellation is allowed after one only.
pub fn updating_a_cancellation_is_allowed_after_one(store: &dyn Store) {
    let given = object(r#"{"reason_for_canceling": "other plans"}"#);
    only_from(store, &[(Status::Cancelled, Status::Cancelled)], |r, user| {
        lifecycle::update_cancelled(r, user, &key(), &given).map(|_| ())
    });
}

/// Changing the notes of a pause is allowed during one only.
pub fn pause_notes_can_be_changed_while_paused(store: &dyn Store) {
    only_from(store, &[(Status::Paused, Status::Paused)], |r, user| {
        lifecycle::update_pause_notes(r, user, &key(), Some("doorbell"), 60.0).map(|_| ())
    });
}

/// Deleting and noting are allowed in every state.
pub fn deleting_and_noting_are_always_allowed(store: &dyn Store) {
    for state in
        [Status::Created, Status::Initialized, Status::Started, Status::Paused, Status::Completed, Status::Cancelled]
    {
        let user = in_state(store, state);
        write(store, |r| lifecycle::append_notes(r, &user, &key(), "seen", time(NOW)));
        write(store, |r| lifecycle::delete(r, &user, &key()));
        assert_eq!(list::<TaskInstance>(store, &user), []);
        assert_eq!(store.read(|r| notes::of_task(r, &user, &"t1".into())).unwrap(), "[2026-01-15 12:00]\nseen");
    }
}

/// An instance flagged as deleted can only be deleted.
pub fn a_deleted_flag_stops_every_step(store: &dyn Store) {
    let user = in_state(store, Status::Initialized);
    let mut row = stored(store, &user);
    row.is_deleted.set_raw("True");
    write(store, |r| r.instances().update(&user, &row));
    let start = store.write(|r| lifecycle::start(r, &user, &key(), time(NOW)).map(|_| ()));
    let complete = store.write(|r| lifecycle::complete(r, &user, &key(), &Object::new(), time(NOW)).map(|_| ()));
    for result in [start, complete] {
        assert!(matches!(result, Err(Error::Transition { .. })), "{result:?}");
    }
    assert_eq!(stored(store, &user), row);
    write(store, |r| lifecycle::delete(r, &user, &key()));
}

/// Steps on an instance that is not there are errors, and so are those on another user's.
pub fn unknown_instances_are_not_found(store: &dyn Store) {
    let owner = in_state(store, Status::Started);
    let stranger = user(store);
    let steps: [&Step<'_>; 8] = [
        &|r| lifecycle::initialize(r, &stranger, &key(), &Initialization::default(), time(NOW)).map(|_| ()),
        &|r| lifecycle::start(r, &stranger, &key(), time(NOW)).map(|_| ()),
        &|r| lifecycle::pause(r, &stranger, &key(), &Pause::default(), time(NOW)).map(|_| ()),
        &|r| lifecycle::resume(r, &stranger, &key(), time(NOW)).map(|_| ()),
        &|r| lifecycle::complete(r, &stranger, &key(), &Object::new(), time(NOW)).map(|_| ()),
        &|r| lifecycle::cancel(r, &stranger, &key(), &Object::new(), time(NOW)).map(|_| ()),
        &|r| lifecycle::append_notes(r, &stranger, &key(), "seen", time(NOW)).map(|_| ()),
        &|r| lifecycle::delete(r, &stranger, &key()),
    ];
    let before = stored(store, &owner);
    for step in steps {
        let result = store.write(step);
        assert!(matches!(result, Err(Error::NotFound { .. })), "{result:?}");
    }
    assert_eq!(stored(store, &owner), before);
    assert_eq!(store.read(|r| lifecycle::get(r, &stranger, &key())).unwrap(), None);
}

/// The time of the first initialisation stays; predictions are laid over each other.
pub fn initialising_twice_keeps_the_first_time(store: &dyn Store) {
    let user = in_state(store, Status::Created);
    for (at, predicted) in [
        ("2026-01-15 12:00", r#"{"expected_relief": 60, "emotions": ["calm"]}"#),
        ("2026-01-15 13:00", r#"{"expected_relief": 70}"#),
    ] {
        let given = Initialization { predicted: object(predicted), due_at: Change::Set(time("2026-01-20 18:00")) };
        write(store, |r| lifecycle::initialize(r, &user, &key(), &given, time(at)));
    }
    let row = stored(store, &user);
    assert_eq!((row.initialized_at.raw(), row.due_at.raw()), ("2026-01-15 12:00", "2026-01-20 18:00"));
    assert_eq!(row.predicted.raw(), r#"{"expected_relief": 70, "emotions": ["calm"]}"#);
    assert_eq!(row.status.raw(), "initialized");
}

/// Expected values are never copied into the columns of actual ones.
pub fn initialising_copies_no_expectations(store: &dyn Store) {
    let user = in_state(store, Status::Created);
    let predicted = object(
        r#"{"expected_relief": 80, "expected_mental_energy": 60, "expected_difficulty": 40, "expected_emotional_load": 20}"#,
    );
    let given = Initialization { predicted, due_at: Change::Keep };
    write(store, |r| lifecycle::initialize(r, &user, &key(), &given, time(NOW)));
    let row = stored(store, &user);
    for cell in [&row.relief_score, &row.mental_energy_needed, &row.task_difficulty, &row.emotional_load] {
        assert_eq!(cell.raw(), "");
    }
}

/// Time worked adds up over pauses, and every pause is remembered.
pub fn time_worked_adds_up_over_pauses(store: &dyn Store) {
    let user = in_state(store, Status::Initialized);
    for (start, stop, reason, percent) in [
        ("12:00", "12:10", Some("phone"), 10.0),
        ("13:00", "13:20:30", None, 55.0),
        ("14:00", "14:05", Some("door"), 250.0),
    ] {
        let at = |clock: &str| time(&format!("2026-01-15 {clock}"));
        write(store, |r| {
            if r.instances().get(&user, &key())?.unwrap().state() == Status::Paused {
                lifecycle::resume(r, &user, &key(), at(start))
            } else {
                lifecycle::start(r, &user, &key(), at(start))
            }
        });
        let pause = Pause { reason: reason.map(str::to_owned), completion_percentage: percent };
        write(store, |r| lifecycle::pause(r, &user, &key(), &pause, at(stop)));
    }
    let row = stored(store, &user);
    let actual = actual(&row);
    assert_eq!(actual.get("time_spent_before_pause").and_then(Json::as_f64), Some(35.5));
    assert_eq!(actual.get("pause_completion_percentage").and_then(Json::as_f64), Some(100.0));
    assert_eq!(actual.get("pause_reason").and_then(Json::as_str), Some("door"));
    assert_eq!(actual.get("pause_history").and_then(Json::as_array).map(<[Json]>::len), Some(3));
    assert_eq!((row.started_at.raw(), row.status.raw()), ("", "initialized"));
}

/// Resuming takes the pause back but not the time worked before it.
pub fn resuming_keeps_the_time_worked_before(store: &dyn Store) {
    let user = in_state(store, Status::Paused);
    write(store, |r| lifecycle::resume(r, &user, &key(), time("2026-01-15 12:00:05")));
    let row = stored(store, &user);
    let actual = actual(&row);
    assert!(!actual.contains_key("paused"));
    assert_eq!(actual.get("time_spent_before_pause").and_then(Json::as_f64), Some(12.5));
    assert_eq!(row.started_at.raw(), "2026-01-15 12:00:05.000000");
    let completion =
        write(store, |r| lifecycle::complete(r, &user, &key(), &Object::new(), time("2026-01-15 12:30:05")));
    assert_eq!(completion.instance.duration_minutes.value(), Some(42.5));
}

/// Every postponement is remembered, and the due date changes when asked to.
pub fn every_postponement_is_remembered(store: &dyn Store) {
    let user = in_state(store, Status::Initialized);
    let due = time("2026-02-01 09:00");
    write(store, |r| lifecycle::postpone(r, &user, &key(), "tired", Change::Set(due), time("2026-01-15 12:00")));
    write(store, |r| lifecycle::postpone(r, &user, &key(), "rain", Change::Keep, time("2026-01-16 12:00")));
    let row = stored(store, &user);
    let actual = actual(&row);
    let history = actual.get("postpone_history").unwrap().dump();
    assert_eq!(
        history,
        r#"[{"reason": "tired", "at": "2026-01-15 12:00"}, {"reason": "rain", "at": "2026-01-16 12:00"}]"#
    );
    assert_eq!(actual.get("postpone_reason").and_then(Json::as_str), Some("rain"));
    assert_eq!(row.due_at.raw(), "2026-02-01 09:00");
}

/// A broken payload is never overwritten by steps that change single members.
pub fn a_broken_payload_is_not_overwritten(store: &dyn Store) {
    let user = in_state(store, Status::Started);
    let mut row = stored(store, &user);
    row.actual.set_raw("{'paused': True}");
    write(store, |r| r.instances().update(&user, &row));
    let pause = store.write(|r| lifecycle::pause(r, &user, &key(), &Pause::default(), time(NOW)).map(|_| ()));
    let postpone = store.write(|r| lifecycle::postpone(r, &user, &key(), "later", Change::Keep, time(NOW)).map(|_| ()));
    for result in [pause, postpone] {
        assert!(matches!(result, Err(Error::Corrupt { .. })), "{result:?}");
    }
    assert_eq!(stored(store, &user), row);
}

/// Completing with a broken payload in place keeps its text.
pub fn completing_keeps_the_text_of_a_broken_payload(store: &dyn Store) {
    let user = in_state(store, Status::Started);
    let mut row = stored(store, &user);
    row.actual.set_raw("{'notes': 'by hand'}");
    write(store, |r| r.instances().update(&user, &row));
    write(store, |r| lifecycle::complete(r, &user, &key(), &object(r#"{"actual_relief": 50}"#), time(NOW)));
    let actual = actual(&stored(store, &user));
    assert_eq!(actual.get("landfast_replaced_text").and_then(Json::as_str), Some("{'notes': 'by hand'}"));
    assert_eq!(actual.get("actual_relief"), Some(&Json::from(50)));
}

/// The expected aversion can be revised, and the first value is kept; status and due date stay.
pub fn revising_the_aversion_keeps_the_first_value(store: &dyn Store) {
    let user = in_state(store, Status::Completed);
    let mut row = stored(store, &user);
    row.predicted.set_raw(r#"{"expected_aversion": 40}"#);
    row.due_at.set_raw("2026-01-20 18:00");
    write(store, |r| r.instances().update(&user, &row));
    for aversion in [70, 20] {
        write(store, |r| lifecycle::revise_expected_aversion(r, &user, &key(), aversion));
    }
    let after = stored(store, &user);
    assert_eq!(after.predicted.raw(), r#"{"expected_aversion": 20, "initialization_expected_aversion": 40}"#);
    assert_eq!((after.status.raw(), after.due_at.raw()), ("completed", "2026-01-20 18:00"));
    assert!(matches!(
        store.write(|r| lifecycle::revise_expected_aversion(r, &user, &key(), 101)),
        Err(Error::Invalid { .. })
    ));
}

/// An open instance is found again instead of making a second one.
pub fn an_open_instance_is_found_again(store: &dyn Store) {
    let user = in_state(store, Status::Paused);
    let ensure = |key: &str| {
        write(store, |r| lifecycle::ensure_for_task(r, &user, &"t1".into(), key.into(), time(NOW))).key.to_string()
    };
    assert_eq!(ensure("i2"), "i1");
    write(store, |r| lifecycle::complete(r, &user, &"i1".into(), &Object::new(), time(NOW)));
    assert_eq!(ensure("i2"), "i2");
    assert_eq!(
        get::<TaskInstance>(store, &user, &"i2".into()).unwrap().predicted.raw(),
        r#"{"time_estimate_minutes": 30}"#
    );
}

/// Deleting takes one of two twins.
pub fn deleting_takes_one_of_two_twins(store: &dyn Store) {
    let user = in_state(store, Status::Created);
    let mut twin = instance("i1", "t1");
    twin.key = RecordKey::nth("i1", 2);
    insert(store, &user, &twin);
    write(store, |r| lifecycle::delete(r, &user, &twin.key));
    assert_eq!(list::<TaskInstance>(store, &user).len(), 1);
    assert!(matches!(store.write(|r| lifecycle::delete(r, &user, &twin.key)), Err(Error::NotFound { .. })));
}
