//! Rendering jobs and their queue.
//!
//! Jobs belong to the installation, so these rules live in a time of their own, the year 900: a worker of that
//! year sees no job of a queue in use.

mod care;
mod claims;
mod jobs;
mod lists;
mod steps;
mod support;

pub use care::*;
pub use claims::*;
pub use jobs::*;
pub use lists::*;
pub use steps::*;
