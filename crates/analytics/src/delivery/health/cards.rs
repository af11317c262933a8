//! Formulas (b) and (c): the cards of version 2.4.4.

/// What the cards' score looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CardInputs {
    /// Trend of the dashboard: `increasing`, `stable`, `decreasing` or `unknown`.
    pub velocity_trend: &'static str,
    /// Trend of the health inputs: `improving`, `stable` or `declining`.
    pub trend: &'static str,
    /// Days to completion; `None` without a forecast.
    pub days_to_completion: Option<i64>,
    /// Days to the deadline; `None` without one.
    pub days_to_deadline: Option<i64>,
    /// Confidence in percent; `None` when it is not known.
    pub confidence: Option<f64>,
}

/// Health by formula (b), 0 to 100: starts at 100; −15 when the dashboard's trend is decreasing; −25 when
/// forecast and deadline are more than 30 days apart, −12 for more than 14, early or late alike; −15 when
/// declining, +5 when improving; −10 for a confidence below 40 %.
#[must_use]
pub fn legacy_card_score(inputs: &CardInputs) -> i64 {
    let apart = inputs.days_to_completion.zip(inputs.days_to_deadline).map_or(0, |(done, due)| (done - due).abs());
    let mut score = 100;
    score -= if inputs.velocity_trend == "decreasing" { 15 } else { 0 };
    score -= match apart {
        31.. => 25,
        15.. => 12,
        _ => 0,
    };
    score += match inputs.trend {
        "declining" => -15,
        "improving" => 5,
        _ => 0,
    };
    score -= if inputs.confidence.is_some_and(|confidence| confidence < 40.0) { 10 } else { 0 };
    score.clamp(0, 100)
}

/// Label of a card's score: `Excellent` from 80, `Good` from 60, `Fair` from 40, else `Needs Attention`.
#[must_use]
pub fn card_label(score: i64) -> &'static str {
    match score {
        80.. => "Excellent",
        60.. => "Good",
        40.. => "Fair",
        _ => "Needs Attention",
    }
}

/// How a factor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// As it should be.
    Good,
    /// To be watched.
    Warning,
    /// Wrong.
    Bad,
}

/// Formula (c): the four factors for a coefficient of variation in percent, days behind schedule (negative:
/// ahead), recent change in percent, and the gap between capacity and need in percent.
#[must_use]
pub fn factors(variation: f64, days_behind: f64, recent_change: f64, capacity_gap: f64) -> [Factor; 4] {
    let grade = |good: bool, warning: bool| match (good, warning) {
        (true, _) => Factor::Good,
        (_, true) => Factor::Warning,
        _ => Factor::Bad,
    };
    [
        grade(variation < 25.0, variation < 40.0),
        grade(days_behind <= 0.0, days_behind <= 14.0),
        // The original knows no bad change, only a warning.
        grade(recent_change >= -5.0, true),
        grade(capacity_gap >= -10.0, capacity_gap >= -25.0),
    ]
}

/// Verdict of the factors: `healthy` from three good ones, `at_risk` from two bad ones, else `caution`.
///
/// ```
/// use landfast_analytics::delivery::health::cards::{factors, verdict};
///
/// assert_eq!(verdict(&factors(20.0, -3.0, 0.0, -40.0)), "healthy");
/// assert_eq!(verdict(&factors(60.0, 20.0, -9.0, 0.0)), "at_risk");
/// ```
#[must_use]
pub fn verdict(factors: &[Factor]) -> &'static str {
    let number = |wanted: Factor| factors.iter().filter(|factor| **factor == wanted).count();
    if number(Factor::Good) >= 3 {
        "healthy"
    } else if number(Factor::Bad) >= 2 {
        "at_risk"
    } else {
        "caution"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn early_costs_as_much_as_late() {
        let at = |done| {
            legacy_card_score(&CardInputs {
                velocity_trend: "stable",
                trend: "stable",
                days_to_completion: Some(done),
                days_to_deadline: Some(100),
                confidence: None,
            })
        };
        assert_eq!((at(69), at(131), at(85), at(86), at(100)), (75, 75, 88, 100, 100));
        assert_eq!((card_label(80), card_label(39)), ("Excellent", "Needs Attention"));
    }
}
