//! All quantities of runs as one document.

use super::{error_stages, outcomes, outcomes_by_source, trends};
use landfast_domain::runs::Run;
use serde_json::{Value, json};

/// All quantities that a list of runs tells, as a JSON object; unknown values are null.
///
/// Members: `outcomes`, `outcomes_by_source`, `error_stages`, `trends` (by key of the results),
/// `trends_without_time` (ids) and `trends_not_read` (messages). Comparisons need a choice of runs; see
/// [`compare`](super::compare).
#[must_use]
pub fn document(runs: &[Run]) -> Value {
    let found = trends(runs);
    json!({
        "outcomes": outcomes(runs),
        "outcomes_by_source": outcomes_by_source(runs),
        "error_stages": error_stages(runs),
        "trends": found.trends,
        "trends_without_time": found.without_time,
        "trends_not_read": found.not_read.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{complete, run};
    use super::*;

    #[test]
    fn the_document_holds_every_part() {
        let day = "2025-12-05T11:52:20.493Z";
        let document = document(&[complete("a", day, r#"{"x": 2.5}"#), run("b", day, r#""status": "error""#)]);
        assert_eq!(document["outcomes"]["success_share"], json!(0.5));
        assert_eq!(document["error_stages"][0]["stage"], json!("unknown"));
        let point = json!({"run": "a", "at": "2025-12-05T11:52:20.493000", "value": 2.5});
        assert_eq!(document["trends"][0]["points"], json!([point]));
        assert_eq!(document["trends"][0]["slope_per_day"], Value::Null);
    }
}
