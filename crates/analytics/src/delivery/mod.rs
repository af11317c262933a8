//! Quantities of the delivery area: forecasts of burndowns, flow, DORA metrics, health, bugs, budgets.
//!
//! Everything here works on a [`QueryData`], in which each issue, history and weekly row is read once, and on
//! an instant that is given. Rooms:
//!
//! | module | what it holds |
//! |---|---|
//! | [`input`], [`settings`], [`issue_row`], [`points`] | the prepared input, shared by all quantities |
//! | [`numbers`], [`weeks`] | arithmetic; ISO weeks and the other weeks of the original |
//! | [`statistics`], [`scope`], [`velocity`] | what was created and finished each week, what is left, how fast |
//! | [`pert`], [`dashboard`], [`burndown`] | forecasts of three points, and the lines drawn of them |
//! | [`confidence`], [`next_value`] | how sure a date is, and the next value of a weekly metric |
//! | [`throughput`] | cards, moving averages, the running week |
//! | [`explanations`] | how headline numbers come about |
//! | [`scope_change`] | growth of the scope |
//! | [`mod@document`] | everything in one JSON value, beside the original's answers |
//! | [`forecast`] | dates and numbers with probabilities, from throughput |
//! | [`calendar`] | working days |
//! | [`flow`], [`dora`], [`tiers`] | flow and DORA metrics |
//! | [`field_rule`] | which field of an issue means what |

pub mod budget;
pub mod bugs;
pub mod burndown;
mod cache;
pub mod calendar;
pub mod confidence;
pub mod dashboard;
pub mod document;
pub mod dora;
mod examples;
pub mod explanations;
pub mod field_rule;
pub mod flow;
pub mod forecast;
pub mod health;
pub mod input;
pub mod issue_row;
pub mod next_value;
pub mod numbers;
mod periods;
pub mod pert;
pub mod points;
pub mod scope;
pub mod scope_change;
pub mod settings;
pub mod statistics;
#[cfg(test)]
mod testing;
pub mod throughput;
pub mod tiers;
pub mod velocity;
pub mod weeks;
mod work_document;

pub use cache::{QueryCache, QueryRecords};
pub use document::{Dashboard, document, hash_vectors, vectors};
pub use examples::answer_tables;
pub use input::{QueryData, WeekMetrics, WeekRow};
pub use issue_row::{FieldChange, IssueRow};
pub use periods::compare_periods;
pub use settings::{DeliverySettings, FlowType};
pub use work_document::{budget_document, work_vectors};

/// How every value of the document of this area comes about.
#[must_use]
pub fn catalogue() -> crate::explain::Catalogue {
    crate::explain::Catalogue::read(include_str!("explanations.txt"))
}
