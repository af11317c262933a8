//! `landfast copy`.

use crate::support::{Sandbox, sums};
use landfast_testkit::databases::PostgresDatabase;

fn old(sandbox: &Sandbox) -> std::collections::BTreeMap<String, String> {
    sandbox.expect(0, &["demo-data", "old"]);
    sums(&sandbox.path("old"))
}

#[test]
fn files_to_sqlite_to_postgres_to_sqlite_to_files_come_back_byte_for_byte() {
    let sandbox = Sandbox::new();
    let before = old(&sandbox);
    let database = PostgresDatabase::empty();
    let mut way = vec!["files:old".to_owned(), "sqlite:one.db".to_owned()];
    way.extend(database.as_ref().map(|database| database.url().to_owned()));
    way.extend(["sqlite:two.db".to_owned(), "files:out".to_owned()]);
    let mut digests = Vec::new();
    for step in way.windows(2) {
        let arguments = ["copy", "--from", &step[0], "--to", &step[1], "--json", "--quiet"];
        let plan = sandbox.run(&[&arguments[..], &["--dry-run"]].concat());
        assert!([0, 3].contains(&plan.code), "{step:?}: {plan:?}");
        let done = sandbox.expect(plan.code, &arguments).json();
        assert_eq!((&done["equal"], &done["differing"]), (&true.into(), &serde_json::json!([])), "{step:?}: {done}");
        digests.push(done["digests"]["guest"].clone());
        let again = sandbox.expect(1, &arguments);
        assert!(again.stderr.contains("not empty") || again.stderr.contains("exists already"), "{step:?}: {again:?}");
    }
    assert!(digests.iter().all(|digest| digest.is_object() && *digest == digests[0]), "{digests:?}");
    let after = sums(&sandbox.path("out"));
    assert!(after.len() > 90, "{after:?}");
    for (path, sum) in &after {
        assert_eq!(before.get(path), Some(sum), "{path}");
    }
    // What is no document is not in a database: results of other files, and what only lies beside.
    let left: Vec<&String> = before.keys().filter(|path| !after.contains_key(*path)).collect();
    assert!(left.iter().all(|path| path.ends_with("metrics_cache.json") || path.starts_with("runs/")), "{left:?}");
    let mut names: Vec<_> =
        std::fs::read_dir(sandbox.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names.retain(|name| !name.to_str().unwrap().ends_with(".lock"));
    assert_eq!(names, ["data", "old", "one.db", "out", "two.db"], "nothing else is left behind");
    let text = sandbox.expect(0, &["copy", "--from", "sqlite:one.db", "--to", "sqlite:three.db"]).stdout;
    assert!(text.contains("same digest") && text.contains("task instance"), "{text}");
}

#[test]
fn what_cannot_be_copied_is_refused_before_anything_is_written() {
    let sandbox = Sandbox::new();
    old(&sandbox);
    for (code, from, to) in [
        (2, "files:old", "files:old"),
        (2, "mysql:x", "files:new"),
        (1, "files:nothing", "sqlite:new.db"),
        (6, "sqlite:nothing.db", "sqlite:new.db"),
        (1, "files:old", "sqlite:missing/new.db"),
    ] {
        let ran = sandbox.expect(code, &["copy", "--from", from, "--to", to]);
        assert!(!ran.stderr.is_empty(), "{ran:?}");
    }
    std::fs::write(sandbox.path("old/tasks/notes.csv"), "note_id,content\nn1,\"open\n").unwrap();
    let ran = sandbox.expect(1, &["copy", "--from", "files:old", "--to", "sqlite:new.db", "--max-quarantined", "0"]);
    assert!(ran.stderr.contains("quarantine"), "{ran:?}");
    assert!(!sandbox.path("new.db").exists() && !sandbox.path("new").exists());
}

#[test]
fn rows_of_other_users_do_not_get_lost_in_a_folder() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["db", "migrate"]);
    sandbox.expect(0, &["tasks", "create", "Sweep"]);
    let url = "sqlite:data/landfast.db";
    let database = landfast_store::Database::open(
        &landfast_store::DatabaseUrl::sqlite(sandbox.path("data/landfast.db")),
        landfast_store::PoolOptions::default(),
    )
    .unwrap();
    let store: &dyn landfast_domain::Store = &database;
    let guest = landfast_domain::accounts::UserId::guest();
    let mut user = store.read(|repositories| repositories.accounts().get(&guest)).unwrap().unwrap();
    user.id = landfast_domain::accounts::UserId::new("ann").unwrap();
    user.name = "Ann".to_owned();
    store.write(|repositories| repositories.accounts().insert(&user)).unwrap();
    sandbox.expect(0, &["tasks", "create", "Mop", "--user", "ann"]);
    let done = sandbox.expect(3, &["copy", "--from", url, "--to", "files:out", "--json"]).json();
    assert_eq!(done["left_out"]["ann"], 1, "{done}");
    let copied = sandbox.json(&["copy", "--from", url, "--to", "sqlite:all.db", "--json"]);
    assert_eq!(copied["users"], 2, "{copied}");
}
