//! No repository shows or changes what belongs to another user.

use super::support::{
    Sample, for_every_kind, get, ids, insert, insert_all, instance, is_files, keys, list, placed, read, user, write,
};
use landfast_domain::accounts::UserId;
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_domain::{Error, Store};

/// Two users, of which the first owns a record `k1`.
fn owner_and_stranger<R: Sample>(store: &dyn Store) -> (UserId, UserId, R) {
    let (owner, stranger) = (user(store), user(store));
    let record = R::filled("k1", |name, _| format!("secret {name}"));
    insert(store, &owner, &record);
    (owner, stranger, record)
}

/// A key is unique within a user only: two users can use the same one.
pub fn two_users_can_use_the_same_key(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (owner, other, record) = owner_and_stranger::<R>(store);
        let theirs = R::filled("k1", |name, _| format!("their {name}"));
        insert(store, &other, &theirs);
        assert_eq!(list::<R>(store, &owner), [record], "{}", R::ENTITY);
        assert_eq!(list::<R>(store, &other), [theirs], "{}", R::ENTITY);
    }
    for_every_kind!(check(store));
}

/// Get does not find another user's record.
pub fn get_does_not_reach_other_users(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (_, stranger, record) = owner_and_stranger::<R>(store);
        assert_eq!(get::<R>(store, &stranger, record.key()), None, "{}", R::ENTITY);
    }
    for_every_kind!(check(store));
}

/// List does not show another user's records.
pub fn list_does_not_reach_other_users(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (_, stranger, _) = owner_and_stranger::<R>(store);
        assert_eq!(list::<R>(store, &stranger), [], "{}", R::ENTITY);
    }
    for_every_kind!(check(store));
}

/// Page does not show another user's records, from whichever position.
pub fn page_does_not_reach_other_users(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (_, stranger, _) = owner_and_stranger::<R>(store);
        for after in [None, Some(0), Some(-1), Some(i64::MIN)] {
            assert_eq!(read(store, |r| R::repository(r).page(&stranger, after, 10)), [], "{}", R::ENTITY);
        }
    }
    for_every_kind!(check(store));
}

/// Count and last position are the user's own.
pub fn count_and_last_position_are_the_users_own(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (owner, stranger, _) = owner_and_stranger::<R>(store);
        assert_eq!(read(store, |r| R::repository(r).count(&stranger)), 0, "{}", R::ENTITY);
        assert_eq!(read(store, |r| R::repository(r).last_position(&stranger)), 0, "{}", R::ENTITY);
        insert(store, &stranger, &R::with_id("k2"));
        let last = |user| read(store, |r| R::repository(r).last_position(user));
        assert_eq!(last(&owner), last(&stranger), "{}", R::ENTITY);
    }
    for_every_kind!(check(store));
}

/// Update does not change another user's record.
pub fn update_does_not_reach_other_users(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (owner, stranger, record) = owner_and_stranger::<R>(store);
        let mut changed = R::filled("k1", |_, _| "stolen".to_owned());
        changed.set_key(record.key().clone());
        let error = store.write(|r| R::repository(r).update(&stranger, &changed)).unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
        assert_eq!(list::<R>(store, &owner), [record]);
    }
    for_every_kind!(check(store));
}

/// Delete does not remove another user's record.
pub fn delete_does_not_reach_other_users(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (owner, stranger, record) = owner_and_stranger::<R>(store);
        assert!(!write(store, |r| R::repository(r).delete(&stranger, record.key())));
        assert_eq!(list::<R>(store, &owner), [record]);
    }
    for_every_kind!(check(store));
}

/// Deleting one's own record leaves another user's record with the same key.
pub fn delete_takes_only_ones_own_record(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (owner, other, record) = owner_and_stranger::<R>(store);
        insert(store, &other, &record);
        assert!(write(store, |r| R::repository(r).delete(&other, record.key())));
        assert_eq!(list::<R>(store, &owner), [record]);
    }
    for_every_kind!(check(store));
}

/// Updating one's own record leaves another user's record with the same key.
pub fn update_changes_only_ones_own_record(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (owner, other, record) = owner_and_stranger::<R>(store);
        let mut mine = R::with_id("k1");
        mine.set_key(record.key().clone());
        insert(store, &other, &mine);
        for column in R::free_columns() {
            mine.set_cell(column, "mine".to_owned());
        }
        write(store, |r| R::repository(r).update(&other, &mine));
        assert_eq!(list::<R>(store, &owner), [record]);
        assert_eq!(list::<R>(store, &other), [mine]);
    }
    for_every_kind!(check(store));
}

/// Place does not move another user's record.
pub fn place_does_not_reach_other_users(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (owner, stranger, record) = owner_and_stranger::<R>(store);
        insert(store, &owner, &R::with_id("k2"));
        let before = keys::<R>(store, &owner);
        let error = store.write(|r| R::repository(r).place(&stranger, record.key(), 900, None)).unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
        assert_eq!(keys::<R>(store, &owner), before);
    }
    for_every_kind!(check(store));
}

/// A batch conflicts with the user's own keys only.
pub fn batches_of_two_users_do_not_conflict(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let (owner, other, _) = owner_and_stranger::<R>(store);
        let batch = placed([(1, R::with_id("k1")), (2, R::with_id("k2"))]);
        assert_eq!(write(store, |r| R::repository(r).insert_batch(&other, &batch)), 2);
        assert_eq!(read(store, |r| R::repository(r).count(&owner)), 1);
    }
    for_every_kind!(check(store));
}

/// Positions are counted for each user: a new record stands right after the user's own last one.
pub fn positions_are_counted_for_each_user(store: &dyn Store) {
    if is_files(store) {
        // Line numbers; nothing to tell apart.
        return;
    }
    let (first, second) = (user(store), user(store));
    let batch = placed([(1000, super::support::task("t1"))]);
    write(store, |r| r.tasks().insert_batch(&first, &batch));
    insert(store, &second, &super::support::task("t1"));
    assert_eq!(read(store, |r| r.tasks().last_position(&second)), 1);
}

/// The list of open instances is the user's own.
pub fn active_instances_are_the_users_own(store: &dyn Store) {
    let (owner, stranger) = (user(store), user(store));
    insert(store, &owner, &instance("i1", "t1"));
    insert(store, &stranger, &instance("i2", "t1"));
    assert_eq!(ids(&read(store, |r| r.instances().list_active(&stranger))), ["i2"]);
}

/// The list of recent completions is the user's own, also when its limit is smaller than what others have.
pub fn recent_completions_are_the_users_own(store: &dyn Store) {
    let (owner, stranger) = (user(store), user(store));
    let completed = |id: &str, at: &str| {
        let mut row = instance(id, "t1");
        row.completed_at.set_raw(at);
        row
    };
    insert_all(store, &owner, &[completed("i1", "2026-01-03 10:00"), completed("i2", "2026-01-04 10:00")]);
    insert(store, &stranger, &completed("i3", "2026-01-01 10:00"));
    assert_eq!(ids(&read(store, |r| r.instances().list_recent_completed(&stranger, 1))), ["i3"]);
    assert_eq!(ids(&read(store, |r| r.instances().list_recent_completed(&owner, 9))), ["i2", "i1"]);
}

/// The list of cancelled instances is the user's own.
pub fn cancelled_instances_are_the_users_own(store: &dyn Store) {
    let (owner, stranger) = (user(store), user(store));
    let mut row = instance("i1", "t1");
    row.status.set_raw("cancelled");
    insert(store, &owner, &row);
    assert_eq!(read(store, |r| r.instances().list_cancelled(&stranger)), []);
}

/// The list of a template's instances is the user's own, although ids of templates repeat among users.
pub fn instances_of_a_task_are_the_users_own(store: &dyn Store) {
    let (owner, stranger) = (user(store), user(store));
    insert(store, &owner, &instance("i1", "t1"));
    insert(store, &stranger, &instance("i2", "t1"));
    assert_eq!(ids(&read(store, |r| r.instances().list_by_task(&owner, "t1"))), ["i1"]);
}

/// Ids of users that are prefixes or patterns of each other are different users.
pub fn similar_user_ids_are_different_users(store: &dyn Store) {
    let start = super::support::unique("contract-");
    let users: Vec<UserId> =
        ["", "_", "-", "x", "X"].iter().map(|end| UserId::new(format!("{start}{end}")).unwrap()).collect();
    for (number, id) in users.iter().enumerate() {
        let account = landfast_domain::accounts::User {
            id: id.clone(),
            name: id.to_string(),
            created_at: super::support::moment(),
        };
        write(store, |r| r.accounts().insert(&account));
        insert(store, id, &super::support::task(&format!("t{number}")));
    }
    for (number, id) in users.iter().enumerate() {
        assert_eq!(keys::<Task>(store, id), [format!("t{number}")]);
    }
}

/// Records cannot be given to a user that does not exist.
pub fn records_of_an_unknown_user_are_refused(store: &dyn Store) {
    let nobody = UserId::new(super::support::unique("contract-nobody-")).unwrap();
    let result = store.write(|r| r.tasks().insert(&nobody, &super::support::task("t1")));
    assert!(result.is_err());
    assert_eq!(list::<TaskInstance>(store, &nobody), []);
    assert_eq!(list::<Task>(store, &nobody), []);
}
