//! How the results are put for people. Task analytics 18.5.

use super::capacity::Effect;
use super::frequency::FrequencyPattern;
use super::sessions::{Interspersing, Sessions};
use std::collections::BTreeMap;

/// Tasks by overdue ratio, the greatest first; those without a ratio last, equal ones by id.
#[must_use]
pub fn most_overdue(patterns: &BTreeMap<String, FrequencyPattern>) -> Vec<(&str, &FrequencyPattern)> {
    let mut found: Vec<(&str, &FrequencyPattern)> =
        patterns.iter().map(|(task_id, pattern)| (task_id.as_str(), pattern)).collect();
    let rank = |pattern: &FrequencyPattern| pattern.overdue_ratio.unwrap_or(f64::NEG_INFINITY);
    found.sort_by(|(_, a), (_, b)| rank(b).total_cmp(&rank(a)));
    found
}

/// An effect in percentage points with its sign, or `not enough data`.
///
/// ```
/// use landfast_analytics::recommend::{Effect, effect_text};
///
/// let effect = Effect { after: (9, 10), otherwise: (6, 10), difference: Some(0.3), interval: None };
/// assert_eq!(effect_text(&effect), "+30 percentage points");
/// assert_eq!(effect_text(&Effect { difference: None, ..effect }), "not enough data");
/// ```
#[must_use]
pub fn effect_text(effect: &Effect) -> String {
    effect.difference.map_or_else(
        || "not enough data".to_owned(),
        |difference| format!("{:+.0} percentage points", 100.0 * difference),
    )
}

/// The best interspersing as a sentence.
#[must_use]
pub fn interspersing_sentence(sessions: &Sessions) -> String {
    let best = sessions.best_interspersing.and_then(|best| Some((best, sessions.interspersing.get(best.as_str())?)));
    let Some((best, group)) = best else {
        return "There are not enough sessions of three and more instances to compare.".to_owned();
    };
    let habit = match best {
        Interspersing::Low => "the load rarely changes from one instance to the next",
        Interspersing::Medium => "the load changes now and then",
        Interspersing::High => "light and heavy instances alternate",
    };
    let share = 100.0 * group.mean_success.unwrap_or_default();
    format!("Sessions in which {habit} succeed best: {share:.0} % over {} sessions.", group.n_sessions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::SessionGroup;
    use crate::recommend::completion_frequency_patterns;
    use crate::recommend::testing::Sample;
    use landfast_domain::time::Timestamp;

    #[test]
    fn the_most_overdue_task_comes_first_and_one_without_ratio_last() {
        let mut sample = Sample::default();
        for (task, days) in [("a", [1, 2]), ("b", [1, 1]), ("c", [1, 9])] {
            for day in days {
                sample.completed(task, 50.0, 30.0, 10.0).completed_at.set_raw(format!("2025-12-{day:02} 11:00"));
            }
        }
        let now = Timestamp::parse("2025-12-10 11:00").unwrap();
        let patterns = completion_frequency_patterns(&sample.data(), now);
        let order: Vec<&str> = most_overdue(&patterns).into_iter().map(|(task, _)| task).collect();
        assert_eq!(order, ["a", "c", "b"]);
    }

    #[test]
    fn the_sentence_names_share_and_number() {
        let group = SessionGroup { n_sessions: 4, mean_success: Some(0.75), mean_efficiency: None };
        let mut sessions = Sessions {
            total: 9,
            interspersing: BTreeMap::from([("high", group)]),
            best_interspersing: Some(Interspersing::High),
        };
        let sentence = "Sessions in which light and heavy instances alternate succeed best: 75 % over 4 sessions.";
        assert_eq!(interspersing_sentence(&sessions), sentence);
        sessions.best_interspersing = None;
        assert!(interspersing_sentence(&sessions).starts_with("There are not enough"));
    }
}
