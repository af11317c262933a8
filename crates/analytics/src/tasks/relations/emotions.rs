//! How emotions, emotional load and relief go together.

use crate::stats::{Method, correlate, mean};
use crate::tasks::rows::{EmotionValue, PreparedRow, TaskData};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An actual load this much above the expected one is a spike.
const SPIKE: f64 = 30.0;
/// Fewer values than this give no correlation.
const FEWEST: usize = 3;

/// What an emotion was before and after an instance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transition {
    /// Name of the emotion.
    pub emotion: Arc<str>,
    /// Value in P.emotion_values.
    pub initial_value: Option<f64>,
    /// Value in A.emotion_values.
    pub final_value: Option<f64>,
    /// Name of the task.
    pub task_name: Arc<str>,
    /// Completion time as stored.
    pub completed_at: String,
}

/// An instance whose emotional load was far above the expected one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadSpike {
    /// Name of the task.
    pub task_name: Arc<str>,
    /// Expected emotional load.
    pub expected: f64,
    /// Actual emotional load.
    pub actual: f64,
    /// Actual minus expected load.
    pub spike_amount: f64,
    /// Completion time as stored.
    pub completed_at: String,
}

/// How the final value of an emotion correlates with the outcome, by Pearson's r; `None` for fewer than 3 instances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EmotionCorrelation {
    /// Number of instances with the emotion.
    pub n: usize,
    /// With the relief score.
    pub relief: Option<f64>,
    /// With the difficulty.
    pub difficulty: Option<f64>,
}

/// Emotions of the instances with status `completed`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct EmotionalFlow {
    /// Each emotion of either side that has a number on one, by instance.
    pub transitions: Vec<Transition>,
    /// Emotional load and relief of each instance: A.actual_emotional else E; A.actual_relief else R.
    pub load_relief: Vec<(f64, f64)>,
    /// Expected (P.expected_emotional_load else E) and actual emotional load of each instance.
    pub expected_actual: Vec<(f64, f64)>,
    /// Spikes, the largest first.
    pub spikes: Vec<LoadSpike>,
    /// Completion time and final value by emotion, in the order of the rows.
    pub emotion_trends: BTreeMap<Arc<str>, Vec<(String, f64)>>,
    /// Correlations by emotion. The original gave 0 everywhere.
    pub correlations: BTreeMap<Arc<str>, EmotionCorrelation>,
    /// Mean actual emotional load; 0 without instances.
    pub avg_emotional_load: f64,
    /// Mean relief; 0 without instances.
    pub avg_relief: f64,
    /// Mean relief / mean emotional load; 0 when that is 0.
    pub emotion_relief_ratio: f64,
}

/// Emotional flow over all loaded rows.
#[must_use]
pub fn emotional_flow(data: &TaskData) -> EmotionalFlow {
    let mut flow = EmotionalFlow::default();
    let mut finals: BTreeMap<Arc<str>, Finals> = BTreeMap::new();
    for row in data.rows().iter().filter(|row| &*row.status == "completed") {
        flow.add_loads(row);
        flow.add_emotions(row, &mut finals);
    }
    flow.spikes.sort_by(|a, b| b.spike_amount.total_cmp(&a.spike_amount));
    let mean_of = |values: Vec<f64>| mean(&values).unwrap_or(0.0);
    flow.avg_emotional_load = mean_of(flow.load_relief.iter().map(|(load, _)| *load).collect());
    flow.avg_relief = mean_of(flow.load_relief.iter().map(|(_, relief)| *relief).collect());
    if flow.avg_emotional_load > 0.0 {
        flow.emotion_relief_ratio = flow.avg_relief / flow.avg_emotional_load;
    }
    flow.correlations = finals.into_iter().map(|(emotion, finals)| (emotion, finals.correlation())).collect();
    flow
}

impl EmotionalFlow {
    fn add_loads(&mut self, row: &PreparedRow) {
        let actual = row.actual.actual_emotional.unwrap_or(row.emotional_load);
        let expected = row.predicted.expected_emotional_load.unwrap_or(row.emotional_load);
        self.load_relief.push((actual, row.actual.actual_relief.unwrap_or(row.relief_score)));
        self.expected_actual.push((expected, actual));
        if actual > expected + SPIKE {
            self.spikes.push(LoadSpike {
                task_name: Arc::clone(&row.task_name),
                expected,
                actual,
                spike_amount: actual - expected,
                completed_at: row.completed_text.clone(),
            });
        }
    }

    fn add_emotions(&mut self, row: &PreparedRow, finals: &mut BTreeMap<Arc<str>, Finals>) {
        let (before, after) = (&row.predicted.emotion_values, &row.actual.emotion_values);
        let value =
            |list: &[EmotionValue], name: &Arc<str>| list.iter().find(|e| e.name == *name).and_then(|e| e.value);
        let new = after.iter().filter(|emotion| !before.iter().any(|known| known.name == emotion.name));
        for EmotionValue { name, .. } in before.iter().chain(new) {
            let (initial_value, final_value) = (value(before, name), value(after, name));
            if initial_value.or(final_value).is_none() {
                continue;
            }
            if let Some(value) = final_value {
                let trend = self.emotion_trends.entry(Arc::clone(name)).or_default();
                trend.push((row.completed_text.clone(), value));
                finals.entry(Arc::clone(name)).or_default().add(value, row);
            }
            self.transitions.push(Transition {
                emotion: Arc::clone(name),
                initial_value,
                final_value,
                task_name: Arc::clone(&row.task_name),
                completed_at: row.completed_text.clone(),
            });
        }
    }
}

#[derive(Default)]
struct Finals {
    values: Vec<f64>,
    relief: Vec<f64>,
    difficulty: Vec<f64>,
}

impl Finals {
    fn add(&mut self, value: f64, row: &PreparedRow) {
        self.values.push(value);
        self.relief.push(row.relief_score);
        self.difficulty.push(row.task_difficulty);
    }

    fn correlation(&self) -> EmotionCorrelation {
        let n = self.values.len();
        let with = |other: &[f64]| correlate(&self.values, other, Method::Pearson).correlation.filter(|_| n >= FEWEST);
        EmotionCorrelation { n, relief: with(&self.relief), difficulty: with(&self.difficulty) }
    }
}
