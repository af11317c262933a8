//! Profiles.

use super::{SETTINGS, is_missing, key, profile, profile_id, query, read, saved_query, write};
use landfast_domain::delivery::{Profile, ProfileId, ProjectData, documents};
use landfast_domain::{Result, Store};

fn made(id: &ProfileId, document: Option<&str>, entry: Option<&str>) -> Profile {
    Profile::new(id.clone(), document.map(str::to_owned), entry.map(str::to_owned)).unwrap()
}

/// The documents of a profile come back with every byte, and so does what they say.
pub fn a_profile_is_kept_byte_for_byte(store: &dyn Store) {
    let id = profile_id();
    let document = "{\n  \"name\": \"Gr\\u00f6\\u00dfe \",\"name\": \"ä\u{301}🌱\",\n\t\"deadline\": null, \"n\": 1.50, \"big\": 1e400,\r\n \
                    \"half\": \"\\ud800\", \"nul\": \"a\\u0000b\", \"last_used\": \"2025-12-17T09:30:00+02:00\", \"show_points\": 1}\n";
    let saved = made(&id, Some(document), Some("{ \"queries\" : [ ] }"));
    write(store, |d| d.save_profile(&saved));
    let found = read(store, |d| d.get_profile(&id)).unwrap();
    assert_eq!(found, saved);
    assert_eq!(found.facts().name, "ä\u{301}🌱");
    let summaries = read(store, |d| d.list_profiles());
    assert_eq!(summaries.into_iter().find(|summary| summary.id == id), Some(saved.summary()));
}

/// Saving a profile again replaces both documents; either may be missing.
pub fn a_profile_may_lack_its_documents(store: &dyn Store) {
    let id = profile_id();
    for (document, entry) in [(Some(SETTINGS), None), (None, Some("{\"name\": \"Old\"}")), (None, None)] {
        let profile = made(&id, document, entry);
        write(store, |d| d.save_profile(&profile));
        assert_eq!(read(store, |d| d.get_profile(&id)), Some(profile));
    }
    assert_eq!(read(store, |d| d.get_profile(&profile_id())), None);
}

/// Profiles are listed by when they were used, whatever the zone; those that do not say come last.
pub fn profiles_are_listed_most_recently_used_first(store: &dyn Store) {
    let start = profile_id();
    let used = [
        ("a", "\"2025-12-17T09:30:00+02:00\""),
        ("b", "\"2025-12-17T07:30:00Z\""),
        ("B", "null"),
        ("A", "\"soon\""),
        ("d", "\"2025-12-17T07:30:00.000001\""),
        ("c", "\"2026-01-01\""),
    ];
    for (end, time) in used {
        let document = format!("{{\"name\": \"{end}\", \"last_used\": {time}}}");
        let id = ProfileId::new(format!("{start}{end}")).unwrap();
        write(store, |d| d.save_profile(&made(&id, Some(&document), None)));
    }
    let listed = read(store, |d| d.list_profiles());
    let ours: Vec<&str> = listed
        .iter()
        .filter(|profile| profile.id.as_str().starts_with(start.as_str()))
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(ours, ["c", "d", "a", "b", "A", "B"]);
}

/// Saving a profile leaves what is below it.
pub fn saving_a_profile_keeps_its_queries(store: &dyn Store) {
    let query = saved_query(store);
    let changed = made(&query.profile, Some("{\"name\": \"Other\", \"jira_config\": {}}"), None);
    write(store, |d| d.save_profile(&changed));
    assert_eq!(read(store, |d| d.list_queries(&query.profile)).len(), 1);
}

/// Deleting a profile removes its queries and their data, and nothing of another profile.
pub fn deleting_a_profile_removes_everything_below_it(store: &dyn Store) {
    let (gone, kept) = (saved_query(store), saved_query(store));
    for query in [&gone, &kept] {
        write(store, |d| {
            documents::save_jira_cache(d, query, "k", super::caches::RESPONSE, None)?;
            documents::save_changelog_document(d, query, super::changelogs::MAP)?;
            d.save_project_data(&ProjectData::new(query.clone(), "{\"statistics\": [{}]}")?)?;
            documents::save_snapshots_document(d, query, super::snapshots::DOCUMENT)
        });
    }
    write(store, |d| d.delete_profile(&gone.profile));
    let is_there = |query: &super::QueryKey| {
        read(store, |d| -> Result<_> {
            Ok([
                d.get_query(query)?.is_some(),
                d.get_cache(query, "k")?.is_some(),
                !d.issues_page(query, "k", None, 9)?.is_empty(),
                d.get_changelog(query)?.is_some(),
                !d.changelog_page(query, None, 9)?.is_empty(),
                !d.list_changelog_items(query, &Default::default())?.is_empty(),
                d.get_project_data(query)?.is_some(),
                !d.list_statistics(query, &Default::default())?.is_empty(),
                !d.list_snapshots(query, None, None)?.is_empty(),
                !d.list_metric_values(query, &Default::default())?.is_empty(),
            ])
        })
    };
    assert_eq!(is_there(&gone), [false; 10]);
    assert_eq!(is_there(&kept), [true; 10]);
    assert_eq!(read(store, |d| d.list_queries(&gone.profile)), []);
}

/// A profile that is not there cannot be deleted, and not twice either.
pub fn an_unknown_profile_cannot_be_deleted(store: &dyn Store) {
    let id = profile(store);
    write(store, |d| d.delete_profile(&id));
    write(store, |d| {
        assert!(is_missing(&d.delete_profile(&id), "profile"));
        d.save_profile(&made(&id, Some(SETTINGS), None))?;
        d.save_query(&query(&key(&id, "q"), "{}"))
    });
    assert_eq!(read(store, |d| d.list_queries(&id)).len(), 1);
}
