//! What is planned.

use crate::delivery::numbers::number;
use chrono::NaiveDate;
use landfast_domain::delivery::IsoWeek;
use serde_json::{Value, json};

/// A budget.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetSettings {
    /// Weeks allocated.
    pub weeks: f64,
    /// Cost of the team a week.
    pub weekly_cost: f64,
    /// Total, in the same currency.
    pub total: f64,
    /// Sign of the currency.
    pub currency: String,
    /// Items a week the plan assumes.
    pub baseline_items: f64,
    /// Points a week the plan assumes.
    pub baseline_points: f64,
    /// Day the budget began; `None` when it is not known.
    pub start: Option<NaiveDate>,
}

/// A change of a budget: what is added from a week on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Revision {
    /// The week, possibly before the change was made.
    pub week: IsoWeek,
    /// Weeks added.
    pub weeks: f64,
    /// Weekly cost added.
    pub weekly_cost: f64,
    /// Total added.
    pub total: f64,
}

impl Default for BudgetSettings {
    /// Nothing planned; 3.5 items and 21 points a week, the original's defaults.
    fn default() -> Self {
        Self {
            weeks: 0.0,
            weekly_cost: 0.0,
            total: 0.0,
            currency: "€".to_owned(),
            baseline_items: 3.5,
            baseline_points: 21.0,
            start: None,
        }
    }
}

/// The budget at a week as the original tells it: settings plus the revisions up to and including the week.
///
/// Saving a revision changed the settings too, so each counts twice from its week on. See [`budget_at`].
#[must_use]
pub fn legacy_budget_at(settings: &BudgetSettings, revisions: &[Revision], week: IsoWeek) -> BudgetSettings {
    let mut budget = settings.clone();
    for revision in revisions.iter().filter(|revision| revision.week <= week) {
        budget.add(revision, 1.0);
    }
    budget
}

/// The budget at a week: the settings, which hold the newest state, less the revisions after the week.
///
/// ```
/// use landfast_analytics::delivery::budget::{BudgetSettings, Revision, budget_at};
/// use landfast_domain::delivery::IsoWeek;
///
/// let now = BudgetSettings { weeks: 44.0, ..BudgetSettings::default() };
/// let week = |number| IsoWeek::new(2025, number).unwrap();
/// let raised = Revision { week: week(45), weeks: 4.0, weekly_cost: 0.0, total: 0.0 };
/// assert_eq!(budget_at(&now, &[raised], week(44)).weeks, 40.0);
/// assert_eq!(budget_at(&now, &[raised], week(45)).weeks, 44.0);
/// ```
#[must_use]
pub fn budget_at(settings: &BudgetSettings, revisions: &[Revision], week: IsoWeek) -> BudgetSettings {
    let mut budget = settings.clone();
    for revision in revisions.iter().filter(|revision| revision.week > week) {
        budget.add(revision, -1.0);
    }
    budget
}

impl BudgetSettings {
    fn add(&mut self, revision: &Revision, sign: f64) {
        self.weeks += sign * revision.weeks;
        self.weekly_cost += sign * revision.weekly_cost;
        self.total += sign * revision.total;
    }

    /// The budget as the original returns it.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "time_allocated_weeks": number(self.weeks),
            "team_cost_per_week_eur": number(self.weekly_cost),
            "budget_total_eur": number(self.total),
            "currency_symbol": self.currency,
            "cost_rate_type": "weekly",
            "baseline_velocity_items": number(self.baseline_items),
            "baseline_velocity_points": number(self.baseline_points),
        })
    }
}
