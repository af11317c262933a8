//! Budgets: what is planned, what is consumed, how long the rest lasts (delivery specification 5.13).
//!
//! | module | what it holds |
//! |---|---|
//! | [`settings`] | the budget of a week, with its revisions |
//! | [`spending`] | velocity, consumption, burn rate, runway |
//! | [`comparison`] | plan against actual, tiers, texts |

pub mod comparison;
pub mod settings;
pub mod spending;

pub use comparison::{Comparison, Tier, compare, gauge, legacy_tier};
pub use settings::{BudgetSettings, Revision, budget_at, legacy_budget_at};
pub use spending::{Runway, Spending, consumed, runway, velocity};
