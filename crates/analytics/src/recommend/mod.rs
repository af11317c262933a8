//! Recommendations by fixed rules, and what is known about when they help.
//!
//! | question | function |
//! |---|---|
//! | one task for each of eight wishes | [`recommendations`] |
//! | templates, ranked by metrics | [`recommendations_by_category`] |
//! | open instances, ranked by metrics | [`recommendations_from_instances`] |
//! | which metrics, which templates a text means | [`search_metrics`], [`search_templates`] |
//! | how urgent an instance is | [`urgency`]; its priority is [`priority_score`] |
//! | how load before and after change success | [`capacity_patterns`] |
//! | how regularly tasks are completed | [`completion_frequency_patterns`] |
//! | whether recommendations help | [`recommendation_effectiveness`] |
//!
//! Every recommendation carries its [`Reason`]s: the numbers that decided, their place among the candidates and
//! where they come from.
//!
//! [`priority_score`]: crate::tasks::procrastination::priority_score

mod candidate;
mod capacity;
#[cfg(test)]
mod capacity_tests;
mod document;
mod effectiveness;
mod explain;
mod filter;
mod frequency;
#[cfg(test)]
mod frequency_tests;
mod metric;
mod picks;
mod presets;
mod ranking;
#[cfg(test)]
mod ranking_tests;
mod reason;
mod search;
mod sessions;
#[cfg(test)]
mod testing;
mod urgency;
mod views;

pub use candidate::{Basis, Candidate, Known, filtered_templates, instance_candidates, template_candidates};
pub use capacity::{
    CapacityOptions, CapacityPatterns, Effect, LoadChange, LoadClass, TaskChange, Transition, capacity_patterns, load,
};
pub use document::{
    Request, by_category_json, capacity_json, document, effectiveness_json, from_instances_json, picks_json,
};
pub use effectiveness::{Effectiveness, EffectivenessOptions, Lift, OutcomeGroup, recommendation_effectiveness};
pub use explain::{explain_effect, explain_lift, explain_overdue_ratio, explain_recommendation};
pub use filter::Filters;
pub use frequency::{ElapsedBucket, FrequencyPattern, RhythmStatus, completion_frequency_patterns};
pub use metric::{Direction, Metric, MetricRules, search_metrics};
pub use picks::{Pick, recommendations};
pub use presets::{Preset, instance_presets, template_presets};
pub use ranking::{
    DEFAULT_LIMIT, Recommendation, legacy_recommendations_by_category, legacy_recommendations_from_instances,
    recommendations_by_category, recommendations_from_instances,
};
pub use reason::Reason;
pub use search::search_templates;
pub use sessions::{Interspersing, SessionGroup, Sessions};
pub use urgency::{UrgencyInputs, is_stale, legacy_urgency, urgency};
pub use views::{effect_text, interspersing_sentence, most_overdue};
