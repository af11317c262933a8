//! Relations worth telling, found among many without mistaking chance for one.

use crate::stats::{Correlation, Method, benjamini_hochberg, correlate, strength};
use crate::tasks::rows::{PreparedRow, TaskData};
use chrono::Timelike;
use serde::Serialize;

/// A named column with one value, or none, for each instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name.
    pub name: &'static str,
    /// Values in the order of the instances.
    pub values: Vec<Option<f64>>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InsightOptions {
    /// Measure of correlation. Ranks suit ratings, which have ties and no natural unit.
    pub method: Method,
    /// Share of false insights that is accepted, 0 to 1.
    pub false_discovery_rate: f64,
    /// Fewest pairs that are tested at all.
    pub least_pairs: usize,
    /// Smallest |correlation| that is worth telling, 0 to 1.
    pub least_correlation: f64,
}

impl Default for InsightOptions {
    /// Spearman, 2.5 %, 20 pairs, 0.2.
    ///
    /// Half of the 5 % that insights may be wrong by: instances of one user are not quite independent.
    fn default() -> Self {
        Self { method: Method::Spearman, false_discovery_rate: 0.025, least_pairs: 20, least_correlation: 0.2 }
    }
}

/// A tested relation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Insight {
    /// What is known before.
    pub predictor: &'static str,
    /// What came out.
    pub outcome: &'static str,
    /// Correlation with sample size, p-value and interval.
    #[serde(flatten)]
    pub correlation: Correlation,
    /// p-value adjusted for the number of tests (Benjamini and Hochberg).
    pub q_value: f64,
    /// Word for the strength.
    pub strength: &'static str,
}

/// What a search for relations gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Insights {
    /// Number of pairs of columns that were tested.
    pub tested: usize,
    /// Relations that are told, the strongest first.
    pub insights: Vec<Insight>,
}

/// Columns of the completed instances: what was known before, and what came out.
///
/// Only what was given counts, never a default. No outcome is calculated from a predictor, except where
/// [`is_built_in`] says so.
#[must_use]
pub fn insight_columns(data: &TaskData) -> (Vec<Column>, Vec<Column>) {
    let column =
        |name, value: fn(&PreparedRow) -> Option<f64>| Column { name, values: data.completed().map(value).collect() };
    let predictors = vec![
        column("expected_aversion", |row| row.predicted.expected_aversion),
        column("expected_relief", |row| row.expected_relief),
        column("expected_mental_energy", |row| row.predicted.expected_mental_energy),
        column("expected_difficulty", |row| row.predicted.expected_difficulty),
        column("expected_emotional_load", |row| row.predicted.expected_emotional_load),
        column("expected_physical_load", |row| row.predicted.expected_physical_load),
        column("motivation", |row| row.predicted.motivation),
        column("estimate_minutes", |row| Some(row.estimate_minutes).filter(|minutes| *minutes > 0.0)),
        column("hour_of_creation", |row| row.created_at.map(|time| f64::from(time.naive().hour()))),
        column("capacity_before", |row| row.tracking.capacity_before),
        column("minutes_to_start", |row| Some(row.started_at?.minutes_since(row.created_at?))),
    ];
    let outcomes = vec![
        column("actual_relief", |row| row.actual.actual_relief),
        column("actual_emotional_load", |row| row.actual.actual_emotional),
        column("completion_percent", |row| row.actual.completion_percent),
        column("time_ratio", |row| {
            let estimate = Some(row.estimate_minutes).filter(|minutes| *minutes > 0.0)?;
            Some(row.actual.time_actual_minutes? / estimate)
        }),
        column("capacity_change", |row| row.tracking.capacity_change()),
    ];
    (predictors, outcomes)
}

/// Whether an outcome is calculated from a predictor, so that their correlation says nothing.
#[must_use]
pub fn is_built_in(predictor: &str, outcome: &str) -> bool {
    matches!((predictor, outcome), ("estimate_minutes", "time_ratio") | ("capacity_before", "capacity_change"))
}

/// Insights over the completed instances.
#[must_use]
pub fn insights(data: &TaskData, options: &InsightOptions) -> Insights {
    let (predictors, outcomes) = insight_columns(data);
    find_insights(&predictors, &outcomes, options)
}

/// Tests every predictor against every outcome and tells the relations that pass.
///
/// A pair is tested when enough instances have both values and neither is constant. A relation passes when its
/// adjusted p-value is at most the accepted rate and its correlation strong enough. With outcomes that have nothing to
/// do with the predictors, a search finds anything at all with a probability of at most the accepted rate. The test
/// takes instances as independent; repetitions of one task are so only roughly.
#[must_use]
pub fn find_insights(predictors: &[Column], outcomes: &[Column], options: &InsightOptions) -> Insights {
    let mut tested: Vec<(Insight, f64)> = Vec::new();
    for predictor in predictors {
        for outcome in outcomes.iter().filter(|outcome| !is_built_in(predictor.name, outcome.name)) {
            let pairs = predictor.values.iter().zip(&outcome.values).filter_map(|(x, y)| (*x).zip(*y));
            let (x, y): (Vec<f64>, Vec<f64>) = pairs.unzip();
            if x.len() < options.least_pairs {
                continue;
            }
            let correlation = correlate(&x, &y, options.method);
            if let Some((r, p)) = correlation.correlation.zip(correlation.p_value) {
                let (predictor, outcome) = (predictor.name, outcome.name);
                tested.push((Insight { predictor, outcome, correlation, q_value: 1.0, strength: strength(r) }, p));
            }
        }
    }
    let adjusted = benjamini_hochberg(&tested.iter().map(|(_, p)| *p).collect::<Vec<_>>());
    let count = tested.len();
    let strong = |insight: &Insight| {
        let magnitude = insight.correlation.correlation.unwrap_or(0.0).abs();
        insight.q_value <= options.false_discovery_rate && magnitude >= options.least_correlation
    };
    let mut insights: Vec<Insight> = tested
        .into_iter()
        .zip(adjusted)
        .map(|((insight, _), q_value)| Insight { q_value, ..insight })
        .filter(strong)
        .collect();
    let magnitude = |insight: &Insight| insight.correlation.correlation.unwrap_or(0.0).abs();
    insights.sort_by(|a, b| magnitude(b).total_cmp(&magnitude(a)));
    Insights { tested: count, insights }
}
