//! The relief summary: points for relief, productivity, grit and obstacles.

use crate::stats::mean;
use crate::tasks::aversion::{ObstacleScores, is_test_task, obstacle_scores, weekly_bonus_multiplier};
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use crate::tasks::scores::{RowScores, Scores};
use crate::tasks::window::since;
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;
use serde::ser::{Serialize, SerializeMap, Serializer};

const WEEK: u32 = 7;
/// An efficiency from here on is high; the efficiency summary draws the line at 80.
const HIGH_EFFICIENCY: f64 = 70.0;
const LOW_EFFICIENCY: f64 = 50.0;

/// Sums over all completed instances and over the last seven times 24 hours.
///
/// x is the expected relief, y the actual one (A.actual_relief, else the relief score), M the aversion multiplier of
/// initial and expected aversion, w the weight of the class (work 1, self care 3, play 0.5, others 1). "Both" are the
/// instances with x and y. Rounded to 2 decimals unless said otherwise.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReliefSummary {
    /// Number of completed instances; without any, the members below are 0 and some are not written.
    pub completed: usize,
    /// Σ A.time_actual_minutes of work and self care of the week, not rounded; written with 1 decimal.
    pub productivity_time_minutes: f64,
    /// Σ both (y - x) M w.
    pub default_relief_points: f64,
    /// Σ both max(0, (y - x) M), before w.
    pub net_relief_points: f64,
    /// Instances with (y - x) M w > 0.
    pub positive_relief: PointSum,
    /// Instances with (y - x) M w < 0, with magnitudes.
    pub negative_relief: PointSum,
    /// Mean efficiency score above 0, not rounded.
    pub avg_efficiency: f64,
    /// Efficiency scores of 70 or more.
    pub high_efficiency_count: usize,
    /// Efficiency scores above 0 and below 50.
    pub low_efficiency_count: usize,
    /// Σ relief duration score, the relief score × minutes × M w / 60.
    pub total_relief_duration_score: f64,
    /// Mean of the relief duration scores that are not 0.
    pub avg_relief_duration_score: f64,
    /// Σ relief score × minutes / 60.
    pub total_relief_score_no_mult: f64,
    /// Mean of those that are not 0.
    pub avg_relief_score_no_mult: f64,
    /// Σ week of relief score × minutes / 60.
    pub weekly_relief_score: WithBonus,
    /// Σ both of work and self care (y - x) M, for work twice.
    pub total_productivity_points: f64,
    /// Σ of those above 0.
    pub net_productivity_points: f64,
    /// Σ of those of the week.
    pub weekly_productivity_points: WithBonus,
    /// Σ productivity score.
    pub total_productivity_score: f64,
    /// Σ week of the productivity score.
    pub weekly_productivity_score: f64,
    /// Σ grit score.
    pub total_grit_score: f64,
    /// Σ week of the grit score.
    pub weekly_grit_score: f64,
    /// Obstacles against the robust baselines.
    pub obstacles_robust: Obstacles,
    /// Obstacles against the sensitive baselines.
    pub obstacles_sensitive: Obstacles,
}

/// Count, sum and mean of some points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PointSum {
    /// Number of instances.
    pub count: usize,
    /// Sum.
    pub total: f64,
    /// Mean; 0 for none.
    pub average: f64,
}

/// A weekly sum with the bonus of the largest spike of the week.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WithBonus {
    /// The sum.
    pub plain: f64,
    /// Times the bonus multiplier by the robust baselines.
    pub robust: f64,
    /// Times the bonus multiplier by the sensitive baselines.
    pub sensitive: f64,
}

/// Obstacles over "both" without test tasks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Obstacles {
    /// Sums of the seven variants.
    pub totals: ObstacleScores,
    /// Largest spike of a spontaneous instance of the week, 1 decimal; 0 without one.
    pub max_spike: f64,
    /// Bonus multiplier of that spike, 3 decimals.
    pub bonus_multiplier: f64,
}

impl Default for Obstacles {
    fn default() -> Self {
        Self { totals: ObstacleScores::default(), max_spike: 0.0, bonus_multiplier: 1.0 }
    }
}

/// Relief summary at a time.
#[must_use]
pub fn relief_summary(data: &TaskData, scores: &Scores, now: Timestamp) -> ReliefSummary {
    let mut sums = Sums::default();
    for (row, scores) in data.completed().filter_map(|row| scores.of(row).map(|scores| (row, scores))) {
        sums.add(row, scores, since(row, now, WEEK));
    }
    sums.finish()
}

/// Σ A.time_actual_minutes (missing 0) of work and self care completed in the last seven times 24 hours, not rounded.
#[must_use]
pub fn productivity_time_minutes(data: &TaskData, now: Timestamp) -> f64 {
    let recent = data.completed().filter(|row| since(row, now, WEEK) && row.class.is_productive());
    recent.map(|row| row.actual.minutes()).sum()
}

#[derive(Default)]
struct Sums {
    summary: ReliefSummary,
    efficiencies: Vec<f64>,
    with_multiplier: Vec<f64>,
    without_multiplier: Vec<f64>,
    weekly_relief: f64,
    weekly_points: f64,
    robust: [f64; 7],
    sensitive: [f64; 7],
    spike_robust: f64,
    spike_sensitive: f64,
}

impl Sums {
    fn add(&mut self, row: &PreparedRow, scores: &RowScores, this_week: bool) {
        let summary = &mut self.summary;
        summary.completed += 1;
        let plain = row.relief_score * row.duration_minutes / 60.0;
        self.with_multiplier.push(scores.relief_duration);
        self.without_multiplier.push(plain);
        if scores.efficiency > 0.0 {
            self.efficiencies.push(scores.efficiency);
        }
        summary.total_productivity_score += scores.productivity;
        summary.total_grit_score += scores.grit;
        if this_week {
            self.weekly_relief += plain;
            summary.weekly_productivity_score += scores.productivity;
            summary.weekly_grit_score += scores.grit;
            if row.class.is_productive() {
                summary.productivity_time_minutes += row.actual.minutes();
            }
        }
        if let Some(expected) = row.expected_relief {
            self.add_both(row, scores, expected, this_week);
        }
    }

    fn add_both(&mut self, row: &PreparedRow, scores: &RowScores, expected: f64, this_week: bool) {
        let summary = &mut self.summary;
        let actual = row.relief_or_derived();
        let net = (actual - expected) * scores.aversion_multiplier;
        let points = net * row.class.relief_weight();
        summary.default_relief_points += points;
        summary.net_relief_points += net.max(0.0);
        if points > 0.0 {
            summary.positive_relief.add(points);
        } else if points < 0.0 {
            summary.negative_relief.add(-points);
        }
        if row.class.is_productive() {
            let points = if row.class == TypeClass::Work { 2.0 * net } else { net };
            summary.total_productivity_points += points;
            summary.net_productivity_points += points.max(0.0);
            self.weekly_points += if this_week { points } else { 0.0 };
        }
        if !is_test_task(&row.task_name) {
            self.add_obstacles(row, expected, actual, this_week);
        }
    }

    fn add_obstacles(&mut self, row: &PreparedRow, expected: f64, actual: f64, this_week: bool) {
        let of = |baseline| obstacle_scores(baseline, row.stated_aversion(), Some(expected), Some(actual)).values();
        let sides = [
            (row.spontaneous_robust, row.baseline_robust, row.spike_robust, &mut self.robust, &mut self.spike_robust),
            (
                row.spontaneous_sensitive,
                row.baseline_sensitive,
                row.spike_sensitive,
                &mut self.sensitive,
                &mut self.spike_sensitive,
            ),
        ];
        for (spontaneous, baseline, spike, totals, largest) in sides {
            if spontaneous {
                totals.iter_mut().zip(of(baseline)).for_each(|(total, value)| *total += value);
                *largest = if this_week { largest.max(spike) } else { *largest };
            }
        }
    }

    fn finish(self) -> ReliefSummary {
        let mut summary = self.summary;
        let two = |value: f64| round_to(value, 2);
        let mean_of_others = |values: &[f64]| {
            let others: Vec<f64> = values.iter().copied().filter(|value| *value != 0.0).collect();
            two(mean(&others).unwrap_or(0.0))
        };
        summary.avg_efficiency = mean(&self.efficiencies).unwrap_or(0.0);
        summary.high_efficiency_count = self.efficiencies.iter().filter(|score| **score >= HIGH_EFFICIENCY).count();
        summary.low_efficiency_count = self.efficiencies.iter().filter(|score| **score < LOW_EFFICIENCY).count();
        summary.total_relief_duration_score = two(self.with_multiplier.iter().sum());
        summary.avg_relief_duration_score = mean_of_others(&self.with_multiplier);
        summary.total_relief_score_no_mult = two(self.without_multiplier.iter().sum());
        summary.avg_relief_score_no_mult = mean_of_others(&self.without_multiplier);
        let (robust, sensitive) =
            (weekly_bonus_multiplier(self.spike_robust), weekly_bonus_multiplier(self.spike_sensitive));
        let with_bonus =
            |sum: f64| WithBonus { plain: two(sum), robust: two(sum * robust), sensitive: two(sum * sensitive) };
        summary.weekly_relief_score = with_bonus(self.weekly_relief);
        summary.weekly_productivity_points = with_bonus(self.weekly_points);
        summary.positive_relief.finish();
        summary.negative_relief.finish();
        for sum in [
            &mut summary.default_relief_points,
            &mut summary.net_relief_points,
            &mut summary.total_productivity_points,
            &mut summary.net_productivity_points,
            &mut summary.total_productivity_score,
            &mut summary.weekly_productivity_score,
            &mut summary.total_grit_score,
            &mut summary.weekly_grit_score,
        ] {
            *sum = two(*sum);
        }
        summary.obstacles_robust = Obstacles::of(self.robust, self.spike_robust);
        summary.obstacles_sensitive = Obstacles::of(self.sensitive, self.spike_sensitive);
        summary
    }
}

impl PointSum {
    fn add(&mut self, points: f64) {
        self.count += 1;
        self.total += points;
    }

    fn finish(&mut self) {
        let count = crate::stats::real(self.count.max(1));
        *self = Self { average: round_to(self.total / count, 2), total: round_to(self.total, 2), ..*self };
    }
}

impl Obstacles {
    fn of(totals: [f64; 7], spike: f64) -> Self {
        let [expected_only, actual_only, minimum, average, net_penalty, net_bonus, net_weighted] =
            totals.map(|total| round_to(total, 2));
        Self {
            totals: ObstacleScores {
                expected_only,
                actual_only,
                minimum,
                average,
                net_penalty,
                net_bonus,
                net_weighted,
            },
            max_spike: round_to(spike, 1),
            bonus_multiplier: round_to(weekly_bonus_multiplier(spike), 3),
        }
    }
}

/// Members as the original names them; without completed instances those it leaves out are left out.
impl Serialize for ReliefSummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("productivity_time_minutes", &round_to(self.productivity_time_minutes, 1))?;
        for (name, value) in [
            ("default_relief_points", self.default_relief_points),
            ("net_relief_points", self.net_relief_points),
            ("positive_relief_total", self.positive_relief.total),
            ("positive_relief_avg", self.positive_relief.average),
            ("negative_relief_total", self.negative_relief.total),
            ("negative_relief_avg", self.negative_relief.average),
            ("total_relief_duration_score", self.total_relief_duration_score),
            ("total_relief_score", self.total_relief_duration_score),
            ("avg_relief_duration_score", self.avg_relief_duration_score),
            ("total_relief_score_no_mult", self.total_relief_score_no_mult),
            ("avg_relief_score_no_mult", self.avg_relief_score_no_mult),
            ("weekly_relief_score", self.weekly_relief_score.plain),
            ("weekly_relief_score_with_bonus_robust", self.weekly_relief_score.robust),
            ("weekly_relief_score_with_bonus_sensitive", self.weekly_relief_score.sensitive),
            ("total_productivity_points", self.total_productivity_points),
            ("net_productivity_points", self.net_productivity_points),
            ("weekly_productivity_points", self.weekly_productivity_points.plain),
            ("weekly_productivity_points_with_bonus_robust", self.weekly_productivity_points.robust),
            ("weekly_productivity_points_with_bonus_sensitive", self.weekly_productivity_points.sensitive),
            ("total_productivity_score", self.total_productivity_score),
            ("weekly_productivity_score", self.weekly_productivity_score),
            ("total_grit_score", self.total_grit_score),
            ("weekly_grit_score", self.weekly_grit_score),
        ] {
            map.serialize_entry(name, &value)?;
        }
        map.serialize_entry("positive_relief_count", &self.positive_relief.count)?;
        map.serialize_entry("negative_relief_count", &self.negative_relief.count)?;
        for (side, obstacles) in [("robust", &self.obstacles_robust), ("sensitive", &self.obstacles_sensitive)] {
            map.serialize_entry(&format!("total_obstacles_score_{side}"), &obstacles.totals.expected_only)?;
            map.serialize_entry(&format!("max_obstacle_spike_{side}"), &obstacles.max_spike)?;
            map.serialize_entry(&format!("weekly_obstacles_bonus_multiplier_{side}"), &obstacles.bonus_multiplier)?;
            if self.completed > 0 {
                for (variant, total) in ObstacleScores::VARIANTS.into_iter().zip(obstacles.totals.values()) {
                    map.serialize_entry(&format!("total_obstacles_{variant}_{side}"), &total)?;
                }
            }
        }
        if self.completed > 0 {
            map.serialize_entry("avg_efficiency", &self.avg_efficiency)?;
            map.serialize_entry("high_efficiency_count", &self.high_efficiency_count)?;
            map.serialize_entry("low_efficiency_count", &self.low_efficiency_count)?;
        }
        map.end()
    }
}
