//! Issues of a cached Jira response.

use super::moment::Moment;
use super::read::{node_at, node_label, node_text, outline, storable};
use crate::json::{Json, Node};
use crate::text::python_float;

/// An issue of a cache entry: its text, and the values lists are filtered by.
///
/// Its place in the document is its key: issues may repeat a key, then the later one is the newer, and may
/// have no key at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Place among the issues of the document, from 0.
    pub ordinal: i64,
    /// Text of the issue, as it stands in the document.
    pub text: String,
    /// What it says.
    pub facts: IssueFacts,
}

/// Values of an issue. Every member of an issue may be null or missing, then the value is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IssueFacts {
    /// Jira's number of the issue.
    pub id: Option<String>,
    /// Key, for instance `ORB-17`.
    pub key: Option<String>,
    /// Key of the project; without one, the part of the issue's key before the first `-`.
    pub project_key: Option<String>,
    /// Name of the project.
    pub project_name: Option<String>,
    /// Name of the issue type.
    pub issue_type: Option<String>,
    /// Whether the type is one of sub-tasks.
    pub is_subtask: Option<bool>,
    /// Name of the status.
    pub status: Option<String>,
    /// Category of the status: `new`, `indeterminate` or `done`.
    pub status_category: Option<String>,
    /// Name of the priority.
    pub priority: Option<String>,
    /// Display name of the assignee, else the account name.
    pub assignee: Option<String>,
    /// Name of the resolution.
    pub resolution: Option<String>,
    /// Summary.
    pub summary: Option<String>,
    /// When it was created.
    pub created: Option<Moment>,
    /// When it was changed last.
    pub updated: Option<Moment>,
    /// When it was resolved.
    pub resolved: Option<Moment>,
    /// Value of the profile's points field; see [`points`].
    pub points: Option<f64>,
}

impl Issue {
    /// Reads an issue. Text that is no object, or whose `fields` is none, makes an issue without values.
    ///
    /// `points_field` is the profile's; without one there are no points.
    #[must_use]
    pub fn read(ordinal: i64, text: impl Into<String>, points_field: Option<&str>) -> Self {
        let text = text.into();
        let facts = IssueFacts::read(outline(&text).root(), points_field);
        Self { ordinal, text, facts }
    }
}

impl IssueFacts {
    /// Reads an issue that was taken apart.
    #[must_use]
    pub fn read(issue: Node<'_, '_>, points_field: Option<&str>) -> Self {
        let fields = node_at(issue, &["fields"]);
        let field = |path: &[&str]| fields.and_then(|fields| node_label(fields, path));
        let time = |name: &str| field(&[name]).map(Moment::read);
        let key = node_label(issue, &["key"]);
        let prefix = || key.as_deref().and_then(|key| key.split_once('-')).map(|(project, _)| project.to_owned());
        Self {
            id: node_label(issue, &["id"]),
            project_key: field(&["project", "key"]).or_else(prefix),
            project_name: field(&["project", "name"]),
            issue_type: field(&["issuetype", "name"]),
            is_subtask: fields.and_then(|fields| node_at(fields, &["issuetype", "subtask"])?.as_bool()),
            status: field(&["status", "name"]),
            status_category: field(&["status", "statusCategory", "key"]),
            priority: field(&["priority", "name"]),
            assignee: field(&["assignee", "displayName"]).or_else(|| field(&["assignee", "name"])),
            resolution: field(&["resolution", "name"]),
            summary: fields.and_then(|fields| node_text(fields, &["summary"])),
            created: time("created"),
            updated: time("updated"),
            resolved: time("resolutiondate"),
            points: points_field.and_then(|name| points(&node_at(fields?, &[name])?.to_json())),
            key: key.map(|key| storable(&key)),
        }
    }
}

/// Number a points field stands for: a number, a text Python's `float` reads, or an object's `votes`,
/// `value`, `points`, `count` or `total`, the first that is one. `None` for everything else and for
/// numbers that are not finite.
///
/// ```
/// use landfast_domain::delivery::points;
/// use landfast_domain::json::Json;
///
/// for (json, number) in [("8", Some(8.0)), ("\"5\"", Some(5.0)), (r#"{"value": "3", "id": "1"}"#, Some(3.0)), ("\"XL\"", None)] {
///     assert_eq!(points(&Json::parse(json)?), number);
/// }
/// # Ok::<(), landfast_domain::json::JsonError>(())
/// ```
#[must_use]
pub fn points(value: &Json) -> Option<f64> {
    let number = |value: &Json| match value {
        Json::Number(number) => Some(number.to_f64()),
        Json::String(text) => python_float(text),
        _ => None,
    };
    let found = match value {
        Json::Object(object) => {
            ["votes", "value", "points", "count", "total"].into_iter().find_map(|key| number(object.get(key)?))
        }
        other => number(other),
    };
    found.filter(|number| number.is_finite())
}

/// Which issues a list is to hold; the default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueFilter {
    /// Only those of this cache entry.
    pub cache_key: Option<String>,
    /// Only those with exactly this status.
    pub status: Option<String>,
    /// Only those with exactly this assignee.
    pub assignee: Option<String>,
    /// Only those of exactly this type.
    pub issue_type: Option<String>,
    /// Only those of the project with exactly this key.
    pub project_key: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl IssueFilter {
    /// Whether an issue belongs into the list, the cache entry and the limit aside.
    #[must_use]
    pub fn accepts(&self, facts: &IssueFacts) -> bool {
        let same = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        same(&self.status, &facts.status)
            && same(&self.assignee, &facts.assignee)
            && same(&self.issue_type, &facts.issue_type)
            && same(&self.project_key, &facts.project_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_where_jira_puts_them() {
        let text = r#"{"id": "300001", "key": "ORB-1", "fields": {"project": {"key": "ORB", "name": "Orbit"},
            "created": "2025-03-17T09:00:00.000+0000", "resolutiondate": null, "priority": null,
            "status": {"name": "Done", "statusCategory": {"key": "done"}}, "issuetype": {"name": "Story", "subtask": false},
            "assignee": {"displayName": "", "name": "ann"}, "customfield_1": {"value": 8.0}, "summary": "a\u0000b\ud800"}}"#;
        let issue = Issue::read(3, text, Some("customfield_1"));
        assert_eq!((issue.ordinal, issue.text.as_str()), (3, text));
        let facts = issue.facts;
        assert_eq!(facts.id.as_deref(), Some("300001"));
        assert_eq!((facts.status.as_deref(), facts.status_category.as_deref()), (Some("Done"), Some("done")));
        assert_eq!((facts.priority, facts.resolved, facts.resolution), (None, None, None));
        assert_eq!(facts.assignee.as_deref(), Some("ann"));
        assert_eq!((facts.points, facts.is_subtask), (Some(8.0), Some(false)));
        assert_eq!(facts.created.unwrap().instant.unwrap().to_iso_text(), "2025-03-17T09:00:00");
        assert_eq!(facts.summary.as_deref(), Some("a\u{2400}b\u{fffd}"));
    }

    #[test]
    fn hardly_anything_is_still_an_issue() {
        for text in ["{}", "null", "[]", "7", r#"{"key": null, "fields": []}"#, r#"{"fields": {"status": "Done"}}"#] {
            assert_eq!(Issue::read(0, text, Some("x")).facts, IssueFacts::default(), "{text}");
        }
        let facts = Issue::read(0, r#"{"key": "OPS-9"}"#, None).facts;
        assert_eq!(facts.project_key.as_deref(), Some("OPS"));
    }

    #[test]
    fn points_have_many_forms() {
        for (json, number) in [
            ("0", Some(0.0)),
            ("\" 2.5 \"", Some(2.5)),
            ("\"\"", None),
            ("true", None),
            ("NaN", None),
            ("[8]", None),
            (r#"{"votes": 0, "value": 5}"#, Some(0.0)),
            (r#"{"value": "XL", "total": 3}"#, Some(3.0)),
            ("{}", None),
        ] {
            assert_eq!(points(&Json::parse(json).unwrap()), number, "{json}");
        }
    }

    #[test]
    fn filters_compare_exactly() {
        let facts = Issue::read(0, r#"{"fields": {"status": {"name": "Done"}}}"#, None).facts;
        let filter = |status: &str| IssueFilter { status: Some(status.to_owned()), ..IssueFilter::default() };
        assert!(filter("Done").accepts(&facts) && IssueFilter::default().accepts(&facts));
        assert!(!filter("done").accepts(&facts));
        assert!(!IssueFilter { assignee: Some("ann".to_owned()), ..IssueFilter::default() }.accepts(&facts));
    }
}
