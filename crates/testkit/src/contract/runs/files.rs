//! Lists of the files of runs.

use super::support::{Own, change, seen, tried, with};
use landfast_domain::runs::manager::RunChange;
use landfast_domain::runs::{HashOutcome, RunFile, TimeText};
use landfast_domain::{Error, Store};

fn file(name: &str) -> RunFile {
    RunFile {
        size_bytes: Some(1 << 40),
        storage_path: Some(format!("runs/x/output/{name}")),
        sha256: Some("ab".repeat(32)),
        created_at: Some(TimeText::new("0900-01-01T10:00:00.123456Z")),
        in_state: true,
        in_manifest: true,
        on_disk: true,
        hash: HashOutcome::EqualAfterNewlines,
        ..RunFile::named(name)
    }
}

/// Files come back with everything they were given, by the bytes of their names.
pub fn files_of_a_run_are_listed_by_name(store: &dyn Store) {
    let own = Own::new();
    let id = own.create(store, "a", "10:00").id;
    let outcomes = HashOutcome::ALL.map(|hash| RunFile { hash, ..RunFile::named(hash.as_str()) });
    let mut files: Vec<RunFile> = ["plots/Ä.PNG", "b.csv", "B.csv", "./b.csv", "plots/a.png", "no ending"]
        .map(file)
        .into_iter()
        .chain(outcomes)
        .collect();
    with(store, |r| r.replace_files(&id, &files));
    files.sort_by(|a, b| a.filename.cmp(&b.filename));
    assert_eq!(seen(store, |r| r.files(&id)), files);
}

/// A new list of files takes the place of the old one.
pub fn files_are_replaced_as_a_whole(store: &dyn Store) {
    let own = Own::new();
    let [id, other] = ["a", "b"].map(|name| own.create(store, name, "10:00").id);
    with(store, |r| r.replace_files(&other, &[file("a.csv")]));
    for files in [vec![file("a.csv"), file("b.csv")], vec![RunFile::named("b.csv"), file("c.csv")], vec![]] {
        with(store, |r| r.replace_files(&id, &files));
        assert_eq!(seen(store, |r| r.files(&id)), files);
    }
    assert_eq!(seen(store, |r| r.files(&other)), [file("a.csv")]);
}

/// A name that occurs twice conflicts and leaves the list.
pub fn a_file_name_that_occurs_twice_conflicts(store: &dyn Store) {
    let own = Own::new();
    let id = own.create(store, "a", "10:00").id;
    with(store, |r| r.replace_files(&id, &[file("a.csv")]));
    let twice = [file("b.csv"), file("c.csv"), RunFile::named("b.csv")];
    let refused = tried(store, |r| r.replace_files(&id, &twice));
    assert!(matches!(&refused, Err(Error::Conflict { key, .. }) if key == "b.csv"), "{refused:?}");
    assert_eq!(seen(store, |r| r.files(&id)), [file("a.csv")]);
}

/// A run that does not exist has no files and gets none, and the transaction goes on.
pub fn unknown_runs_have_no_files(store: &dyn Store) {
    let own = Own::new();
    let id = own.id("missing");
    assert_eq!(seen(store, |r| r.files(&id)), []);
    let (error, count) = with(store, |r| {
        let error = crate::contract::support::refusal(r.replace_files(&id, &[file("a.csv")]))?;
        Ok((error, r.count(&own.filter())?))
    });
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    assert_eq!(count, 0);
}

/// A change of the run leaves its files.
pub fn an_update_of_a_run_keeps_its_files(store: &dyn Store) {
    let own = Own::new();
    let id = own.create(store, "a", "10:00").id;
    with(store, |r| r.replace_files(&id, &[file("a.csv")]));
    change(store, &id, &RunChange { progress_percent: Some(50), ..RunChange::default() }, "11:00");
    assert_eq!(seen(store, |r| r.files(&id)), [file("a.csv")]);
}

/// A run takes the list of its files with it; a later run of the same id begins without.
pub fn a_deleted_run_takes_its_files_along(store: &dyn Store) {
    let own = Own::new();
    let id = own.create(store, "a", "10:00").id;
    with(store, |r| r.replace_files(&id, &[file("a.csv")]));
    assert!(with(store, |r| r.delete(&id)));
    assert_eq!(seen(store, |r| r.files(&id)), []);
    own.create(store, "a", "11:00");
    assert_eq!(seen(store, |r| r.files(&id)), []);
    let error = tried(store, |r| {
        r.replace_files(&id, &[file("a.csv")])?;
        Err::<(), _>(Error::aborted("on purpose"))
    });
    assert!(error.is_err());
    assert_eq!(seen(store, |r| r.files(&id)), []);
}
