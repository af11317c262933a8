//! What tasks are ranked by.

use landfast_domain::text::{python_lower, python_strip};
use serde::Serialize;

/// A number by which tasks and instances are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Relief, 0 to 100.
    ReliefScore,
    /// Cognitive load, 0 to 100.
    CognitiveLoad,
    /// Emotional load, 0 to 100; shown as distress.
    EmotionalLoad,
    /// Minutes.
    DurationMinutes,
    /// Cognitive plus emotional load, 0 to 200.
    NetLoad,
    /// Relief minus cognitive load, -100 to 100.
    NetReliefProxy,
    /// Mean efficiency score of the completed instances above 0, 2 decimals; 0 without any.
    HistoricalEfficiency,
    /// Stress level, 0 to 100.
    StressLevel,
    /// Behavioural score, 0 to 100.
    BehavioralScore,
    /// Net wellbeing around 50.
    NetWellbeingNormalized,
    /// Physical load, 0 to 100.
    PhysicalLoad,
    /// Mental energy needed, 0 to 100.
    MentalEnergyNeeded,
    /// Difficulty, 0 to 100.
    TaskDifficulty,
}

/// Whether more or less of a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    High,
    /// Less is better.
    Low,
}

/// Which rules hold for the metrics that the original treats wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetricRules {
    /// Mental energy and difficulty are low-is-good, and known for templates.
    #[default]
    Corrected,
    /// Mental energy and difficulty are high-is-good for instances and unknown for templates, as in the
    /// original, though its labels say "low".
    Legacy,
}

impl Metric {
    /// All metrics.
    pub const ALL: [Self; 13] = [
        Self::ReliefScore,
        Self::CognitiveLoad,
        Self::EmotionalLoad,
        Self::DurationMinutes,
        Self::NetLoad,
        Self::NetReliefProxy,
        Self::HistoricalEfficiency,
        Self::StressLevel,
        Self::BehavioralScore,
        Self::NetWellbeingNormalized,
        Self::PhysicalLoad,
        Self::MentalEnergyNeeded,
        Self::TaskDifficulty,
    ];

    /// Metrics of the search box with their labels, in the order shown.
    pub const LABELS: [(Self, &'static str); 11] = [
        (Self::ReliefScore, "Relief score (high)"),
        (Self::NetReliefProxy, "Net relief (high)"),
        (Self::MentalEnergyNeeded, "Mental Energy Needed (low)"),
        (Self::TaskDifficulty, "Task Difficulty (low)"),
        (Self::EmotionalLoad, "Distress (low)"),
        (Self::NetLoad, "Net load (low)"),
        (Self::HistoricalEfficiency, "Efficiency (high)"),
        (Self::StressLevel, "Stress level (low)"),
        (Self::BehavioralScore, "Behavioral score (high)"),
        (Self::NetWellbeingNormalized, "Net wellbeing (high)"),
        (Self::PhysicalLoad, "Physical load (low)"),
    ];

    /// Name in documents and requests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReliefScore => "relief_score",
            Self::CognitiveLoad => "cognitive_load",
            Self::EmotionalLoad => "emotional_load",
            Self::DurationMinutes => "duration_minutes",
            Self::NetLoad => "net_load",
            Self::NetReliefProxy => "net_relief_proxy",
            Self::HistoricalEfficiency => "historical_efficiency",
            Self::StressLevel => "stress_level",
            Self::BehavioralScore => "behavioral_score",
            Self::NetWellbeingNormalized => "net_wellbeing_normalized",
            Self::PhysicalLoad => "physical_load",
            Self::MentalEnergyNeeded => "mental_energy_needed",
            Self::TaskDifficulty => "task_difficulty",
        }
    }

    /// Reads [`Metric::as_str`].
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.as_str() == name)
    }

    /// Whether more or less of it is better.
    #[must_use]
    pub fn direction(self, rules: MetricRules) -> Direction {
        match self {
            Self::CognitiveLoad
            | Self::EmotionalLoad
            | Self::NetLoad
            | Self::DurationMinutes
            | Self::StressLevel
            | Self::PhysicalLoad => Direction::Low,
            Self::MentalEnergyNeeded | Self::TaskDifficulty if rules == MetricRules::Corrected => Direction::Low,
            _ => Direction::High,
        }
    }

    /// Points a value adds to a ranking: the value itself where more is better, else `max(0, 100 − value)`.
    ///
    /// Not limited above: an efficiency of 300 adds 300, and a duration of more than 100 minutes adds 0.
    #[must_use]
    pub fn points(self, value: f64, rules: MetricRules) -> f64 {
        match self.direction(rules) {
            Direction::High => value,
            Direction::Low => (100.0 - value).max(0.0),
        }
    }
}

/// Metrics whose label contains a text, in the order of the labels, as the search box of the recommendation
/// panel selects them.
///
/// The text is trimmed and compared without regard to case. No match gives all metrics, an empty text the
/// first two.
///
/// ```
/// use landfast_analytics::recommend::{Metric, search_metrics};
///
/// // "Distress" contains the text, too.
/// assert_eq!(search_metrics("stress"), [Metric::EmotionalLoad, Metric::StressLevel]);
/// assert_eq!(search_metrics(""), [Metric::ReliefScore, Metric::NetReliefProxy]);
/// assert_eq!(search_metrics("xyz").len(), 11);
/// ```
#[must_use]
pub fn search_metrics(text: &str) -> Vec<Metric> {
    let text = python_lower(python_strip(text));
    let all = Metric::LABELS.iter();
    if text.is_empty() {
        return all.take(2).map(|(metric, _)| *metric).collect();
    }
    let found: Vec<Metric> =
        all.clone().filter(|(_, label)| python_lower(label).contains(&text)).map(|(metric, _)| *metric).collect();
    if found.is_empty() { all.map(|(metric, _)| *metric).collect() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_agree_with_the_documents() {
        for metric in Metric::ALL {
            assert_eq!(Metric::parse(metric.as_str()), Some(metric));
            assert_eq!(serde_json::to_value(metric).unwrap(), metric.as_str());
        }
        assert_eq!(Metric::parse("no_such_metric"), None);
    }

    #[test]
    fn labels_say_which_direction_is_good() {
        for (metric, label) in Metric::LABELS {
            let low = metric.direction(MetricRules::Corrected) == Direction::Low;
            assert_eq!(label.ends_with("(low)"), low, "{label}");
        }
        assert_eq!(Metric::TaskDifficulty.direction(MetricRules::Legacy), Direction::High);
    }

    #[test]
    fn points_of_low_metrics_never_fall_below_zero() {
        assert_eq!(Metric::DurationMinutes.points(130.0, MetricRules::Corrected), 0.0);
        assert_eq!(Metric::DurationMinutes.points(30.0, MetricRules::Corrected), 70.0);
        assert_eq!(Metric::NetReliefProxy.points(-30.0, MetricRules::Corrected), -30.0);
    }

    #[test]
    fn the_search_selects_all_labels_with_the_text() {
        let found = search_metrics(" LOAD ");
        assert_eq!(found, [Metric::NetLoad, Metric::PhysicalLoad]);
        assert_eq!(search_metrics("(high)").len(), 5);
    }
}
