//! Change of the scope (delivery specification 5.8).

use super::input::WeekRow;
use super::weeks::weekly_sums;
use landfast_domain::delivery::IsoWeek;
use landfast_domain::text::round_to;

/// Rate of scope change in percent from which it is a warning, if more is created than finished.
pub const WARNING_RATE_PERCENT: f64 = 20.0;

/// What happened to one quantity, items or points, in a window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Flow {
    /// c: created.
    pub created: f64,
    /// d: completed.
    pub completed: f64,
    /// r: remaining now.
    pub remaining: f64,
}

/// Items and points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Both<T> {
    /// Items.
    pub items: T,
    /// Points.
    pub points: T,
}

impl<T> Both<T> {
    /// The same for both.
    pub fn map<U>(self, of: impl Fn(T) -> U) -> Both<U> {
        Both { items: of(self.items), points: of(self.points) }
    }
}

/// Sums of the rows, beside what remains.
#[must_use]
pub fn flows(rows: &[WeekRow], remaining_items: f64, remaining_points: f64) -> Both<Flow> {
    let sum = |of: fn(&WeekRow) -> f64| rows.iter().map(of).sum::<f64>();
    Both {
        items: Flow {
            created: sum(|row| row.created_items),
            completed: sum(|row| row.completed_items),
            remaining: remaining_items,
        },
        points: Flow {
            created: sum(|row| row.created_points),
            completed: sum(|row| row.completed_points),
            remaining: remaining_points,
        },
    }
}

impl Flow {
    /// Scope at the beginning of the window: r + d − c.
    #[must_use]
    pub fn baseline(&self) -> f64 {
        self.remaining + self.completed - self.created
    }

    /// Baseline of the original, which counts work created in the window as there from the beginning: r + d.
    #[must_use]
    pub fn legacy_baseline(&self) -> f64 {
        self.remaining + self.completed
    }

    /// Scope change rate c/b·100 in percent, rounded to one decimal, with b = [`Flow::baseline`]; `None` unless
    /// the baseline is above 0.
    #[must_use]
    pub fn change_rate(&self) -> Option<f64> {
        rate(self.created, self.baseline())
    }

    /// Throughput ratio c/d, rounded to two decimals. With d = 0: infinite when anything was created, else 0.
    #[must_use]
    pub fn throughput_ratio(&self) -> f64 {
        if self.completed > 0.0 {
            round_to(self.created / self.completed, 2)
        } else if self.created > 0.0 {
            f64::INFINITY
        } else {
            0.0
        }
    }

    /// Stability ("adaptability") clamp(1 − c/(b + c), 0, 1), rounded to two decimals, with b =
    /// [`Flow::baseline`]; `None` unless the baseline is above 0. Shown in steps at 0.2, 0.4, 0.6, 0.8.
    #[must_use]
    pub fn stability(&self) -> Option<f64> {
        stability(self.created, self.baseline())
    }

    /// Growth of the dashboard: c/d·100 in percent; `None` when nothing was completed.
    #[must_use]
    pub fn growth_percent(&self) -> Option<f64> {
        (self.completed > 0.0).then(|| self.created / self.completed * 100.0)
    }
}

fn rate(created: f64, baseline: f64) -> Option<f64> {
    (baseline > 0.0).then(|| round_to(created / baseline * 100.0, 1))
}

fn stability(created: f64, baseline: f64) -> Option<f64> {
    (baseline > 0.0).then(|| round_to((1.0 - created / (baseline + created)).clamp(0.0, 1.0), 2))
}

/// Change rates of the original for given baselines: both 0 when either baseline is 0.
///
/// So a query without points shows no scope change at all. [`Flow::change_rate`] judges each quantity alone.
#[must_use]
pub fn legacy_change_rates(flows: Both<Flow>, baseline: Both<f64>) -> Both<f64> {
    if baseline.items == 0.0 || baseline.points == 0.0 {
        return Both::default();
    }
    let rate = |flow: Flow, baseline: f64| round_to(flow.created / baseline * 100.0, 1);
    Both { items: rate(flows.items, baseline.items), points: rate(flows.points, baseline.points) }
}

/// Stability of the original for given baselines: both 1 when either baseline is 0.
#[must_use]
pub fn legacy_stability(flows: Both<Flow>, baseline: Both<f64>) -> Both<f64> {
    if baseline.items == 0.0 || baseline.points == 0.0 {
        return Both { items: 1.0, points: 1.0 };
    }
    let index = |flow: Flow, baseline: f64| {
        let whole = baseline + flow.created;
        if whole == 0.0 { 1.0 } else { round_to((1.0 - flow.created / whole).clamp(0.0, 1.0), 2) }
    };
    Both { items: index(flows.items, baseline.items), points: index(flows.points, baseline.points) }
}

/// Whether the scope grows too fast: a rate of items or points above [`WARNING_RATE_PERCENT`] while more items
/// or more points are created than completed.
///
/// ```
/// use landfast_analytics::delivery::scope_change::{Both, is_growing_too_fast};
///
/// let rates = Both { items: 62.4, points: 4.0 };
/// assert!(is_growing_too_fast(rates, Both { items: 1.18, points: 0.9 }));
/// assert!(!is_growing_too_fast(rates, Both { items: 1.0, points: 0.9 }));
/// ```
#[must_use]
pub fn is_growing_too_fast(rates: Both<f64>, ratios: Both<f64>) -> bool {
    (rates.items > WARNING_RATE_PERCENT || rates.points > WARNING_RATE_PERCENT)
        && (ratios.items > 1.0 || ratios.points > 1.0)
}

/// Growth level of the dashboard: `healthy` below 20 %, `caution` up to 50 %, `critical` above.
#[must_use]
pub fn growth_level(percent: f64) -> &'static str {
    if percent < 20.0 {
        "healthy"
    } else if percent <= 50.0 {
        "caution"
    } else {
        "critical"
    }
}

/// Growth of the scope in each ISO week that has rows, oldest first: created − completed.
#[must_use]
pub fn weekly_growth(rows: &[WeekRow]) -> Vec<(IsoWeek, Both<f64>)> {
    let sums = weekly_sums(rows).into_iter();
    sums.map(|(week, sum)| {
        let growth =
            Both { items: sum.created_items - sum.completed_items, points: sum.created_points - sum.completed_points };
        (week, growth)
    })
    .collect()
}

/// Running sums of [`weekly_growth`].
#[must_use]
pub fn cumulative_growth(rows: &[WeekRow]) -> Vec<(IsoWeek, Both<f64>)> {
    let mut sum = Both::<f64>::default();
    let add = |(week, growth): (IsoWeek, Both<f64>)| {
        sum = Both { items: sum.items + growth.items, points: sum.points + growth.points };
        (week, sum)
    };
    weekly_growth(rows).into_iter().map(add).collect()
}

/// Scope at the beginning and at the end of a report's weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReportScope {
    /// r + d − c.
    pub initial: f64,
    /// r.
    pub last: f64,
    /// c/d, rounded to two decimals; see [`Flow::throughput_ratio`].
    pub ratio: f64,
}

/// Scope of a report of these rows; `None` below two rows.
#[must_use]
pub fn report_scope(rows: &[WeekRow], flow: &Flow) -> Option<ReportScope> {
    let found = ReportScope { initial: flow.baseline(), last: flow.remaining, ratio: flow.throughput_ratio() };
    (rows.len() >= 2).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::testing::rows;
    use super::*;

    #[test]
    fn a_query_without_points_still_has_scope_change() {
        let items = Flow { created: 24.0, completed: 23.0, remaining: 20.0 };
        let flows = Both { items, points: Flow::default() };
        let baseline = flows.map(|flow| flow.legacy_baseline());
        assert_eq!(legacy_change_rates(flows, baseline), Both::default());
        assert_eq!(legacy_stability(flows, baseline), Both { items: 1.0, points: 1.0 });
        assert_eq!((items.change_rate(), items.stability()), (Some(126.3), Some(0.44)));
        assert_eq!((flows.points.change_rate(), flows.points.stability()), (None, None));
    }

    #[test]
    fn growth_adds_up() {
        let mut rows = rows(&[2.0, 0.0, 3.0]);
        rows[1].created_items = 4.0;
        rows[1].created_points = 0.5;
        let last = *cumulative_growth(&rows).last().map(|(_, sum)| sum).unwrap();
        assert_eq!(last, Both { items: -1.0, points: -4.5 });
        let flows = flows(&rows, 10.0, 2.0);
        assert_eq!(report_scope(&rows, &flows.items).map(|scope| (scope.initial, scope.last)), Some((11.0, 10.0)));
        assert_eq!(report_scope(&rows[..1], &flows.items), None);
    }

    #[test]
    fn nothing_completed_makes_an_infinite_ratio() {
        assert_eq!(Flow { created: 2.0, ..Flow::default() }.throughput_ratio(), f64::INFINITY);
        assert_eq!(Flow::default().throughput_ratio(), 0.0);
        assert_eq!(Flow { created: 3.0, completed: 7.0, ..Flow::default() }.throughput_ratio(), 0.43);
        let levels = [19.9, 20.0, 50.0, 50.1].map(growth_level);
        assert_eq!(levels, ["healthy", "caution", "caution", "critical"]);
    }
}
