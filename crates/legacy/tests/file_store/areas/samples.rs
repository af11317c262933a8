//! The samples as stores. Those of presentations and runs hold third-party data and are not part of the
//! repository.

use super::{dump, key, time};
use crate::support::{all_files, dynamic};
use landfast_domain::delivery::memory::MemoryDelivery;
use landfast_domain::delivery::{IsoWeek, MetricKind, documents};
use landfast_domain::presentations::memory::MemoryPresentations;
use landfast_domain::presentations::{JobId, JobStatus};
use landfast_domain::runs::memory::MemoryRuns;
use landfast_domain::runs::{RunId, RunRepository, RunStatus, manager};
use landfast_legacy::files::FileStore;
use landfast_legacy::{delivery, presentations, runs};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn delivery_sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/delivery/legacy")
}

/// A folder with a copy of the samples, and whether those outside of the repository are among them.
fn sample() -> (TempDir, bool) {
    let folder = tempfile::tempdir().unwrap();
    copy(&delivery_sample(), folder.path());
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let is_there = shared.join("presentations").exists() && shared.join("runs").exists();
    if is_there {
        copy(&shared.join("presentations"), folder.path());
        copy(&shared.join("runs"), folder.path());
    } else {
        println!("without the samples in {}", shared.display());
    }
    (folder, is_there)
}

/// Paths of files that differ.
fn changed(folder: &Path, before: &std::collections::BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let after = all_files(folder);
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = |path: &&&String| before.get(**path) != after.get(**path);
    paths.iter().filter(differs).map(|path| (*path).clone()).collect()
}

#[test]
fn a_store_says_what_an_import_would_bring() {
    let (folder, is_whole) = sample();
    let store = FileStore::open(folder.path()).unwrap();
    let said = dynamic(&store).read(dump::everything).unwrap();
    let tree = delivery::Tree::at(folder.path()).unwrap().unwrap();
    let mut expected = MemoryDelivery::default();
    delivery::load(&delivery::read_files(&tree).unwrap()).unwrap().save(&mut expected).unwrap();
    let mut lines = dump::delivery(&mut expected).unwrap();
    if is_whole {
        let bytes = fs::read(folder.path().join("presentation_jobs.snapshot.json")).unwrap();
        let snapshot = presentations::read(&bytes, presentations::InFlight::Own).unwrap();
        let mut jobs: MemoryPresentations = snapshot.jobs().cloned().collect();
        assert_eq!(jobs.iter().len(), 60);
        lines.extend(dump::presentations(&mut jobs).unwrap());
        let mut found = Vec::new();
        for root in runs::find_roots(folder.path()).unwrap() {
            for name in root.directories().unwrap().0 {
                found.push(runs::read_directory(&root, &name, &runs::ReadOptions::default()).unwrap());
            }
        }
        runs::settle_ids(&mut found);
        let mut expected = MemoryRuns::default();
        for directory in &found {
            let Some(run) = directory.run() else { continue };
            expected.insert(run).unwrap();
            expected.replace_files(&run.id, &directory.files).unwrap();
        }
        assert!(expected.iter().len() > 40, "{}", expected.iter().len());
        lines.extend(dump::runs(&mut expected).unwrap());
    }
    assert_eq!(said, lines);
}

#[test]
fn looking_and_saving_the_same_again_writes_nothing() {
    let (folder, _) = sample();
    let before = all_files(folder.path());
    let store = FileStore::open(folder.path()).unwrap();
    dynamic(&store).read(dump::everything).unwrap();
    dynamic(&store)
        .write(|r| {
            let delivery = r.delivery()?;
            for profile in delivery.list_profiles()? {
                let same = delivery.get_profile(&profile.id)?.unwrap();
                delivery.save_profile(&same)?;
                for query in delivery.list_queries(&profile.id)? {
                    delivery.save_query(&query)?;
                    let snapshots = delivery.list_snapshots(query.key(), None, None)?;
                    delivery.save_snapshots(query.key(), &snapshots)?;
                }
            }
            for job in r.presentations()?.list(None, None, usize::MAX)? {
                r.presentations()?.update(&job)?;
            }
            let all = landfast_domain::runs::RunPage::Offset(0);
            for run in r.runs()?.list(&Default::default(), &all, usize::MAX)? {
                r.runs()?.update(&run)?;
                let files = r.runs()?.files(&run.id)?;
                r.runs()?.replace_files(&run.id, &files)?;
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(changed(folder.path(), &before), Vec::<String>::new());
    assert!(!folder.path().join(".landfast/runs.json").exists());
}

#[test]
fn one_edited_record_changes_only_its_document() {
    let (folder, is_whole) = sample();
    let mut before = all_files(folder.path());
    let store = FileStore::open(folder.path()).unwrap();
    let now = time("2025-12-17 10:00");
    let query = key("p_db5b5fab8f4d", "q_73ab48767734");
    dynamic(&store)
        .write(|r| {
            let week = IsoWeek::parse("2025-51").unwrap();
            let metrics = r#"{"flow_time": {"median_days": 1.50}}"#;
            documents::save_metrics_snapshot(r.delivery()?, &query, week, MetricKind::Flow, metrics, None, now)
                .map(drop)
        })
        .unwrap();
    let document = "profiles/p_db5b5fab8f4d/queries/q_73ab48767734/metrics_snapshots.json";
    assert_eq!(changed(folder.path(), &before), [document]);
    if is_whole {
        before = all_files(folder.path());
        let text = String::from_utf8(before["presentation_jobs.snapshot.json"].clone()).unwrap();
        let id = dynamic(&store)
            .write(|r| {
                let mut job = r.presentations()?.list(Some(&JobStatus::Completed), None, 1)?.remove(0);
                job.video_url = Some("/elsewhere".to_owned());
                r.presentations()?.update(&job)?;
                Ok(job.id)
            })
            .unwrap();
        assert_eq!(changed(folder.path(), &before), ["presentation_jobs.snapshot.json"]);
        let after = fs::read_to_string(folder.path().join("presentation_jobs.snapshot.json")).unwrap();
        let lines = text.lines().zip(after.lines()).filter(|(old, new)| old != new).count();
        assert!(lines <= 1 && after.contains("/elsewhere") && after.contains(id.as_str()), "{lines}");

        before = all_files(folder.path());
        let id = RunId::existing("run_jetstream_lean_tune");
        let change = manager::RunChange { stage: Some("export".to_owned()), ..Default::default() };
        dynamic(&store).write(|r| manager::update(r.runs()?, &id, &change, now)).unwrap();
        let paths = changed(folder.path(), &before);
        assert_eq!(paths, ["runs/index.json", "runs/run_jetstream_lean_tune/run_state.json"]);
        before = all_files(folder.path());
        dynamic(&store).write(|r| r.presentations()?.delete(&JobId::existing("no such job"))).unwrap();
        assert_eq!(changed(folder.path(), &before), Vec::<String>::new());
    }
    // Another store reads the same, from the files alone.
    let again = FileStore::open(folder.path()).unwrap();
    assert_eq!(dynamic(&again).read(dump::everything).unwrap(), dynamic(&store).read(dump::everything).unwrap());
}

#[test]
fn a_deleted_run_leaves_its_results() {
    let (folder, is_whole) = sample();
    if !is_whole {
        return;
    }
    let store = FileStore::open(folder.path()).unwrap();
    let id = RunId::existing("run_20251225_101500");
    let run = dynamic(&store).read(|r| r.runs()?.get(&id)).unwrap().unwrap();
    assert_eq!(run.status, RunStatus::Complete);
    let before = all_files(folder.path());
    dynamic(&store).write(|r| manager::delete(r.runs()?, &id)).unwrap();
    assert_eq!(changed(folder.path(), &before), [format!("{}/manifest.json", run.directory)]);
    let again = FileStore::open(folder.path()).unwrap();
    assert_eq!(dynamic(&again).read(|r| r.runs()?.get(&id)).unwrap(), None);
}
