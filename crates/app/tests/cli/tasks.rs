//! The same verbs with the same answers on every store.

use crate::support::Sandbox;
use serde_json::Value;

fn prepared() -> Vec<(&'static str, Sandbox)> {
    let all = Sandbox::on_every_store();
    for (name, sandbox) in &all {
        if *name != "files" {
            sandbox.expect(0, &["db", "migrate"]);
        }
    }
    all
}

fn at<'a>(time: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec!["tasks", "--at", time, "--json"];
    all.extend(arguments);
    all
}

#[test]
fn the_life_cycle_of_an_instance() {
    let mut answers: Vec<(&str, Value)> = Vec::new();
    for (name, sandbox) in prepared() {
        let task = sandbox.json(&at(
            "2026-03-07 09:00",
            &["create", "Sweep", "--task-type", "self-care", "--estimate", "30", "--category", "yard"],
        ));
        assert_eq!(task["task"]["cells"]["task_type"], "Self care", "{name}");
        let key = task["task"]["key"].as_str().unwrap();
        let new = sandbox.json(&at("2026-03-07 09:01", &["instance", "create", key]));
        assert_eq!(new["instance"]["state"], "created", "{name}");
        let id = new["instance"]["key"].as_str().unwrap();
        let states = [
            (
                "initialized",
                sandbox.json(&at(
                    "2026-03-07 09:02",
                    &[
                        "instance",
                        "predict",
                        id,
                        "expected_relief=60",
                        "time_estimate_minutes=30",
                        "--due",
                        "2026-03-08 10:00",
                    ],
                )),
            ),
            ("started", sandbox.json(&at("2026-03-07 09:10", &["instance", "start", id]))),
            (
                "paused",
                sandbox
                    .json(&at("2026-03-07 09:20", &["instance", "pause", id, "--reason", "phone", "--percent", "40"])),
            ),
            ("started", sandbox.json(&at("2026-03-07 09:30", &["instance", "resume", id]))),
            (
                "started",
                sandbox
                    .json(&at("2026-03-07 09:31", &["instance", "postpone", id, "--reason", "rain", "--due", "none"])),
            ),
        ];
        for (state, value) in &states {
            assert_eq!(value["instance"]["state"], *state, "{name}: {value}");
        }
        let active = sandbox.json(&["tasks", "instances", "--active", "--json"]);
        assert_eq!(active["instances"][0]["key"], id, "{name}");
        let payload = r#"{"actual_relief": 70, "note": "<b>done</b>"}"#;
        let done = sandbox.json(&at(
            "2026-03-07 09:45",
            &["instance", "complete", id, "--json-payload", payload, "actual_emotional=20"],
        ));
        let cells = &done["instance"]["cells"];
        assert_eq!(done["instance"]["state"], "completed", "{name}");
        // 10 minutes before the pause and 15 after it.
        assert_eq!(
            (&cells["duration_minutes"], &cells["relief_score"], &cells["net_relief"]),
            (&"25.0".into(), &"70".into(), &"10.0".into()),
            "{name}"
        );
        assert_eq!(
            sandbox.json(&["tasks", "instances", "--recent", "5", "--json"])["instances"][0]["key"],
            id,
            "{name}"
        );

        let refused = sandbox.expect(1, &["tasks", "instance", "start", id]);
        assert!(
            refused.stderr.contains("cannot start: it is completed") && refused.stderr.contains("what to do"),
            "{name}: {refused:?}"
        );
        let second = sandbox.json(&at("2026-03-07 10:00", &["instance", "create", key, "--id", "i7"]));
        assert_eq!(second["instance"]["key"], "i7", "{name}");
        sandbox.expect(0, &at("2026-03-07 10:01", &["instance", "cancel", "i7", "cancellation_reason=other"]));
        assert_eq!(
            sandbox.json(&["tasks", "instances", "--cancelled", "--json"])["instances"][0]["state"],
            "cancelled",
            "{name}"
        );
        let all = sandbox.json(&["tasks", "instances", "--task", key, "--json"]);
        answers.push((name, all));
        sandbox.expect(0, &["tasks", "instance", "delete", "i7"]);
        assert_eq!(sandbox.expect(1, &["tasks", "instance", "show", "i7"]).code, 1, "{name}");
    }
    let (_, first) = &answers[0];
    for (name, answer) in &answers {
        // A file has only the columns somebody needed, the database all of them.
        let filled = |value: &Value| -> Vec<Value> {
            let without_empty = |instance: &Value| {
                let mut instance = instance.clone();
                if let Some(cells) = instance["cells"].as_object_mut() {
                    cells.retain(|_, text| text != "");
                }
                instance
            };
            value["instances"].as_array().unwrap().iter().map(without_empty).collect()
        };
        assert_eq!(filled(answer), filled(first), "{name}");
    }
}

#[test]
fn templates_notes_emotions_preferences_and_jobs() {
    for (name, sandbox) in prepared() {
        sandbox.expect(0, &at("2026-03-07 09:00", &["create", "A & B <i>", "--id", "t1"]));
        let updated = sandbox.json(&["tasks", "update", "t1", "--name", "New", "--initial-aversion", "50", "--json"]);
        assert_eq!(updated["task"]["cells"]["version"], "2", "{name}");
        assert_eq!(sandbox.expect(2, &["tasks", "update", "t1"]).code, 2, "{name}");
        assert_eq!(sandbox.expect(2, &["tasks", "update", "t1", "--initial-aversion", "500"]).code, 2, "{name}");
        assert_eq!(sandbox.json(&["tasks", "show", "New", "--json"])["task"]["key"], "t1", "{name}");
        let missing = sandbox.expect(1, &["tasks", "delete", "t9"]);
        assert!(
            missing.stderr.contains("task `t9` does not exist") && missing.stderr.contains("landfast tasks list"),
            "{name}: {missing:?}"
        );
        assert_eq!(sandbox.expect(1, &at("2026-03-07 09:00", &["create", "Twin", "--id", "t1"])).code, 1, "{name}");

        sandbox.expect(0, &at("2026-03-07 09:05", &["notes", "append", "t1", "first"]));
        assert!(sandbox.expect(0, &["tasks", "notes", "show", "t1"]).stdout.contains("2026-03-07 09:05"), "{name}");
        let note = sandbox.json(&at("2026-03-07 09:05", &["notes", "add", "remember"]));
        assert!(sandbox.expect(0, &["tasks", "notes", "list"]).stdout.contains("remember"), "{name}");
        sandbox.expect(0, &["tasks", "notes", "delete", note["note"]["key"].as_str().unwrap()]);

        for (word, added) in [("Dread", true), ("dread", false), ("100%", true)] {
            assert_eq!(sandbox.json(&["tasks", "emotions", "add", word, "--json"])["added"], added, "{name}");
        }
        assert_eq!(sandbox.expect(0, &["tasks", "emotions", "search", "%"]).stdout, "100%\n", "{name}");
        sandbox.expect(0, &["tasks", "emotions", "remove", "DREAD"]);
        sandbox.expect(0, &["tasks", "emotions", "deduplicate"]);
        assert_eq!(sandbox.expect(0, &["tasks", "emotions", "list"]).stdout, "100%\n", "{name}");

        sandbox.expect(0, &at("2026-03-07 09:05", &["preferences", "set", "default", "timezone", "auto"]));
        assert_eq!(
            sandbox.expect(0, &["tasks", "preferences", "get", "default", "timezone"]).stdout,
            "auto\n",
            "{name}"
        );
        assert_eq!(sandbox.expect(1, &["tasks", "preferences", "get", "default", "absent"]).code, 1, "{name}");
        assert!(sandbox.expect(0, &["tasks", "preferences", "list"]).stdout.contains("1 profile"), "{name}");

        let job = sandbox.json(&at("2026-03-07 09:05", &["jobs", "create", "Upkeep"]));
        let job = job["job"]["key"].as_str().unwrap();
        assert_eq!(sandbox.json(&["tasks", "jobs", "assign", job, "t1", "--json"])["assigned"], true, "{name}");
        assert_eq!(sandbox.json(&["tasks", "jobs", "assign", job, "t1", "--json"])["assigned"], false, "{name}");
        assert!(sandbox.expect(0, &["tasks", "jobs", "tasks", job]).stdout.contains("New"), "{name}");
        sandbox.expect(0, &["tasks", "jobs", "remove", job, "t1"]);
        sandbox.expect(0, &["tasks", "jobs", "update", job, "--name", "Care"]);
        sandbox.expect(0, &["tasks", "jobs", "delete", job]);
        sandbox.expect(0, &["tasks", "delete", "t1"]);
        assert!(sandbox.expect(0, &["tasks", "list"]).stdout.contains("0 templates"), "{name}");
    }
}

#[test]
fn foreign_text_cannot_command_the_terminal() {
    for (name, sandbox) in prepared() {
        sandbox.expect(0, &["tasks", "create", "a\u{1b}[2Jb", "--id", "t1"]);
        for arguments in [&["tasks", "list"][..], &["tasks", "show", "t1"]] {
            let ran = sandbox.expect(0, arguments);
            assert!(!ran.stdout.contains('\u{1b}'), "{name}: {ran:?}");
        }
    }
}
