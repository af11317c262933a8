//! What a crash leaves at each point of a commit, and what the next one to come makes of it.

use crate::support::{Fixture, all_files, dynamic, guest, list};
use landfast_domain::Error;
use landfast_domain::tasks::{Job, Task};
use landfast_legacy::files::FileStore;
use std::fs;
use std::path::Path;

/// Names and bytes of files.
type Files = [(&'static str, &'static [u8])];

const OLD: [(&str, &[u8]); 2] = [("tasks.csv", b"task_id,name\nt1,old\n"), ("jobs.csv", b"job_id,name\nj1,old\n")];
const NEW: [(&str, &[u8]); 2] = [("tasks.csv", b"task_id,name\nt1,new\n"), ("jobs.csv", b"job_id,name\nj1,new\n")];

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn journal() -> String {
    let steps: Vec<_> = NEW
        .iter()
        .map(|(path, bytes)| format!(r#"{{"do": "replace", "path": "{path}", "sha256": "{}"}}"#, sha256(bytes)))
        .collect();
    format!(r#"{{"version": 1, "steps": [{}]}}"#, steps.join(", "))
}

/// A folder of the old files in which a commit of the new ones stopped.
fn crashed(temporaries: &Files, renamed: &Files, journal_name: Option<&str>, journal: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in OLD.iter().chain(renamed) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    for (name, bytes) in temporaries {
        fs::write(folder.path().join(format!(".{name}.landfast-new")), bytes).unwrap();
    }
    if let Some(name) = journal_name {
        fs::create_dir_all(folder.path().join(".landfast")).unwrap();
        fs::write(folder.path().join(".landfast").join(name), journal).unwrap();
    }
    folder
}

fn assert_holds(folder: &Path, files: &Files) {
    let expected = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    assert_eq!(all_files(folder), expected);
    let own: Vec<_> = fs::read_dir(folder.join(".landfast"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(own.iter().all(|name| name == "lock" || name == "turn"), "{own:?}");
}

#[test]
fn before_the_journal_stands_the_commit_did_not_happen() {
    let cut: [(&'static str, &'static [u8]); 1] = [("tasks.csv", b"task_id,na")];
    for (temporaries, journal_name) in
        [(&cut[..], None), (&NEW[..1], None), (&NEW[..], None), (&NEW[..], Some(".journal.json.landfast-new"))]
    {
        let folder = crashed(temporaries, &[], journal_name, "{\"version\": 1, \"st");
        let store = FileStore::open(folder.path()).unwrap();
        assert_eq!(list::<Task>(&store)[0].name.raw(), "old");
        assert_holds(folder.path(), &OLD);
    }
}

#[test]
fn once_the_journal_stands_the_commit_is_finished() {
    for renamed in 0..=NEW.len() {
        let folder = crashed(&NEW[renamed..], &NEW[..renamed], Some("journal.json"), &journal());
        let store = FileStore::open(folder.path()).unwrap();
        assert_eq!(list::<Job>(&store)[0].name.raw(), "new");
        assert_holds(folder.path(), &NEW);
    }
}

#[test]
fn a_store_that_is_open_finishes_what_another_process_left() {
    for write in [false, true] {
        let fixture = Fixture::new(&OLD);
        assert_eq!(fixture.list::<Task>()[0].name.raw(), "old");
        for (name, bytes) in NEW {
            fs::write(fixture.path(&format!(".{name}.landfast-new")), bytes).unwrap();
        }
        fs::write(fixture.path(".landfast/journal.json"), journal()).unwrap();
        if write {
            fixture.write(|r| r.tasks().list(&guest())).unwrap();
        } else {
            assert_eq!(fixture.list::<Task>()[0].name.raw(), "new");
        }
        assert_holds(fixture.folder.path(), &NEW);
    }
}

#[test]
fn removals_in_a_journal_are_done_once_or_again() {
    let folder = crashed(
        &[],
        &[],
        Some("journal.json"),
        r#"{"version": 1, "steps": [{"do": "remove", "path": "jobs.csv"}, {"do": "remove", "path": "gone.csv"}, {"do": "remove_folder", "path": "users/ann"}]}"#,
    );
    fs::create_dir_all(folder.path().join("users/ann")).unwrap();
    fs::write(folder.path().join("users/ann/tasks.csv"), "x").unwrap();
    FileStore::open(folder.path()).unwrap();
    assert_holds(folder.path(), &OLD[..1]);
}

#[test]
fn a_journal_that_cannot_be_followed_stops_the_store_and_changes_nothing() {
    let other: [(&'static str, &'static [u8]); 2] = [NEW[0], ("jobs.csv", b"cut off")];
    let cases: [(&Files, String); 3] = [
        (&other, journal()),
        (&NEW, "{\"version\": 1, \"steps\":\n [".to_owned()),
        (&NEW, journal().replace("\"version\": 1", "\"version\": 2")),
    ];
    for (temporaries, journal) in cases {
        let folder = crashed(temporaries, &[], Some("journal.json"), &journal);
        let before = all_files(folder.path());
        let error = FileStore::open(folder.path()).unwrap_err();
        assert!(matches!(error, Error::Backend(_)), "{error:?}");
        assert_eq!(all_files(folder.path()), before);
    }
}

#[test]
fn a_commit_of_several_files_leaves_nothing_of_its_own() {
    let fixture = Fixture::new(&OLD);
    fixture
        .write(|r| {
            let mut task = r.tasks().get(&guest(), &"t1".into())?.unwrap();
            task.name.set_raw("new");
            r.tasks().update(&guest(), &task)?;
            let mut job = r.jobs().get(&guest(), &"j1".into())?.unwrap();
            job.name.set_raw("new");
            r.jobs().update(&guest(), &job)
        })
        .unwrap();
    assert_holds(fixture.folder.path(), &NEW);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_takes_the_others_with_it() {
    // A folder in the place of the temporary file of the second one.
    let fixture = Fixture::new(&OLD);
    fs::create_dir(fixture.path(".tasks.csv.landfast-new")).unwrap();
    let result = fixture.write(|r| {
        for id in ["x", "y"] {
            r.tasks().insert(&guest(), &crate::support::task(id))?;
        }
        r.jobs().delete(&guest(), &"j1".into())
    });
    assert!(matches!(result, Err(Error::Backend(_))), "{result:?}");
    assert_eq!(fixture.bytes("jobs.csv"), OLD[1].1);
    assert!(!fixture.path(".jobs.csv.landfast-new").exists());
    let count = dynamic(&fixture.store).read(|r| r.jobs().count(&guest())).unwrap();
    assert_eq!((count, fixture.list::<Task>().len()), (1, 1));
}
