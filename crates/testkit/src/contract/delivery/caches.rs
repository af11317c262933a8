//! Cached responses.

use super::{in_vain, is_missing, key, profile, read, saved_query, write};
use crate::contract::support::{is_files, time};
use landfast_domain::Store;
use landfast_domain::delivery::{Issue, JiraCache, documents};

/// A response with three issues, good until 2025-12-18 09:30.
pub(super) const RESPONSE: &str = "{\n  \"timestamp\": \"2025-12-17T09:30:00+00:00\", \"jql_query\": \"project = A\",\n  \"issues\": [\n    \
    {\"key\": \"A-1\", \"fields\": {\"status\": {\"name\": \"Done\"}}},\n    {\"key\": \"A-2\", \"fields\": {}}, {} ],\n \"total_issues\": 3, \"odd\": 1.50}\n";

/// A response comes back with every byte, until it expires.
pub fn a_response_comes_back_byte_for_byte(store: &dyn Store) {
    let query = saved_query(store);
    write(store, |d| documents::save_jira_cache(d, &query, "k", RESPONSE, None));
    let found = |at: &str| read(store, |d| documents::jira_cache(d, &query, "k", time(at)));
    assert_eq!(found("2025-12-17 10:00").as_deref(), Some(RESPONSE));
    assert_eq!(found("2025-12-18 09:29:59.999999").as_deref(), Some(RESPONSE));
    assert_eq!(read(store, |d| documents::jira_cache(d, &query, "other", time("2025-12-17 10:00"))), None);
}

/// From its moment of expiry on, a response reads as absent; it is still there.
pub fn an_expired_response_reads_as_absent(store: &dyn Store) {
    let query = saved_query(store);
    write(store, |d| documents::save_jira_cache(d, &query, "k", RESPONSE, None));
    assert_eq!(read(store, |d| documents::jira_cache(d, &query, "k", time("2025-12-18 09:30"))), None);
    let cache = read(store, |d| d.get_cache(&query, "k")).unwrap();
    assert_eq!(cache.expires_at, Some(time("2025-12-18 09:30")));
    assert_eq!(read(store, |d| documents::cache_document(d, &cache)), RESPONSE);
}

/// A given moment of expiry is kept to the microsecond.
pub fn a_given_expiry_is_kept(store: &dyn Store) {
    let query = saved_query(store);
    let expiry = time("2026-01-31 23:59:59.000001");
    write(store, |d| documents::save_jira_cache(d, &query, "k", RESPONSE, Some(expiry)));
    assert_eq!(read(store, |d| d.get_cache(&query, "k")).unwrap().expires_at, Some(expiry));
    assert_eq!(
        read(store, |d| documents::jira_cache(d, &query, "k", time("2026-01-31 23:59:59"))).as_deref(),
        Some(RESPONSE)
    );
}

/// Saving a response again removes the issues it had.
pub fn replacing_a_response_removes_its_issues(store: &dyn Store) {
    let query = saved_query(store);
    write(store, |d| documents::save_jira_cache(d, &query, "k", RESPONSE, None));
    let cache = read(store, |d| d.get_cache(&query, "k")).unwrap();
    write(store, |d| d.update_cache(&cache));
    assert_eq!(read(store, |d| d.issue_keys(&query, "k")).len(), 3);
    write(store, |d| d.save_cache(&cache));
    assert_eq!(read(store, |d| d.issues_page(&query, "k", None, 9)), []);
    assert_eq!(read(store, |d| d.list_issues(&query, &Default::default())), []);
    write(store, |d| documents::save_jira_cache(d, &query, "k", RESPONSE, None));
    assert_eq!(read(store, |d| documents::cache_document(d, &cache)), RESPONSE);
}

/// Responses of a query are listed by the bytes of their keys, each with its own issues.
pub fn responses_are_listed_by_key_bytes(store: &dyn Store) {
    let query = saved_query(store);
    let keys = ["b", "ä", "B", "a", "9"];
    for key in keys {
        write(store, |d| documents::save_jira_cache(d, &query, key, RESPONSE, None));
    }
    let mut sorted = keys;
    sorted.sort_unstable();
    let listed: Vec<String> = read(store, |d| d.list_caches(&query)).into_iter().map(|cache| cache.cache_key).collect();
    assert_eq!(listed, sorted);
    assert!(write(store, |d| d.delete_cache(&query, "B")));
    assert!(!write(store, |d| d.delete_cache(&query, "B")));
    assert_eq!(read(store, |d| d.list_issues(&query, &Default::default())).len(), 12);
}

/// Keys of any length are kept apart.
pub fn long_response_keys_are_kept_apart(store: &dyn Store) {
    if is_files(store) {
        return;
    }
    let query = saved_query(store);
    let keys = ["1", "2"].map(|end| format!("{}{end}", "k".repeat(3_000)));
    for key in &keys {
        write(store, |d| documents::save_jira_cache(d, &query, key, RESPONSE, None));
    }
    assert!(write(store, |d| d.delete_cache(&query, &keys[0])));
    let listed = read(store, |d| d.list_caches(&query));
    assert!(listed.len() == 1 && listed[0].cache_key == keys[1]);
    assert_eq!(read(store, |d| d.issues_page(&query, &keys[1], None, 9)).len(), 3);
}

/// A response needs its query, and issues need their response; being refused does not spoil the transaction.
pub fn what_belongs_to_nothing_is_refused(store: &dyn Store) {
    let known = saved_query(store);
    let unknown = key(&profile(store), "q_1");
    let (cache, issues) = JiraCache::read(unknown.clone(), "k", RESPONSE, None, None).unwrap();
    write(store, |d| {
        assert!(is_missing(&d.save_cache(&cache), "query"));
        assert!(is_missing(&d.update_cache(&cache), "jira cache"));
        assert!(is_missing(&d.save_issues(&unknown, "k", &issues), "jira cache"));
        assert!(is_missing(&d.save_issues(&known, "k", &issues), "jira cache"));
        assert!(is_missing(&d.save_issues(&known, "k", &[]), "jira cache"));
        documents::save_jira_cache(d, &known, "k", RESPONSE, None)
    });
    assert_eq!(read(store, |d| d.list_caches(&unknown)), []);
    assert_eq!(read(store, |d| d.list_caches(&known)).len(), 1);
}

/// A batch of issues renews a response: issues with a known key are replaced, others added.
pub fn a_batch_of_issues_renews_a_response(store: &dyn Store) {
    let query = saved_query(store);
    write(store, |d| documents::save_jira_cache(d, &query, "k", RESPONSE, None));
    let batch = ["{\"key\": \"A-2\", \"new\": 1.50}", "{\"key\": \"A-3\"}"].map(str::to_owned);
    let (expiry, now) = (time("2025-12-20 00:00"), time("2025-12-18 12:00"));
    assert_eq!(write(store, |d| documents::save_issues_batch(d, &query, "k", &batch, expiry, now)), 4);
    let issues: Vec<Issue> = read(store, |d| d.issues_page(&query, "k", None, 9));
    assert_eq!((issues[1].text.as_str(), issues[3].text.as_str()), (batch[0].as_str(), batch[1].as_str()));
    let document = read(store, |d| documents::jira_cache(d, &query, "k", time("2025-12-19 23:59"))).unwrap();
    assert!(document.contains("\"odd\": 1.50") && document.contains("\"total_issues\": 4"), "{document}");
}

/// Cleaning up removes what reads as absent, from responses and change logs, and tells how much it was.
pub fn expired_rows_are_cleaned_up(store: &dyn Store) {
    let query = saved_query(store);
    let old = RESPONSE.replace("2025-12-17", "1985-12-17");
    let log = super::changelogs::MAP.replace("2025-12-17", "1985-12-17");
    let timeless = RESPONSE.replace("timestamp", "no_time");
    let (cache, issues) = JiraCache::read(query.clone(), "timeless", &timeless, None, None).unwrap();
    // Another user's rows must not be cleaned up with ours.
    let (before, removed, left) = in_vain(store, |d| {
        d.cleanup_expired_cache(time("1985-12-18 09:30"))?;
        documents::save_jira_cache(d, &query, "old", &old, None)?;
        documents::save_jira_cache(d, &query, "new", RESPONSE, None)?;
        d.save_cache(&cache)?;
        d.save_issues(&query, "timeless", &issues)?;
        documents::save_changelog_document(d, &query, &log)?;
        let before = d.cleanup_expired_cache(time("1985-12-18 09:29:59.999999"))?;
        let removed = d.cleanup_expired_cache(time("1985-12-18 09:30"))?;
        Ok((
            before,
            removed,
            (d.list_caches(&query)?, d.changelog_page(&query, None, 9)?, d.list_issues(&query, &Default::default())?),
        ))
    });
    // The one without a time is absent at once, and so is the history without one.
    assert_eq!((before, removed), (2, 2));
    assert_eq!(left.0.iter().map(|cache| cache.cache_key.as_str()).collect::<Vec<_>>(), ["new"]);
    assert_eq!((left.1.len(), left.2.len()), (0, 3));
}
