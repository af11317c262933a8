//! `project_data.json`: weekly statistics and the scope.

use super::fields::POINTS_FIELD;
use super::tally::{Amount, Tally};
use super::team::Weeks;
use crate::clock::{aware, iso, micros, real};
use crate::json::{Json, Style, object};
use crate::python::rounded;
use chrono::NaiveDateTime;

/// The document of a query that was filled from Jira.
pub(super) fn calculated(tally: &Tally, weeks: &Weeks, jql: &str, points: bool, odd: bool) -> String {
    let now = weeks.now;
    let document = object! {
        "project_scope": scope(tally, now, points),
        "statistics": statistics(tally, weeks, odd),
        "metadata": object! {
            "source": "jira_calculated",
            "last_updated": micros(now),
            "version": "2.0",
            "jira_query": jql,
        },
        "metrics_history": history(tally, weeks),
    };
    document.text(Style::Literal)
}

/// What the creation of a query writes.
pub(super) fn initial(created: NaiveDateTime) -> String {
    let scope = object! { "total_items": 0, "estimated_items": 0, "total_points": 0, "estimated_points": 0 };
    let document = object! {
        "statistics": Json::List(Vec::new()),
        "project_scope": scope,
        "last_updated": aware(created),
        "version": "1.0",
    };
    document.text(Style::Literal)
}

fn statistics(tally: &Tally, weeks: &Weeks, odd: bool) -> Json {
    Json::list((0_u64..).zip(&tally.weeks).map(|(number, week)| {
        let points = |amount: &Amount| real(amount.points);
        let mut row = object! {
            "date": weeks.begin(number).date().to_string(),
            "completed_items": week.completed.items,
            "completed_points": points(&week.completed),
        };
        match number {
            // Edited by hand.
            7 if odd => {
                row.set("created_items", week.created.items.to_string());
                row.set("created_points", Json::Null);
            }
            _ => {
                row.set("created_items", week.created.items);
                row.set("created_points", points(&week.created));
            }
        }
        // An older conversion copied what was completed.
        if number < 4 {
            row.set("velocity_items", week.completed.items);
            row.set("velocity_points", points(&week.completed));
        }
        row
    }))
}

fn scope(tally: &Tally, now: NaiveDateTime, points: bool) -> Json {
    let (total, completed) = (tally.total, tally.completed);
    let (items, open_points) = (total.items - completed.items, total.points - completed.points);
    let unestimated = items - tally.estimated.items;
    let each =
        if tally.estimated.items == 0 { 0.0 } else { real(tally.estimated.points) / real(tally.estimated.items) };
    let statuses = tally.statuses.iter().map(|(name, (amount, category))| {
        let class = match *category {
            "done" => "COMPLETED",
            "new" => "TODO",
            _ => "IN_PROGRESS",
        };
        let entry = object! {
            "items": amount.items, "points": amount.points, "category": *category, "classification": class,
        };
        ((*name).to_owned(), entry)
    });
    let share = |count: u64| rounded(100.0 * real(count) / real(total.items.max(1)), 1);
    let stats = object! {
        "field_exists_count": tally.with_field,
        "valid_points_count": tally.with_points,
        "sample_size": total.items.min(10),
        "total_issues": total.items,
        "field_coverage_percent": share(tally.with_field),
        "valid_coverage_percent": share(tally.with_points),
        "threshold_met": points,
        "threshold_required": 0.5,
    };
    object! {
        "total_items": total.items,
        "total_points": total.points,
        "completed_items": completed.items,
        "completed_points": completed.points,
        "remaining_items": items,
        "remaining_points": open_points,
        "estimated_items": tally.estimated.items,
        "estimated_points": tally.estimated.points,
        "remaining_total_points": real(open_points) + each * real(unestimated),
        "points_field_available": points,
        "status_breakdown": Json::Object(statuses.collect()),
        "calculation_metadata": object! {
            "method": "status_category",
            "calculated_at": iso(now),
            "total_issues_processed": total.items,
            "points_field": if points { POINTS_FIELD } else { "" },
            "points_field_valid": points,
            "field_stats": stats,
        },
    }
}

/// The older store of trends: the last weeks, one entry a day at most.
fn history(tally: &Tally, weeks: &Weeks) -> Json {
    let begin = tally.weeks.len().saturating_sub(6);
    let recent = || (0_u64..).zip(&tally.weeks).skip(begin);
    let entry = |number: u64| {
        object! { "timestamp": micros(weeks.begin(number) + chrono::Duration::hours(8)), "time_period_days": 30 }
    };
    let dora = recent().map(|(number, week)| {
        let mut entry = entry(number);
        let rate = object! { "value": real(week.deployments), "unit": "deployments/week" };
        entry.set("deployment_frequency", rate);
        entry
    });
    let flow = recent().map(|(number, week)| {
        let mut entry = entry(number);
        entry.set("flow_velocity", object! { "value": real(week.completed.items), "unit": "items/week" });
        entry
    });
    object! { "dora_metrics": Json::list(dora), "flow_metrics": Json::list(flow) }
}
