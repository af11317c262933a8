//! Packages, and recorded data that they carry from files into databases.

use super::{filled, on_databases, read, with_package};
use crate::support::Sandbox;
use serde_json::{Value, json};

#[test]
fn packages_carry_a_profile_and_no_secret_unless_asked() {
    for (name, sandbox) in on_databases() {
        with_package(&sandbox);
        let export = |arguments: &[&str]| {
            let mut all = vec!["package", "export", "p_made_up"];
            all.extend(arguments);
            read(&sandbox, &all)
        };
        let told = export(&["--full", "-o", "full.json"]);
        assert_eq!((&told["holds_secrets"], &told["mode"]), (&false.into(), &"FULL_DATA".into()), "{name}");
        let text = std::fs::read_to_string(sandbox.path("full.json")).unwrap();
        assert!(!text.contains("s3cret") && text.contains("First again"), "{name}: {text}");
        assert!(
            sandbox
                .expect(1, &["delivery", "package", "export", "p_made_up", "-o", "full.json"])
                .stderr
                .contains("--overwrite"),
            "{name}"
        );
        export(&["--overwrite", "-o", "full.json"]);
        assert!(!std::fs::read_to_string(sandbox.path("full.json")).unwrap().contains("First again"), "{name}");
        assert_eq!(export(&["--full", "--with-tokens", "-o", "secret.json"])["holds_secrets"], true, "{name}");
        assert!(std::fs::read_to_string(sandbox.path("secret.json")).unwrap().contains("s3cret"), "{name}");
        let named = export(&["--query", "q1", "--full"]);
        assert!(sandbox.path(named["file"].as_str().unwrap()).exists(), "{name}: {named}");
        let piped = sandbox.expect(0, &["delivery", "package", "export", "p_made_up", "--full", "-o", "-"]);
        assert_eq!(piped.json()["query_data"]["q1"]["jira_cache"]["issues"].as_array().unwrap().len(), 3, "{name}");

        let refused = sandbox.expect(1, &["delivery", "package", "import", "full.json"]);
        assert!(refused.stderr.contains("--merge"), "{name}: {refused:?}");
        let dry = read(&sandbox, &["package", "import", "full.json", "--overwrite", "--dry-run"]);
        assert_eq!((&dry["outcome"], &dry["dry_run"]), (&"overwritten".into(), &true.into()), "{name}");
        assert_eq!(keys_of(&sandbox), ["s3cret"], "{name}: a rehearsal changed something");
        assert_eq!(read(&sandbox, &["package", "import", "full.json", "--merge"])["outcome"], "merged", "{name}");
        assert_eq!(keys_of(&sandbox), ["s3cret"], "{name}: merging keeps the local token");
        assert_eq!(
            read(&sandbox, &["issues", "list", "--profile", "p_made_up"])["issues"].as_array().unwrap().len(),
            2,
            "{name}"
        );
        let copy =
            read(&sandbox, &["--at", "2026-03-07 09:00", "package", "import", "secret.json", "--rename", "Copy"]);
        assert_eq!((&copy["profile"], &copy["name"]), (&"p_made_up_20260307_090000".into(), &"Copy".into()), "{name}");
        assert_eq!(
            read(&sandbox, &["package", "import", "full.json", "--overwrite"])["outcome"],
            "overwritten",
            "{name}"
        );
        assert_eq!(keys_of(&sandbox), [""; 0], "{name}: the package had no token");
        assert_eq!(read(&sandbox, &["integrity"])["problems"], json!([]), "{name}");
        std::fs::write(sandbox.path("bad.json"), "[]").unwrap();
        assert_eq!(sandbox.expect(2, &["delivery", "package", "import", "bad.json"]).code, 2, "{name}");
    }
}

/// The token of the made-up profile, if it has one.
fn keys_of(sandbox: &Sandbox) -> Vec<String> {
    let shown = read(sandbox, &["profiles", "show", "p_made_up", "--with-tokens"]);
    shown["profile"]["settings"]["jira_config"]["token"].as_str().map(str::to_owned).into_iter().collect()
}

#[test]
fn recorded_profiles_answer_alike_in_files_and_databases() {
    for (name, sandbox) in on_databases() {
        let ids = filled(&sandbox);
        for id in &ids {
            let queries = read(&sandbox, &["queries", "list", "--profile", id]);
            for query in queries["queries"].as_array().unwrap() {
                let query = query["id"].as_str().unwrap();
                for verb in [
                    &["issues", "list"][..],
                    &["changelog", "list"],
                    &["statistics", "list"],
                    &["scope", "show"],
                    &["metrics", "list", "--weeks", "500"],
                    &["snapshots", "list", "--weeks", "500"],
                ] {
                    let mut arguments = vec!["delivery", "--json"];
                    arguments.extend(verb);
                    arguments.extend(["--profile", id, "--query", query]);
                    let here = sandbox.json(&arguments);
                    let mut there = vec!["--database-url", "files:old"];
                    there.extend(&arguments);
                    assert_eq!(here, sandbox.json(&there), "{name}: {arguments:?}");
                }
            }
        }
        for store in [&[][..], &["--database-url", "files:old"]] {
            let mut arguments = store.to_vec();
            arguments.extend(["delivery", "integrity", "--json"]);
            let report = sandbox.json(&arguments);
            assert_eq!(report["problems"], json!([]), "{name}: {store:?}");
            assert!(report["checked"]["issues"].as_u64().unwrap() > 100, "{name}: {report}");
        }
        let files = ["--database-url", "files:old", "delivery"];
        let on_files = |more: &[&str]| {
            let mut arguments = files.to_vec();
            arguments.extend(more);
            arguments.push("--json");
            sandbox.json(&arguments)
        };
        assert!(on_files(&["tasks-progress", "show"])["task"]["task_name"].is_string(), "{name}");
        let recovered = on_files(&["tasks-progress", "recover"]);
        assert_eq!(on_files(&["tasks-progress", "recover"])["recovered"], false, "{name}: {recovered}");
        assert_eq!(on_files(&["tasks-progress", "show"])["task"]["cancel_requested"], false, "{name}");
        assert_eq!(read(&sandbox, &["tasks-progress", "show"])["task"], Value::Null, "{name}");
        assert!(read(&sandbox, &["schema", "version"])["schema_version"].is_string(), "{name}");
    }
}

#[test]
fn a_task_that_was_interrupted_has_failed() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("old")).unwrap();
    let running = r#"{"task_id": "update_data", "task_name": "Update", "status": "in_progress", "start_time": "2026-03-07T09:00:00", "phase": "fetch", "fetch_progress": {"percent": 40, "message": "Fetching"}}"#;
    std::fs::write(sandbox.path("old/task_progress.json"), running).unwrap();
    let at = |more: &[&str]| {
        let mut arguments =
            vec!["--database-url", "files:old", "delivery", "--at", "2026-03-07 09:10", "--json", "tasks-progress"];
        arguments.extend(more);
        sandbox.json(&arguments)
    };
    let before = at(&["show"]);
    assert_eq!((&before["task"]["status"], &before["task"]["percent"]), (&"running".into(), &json!(40.0)));
    let recovered = at(&["recover"]);
    assert_eq!((&recovered["recovered"], &recovered["task"]["status"]), (&true.into(), &"failed".into()));
    let after = std::fs::read_to_string(sandbox.path("old/task_progress.json")).unwrap();
    assert!(
        after.contains("Task was interrupted") && after.contains("\"fetch_progress\": {\"percent\": 40"),
        "{after}"
    );
    assert_eq!(at(&["show"])["task"]["message"], "Task was interrupted");
}
