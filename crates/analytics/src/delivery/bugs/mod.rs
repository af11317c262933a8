//! Bugs: weekly numbers, summary, forecast, insights (delivery specification 5.12).
//!
//! | module | what it holds |
//! |---|---|
//! | [`mod@weekly`] | created and resolved each week, and the sum of them |
//! | [`mod@summary`] | numbers of a window |
//! | [`outlook`] | when open bugs are resolved, and the next week |
//! | [`mod@insights`] | what stands out |

pub mod insights;
pub mod outlook;
pub mod summary;
pub mod weekly;

pub use insights::{Insight, insights};
pub use outlook::{BugForecast, bug_forecast, legacy_bug_forecast, next_week};
pub use summary::{BugSummary, summary};
pub use weekly::{Bug, BugWeek, bugs, weekly};
