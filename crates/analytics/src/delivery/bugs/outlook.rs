//! When open bugs are resolved, and the next week.

use crate::delivery::input::last;
use crate::delivery::numbers::{count, cut, deviation, mean_or_zero, number, rounded};
use crate::stats::range;
use chrono::{Days, NaiveDate};
use landfast_domain::text::round_to;
use serde_json::{Value, json};

/// Weeks a forecast looks at.
pub const WEEKS: usize = 8;

/// Weeks a forecast needs.
pub const MIN_WEEKS: usize = 4;

/// In how many weeks the open bugs are resolved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BugForecast {
    /// Mean bugs resolved a week.
    pub rate: f64,
    /// Weeks looked at; 0 when nothing is open.
    pub weeks_analyzed: usize,
    /// Weeks at mean plus deviation.
    pub optimistic: f64,
    /// Weeks at the mean.
    pub likely: f64,
    /// Weeks at mean less deviation, at least 0.1 a week.
    pub pessimistic: f64,
}

/// Forecast of the open bugs from the resolved bugs of past weeks, oldest first: over the last [`WEEKS`] the
/// mean `r` and the deviation σ with divisor n; weeks are `⌈open/r⌉`, `⌈open/(r + σ)⌉` and
/// `⌈open/max(r − σ, 0.1)⌉`. No open bugs: 0 weeks. `None` below [`MIN_WEEKS`] weeks, or when nothing was
/// resolved.
///
/// ```
/// use landfast_analytics::delivery::bugs::bug_forecast;
///
/// assert_eq!(bug_forecast(7, &[2.0, 2.0, 2.0, 2.0]).unwrap().likely, 4.0);
/// assert_eq!(bug_forecast(7, &[2.0]), None);
/// ```
#[must_use]
pub fn bug_forecast(open: usize, resolved: &[f64]) -> Option<BugForecast> {
    forecast(open, resolved, |open, rate| {
        let weeks = open / rate;
        // 10 / 0.1 is 100, whatever the last bits say.
        if (weeks - weeks.round()).abs() < 1e-9 { weeks.round() } else { weeks.ceil() }
    })
}

/// As [`bug_forecast`], but like the original weeks are taken off one by one, so that rounding errors can add
/// one: 10 bugs at 0.1 a week take 101 weeks.
#[must_use]
pub fn legacy_bug_forecast(open: usize, resolved: &[f64]) -> Option<BugForecast> {
    forecast(open, resolved, |mut left, rate| {
        let mut weeks = 0.0;
        while left > 0.0 {
            left -= rate;
            weeks += 1.0;
        }
        weeks
    })
}

fn forecast(open: usize, resolved: &[f64], weeks_for: impl Fn(f64, f64) -> f64) -> Option<BugForecast> {
    if open == 0 {
        return Some(BugForecast { rate: 0.0, weeks_analyzed: 0, optimistic: 0.0, likely: 0.0, pessimistic: 0.0 });
    }
    let recent = last(resolved, WEEKS);
    let rate = mean_or_zero(recent);
    if recent.len() < MIN_WEEKS || rate <= 0.0 {
        return None;
    }
    let spread = deviation(recent, 0)?;
    let weeks = |rate: f64| weeks_for(count(open), rate);
    Some(BugForecast {
        rate,
        weeks_analyzed: recent.len(),
        optimistic: weeks(rate + spread),
        likely: weeks(rate),
        pessimistic: weeks((rate - spread).max(0.1)),
    })
}

/// A forecast as the original returns it; `None` is insufficient data.
#[must_use]
pub fn forecast_document(forecast: Option<BugForecast>, today: NaiveDate) -> Value {
    let Some(found) = forecast else {
        return json!({
            "optimistic_weeks": 0, "most_likely_weeks": 0, "pessimistic_weeks": 0,
            "optimistic_date": "", "most_likely_date": "", "pessimistic_date": "",
            "avg_closure_rate": 0, "insufficient_data": true,
        });
    };
    let date = |weeks: f64| {
        let days = u64::try_from(cut(weeks * 7.0)).unwrap_or(0);
        today.checked_add_days(Days::new(days)).map(|day| day.to_string())
    };
    let mut document = json!({
        "optimistic_weeks": number(found.optimistic),
        "most_likely_weeks": number(found.likely),
        "pessimistic_weeks": number(found.pessimistic),
        "optimistic_date": date(found.optimistic),
        "most_likely_date": date(found.likely),
        "pessimistic_date": date(found.pessimistic),
        "avg_closure_rate": rounded(found.rate, 2),
        "insufficient_data": false,
    });
    if found.weeks_analyzed > 0
        && let Some(members) = document.as_object_mut()
    {
        members.insert("analysis_start".to_owned(), Value::Null);
        members.insert("analysis_end".to_owned(), Value::Null);
        members.insert("weeks_analyzed".to_owned(), json!(found.weeks_analyzed));
    }
    document
}

/// What the next week may bring: mean rounded to one decimal, greatest and least of the last [`WEEKS`].
/// `None` without weeks.
#[must_use]
pub fn next_week(values: &[f64]) -> Option<(f64, f64, f64)> {
    let recent = last(values, WEEKS);
    let (least, most) = range(recent)?;
    Some((round_to(mean_or_zero(recent), 1), most, least))
}
