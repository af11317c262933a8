//! Values over time and over rows: histories, trends, distributions.

mod aggregate;
mod attribute;
mod dimensions;
mod distribution;
mod history;
mod ranking;
mod trend;

pub use aggregate::Aggregation;
pub use attribute::Attribute;
pub use dimensions::{DayValue, StressDimension, StressDimensions, stress_dimensions};
pub use distribution::{DISTRIBUTION, FiveNumbers, distribution};
pub use history::{DailyHistory, weekly_hours_history, weekly_productivity_history, weekly_relief_history};
pub use ranking::{
    LeaderboardEntry, RankedTask, RankingMetric, stress_efficiency_leaderboard, task_ranking, task_relief_history,
    task_score_history,
};
pub use trend::{ReliefSeries, SCORE_TRENDS, Trend, attribute_trend, relief_series};
