//! Pairs of attributes of the same instances.

use crate::stats::{Correlation, Method, correlate};
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use crate::tasks::scores::Scores;
use crate::tasks::series::Attribute;

/// An attribute, a score or a time of one class, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// An attribute of the row.
    Attribute(Attribute),
    /// `productivity_score` in the context of the whole history.
    Productivity,
    /// `grit_score` with the completions of the whole history.
    Grit,
    /// `efficiency_score`.
    Efficiency,
    /// `execution_score`.
    Execution,
    /// `relief_duration_score`.
    ReliefDuration,
    /// `work_time`: A.time_actual_minutes (else the duration) of work, 0 for other classes.
    WorkTime,
    /// `play_time`: the same of play.
    PlayTime,
}

impl Axis {
    /// The axis of this name; `None` for an unknown one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "productivity_score" => Some(Self::Productivity),
            "grit_score" => Some(Self::Grit),
            "efficiency_score" => Some(Self::Efficiency),
            "execution_score" => Some(Self::Execution),
            "relief_duration_score" => Some(Self::ReliefDuration),
            "work_time" => Some(Self::WorkTime),
            "play_time" => Some(Self::PlayTime),
            _ => Attribute::from_name(name).map(Self::Attribute),
        }
    }

    /// Value of a completed row; `None` where it has none.
    #[must_use]
    pub fn value(self, row: &PreparedRow, scores: &Scores) -> Option<f64> {
        let time_of = |class: TypeClass| {
            let minutes = row.actual.time_actual_minutes.unwrap_or(row.duration_minutes);
            if row.class == class { minutes } else { 0.0 }
        };
        match self {
            Self::Attribute(attribute) => attribute.value(row),
            Self::Productivity => scores.of(row).map(|scores| scores.productivity),
            Self::Grit => scores.of(row).map(|scores| scores.grit),
            Self::Efficiency => scores.of(row).map(|scores| scores.efficiency),
            Self::Execution => scores.of(row).map(|scores| scores.execution),
            Self::ReliefDuration => scores.of(row).map(|scores| scores.relief_duration),
            Self::WorkTime => Some(time_of(TypeClass::Work)),
            Self::PlayTime => Some(time_of(TypeClass::Play)),
        }
    }
}

/// Values of two axes over the completed instances that have both, in creation order.
#[must_use]
pub fn scatter(data: &TaskData, scores: &Scores, x: Axis, y: Axis) -> (Vec<f64>, Vec<f64>) {
    data.completed().filter_map(|row| x.value(row, scores).zip(y.value(row, scores))).unzip()
}

/// `[estimate, time]` in minutes of the instances of [`scatter`], for the pair of duration and productivity.
#[must_use]
pub fn scatter_times(data: &TaskData, scores: &Scores, x: Axis, y: Axis) -> Vec<(f64, f64)> {
    let both = |row: &&PreparedRow| x.value(row, scores).is_some() && y.value(row, scores).is_some();
    data.completed().filter(both).map(|row| (row.estimate_minutes, row.actual.minutes())).collect()
}

/// Correlation of two named attributes over the completed instances; n = 0 for an unknown name.
///
/// `method` is `spearman` or anything else for Pearson's.
#[must_use]
pub fn attribute_correlation(data: &TaskData, scores: &Scores, x: &str, y: &str, method: &str) -> Correlation {
    let method = Method::from_name(method);
    let (x, y) = match (Axis::from_name(x), Axis::from_name(y)) {
        (Some(x), Some(y)) => scatter(data, scores, x, y),
        _ => (Vec::new(), Vec::new()),
    };
    correlate(&x, &y, method)
}
