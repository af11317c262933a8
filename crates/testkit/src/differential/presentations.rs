//! Random calls on rendering jobs, on a store and on the jobs in memory.

use super::Random;
use crate::contract::support::time;
use landfast_domain::instant::ReadTime;
use landfast_domain::presentations::back_off::{BackOff, Jitter};
use landfast_domain::presentations::state::Report;
use landfast_domain::presentations::{
    Claim, JobCursor, JobId, JobStatus, Lease, PresentationJob, PresentationRepository, RequestText, RetentionLimits,
    queue, recovery, retention,
};
use landfast_domain::store::Store;
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result};

/// What a transaction does; the same on both stores.
#[derive(Debug, Clone)]
enum Step {
    Insert(Box<PresentationJob>),
    Batch(Vec<PresentationJob>),
    Update(Box<PresentationJob>),
    UpdateIf(Box<PresentationJob>, JobStatus, u32),
    Claim(Claim),
    Operation(u8, JobId, u32, Timestamp),
    Recover(Timestamp),
    Remove(Timestamp),
    Delete(JobId),
    Fail,
}

/// Runs `transactions` random transactions on the rendering jobs of an empty store and of a model; panics
/// with the seed when what they hold or answer differs.
pub fn compare_presentations(store: &dyn Store, seed: u64, transactions: usize) {
    super::compare_steps(
        store,
        seed,
        transactions,
        step,
        |r, steps| run(r.presentations()?, steps),
        |r| state(r.presentations()?),
    );
}

fn id(random: &mut Random) -> JobId {
    match random.below(14) {
        0 => JobId::existing(&"é".repeat(700)),
        1 => JobId::existing("Job 1/ä"),
        2 => JobId::existing(""),
        number => JobId::existing(&format!("j{number}")),
    }
}

fn moment(random: &mut Random) -> Timestamp {
    match random.below(20) {
        0 => ReadTime::parse("9999-12-31T23:30:00-05:00").unwrap().utc(0),
        1 => ReadTime::parse("0000-01-01T00:30:00+05:00").unwrap().utc(0),
        number => time(&format!("2025-01-01 10:{:02}:00.{:06}", number, random.below(3))),
    }
}

fn status(random: &mut Random) -> JobStatus {
    match random.below(12) {
        0 => JobStatus::Other("Queued".to_owned()),
        1 => JobStatus::Other("x".repeat(3000)),
        number => JobStatus::ALL[number % 4].clone(),
    }
}

fn maybe<T>(random: &mut Random, value: impl FnOnce(&mut Random) -> T) -> Option<T> {
    (random.below(3) == 0).then(|| value(random))
}

fn job(random: &mut Random) -> PresentationJob {
    let mut job = PresentationJob::blank(id(random), moment(random));
    job.status = status(random);
    job.progress = [Some(0.0), Some(-0.0), Some(37.6), Some(f64::NAN), Some(f64::INFINITY), None][random.below(6)];
    for place in [&mut job.error, &mut job.video_url, &mut job.thumbnail_url, &mut job.slide_image_path] {
        *place = maybe(random, |random| random.text().to_owned());
    }
    job.completed_at = maybe(random, moment);
    job.last_heartbeat = maybe(random, moment);
    job.created_files = (0..random.below(3)).map(|_| random.text().to_owned()).collect();
    job.request = (random.below(5) > 0).then(|| RequestText(random.text().to_owned()));
    job.document = maybe(random, |random| random.text().to_owned());
    let queue = &mut job.queue;
    queue.priority = [0, 0, 0, -1, 5, i32::MIN, i32::MAX][random.below(7)];
    queue.run_at = moment(random);
    queue.attempts = [0, 1, 2, u32::MAX][random.below(4)];
    queue.max_attempts = [1, 3, u32::MAX][random.below(3)];
    queue.lease = (random.below(5) == 0).then(|| Lease {
        owner: ["w", "a\0b", "legacy service"][random.below(3)].to_owned(),
        expires_at: moment(random),
    });
    queue.idempotency_key = maybe(random, |random| match random.below(5) {
        0 => "k".repeat(4000),
        1 => "a\0b".to_owned(),
        2 => "a\u{2400}b".to_owned(),
        number => format!("k{number}"),
    });
    queue.cancel_requested = random.below(8) == 0;
    queue.provider_ids = (0..random.below(2)).map(|_| random.text().to_owned()).collect();
    queue.note = maybe(random, |random| random.text().to_owned());
    queue.found_video = maybe(random, |random| random.text().to_owned());
    queue.removal_marked_at = (random.below(8) == 0).then(|| moment(random));
    job
}

fn step(random: &mut Random) -> Step {
    match random.below(24) {
        0..=6 => Step::Insert(Box::new(job(random))),
        7 => {
            let count = random.below(4);
            Step::Batch((0..count).map(|_| job(random)).collect())
        }
        8..=10 => Step::Update(Box::new(job(random))),
        11 | 12 => {
            let attempts = [0, 1, 2][random.below(3)];
            Step::UpdateIf(Box::new(job(random)), status(random), attempts)
        }
        13..=16 => {
            let worker = ["w1", "w2", "w\0"][random.below(3)].to_owned();
            Step::Claim(Claim { worker, now: moment(random), lease_until: moment(random) })
        }
        17..=19 => {
            let kind = u8::try_from(random.below(6)).unwrap_or(0);
            Step::Operation(kind, id(random), u32::try_from(random.below(3)).unwrap_or(0), moment(random))
        }
        20 => Step::Recover(moment(random)),
        21 => Step::Remove(moment(random)),
        22 => Step::Delete(id(random)),
        _ if random.below(3) == 0 => Step::Fail,
        _ => Step::Insert(Box::new(job(random))),
    }
}

fn limits(now: Timestamp) -> RetentionLimits {
    RetentionLimits { completed_before: now, failed_before: time("2025-01-01 10:10") }
}

/// Runs steps until one fails; refusals are part of the answer and not failures.
fn run(jobs: &mut dyn PresentationRepository, steps: &[Step]) -> Result<Vec<String>> {
    let mut answers = Vec::new();
    for step in steps {
        let answer = match step {
            Step::Insert(job) => jobs.insert(job).map(|()| "inserted".to_owned()),
            // After a conflict in a batch the transaction must be given up.
            Step::Batch(batch) => Ok(jobs.insert_batch(batch)?.to_string()),
            Step::Update(job) => jobs.update(job).map(|()| "updated".to_owned()),
            Step::UpdateIf(job, status, attempts) => {
                jobs.update_if(job, status, *attempts).map(|same| same.to_string())
            }
            Step::Claim(claim) => jobs.claim_next(claim).map(|job| format!("{job:?}")),
            Step::Operation(kind, id, attempt, now) => operation(jobs, *kind, id, *attempt, *now),
            Step::Recover(now) => recovery::recover(jobs, &|_| None, &BackOff::default(), Jitter::new(0), *now)
                .map(|all| format!("{all:?}")),
            Step::Remove(now) => retention::mark(jobs, &limits(*now), 2, *now).and_then(|removals| {
                let deleted = retention::delete(jobs, removals.iter().map(|removal| &removal.id))?;
                Ok(format!("{removals:?} {deleted}"))
            }),
            Step::Delete(id) => jobs.delete(id).map(|deleted| deleted.to_string()),
            Step::Fail => return Err(Error::aborted("on purpose")),
        };
        answers.push(match answer {
            Ok(answer) => answer,
            Err(error @ (Error::Conflict { .. } | Error::NotFound { .. } | Error::Transition { .. })) => {
                error.to_string()
            }
            Err(error) => return Err(error),
        });
    }
    Ok(answers)
}

fn operation(
    jobs: &mut dyn PresentationRepository,
    kind: u8,
    id: &JobId,
    attempt: u32,
    now: Timestamp,
) -> Result<String> {
    let shown = |job: PresentationJob| format!("{job:?}");
    match kind {
        0 => queue::heartbeat(jobs, id, attempt, now, now).map(|stop| stop.to_string()),
        1 => {
            let report = Report { progress: Some(61.5), created_files: vec!["a\0".to_owned()], ..Report::default() };
            queue::report(jobs, id, attempt, &report).map(|stop| stop.to_string())
        }
        2 => queue::finish(jobs, id, attempt, "/v\0", Some("/t"), now).map(shown),
        3 => queue::fail(jobs, id, attempt, "broken\0", true, &BackOff::default(), Jitter::new(0), now)
            .map(|(job, _)| shown(job)),
        4 => queue::cancel(jobs, id, now).map(shown),
        _ => queue::retry(jobs, id, now).map(shown),
    }
}

/// Everything the repository answers, as text, in which `NaN` equals itself.
fn state(jobs: &mut dyn PresentationRepository) -> Result<String> {
    let all = jobs.list(None, None, usize::MAX)?;
    let mut parts = vec![format!("{all:?}"), format!("{:?}", jobs.count_by_status()?)];
    let ids = |jobs: &[PresentationJob]| format!("{:?}", jobs.iter().map(|job| job.id.as_str()).collect::<Vec<_>>());
    for status in all.iter().map(|job| job.status.clone()).chain(JobStatus::ALL) {
        parts.push(ids(&jobs.list(Some(&status), None, 3)?));
    }
    for after in all.iter().map(JobCursor::of) {
        parts.push(ids(&jobs.list(None, Some(&after), 2)?));
    }
    for now in ["2025-01-01 10:07", "2025-01-01 10:15", "9999-12-31 23:59"].map(time) {
        for after in [None, Some(JobId::existing("j5"))] {
            parts.push(ids(&jobs.list_lost(now, after.as_ref(), 3)?));
            parts.push(ids(&jobs.list_removable(&limits(now), after.as_ref(), 3)?));
        }
    }
    for job in &all {
        parts.push(format!("{:?}", jobs.get(&job.id)?.map(|job| job.id)));
        if let Some(key) = &job.queue.idempotency_key {
            parts.push(format!("{:?}", jobs.find_by_idempotency_key(key)?.map(|job| job.id)));
        }
    }
    Ok(parts.join("\n"))
}
