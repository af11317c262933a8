//! What is consumed, and how long the rest lasts.

use super::settings::BudgetSettings;
use crate::delivery::input::{WeekRow, last};
use crate::delivery::numbers::mean_or_zero;
use landfast_domain::delivery::IsoWeek;

/// Weeks of the velocity that costs are made of.
pub const COST_WEEKS: usize = 4;

/// Weights of the last four weeks in the burn rate, the oldest first.
const WEIGHTS: [f64; 4] = [0.1, 0.2, 0.3, 0.4];

/// What is consumed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spending {
    /// Money.
    pub amount: f64,
    /// Share of the total in percent; `None` without a total.
    pub percent: Option<f64>,
}

/// How long the rest of a budget lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Runway {
    /// Weeks, not negative; infinite when nothing is burnt.
    pub weeks: f64,
    /// Money a week.
    pub burn_rate: f64,
}

/// Velocity at a week: mean finished items, or points, of the last so many rows up to and including it; 0
/// without rows.
#[must_use]
pub fn velocity(rows: &[WeekRow], week: IsoWeek, weeks: usize, of: impl Fn(&WeekRow) -> f64) -> f64 {
    mean_or_zero(&last(until(rows, week), weeks).iter().map(of).collect::<Vec<_>>())
}

/// What is consumed at a week: all finished items up to it, each at the weekly cost by the velocity of
/// [`COST_WEEKS`] weeks. `from` leaves earlier work out; the original charged the budget with what was done
/// before it began, which `None` does too. 0 without velocity.
#[must_use]
pub fn consumed(rows: &[WeekRow], budget: &BudgetSettings, week: IsoWeek, from: Option<IsoWeek>) -> Spending {
    let velocity = velocity(rows, week, COST_WEEKS, |row| row.completed_items);
    let charged = until(rows, week).iter().filter(|row| from.is_none() || row.week >= from);
    let finished: f64 = charged.map(|row| row.completed_items).sum();
    let amount = if velocity > 0.0 { finished * budget.weekly_cost / velocity } else { 0.0 };
    Spending { amount, percent: (budget.total > 0.0).then(|| amount / budget.total * 100.0) }
}

/// Burn rate and runway at a week: the last four calendar weeks weigh 0.1 to 0.4, each with its finished items
/// at the cost of its own week, `Σ wᵢ·completedᵢ·cost/velocityᵢ`; runway is what is left by the burn rate.
/// `None` when the four weeks are empty, for which the original returns `(0, 0)`.
#[must_use]
pub fn runway(rows: &[WeekRow], budget: &BudgetSettings, week: IsoWeek, spent: f64) -> Option<Runway> {
    let weeks = crate::delivery::weeks::last_weeks(week.monday(), WEIGHTS.len());
    let mut burn_rate = 0.0;
    let mut is_empty = true;
    for (week, weight) in weeks.into_iter().zip(WEIGHTS) {
        let own = until(rows, week).iter().rev().take_while(|row| row.week == Some(week));
        let finished: f64 = own.map(|row| row.completed_items).sum();
        let velocity = velocity(rows, week, COST_WEEKS, |row| row.completed_items);
        if finished > 0.0 && velocity > 0.0 {
            is_empty = false;
            burn_rate += weight * finished * (budget.weekly_cost / velocity);
        }
    }
    if is_empty {
        return None;
    }
    let left = (budget.total - spent).max(0.0);
    Some(Runway { weeks: if burn_rate > 0.0 { left / burn_rate } else { f64::INFINITY }, burn_rate })
}

/// Rows up to and including a week; rows are in order of their dates.
fn until(rows: &[WeekRow], week: IsoWeek) -> &[WeekRow] {
    let end = rows.partition_point(|row| row.date <= week.sunday());
    rows.get(..end).unwrap_or_default()
}
