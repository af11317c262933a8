//! Two stores as one: the legacy files and the database, while an area moves from one to the other.
//!
//! The [stage](Stage) of an area says which store leads. A write goes to the leading store, in one transaction with
//! marks that name the items it touched; then the items are copied as they are now to the following store, and the
//! marks go away. Whatever stops the process in between, the marks are there, and copying once more does no harm.
//! Reads come from the leading store alone.
//!
//! Writers take turns, among threads and processes, by a lock file beside the files; a change of a stage takes the
//! same turn. Stages are recorded in both stores, and every transaction looks at the record of the store it works
//! in, so that nobody goes on with a stage that has passed.

mod compare;
mod error;
mod items;
mod mirror;
mod reconcile;
mod recorder;
mod shadow;
mod stages;
mod state;
mod store;
mod turn;

pub use compare::Comparison;
pub use mirror::Drained;
pub use reconcile::{Difference, Reconciled};
pub use shadow::Shadow;
pub use stages::AreaStatus;
pub use state::{Copies, KnownStage};
pub use store::{DualOptions, DualStore};
