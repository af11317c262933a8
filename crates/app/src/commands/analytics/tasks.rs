//! The tasks area.

use super::{Context, Session, answer};
use crate::cli::WhenArgs;
use crate::failure::{Exit, Failure};
use landfast_analytics::tasks::{TaskRecords, document};
use serde_json::Value;

/// `landfast analytics tasks`.
pub(super) fn run(context: &Context, when: &WhenArgs) -> Result<Exit, Failure> {
    let (session, document) = whole(context, when)?;
    let headlines = [
        ("templates", "/counts/tasks"),
        ("attempts", "/counts/instances"),
        ("open", "/counts/active"),
        ("completed per day", "/get_dashboard_metrics/counts/daily_completed"),
        ("completion rate", "/get_dashboard_metrics/counts/completion_rate"),
        ("average relief", "/get_dashboard_metrics/quality/avg_relief"),
        ("life balance", "/get_dashboard_metrics/life_balance/balance_score"),
        ("total relief", "/get_relief_summary/total_relief_score"),
        ("productivity of the week", "/get_relief_summary/weekly_productivity_score"),
        ("grit of the week", "/get_relief_summary/weekly_grit_score"),
    ];
    answer(&session, document, "Tasks", &headlines)
}

/// The document of the area.
pub(super) fn whole(context: &Context, when: &WhenArgs) -> Result<(Session, Value), Failure> {
    let session = Session::open(context, when.now.as_deref(), when.json)?;
    let records = session.read(|repositories| TaskRecords::read(repositories, &context.user))?;
    let document = document(&records.input(), session.clock.local);
    Ok((session, document))
}
