//! Parts of the original's answers: scope, weekly statistics, velocity, PERT, burndown, scope change.

use super::legacy_forecast::Forecast;
use crate::delivery::burndown::total_scope;
use crate::delivery::dashboard::{DEFAULT_DASHBOARD_FACTOR, DashboardSettings, Timeline, dashboard, later, timeline};
use crate::delivery::input::{QueryData, WeekRow};
use crate::delivery::issue_row::IssueRow;
use crate::delivery::next_value::{METRICS, next_value, stored_values};
use crate::delivery::numbers::{count, number, optional};
use crate::delivery::scope::{Amount, Scope, ScopeRules, legacy_scope, total_points};
use crate::delivery::scope_change::{
    Both, flows, is_growing_too_fast, legacy_change_rates, legacy_stability, weekly_growth,
};
use crate::delivery::statistics::weekly_statistics;
use crate::delivery::velocity::{
    Column, PerformanceTrend, WeeklyAverages, legacy_velocity, performance_trend, weekly_averages,
};
use crate::delivery::weeks::{WeekSum, legacy_weekly_sums};
use chrono::NaiveDate;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// Weeks the averages of the original looked at without a window.
const DEFAULT_AVERAGE_WEEKS: usize = 10;

/// Adds the parts of a query.
pub(super) fn fill(part: &mut Map<String, Value>, query: &QueryData, now: Timestamp) {
    let today = now.naive().date();
    let (rows, window) = (query.statistics.as_slice(), query.legacy_window());
    let window = window.as_slice();
    let mut put = |name: &str, value: Value| part.insert(name.to_owned(), value);
    let path = format!("profiles/{}/queries/{}", query.key.profile, query.key.query);
    if !query.has_issue_cache {
        let reason = format!("FileNotFoundError: [Errno 2] No such file or directory: '{path}/jira_cache.json'");
        put("jira_cache", raises(&reason));
    }
    if !query.has_changelog {
        put("changelog_file", raises("FileNotFoundError"));
    }
    put("path", Value::from(path));
    put("inputs", inputs(query));
    let development: Vec<&IssueRow> = query.development_issues().collect();
    put("issue_counts", json!({"all": query.issues.len(), "development": development.len()}));
    put("changelog_merged_issues", json!(development.iter().filter(|issue| issue.changes.is_some()).count()));
    let field = query.settings.points_field.as_deref();
    put("scope_from_issues", scope_value(&legacy_scope(&development, field, &ScopeRules::default()), field));
    put("weekly_statistics_from_issues", statistics_value(development.iter().copied(), today));
    put("velocity", velocity_value(rows, window));
    let default_averages = weekly_averages(rows, Some(DEFAULT_AVERAGE_WEEKS));
    put(
        "weekly_averages",
        json!({"window": averages_value(weekly_averages(window, None)), "default_last10": averages_value(default_averages)}),
    );
    let sums = legacy_weekly_sums(window);
    put("weekly_throughput_window", throughput_value(&sums));
    let window_sums: Vec<WeekSum> = sums.into_iter().map(|(_, sum)| sum).collect();
    let forecast = Forecast { query, today };
    put("pert_rates", forecast.pert_rates(&window_sums));
    put("weekly_forecast", forecast.weekly_forecast(window, &window_sums));
    put("performance_trend", both(|column| trend_value(&performance_trend(window, column))));
    put("dashboard_metrics", dashboard_value(query, now));
    put("total_points", total_points_value(query));
    put("scope_metrics", scope_change_value(query));
    let growth = growth_value(window);
    if window.iter().all(|row| row.has_whole_points) {
        put("scope_weekly_growth_original", growth);
    } else {
        put("scope_weekly_growth_original", raises("ValueError: Unknown format code 'd' for object of type 'float'"));
        put("scope_weekly_growth_expected", growth);
    }
    put("burndown", forecast.burndown(&window_sums));
    put("next_value_forecasts", next_values(query));
}

/// What stands in place of an answer the original failed to give.
pub(crate) fn raises(reason: &str) -> Value {
    json!({ "original_raises": reason })
}

/// The same of items and of points.
pub(super) fn both(of: impl Fn(Column) -> Value) -> Value {
    json!({"items": of(Column::Items), "points": of(Column::Points)})
}

fn date(day: Option<NaiveDate>) -> Value {
    day.map_or(Value::Null, |day| Value::from(day.to_string()))
}

fn inputs(query: &QueryData) -> Value {
    let settings = &query.settings;
    json!({
        "data_points_count": settings.data_points_count,
        "pert_factor": number(settings.pert_factor),
        "deadline": date(settings.deadline),
        "milestone": date(settings.milestone),
        "show_points": settings.show_points,
        "statistics_rows": query.statistics.len() + query.undated_rows.len(),
        "remaining_items": number(query.remaining_items()),
        "remaining_points": optional(query.scope_number("remaining_total_points")),
        "estimated_items": number(query.scope_number("estimated_items").unwrap_or(0.0)),
        "estimated_points": number(query.scope_number("estimated_points").unwrap_or(0.0)),
    })
}

/// A scope as `project_scope` holds it.
pub(super) fn scope_value(scope: &Scope, field: Option<&str>) -> Value {
    let percent = |part: usize| {
        let all = scope.coverage.sample_size;
        number(if all == 0 { 0.0 } else { count(part) / count(all) * 100.0 })
    };
    let coverage = scope.coverage;
    let statuses: Map<String, Value> = scope
        .statuses
        .iter()
        .map(|share| {
            let value = json!({
                "items": number(share.amount.items),
                "points": number(share.amount.points),
                "category": share.category,
                "classification": share.class.as_str(),
            });
            (share.status.clone(), value)
        })
        .collect();
    json!({
        "total_items": number(scope.total.items),
        "total_points": number(scope.total.points),
        "completed_items": number(scope.completed.items),
        "completed_points": number(scope.completed.points),
        "remaining_items": number(scope.remaining.items),
        "remaining_points": number(scope.remaining.points),
        "estimated_items": number(scope.estimated.items),
        "estimated_points": number(scope.estimated.points),
        "remaining_total_points": number(scope.remaining_total_points),
        "points_field_available": coverage.is_sufficient(),
        "status_breakdown": statuses,
        "calculation_metadata": {
            "method": "status_category",
            "total_issues_processed": scope.processed,
            "points_field": field.unwrap_or_default(),
            "points_field_valid": coverage.is_sufficient(),
            "field_stats": {
                "field_exists_count": coverage.with_field,
                "valid_points_count": coverage.with_points,
                "sample_size": coverage.sample_size,
                "total_issues": scope.processed,
                "field_coverage_percent": percent(coverage.with_field),
                "valid_coverage_percent": percent(coverage.with_points),
                "threshold_met": coverage.is_sufficient(),
                "threshold_required": crate::delivery::scope::REQUIRED_COVERAGE,
            },
        },
    })
}

/// Weekly statistics as `statistics` holds them.
pub(super) fn statistics_value<'a>(issues: impl IntoIterator<Item = &'a IssueRow>, today: NaiveDate) -> Value {
    let weeks = weekly_statistics(issues, today);
    weeks
        .iter()
        .map(|week| {
            json!({
                "date": week.week.monday().to_string(),
                "completed_items": number(week.sums.completed_items),
                "completed_points": number(week.sums.completed_points),
                "created_items": number(week.sums.created_items),
                "created_points": number(week.sums.created_points),
            })
        })
        .collect()
}

fn velocity_value(rows: &[WeekRow], window: &[WeekRow]) -> Value {
    let (shown, all) = (legacy_velocity(window), legacy_velocity(rows));
    json!({
        "window_items": number(shown.items),
        "window_points": number(shown.points),
        "all_items": number(all.items),
        "all_points": number(all.points),
    })
}

fn averages_value(averages: WeeklyAverages) -> Value {
    let (mean, median) = (averages.mean, averages.median);
    [mean.items, mean.points, median.items, median.points].into_iter().map(number).collect()
}

fn throughput_value(sums: &[(String, WeekSum)]) -> Value {
    let week = |(label, sum): &(String, WeekSum)| {
        json!({
            "year_week": label,
            "completed_items": number(sum.completed_items),
            "completed_points": number(sum.completed_points),
        })
    };
    sums.iter().map(week).collect()
}

fn trend_value(trend: &PerformanceTrend) -> Value {
    json!({
        "trend_direction": trend.direction.as_str(),
        "percent_change": number(trend.percent_change),
        "current_avg": number(trend.current_average),
        "previous_avg": number(trend.previous_average),
        "is_significant": trend.is_significant,
        "weeks_compared": trend.weeks_compared,
    })
}

fn dashboard_value(query: &QueryData, now: Timestamp) -> Value {
    let rows = query.statistics.as_slice();
    let settings = DashboardSettings {
        total_items: total_scope(rows, query.remaining_items(), Column::Items),
        total_points: total_scope(rows, query.remaining_points(), Column::Points),
        factor: DEFAULT_DASHBOARD_FACTOR,
        window: query.settings.data_points_count,
        deadline: query.settings.deadline,
    };
    let board = dashboard(rows, &settings, now);
    json!({
        "settings": {
            "estimated_total_items": number(settings.total_items),
            "estimated_total_points": number(settings.total_points),
            "data_points_count": settings.window,
            "pert_factor": settings.factor,
            "deadline": date(settings.deadline),
        },
        "result": {
            "completion_forecast_date": date(board.completion_date),
            "completion_confidence": optional(board.confidence),
            "days_to_completion": board.days_to_completion,
            "days_to_deadline": board.days_to_deadline,
            "completion_percentage": number(board.completion_percentage),
            "remaining_items": number(board.remaining_items),
            "remaining_points": number(board.remaining_points),
            "current_velocity_items": number(board.velocity.items),
            "current_velocity_points": number(board.velocity.points),
            "velocity_trend": board.trend,
        },
        "pert_timeline": timeline_value(timeline(rows, &settings).as_ref()),
    })
}

fn timeline_value(timeline: Option<&Timeline>) -> Value {
    let day = |days: fn(&Timeline) -> i64| date(timeline.and_then(|line| later(line.from, days(line))));
    json!({
        "optimistic_date": day(|line| line.optimistic_days),
        "pessimistic_date": day(|line| line.pessimistic_days),
        "most_likely_date": day(|line| line.likely_days),
        "pert_estimate_date": day(|line| line.estimate_days),
        "optimistic_days": timeline.map(|line| line.optimistic_days),
        "pessimistic_days": timeline.map(|line| line.pessimistic_days),
        "most_likely_days": timeline.map(|line| line.likely_days),
        "confidence_range_days": timeline.map(|line| line.pessimistic_days - line.optimistic_days),
    })
}

fn total_points_value(query: &QueryData) -> Value {
    let rows = &query.statistics;
    let completed = Amount {
        items: rows.iter().map(|row| row.completed_items).sum(),
        points: rows.iter().map(|row| row.completed_points).sum(),
    };
    let estimated = Amount {
        items: query.scope_number("estimated_items").unwrap_or(0.0),
        points: query.scope_number("estimated_points").unwrap_or(0.0),
    };
    let (total, average) = total_points(query.remaining_items(), estimated, Some(completed), true);
    json!([number(total), number(average)])
}

fn scope_change_value(query: &QueryData) -> Value {
    let flows = flows(&query.legacy_window(), query.remaining_items(), query.remaining_points());
    let (baseline, corrected) = (flows.map(|flow| flow.legacy_baseline()), flows.map(|flow| flow.baseline()));
    let pair = |both: Both<f64>| json!({"items": number(both.items), "points": number(both.points)});
    let ratios = flows.map(|flow| flow.throughput_ratio());
    let rates = |baseline| {
        let rates = legacy_change_rates(flows, baseline);
        json!({"items_rate": number(rates.items), "points_rate": number(rates.points), "throughput_ratio": pair(ratios)})
    };
    let stability = legacy_stability(flows, baseline);
    let warns = is_growing_too_fast(legacy_change_rates(flows, baseline), ratios);
    json!({
        "baseline_as_in_app": pair(baseline),
        "baseline_corrected": pair(corrected),
        "change_rate": rates(baseline),
        "stability": {"items_stability": number(stability.items), "points_stability": number(stability.points)},
        "change_rate_with_corrected_baseline": rates(corrected),
        "threshold_20": {"status": if warns { "warning" } else { "info" }},
    })
}

fn growth_value(window: &[WeekRow]) -> Value {
    let growth = weekly_growth(window).into_iter();
    growth
        .map(|(week, growth)| {
            json!({
                "week_label": week.to_string(),
                "items_growth": number(growth.items),
                "points_growth": number(growth.points),
            })
        })
        .collect()
}

fn next_values(query: &QueryData) -> Value {
    let forecasts = METRICS.iter().map(|(metric, name)| {
        let history = stored_values(&query.snapshots, metric, name, 4);
        ((*metric).to_owned(), super::vectors::next_value_value(next_value(&history)))
    });
    Value::Object(forecasts.collect())
}
