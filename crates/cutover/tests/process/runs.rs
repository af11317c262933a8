//! Directories of analysis runs.

use crate::support::{Bench, contents, copy_folder};
use landfast_cutover::Report;
use landfast_cutover::report::{Status, Verdict};
use landfast_domain::runs::manager::{self, NewRun, RunChange};
use landfast_domain::runs::{HashOutcome, Layout, RunFilter, RunId, RunStatus};
use landfast_domain::time::Timestamp;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn sample() -> Option<PathBuf> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/runs");
    sample.is_dir().then_some(sample)
}

fn state(id: &str, updated_at: &str) -> String {
    format!(
        "{{\n  \"run_id\": \"{id}\",\n  \"status\": \"complete\",\n  \"source\": \"jetstream\",\n  \"created_at\": \"2025-12-09T14:05:14.746Z\",\n  \"updated_at\": \"{updated_at}\",\n  \"files\": [\n    \"VE.csv\"\n  ]\n}}"
    )
}

const NOW: &str = "2025-12-09T14:05:15.746Z";
const INDEX: &str = "{\n  \"updated_at\": \"2025-12-09T14:16:20.229Z\",\n  \"total\": 0,\n  \"runs\": []\n}";

fn manifest(outputs: &str) -> String {
    format!(
        r#"{{"schema_id":"dynoai.manifest@1","run_id":"a","status":{{"code":"success","message":"OK","last_stage":"export"}},"input":{{"path":"in.csv"}},"timing":{{"start":"2025-12-06T00:25:29.121Z","end":"2025-12-06T00:25:29.261Z"}},"outputs":[{outputs}]}}"#
    )
}

/// One run with a result file, metadata and a manifest that lists the file with its hash.
fn one_run() -> Bench {
    let listed = r#"{"name":"VE.csv","path":"VE.csv","type":"csv","size_bytes":4,"sha256":"f4d4f8fdb29f9a3a5b9e2d6b0b8bdc1f5d6e05f4f0d1ba0b1e7ffb5c1c3bbf4e"}"#;
    Bench::with(&[
        ("runs/a/run_state.json", state("a", NOW).as_bytes()),
        ("runs/a/jetstream_metadata.json", br#"{"peak_hp": 101.5}"#),
        ("runs/a/output/manifest.json", manifest(listed).as_bytes()),
        ("runs/a/output/VE.csv", b"1,2\n"),
        ("runs/index.json", INDEX.as_bytes()),
    ])
}

fn no_differences(report: &Report) {
    let verification = report.verification.as_ref().unwrap();
    assert_eq!(verification.differences, [], "{}", report.summary());
}

fn run(bench: &Bench, id: &str) -> landfast_domain::runs::Run {
    bench.read_rows(|r| r.runs()?.get(&RunId::from(id))).unwrap()
}

/// The documents of a folder: what an export is to write.
fn documents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = ["run_state.json", "jetstream_metadata.json", "session_log.json", "index.json"];
    let is_document = |path: &str| {
        let name = path.rsplit('/').next().unwrap();
        (names.contains(&name) || name.ends_with("manifest.json")) && !path.contains("snapshots/")
    };
    contents(folder).into_iter().filter(|(path, _)| is_document(path)).collect()
}

fn the_sample_is_loaded(bench: &Bench) {
    let before = contents(&bench.source());
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    assert_eq!((report.outcome, report.totals.quarantined), (Verdict::Complete, 0), "{}", report.summary());
    no_differences(&report);
    let runs =
        bench.read_rows(|r| r.runs()?.list(&RunFilter::default(), &landfast_domain::runs::RunPage::Offset(0), 100));
    let of = |layout| runs.iter().filter(|run| run.layout == layout).count();
    assert_eq!((of(Layout::State), of(Layout::Upload), of(Layout::Tuning), of(Layout::Experiment)), (14, 37, 2, 1));
    let verification = bench.verify().verification.unwrap();
    assert_eq!(verification.differences, []);
    assert_eq!((verification.own_rows, verification.checks["files"].checked > 300), (0, true));
    let again = bench.import();
    assert_eq!((again.totals.changes(), again.run.as_ref()), (0, None), "{}", again.summary());
    bench.export();
    assert_eq!(contents(&bench.exported()), documents(&bench.source()));
    assert_eq!(contents(&bench.source()), before, "nothing is written into a source");
}

#[test]
fn the_sample_is_loaded_compared_and_written_back() {
    if let Some(sample) = sample() {
        let bench = Bench::new();
        copy_folder(&sample, &bench.source());
        the_sample_is_loaded(&bench);
    }
}

#[test]
fn the_sample_is_the_same_on_postgresql() {
    let (Some(sample), Some(database)) = (sample(), landfast_testkit::databases::postgres()) else { return };
    let (there, here) = (Bench::on(database), Bench::new());
    for bench in [&there, &here] {
        copy_folder(&sample, &bench.source());
    }
    the_sample_is_loaded(&there);
    here.import();
    let of = |bench: &Bench, entity: &str| bench.digests()[entity].clone();
    for entity in ["run", "run file"] {
        assert_eq!(of(&there, entity), of(&here, entity), "{entity}");
    }
}

#[test]
fn result_files_are_listed_and_not_copied() {
    let bench = one_run();
    let report = bench.import();
    no_differences(&report);
    assert_eq!(report.finding_totals.get("manifest_hash_mismatch"), Some(&1), "{}", report.summary());
    let files = bench.read_rows(|r| r.runs()?.files(&RunId::from("a")));
    let file = files.iter().find(|file| file.filename == "VE.csv").unwrap();
    assert_eq!((file.on_disk, file.in_state, file.in_manifest, file.size_bytes), (true, true, true, Some(4)));
    assert_eq!((file.hash, file.storage_path.as_deref()), (HashOutcome::Different, Some("runs/a/output/VE.csv")));
    assert_eq!(run(&bench, "a").peak_hp, Some(101.5));
    let copied = contents(&bench.backups());
    assert!(copied.keys().all(|path| !path.ends_with("VE.csv")), "{:?}", copied.keys());
}

#[test]
fn a_changed_or_missing_result_file_is_a_difference_until_it_is_taken_over() {
    let bench = one_run();
    bench.import();
    no_differences(&bench.verify());
    // As long as before, so that only the hash tells.
    bench.write("runs/a/output/VE.csv", b"1,3\n");
    let changed = bench.verify().verification.unwrap().differences;
    assert!(changed.iter().any(|found| found.check == "files" && found.column == "VE.csv: sha256"), "{changed:?}");
    let report = bench.import();
    assert_eq!((report.totals.updated, report.totals.inserted), (1, 0), "{}", report.summary());
    assert!(report.sources[0].files.iter().any(|file| file.status == Status::Refreshed));
    no_differences(&bench.verify());
    fs::remove_file(bench.source().join("runs/a/output/VE.csv")).unwrap();
    let missing = bench.verify().verification.unwrap().differences;
    assert!(missing.iter().any(|found| found.message == "the file is not there any more"), "{missing:?}");
    bench.import();
    no_differences(&bench.verify());
    assert_eq!(bench.import().run, None);
}

#[test]
fn every_directory_has_an_outcome() {
    let bench = Bench::with(&[
        ("runs/good/run_state.json", state("good", NOW).as_bytes()),
        ("runs/torn/run_state.json", b"{\"run_id\": \"torn\","),
        ("runs/torn/jetstream_metadata.json", b"{}"),
        ("runs/list/run_state.json", b"[]"),
        ("runs/latin/run_state.json", b"{\"run_id\": \"\xe9\"}"),
        ("runs/orphan/output/VE.csv", b"1"),
        ("runs/stray.txt", b"1"),
        ("outputs/0300f4b3-2d7f-4b9e-b0ec-a564b601c52a/manifest.json", b"{"),
        ("runs/index.json", INDEX.as_bytes()),
    ]);
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    assert_eq!((report.totals.loaded, report.totals.quarantined, report.totals.duplicate), (1, 5, 1));
    let aside: BTreeMap<_, _> =
        report.quarantine.iter().map(|entry| (entry.path.as_str(), entry.code.as_str())).collect();
    let expected = [
        ("outputs/0300f4b3-2d7f-4b9e-b0ec-a564b601c52a/manifest.json", "manifest_not_json"),
        ("runs/index.json", "index_is_cache"),
        ("runs/latin/run_state.json", "state_not_utf8"),
        ("runs/list/run_state.json", "state_not_object"),
        ("runs/torn/jetstream_metadata.json", "run_set_aside"),
        ("runs/torn/run_state.json", "state_not_json"),
    ];
    assert_eq!(aside, BTreeMap::from(expected));
    let found: Vec<_> = report.findings.iter().map(|found| (found.path.as_str(), found.code.as_str())).collect();
    assert!(found.contains(&("runs/orphan", "state_missing")), "{found:?}");
    assert!(found.contains(&("runs/stray.txt", "file_unlisted")), "{found:?}");
    assert!(report.finding_totals.contains_key("directory_not_in_index"), "{found:?}");
    no_differences(&bench.verify());
    bench.export();
    assert_eq!(contents(&bench.exported()), documents(&bench.source()));
}

#[test]
fn all_runs_of_one_id_are_kept() {
    let bench = Bench::with(&[
        ("runs/a/run_state.json", state("a", NOW).as_bytes()),
        ("runs/b/run_state.json", state("a", "2025-12-10T00:00:00Z").as_bytes()),
    ]);
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    no_differences(&report);
    assert_eq!(report.finding_totals.get("duplicate_run_id"), Some(&1), "{}", report.summary());
    assert_eq!(run(&bench, "a").directory, "runs/b");
    let other = run(&bench, "a~2");
    assert_eq!((other.directory.as_str(), other.original_id.as_deref()), ("runs/a", Some("a")));
    // A later twin does not take the id away.
    bench.write("runs/c/run_state.json", state("a", "2025-12-11T00:00:00Z").as_bytes());
    let report = bench.import();
    assert_eq!((report.totals.inserted, report.totals.updated), (1, 0), "{}", report.summary());
    assert_eq!((run(&bench, "c").original_id.as_deref(), run(&bench, "a").directory.as_str()), (Some("a"), "runs/b"));
    no_differences(&bench.verify());
    bench.export();
    assert_eq!(contents(&bench.exported()), documents(&bench.source()));
}

#[test]
fn the_same_directory_of_another_folder_does_not_touch_the_run() {
    let bench = Bench::with(&[
        ("one/runs/a/run_state.json", state("a", NOW).as_bytes()),
        ("two/runs/a/run_state.json", state("a", "2026-01-01T00:00:00Z").as_bytes()),
        ("two/runs/a/jetstream_metadata.json", b"{\"peak_hp\": 7}"),
    ]);
    let report = bench.import();
    assert_eq!((report.totals.loaded, report.totals.quarantined), (1, 2), "{}", report.summary());
    assert_eq!(report.quarantine[0].code, "id-in-other-source");
    let run = run(&bench, "a");
    assert_eq!((run.updated_at.unwrap().as_str(), run.peak_hp), (NOW, None));
    no_differences(&report);
    bench.export();
    let written: Vec<_> = contents(&bench.exported()).into_values().collect();
    assert_eq!(written, contents(&bench.source()).into_values().collect::<Vec<_>>());
}

#[test]
fn a_changed_state_updates_an_untouched_run_and_never_an_edited_one() {
    let bench = one_run();
    bench.import();
    let later = state("a", "2025-12-12T00:00:00Z");
    bench.write("runs/a/run_state.json", later.as_bytes());
    let report = bench.import();
    assert_eq!((report.totals.updated, report.totals.quarantined), (1, 0), "{}", report.summary());
    assert_eq!(run(&bench, "a").updated_at.unwrap().as_str(), "2025-12-12T00:00:00Z");
    no_differences(&bench.verify());
    edit(&bench);
    bench.write("runs/a/run_state.json", state("a", "2025-12-13T00:00:00Z").as_bytes());
    let report = bench.import();
    assert_eq!(report.quarantine[0].code, "changed-on-both-sides", "{}", report.summary());
    assert_eq!(run(&bench, "a").status, RunStatus::Processing);
}

fn edit(bench: &Bench) {
    let change = RunChange { status: Some(RunStatus::Processing), ..RunChange::default() };
    let now = Timestamp::parse("2026-02-03T04:05:06.007").unwrap();
    bench.write_rows(|r| manager::update(r.runs()?, &RunId::from("a"), &change, now));
}

#[test]
fn edits_new_runs_and_deletions_are_written_back() {
    let bench = one_run();
    bench.write("runs/b/run_state.json", state("b", NOW).as_bytes());
    bench.import();
    edit(&bench);
    let new = NewRun { id: RunId::from("n"), source: "jetstream".to_owned(), jetstream_id: None, metadata: None };
    let now = Timestamp::parse("2026-02-03T04:05:07.008").unwrap();
    bench.write_rows(|r| manager::create(r.runs()?, new.clone(), now));
    bench.write_rows(|r| manager::delete(r.runs()?, &RunId::from("b")));
    let strict = bench.verify().verification.unwrap();
    assert!(strict.differences.iter().any(|found| found.column == "/status"), "{strict:?}");
    assert_eq!(bench.verify_with(true).verification.unwrap().differences, []);
    bench.export();
    let after = contents(&bench.exported());
    let text = |path: &str| String::from_utf8(after[path].clone()).unwrap();
    assert_eq!(
        after.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "runs/a/jetstream_metadata.json",
            "runs/a/output/manifest.json",
            "runs/a/run_state.json",
            "runs/index.json",
            "runs/n/run_state.json"
        ]
    );
    let expected = state("a", "2026-02-03T04:05:06.007Z").replace("complete", "processing");
    assert_eq!(text("runs/a/run_state.json"), expected);
    assert_eq!(after["runs/a/output/manifest.json"], contents(&bench.source())["runs/a/output/manifest.json"]);
    let index = text("runs/index.json");
    assert!(index.contains("\"total\": 2") && index.contains("\"run_id\": \"n\""), "{index}");
}

#[test]
fn a_damaged_column_and_a_damaged_list_are_found() {
    let bench = one_run();
    bench.import();
    bench.write_rows(|r| {
        let runs = r.runs()?;
        let mut run = runs.get(&RunId::from("a"))?.expect("it was imported");
        run.peak_hp = Some(1.0);
        runs.update(&run)?;
        let files = runs.files(&run.id)?;
        runs.replace_files(&run.id, files.get(1..).unwrap_or_default())
    });
    let found = bench.verify().verification.unwrap().differences;
    let places: Vec<_> = found.iter().map(|found| (found.check.as_str(), found.column.as_str())).collect();
    assert!(places.contains(&("rows", "peak_hp")), "{found:?}");
    assert!(found.iter().any(|found| found.check == "files"), "{found:?}");
}

#[test]
fn the_bytes_kept_are_enough_to_compare_with() {
    let bench = one_run();
    bench.write("outputs/0300f4b3-2d7f-4b9e-b0ec-a564b601c52a/manifest.json", manifest("").as_bytes());
    bench.write("outputs/0300f4b3-2d7f-4b9e-b0ec-a564b601c52a/a.manifest.json", manifest("").as_bytes());
    let report = bench.import();
    assert_eq!((report.totals.loaded, report.totals.duplicate), (4, 2), "{}", report.summary());
    let verification = bench.verify_kept().verification.unwrap();
    assert_eq!(verification.differences, []);
    assert!(verification.not_checked.iter().any(|text| text.contains("result files")), "{verification:?}");
}

#[test]
fn folders_of_runs_are_found_however_they_are_given() {
    for below in ["", "runs", "runs/a"] {
        let bench = one_run();
        let report = bench.import_from(&bench.source().join(below));
        assert_eq!(report.totals.inserted, 3, "{below}: {}", report.summary());
        no_differences(&report);
        assert_eq!(run(&bench, "a").directory, "runs/a");
    }
    let bench = Bench::with(&[
        ("deep/own name/x/manifest.json", manifest("").as_bytes()),
        ("deep/own name/tasks.csv", b"task_id,name\nt1,Read\n"),
        ("deep/own name/runs/b/run_state.json", state("b", NOW).as_bytes()),
    ]);
    let report = bench.import();
    assert_eq!((report.totals.loaded, report.sources.len()), (3, 2), "{}", report.summary());
    no_differences(&report);
    let names = bench.read_rows(|r| Ok([r.runs()?.find_directory("own name/x")?, r.runs()?.find_directory("runs/b")?]));
    assert!(names.iter().all(Option::is_some), "{names:?}");
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let bench = one_run();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.json"), state("secret", NOW)).unwrap();
    fs::write(outside.path().join("manifest.json"), manifest("")).unwrap();
    let source = bench.source();
    for name in ["linked", "folder"] {
        fs::create_dir(source.join("runs").join(name)).unwrap();
    }
    symlink(outside.path().join("secret.json"), source.join("runs/linked/run_state.json")).unwrap();
    fs::write(source.join("runs/linked/jetstream_metadata.json"), "{}").unwrap();
    fs::write(source.join("runs/folder/run_state.json"), state("folder", NOW)).unwrap();
    symlink(outside.path(), source.join("runs/folder/output")).unwrap();
    symlink(outside.path(), source.join("runs/elsewhere")).unwrap();
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    no_differences(&report);
    let codes = &report.finding_totals;
    assert_eq!((codes.get("state_unreadable"), codes.get("file_path_unsafe").is_some()), (Some(&1), true), "{codes:?}");
    assert_eq!(run(&bench, "folder").documents.manifest, None);
    let kept = contents(&bench.backups());
    assert!(kept.values().all(|bytes| !bytes.windows(6).any(|window| window == b"secret")));
    no_differences(&bench.verify());
}

#[test]
fn two_manifests_that_differ_are_both_kept() {
    let bench = Bench::with(&[
        ("outputs/u/manifest.json", manifest("").as_bytes()),
        ("outputs/u/x.manifest.json", manifest(" ").as_bytes()),
        ("outputs/u/session_log.json", b"no json \0"),
    ]);
    let report = bench.import();
    let codes: Vec<_> = report.quarantine.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["two_manifests", "session_log_not_json"], "{}", report.summary());
    no_differences(&report);
    assert_eq!(bench.verify_kept().verification.unwrap().differences, []);
    bench.export();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
}

#[test]
fn what_waits_for_a_damaged_state_is_loaded_with_its_mended_version() {
    let bench = one_run();
    bench.write("runs/a/run_state.json", b"{");
    let report = bench.import();
    assert_eq!((report.totals.loaded, report.totals.quarantined), (0, 3), "{}", report.summary());
    let again = bench.import();
    assert_eq!((again.run.as_ref(), again.totals.changes()), (None, 0), "{}", again.summary());
    bench.write("runs/a/run_state.json", state("a", NOW).as_bytes());
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(plan.accounts(), report.accounts());
    assert_eq!((report.totals.loaded, report.totals.quarantined), (3, 0), "{}", report.summary());
    no_differences(&report);
    no_differences(&bench.verify());
    assert_eq!(run(&bench, "a").peak_hp, Some(101.5));
    // And back: the run stays, nothing is lost.
    bench.write("runs/a/run_state.json", b"{");
    let report = bench.import();
    assert_eq!(report.totals.quarantined, 3, "{}", report.summary());
    no_differences(&bench.verify());
    assert_eq!(run(&bench, "a").peak_hp, Some(101.5));
    bench.export();
    assert_eq!(contents(&bench.exported()), documents(&bench.source()));
}

#[test]
fn files_of_a_run_that_is_set_aside_are_named() {
    let bench = Bench::with(&[("runs/a/run_state.json", br#"{"run_id": "a", "#), ("runs/a/output/VE.csv", b"1,2\n")]);
    let report = bench.import();
    assert_eq!(report.exit_code, 3, "{}", report.summary());
    let found: Vec<_> = report.findings.iter().filter(|finding| finding.code == "file_unlisted").collect();
    assert!(found.iter().any(|finding| finding.message.contains("VE.csv")), "{found:?}");
}
