//! Several threads at once.

use super::support::{insert, insert_all, is_files, keys, list, placed, read, task, unique, user, write};
use landfast_domain::accounts::{User, UserId};
use landfast_domain::tasks::Task;
use landfast_domain::{Error, Store};
use std::sync::Barrier;
use std::thread;

const THREADS: usize = 4;

/// Runs the same work in four threads that start together.
pub(super) fn together<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(THREADS);
    let (barrier, work) = (&barrier, &work);
    thread::scope(|scope| {
        let start = |number| {
            scope.spawn(move || {
                barrier.wait();
                work(number)
            })
        };
        let threads: Vec<_> = (0..THREADS).map(start).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    })
}

fn counter(store: &dyn Store, user: &UserId) -> i64 {
    read(store, |r| r.tasks().get(user, &"counter".into())).unwrap().default_estimate_minutes.value().unwrap()
}

fn new_counter(store: &dyn Store, user: &UserId) {
    let mut record = task("counter");
    record.default_estimate_minutes.set_raw("0");
    insert(store, user, &record);
}

fn increment(store: &dyn Store, user: &UserId) -> landfast_domain::Result<()> {
    store.write(|r| {
        let mut record = r.tasks().get(user, &"counter".into())?.unwrap();
        let value = record.default_estimate_minutes.value().unwrap() + 1;
        record.default_estimate_minutes.set(Some(&value));
        r.tasks().update(user, &record)
    })
}

/// Four threads that read a number and write it back increased lose no step.
pub fn concurrent_increments_are_all_kept(store: &dyn Store) {
    let user = user(store);
    new_counter(store, &user);
    together(|_| (0..20).for_each(|_| increment(store, &user).unwrap()));
    assert_eq!(counter(store, &user), 80);
}

/// Four threads that add records of their own keep all of them.
pub fn concurrent_inserts_are_all_kept(store: &dyn Store) {
    let user = user(store);
    together(|thread| (0..15).for_each(|n| insert(store, &user, &task(&format!("t{thread}-{n}")))));
    assert_eq!(list::<Task>(store, &user).len(), 60);
}

/// Records that four threads add stand at different positions, each thread's own in order.
pub fn concurrent_inserts_get_positions_of_their_own(store: &dyn Store) {
    let user = user(store);
    together(|thread| (0..10).for_each(|n| insert(store, &user, &task(&format!("{thread}-{n}")))));
    let page = read(store, |r| r.tasks().page(&user, None, usize::MAX));
    assert!(page.is_sorted_by(|a, b| a.position < b.position));
    for thread in 0..THREADS {
        let own: Vec<&str> =
            page.iter().map(|p| p.record.key.as_str()).filter(|key| key.starts_with(&thread.to_string())).collect();
        assert_eq!(own, (0..10).map(|n| format!("{thread}-{n}")).collect::<Vec<_>>());
    }
}

/// Of four threads that use the same key one wins, and the others learn of it.
pub fn concurrent_inserts_of_one_key_keep_one(store: &dyn Store) {
    let user = user(store);
    for round in 0..5 {
        let id = format!("t{round}");
        let results = together(|_| store.write(|r| r.tasks().insert(&user, &task(&id))));
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        for error in results.into_iter().filter_map(Result::err) {
            assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
        }
    }
    assert_eq!(keys::<Task>(store, &user).len(), 5);
}

/// Of four threads that delete the same record one did it.
pub fn concurrent_deletes_of_one_record_count_once(store: &dyn Store) {
    let user = user(store);
    for round in 0..5 {
        let id = format!("t{round}");
        insert(store, &user, &task(&id));
        let results = together(|_| write(store, |r| r.tasks().delete(&user, &id.as_str().into())));
        assert_eq!(results.into_iter().filter(|deleted| *deleted).count(), 1);
    }
}

/// Look first, then act: four threads that allow themselves one record in all make one.
pub fn a_check_before_a_write_holds_among_threads(store: &dyn Store) {
    let user = user(store);
    together(|thread| {
        write(store, |r| {
            if r.tasks().count(&user)? == 0 {
                r.tasks().insert(&user, &task(&format!("t{thread}")))?;
            }
            Ok(())
        });
    });
    assert_eq!(keys::<Task>(store, &user).len(), 1);
}

/// Two records that are read together and written crosswise keep their rule (write skew).
pub fn a_rule_over_two_records_holds_among_threads(store: &dyn Store) {
    let user = user(store);
    for round in 0..4 {
        let (a, b) = (format!("a{round}"), format!("b{round}"));
        insert_all(store, &user, &[task(&a), task(&b)]);
        together(|thread| {
            let mine = if thread % 2 == 0 { &a } else { &b };
            write(store, |r| {
                // At least one of the two has to stay.
                let both = r.tasks().get(&user, &a.as_str().into())?.is_some()
                    && r.tasks().get(&user, &b.as_str().into())?.is_some();
                if both {
                    r.tasks().delete(&user, &mine.as_str().into())?;
                }
                Ok(())
            });
        });
        let left = keys::<Task>(store, &user).into_iter().filter(|key| *key == a || *key == b).count();
        assert_eq!(left, 1);
    }
}

/// Readers see a transfer between two records either not at all or as a whole.
pub fn readers_see_whole_transactions(store: &dyn Store) {
    let user = user(store);
    let mut records = [task("a"), task("b")];
    records[0].default_estimate_minutes.set_raw("100");
    records[1].default_estimate_minutes.set_raw("0");
    insert_all(store, &user, &records);
    together(|thread| {
        for _ in 0..25 {
            if thread == 0 {
                write(store, |r| {
                    for (key, step) in [("a", -1), ("b", 1)] {
                        let mut record = r.tasks().get(&user, &key.into())?.unwrap();
                        let value = record.default_estimate_minutes.value().unwrap() + step;
                        record.default_estimate_minutes.set(Some(&value));
                        r.tasks().update(&user, &record)?;
                    }
                    Ok(())
                });
            } else {
                let sum: i64 =
                    list::<Task>(store, &user).iter().filter_map(|task| task.default_estimate_minutes.value()).sum();
                assert_eq!(sum, 100);
            }
        }
    });
}

/// What one read transaction reads twice is the same, whatever others write meanwhile.
pub fn a_read_transaction_sees_one_state(store: &dyn Store) {
    let user = user(store);
    insert(store, &user, &task("t0"));
    together(|thread| {
        for n in 0..15 {
            if thread == 0 {
                insert(store, &user, &task(&format!("n{n}")));
            } else {
                let (first, second) = read(store, |r| {
                    let first = r.tasks().count(&user)?;
                    thread::yield_now();
                    Ok((first, r.tasks().list(&user)?.len()))
                });
                assert_eq!(usize::try_from(first).unwrap(), second);
            }
        }
    });
}

/// Threads that fail on purpose take nothing from those that do not.
pub fn failing_threads_do_not_disturb_others(store: &dyn Store) {
    let user = user(store);
    new_counter(store, &user);
    together(|thread| {
        for n in 0..10 {
            if thread % 2 == 0 {
                increment(store, &user).unwrap();
            } else {
                let failed = store.write(|r| {
                    r.tasks().insert(&user, &task(&format!("gone {thread} {n}")))?;
                    Err::<(), _>(Error::aborted("on purpose"))
                });
                assert!(matches!(failed, Err(Error::Aborted(_))), "{failed:?}");
            }
        }
    });
    assert_eq!(counter(store, &user), 20);
    assert_eq!(keys::<Task>(store, &user), ["counter"]);
}

/// Threads of different users do not lose each other's work.
pub fn concurrent_writers_of_different_users_keep_everything(store: &dyn Store) {
    let users: Vec<UserId> = (0..THREADS).map(|_| user(store)).collect();
    users.iter().for_each(|user| new_counter(store, user));
    together(|thread| (0..15).for_each(|_| increment(store, &users[thread]).unwrap()));
    for user in &users {
        assert_eq!(counter(store, user), 15);
    }
}

/// Batches of four threads are each kept as a whole.
pub fn concurrent_batches_are_kept_whole(store: &dyn Store) {
    let user = user(store);
    together(|thread| {
        store
            .write(|r| {
                let start = r.tasks().last_position(&user)?;
                let batch = placed((0..50).map(|n| (start + 1 + n, task(&format!("t{thread}-{n}")))));
                r.tasks().insert_batch(&user, &batch)
            })
            .unwrap();
    });
    assert_eq!(list::<Task>(store, &user).len(), 200);
    if !is_files(store) {
        assert_eq!(read(store, |r| r.tasks().last_position(&user)), 200);
    }
}

/// Of four threads that take the same name one gets it.
pub fn concurrent_accounts_of_one_name_keep_one(store: &dyn Store) {
    let name = unique("contested ");
    let results = together(|_| {
        let account = User {
            id: UserId::new(unique("contract-")).unwrap(),
            name: name.clone(),
            created_at: super::support::moment(),
        };
        store.write(|r| r.accounts().insert(&account))
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.into_iter().filter_map(Result::err).all(|error| matches!(error, Error::Conflict { .. })));
}
