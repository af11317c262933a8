//! Relations found in the data of a user, and in data in which there are none.

#![expect(clippy::indexing_slicing, reason = "tests may panic, also in their helpers")]

mod support;

use landfast_analytics::stats::Random;
use landfast_analytics::tasks::relations::{
    Column, InsightOptions, Period, compare_periods, find_insights, insight_columns, insights,
};
use landfast_analytics::tasks::rows::{TaskData, TaskInput};
use landfast_analytics::tasks::{Clock, Scores};
use landfast_domain::time::Timestamp;
use support::fixtures::{TaskFixture, now};

fn data() -> TaskData {
    let fixture = TaskFixture::tracked();
    TaskData::new(&TaskInput {
        tasks: &fixture.tasks,
        instances: &fixture.instances,
        preferences: &fixture.preferences,
        popup_responses: &fixture.popup_responses,
    })
}

/// The outcomes with their instances exchanged at random, all columns alike.
fn permuted(outcomes: &[Column], random: &mut Random) -> Vec<Column> {
    let mut order: Vec<usize> = (0..outcomes[0].values.len()).collect();
    random.shuffle(&mut order);
    let exchange = |column: &Column| Column {
        name: column.name,
        values: order.iter().map(|place| column.values[*place]).collect(),
    };
    outcomes.iter().map(exchange).collect()
}

#[test]
fn on_permuted_labels_at_most_five_percent_of_searches_find_anything() {
    let (predictors, outcomes) = insight_columns(&data());
    // No correlation is too weak to be told, so that the control of false discoveries works alone.
    let options = InsightOptions { least_correlation: 0.0, ..InsightOptions::default() };
    let mut random = Random::seeded(20_251_227);
    let (mut searches_with_any, mut told, mut tested) = (0, 0, 0);
    let searches = 200;
    for _ in 0..searches {
        let found = find_insights(&predictors, &permuted(&outcomes, &mut random), &options);
        searches_with_any += usize::from(!found.insights.is_empty());
        told += found.insights.len();
        tested += found.tested;
    }
    assert!(tested > 40 * searches, "{tested} tests");
    assert!(searches_with_any * 100 <= 5 * searches, "{searches_with_any} of {searches} searches told something false");
    assert!(told * 100 <= tested, "{told} of {tested} tests");
}

#[test]
fn without_control_every_twentieth_permuted_relation_would_be_told() {
    let (predictors, outcomes) = insight_columns(&data());
    let all = InsightOptions { least_correlation: 0.0, false_discovery_rate: 1.0, ..InsightOptions::default() };
    let mut random = Random::seeded(3);
    let (mut below_five_percent, mut tested) = (0, 0);
    for _ in 0..40 {
        let found = find_insights(&predictors, &permuted(&outcomes, &mut random), &all);
        tested += found.tested;
        below_five_percent += found.insights.iter().filter(|insight| insight.correlation.p_value < Some(0.05)).count();
    }
    assert!((30..=70).contains(&(below_five_percent * 1000 / tested)), "{below_five_percent} of {tested}");
}

#[test]
fn a_true_relation_is_found_among_permuted_ones() {
    let (predictors, outcomes) = insight_columns(&data());
    let mut random = Random::seeded(7);
    let mut outcomes = permuted(&outcomes, &mut random);
    let aversion = predictors.iter().find(|column| column.name == "expected_aversion").unwrap();
    // Half signal, half noise.
    let follow = |value: &Option<f64>| value.map(|value| 100.0 - value + 60.0 * (random.unit() - 0.5));
    outcomes[0].values = aversion.values.iter().map(follow).collect();
    let found = find_insights(&predictors, &outcomes, &InsightOptions::default());
    let first = found.insights[0];
    assert_eq!((first.predictor, first.outcome), ("expected_aversion", outcomes[0].name));
    assert!(first.correlation.correlation.unwrap() < -0.5 && first.q_value < 1e-6);
}

#[test]
fn expected_and_actual_relief_of_the_sample_go_together() {
    let found = insights(&data(), &InsightOptions::default());
    let relief = found.insights.iter().find(|insight| insight.outcome == "actual_relief").unwrap();
    assert_eq!(relief.predictor, "expected_relief");
    let interval = relief.correlation.interval_95.unwrap();
    assert!(interval.low > 0.5 && interval.high < 0.9, "{interval:?}");
    assert!(found.insights.iter().all(|insight| insight.q_value <= 0.025));
}

#[test]
fn a_period_does_not_differ_from_itself() {
    let data = data();
    let scores = Scores::new(&data, Clock::from(now()));
    let (_, month) = Period::last_two(now(), 30);
    let same = compare_periods(&data, &scores, month, month);
    assert!(same.metrics.len() > 10);
    for metric in &same.metrics {
        assert_eq!((metric.difference.difference, metric.verdict), (Some(0.0), "no clear difference"));
        assert_eq!(metric.difference.p_value.map(|p| p > 0.999), Some(true), "{}", metric.metric);
    }
}

#[test]
fn periods_that_lie_apart_are_compared_by_their_own_means() {
    let data = data();
    let scores = Scores::new(&data, Clock::from(now()));
    let time = |text: &str| Timestamp::parse(text).unwrap();
    let november = Period { from: time("2025-11-01 00:00"), until: time("2025-12-01 00:00") };
    let silence = Period { from: time("2025-10-02 00:00"), until: time("2025-10-12 00:00") };
    let answer = compare_periods(&data, &scores, november, silence);
    let metric = |name: &str| answer.metrics.iter().find(|metric| metric.metric == name).unwrap();
    let relief = metric("relief_score").difference;
    assert_eq!((relief.n_second, relief.mean_second, relief.difference), (0, None, None));
    assert_eq!((metric("relief_score").relative_difference, metric("relief_score").verdict), (None, "not enough data"));
    let count = metric("completed_per_day");
    assert_eq!(count.relative_difference, Some(-1.0));
    assert_eq!((count.difference.n_first, count.difference.n_second), (30, 10));
    assert_eq!((count.difference.mean_second, count.verdict), (Some(0.0), "lower"));
    let in_november = data.completed().filter(|row| november.contains(row.completed_at.unwrap())).count();
    assert_eq!(relief.n_first, in_november);
}
