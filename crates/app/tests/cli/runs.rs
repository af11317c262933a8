//! Analysis runs: the same verbs with the same answers on every store.

use crate::support::Sandbox;
use serde_json::{Value, json};

fn prepared() -> Vec<(&'static str, Sandbox)> {
    let all = Sandbox::on_every_store();
    for (name, sandbox) in &all {
        if *name != "files" {
            sandbox.expect(0, &["db", "migrate"]);
        }
    }
    all
}

fn at(sandbox: &Sandbox, time: &str, arguments: &[&str]) -> Value {
    let mut all = vec!["runs", "--json", "--at", time];
    all.extend(arguments);
    sandbox.json(&all)
}

#[test]
fn the_life_of_a_run() {
    let mut answers: Vec<(&str, Value)> = Vec::new();
    for (name, sandbox) in prepared() {
        let made = at(&sandbox, "2026-03-07 09:00", &["create", "--source", "manual_upload"]);
        let generated = made["run"]["id"].as_str().unwrap().to_owned();
        assert!(generated.starts_with("run_2026-03-07T09-00-00Z-"), "{name}: {generated}");
        let created = [
            "create",
            "--source",
            "jetstream",
            "--id",
            "bench-3",
            "--jetstream-id",
            "8842",
            "--metadata",
            r#"{"vehicle": "x"}"#,
        ];
        let made = at(&sandbox, "2026-03-07 09:01", &created);
        assert_eq!(
            (&made["run"]["status"], &made["run"]["jetstream_id"]),
            (&"pending".into(), &"8842".into()),
            "{name}"
        );
        let taken = sandbox.expect(1, &["runs", "create", "--source", "jetstream", "--id", "bench-3"]);
        assert!(taken.stderr.contains("run `bench-3` already exists"), "{name}: {taken:?}");

        let changed = at(
            &sandbox,
            "2026-03-07 09:02",
            &["update", "bench-3", "--status", "processing", "--stage", "VE", "--progress", "40"],
        );
        assert_eq!(
            (&changed["run"]["progress_percent"], &changed["run"]["current_stage"], &changed["run"]["updated_at"]),
            (&40.into(), &"VE".into(), &"2026-03-07T09:02:00.000Z".into()),
            "{name}"
        );
        let failed = at(
            &sandbox,
            "2026-03-07 09:03",
            &["fail", "bench-3", "--stage", "export", "--code", "disk", "--message", "no space"],
        );
        assert_eq!(failed["run"]["error"], json!({"stage": "export", "code": "disk", "message": "no space"}), "{name}");
        std::fs::write(sandbox.path("results.json"), r#"{"peak_hp": 98.5}"#).unwrap();
        let done = at(&sandbox, "2026-03-07 09:04", &["complete", "bench-3", "--results", "@results.json"]);
        assert_eq!(
            (&done["run"]["status"], &done["run"]["error"], &done["run"]["results_summary"]),
            (&"complete".into(), &Value::Null, &json!({"peak_hp": 98.5})),
            "{name}"
        );
        for (arguments, part) in [
            (&["update", "bench-3"][..], "nothing to change"),
            (&["update", "bench-3", "--status", "paused"], "must be pending"),
            (&["update", "bench-3", "--progress", "101"], "within 0 to 100"),
            (
                &["update", "bench-3", "--error-stage", "a", "--error-code", "b", "--error-message", "c"],
                "needs the status error",
            ),
            (&["update", "bench-3", "--file", "../x"], "paths below the results"),
            (&["create", "--source", ""], "must not be empty"),
            (&["create", "--source", "x", "--metadata", "[1]"], "JSON object"),
            (&["list", "--after", "x"], "no place"),
        ] {
            let mut all = vec!["runs"];
            all.extend(arguments);
            let refused = sandbox.expect(2, &all);
            assert!(refused.stderr.contains(part), "{name}: {refused:?}");
        }
        let shown = at(&sandbox, "2026-03-07 09:05", &["show", "bench-3"]);
        assert_eq!(shown["run"]["documents"]["metadata"], r#"{"vehicle": "x"}"#, "{name}");
        assert!(sandbox.expect(0, &["runs", "show", "bench-3"]).stdout.contains("bench-3, complete"), "{name}");
        assert!(at(&sandbox, "2026-03-07 09:05", &["files", "bench-3"])["files"].is_array(), "{name}");
        assert!(sandbox.expect(0, &["runs", "files", "bench-3"]).stdout.contains("of bench-3"), "{name}");
        let missing = sandbox.expect(1, &["runs", "files", "nope"]);
        assert!(
            missing.stderr.contains("run `nope` does not exist") && missing.stderr.contains("runs list"),
            "{name}: {missing:?}"
        );
        let mut list = at(&sandbox, "2026-03-07 09:05", &["list", "--status", "complete", "--source", "jetstream"]);
        list["runs"][0]["directory"].take();
        answers.push((name, list));
        at(&sandbox, "2026-03-07 09:06", &["delete", &generated]);
        assert_eq!(at(&sandbox, "2026-03-07 09:06", &["list"])["total"], 1, "{name}");
        assert_eq!(sandbox.expect(1, &["runs", "delete", &generated]).code, 1, "{name}");
    }
    let (_, first) = &answers[0];
    for (name, answer) in &answers {
        assert_eq!(answer, first, "{name}");
    }
}

#[test]
fn pages_cover_the_list_once() {
    for (name, sandbox) in prepared() {
        let ids: Vec<String> = (0..7).map(|number| format!("r{number}")).collect();
        for (minute, id) in ids.iter().enumerate() {
            // Two of them in each minute.
            let time = format!("2026-03-07 09:{:02}", minute / 2);
            at(&sandbox, &time, &["create", "--source", "x", "--id", id]);
        }
        let all = at(&sandbox, "2026-03-07 10:00", &["list"]);
        let names = |value: &Value| -> Vec<String> {
            value["runs"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&all), ["r6", "r4", "r5", "r2", "r3", "r0", "r1"], "{name}");
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let mut arguments = vec!["list", "--limit", "2"];
            if let Some(after) = &after {
                arguments.extend(["--after", after]);
            }
            let page = at(&sandbox, "2026-03-07 10:00", &arguments);
            assert_eq!(page["total"], 7, "{name}");
            seen.extend(names(&page));
            after = page["next"].as_str().map(str::to_owned);
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, names(&all), "{name}");
        assert_eq!(
            names(&at(&sandbox, "2026-03-07 10:00", &["list", "--limit", "2", "--offset", "4"])),
            ["r3", "r0"],
            "{name}"
        );
        assert!(
            sandbox.expect(0, &["runs", "list", "--limit", "2"]).stdout.contains("2 runs of 7, newest first"),
            "{name}"
        );
    }
}

#[test]
fn old_runs_go() {
    for (name, sandbox) in prepared() {
        for (id, day, ends) in
            [("old", "2026-01-01", true), ("open", "2026-01-01", false), ("young", "2026-03-01", true)]
        {
            let time = format!("{day} 09:00");
            at(&sandbox, &time, &["create", "--source", "x", "--id", id]);
            if ends {
                at(&sandbox, &time, &["complete", id]);
            }
        }
        let clean = |more: &[&str]| {
            let mut arguments = vec!["clean", "--older-than", "30"];
            arguments.extend(more);
            at(&sandbox, "2026-03-07 09:00", &arguments)
        };
        for plan in [clean(&[]), clean(&["--dry-run"])] {
            assert_eq!(
                (&plan["dry_run"], plan["runs"].as_array().unwrap().len(), &plan["runs"][0]["id"]),
                (&true.into(), 1, &"old".into()),
                "{name}: {plan}"
            );
        }
        assert_eq!(clean(&["--execute"])["runs"][0]["id"], "old", "{name}");
        assert_eq!(clean(&["--execute"])["runs"], json!([]), "{name}");
        assert_eq!(at(&sandbox, "2026-03-07 09:00", &["list"])["total"], 2, "{name}");
    }
}

#[test]
fn an_import_takes_the_hashes_it_was_asked_for() {
    let hashed = |which: &str| {
        let sandbox = Sandbox::new();
        sandbox.expect(0, &["demo-data", "old", "--area", "runs"]);
        sandbox.expect(0, &["import", "old", "--hash-files", which, "--read-retries", "0", "--read-pause", "1"]);
        let runs = sandbox.json(&["runs", "--json", "list", "--limit", "5"]);
        let (mut present, mut with_hash) = (0, 0);
        for run in runs["runs"].as_array().unwrap() {
            let files = sandbox.json(&["runs", "--json", "files", run["id"].as_str().unwrap()]);
            for file in files["files"].as_array().unwrap().iter().filter(|file| file["on_disk"] == true) {
                present += 1;
                with_hash += usize::from(file["sha256"].is_string());
            }
        }
        assert!(present > 0);
        (present, with_hash)
    };
    let (all, listed, nothing) = (hashed("all"), hashed("listed"), hashed("nothing"));
    assert_eq!((all.1, nothing.1), (all.0, 0));
    assert!(listed.1 <= all.1 && listed.0 == all.0, "{listed:?} {all:?}");
    let refused = Sandbox::new().expect(2, &["import", "old", "--hash-files", "some"]);
    assert!(refused.stderr.contains("listed, all, nothing"), "{refused:?}");
}
