//! Names for ranges of flow and DORA metrics (delivery specification 5.9 and 5.10).

use serde::Serialize;

/// Performance of a DORA metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DoraTier {
    /// Among the best.
    Elite,
    /// Good.
    High,
    /// In the middle.
    Medium,
    /// The rest.
    Low,
}

impl DoraTier {
    /// Lower-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Elite => "elite",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// Tier of a deployment frequency in deployments **per day**: from 0.9 elite, from 0.13 high, from 0.033
    /// medium, else low.
    ///
    /// ```
    /// use landfast_analytics::delivery::tiers::DoraTier;
    ///
    /// assert_eq!(DoraTier::of_deployments_per_day(1.0 / 7.0), DoraTier::High);
    /// ```
    #[must_use]
    pub fn of_deployments_per_day(frequency: f64) -> Self {
        Self::from_limits([0.9, 0.13, 0.033].map(|limit| frequency >= limit))
    }

    /// Tier of a lead time in days: up to 1 elite, 7 high, 30 medium, above low.
    #[must_use]
    pub fn of_lead_time_days(days: f64) -> Self {
        Self::from_limits([1.0, 7.0, 30.0].map(|limit| days <= limit))
    }

    /// Tier of a change failure rate in percent: up to 15 elite, 30 high, 45 medium, above low.
    #[must_use]
    pub fn of_failure_percent(percent: f64) -> Self {
        Self::from_limits([15.0, 30.0, 45.0].map(|limit| percent <= limit))
    }

    /// Tier of a time to restore in hours: up to 1 elite, 24 high, 168 medium, above low.
    #[must_use]
    pub fn of_restore_hours(hours: f64) -> Self {
        Self::from_limits([1.0, 24.0, 168.0].map(|limit| hours <= limit))
    }

    /// Tier the original's page gives to deployments of a **month**: it uses the table for a day, so that one
    /// release a week, 4.3 a month, is elite. [`DoraTier::of_deployments_per_day`] of a thirtieth is right.
    #[must_use]
    pub fn legacy_of_deployments_per_month(frequency: f64) -> Self {
        Self::of_deployments_per_day(frequency)
    }

    fn from_limits([elite, high, medium]: [bool; 3]) -> Self {
        match (elite, high, medium) {
            (true, ..) => Self::Elite,
            (_, true, _) => Self::High,
            (.., true) => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// Tier of a flow load, a number of items in progress: below 10 `Healthy`, 20 `Warning`, 30 `High`, else
/// `Critical`.
#[must_use]
pub fn flow_load_tier(items: f64) -> &'static str {
    tier([items < 10.0, items < 20.0, items < 30.0], ["Healthy", "Warning", "High", "Critical"])
}

/// Tier of a flow velocity in items a week: from 20 `Excellent`, 10 `Good`, 5 `Fair`, else `Low`.
#[must_use]
pub fn flow_velocity_tier(items: f64) -> &'static str {
    tier([items >= 20.0, items >= 10.0, items >= 5.0], ["Excellent", "Good", "Fair", "Low"])
}

/// Tier of a flow time in days: up to 3 `Excellent`, 7 `Good`, 14 `Fair`, above `Slow`.
#[must_use]
pub fn flow_time_tier(days: f64) -> &'static str {
    tier([days <= 3.0, days <= 7.0, days <= 14.0], ["Excellent", "Good", "Fair", "Slow"])
}

/// Tier of a flow efficiency in percent: from 60 `Excellent`, 40 `Good`, 25 `Fair`, else `Low`.
#[must_use]
pub fn flow_efficiency_tier(percent: f64) -> &'static str {
    tier([percent >= 60.0, percent >= 40.0, percent >= 25.0], ["Excellent", "Good", "Fair", "Low"])
}

fn tier(limits: [bool; 3], names: [&'static str; 4]) -> &'static str {
    let [first, second, third, last] = names;
    match limits {
        [true, ..] => first,
        [_, true, _] => second,
        [.., true] => third,
        _ => last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_release_a_week_is_high_and_not_elite() {
        let per_month = 30.0 / 7.0;
        assert_eq!(DoraTier::legacy_of_deployments_per_month(per_month), DoraTier::Elite);
        assert_eq!(DoraTier::of_deployments_per_day(per_month / 30.0), DoraTier::High);
        // 0.21 releases a week.
        assert_eq!(DoraTier::of_deployments_per_day(0.21 / 7.0), DoraTier::Low);
    }
}
