//! Settings, wrong command lines, and what messages must not say.

use crate::support::Sandbox;

#[test]
fn config_shows_where_each_value_came_from() {
    let sandbox = Sandbox::new().with("PORT", "9000").with("DATABASE_URL", "postgres://me:hunter2@host/db");
    std::fs::write(sandbox.path("landfast.toml"), "pool_size = 3\nport = 1\n").unwrap();
    let settings = sandbox.json(&["config", "--json", "--data-dir", "elsewhere"])["settings"].clone();
    let value_and_origin = |key: &str| {
        (settings[key]["value"].as_str().unwrap().to_owned(), settings[key]["from"].as_str().unwrap().to_owned())
    };
    assert_eq!(value_and_origin("port"), ("9000".to_owned(), "environment PORT".to_owned()));
    assert_eq!(value_and_origin("pool_size"), ("3".to_owned(), "file landfast.toml".to_owned()));
    assert_eq!(value_and_origin("data_dir"), ("elsewhere".to_owned(), "command line".to_owned()));
    assert_eq!(value_and_origin("host"), ("127.0.0.1".to_owned(), "default".to_owned()));
    assert_eq!(value_and_origin("database_url").0, "postgres://me:***@host/db");
}

#[test]
fn an_unknown_scheme_is_a_usage_error_that_names_the_source() {
    let sandbox = Sandbox::new().with("DATABASE_URL", "mysql://me:hunter2@host/db");
    for arguments in
        [&["db", "status"][..], &["tasks", "list"], &["serve", "--port", "0"], &["doctor"], &["import", "."]]
    {
        let ran = sandbox.expect(2, arguments);
        assert!(ran.stderr.contains("`mysql`") && ran.stderr.contains("environment DATABASE_URL"), "{ran:?}");
        assert!(ran.stderr.contains("what to do: "), "{ran:?}");
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    }
    assert!(std::fs::read_dir(sandbox.path("")).unwrap().next().is_none(), "a refused URL makes no file");
}

#[test]
fn no_message_holds_a_password() {
    // Port 9 (discard) is closed on test machines, so connecting fails at once.
    for url in [
        "postgres://me:hunter2@127.0.0.1:9/db",
        "postgresql://me:hunter2@127.0.0.1:9/db?sslmode=disable",
        "postgres://127.0.0.1:9/db?user=me&password=hunter2",
        "postgres://me:hunter2@127.0.0.1:9/db?no_such_option=1",
        "postgres://me:hunter2@127.0.0.1:not-a-port/db",
        "postgres:me:hunter2@host",
        "hunter2",
    ] {
        let sandbox = Sandbox::new().with("DATABASE_URL", url).with("LANDFAST_CONNECT_SECONDS", "2");
        for arguments in [
            &["db", "status"][..],
            &["tasks", "list", "-vv"],
            &["doctor", "--json"],
            &["config"],
            &["export", "out"],
            &["verify", "."],
        ] {
            let ran = sandbox.run(arguments);
            assert!(!ran.stdout.contains("hunter2") && !ran.stderr.contains("hunter2"), "{url}: {ran:?}");
            assert!(ran.code != 0 || arguments == ["config"], "{url}: {ran:?}");
        }
    }
}

#[test]
fn wrong_arguments_end_with_2_and_say_how() {
    let sandbox = Sandbox::new();
    for (arguments, part) in [
        (&["frobnicate"][..], "unrecognized subcommand"),
        (&["import"], "PATH"),
        (&["import", "x", "--dry-run", "--execute"], "cannot be used with"),
        (&["tasks", "--at", "tomorrow", "list"], "YYYY-MM-DD HH:MM"),
        (&["tasks", "list", "--user", "no blanks"], "letters, digits"),
        (&["demo-data", "x", "--age", "1999"], "nov2025"),
        (&["demo-data", "x", "--area", "music"], "presentations"),
        (&["config", "--config", "absent.toml"], "absent.toml"),
        (&["tasks", "instances", "--active", "--cancelled"], "cannot be used with"),
    ] {
        let ran = sandbox.expect(2, arguments);
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    std::fs::write(sandbox.path("landfast.toml"), "prot = 1").unwrap();
    assert!(sandbox.expect(2, &["config"]).stderr.contains("unknown key `prot`"));
}

#[test]
fn help_completions_and_manual_are_there() {
    let sandbox = Sandbox::new();
    let help = sandbox.expect(0, &["--help"]).stdout;
    for part in ["import", "Exit codes:", "130 interrupted", "Examples:"] {
        assert!(help.contains(part), "{part}: {help}");
    }
    assert!(sandbox.expect(0, &["help", "tasks", "instance", "pause"]).stdout.contains("--percent"));
    assert!(sandbox.expect(0, &["completions", "bash"]).stdout.contains("_landfast"));
    assert!(sandbox.expect(0, &["man"]).stdout.contains(".TH landfast 1"));
    sandbox.expect(0, &["man", "pages"]);
    let pages = std::fs::read_dir(sandbox.path("pages")).unwrap().count();
    assert!(pages > 20, "{pages} pages");
    assert!(sandbox.path("pages/landfast-tasks-instance-complete.1").exists());
}

#[test]
fn demo_data_is_the_same_for_the_same_seed() {
    let sandbox = Sandbox::new();
    let first = sandbox.json(&["demo-data", "a", "--json"]);
    sandbox.expect(0, &["demo-data", "b"]);
    sandbox.expect(0, &["demo-data", "c", "--seed", "2"]);
    let sums = |folder: &str| crate::support::sums(&sandbox.path(folder));
    let files = first["files"].as_array().unwrap();
    assert_eq!(files.len(), sums("a").len(), "{first}");
    assert!(sums("a") == sums("b") && sums("a") != sums("c"));
    for area in ["tasks", "delivery", "presentations", "runs"] {
        let path = |file: &serde_json::Value| file["path"].as_str().unwrap().starts_with(&format!("{area}/"));
        assert!(files.iter().any(|file| file["area"] == area && path(file)), "{area}: {first}");
    }
}

#[test]
fn demo_data_of_some_areas_are_those_of_all() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["demo-data", "all"]);
    sandbox.expect(0, &["demo-data", "some", "--area", "runs", "--area", "tasks"]);
    let mut all = crate::support::sums(&sandbox.path("all"));
    all.retain(|path, _| path.starts_with("runs/") || path.starts_with("tasks/"));
    assert_eq!(crate::support::sums(&sandbox.path("some")), all);
}
