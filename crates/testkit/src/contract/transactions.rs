//! All or nothing, and reading one's own writes.

use super::support::{get, insert, instance, keys, list, read, refusal, task, unique, user, write};
use landfast_domain::accounts::{User, UserId};
use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Emotion, Job, Task, TaskInstance};
use landfast_domain::{Error, Store};

fn failure() -> Error {
    Error::aborted("the caller changed its mind")
}

/// A transaction gives back what its closure gave back.
pub fn transactions_return_the_value_of_their_closure(store: &dyn Store) {
    assert_eq!(store.write(|_| Ok(7)).unwrap(), 7);
    assert_eq!(store.read(|_| Ok("seven".to_owned())).unwrap(), "seven");
}

/// The caller's own error comes out as it went in.
pub fn the_callers_error_comes_out_unchanged(store: &dyn Store) {
    for error in [store.write::<()>(|_| Err(failure())).unwrap_err(), store.read::<()>(|_| Err(failure())).unwrap_err()]
    {
        assert!(
            matches!(&error, Error::Aborted(inner) if inner.to_string() == "the caller changed its mind"),
            "{error:?}"
        );
    }
    let refused = Error::Invalid { entity: "task", field: "name", value: String::new(), reason: "must not be empty" };
    let mut refused = Some(refused);
    let error = store.write::<()>(|_| Err(refused.take().unwrap_or_else(failure))).unwrap_err();
    assert!(matches!(error, Error::Invalid { field: "name", .. }), "{error:?}");
}

/// What was inserted before a failure is gone.
pub fn a_failed_transaction_keeps_no_insert(store: &dyn Store) {
    let user = user(store);
    let result = store.write(|r| {
        r.tasks().insert(&user, &task("t1"))?;
        Err::<(), _>(failure())
    });
    assert!(result.is_err());
    assert_eq!(list::<Task>(store, &user), []);
}

/// What was updated before a failure is as before.
pub fn a_failed_transaction_keeps_no_update(store: &dyn Store) {
    let user = user(store);
    let old = task("t1");
    insert(store, &user, &old);
    let mut new = old.clone();
    new.name.set_raw("changed");
    store.write(|r| r.tasks().update(&user, &new).and(Err::<(), _>(failure()))).unwrap_err();
    assert_eq!(get(store, &user, &old.key), Some(old));
}

/// What was deleted before a failure is still there.
pub fn a_failed_transaction_keeps_no_delete(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t1"));
    store.write(|r| r.tasks().delete(&user, &"t1".into()).and(Err::<(), _>(failure()))).unwrap_err();
    assert_eq!(keys::<Task>(store, &user), ["t1"]);
}

/// A batch before a failure is gone.
pub fn a_failed_transaction_keeps_no_batch(store: &dyn Store) {
    let user = user(store);
    let batch = super::support::placed((1..).zip((0..50).map(|n| task(&format!("t{n}")))));
    store.write(|r| r.tasks().insert_batch(&user, &batch).and(Err::<(), _>(failure()))).unwrap_err();
    assert_eq!(list::<Task>(store, &user), []);
}

/// A failure takes back the work on all repositories.
pub fn a_failed_transaction_keeps_nothing_in_any_repository(store: &dyn Store) {
    let user = user(store);
    let result = store.write(|r| {
        r.tasks().insert(&user, &task("t1"))?;
        r.instances().insert(&user, &instance("i1", "t1"))?;
        r.emotions().insert(&user, &Emotion::blank("calm".into()))?;
        r.jobs().insert(&user, &Job::blank("j1".into()))?;
        Err::<(), _>(failure())
    });
    assert!(result.is_err());
    assert_eq!(keys::<Task>(store, &user).len() + keys::<TaskInstance>(store, &user).len(), 0);
    assert_eq!(keys::<Emotion>(store, &user).len() + keys::<Job>(store, &user).len(), 0);
}

/// A user made before a failure does not exist.
pub fn a_failed_transaction_keeps_no_user(store: &dyn Store) {
    let id = UserId::new(unique("contract-gone-")).unwrap();
    let user = User { name: id.to_string(), id: id.clone(), created_at: super::support::moment() };
    store.write(|r| r.accounts().insert(&user).and(Err::<(), _>(failure()))).unwrap_err();
    assert_eq!(read(store, |r| r.accounts().get(&id)), None);
}

/// A user deleted before a failure still has everything.
pub fn a_failed_transaction_keeps_the_user_it_deleted(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t1"));
    store.write(|r| r.accounts().delete(&user).and(Err::<(), _>(failure()))).unwrap_err();
    assert!(read(store, |r| r.accounts().get(&user)).is_some());
    assert_eq!(keys::<Task>(store, &user), ["t1"]);
}

/// A refused insert does not spoil the transaction it happens in.
pub fn a_conflict_leaves_the_transaction_usable(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("kept"));
    write(store, |r| {
        r.tasks().insert(&user, &task("before"))?;
        let error = refusal(r.tasks().insert(&user, &task("kept")))?;
        assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
        assert_eq!(r.tasks().count(&user)?, 2);
        r.tasks().insert(&user, &task("after"))
    });
    assert_eq!(keys::<Task>(store, &user), ["kept", "before", "after"]);
}

/// A refused update does not spoil the transaction it happens in.
pub fn a_missing_record_leaves_the_transaction_usable(store: &dyn Store) {
    let user = user(store);
    write(store, |r| {
        let error = refusal(r.tasks().update(&user, &task("none")))?;
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
        assert!(!r.tasks().delete(&user, &"none".into())?);
        r.tasks().insert(&user, &task("t1"))
    });
    assert_eq!(keys::<Task>(store, &user), ["t1"]);
}

/// An inserted record is seen by get, list, page, count and last position of the same transaction.
pub fn a_transaction_reads_its_own_inserts(store: &dyn Store) {
    let user = user(store);
    write(store, |r| {
        r.tasks().insert(&user, &task("t1"))?;
        assert!(r.tasks().get(&user, &"t1".into())?.is_some());
        assert_eq!(r.tasks().list(&user)?.len(), 1);
        assert_eq!(r.tasks().page(&user, None, 5)?.len(), 1);
        assert_eq!(r.tasks().count(&user)?, 1);
        assert!(r.tasks().last_position(&user)? > 0);
        Ok(())
    });
}

/// An updated record is seen as updated by the same transaction, in lists by content too.
pub fn a_transaction_reads_its_own_updates(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &instance("i1", "t1"));
    write(store, |r| {
        let mut changed = r.instances().get(&user, &"i1".into())?.unwrap();
        changed.status.set_raw("cancelled");
        changed.task_id.set_raw("t2");
        r.instances().update(&user, &changed)?;
        assert_eq!(r.instances().get(&user, &"i1".into())?.as_ref(), Some(&changed));
        assert_eq!(r.instances().list_active(&user)?, []);
        assert_eq!(r.instances().list_cancelled(&user)?, [changed.clone()]);
        assert_eq!(r.instances().list_by_task(&user, "t2")?, [changed]);
        Ok(())
    });
}

/// A deleted record is gone for the same transaction.
pub fn a_transaction_reads_its_own_deletes(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t1"));
    write(store, |r| {
        r.tasks().delete(&user, &"t1".into())?;
        assert_eq!(r.tasks().get(&user, &"t1".into())?, None);
        assert_eq!(r.tasks().list(&user)?, []);
        assert_eq!(r.tasks().count(&user)?, 0);
        Ok(())
    });
}

/// A batch is seen by the transaction that wrote it.
pub fn a_transaction_reads_its_own_batch(store: &dyn Store) {
    let user = user(store);
    let batch = super::support::placed((1..).zip((0..30).map(|n| task(&format!("t{n}")))));
    write(store, |r| {
        r.tasks().insert_batch(&user, &batch)?;
        assert_eq!(r.tasks().count(&user)?, 30);
        assert_eq!(r.tasks().last_position(&user)?, 30);
        r.tasks().insert(&user, &task("last"))
    });
    assert_eq!(keys::<Task>(store, &user).last().map(String::as_str), Some("last"));
}

/// A user is usable in the transaction that makes it.
pub fn a_new_user_can_own_records_at_once(store: &dyn Store) {
    let id = UserId::new(unique("contract-new-")).unwrap();
    let user = User { name: id.to_string(), id: id.clone(), created_at: super::support::moment() };
    write(store, |r| {
        r.accounts().insert(&user)?;
        r.tasks().insert(&id, &task("t1"))
    });
    assert_eq!(keys::<Task>(store, &id), ["t1"]);
    write(store, |r| r.accounts().delete(&id));
}

/// A record can be inserted, changed and deleted within one transaction.
pub fn a_record_can_come_and_go_in_one_transaction(store: &dyn Store) {
    let user = user(store);
    write(store, |r| {
        let mut record = task("t1");
        r.tasks().insert(&user, &record)?;
        record.name.set_raw("renamed");
        r.tasks().update(&user, &record)?;
        assert!(r.tasks().delete(&user, &record.key)?);
        Ok(())
    });
    assert_eq!(list::<Task>(store, &user), []);
}

/// Reads after a commit see it, in any number of transactions.
pub fn a_commit_is_seen_by_the_next_transaction(store: &dyn Store) {
    let user = user(store);
    for n in 1..=10_u64 {
        insert(store, &user, &task(&format!("t{n}")));
        assert_eq!(read(store, |r| r.tasks().count(&user)), n);
    }
}

/// A transaction that fails after a conflict keeps nothing either.
pub fn a_failure_after_a_conflict_keeps_nothing(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t1"));
    store
        .write(|r| {
            r.tasks().insert(&user, &task("t2"))?;
            refusal(r.tasks().insert(&user, &task("t1")))?;
            r.tasks().insert(&user, &task("t3"))?;
            Err::<(), _>(failure())
        })
        .unwrap_err();
    assert_eq!(keys::<Task>(store, &user), ["t1"]);
}

/// A conflict that the closure passes on takes back what was done before it.
pub fn a_conflict_passed_on_takes_back_the_rest(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t1"));
    let error = store
        .write(|r| r.tasks().insert(&user, &task("t2")).and_then(|()| r.tasks().insert(&user, &task("t1"))))
        .unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
    assert_eq!(keys::<Task>(store, &user), ["t1"]);
}
