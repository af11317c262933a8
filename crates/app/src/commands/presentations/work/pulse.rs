//! Signs of life of a worker, and what it hears back.

use super::{Stop, Worker};
use crate::clock::Clock;
use crate::commands::presentations::steps::lease_until;
use crate::failure::Failure;
use landfast_domain::presentations::state::Report;
use landfast_domain::presentations::{JobId, PresentationJob, queue};
use std::time::{Duration, Instant};

/// Longest time between two heartbeats.
const INTERVAL: Duration = Duration::from_secs(30);

/// Longest time between two looks at whether to stop.
const SLICE: Duration = Duration::from_millis(50);

/// The heartbeats of one attempt.
pub(super) struct Pulse<'a> {
    worker: &'a Worker<'a>,
    id: JobId,
    attempt: u32,
    interval: Duration,
    last: Instant,
}

impl<'a> Pulse<'a> {
    /// Begins with the claim, which was a sign of life.
    pub(super) fn new(worker: &'a Worker<'a>, job: &PresentationJob) -> Self {
        // A third of the lease, so that a late heartbeat is not yet a lost job.
        let interval = INTERVAL.min(Duration::from_secs(worker.args.lease) / 3);
        Self { worker, id: job.id.clone(), attempt: job.queue.attempts, interval, last: Instant::now() }
    }

    /// Tells what was done, and beats.
    pub(super) fn report(&mut self, report: &Report) -> Result<Option<Stop>, Failure> {
        self.tell(Some(report))
    }

    /// Rests for a while, with heartbeats.
    pub(super) fn rest(&mut self, span: Duration) -> Result<Option<Stop>, Failure> {
        let until = Instant::now() + span;
        loop {
            if let Some(stop) = self.beat_when_due()? {
                return Ok(Some(stop));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            std::thread::sleep(left.min(SLICE));
        }
    }

    /// Beats if it is time; tells whether to stop.
    pub(super) fn beat_when_due(&mut self) -> Result<Option<Stop>, Failure> {
        if self.worker.interrupt.is_set() {
            return Ok(Some(Stop::Interrupted));
        }
        if self.last.elapsed() < self.interval { Ok(None) } else { self.tell(None) }
    }

    fn tell(&mut self, report: Option<&Report>) -> Result<Option<Stop>, Failure> {
        let heard = self.worker.step(|repository| {
            let now = Clock::now().utc;
            if let Some(report) = report {
                queue::report(repository, &self.id, self.attempt, report)?;
            }
            let until = lease_until(now, self.worker.args.lease);
            queue::heartbeat(repository, &self.id, self.attempt, now, until)
        })?;
        self.last = Instant::now();
        Ok(match heard {
            None => Some(Stop::Lost),
            Some(true) => Some(Stop::Cancelled),
            Some(false) => self.worker.interrupt.is_set().then_some(Stop::Interrupted),
        })
    }
}

/// Rests in slices until the time is over or there is a reason to go on.
pub(super) fn rest(span: Duration, is_over: impl Fn() -> bool) {
    let until = Instant::now() + span;
    while !is_over() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(SLICE));
    }
}
