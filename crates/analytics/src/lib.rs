//! Calculations of Landfast: pure functions over domain values.
//!
//! Invariant: nothing here knows a database, a file or a clock. Calculations take records; what gathers records
//! itself ([`tasks::TaskRecords`], [`delivery::QueryRecords`], [`tasks::legacy_answers`]) does so through the
//! contract of stores. So a result is the same on every store. Sums are made in the order of the records.
//!
//! Where the original program's answer is wrong, there are two functions: one named `legacy_…`, whose answer
//! can be compared with the original's, and one under a plain name with the right answer. The page of each
//! function says what differs.

mod cache;
pub mod delivery;
pub mod explain;
pub mod periods;
pub mod presentations;
pub mod recommend;
pub mod runs;
pub mod stats;
pub mod tasks;

pub use cache::CacheWork;
