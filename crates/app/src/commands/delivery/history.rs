//! Changed fields of issues.

use super::pick;
use crate::cli::ChangelogArgs;
use crate::commands::session::{Session, counted};
use crate::failure::{Exit, Failure};
use crate::output::{Align, Table};
use landfast_domain::delivery::{ChangelogItem, ItemFilter, parse_instant};
use landfast_domain::time::Timestamp;
use serde_json::{Value, json};

/// `landfast delivery changelog list`.
pub(super) fn list(session: &Session, args: &ChangelogArgs) -> Result<Exit, Failure> {
    let filter = ItemFilter {
        issue_key: args.issue.clone(),
        field: args.field.clone(),
        from: instant("--from", args.from.as_deref())?,
        until: instant("--until", args.until.as_deref())?,
        limit: args.limit,
    };
    let (key, items) = session.read(|repositories| {
        let repository = repositories.delivery()?;
        let key = pick::query(repository, &args.pick)?;
        let items = repository.list_changelog_items(&key, &filter)?;
        Ok((key, items))
    })?;
    let entries = || {
        let entries: Vec<Value> = items.iter().map(to_json).collect();
        [("query", key.to_string().into()), ("items", entries.into())]
    };
    let heading = format!("{} of {key}, newest first", counted(&items, "changed field"));
    session.list(entries, &heading, || table(&items, true), None)
}

/// A changed field.
pub(super) fn to_json(item: &ChangelogItem) -> Value {
    json!({
        "issue_key": item.issue_key, "changed": item.changed.as_ref().map(|changed| &changed.text), "author": item.author,
        "field": item.field, "field_type": item.field_type, "from": item.from, "to": item.to,
    })
}

/// Changed fields, with the keys of their issues or without.
pub(super) fn table(items: &[ChangelogItem], with_issues: bool) -> Table {
    let mut columns = vec![("issue", Align::Left)];
    columns.retain(|_| with_issues);
    columns.extend(["changed", "field", "from", "to", "by"].map(|title| (title, Align::Left)));
    let mut table = Table::new(&columns);
    for item in items {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut cells = vec![item.issue_key.clone()];
        cells.retain(|_| with_issues);
        let changed = item.changed.as_ref().map(|changed| changed.text.clone()).unwrap_or_default();
        cells.extend([changed, text(&item.field), text(&item.from), text(&item.to), text(&item.author)]);
        table.row(cells);
    }
    table
}

fn instant(option: &str, text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let read = parse_instant(text).map(|(instant, _)| instant);
    read.map(Some).ok_or_else(|| {
        Failure::usage(format!("{option} {text:?} is no time"))
            .hint("write it as YYYY-MM-DD or YYYY-MM-DD HH:MM, for instance 2025-03-01")
    })
}
