//! Random calls on the delivery area, on a store and on the area in memory.

use super::Random;
use crate::contract::support::time;
use crate::model::ModelStore;
use landfast_domain::delivery::{
    Changelog, ChangelogEntry, DeliveryRepository, IsoWeek, Issue, IssueFilter, ItemFilter, MetricFilter, MetricKind,
    MetricsSnapshot, Moment, Profile, ProfileId, ProjectData, Query, QueryId, QueryKey, StatisticFilter, TaskProgress,
    TaskStatus, documents,
};
use landfast_domain::store::Store;
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result};

mod texts;

/// What a transaction does; the same on both stores.
#[derive(Debug, Clone)]
enum Step {
    State(String, Option<String>),
    Profile(Profile),
    DeleteProfile(ProfileId),
    Query(Query),
    DeleteQuery(QueryKey),
    Response(QueryKey, String, String, Option<Timestamp>),
    Issues(QueryKey, String, Vec<Issue>),
    IssuesBatch(QueryKey, String, Vec<String>),
    DeleteCache(QueryKey, String),
    Changelog(Changelog),
    Entries(QueryKey, Vec<ChangelogEntry>),
    ChangelogDocument(QueryKey, String),
    Histories(QueryKey, Vec<(String, String)>),
    DeleteChangelog(QueryKey),
    Cleanup(Timestamp),
    Data(ProjectData),
    Rows(QueryKey, Vec<String>),
    DeleteData(QueryKey),
    Snapshots(QueryKey, Vec<MetricsSnapshot>),
    Metrics(QueryKey, IsoWeek, MetricKind, String),
    DeleteSnapshots(QueryKey),
    Progress(TaskProgress),
    ClearProgress(String),
    TaskState(Option<String>),
    Fail,
}

/// Runs a random transaction for each seed on the delivery area of an empty store and of a model; panics
/// with the steps when what they hold or answer differs.
pub fn compare_delivery(store: &dyn Store, seeds: &[u64]) {
    let model = ModelStore::new();
    let model: &dyn Store = &model;
    for (number, seed) in seeds.iter().enumerate() {
        let mut random = Random(*seed);
        let steps: Vec<Step> = (0..=random.below(5)).map(|_| step(&mut random)).collect();
        let run_all = |store: &dyn Store| store.write(|r| run(r.delivery()?, &steps));
        let (ours, theirs) = (run_all(store), run_all(model));
        let context = format!("transaction {number} of {seeds:?}: {steps:?}");
        match (&ours, &theirs) {
            (Ok(a), Ok(b)) => assert_eq!(a, b, "{context}"),
            (Err(a), Err(b)) => assert_eq!(a.to_string(), b.to_string(), "{context}"),
            _ => panic!("{context}: {ours:?} and {theirs:?}"),
        }
        let state_of = |store: &dyn Store| store.read(|r| state(r.delivery()?)).unwrap();
        for (ours, theirs) in state_of(store).iter().zip(&state_of(model)) {
            assert_eq!(ours, theirs, "{context}");
        }
    }
}

fn profile_id(random: &mut Random) -> ProfileId {
    ProfileId::new(["p1", "P1", "p2"][random.below(3)]).unwrap()
}

fn key(random: &mut Random) -> QueryKey {
    QueryKey::new(profile_id(random), QueryId::new(["q1", "q2"][random.below(2)]).unwrap())
}

fn expiry(random: &mut Random) -> Option<Timestamp> {
    [None, Some(time("2025-12-18 09:30")), Some(time("2025-12-20 00:00:00.000001"))][random.below(3)]
}

fn cache_key(random: &mut Random) -> String {
    ["k", "K", "", "a\0b", "a\u{2400}b", texts::LONG][random.below(6)].to_owned()
}

fn issue_texts(random: &mut Random) -> Vec<String> {
    (0..random.below(5)).map(|_| texts::issue(random)).collect()
}

fn issues(random: &mut Random) -> Vec<Issue> {
    let texts = issue_texts(random);
    texts
        .into_iter()
        .map(|text| Issue::read(i64::try_from(random.below(6)).unwrap(), text, Some("customfield_1")))
        .collect()
}

fn entries(random: &mut Random) -> Vec<ChangelogEntry> {
    (0..random.below(4))
        .map(|_| {
            let place = i64::try_from(random.below(6)).unwrap();
            let mut entry = ChangelogEntry::read(place, Some(&texts::issue_key(random)), texts::history(random), None);
            entry.expires_at = expiry(random).or(entry.expires_at);
            entry
        })
        .collect()
}

fn snapshots(random: &mut Random, key: &QueryKey) -> Vec<MetricsSnapshot> {
    (0..random.below(5))
        .map(|_| {
            let kind = MetricKind::ALL[random.below(3)];
            let place = i64::try_from(random.below(4)).unwrap();
            MetricsSnapshot::new(key.clone(), place, texts::label(random), kind, &texts::metrics(random)).unwrap()
        })
        .collect()
}

fn step(random: &mut Random) -> Step {
    let query = key(random);
    match random.below(40) {
        0 | 1 => {
            let value = (random.below(3) > 0).then(|| random.text().to_owned());
            Step::State(cache_key(random), value)
        }
        2..=6 => {
            let (document, entry) = (texts::profile(random), texts::profile(random));
            Step::Profile(Profile::new(query.profile, document, entry).unwrap())
        }
        7 => Step::DeleteProfile(query.profile),
        8..=14 => {
            let jql = (random.below(2) == 0).then(|| random.text().to_owned());
            Step::Query(Query::new(query, texts::query(random), jql).unwrap())
        }
        15 => Step::DeleteQuery(query),
        16..=18 => Step::Response(query, cache_key(random), texts::response(random), expiry(random)),
        19 | 20 => Step::Issues(query, cache_key(random), issues(random)),
        21 => Step::IssuesBatch(query, cache_key(random), issue_texts(random)),
        22 => Step::DeleteCache(query, cache_key(random)),
        23 | 24 => Step::Changelog(Changelog::read(query, texts::changelog(random), None).unwrap().0),
        25 | 26 => Step::Entries(query, entries(random)),
        27 => Step::ChangelogDocument(query, texts::changelog(random).to_owned()),
        28 => Step::Histories(
            query,
            (0..random.below(4)).map(|_| (texts::issue_key(random), texts::history(random))).collect(),
        ),
        29 => Step::DeleteChangelog(query),
        30 => Step::Cleanup(time(["2025-12-18 09:30", "2025-12-01 00:00", "2025-12-20 00:00"][random.below(3)])),
        31 | 32 => Step::Data(ProjectData::new(query, texts::data(random)).unwrap()),
        33 => Step::Rows(query, (0..random.below(3)).map(|_| texts::row(random)).collect()),
        34 => Step::DeleteData(query),
        35 | 36 => {
            let snapshots = snapshots(random, &query);
            Step::Snapshots(query, snapshots)
        }
        37 => match random.below(3) {
            0 => Step::DeleteSnapshots(query),
            number => {
                let week = IsoWeek::new(2025, 7 + u32::try_from(number).unwrap()).unwrap();
                Step::Metrics(query, week, MetricKind::ALL[random.below(3)], texts::metrics(random))
            }
        },
        38 => match random.below(4) {
            0 => Step::ClearProgress(cache_key(random)),
            1 => Step::TaskState((random.below(2) == 0).then(|| random.text().to_owned())),
            number => Step::Progress(TaskProgress {
                task_name: cache_key(random),
                percent: [0.0, -0.0, 100.0, 33.3, 100.1, f64::NAN][random.below(6)],
                status: [TaskStatus::Running, TaskStatus::Completed, TaskStatus::Failed][number % 3],
                message: random.text().to_owned(),
                updated_at: Moment::read(random.text()),
            }),
        },
        _ if random.below(2) == 0 => Step::Fail,
        _ => Step::TaskState(Some(random.text().to_owned())),
    }
}

/// Runs steps until one fails; what is not found or not allowed is part of the answer and not a failure.
fn run(delivery: &mut dyn DeliveryRepository, steps: &[Step]) -> Result<Vec<String>> {
    let mut answers = Vec::new();
    for step in steps {
        answers.push(match answer(delivery, step) {
            Ok(answer) => answer,
            // An operation that is refused half-way leaves what it did to the caller's transaction.
            Err(error @ (Error::NotFound { .. } | Error::Invalid { .. })) => error.to_string(),
            Err(error) => return Err(error),
        });
        answers.push(format!("{:?}", delivery.row_counts()?));
    }
    Ok(answers)
}

fn answer(delivery: &mut dyn DeliveryRepository, step: &Step) -> Result<String> {
    let now = time("2025-12-18 08:00");
    match step {
        Step::State(key, Some(value)) => delivery.set_app_state(key, value)?,
        Step::State(key, None) => return Ok(delivery.delete_app_state(key)?.to_string()),
        Step::Profile(profile) => delivery.save_profile(profile)?,
        Step::DeleteProfile(id) => delivery.delete_profile(id)?,
        Step::Query(query) => delivery.save_query(query)?,
        Step::DeleteQuery(key) => delivery.delete_query(key)?,
        Step::Response(query, key, document, expires_at) => {
            documents::save_jira_cache(delivery, query, key, document, *expires_at)?;
        }
        Step::Issues(query, key, issues) => delivery.save_issues(query, key, issues)?,
        Step::IssuesBatch(query, key, issues) => {
            let expires_at = time("2025-12-18 09:30");
            return Ok(documents::save_issues_batch(delivery, query, key, issues, expires_at, now)?.to_string());
        }
        Step::DeleteCache(query, key) => return Ok(delivery.delete_cache(query, key)?.to_string()),
        Step::Changelog(changelog) => delivery.save_changelog(changelog)?,
        Step::Entries(query, entries) => delivery.save_changelog_entries(query, entries)?,
        Step::ChangelogDocument(query, document) => documents::save_changelog_document(delivery, query, document)?,
        Step::Histories(query, histories) => {
            documents::save_jira_changelog(delivery, query, histories, time("2025-12-19 08:00"), now)?;
        }
        Step::DeleteChangelog(query) => return Ok(delivery.delete_changelog(query)?.to_string()),
        Step::Cleanup(now) => return Ok(delivery.cleanup_expired_cache(*now)?.to_string()),
        Step::Data(data) => delivery.save_project_data(data)?,
        Step::Rows(query, rows) => documents::save_statistics_batch(delivery, query, rows, now)?,
        Step::DeleteData(query) => return Ok(delivery.delete_project_data(query)?.to_string()),
        Step::Snapshots(query, snapshots) => delivery.save_snapshots(query, snapshots)?,
        Step::Metrics(query, week, kind, metrics) => {
            let saved = documents::save_metrics_snapshot(delivery, query, *week, *kind, metrics, None, now)?;
            return Ok(format!("{saved:?}"));
        }
        Step::DeleteSnapshots(query) => return Ok(delivery.delete_snapshots(query)?.to_string()),
        Step::Progress(progress) => delivery.save_task_progress(progress)?,
        Step::ClearProgress(name) => delivery.clear_task_progress(name)?,
        Step::TaskState(Some(document)) => delivery.save_task_state(document)?,
        Step::TaskState(None) => delivery.clear_task_state()?,
        Step::Fail => return Err(Error::aborted("on purpose")),
    }
    Ok("done".to_owned())
}

/// Everything the area answers, one text an answer.
fn state(delivery: &mut dyn DeliveryRepository) -> Result<Vec<String>> {
    let mut answers = Vec::new();
    macro_rules! ask {
        ($answer:expr) => {
            answers.push(format!("{}: {:?}", stringify!($answer), $answer?))
        };
    }
    ask!(delivery.list_app_state());
    ask!(delivery.list_profiles());
    ask!(delivery.row_counts());
    ask!(delivery.list_task_progress());
    ask!(delivery.get_task_state());
    for key in ["k", "a\0b", texts::LONG] {
        ask!(delivery.app_state(key));
        ask!(delivery.get_task_progress(key));
    }
    for profile in ["p1", "P1", "p2"] {
        let profile = ProfileId::new(profile)?;
        ask!(delivery.get_profile(&profile));
        ask!(delivery.list_queries(&profile));
        for query in ["q1", "q2"] {
            let query = QueryKey::new(profile.clone(), QueryId::new(query)?);
            answers.extend(query_state(delivery, &query)?);
        }
    }
    Ok(answers)
}

fn query_state(delivery: &mut dyn DeliveryRepository, query: &QueryKey) -> Result<Vec<String>> {
    let mut answers = Vec::new();
    macro_rules! ask {
        ($answer:expr) => {
            answers.push(format!("{query} {}: {:?}", stringify!($answer), $answer?))
        };
    }
    ask!(delivery.get_query(query));
    ask!(delivery.list_caches(query));
    for key in ["k", "a\0b", texts::LONG] {
        ask!(delivery.get_cache(query, key));
        ask!(delivery.issues_page(query, key, None, 100));
        ask!(delivery.issue_keys(query, key));
        ask!(delivery.issues_page(query, key, Some(1), 2));
        let filter = IssueFilter { cache_key: Some(key.to_owned()), ..IssueFilter::default() };
        ask!(delivery.list_issues(query, &filter));
    }
    for text in ["Done", "a\0b", "a\u{2400}b", texts::LONG] {
        let text = || Some(text.to_owned());
        for filter in [
            IssueFilter { status: text(), limit: Some(2), ..IssueFilter::default() },
            IssueFilter { assignee: text(), ..IssueFilter::default() },
            IssueFilter { issue_type: text(), project_key: text(), ..IssueFilter::default() },
        ] {
            ask!(delivery.list_issues(query, &filter));
        }
        ask!(delivery.get_changelog_entry(query, &text().unwrap_or_default()));
        ask!(delivery.list_changelog_items(query, &ItemFilter { issue_key: text(), ..ItemFilter::default() }));
        ask!(delivery.list_changelog_items(query, &ItemFilter { field: text(), ..ItemFilter::default() }));
        ask!(delivery.list_metric_values(query, &MetricFilter { metric: text(), ..MetricFilter::default() }));
    }
    ask!(delivery.list_issues(query, &IssueFilter { limit: Some(3), ..IssueFilter::default() }));
    ask!(delivery.list_issues(query, &IssueFilter::default()));
    ask!(delivery.get_changelog(query));
    ask!(delivery.get_changelog_entry(query, "A-1"));
    ask!(delivery.changelog_page(query, None, 100));
    ask!(delivery.changelog_keys(query));
    ask!(delivery.changelog_page(query, Some(0), 1));
    ask!(documents::changelog_document(delivery, query));
    let range = ItemFilter {
        from: Some(time("2025-03-20 05:38")),
        until: Some(time("2025-03-21 00:00")),
        ..ItemFilter::default()
    };
    for filter in [ItemFilter::default(), range, ItemFilter { limit: Some(2), ..ItemFilter::default() }] {
        ask!(delivery.list_changelog_items(query, &filter));
    }
    ask!(delivery.get_project_data(query));
    ask!(delivery.get_scope(query));
    let day = |text: &str| landfast_domain::delivery::parse_date(text);
    for filter in [
        StatisticFilter::default(),
        StatisticFilter { limit: Some(2), ..StatisticFilter::default() },
        StatisticFilter { from: day("2025-12-15"), to: day("2025-12-22"), limit: Some(1) },
    ] {
        ask!(delivery.list_statistics(query, &filter));
    }
    for kind in [None, Some(MetricKind::Flow), Some(MetricKind::Other)] {
        for weeks in [None, Some(0), Some(1), Some(3)] {
            ask!(delivery.list_snapshots(query, kind, weeks));
            ask!(delivery.list_metric_values(query, &MetricFilter { kind, weeks, ..MetricFilter::default() }));
        }
    }
    ask!(delivery.get_snapshot(query, "2025-7", MetricKind::Flow));
    ask!(delivery.get_snapshot(query, texts::LONG, MetricKind::Other));
    let filter = MetricFilter { from: IsoWeek::new(2025, 7), to: IsoWeek::new(2025, 8), ..MetricFilter::default() };
    ask!(delivery.list_metric_values(query, &filter));
    let filter = MetricFilter { name: Some("median_days".to_owned()), weeks: Some(2), ..MetricFilter::default() };
    ask!(delivery.list_metric_values(query, &filter));
    Ok(answers)
}
