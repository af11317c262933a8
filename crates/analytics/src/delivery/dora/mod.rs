//! DORA metrics: deployment frequency, lead time, change failure rate, time to restore (delivery
//! specification 5.10).
//!
//! | module | what it holds |
//! |---|---|
//! | [`work`] | operational tasks, releases, production bugs |
//! | [`metrics`] | the metrics of a set of issues |
//! | [`weekly`] | the metrics of one week, as snapshots keep them |
//! | [`period`] | several weeks of snapshots together |

pub mod metrics;
pub mod period;
pub mod weekly;
pub mod work;

pub use metrics::{Deployments, Hours};
pub use work::{Deployment, DoraWork, Incident};
