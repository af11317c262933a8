//! Days that come near the best ones.

use super::scores::{DayHistory, DayScore};
use chrono::NaiveDate;
use serde::Serialize;

/// How many of the best days have a rank.
const RANKED: usize = 10;
/// Share of the best value from which a day without a rank is still worth mentioning.
const NEAR: f64 = 0.95;

/// A day near the best one of a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Milestone {
    /// Name of the score.
    pub score_type: &'static str,
    /// Value of the day.
    pub score: f64,
    /// The best value ever.
    pub best_score: f64,
    /// Place among the ten best days, from 1; 11 for a day near the best without a place.
    pub rank: usize,
    /// |value - best| / best.
    pub distance: f64,
    /// Whether no day was better.
    pub is_all_time_best: bool,
}

/// The most remarkable milestone of a date: smallest distance, then an all-time best, then the better rank.
///
/// A score of 0 or less is none. The rank is the first place whose value the day reaches.
#[must_use]
pub fn milestone(history: &DayHistory, date: NaiveDate) -> Option<Milestone> {
    let day = history.on(date);
    let of = |score: DayScore| {
        let value = Some(score.of(&day)).filter(|value| *value > 0.0)?;
        let best_days = history.best_days(score, RANKED);
        let (_, best) = *best_days.first()?;
        let place = best_days.iter().position(|(_, other)| value >= *other).map(|place| place + 1);
        let rank = place.or_else(|| (value >= NEAR * best).then_some(RANKED + 1))?;
        Some(Milestone {
            score_type: score.as_str(),
            score: value,
            best_score: best,
            rank,
            distance: (value - best).abs() / best,
            is_all_time_best: value >= best,
        })
    };
    DayScore::ALL.into_iter().filter_map(of).min_by(|a, b| {
        let others = (!a.is_all_time_best, a.rank).cmp(&(!b.is_all_time_best, b.rank));
        a.distance.total_cmp(&b.distance).then(others)
    })
}
