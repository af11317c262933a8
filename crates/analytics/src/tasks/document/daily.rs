//! The part about calendar dates.

use super::{Members, Source};
use crate::tasks::daily::{DayScore, milestone, progress};
use crate::tasks::days::date_text;
use crate::tasks::window::date_before;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Dates up to today that are shown even when nothing was completed on them.
const LAST_DAYS: u32 = 14;
const BEST: usize = 10;

pub(super) fn add(members: &mut Members, source: &Source<'_>) {
    let now = source.clock.local;
    let mut dates: BTreeSet<_> = source.days.iter().map(|(date, _)| date).collect();
    dates.extend((0..=LAST_DAYS).map(|back| date_before(now, back)));
    let daily: Map<String, Value> =
        dates.into_iter().map(|date| (date_text(date), json!(source.days.on(date)))).collect();
    members.insert("calculate_daily_scores".to_owned(), Value::Object(daily));
    let best = |score: DayScore| -> Value {
        let days = source.days.best_days(score, BEST);
        days.into_iter().map(|(date, value)| json!({ "date": date_text(date), "score": value })).collect()
    };
    let best: Map<String, Value> =
        DayScore::ALL.into_iter().map(|score| (score.as_str().to_owned(), best(score))).collect();
    members.insert("get_historical_daily_scores".to_owned(), Value::Object(best));
    let milestone = milestone(source.days, date_before(now, 1));
    members.insert("check_score_milestones".to_owned(), json!(milestone));
    let progress = progress(source.data, source.days, now, 7);
    members.insert("calculate_weekly_progress_summary".to_owned(), json!(progress));
}
