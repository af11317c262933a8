//! The tasks area.

use super::{Context, Session, answer, periods};
use crate::cli::{TasksWhenArgs, WhenArgs};
use crate::failure::{Exit, Failure};
use crate::output;
use landfast_analytics::tasks::relations::compare_periods;
use landfast_analytics::tasks::rows::TaskData;
use landfast_analytics::tasks::{Clock, Scores, TaskRecords, document};
use serde_json::{Value, json};

/// `landfast analytics tasks`.
pub(super) fn run(context: &Context, args: &TasksWhenArgs) -> Result<Exit, Failure> {
    if args.periods.compare.is_some() {
        return compare(context, args);
    }
    let (session, document) = whole(context, &args.when)?;
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

/// `landfast analytics tasks --compare`.
fn compare(context: &Context, args: &TasksWhenArgs) -> Result<Exit, Failure> {
    let session = Session::open(context, args.when.now.as_deref(), args.when.json)?;
    let now = session.clock.local;
    let (first, second) = periods::read(&args.periods, now)?;
    let records = session.read(|repositories| TaskRecords::read(repositories, &context.user))?;
    let data = TaskData::new(&records.input());
    let comparison = compare_periods(&data, &Scores::new(&data, Clock::from(now)), first, second);
    if session.json {
        output::print_json(output::document([("comparison", json!(comparison))]))?;
        return Ok(Exit::Done);
    }
    periods::print(&[("Tasks", &comparison)])?;
    Ok(Exit::Done)
}
