//! Cached Jira responses.

use super::edit::{corrupt, invalid};
use super::envelope::{Parts, cut, join};
use super::ids::QueryKey;
use super::issue::Issue;
use super::moment::Moment;
use super::read::{at, object_of, text_at};
use crate::Result;
use crate::json::Json;
use crate::time::Timestamp;
use chrono::{Datelike, Duration};

/// How long caches are good for, in hours, unless an expiry is given.
pub const CACHE_LIFE_HOURS: i64 = 24;

/// Where the issues are in a cached response.
pub const ISSUES: Parts<'static> = Parts::ListAt("issues");

/// A cached response without its issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JiraCache {
    /// The query it answers.
    pub query: QueryKey,
    /// Tells entries of one query apart; see [`super::keys`].
    pub cache_key: String,
    /// The document without its issues; see [`super::envelope`].
    pub envelope: String,
    /// When the cache was filled.
    pub timestamp: Moment,
    /// From when on the entry reads as absent; `None` reads as absent at once.
    pub expires_at: Option<Timestamp>,
}

/// What the document of a cached response says beside its issues.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CacheFacts {
    /// `cache_version`, or the older `version`.
    pub version: Option<String>,
    /// The JQL that was asked.
    pub jql: Option<String>,
    /// `fields_requested`, or the older `fields`.
    pub fields: Option<String>,
    /// `jql_hash`.
    pub jql_hash: Option<String>,
    /// Number of issues the document claims to hold.
    pub total: Option<i64>,
}

impl JiraCache {
    /// Takes a document apart. `expires_at`: the moment of expiry, or `None` for 24 hours after the
    /// document's own time; a document without a readable time then has none and reads as expired.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] when the text is not a JSON object.
    pub fn read(
        query: QueryKey,
        cache_key: impl Into<String>,
        document: &str,
        expires_at: Option<Timestamp>,
        points_field: Option<&str>,
    ) -> Result<(Self, Vec<Issue>)> {
        let (envelope, parts) =
            cut(document, ISSUES).map_err(|_| invalid("jira cache", "response", document, "must be JSON"))?;
        // Without its issues a document is quickly looked through again.
        super::edit::require_object("jira cache", "response", &envelope)?;
        let issues =
            (0_i64..).zip(parts).map(|(ordinal, part)| Issue::read(ordinal, part.text, points_field)).collect();
        let mut cache = Self::from_envelope(query, cache_key, envelope);
        if expires_at.is_some() {
            cache.expires_at = expires_at;
        }
        Ok((cache, issues))
    }

    /// An entry of its envelope, for readers that take the issues from elsewhere. Expires 24 hours after
    /// its own time.
    #[must_use]
    pub fn from_envelope(query: QueryKey, cache_key: impl Into<String>, envelope: String) -> Self {
        let root = Json::Object(object_of(&envelope));
        let time = text_at(&root, &["timestamp"]).or_else(|| text_at(&root, &["cached_at"]));
        let timestamp = Moment::read(time.unwrap_or_default());
        let expires_at = timestamp.instant.and_then(default_expiry);
        Self { query, cache_key: super::read::storable(&cache_key.into()), envelope, timestamp, expires_at }
    }

    /// Puts the document together. `issues` are those of the entry, ordered by their ordinals; places whose
    /// issue is missing are left out.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`] when the envelope is not JSON.
    pub fn document(&self, issues: &[Issue]) -> Result<String> {
        join(&self.envelope, ISSUES, by_place(issues.iter().map(|issue| (issue.ordinal, issue.text.as_str()))))
            .map_err(|error| corrupt("jira cache", &self.query.to_string(), "response", &error))
    }

    /// Whether the entry reads as absent at this time.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        is_expired(self.expires_at, now)
    }

    /// What the document says beside its issues.
    #[must_use]
    pub fn facts(&self) -> CacheFacts {
        let root = Json::Object(object_of(&self.envelope));
        let either = |new: &str, old: &str| text_at(&root, &[new]).or_else(|| text_at(&root, &[old]));
        let total = at(&root, &["total_issues"]).or_else(|| at(&root, &["issue_count"]));
        CacheFacts {
            version: either("cache_version", "version"),
            jql: text_at(&root, &["jql_query"]),
            fields: either("fields_requested", "fields"),
            jql_hash: text_at(&root, &["jql_hash"]),
            total: total.and_then(Json::as_i64),
        }
    }
}

/// 24 hours later; `None` beyond the calendar.
#[must_use]
pub fn default_expiry(filled: Timestamp) -> Option<Timestamp> {
    let expiry = filled.naive().checked_add_signed(Duration::hours(CACHE_LIFE_HOURS));
    expiry.filter(|expiry| expiry.year() <= 9999).map(Timestamp::new)
}

/// Whether something with this expiry reads as absent: instants are compared, and the instant of expiry
/// itself is past it.
#[must_use]
pub fn is_expired(expires_at: Option<Timestamp>, now: Timestamp) -> bool {
    expires_at.is_none_or(|expiry| expiry <= now)
}

/// Texts by their places: `None` for each place without one. The pairs must be in order of their places.
pub(super) fn by_place<'a>(parts: impl Iterator<Item = (i64, &'a str)>) -> impl Iterator<Item = Option<&'a str>> {
    let mut parts = parts.peekable();
    let mut place = 0;
    std::iter::from_fn(move || {
        // Of two texts for one place, the later one counts.
        let mut text = None;
        parts.peek()?;
        while let Some((_, found)) = parts.next_if(|(at, _)| *at <= place) {
            text = Some(found);
        }
        place += 1;
        Some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{ProfileId, QueryId};

    fn key() -> QueryKey {
        QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap())
    }

    fn at_time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_document_is_taken_apart_and_put_together() {
        let document = "{\"timestamp\": \"2025-12-17T09:30:00Z\", \"jql_query\": \"a\", \"issues\": [\n {\"key\": \"A-1\"},\n {} ], \"total_issues\": 2}";
        let (cache, issues) = JiraCache::read(key(), "k", document, None, None).unwrap();
        assert_eq!(issues.iter().map(|issue| issue.text.as_str()).collect::<Vec<_>>(), ["{\"key\": \"A-1\"}", "{}"]);
        assert_eq!(cache.document(&issues).unwrap(), document);
        assert_eq!(cache.facts().total, Some(2));
        assert_eq!(cache.document(&issues[1..]).unwrap(), document.replace("{\"key\": \"A-1\"},\n ", ""));
        assert!(JiraCache::read(key(), "k", "[]", None, None).is_err());
    }

    #[test]
    fn expiry_is_24_hours_after_the_time_of_filling_whatever_its_zone() {
        let expiry = |time: &str| {
            let document = format!("{{\"timestamp\": {time}, \"issues\": []}}");
            JiraCache::read(key(), "k", &document, None, None).unwrap().0
        };
        assert_eq!(expiry("\"2025-12-17T11:30:00+02:00\"").expires_at, Some(at_time("2025-12-18 09:30")));
        assert_eq!(expiry("\"2025-12-17T09:30:00\"").expires_at, Some(at_time("2025-12-18 09:30")));
        assert!(expiry("null").is_expired(at_time("1970-01-01 00:00")));
        let cache = expiry("\"2025-12-17T09:30:00Z\"");
        assert!(!cache.is_expired(at_time("2025-12-18 09:29:59.999999")));
        assert!(cache.is_expired(at_time("2025-12-18 09:30")));
    }

    #[test]
    fn older_documents_name_things_otherwise() {
        let document = r#"{"version": "1.0", "fields": "key", "cached_at": "2025-12-17T09:30:00", "issue_count": 0, "issues": []}"#;
        let (cache, _) = JiraCache::read(key(), "k", document, Some(at_time("2026-01-01 00:00")), None).unwrap();
        assert_eq!(cache.expires_at, Some(at_time("2026-01-01 00:00")));
        assert_eq!(cache.timestamp.text, "2025-12-17T09:30:00");
        let facts = cache.facts();
        assert_eq!(
            (facts.version.as_deref(), facts.fields.as_deref(), facts.total),
            (Some("1.0"), Some("key"), Some(0))
        );
    }

    #[test]
    fn places_may_be_empty_or_given_twice() {
        let placed = |parts: &[(i64, &'static str)]| by_place(parts.iter().copied()).collect::<Vec<_>>();
        assert_eq!(placed(&[(1, "b"), (3, "d")]), [None, Some("b"), None, Some("d")]);
        assert_eq!(placed(&[(0, "a"), (0, "b")]), [Some("b")]);
        assert_eq!(placed(&[]), []);
    }
}
