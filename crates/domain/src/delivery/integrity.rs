//! Whether what is kept agrees with itself: documents can be read, their parts are all there, and rows made
//! from documents say what the documents say.

use super::cache::ISSUES;
use super::envelope::{Parts, places};
use super::ids::{ProfileId, QueryKey};
use super::issue::{Issue, IssueFilter};
use super::progress::TaskProgress;
use super::project_data::StatisticFilter;
use super::repository::DeliveryRepository;
use super::snapshot::{MetricFilter, MetricsSnapshot};
use super::state::{ACTIVE_PROFILE, ACTIVE_QUERY, active_profile};
use crate::time::Timestamp;
use crate::{Error, Result};

/// How many issues or entries are looked at in one go.
const BATCH: usize = 1_000;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: a profile, a query, a cached response, a key of the application's state.
    pub place: String,
    /// What.
    pub message: String,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How much of each kind was looked at.
    pub checked: Vec<(&'static str, u64)>,
    /// What is wrong, in the order it was met.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    fn count(&mut self, kind: &'static str, more: usize) {
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        match self.checked.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count = count.saturating_add(more),
            None => self.checked.push((kind, more)),
        }
    }

    fn problem(&mut self, place: impl ToString, message: impl Into<String>) {
        self.problems.push(Problem { place: place.to_string(), message: message.into() });
    }

    /// A damaged value is a finding; every other failure ends the check.
    fn tolerate<T>(&mut self, place: impl ToString, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error @ (Error::Corrupt { .. } | Error::Invalid { .. })) => {
                self.problem(place, error.to_string());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Looks through everything and changes nothing. `now` is the local clock, as for [`TaskProgress::read`].
///
/// ```
/// use landfast_domain::delivery::memory::MemoryDelivery;
/// use landfast_domain::delivery::{ProfileId, integrity, profiles};
/// use landfast_domain::time::Timestamp;
///
/// let now = Timestamp::parse("2025-12-17 09:30").unwrap();
/// let mut store = MemoryDelivery::default();
/// profiles::create(&mut store, ProfileId::new("p1")?, "Team", "", now)?;
/// assert!(integrity::check(&mut store, now)?.is_sound());
/// # Ok::<(), landfast_domain::Error>(())
/// ```
///
/// # Errors
/// [`Error::Backend`] when the store fails. Damaged values are no error but in the report.
pub fn check(repository: &mut dyn DeliveryRepository, now: Timestamp) -> Result<Report> {
    let mut report = Report::default();
    check_state(repository, &mut report)?;
    let mut items = 0;
    let profiles = repository.list_profiles();
    for summary in report.tolerate("profiles", profiles)?.unwrap_or_default() {
        report.count("profiles", 1);
        let profile = repository.get_profile(&summary.id);
        let points_field = match report.tolerate(&summary.id, profile)? {
            Some(Some(profile)) => profile.facts().points_field.clone(),
            Some(None) => {
                report.problem(&summary.id, "is listed and cannot be found");
                None
            }
            None => None,
        };
        items += check_queries(repository, &summary.id, points_field.as_deref(), &mut report)?;
    }
    let counts = repository.row_counts()?;
    let kept = counts.iter().find(|(kind, _)| *kind == "changelog_items").map_or(0, |(_, count)| *count);
    if report.is_sound() && kept != items {
        report.problem("change logs", format!("{kept} changed fields are kept, {items} are in the documents"));
    }
    let state = repository.get_task_state();
    if let Some(Some(document)) = report.tolerate("background task", state)? {
        report.count("background tasks", 1);
        let progress = TaskProgress::read(&document, now);
        report.tolerate("background task", progress)?;
    }
    Ok(report)
}

/// Active ids that lead nowhere: readers fall back on others, but somebody meant them.
fn check_state(repository: &mut dyn DeliveryRepository, report: &mut Report) -> Result<()> {
    let Some(active) = active_profile(repository)? else { return Ok(()) };
    if let Some(set) = repository.app_state(ACTIVE_PROFILE)?
        && set != active.as_str()
    {
        report.problem(ACTIVE_PROFILE, format!("names profile `{set}`, which does not exist"));
    }
    if let Some(set) = repository.app_state(ACTIVE_QUERY)?
        && !repository.list_queries(&active)?.iter().any(|query| query.key().query.as_str() == set)
    {
        report.problem(ACTIVE_QUERY, format!("names query `{set}`, which profile `{active}` does not have"));
    }
    Ok(())
}

/// Tells how many changed fields the change logs hold.
fn check_queries(
    repository: &mut dyn DeliveryRepository,
    profile: &ProfileId,
    points_field: Option<&str>,
    report: &mut Report,
) -> Result<u64> {
    let mut items = 0;
    let queries = repository.list_queries(profile);
    for query in report.tolerate(profile, queries)?.unwrap_or_default() {
        let key = query.key();
        report.count("queries", 1);
        check_caches(repository, key, points_field, report)?;
        items += check_changelog(repository, key, report)?;
        check_statistics(repository, key, report)?;
        check_metrics(repository, key, report)?;
    }
    Ok(items)
}

fn check_caches(
    repository: &mut dyn DeliveryRepository,
    key: &QueryKey,
    points_field: Option<&str>,
    report: &mut Report,
) -> Result<()> {
    let caches = repository.list_caches(key);
    for cache in report.tolerate(key, caches)?.unwrap_or_default() {
        let place = format!("{key}, cached response {}", cache.cache_key);
        report.count("cached responses", 1);
        check_places(report, &place, &cache.envelope, ISSUES, repository.issue_keys(key, &cache.cache_key)?.len());
        let mut after = None;
        loop {
            let page = repository.issues_page(key, &cache.cache_key, after, BATCH);
            let Some(page) = report.tolerate(&place, page)? else { break };
            let Some(last) = page.last() else { break };
            after = Some(last.ordinal);
            report.count("issues", page.len());
            for issue in page {
                let read = Issue::read(issue.ordinal, issue.text.as_str(), points_field);
                if read.facts != issue.facts {
                    let name = issue.facts.key.as_deref().unwrap_or("without key");
                    report.problem(&place, format!("the row of issue {name} does not say what its text says"));
                }
            }
        }
        // The list goes another way than the pages do.
        let filter = IssueFilter { cache_key: Some(cache.cache_key.clone()), limit: Some(1), ..IssueFilter::default() };
        let listed = repository.list_issues(key, &filter);
        if let Some(listed) = report.tolerate(&place, listed)?
            && listed.is_empty() != after.is_none()
        {
            report.problem(&place, "has issues that are not listed");
        }
    }
    Ok(())
}

fn check_changelog(repository: &mut dyn DeliveryRepository, key: &QueryKey, report: &mut Report) -> Result<u64> {
    let place = format!("{key}, change log");
    let changelog = repository.get_changelog(key);
    let Some(Some(changelog)) = report.tolerate(&place, changelog)? else { return Ok(0) };
    report.count("change logs", 1);
    let (mut entries, mut items, mut after) = (0, 0, None);
    loop {
        let page = repository.changelog_page(key, after, BATCH);
        let Some(page) = report.tolerate(&place, page)? else { break };
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        entries += page.len();
        items += page.iter().map(|entry| entry.items().len()).sum::<usize>();
    }
    report.count("change-log entries", entries);
    check_places(report, &place, &changelog.envelope, changelog.layout.parts(), entries);
    Ok(u64::try_from(items).unwrap_or(u64::MAX))
}

/// Parts may have been removed, for instance as expired, so there can be fewer than places, but never more.
fn check_places(report: &mut Report, place: &str, envelope: &str, parts: Parts<'_>, found: usize) {
    match places(envelope, parts) {
        Ok(number) if found <= number => {}
        Ok(number) => report.problem(place, format!("holds {found} parts and has places for {number}")),
        Err(error) => report.problem(place, format!("is no JSON: {error}")),
    }
}

fn check_statistics(repository: &mut dyn DeliveryRepository, key: &QueryKey, report: &mut Report) -> Result<()> {
    let place = format!("{key}, project data");
    let data = repository.get_project_data(key);
    let Some(Some(data)) = report.tolerate(&place, data)? else { return Ok(()) };
    let rows = repository.list_statistics(key, &StatisticFilter::default());
    if let Some(rows) = report.tolerate(&place, rows)? {
        report.count("weekly statistics", rows.len());
        if rows != data.statistics() {
            report.problem(&place, "the rows of the weekly statistics do not say what the document says");
        }
    }
    if repository.get_scope(key)? != data.scope() {
        report.problem(&place, "the scope is not that of the document");
    }
    Ok(())
}

fn check_metrics(repository: &mut dyn DeliveryRepository, key: &QueryKey, report: &mut Report) -> Result<()> {
    let place = format!("{key}, metrics");
    let snapshots = repository.list_snapshots(key, None, None);
    let Some(snapshots) = report.tolerate(&place, snapshots)? else { return Ok(()) };
    report.count("snapshots", snapshots.len());
    let values = repository.list_metric_values(key, &MetricFilter::default());
    if let Some(values) = report.tolerate(&place, values)? {
        report.count("metric values", values.len());
        if !snapshots.iter().flat_map(MetricsSnapshot::values).eq(values) {
            report.problem(&place, "the values of the metrics do not say what the snapshots say");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Memory, at, profile_id, query_key};
    use super::super::{JiraCache, documents, profiles, queries};
    use super::*;

    fn filled() -> Memory {
        let now = at("2025-12-17 10:00");
        let mut store = Memory::default();
        profiles::create(&mut store, profile_id("p"), "P", "", now).unwrap();
        let key = query_key("p", "q");
        queries::create(&mut store, key.clone(), "Q", "project = A", "", now).unwrap();
        let document = r#"{"timestamp": "2025-12-17T09:00:00+00:00", "issues": [{"key": "A-1"}, {"key": "A-2"}]}"#;
        documents::save_jira_cache(&mut store, &key, "k", document, None).unwrap();
        let history = r#"{"changelog": {"histories": [{"items": [{"field": "status"}, {"field": "x"}]}]}}"#;
        let entries = [("A-1".to_owned(), history.to_owned())];
        documents::save_jira_changelog(&mut store, &key, &entries, at("2025-12-18 10:00"), now).unwrap();
        documents::save_statistics_batch(&mut store, &key, &[r#"{"date": "2025-12-15"}"#.to_owned()], now).unwrap();
        documents::save_snapshots_document(&mut store, &key, r#"{"2025-W50": {"flow_time": {"median_days": 2}}}"#)
            .unwrap();
        store
    }

    #[test]
    fn what_operations_made_is_sound() {
        let report = check(&mut filled(), at("2025-12-17 10:00")).unwrap();
        assert_eq!(report.problems, []);
        for (kind, count) in
            [("profiles", 1), ("queries", 1), ("issues", 2), ("change-log entries", 1), ("metric values", 1)]
        {
            assert!(report.checked.contains(&(kind, count)), "{kind}: {report:?}");
        }
        assert!(check(&mut Memory::default(), at("2025-12-17 10:00")).unwrap().is_sound());
    }

    #[test]
    fn fewer_parts_than_places_are_sound_and_more_are_not() {
        let mut store = filled();
        let (now, key) = (at("2025-12-17 10:00"), query_key("p", "q"));
        let cache = JiraCache::from_envelope(key, "k", r#"{"issues": [0, 0, 0]}"#.to_owned());
        store.update_cache(&cache).unwrap();
        assert!(check(&mut store, now).unwrap().is_sound());
        store.update_cache(&JiraCache { envelope: r#"{"issues": [0]}"#.to_owned(), ..cache }).unwrap();
        let report = check(&mut store, now).unwrap();
        assert_eq!(report.problems.len(), 1, "{report:?}");
        assert_eq!(report.problems[0].message, "holds 2 parts and has places for 1");
    }

    #[test]
    fn rows_that_say_something_else_are_found() {
        let mut store = filled();
        let (now, key) = (at("2025-12-17 10:00"), query_key("p", "q"));
        let mut issue = store.issues_page(&key, "k", None, 1).unwrap().remove(0);
        issue.facts.status = Some("Done".to_owned());
        store.save_issues(&key, "k", &[issue]).unwrap();
        store.set_app_state(ACTIVE_QUERY, "gone").unwrap();
        store.save_task_state("{").unwrap();
        let places: Vec<String> =
            check(&mut store, now).unwrap().problems.into_iter().map(|found| found.place).collect();
        assert_eq!(places, ["active_query_id", "p/q, cached response k", "background task"]);
    }
}
