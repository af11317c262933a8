//! When the legacy folder stands in for the database, and when not.

use crate::support::{Sandbox, copy_legacy, fixtures};

const UNREACHABLE: &str = "postgres://me:hunter2@127.0.0.1:9/db";

fn with_legacy_folder() -> Sandbox {
    let sandbox = Sandbox::new().with("LANDFAST_LEGACY_DIR", "legacy").with("LANDFAST_CONNECT_SECONDS", "2");
    copy_legacy("nov2025", &sandbox.path("legacy"));
    sandbox
}

#[test]
fn without_a_legacy_folder_an_unreachable_database_is_an_error() {
    let sandbox = Sandbox::new().with("DATABASE_URL", UNREACHABLE).with("LANDFAST_CONNECT_SECONDS", "2");
    for arguments in [&["tasks", "list"][..], &["serve", "--port", "0"]] {
        let ran = sandbox.expect(1, arguments);
        assert!(ran.stderr.contains("cannot connect to postgres://me:***@127.0.0.1:9/db"), "{ran:?}");
    }
}

#[test]
fn the_legacy_folder_stands_in_loudly_and_is_marked() {
    let sandbox = with_legacy_folder().with("DATABASE_URL", UNREACHABLE);
    let ran = sandbox.expect(0, &["tasks", "list", "--json"]);
    assert!(!ran.json()["tasks"].as_array().unwrap().is_empty());
    assert!(
        ran.stderr.contains("attention:") && ran.stderr.contains("cannot be reached") && ran.stderr.contains("legacy"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");

    // The next start with a database reports the mark, until it is removed.
    let back = with_database(sandbox);
    let ran = back.expect(0, &["tasks", "list"]);
    assert!(ran.stderr.contains("attention:") && ran.stderr.contains("in the meantime"), "{ran:?}");
    assert!(back.expect(0, &["tasks", "list", "--quiet"]).stderr.contains("in the meantime"));
}

fn with_database(sandbox: Sandbox) -> Sandbox {
    let sandbox = sandbox.with("DATABASE_URL", "sqlite:new.db");
    assert!(sandbox.expect(0, &["db", "migrate"]).stderr.contains("in the meantime"));
    sandbox
}

#[test]
fn strict_mode_and_other_commands_never_fall_back() {
    let sandbox = with_legacy_folder().with("DATABASE_URL", UNREACHABLE);
    for arguments in [&["db", "status"][..], &["export", "out"], &["verify", "legacy"], &["import", "legacy"]] {
        let ran = sandbox.expect(1, arguments);
        assert!(ran.stderr.contains("cannot connect"), "{ran:?}");
    }
    let strict = sandbox.with("DISABLE_CSV_FALLBACK", "1");
    for arguments in [&["tasks", "list"][..], &["serve", "--port", "0"]] {
        let ran = strict.expect(1, arguments);
        assert!(ran.stderr.contains("strict mode") && ran.stderr.contains("legacy"), "{ran:?}");
    }
    let marks = std::fs::read_dir(strict.path("legacy")).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        !fixtures().join("nov2025").join(name).exists()
    });
    assert_eq!(marks.count(), 0, "nothing was used, so nothing is marked");
}

#[test]
fn a_wrong_schema_is_no_reason_to_fall_back() {
    let sandbox = with_legacy_folder();
    let ran = sandbox.expect(6, &["tasks", "list"]);
    assert!(ran.stderr.contains("no database at"), "{ran:?}");
}

#[test]
fn a_mistyped_folder_is_an_error_and_not_an_empty_store() {
    let ran = Sandbox::new().with("DATABASE_URL", "files:typo").expect(1, &["tasks", "list"]);
    assert!(ran.stderr.contains("typo is no folder"), "{ran:?}");
}
