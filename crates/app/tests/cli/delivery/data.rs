//! What the data of a query are.

use super::{on_databases, read, with_package};
use serde_json::{Value, json};

#[test]
fn what_a_package_held_can_be_looked_at() {
    for (name, sandbox) in on_databases() {
        with_package(&sandbox);
        let keys = |value: &Value| -> Vec<String> {
            value["issues"]
                .as_array()
                .unwrap()
                .iter()
                .map(|issue| issue["summary"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(keys(&read(&sandbox, &["issues", "list"])), ["Second", "First again"], "{name}");
        assert_eq!(keys(&read(&sandbox, &["issues", "list", "--limit", "1"])), ["Second"], "{name}");
        assert_eq!(
            keys(&read(&sandbox, &["issues", "list", "--status", "Done", "--type", "Bug"])),
            ["First again"],
            "{name}"
        );
        assert_eq!(keys(&read(&sandbox, &["issues", "list", "--key", "A-1"])), ["First again"], "{name}");
        assert_eq!(keys(&read(&sandbox, &["issues", "list", "--key", "A-1", "--status", "Open"])), [""; 0], "{name}");
        assert_eq!(
            keys(&read(&sandbox, &["issues", "list", "--assignee", "Ann", "--query", "q1", "--profile", "p_made_up"])),
            ["Second"],
            "{name}"
        );
        assert!(
            sandbox.expect(0, &["delivery", "issues", "list"]).stdout.contains("2 issues of p_made_up/q1"),
            "{name}"
        );

        let issue = read(&sandbox, &["--at", "2025-12-01 12:00", "issue", "show", "A-1"]);
        assert_eq!(issue["issues"][0]["document"]["fields"]["status"]["name"], "Done", "{name}");
        assert_eq!(
            (issue["items"].as_array().unwrap().len(), &issue["changelog"]["changes"]),
            (3, &2.into()),
            "{name}"
        );
        assert_eq!(
            (&issue["changelog"]["expired"], &issue["items"][2]["to"]),
            (&false.into(), &"Doing".into()),
            "{name}"
        );
        let page = sandbox.expect(0, &["delivery", "issue", "show", "A-1"]).stdout;
        assert!(
            page.contains("First again") && page.contains("3 changed fields") && page.contains("expired"),
            "{name}: {page}"
        );
        let missing = sandbox.expect(1, &["delivery", "issue", "show", "A-9"]);
        assert!(missing.stderr.contains("issue `A-9` does not exist"), "{name}: {missing:?}");

        let fields = |arguments: &[&str]| {
            let mut all = vec!["changelog", "list"];
            all.extend(arguments);
            let value = read(&sandbox, &all);
            value["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["to"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(fields(&[]), ["Fixed", "Done", "Doing"], "{name}");
        assert_eq!(fields(&["--field", "status", "--until", "2025-11-21"]), ["Doing"], "{name}");
        assert_eq!(fields(&["--issue", "A-1", "--from", "2025-11-21", "--limit", "1"]), ["Fixed"], "{name}");
        assert_eq!(sandbox.expect(2, &["delivery", "changelog", "list", "--from", "soon"]).code, 2, "{name}");

        let rows = read(&sandbox, &["statistics", "list"]);
        assert_eq!(
            (&rows["statistics"][0]["completed_points"], &rows["statistics"][0]["created_points"]),
            (&json!(8.0), &Value::Null),
            "{name}"
        );
        assert_eq!(
            read(&sandbox, &["statistics", "list", "--limit", "1"])["statistics"][0]["week"],
            "2025-W49",
            "{name}"
        );
        assert_eq!(
            read(&sandbox, &["statistics", "list", "--to", "2025-11-30"])["statistics"].as_array().unwrap().len(),
            1,
            "{name}"
        );
        let scope = read(&sandbox, &["scope", "show"]);
        assert_eq!(
            (&scope["scope"]["remaining_items"], &scope["scope"]["total_items"]),
            (&json!(5.5), &12.into()),
            "{name}"
        );

        let snapshots = read(&sandbox, &["snapshots", "list", "--weeks", "1"]);
        assert_eq!(
            (snapshots["snapshots"].as_array().unwrap().len(), &snapshots["snapshots"][0]["label"]),
            (1, &"2025-W48".into()),
            "{name}"
        );
        assert_eq!(
            read(&sandbox, &["snapshots", "list", "--kind", "dora"])["snapshots"][0]["metrics"]["dora_mttr"]["median_hours"],
            Value::Null,
            "{name}"
        );
        let values = read(&sandbox, &["metrics", "list", "--metric", "flow_time", "--name", "median_days"]);
        let numbers: Vec<&Value> = values["values"].as_array().unwrap().iter().map(|value| &value["number"]).collect();
        assert_eq!(numbers, [&json!(3.0), &json!(2.5)], "{name}");
        assert_eq!(
            read(&sandbox, &["metrics", "list", "--to", "2025-W47", "--kind", "dora"])["values"][0]["number"],
            Value::Null,
            "{name}"
        );
        assert_eq!(sandbox.expect(2, &["delivery", "metrics", "list", "--kind", "x"]).code, 2, "{name}");
        for verb in [
            &["statistics", "list"][..],
            &["scope", "show"],
            &["snapshots", "list"],
            &["metrics", "list"],
            &["changelog", "list"],
            &["size"],
            &["integrity"],
        ] {
            let mut arguments = vec!["delivery"];
            arguments.extend(verb);
            assert!(sandbox.expect(0, &arguments).stdout.lines().count() > 1, "{name}: {verb:?}");
        }
    }
}

#[test]
fn caches_expire_and_are_cleaned_up() {
    for (name, sandbox) in on_databases() {
        with_package(&sandbox);
        let caches = read(&sandbox, &["--at", "2025-12-02 09:59", "cache", "list"]);
        let cache = &caches["caches"][0];
        assert_eq!(
            (&cache["issues"], &cache["expired"], &cache["expires_at"]),
            (&3.into(), &false.into(), &"2025-12-02T10:00:00Z".into()),
            "{name}"
        );
        assert_eq!(read(&sandbox, &["--at", "2025-12-02 09:59", "cache", "cleanup"])["removed"], 0, "{name}");
        // The response and one entry of the change log.
        let rehearsed = read(&sandbox, &["--at", "2025-12-02 10:00", "cache", "cleanup", "--dry-run"]);
        assert_eq!((&rehearsed["removed"], &rehearsed["dry_run"]), (&2.into(), &true.into()), "{name}");
        assert_eq!(read(&sandbox, &["size"])["rows"]["issues"], 3, "{name}");
        assert_eq!(read(&sandbox, &["--at", "2025-12-02 10:00", "cache", "cleanup"])["removed"], 2, "{name}");
        let size = read(&sandbox, &["size"]);
        assert_eq!(
            (&size["rows"]["issues"], &size["rows"]["changelog_items"], &size["rows"]["weekly_statistics"]),
            (&0.into(), &0.into(), &2.into()),
            "{name}"
        );
        assert!(
            size["size_bytes"].as_u64().unwrap() > 0 && size["planned_bytes"].as_u64().unwrap() > 0,
            "{name}: {size}"
        );
        assert!(sandbox.expect(0, &["delivery", "cache", "list"]).stdout.contains("0 cached responses"), "{name}");
        assert_eq!(read(&sandbox, &["integrity"])["sound"], true, "{name}");
    }
}
