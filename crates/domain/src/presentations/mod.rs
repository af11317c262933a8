//! The presentations area: a durable queue of video rendering jobs.
//!
//! The service this replaces kept its jobs in memory and lost them at every restart. Here a job, with the
//! request it was made from, is a row; a *worker* owns it for a limited time through a *lease* that each
//! heartbeat extends, and every write of a worker carries the *attempt* it belongs to, so that a worker
//! that lost its lease cannot overwrite the work of the next one. Delivery is at least once.
//!
//! | module | what it holds |
//! |---|---|
//! | [`queue`] | operations: create, claim, heartbeat, progress, finish, fail, cancel, retry, release |
//! | [`recovery`], [`retention`] | what happens at start, and how old jobs and their files go |
//! | [`state`] | the steps of the life cycle as pure functions, shared by all stores |
//! | [`document`] | a job as JSON text: reading, and writing back without touching what did not change |
//! | [`request`], [`progress`], [`back_off`] | what is to be rendered, how far it is, when to try again |
//! | [`files`] | which paths of `created_files` may be touched |
//! | [`snapshot`] | what an import does with a job that exists already |
//! | [`codes`] | stable codes of what can be odd about a job |
//! | [`memory`] | jobs in memory, for the file store and for the time while both systems run |
//!
//! Times are UTC. Jobs belong to the installation, not to a user.

pub mod back_off;
pub mod codes;
pub mod document;
pub mod files;
pub mod memory;
pub mod progress;
pub mod queue;
pub mod recovery;
pub mod request;
pub mod retention;
pub mod snapshot;
pub mod state;

#[cfg(test)]
mod document_tests;
mod job;
mod queue_document;
mod repository;
#[cfg(test)]
mod state_tests;

pub use job::{
    CANCELLED, EXTERNAL_OWNER, INTERRUPTED, JobId, JobStatus, Lease, MAX_ATTEMPTS, PresentationJob, Queue, RequestText,
};
pub use repository::{Claim, JobCursor, PresentationRepository, RetentionLimits};
