//! Copying the area from one database to another.

use super::read::{entry_pages, issue_pages};
use super::tables::{all_profiles, all_queries};
use crate::error::Result;
use landfast_domain::Repositories;
use landfast_domain::delivery::QueryKey;

/// Copies all rows of the area.
pub(super) fn copy(source: &mut dyn Repositories, target: &mut dyn Repositories) -> Result<()> {
    for profile in all_profiles(source)? {
        target.delivery()?.save_profile(&profile)?;
    }
    for key in all_queries(source)? {
        if let Some(query) = source.delivery()?.get_query(&key)? {
            target.delivery()?.save_query(&query)?;
        }
        copy_query(source, target, &key)?;
    }
    for (key, value) in source.delivery()?.list_app_state()? {
        target.delivery()?.set_app_state(&key, &value)?;
    }
    for progress in source.delivery()?.list_task_progress()? {
        target.delivery()?.save_task_progress(&progress)?;
    }
    if let Some(document) = source.delivery()?.get_task_state()? {
        target.delivery()?.save_task_state(&document)?;
    }
    Ok(())
}

fn copy_query(source: &mut dyn Repositories, target: &mut dyn Repositories, key: &QueryKey) -> Result<()> {
    for cache in source.delivery()?.list_caches(key)? {
        target.delivery()?.save_cache(&cache)?;
        issue_pages(source.delivery()?, key, &cache.cache_key, |page| {
            Ok(target.delivery()?.save_issues(key, &cache.cache_key, &page)?)
        })?;
    }
    if let Some(changelog) = source.delivery()?.get_changelog(key)? {
        target.delivery()?.save_changelog(&changelog)?;
        entry_pages(source.delivery()?, key, |page| Ok(target.delivery()?.save_changelog_entries(key, &page)?))?;
    }
    if let Some(data) = source.delivery()?.get_project_data(key)? {
        target.delivery()?.save_project_data(&data)?;
    }
    let snapshots = source.delivery()?.list_snapshots(key, None, None)?;
    Ok(target.delivery()?.save_snapshots(key, &snapshots)?)
}
