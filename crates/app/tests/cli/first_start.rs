//! The first start of the server with legacy data of any area in the data directory.

use crate::support::{Sandbox, sums};
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

/// Starts the server, waits until it serves, ends it, and gives what it said meanwhile.
fn start(sandbox: &Sandbox) -> String {
    let mut command = sandbox.command(&["serve", "--port", "0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ended = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(ended.success() && !line.is_empty());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
    said
}

#[test]
fn data_of_all_areas_is_imported_once_and_without_a_question() {
    for (name, sandbox) in Sandbox::on_every_database() {
        sandbox.expect(0, &["demo-data", "data"]);
        let before = sums(&sandbox.path("data"));
        let expected = Sandbox::new();
        expected.expect(0, &["demo-data", "old"]);
        let expected = expected.expect(0, &["import", "old", "--json"]).json();

        let said = start(&sandbox);
        assert!(said.contains("Legacy data was imported"), "{name}: {said}");
        let verified = sandbox.expect(0, &["verify", "data", "--json"]).json();
        assert_eq!(verified["digests"], expected["digests"], "{name}");
        assert_eq!(verified["totals"]["loaded"], expected["totals"]["loaded"], "{name}");
        let mut after = sums(&sandbox.path("data"));
        after.retain(|path, _| before.contains_key(path));
        assert_eq!(after, before, "{name}: the files were not touched");
        let again = start(&sandbox);
        assert!(!again.contains("importing"), "{name}: {again}");
    }
}

#[test]
fn a_failure_leaves_nothing_and_the_next_start_tries_again() {
    for (name, sandbox) in Sandbox::on_every_database() {
        sandbox.expect(0, &["demo-data", "data", "--area", "runs", "--area", "tasks", "--tidy"]);
        // A file where the folder of the backups must be.
        std::fs::write(sandbox.path("data/backups"), "in the way").unwrap();
        let said = start(&sandbox);
        assert!(said.contains("could not be imported") && said.contains("backups"), "{name}: {said}");
        let nothing = sandbox.expect(1, &["verify"]);
        assert!(nothing.stderr.contains("no legacy data"), "{name}: {nothing:?}");
        assert_eq!(sandbox.json(&["runs", "list", "--json"])["runs"].as_array().unwrap().len(), 0, "{name}");
        std::fs::remove_file(sandbox.path("data/backups")).unwrap();
        assert!(start(&sandbox).contains("Legacy data was imported"), "{name}");
        sandbox.expect(0, &["verify", "data"]);
    }
}

#[test]
fn records_in_quarantine_are_named_and_everything_else_is_there() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["demo-data", "data", "--area", "presentations", "--area", "tasks", "--tidy"]);
    std::fs::write(sandbox.path("data/tasks/notes.csv"), "note_id,content\nn1,Fine\nn2,\"open\n").unwrap();
    let said = start(&sandbox);
    assert!(said.contains("1 in quarantine") && said.contains("quarantine list"), "{said}");
    assert_eq!(sandbox.json(&["quarantine", "list", "--json"])["entries"][0]["path"], "notes.csv");
    assert!(!start(&sandbox).contains("importing"), "what can be loaded is loaded");
}
