//! Whole documents of a query: cached responses, change logs, project data, snapshots.
//!
//! The repository keeps the parts of these documents; the functions here take documents apart, put them
//! together, and change them.

use super::cache::{ISSUES, JiraCache};
use super::changelog::{Changelog, ChangelogEntry};
use super::edit::{corrupt, invalid, require_object, set_at, set_text};
use super::envelope::{add_places, places};
use super::ids::QueryKey;
use super::issue::Issue;
use super::moment::utc_text;
use super::profiles;
use super::project_data::ProjectData;
use super::queries;
use super::query::Query;
use super::repository::DeliveryRepository;
use super::snapshot::{self, MetricKind, MetricsSnapshot};
use super::week::IsoWeek;
use crate::json::{Json, members};
use crate::time::Timestamp;
use crate::{Error, Result};
use std::collections::HashMap;

/// How many issues or entries are read at once.
const BATCH: usize = 1_000;

/// The cached response with this key; `None` when there is none or it has expired.
///
/// # Errors
/// [`Error::Corrupt`] when what is kept is damaged.
pub fn jira_cache(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    cache_key: &str,
    now: Timestamp,
) -> Result<Option<String>> {
    match repository.get_cache(query, cache_key)? {
        Some(cache) if !cache.is_expired(now) => cache_document(repository, &cache).map(Some),
        _ => Ok(None),
    }
}

/// The document of a cached response, expired or not.
///
/// # Errors
/// [`Error::Corrupt`] when what is kept is damaged.
pub fn cache_document(repository: &mut dyn DeliveryRepository, cache: &JiraCache) -> Result<String> {
    cache.document(&all_issues(repository, &cache.query, &cache.cache_key)?)
}

/// Keeps a response. `expires_at`: `None` for 24 hours after the document's own time.
///
/// # Errors
/// [`Error::NotFound`] for an unknown profile or query; [`Error::Invalid`] when the document is no JSON
/// object, when nothing tells the moment of expiry, and when that is not after the document's time.
pub fn save_jira_cache(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    cache_key: &str,
    document: &str,
    expires_at: Option<Timestamp>,
) -> Result<()> {
    let present = queries::require(repository, query)?;
    let points_field = points_field(repository, query)?;
    let (cache, issues) = JiraCache::read(query.clone(), cache_key, document, expires_at, points_field.as_deref())?;
    let expiry = cache.expires_at.map(|expiry| expiry.to_iso_text()).unwrap_or_default();
    if cache.expires_at.is_none() || (cache.timestamp.instant.is_some() && cache.expires_at <= cache.timestamp.instant)
    {
        return Err(invalid("jira cache", "expires_at", &expiry, "must be after the time of the response"));
    }
    repository.save_cache(&cache)?;
    if present.document().is_none() {
        // What is known of such a query is what its cache was asked for.
        repository.save_query(&Query::new(query.clone(), None, cache.facts().jql)?)?;
    }
    repository.save_issues(query, &cache.cache_key, &issues)
}

/// Adds issues to a cached response, or replaces those with the same key, and renews its times. Without
/// such a response, one is made. Tells how many issues it then holds.
///
/// # Errors
/// As [`save_jira_cache`]; [`Error::Invalid`] also for an issue that is no JSON object or has no key.
pub fn save_issues_batch(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    cache_key: &str,
    issues: &[String],
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<usize> {
    let jql = queries::require(repository, query)?.facts().jql.clone();
    let points_field = points_field(repository, query)?;
    let present = repository.get_cache(query, cache_key)?;
    let is_new = present.is_none();
    let mut cache = match present {
        Some(cache) => cache,
        None => {
            let document = Json::Object(
                [("cache_version", "2.0"), ("timestamp", ""), ("jql_query", &jql), ("fields_requested", "")]
                    .into_iter()
                    .collect(),
            );
            let document =
                set_text(&document.dump_indented(2), "issues", "[]").map_err(|error| broken(query, &error))?;
            JiraCache::from_envelope(query.clone(), cache_key, document)
        }
    };
    let present = repository.issue_keys(query, cache_key)?;
    let mut total = present.len();
    // Of issues with the same key, the last is the one that is replaced.
    let mut by_key: HashMap<String, i64> =
        present.into_iter().filter_map(|(place, key)| key.map(|key| (key, place))).collect();
    let mut next =
        i64::try_from(places(&cache.envelope, ISSUES).map_err(|error| broken(query, &error))?).unwrap_or(i64::MAX);
    let (mut saved, mut added) = (Vec::with_capacity(issues.len()), Vec::new());
    for text in issues {
        require_object("issue", "text", text)?;
        let mut issue = Issue::read(next, text.as_str(), points_field.as_deref());
        let Some(key) = issue.facts.key.clone() else {
            return Err(invalid("issue", "key", text, "must not be missing"));
        };
        if let Some(place) = by_key.get(&key) {
            issue.ordinal = *place;
        } else {
            by_key.insert(key, next);
            added.push("");
            next += 1;
            total += 1;
        }
        saved.push(issue);
    }
    let mut envelope = add_places(&cache.envelope, ISSUES, &added).map_err(|error| broken(query, &error))?;
    for (key, value) in [
        ("timestamp", Json::from(utc_text(now))),
        ("total_issues", Json::from(i64::try_from(total).unwrap_or(i64::MAX))),
        ("last_updated", Json::from(utc_text(now))),
    ] {
        envelope = set_at(&envelope, &[key], &value).map_err(|error| broken(query, &error))?;
    }
    cache = JiraCache::from_envelope(query.clone(), cache_key, envelope);
    if expires_at <= now {
        return Err(invalid(
            "jira cache",
            "expires_at",
            &expires_at.to_iso_text(),
            "must be after the time of the response",
        ));
    }
    cache.expires_at = Some(expires_at);
    if is_new {
        repository.save_cache(&cache)?;
    } else {
        repository.update_cache(&cache)?;
    }
    repository.save_issues(query, cache_key, &saved)?;
    Ok(total)
}

/// The history of an issue; `None` when there is none or it has expired.
///
/// # Errors
/// [`Error::Corrupt`] when what is kept is damaged.
pub fn jira_changelog(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    issue_key: &str,
    now: Timestamp,
) -> Result<Option<String>> {
    let entry = repository.get_changelog_entry(query, issue_key)?;
    Ok(entry.filter(|entry| !entry.is_expired(now)).map(|entry| entry.text))
}

/// Keeps the histories of issues: replaces the newest entry of an issue, or adds one at the end.
///
/// # Errors
/// [`Error::NotFound`] for an unknown profile or query; [`Error::Invalid`] for an entry that is no JSON
/// object or belongs to no issue, and for an expiry that is not after `now`.
pub fn save_jira_changelog(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    entries: &[(String, String)],
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    queries::require(repository, query)?;
    if expires_at <= now {
        return Err(invalid("change log", "expires_at", &expires_at.to_iso_text(), "must be after the present time"));
    }
    let mut changelog = repository.get_changelog(query)?.unwrap_or_else(|| Changelog::empty(query.clone()));
    let parts = changelog.layout.parts();
    let mut next =
        i64::try_from(places(&changelog.envelope, parts).map_err(|error| broken(query, &error))?).unwrap_or(i64::MAX);
    // Of several entries of an issue, the last is the one that is replaced.
    let mut by_key: HashMap<String, i64> =
        repository.changelog_keys(query)?.into_iter().map(|(place, key)| (key, place)).collect();
    let (mut keys, mut saved): (Vec<&str>, Vec<ChangelogEntry>) = (Vec::new(), Vec::new());
    for (issue_key, text) in entries {
        if issue_key.is_empty() {
            return Err(invalid("change log", "issue_key", text, "must not be empty"));
        }
        require_object("change log", "entry", text)?;
        let mut entry = ChangelogEntry::read(next, Some(issue_key), text.as_str(), None);
        entry.expires_at = Some(expires_at);
        match by_key.get(&entry.issue_key) {
            Some(place) => entry.ordinal = *place,
            None => {
                by_key.insert(entry.issue_key.clone(), next);
                keys.push(issue_key);
                next += 1;
            }
        }
        saved.push(entry);
    }
    changelog.envelope = add_places(&changelog.envelope, parts, &keys).map_err(|error| broken(query, &error))?;
    repository.save_changelog(&changelog)?;
    repository.save_changelog_entries(query, &saved)
}

/// The change-log document of a query, expired entries included; `None` when it has none.
///
/// # Errors
/// [`Error::Corrupt`] when what is kept is damaged.
pub fn changelog_document(repository: &mut dyn DeliveryRepository, query: &QueryKey) -> Result<Option<String>> {
    let Some(changelog) = repository.get_changelog(query)? else {
        return Ok(None);
    };
    let (mut entries, mut after): (Vec<ChangelogEntry>, _) = (Vec::new(), None);
    loop {
        let page = repository.changelog_page(query, after, BATCH)?;
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        entries.extend(page);
    }
    changelog.document(&entries).map(Some)
}

/// Replaces the change log of a query by a document.
///
/// # Errors
/// [`Error::NotFound`] for an unknown profile or query; [`Error::Invalid`] when the text is no JSON object.
pub fn save_changelog_document(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    document: &str,
) -> Result<()> {
    queries::require(repository, query)?;
    let (changelog, entries) = Changelog::read(query.clone(), document, None)?;
    repository.delete_changelog(query)?;
    repository.save_changelog(&changelog)?;
    repository.save_changelog_entries(query, &entries)
}

/// Replaces the project data of a query by a document.
///
/// # Errors
/// As [`save_changelog_document`].
pub fn save_project_data(repository: &mut dyn DeliveryRepository, query: &QueryKey, document: &str) -> Result<()> {
    queries::require(repository, query)?;
    repository.save_project_data(&ProjectData::new(query.clone(), document)?)
}

/// Replaces rows of the weekly statistics: for each row given, the row with the same `date`, or a new one
/// at the end. Rows are JSON objects. Of rows with the same date, the last is replaced; the others stay.
///
/// # Errors
/// As [`save_project_data`]; [`Error::Invalid`] also for a row without a date.
pub fn save_statistics_batch(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    rows: &[String],
    now: Timestamp,
) -> Result<()> {
    let document = current_project_data(repository, query)?;
    let texts = super::project_data::statistic_texts(&document).map_err(|error| broken(query, &error))?;
    let mut list: Vec<String> = texts.unwrap_or_default().into_iter().map(str::to_owned).collect();
    for row in rows {
        require_object("weekly statistic", "row", row)?;
        let Some(date) = date_of(row) else {
            return Err(invalid("weekly statistic", "date", row, "must not be missing"));
        };
        match list.iter_mut().rev().find(|present| date_of(present).as_deref() == Some(&date)) {
            Some(present) => present.clone_from(row),
            None => list.push(row.clone()),
        }
    }
    let document =
        set_text(&document, "statistics", &format!("[{}]", list.join(", "))).map_err(|error| broken(query, &error))?;
    save_updated(repository, query, &document, now)
}

/// Replaces the scope of a query by a JSON object.
///
/// # Errors
/// As [`save_project_data`].
pub fn save_scope(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    scope: &str,
    now: Timestamp,
) -> Result<()> {
    require_object("scope", "document", scope)?;
    let document = current_project_data(repository, query)?;
    let document = set_text(&document, "project_scope", scope).map_err(|error| broken(query, &error))?;
    save_updated(repository, query, &document, now)
}

/// Keeps the metrics of one kind of a week, in place of those it had. The week's label stays as it is
/// written in the document; a new one is written `2025-W07`.
///
/// `metrics`: JSON object from metric name to its values; metrics without a `timestamp` get the present
/// one. `forecast`: JSON object from metric name to its forecast, which becomes a member of the metric.
///
/// # Errors
/// [`Error::NotFound`] for an unknown profile or query; [`Error::Invalid`] for texts that are no JSON
/// objects, for a metric of another kind, and for a forecast of a metric that is not there.
pub fn save_metrics_snapshot(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    week: IsoWeek,
    kind: MetricKind,
    metrics: &str,
    forecast: Option<&str>,
    now: Timestamp,
) -> Result<MetricsSnapshot> {
    queries::require(repository, query)?;
    let metrics = complete_metrics(query, kind, metrics, forecast, now)?;
    let snapshots = repository.list_snapshots(query, None, None)?;
    let ordinal_after_last = snapshots.iter().map(|snapshot| snapshot.ordinal + 1).max().unwrap_or(0);
    // Of several labels of one week the one of this kind counts, and among these the last.
    let same_week = snapshots.iter().filter(|snapshot| snapshot.week == Some(week));
    let present = same_week.max_by_key(|snapshot| (snapshot.kind == kind, snapshot.ordinal));
    let (ordinal, label) =
        present.map_or_else(|| (ordinal_after_last, week.to_string()), |found| (found.ordinal, found.label.clone()));
    let snapshot = MetricsSnapshot::new(query.clone(), ordinal, label, kind, &metrics)?;
    repository.save_snapshots(query, std::slice::from_ref(&snapshot))?;
    Ok(snapshot)
}

/// The document of all snapshots of a query, made anew; `None` when it has none.
///
/// # Errors
/// [`Error::Corrupt`] when what is kept is damaged.
pub fn snapshots_document(repository: &mut dyn DeliveryRepository, query: &QueryKey) -> Result<Option<String>> {
    let snapshots = repository.list_snapshots(query, None, None)?;
    if snapshots.is_empty() { Ok(None) } else { snapshot::write(query, None, &snapshots).map(Some) }
}

/// Replaces all snapshots of a query by those of a document.
///
/// # Errors
/// As [`save_changelog_document`].
pub fn save_snapshots_document(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    document: &str,
) -> Result<()> {
    queries::require(repository, query)?;
    let snapshots = snapshot::read(query, document)?;
    repository.delete_snapshots(query)?;
    repository.save_snapshots(query, &snapshots)
}

fn complete_metrics(
    query: &QueryKey,
    kind: MetricKind,
    metrics: &str,
    forecast: Option<&str>,
    now: Timestamp,
) -> Result<String> {
    require_object("metrics snapshot", "metrics", metrics)?;
    let mut text = metrics.to_owned();
    for metric in members(metrics).map_err(|error| broken(query, &error))?.unwrap_or_default() {
        let is_object = metric.text.starts_with('{');
        if MetricKind::of(&metric.key, is_object) != kind {
            return Err(invalid("metrics snapshot", "metrics", &metric.key, "must hold metrics of its kind only"));
        }
        if is_object && !super::read::object_of(metric.text).contains_key("timestamp") {
            text = set_at(&text, &[&metric.key, "timestamp"], &Json::from(utc_text(now)))
                .map_err(|error| broken(query, &error))?;
        }
    }
    let Some(forecast) = forecast else {
        return Ok(text);
    };
    require_object("metrics snapshot", "forecast", forecast)?;
    let known = super::read::object_of(metrics);
    for (metric, value) in super::read::object_of(forecast) {
        if known.get(&metric).is_none_or(|metric| metric.as_object().is_none()) {
            return Err(invalid("metrics snapshot", "forecast", &metric, "must name metrics of the snapshot"));
        }
        text = set_at(&text, &[&metric, "forecast"], &value).map_err(|error| broken(query, &error))?;
    }
    Ok(text)
}

fn all_issues(repository: &mut dyn DeliveryRepository, query: &QueryKey, cache_key: &str) -> Result<Vec<Issue>> {
    let (mut issues, mut after): (Vec<Issue>, _) = (Vec::new(), None);
    loop {
        let page = repository.issues_page(query, cache_key, after, BATCH)?;
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        issues.extend(page);
    }
    Ok(issues)
}

fn points_field(repository: &mut dyn DeliveryRepository, query: &QueryKey) -> Result<Option<String>> {
    Ok(profiles::require(repository, &query.profile)?.facts().points_field.clone())
}

fn current_project_data(repository: &mut dyn DeliveryRepository, query: &QueryKey) -> Result<String> {
    queries::require(repository, query)?;
    match repository.get_project_data(query)? {
        Some(data) => data.upgraded(),
        None => ProjectData::new(query.clone(), "{\"project_scope\": {}, \"statistics\": []}")?.upgraded(),
    }
}

fn save_updated(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    document: &str,
    now: Timestamp,
) -> Result<()> {
    let document = set_at(document, &["metadata", "last_updated"], &Json::from(utc_text(now)))
        .map_err(|error| broken(query, &error))?;
    repository.save_project_data(&ProjectData::new(query.clone(), document)?)
}

fn date_of(row: &str) -> Option<String> {
    super::read::object_of(row).get("date").and_then(Json::as_str).filter(|date| !date.is_empty()).map(str::to_owned)
}

fn broken(query: &QueryKey, error: &crate::json::JsonError) -> Error {
    corrupt("query data", &query.to_string(), "document", error)
}

#[cfg(test)]
#[path = "documents_tests.rs"]
mod tests;
