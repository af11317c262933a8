//! Random sequences of transactions end in the same state and give the same answers on every store.

use landfast_testkit::databases;
use landfast_testkit::differential::{compare_presentations, compare_runs, compare_with_model};
use landfast_testkit::model::ModelStore;

const SEEDS: std::ops::Range<u64> = 1..7;

#[test]
fn the_model_agrees_with_itself() {
    compare_with_model(&ModelStore::new(), 1, 300, false);
}

#[test]
fn sqlite_agrees_with_the_model() {
    for seed in SEEDS {
        compare_with_model(databases::sqlite().store(), seed, 80, false);
    }
}

#[test]
fn postgres_agrees_with_the_model() {
    if let Some(database) = databases::postgres() {
        for seed in SEEDS {
            compare_with_model(database.store(), seed, 50, false);
        }
    }
}

#[test]
fn files_agree_with_the_model() {
    for seed in SEEDS {
        compare_with_model(databases::files().store(), seed, 80, true);
    }
}

#[test]
fn memory_agrees_with_the_model() {
    for seed in SEEDS {
        compare_with_model(databases::memory().store(), seed, 80, true);
    }
}

#[test]
fn rendering_jobs_on_sqlite_agree_with_those_in_memory() {
    for seed in 1..13 {
        compare_presentations(databases::sqlite().store(), seed, 50);
    }
}

#[test]
fn rendering_jobs_on_postgres_agree_with_those_in_memory() {
    for seed in SEEDS {
        if let Some(database) = databases::postgres() {
            compare_presentations(database.store(), seed, 40);
        }
    }
}

#[test]
fn runs_on_sqlite_agree_with_those_in_memory() {
    for seed in 1..13 {
        compare_runs(databases::sqlite().store(), seed, 50);
    }
}

#[test]
fn runs_on_postgres_agree_with_those_in_memory() {
    for seed in SEEDS {
        if let Some(database) = databases::postgres() {
            compare_runs(database.store(), seed, 40);
        }
    }
}
