//! Documents that cannot be read, files nobody knows, links, other programs.

use super::{SMALL, dump, key, time};
use crate::support::{Fixture, all_files, dynamic};
use landfast_domain::Error;
use landfast_domain::delivery::{documents, profiles};
use landfast_domain::presentations::PresentationJob;
use landfast_domain::runs::manager::{self, NewRun, RunChange};
use landfast_domain::runs::{RunId, RunStatus};
use landfast_legacy::files::FileStore;
use std::fs;

fn new_run(id: &str) -> NewRun {
    NewRun { id: RunId::existing(id), source: "s".to_owned(), jetstream_id: None, metadata: None }
}

#[test]
fn a_snapshot_that_cannot_be_read_is_an_error_and_stays() {
    for damaged in ["{\"format\": \"presentation-jobs-snapshot\", \"version\": 1, \"jobs\": [", "", "[1", "{}"] {
        let fixture = Fixture::new(&[("presentation_jobs.snapshot.json", damaged.as_bytes())]);
        let error = dynamic(&fixture.store).read(|r| r.presentations()?.get(&"a".into())).unwrap_err();
        assert!(error.to_string().contains("presentation_jobs.snapshot.json"), "{error}");
        let job = PresentationJob::blank("a".into(), time("2025-01-01 00:00"));
        assert!(fixture.write(|r| r.presentations()?.insert(&job)).is_err());
        assert_eq!(fixture.text("presentation_jobs.snapshot.json"), damaged);
        // The other areas do not mind.
        fixture.write(|r| r.delivery()?.set_app_state("k", "v")).unwrap();
        fixture.write(|r| manager::create(r.runs()?, new_run("r"), time("2025-01-01 00:00"))).unwrap();
    }
}

#[test]
fn damaged_documents_of_runs_and_queries_are_not_written_over() {
    let fixture = Fixture::new(&SMALL);
    fs::create_dir_all(fixture.path("runs/bad")).unwrap();
    fs::write(fixture.path("runs/bad/run_state.json"), "{\"run_id\": \"bad\"").unwrap();
    fs::write(fixture.path("profiles/p/queries/q/metrics_snapshots.json"), "{\"2025-W01\": ").unwrap();
    fs::write(fixture.path("runs/r1/jetstream_metadata.json"), b"\xff").unwrap();
    let before = all_files(fixture.folder.path());
    let now = time("2025-01-01 00:00");
    assert_eq!(dynamic(&fixture.store).read(|r| r.runs()?.get(&RunId::existing("bad"))).unwrap(), None);
    let error = fixture.write(|r| manager::create(r.runs()?, new_run("bad"), now)).unwrap_err();
    assert!(error.to_string().contains("runs/bad/run_state.json"), "{error}");
    let error = fixture
        .write(|r| documents::save_snapshots_document(r.delivery()?, &key("p", "q"), "{\"2025-W02\": {}}"))
        .unwrap_err();
    assert!(error.to_string().contains("metrics_snapshots.json"), "{error}");
    let error = fixture
        .write(|r| {
            let mut run = r.runs()?.get(&RunId::existing("r1"))?.unwrap();
            run.documents.metadata = Some("{}".to_owned());
            r.runs()?.update(&run)
        })
        .unwrap_err();
    assert!(error.to_string().contains("jetstream_metadata.json"), "{error}");
    assert_eq!(all_files(fixture.folder.path()), before);
    // What is readable beside it can be changed.
    let change = RunChange { status: Some(RunStatus::Complete), ..Default::default() };
    fixture.write(|r| manager::update(r.runs()?, &RunId::existing("r1"), &change, now)).unwrap();
    fixture.write(|r| documents::save_project_data(r.delivery()?, &key("p", "q"), "{}")).unwrap();
    assert_eq!(fixture.bytes("runs/r1/jetstream_metadata.json"), b"\xff");
}

#[test]
fn own_files_that_are_damaged_are_errors() {
    for (path, read) in
        [(".landfast/delivery.json", 0), (".landfast/presentations.json", 1), (".landfast/runs.json", 2)]
    {
        let fixture = Fixture::new(&[(path, b"{\"version\": 2")]);
        let error = dynamic(&fixture.store)
            .read(|r| match read {
                0 => r.delivery()?.list_app_state().map(drop),
                1 => r.presentations()?.count_by_status().map(drop),
                _ => r.runs()?.count(&Default::default()).map(drop),
            })
            .unwrap_err();
        assert!(error.to_string().contains(path), "{error}");
    }
}

#[test]
fn deleting_leaves_files_nobody_knows_and_what_is_deleted_stays_deleted() {
    let fixture = Fixture::new(&SMALL);
    fs::write(fixture.path("profiles/p/queries/q/chart.png"), "png").unwrap();
    fixture
        .write(|r| {
            profiles::create(r.delivery()?, key("other", "q").profile, "Other", "", time("2025-01-01 00:00"))?;
            profiles::delete(r.delivery()?, &key("p", "q").profile)?;
            manager::delete(r.runs()?, &RunId::existing("r1"))
        })
        .unwrap();
    let left: Vec<String> = all_files(fixture.folder.path()).into_keys().collect();
    assert_eq!(
        left,
        [
            "outputs/u1/m1.manifest.json",
            "outputs/u1/manifest.json",
            "presentation_jobs.snapshot.json",
            "profiles/other/profile.json",
            "profiles/p/notes.txt",
            "profiles/p/queries/q/chart.png",
            "profiles/profiles.json",
            "runs/r1/output/result.csv",
            "task_progress.json",
            "tasks.csv",
        ]
    );
    let profiles = || {
        let store = FileStore::open(fixture.folder.path()).unwrap();
        let list = dynamic(&store).read(|r| r.delivery()?.list_profiles()).unwrap();
        list.into_iter().map(|profile| profile.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(profiles(), ["other"]);
    // Somebody puts a profile there again.
    fs::write(fixture.path("profiles/p/profile.json"), "{\"last_used\": \"2026-01-01T00:00:00\"}").unwrap();
    assert_eq!(profiles(), ["p", "other"]);
    let runs = dynamic(&fixture.store).read(|r| r.runs()?.count(&Default::default())).unwrap();
    assert_eq!(runs, 1);
}

#[test]
fn what_other_programs_write_is_seen_and_not_overwritten() {
    let fixture = Fixture::new(&SMALL);
    let status = || {
        let run = dynamic(&fixture.store).read(|r| r.runs()?.get(&RunId::existing("r1"))).unwrap().unwrap();
        run.status
    };
    assert_eq!(status(), RunStatus::Pending);
    let theirs = fixture.text("runs/r1/run_state.json").replace("pending", "converting");
    fs::write(fixture.path("runs/r1/run_state.json"), &theirs).unwrap();
    assert_eq!(status(), RunStatus::Converting);
    let change = RunChange { stage: Some("x".to_owned()), ..Default::default() };
    for path in ["runs/r1/run_state.json", "profiles/p/profile.json"] {
        let before = fixture.text(path);
        let error = fixture
            .write(|r| {
                manager::update(r.runs()?, &RunId::existing("r1"), &change, time("2026-01-01 00:00"))?;
                r.delivery()?.delete_profile(&key("p", "q").profile)?;
                fs::write(fixture.path(path), format!("{before} ")).unwrap();
                Ok(())
            })
            .unwrap_err();
        assert!(matches!(&error, Error::Busy { what, .. } if what == path), "{error:?}");
        assert_eq!(fixture.text(path), format!("{before} "));
    }
    assert_eq!(status(), RunStatus::Converting);
}

#[test]
fn a_state_another_program_wrote_counts_more_than_what_was_kept_about_it() {
    let fixture = Fixture::new(&SMALL);
    let id = RunId::existing("r1");
    fixture
        .write(|r| {
            let mut run = r.runs()?.get(&id)?.unwrap();
            run.peak_hp = Some(7.5);
            r.runs()?.update(&run)?;
            r.runs()?.replace_files(&id, &[])
        })
        .unwrap();
    let read = || {
        let store = FileStore::open(fixture.folder.path()).unwrap();
        dynamic(&store).read(|r| Ok((r.runs()?.get(&id)?.unwrap().peak_hp, r.runs()?.files(&id)?.len()))).unwrap()
    };
    assert_eq!(read(), (Some(7.5), 0));
    let theirs = fixture.text("runs/r1/run_state.json").replace("pending", "converting");
    fs::write(fixture.path("runs/r1/run_state.json"), theirs).unwrap();
    assert_eq!(read(), (None, 0));
    fs::write(fixture.path("runs/r1/output/new.csv"), "x").unwrap();
    assert_eq!(read(), (None, 2));
}

#[test]
fn readers_cannot_change_any_area() {
    let fixture = Fixture::new(&SMALL);
    let store = dynamic(&fixture.store);
    let job = PresentationJob::blank("a".into(), time("2025-01-01 00:00"));
    let refused = [
        store.read(|r| r.delivery()?.set_app_state("k", "v")).unwrap_err(),
        store.read(|r| r.delivery()?.clear_task_state()).unwrap_err(),
        store.read(|r| r.presentations()?.insert(&job)).unwrap_err(),
        store.read(|r| r.presentations()?.delete(&"j1".into())).unwrap_err(),
        store.read(|r| r.runs()?.delete(&RunId::existing("r1"))).unwrap_err(),
        store.read(|r| manager::create(r.runs()?, new_run("x"), time("2025-01-01 00:00"))).unwrap_err(),
    ];
    for error in refused {
        assert!(matches!(error, Error::Unsupported { store: "files", .. }), "{error:?}");
    }
}

#[test]
fn documents_of_other_areas_are_no_legacy_rows() {
    let fixture = Fixture::new(&SMALL);
    let rows = fixture.list::<landfast_domain::tasks::LegacyRow>();
    assert!(rows.is_empty(), "{rows:?}");
}

#[cfg(unix)]
#[test]
fn links_are_neither_followed_nor_written_over() {
    let fixture = Fixture::new(&SMALL);
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("run_state.json"), SMALL[8].1).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), fixture.path("runs/linked")).unwrap();
    let count = dynamic(&fixture.store).read(|r| r.runs()?.count(&Default::default())).unwrap();
    assert_eq!(count, 2);
    let error = fixture.write(|r| manager::create(r.runs()?, new_run("linked"), time("2025-01-01 00:00"))).unwrap_err();
    assert!(error.to_string().contains("runs/linked"), "{error}");
    assert_eq!(fs::read(elsewhere.path().join("run_state.json")).unwrap(), SMALL[8].1);
    fs::remove_file(fixture.path("presentation_jobs.snapshot.json")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("x"), fixture.path("presentation_jobs.snapshot.json")).unwrap();
    assert!(dynamic(&fixture.store).read(dump::everything).is_err());
}
