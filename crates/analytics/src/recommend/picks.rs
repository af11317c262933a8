//! One task for each of several wishes.

use super::Filters;
use super::candidate::{Candidate, filtered_templates};
use super::metric::{Direction, Metric, MetricRules};
use super::reason::{Criterion, Reason};
use crate::tasks::rows::TaskData;
use landfast_domain::text::round_to;
use serde::Serialize;

/// Titles in the order shown, with the metric and the direction that make a task the pick.
const CATEGORIES: [(&str, Metric, Direction); 8] = [
    ("Highest Relief", Metric::ReliefScore, Direction::High),
    ("Shortest Task", Metric::DurationMinutes, Direction::Low),
    ("Lowest Cognitive Load", Metric::CognitiveLoad, Direction::Low),
    ("Lowest Emotional Load", Metric::EmotionalLoad, Direction::Low),
    ("Lowest Net Load", Metric::NetLoad, Direction::Low),
    ("Highest Net Relief", Metric::NetReliefProxy, Direction::High),
    ("Lowest Net Relief", Metric::NetReliefProxy, Direction::Low),
    ("High Efficiency Candidate", Metric::HistoricalEfficiency, Direction::High),
];

/// A task that is the best by one wish.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pick {
    /// The wish, for instance `Shortest Task`.
    pub title: &'static str,
    /// Id of the task.
    pub task_id: String,
    /// Name of the task.
    pub task_name: String,
    /// `<title>: relief R / cognitive C / emotional E.`, without the emotional part where that is not above 0.
    pub reason: String,
    /// Relief with one decimal; an em dash where it is not above 0.
    pub relief: String,
    /// Cognitive load, likewise.
    pub cognitive_load: String,
    /// Emotional load, likewise.
    pub emotional_load: String,
    /// Minutes without decimals, likewise.
    pub duration: String,
    /// The number that decided, with its place among the candidates and where it comes from; without points.
    pub reasons: Vec<Reason>,
}

/// One task for each category, in fixed order; the same task may be picked several times.
///
/// Each is the first of a stable sort of the templates by one number: highest relief, shortest duration,
/// lowest cognitive, emotional and net load, highest and lowest net relief, highest efficiency. The last one
/// only when some task has an efficiency above 0. Of the filters only the longest duration counts, as in the
/// original. Task analytics 19.1.
#[must_use]
pub fn recommendations(data: &TaskData, filters: &Filters) -> Vec<Pick> {
    let filters = Filters { max_duration: filters.max_duration, ..Filters::default() };
    let candidates = filtered_templates(data, &filters, MetricRules::Corrected);
    CATEGORIES
        .into_iter()
        .filter_map(|(title, metric, direction)| {
            let best = best(&candidates, metric, direction)?;
            let is_efficiency = metric == Metric::HistoricalEfficiency;
            (!is_efficiency || best.number(metric) > 0.0).then(|| pick(title, metric, direction, best, &candidates))
        })
        .collect()
}

/// The first of the candidates that no other one beats.
fn best(candidates: &[Candidate], metric: Metric, direction: Direction) -> Option<&Candidate> {
    candidates.iter().reduce(|best, other| {
        let (known, new) = (best.number(metric), other.number(metric));
        let is_better = match direction {
            Direction::High => new > known,
            Direction::Low => new < known,
        };
        if is_better { other } else { best }
    })
}

fn pick(title: &'static str, metric: Metric, direction: Direction, best: &Candidate, all: &[Candidate]) -> Pick {
    let [relief, cognitive_load, emotional_load] =
        [Metric::ReliefScore, Metric::CognitiveLoad, Metric::EmotionalLoad].map(|metric| shown(best.number(metric), 1));
    let mut text = format!("{title}: relief {relief} / cognitive {cognitive_load}");
    if best.number(Metric::EmotionalLoad) > 0.0 {
        text.push_str(" / emotional ");
        text.push_str(&emotional_load);
    }
    text.push('.');
    let criterion = Criterion::new(metric.as_str(), all, MetricRules::Corrected).wanted(direction);
    // A pick is made by the number itself, not by points.
    let why = Reason { points: 0.0, ..criterion.reason(best) };
    Pick {
        title,
        task_id: best.task_id.clone(),
        task_name: best.task_name.clone(),
        reason: text,
        relief,
        cognitive_load,
        emotional_load,
        duration: shown(best.number(Metric::DurationMinutes), 0),
        reasons: vec![why],
    }
}

fn shown(value: f64, decimals: usize) -> String {
    if value > 0.0 { format!("{:.decimals$}", round_to(value, decimals)) } else { "—".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sample;
    use super::*;

    #[test]
    fn each_wish_has_its_task_and_its_reason() {
        let mut sample = Sample::default();
        sample.task("a", "Alpha", 30);
        sample.task("b", "Beta", 20);
        sample.completed("a", 80.0, 40.0, 25.0);
        sample.completed("a", 60.0, 20.0, 35.0);
        let data = sample.data();
        let picks = recommendations(&data, &Filters::default());
        let found: Vec<_> = picks.iter().map(|pick| (pick.title, pick.task_id.as_str())).collect();
        assert_eq!(
            found,
            [
                ("Highest Relief", "a"),
                ("Shortest Task", "b"),
                ("Lowest Cognitive Load", "a"),
                ("Lowest Emotional Load", "b"),
                ("Lowest Net Load", "b"),
                ("Highest Net Relief", "a"),
                ("Lowest Net Relief", "b"),
                ("High Efficiency Candidate", "a")
            ]
        );
        assert_eq!(picks[0].reason, "Highest Relief: relief 70.0 / cognitive 5.0 / emotional 30.0.");
        let why = &picks[0].reasons[0];
        assert_eq!(
            (why.value, why.rank, why.candidates, why.typical, why.completed),
            (Some(70.0), Some(1), 2, Some(37.5), 2)
        );
        assert_eq!((picks[6].reasons[0].direction, picks[6].reasons[0].rank), (Direction::Low, Some(1)));
    }

    #[test]
    fn without_history_there_is_no_efficiency_pick_and_zero_is_a_dash() {
        let mut sample = Sample::default();
        sample.task("a", "Alpha", 0);
        let picks = recommendations(&sample.data(), &Filters::default());
        assert_eq!(picks.len(), 7);
        assert_eq!((picks[0].duration.as_str(), picks[0].relief.as_str()), ("—", "5.0"));
        assert_eq!(recommendations(&Sample::default().data(), &Filters::default()), []);
    }

    #[test]
    fn only_the_longest_duration_filters() {
        let mut sample = Sample::default();
        sample.task("a", "Alpha", 30);
        let filters = Filters { task_type: Some("Play".to_owned()), min_duration: Some(90.0), ..Filters::default() };
        assert_eq!(recommendations(&sample.data(), &filters).len(), 7);
        let filters = Filters { max_duration: Some(29.0), ..Filters::default() };
        assert_eq!(recommendations(&sample.data(), &filters), []);
    }
}
