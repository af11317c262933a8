//! The model store keeps the contract, and the list of rules is complete.

use landfast_testkit::contract::RULES;
use landfast_testkit::model::ModelStore;
use std::collections::BTreeSet;
use std::path::Path;

macro_rules! model_tests {
    ($($room:ident: [$($rule:ident),* $(,)?])*) => { $(
        mod $room { $(
            #[test]
            fn $rule() {
                landfast_testkit::contract::$room::$rule(&super::ModelStore::new());
            }
        )* }
    )* };
}
landfast_testkit::for_each_rule!(model_tests);

#[test]
fn every_rule_that_exists_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract");
    let mut written = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let room = path.file_stem().unwrap().to_str().unwrap().to_owned();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let name = line.strip_prefix("pub fn ").and_then(|rest| rest.split_once("(store: &dyn Store)"));
            written.extend(
                name.filter(|(name, _)| *name != "remove_leftovers").map(|(name, _)| format!("{room}::{name}")),
            );
        }
    }
    let listed: BTreeSet<String> = RULES.iter().map(|rule| format!("{}::{}", rule.room, rule.name)).collect();
    assert_eq!(written, listed);
    assert_eq!(listed.len(), RULES.len());
    assert!(listed.len() >= 150, "{}", listed.len());
}
