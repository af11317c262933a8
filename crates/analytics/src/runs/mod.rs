//! Quantities of the runs area: how many analyses succeed, where errors end, how results move, and what
//! differs between runs.
//!
//! Texts of JSON columns are read with [`leaves`]: one entry for each value that is neither an object nor a
//! list with something in it.

mod compare;
mod document;
mod explain;
mod leaves;
mod outcomes;
#[cfg(test)]
mod testing;
mod trends;

pub use compare::{Comparison, Difference, RunCount, compare};
pub use document::document;
pub use explain::{explain_success_share, explain_trend};
pub use leaves::{Leaf, NotRead, leaves};
pub use outcomes::{ErrorStage, Outcomes, SourceOutcomes, error_stages, outcomes, outcomes_by_source};
pub use trends::{Trend, TrendPoint, Trends, trends};

/// How every value of the document of this area comes about.
#[must_use]
pub fn catalogue() -> crate::explain::Catalogue {
    crate::explain::Catalogue::read(include_str!("explanations.txt"))
}
