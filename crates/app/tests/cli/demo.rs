//! `landfast demo`.

use crate::support::Sandbox;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

#[test]
fn the_demo_runs_through_and_keeps_its_folder() {
    for (name, sandbox) in Sandbox::on_every_database() {
        let ran = sandbox.expect(0, &["demo", "--exit", "--dir", "here", "--scale", "1"]);
        for part in ["Plan", "Import", "Verif", "0 differences", "0 records left out", "Next", "landfast", "here"] {
            assert!(ran.stdout.contains(part), "{name}, {part}: {ran:?}");
        }
        // What the database holds of each area.
        for (area, facts) in [
            ("tasks", ["500 instances", "40 templates"]),
            ("delivery", ["2 profiles", "3 queries"]),
            ("presentations", ["60 jobs", "2 queued"]),
            ("runs", ["28 runs", "1 pending"]),
        ] {
            let line = ran
                .stdout
                .lines()
                .filter(|line| line.trim_start().starts_with(area))
                .find(|line| line.contains(facts[0]));
            assert!(line.is_some_and(|line| line.contains(facts[1])), "{name}, {area}: {ran:?}");
        }
        assert!(ran.stdout.lines().count() <= 60, "{name}: more than a screen\n{}", ran.stdout);
        assert!(sandbox.path("here/legacy/tasks/tasks.csv").exists(), "{name}");
        assert_eq!(sandbox.path("here/data/landfast.db").exists(), name == "sqlite");
        assert!(!sandbox.path("data").exists(), "{name}: nothing outside of the folder");
        // The same folder again changes nothing.
        let again = sandbox.expect(0, &["demo", "--exit", "--dir", "here", "--scale", "1"]);
        assert!(again.stdout.contains("0 differences"), "{name}: {again:?}");
    }
}

#[test]
fn the_demo_does_not_mix_its_data_with_yours() {
    for (name, sandbox) in Sandbox::on_every_database() {
        sandbox.expect(0, &["db", "migrate"]);
        sandbox.expect(0, &["tasks", "create", "Mine"]);
        let url = sandbox.variable("DATABASE_URL").map_or_else(|| "sqlite:data/landfast.db".to_owned(), str::to_owned);
        let ran = sandbox.expect(1, &["demo", "--exit", "--dir", "here", "--database-url", &url]);
        assert!(ran.stderr.contains("holds data") && ran.stderr.contains("what to do"), "{name}: {ran:?}");
        assert!(sandbox.expect(0, &["tasks", "list"]).stdout.contains("1 template"), "{name}");
    }
}

#[test]
fn without_exit_it_serves_and_without_a_folder_it_makes_one() {
    let sandbox = Sandbox::new();
    let mut child = sandbox
        .command(&["demo", "--scale", "1", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    let folder = loop {
        let mut line = String::new();
        assert!(reader.read_line(&mut line).unwrap() > 0, "it ended before it served: {text}");
        text.push_str(&line);
        if line.starts_with("Landfast is at http://127.0.0.1:") {
            break text.split_whitespace().find_map(|word| word.strip_suffix("/legacy")).unwrap().to_owned();
        }
    };
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0), "{text}");
    assert!(std::path::Path::new(&folder).join("legacy/tasks/tasks.csv").exists(), "{folder} is kept");
    std::fs::remove_dir_all(&folder).unwrap();
}
