//! `landfast db` and `landfast doctor`.

use crate::support::Sandbox;

#[test]
fn a_database_that_is_not_there_yet_is_no_current_schema() {
    let sandbox = Sandbox::new();
    for arguments in
        [&["db", "status"][..], &["db", "check"], &["tasks", "list"], &["tasks", "create", "Sweep"], &["export", "out"]]
    {
        let ran = sandbox.expect(6, arguments);
        assert!(ran.stderr.contains("landfast.db") && ran.stderr.contains("landfast db migrate"), "{ran:?}");
    }
    assert!(!sandbox.path("data").exists(), "looking makes nothing");
    assert!(sandbox.expect(0, &["doctor"]).stdout.contains("does not exist yet"));
}

#[test]
fn an_old_schema_ends_with_6_and_names_the_command() {
    for (name, sandbox) in Sandbox::on_every_database() {
        sandbox.expect(0, &["db", "migrate"]);
        sandbox.expect(0, &["tasks", "list"]);
        let refused = sandbox.expect(2, &["db", "revert"]);
        assert!(refused.stderr.contains("--yes"), "{name}: {refused:?}");
        sandbox.expect(0, &["db", "revert", "1", "--yes"]);
        for arguments in [&["tasks", "list"][..], &["export", "out"], &["tasks", "instances", "--active"]] {
            let ran = sandbox.expect(6, arguments);
            assert!(ran.stderr.contains("`landfast db migrate`"), "{name}: {ran:?}");
        }
        let check = sandbox.expect(6, &["db", "check"]);
        assert!(check.stdout.contains("next: landfast db migrate"), "{name}: {check:?}");
        let status = sandbox.json(&["db", "status", "--json"]);
        assert_eq!((status["current"].as_bool(), status["rows"].is_null()), (Some(false), true), "{name}: {status}");
        assert_eq!(sandbox.expect(6, &["doctor"]).code, 6, "{name}");
        sandbox.expect(0, &["db", "migrate"]);
        sandbox.expect(0, &["db", "check"]);
    }
}

#[test]
fn status_shows_kind_place_version_and_rows() {
    for (name, sandbox) in Sandbox::on_every_database() {
        let applied = sandbox.json(&["db", "migrate", "--json"])["applied"].as_array().unwrap().len();
        assert!(applied > 0, "{name}");
        assert!(sandbox.expect(0, &["db", "migrate"]).stdout.contains("current already"), "{name}");
        sandbox.expect(0, &["tasks", "create", "Sweep"]);
        let status = sandbox.json(&["db", "status", "--json"]);
        assert_eq!(status["kind"], name);
        assert_eq!(status["pending"].as_array().unwrap().len(), 0, "{status}");
        assert_eq!(status["applied"].as_array().unwrap().len(), applied, "{status}");
        assert_eq!((&status["rows"]["tasks"], &status["rows"]["users"]), (&1.into(), &1.into()), "{status}");
        assert!(status["size_bytes"].as_u64().unwrap() > 0, "{status}");
        let text = sandbox.expect(0, &["db", "status"]).stdout;
        for part in ["schema version", "current", "task_instances", status["url"].as_str().unwrap()] {
            assert!(text.contains(part), "{name}, {part}: {text}");
        }
        assert!(sandbox.expect(0, &["db", "size"]).stdout.contains('B'), "{name}");
    }
}

#[test]
fn a_folder_of_files_is_no_database() {
    let sandbox = Sandbox::new().with("DATABASE_URL", "files:.");
    for arguments in [&["db", "status"][..], &["db", "migrate"], &["import", "."], &["export", "out"], &["verify", "."]]
    {
        let ran = sandbox.expect(2, arguments);
        assert!(ran.stderr.contains("needs a database, not files:."), "{ran:?}");
    }
}

#[test]
fn the_doctor_finds_what_is_wrong() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["db", "migrate"]);
    let sound = sandbox.json(&["doctor", "--json"]);
    assert_eq!(sound["ok"], true, "{sound}");
    std::fs::write(
        sandbox.path("broken.db"),
        "this is no database, but long enough to be read as the header of one, and then some more of it",
    )
    .unwrap();
    let ran = sandbox.expect(1, &["doctor", "--database-url", "sqlite:broken.db"]);
    assert!(ran.stdout.contains("bad") && ran.stdout.contains("broken.db"), "{ran:?}");
    std::fs::write(sandbox.path("file"), "").unwrap();
    let ran = sandbox.expect(1, &["doctor", "--data-dir", "file"]);
    assert!(ran.stdout.contains("cannot be written"), "{ran:?}");
}
