//! Workers of the queue of rendering jobs, and writers of runs, several at a time.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::{Scratch, on_both};
use landfast_domain::presentations::queue::{self, NewJob};
use landfast_domain::presentations::state::Report;
use landfast_domain::presentations::{Claim, JobId, JobStatus, PresentationJob, RequestText};
use landfast_domain::runs::manager::{self, NewRun, RunChange};
use landfast_domain::runs::state::listed_files;
use landfast_domain::runs::{Run, RunFilter, RunId, RunPage, RunRepository};
use landfast_domain::time::Timestamp;
use landfast_domain::{Result, Store};
use landfast_store::Database;

on_both! {
    four_workers_drain_a_queue_and_take_each_job_once,
    workers_that_do_all_steps_finish_each_job_once,
    a_claim_and_what_depends_on_a_reading_lose_nothing,
    eight_writers_of_runs_lose_no_update,
}

const JOBS: u32 = 500;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A database with jobs that may all be claimed, of several priorities.
fn filled(scratch: &Scratch) -> Database {
    let database = scratch.migrated();
    let jobs: Vec<PresentationJob> = (0..JOBS)
        .map(|number| {
            let mut job = PresentationJob::blank(JobId::existing(&format!("j{number:03}")), at("2025-01-01 10:00"));
            job.request = Some(RequestText("{}".to_owned()));
            job.queue.priority = i32::try_from(number % 3).unwrap();
            job
        })
        .collect();
    let store: &dyn Store = &database;
    assert_eq!(store.write(|r| r.presentations()?.insert_batch(&jobs)).unwrap(), jobs.len());
    database
}

/// Runs the work in threads until it says that there is no more; gives all that it gave.
fn until_done<T: Send>(threads: u32, work: impl Fn(u32) -> Option<T> + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|number| scope.spawn(move || std::iter::from_fn(|| work(number)).collect::<Vec<_>>()))
            .collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    })
}

fn claim(store: &dyn Store, worker: u32, tries: &AtomicU32) -> Option<PresentationJob> {
    let claim =
        Claim { worker: format!("w{worker}"), now: at("2025-01-01 10:05"), lease_until: at("2025-01-01 10:10") };
    store
        .write(|r| {
            tries.fetch_add(1, Ordering::Relaxed);
            queue::claim(r.presentations()?, &claim)
        })
        .unwrap()
}

fn four_workers_drain_a_queue_and_take_each_job_once(scratch: &Scratch) {
    let database = filled(scratch);
    let tries = AtomicU32::new(0);
    let taken = until_done(4, |worker| claim(&database, worker, &tries));
    assert_eq!(taken.len(), 500);
    // The last claim of each worker finds nothing. None was tried twice: claims do not meet.
    assert_eq!(tries.load(Ordering::Relaxed), 504);
    assert_eq!(taken.iter().map(|job| job.id.as_str()).collect::<BTreeSet<_>>().len(), 500);
    assert!(taken.iter().all(|job| job.queue.attempts == 1 && job.status == JobStatus::Processing));
    let store: &dyn Store = &database;
    let counts = store.read(|r| r.presentations()?.count_by_status()).unwrap();
    assert_eq!(counts, [(JobStatus::Processing, 500)]);
}

fn workers_that_do_all_steps_finish_each_job_once(scratch: &Scratch) {
    let database = filled(scratch);
    let store: &dyn Store = &database;
    let tries = AtomicU32::new(0);
    let finished = until_done(4, |worker| {
        let job = claim(&database, worker, &tries)?;
        let attempt = job.queue.attempts;
        let report =
            Report { progress: Some(40.0), created_files: vec![format!("{}.mp4", job.id)], ..Report::default() };
        store.write(|r| queue::report(r.presentations()?, &job.id, attempt, &report)).unwrap();
        let new = NewJob {
            id: JobId::existing(&format!("next of {}", job.id)),
            request: RequestText("{}".to_owned()),
            priority: 0,
            run_at: Some(at("2026-01-01 00:00")),
            max_attempts: 3,
            idempotency_key: Some(format!("key of {}", job.id)),
        };
        store
            .write(|r| {
                let jobs = r.presentations()?;
                queue::finish(jobs, &job.id, attempt, "/v", None, at("2025-01-01 10:06"))?;
                queue::create(jobs, new.clone(), at("2025-01-01 10:06"))
            })
            .unwrap();
        Some(job.id)
    });
    assert_eq!((finished.len(), tries.load(Ordering::Relaxed)), (500, 504));
    let counts = store.read(|r| r.presentations()?.count_by_status()).unwrap();
    assert_eq!(counts, [(JobStatus::Completed, 500), (JobStatus::Queued, 500)]);
}

/// Work that goes on after a claim is kept apart from others as all work is.
fn a_claim_and_what_depends_on_a_reading_lose_nothing(scratch: &Scratch) {
    let database = filled(scratch);
    let store: &dyn Store = &database;
    let id = RunId::existing("run_1");
    let new = NewRun { id: id.clone(), source: "jetstream".to_owned(), jetstream_id: None, metadata: None };
    store.write(|r| manager::create(r.runs()?, new.clone(), at("2025-12-05 10:00"))).unwrap();
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (id, database) = (&id, &database);
            scope.spawn(move || {
                let store: &dyn Store = database;
                let (now, lease_until) = (at("2025-01-01 10:05"), at("2025-01-01 10:10"));
                let claim = Claim { worker: format!("w{worker}"), now, lease_until };
                for _ in 0..10 {
                    store
                        .write(|r| {
                            let job = queue::claim(r.presentations()?, &claim)?.unwrap();
                            add_file(r.runs()?, id, job.id.to_string())
                        })
                        .unwrap();
                }
            });
        }
    });
    let run = store.read(|r| manager::require(r.runs()?, &id)).unwrap();
    let listed = listed_files(run.documents.state.as_deref().unwrap());
    let taken = store.read(|r| r.presentations()?.list(Some(&JobStatus::Processing), None, usize::MAX)).unwrap();
    let taken: BTreeSet<String> = taken.into_iter().map(|job| job.id.to_string()).collect();
    assert_eq!((taken.len(), listed.into_iter().collect::<BTreeSet<_>>()), (40, taken));
}

/// Adds a name to those that are there: an update that is lost takes a name with it.
fn add_file(runs: &mut dyn RunRepository, id: &RunId, name: String) -> Result<Run> {
    let run = manager::require(runs, id)?;
    let mut files = listed_files(run.documents.state.as_deref().unwrap_or_default());
    files.push(name);
    manager::update(runs, id, &RunChange { files: Some(files), ..RunChange::default() }, at("2025-12-05 10:01"))
}

fn eight_writers_of_runs_lose_no_update(scratch: &Scratch) {
    let database = scratch.migrated();
    let store: &dyn Store = &database;
    let ids: Vec<RunId> = (0..20).map(|number| RunId::existing(&format!("run_{number}"))).collect();
    for id in &ids {
        let new = NewRun { id: id.clone(), source: "jetstream".to_owned(), jetstream_id: None, metadata: None };
        store.write(|r| manager::create(r.runs()?, new.clone(), at("2025-12-05 10:00"))).unwrap();
    }
    std::thread::scope(|scope| {
        for writer in 0..8_usize {
            let (ids, database) = (&ids, &database);
            scope.spawn(move || {
                let store: &dyn Store = database;
                for number in 0..240 {
                    let id = &ids[(writer * 7 + number) % ids.len()];
                    let name = format!("w{writer}-{number}.csv");
                    store.write(|r| add_file(r.runs()?, id, name.clone())).unwrap();
                }
            });
        }
    });
    let (runs, total) =
        store.read(|r| manager::list(r.runs()?, &RunFilter::default(), &RunPage::Offset(0), 100)).unwrap();
    let names: BTreeSet<String> =
        runs.iter().flat_map(|run| listed_files(run.documents.state.as_deref().unwrap())).collect();
    assert_eq!((names.len(), total), (8 * 240, 20));
}
