//! The next value of a weekly metric, and how the current one compares with it (delivery specification 5.7).

use super::input::WeekMetrics;
use super::numbers::count;
use landfast_domain::json::Json;
use landfast_domain::text::{round_half_even, round_to};

/// Weights of four weeks, the oldest first.
pub const WEIGHTS: [f64; 4] = [0.1, 0.2, 0.3, 0.4];

/// Deviation from a forecast in percent up to which a value is on track.
pub const ON_TRACK_PERCENT: f64 = 10.0;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadInput {
    /// A value is negative.
    #[error("a value of a metric is negative")]
    Negative,
    /// A range is asked of a forecast that is not above 0.
    #[error("the forecast is not above 0")]
    NotPositive,
}

/// A forecast of the next value.
#[derive(Debug, Clone, PartialEq)]
pub struct NextValue {
    /// Σ weight·value, rounded to one decimal.
    pub value: f64,
    /// The values it is made of, the oldest first.
    pub history: Vec<f64>,
    /// Their weights.
    pub weights: Vec<f64>,
}

impl NextValue {
    /// `established` for four values, else `building`.
    #[must_use]
    pub fn confidence(&self) -> &'static str {
        if self.history.len() == WEIGHTS.len() { "established" } else { "building" }
    }
}

/// Forecast of the next value from values of the weeks before, the oldest first; `None` below two values.
///
/// Four values have the weights of [`WEIGHTS`], any other number of them equal ones.
///
/// ```
/// use landfast_analytics::delivery::next_value::next_value;
/// assert_eq!(next_value(&[10.0, 12.0, 15.0, 18.0])?.map(|next| next.value), Some(15.1));
/// assert_eq!(next_value(&[5.0])?, None);
/// # Ok::<(), landfast_analytics::delivery::next_value::BadInput>(())
/// ```
///
/// # Errors
/// [`BadInput::Negative`] when a value is.
pub fn next_value(history: &[f64]) -> Result<Option<NextValue>, BadInput> {
    if history.iter().any(|value| *value < 0.0) {
        return Err(BadInput::Negative);
    }
    if history.len() < 2 {
        return Ok(None);
    }
    let weights =
        if history.len() == WEIGHTS.len() { WEIGHTS.to_vec() } else { vec![1.0 / count(history.len()); history.len()] };
    let value = history.iter().zip(&weights).map(|(value, weight)| value * weight).sum::<f64>();
    Ok(Some(NextValue { value: round_to(value, 1), history: history.to_vec(), weights }))
}

/// Range around a forecast of work in progress: −20 % and +20 %, rounded to whole numbers.
///
/// # Errors
/// [`BadInput::NotPositive`] unless the forecast is above 0.
pub fn flow_load_range(forecast: f64) -> Result<(f64, f64), BadInput> {
    if forecast > 0.0 {
        Ok((round_half_even(forecast * 0.8), round_half_even(forecast * 1.2)))
    } else {
        Err(BadInput::NotPositive)
    }
}

/// Which direction of a metric is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better: flow velocity, flow efficiency, deployment frequency.
    Higher,
    /// Less is better: flow time, lead time, failure rate, time to restore, flow load.
    Lower,
}

impl Better {
    /// Reads `higher_better` and `lower_better`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "higher_better" => Some(Self::Higher),
            "lower_better" => Some(Self::Lower),
            _ => None,
        }
    }
}

/// A current value beside its forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct AgainstForecast {
    /// `↗`, `→` or `↘`.
    pub arrow: char,
    /// (current − forecast)/forecast·100, rounded to one decimal; 100 when only the forecast is 0.
    pub deviation_percent: f64,
    /// In words.
    pub text: String,
    /// Style class of the legacy pages: `text-success`, `text-danger` or `text-secondary`.
    pub class: &'static str,
    /// Whether it is good, or at least not bad.
    pub is_good: bool,
}

/// Compares the current value with its forecast.
///
/// Within 10 %: on track. Current 0: the week is only starting. Otherwise above or below, good or bad by the
/// metric's direction. Forecast 0: on track when the current value is 0, else 100 % above, which is bad when
/// lower is better. The limit is compared in binary, so 14.3 against 13 is above it.
///
/// # Errors
/// [`BadInput::Negative`] when the forecast or the current value is.
pub fn against_forecast(current: f64, forecast: f64, better: Better) -> Result<AgainstForecast, BadInput> {
    if current < 0.0 || forecast < 0.0 {
        return Err(BadInput::Negative);
    }
    let answer = |arrow, percent: f64, text: String, class, is_good| {
        Ok(AgainstForecast { arrow, deviation_percent: round_to(percent, 1), text, class, is_good })
    };
    let class = |is_good| if is_good { "text-success" } else { "text-danger" };
    if forecast == 0.0 {
        if current == 0.0 {
            return answer('→', 0.0, "On track".to_owned(), "text-success", true);
        }
        let is_good = better == Better::Higher;
        return answer('↗', 100.0, "Above forecast".to_owned(), class(is_good), is_good);
    }
    let percent = (current - forecast) / forecast * 100.0;
    if percent.abs() <= ON_TRACK_PERCENT {
        return answer('→', percent, "On track".to_owned(), "text-success", true);
    }
    if current == 0.0 {
        return answer('↘', percent, "Week starting...".to_owned(), "text-secondary", true);
    }
    let is_above = percent > 0.0;
    let is_good = is_above == (better == Better::Higher);
    let than = if is_above && is_good { "above" } else { "vs" };
    let text = format!("{:+.0}% {than} forecast", percent);
    answer(if is_above { '↗' } else { '↘' }, percent, text, class(is_good), is_good)
}

/// Weekly metrics that have a forecast, and the value each is made of.
pub const METRICS: [(&str, &str); 8] = [
    ("flow_velocity", "completed_count"),
    ("flow_load", "wip_count"),
    ("flow_time", "median_days"),
    ("flow_efficiency", "overall_pct"),
    ("dora_deployment_frequency", "deployment_count"),
    ("dora_lead_time", "median_hours"),
    ("dora_change_failure_rate", "change_failure_rate_percent"),
    ("dora_mttr", "median_hours"),
];

/// The newest `most` stored numbers of a metric, the oldest first. Weeks whose value is null are passed over;
/// labels that name no week do not count. A stored 0 counts, although it may mean "nothing known".
#[must_use]
pub fn stored_values(weeks: &[WeekMetrics], metric: &str, name: &str, most: usize) -> Vec<f64> {
    let mut ordered: Vec<&WeekMetrics> = weeks.iter().filter(|week| week.week.is_some()).collect();
    ordered.sort_by_key(|week| week.week);
    let value = |week: &&WeekMetrics| week.metrics.get(metric)?.as_object()?.get(name).and_then(Json::as_f64);
    let values: Vec<f64> = ordered.iter().filter_map(value).filter(|value| value.is_finite()).collect();
    super::input::last(&values, most).to_vec()
}

/// Exponential smoothing, rounded to one decimal: S = 0.3·x + 0.7·S from the first value on; `None` below two
/// values.
///
/// ```
/// use landfast_analytics::delivery::next_value::smoothed;
/// assert_eq!(smoothed(&[10.0, 20.0]), Some(13.0));
/// ```
#[must_use]
pub fn smoothed(values: &[f64]) -> Option<f64> {
    let (first, rest) = values.split_first().filter(|(_, rest)| !rest.is_empty())?;
    Some(round_to(rest.iter().fold(*first, |smooth, value| 0.3 * value + 0.7 * smooth), 1))
}

/// Value of the running week between what it has and what it was forecast: w·actual + (1 − w)·forecast, with
/// w = 0, 0.2, 0.4, 0.6, 0.8, 1, 1 from Monday (`weekday` 0) to Sunday (6).
///
/// ```
/// use landfast_analytics::delivery::next_value::blended;
/// assert_eq!(blended(1.0, 6.0, 2), 0.4 * 1.0 + 0.6 * 6.0);
/// assert_eq!((blended(1.0, 6.0, 0), blended(1.0, 6.0, 5)), (6.0, 1.0));
/// ```
#[must_use]
pub fn blended(actual: f64, forecast: f64, weekday: u8) -> f64 {
    let weight = (f64::from(weekday) * 2.0 / 10.0).min(1.0);
    weight * actual + (1.0 - weight) * forecast
}

/// Forecast of a metric as the page of the original showed it, from all weekly values, the oldest first.
///
/// Needs four values. Durations (flow time, flow efficiency, lead time, time to restore) use the last up to
/// four that are not 0, at least two; other metrics the last four.
///
/// # Errors
/// As [`next_value`].
pub fn page_forecast(values: &[f64], is_duration: bool) -> Result<Option<NextValue>, BadInput> {
    if values.len() < WEIGHTS.len() {
        return Ok(None);
    }
    let kept: Vec<f64> = values.iter().copied().filter(|value| !is_duration || *value != 0.0).collect();
    next_value(super::input::last(&kept, WEIGHTS.len()))
}

/// Pace of the current weeks against the pace a deadline needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// At least the required pace.
    OnPace,
    /// At least 80 % of it.
    AtRisk,
    /// Below.
    Behind,
}

/// Pace of `velocity` against what is required; `required` is `None` when the time is over.
#[must_use]
pub fn pace(velocity: f64, required: Option<f64>) -> Pace {
    match required {
        None => Pace::Behind,
        Some(required) if velocity >= required => Pace::OnPace,
        Some(required) if velocity >= 0.8 * required => Pace::AtRisk,
        Some(_) => Pace::Behind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_forecast_passes_over_empty_durations() {
        assert_eq!(page_forecast(&[0.0, 4.0, 0.0, 6.0], true).unwrap().unwrap().value, 5.0);
        assert_eq!(page_forecast(&[0.0, 4.0, 0.0, 6.0], false).unwrap().unwrap().value, 3.2);
        assert_eq!(page_forecast(&[4.0, 4.0, 4.0], true), Ok(None));
    }

    #[test]
    fn paces_have_three_levels() {
        assert_eq!(pace(4.0, Some(4.0)), Pace::OnPace);
        assert_eq!(pace(3.5, Some(4.0)), Pace::AtRisk);
        assert_eq!((pace(3.0, Some(4.0)), pace(9.0, None)), (Pace::Behind, Pace::Behind));
    }

    #[test]
    fn negative_values_are_refused() {
        assert_eq!(next_value(&[-1.0, 2.0]), Err(BadInput::Negative));
        assert_eq!(against_forecast(1.0, -1.0, Better::Higher), Err(BadInput::Negative));
        assert_eq!(flow_load_range(0.0), Err(BadInput::NotPositive));
    }
}
