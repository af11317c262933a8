//! The delivery area in transactions.

use super::{in_vain, key, profile, query, read, saved_query, write};
use landfast_domain::delivery::{ProjectData, ROW_KINDS, documents};
use landfast_domain::{Error, Store};

/// A response, its issues and whatever else a transaction wrote go together: all of it is kept or nothing.
pub fn a_failed_transaction_keeps_nothing_of_a_query(store: &dyn Store) {
    let query = saved_query(store);
    write(store, |d| documents::save_jira_cache(d, &query, "k", super::caches::RESPONSE, None));
    let failed = store.write(|r| {
        let d = r.delivery()?;
        documents::save_jira_cache(d, &query, "k", "{\"timestamp\": \"2025-12-17\", \"issues\": []}", None)?;
        documents::save_jira_cache(d, &query, "l", super::caches::RESPONSE, None)?;
        documents::save_changelog_document(d, &query, super::changelogs::MAP)?;
        d.save_project_data(&ProjectData::new(query.clone(), "{\"statistics\": [{}]}")?)?;
        documents::save_snapshots_document(d, &query, super::snapshots::DOCUMENT)?;
        Err::<(), _>(Error::aborted("killed"))
    });
    assert!(failed.is_err());
    assert_eq!(read(store, |d| d.list_caches(&query)).len(), 1);
    assert_eq!(read(store, |d| d.list_issues(&query, &Default::default())).len(), 3);
    assert_eq!(read(store, |d| d.get_changelog(&query)), None);
    assert_eq!(read(store, |d| d.get_project_data(&query)), None);
    assert_eq!(read(store, |d| d.list_snapshots(&query, None, None)), []);
}

/// A transaction reads what it wrote.
pub fn a_transaction_reads_its_own_documents(store: &dyn Store) {
    let profile = profile(store);
    let key = key(&profile, "q");
    let (issues, listed) = write(store, |d| {
        d.save_query(&query(&key, "{\"name\": \"n\"}"))?;
        documents::save_jira_cache(d, &key, "k", super::caches::RESPONSE, None)?;
        Ok((d.list_issues(&key, &Default::default())?, d.list_queries(&profile)?))
    });
    assert_eq!((issues.len(), listed.len()), (3, 1));
}

/// Rows are counted by kind.
pub fn rows_are_counted_by_kind(store: &dyn Store) {
    let key = saved_query(store);
    let counts = in_vain(store, |d| {
        let before = d.row_counts()?;
        documents::save_jira_cache(d, &key, "k", super::caches::RESPONSE, None)?;
        documents::save_changelog_document(d, &key, super::changelogs::MAP)?;
        d.save_project_data(&ProjectData::new(key.clone(), "{\"statistics\": [{}, {}]}")?)?;
        documents::save_snapshots_document(d, &key, super::snapshots::DOCUMENT)?;
        d.set_app_state("contract-counted", "1")?;
        let after = d.row_counts()?;
        Ok(before.into_iter().zip(after).map(|((name, before), (_, after))| (name, after - before)).collect::<Vec<_>>())
    });
    assert_eq!(counts.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ROW_KINDS);
    assert_eq!(counts.iter().map(|(_, added)| *added).collect::<Vec<_>>(), [1, 0, 0, 1, 3, 1, 2, 2, 1, 2, 7, 9, 0]);
}

/// Writers of different queries keep everything, at the same time.
pub fn concurrent_writers_of_different_queries_keep_everything(store: &dyn Store) {
    let profile = profile(store);
    std::thread::scope(|scope| {
        for number in 0..3 {
            let key = key(&profile, &format!("q{number}"));
            scope.spawn(move || {
                write(store, |d| {
                    d.save_query(&query(&key, "{}"))?;
                    documents::save_jira_cache(d, &key, "k", super::caches::RESPONSE, None)?;
                    documents::save_changelog_document(d, &key, super::changelogs::MAP)?;
                    documents::save_snapshots_document(d, &key, super::snapshots::DOCUMENT)
                });
            });
        }
    });
    for query in read(store, |d| d.list_queries(&profile)) {
        assert_eq!(read(store, |d| d.list_issues(query.key(), &Default::default())).len(), 3);
        assert_eq!(read(store, |d| d.list_changelog_items(query.key(), &Default::default())).len(), 2);
        assert_eq!(read(store, |d| d.list_snapshots(query.key(), None, None)).len(), 7);
    }
    assert_eq!(read(store, |d| d.list_queries(&profile)).len(), 3);
}
