//! Numbers that are asked for again: nothing is calculated twice, and nothing is stale after a write.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use landfast_analytics::delivery::{QueryCache, QueryRecords};
use landfast_analytics::tasks::{TaskCache, TaskRecords, document};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::delivery::{Changelog, JiraCache, Profile, ProfileId, ProjectData, Query, QueryId, QueryKey};
use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Preference, Task, TaskInstance};
use landfast_domain::time::Timestamp;
use landfast_legacy::files::FileStore;
use proptest::prelude::*;
use serde_json::Value;

/// A folder of its own, removed at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("landfast-cache-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn open(&self) -> FileStore {
        FileStore::open(&self.0).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn now() -> Timestamp {
    Timestamp::parse("2025-12-27 18:00").unwrap()
}

fn records(store: &dyn Store) -> TaskRecords {
    store.read(|repositories| TaskRecords::read(repositories, &UserId::guest())).unwrap()
}

/// The answer without any cache.
fn from_scratch(store: &dyn Store) -> Value {
    document(&records(store).input(), now())
}

fn instance(number: usize, relief: u8) -> TaskInstance {
    let id = format!("i{number}");
    let mut row = TaskInstance::blank(id.as_str().into());
    row.instance_id.set_raw(id);
    row.task_id.set_raw(format!("t{}", number % 3));
    row.created_at.set_raw(format!("2025-12-{:02} 09:00", 1 + number % 27));
    row.initialized_at.set_raw(format!("2025-12-{:02} 09:05", 1 + number % 27));
    row.completed_at.set_raw(format!("2025-12-{:02} 10:00", 1 + number % 27));
    row.status.set_raw("completed");
    row.predicted.set_raw(format!(r#"{{"expected_aversion": {relief}, "time_estimate_minutes": 30}}"#));
    row.actual.set_raw(format!(r#"{{"actual_relief": {relief}, "time_actual_minutes": 45}}"#));
    row
}

fn template(number: usize, kind: &str) -> Task {
    let id = format!("t{number}");
    let mut task = Task::blank(id.as_str().into());
    task.task_id.set_raw(id);
    task.task_type.set_raw(kind);
    task
}

/// A write of a user.
#[derive(Debug, Clone)]
enum Write {
    Insert(usize, u8),
    Change(usize, u8),
    Remove(usize),
    Retype(usize, bool),
    Setting(u8),
}

fn writes() -> impl Strategy<Value = Vec<Write>> {
    let write = prop_oneof![
        (0..12_usize, 0..100_u8).prop_map(|(number, relief)| Write::Insert(number, relief)),
        (0..12_usize, 0..100_u8).prop_map(|(number, relief)| Write::Change(number, relief)),
        (0..12_usize).prop_map(Write::Remove),
        (0..3_usize, any::<bool>()).prop_map(|(number, is_play)| Write::Retype(number, is_play)),
        (0..3_u8).prop_map(Write::Setting),
    ];
    prop::collection::vec(write, 1..14)
}

/// Does a write where it is possible: an insert of a taken key and a change of a missing one do nothing.
fn apply(store: &dyn Store, write: &Write) {
    let user = UserId::guest();
    store
        .write(|repositories| {
            match write {
                Write::Insert(number, relief) => {
                    let row = instance(*number, *relief);
                    if repositories.instances().get(&user, &row.key)?.is_none() {
                        repositories.instances().insert(&user, &row)?;
                    }
                }
                Write::Change(number, relief) => {
                    let row = instance(*number, *relief);
                    if repositories.instances().get(&user, &row.key)?.is_some() {
                        repositories.instances().update(&user, &row)?;
                    }
                }
                Write::Remove(number) => {
                    let _ = repositories.instances().delete(&user, &instance(*number, 0).key)?;
                }
                Write::Retype(number, is_play) => {
                    let task = template(*number, if *is_play { "Play" } else { "Work" });
                    if repositories.tasks().get(&user, &task.key)?.is_some() {
                        repositories.tasks().update(&user, &task)?;
                    } else {
                        repositories.tasks().insert(&user, &task)?;
                    }
                }
                Write::Setting(number) => {
                    let mut row = Preference::blank("default_user".into());
                    row.user_id.set_raw("default_user");
                    let answer = ["", "fresh_start", "continue_as_is"].get(usize::from(*number)).copied();
                    row.set_cell_named("gap_handling", answer.unwrap_or_default().to_owned());
                    if repositories.preferences().get(&user, &row.key)?.is_some() {
                        repositories.preferences().update(&user, &row)?;
                    } else {
                        repositories.preferences().insert(&user, &row)?;
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}

/// The same question twice is answered once; after each write the answer is that of a calculation from scratch.
fn never_stale(store: &dyn Store, writes: &[Write]) {
    let mut cache = TaskCache::default();
    for write in writes {
        apply(store, write);
        let answer = cache.document(records(store), now());
        assert_eq!(*answer, from_scratch(store), "after {write:?}");
        let before = cache.work();
        let again = cache.document(records(store), now());
        assert_eq!(again, answer);
        let after = cache.work();
        assert_eq!(after.documents_reused, before.documents_reused + 1);
        assert_eq!(
            (after.documents_made, after.preparations, after.rows_prepared),
            (before.documents_made, before.preparations, before.rows_prepared)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_writes_leave_nothing_stale_in_memory(writes in writes()) {
        never_stale(&FileStore::in_memory(), &writes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_writes_leave_nothing_stale_in_files(writes in writes()) {
        let folder = Folder::new();
        never_stale(&folder.open(), &writes);
    }
}

#[test]
fn only_what_changed_is_prepared_again() {
    let store = &FileStore::in_memory();
    for number in 0..10 {
        apply(store, &Write::Insert(number, 40));
    }
    let mut cache = TaskCache::default();
    let first = cache.document(records(store), now());
    assert_eq!((cache.work().rows_prepared, cache.work().rows_reused), (10, 0));
    apply(store, &Write::Change(4, 90));
    let second = cache.document(records(store), now());
    assert_ne!(first, second);
    assert_eq!((cache.work().rows_prepared, cache.work().rows_reused), (11, 9));
    // Another time: the rows stay, the numbers are made anew.
    let later = cache.document(records(store), Timestamp::parse("2026-01-27 18:00").unwrap());
    assert_ne!(second, later);
    assert_eq!((cache.work().rows_prepared, cache.work().preparations, cache.work().documents_made), (11, 2, 3));
}

#[test]
fn a_write_through_another_handle_is_seen() {
    let folder = Folder::new();
    let (mine, other) = (folder.open(), folder.open());
    apply(&mine, &Write::Insert(1, 20));
    let mut cache = TaskCache::default();
    let before = cache.document(records(&mine), now());
    apply(&other, &Write::Change(1, 80));
    let after = cache.document(records(&mine), now());
    assert_ne!(before, after);
    assert_eq!(*after, from_scratch(&mine));
}

fn key() -> QueryKey {
    QueryKey::new(ProfileId::new("p_1").unwrap(), QueryId::new("q_1").unwrap())
}

/// Saves a query with these issues, as texts, and the change log.
fn save(store: &dyn Store, issues: &[String], changelog: &str, statistics: &str) {
    let text = r#"{"id": "p_1", "name": "P", "jira_config": {"points_field": "customfield_1"}}"#;
    let profile = Profile::new(key().profile, Some(text.to_owned()), None).unwrap();
    let document = format!(r#"{{"issues": [{}]}}"#, issues.join(", "));
    let (cache, issues) = JiraCache::read(key(), "key", &document, None, Some("customfield_1")).unwrap();
    let (changelog, entries) = Changelog::read(key(), changelog, None).unwrap();
    let data = ProjectData::new(key(), statistics).unwrap();
    let query = Query::new(key(), Some(r#"{"id": "q_1", "name": "Q"}"#.to_owned()), None).unwrap();
    store
        .write(|repositories| {
            let delivery = repositories.delivery()?;
            delivery.save_profile(&profile)?;
            delivery.save_query(&query)?;
            delivery.save_cache(&cache)?;
            delivery.save_issues(&key(), &cache.cache_key, &issues)?;
            delivery.save_changelog(&changelog)?;
            delivery.save_changelog_entries(&key(), &entries)?;
            delivery.save_project_data(&data)
        })
        .unwrap();
}

fn query_records(store: &dyn Store) -> QueryRecords {
    store
        .read(|repositories| {
            let profile = repositories.delivery()?.get_profile(&key().profile)?.unwrap();
            QueryRecords::read(repositories, &profile, &key())
        })
        .unwrap()
}

fn issue(number: usize, status: &str) -> String {
    format!(
        r#"{{"key": "A-{number}", "fields": {{"created": "2025-11-0{}T10:00:00.000+0000", "status": {{"name": "{status}", "statusCategory": {{"key": "done"}}}}, "customfield_1": {number}}}}}"#,
        1 + number % 9
    )
}

#[test]
fn queries_are_never_stale_either() {
    let store = &FileStore::in_memory();
    let log = |to: &str| {
        format!(
            r#"{{"A-1": {{"changelog": {{"histories": [{{"created": "2025-11-05T10:00:00.000+0000", "items": [{{"field": "status", "fromString": "To Do", "toString": "{to}"}}]}}]}}}}}}"#
        )
    };
    let weeks = |done: u8| format!(r#"{{"statistics": [{{"date": "2025-12-01", "completed_items": {done}}}]}}"#);
    let mut issues: Vec<String> = (1..6).map(|number| issue(number, "To Do")).collect();
    let mut cache = QueryCache::default();
    let mut ask = |expected: (u64, u64)| {
        let records = query_records(store);
        let fresh = QueryCache::default().part("q1", records.clone(), now());
        let answer = cache.part("q1", records.clone(), now());
        assert_eq!(answer, fresh);
        let made = cache.work().documents_made;
        assert_eq!(cache.part("q1", records, now()), answer);
        assert_eq!(cache.work().documents_made, made);
        assert_eq!((cache.work().rows_prepared, cache.work().rows_reused), expected);
        answer
    };
    save(store, &issues, &log("Done"), &weeks(3));
    let first = ask((5, 0));
    issues[2] = issue(3, "Done");
    save(store, &issues, &log("Done"), &weeks(3));
    let second = ask((6, 4));
    assert_ne!(first, second);
    // A changed history is a changed issue; changed weeks are none.
    save(store, &issues, &log("In Progress"), &weeks(3));
    ask((7, 8));
    save(store, &issues, &log("In Progress"), &weeks(5));
    ask((7, 13));
}
