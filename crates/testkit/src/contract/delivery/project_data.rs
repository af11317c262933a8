//! Project data and weekly statistics.

use super::{is_missing, key, profile, read, saved_query, write};
use crate::contract::support::time;
use landfast_domain::Store;
use landfast_domain::delivery::{ProjectData, QueryKey, StatisticFilter, documents, parse_date};

const DATA: &str = "{\n \"project_scope\": { \"total_items\": 40, \"total_points\": null },\n \"statistics\": [\n  {\"date\": \"2025-12-22\", \"completed_items\": 3, \"completed_points\": 2.50, \"note\": \"ä\u{301}\"},\n  \
    {\"date\": \"2025-12-08\", \"completed_items\": null, \"created_items\": \"4\"}, {\"date\": \"2025-12-15\", \"completed_items\": 0},\n  {\"date\": \"2025-12-15\"}, {\"date\": \"soon\", \"velocity_points\": NaN}, 7 ],\n \
    \"metadata\": {\"version\": \"2.0\", \"last_updated\": \"2025-12-17T09:30:00+00:00\"}, \"odd\": [1.0, 1.0] }\n";

fn saved(store: &dyn Store, document: &str) -> QueryKey {
    let query = saved_query(store);
    write(store, |d| documents::save_project_data(d, &query, document));
    query
}

fn places(store: &dyn Store, query: &QueryKey, filter: &StatisticFilter) -> Vec<i64> {
    read(store, |d| d.list_statistics(query, filter)).iter().map(|row| row.ordinal).collect()
}

/// Project data come back with every byte.
pub fn project_data_come_back_byte_for_byte(store: &dyn Store) {
    let query = saved(store, DATA);
    let found = read(store, |d| d.get_project_data(&query)).unwrap();
    assert_eq!(found, ProjectData::new(query.clone(), DATA).unwrap());
    assert_eq!((found.document.as_str(), found.updated_at.text.as_str()), (DATA, "2025-12-17T09:30:00+00:00"));
    assert!(write(store, |d| d.delete_project_data(&query)));
    assert!(!write(store, |d| d.delete_project_data(&query)));
    assert_eq!(read(store, |d| d.get_project_data(&query)), None);
    assert_eq!(places(store, &query, &StatisticFilter::default()), [0_i64; 0]);
}

/// Repeated dates, nulls, numbers as texts, missing numbers and rows that are none are all kept as they are.
pub fn repeated_dates_and_nulls_survive(store: &dyn Store) {
    let query = saved(store, DATA);
    let rows = read(store, |d| d.list_statistics(&query, &StatisticFilter::default()));
    assert_eq!(rows, ProjectData::new(query, DATA).unwrap().statistics());
    let items: Vec<_> =
        rows.iter().map(|row| row.completed_items.as_ref().map(|n| (n.text.as_str(), n.value))).collect();
    assert_eq!(items, [Some(("3", Some(3.0))), Some(("null", None)), Some(("0", Some(0.0))), None, None, None]);
}

/// Statistics are filtered by day; a limit takes the newest, which stay in the order of the document.
pub fn the_newest_statistics_stay_in_document_order(store: &dyn Store) {
    let query = saved(store, DATA);
    let of = |filter: StatisticFilter| places(store, &query, &filter);
    let all = StatisticFilter::default();
    assert_eq!(of(StatisticFilter { limit: Some(3), ..all }), [0, 2, 3]);
    assert_eq!(of(StatisticFilter { limit: Some(2), ..all }), [0, 3]);
    assert_eq!(of(StatisticFilter { limit: Some(5), ..all }), [0, 1, 2, 3, 5]);
    assert_eq!(of(StatisticFilter { limit: Some(0), ..all }), [0_i64; 0]);
    assert_eq!(of(StatisticFilter { from: parse_date("2025-12-15"), ..all }), [0, 2, 3]);
    assert_eq!(of(StatisticFilter { to: parse_date("2025-12-15"), ..all }), [1, 2, 3]);
    assert_eq!(of(StatisticFilter { to: parse_date("2025-12-15"), limit: Some(1), ..all }), [3]);
}

/// Saving project data replaces their rows.
pub fn saving_project_data_replaces_their_rows(store: &dyn Store) {
    let query = saved(store, DATA);
    write(store, |d| documents::save_project_data(d, &query, "{\"statistics\": [{\"date\": \"2026-01-05\"}]}"));
    assert_eq!(places(store, &query, &StatisticFilter::default()), [0]);
    assert_eq!(read(store, |d| d.get_scope(&query)), None);
}

/// The scope is the text in the document; for the first generation it is made of the totals.
pub fn the_scope_is_that_of_the_document(store: &dyn Store) {
    let query = saved(store, DATA);
    assert_eq!(
        read(store, |d| d.get_scope(&query)).as_deref(),
        Some("{ \"total_items\": 40, \"total_points\": null }")
    );
    let old = "{\"total_items\": 9, \"total_points\": 2.50}";
    write(store, |d| documents::save_project_data(d, &query, old));
    assert_eq!(read(store, |d| d.get_scope(&query)), ProjectData::new(query, old).unwrap().scope());
    let unknown = key(&super::profile_id(), "q");
    assert_eq!(read(store, |d| d.get_scope(&unknown)), None);
}

/// A batch of rows replaces those of the same dates and leaves everything else.
pub fn rows_are_replaced_by_date(store: &dyn Store) {
    let query = saved(store, DATA);
    let rows = ["{\"date\": \"2025-12-15\", \"completed_items\": 9}", "{\"date\": \"2026-01-05\"}"].map(str::to_owned);
    write(store, |d| documents::save_statistics_batch(d, &query, &rows, time("2025-12-18 10:00")));
    let found = read(store, |d| d.list_statistics(&query, &StatisticFilter::default()));
    let items: Vec<_> = found.iter().map(|row| row.completed_items.as_ref().and_then(|n| n.value)).collect();
    assert_eq!(items, [Some(3.0), None, Some(0.0), Some(9.0), None, None, None]);
    let data = read(store, |d| d.get_project_data(&query)).unwrap();
    assert!(data.document.contains("\"note\": \"ä\u{301}\"") && data.document.contains("\"odd\": [1.0, 1.0] }\n"));
    assert_eq!(data.updated_at.text, "2025-12-18T10:00:00+00:00");
}

/// Project data need their query; being refused does not spoil the transaction.
pub fn project_data_of_an_unknown_query_are_refused(store: &dyn Store) {
    let (known, unknown) = (saved_query(store), key(&profile(store), "q"));
    write(store, |d| {
        assert!(is_missing(&d.save_project_data(&ProjectData::new(unknown.clone(), DATA)?), "query"));
        d.save_project_data(&ProjectData::new(known.clone(), DATA)?)
    });
    assert_eq!(read(store, |d| d.get_project_data(&unknown)), None);
    assert!(read(store, |d| d.get_project_data(&known)).is_some());
}
