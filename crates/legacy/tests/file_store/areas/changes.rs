//! Records that documents have no place for are kept all the same.

use super::{SMALL, dump, key, time};
use crate::support::{Fixture, all_files, dynamic};
use landfast_domain::delivery::memory::MemoryDelivery;
use landfast_domain::delivery::{
    Changelog, DeliveryRepository, JiraCache, MetricKind, MetricsSnapshot, Profile, Query,
};
use landfast_domain::presentations::memory::MemoryPresentations;
use landfast_domain::presentations::{EXTERNAL_OWNER, Lease, PresentationJob, PresentationRepository, RequestText};
use landfast_domain::runs::memory::MemoryRuns;
use landfast_domain::runs::{Layout, Run, RunDocuments, RunFile, RunId, RunRepository, documents};
use landfast_domain::{Result, Store};
use landfast_legacy::files::FileStore;

/// Does the same on a store, on another one in memory, and on the models; all must say the same, also when
/// the files are read anew.
fn all_alike(
    work: impl Fn(&mut dyn DeliveryRepository, &mut dyn PresentationRepository, &mut dyn RunRepository) -> Result<()>,
) {
    let (mut delivery, mut jobs, mut runs) =
        (MemoryDelivery::default(), MemoryPresentations::default(), MemoryRuns::default());
    work(&mut delivery, &mut jobs, &mut runs).unwrap();
    let mut expected = dump::delivery(&mut delivery).unwrap();
    expected.extend(dump::presentations(&mut jobs).unwrap());
    expected.extend(dump::runs(&mut runs).unwrap());
    let fixture = Fixture::new(&[]);
    let memory = FileStore::in_memory();
    let stores: [&dyn Store; 2] = [&fixture.store, &memory];
    for store in stores {
        store
            .write(|r| {
                work(r.delivery()?, &mut MemoryPresentations::default(), &mut MemoryRuns::default())?;
                work(&mut MemoryDelivery::default(), r.presentations()?, &mut MemoryRuns::default())?;
                work(&mut MemoryDelivery::default(), &mut MemoryPresentations::default(), r.runs()?)
            })
            .unwrap();
        assert_eq!(store.read(dump::everything).unwrap(), expected);
        // Nothing is left to be written.
        store.write(|r| r.delivery()?.set_app_state("k", "v")).unwrap();
        store.write(|r| r.delivery()?.delete_app_state("k")).unwrap();
    }
    let again = FileStore::open(fixture.folder.path()).unwrap();
    assert_eq!(dynamic(&again).read(dump::everything).unwrap(), expected);
}

#[test]
fn rows_without_documents_and_odd_values_of_the_state() {
    all_alike(|delivery, _, _| {
        let query = key("default", "q");
        delivery.save_profile(&Profile::new(query.profile.clone(), None, None)?)?;
        delivery.save_profile(&Profile::new(key("entry", "q").profile, None, Some("{\"name\": \"E\"}".to_owned()))?)?;
        delivery.save_query(&Query::new(query, None, Some("jql".to_owned()))?)?;
        for (name, value) in [
            ("registry.version", "\"3.0\""),
            ("registry.odd", "not JSON"),
            ("registry.ghost.gone", "{"),
            ("registry.ghost.entry", "{}"),
            ("registry.profiles[]", "7"),
            ("jira_query_profiles", "{}"),
            ("\u{e9}\"", "\u{0}\u{1}"),
            ("active_query_id", ""),
        ] {
            delivery.set_app_state(name, value)?;
        }
        delivery.save_task_state("no JSON")
    });
}

#[test]
fn places_with_gaps_and_parts_without_a_place() {
    all_alike(|delivery, _, _| {
        let query = key("p", "q");
        delivery.save_profile(&Profile::new(query.profile.clone(), Some("{}".to_owned()), None)?)?;
        delivery.save_query(&Query::new(query.clone(), Some("{\"jql\": \"a\"}".to_owned()), None)?)?;
        let document = r#"{"timestamp": "2025-12-17T09:00:00Z", "issues": [{"key": "A-1"}, {"key": "A-2"}, 7, {}]}"#;
        for cache_key in ["one", "two"] {
            let (cache, mut issues) = JiraCache::read(query.clone(), cache_key, document, None, None)?;
            delivery.save_cache(&cache)?;
            issues.remove(1);
            if cache_key == "two" {
                issues.iter_mut().for_each(|issue| issue.ordinal += 10);
            }
            delivery.save_issues(&query, cache_key, &issues)?;
        }
        let document = r#"{"A-1": {"last_updated": "2025-12-17T09:00:00Z"}, "A-2": null, "A-3": {}}"#;
        let (changelog, mut entries) = Changelog::read(query.clone(), document, Some(time("2026-01-01 00:00")))?;
        delivery.save_changelog(&changelog)?;
        entries.remove(0);
        delivery.save_changelog_entries(&query, &entries)?;
        let snapshot =
            |place, label: &str, kind, metrics: &str| MetricsSnapshot::new(query.clone(), place, label, kind, metrics);
        delivery.save_snapshots(
            &query,
            &[
                snapshot(7, "2025-W02", MetricKind::Flow, "{}")?,
                snapshot(7, "2025-W01", MetricKind::Dora, "{\"flow_x\": {}}")?,
                snapshot(3, "", MetricKind::Other, "{\"trends\": {\"a\": 1.50}}")?,
            ],
        )
    });
}

#[test]
fn jobs_a_snapshot_cannot_hold() {
    all_alike(|_, jobs, _| {
        let job = |id: &str| PresentationJob::blank(id.into(), time("2025-11-10 10:00"));
        jobs.insert(&job(""))?;
        jobs.insert(&PresentationJob { request: Some(RequestText("{\"a\": ".to_owned())), ..job("torn") })?;
        jobs.insert(&PresentationJob { request: Some(RequestText("[1, 2.50]".to_owned())), ..job("list") })?;
        jobs.insert(&PresentationJob { request: Some(RequestText(" {\"a\":1.50}".to_owned())), ..job("blank") })?;
        jobs.insert(&PresentationJob { document: Some("no JSON".to_owned()), ..job("text") })?;
        jobs.insert(&PresentationJob { document: Some("{\"job_id\": \"other\"}".to_owned()), ..job("id") })?;
        jobs.insert(&PresentationJob { document: Some("{\"job_id\": \"doc\", \"x\": 1.0}".to_owned()), ..job("doc") })?;
        let mut leased = job("leased");
        leased.queue.lease =
            Some(Lease { owner: EXTERNAL_OWNER.to_owned(), expires_at: time("9999-12-31 23:59:59.999999") });
        leased.queue.note = Some(String::new());
        leased.error = Some("\u{0}\u{2400}".to_owned());
        jobs.insert(&leased)
    });
}

#[test]
fn runs_a_directory_cannot_hold() {
    all_alike(|_, _, runs| {
        let read = |layout, directory: &str, state: &str| -> Run {
            let documents = RunDocuments { state: Some(state.to_owned()), ..Default::default() };
            documents::read(layout, directory, documents).unwrap().run
        };
        let state = r#"{"run_id": "a", "status": "complete", "source": "x", "files": ["b.csv", "c.csv"]}"#;
        for (id, layout, directory) in [
            ("a", Layout::State, "runs/a"),
            ("same directory", Layout::State, "runs/a"),
            ("outside", Layout::Upload, "../outside"),
            ("deep", Layout::Upload, "outputs/a/b"),
            ("elsewhere", Layout::Experiment, "other/a"),
            ("other id", Layout::Experiment, "experiments/x"),
            ("nowhere", Layout::Upload, ""),
            ("\u{e4}", Layout::Upload, "outputs/\u{e4} b"),
        ] {
            let mut run = read(layout, directory, state);
            run.id = RunId::existing(id);
            run.peak_hp = Some(-0.0);
            runs.insert(&run)?;
        }
        let mut bare = read(Layout::State, "runs/bare", state);
        (bare.documents, bare.id) = (RunDocuments::default(), RunId::existing("bare"));
        bare.original_id = Some("a".to_owned());
        runs.insert(&bare)?;
        let mut file = RunFile::named("x/y.csv");
        (file.size_bytes, file.on_disk) = (Some(7), true);
        runs.replace_files(&RunId::existing("a"), &[RunFile::named("z"), file.clone()])?;
        runs.replace_files(&RunId::existing("outside"), &[file])
    });
}

#[test]
fn a_change_taken_back_leaves_the_files_as_they_were() {
    let fixture = Fixture::new(&SMALL);
    let before = all_files(fixture.folder.path());
    let said = dynamic(&fixture.store).read(dump::everything).unwrap();
    for round in [1, 2] {
        fixture
            .write(|r| {
                let mut job = r.presentations()?.get(&"j1".into())?.unwrap();
                let mut run = r.runs()?.get(&RunId::existing("r1"))?.unwrap();
                if round == 1 {
                    r.delivery()?.set_app_state("k", "v")?;
                    job.progress = Some(7.5);
                    run.peak_torque = Some(1.5);
                } else {
                    r.delivery()?.delete_app_state("k")?;
                    job.progress = Some(0.0);
                    run.peak_torque = None;
                }
                r.presentations()?.update(&job)?;
                r.runs()?.update(&run)
            })
            .unwrap();
    }
    assert_eq!(dynamic(&fixture.store).read(dump::everything).unwrap(), said);
    assert_eq!(all_files(fixture.folder.path()), before);
    assert!(!fixture.path(".landfast/runs.json").exists() && !fixture.path(".landfast/delivery.json").exists());
}

#[test]
fn a_query_that_did_not_change_keeps_what_is_kept_about_it() {
    let fixture = Fixture::new(&SMALL);
    let (query, other) = (key("p", "q"), key("p", "other"));
    fixture
        .write(|r| {
            let delivery = r.delivery()?;
            let document = r#"{"timestamp": "2025-12-17T09:00:00Z", "issues": [{"key": "A-1"}, {"key": "A-2"}]}"#;
            let (cache, issues) = JiraCache::read(query.clone(), "own key", document, None, None)?;
            delivery.save_cache(&cache)?;
            delivery.save_issues(&query, "own key", &issues[1..])?;
            delivery.save_query(&Query::new(other.clone(), Some("{}".to_owned()), None)?)
        })
        .unwrap();
    let issues =
        |store: &FileStore| dynamic(store).read(|r| r.delivery()?.issues_page(&query, "own key", None, 9)).unwrap();
    let before = issues(&fixture.store);
    assert_eq!(before[0].ordinal, 1);
    fixture
        .write(|r| r.delivery()?.save_query(&Query::new(other.clone(), Some("{\"n\": 1}".to_owned()), None)?))
        .unwrap();
    fixture.write(|r| r.delivery()?.set_app_state("k", "v")).unwrap();
    assert_eq!(issues(&fixture.store), before);
    assert_eq!(issues(&FileStore::open(fixture.folder.path()).unwrap()), before);
}
