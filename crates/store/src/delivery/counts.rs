//! Numbers of rows.

use diesel::prelude::*;
use landfast_domain::delivery::ROW_KINDS;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::schema::{
    app_state, jira_cache, jira_changelog_cache, jira_changelog_items, jira_changelogs, jira_issues, metric_values,
    metrics_snapshots, profiles, project_data, queries, task_progress, weekly_statistics,
};
use crate::transaction::{Transaction, query};

pub(super) fn of_rows(transaction: &mut Transaction<'_>) -> DomainResult<Vec<(&'static str, u64)>> {
    macro_rules! count {
        ($table:ident) => {{
            let count: i64 = query!(transaction, |conn| $table::table.count().get_result(conn))?;
            u64::try_from(count).map_err(DomainError::backend)?
        }};
    }
    // In the order of the names.
    let counts = [
        count!(app_state),
        count!(profiles),
        count!(queries),
        count!(jira_cache),
        count!(jira_issues),
        count!(jira_changelogs),
        count!(jira_changelog_cache),
        count!(jira_changelog_items),
        count!(project_data),
        count!(weekly_statistics),
        count!(metrics_snapshots),
        count!(metric_values),
        count!(task_progress),
    ];
    Ok(ROW_KINDS.into_iter().zip(counts).collect())
}
