//! The part about gaps.

use super::Members;
use crate::tasks::gaps::{Gap, gap_summary};
use crate::tasks::rows::{TaskData, TaskInput};
use serde_json::{Value, json};

/// Gaps over the instances of the active store. The original always read them from the CSV file.
pub(super) fn add(members: &mut Members, input: &TaskInput<'_>, data: &TaskData) {
    let report = gap_summary(input.instances, input.preferences.first());
    let gap = |gap: &Gap| {
        json!({
            "gap_days": gap.days,
            "gap_start_str": gap.start.to_seconds_text(),
            "gap_end_str": gap.end.to_seconds_text(),
            "instances_before": gap.rows_before,
            "instances_after": gap.rows_after,
        })
    };
    let summary = json!({
        "has_gaps": !report.gaps.is_empty(),
        "gap_count": report.gaps.len(),
        "gaps": report.gaps.iter().map(gap).collect::<Vec<Value>>(),
        "largest_gap": report.largest.as_ref().map(gap),
        "needs_decision": report.needs_decision,
        "preference": data.settings().gap_handling,
    });
    members.insert("gap_summary".to_owned(), summary);
}
