//! Keys and hashes of cached responses.
//!
//! This crate computes no digests; callers bring them as [`Digests`].

use super::read::at;
use crate::json::{Json, NumberText, Object};

/// Days of data a cache key speaks of.
pub const CACHE_PERIOD_DAYS: i64 = 30;

/// The digests keys are made with, each giving lower-case hex.
#[derive(Debug, Clone, Copy)]
pub struct Digests {
    /// MD5.
    pub md5_hex: fn(&[u8]) -> String,
    /// SHA-256.
    pub sha256_hex: fn(&[u8]) -> String,
}

impl Digests {
    /// Key of the data cache of a JQL: the name of its file below `cache/`, and the key of a query's
    /// cached response.
    #[must_use]
    pub fn data_cache_key(&self, jql: &str, days: i64) -> String {
        self.md5(Object::from_iter([("jql", Json::from(jql)), ("period", Json::from(days))]))
    }

    /// The older key, which also depends on the field mappings: on the list of their pairs, by key.
    #[must_use]
    pub fn mapped_cache_key(&self, jql: &str, field_mappings: &Object, days: i64) -> String {
        let mut pairs = field_mappings.effective();
        pairs.sort_by_key(|(key, _)| *key);
        let pairs = pairs.into_iter().map(|(key, value)| Json::Array(vec![Json::from(key), value.clone()]));
        self.md5(Object::from_iter([
            ("fields", Json::Array(pairs.collect())),
            ("jql", Json::from(jql)),
            ("period", Json::from(days)),
        ]))
    }

    /// Hash of what a cached response depends on beside its JQL.
    #[must_use]
    pub fn config_hash(&self, jql: &str, fields: &str, field_mappings: &Json, points_field: &str) -> String {
        self.md5(Object::from_iter([
            ("field_mappings", field_mappings.clone()),
            ("fields", Json::from(fields)),
            ("jql", Json::from(jql)),
            ("story_points_field", Json::from(points_field)),
        ]))
    }

    /// Member `jql_hash` of a cached response: the first 16 digits of SHA-256.
    #[must_use]
    pub fn jql_hash(&self, jql: &str) -> String {
        (self.sha256_hex)(jql.as_bytes()).chars().take(16).collect()
    }

    fn md5(&self, members: Object) -> String {
        (self.md5_hex)(canonical_text(&Json::Object(members)).as_bytes())
    }
}

/// Text as Python's `json.dumps(value, sort_keys=True)` writes it: keys sorted, blanks after `,` and `:`,
/// ASCII only, numbers in Python's form. Of repeated keys the last counts.
///
/// ```
/// use landfast_domain::delivery::keys::canonical_text;
/// use landfast_domain::json::Json;
///
/// let value = Json::parse(r#"{"b": [1e2, {"ä": 1, "a": null}], "a": 2}"#)?;
/// assert_eq!(canonical_text(&value), r#"{"a": 2, "b": [100.0, {"a": null, "\u00e4": 1}]}"#);
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
#[must_use]
pub fn canonical_text(value: &Json) -> String {
    canonical(value).dump()
}

/// The legacy program's cache key of a profile's settings: [`Digests::config_hash`] of the parts it names.
#[must_use]
pub fn config_hash_of_settings(digests: &Digests, settings: &Json, jql: &str, fields: &str) -> String {
    let empty = Json::Object(Object::new());
    let mappings = at(settings, &["field_mappings"]).unwrap_or(&empty);
    let points = at(settings, &["jira_config", "points_field"]).and_then(Json::as_str).unwrap_or("");
    digests.config_hash(jql, fields, mappings, points)
}

fn canonical(value: &Json) -> Json {
    match value {
        Json::Array(elements) => Json::Array(elements.iter().map(canonical).collect()),
        Json::Object(object) => {
            let mut members = object.effective();
            members.sort_by_key(|(key, _)| *key);
            Json::Object(members.into_iter().map(|(key, member)| (key, canonical(member))).collect())
        }
        // The one integer Python writes otherwise than JSON allows it.
        Json::Number(number) if number.as_str() == "-0" => Json::from(0),
        Json::Number(number) if !number.is_integer() => Json::Number(NumberText::from(number.to_f64())),
        other => other.clone(),
    }
}
