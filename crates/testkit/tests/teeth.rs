//! The rules notice what they are there for: a store with a fault breaks the rules about it, and the
//! comparison with the model finds it too.

use landfast_testkit::contract::{Outcome, RULES, run_rule};
use landfast_testkit::differential::compare_with_model;
use landfast_testkit::model::{Fault, ModelStore};
use std::panic::catch_unwind;

/// Topics that must have a broken rule.
fn topics(fault: Fault) -> &'static [&'static str] {
    match fault {
        Fault::KeepsFailedWork => &["transactions", "imports", "basics"],
        Fault::LosesConcurrentUpdates => &["concurrency"],
        Fault::ForgetsOwners => &["isolation", "templates", "vocabulary", "jobs"],
        Fault::OverwritesOnInsert => &["basics", "transactions", "concurrency"],
        Fault::IgnoresLimits => &["order"],
        Fault::SortsByKey => &["basics", "order", "instances"],
        Fault::TrimsCells => &["values"],
        Fault::EmptiesMissingWords => &["values", "basics"],
        Fault::CutsSeconds => &["spellings", "completion"],
        Fault::DropsUnknownColumns => &["values", "order", "preferences"],
    }
}

#[test]
fn every_fault_breaks_the_rules_about_it() {
    // The panics are the point; their messages would only hide a real one.
    std::panic::set_hook(Box::new(|_| ()));
    for fault in Fault::ALL {
        let broken: Vec<_> = RULES
            .iter()
            .filter(|rule| run_rule(&ModelStore::with_fault(fault), **rule).outcome != Outcome::Kept)
            .collect();
        for topic in topics(fault) {
            assert!(broken.iter().any(|rule| rule.room == *topic), "{fault:?} breaks no rule about {topic}");
        }
        assert!(broken.len() < RULES.len(), "{fault:?} breaks everything");
    }
    let _ = std::panic::take_hook();
}

#[test]
fn the_model_without_a_fault_keeps_every_rule() {
    for rule in RULES {
        let result = run_rule(&ModelStore::new(), *rule);
        assert_eq!(result.outcome, Outcome::Kept, "{}", rule.name);
    }
}

#[test]
fn the_comparison_finds_faults_too() {
    std::panic::set_hook(Box::new(|_| ()));
    for fault in [
        Fault::KeepsFailedWork,
        Fault::ForgetsOwners,
        Fault::OverwritesOnInsert,
        Fault::SortsByKey,
        Fault::EmptiesMissingWords,
    ] {
        let found = (1..5)
            .any(|seed| catch_unwind(|| compare_with_model(&ModelStore::with_fault(fault), seed, 150, false)).is_err());
        assert!(found, "{fault:?}");
    }
    let _ = std::panic::take_hook();
}
