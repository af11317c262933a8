//! What may be recommended, with its numbers and where they come from.

use super::{Filters, Metric, MetricRules};
use crate::stats::mean;
use crate::tasks::efficiency::efficiency_score;
use crate::tasks::rows::{PreparedRow, TaskData, TaskInfo};
use crate::tasks::wellbeing::{Loads, stress_level};
use landfast_domain::text::{python_float, python_lower, round_to};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Where a number of a candidate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Mean over completed instances of the task.
    History,
    /// Prediction given for this instance.
    Prediction,
    /// Default of the template.
    Template,
    /// A fixed number, because nothing is known.
    Default,
    /// Calculated from the other numbers of the candidate.
    Derived,
}

/// A number of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Known {
    /// The number, in the unit of its metric.
    pub value: f64,
    /// Where it comes from.
    pub basis: Basis,
}

/// A template or an open instance that may be recommended.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Id of the task.
    pub task_id: String,
    /// Name of the task.
    pub task_name: String,
    /// Id of the instance; `None` for a template.
    pub instance_id: Option<String>,
    /// Description of the instance or its template; empty for a template.
    pub description: String,
    /// Completed instances of the task.
    pub completed: usize,
    /// Its numbers; a metric that is not known is absent.
    pub values: BTreeMap<Metric, Known>,
}

impl Candidate {
    /// The number of a metric.
    #[must_use]
    pub fn value(&self, metric: Metric) -> Option<f64> {
        self.values.get(&metric).map(|known| known.value)
    }

    /// The number of a metric, 0 when it is not known.
    pub(super) fn number(&self, metric: Metric) -> f64 {
        self.value(metric).unwrap_or(0.0)
    }
}

/// Means of the completed instances of a task; `None` where there is nothing to take a mean of.
#[derive(Debug, Clone, Copy, Default)]
struct History {
    completed: usize,
    relief: Option<f64>,
    cognitive: Option<f64>,
    emotional: Option<f64>,
    duration: Option<f64>,
    stress: Option<f64>,
    behavioral: Option<f64>,
    wellbeing: Option<f64>,
    physical: Option<f64>,
    mental: Option<f64>,
    difficulty: Option<f64>,
    efficiency: Option<f64>,
}

impl History {
    fn of(data: &TaskData, task_id: &str) -> Self {
        let Some(task) = data.of_task(task_id) else { return Self::default() };
        let rows: Vec<&PreparedRow> = data.at(&task.completed).collect();
        let over = |number: fn(&PreparedRow) -> Option<f64>| -> Option<f64> {
            mean(&rows.iter().filter_map(|row| number(row)).collect::<Vec<f64>>())
        };
        Self {
            completed: rows.len(),
            relief: over(|row| Some(row.relief_score)),
            cognitive: over(|row| row.cognitive_load),
            emotional: over(|row| Some(row.emotional_load)),
            duration: over(|row| Some(row.duration_minutes)),
            stress: over(|row| Some(row.stress_level)),
            behavioral: over(|row| Some(row.behavioral_score)),
            wellbeing: over(|row| Some(row.net_wellbeing_normalized)),
            physical: over(|row| Some(row.physical_load)),
            mental: over(|row| Some(row.mental_energy_needed)),
            difficulty: over(|row| Some(row.task_difficulty)),
            efficiency: over(|row| Some(efficiency_score(row)).filter(|score| *score > 0.0))
                .map(|mean| round_to(mean, 2)),
        }
    }
}

/// Collects the numbers of a candidate.
#[derive(Default)]
struct Values(BTreeMap<Metric, Known>);

impl Values {
    fn set(&mut self, metric: Metric, value: f64, basis: Basis) {
        self.0.insert(metric, Known { value, basis });
    }

    /// The first known of several numbers.
    fn first(&mut self, metric: Metric, links: &[(Option<f64>, Basis)], default: f64) -> f64 {
        let found = links.iter().find_map(|(value, basis)| Some((value.as_ref()?, basis)));
        let (value, basis) = found.map_or((default, Basis::Default), |(value, basis)| (*value, *basis));
        self.set(metric, value, basis);
        value
    }

    fn history(&mut self, metric: Metric, value: Option<f64>, default: f64) -> f64 {
        self.first(metric, &[(value, Basis::History)], default)
    }

    fn derive_nets(&mut self, relief: f64, cognitive: f64, emotional: f64) {
        self.set(Metric::NetLoad, cognitive + emotional, Basis::Derived);
        self.set(Metric::NetReliefProxy, relief - cognitive, Basis::Derived);
    }
}

/// One candidate for each template, in the order of the store.
///
/// Means over the completed instances of the task; without any: relief, cognitive and emotional load 5 (on a
/// scale of 0 to 100, as in the original), stress, behavioural score and wellbeing 50, physical load 0,
/// efficiency 0. The duration is the mean, or the estimate of the template where that is 0 or unknown, or 0.
/// With [`MetricRules::Corrected`] also mental energy and difficulty, 50 without completed instances.
/// Task analytics 19.1, 19.2.
#[must_use]
pub fn template_candidates(data: &TaskData, rules: MetricRules) -> Vec<Candidate> {
    data.tasks().iter().map(|task| template_candidate(data, task, rules)).collect()
}

fn template_candidate(data: &TaskData, task: &TaskInfo, rules: MetricRules) -> Candidate {
    let history = History::of(data, &task.id);
    let mut values = Values::default();
    let relief = values.history(Metric::ReliefScore, history.relief, 5.0);
    let cognitive = values.history(Metric::CognitiveLoad, history.cognitive, 5.0);
    let emotional = values.history(Metric::EmotionalLoad, history.emotional, 5.0);
    let links = [
        (history.duration.filter(|minutes| *minutes != 0.0), Basis::History),
        (default_estimate(task), Basis::Template),
    ];
    values.first(Metric::DurationMinutes, &links, 0.0);
    values.derive_nets(relief, cognitive, emotional);
    values.history(Metric::HistoricalEfficiency, history.efficiency, 0.0);
    values.history(Metric::StressLevel, history.stress, 50.0);
    values.history(Metric::BehavioralScore, history.behavioral, 50.0);
    values.history(Metric::NetWellbeingNormalized, history.wellbeing, 50.0);
    values.history(Metric::PhysicalLoad, history.physical, 0.0);
    if rules == MetricRules::Corrected {
        values.history(Metric::MentalEnergyNeeded, history.mental, 50.0);
        values.history(Metric::TaskDifficulty, history.difficulty, 50.0);
    }
    Candidate {
        task_id: task.id.to_string(),
        task_name: task.record.name.legacy().to_owned(),
        instance_id: None,
        description: String::new(),
        completed: history.completed,
        values: values.0,
    }
}

/// The candidates among the templates that pass the filters.
#[must_use]
pub fn filtered_templates(data: &TaskData, filters: &Filters, rules: MetricRules) -> Vec<Candidate> {
    data.tasks()
        .iter()
        .filter(|task| filters.accept_task(task))
        .map(|task| template_candidate(data, task, rules))
        .filter(|candidate| filters.accept_duration(candidate.number(Metric::DurationMinutes)))
        .collect()
}

/// One candidate for each open instance that passes the filters, in creation order.
///
/// Open: neither completed nor deleted, with a status other than `completed` and `cancelled`. An instance
/// whose template is gone passes all filters but those on the duration. With P for the predictions:
///
/// | number | first known of |
/// |---|---|
/// | duration | P.time_estimate_minutes other than 0, the template's estimate, 0 |
/// | mental energy, difficulty | P.expected_mental_energy or P.expected_difficulty, P.expected_cognitive_load, 50 |
/// | cognitive load | P.expected_cognitive_load, (mental energy + difficulty)/2 |
/// | emotional, physical load | P.expected_emotional_load, 50; P.expected_physical_load, 0 |
/// | relief | P.expected_relief, mean of the task's completed instances, 50 |
/// | aversion a | P.expected_aversion, the template's default, 0 |
/// | stress | as for rows, with a |
/// | net wellbeing | clamp(50 + (relief − stress), 0, 100), without the halving of rows |
/// | behavioural score | 50 |
///
/// Task analytics 19.3.
#[must_use]
pub fn instance_candidates(data: &TaskData, filters: &Filters) -> Vec<Candidate> {
    let tasks: HashMap<&str, &TaskInfo> = data.tasks().iter().rev().map(|task| (&*task.id, task)).collect();
    // Histories are looked up, never walked, so the order of this map has no effect.
    let mut histories: HashMap<&str, History> = HashMap::new();
    let mut found = Vec::new();
    for row in data.rows().iter().filter(|row| is_open(row)) {
        let task = tasks.get(&*row.task_id).copied();
        if task.is_some_and(|task| !filters.accept_task(task)) {
            continue;
        }
        let history = *histories.entry(&row.task_id).or_insert_with(|| History::of(data, &row.task_id));
        let candidate = instance_candidate(row, task, &history);
        if filters.accept_duration(candidate.number(Metric::DurationMinutes)) {
            found.push(candidate);
        }
    }
    found
}

fn instance_candidate(row: &PreparedRow, task: Option<&TaskInfo>, history: &History) -> Candidate {
    let p = &row.predicted;
    let predicted = |value: Option<f64>| (value, Basis::Prediction);
    let mut values = Values::default();
    let links = [
        predicted(p.time_estimate_minutes.filter(|minutes| *minutes != 0.0)),
        (task.and_then(default_estimate), Basis::Template),
    ];
    values.first(Metric::DurationMinutes, &links, 0.0);
    let links = |own: Option<f64>| [predicted(own), predicted(p.expected_cognitive_load)];
    let mental = values.first(Metric::MentalEnergyNeeded, &links(p.expected_mental_energy), 50.0);
    let difficulty = values.first(Metric::TaskDifficulty, &links(p.expected_difficulty), 50.0);
    let links = [predicted(p.expected_cognitive_load), (Some((mental + difficulty) / 2.0), Basis::Derived)];
    let cognitive = values.first(Metric::CognitiveLoad, &links, 50.0);
    let emotional = values.first(Metric::EmotionalLoad, &[predicted(p.expected_emotional_load)], 50.0);
    let physical = values.first(Metric::PhysicalLoad, &[predicted(p.expected_physical_load)], 0.0);
    let links = [predicted(p.expected_relief), (history.relief, Basis::History)];
    let relief = values.first(Metric::ReliefScore, &links, 50.0);
    let aversion = p.expected_aversion.or_else(|| default_aversion(task?)).unwrap_or(0.0);
    let stress = stress_level(&Loads { mental_energy: mental, difficulty, emotional, physical, aversion });
    values.set(Metric::StressLevel, stress, Basis::Derived);
    values.set(Metric::BehavioralScore, 50.0, Basis::Default);
    values.set(Metric::NetWellbeingNormalized, (50.0 + (relief - stress)).clamp(0.0, 100.0), Basis::Derived);
    values.derive_nets(relief, cognitive, emotional);
    values.history(Metric::HistoricalEfficiency, history.efficiency, 0.0);
    let template_text = || task.map(|task| task.record.description.legacy().to_owned()).unwrap_or_default();
    Candidate {
        task_id: row.task_id.to_string(),
        task_name: row.task_name.to_string(),
        instance_id: Some(row.instance_id.clone()),
        description: row.description.as_deref().map_or_else(template_text, str::to_owned),
        completed: history.completed,
        values: values.0,
    }
}

fn is_open(row: &PreparedRow) -> bool {
    let status = python_lower(&row.status);
    !row.is_completed() && !row.is_deleted && status != "completed" && status != "cancelled"
}

/// The template's estimate in minutes; 0 counts as unknown.
fn default_estimate(task: &TaskInfo) -> Option<f64> {
    number(task.record.default_estimate_minutes.legacy()).filter(|minutes| *minutes != 0.0)
}

fn default_aversion(task: &TaskInfo) -> Option<f64> {
    number(task.record.default_initial_aversion.legacy())
}

fn number(cell: &str) -> Option<f64> {
    python_float(cell).filter(|number| number.is_finite())
}
