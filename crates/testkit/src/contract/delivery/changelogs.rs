//! Change logs.

use super::{is_missing, read, saved_query, write};
use crate::contract::support::time;
use landfast_domain::Store;
use landfast_domain::delivery::{ChangelogEntry, ChangelogItem, ItemFilter, QueryKey, documents};

/// Histories by issue; the second says nothing.
pub(super) const MAP: &str = "{\n \"A-1\": {\"changelog\": {\"histories\": [\n  {\"created\": \"2025-03-20T05:38:35.564+0000\", \"author\": {\"displayName\": \"Ann\"}, \
    \"items\": [{\"field\": \"status\", \"fromString\": \"To Do\", \"toString\": \"Done\"}, {\"field\": \"Sprint\", \"from\": \"1\", \"to\": null}]}]}, \
    \"last_updated\": \"2025-12-17T09:30:00+00:00\", \"odd\": 1.50},\n \"A-2\": null }\n";

/// Whole issues with their histories; two have one key, one has none.
const WRAPPED: &str = "{\"cache_version\": \"2.0\", \"timestamp\": \"2025-12-17T09:30:00Z\", \"issues\": [ {\"key\": \"A-1\", \"n\": 1},\n {}, \
    {\"key\": \"A-1\", \"changelog\": {\"histories\": [{\"created\": \"never\", \"items\": [{\"field\": \"status\"}]}]}} ], \"total\": 3}";

fn saved(store: &dyn Store, document: &str) -> QueryKey {
    let query = saved_query(store);
    write(store, |d| documents::save_changelog_document(d, &query, document));
    query
}

fn items(store: &dyn Store, query: &QueryKey, filter: &ItemFilter) -> Vec<ChangelogItem> {
    read(store, |d| d.list_changelog_items(query, filter))
}

/// A change log comes back with every byte, in either layout.
pub fn a_change_log_comes_back_byte_for_byte(store: &dyn Store) {
    for document in [MAP, WRAPPED, "{ }"] {
        let query = saved(store, document);
        assert_eq!(read(store, |d| documents::changelog_document(d, &query)).as_deref(), Some(document));
    }
    let query = saved_query(store);
    assert_eq!(read(store, |d| documents::changelog_document(d, &query)), None);
}

/// Saving a change-log document replaces the one before, its entries included.
pub fn saving_a_change_log_replaces_it(store: &dyn Store) {
    let query = saved(store, MAP);
    write(store, |d| documents::save_changelog_document(d, &query, WRAPPED));
    assert_eq!(read(store, |d| d.changelog_page(&query, None, 9)).len(), 3);
    assert_eq!(items(store, &query, &ItemFilter::default()).len(), 1);
    assert!(write(store, |d| d.delete_changelog(&query)));
    assert!(!write(store, |d| d.delete_changelog(&query)));
    assert_eq!(read(store, |d| d.changelog_page(&query, None, 9)), []);
    assert_eq!(items(store, &query, &ItemFilter::default()), []);
}

/// Of several entries of an issue the one in the last place is found.
pub fn the_newest_entry_of_an_issue_is_found(store: &dyn Store) {
    let query = saved(store, WRAPPED);
    let entry = |key: &str| read(store, |d| d.get_changelog_entry(&query, key)).map(|entry| entry.ordinal);
    assert_eq!((entry("A-1"), entry(""), entry("a-1"), entry("A-2")), (Some(2), Some(1), None, None));
    let page = |after, limit| {
        read(store, |d| d.changelog_page(&query, after, limit)).iter().map(|e| e.ordinal).collect::<Vec<_>>()
    };
    assert_eq!((page(None, 2), page(Some(1), 2), page(Some(2), 2)), (vec![0, 1], vec![2], vec![]));
}

/// Replacing an entry replaces its changed fields.
pub fn replacing_an_entry_replaces_its_items(store: &dyn Store) {
    let query = saved(store, MAP);
    let text =
        "{\"changelog\": {\"histories\": [{\"created\": \"2025-04-01\", \"items\": [{\"field\": \"priority\"}]}]}}";
    let entries = [ChangelogEntry::read(0, Some("A-1"), text, None), ChangelogEntry::read(5, Some("A-9"), text, None)];
    write(store, |d| d.save_changelog_entries(&query, &entries));
    let found = items(store, &query, &ItemFilter::default());
    assert_eq!(
        found.iter().map(|item| (item.entry, item.field.as_deref())).collect::<Vec<_>>(),
        [(5, Some("priority")), (0, Some("priority"))]
    );
    assert_eq!(read(store, |d| d.changelog_page(&query, None, 9)).len(), 3);
}

/// Entries need a change log, which needs a query; being refused does not spoil the transaction.
pub fn entries_without_a_change_log_are_refused(store: &dyn Store) {
    let query = saved_query(store);
    let unknown = super::key(&query.profile, "nope");
    let entry = ChangelogEntry::read(0, Some("A-1"), "{}", None);
    write(store, |d| {
        assert!(is_missing(&d.save_changelog_entries(&query, std::slice::from_ref(&entry)), "change log"));
        assert!(is_missing(&d.save_changelog_entries(&query, &[]), "change log"));
        assert!(is_missing(&documents::save_changelog_document(d, &unknown, MAP), "query"));
        let (changelog, _) = landfast_domain::delivery::Changelog::read(unknown.clone(), MAP, None)?;
        assert!(is_missing(&d.save_changelog(&changelog), "query"));
        documents::save_changelog_document(d, &query, MAP)
    });
    assert_eq!(read(store, |d| d.changelog_page(&query, None, 9)).len(), 2);
}

/// Changed fields keep what was said of them, and what was not.
pub fn changed_fields_are_kept(store: &dyn Store) {
    let query = saved(store, MAP);
    let mut found = items(store, &query, &ItemFilter::default());
    found.reverse();
    let expected =
        read(store, |d| d.changelog_page(&query, None, 9)).iter().flat_map(ChangelogEntry::items).collect::<Vec<_>>();
    assert_eq!(found, expected);
    assert_eq!(
        (found[0].to.as_deref(), found[1].from.as_deref(), found[1].to.as_deref()),
        (Some("Done"), Some("1"), None)
    );
}

/// Changed fields are listed newest first, whatever the zone; those without a time last.
pub fn changed_fields_are_listed_newest_first(store: &dyn Store) {
    let change =
        |created: &str, field: &str| format!("{{\"created\": \"{created}\", \"items\": [{{\"field\": \"{field}\"}}]}}");
    let history = |changes: &[String]| format!("{{\"changelog\": {{\"histories\": [{}]}}}}", changes.join(", "));
    let one = history(&[
        change("2025-03-20T10:00:00.000+0000", "a"),
        change("?", "b"),
        change("2025-03-20T12:00:00.000+0300", "c"),
    ]);
    let two = history(&[
        change("2025-03-20T10:00:00.000+0000", "d"),
        change("2025-03-20T10:00:00.001+0000", "e"),
        change("!", "f"),
    ]);
    let query = saved(store, &format!("{{\"A-1\": {one}, \"A-2\": {two}}}"));
    let fields = |filter: ItemFilter| -> String {
        items(store, &query, &filter).iter().filter_map(|item| item.field.clone()).collect()
    };
    assert_eq!(fields(ItemFilter::default()), "edacfb");
    assert_eq!(fields(ItemFilter { limit: Some(2), ..ItemFilter::default() }), "ed");
    assert_eq!(fields(ItemFilter { issue_key: Some("A-1".to_owned()), ..ItemFilter::default() }), "acb");
    assert_eq!(fields(ItemFilter { field: Some("d".to_owned()), ..ItemFilter::default() }), "d");
    let range = ItemFilter {
        from: Some(time("2025-03-20 09:00")),
        until: Some(time("2025-03-20 10:00")),
        ..ItemFilter::default()
    };
    assert_eq!(fields(range), "c");
}

/// Histories are kept one by one: the newest entry of an issue is replaced, a new issue is added at the end.
pub fn histories_are_kept_one_by_one(store: &dyn Store) {
    let query = saved(store, MAP);
    let (expiry, now) = (time("2025-12-20 00:00"), time("2025-12-18 12:00"));
    let entries = [("A-2", "{\"n\": 1.50}"), ("A-3", "{}"), ("A-3", "{\"n\": 2}")]
        .map(|(key, text)| (key.to_owned(), text.to_owned()));
    write(store, |d| documents::save_jira_changelog(d, &query, &entries, expiry, now));
    let document = read(store, |d| documents::changelog_document(d, &query)).unwrap();
    // Only the entry of A-2 is followed by a blank.
    assert_eq!(document, MAP.replace("null }", "{\"n\": 1.50},\n \"A-3\": {\"n\": 2} }"));
    let history = |key: &str, at: &str| read(store, |d| documents::jira_changelog(d, &query, key, time(at)));
    assert_eq!(history("A-3", "2025-12-19 23:59").as_deref(), Some("{\"n\": 2}"));
    assert_eq!(history("A-3", "2025-12-20 00:00"), None);
    // What was kept before has its own time.
    assert_eq!(history("A-1", "2025-12-18 09:30"), None);
    assert!(history("A-1", "2025-12-18 09:29").is_some());
}
