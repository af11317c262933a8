//! How attributes relate to each other.

mod emotions;
mod insights;
mod periods;
mod relief;
mod scatter;
mod thresholds;

pub use crate::periods::{MetricDifference, Period, PeriodComparison};
pub use emotions::{EmotionCorrelation, EmotionalFlow, LoadSpike, Transition, emotional_flow};
pub use insights::{Column, Insight, InsightOptions, Insights, find_insights, insight_columns, insights, is_built_in};
pub use periods::compare_periods;
pub use relief::{
    FactorComparison, ReliefComparison, ReliefPatterns, accuracy_label, factor_comparison, pair_ratio,
    prediction_label, relief_comparison, relief_patterns,
};
pub use scatter::{Axis, attribute_correlation, scatter, scatter_times};
pub use thresholds::{Bin, Thresholds, find_thresholds};
