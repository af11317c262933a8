//! Sample folders there and back.

use crate::support::{Bench, SAMPLES, contents, copy_folder, sample};
use landfast_cutover::Quiet;
use landfast_cutover::report::Verdict;
use landfast_testkit::databases::{postgres, sqlite};
use std::sync::atomic::AtomicBool;

#[test]
fn every_sample_comes_out_byte_for_byte() {
    for name in SAMPLES {
        let bench = Bench::with_sample(name);
        let before = contents(&bench.source());
        let report = bench.import();
        let verification = report.verification.clone().unwrap();
        assert_eq!(verification.differences, [], "{name}");
        assert_eq!((report.outcome, report.exit_code), (Verdict::Complete, 0), "{name}: {}", report.summary());
        assert_eq!(bench.verify().verification.unwrap().differences, [], "{name}");
        let exported = bench.export();
        assert_eq!(contents(&bench.exported()), before, "{name}");
        assert!(exported.files.iter().all(|file| file.source_sha256.as_ref() == Some(&file.sha256)));
        assert_eq!(contents(&bench.source()), before, "the source is not touched");
    }
}

#[test]
fn all_samples_at_once_keep_their_twins_apart() {
    let bench = Bench::new();
    copy_folder(&sample(""), &bench.source());
    let report = bench.import();
    assert_eq!(report.sources.len(), 4);
    assert_eq!(report.verification.as_ref().unwrap().differences, []);
    assert_eq!(report.exit_code, 0, "{}", report.summary());
    let loaded: u64 = report.digests.as_ref().unwrap().values().map(|digest| digest.rows).sum();
    assert_eq!(loaded, report.totals.loaded);
    bench.export();
    for name in SAMPLES {
        assert_eq!(contents(&bench.exported().join(name)), contents(&sample(name)), "{name}");
    }
}

#[test]
fn plan_and_import_give_the_same_account() {
    let bench = Bench::new();
    copy_folder(&sample(""), &bench.source());
    let plan = bench.plan();
    assert_eq!(contents(&bench.root.path().join("source")).len(), contents(&sample("")).len());
    assert!(!bench.backups().exists());
    assert_eq!(bench.digests().values().map(|digest| digest.rows).sum::<u64>(), 0);
    let real = bench.import();
    assert_eq!(plan.accounts(), real.accounts());
    assert_eq!(plan.exit_code, real.exit_code);
    let keys = |report: &landfast_cutover::Report| {
        let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
        json.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(keys(&plan), keys(&real));
    assert_eq!(serde_json::from_str::<landfast_cutover::Report>(&real.to_json()).unwrap(), real);
}

#[test]
fn a_second_import_changes_nothing() {
    let bench = Bench::with_sample("data");
    let first = bench.import();
    let runs = bench.read_rows(|r| r.imports()?.list_runs(10));
    let second = bench.import();
    assert_eq!(second.totals.changes(), 0);
    assert_eq!(second.run, None);
    assert_eq!(second.totals.loaded, first.totals.loaded);
    assert_eq!(bench.read_rows(|r| r.imports()?.list_runs(10)), runs, "not even the run is written");
    assert_eq!(Some(bench.digests()), first.digests);
}

#[test]
fn both_databases_hold_the_same() {
    let Some(database) = postgres() else { return };
    let there = Bench::on(database);
    let here = Bench::on(sqlite());
    copy_folder(&sample(""), &there.source());
    let report = there.import();
    assert_eq!(report.verification.as_ref().unwrap().differences, []);
    let paths = [there.source()];
    let other = here.run(here.store(), &paths, false, &Quiet, &AtomicBool::new(false)).unwrap();
    assert_eq!(report.digests, other.digests);
    assert_eq!(there.verify().exit_code, 0);
    there.export();
    assert_eq!(contents(&there.exported().join("mar2026")), contents(&sample("mar2026")));
}

#[test]
fn the_summary_fits_on_a_screen_and_names_what_matters() {
    let bench = Bench::with_sample("data");
    let plan = bench.plan().summary();
    assert!(plan.starts_with("Plan: nothing was written.\n"), "{plan}");
    let report = bench.import();
    let text = report.summary();
    assert!(text.starts_with("Import complete. Nothing was left out.\n"), "{text}");
    for part in ["task_instances.csv", "Findings (loaded all the same):", "Verification: 0 differences", "Backup:"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(text.lines().count() < 60, "{text}");
    assert!(text.lines().all(|line| line.trim_end() == line));
}
