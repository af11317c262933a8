//! How the headline numbers of runs come about.

use super::{Trend, outcomes};
use crate::explain::{Explanation, Term};
use landfast_domain::runs::Run;
use serde_json::json;

/// How [`Outcomes::success_share`](super::Outcomes::success_share) comes about.
#[must_use]
pub fn explain_success_share(runs: &[Run]) -> Explanation {
    let found = outcomes(runs);
    Explanation {
        quantity: "success_share",
        formula: "complete / (complete + error)",
        unit: "share, 0 to 1",
        inputs: vec![
            Term::new("complete", json!(found.complete)),
            Term::new("error", json!(found.error)),
            Term::new("open", json!(found.open)),
        ],
        steps: vec![Term::new("interval_95", json!(found.success_share_interval))],
        result: found.success_share,
        note: Some("Runs that have not ended do not count.".to_owned()),
    }
}

/// How [`Trend::slope_per_day`] comes about.
#[must_use]
pub fn explain_trend(trend: &Trend) -> Explanation {
    Explanation {
        quantity: "slope_per_day",
        formula: "sum((t - mean t) * (x - mean x)) / sum((t - mean t)^2), t in days",
        unit: "units of the value per day",
        inputs: trend.points.iter().map(|point| Term::new(point.at.to_iso_text(), json!(point.value))).collect(),
        steps: vec![
            Term::new("key", json!(trend.key)),
            Term::new("n", json!(trend.spread.n)),
            Term::new("mean", json!(trend.spread.mean)),
            Term::new("change", json!(trend.change)),
        ],
        result: trend.slope_per_day,
        note: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{complete, run};
    use super::super::trends;
    use super::*;

    #[test]
    fn explanations_end_in_the_plain_results() {
        let runs = [
            complete("a", "2025-12-01T00:00:00Z", r#"{"x": 1}"#),
            complete("b", "2025-12-03T00:00:00Z", r#"{"x": 2}"#),
            run("c", "2025-12-03T00:00:00Z", r#""status": "error""#),
        ];
        let explained = explain_success_share(&runs);
        assert_eq!((explained.result, explained.inputs.len()), (outcomes(&runs).success_share, 3));
        let trend = &trends(&runs).trends[0];
        assert_eq!(explain_trend(trend).result, Some(0.5));
        assert_eq!(explain_trend(trend).inputs[1].value, json!(2.0));
    }
}
