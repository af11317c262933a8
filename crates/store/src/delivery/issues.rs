//! Issues of cached responses.

use std::borrow::Cow;
use std::collections::BTreeMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
#[cfg(feature = "sqlite")]
use diesel::{
    dsl::SqlTypeOf,
    query_builder::{AstPass, QueryFragment},
    sqlite::Sqlite,
};
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::{Issue, IssueFacts, IssueFilter, Moment, QueryKey};

use super::insert::insert_rows;
use super::{caches, first_after, rows};
use crate::exact::{ExactReader, ExactWriter, column_time, index_text};
#[cfg(feature = "sqlite")]
use crate::records::plain_insert::{PlainInsert, PlainRow, plain_insert};
use crate::schema::jira_issues;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = jira_issues)]
#[diesel(treat_none_as_default_value = false)]
struct IssueRow<'a> {
    cache: i64,
    place: i64,
    issue_id: Option<Cow<'a, str>>,
    issue_key: Option<Cow<'a, str>>,
    project_key: Option<Cow<'a, str>>,
    project_name: Option<Cow<'a, str>>,
    issue_type: Option<Cow<'a, str>>,
    is_subtask: Option<bool>,
    status: Option<Cow<'a, str>>,
    status_category: Option<Cow<'a, str>>,
    priority: Option<Cow<'a, str>>,
    assignee: Option<Cow<'a, str>>,
    resolution: Option<Cow<'a, str>>,
    summary: Option<Cow<'a, str>>,
    created: Option<Cow<'a, str>>,
    created_utc: Option<StoredTime>,
    updated: Option<Cow<'a, str>>,
    updated_utc: Option<StoredTime>,
    resolved: Option<Cow<'a, str>>,
    resolved_utc: Option<StoredTime>,
    points: Option<f64>,
    exact_texts: Option<String>,
    text: Cow<'a, str>,
}

#[cfg(feature = "sqlite")]
plain_insert! {
    IssueRow, jira_issues,
    cache place issue_id issue_key project_key project_name issue_type is_subtask status status_category priority
    assignee resolution summary created created_utc updated updated_utc resolved resolved_utc points exact_texts text
}

impl<'a> IssueRow<'a> {
    fn new(cache: i64, issue: &'a Issue) -> Self {
        let facts = &issue.facts;
        let mut exact = ExactWriter::default();
        let instant = |moment: &Option<Moment>| moment.as_ref()?.instant.map(column_time);
        let text = |moment: &'a Option<Moment>| moment.as_ref().map(|moment| moment.text.as_str());
        Self {
            cache,
            place: issue.ordinal,
            issue_id: exact.optional("issue_id", facts.id.as_deref()),
            issue_key: exact.optional_index("issue_key", facts.key.as_deref()),
            project_key: exact.optional_index("project_key", facts.project_key.as_deref()),
            project_name: exact.optional("project_name", facts.project_name.as_deref()),
            issue_type: exact.optional_index("issue_type", facts.issue_type.as_deref()),
            is_subtask: facts.is_subtask,
            status: exact.optional_index("status", facts.status.as_deref()),
            status_category: exact.optional("status_category", facts.status_category.as_deref()),
            priority: exact.optional("priority", facts.priority.as_deref()),
            assignee: exact.optional_index("assignee", facts.assignee.as_deref()),
            resolution: exact.optional("resolution", facts.resolution.as_deref()),
            summary: exact.optional("summary", facts.summary.as_deref()),
            created: exact.optional("created", text(&facts.created)),
            created_utc: instant(&facts.created),
            updated: exact.optional("updated", text(&facts.updated)),
            updated_utc: instant(&facts.updated),
            resolved: exact.optional("resolved", text(&facts.resolved)),
            resolved_utc: instant(&facts.resolved),
            points: exact.number("points", facts.points),
            text: exact.text("text", &issue.text),
            exact_texts: exact.finish(),
        }
    }

    fn into_issue(self) -> DomainResult<Issue> {
        let exact = ExactReader::new("issue", self.issue_key.as_deref().unwrap_or(""), self.exact_texts.as_deref())?;
        let moment = |column: &str, text| exact.optional(column, text).map(Moment::read);
        Ok(Issue {
            ordinal: self.place,
            facts: IssueFacts {
                id: exact.optional("issue_id", self.issue_id),
                project_key: exact.optional_index("project_key", self.project_key),
                project_name: exact.optional("project_name", self.project_name),
                issue_type: exact.optional_index("issue_type", self.issue_type),
                is_subtask: self.is_subtask,
                status: exact.optional_index("status", self.status),
                status_category: exact.optional("status_category", self.status_category),
                priority: exact.optional("priority", self.priority),
                assignee: exact.optional_index("assignee", self.assignee),
                resolution: exact.optional("resolution", self.resolution),
                summary: exact.optional("summary", self.summary),
                created: moment("created", self.created),
                updated: moment("updated", self.updated),
                resolved: moment("resolved", self.resolved),
                points: exact.number("points", self.points),
                key: exact.optional_index("issue_key", self.issue_key),
            },
            text: exact.text("text", self.text),
        })
    }
}

pub(super) fn save(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    cache_key: &str,
    issues: &[Issue],
) -> DomainResult<()> {
    transaction.require_write()?;
    let Some(cache) = caches::id(transaction, key, cache_key)? else {
        return Err(caches::not_found(key, cache_key));
    };
    // Of two for the same place, the later one counts.
    let issues: BTreeMap<i64, &Issue> = issues.iter().map(|issue| (issue.ordinal, issue)).collect();
    let (Some((first, _)), Some((last, _))) = (issues.first_key_value(), issues.last_key_value()) else {
        return Ok(());
    };
    let taken: Vec<i64> = query!(transaction, |conn| jira_issues::table
        .filter(jira_issues::cache.eq(cache))
        .filter(jira_issues::place.between(first, last))
        .select(jira_issues::place)
        .load(conn))?;
    for place in taken.iter().filter(|place| issues.contains_key(place)) {
        query!(transaction, |conn| diesel::delete(jira_issues::table.find((cache, place))).execute(conn))?;
    }
    insert_rows!(transaction, jira_issues, issues.values().map(|issue| IssueRow::new(cache, issue)))?;
    Ok(())
}

pub(super) fn page(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    cache_key: &str,
    after: Option<i64>,
    limit: usize,
) -> DomainResult<Vec<Issue>> {
    let (Some(cache), Some(first)) = (caches::id(transaction, key, cache_key)?, first_after(after)) else {
        return Ok(Vec::new());
    };
    let found = query!(transaction, |conn| jira_issues::table
        .filter(jira_issues::cache.eq(cache))
        .filter(jira_issues::place.ge(first))
        .order(jira_issues::place.asc())
        .limit(rows(limit))
        .select(IssueRow::as_select())
        .load(conn))?;
    found.into_iter().map(IssueRow::into_issue).collect()
}

pub(super) fn keys(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    cache_key: &str,
) -> DomainResult<Vec<(i64, Option<String>)>> {
    let Some(cache) = caches::id(transaction, key, cache_key)? else {
        return Ok(Vec::new());
    };
    let found: Vec<(i64, Option<String>, Option<String>)> = query!(transaction, |conn| jira_issues::table
        .filter(jira_issues::cache.eq(cache))
        .order(jira_issues::place.asc())
        .select((jira_issues::place, jira_issues::issue_key, jira_issues::exact_texts))
        .load(conn))?;
    let exact = |(place, key, texts): (i64, Option<String>, Option<String>)| {
        let exact = ExactReader::new("issue", key.as_deref().unwrap_or(""), texts.as_deref())?;
        Ok((place, exact.optional_index("issue_key", key.map(Cow::Owned))))
    };
    found.into_iter().map(exact).collect()
}

pub(super) fn list(
    transaction: &mut Transaction<'_>,
    key: &QueryKey,
    filter: &IssueFilter,
) -> DomainResult<Vec<Issue>> {
    // A query has one cached response, rarely two; asked one by one, each answer comes in its order from an index.
    let caches = match &filter.cache_key {
        Some(cache_key) => caches::id(transaction, key, cache_key)?.into_iter().collect(),
        None => caches::ids(transaction, key)?,
    };
    let (mut issues, mut left) = (Vec::new(), filter.limit.unwrap_or(usize::MAX));
    for cache in caches {
        if left == 0 {
            break;
        }
        let found = of_cache(transaction, cache, filter, left)?;
        left = left.saturating_sub(found.len());
        issues.extend(found);
    }
    Ok(issues)
}

fn of_cache(
    transaction: &mut Transaction<'_>,
    cache: i64,
    filter: &IssueFilter,
    limit: usize,
) -> DomainResult<Vec<Issue>> {
    let later = diesel::alias!(jira_issues as later_issues);
    let found = query!(transaction, |conn| {
        let mut accepted = jira_issues::table.filter(jira_issues::cache.eq(cache)).into_boxed();
        if let Some(status) = &filter.status {
            accepted = accepted.filter(jira_issues::status.eq(index_text(status)));
        }
        if let Some(assignee) = &filter.assignee {
            accepted = accepted.filter(jira_issues::assignee.eq(index_text(assignee)));
        }
        if let Some(issue_type) = &filter.issue_type {
            accepted = accepted.filter(jira_issues::issue_type.eq(index_text(issue_type)));
        }
        if let Some(project_key) = &filter.project_key {
            accepted = accepted.filter(jira_issues::project_key.eq(index_text(project_key)));
        }
        accepted
            .filter(not(exists(
                later
                    .filter(later.field(jira_issues::cache).eq(jira_issues::cache))
                    .filter(later.field(jira_issues::issue_key).eq(jira_issues::issue_key))
                    .filter(later.field(jira_issues::place).gt(jira_issues::place)),
            )))
            .order(jira_issues::place.asc())
            .limit(rows(limit))
            .select(IssueRow::as_select())
            .load(conn)
    })?;
    found.into_iter().map(IssueRow::into_issue).collect()
}
