//! What aversion is normal for a task.

use super::history::TaskHistory;
use super::number::{NotFinite, legacy_rating, legacy_round};

/// Two estimates of the normal aversion of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baselines {
    /// Rounded median; see [`TaskHistory::baseline_aversion_robust`].
    pub robust: i64,
    /// Rounded mean without outliers; see [`TaskHistory::baseline_aversion_sensitive`].
    pub sensitive: i64,
}

impl TaskHistory {
    /// Rounded mean of `expected_aversion` over all initialised attempts; `None` without values.
    ///
    /// # Errors
    /// [`NotFinite`] when a value is NaN or infinite.
    pub fn aversion_average(&self) -> Result<Option<i64>, NotFinite> {
        mean(&self.aversions()).map(legacy_round).transpose()
    }

    /// Rounded median of `expected_aversion` over all initialised attempts; `None` without values.
    ///
    /// For an even number of values the mean of the two in the middle. The value itself was overwritten
    /// after completion by the legacy program, so it is not a prediction in the strict sense.
    ///
    /// # Errors
    /// [`NotFinite`] when a value is NaN, or when the result is infinite.
    pub fn baseline_aversion_robust(&self) -> Result<Option<i64>, NotFinite> {
        median(&sorted(self.aversions())?).map(legacy_round).transpose()
    }

    /// Rounded mean of `expected_aversion` without outliers; `None` without values.
    ///
    /// From three values on, those outside of `[q1 - 1.5 iqr, q3 + 1.5 iqr]` are left out, where `q1` and
    /// `q3` are the quartiles (see [`quartile`]) and `iqr = q3 - q1`. When nothing is left, all count.
    ///
    /// # Errors
    /// As [`TaskHistory::baseline_aversion_robust`].
    pub fn baseline_aversion_sensitive(&self) -> Result<Option<i64>, NotFinite> {
        let values = self.aversions();
        let ordered = sorted(values.clone())?;
        if ordered.len() <= 2 {
            return mean(&values).map(legacy_round).transpose();
        }
        let (Some(q1), Some(q3)) = (quartile(&ordered, 1), quartile(&ordered, 3)) else { return Ok(None) };
        let reach = 1.5 * (q3 - q1);
        let usual = |value: &f64| (q1 - reach..=q3 + reach).contains(value);
        let kept: Vec<f64> = values.iter().copied().filter(usual).collect();
        mean(if kept.is_empty() { &values } else { &kept }).map(legacy_round).transpose()
    }

    /// Both baselines, or `None` without values.
    ///
    /// # Errors
    /// As [`TaskHistory::baseline_aversion_robust`].
    pub fn baselines(&self) -> Result<Option<Baselines>, NotFinite> {
        let pair = self.baseline_aversion_robust()?.zip(self.baseline_aversion_sensitive()?);
        Ok(pair.map(|(robust, sensitive)| Baselines { robust, sensitive }))
    }

    /// Every usable `expected_aversion`, in list order.
    fn aversions(&self) -> Vec<f64> {
        let values = self.initialized.iter().filter_map(|attempt| attempt.legacy.as_ref()?.get("expected_aversion"));
        values.filter_map(legacy_rating).collect()
    }
}

/// Arithmetic mean, summed in the given order; `None` for an empty list.
///
/// ```
/// use landfast_analytics::tasks::mean;
/// assert_eq!(mean(&[1.0, 2.0, 6.0]), Some(3.0));
/// assert_eq!(mean(&[]), None);
/// ```
#[must_use]
#[expect(clippy::as_conversions, reason = "a number of values is far below 2^53")]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Median of an ascending list: the middle value, or the mean of the two in the middle.
///
/// ```
/// use landfast_analytics::tasks::median;
/// assert_eq!(median(&[1.0, 2.0, 9.0]), Some(2.0));
/// assert_eq!(median(&[1.0, 2.0, 3.0, 9.0]), Some(2.5));
/// ```
#[must_use]
pub fn median(ascending: &[f64]) -> Option<f64> {
    let half = ascending.len() / 2;
    let upper = *ascending.get(half)?;
    if ascending.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(*ascending.get(half.checked_sub(1)?)?, upper))
}

/// Quartile of an ascending list by linear interpolation: the value at position `(n - 1) * quarters / 4`.
///
/// `quarters` is 0 for the minimum, 1 and 3 for the usual quartiles, 4 for the maximum.
///
/// ```
/// use landfast_analytics::tasks::quartile;
/// assert_eq!(quartile(&[10.0, 20.0, 40.0], 1), Some(15.0));
/// assert_eq!(quartile(&[], 1), None);
/// ```
#[must_use]
pub fn quartile(ascending: &[f64], quarters: u8) -> Option<f64> {
    let quarters = usize::from(quarters.min(4));
    let steps = ascending.len().checked_sub(1)? * quarters;
    let low = *ascending.get(steps / 4)?;
    let fraction = f64::from(u8::try_from(steps % 4).unwrap_or_default()) / 4.0;
    match ascending.get(steps / 4 + 1) {
        Some(high) if fraction > 0.0 => Some(low + (high - low) * fraction),
        _ => Some(low),
    }
}

/// Ascending order; NaN has no place in one.
fn sorted(mut values: Vec<f64>) -> Result<Vec<f64>, NotFinite> {
    if values.iter().any(|value| value.is_nan()) {
        return Err(NotFinite::NaN);
    }
    values.sort_by(f64::total_cmp);
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::record::Record as _;
    use landfast_domain::tasks::TaskInstance;

    fn history(aversions: &[&str]) -> TaskHistory {
        let rows: Vec<TaskInstance> = aversions
            .iter()
            .map(|aversion| {
                let mut row = TaskInstance::blank("i".into());
                row.initialized_at.set_raw("2025-12-01 10:00");
                row.predicted.set_raw(format!(r#"{{"expected_aversion": {aversion}}}"#));
                row
            })
            .collect();
        TaskHistory::of_task("", &rows)
    }

    #[test]
    fn outliers_are_left_out_from_three_values_on() {
        let history = history(&["40", "42", "44", "41", "100"]);
        assert_eq!(history.aversion_average(), Ok(Some(53)));
        assert_eq!(history.baseline_aversion_robust(), Ok(Some(42)));
        assert_eq!(history.baseline_aversion_sensitive(), Ok(Some(42)));
        assert_eq!(history.baselines(), Ok(Some(Baselines { robust: 42, sensitive: 42 })));
    }

    #[test]
    fn two_values_are_only_averaged() {
        assert_eq!(history(&["20", "95"]).baseline_aversion_sensitive(), Ok(Some(58)));
        assert_eq!(history(&["20", "95"]).baseline_aversion_robust(), Ok(Some(58)));
    }

    #[test]
    fn no_value_gives_none_and_nan_an_error() {
        assert_eq!(history(&["null"]).baselines(), Ok(None));
        assert_eq!(history(&["NaN", "5"]).baselines(), Err(NotFinite::NaN));
        assert_eq!(history(&["20", "Infinity", "30"]).baseline_aversion_robust(), Ok(Some(30)));
        assert_eq!(history(&["20", "Infinity"]).aversion_average(), Err(NotFinite::Infinite));
    }

    #[test]
    fn quartiles_interpolate() {
        let values = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(quartile(&values, 1), Some(1.75));
        assert_eq!(quartile(&values, 3), Some(3.25));
        assert_eq!((quartile(&values, 0), quartile(&values, 4)), (Some(1.0), Some(4.0)));
    }
}
