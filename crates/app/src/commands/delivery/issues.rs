//! Cached issues.

use super::history;
use super::pick;
use crate::cli::{IssuesArgs, QueryPick};
use crate::commands::session::{Session, counted, seconds, utc, value_of};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::delivery::{
    ChangelogEntry, ChangelogItem, DeliveryRepository, Issue, IssueFilter, ItemFilter, Moment, QueryKey,
};
use landfast_domain::{Error, Result as DomainResult};
use serde_json::{Value, json};

/// `landfast delivery issues list`.
pub(super) fn list(session: &Session, args: &IssuesArgs) -> Result<Exit, Failure> {
    let filter = IssueFilter {
        cache_key: args.cache.clone(),
        status: args.status.clone(),
        assignee: args.assignee.clone(),
        issue_type: args.type_.clone(),
        project_key: args.project.clone(),
        limit: args.limit,
    };
    let (key, issues) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let key = pick::query(repository, &args.pick)?;
        let issues = match &args.key {
            None => repository.list_issues(&key, &filter)?,
            Some(issue) => {
                let mut found = with_key(repository, &key, issue, filter.cache_key.as_deref())?;
                found.retain(|(_, issue)| filter.accepts(&issue.facts));
                found.truncate(filter.limit.unwrap_or(usize::MAX));
                found.into_iter().map(|(_, issue)| issue).collect()
            }
        };
        Ok((key, issues))
    })?;
    let entries = || {
        let entries: Vec<Value> = issues.iter().map(to_json).collect();
        [("query", key.to_string().into()), ("issues", entries.into())]
    };
    let table = || {
        let columns = [
            ("key", Align::Left),
            ("type", Align::Left),
            ("status", Align::Left),
            ("assignee", Align::Left),
            ("points", Align::Right),
            ("summary", Align::Left),
        ];
        let mut table = Table::new(&columns);
        for Issue { facts, .. } in &issues {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            table.row([
                text(&facts.key),
                text(&facts.issue_type),
                text(&facts.status),
                text(&facts.assignee),
                facts.points.map(|points| points.to_string()).unwrap_or_default(),
                text(&facts.summary),
            ]);
        }
        table
    };
    session.list(entries, &format!("{} of {key}", counted(&issues, "issue")), table, None)
}

/// What is known of one issue.
struct Known {
    query: QueryKey,
    issues: Vec<(String, Issue)>,
    entry: Option<ChangelogEntry>,
    items: Vec<ChangelogItem>,
}

/// `landfast delivery issue show`.
pub(super) fn show(session: &Session, issue: &str, pick: &QueryPick) -> Result<Exit, Failure> {
    let known = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let query = pick::query(repository, pick)?;
        let issues = with_key(repository, &query, issue, None)?;
        let entry = repository.get_changelog_entry(&query, issue)?;
        let items = match &entry {
            // Of several entries of an issue the newest one counts.
            Some(entry) => {
                let filter = ItemFilter { issue_key: Some(issue.to_owned()), ..ItemFilter::default() };
                let mut items = repository.list_changelog_items(&query, &filter)?;
                items.retain(|item| item.entry == entry.ordinal);
                items
            }
            None => Vec::new(),
        };
        if issues.is_empty() && entry.is_none() {
            return Err(Error::NotFound { entity: "issue", key: issue.to_owned() });
        }
        Ok(Known { query, issues, entry, items })
    })?;
    if session.json { show_json(session, issue, &known) } else { show_page(session, issue, &known) }
}

fn show_json(session: &Session, key: &str, known: &Known) -> Result<Exit, Failure> {
    let cached = |(cache, issue): &(String, Issue)| {
        let mut value = to_json(issue);
        if let Value::Object(map) = &mut value {
            map.insert("cache_key".to_owned(), cache.as_str().into());
            map.insert("document".to_owned(), value_of(&issue.text));
            map.insert("text".to_owned(), issue.text.as_str().into());
        }
        value
    };
    let entry = known.entry.as_ref().map(|entry| {
        json!({
            "last_updated": entry.last_updated.as_ref().map(|moment| &moment.text), "expires_at": entry.expires_at.map(utc),
            "expired": entry.is_expired(session.clock.utc), "changes": entry.history_count(),
        })
    });
    output::print_json(output::document([
        ("query", known.query.to_string().into()),
        ("key", key.into()),
        ("issues", known.issues.iter().map(cached).collect::<Vec<_>>().into()),
        ("changelog", entry.into()),
        ("items", known.items.iter().map(history::to_json).collect::<Vec<_>>().into()),
    ]))?;
    Ok(Exit::Done)
}

fn show_page(session: &Session, key: &str, known: &Known) -> Result<Exit, Failure> {
    let mut page = Page::new();
    for (cache, Issue { facts, .. }) in &known.issues {
        page.heading(&output::safe(&format!("{key}  {}", facts.summary.as_deref().unwrap_or_default())));
        let time = |moment: &Option<Moment>| moment.as_ref().map(|moment| moment.text.clone());
        let pairs = [
            ("type", facts.issue_type.clone()),
            ("status", facts.status.clone()),
            ("priority", facts.priority.clone()),
            ("assignee", facts.assignee.clone()),
            ("resolution", facts.resolution.clone()),
            ("points", facts.points.map(|points| points.to_string())),
            ("created", time(&facts.created)),
            ("updated", time(&facts.updated)),
            ("resolved", time(&facts.resolved)),
            ("cached response", Some(cache.clone())),
        ];
        let pairs: Vec<(&str, String)> = pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        page.pairs(&pairs);
    }
    if known.issues.is_empty() {
        page.heading(&output::safe(key));
        page.line("  no cached response holds the issue; its history is kept");
    }
    if let Some(entry) = &known.entry {
        let state = match entry.expires_at {
            Some(expiry) if entry.is_expired(session.clock.utc) => format!("expired {} UTC", seconds(expiry)),
            Some(expiry) => format!("good until {} UTC", seconds(expiry)),
            None => "expired".to_owned(),
        };
        page.heading(&format!("{}, newest first ({state})", counted(&known.items, "changed field")));
        if !known.items.is_empty() {
            page.table(&history::table(&known.items, false));
        }
    }
    page.print()?;
    Ok(Exit::Done)
}

/// The issues with this key, one of each cached response: the newest, which stands last.
fn with_key(
    repository: &mut dyn DeliveryRepository,
    query: &QueryKey,
    key: &str,
    cache_key: Option<&str>,
) -> DomainResult<Vec<(String, Issue)>> {
    let mut found = Vec::new();
    for cache in repository.list_caches(query)? {
        if cache_key.is_some_and(|wanted| wanted != cache.cache_key) {
            continue;
        }
        let places = repository.issue_keys(query, &cache.cache_key)?;
        let Some((place, _)) = places.into_iter().rev().find(|(_, found)| found.as_deref() == Some(key)) else {
            continue;
        };
        let issues = repository.issues_page(query, &cache.cache_key, place.checked_sub(1), 1)?;
        found.extend(issues.into_iter().map(|issue| (cache.cache_key.clone(), issue)));
    }
    Ok(found)
}

fn to_json(issue: &Issue) -> Value {
    let facts = &issue.facts;
    let time = |moment: &Option<Moment>| moment.as_ref().map(|moment| moment.text.clone());
    json!({
        "key": facts.key, "id": facts.id, "project_key": facts.project_key, "project_name": facts.project_name,
        "issue_type": facts.issue_type, "is_subtask": facts.is_subtask, "status": facts.status,
        "status_category": facts.status_category, "priority": facts.priority, "assignee": facts.assignee,
        "resolution": facts.resolution, "summary": facts.summary, "created": time(&facts.created),
        "updated": time(&facts.updated), "resolved": time(&facts.resolved), "points": facts.points,
    })
}
