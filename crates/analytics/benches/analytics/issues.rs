//! A made-up query with issues, change log, weekly statistics and a deadline, the same on every machine.

use crate::instances::{Numbers, now};
use chrono::{Days, NaiveDate, TimeDelta};
use landfast_analytics::delivery::QueryData;
use landfast_domain::delivery::{ChangelogEntry, Issue, Profile, ProfileId, ProjectData, QueryId, QueryKey};

/// Weeks the issues are spread over.
const WEEKS: usize = 150;
const PROFILE: &str = r#"{"name": "Orbit", "jira_config": {"points_field": "customfield_10016"},
    "field_mappings": {"dora": {"deployment_date": "fixVersions", "code_commit_date": "status:In Progress.DateTime",
        "incident_detected_at": "created", "incident_resolved_at": "resolutiondate",
        "change_failure": "customfield_10040=Yes", "affected_environment": "customfield_10030=PROD"},
      "flow": {"flow_item_type": "issuetype", "effort_category": "customfield_10020", "completed_date": "resolutiondate"}},
    "forecast_settings": {"pert_factor": 6, "deadline": "2026-03-31", "data_points_count": 16},
    "project_classification": {"devops_projects": ["OPS"], "development_projects": ["ORB"],
      "devops_task_types": ["Operational Task"], "bug_types": ["Bug"], "production_environment_values": ["PROD"],
      "flow_end_statuses": ["Done", "Closed"], "flow_start_statuses": ["In Progress"],
      "active_statuses": ["In Progress", "In Review", "Testing"],
      "wip_statuses": ["Selected", "In Progress", "In Review", "Testing", "Blocked"]},
    "flow_type_mappings": {"Feature": {"issue_types": ["Story", "Task"]}, "Defect": {"issue_types": ["Bug"]}},
    "show_points": true}"#;
const PATH: [&str; 4] = ["In Progress", "In Review", "Testing", "Done"];
const TYPES: [&str; 4] = ["Story", "Task", "Bug", "Story"];

/// Everything a query is prepared from.
pub(crate) struct Records {
    key: QueryKey,
    profile: Profile,
    issues: Vec<Issue>,
    entries: Vec<ChangelogEntry>,
    data: ProjectData,
}

impl Records {
    /// So many issues, 92 % of them finished, each with the entries of its way; 5 % are operational tasks.
    pub(crate) fn new(count: usize) -> Self {
        let mut numbers = Numbers::seeded(20_251_217);
        let key = QueryKey::new(ProfileId::new("p_1").expect("an id"), QueryId::new("q_1").expect("an id"));
        let profile = Profile::new(key.profile.clone(), Some(PROFILE.to_owned()), None).expect("a profile");
        let mut issues = Vec::with_capacity(count);
        let mut entries = Vec::with_capacity(count);
        for number in 0..count {
            let (name, issue, entry) = issue(number, count, &mut numbers);
            let ordinal = i64::try_from(number).unwrap_or(0);
            issues.push(Issue::read(ordinal, issue, Some("customfield_10016")));
            entries.push(ChangelogEntry::read(ordinal, Some(&name), entry, None));
        }
        let data = ProjectData::new(key.clone(), statistics(count, &mut numbers)).expect("project data");
        Self { key, profile, issues, entries, data }
    }

    /// The query, prepared.
    pub(crate) fn prepare(&self) -> QueryData {
        let (issues, entries) = (Some(self.issues.as_slice()), Some(self.entries.as_slice()));
        QueryData::new("q1", self.key.clone(), &self.profile, issues, entries, Some(&self.data), &[])
    }
}

fn issue(number: usize, count: usize, numbers: &mut Numbers) -> (String, String, String) {
    let is_devops = numbers.below(20) == 0;
    let project = if is_devops { "OPS" } else { "ORB" };
    let name = format!("{project}-{number}");
    let kind = if is_devops { "Operational Task" } else { TYPES[numbers.below(TYPES.len())] };
    let minutes_ago = (count - number) * WEEKS * 7 * 1440 / count;
    let created = now().naive() - TimeDelta::minutes(i64::try_from(minutes_ago).unwrap_or(0));
    let stamp = |minutes: usize| {
        let at = created + TimeDelta::minutes(i64::try_from(minutes).unwrap_or(0));
        at.format("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
    };
    let is_open = numbers.below(100) < 8;
    let steps = if is_open { numbers.below(PATH.len()) } else { PATH.len() };
    let (mut entry, mut minutes, mut from) = (String::new(), 0, "To Do");
    for to in PATH.iter().take(steps) {
        minutes += 60 + numbers.below(4_000);
        let comma = if entry.is_empty() { "" } else { ", " };
        entry.push_str(&format!(
            r#"{comma}{{"created": "{}", "items": [{{"field": "status", "fromString": "{from}", "toString": "{to}"}}]}}"#,
            stamp(minutes)
        ));
        from = to;
    }
    let resolved = if is_open { "null".to_owned() } else { format!("\"{}\"", stamp(minutes)) };
    let category = ["new", "indeterminate", "done"][usize::from(steps > 0) + usize::from(!is_open)];
    let release = numbers.below(100);
    let text = format!(
        r#"{{"id": "{number}", "key": "{name}", "fields": {{"project": {{"id": "113", "key": "{project}", "name": "Orbit"}}, "created": "{}", "resolutiondate": {resolved}, "status": {{"name": "{from}", "id": "10002", "statusCategory": {{"id": 3, "key": "{category}", "name": "{category}"}}}}, "issuetype": {{"id": "10002", "name": "{kind}", "subtask": false}}, "customfield_10016": {}.0, "customfield_10020": {{"value": "Technical debt", "id": "1"}}, "fixVersions": [{{"id": "2{release}", "name": "R{release}", "releaseDate": "{}", "released": true, "archived": false}}]}}}}"#,
        stamp(0),
        numbers.below(14),
        stamp(minutes + 10_080).get(..10).unwrap_or_default(),
    );
    let entry = format!(r#"{{"key": "{name}", "changelog": {{"histories": [{entry}]}}}}"#);
    (name, text, entry)
}

fn statistics(count: usize, numbers: &mut Numbers) -> String {
    let first = NaiveDate::from_ymd_opt(2023, 2, 6).unwrap_or_default();
    let weekly = count / WEEKS;
    let rows: Vec<String> = (0..WEEKS)
        .map(|week| {
            let date = first + Days::new(7 * u64::try_from(week).unwrap_or(0));
            let done = weekly / 2 + numbers.below(weekly.max(1));
            let made = weekly / 2 + numbers.below(weekly.max(1));
            format!(
                r#"{{"date": "{date}", "completed_items": {done}, "completed_points": {}.0, "created_items": {made}, "created_points": {}.0}}"#,
                done * 5,
                made * 5
            )
        })
        .collect();
    let left = count * 8 / 100;
    format!(
        r#"{{"project_scope": {{"remaining_items": {left}, "remaining_points": {0}, "estimated_items": {left}, "estimated_points": {0}, "remaining_total_points": {0}.0}}, "statistics": [{1}]}}"#,
        left * 5,
        rows.join(", ")
    )
}
