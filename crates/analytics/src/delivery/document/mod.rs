//! The document of everything calculated, in the shape of the reference answers of the original.
//!
//! Under `queries.<alias>` the names and values are the original's, defects included; the right values of the
//! same quantities are under `queries.<alias>.metrics`, where a comparable value of the original is named
//! `legacy_…`.

mod legacy_forecast;
mod legacy_parts;
mod metrics;
mod vectors;

pub use vectors::{hash_vectors, vectors};

use super::input::QueryData;
use super::work_document;
use landfast_domain::delivery::ProfileId;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// The document of these queries at an instant in UTC.
///
/// `profiles`: the alias of each profile, under which nothing but `aliases` lists it. Members: `aliases`,
/// `frozen_now`, `timezone`, `queries`. Numbers JSON does not have are the texts `inf` and `nan`.
#[must_use]
pub fn document(profiles: &[(String, ProfileId)], queries: &[QueryData], now: Timestamp) -> Value {
    let profile_ids: Map<String, Value> =
        profiles.iter().map(|(alias, id)| (alias.clone(), Value::from(id.as_str()))).collect();
    let query_ids: Map<String, Value> =
        queries.iter().map(|query| (query.alias.clone(), Value::from(query.key.query.as_str()))).collect();
    let parts: Map<String, Value> = queries.iter().map(|query| (query.alias.clone(), query_part(query, now))).collect();
    json!({
        "aliases": {"profiles": profile_ids, "queries": query_ids},
        "frozen_now": now.to_iso_text(),
        "timezone": "UTC",
        "queries": parts,
    })
}

/// Everything about one query.
#[must_use]
pub fn query_part(query: &QueryData, now: Timestamp) -> Value {
    let mut part = Map::new();
    legacy_parts::fill(&mut part, query, now);
    let dashboard = Dashboard::new(query);
    work_document::fill(&mut part, &dashboard.work, now);
    part.insert("metrics".to_owned(), Value::Object(dashboard.values(now)));
    Value::Object(part)
}

/// What a page shows of a query: the right values, without the original's.
///
/// Paths of issues, releases and bugs, which do not depend on the time, are made once; every question after that
/// only counts.
///
/// ```
/// use landfast_analytics::delivery::{Dashboard, QueryData};
/// use landfast_domain::delivery::{Profile, ProfileId, QueryId, QueryKey};
/// use landfast_domain::time::Timestamp;
///
/// let key = QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap());
/// let profile = Profile::new(key.profile.clone(), None, None).unwrap();
/// let query = QueryData::new("q", key, &profile, None, None, None, &[]);
/// let values = Dashboard::new(&query).values(Timestamp::parse("2025-12-17 09:30").unwrap());
/// assert_eq!(values["flow"]["completed"], 0);
/// ```
pub struct Dashboard<'a> {
    query: &'a QueryData,
    work: work_document::Work<'a>,
}

impl<'a> Dashboard<'a> {
    /// Prepares what does not depend on the time.
    #[must_use]
    pub fn new(query: &'a QueryData) -> Self {
        Self { query, work: work_document::Work::new(query) }
    }

    /// The members of `metrics` in the [`document`] at an instant in UTC.
    #[must_use]
    pub fn values(&self, now: Timestamp) -> Map<String, Value> {
        let mut values = metrics::metrics(self.query, now);
        values.extend(work_document::metrics(&self.work, now));
        values
    }
}
