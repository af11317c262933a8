//! Delivery trees.

use crate::support::{Bench, contents, copy_folder};
use landfast_cutover::report::Verdict;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/delivery/legacy")
}

/// What is exported of a tree: everything but copies and results.
fn loaded_files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = contents(folder);
    files.retain(|path, _| !path.starts_with("cache/"));
    files
}

#[test]
fn every_issue_and_every_change_arrives_and_comes_out_byte_for_byte() {
    let bench = Bench::new();
    copy_folder(&sample(), &bench.source());
    let before = loaded_files(&bench.source());
    let plan = bench.plan();
    let report = bench.import();
    assert_eq!(report.verification.as_ref().unwrap().differences, [], "{}", report.summary());
    assert_eq!((report.outcome, report.exit_code), (Verdict::Complete, 0), "{}", report.summary());
    assert_eq!(plan.accounts(), report.accounts());
    let rows = |entity: &str| report.digests.as_ref().unwrap()[entity].rows;
    assert_eq!((rows("profile"), rows("query"), rows("issue")), (2, 3, 300));
    let items: usize = bench.read_rows(|r| {
        let delivery = r.delivery()?;
        let mut items = 0;
        for profile in delivery.list_profiles()? {
            for query in delivery.list_queries(&profile.id)? {
                items += delivery.list_changelog_items(query.key(), &Default::default())?.len();
            }
        }
        Ok(items)
    });
    assert_eq!(items, 878);
    assert_eq!(bench.verify().verification.unwrap().differences, []);
    let again = bench.import();
    assert_eq!((again.totals.inserted, again.totals.updated), (0, 0));
    bench.export();
    assert_eq!(contents(&bench.exported()), before);
}

#[test]
fn a_later_state_of_the_tree_is_taken_over() {
    let bench = Bench::new();
    copy_folder(&sample(), &bench.source());
    bench.import();
    let query = "profiles/p_db5b5fab8f4d/queries/q_73ab48767734";
    let edit = |path: &str, from: &str, to: &str| {
        let text = String::from_utf8(std::fs::read(bench.source().join(path)).unwrap()).unwrap();
        assert!(text.contains(from), "{path}");
        bench.write(path, text.replacen(from, to, 1).as_bytes());
    };
    edit(&format!("{query}/jira_cache.json"), "\"timestamp\": \"2025", "\"timestamp\": \"2026");
    edit(&format!("{query}/jira_cache.json"), "\"summary\": \"", "\"summary\": \"New: ");
    edit(&format!("{query}/query.json"), "\"description\": \"", "\"description\": \"more ");
    let report = bench.import();
    assert_eq!(report.verification.as_ref().unwrap().differences, [], "{}", report.summary());
    assert_eq!((report.totals.updated, report.totals.quarantined), (2, 0), "{}", report.summary());
    bench.export();
    assert_eq!(contents(&bench.exported()), loaded_files(&bench.source()));
}
