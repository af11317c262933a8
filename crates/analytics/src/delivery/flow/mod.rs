//! Flow metrics: velocity, time, efficiency, load, distribution (delivery specification 5.9).
//!
//! | module | what it holds |
//! |---|---|
//! | [`history`] | an issue's path through the statuses, read once |
//! | [`types`] | Feature, Defect, Technical Debt, Risk |
//! | [`metrics`] | the metrics of a set of issues |
//! | [`weekly`] | the metrics of one week, as snapshots keep them |
//! | [`period`] | several weeks of snapshots together |
//! | [`mod@active_work`] | what is in progress, and what is stuck |
//! | [`cycle_time`] | percentiles of finished work, age of unfinished work |
//! | [`cumulative`] | data of a cumulative flow diagram |

pub mod active_work;
pub mod cumulative;
pub mod cycle_time;
pub mod history;
pub mod metrics;
pub mod period;
pub mod types;
pub mod weekly;

pub use active_work::{ActiveItem, Movement, active_work};
pub use cumulative::{CumulativeFlow, cumulative_flow};
pub use cycle_time::{AgingItem, CycleTimes, aging};
pub use history::{FlowIssue, StatusLists, flow_issues};
pub use metrics::FlowMetrics;
pub use types::flow_type;
pub use weekly::{WeeklyFlow, weekly_flow};
