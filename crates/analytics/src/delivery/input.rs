//! What is known of a query, read once, for all calculations.

use super::cache::QueryRecords;
use super::issue_row::{FieldChange, IssueRow};
use super::settings::DeliverySettings;
use chrono::NaiveDate;
use landfast_domain::delivery::{
    ChangelogEntry, IsoWeek, Issue, MetricsSnapshot, Numeric, Profile, ProjectData, QueryKey, WeeklyStatistic,
};
use landfast_domain::json::{Json, Object, parse_lossy};
use std::collections::{HashMap, HashSet};

/// A query with its data, prepared.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryData {
    /// Name of the query among several, under which a document lists it.
    pub alias: String,
    /// The query.
    pub key: QueryKey,
    /// Settings of its profile.
    pub settings: DeliverySettings,
    /// Issues, in the order of the document, older ones with a repeated key included; see
    /// [`QueryData::current_issues`].
    pub issues: Vec<IssueRow>,
    /// Whether there is a cached response, be it without issues.
    pub has_issue_cache: bool,
    /// Whether there is a change log, be it empty.
    pub has_changelog: bool,
    /// Weekly statistics that have a date, by date, those of one day in the order of the document.
    pub statistics: Vec<WeekRow>,
    /// Places of the rows of statistics without a readable date, which take no part.
    pub undated_rows: Vec<i64>,
    /// Members of `project_scope`; empty without one.
    pub scope: Object,
    /// Weekly metrics, in the order of the document.
    pub snapshots: Vec<WeekMetrics>,
}

/// One row of the weekly statistics. Numbers that are missing, null or no numbers are 0; see
/// [`WeekRow::unreadable`].
#[derive(Debug, Clone, PartialEq)]
pub struct WeekRow {
    /// Place in the document.
    pub ordinal: i64,
    /// The day it is about, normally a Monday.
    pub date: NaiveDate,
    /// ISO week of the day; `None` outside the years 1 to 9998.
    pub week: Option<IsoWeek>,
    /// Items finished.
    pub completed_items: f64,
    /// Points finished.
    pub completed_points: f64,
    /// Items created.
    pub created_items: f64,
    /// Points created.
    pub created_points: f64,
    /// Names of those four numbers that were missing, null or no numbers.
    pub unreadable: Vec<&'static str>,
    /// Whether its points are written as whole numbers, `8` rather than `8.0`. The weekly growth of the
    /// original failed on others.
    pub has_whole_points: bool,
}

/// The metrics of a week, all kinds together.
#[derive(Debug, Clone, PartialEq)]
pub struct WeekMetrics {
    /// Label, as it was written.
    pub label: String,
    /// The week; `None` when the label names none.
    pub week: Option<IsoWeek>,
    /// Metric name to object. Other members may be of any kind.
    pub metrics: Object,
}

impl QueryData {
    /// Prepares the data of a query.
    ///
    /// `issues`: those of its cached response in the order of the document, `None` without one;
    /// `changelog` likewise. Of several entries for one issue the last counts.
    #[must_use]
    pub fn new(
        alias: impl Into<String>,
        key: QueryKey,
        profile: &Profile,
        issues: Option<&[Issue]>,
        changelog: Option<&[ChangelogEntry]>,
        project_data: Option<&ProjectData>,
        snapshots: &[MetricsSnapshot],
    ) -> Self {
        Self::prepared(alias.into(), key, profile, (issues, changelog), (project_data, snapshots), |_, _| None)
    }

    /// Prepares records, where `known` may give the row that was prepared from an equal issue and an equal entry of
    /// the change log before.
    pub(super) fn renewed(
        alias: impl Into<String>,
        records: &QueryRecords,
        known: impl FnMut(&Issue, Option<&ChangelogEntry>) -> Option<IssueRow>,
    ) -> Self {
        let documents = (records.issues.as_deref(), records.changelog.as_deref());
        let rest = (records.project_data.as_ref(), records.snapshots.as_slice());
        Self::prepared(alias.into(), records.key.clone(), &records.profile, documents, rest, known)
    }

    fn prepared(
        alias: String,
        key: QueryKey,
        profile: &Profile,
        (issues, changelog): (Option<&[Issue]>, Option<&[ChangelogEntry]>),
        (project_data, snapshots): (Option<&ProjectData>, &[MetricsSnapshot]),
        mut known: impl FnMut(&Issue, Option<&ChangelogEntry>) -> Option<IssueRow>,
    ) -> Self {
        let settings = DeliverySettings::read(profile.facts());
        let histories: HashMap<&str, &ChangelogEntry> =
            changelog.unwrap_or_default().iter().map(|entry| (entry.issue_key.as_str(), entry)).collect();
        let mut rows: Vec<IssueRow> = Vec::with_capacity(issues.map_or(0, <[Issue]>::len));
        for issue in issues.unwrap_or_default() {
            let entry = issue.facts.key.as_deref().and_then(|key| histories.get(key).copied());
            let row = known(issue, entry).unwrap_or_else(|| IssueRow {
                changes: entry.map(FieldChange::read_all),
                ..IssueRow::read(issue, &settings)
            });
            rows.push(row);
        }
        let mut seen = HashSet::with_capacity(rows.len());
        let is_superseded: Vec<bool> =
            rows.iter().rev().map(|row| row.facts.key.as_deref().is_some_and(|key| !seen.insert(key))).collect();
        for (row, is_superseded) in rows.iter_mut().rev().zip(is_superseded) {
            row.is_superseded = is_superseded;
        }
        let all_rows = project_data.map(ProjectData::statistics).unwrap_or_default();
        let mut statistics: Vec<WeekRow> = all_rows.iter().filter_map(WeekRow::read).collect();
        statistics.sort_by_key(|row| row.date);
        let scope = project_data.and_then(ProjectData::scope).and_then(|text| parse_lossy(&text).ok());
        Self {
            alias,
            key,
            settings,
            issues: rows,
            has_issue_cache: issues.is_some(),
            has_changelog: changelog.is_some(),
            statistics,
            undated_rows: all_rows.iter().filter(|row| row.date.is_none()).map(|row| row.ordinal).collect(),
            scope: match scope {
                Some((Json::Object(scope), _)) => scope,
                _ => Object::new(),
            },
            snapshots: week_metrics(snapshots),
        }
    }

    /// Issues that count: of those with the same key, only the newest.
    pub fn current_issues(&self) -> impl Iterator<Item = &IssueRow> {
        self.issues.iter().filter(|issue| !issue.is_superseded)
    }

    /// Issues of projects of development, in the order of the document, repeated keys included: those the
    /// original worked on.
    pub fn development_issues(&self) -> impl Iterator<Item = &IssueRow> {
        self.issues.iter().filter(|issue| !issue.is_devops)
    }

    /// The window: the last `data_points_count` rows of the weekly statistics, by date.
    #[must_use]
    pub fn window(&self) -> &[WeekRow] {
        last(&self.statistics, self.settings.data_points_count)
    }

    /// The window of the original: the last `data_points_count` rows of the *document*, by date. Another one
    /// than [`QueryData::window`] when the document is not ordered by date.
    #[must_use]
    pub fn legacy_window(&self) -> Vec<WeekRow> {
        let mut rows: Vec<&WeekRow> = self.statistics.iter().collect();
        rows.sort_by_key(|row| row.ordinal);
        let mut window: Vec<WeekRow> =
            last(&rows, self.settings.data_points_count).iter().map(|row| (*row).clone()).collect();
        window.sort_by_key(|row| row.date);
        window
    }

    /// A number of `project_scope`; `None` when it is missing or no number.
    #[must_use]
    pub fn scope_number(&self, name: &str) -> Option<f64> {
        Numeric::read(self.scope.get(name)?).value
    }

    /// Items that are left: `remaining_items` of the scope, 0 without one.
    #[must_use]
    pub fn remaining_items(&self) -> f64 {
        self.scope_number("remaining_items").unwrap_or(0.0)
    }

    /// Points that are left: `remaining_total_points` of the scope, else `remaining_points`, else 0.
    #[must_use]
    pub fn remaining_points(&self) -> f64 {
        let known = self.scope_number("remaining_total_points").or_else(|| self.scope_number("remaining_points"));
        known.unwrap_or(0.0)
    }
}

impl WeekRow {
    /// Reads a row; `None` without a readable date.
    #[must_use]
    pub fn read(row: &WeeklyStatistic) -> Option<Self> {
        let mut unreadable = Vec::new();
        let mut number = |name, value: &Option<Numeric>| {
            let found = value.as_ref().and_then(|value| value.value);
            if found.is_none() {
                unreadable.push(name);
            }
            found.unwrap_or(0.0)
        };
        Some(Self {
            ordinal: row.ordinal,
            date: row.date?,
            week: row.week,
            completed_items: number("completed_items", &row.completed_items),
            completed_points: number("completed_points", &row.completed_points),
            created_items: number("created_items", &row.created_items),
            created_points: number("created_points", &row.created_points),
            unreadable,
            has_whole_points: [&row.completed_points, &row.created_points]
                .into_iter()
                .flatten()
                .all(|number| !number.text.contains(['.', 'e', 'E'])),
        })
    }
}

/// The last `count` elements of a list, all of it when it is shorter.
#[must_use]
pub fn last<T>(rows: &[T], count: usize) -> &[T] {
    rows.get(rows.len().saturating_sub(count)..).unwrap_or_default()
}

fn week_metrics(snapshots: &[MetricsSnapshot]) -> Vec<WeekMetrics> {
    let mut ordered: Vec<&MetricsSnapshot> = snapshots.iter().collect();
    ordered.sort_by_key(|snapshot| (snapshot.ordinal, snapshot.kind));
    let mut weeks: Vec<WeekMetrics> = Vec::new();
    for snapshot in ordered {
        if weeks.last().is_none_or(|week| week.label != snapshot.label) {
            weeks.push(WeekMetrics { label: snapshot.label.clone(), week: snapshot.week, metrics: Object::new() });
        }
        let metrics = parse_lossy(&snapshot.metrics).ok().map(|(value, _)| value);
        if let (Some(week), Some(Json::Object(metrics))) = (weeks.last_mut(), metrics) {
            for (name, value) in metrics.effective() {
                week.metrics.insert(name, value.clone());
            }
        }
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::delivery::{ProfileId, QueryId};

    fn query(issues: &[&str], project_data: &str) -> QueryData {
        let key = QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap());
        let document = r#"{"forecast_settings": {"data_points_count": 2}}"#;
        let profile = Profile::new(key.profile.clone(), Some(document.to_owned()), None).unwrap();
        let issues: Vec<Issue> = (0..).zip(issues).map(|(place, text)| Issue::read(place, *text, None)).collect();
        let history = [
            ChangelogEntry::read(0, Some("A-1"), r#"{"changelog": {"histories": []}}"#, None),
            ChangelogEntry::read(1, Some("B-1"), "{}", None),
        ];
        let data = ProjectData::new(key.clone(), project_data).unwrap();
        QueryData::new("q1", key, &profile, Some(&issues), Some(&history), Some(&data), &[])
    }

    #[test]
    fn of_repeated_keys_the_last_counts() {
        let query = query(&[r#"{"key": "A-1"}"#, "{}", r#"{"key": "A-1"}"#, "{}"], "{}");
        assert_eq!(
            query.issues.iter().map(|issue| issue.is_superseded).collect::<Vec<_>>(),
            [true, false, false, false]
        );
        assert_eq!((query.current_issues().count(), query.development_issues().count()), (3, 4));
        assert_eq!(query.issues[2].changes, Some(Vec::new()));
        assert_eq!(query.issues[1].changes, None);
    }

    #[test]
    fn windows_are_cut_before_or_after_sorting() {
        let query = query(
            &[],
            r#"{"statistics": [{"date": "2025-12-15", "completed_items": "3", "created_points": 1.5}, {"date": "soon"},
                {"date": "2025-12-01", "completed_items": null}, {"date": "2025-12-08", "completed_points": 2}],
                "project_scope": {"remaining_items": "7", "remaining_points": 5}}"#,
        );
        let days = |rows: &[WeekRow]| rows.iter().map(|row| row.date.to_string()).collect::<Vec<_>>();
        assert_eq!(days(query.window()), ["2025-12-08", "2025-12-15"]);
        assert_eq!(days(&query.legacy_window()), ["2025-12-01", "2025-12-08"]);
        assert_eq!(query.undated_rows, [1]);
        let first = &query.statistics[2];
        assert_eq!((first.completed_items, first.has_whole_points), (3.0, false));
        assert_eq!(first.unreadable, ["completed_points", "created_items"]);
        assert_eq!(query.statistics[0].unreadable.len(), 4);
        assert_eq!((query.remaining_items(), query.remaining_points()), (7.0, 5.0));
    }
}
