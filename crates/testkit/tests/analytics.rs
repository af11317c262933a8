//! Everything that is calculated is the same on files, SQLite and PostgreSQL, to the last bit.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use landfast_analytics::delivery::{self, QueryCache, QueryData, QueryRecords};
use landfast_analytics::tasks::{self, TaskCache, TaskRecords};
use landfast_domain::accounts::UserId;
use landfast_domain::delivery::ProfileId;
use landfast_domain::time::Timestamp;
use landfast_domain::{Repositories, Result, Store};
use landfast_legacy::files::FileStore;
use landfast_testkit::databases;
use landfast_testkit::golden::{TasksSample, copy_folder};
use landfast_testkit::imports::import_folder;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn now() -> Timestamp {
    Timestamp::parse("2025-12-17 10:00").unwrap()
}

/// What this question answers about a folder: on its files, then on databases it was imported into.
fn answers(legacy: &Path, ask: &dyn Fn(&dyn Store) -> Value) -> Vec<(&'static str, Value)> {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    copy_folder(legacy, &data);
    let _ = std::fs::remove_file(data.join("expected.json"));
    let mut found = vec![("files", ask(&FileStore::open(&data).unwrap()))];
    let mut imported = |name, store: &dyn Store| {
        let report = import_folder(store, &data, &home.path().join(format!("backup-{name}"))).unwrap();
        assert_eq!(report.exit_code, 0, "{name}: {}", report.summary());
        found.push((name, ask(store)));
    };
    imported("sqlite", databases::sqlite().store());
    if let Some(database) = databases::postgres() {
        imported("postgres", database.store());
    }
    found
}

/// All answers as texts, in which two numbers are equal only when all their bits are.
fn assert_equal(answers: &[(&str, Value)]) {
    let ((first, expected), rest) = answers.split_first().unwrap();
    assert!(!rest.is_empty());
    let expected = expected.to_string();
    for (name, answer) in rest {
        let answer = answer.to_string();
        let differs = expected.bytes().zip(answer.bytes()).position(|(one, other)| one != other);
        let about = |text: &str| {
            let place = differs.unwrap_or_default();
            text.chars().skip(place.saturating_sub(200)).take(300).collect::<String>()
        };
        assert!(answer == expected, "{first}: …{}…\n{name}: …{}…", about(&expected), about(&answer));
    }
}

fn tasks_document(store: &dyn Store) -> Value {
    let records = store.read(|repositories| TaskRecords::read(repositories, &UserId::guest())).unwrap();
    let document = tasks::document(&records.input(), now());
    assert_eq!(*TaskCache::default().document(records, now()), document);
    document
}

/// Profiles, and their queries, prepared, with their records.
type Read = (Vec<ProfileId>, Vec<(QueryData, QueryRecords)>);

fn delivery_document(store: &dyn Store) -> Value {
    let read = |repositories: &mut dyn Repositories| -> Result<Read> {
        let (mut profiles, mut queries) = (Vec::new(), Vec::new());
        for summary in repositories.delivery()?.list_profiles()? {
            let profile = repositories.delivery()?.get_profile(&summary.id)?.unwrap();
            for query in repositories.delivery()?.list_queries(&summary.id)? {
                let records = QueryRecords::read(repositories, &profile, query.key())?;
                queries.push((records.prepare(query.key().query.as_str()), records));
            }
            profiles.push(summary.id);
        }
        Ok((profiles, queries))
    };
    let (mut profiles, mut queries) = store.read(read).unwrap();
    profiles.sort();
    queries.sort_by(|(one, _), (other, _)| one.alias.cmp(&other.alias));
    assert!(!queries.is_empty());
    let (queries, records): (Vec<QueryData>, Vec<QueryRecords>) = queries.into_iter().unzip();
    let named: Vec<(String, ProfileId)> = profiles.into_iter().map(|id| (id.as_str().to_owned(), id)).collect();
    let document = delivery::document(&named, &queries, now());
    for (query, records) in queries.iter().zip(records) {
        let part = QueryCache::default().part(&query.alias, records, now());
        assert_eq!(document.pointer(&format!("/queries/{}", query.alias)), Some(&*part));
    }
    document
}

#[test]
fn tasks_are_the_same_on_every_store() {
    for sample in TasksSample::ALL {
        assert_equal(&answers(&sample.folder(), &tasks_document));
    }
}

#[test]
fn delivery_is_the_same_on_every_store() {
    let legacy = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/delivery/legacy");
    assert_equal(&answers(&legacy, &delivery_document));
}
