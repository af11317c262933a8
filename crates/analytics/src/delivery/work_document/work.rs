//! What several parts of a document are measured on.

use crate::delivery::bugs::{Bug, bugs};
use crate::delivery::dora::DoraWork;
use crate::delivery::flow::{FlowIssue, StatusLists, flow_issues};
use crate::delivery::input::QueryData;

/// Paths of issues, roles of DORA and bugs of a query, made once for the original's answers and the right ones.
pub(in crate::delivery) struct Work<'a> {
    pub(super) query: &'a QueryData,
    pub(super) lists: StatusLists,
    pub(super) issues: Vec<FlowIssue<'a>>,
    /// Lists of the weekly metrics, with their issues; `None` when the lists are the same.
    weekly: Option<(StatusLists, Vec<FlowIssue<'a>>)>,
    pub(super) dora: DoraWork<'a>,
    pub(super) bugs: Vec<Bug>,
}

impl<'a> Work<'a> {
    pub(in crate::delivery) fn new(query: &'a QueryData) -> Self {
        let lists = StatusLists::read(&query.settings);
        let issues = flow_issues(query, &lists);
        let weekly = StatusLists::read_weekly(&query.settings);
        let weekly =
            (weekly != lists).then(|| (flow_issues(query, &weekly), weekly)).map(|(issues, lists)| (lists, issues));
        Self { lists, issues, weekly, dora: DoraWork::new(query), bugs: bugs(query), query }
    }

    /// Lists and issues of the metrics by week.
    pub(super) fn weekly(&self) -> (&StatusLists, &[FlowIssue<'a>]) {
        self.weekly.as_ref().map_or((&self.lists, &self.issues), |(lists, issues)| (lists, issues))
    }
}
