//! Forecasts from throughput: how many items by a day, and by which day a backlog is empty.
//!
//! The past weeks are the only assumption. A trial draws weeks of the window at random until the backlog is
//! empty; ten thousand trials give a distribution, and every answer is a quantile of it: "with 85 % by 12
//! May". Nothing is said without a probability, and how good the probabilities were is measured on the
//! project's own past ([`backtest()`]) with the same yardstick for the two forecasts of the original
//! ([`Method::Pert`], [`Method::Velocity`]).
//!
//! | module | what it holds |
//! |---|---|
//! | [`monte_carlo`] | the simulation: when, how many |
//! | [`baselines`] | PERT and velocity ± 10 % as quantile forecasts |
//! | [`calibration`] | hit rates and pinball loss |
//! | [`mod@backtest`] | forecasts from each past week, and the window that did best |
//! | [`plan`] | all of it for a query, with dates |

pub mod backtest;
pub mod baselines;
pub mod calibration;
pub mod monte_carlo;
pub mod plan;

pub use backtest::{Backtest, BacktestOptions, backtest, choose_window};
pub use baselines::{Method, pert_quantile, velocity_quantile};
pub use calibration::{Calibration, LEVELS, Level, Observation, calibrate, pinball_loss};
pub use monte_carlo::{Completion, DEFAULT_SEED, DEFAULT_TRIALS, MAX_WEEKS, Simulation, Throughput};
pub use plan::{Plan, PlanOptions, plan_items, plan_points};
