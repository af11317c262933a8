//! Trees written back, packages, older layouts and damage.

use super::*;

#[test]
fn an_untouched_tree_is_written_as_it_is() {
    let before = sample_files();
    let mut memory = memory_of(&load(&before).unwrap());
    assert_eq!(render(&mut memory, &before).unwrap(), BTreeMap::new());
}

#[test]
fn a_tree_written_from_nothing_reads_the_same() {
    let tree = load(&sample_files()).unwrap();
    let mut written = Files::new();
    apply(&mut written, render(&mut memory_of(&tree), &Files::new()).unwrap());
    let again = load(&written).unwrap();
    assert_eq!(again.profiles, tree.profiles);
    assert_eq!(memory_of(&again), memory_of(&tree));
    assert_eq!(render(&mut memory_of(&again), &written).unwrap(), BTreeMap::new());
}

#[test]
fn a_change_touches_only_its_files_and_survives_reading() {
    let mut files = sample_files();
    let before = files.clone();
    let mut memory = memory_of(&load(&files).unwrap());
    let now = time("2025-12-17 10:00");
    let (q1, q3) = (key(Q1.0, Q1.1), key(Q3.0, Q3.1));
    profiles::rename(&mut memory, &q1.profile, "Umbenannt").unwrap();
    let week = IsoWeek::parse("2025-51").unwrap();
    documents::save_metrics_snapshot(
        &mut memory,
        &q1,
        week,
        MetricKind::Flow,
        "{\"flow_time\": {\"median_days\": 1.50}}",
        None,
        now,
    )
    .unwrap();
    documents::save_jira_cache(
        &mut memory,
        &q3,
        "second",
        "{\"timestamp\": \"2025-12-17T09:00:00Z\", \"issues\": [{}]}",
        Some(time("2026-01-01 00:00")),
    )
    .unwrap();
    memory.set_app_state("schema_version", "1.0").unwrap();
    let changes = render(&mut memory, &files).unwrap();
    let paths: Vec<_> = changes.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            ".landfast/delivery.json",
            "profiles/p_79cb9e86830c/queries/q_2fa91425cb00/jira_cache.2.json",
            "profiles/p_db5b5fab8f4d/profile.json",
            "profiles/p_db5b5fab8f4d/queries/q_73ab48767734/metrics_snapshots.json",
            "profiles/profiles.json",
        ]
    );
    apply(&mut files, changes);
    assert_eq!(memory_of(&load(&files).unwrap()), memory);
    assert_eq!(render(&mut memory, &files).unwrap(), BTreeMap::new());
    let (old, new) = (&before["profiles/p_db5b5fab8f4d/profile.json"], &files["profiles/p_db5b5fab8f4d/profile.json"]);
    let renamed = String::from_utf8(old.clone())
        .unwrap()
        .replace("Orbit Delivery \\u2013 Gr\\u00f6\\u00dfe \\u03a9", "Umbenannt");
    assert_eq!(String::from_utf8(new.clone()).unwrap(), renamed);
}

#[test]
fn deleting_removes_files_and_nothing_else() {
    let mut files = sample_files();
    let mut memory = memory_of(&load(&files).unwrap());
    queries::delete(&mut memory, &key(Q1.0, Q1.1)).unwrap();
    profiles::delete(&mut memory, &ProfileId::new(Q3.0).unwrap()).unwrap();
    memory.cleanup_expired_cache(time("2025-12-17 10:00")).unwrap();
    let changes = render(&mut memory, &files).unwrap();
    apply(&mut files, changes);
    assert!(!files.keys().any(|path| path.contains(Q1.1) || path.contains(Q3.0)), "{:?}", files.keys());
    assert!(files.contains_key("profiles/p_db5b5fab8f4d/queries/q_309d6b79965e/query.json"));
    assert_eq!(memory_of(&load(&files).unwrap()), memory);
}

#[test]
fn a_package_of_the_sample_brings_everything_back() {
    let tree = load(&sample_files()).unwrap();
    let mut memory = memory_of(&tree);
    let id = ProfileId::new(Q1.0).unwrap();
    let bundle = exchange::take(&mut memory, &id, None, &DIGESTS).unwrap();
    let options = |include_token| ExportOptions {
        mode: ExportMode::FullData,
        include_token,
        created_at: time("2025-12-17 10:00"),
    };
    let package = export(&bundle, &options(true)).unwrap();
    let mut other = MemoryDelivery::default();
    let imported = read_package(&package).unwrap();
    exchange::bring(&mut other, imported.profile, &Conflict::Merge, &DIGESTS, time("2025-12-18 10:00")).unwrap();
    let counts: BTreeMap<_, _> = other.row_counts().unwrap().into_iter().collect();
    assert_eq!(
        (counts["issues"], counts["changelog_items"], counts["metrics_snapshots"], counts["weekly_statistics"]),
        (220, 878, 180, 40)
    );
    let again = exchange::take(&mut other, &id, None, &DIGESTS).unwrap();
    assert_eq!(again.queries, bundle.queries);
    let without = export(&bundle, &options(false)).unwrap();
    assert!(!without.contains("SYNTHETIC-TOKEN") && package.contains("SYNTHETIC-TOKEN"));
    assert!(read_package(&without).unwrap().needs_token);
}

#[test]
fn older_layouts_are_read_without_loss() {
    let tree = loaded(&[
        (
            "profiles/profiles.json",
            r#"{"profiles": [{"id": "flat", "name": "Flat", "last_used": "2025-11-01T00:00:00+00:00"}, {"id": "gone", "queries": ["q"]}, {"name": "nobody"}], "active_profile_id": "gone", "_error": "x"}"#,
        ),
        ("profiles/flat/profile.json", r#"{"pert_factor": 3, "deadline": "2026-03-31", "wip_statuses": ["A"]}"#),
        (
            "profiles/old/app_settings.json",
            r#"{"jira_token": "t", "jira_api_endpoint": "https://j/rest/api/2/search", "pert_factor": 1.2}"#,
        ),
        ("profiles/old/queries/main/query.json", r#"{"jql_query": "project = A"}"#),
        ("profiles/old/queries/main/project_data.json", r#"{"total_items": 5, "total_points": 50}"#),
        (
            "profiles/old/queries/12w/jira_cache.json",
            r#"{"version": "1.0", "jql_query": "project = B", "cached_at": "2025-11-01T00:00:00", "issue_count": 3, "issues": [{"key": "B-1"}, {"key": "B-1"}, {}]}"#,
        ),
        (
            "profiles/old/queries/12w/metrics_snapshots.json",
            r#"{"2025-44": {"flow_time": {}, "odd": 1}, "2025-W44": {}, "total": {}}"#,
        ),
    ]);
    assert_eq!(tree.set_aside, []);
    let mut memory = memory_of(&tree);
    let names: Vec<_> = memory.list_profiles().unwrap().into_iter().map(|profile| profile.name).collect();
    assert_eq!(names, ["Flat", "old"]);
    assert_eq!(memory.get_query(&key("old", "12w")).unwrap().unwrap().facts().jql, "project = B");
    assert_eq!(memory.get_query(&key("old", "main")).unwrap().unwrap().facts().jql, "project = A");
    assert!(memory.get_scope(&key("old", "main")).unwrap().unwrap().contains("\"remaining_items\": 5"));
    assert_eq!(state::active_profile(&mut memory).unwrap(), Some(ProfileId::new("flat").unwrap()));
    assert_eq!(memory.list_issues(&key("old", "12w"), &IssueFilter::default()).unwrap().len(), 2);
    let mut codes_found = found(&tree);
    codes_found.sort();
    codes_found.dedup();
    let mut expected = vec![
        codes::ACTIVE_UNKNOWN,
        codes::CACHE_OLD_VERSION,
        codes::DATA_VERSION_1,
        codes::ISSUE_REPEATED,
        codes::ISSUE_WITHOUT_KEY,
        codes::METRIC_OTHER,
        codes::OLD_JQL_KEY,
        codes::PROFILE_APP_SETTINGS,
        codes::PROFILE_FLATTENED,
        codes::QUERY_UNLISTED,
        codes::QUERY_WITHOUT_DOCUMENT,
        codes::REGISTRY_ERROR,
        codes::REGISTRY_GHOST,
        codes::REGISTRY_LIST,
        codes::REGISTRY_NAMELESS,
        codes::UNREGISTERED,
        codes::WEEK_LABEL_OLD,
        codes::WEEK_LABEL_UNKNOWN,
        codes::WEEK_REPEATED,
    ];
    expected.sort();
    assert_eq!(codes_found, expected);
    let mut written = Files::new();
    apply(&mut written, render(&mut memory, &Files::new()).unwrap());
    let again = load(&written).unwrap();
    assert_eq!(again.profiles, tree.profiles);
    assert!(String::from_utf8(written["profiles/profiles.json"].clone()).unwrap().contains("\"gone\""));
}

#[test]
fn damaged_files_are_set_aside_and_never_written_over() {
    let mut list = files(&[
        ("profiles/profiles.json", r#"{"profiles": {"p": {"name": "N"}}}"#),
        ("profiles/p/profile.json", "{broken"),
        ("profiles/p/queries/q/query.json", "{\"name\": \"n\", \"jql\": \"a\"}"),
        ("profiles/p/queries/q/jira_cache.json", "[]"),
        ("profiles/p/queries/q/metrics_snapshots.json", ""),
        ("profiles/p/queries/q/metrics_snapshots_k3.json", "{"),
        ("profiles/.hidden/profile.json", "{}"),
    ]);
    list.insert("profiles/p/queries/q/project_data.json".to_owned(), b"{\"a\": \"\xff\"}".to_vec());
    let tree = load(&list).unwrap();
    let aside: Vec<_> = tree.set_aside.iter().map(|file| (file.path.as_str(), file.code)).collect();
    assert_eq!(
        aside,
        [
            ("profiles/.hidden", codes::UNUSABLE_ID),
            ("profiles/p/profile.json", codes::MALFORMED_JSON),
            ("profiles/p/queries/q/jira_cache.json", codes::WRONG_KIND),
            ("profiles/p/queries/q/metrics_snapshots.json", codes::EMPTY_FILE),
            ("profiles/p/queries/q/project_data.json", codes::INVALID_UTF8),
        ]
    );
    let mut memory = memory_of(&tree);
    assert_eq!(memory.list_profiles().unwrap()[0].name, "N");
    assert_eq!(render(&mut memory, &list).unwrap(), BTreeMap::new());
    // What a crash emptied may be written; what holds bytes may not.
    documents::save_snapshots_document(&mut memory, &key("p", "q"), "{\"2025-W01\": {}}").unwrap();
    assert_eq!(render(&mut memory, &list).unwrap().len(), 1);
    documents::save_project_data(&mut memory, &key("p", "q"), "{}").unwrap();
    let error = render(&mut memory, &list).unwrap_err();
    assert!(error.to_string().contains("project_data.json"), "{error}");
}

#[test]
fn every_missing_file_is_no_file_and_no_default() {
    let tree =
        loaded(&[("profiles/p/profile.json", "{\"forecast_settings\": {}}"), ("profiles/p/queries/q/notes.txt", "")]);
    let mut memory = memory_of(&tree);
    let query = key("p", "q");
    assert_eq!(memory.get_project_data(&query).unwrap(), None);
    assert_eq!(memory.get_changelog(&query).unwrap(), None);
    assert_eq!(memory.list_caches(&query).unwrap(), []);
    assert_eq!(memory.get_query(&query).unwrap().unwrap().facts().name, "q");
    let found = found(&tree);
    assert!(
        found.contains(&codes::REGISTRY_MISSING)
            && found.contains(&codes::QUERY_WITHOUT_DOCUMENT)
            && found.contains(&codes::UNKNOWN_FILE)
    );
}

#[test]
fn a_derived_file_is_counted_but_not_loaded() {
    assert_eq!(classify("cache/4f1eb4d9a3d0b82d80f85f6221678bf5.json"), DeliveryFile::Derived);
    let counts = count(DeliveryFile::Derived, "{\"data\": [{\"key\": \"A-1\"}, {}]}").unwrap();
    assert_eq!((counts.issues, counts.distinct_issue_keys, counts.issues_without_key), (2, 1, 1));
}

/// One operation of a made-up session.
#[derive(Debug, Clone)]
enum Step {
    Rename(String),
    SaveIssues(Vec<u8>),
    SaveHistories(Vec<u8>, u32),
    SaveWeek(u32, bool),
    SaveRows(Vec<u8>),
    CreateQuery(u8),
    DeleteQuery(u8),
    Cleanup(u32),
    SetState(u8, String),
}

fn step() -> impl Strategy<Value = Step> {
    let numbers = || proptest::collection::vec(0..6_u8, 0..4);
    prop_oneof![
        "[a-zé\"\\\\]{1,5}".prop_map(Step::Rename),
        numbers().prop_map(Step::SaveIssues),
        (numbers(), 1..48_u32).prop_map(|(issues, hours)| Step::SaveHistories(issues, hours)),
        (1..5_u32, any::<bool>()).prop_map(|(week, is_flow)| Step::SaveWeek(week, is_flow)),
        numbers().prop_map(Step::SaveRows),
        (0..3_u8).prop_map(Step::CreateQuery),
        (0..3_u8).prop_map(Step::DeleteQuery),
        (0..60_u32).prop_map(Step::Cleanup),
        (0..3_u8, "[a-z\u{1}é]{0,3}").prop_map(|(key, value)| Step::SetState(key, value)),
    ]
}

/// Does it; steps the rules refuse change nothing.
fn take_step(memory: &mut MemoryDelivery, step: &Step) {
    let (q1, now) = (key("p", "q1"), time("2025-12-17 10:00"));
    let hours =
        |hours: u32| landfast_domain::instant::later(now, std::time::Duration::from_secs(u64::from(hours) * 3600));
    let before = memory.clone();
    let done = match step {
        Step::Rename(name) => profiles::rename(memory, &q1.profile, name).map(drop),
        Step::SaveIssues(issues) => {
            let issues: Vec<String> =
                issues.iter().enumerate().map(|(n, key)| format!("{{\"key\": \"A-{key}\", \"n\": {n}.0}}")).collect();
            documents::save_issues_batch(memory, &q1, "k", &issues, hours(24), now).map(drop)
        }
        Step::SaveHistories(issues, life) => {
            let entry = |n| format!("{{\"n\": {n}, \"last_updated\": \"2025-12-17T09:30:00\"}}");
            let entries: Vec<_> = issues.iter().enumerate().map(|(n, key)| (format!("A-{key}"), entry(n))).collect();
            documents::save_jira_changelog(memory, &q1, &entries, hours(*life), now)
        }
        Step::SaveWeek(week, is_flow) => {
            let (kind, metrics) = if *is_flow {
                (MetricKind::Flow, "{\"flow_time\": {\"a\": 1.50}}")
            } else {
                (MetricKind::Dora, "{\"dora_mttr\": {\"a\": null}}")
            };
            documents::save_metrics_snapshot(memory, &q1, IsoWeek::new(2025, *week).unwrap(), kind, metrics, None, now)
                .map(drop)
        }
        Step::SaveRows(rows) => {
            let rows: Vec<String> = rows.iter().map(|day| format!("{{\"date\": \"2025-12-0{}\"}}", day + 1)).collect();
            documents::save_statistics_batch(memory, &q1, &rows, now)
        }
        Step::CreateQuery(number) => {
            queries::create(memory, key("p", &format!("q{number}")), &format!("n{number}"), "a", "", now).map(drop)
        }
        Step::DeleteQuery(number) => queries::delete(memory, &key("p", &format!("q{number}"))),
        Step::Cleanup(after) => memory.cleanup_expired_cache(hours(*after)).map(drop),
        Step::SetState(number, value) => memory.set_app_state(&format!("key{number}"), value),
    };
    if done.is_err() {
        *memory = before;
    }
}

/// What a repository says, but for the places of parts, which close up when a document is written.
fn said(memory: &mut MemoryDelivery) -> String {
    let id = ProfileId::new("p").unwrap();
    let mut said = format!("{:?}\n{:?}", memory.list_app_state().unwrap(), memory.get_profile(&id).unwrap());
    for query in memory.list_queries(&id).unwrap() {
        let query_key = query.key();
        let snapshots: Vec<_> = memory
            .list_snapshots(query_key, None, None)
            .unwrap()
            .into_iter()
            .map(|s| (s.label, s.kind, s.metrics))
            .collect();
        let caches: Vec<_> = memory.list_caches(query_key).unwrap();
        let expiries: Vec<_> = memory
            .changelog_page(query_key, None, 100)
            .unwrap()
            .into_iter()
            .map(|entry| (entry.issue_key, entry.expires_at))
            .collect();
        said += &format!("\n{query:?} {snapshots:?} {expiries:?} {:?}", memory.get_project_data(query_key).unwrap());
        for cache in caches {
            said += &format!(
                "\n{} {:?} {}",
                cache.cache_key,
                cache.expires_at,
                documents::cache_document(memory, &cache).unwrap()
            );
        }
        said += &format!("\n{:?}", documents::changelog_document(memory, query_key).unwrap());
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_done_the_files_say_it(sessions in proptest::collection::vec(proptest::collection::vec(step(), 0..6), 1..4)) {
        let now = time("2025-12-17 09:00");
        let mut memory = MemoryDelivery::default();
        profiles::create(&mut memory, ProfileId::new("p").unwrap(), "a", "", now).unwrap();
        queries::create(&mut memory, key("p", "q1"), "q", "a", "", now).unwrap();
        let mut files = Files::new();
        for session in &sessions {
            session.iter().for_each(|step| take_step(&mut memory, step));
            let changes = render(&mut memory, &files).unwrap();
            apply(&mut files, changes);
            let tree = load(&files).unwrap();
            prop_assert_eq!(&tree.set_aside, &[]);
            let mut again = memory_of(&tree);
            prop_assert_eq!(said(&mut again), said(&mut memory));
            prop_assert_eq!(render(&mut again, &files).unwrap(), BTreeMap::new());
            memory = again;
        }
    }
}
