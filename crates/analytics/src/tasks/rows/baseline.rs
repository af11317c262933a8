//! What aversion is normal for each task.

use super::names::Names;
use super::row::PreparedRow;
use crate::tasks::baselines::{mean, median, quartile};
use landfast_domain::text::round_half_even;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Two estimates of the normal aversion of a task, whole points from 0 to 100.
///
/// The sample is P.expected_aversion of all initialised rows of the task, also later ones and the current
/// one; a value from 0 to 10 is multiplied by ten. Missing values and those that are no finite number are
/// skipped. Task analytics 3.1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaskBaseline {
    /// Rounded median.
    pub robust: f64,
    /// Rounded mean; from three values on without those outside of [q1 - 1.5 iqr, q3 + 1.5 iqr].
    pub sensitive: f64,
}

impl TaskBaseline {
    /// Baselines of a sample, already on the scale 0 to 100; `None` for an empty one.
    ///
    /// ```
    /// use landfast_analytics::tasks::rows::TaskBaseline;
    ///
    /// let baseline = TaskBaseline::of_sample(&[40.0, 42.0, 44.0, 41.0, 100.0]).unwrap();
    /// assert_eq!((baseline.robust, baseline.sensitive), (42.0, 42.0));
    /// assert_eq!(TaskBaseline::of_sample(&[]), None);
    /// ```
    #[must_use]
    pub fn of_sample(values: &[f64]) -> Option<Self> {
        let mut ordered = values.to_vec();
        ordered.sort_by(f64::total_cmp);
        let robust = round_half_even(median(&ordered)?);
        let mut sensitive = mean(values)?;
        if let (3.., Some(q1), Some(q3)) = (values.len(), quartile(&ordered, 1), quartile(&ordered, 3)) {
            let reach = 1.5 * (q3 - q1);
            let usual = |value: &f64| (q1 - reach..=q3 + reach).contains(value);
            let kept: Vec<f64> = values.iter().copied().filter(usual).collect();
            sensitive = mean(&kept).unwrap_or(sensitive);
        }
        Some(Self { robust, sensitive: round_half_even(sensitive) })
    }

    /// Baselines by task id; rows still carry the numbers of their ids as groups.
    pub(super) fn by_task(rows: &[PreparedRow], names: &Names) -> BTreeMap<Arc<str>, Self> {
        let mut samples: Vec<Vec<f64>> = vec![Vec::new(); names.texts().len()];
        for row in rows.iter().filter(|row| row.is_initialized) {
            if let (Some(value), Some(sample)) = (row.stated_aversion(), samples.get_mut(row.group)) {
                sample.push(if (0.0..=10.0).contains(&value) { 10.0 * value } else { value });
            }
        }
        let tasks = names.texts().iter().zip(&samples);
        tasks.filter_map(|(task, values)| Some((Arc::clone(task), Self::of_sample(values)?))).collect()
    }
}
