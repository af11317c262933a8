//! Commits over several areas: all of it or nothing.

use super::{SMALL, dump, key, time};
use crate::support::{Fixture, all_files, dynamic, guest};
use landfast_domain::delivery::profiles;
use landfast_domain::presentations::JobStatus;
use landfast_domain::runs::manager::{self, RunChange};
use landfast_domain::runs::{RunId, RunStatus};
use landfast_domain::store::Repositories;
use landfast_domain::{Error, Result};
use landfast_legacy::files::FileStore;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Files = BTreeMap<String, Vec<u8>>;

/// Changes a record in every area and one of the tasks, and removes a run.
fn change_everything(r: &mut dyn Repositories) -> Result<()> {
    let mut task = r.tasks().get(&guest(), &"t1".into())?.unwrap();
    task.name.set_raw("new");
    r.tasks().update(&guest(), &task)?;
    profiles::rename(r.delivery()?, &key("p", "q").profile, "New")?;
    r.delivery()?.set_app_state("schema_version", "1.0")?;
    let mut job = r.presentations()?.get(&"j1".into())?.unwrap();
    job.status = JobStatus::Failed;
    r.presentations()?.update(&job)?;
    let change = RunChange { status: Some(RunStatus::Complete), ..Default::default() };
    manager::update(r.runs()?, &RunId::existing("r1"), &change, time("2026-01-01 00:00"))?;
    manager::delete(r.runs()?, &RunId::existing("u1"))
}

/// Files of the store before and after the change, the own ones of the areas included.
fn before_and_after() -> (Files, Files) {
    let fixture = Fixture::new(&SMALL);
    let before = with_own(fixture.folder.path());
    fixture.write(change_everything).unwrap();
    (before, with_own(fixture.folder.path()))
}

fn with_own(folder: &Path) -> Files {
    let mut files = all_files(folder);
    if let Ok(bytes) = fs::read(folder.join(".landfast/delivery.json")) {
        files.insert(".landfast/delivery.json".to_owned(), bytes);
    }
    files
}

fn put(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn temporary(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/.{name}.landfast-new"),
        None => format!(".{path}.landfast-new"),
    }
}

#[test]
fn a_commit_touches_every_area_at_once() {
    let (before, after) = before_and_after();
    let paths: Vec<&str> =
        after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            ".landfast/delivery.json",
            "presentation_jobs.snapshot.json",
            "profiles/p/profile.json",
            "profiles/profiles.json",
            "runs/r1/run_state.json",
            "tasks.csv",
        ]
    );
    let gone: Vec<&str> = before.keys().filter(|path| !after.contains_key(*path)).map(String::as_str).collect();
    assert_eq!(gone, ["outputs/u1/m1.manifest.json", "outputs/u1/manifest.json"]);
    let snapshot = String::from_utf8(after["presentation_jobs.snapshot.json"].clone()).unwrap();
    let old = String::from_utf8(SMALL[7].1.to_vec()).unwrap();
    assert_eq!(snapshot, old.replace("\"queued\"", "\"failed\""));
}

#[test]
fn a_crash_at_any_step_leaves_all_or_nothing() {
    use sha2::Digest;
    let (before, after) = before_and_after();
    let changed: Vec<(&String, &Vec<u8>)> =
        after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).collect();
    let gone: Vec<&String> = before.keys().filter(|path| !after.contains_key(*path)).collect();
    let replace = |(path, bytes): &(&String, &Vec<u8>)| {
        let hash: String = sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        format!(r#"{{"do": "replace", "path": "{path}", "sha256": "{hash}"}}"#)
    };
    let remove = |path: &&String| format!(r#"{{"do": "remove", "path": "{path}"}}"#);
    let steps: Vec<String> = changed.iter().map(replace).chain(gone.iter().map(remove)).collect();
    let journal = format!(r#"{{"version": 1, "steps": [{}]}}"#, steps.join(", "));
    for done in 0..=steps.len() {
        for has_journal in [false, true] {
            if done > 0 && !has_journal {
                continue;
            }
            let folder = tempfile::tempdir().unwrap();
            before.iter().for_each(|(path, bytes)| put(folder.path(), path, bytes));
            for (number, (path, bytes)) in changed.iter().enumerate() {
                let place = if number < done { (*path).clone() } else { temporary(path) };
                put(folder.path(), &place, bytes);
            }
            for path in gone.iter().take(done.saturating_sub(changed.len())) {
                fs::remove_file(folder.path().join(path)).unwrap();
            }
            if has_journal {
                put(folder.path(), ".landfast/journal.json", journal.as_bytes());
            }
            let store = FileStore::open(folder.path()).unwrap();
            let expected = if has_journal { &after } else { &before };
            assert_eq!(&with_own(folder.path()), expected, "{done} steps, journal: {has_journal}");
            dynamic(&store).read(dump::everything).unwrap();
        }
    }
}

#[test]
fn a_document_that_cannot_be_written_takes_all_areas_with_it() {
    for blocked in ["runs/r1/.run_state.json.landfast-new", "profiles/p/.profile.json.landfast-new"] {
        let fixture = Fixture::new(&SMALL);
        let said = dynamic(&fixture.store).read(dump::everything).unwrap();
        fs::create_dir(fixture.path(blocked)).unwrap();
        let before = with_own(fixture.folder.path());
        let error = fixture.write(change_everything).unwrap_err();
        assert!(matches!(error, Error::Backend(_)), "{error:?}");
        assert_eq!(with_own(fixture.folder.path()), before);
        assert_eq!(dynamic(&fixture.store).read(dump::everything).unwrap(), said);
    }
}

#[test]
fn a_transaction_that_fails_changes_no_area() {
    let fixture = Fixture::new(&SMALL);
    let before = with_own(fixture.folder.path());
    let said = dynamic(&fixture.store).read(dump::everything).unwrap();
    let result = fixture.write(|r| {
        change_everything(r)?;
        Err::<(), _>(Error::aborted("changed its mind"))
    });
    assert!(result.is_err());
    assert_eq!(with_own(fixture.folder.path()), before);
    assert_eq!(dynamic(&fixture.store).read(dump::everything).unwrap(), said);
}

#[test]
fn the_same_changes_in_memory_are_said_alike() {
    let fixture = Fixture::new(&SMALL);
    let memory = FileStore::in_memory();
    for store in [&fixture.store, &memory] {
        dynamic(store)
            .write(|r| {
                let now = time("2025-01-01 00:00");
                profiles::create(r.delivery()?, key("n", "x").profile, "N", "", now)?;
                let new = manager::NewRun {
                    id: RunId::existing("r9"),
                    source: "s".to_owned(),
                    jetstream_id: None,
                    metadata: Some("{\"peak_hp\": 1.5}".to_owned()),
                };
                manager::create(r.runs()?, new, now).map(drop)
            })
            .unwrap();
    }
    for store in [&fixture.store, &memory] {
        let said = dynamic(store)
            .read(|r| Ok((r.runs()?.get(&RunId::existing("r9"))?, r.delivery()?.get_profile(&key("n", "x").profile)?)))
            .unwrap();
        assert!(said.0.unwrap().peak_hp == Some(1.5) && said.1.unwrap().facts().name == "N");
    }
    assert!(fixture.path("runs/r9/jetstream_raw").is_dir());
}
