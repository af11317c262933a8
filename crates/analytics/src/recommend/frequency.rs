//! How regularly tasks are completed, and what time does to relief and aversion.

use crate::stats::{Method, correlate, mean, variance};
use crate::tasks::rhythm::Rhythm;
use crate::tasks::rows::TaskData;
use landfast_domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Lower edges of the buckets in days; each ends where the next one begins, the last one never.
const EDGES: [u32; 6] = [0, 1, 3, 7, 14, 30];
/// Greatest ratio of a task that is on its rhythm, and of one that is due.
const ON_RHYTHM: f64 = 1.25;
const DUE: f64 = 2.0;
/// Fewest pairs of a correlation.
const LEAST_PAIRS: usize = 5;
/// So many points above the first bucket aversion counts as built up.
const BUILT_UP: f64 = 10.0;

/// Where a task is in its rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RhythmStatus {
    /// Overdue ratio up to 1.25.
    OnRhythm,
    /// Above that, up to 2.
    Due,
    /// Above 2.
    Overdue,
}

/// Completions by the days since the task was last completed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ElapsedBucket {
    /// Days from which on, inclusive.
    pub from_days: u32,
    /// Days up to which, exclusive; `None` for the last bucket.
    pub to_days: Option<u32>,
    /// Completions in the bucket, 1 or more.
    pub n: usize,
    /// Mean relief, 0 to 100.
    pub mean_relief: Option<f64>,
    /// Mean of the stated aversion, 0 to 100; `None` when none of them states one.
    pub mean_expected_aversion: Option<f64>,
}

/// Rhythm of one task with at least two completions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrequencyPattern {
    /// Completions up to now.
    pub completions: usize,
    /// Mean interval between neighbouring completions in days.
    pub mean_interval_days: f64,
    /// Median interval in days.
    pub median_interval_days: f64,
    /// Population standard deviation of the intervals in days.
    pub sd_interval_days: f64,
    /// `sd/mean`; `None` for a mean of 0.
    pub cv: Option<f64>,
    /// Days since the last completion.
    pub days_since_last: f64,
    /// `days_since_last / median`; `None` for a median of 0.
    pub overdue_ratio: Option<f64>,
    /// By the overdue ratio; `None` without one.
    pub status: Option<RhythmStatus>,
    /// Days between completions that the routine asks for, see
    /// [`benchmark_days`](crate::tasks::rhythm::benchmark_days).
    pub benchmark_days: Option<f64>,
    /// `(mean − benchmark)/benchmark`: 0.5 for intervals half as long again as asked for.
    pub frequency_deviation: Option<f64>,
    /// Completions by elapsed days, without empty buckets.
    pub buckets: Vec<ElapsedBucket>,
    /// Spearman's correlation of elapsed days and relief, -1 to 1; `None` for fewer than five pairs or when one
    /// side is constant.
    pub spearman_elapsed_relief: Option<f64>,
    /// The same for elapsed days and stated aversion.
    pub spearman_elapsed_aversion: Option<f64>,
    /// Lower edge of the first bucket whose mean aversion is at least 10 above that of the first bucket; `None`
    /// without one.
    pub aversion_builds_after_days: Option<u32>,
}

/// Rhythms of all tasks with at least two completions up to `now`, by task id. Task analytics 18.3.
///
/// The days since the last completion of a row are the stored ones, else those from the last completion
/// strictly before its creation.
#[must_use]
pub fn completion_frequency_patterns(data: &TaskData, now: Timestamp) -> BTreeMap<String, FrequencyPattern> {
    let rhythms = Rhythm::by_task(data, now);
    rhythms.iter().filter_map(|(id, rhythm)| Some((id.to_string(), pattern(data, id, rhythm, now)?))).collect()
}

/// A completed row with known elapsed days.
struct Elapsed {
    days: f64,
    relief: f64,
    aversion: Option<f64>,
}

fn pattern(data: &TaskData, task_id: &str, rhythm: &Rhythm, now: Timestamp) -> Option<FrequencyPattern> {
    let (mean_interval, median_interval) = (rhythm.mean?, rhythm.median?);
    let sd = variance(&rhythm.intervals)?.sqrt();
    let days_since_last = now.minutes_since(*rhythm.completions.last()?) / 1440.0;
    let overdue_ratio = (median_interval > 0.0).then(|| days_since_last / median_interval);
    let rows: Vec<Elapsed> = data
        .at(&data.of_task(task_id)?.by_completion)
        .filter(|row| row.completed_at <= Some(now))
        .filter_map(|row| {
            let days = rhythm.time_since_last(row)?;
            Some(Elapsed { days, relief: row.relief_score, aversion: row.stated_aversion() })
        })
        .collect();
    let buckets = buckets(&rows);
    let first = buckets.first().and_then(|bucket| bucket.mean_expected_aversion);
    let built_up = buckets
        .iter()
        .skip(1)
        .find(|bucket| first.zip(bucket.mean_expected_aversion).is_some_and(|(first, mean)| mean - first >= BUILT_UP));
    Some(FrequencyPattern {
        completions: rhythm.completions.len(),
        mean_interval_days: mean_interval,
        median_interval_days: median_interval,
        sd_interval_days: sd,
        cv: (mean_interval > 0.0).then(|| sd / mean_interval),
        days_since_last,
        overdue_ratio,
        status: overdue_ratio.map(|ratio| match ratio {
            ratio if ratio <= ON_RHYTHM => RhythmStatus::OnRhythm,
            ratio if ratio <= DUE => RhythmStatus::Due,
            _ => RhythmStatus::Overdue,
        }),
        benchmark_days: rhythm.benchmark,
        frequency_deviation: rhythm.benchmark.map(|benchmark| (mean_interval - benchmark) / benchmark),
        spearman_elapsed_relief: spearman(&rows, |row| Some(row.relief)),
        spearman_elapsed_aversion: spearman(&rows, |row| row.aversion),
        aversion_builds_after_days: built_up.map(|bucket| bucket.from_days),
        buckets,
    })
}

fn buckets(rows: &[Elapsed]) -> Vec<ElapsedBucket> {
    let ends = EDGES.iter().skip(1).map(|edge| Some(*edge)).chain([None]);
    EDGES
        .iter()
        .zip(ends)
        .filter_map(|(from, to)| {
            let inside: Vec<&Elapsed> = rows
                .iter()
                .filter(|row| row.days >= f64::from(*from) && to.is_none_or(|to| row.days < f64::from(to)))
                .collect();
            let reliefs: Vec<f64> = inside.iter().map(|row| row.relief).collect();
            let aversions: Vec<f64> = inside.iter().filter_map(|row| row.aversion).collect();
            (!inside.is_empty()).then(|| ElapsedBucket {
                from_days: *from,
                to_days: to,
                n: inside.len(),
                mean_relief: mean(&reliefs),
                mean_expected_aversion: mean(&aversions),
            })
        })
        .collect()
}

fn spearman(rows: &[Elapsed], other: impl Fn(&Elapsed) -> Option<f64>) -> Option<f64> {
    let pairs: (Vec<f64>, Vec<f64>) = rows.iter().filter_map(|row| Some((row.days, other(row)?))).unzip();
    if pairs.0.len() < LEAST_PAIRS {
        return None;
    }
    correlate(&pairs.0, &pairs.1, Method::Spearman).correlation
}
