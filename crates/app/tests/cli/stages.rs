//! Moving an area from its files to the database and back, as a person does it.

use crate::support::{Ran, Sandbox, copy_legacy};
use serde_json::Value;
use std::fs;

const UNREACHABLE: &str = "postgres://me@127.0.0.1:9/db";

fn with_legacy_folder() -> Sandbox {
    let sandbox = Sandbox::new().with("LANDFAST_LEGACY_DIR", "legacy").with("LANDFAST_CONNECT_SECONDS", "2");
    copy_legacy("nov2025", &sandbox.path("legacy"));
    sandbox
}

fn templates(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.path("legacy/tasks.csv")).unwrap()
}

fn stage(sandbox: &Sandbox) -> Value {
    sandbox.json(&["cutover", "status", "--json"])["areas"][0]["stage"].clone()
}

#[test]
fn an_area_moves_to_the_database_and_back() {
    let sandbox = with_legacy_folder();
    let begun = sandbox.run(&["cutover", "advance", "tasks", "--quiet"]);
    assert!(matches!(begun.code, 0 | 3), "{begun:?}");
    assert!(begun.stdout.contains("files to dual-files"), "{begun:?}");
    assert_eq!(stage(&sandbox), "dual-files");

    sandbox.expect(0, &["tasks", "create", "Written twice"]);
    assert!(templates(&sandbox).contains("Written twice"));
    sandbox.expect(0, &["cutover", "compare", "tasks"]);

    // The old program changes its file without a word to anybody; the next command has taken it over.
    fs::write(sandbox.path("legacy/tasks.csv"), templates(&sandbox).replace("Written twice", "Written by the old one"))
        .unwrap();
    let compared = sandbox.expect(4, &["cutover", "compare", "tasks", "--json"]).json();
    let found = &compared["areas"][0]["mismatches"][0];
    assert_eq!((&found["field"], &found["database"]), (&"name".into(), &"Written twice".into()));
    assert_eq!(found["files"], "Written by the old one");
    let refused = sandbox.expect(4, &["cutover", "advance", "tasks"]);
    assert!(refused.stderr.contains("differ in 1 fields") && refused.stderr.contains("repair"), "{refused:?}");
    sandbox.expect(0, &["tasks", "list"]);
    sandbox.expect(0, &["cutover", "compare", "tasks"]);

    sandbox.expect(0, &["cutover", "advance", "tasks", "--to", "database"]);
    assert_eq!(stage(&sandbox), "database");
    sandbox.expect(0, &["tasks", "create", "In the database alone"]);
    assert!(!templates(&sandbox).contains("In the database alone"));
    let shown = sandbox.json(&["cutover", "back", "tasks", "--to", "files", "--json"]);
    assert_eq!(shown["steps"].as_array().unwrap().len(), 3);
    assert!(templates(&sandbox).contains("In the database alone"));
    assert!(templates(&sandbox).contains("Written by the old one"));
    assert_eq!(stage(&sandbox), "files");
    sandbox.expect(1, &["cutover", "back", "tasks"]);
    assert!(sandbox.expect(0, &["cutover", "status"]).stdout.contains("database to dual-database"));
}

#[test]
fn a_database_that_was_only_imported_is_at_the_last_stage_and_works_as_before() {
    let sandbox = with_legacy_folder();
    assert!(matches!(sandbox.run(&["import", "legacy", "--quiet"]).code, 0 | 3));
    assert_eq!(stage(&sandbox), "database");
    let before = templates(&sandbox);
    sandbox.expect(0, &["tasks", "create", "In the database"]);
    assert_eq!(templates(&sandbox), before);
}

#[test]
fn a_fallback_is_merged_and_its_mark_removed() {
    let sandbox = with_legacy_folder();
    assert!(matches!(sandbox.run(&["import", "legacy", "--quiet"]).code, 0 | 3));
    let fallback = ["tasks", "create", "Made in the meantime"];
    let output = sandbox.command(&fallback).env("DATABASE_URL", UNREACHABLE).output().unwrap();
    assert_eq!(Ran::new(&fallback, output).code, 0);
    let mark = sandbox.path("legacy/.landfast/diverged.json");
    assert!(mark.is_file());

    let told = sandbox.expect(0, &["tasks", "list"]);
    assert!(told.stderr.contains("They differ in 1 items") && told.stderr.contains("reconcile"), "{told:?}");
    let asked = sandbox.expect(2, &["cutover", "reconcile"]);
    assert!(asked.stderr.contains("--prefer"), "{asked:?}");
    let listed = sandbox.expect(4, &["cutover", "reconcile", "--prefer", "newest", "--dry-run", "--json"]).json();
    assert_eq!(listed["differences"][0]["takes"], "files");
    assert!(mark.is_file());
    let merged = sandbox.json(&["cutover", "reconcile", "--prefer", "newest", "--json"]);
    assert_eq!((&merged["from_files"], &merged["mark_removed"]), (&1.into(), &true.into()));
    assert!(!mark.exists());
    assert!(sandbox.expect(0, &["tasks", "list"]).stdout.contains("Made in the meantime"));
}

#[test]
fn without_a_folder_the_command_says_how_to_name_one() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["db", "migrate"]);
    let ran = sandbox.expect(2, &["cutover", "status"]);
    assert!(ran.stderr.contains("--folder"), "{ran:?}");
    sandbox.expect(2, &["cutover", "advance", "everything"]);
}
