//! The simulation.

use crate::stats::{Random, quantile};

/// Trials of a forecast that people see.
pub const DEFAULT_TRIALS: usize = 10_000;

/// Seed of a forecast that people see: the same data give the same dates.
pub const DEFAULT_SEED: u64 = 20_251_217;

/// Weeks after which a trial gives up: ten years, the limit of the original's forecasts (3,653 days).
pub const MAX_WEEKS: u32 = 522;

/// How a simulation is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// Number of trials.
    pub trials: usize,
    /// Seed of the random numbers.
    pub seed: u64,
}

impl Default for Simulation {
    fn default() -> Self {
        Self { trials: DEFAULT_TRIALS, seed: DEFAULT_SEED }
    }
}

/// Throughput of past weeks, oldest first: what was finished in each, in items or points. Weeks in which
/// nothing was finished belong to it.
///
/// Net numbers, finished minus created, answer when the backlog is empty although it grows; they may be
/// negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Throughput {
    weeks: Vec<f64>,
}

/// When a backlog is empty: the outcome of every trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// Weeks until the backlog was empty, ascending; infinite where it was not within [`MAX_WEEKS`].
    weeks: Vec<f64>,
}

impl Throughput {
    /// Throughput of these weeks; numbers that are not finite are left out. `None` when nothing is left.
    #[must_use]
    pub fn new(weeks: impl IntoIterator<Item = f64>) -> Option<Self> {
        let weeks: Vec<f64> = weeks.into_iter().filter(|week| week.is_finite()).collect();
        (!weeks.is_empty()).then_some(Self { weeks })
    }

    /// The weeks, oldest first.
    #[must_use]
    pub fn weeks(&self) -> &[f64] {
        &self.weeks
    }

    /// The newest so many weeks, at least one.
    #[must_use]
    pub fn window(&self, weeks: usize) -> Self {
        let from = self.weeks.len().saturating_sub(weeks.max(1));
        Self { weeks: self.weeks.get(from..).unwrap_or_default().to_vec() }
    }

    /// When a backlog of this size is empty.
    ///
    /// Each trial first draws `m = ⌈0.7·n⌉` of the window's `n` weeks, with repetition, and then weeks from
    /// those until their sum reaches the backlog. The first draw stands for what the window does not tell: a
    /// few weeks show the team's rate only roughly, and the rate drifts. Without it late dates would come
    /// true less often than they promise. The variance of a sum of `h` weeks is `σ²·(h·(1 − 1/m) + h²/m)`,
    /// where drawing once gives `σ²·h`; 0.7 made the promises come true on simulated projects.
    ///
    /// In the last week work is taken as even: of a week that would finish 8, the last 2 need a quarter.
    /// An empty backlog takes 0 weeks.
    ///
    /// ```
    /// use landfast_analytics::delivery::forecast::{Simulation, Throughput};
    ///
    /// let steady = Throughput::new([4.0, 4.0, 4.0, 4.0]).unwrap();
    /// let done = steady.completion(10.0, Simulation::default());
    /// assert_eq!(done.weeks_at(0.85), Some(2.5));
    /// assert_eq!(done.probability_within(2.0), 0.0);
    /// ```
    #[must_use]
    pub fn completion(&self, backlog: f64, simulation: Simulation) -> Completion {
        let mut random = Random::seeded(simulation.seed);
        let mut drawn = self.scratch();
        let mut weeks: Vec<f64> = (0..simulation.trials)
            .map(|_| {
                self.redraw(&mut drawn, &mut random);
                weeks_until_empty(&drawn, backlog, &mut random)
            })
            .collect();
        weeks.sort_unstable_by(f64::total_cmp);
        Completion { weeks }
    }

    /// How much is finished within so many weeks: one number for each trial, ascending. Drawn as in
    /// [`Throughput::completion`]; of a part of a week, that part of its work. Never negative for a
    /// throughput that is not.
    #[must_use]
    pub fn finished_within(&self, weeks: f64, simulation: Simulation) -> Vec<f64> {
        let mut random = Random::seeded(simulation.seed);
        let mut drawn = self.scratch();
        let weeks = weeks.clamp(0.0, f64::from(MAX_WEEKS));
        let mut sums: Vec<f64> = (0..simulation.trials)
            .map(|_| {
                self.redraw(&mut drawn, &mut random);
                let (mut sum, mut left) = (0.0, weeks);
                while left > 0.0 {
                    sum += pick(&drawn, &mut random) * left.min(1.0);
                    left -= 1.0;
                }
                sum
            })
            .collect();
        sums.sort_unstable_by(f64::total_cmp);
        sums
    }

    /// How much is finished within so many weeks at least, with this probability: the quantile at
    /// `1 − probability`. `None` without trials.
    ///
    /// ```
    /// use landfast_analytics::delivery::forecast::{Simulation, Throughput};
    ///
    /// let throughput = Throughput::new([0.0, 3.0, 5.0, 4.0, 6.0]).unwrap();
    /// let at_least = |share| throughput.at_least(4.0, share, Simulation::default()).unwrap();
    /// assert!(at_least(0.95) < at_least(0.5));
    /// ```
    #[must_use]
    pub fn at_least(&self, weeks: f64, probability: f64, simulation: Simulation) -> Option<f64> {
        quantile(&self.finished_within(weeks, simulation), 1.0 - probability)
    }

    fn scratch(&self) -> Vec<f64> {
        vec![0.0; (self.weeks.len() * 7).div_ceil(10)]
    }

    fn redraw(&self, drawn: &mut [f64], random: &mut Random) {
        for week in drawn {
            *week = pick(&self.weeks, random);
        }
    }
}

impl Completion {
    /// Weeks within which the backlog is empty with this probability: the smallest number of weeks that so
    /// many trials did not exceed. `None` when too many trials gave up after [`MAX_WEEKS`], which is to be
    /// shown as "beyond ten years", and without trials.
    #[must_use]
    #[expect(clippy::as_conversions, reason = "a place within the list, not negative")]
    pub fn weeks_at(&self, probability: f64) -> Option<f64> {
        let last = self.weeks.len().checked_sub(1)?;
        let place = (crate::stats::real(self.weeks.len()) * probability.clamp(0.0, 1.0)).ceil() as usize;
        self.weeks.get(place.saturating_sub(1).min(last)).copied().filter(|weeks| weeks.is_finite())
    }

    /// Share of the trials in which the backlog was empty within so many weeks, 0 to 1.
    #[must_use]
    pub fn probability_within(&self, weeks: f64) -> f64 {
        if self.weeks.is_empty() {
            return 0.0;
        }
        let held = self.weeks.partition_point(|outcome| *outcome <= weeks);
        crate::stats::real(held) / crate::stats::real(self.weeks.len())
    }

    /// Share of the trials that gave up after [`MAX_WEEKS`], 0 to 1.
    #[must_use]
    pub fn beyond_limit(&self) -> f64 {
        1.0 - self.probability_within(f64::from(MAX_WEEKS))
    }

    /// The outcomes in weeks, ascending.
    #[must_use]
    pub fn outcomes(&self) -> &[f64] {
        &self.weeks
    }
}

#[inline]
fn pick(weeks: &[f64], random: &mut Random) -> f64 {
    weeks.get(random.below(weeks.len())).copied().unwrap_or_default()
}

fn weeks_until_empty(weeks: &[f64], backlog: f64, random: &mut Random) -> f64 {
    if backlog <= 0.0 {
        return 0.0;
    }
    // Weeks that finish nothing never will; there is no need to walk through ten years of them.
    if weeks.iter().all(|week| *week <= 0.0) {
        return f64::INFINITY;
    }
    let mut left = backlog;
    for week in 0..MAX_WEEKS {
        let finished = pick(weeks, random);
        if finished >= left {
            return f64::from(week) + left / finished;
        }
        left -= finished;
    }
    f64::INFINITY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::mean;
    use proptest::prelude::*;

    const FEW: Simulation = Simulation { trials: 2_000, seed: 5 };

    fn throughput(weeks: &[f64]) -> Throughput {
        Throughput::new(weeks.iter().copied()).unwrap()
    }

    #[test]
    fn a_team_that_finishes_nothing_never_gets_there() {
        let idle = throughput(&[0.0, 0.0, -1.0]).completion(1.0, FEW);
        assert_eq!((idle.weeks_at(0.5), idle.beyond_limit()), (None, 1.0));
        assert_eq!(throughput(&[0.0]).completion(0.0, FEW).weeks_at(0.95), Some(0.0));
        assert_eq!(Throughput::new([f64::NAN, f64::INFINITY]), None);
    }

    #[test]
    fn the_mean_and_the_spread_are_those_of_the_sum() {
        let weeks = throughput(&[2.0, 4.0, 6.0, 8.0]);
        let sums = weeks.finished_within(9.0, Simulation { trials: 40_000, seed: 2 });
        let mean = mean(&sums).unwrap();
        let variance = sums.iter().map(|sum| (sum - mean) * (sum - mean)).sum::<f64>() / 40_000.0;
        // Nine weeks of mean 5 and variance 5, three of four weeks drawn: 9·5·(1 − 1/3) + 81·5/3.
        assert!((mean - 45.0).abs() < 0.3, "{mean}");
        assert!((variance - 165.0).abs() < 6.0, "{variance}");
    }

    #[test]
    fn the_same_seed_gives_the_same_answer_and_another_one_a_close_one() {
        let weeks = throughput(&[3.0, 0.0, 5.0, 2.0, 7.0, 4.0]);
        let at = |seed| weeks.completion(60.0, Simulation { trials: 10_000, seed }).weeks_at(0.85).unwrap();
        assert_eq!(at(1).to_bits(), at(1).to_bits());
        assert!((at(1) - at(2)).abs() < 0.5, "{} {}", at(1), at(2));
    }

    proptest! {
        #[test]
        fn later_dates_are_safer_and_larger_backlogs_later(
            weeks in prop::collection::vec(0.0..9.0_f64, 1..12), backlog in 1.0..50.0_f64, more in 0.0..20.0_f64,
        ) {
            let weeks = throughput(&weeks);
            let simulation = Simulation { trials: 200, seed: 11 };
            let (small, large) = (weeks.completion(backlog, simulation), weeks.completion(backlog + more, simulation));
            for (probability, safer) in [(0.5, 0.7), (0.7, 0.85), (0.85, 0.95)] {
                let infinite = |weeks: Option<f64>| weeks.unwrap_or(f64::INFINITY);
                prop_assert!(infinite(small.weeks_at(probability)) <= infinite(small.weeks_at(safer)));
                if let Some(at) = small.weeks_at(probability) {
                    prop_assert!(small.probability_within(at) >= probability);
                }
            }
            prop_assert!(small.beyond_limit() <= large.beyond_limit() + 0.2);
        }

        #[test]
        fn promises_about_numbers_fall_with_their_safety(weeks in prop::collection::vec(0.0..9.0_f64, 1..12), ahead in 0.0..9.0_f64) {
            let weeks = throughput(&weeks);
            let simulation = Simulation { trials: 200, seed: 11 };
            let promised: Vec<f64> = [0.5, 0.7, 0.85, 0.95].iter().map(|share| weeks.at_least(ahead, *share, simulation).unwrap()).collect();
            prop_assert!(promised.iter().rev().is_sorted() && promised.iter().all(|number| *number >= 0.0));
        }
    }
}
