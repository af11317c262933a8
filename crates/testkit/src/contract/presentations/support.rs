//! Small helpers of the rules about rendering jobs.

use crate::contract::support::{read, time, unique, write};
use landfast_domain::presentations::queue::{self, NewJob};
use landfast_domain::presentations::{
    Claim, JobCursor, JobId, JobStatus, PresentationJob, PresentationRepository, RequestText,
};
use landfast_domain::time::Timestamp;
use landfast_domain::{Result, Store};

/// A time of a day of the year 900.
pub(super) fn at(clock: &str) -> Timestamp {
    time(&format!("0900-01-01 {clock}"))
}

/// Ids that no other rule has, alike up to the last part.
pub(super) struct Ids(String);

impl Ids {
    pub(super) fn new() -> Self {
        Self(unique("contract-j"))
    }

    pub(super) fn id(&self, name: &str) -> JobId {
        JobId::existing(&format!("{}-{name}", self.0))
    }

    /// The last parts of the ids, of those that are one's own.
    pub(super) fn names<'j>(&self, jobs: impl IntoIterator<Item = &'j PresentationJob>) -> Vec<String> {
        let name = |job: &PresentationJob| job.id.as_str().strip_prefix(&format!("{}-", self.0)).map(str::to_owned);
        jobs.into_iter().filter_map(name).collect()
    }

    /// An id before all of one's own.
    pub(super) fn before(&self) -> JobId {
        JobId::existing(&self.0)
    }
}

/// A waiting job, made at ten o'clock.
pub(super) fn job(id: JobId) -> PresentationJob {
    let mut job = PresentationJob::blank(id, at("10:00"));
    job.request = Some(request());
    job
}

pub(super) fn request() -> RequestText {
    RequestText(r#"{"slide_url": "x", "voiceover_texts": ["one"]}"#.to_owned())
}

pub(super) fn new_job(id: JobId) -> NewJob {
    NewJob { id, request: request(), priority: 0, run_at: None, max_attempts: 2, idempotency_key: None }
}

/// A claim with a lease of five minutes.
pub(super) fn claim_at(hour: &str, worker: &str) -> Claim {
    Claim { worker: worker.to_owned(), now: at(&format!("{hour}:00")), lease_until: at(&format!("{hour}:05")) }
}

/// Adds jobs.
pub(super) fn insert(store: &dyn Store, jobs: &[PresentationJob]) {
    with(store, |r| jobs.iter().try_for_each(|job| r.insert(job)));
}

/// Adds a job as a client does.
pub(super) fn create(store: &dyn Store, new: &NewJob) -> PresentationJob {
    with(store, |r| queue::create(r, new.clone(), at("10:00"))).job
}

/// Takes the next job.
pub(super) fn claim(store: &dyn Store, hour: &str, worker: &str) -> Option<PresentationJob> {
    with(store, |r| queue::claim(r, &claim_at(hour, worker)))
}

/// A call in a write transaction of its own.
pub(super) fn with<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn PresentationRepository) -> Result<T>) -> T {
    write(store, |r| work(r.presentations()?))
}

/// A call in a write transaction of its own that may be refused.
pub(super) fn tried<T>(
    store: &dyn Store,
    mut work: impl FnMut(&mut dyn PresentationRepository) -> Result<T>,
) -> Result<T> {
    store.write(|r| work(r.presentations()?))
}

/// A call in a read transaction of its own.
pub(super) fn seen<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn PresentationRepository) -> Result<T>) -> T {
    read(store, |r| work(r.presentations()?))
}

/// A job that exists, without the text that a store may keep it by.
pub(super) fn get(store: &dyn Store, id: &JobId) -> PresentationJob {
    without_text(seen(store, |r| r.get(id)).unwrap())
}

pub(super) fn without_text(mut job: PresentationJob) -> PresentationJob {
    job.document = None;
    job
}

/// The jobs of the year 900, newest first.
pub(super) fn old_jobs(store: &dyn Store, status: Option<&JobStatus>, limit: usize) -> Vec<PresentationJob> {
    seen(store, |r| r.list(status, Some(&start()), limit))
}

/// The place in the list of jobs where those of the year 900 begin.
pub(super) fn start() -> JobCursor {
    JobCursor { created_at: time("0901-01-01 00:00"), id: JobId::existing("\u{10ffff}") }
}
