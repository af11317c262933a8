//! Forecasts from past weeks, judged by the weeks after them.

use super::baselines::{Method, pert_quantile, velocity_quantile};
use super::calibration::{Calibration, LEVELS, Observation, calibrate, pinball_loss};
use super::monte_carlo::{MAX_WEEKS, Simulation, Throughput};
use crate::stats::{mean, real, sample_deviation};
use serde::Serialize;

/// Lengths of window that are tried, in weeks; the whole past is tried too.
pub const WINDOWS: [usize; 6] = [6, 8, 12, 16, 26, 52];

/// How a past is tested.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BacktestOptions {
    /// Weeks a forecast looks ahead: the backlog is what the past weeks' mean finishes in them.
    pub horizon: usize,
    /// Weeks of past the first forecast needs.
    pub min_past: usize,
    /// At most so many forecasts, the newest ones.
    pub max_cases: usize,
    /// Trials of each.
    pub simulation: Simulation,
    /// The factor of PERT.
    pub pert_factor: f64,
}

impl Default for BacktestOptions {
    fn default() -> Self {
        Self {
            horizon: 4,
            min_past: 6,
            max_cases: 26,
            simulation: Simulation { trials: 400, seed: super::monte_carlo::DEFAULT_SEED },
            pert_factor: 6.0,
        }
    }
}

/// How the methods did on a project's own past.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backtest {
    /// Window of the simulation, in weeks.
    pub window: usize,
    /// The simulation from that window.
    pub monte_carlo: Calibration,
    /// PERT from the same window.
    pub pert: Calibration,
    /// Velocity ± 10 % from the same window.
    pub velocity: Calibration,
}

/// The window for forecasts: the whole past, unless a shorter one did better.
///
/// From each past week a backlog of [`BacktestOptions::horizon`] weeks is forecast with each window, and the
/// pinball loss over [`LEVELS`] compared with that of the whole past. A shorter window is taken when the mean
/// difference `d̄` is beyond chance, `d̄ > 1.5·s/√(n/h)`: `n` forecasts of `h` weeks overlap, so that only
/// about `n/h` of them are independent. Of several such windows the one with the smallest loss. A steady
/// team's forecasts so keep the most data, and a team that changed its pace forgets the time before.
///
/// The whole past too when it is too short to test any: forecasts need [`BacktestOptions::min_past`] weeks
/// before and three horizons after them.
#[must_use]
pub fn choose_window(past: &Throughput, options: BacktestOptions) -> usize {
    let all = past.weeks().len();
    let known = losses(past, all, options);
    let mut best = (all, mean(&known).unwrap_or(0.0));
    for window in WINDOWS.into_iter().filter(|window| *window < all) {
        let found = losses(past, window, options);
        let gains: Vec<f64> = known.iter().zip(&found).map(|(whole, short)| whole - short).collect();
        let (Some(gain), Some(deviation), Some(loss)) = (mean(&gains), sample_deviation(&gains), mean(&found)) else {
            continue;
        };
        let independent = (real(gains.len()) / real(options.horizon.max(1))).max(1.0);
        if gain > 1.5 * deviation / independent.sqrt() && loss < best.1 {
            best = (window, loss);
        }
    }
    best.0
}

/// Tests the three methods on the past. `None` when it is too short; see [`choose_window`].
#[must_use]
pub fn backtest(past: &Throughput, window: usize, options: BacktestOptions) -> Option<Backtest> {
    let of = |method| calibrate(&observations(past, window, method, options));
    Some(Backtest {
        window,
        monte_carlo: of(Method::MonteCarlo)?,
        pert: of(Method::Pert)?,
        velocity: of(Method::Velocity)?,
    })
}

/// Loss of each forecast, the mean over the levels.
fn losses(past: &Throughput, window: usize, options: BacktestOptions) -> Vec<f64> {
    let loss = |seen: &Observation| {
        let levels = LEVELS.iter().zip(seen.forecast);
        levels.map(|(level, forecast)| pinball_loss(*level, forecast, seen.actual)).sum::<f64>() / real(LEVELS.len())
    };
    observations(past, window, Method::MonteCarlo, options).iter().map(loss).collect()
}

/// One forecast from each past week that has enough weeks before and after it.
fn observations(past: &Throughput, window: usize, method: Method, options: BacktestOptions) -> Vec<Observation> {
    let weeks = past.weeks();
    let follow = options.horizon.max(1) * 3;
    let last = weeks.len().saturating_sub(follow);
    let first = options.min_past.max(1).max((last + 1).saturating_sub(options.max_cases));
    (first..=last)
        .filter_map(|now| observation(weeks.split_at_checked(now)?, window, follow, method, options))
        .collect()
}

fn observation(
    (before, after): (&[f64], &[f64]),
    window: usize,
    follow: usize,
    method: Method,
    options: BacktestOptions,
) -> Option<Observation> {
    let known = Throughput::new(before.iter().copied())?;
    // The same backlog for every window, so that their losses can be compared.
    let backlog = (mean(before)? * real(options.horizon)).round().max(1.0);
    let known = known.window(window);
    let limit = real(follow);
    let actual = weeks_to_finish(after, backlog).unwrap_or(limit).min(limit);
    let forecast = match method {
        Method::MonteCarlo => {
            let completion = known.completion(backlog, options.simulation);
            LEVELS.map(|level| completion.weeks_at(level).unwrap_or(f64::from(MAX_WEEKS)))
        }
        Method::Pert => LEVELS.map(|level| pert_quantile(&known, options.pert_factor, backlog, level)),
        Method::Velocity => LEVELS.map(|level| velocity_quantile(&known, backlog, level)),
    };
    // What happened after so many weeks is not known, so neither forecast nor fact goes beyond.
    Some(Observation { forecast: forecast.map(|weeks| weeks.min(limit)), actual })
}

/// Weeks until the sum reaches the backlog, the last one in part; `None` when it does not.
#[must_use]
pub fn weeks_to_finish(weeks: &[f64], backlog: f64) -> Option<f64> {
    let mut left = backlog;
    for (place, finished) in weeks.iter().enumerate() {
        if *finished >= left {
            return Some(if left > 0.0 { real(place) + left / finished } else { 0.0 });
        }
        left -= finished;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(weeks: impl IntoIterator<Item = f64>) -> Throughput {
        Throughput::new(weeks).unwrap()
    }

    #[test]
    fn after_a_change_of_pace_a_short_window_does_better() {
        let slow = [2.0, 3.0, 1.0, 2.0].into_iter().cycle().take(24);
        let fast = [9.0, 11.0, 10.0, 8.0, 12.0].into_iter().cycle().take(26);
        let changed = past(slow.chain(fast));
        assert!(choose_window(&changed, BacktestOptions::default()) < 26);
    }

    #[test]
    fn a_steady_team_and_a_short_past_use_all_there_is() {
        let steady = past([4.0, 6.0, 5.0, 3.0, 7.0].into_iter().cycle().take(40));
        assert!(choose_window(&steady, BacktestOptions::default()) >= 26);
        let short = past([4.0, 6.0, 5.0, 3.0, 7.0]);
        assert_eq!(choose_window(&short, BacktestOptions::default()), 5);
        assert_eq!(backtest(&short, 5, BacktestOptions::default()), None);
    }

    #[test]
    fn a_team_without_surprises_is_forecast_exactly() {
        let same = backtest(&past([4.0; 30]), 8, BacktestOptions::default()).unwrap();
        assert_eq!((same.monte_carlo.pinball, same.pert.pinball), (0.0, 0.0));
        assert!(same.velocity.pinball > 0.0);
        assert_eq!(same.monte_carlo.cases, 13);
    }

    #[test]
    fn the_last_week_counts_in_part() {
        assert_eq!(weeks_to_finish(&[2.0, 0.0, 4.0], 3.0), Some(2.25));
        assert_eq!(weeks_to_finish(&[2.0], 3.0), None);
        assert_eq!(weeks_to_finish(&[2.0], 0.0), Some(0.0));
    }
}
