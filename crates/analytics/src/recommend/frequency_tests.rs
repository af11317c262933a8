//! Tests of completion rhythms.

use super::frequency::*;
use super::testing::Sample;
use landfast_domain::time::Timestamp;

fn now() -> Timestamp {
    Timestamp::parse("2025-12-31 10:00").unwrap()
}

/// A completion on a day of December, made an hour before.
fn complete(sample: &mut Sample, day: u32, relief: f64, aversion: f64) {
    let instance = sample.completed("t", relief, 30.0, 10.0);
    instance.created_at.set_raw(format!("2025-12-{day:02} 09:00"));
    instance.completed_at.set_raw(format!("2025-12-{day:02} 10:00"));
    instance.predicted.set_raw(format!(r#"{{"expected_aversion": {aversion}}}"#));
}

#[test]
fn one_completion_is_no_rhythm() {
    let mut sample = Sample::default();
    complete(&mut sample, 1, 50.0, 10.0);
    assert!(completion_frequency_patterns(&sample.data(), now()).is_empty());
}

#[test]
fn intervals_status_and_buckets() {
    let mut sample = Sample::default();
    let task = sample.task("t", "Task", 30);
    task.routine_frequency.set_raw("weekly");
    task.routine_days_of_week.set_raw("[0, 3]");
    for (day, relief, aversion) in
        [(1, 50.0, 10.0), (2, 51.0, 20.0), (4, 52.0, 29.0), (6, 53.0, 30.0), (14, 54.0, 41.0), (22, 55.0, 60.0)]
    {
        complete(&mut sample, day, relief, aversion);
    }
    let found = &completion_frequency_patterns(&sample.data(), now())["t"];
    assert_eq!((found.completions, found.mean_interval_days, found.median_interval_days), (6, 4.2, 2.0));
    // Intervals 1, 2, 2, 8, 8: deviations -3.2, -2.2, -2.2, 3.8, 3.8.
    assert!((found.sd_interval_days - (48.8_f64 / 5.0).sqrt()).abs() < 1e-12);
    assert_eq!((found.days_since_last, found.overdue_ratio), (9.0, Some(4.5)));
    assert_eq!(found.status, Some(RhythmStatus::Overdue));
    assert_eq!((found.benchmark_days, found.frequency_deviation), (Some(3.5), Some((4.2 - 3.5) / 3.5)));
    let buckets: Vec<_> = found.buckets.iter().map(|b| (b.from_days, b.to_days, b.n)).collect();
    // An instance is made an hour before its completion: 23 hours, two days less an hour, and so on.
    assert_eq!(buckets, [(0, Some(1), 1), (1, Some(3), 2), (7, Some(14), 2)]);
    assert_eq!(found.buckets[1].mean_expected_aversion, Some(29.5));
    // 29.5 is not 10 above 20; the mean of 41 and 60 is.
    assert_eq!(found.aversion_builds_after_days, Some(7));
    // Ranks of elapsed days 1, 2.5, 2.5, 4.5, 4.5 against 1 to 5.
    assert!((found.spearman_elapsed_relief.unwrap() - 9.0 / 90.0_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn a_constant_side_has_no_correlation_and_later_completions_do_not_count() {
    let mut sample = Sample::default();
    for day in [1, 3, 6, 10, 15, 21] {
        complete(&mut sample, day, 50.0, f64::from(day));
    }
    let found = &completion_frequency_patterns(&sample.data(), now())["t"];
    assert_eq!((found.spearman_elapsed_relief, found.spearman_elapsed_aversion), (None, Some(1.0)));
    let early = Timestamp::parse("2025-12-10 10:00").unwrap();
    let found = &completion_frequency_patterns(&sample.data(), early)["t"];
    assert_eq!((found.completions, found.days_since_last), (4, 0.0));
    assert_eq!(found.status, Some(RhythmStatus::OnRhythm));
    assert_eq!(found.spearman_elapsed_aversion, None);
}
