//! Plan against actual.

use super::settings::BudgetSettings;
use super::spending::{Runway, Spending};
use crate::delivery::numbers::{cut, number, optional};
use chrono::NaiveDate;
use landfast_domain::time::Timestamp;
use serde_json::{Value, json};

/// How a number of the budget stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Better than planned.
    Green,
    /// About as planned.
    Yellow,
    /// Worse.
    Orange,
    /// Far worse.
    Red,
}

impl Tier {
    /// Lower-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }
}

/// Tier of a deviation in percent: below −10 green, below 10 yellow, below 25 orange, else red; with
/// `more_is_better` the same of the negative deviation.
///
/// The original asks for it with the wrong sign: a runway 97 % too short is green. [`Comparison::tiers`]
/// asks rightly.
///
/// ```
/// use landfast_analytics::delivery::budget::{Tier, legacy_tier};
///
/// assert_eq!(legacy_tier(-97.0, false), Tier::Green);
/// assert_eq!(legacy_tier(-97.0, true), Tier::Red);
/// ```
#[must_use]
pub fn legacy_tier(percent: f64, more_is_better: bool) -> Tier {
    match if more_is_better { -percent } else { percent } {
        low if low < -10.0 => Tier::Green,
        middle if middle < 10.0 => Tier::Yellow,
        high if high < 25.0 => Tier::Orange,
        _ => Tier::Red,
    }
}

/// Tier of the consumed share in percent, as the documents' gauge shows it: below 70 green, up to 90 yellow,
/// above red.
#[must_use]
pub fn gauge(percent: f64) -> Tier {
    match percent {
        low if low < 70.0 => Tier::Green,
        middle if middle <= 90.0 => Tier::Yellow,
        _ => Tier::Red,
    }
}

/// Plan and actual of a budget. Percent and money may be negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The plan.
    pub plan: BudgetSettings,
    /// Weeks since the budget began.
    pub elapsed_weeks: f64,
    /// What is consumed.
    pub spent: Spending,
    /// How long the rest lasts.
    pub runway: Runway,
    /// Mean items a week of twelve weeks.
    pub velocity_items: f64,
    /// Mean points a week of twelve weeks.
    pub velocity_points: f64,
    /// Weeks the forecast says are left; `None` without a forecast.
    pub forecast_weeks: Option<f64>,
    /// When they are compared.
    pub now: Timestamp,
}

/// Puts plan and actual side by side.
#[must_use]
pub fn compare(
    plan: &BudgetSettings,
    (spent, runway): (Spending, Runway),
    (velocity_items, velocity_points): (f64, f64),
    forecast_weeks: Option<f64>,
    now: Timestamp,
) -> Comparison {
    let days = plan.start.map_or(0, |start| (now.naive().date() - start).num_days().max(0));
    let elapsed_weeks = f64::from(i32::try_from(days).unwrap_or(i32::MAX)) / 7.0;
    Comparison {
        plan: plan.clone(),
        elapsed_weeks,
        spent,
        runway,
        velocity_items,
        velocity_points,
        forecast_weeks,
        now,
    }
}

impl Comparison {
    /// Elapsed share of the allocated weeks in percent; `None` without any.
    #[must_use]
    pub fn elapsed_percent(&self) -> Option<f64> {
        percent(self.elapsed_weeks, self.plan.weeks)
    }

    /// Consumed share less elapsed share, in percent points.
    #[must_use]
    pub fn pace_gap(&self) -> Option<f64> {
        Some(self.spent.percent? - self.elapsed_percent()?)
    }

    /// Burn rate above plan, in percent.
    #[must_use]
    pub fn burn_variance_percent(&self) -> Option<f64> {
        percent(self.runway.burn_rate - self.plan.weekly_cost, self.plan.weekly_cost)
    }

    /// Runway beyond the allocated weeks, in percent. Both count from different days, as in the original.
    #[must_use]
    pub fn runway_gap_percent(&self) -> Option<f64> {
        percent(self.runway.weeks - self.plan.weeks, self.plan.weeks)
    }

    /// Spending by the end at this pace: `consumed/elapsed·allocated`; `None` before anything has elapsed.
    #[must_use]
    pub fn projected_total(&self) -> Option<f64> {
        (self.elapsed_weeks > 0.0).then(|| self.spent.amount / self.elapsed_weeks * self.plan.weeks)
    }

    /// Tiers of burn rate, runway and pace: more burnt or consumed is worse, more runway better. The runway is
    /// compared with the weeks that are left, not with all that were allocated.
    #[must_use]
    pub fn tiers(&self) -> [Option<Tier>; 3] {
        let left = (self.plan.weeks - self.elapsed_weeks).max(0.0);
        let runway = percent(self.runway.weeks - left, left).map(|gap| legacy_tier(gap, true));
        let worse = |gap: Option<f64>| gap.map(|gap| legacy_tier(gap, false));
        [worse(self.burn_variance_percent()), runway, worse(self.pace_gap())]
    }

    /// The tiers as the original has them, each with the wrong sign.
    #[must_use]
    pub fn legacy_tiers(&self) -> [Option<Tier>; 3] {
        [
            self.burn_variance_percent().map(|gap| legacy_tier(gap, true)),
            self.runway_gap_percent().map(|gap| legacy_tier(gap, false)),
            self.pace_gap().map(|gap| legacy_tier(gap, true)),
        ]
    }

    /// The comparison as the original returns it.
    #[must_use]
    pub fn legacy_document(&self) -> Value {
        let plan = &self.plan;
        let days = |weeks: f64| chrono::Days::new(u64::try_from(cut(weeks * 7.0)).unwrap_or(0));
        let end = plan.start.and_then(|start| start.checked_add_days(days(plan.weeks)));
        let runway_end = self.runway.weeks.is_finite().then(|| later(self.now, self.runway.weeks)).flatten();
        let cost = |velocity: f64| (velocity > 0.0).then(|| plan.weekly_cost / velocity);
        let (item, point) = (cost(self.velocity_items), cost(self.velocity_points));
        let (planned_item, planned_point) = (cost(plan.baseline_items), cost(plan.baseline_points));
        let more = |actual: Option<f64>, planned: Option<f64>| Some(actual? - planned?);
        let more_percent = |actual: Option<f64>, planned: Option<f64>| percent(actual? - planned?, planned?);
        let date = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let [burn, runway, pace] = self.legacy_tiers().map(|tier| tier.map(Tier::as_str));
        let worst = self.legacy_tiers().into_iter().flatten().max();
        json!({
            "baseline": {
                "time_allocated_weeks": number(plan.weeks),
                "team_cost_per_week_eur": number(plan.weekly_cost),
                "budget_total_eur": number(plan.total),
                "start_date": date(plan.start),
                "allocated_end_date": date(end),
                "currency_symbol": plan.currency,
                "assumed_baseline_velocity": number(plan.baseline_items),
                "assumed_baseline_velocity_points": number(plan.baseline_points),
            },
            "actual": {
                "elapsed_weeks": number(self.elapsed_weeks),
                "elapsed_pct": optional(self.elapsed_percent()),
                "consumed_eur": number(self.spent.amount),
                "consumed_pct": optional(self.spent.percent),
                "burn_rate": number(self.runway.burn_rate),
                "runway_weeks": number(self.runway.weeks),
                "runway_end_date": date(runway_end),
                "velocity_items": number(self.velocity_items),
                "velocity_points": number(self.velocity_points),
                "cost_per_item": optional(item),
                "cost_per_point": optional(point),
            },
            "variance": {
                "utilization_vs_pace_pct": optional(self.pace_gap()),
                "burn_rate_variance_eur": number(self.runway.burn_rate - plan.weekly_cost),
                "burn_rate_variance_pct": optional(self.burn_variance_percent()),
                "runway_vs_baseline_weeks": number(self.runway.weeks - plan.weeks),
                "runway_vs_baseline_pct": optional(self.runway_gap_percent()),
                "cost_per_item_variance_eur": optional(more(item, planned_item)),
                "cost_per_item_variance_pct": optional(more_percent(item, planned_item)),
                "cost_per_point_variance_eur": optional(more(point, planned_point)),
                "cost_per_point_variance_pct": optional(more_percent(point, planned_point)),
                "projected_total_spend": optional(self.projected_total()),
                "projected_surplus_eur": optional(self.projected_total().map(|total| plan.total - total)),
                "runway_vs_forecast_weeks": optional(self.forecast_weeks.map(|weeks| self.runway.weeks - weeks)),
            },
            "health": {
                "burn_rate_health": burn,
                "runway_health": runway,
                "pace_health": pace,
                "overall_status": match worst {
                    Some(Tier::Red) => "critical",
                    Some(Tier::Orange) => "warning",
                    _ => "healthy",
                },
            },
            "insights": self.insights(),
        })
    }

    /// Texts for people.
    #[must_use]
    pub fn insights(&self) -> Vec<String> {
        let side = |value: f64, over: &'static str, under: &'static str| if value > 0.0 { over } else { under };
        let mut texts = Vec::new();
        if let Some(burn) = self.burn_variance_percent().filter(|burn| burn.abs() >= 10.0) {
            texts.push(format!("Spending {:.1}% {} budgeted rate", burn.abs(), side(burn, "above", "below")));
        }
        let short = self.runway.weeks - self.plan.weeks;
        if short < 0.0 {
            texts.push(format!("Budget will run out {:.1} weeks before allocated end", short.abs()));
        }
        if let Some(total) = self.projected_total() {
            let surplus = self.plan.total - total;
            let share = percent(surplus.abs(), self.plan.total).unwrap_or(0.0);
            let name = side(surplus, "surplus", "deficit");
            texts.push(format!("Projected {name} of {}{} ({share:.1}%)", self.plan.currency, thousands(surplus.abs())));
        }
        if let Some(gap) = self.forecast_weeks.map(|weeks| self.runway.weeks - weeks).filter(|gap| *gap < 0.0) {
            texts.push(format!("Budget will run out {:.1} weeks before forecast completion", gap.abs()));
        }
        texts
    }
}

/// The day so many weeks after an instant; `None` beyond the calendar.
fn later(now: Timestamp, weeks: f64) -> Option<NaiveDate> {
    let seconds = chrono::TimeDelta::try_seconds(cut(weeks * 604_800.0))?;
    now.naive().checked_add_signed(seconds).map(|time| time.date())
}

fn percent(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole * 100.0)
}

/// A whole number with commas between thousands.
fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_tiers_have_the_right_sign() {
        let plan = BudgetSettings {
            weeks: 40.0,
            weekly_cost: 1000.0,
            total: 40_000.0,
            start: "2025-01-06".parse().ok(),
            ..BudgetSettings::default()
        };
        let spent = Spending { amount: 30_000.0, percent: Some(75.0) };
        let runway = Runway { weeks: 5.0, burn_rate: 2_000.0 };
        let found = compare(&plan, (spent, runway), (3.0, 9.0), None, Timestamp::parse("2025-03-17 10:00").unwrap());
        assert_eq!(found.tiers(), [Some(Tier::Red); 3]);
        assert_eq!(found.legacy_tiers(), [Some(Tier::Green); 3]);
        assert_eq!((gauge(69.0), gauge(90.0), gauge(90.5)), (Tier::Green, Tier::Yellow, Tier::Red));
    }

    #[test]
    fn without_a_plan_nothing_is_compared() {
        let none = (Spending { amount: 0.0, percent: None }, Runway { weeks: f64::INFINITY, burn_rate: 0.0 });
        let found =
            compare(&BudgetSettings::default(), none, (0.0, 0.0), None, Timestamp::parse("2025-03-17 10:00").unwrap());
        assert_eq!(found.tiers(), [None; 3]);
        assert!(found.insights().is_empty());
        assert_eq!((thousands(1_234_567.4), thousands(12.0)), ("1,234,567".to_owned(), "12".to_owned()));
    }
}
