//! Transactions: nothing is lost, nothing is kept by halves, nothing is repeated in silence.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::support::{self, Scratch, all, blank, guest, on_both};
use landfast_domain::tasks::{Job, Note, PopupTrigger};
use landfast_domain::{Error, Store};
use landfast_store::{Database, PoolOptions};

on_both! {
    concurrent_increments_are_all_kept,
    concurrent_inserts_get_places_of_their_own,
    a_failed_transaction_leaves_nothing_behind,
    a_read_transaction_sees_one_state,
    a_read_transaction_cannot_write,
    a_panic_rolls_back_and_leaves_the_store_usable,
    a_loss_told_by_the_work_is_retried_and_then_reported,
    the_smallest_pool_serves_many_threads,
}

fn concurrent_increments_are_all_kept(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let mut counter: PopupTrigger = blank("counter");
    counter.count.set(Some(&0));
    store.write(|repositories| repositories.popup_triggers().insert(&guest(), &counter)).unwrap();
    let key = counter.key.clone();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let store: &dyn Store = &database;
                    store
                        .write(|repositories| {
                            let triggers = repositories.popup_triggers();
                            let mut counter = triggers.get(&guest(), &key)?.unwrap();
                            counter.count.set(Some(&(counter.count.value().unwrap() + 1)));
                            triggers.update(&guest(), &counter)
                        })
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(all::<PopupTrigger>(&database)[0].record.count.value(), Some(80));
}

fn concurrent_inserts_get_places_of_their_own(scratch: &Scratch) {
    let database = scratch.migrated();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let database = &database;
            scope.spawn(move || {
                let store: &dyn Store = database;
                for number in 0..10 {
                    let note: Note = blank(&format!("{thread}-{number}"));
                    store.write(|repositories| repositories.notes().insert(&guest(), &note)).unwrap();
                }
            });
        }
    });
    let positions: Vec<_> = all::<Note>(&database).iter().map(|note| note.position).collect();
    assert_eq!(positions, (1..=40).collect::<Vec<_>>());
}

fn a_failed_transaction_leaves_nothing_behind(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let error = store
        .write(|repositories| {
            repositories.jobs().insert(&guest(), &blank("j"))?;
            Err::<(), _>(Error::aborted("thought better of it"))
        })
        .unwrap_err();
    assert!(matches!(&error, Error::Aborted(_)), "{error:?}");
    assert_eq!(all::<Job>(&database), []);
}

fn a_read_transaction_sees_one_state(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    store
        .read(|repositories| {
            assert_eq!(repositories.jobs().count(&guest())?, 0);
            // Somebody else writes meanwhile.
            let writer: &dyn Store = &database;
            writer.write(|repositories| repositories.jobs().insert(&guest(), &blank("j")))?;
            assert_eq!(repositories.jobs().count(&guest())?, 0);
            Ok(())
        })
        .unwrap();
    assert_eq!(all::<Job>(&database).len(), 1);
}

fn a_read_transaction_cannot_write(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let error = store.read(|repositories| repositories.jobs().insert(&guest(), &blank("j"))).unwrap_err();
    assert!(error.to_string().contains("read transaction"), "{error}");
}

fn a_panic_rolls_back_and_leaves_the_store_usable(scratch: &Scratch) {
    let options = PoolOptions { size: 1, ..PoolOptions::default() };
    let database = Database::open(&scratch.url, options).unwrap();
    database.migrations().migrate().unwrap();
    let outcome = std::thread::scope(|scope| {
        scope
            .spawn(|| {
                let store: &dyn Store = &database;
                store.write(|repositories| -> landfast_domain::Result<()> {
                    repositories.jobs().insert(&guest(), &blank("j"))?;
                    panic!("on purpose")
                })
            })
            .join()
    });
    assert!(outcome.is_err());
    assert_eq!(all::<Job>(&database), []);
    let store: &dyn Store = &database;
    store.write(|repositories| repositories.jobs().insert(&guest(), &blank("j"))).unwrap();
}

fn a_loss_told_by_the_work_is_retried_and_then_reported(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let runs = AtomicU32::new(0);
    let lost = || Error::SerializationFailure("lost".into());
    store
        .write(|repositories| {
            repositories.jobs().insert(&guest(), &blank("j"))?;
            if runs.fetch_add(1, Ordering::Relaxed) < 3 { Err(lost()) } else { Ok(()) }
        })
        .unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 4);
    assert_eq!(all::<Job>(&database).len(), 1);

    runs.store(0, Ordering::Relaxed);
    let error = store
        .write(|_| {
            runs.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(lost())
        })
        .unwrap_err();
    assert!(matches!(error, Error::SerializationFailure(_)), "{error:?}");
    assert_eq!(runs.load(Ordering::Relaxed), 20);
}

fn the_smallest_pool_serves_many_threads(scratch: &Scratch) {
    let database = Database::open(&scratch.url, PoolOptions { size: 1, ..PoolOptions::default() }).unwrap();
    database.migrations().migrate().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..6 {
            let database = &database;
            scope.spawn(move || {
                let store: &dyn Store = database;
                let job: Job = blank(&format!("j{thread}"));
                store.write(|repositories| repositories.jobs().insert(&guest(), &job)).unwrap();
                store.read(|repositories| repositories.jobs().count(&guest())).unwrap();
            });
        }
    });
    assert_eq!(all::<Job>(&database).len(), 6);
}

#[cfg(feature = "sqlite")]
#[test]
fn a_writer_that_waits_too_long_is_told_who_is_in_the_way() {
    let scratch = support::sqlite();
    let holder = scratch.migrated();
    let options = PoolOptions { lock_timeout: Duration::from_millis(100), ..PoolOptions::default() };
    let other = Database::open(&scratch.url, options).unwrap();
    let holder: &dyn Store = &holder;
    holder
        .write(|repositories| {
            let waiting: &dyn Store = &other;
            let error = waiting.write(|repositories| repositories.jobs().insert(&guest(), &blank("b"))).unwrap_err();
            assert!(matches!(&error, Error::Busy { what, .. } if what.ends_with("test.db.lock")), "{error:?}");
            // Readers do not wait, nor does who opens the database.
            scratch.open().ping().unwrap();
            waiting.read(|repositories| repositories.jobs().count(&guest()))?;
            repositories.jobs().insert(&guest(), &blank("a"))
        })
        .unwrap();
    let other: &dyn Store = &other;
    other.write(|repositories| repositories.jobs().insert(&guest(), &blank("b"))).unwrap();
}

#[cfg(feature = "postgres")]
mod postgres_connections {
    use super::*;

    /// Ends every connection to the database but the one that asks.
    const END_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";

    #[test]
    fn connections_that_broke_while_unused_are_replaced() {
        let Some(scratch) = support::postgres() else { return };
        let database = scratch.migrated();
        let store: &dyn Store = &database;
        // Several connections lie in the pool.
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let store: &dyn Store = &database;
                    let slow = |repositories: &mut dyn landfast_domain::Repositories| {
                        std::thread::sleep(Duration::from_millis(100));
                        repositories.jobs().count(&guest())
                    };
                    store.read(slow).unwrap();
                });
            }
        });
        scratch.execute(END_ALL);
        store.write(|repositories| repositories.jobs().insert(&guest(), &blank("j"))).unwrap();
        scratch.execute(END_ALL);
        database.ping().unwrap();
        scratch.execute(END_ALL);
        assert_eq!(store.read(|repositories| repositories.jobs().count(&guest())).unwrap(), 1);
    }

    #[test]
    fn a_connection_lost_inside_a_transaction_is_an_error_and_not_a_retry() {
        let Some(scratch) = support::postgres() else { return };
        let database = scratch.migrated();
        let store: &dyn Store = &database;
        let runs = AtomicU32::new(0);
        let error = store
            .write(|repositories| {
                runs.fetch_add(1, Ordering::Relaxed);
                repositories.jobs().insert(&guest(), &blank("j"))?;
                scratch.execute(END_ALL);
                repositories.jobs().insert(&guest(), &blank("k"))
            })
            .unwrap_err();
        assert!(matches!(error, Error::Backend(_)), "{error:?}");
        assert_eq!(runs.load(Ordering::Relaxed), 1);
        assert_eq!(all::<Job>(&database), []);
    }

    #[test]
    fn a_connection_lost_during_commit_leaves_the_outcome_open_and_says_so() {
        let Some(scratch) = support::postgres() else { return };
        let database = scratch.migrated();
        let store: &dyn Store = &database;
        let runs = AtomicU32::new(0);
        let error = store
            .write(|repositories| {
                runs.fetch_add(1, Ordering::Relaxed);
                repositories.jobs().insert(&guest(), &blank("j"))?;
                scratch.execute(END_ALL);
                Ok(())
            })
            .unwrap_err();
        assert!(error.to_string().contains("unknown whether"), "{error}");
        assert_eq!(runs.load(Ordering::Relaxed), 1);
        assert_eq!(all::<Job>(&database), []);
    }
}
