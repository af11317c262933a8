//! Cached responses, sizes, the version of the schema.

use super::pick;
use crate::backend::store_failure;
use crate::cli::QueryPick;
use crate::commands::session::{Session, counted, seconds, utc};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::delivery::size::SizeReport;
use landfast_domain::delivery::state;
use serde_json::{Map, Value, json};

/// `landfast delivery cache list`.
pub(super) fn caches(session: &Session, pick: &QueryPick) -> Result<Exit, Failure> {
    let now = session.clock.utc;
    let (key, caches) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let key = pick::query(repository, pick)?;
        let mut caches = Vec::new();
        for cache in repository.list_caches(&key)? {
            let issues = repository.issue_keys(&key, &cache.cache_key)?.len();
            caches.push((cache, issues));
        }
        Ok((key, caches))
    })?;
    let entries = || {
        let entry = |(cache, issues): &(landfast_domain::delivery::JiraCache, usize)| {
            let facts = cache.facts();
            json!({
                "cache_key": cache.cache_key, "timestamp": super::profiles::text_of(&cache.timestamp),
                "expires_at": cache.expires_at.map(utc), "expired": cache.is_expired(now), "issues": issues,
                "version": facts.version, "jql": facts.jql, "fields": facts.fields, "total": facts.total,
            })
        };
        [("query", key.to_string().into()), ("caches", caches.iter().map(entry).collect::<Vec<Value>>().into())]
    };
    let table = || {
        let columns = [
            ("key", Align::Left),
            ("issues", Align::Right),
            ("filled", Align::Left),
            ("expires (UTC)", Align::Left),
            ("state", Align::Left),
        ];
        let mut table = Table::new(&columns);
        for (cache, issues) in &caches {
            let state = if cache.is_expired(now) { "expired" } else { "good" };
            let expires = cache.expires_at.map(seconds).unwrap_or_default();
            table.row([&cache.cache_key, &issues.to_string(), &cache.timestamp.text, &expires, state]);
        }
        table
    };
    session.list(entries, &format!("{} of {key}", counted(&caches, "cached response")), table, None)
}

/// `landfast delivery cache cleanup`.
pub(super) fn cleanup(session: &Session, dry_run: bool) -> Result<Exit, Failure> {
    let removed =
        session.rehearse(dry_run, |repositories| repositories.delivery()?.cleanup_expired_cache(session.clock.utc))?;
    let what = output::counted(removed, "expired response") + " and change-log entries";
    let line = if dry_run { format!("{what} would be removed") } else { format!("{what} removed") };
    session.done([("removed", removed.into()), ("dry_run", dry_run.into())], &line)
}

/// `landfast delivery size`.
pub(super) fn size(session: &Session) -> Result<Exit, Failure> {
    let row_counts = session.read(|repositories| repositories.delivery()?.row_counts())?;
    let total_bytes = match &session.opened.database {
        Some(database) => Some(database.size_bytes().map_err(|error| store_failure(&error).at(&session.opened.place))?),
        None => None,
    };
    let report = SizeReport { row_counts, total_bytes };
    if session.json {
        let rows: Map<String, Value> =
            report.row_counts.iter().map(|(kind, count)| ((*kind).to_owned(), (*count).into())).collect();
        output::print_json(output::document([
            ("place", session.opened.place.as_str().into()),
            ("rows", rows.into()),
            ("size_bytes", report.total_bytes.into()),
            ("planned_bytes", report.planned_bytes().into()),
            ("bytes_per_issue", report.bytes_per_issue().into()),
        ]))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[("kind", Align::Left), ("rows", Align::Right)]);
    for (kind, count) in &report.row_counts {
        table.row([(*kind).to_owned(), output::count(*count)]);
    }
    let mut page = Page::new();
    page.heading("Rows of the delivery area");
    page.table(&table);
    page.heading("Size");
    let unknown = || "unknown for a folder of files".to_owned();
    page.pairs(&[
        ("whole store", report.total_bytes.map_or_else(unknown, output::bytes)),
        ("planned for these rows", output::bytes(report.planned_bytes())),
        ("store per issue", report.bytes_per_issue().map_or_else(|| "–".to_owned(), output::bytes)),
    ]);
    page.print()?;
    Ok(Exit::Done)
}

/// `landfast delivery schema version`.
pub(super) fn schema_version(session: &Session) -> Result<Exit, Failure> {
    let version = session.read(|repositories| state::schema_version(repositories.delivery()?))?;
    session.done([("schema_version", version.as_str().into())], &version)
}
