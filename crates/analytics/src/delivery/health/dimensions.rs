//! The six dimensions of formula (e): their parts.

use super::six::{Bugs, Dashboard, Dora, Finance, Flow, SixInputs};

/// A dimension before weights are balanced.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sum {
    /// Points, 0 to 100.
    pub(super) score: f64,
    /// Sum of the weights of the parts that are known; 0 without any.
    pub(super) weight: f64,
}

impl Sum {
    fn add(&mut self, weight: f64, points: Option<f64>) {
        if let Some(points) = points {
            self.score += points;
            self.weight += weight;
        }
    }
}

/// The logistic function.
fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Completion, trend and pace.
pub(super) fn delivery(inputs: &SixInputs) -> Sum {
    let mut sum = Sum::default();
    let Some(board) = &inputs.dashboard else { return sum };
    sum.add(10.0, Some(board.completion_percentage * 0.30));
    let change = board.recent_velocity_change;
    let trend = if board.is_improving || change > 10.0 {
        35.0
    } else if board.is_stable || change.abs() <= 10.0 {
        25.0
    } else {
        10.0
    };
    sum.add(10.0, Some(trend));
    let pace = match inputs.flow {
        Some(Flow { velocity, .. }) => (velocity - 5.0) / 2.0,
        None => (board.current_velocity_items - 3.0) / 1.5,
    };
    sum.add(5.0, Some(35.0 * logistic(pace)));
    sum
}

/// Evenness, buffer and confidence.
pub(super) fn predictability(inputs: &SixInputs) -> Sum {
    let mut sum = Sum::default();
    let Some(Dashboard { velocity_cv, schedule_variance_days, completion_confidence, .. }) = inputs.dashboard else {
        return sum;
    };
    sum.add(12.0, Some(3.0 + 47.0 * logistic((70.0 - velocity_cv) / 20.0)));
    sum.add(5.0, Some(30.0 * ((schedule_variance_days / 20.0).tanh() + 1.0) / 2.0));
    sum.add(3.0, Some(20.0 * completion_confidence / 100.0));
    sum
}

/// Bugs and failures.
pub(super) fn quality(inputs: &SixInputs) -> Sum {
    let mut sum = Sum::default();
    if let Some(Bugs { resolution_rate, .. }) = inputs.bugs {
        sum.add(8.0, Some(30.0 * resolution_rate / 100.0));
    }
    if let Some(Dora { change_failure_rate, mttr_hours }) = inputs.dora {
        sum.add(6.0, Some(25.0 * (1.0 - change_failure_rate / 30.0).max(0.0)));
        let restore = match mttr_hours {
            hours if hours < 1.0 => 20.0,
            hours if hours < 168.0 => 20.0 * (1.0 - hours.log10() / 168.0_f64.log10()),
            _ => 0.0,
        };
        sum.add(3.0, (mttr_hours > 0.0).then_some(restore));
    }
    if let Some(Bugs { capacity, age_days, .. }) = inputs.bugs {
        let age = match age_days {
            days if days < 3.0 => 10.0,
            days if days < 30.0 => 10.0 * (1.0 - (days / 3.0).log10()),
            _ => 0.0,
        };
        sum.add(3.0, Some(15.0 * (1.0 - capacity / 0.4).max(0.0) + age));
    }
    sum
}

/// Flow efficiency and flow time.
pub(super) fn efficiency(inputs: &SixInputs) -> Sum {
    let mut sum = Sum::default();
    if let Some(Flow { efficiency, flow_time, .. }) = inputs.flow {
        sum.add(7.0, Some((efficiency * 0.8).min(40.0)));
        sum.add(5.0, (flow_time > 0.0).then(|| 35.0 * logistic((7.0 - flow_time) / 5.0)));
    }
    sum
}

/// Scope, work in progress and mix of work.
pub(super) fn sustainability(inputs: &SixInputs, completion: f64) -> Sum {
    let mut sum = Sum::default();
    if let Some(change) = inputs.scope_change_rate {
        let stage = match completion {
            done if done < 25.0 => 0.2,
            done if done < 50.0 => 0.3,
            done if done < 75.0 => 0.6,
            _ => 1.0,
        };
        let penalty = if change <= 100.0 { 12.0 * change / 100.0 } else { 12.0 + 28.0 * (change / 100.0).log10() };
        sum.add(6.0, Some((40.0 - stage * penalty).max(0.0)));
    }
    if let Some(Flow { velocity, wip, mix, .. }) = inputs.flow {
        let ratio = (velocity > 0.0).then(|| wip / (1.5 * velocity));
        sum.add(
            3.0,
            ratio.map(|ratio| match ratio {
                low if low < 0.8 => 35.0 * low / 0.8,
                fit if fit <= 1.2 => 35.0,
                high => (35.0 * (1.0 - (high - 1.2) / 1.3)).max(0.0),
            }),
        );
        sum.add(
            1.0,
            mix.map(|[feature, defect, debt]| {
                let near =
                    |points: f64, share: f64, ideal: f64, span: f64| points * (1.0 - (share - ideal).abs() / span);
                (near(10.0, feature, 60.0, 60.0) + near(8.0, defect, 20.0, 50.0) + near(7.0, debt, 15.0, 50.0)).max(0.0)
            }),
        );
    }
    sum
}

/// Burn, runway and use of the budget.
pub(super) fn financial(inputs: &SixInputs) -> Sum {
    let mut sum = Sum::default();
    let Some(Finance { burn_variance, runway_gap, utilisation_gap }) = inputs.finance else { return sum };
    let near = |gap: f64, full: f64, slope: f64, rest: f64| match gap.abs() {
        small if small < 10.0 => full - slope * small,
        large if large < 50.0 => rest * (1.0 - (large - 10.0) / 40.0),
        _ => 0.0,
    };
    sum.add(5.0, Some(near(burn_variance, 40.0, 0.8, 32.0)));
    let runway =
        if runway_gap > 0.0 { (20.0 + 1.5 * runway_gap).min(35.0) } else { (20.0 + 0.8 * runway_gap).max(0.0) };
    sum.add(3.0, Some(runway));
    sum.add(2.0, Some(near(utilisation_gap, 25.0, 0.5, 20.0)));
    sum
}
