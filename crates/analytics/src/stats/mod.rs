//! Statistics without a subject: lists of numbers in, numbers out.

mod correlation;
mod describe;
mod discovery;
mod distribution;
mod proportion;
mod random;
mod spread;
mod two_samples;

pub use correlation::{Correlation, Method, average_ranks, correlate, strength};
pub use describe::{ascending, mean, median, quantile, range, real, sample_deviation, sample_variance, variance};
pub use discovery::benjamini_hochberg;
pub use distribution::{ln_gamma, t_p_value, t_two_sided};
pub use proportion::{Interval, Z_95, newcombe_interval, share, wilson_interval};
pub use random::Random;
pub use spread::Spread;
pub use two_samples::{Difference, compare_means};
