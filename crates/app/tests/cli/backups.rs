//! `landfast db backup` and `landfast db restore`.

use crate::support::{Sandbox, sums};
use landfast_store::{Database, DatabaseUrl, PoolOptions};
use landfast_testkit::databases::PostgresDatabase;

fn filled(sandbox: &Sandbox) {
    sandbox.expect(0, &["demo-data", "old", "--tidy", "--area", "tasks", "--area", "presentations"]);
    sandbox.expect(0, &["import", "old", "--quiet"]);
}

#[test]
fn a_backup_goes_back_into_either_kind_of_database() {
    for (name, sandbox) in Sandbox::on_every_database() {
        filled(&sandbox);
        let backup = sandbox.json(&["db", "backup", "copy.db", "--json"]);
        assert_eq!(backup["compared_with_database"], true, "{name}: {backup}");
        assert_eq!(sums(&sandbox.path(""))["copy.db"], backup["sha256"], "{name}");
        let digests = backup["digests"]["guest"].clone();
        assert!(digests["task instance"]["rows"].as_u64().unwrap() > 400, "{name}: {digests}");
        let refused = sandbox.expect(1, &["db", "backup", "copy.db"]);
        assert!(refused.stderr.contains("exists already"), "{name}: {refused:?}");

        let other = PostgresDatabase::empty();
        for target in
            [Some("sqlite:new/landfast.db"), other.as_ref().map(|database| database.url())].into_iter().flatten()
        {
            let restore = ["db", "restore", "copy.db", "--json", "--quiet", "--database-url", target];
            let plan = sandbox.json(&[&restore[..], &["--dry-run"]].concat());
            assert_eq!(
                (&plan["compared_with_hashes"], &plan["schema_current"]),
                (&true.into(), &true.into()),
                "{plan}"
            );
            sandbox.expect(0, &restore);
            let verified = sandbox.expect(0, &["verify", "old", "--json", "--database-url", target]).json();
            assert_eq!(verified["digests"], digests, "{name} into {target}");
        }
        if let Some(database) = &other {
            let refused = sandbox.expect(1, &["db", "restore", "copy.db", "--database-url", database.url()]);
            assert!(refused.stderr.contains("not empty"), "{name}: {refused:?}");
        }
    }
}

#[test]
fn a_restore_keeps_what_was_there() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["db", "migrate"]);
    sandbox.expect(0, &["tasks", "create", "First"]);
    sandbox.expect(0, &["db", "backup", "copy.db"]);
    sandbox.expect(0, &["tasks", "create", "Second"]);
    let tasks = |url: &str| {
        sandbox.json(&["tasks", "list", "--json", "--database-url", url])["tasks"].as_array().unwrap().len()
    };
    let done = sandbox.json(&["db", "restore", "copy.db", "--json"]);
    let kept = done["kept"].as_str().unwrap();
    assert!(kept.ends_with("landfast.db.before-restore-1"), "{done}");
    assert_eq!((tasks("sqlite:data/landfast.db"), tasks(&format!("sqlite:{kept}"))), (1, 2));
    sandbox.expect(0, &["db", "check"]);

    // A live file that is no database any more can be replaced as well.
    std::fs::write(
        sandbox.path("data/landfast.db"),
        "spoiled by something else, and longer than a header of SQLite would be, to be sure",
    )
    .unwrap();
    std::fs::write(sandbox.path("data/landfast.db-wal"), "spoiled").unwrap();
    sandbox.expect(0, &["db", "restore", "copy.db"]);
    assert_eq!(tasks("sqlite:data/landfast.db"), 1);
    assert!(sandbox.path("data/landfast.db.before-restore-2").exists());
}

#[test]
fn a_database_in_use_and_a_damaged_backup_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["db", "migrate"]);
    sandbox.expect(0, &["tasks", "create", "First"]);
    sandbox.expect(0, &["db", "backup", "copy.db"]);
    let url = DatabaseUrl::sqlite(sandbox.path("data/landfast.db"));
    let database = Database::open(&url, PoolOptions::default()).unwrap();
    database.ping().unwrap();
    let busy = sandbox.expect(5, &["db", "restore", "copy.db"]);
    assert!(busy.stderr.contains("in use"), "{busy:?}");
    drop(database);

    let mut bytes = std::fs::read(sandbox.path("copy.db")).unwrap();
    let at = bytes.windows(5).position(|window| window == b"First").unwrap();
    bytes[at] = b'f';
    std::fs::write(sandbox.path("copy.db"), &bytes).unwrap();
    let before = std::fs::read(sandbox.path("data/landfast.db")).unwrap();
    let refused = sandbox.expect(4, &["db", "restore", "copy.db"]);
    assert!(refused.stderr.contains("SHA-256"), "{refused:?}");
    std::fs::write(sandbox.path("other.db"), "no database").unwrap();
    assert_eq!(sandbox.expect(1, &["db", "restore", "other.db"]).code, 1);
    assert_eq!(std::fs::read(sandbox.path("data/landfast.db")).unwrap(), before);
    // Without the list of hashes only the structure can be checked; that is said.
    std::fs::remove_file(sandbox.path("copy.db.json")).unwrap();
    assert!(sandbox.expect(0, &["db", "restore", "copy.db"]).stdout.contains("structure only"));
}
