//! Delivery trees.

use crate::support::{Bench, contents, copy_folder};
use landfast_cutover::report::Verdict;
use landfast_domain::delivery::{Moment, ProfileId, QueryId, QueryKey, TaskProgress, TaskStatus, documents};
use landfast_domain::time::Timestamp;
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

/// A small tree with one query.
fn one_query(files: &[(&str, &str)]) -> Bench {
    let query = "profiles/p/queries/q";
    let bench = Bench::with(&[
        ("profiles/profiles.json", br#"{"version": "3.0", "active_profile_id": "p", "profiles": {}}"#),
        ("profiles/p/profile.json", br#"{"id": "p", "name": "P"}"#),
        ("profiles/p/queries/q/query.json", br#"{"name": "Q", "jql": "project = Q"}"#),
    ]);
    files.iter().for_each(|(name, text)| bench.write(&format!("{query}/{name}"), text.as_bytes()));
    bench
}

#[test]
fn a_damaged_change_log_is_set_aside_and_the_rest_is_loaded() {
    let damaged = r#"{"A-1": {"key": "A-1", "changelog": {"histories": ["#;
    let bench = one_query(&[("jira_changelog_cache.json", damaged)]);
    let report = bench.import();
    assert_eq!((report.exit_code, report.totals.quarantined), (3, 1), "{}", report.summary());
    assert_eq!(report.quarantine[0].code, "malformed_json");
    assert_eq!(bench.import().totals.changes(), 0);
    bench.export();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
}

#[test]
fn a_document_with_two_lists_of_issues_is_set_aside_and_comes_out() {
    let doubled = r#"{"timestamp": "2025-12-17T09:30:00", "issues": [], "issues": [{"key": "A-1"}]}"#;
    let bench = one_query(&[("jira_cache.json", doubled)]);
    let report = bench.import();
    assert_eq!(report.verification.as_ref().unwrap().differences, [], "{}", report.summary());
    assert_eq!(report.exit_code, 3);
    bench.export();
    assert_eq!(contents(&bench.exported()), contents(&bench.source()));
}

#[test]
fn what_an_export_had_no_other_place_for_is_read_back() {
    let bench = Bench::new();
    copy_folder(&sample(), &bench.source());
    bench.import();
    let profile = ProfileId::new("p_db5b5fab8f4d").unwrap();
    let query = QueryKey::new(profile, QueryId::new("q_73ab48767734").unwrap());
    let response =
        r#"{"timestamp": "2026-01-01T00:00:00+00:00", "jql_query": "project = OTHER", "issues": [{"key": "OTH-1"}]}"#;
    let expiry = Timestamp::parse("2030-01-01 00:00");
    bench.write_rows(|r| {
        let delivery = r.delivery()?;
        delivery.set_app_state("theme", "dark")?;
        let time = Moment::read("2026-01-01T00:00:00");
        delivery.save_task_progress(&TaskProgress::new("sync", 40.0, TaskStatus::Failed, "half", time)?)?;
        documents::save_jira_cache(delivery, &query, "a key of its own", response, expiry)
    });
    bench.export();
    let other = Bench::new();
    copy_folder(&bench.exported(), &other.source());
    assert!(other.source().join(".landfast/delivery.json").is_file());
    let report = other.import();
    assert_eq!(report.verification.as_ref().unwrap().differences, [], "{}", report.summary());
    assert_eq!(report.exit_code, 0, "{}", report.summary());
    assert_eq!(other.digests(), bench.digests());
    let (cache, progress) = other.read_rows(|r| {
        let delivery = r.delivery()?;
        Ok((delivery.get_cache(&query, "a key of its own")?, delivery.get_task_progress("sync")?))
    });
    assert_eq!(cache.map(|cache| cache.expires_at), Some(expiry));
    assert_eq!(progress.map(|progress| progress.message), Some("half".to_owned()));
    let again = other.import();
    assert_eq!((again.totals.inserted, again.totals.updated), (0, 0), "{}", again.summary());
    other.export();
    assert_eq!(contents(&other.exported()), contents(&bench.exported()));
}
