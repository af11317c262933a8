//! Whether recommendations help.

use crate::stats::{Interval, mean, median, newcombe_interval, share};
use crate::tasks::rows::{PreparedRow, TaskData};
use landfast_domain::instant::earlier;
use landfast_domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Fewest instances of either group of a comparison.
const LEAST_GROUP: usize = 5;

/// What to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectivenessOptions {
    /// Instances made within the last so many days count. 90 by default.
    pub days: u32,
    /// An instance open for at least so many days counts as abandoned; a younger open one does not count. 7 by
    /// default.
    pub grace_days: u32,
}

impl Default for EffectivenessOptions {
    fn default() -> Self {
        Self { days: 90, grace_days: 7 }
    }
}

/// Outcomes of a group of instances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OutcomeGroup {
    /// Instances with an outcome: `completed + cancelled + abandoned`.
    pub n: usize,
    /// Completed ones.
    pub completed: usize,
    /// Cancelled ones.
    pub cancelled: usize,
    /// Open ones older than the grace period.
    pub abandoned: usize,
    /// `completed / n`, 0 to 1; `None` for an empty group.
    pub completion_rate: Option<f64>,
    /// Mean relief of the completed ones, 0 to 100.
    pub mean_relief: Option<f64>,
    /// Mean net relief of the completed ones that have one, -100 to 100.
    pub mean_net_relief: Option<f64>,
    /// Mean stress level of the completed ones, 0 to 100.
    pub mean_stress: Option<f64>,
    /// Mean change of capacity of the completed ones where it was measured, -100 to 100.
    pub mean_capacity_change: Option<f64>,
    /// Median stored delay of the completed ones in minutes.
    pub median_delay_minutes: Option<f64>,
}

/// The group with recommendations against the one without.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lift {
    /// Difference of the completion rates, -1 to 1.
    pub completion_rate: f64,
    /// Newcombe's 95 % interval of that difference.
    pub completion_rate_interval: Interval,
    /// Difference of the mean reliefs in points; `None` when one group has none.
    pub relief: Option<f64>,
    /// Difference of the mean changes of capacity in points; `None` when one group has none.
    pub capacity_change: Option<f64>,
}

/// Outcomes with and without recommendation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effectiveness {
    /// As asked for.
    pub days: u32,
    /// As asked for.
    pub grace_days: u32,
    /// Instances begun from a recommendation.
    pub recommended: OutcomeGroup,
    /// Instances begun otherwise.
    pub not_recommended: OutcomeGroup,
    /// Instances begun from a recommendation by its source, `rule` or `ml`; those of unknown source are left
    /// out.
    pub by_source: BTreeMap<String, OutcomeGroup>,
    /// `None` unless both groups have at least five instances. An observation, not an experiment: users
    /// follow recommendations when they feel like it.
    pub lift: Option<Lift>,
    /// Instances of the window whose recommendation was viewed.
    pub viewed: usize,
    /// Those of them begun from it.
    pub used_when_viewed: usize,
    /// `used_when_viewed / viewed`, 0 to 1.
    pub use_rate: Option<f64>,
}

/// What became of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Completed,
    Cancelled,
    Abandoned,
}

/// Compares instances begun from a recommendation with others, over the instances made in the last days of
/// which it is known whether they were. Task analytics 18.4.
#[must_use]
pub fn recommendation_effectiveness(data: &TaskData, now: Timestamp, options: &EffectivenessOptions) -> Effectiveness {
    let day = |days: u32| earlier(now, Duration::from_secs(u64::from(days) * 86_400));
    let (from, grace) = (day(options.days), day(options.grace_days));
    let window: Vec<&PreparedRow> =
        data.rows().iter().filter(|row| row.created_at.is_some_and(|created| created >= from)).collect();
    let (mut used, mut not_used) = (Vec::new(), Vec::new());
    let mut sources: BTreeMap<String, Vec<(&PreparedRow, Outcome)>> = BTreeMap::new();
    for row in &window {
        let (Some(is_used), Some(outcome)) = (row.tracking.recommendation_used, outcome(row, grace)) else { continue };
        if is_used {
            used.push((*row, outcome));
            if let Some(source) = &row.tracking.recommendation_source {
                sources.entry(source.clone()).or_default().push((*row, outcome));
            }
        } else {
            not_used.push((*row, outcome));
        }
    }
    let viewed: Vec<&&PreparedRow> =
        window.iter().filter(|row| row.tracking.recommendation_viewed == Some(true)).collect();
    let used_when_viewed = viewed.iter().filter(|row| row.tracking.recommendation_used == Some(true)).count();
    let (recommended, not_recommended) = (group(&used), group(&not_used));
    Effectiveness {
        days: options.days,
        grace_days: options.grace_days,
        lift: lift(&recommended, &not_recommended),
        recommended,
        not_recommended,
        by_source: sources.into_iter().map(|(source, rows)| (source, group(&rows))).collect(),
        viewed: viewed.len(),
        used_when_viewed,
        use_rate: share(used_when_viewed, viewed.len()),
    }
}

fn outcome(row: &PreparedRow, grace: Timestamp) -> Option<Outcome> {
    if row.is_completed() {
        Some(Outcome::Completed)
    } else if row.is_cancelled() {
        Some(Outcome::Cancelled)
    } else {
        row.created_at.filter(|created| *created <= grace).map(|_| Outcome::Abandoned)
    }
}

fn group(rows: &[(&PreparedRow, Outcome)]) -> OutcomeGroup {
    let count = |wanted: Outcome| rows.iter().filter(|(_, outcome)| *outcome == wanted).count();
    let completed = count(Outcome::Completed);
    let over = |number: fn(&PreparedRow) -> Option<f64>| -> Vec<f64> {
        rows.iter().filter(|(_, outcome)| *outcome == Outcome::Completed).filter_map(|(row, _)| number(row)).collect()
    };
    OutcomeGroup {
        n: rows.len(),
        completed,
        cancelled: count(Outcome::Cancelled),
        abandoned: count(Outcome::Abandoned),
        completion_rate: share(completed, rows.len()),
        mean_relief: mean(&over(|row| Some(row.relief_score))),
        mean_net_relief: mean(&over(|row| row.net_relief)),
        mean_stress: mean(&over(|row| Some(row.stress_level))),
        mean_capacity_change: mean(&over(|row| row.tracking.capacity_change())),
        median_delay_minutes: median(&over(|row| row.delay_minutes)),
    }
}

fn lift(with: &OutcomeGroup, without: &OutcomeGroup) -> Option<Lift> {
    if with.n.min(without.n) < LEAST_GROUP {
        return None;
    }
    let difference = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
    Some(Lift {
        completion_rate: difference(with.completion_rate, without.completion_rate)?,
        completion_rate_interval: newcombe_interval((with.completed, with.n), (without.completed, without.n))?,
        relief: difference(with.mean_relief, without.mean_relief),
        capacity_change: difference(with.mean_capacity_change, without.mean_capacity_change),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sample;
    use super::*;
    use landfast_domain::record::Record as _;
    use landfast_domain::tasks::TaskInstance;

    fn now() -> Timestamp {
        Timestamp::parse("2025-12-10 10:00").unwrap()
    }

    fn track(instance: &mut TaskInstance, used: &str, source: &str) {
        instance.set_cell_named("recommendation_used", used.to_owned());
        instance.set_cell_named("recommendation_source", source.to_owned());
        instance.set_cell_named("recommendation_viewed", "True".to_owned());
    }

    #[test]
    fn only_instances_with_an_outcome_and_a_known_use_count() {
        let mut sample = Sample::default();
        track(sample.completed("t", 80.0, 30.0, 10.0), "True", "rule");
        track(sample.instance("t", "cancelled"), "True", "ml");
        track(sample.instance("t", "active"), "True", "");
        let young = sample.instance("t", "active");
        young.created_at.set_raw("2025-12-03 10:01");
        track(young, "True", "rule");
        let old = sample.instance("t", "active");
        old.created_at.set_raw("2025-09-01 10:00");
        track(old, "True", "rule");
        track(sample.completed("t", 40.0, 30.0, 10.0), "False", "");
        track(sample.completed("t", 40.0, 30.0, 10.0), "", "");
        let found = recommendation_effectiveness(&sample.data(), now(), &EffectivenessOptions::default());
        let used = found.recommended;
        assert_eq!((used.n, used.completed, used.cancelled, used.abandoned), (3, 1, 1, 1));
        assert_eq!((used.mean_relief, used.completion_rate), (Some(80.0), Some(1.0 / 3.0)));
        assert_eq!(found.not_recommended.n, 1);
        assert_eq!(found.by_source.keys().collect::<Vec<_>>(), ["ml", "rule"]);
        assert_eq!((found.viewed, found.used_when_viewed), (6, 4));
        assert_eq!(found.lift, None);
        assert_eq!(super::super::explain_lift(&found).result, None);
    }

    #[test]
    fn the_lift_compares_groups_of_five_and_more() {
        let mut sample = Sample::default();
        for number in 0..10 {
            track(sample.completed("t", f64::from(number) * 10.0, 30.0, 10.0), if number < 5 { "0" } else { "1" }, "");
        }
        for used in ["False", "False", "False"] {
            track(sample.instance("t", "cancelled"), used, "");
        }
        let found = recommendation_effectiveness(&sample.data(), now(), &EffectivenessOptions::default());
        let lift = found.lift.unwrap();
        assert_eq!((lift.completion_rate, lift.relief, lift.capacity_change), (0.375, Some(50.0), None));
        assert!(lift.completion_rate_interval.low < 0.375 && lift.completion_rate_interval.high > 0.375);
        assert_eq!(super::super::explain_lift(&found).result, Some(0.375));
    }
}
