//! How the headline numbers of recommendations come about.

use super::capacity::Effect;
use super::effectiveness::Effectiveness;
use super::frequency::FrequencyPattern;
use super::ranking::Recommendation;
use crate::explain::Explanation;
use crate::stats::share;

/// How the displayed score of a recommendation comes about.
#[must_use]
pub fn explain_recommendation(recommendation: &Recommendation) -> Explanation {
    let reasons = &recommendation.reasons;
    let mut explanation = Explanation::new(
        "recommendation_score",
        "clamp(100 * sum(points) / (100 * metrics), 0, 100); points = value, or max(0, 100 - value) where low is good",
        "points",
    );
    for reason in reasons {
        explanation = explanation.input(reason.metric.as_str(), reason.value);
    }
    for reason in reasons {
        explanation = explanation.step(format!("points of {}", reason.metric), reason.points);
    }
    explanation
        .step("score_total", recommendation.score_total)
        .step("metrics", reasons.len())
        .result(Some(recommendation.score))
        .note(format!("Completed instances of the task: {}.", recommendation.candidate.completed))
}

/// How the difference of the completion rates comes about.
#[must_use]
pub fn explain_lift(found: &Effectiveness) -> Explanation {
    let (with, without) = (&found.recommended, &found.not_recommended);
    let explanation = Explanation::new(
        "completion_rate_lift",
        "completed_1 / n_1 - completed_2 / n_2",
        "difference of shares, -1 to 1",
    )
    .input("completed_1", with.completed)
    .input("n_1", with.n)
    .input("completed_2", without.completed)
    .input("n_2", without.n)
    .step("rate_1", with.completion_rate)
    .step("rate_2", without.completion_rate);
    match found.lift {
        Some(lift) => explanation
            .step("interval_95_low", lift.completion_rate_interval.low)
            .step("interval_95_high", lift.completion_rate_interval.high)
            .result(Some(lift.completion_rate)),
        None => explanation.note("Each group needs at least five instances."),
    }
}

/// How one of the two effects of capacity comes about: [`building`](super::CapacityPatterns::building) or
/// [`draining`](super::CapacityPatterns::draining). `quantity` names which.
#[must_use]
pub fn explain_effect(quantity: &'static str, effect: &Effect) -> Explanation {
    let explanation =
        Explanation::new(quantity, "successes_1 / n_1 - successes_2 / n_2", "difference of shares, -1 to 1")
            .input("successes_1", effect.after.0)
            .input("n_1", effect.after.1)
            .input("successes_2", effect.otherwise.0)
            .input("n_2", effect.otherwise.1)
            .step("share_1", share(effect.after.0, effect.after.1))
            .step("share_2", share(effect.otherwise.0, effect.otherwise.1));
    let explanation = match effect.interval {
        Some(interval) => explanation.step("interval_95_low", interval.low).step("interval_95_high", interval.high),
        None => explanation.note("One of the two groups is too small."),
    };
    explanation.result(effect.difference)
}

/// How the overdue ratio of a task comes about.
#[must_use]
pub fn explain_overdue_ratio(pattern: &FrequencyPattern) -> Explanation {
    Explanation::new("overdue_ratio", "days_since_last / median_interval_days", "ratio, 0 or more")
        .input("days_since_last", pattern.days_since_last)
        .input("median_interval_days", pattern.median_interval_days)
        .step("completions", pattern.completions)
        .result(pattern.overdue_ratio)
        .note("Up to 1.25 on rhythm, up to 2 due, above that overdue.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::testing::Sample;
    use crate::recommend::{CapacityOptions, capacity_patterns, completion_frequency_patterns};
    use landfast_domain::time::Timestamp;

    #[test]
    fn explanations_end_in_the_plain_results() {
        let mut sample = Sample::default();
        for day in 1..=9 {
            let instance = sample.completed("t", 50.0, 30.0, if day % 2 == 0 { 90.0 } else { 0.0 });
            instance.mental_energy_needed.set_raw(if day % 2 == 0 { "90" } else { "0" });
            instance.task_difficulty.set_raw(if day % 2 == 0 { "90" } else { "0" });
            instance.completed_at.set_raw(format!("2025-12-0{day} 11:00"));
        }
        let (data, now) = (sample.data(), Timestamp::parse("2025-12-20 10:00").unwrap());
        let options = CapacityOptions { window_hours: 30.0, n_min: 1, ..CapacityOptions::default() };
        let patterns = capacity_patterns(&data, now, &options);
        let explained = explain_effect("capacity_draining_effect", &patterns.draining);
        assert_eq!(explained.result, patterns.draining.difference);
        assert_eq!((explained.inputs.len(), explained.result), (4, Some(0.0)));
        let pattern = &completion_frequency_patterns(&data, now)["t"];
        assert_eq!(explain_overdue_ratio(pattern).result, pattern.overdue_ratio);
        assert!(pattern.overdue_ratio.is_some_and(|ratio| ratio > 10.0));
    }
}
