//! Instances of one stretch of time against those of another.

use super::scatter::Axis;
use crate::periods::{Period, PeriodComparison, compare_dates};
use crate::stats::{Difference, compare_means};
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use crate::tasks::scores::Scores;

/// Attributes and scores of single instances that are compared.
const METRICS: [&str; 12] = [
    "relief_score",
    "stress_level",
    "net_wellbeing",
    "stress_efficiency",
    "expected_aversion",
    "duration_minutes",
    "behavioral_score",
    "efficiency_score",
    "productivity_score",
    "grit_score",
    "execution_score",
    "procrastination_score",
];

/// Compares the instances completed in two periods, which may overlap, touch or lie apart.
///
/// Metrics of instances are means over the completed instances that have them. `completed_per_day` and
/// `work_minutes_per_day` are means over all calendar dates of a period, also those without an instance.
#[must_use]
pub fn compare_periods(data: &TaskData, scores: &Scores, first: Period, second: Period) -> PeriodComparison {
    let (in_first, in_second) = (rows_in(data, first), rows_in(data, second));
    let mut differences: Vec<(&'static str, Difference)> = METRICS
        .into_iter()
        .filter_map(|metric| {
            let axis = Axis::from_name(metric)?;
            let values =
                |rows: &[&PreparedRow]| -> Vec<f64> { rows.iter().filter_map(|row| axis.value(row, scores)).collect() };
            Some((metric, compare_means(&values(&in_first), &values(&in_second))))
        })
        .collect();
    let work = |row: &PreparedRow| if row.class == TypeClass::Work { row.duration_minutes } else { 0.0 };
    let by_date = |value: &dyn Fn(&PreparedRow) -> f64| {
        let dated = |row: &&PreparedRow| Some((row.completed_day()?, value(row)));
        compare_dates((first, in_first.iter().filter_map(dated)), (second, in_second.iter().filter_map(dated)))
    };
    differences.push(("completed_per_day", by_date(&|_| 1.0)));
    differences.push(("work_minutes_per_day", by_date(&work)));
    PeriodComparison::new(first, second, differences)
}

fn rows_in(data: &TaskData, period: Period) -> Vec<&PreparedRow> {
    data.completed().filter(|row| row.completed_at.is_some_and(|time| period.contains(time))).collect()
}
