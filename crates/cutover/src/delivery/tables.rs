//! The tables of the area, for counts and digests.

use super::read::{entry_pages, issue_pages};
use crate::area::{Survey, Table};
use crate::digest::RowsDigest;
use crate::error::Result;
use crate::export::{OwnRows, Plan, Written};
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::delivery::{Profile, QueryKey};
use std::collections::{BTreeMap, BTreeSet};

/// All tables, in a fixed order.
pub(super) fn all() -> Vec<Box<dyn Table>> {
    let of = |entity, walk| -> Box<dyn Table> { Box::new(Rows { entity, walk }) };
    vec![
        of("profile", profiles),
        of("query", queries),
        of("project data", project_data),
        of("issue", issues),
        of("change log entry", entries),
        of("metrics week", weeks),
        of("application state", state),
    ]
}

/// Takes a row: its key and what it holds.
type Visit<'v> = dyn FnMut(&str, &[&str]) -> Result<()> + 'v;
type Walk = fn(&mut dyn Repositories, &mut Visit<'_>) -> Result<()>;

struct Rows {
    entity: &'static str,
    walk: Walk,
}

impl Table for Rows {
    fn entity(&self) -> &'static str {
        self.entity
    }

    fn count(&self, repositories: &mut dyn Repositories, _user: &UserId) -> Result<u64> {
        let mut count = 0;
        (self.walk)(repositories, &mut |_, _| {
            count += 1;
            Ok(())
        })?;
        Ok(count)
    }

    fn survey(&self, repositories: &mut dyn Repositories, _user: &UserId) -> Result<Survey> {
        let mut digest = RowsDigest::default();
        (self.walk)(repositories, &mut |key, texts| {
            digest.add_texts(key, texts);
            Ok(())
        })?;
        Ok(Survey { digest: digest.finish(), rows_of: BTreeMap::new() })
    }

    fn own_paths(
        &self,
        _repositories: &mut dyn Repositories,
        _user: &UserId,
        _plan: &Plan,
    ) -> Result<BTreeSet<String>> {
        Ok(BTreeSet::new())
    }

    fn export_own(&self, _repositories: &mut dyn Repositories, _own: OwnRows<'_>) -> Result<Written> {
        // The tree writes all rows.
        Ok(Written::default())
    }
}

/// Profiles by their ids.
pub(super) fn all_profiles(repositories: &mut dyn Repositories) -> Result<Vec<Profile>> {
    let mut profiles = Vec::new();
    for summary in repositories.delivery()?.list_profiles()? {
        profiles.extend(repositories.delivery()?.get_profile(&summary.id)?);
    }
    profiles.sort_by(|a, b| a.id().cmp(b.id()));
    Ok(profiles)
}

/// Keys of all queries, in order.
pub(super) fn all_queries(repositories: &mut dyn Repositories) -> Result<Vec<QueryKey>> {
    let mut keys = Vec::new();
    for profile in all_profiles(repositories)? {
        keys.extend(repositories.delivery()?.list_queries(profile.id())?.iter().map(|query| query.key().clone()));
    }
    keys.sort();
    Ok(keys)
}

fn profiles(repositories: &mut dyn Repositories, visit: &mut Visit<'_>) -> Result<()> {
    for profile in all_profiles(repositories)? {
        let texts = [profile.document().unwrap_or_default(), profile.registry_entry().unwrap_or_default()];
        visit(profile.id().as_str(), &texts)?;
    }
    Ok(())
}

fn queries(repositories: &mut dyn Repositories, visit: &mut Visit<'_>) -> Result<()> {
    for key in all_queries(repositories)? {
        if let Some(query) = repositories.delivery()?.get_query(&key)? {
            let texts = [query.document().unwrap_or_default(), query.cached_jql().unwrap_or_default()];
            visit(&key.to_string(), &texts)?;
        }
    }
    Ok(())
}

fn project_data(repositories: &mut dyn Repositories, visit: &mut Visit<'_>) -> Result<()> {
    for key in all_queries(repositories)? {
        if let Some(data) = repositories.delivery()?.get_project_data(&key)? {
            visit(&key.to_string(), &[&data.document])?;
        }
    }
    Ok(())
}

fn issues(repositories: &mut dyn Repositories, visit: &mut Visit<'_>) -> Result<()> {
    for key in all_queries(repositories)? {
        for cache in repositories.delivery()?.list_caches(&key)? {
            issue_pages(repositories.delivery()?, &key, &cache.cache_key, |page| {
                page.iter().try_for_each(|issue| {
                    visit(&format!("{key}/{}/{}", cache.cache_key, issue.ordinal), &[&issue.text])
                })
            })?;
        }
    }
    Ok(())
}

fn entries(repositories: &mut dyn Repositories, visit: &mut Visit<'_>) -> Result<()> {
    for key in all_queries(repositories)? {
        entry_pages(repositories.delivery()?, &key, |page| {
            page.iter()
                .try_for_each(|entry| visit(&format!("{key}/{}", entry.ordinal), &[&entry.issue_key, &entry.text]))
        })?;
    }
    Ok(())
}

fn weeks(repositories: &mut dyn Repositories, visit: &mut Visit<'_>) -> Result<()> {
    for key in all_queries(repositories)? {
        for snapshot in repositories.delivery()?.list_snapshots(&key, None, None)? {
            let name = format!("{key}/{}/{}", snapshot.label, snapshot.kind.as_str());
            visit(&name, &[&snapshot.ordinal.to_string(), &snapshot.metrics])?;
        }
    }
    Ok(())
}

fn state(repositories: &mut dyn Repositories, visit: &mut Visit<'_>) -> Result<()> {
    for (key, value) in repositories.delivery()?.list_app_state()? {
        visit(&key, &[&value])?;
    }
    for progress in repositories.delivery()?.list_task_progress()? {
        let texts = [progress.status.as_str(), &progress.message, &progress.updated_at.text];
        visit(&format!("progress/{}", progress.task_name), &texts)?;
    }
    if let Some(document) = repositories.delivery()?.get_task_state()? {
        visit("task", &[&document])?;
    }
    Ok(())
}
