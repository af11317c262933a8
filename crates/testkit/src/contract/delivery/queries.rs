//! Queries.

use super::{is_missing, key, profile, profile_id, query, read, saved_query, write};
use landfast_domain::Store;
use landfast_domain::delivery::{ProjectData, Query, documents};

/// The document of a query comes back with every byte.
pub fn a_query_is_kept_byte_for_byte(store: &dyn Store) {
    let key = key(&profile(store), "q_73ab48767734");
    let document = "{ \"name\": \"Größe\",\n \"jql_query\": \"project = \\\"A\\\" AND x ~ 'ä\u{301}'\", \"odd\": 1.0, \"odd\": [NaN] }";
    let saved = query(&key, document);
    write(store, |d| d.save_query(&saved));
    let found = read(store, |d| d.get_query(&key)).unwrap();
    assert_eq!((found.document(), found.facts()), (Some(document), saved.facts()));
    assert_eq!(found, saved);
}

/// Queries are listed by when they were used last; those that do not say come last.
pub fn queries_are_listed_most_recently_used_first(store: &dyn Store) {
    let profile = profile(store);
    let documents = [
        ("q1", "{\"created_at\": \"2025-12-17T09:30:00+00:00\"}"),
        ("q2", "{}"),
        ("q3", "{\"last_used\": \"2025-12-17T09:30:00.000001\", \"updated_at\": \"2026-01-01\"}"),
        ("q4", "{\"updated_at\": \"2025-12-17T11:30:00+02:00\"}"),
        ("Q5", "{\"last_used\": \"?\"}"),
    ];
    for (id, document) in documents {
        write(store, |d| d.save_query(&query(&key(&profile, id), document)));
    }
    let listed = read(store, |d| d.list_queries(&profile));
    let ids: Vec<&str> = listed.iter().map(|query| query.key().query.as_str()).collect();
    assert_eq!(ids, ["q3", "q1", "q4", "Q5", "q2"]);
}

/// A query needs its profile; being refused does not spoil the transaction.
pub fn a_query_of_an_unknown_profile_is_refused(store: &dyn Store) {
    let (known, unknown) = (profile(store), profile_id());
    write(store, |d| {
        assert!(is_missing(&d.save_query(&query(&key(&unknown, "q"), "{}")), "profile"));
        d.save_query(&query(&key(&known, "q"), "{}"))
    });
    assert_eq!(read(store, |d| d.list_queries(&unknown)), []);
    assert_eq!(read(store, |d| d.list_queries(&known)).len(), 1);
}

/// Two profiles may have queries of one id; each has its own data.
pub fn queries_of_one_id_in_two_profiles_are_apart(store: &dyn Store) {
    let (one, other) = (saved_query(store), saved_query(store));
    assert_eq!(one.query, other.query);
    write(store, |d| d.save_project_data(&ProjectData::new(one.clone(), "{\"statistics\": []}")?));
    assert_eq!(read(store, |d| d.get_project_data(&other)), None);
    write(store, |d| d.delete_query(&other));
    assert!(read(store, |d| d.get_query(&one)).is_some());
    assert!(read(store, |d| d.get_project_data(&one)).is_some());
}

/// Saving a query again replaces its document and leaves its data.
pub fn saving_a_query_keeps_its_data(store: &dyn Store) {
    let key = saved_query(store);
    write(store, |d| documents::save_jira_cache(d, &key, "k", super::caches::RESPONSE, None));
    let changed = query(&key, "{\"name\": \"New\", \"jql\": \"\"}");
    write(store, |d| d.save_query(&changed));
    assert_eq!(read(store, |d| d.get_query(&key)), Some(changed));
    assert_eq!(read(store, |d| d.issues_page(&key, "k", None, 9)).len(), 3);
}

/// A query without a document is known by the JQL of its cached response.
pub fn a_query_may_lack_its_document(store: &dyn Store) {
    let key = key(&profile(store), "q");
    let bare = Query::new(key.clone(), None, Some("project = A".to_owned())).unwrap();
    write(store, |d| d.save_query(&bare));
    write(store, |d| documents::save_jira_cache(d, &key, "k", super::caches::RESPONSE, None));
    let found = read(store, |d| d.get_query(&key)).unwrap();
    assert_eq!((found.document(), found.facts().jql.as_str()), (None, "project = A"));
}

/// Deleting a query removes it and its data and leaves its neighbours.
pub fn deleting_a_query_leaves_its_neighbours(store: &dyn Store) {
    let gone = saved_query(store);
    let kept = key(&gone.profile, "q_2");
    write(store, |d| d.save_query(&query(&kept, "{\"name\": \"Kept\"}")));
    for query in [&gone, &kept] {
        write(store, |d| documents::save_jira_cache(d, query, "k", super::caches::RESPONSE, None));
    }
    write(store, |d| d.delete_query(&gone));
    write(store, |d| {
        assert!(is_missing(&d.delete_query(&gone), "query"));
        Ok(())
    });
    assert_eq!(read(store, |d| d.issues_page(&gone, "k", None, 9)), []);
    assert_eq!(read(store, |d| d.issues_page(&kept, "k", None, 9)).len(), 3);
    assert_eq!(read(store, |d| d.list_queries(&gone.profile)).len(), 1);
}
