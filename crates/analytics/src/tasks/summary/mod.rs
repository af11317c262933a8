//! Numbers that sum up all instances: the dashboard and its parts.

mod balance;
mod components;
mod composite;
mod consistency;
mod dashboard;
mod explain;
mod relief;
mod volume;

pub use balance::{LifeBalance, balance_score, life_balance, work_share};
pub use components::{TARGET_SLEEP_HOURS, composite_components, legacy_recent_execution, recent_execution};
pub use composite::{CompositeScore, composite_score};
pub use consistency::{TrackingConsistency, tracking_consistency, tracking_day_score, tracking_multiplier};
pub use dashboard::{
    ActiveSummary, AversionLevel, Counts, Dashboard, ProductivityVolume, Quality, Times, active_summary, dashboard,
    general_aversion,
};
pub use explain::explain_headlines;
pub use relief::{Obstacles, PointSum, ReliefSummary, WithBonus, productivity_time_minutes, relief_summary};
pub use volume::{
    ProductivityPotential, WorkVolume, composite_productivity_score, daily_target_minutes, productivity_potential,
    volumetric_productivity, work_consistency_score, work_volume, work_volume_score,
};
