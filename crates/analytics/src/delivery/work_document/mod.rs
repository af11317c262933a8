//! Flow, DORA, health, bugs, budget and forecasts in the document of everything calculated.
//!
//! Names and shapes are those of the reference answers of the original; right values stand beside them.

mod budget;
mod health;
mod legacy;
mod metrics;
mod vectors;
mod work;

pub use budget::budget_document;
pub use vectors::work_vectors;

pub(super) use legacy::fill;
pub(super) use metrics::metrics;
pub(super) use work::Work;
