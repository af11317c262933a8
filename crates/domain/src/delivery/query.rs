//! Queries: saved JQL texts, each with its own data.

use super::edit::corrupt;
use super::ids::{QueryKey, fold_name};
use super::moment::Moment;
use super::read::{label_at, text_at};
use crate::Result;
use crate::json::{Json, Object, parse_lossy};

/// A query: its document as it stands, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    key: QueryKey,
    document: Option<String>,
    cached_jql: Option<String>,
    facts: QueryFacts,
}

/// What the document of a query says. A database keeps these as columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryFacts {
    /// Name: the document's, else the id.
    pub name: String,
    /// The name as it is compared; see [`fold_name`].
    pub folded_name: String,
    /// The JQL: member `jql`, the older `jql_query`, else that of the query's issue cache. May be empty.
    pub jql: String,
    /// Description, possibly empty.
    pub description: String,
    /// When the query was made; the empty text when nothing tells.
    pub created_at: Moment,
    /// When it was last used: `last_used`, else `updated_at`, else `created_at`.
    pub last_used: Moment,
}

impl Query {
    /// A query of the text of its document, and of the JQL its issue cache was filled with, which counts
    /// when the document names none.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`] when the text is not a JSON object.
    pub fn new(key: QueryKey, document: Option<String>, cached_jql: Option<String>) -> Result<Self> {
        let settings = match document.as_deref().map(parse_lossy).transpose() {
            Ok(Some((value, _))) if value.as_object().is_none() => {
                let value = document.unwrap_or_default().chars().take(80).collect();
                return Err(crate::Error::Corrupt {
                    entity: "query",
                    key: key.to_string(),
                    column: "document".to_owned(),
                    value,
                });
            }
            Ok(value) => value.map_or_else(|| Json::Object(Object::new()), |(value, _)| value),
            Err(error) => return Err(corrupt("query", &key.to_string(), "document", &error)),
        };
        let text = |name: &str| text_at(&settings, &[name]);
        let name = label_at(&settings, &["name"]).unwrap_or_else(|| key.query.to_string());
        let own_jql = settings.as_object().and_then(|root| root.get("jql").or_else(|| root.get("jql_query")));
        let own_jql = own_jql.and_then(Json::as_str).map(super::read::storable);
        let cached_jql = cached_jql.filter(|_| own_jql.is_none());
        let created_at = text("created_at").unwrap_or_default();
        let last_used = text("last_used").or_else(|| text("updated_at")).unwrap_or_else(|| created_at.clone());
        let facts = QueryFacts {
            folded_name: fold_name(&name),
            name,
            // An empty JQL is one that somebody may have chosen; only a missing one is made up for.
            jql: own_jql.or_else(|| cached_jql.clone()).unwrap_or_default(),
            description: text("description").unwrap_or_default(),
            created_at: Moment::read(created_at),
            last_used: Moment::read(last_used),
        };
        Ok(Self { key, document, cached_jql, facts })
    }

    /// Identifies the query.
    #[must_use]
    pub fn key(&self) -> &QueryKey {
        &self.key
    }

    /// Text of `query.json`; `None` when there is none.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        self.document.as_deref()
    }

    /// JQL of the issue cache; `None` when the document names a JQL of its own, which alone counts.
    #[must_use]
    pub fn cached_jql(&self) -> Option<&str> {
        self.cached_jql.as_deref()
    }

    /// What the document says.
    #[must_use]
    pub fn facts(&self) -> &QueryFacts {
        &self.facts
    }

    /// The same query with another document.
    ///
    /// # Errors
    /// As [`Query::new`].
    pub fn with(&self, document: String) -> Result<Self> {
        Self::new(self.key.clone(), Some(document), self.cached_jql.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{ProfileId, QueryId};

    fn query(document: Option<&str>, cached: Option<&str>) -> Query {
        let key = QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q_1").unwrap());
        Query::new(key, document.map(str::to_owned), cached.map(str::to_owned)).unwrap()
    }

    #[test]
    fn the_jql_is_found_where_it_is() {
        assert_eq!(query(Some(r#"{"jql": "a", "jql_query": "b"}"#), Some("c")).facts().jql, "a");
        assert_eq!(query(Some(r#"{"jql_query": "b"}"#), Some("c")).facts().jql, "b");
        assert_eq!(query(Some(r#"{"jql": ""}"#), Some("c")).facts().jql, "");
        assert_eq!(query(None, Some("c")).facts().jql, "c");
        assert_eq!(query(Some("{}"), None).facts().jql, "");
    }

    #[test]
    fn times_fall_back_one_on_another() {
        let of = |text| query(Some(text), None).facts().last_used.text.clone();
        assert_eq!(of(r#"{"created_at": "c", "updated_at": "u", "last_used": "l"}"#), "l");
        assert_eq!(of(r#"{"created_at": "c", "updated_at": "u"}"#), "u");
        assert_eq!(of(r#"{"created_at": "c"}"#), "c");
        assert_eq!(of("{}"), "");
    }

    #[test]
    fn a_query_without_a_name_is_called_by_its_id() {
        assert_eq!(query(None, None).facts().name, "q_1");
        assert_eq!(query(Some(r#"{"name": 12}"#), None).facts().name, "12");
        let key = query(None, None).key().clone();
        assert!(Query::new(key, Some("[1]".to_owned()), None).is_err());
    }
}
