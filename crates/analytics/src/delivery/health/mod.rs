//! Project health, 0 to 100 (delivery specification 5.11).
//!
//! The original had five formulas that disagree. [`score()`] is the one to show; the others are here so that
//! their answers can be explained and compared.
//!
//! | module | what it holds |
//! |---|---|
//! | [`mod@score`] | one formula; says "not enough data" instead of a number |
//! | [`dashboard`] | formula (a) of version 2.4.4, of the dashboard and the report |
//! | [`cards`] | (b) deductions of the cards, (c) factors |
//! | [`six`] | (e) version 3.0, six dimensions |

pub mod cards;
pub mod dashboard;
pub mod dimensions;
pub mod score;
pub mod six;

pub use dashboard::{LegacyHealth, LegacyHealthInputs, legacy_health, legacy_health_inputs};
pub use score::{Health, HealthInputs, score};
