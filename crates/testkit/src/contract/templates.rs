//! Operations on templates.

use super::support::{get, insert, insert_all, instance, keys, list, read, task, time, user, write};
use landfast_domain::accounts::UserId;
use landfast_domain::record::{Record as _, RecordKey};
use landfast_domain::tasks::keys::unused_key;
use landfast_domain::tasks::{Change, NewTask, Task, TaskChange, TaskInstance, templates};
use landfast_domain::{Error, Store};

fn created(store: &dyn Store, user: &UserId, id: &str, name: &str) -> Task {
    write(store, |r| templates::create(r, user, NewTask::named(name), id.into(), time("2026-01-15 08:30")))
}

/// A new template is stored with version 1 and the legacy defaults.
pub fn a_new_template_is_stored_with_its_defaults(store: &dyn Store) {
    let user = user(store);
    let made = created(store, &user, "t1", "  Write, \"draft\"\n ");
    let kept = get::<Task>(store, &user, &"t1".into()).unwrap();
    assert_eq!(kept, made);
    assert_eq!((kept.name.raw(), kept.version.raw(), kept.type_.raw()), ("Write, \"draft\"", "1", "one-time"));
    assert_eq!((kept.task_type.raw(), kept.categories.raw(), kept.routine_time.raw()), ("Work", "[]", "00:00"));
}

/// Every detail of a new template is stored.
pub fn every_detail_of_a_new_template_is_stored(store: &dyn Store) {
    let user = user(store);
    let new = NewTask {
        description: "line\nline".to_owned(),
        type_: "routine".to_owned(),
        is_recurring: true,
        categories: vec!["été".to_owned(), "a, b".to_owned()],
        default_estimate_minutes: 45,
        task_type: "selfcare".to_owned(),
        default_initial_aversion: Some(0),
        routine_frequency: "weekly".to_owned(),
        routine_days_of_week: vec![0, 6],
        routine_time: "07:45".to_owned(),
        completion_window_hours: Some(12),
        completion_window_days: None,
        ..NewTask::named("Stretch")
    };
    write(store, |r| templates::create(r, &user, new.clone(), "t1".into(), time("2026-01-15 08:30")));
    let kept = get::<Task>(store, &user, &"t1".into()).unwrap();
    let cells = [
        "description",
        "type",
        "is_recurring",
        "categories",
        "default_estimate_minutes",
        "task_type",
        "default_initial_aversion",
    ];
    let texts = cells.map(|name| kept.cell_named(name).unwrap());
    assert_eq!(texts, ["line\nline", "routine", "True", r#"["\u00e9t\u00e9", "a, b"]"#, "45", "Self care", "0"]);
    let cells = [
        "routine_frequency",
        "routine_days_of_week",
        "routine_time",
        "completion_window_hours",
        "completion_window_days",
    ];
    let texts = cells.map(|name| kept.cell_named(name).unwrap());
    assert_eq!(texts, ["weekly", "[0, 6]", "07:45", "12", ""]);
}

/// A refused template leaves nothing behind.
pub fn a_refused_template_is_not_stored(store: &dyn Store) {
    let user = user(store);
    for new in [
        NewTask::named(" \t"),
        NewTask::named("x".repeat(201)),
        NewTask { routine_time: "24:00".to_owned(), ..NewTask::named("A") },
        NewTask { default_initial_aversion: Some(101), ..NewTask::named("A") },
        NewTask { routine_days_of_week: vec![7], ..NewTask::named("A") },
    ] {
        let error = store
            .write(|r| templates::create(r, &user, new.clone(), "t1".into(), time("2026-01-15 08:30")))
            .unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
    }
    assert_eq!(list::<Task>(store, &user), []);
}

/// An update counts the version up, changes what it names and keeps every other byte.
pub fn an_update_counts_the_version_and_keeps_the_rest(store: &dyn Store) {
    let user = user(store);
    let mut row = task("t1");
    row.version.set_raw("2.0");
    row.categories.set_raw("[\"Dread\"]  ");
    row.default_estimate_minutes.set_raw("30.0");
    row.extra.push(("mood".to_owned(), "NA".to_owned()));
    insert(store, &user, &row);
    let change = TaskChange {
        description: Some("new".to_owned()),
        completion_window_days: Change::Set(3),
        ..TaskChange::default()
    };
    write(store, |r| templates::update(r, &user, &row.key, &change));
    row.version.set_raw("3");
    row.description.set_raw("new");
    row.completion_window_days.set_raw("3");
    assert_eq!(list::<Task>(store, &user), [row]);
}

/// A version that cannot be counted up refuses the update, and nothing changes.
pub fn a_refused_update_changes_nothing(store: &dyn Store) {
    let user = user(store);
    let mut row = task("t1");
    row.version.set_raw("v1");
    insert(store, &user, &row);
    let change = TaskChange { name: Some("B".to_owned()), ..TaskChange::default() };
    let error = store.write(|r| templates::update(r, &user, &row.key, &change)).unwrap_err();
    assert!(matches!(error, Error::Invalid { field: "version", .. }), "{error:?}");
    assert_eq!(list::<Task>(store, &user), [row]);
}

/// A value can be cleared as well as set.
pub fn an_update_can_clear_a_value(store: &dyn Store) {
    let user = user(store);
    let mut row = task("t1");
    row.default_initial_aversion.set_raw("50");
    insert(store, &user, &row);
    let change = TaskChange { default_initial_aversion: Change::Clear, ..TaskChange::default() };
    write(store, |r| templates::update(r, &user, &row.key, &change));
    assert_eq!(list::<Task>(store, &user)[0].default_initial_aversion.raw(), "");
}

/// Templates are found by their exact name, the first of several.
pub fn templates_are_found_by_exact_name(store: &dyn Store) {
    let user = user(store);
    for (id, name) in [("t1", "Read"), ("t2", "read"), ("t3", "NA"), ("t4", "Read"), ("t5", "100%")] {
        created(store, &user, id, name);
    }
    let find = |name: &str| read(store, |r| templates::find_by_name(r, &user, name)).map(|task| task.key.to_string());
    assert_eq!(find("Read").as_deref(), Some("t1"));
    assert_eq!(find("read").as_deref(), Some("t2"));
    assert_eq!(find("NA").as_deref(), Some("t3"));
    assert_eq!(find("100%").as_deref(), Some("t5"));
    assert_eq!(find("%"), None);
    assert_eq!(find(""), None);
}

/// A template that exists is not made twice.
pub fn an_existing_template_is_not_made_twice(store: &dyn Store) {
    let user = user(store);
    created(store, &user, "t1", "Read");
    let now = time("2026-01-15 08:30");
    let ensure = |name: &str, key: &str| {
        write(store, |r| templates::ensure_exists(r, &user, name, key.into(), now)).key.to_string()
    };
    assert_eq!(ensure(" Read ", "t2"), "t1");
    assert_eq!(ensure("Write", "t2"), "t2");
    assert_eq!(keys::<Task>(store, &user), ["t1", "t2"]);
}

/// Deleting a template keeps its instances with their copy of its name, and its twin.
pub fn deleting_a_template_keeps_instances_and_twins(store: &dyn Store) {
    let user = user(store);
    let first = task("t1");
    let mut twin = task("t1");
    twin.key = RecordKey::nth("t1", 2);
    twin.name.set_raw("twin");
    insert_all(store, &user, &[first, twin]);
    insert(store, &user, &instance("i1", "t1"));
    write(store, |r| templates::delete(r, &user, &"t1".into()));
    assert_eq!(list::<Task>(store, &user).iter().map(|task| task.name.raw()).collect::<Vec<_>>(), ["twin"]);
    assert_eq!(list::<TaskInstance>(store, &user)[0].task_name.raw(), "Task t1");
}

/// Operations on what is not there are errors.
pub fn unknown_templates_are_not_found(store: &dyn Store) {
    let user = user(store);
    let key = RecordKey::new("t9");
    let update = store.write(|r| templates::update(r, &user, &key, &TaskChange::default()).map(|_| ()));
    let delete = store.write(|r| templates::delete(r, &user, &key));
    for result in [update, delete] {
        assert!(matches!(result, Err(Error::NotFound { .. })), "{result:?}");
    }
}

/// Templates are not reached with another user's id.
pub fn templates_of_others_cannot_be_changed(store: &dyn Store) {
    let (owner, stranger) = (user(store), user(store));
    let row = created(store, &owner, "t1", "Mine");
    let change = TaskChange { name: Some("Stolen".to_owned()), ..TaskChange::default() };
    assert!(store.write(|r| templates::update(r, &stranger, &row.key, &change)).is_err());
    assert!(store.write(|r| templates::delete(r, &stranger, &row.key)).is_err());
    assert_eq!(read(store, |r| templates::find_by_name(r, &stranger, "Mine")), None);
    assert_eq!(read(store, |r| templates::recent(r, &stranger, 5)), []);
    assert_eq!(list::<Task>(store, &owner), [row]);
}

/// Recent templates come by their newest readable completion, else by creation.
pub fn recent_templates_come_by_their_newest_completion(store: &dyn Store) {
    let user = user(store);
    for (id, at) in [("t1", "2026-01-03 10:00"), ("t2", "2026-01-01 10:00"), ("t3", "2026-01-02 10:00")] {
        write(store, |r| templates::create(r, &user, NewTask::named(id), id.into(), time(at)));
    }
    let names = |limit| -> Vec<String> {
        read(store, |r| templates::recent(r, &user, limit)).iter().map(|recent| recent.task.key.to_string()).collect()
    };
    assert_eq!(names(2), ["t1", "t3"]);
    for (id, task, at) in [
        ("i1", "t1", "2026-02-01 10:00"),
        ("i2", "t2", "2026-02-02 10:00"),
        ("i3", "t1", "2026-02-03 10:00"),
        ("i4", "t3", "2026-13-45 99:99"),
    ] {
        let mut row = instance(id, task);
        row.completed_at.set_raw(at);
        insert(store, &user, &row);
    }
    assert_eq!(names(9), ["t1", "t2"]);
}

/// Two records of one second get different keys.
pub fn keys_made_in_one_second_differ(store: &dyn Store) {
    let user = user(store);
    let now = time("2026-01-15 08:30:05");
    for _ in 0..3 {
        write(store, |r| {
            let key = unused_key::<Task>(r, &user, "t", now)?;
            templates::create(r, &user, NewTask::named("Again"), key, now)
        });
    }
    assert_eq!(keys::<Task>(store, &user), ["t1768465805", "t1768465806", "t1768465807"]);
}
