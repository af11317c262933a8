//! One query with exact amounts of everything, for measurements.

use super::issue::Issue;
use super::profiles::{self, Profile};
use super::tally::Tally;
use super::team::{self, TIDEWATER, Weeks};
use super::{FIELDS, fields, project_data, snapshots};
use crate::clock::{aware, seconds};
use crate::csv::write_text;
use crate::json::{JsonFile, Style};
use crate::{Error, Summary};
use chrono::NaiveDateTime;
use std::path::Path;

/// How much [`write_delivery_of`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliverySize {
    /// Issues, each with an entry in the change log.
    pub issues: u64,
    /// Changed fields of all histories together.
    pub changes: u64,
    /// Weeks of statistics and metrics.
    pub weeks: u64,
}

impl DeliverySize {
    /// Changes of one issue, so that all of them together are as many as asked for.
    fn changes_of(&self, number: u64) -> usize {
        let before = |number: u64| u128::from(self.changes) * u128::from(number) / u128::from(self.issues.max(1));
        usize::try_from(before(number + 1) - before(number)).unwrap_or(0)
    }
}

/// Writes a legacy working folder with one profile and one query of exactly this size, without oddities.
///
/// Documents are written part by part; equal arguments give equal bytes.
///
/// ```
/// use landfast_demo::{DeliverySize, write_delivery_of};
///
/// let folder = std::env::temp_dir().join(format!("landfast-demo-sized-{}", std::process::id()));
/// let now = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(9, 30, 0).unwrap();
/// let size = DeliverySize { issues: 10, changes: 43, weeks: 5 };
/// write_delivery_of(&folder, 1, now, size)?;
/// let path = folder.join("profiles/measured/queries/main/jira_changelog_cache.json");
/// let text = std::fs::read_to_string(path).unwrap();
/// assert_eq!(text.matches("\"fromString\"").count(), 43);
/// std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), landfast_demo::Error>(())
/// ```
///
/// # Errors
/// [`Error`] names the file or folder that could not be written.
pub fn write_delivery_of(folder: &Path, seed: u64, now: NaiveDateTime, size: DeliverySize) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    let weeks = Weeks::until(now, size.weeks.max(1));
    let profile = Profile {
        id: "measured".to_owned(),
        name: "Measured",
        description: "Made up for measurements",
        project: TIDEWATER.project.key,
        operations: TIDEWATER.operations.as_ref().map(|project| project.key),
        points: true,
        created: weeks.first,
        last_used: now - seconds(1_500),
        queries: vec!["main".to_owned()],
    };
    let jql = "project in (TIDE, OPS) ORDER BY created ASC";
    let mut text = |name: &str, text: &str| write_text(folder, name, text, 1, &mut summary);
    text("profiles/profiles.json", &profiles::registry(std::slice::from_ref(&profile)))?;
    text("profiles/measured/profile.json", &profile.document(now))?;
    let prefix = "profiles/measured/queries/main";
    text(&format!("{prefix}/query.json"), &profiles::query("Main", jql, "", profile.created, None))?;
    let tally = Tally::of(&weeks, issues(seed, weeks, size));
    text(&format!("{prefix}/project_data.json"), &project_data::calculated(&tally, &weeks, jql, true, false))?;
    let document = snapshots::document(&tally, &weeks, TIDEWATER.project.key, false);
    text(&format!("{prefix}/metrics_snapshots.json"), &document)?;

    let fetched = now - seconds(1_500);
    let mut file = JsonFile::create(folder, &format!("{prefix}/jira_cache.json"), Style::Escaped)?;
    file.object(None)?;
    file.member("cache_version", "2.0")?;
    file.member("timestamp", aware(fetched))?;
    file.member("jql_query", jql)?;
    file.member("fields_requested", FIELDS)?;
    file.list(Some("issues"))?;
    for issue in issues(seed, weeks, size) {
        file.element(&fields::issue(&issue, &weeks))?;
    }
    file.close()?;
    file.member("total_issues", size.issues)?;
    file.member("last_updated", aware(fetched))?;
    file.member("jql_hash", team::jql_hash(jql))?;
    file.finish(size.issues, &mut summary)?;

    let mut file = JsonFile::create(folder, &format!("{prefix}/jira_changelog_cache.json"), Style::Escaped)?;
    file.object(None)?;
    for (number, issue) in (0_u64..).zip(issues(seed, weeks, size)) {
        let changes = size.changes_of(number);
        file.member(&issue.key(), fields::history_entry(&issue, &weeks, fetched, changes))?;
    }
    file.finish(size.issues, &mut summary)?;
    Ok(summary)
}

/// Issues whose histories are not longer than their share.
fn issues(seed: u64, weeks: Weeks, size: DeliverySize) -> impl Iterator<Item = Issue> {
    (0..size.issues).map(move |number| {
        let mut issue = Issue::nth(seed, &TIDEWATER, &weeks, number, size.issues);
        issue.steps.truncate(size.changes_of(number));
        issue
    })
}
