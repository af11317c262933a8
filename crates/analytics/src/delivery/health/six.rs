//! Formula (e): version 3.0 of 2026, six dimensions with weights.

use super::dimensions::{Sum, delivery, efficiency, financial, predictability, quality, sustainability};
use crate::delivery::numbers::number;
use landfast_domain::text::round_half_even;
use serde_json::{Map, Value, json};

/// Names and greatest weights of the dimensions.
pub const DIMENSIONS: [(&str, f64); 6] = [
    ("delivery", 25.0),
    ("predictability", 20.0),
    ("quality", 20.0),
    ("efficiency", 15.0),
    ("sustainability", 10.0),
    ("financial", 10.0),
];

/// What the formula looks at; groups that are not known are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SixInputs {
    /// Of the dashboard.
    pub dashboard: Option<Dashboard>,
    /// DORA metrics.
    pub dora: Option<Dora>,
    /// Flow metrics.
    pub flow: Option<Flow>,
    /// Bugs.
    pub bugs: Option<Bugs>,
    /// Created in percent of the scope.
    pub scope_change_rate: Option<f64>,
    /// Budget.
    pub finance: Option<Finance>,
}

/// Numbers of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dashboard {
    /// Finished share of the scope in percent.
    pub completion_percentage: f64,
    /// Items a week.
    pub current_velocity_items: f64,
    /// Coefficient of variation in percent.
    pub velocity_cv: f64,
    /// Whether the trend is improving.
    pub is_improving: bool,
    /// Whether the trend is stable.
    pub is_stable: bool,
    /// Change in percent.
    pub recent_velocity_change: f64,
    /// Days ahead of the deadline; negative: late.
    pub schedule_variance_days: f64,
    /// Confidence in percent.
    pub completion_confidence: f64,
}

/// DORA metrics.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dora {
    /// Percent.
    pub change_failure_rate: f64,
    /// Hours; 0 when there is none.
    pub mttr_hours: f64,
}

/// Flow metrics.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Flow {
    /// Items a week.
    pub velocity: f64,
    /// Percent.
    pub efficiency: f64,
    /// Days; 0 when there is none.
    pub flow_time: f64,
    /// Items in progress.
    pub wip: f64,
    /// Shares of features, defects and technical debt in percent.
    pub mix: Option<[f64; 3]>,
}

/// Bugs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bugs {
    /// Resolved share in percent.
    pub resolution_rate: f64,
    /// Share of all points in open bugs, 0 to 1.
    pub capacity: f64,
    /// Mean age in days.
    pub age_days: f64,
}

/// Budget. Percent throughout.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Finance {
    /// Burn rate against the plan.
    pub burn_variance: f64,
    /// Runway against the plan; negative: too short.
    pub runway_gap: f64,
    /// Consumed share less elapsed share.
    pub utilisation_gap: f64,
}

/// One dimension of the answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dimension {
    /// Name, of [`DIMENSIONS`].
    pub name: &'static str,
    /// 0 to 100; 50 when nothing of it is known.
    pub score: f64,
    /// Weight among 100; 0 when nothing of it is known.
    pub weight: f64,
    /// Greatest weight after the balancing.
    pub max_weight: f64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct SixHealth {
    /// `round(Σ score·weight/100)`, ties to even; 0 when nothing is known.
    pub score: f64,
    /// In the order of [`DIMENSIONS`].
    pub dimensions: [Dimension; 6],
    /// `inception` below 25 % finished, `early` below 50, `mid` below 75, else `late`.
    pub stage: &'static str,
    /// Finished share of the scope in percent; 0 when it is not known.
    pub completion_percentage: f64,
}

/// Health by formula (e) (delivery specification 5.11).
///
/// A dimension's score is the sum of the points of its known parts, not scaled up for the unknown ones. When
/// the weights do not sum to 100: first the maxima of the known dimensions grow in proportion until they do,
/// then up to ten rounds share what is missing among known dimensions below their maximum, in proportion to
/// their weights.
#[must_use]
pub fn legacy_six(inputs: &SixInputs) -> SixHealth {
    let completion = inputs.dashboard.map_or(0.0, |board| board.completion_percentage);
    let sums = [
        delivery(inputs),
        predictability(inputs),
        quality(inputs),
        efficiency(inputs),
        sustainability(inputs, completion),
        financial(inputs),
    ];
    let mut dimensions = [Dimension { name: "", score: 50.0, weight: 0.0, max_weight: 0.0 }; 6];
    for ((slot, (name, max_weight)), Sum { score, weight }) in dimensions.iter_mut().zip(DIMENSIONS).zip(sums) {
        *slot = Dimension { name, score: if weight > 0.0 { score } else { 50.0 }, weight, max_weight };
    }
    balance(&mut dimensions);
    let stage = match completion {
        done if done < 25.0 => "inception",
        done if done < 50.0 => "early",
        done if done < 75.0 => "mid",
        _ => "late",
    };
    let sum: f64 = dimensions.iter().map(|dimension| dimension.score * dimension.weight / 100.0).sum();
    SixHealth { score: round_half_even(sum), dimensions, stage, completion_percentage: completion }
}

fn balance(dimensions: &mut [Dimension; 6]) {
    const TOLERANCE: f64 = 0.01;
    let total = |dimensions: &[Dimension; 6]| dimensions.iter().map(|dimension| dimension.weight).sum::<f64>();
    let known = total(dimensions);
    if known <= 0.0 || (known - 100.0).abs() <= TOLERANCE {
        return;
    }
    let maxima: f64 = dimensions.iter().filter(|d| d.weight > 0.0).map(|d| d.max_weight).sum();
    if maxima < 100.0 {
        for dimension in dimensions.iter_mut().filter(|dimension| dimension.weight > 0.0) {
            dimension.max_weight *= 100.0 / maxima;
        }
    }
    for _ in 0..10 {
        let missing = 100.0 - total(dimensions);
        if missing.abs() <= TOLERANCE {
            return;
        }
        let is_open = |d: &Dimension| d.weight > 0.0 && d.max_weight - d.weight > TOLERANCE;
        let open: f64 = dimensions.iter().filter(|d| is_open(d)).map(|d| d.weight).sum();
        if open <= 0.0 {
            return;
        }
        for dimension in dimensions.iter_mut().filter(|dimension| is_open(dimension)) {
            let more = missing * dimension.weight / open;
            dimension.weight = (dimension.weight + more).clamp(0.0, dimension.max_weight);
        }
    }
}

impl SixHealth {
    /// The answer as the original returns it.
    #[must_use]
    pub fn document(&self) -> Value {
        let dimensions: Map<String, Value> = self
            .dimensions
            .iter()
            .map(|found| {
                let value = json!({"score": number(found.score), "weight": number(found.weight), "max_weight": number(found.max_weight)});
                (found.name.to_owned(), value)
            })
            .collect();
        json!({
            "overall_score": number(self.score),
            "dimensions": dimensions,
            "project_stage": self.stage,
            "completion_percentage": number(self.completion_percentage),
            "formula_version": "3.0",
        })
    }
}
