//! Issues, read once.

use super::points::{ScopePoints, scope_points, statistics_points};
use super::settings::DeliverySettings;
use chrono::NaiveDate;
use landfast_domain::delivery::{ChangelogEntry, Issue, IssueFacts, Moment, parse_date};
use landfast_domain::json::{Json, Member, Object, parse_lossy, read_members};

/// Fields every issue keeps besides those its profile mentions: versions, and where sprints' points stand.
const KEPT: [&str; 6] =
    ["fixVersions", "issuetype", "labels", "customfield_10002", "customfield_10016", "customfield_10026"];

/// An issue with everything calculations ask it for.
#[derive(Debug, Clone, PartialEq)]
pub struct IssueRow {
    /// Place among the issues of the document.
    pub ordinal: i64,
    /// The values every issue has: key, project, type, status, times (as instants in UTC).
    pub facts: IssueFacts,
    /// Whether a later issue of the list has the same key. Original functions counted both; right answers
    /// leave this one out.
    pub is_superseded: bool,
    /// Whether its project is one of `devops_projects`.
    pub is_devops: bool,
    /// Day it was created, as the text says, without regard to its zone: the clock of the statistics.
    pub created_on: Option<NaiveDate>,
    /// Day it was resolved, likewise.
    pub resolved_on: Option<NaiveDate>,
    /// Points for weekly statistics; see [`statistics_points`].
    pub points: f64,
    /// Points for the scope; see [`scope_points`].
    pub scope_points: ScopePoints,
    /// Whether the issue has the points field at all, be it null.
    pub has_points_field: bool,
    /// Values of the fields the profile's settings mention, of `fixVersions`, and of a few more.
    pub fields: Object,
    /// Its changes, in the order of the document; `None` when the change log has no entry for it.
    pub changes: Option<Vec<FieldChange>>,
}

/// A field of an issue that was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// When; `None` without a time.
    pub changed: Option<Moment>,
    /// The field, for instance `status`.
    pub field: String,
    /// Value before, in words.
    pub from: Option<String>,
    /// Value after, in words.
    pub to: Option<String>,
}

impl IssueRow {
    /// Reads an issue; a text that is no JSON makes a row of its facts alone.
    #[must_use]
    pub fn read(issue: &Issue, settings: &DeliverySettings) -> Self {
        let fields = kept_fields(&issue.text, settings);
        let field = settings.points_field.as_deref();
        let value = field.and_then(|name| fields.get(name));
        let facts = issue.facts.clone();
        let day = |moment: &Option<Moment>| moment.as_ref().and_then(|moment| day_of(&moment.text));
        Self {
            ordinal: issue.ordinal,
            is_superseded: false,
            is_devops: facts.project_key.as_ref().is_some_and(|key| settings.devops_projects.contains(key)),
            created_on: day(&facts.created),
            resolved_on: day(&facts.resolved),
            points: field.map_or(0.0, |_| statistics_points(value)),
            scope_points: scope_points(field, value),
            has_points_field: value.is_some(),
            fields,
            changes: None,
            facts,
        }
    }

    /// Its changes of status that have a readable time, in the order of the document.
    pub fn status_changes(&self) -> impl Iterator<Item = &FieldChange> {
        let changes = self.changes.iter().flatten();
        changes
            .filter(|change| change.field == "status" && change.changed.as_ref().is_some_and(|m| m.instant.is_some()))
    }
}

impl FieldChange {
    /// Changes of an entry of the change log.
    #[must_use]
    pub fn read_all(entry: &ChangelogEntry) -> Vec<Self> {
        let items = entry.items().into_iter();
        items
            .map(|item| Self {
                changed: item.changed,
                field: item.field.unwrap_or_default(),
                from: item.from,
                to: item.to,
            })
            .collect()
    }
}

/// The fields of an issue that calculations may ask for; of a repeated one the last value.
fn kept_fields(text: &str, settings: &DeliverySettings) -> Object {
    let mentioned = settings.mentioned_fields();
    let is_kept = |name: &str| KEPT.contains(&name) || mentioned.iter().any(|known| known == name);
    let mut kept = Object::new();
    let mut all = Member::Null;
    if read_members(text, |key, value| {
        if key == "fields" {
            all = value
        }
    })
    .is_ok()
    {
        let Member::Object(all) = all else { return kept };
        // The text was checked as a whole, so this part of it is sound.
        let read = read_members(all, |name, value| {
            if is_kept(name) {
                kept.insert(name, value.to_json());
            }
        });
        debug_assert!(read.is_ok(), "{read:?}");
        return kept;
    }
    // Half a surrogate pair somewhere hides nothing else.
    if let Ok((Json::Object(mut root), _)) = parse_lossy(text)
        && let Some(Json::Object(all)) = root.remove("fields")
    {
        for (name, value) in all {
            if is_kept(&name) {
                kept.insert(name, value);
            }
        }
    }
    kept
}

/// The day a text begins with: `YYYY-MM-DD`, alone or with something behind it.
#[must_use]
pub fn day_of(text: &str) -> Option<NaiveDate> {
    text.get(..10).and_then(parse_date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::delivery::{Profile, ProfileId};

    fn row(text: &str) -> IssueRow {
        let document = r#"{"jira_config": {"points_field": "customfield_1"},
            "project_classification": {"devops_projects": ["OPS"]}, "field_mappings": {"dora": {"a": "customfield_7=x"}}}"#;
        let profile = Profile::new(ProfileId::new("p").unwrap(), Some(document.to_owned()), None).unwrap();
        IssueRow::read(&Issue::read(0, text, Some("customfield_1")), &DeliverySettings::read(profile.facts()))
    }

    #[test]
    fn only_mentioned_fields_are_kept() {
        let row = row(r#"{"key": "OPS-1", "fields": {"created": "2025-01-01T00:30:00.000+0200", "customfield_1": null,
            "customfield_7": 1, "customfield_8": 2, "fixVersions": [], "customfield_7": 3}}"#);
        let names: Vec<&str> = row.fields.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["customfield_1", "customfield_7", "fixVersions"]);
        assert_eq!(row.fields.get("customfield_7").and_then(Json::as_f64), Some(3.0));
        assert!(row.is_devops && row.has_points_field);
        assert_eq!((row.points, row.scope_points.points), (0.0, 1.0));
    }

    #[test]
    fn half_a_surrogate_pair_hides_no_field() {
        let row = row(r#"{"fields": {"summary": "\ud83d", "customfield_7": ["x"], "labels": ["\ud83d"]}}"#);
        let names: Vec<&str> = row.fields.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["customfield_7", "labels"]);
    }

    #[test]
    fn days_are_those_of_the_text() {
        let row = row(r#"{"fields": {"created": "2025-01-01T00:30:00.000+0200", "resolutiondate": "soon"}}"#);
        assert_eq!(row.created_on, "2025-01-01".parse().ok());
        assert_eq!(row.facts.created.unwrap().instant.unwrap().to_iso_text(), "2024-12-31T22:30:00");
        assert_eq!(row.resolved_on, None);
        assert_eq!(day_of("Größe 2025"), None);
    }

    #[test]
    fn status_changes_need_a_time() {
        let mut row = row("{}");
        assert!(row.status_changes().next().is_none());
        let text = r#"{"changelog": {"histories": [{"created": "2025-01-01T00:00:00Z", "items": [
            {"field": "status", "fromString": "To Do", "toString": "Done"}, {"field": "priority"}]},
            {"items": [{"field": "status"}]}]}}"#;
        row.changes = Some(FieldChange::read_all(&ChangelogEntry::read(0, Some("A-1"), text, None)));
        assert_eq!(row.changes.as_ref().map(Vec::len), Some(3));
        assert_eq!(row.status_changes().filter_map(|change| change.to.as_deref()).collect::<Vec<_>>(), ["Done"]);
    }
}
