//! The model store keeps the contract, and the list of rules is complete.

#![expect(clippy::unwrap_used, reason = "tests may panic, also in their helpers")]

use landfast_testkit::contract::RULES;
use landfast_testkit::model::ModelStore;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
    for path in entries(&folder) {
        let room = path.file_stem().unwrap().to_str().unwrap();
        let files = if path.is_dir() { entries(&path) } else { vec![path.clone()] };
        for line in files.iter().flat_map(|file| lines(file)) {
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

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn lines(file: &Path) -> Vec<String> {
    std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}
