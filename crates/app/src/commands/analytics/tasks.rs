//! The tasks area.

use super::{Context, Session, answer};
use crate::cli::WhenArgs;
use crate::failure::{Exit, Failure};
use landfast_analytics::tasks::document;
use landfast_analytics::tasks::rows::TaskInput;
use landfast_domain::record::{Record, RecordKey};
use landfast_domain::tasks::{LegacyRow, PopupResponse};

/// `landfast analytics tasks`.
pub(super) fn run(context: &Context, when: &WhenArgs) -> Result<Exit, Failure> {
    let session = Session::open(context, when.now.as_deref(), when.json)?;
    let user = &context.user;
    let (tasks, instances, preferences, popups, others) = session.read(|repositories| {
        Ok((
            repositories.tasks().list(user)?,
            repositories.instances().list(user)?,
            repositories.preferences().list(user)?,
            repositories.popup_responses().list(user)?,
            repositories.legacy_rows().list(user)?,
        ))
    })?;
    let popups = if popups.is_empty() { popups_of_log(&others) } else { popups };
    let input = TaskInput { tasks: &tasks, instances: &instances, preferences: &preferences, popup_responses: &popups };
    let document = document(&input, session.clock.local);
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

/// File a dump of the popup log has, as a JSON list of rows.
const POPUP_LOG: &str = "popup_responses.json";

/// The popup log of a dump that was imported with the folder; the old program kept it in a database only.
fn popups_of_log(others: &[LegacyRow]) -> Vec<PopupResponse> {
    let dump = others.iter().find(|row| row.file.raw() == POPUP_LOG);
    let rows: Vec<serde_json::Map<String, serde_json::Value>> =
        dump.and_then(|row| serde_json::from_str(row.content.raw()).ok()).unwrap_or_default();
    let mut popups = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        let mut popup = PopupResponse::blank(RecordKey::from(format!("{POPUP_LOG}-{number}").as_str()));
        for (name, value) in row {
            let text = match value {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            popup.set_cell_named(name, text);
        }
        popups.push(popup);
    }
    popups
}
