//! Random changes of all areas: files say what the models say, whenever they are read.

use super::{dump, key, time};
use crate::support::dynamic;
use landfast_domain::Result;
use landfast_domain::delivery::{
    DeliveryRepository, IsoWeek, MetricKind, Profile, Query, TaskProgress, TaskStatus, documents, profiles,
};
use landfast_domain::delivery::{Moment, memory::MemoryDelivery};
use landfast_domain::presentations::memory::MemoryPresentations;
use landfast_domain::presentations::{Claim, JobId, JobStatus, PresentationJob, PresentationRepository, RequestText};
use landfast_domain::runs::manager::{self, NewRun, RunChange};
use landfast_domain::runs::memory::MemoryRuns;
use landfast_domain::runs::{RunFile, RunId, RunRepository, RunStatus};
use landfast_legacy::files::FileStore;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Profile(u8, String),
    DropProfile(u8),
    Query(u8, u8),
    DropQuery(u8, u8),
    Cache(u8, u8, Vec<u8>),
    DropIssuesOf(u8, u8),
    Histories(u8, u8, Vec<u8>),
    Week(u8, u8, u32),
    Cleanup(u8),
    State(u8, String),
    Progress(u8),
    Job(u8, u8),
    Claim(u8),
    Finish(u8, String),
    DropJob(u8),
    Run(u8, bool),
    RunStatus(u8, u8),
    RunFiles(u8, Vec<u8>),
    RunDirectory(u8, u8),
    DropRun(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let n = || 0..3_u8;
    let few = || proptest::collection::vec(0..5_u8, 0..4);
    prop_oneof![
        3 => (n(), "[a-zé\"]{1,4}").prop_map(|(p, name)| Step::Profile(p, name)),
        1 => n().prop_map(Step::DropProfile),
        6 => (Just(0_u8), n()).prop_map(|(p, q)| Step::Query(p, q)),
        2 => (n(), n()).prop_map(|(p, q)| Step::Query(p, q)),
        1 => (n(), n()).prop_map(|(p, q)| Step::DropQuery(p, q)),
        4 => (n(), n(), few()).prop_map(|(q, c, issues)| Step::Cache(q, c, issues)),
        2 => (n(), n()).prop_map(|(q, c)| Step::DropIssuesOf(q, c)),
        4 => (n(), n(), few()).prop_map(|(q, hours, issues)| Step::Histories(q, hours, issues)),
        4 => (n(), n(), 1..4_u32).prop_map(|(q, kind, week)| Step::Week(q, kind, week)),
        2 => n().prop_map(Step::Cleanup),
        2 => (n(), "[a-z\u{1}é]{0,3}").prop_map(|(k, value)| Step::State(k, value)),
        2 => n().prop_map(Step::Progress),
        2 => (n(), n()).prop_map(|(id, kind)| Step::Job(id, kind)),
        2 => n().prop_map(Step::Claim),
        2 => (n(), "[a-zé\"\u{0}]{0,3}").prop_map(|(id, text)| Step::Finish(id, text)),
        1 => n().prop_map(Step::DropJob),
        2 => (n(), any::<bool>()).prop_map(|(id, metadata)| Step::Run(id, metadata)),
        2 => (n(), n()).prop_map(|(id, status)| Step::RunStatus(id, status)),
        2 => (n(), few()).prop_map(|(id, files)| Step::RunFiles(id, files)),
        2 => (n(), n()).prop_map(|(id, directory)| Step::RunDirectory(id, directory)),
        1 => n().prop_map(Step::DropRun),
    ]
}

fn take(
    step: &Step,
    delivery: &mut dyn DeliveryRepository,
    jobs: &mut dyn PresentationRepository,
    runs: &mut dyn RunRepository,
) -> Result<()> {
    let now = time("2025-12-17 10:00");
    let query = |p: &u8, q: &u8| key(&format!("p{p}"), &format!("q{q}"));
    let job_id = |id: &u8| JobId::existing(&format!("j{id}"));
    let run_id = |id: &u8| RunId::existing(&format!("r{id}"));
    match step {
        Step::Profile(p, name) => {
            let document = match name.len() {
                1 => None,
                _ => Some(format!("{{\"name\": {name:?}, \"jira_config\": {{\"points_field\": \"{name:?}\"}}}}")),
            };
            let document = document.filter(|text| text.is_ascii());
            delivery.save_profile(&Profile::new(query(p, &0).profile, document, None)?)
        }
        Step::DropProfile(p) => delivery.delete_profile(&query(p, &0).profile),
        Step::Query(p, q) => {
            let document = (*q > 0).then(|| format!("{{\"name\": \"n{q}\", \"jql\": \"a{p}\"}}"));
            delivery.save_query(&Query::new(query(p, q), document, Some("cached".to_owned()))?)
        }
        Step::DropQuery(p, q) => delivery.delete_query(&query(p, q)),
        Step::Cache(q, c, issues) => {
            let issues: Vec<String> = issues.iter().map(|n| format!("{{\"key\": \"A-{n}\", \"n\": {n}.0}}")).collect();
            let expires = time(&format!("2025-12-1{} 10:00", 8 + c % 2));
            documents::save_issues_batch(delivery, &query(&0, q), &format!("c{c}"), &issues, expires, now).map(drop)
        }
        Step::DropIssuesOf(q, c) => {
            let (query, cache) = (query(&0, q), format!("c{c}"));
            let issues = delivery.issues_page(&query, &cache, None, 99)?;
            let Some(envelope) = delivery.get_cache(&query, &cache)? else { return Ok(()) };
            delivery.save_cache(&envelope)?;
            delivery.save_issues(&query, &cache, issues.get(1..).unwrap_or_default())
        }
        Step::Histories(q, days, issues) => {
            let entry = |n| format!("{{\"n\": {n}, \"last_updated\": \"2025-12-17T09:30:00\"}}");
            let entries: Vec<_> = issues.iter().map(|n| (format!("A-{n}"), entry(n))).collect();
            let expires = time(&format!("2025-12-1{} 10:00", 8 + days % 2));
            documents::save_jira_changelog(delivery, &query(&0, q), &entries, expires, now)
        }
        Step::Week(q, kind, week) => {
            let (kind, metrics) = match kind {
                0 => (MetricKind::Flow, "{\"flow_time\": {\"a\": 1.50}}"),
                1 => (MetricKind::Dora, "{\"dora_mttr\": {\"a\": null}}"),
                _ => (MetricKind::Other, "{\"trends\": {}}"),
            };
            let week = IsoWeek::new(2025, *week).unwrap();
            documents::save_metrics_snapshot(delivery, &query(&0, q), week, kind, metrics, None, now).map(drop)
        }
        Step::Cleanup(days) => delivery.cleanup_expired_cache(time(&format!("2025-12-1{} 12:00", 7 + days))).map(drop),
        Step::State(k, value) => {
            let keys = ["schema_version", "active_profile_id", "registry.own"];
            delivery.set_app_state(keys[usize::from(*k)], value)?;
            profiles::rename(delivery, &query(k, k).profile, value).map(drop).or(Ok(()))
        }
        Step::Progress(n) => {
            let progress = TaskProgress::new(&format!("t{n}"), 37.5, TaskStatus::Running, "m", Moment::read("soon"))?;
            delivery.save_task_progress(&progress)?;
            if *n == 0 { delivery.clear_task_progress("t1") } else { delivery.save_task_state("{\"n\": 1.50}") }
        }
        Step::Job(id, kind) => {
            let mut job = PresentationJob::blank(job_id(id), now);
            job.queue.idempotency_key = (*kind == 1).then(|| "key".to_owned());
            job.request = [None, Some("{\"slide_url\" : 1.50}"), Some("[")][usize::from(*kind)]
                .map(|text| RequestText(text.to_owned()));
            jobs.insert(&job)
        }
        Step::Claim(n) => {
            let claim = Claim { worker: format!("w{n}"), now, lease_until: time("2025-12-17 10:05") };
            jobs.claim_next(&claim).map(drop)
        }
        Step::Finish(id, text) => {
            let Some(mut job) = jobs.get(&job_id(id))? else { return Ok(()) };
            job.status = JobStatus::Failed;
            job.error = Some(text.clone());
            job.completed_at = Some(time("2025-12-17 10:00:00.000001"));
            job.document = text.is_empty().then(|| "{\"own\": 1.50}".to_owned());
            jobs.update(&job)
        }
        Step::DropJob(id) => jobs.delete(&job_id(id)).map(drop),
        Step::Run(id, metadata) => {
            let metadata = metadata.then(|| "{\"peak_hp\": 1.50}".to_owned());
            let new = NewRun { id: run_id(id), source: "s".to_owned(), jetstream_id: None, metadata };
            manager::create(runs, new, now).map(drop)
        }
        Step::RunStatus(id, n) => {
            let status = RunStatus::ALL[usize::from(*n) + 3].clone();
            let files = Some(vec![format!("f{n}.csv")]);
            manager::update(runs, &run_id(id), &RunChange { status: Some(status), files, ..Default::default() }, now)
                .map(drop)
        }
        Step::RunFiles(id, names) => {
            let files: Vec<_> = names.iter().map(|n| RunFile::named(format!("f{n}.csv"))).collect();
            runs.replace_files(&run_id(id), &files)
        }
        Step::RunDirectory(id, n) => {
            let mut run = manager::require(runs, &run_id(id))?;
            run.directory = ["runs/r0", "outputs/x", "../x"][usize::from(*n)].to_owned();
            run.documents.manifest = (*n == 1).then(|| "{\"run_id\": \"m\", \"status\": {}}".to_owned());
            runs.update(&run)
        }
        Step::DropRun(id) => runs.delete(&run_id(id)).map(drop),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn files_say_what_the_models_say(
        transactions in proptest::collection::vec(proptest::collection::vec(step(), 1..7), 1..6),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let stores = [FileStore::open(folder.path()).unwrap(), FileStore::in_memory()];
        let (mut delivery, mut jobs, mut runs) =
            (MemoryDelivery::default(), MemoryPresentations::default(), MemoryRuns::default());
        for steps in &transactions {
            // Steps that would be refused are left out.
            let mut possible = Vec::new();
            for step in steps {
                let before = (delivery.clone(), jobs.clone(), runs.clone());
                match take(step, &mut delivery, &mut jobs, &mut runs) {
                    Ok(()) => possible.push(step),
                    Err(_) => (delivery, jobs, runs) = before,
                }
            }
            let mut expected = dump::delivery(&mut delivery).unwrap();
            expected.extend(dump::presentations(&mut jobs).unwrap());
            expected.extend(dump::runs(&mut runs).unwrap());
            for store in &stores {
                dynamic(store).write(|r| possible.iter().try_for_each(|step| take_on(step, r))).unwrap();
                prop_assert_eq!(&dynamic(store).read(dump::everything).unwrap(), &expected);
            }
            let again = FileStore::open(folder.path()).unwrap();
            prop_assert_eq!(&dynamic(&again).read(dump::everything).unwrap(), &expected);
        }
    }
}

/// Takes a step on the area it is for.
fn take_on(step: &Step, r: &mut dyn landfast_domain::store::Repositories) -> Result<()> {
    let (mut delivery, mut jobs, mut runs) =
        (MemoryDelivery::default(), MemoryPresentations::default(), MemoryRuns::default());
    match step {
        Step::Job(..) | Step::Claim(_) | Step::Finish(..) | Step::DropJob(_) => {
            take(step, &mut delivery, r.presentations()?, &mut runs)
        }
        Step::Run(..) | Step::RunStatus(..) | Step::RunFiles(..) | Step::RunDirectory(..) | Step::DropRun(_) => {
            take(step, &mut delivery, &mut jobs, r.runs()?)
        }
        _ => take(step, r.delivery()?, &mut jobs, &mut runs),
    }
}
