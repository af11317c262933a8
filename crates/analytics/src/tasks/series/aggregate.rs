//! How the values of a day become one.

use crate::stats::{mean, median, range, real, sample_deviation, sample_variance};

/// A way to make one value of those of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// Arithmetic mean.
    Mean,
    /// Sum.
    Sum,
    /// Median.
    Median,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Number of values.
    Count,
    /// Sample standard deviation; 0 for a single value.
    Std,
    /// Sample variance; 0 for a single value.
    Var,
}

impl Aggregation {
    /// The aggregation of this name; the mean for an unknown one.
    ///
    /// ```
    /// use landfast_analytics::tasks::series::Aggregation;
    /// assert_eq!(Aggregation::from_name("median"), Aggregation::Median);
    /// assert_eq!(Aggregation::from_name("bogus").as_str(), "mean");
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "sum" => Self::Sum,
            "median" => Self::Median,
            "min" => Self::Min,
            "max" => Self::Max,
            "count" => Self::Count,
            "std" => Self::Std,
            "var" => Self::Var,
            _ => Self::Mean,
        }
    }

    /// Canonical name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Sum => "sum",
            Self::Median => "median",
            Self::Min => "min",
            Self::Max => "max",
            Self::Count => "count",
            Self::Std => "std",
            Self::Var => "var",
        }
    }

    /// One value of several; 0 where there is none.
    #[must_use]
    pub fn of(self, values: &[f64]) -> f64 {
        let value = match self {
            Self::Mean => mean(values),
            Self::Sum => Some(values.iter().sum()),
            Self::Median => median(values),
            Self::Min => range(values).map(|(least, _)| least),
            Self::Max => range(values).map(|(_, greatest)| greatest),
            Self::Count => Some(real(values.len())),
            Self::Std => sample_deviation(values),
            Self::Var => sample_variance(values),
        };
        value.unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_value_does_not_vary_and_nothing_is_zero() {
        assert_eq!((Aggregation::Std.of(&[5.0]), Aggregation::Var.of(&[5.0])), (0.0, 0.0));
        for name in ["mean", "sum", "median", "min", "max", "count", "std", "var"] {
            assert_eq!(Aggregation::from_name(name).of(&[]), 0.0);
            assert_eq!(Aggregation::from_name(name).as_str(), name);
        }
        assert_eq!(Aggregation::Std.of(&[1.0, 3.0]), 2.0_f64.sqrt());
    }
}
