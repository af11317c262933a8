//! The delivery area: a tree of profiles, queries and their JSON documents.

mod changelog;
mod copy;
mod issues;
mod parents;
mod read;
mod registry;
mod single;
mod tables;
mod weeks;

use crate::area::{Area, Changes, Claim, FoundFile, Look, Odd, Share, Table, Tree};
use crate::document::DocumentKind;
use crate::error::{Error, Result};
use crate::keyed::Keyed;
use crate::runs::RunOptions;
use issues::{Issues, number};
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::delivery::{ProfileId, QueryId, QueryKey};
use landfast_legacy::delivery::{
    DeliveryFile, OwnFile, QueryDocument, Tree as Found, classify, list_files, load, read_files, render,
};
use single::Single;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The delivery area.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeliveryArea;

/// Names directly in a tree's folder that are the tree's.
const ROOT_NAMES: [&str; 11] = [
    "profiles",
    "task_progress.json",
    "task_progress.json.restart",
    "jira_query_profiles.json",
    "metrics_cache.json",
    "cache",
    "app_settings.json",
    "forecast_settings.json",
    "project_data.json",
    "jira_cache.json",
    "jira_changelog_cache.json",
];

/// Folders with more than this many bytes are not looked over as a whole, only document by document.
const LARGEST_LOOK: u64 = 64 << 20;

impl Area for DeliveryArea {
    fn name(&self) -> &'static str {
        "delivery"
    }

    fn recognise(&self, folder: &Path) -> Result<Option<Claim>> {
        Ok(Found::at(folder)?.map(|tree| {
            if tree.is_profiles_folder {
                Claim::Everything
            } else {
                Claim::Names(ROOT_NAMES.into_iter().map(str::to_owned).collect())
            }
        }))
    }

    /// In the order they are loaded in: what others hang on comes first.
    fn files(&self, folder: &Path, others: &BTreeSet<String>) -> Result<Vec<FoundFile>> {
        let Some(tree) = Found::at(folder)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for path in list_files(&tree)? {
            let root = path.split('/').next().unwrap_or_default();
            let is_claimed = tree.is_profiles_folder || ROOT_NAMES.contains(&root) || path == OwnFile::PATH;
            if !is_claimed || others.contains(root) {
                continue;
            }
            let location = tree.locate(&path);
            let size_bytes = fs::metadata(&location).map_err(Error::io("look at", &location))?.len();
            let not_read = reason(classify(&path));
            found.push(FoundFile { path, location, size_bytes, not_read });
        }
        found.sort_by(|a, b| (rank(&a.path), &a.path).cmp(&(rank(&b.path), &b.path)));
        Ok(found)
    }

    fn look(&self, folder: &Path, _options: &RunOptions) -> Result<Look> {
        let Some(tree) = Found::at(folder)? else { return Ok(Look::default()) };
        let paths = list_files(&tree)?;
        let size: u64 = paths.iter().map(|path| fs::metadata(tree.locate(path)).map_or(0, |file| file.len())).sum();
        if size > LARGEST_LOOK {
            return Ok(Look::default());
        }
        let loaded = load(&read_files(&tree)?)?;
        let odd = loaded
            .findings
            .into_iter()
            .map(|placed| Odd {
                path: placed.path,
                code: placed.finding.code,
                field: placed.finding.field,
                message: placed.finding.message,
            })
            .collect();
        Ok(Look { odd, documents: None })
    }

    fn document(&self, path: &str) -> Option<Box<dyn DocumentKind>> {
        let single = |single: Single| -> Option<Box<dyn DocumentKind>> { Some(Box::new(Keyed(single))) };
        match classify(path) {
            DeliveryFile::Registry => single(Single::Registry),
            DeliveryFile::Settings(id) => single(ProfileId::new(id).map_or(Single::Unusable, Single::Settings)),
            DeliveryFile::OldSettings(id) => single(ProfileId::new(id).map_or(Single::Unusable, Single::OldSettings)),
            DeliveryFile::TaskProgress => single(Single::TaskProgress),
            DeliveryFile::SavedQueries => single(Single::SavedQueries),
            DeliveryFile::Query(profile, query, document) => {
                let (Ok(profile), Ok(query)) = (ProfileId::new(profile), QueryId::new(query)) else {
                    return single(Single::Unusable);
                };
                let key = QueryKey::new(profile, query);
                match document {
                    QueryDocument::Query => single(Single::Query(key)),
                    QueryDocument::ProjectData => single(Single::ProjectData(key)),
                    QueryDocument::JiraCache | QueryDocument::MoreJiraCache(_) => {
                        Some(Box::new(Keyed(Issues::new(key))))
                    }
                    QueryDocument::Changelog => Some(Box::new(Keyed(changelog::Changes::new(key)))),
                    QueryDocument::Snapshots => Some(Box::new(Keyed(weeks::Weeks::new(key)))),
                }
            }
            DeliveryFile::Own => single(Single::Own),
            DeliveryFile::Derived
            | DeliveryFile::OldInstallation
            | DeliveryFile::Leftover
            | DeliveryFile::Database
            | DeliveryFile::Unknown => None,
        }
    }

    fn tables(&self) -> Vec<Box<dyn Table>> {
        tables::all()
    }

    fn tree(&self) -> Option<&dyn Tree> {
        Some(&Self)
    }

    fn copy(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, _users: &[UserId]) -> Result<()> {
        copy::copy(source, target)
    }
}

/// Why a file is copied into the backup, but not loaded.
fn reason(file: DeliveryFile<'_>) -> Option<&'static str> {
    match file {
        DeliveryFile::Derived => Some("a copy or a result of other files; copied into the backup, not loaded"),
        DeliveryFile::OldInstallation => {
            Some("from before profiles; copied into the backup, not loaded: start the old program once to move it")
        }
        DeliveryFile::Leftover => Some("left by an interrupted write; copied into the backup, not loaded"),
        DeliveryFile::Database => Some("a database of a later version; copied into the backup, not loaded"),
        DeliveryFile::Unknown => Some("not one of the tree's files; copied into the backup, not loaded"),
        _ => None,
    }
}

/// Place in the order of loading.
fn rank(path: &str) -> u8 {
    match classify(path) {
        DeliveryFile::Settings(_) => 0,
        DeliveryFile::OldSettings(_) => 1,
        DeliveryFile::Query(_, _, QueryDocument::Query) => 2,
        DeliveryFile::Query(..) => 3,
        DeliveryFile::Registry => 4,
        // It says what all others left open.
        DeliveryFile::Own => 6,
        _ => 5,
    }
}

impl Tree for DeliveryArea {
    fn render(
        &self,
        repositories: &mut dyn Repositories,
        before: &BTreeMap<String, Vec<u8>>,
        share: &Share<'_>,
    ) -> Result<Changes> {
        let mut changes = render(repositories.delivery()?, before)?;
        changes.retain(|path, _| before.contains_key(path) || (share.adopts && !share.elsewhere.contains(path)));
        // No row says that a document is there which was set aside; its bytes stay all the same.
        changes.retain(|path, change| change.is_some() || !share.set_aside.contains(path));
        // What all profiles share is the first folder's.
        changes.retain(|path, _| share.adopts || path.split('/').count() > 2 || !share.elsewhere.contains(path));
        Ok(changes)
    }
}

/// Texts of rows that are asked for by their numbers, which ascend; `page` gives up to so many rows after a
/// number.
fn rows_at(
    keys: &[&str],
    mut page: impl FnMut(Option<i64>, usize) -> Result<Vec<(i64, String)>>,
) -> Result<Vec<Option<String>>> {
    let mut texts = Vec::with_capacity(keys.len());
    let mut rows: BTreeMap<i64, String> = BTreeMap::new();
    let mut read_to = None;
    for (at, key) in keys.iter().enumerate() {
        let wanted = number(key);
        if read_to.is_none_or(|read_to| wanted > read_to) {
            let limit = keys.len() - at;
            let found = page(Some(wanted - 1), limit)?;
            read_to = Some(match found.last() {
                Some((last, _)) if found.len() == limit => *last,
                _ => i64::MAX,
            });
            rows = found.into_iter().collect();
        }
        texts.push(rows.remove(&wanted));
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_with_few_questions() {
        let rows = [0, 1, 2, 5, 9];
        let mut asked = 0;
        let texts = rows_at(&["0", "1", "3", "5", "9", "11"], |after, limit| {
            asked += 1;
            let found = rows.iter().filter(|row| after.is_none_or(|after| **row > after)).take(limit);
            Ok(found.map(|row| (*row, row.to_string())).collect())
        });
        let texts: Vec<_> = texts.unwrap().into_iter().map(Option::unwrap_or_default).collect();
        assert_eq!((texts.join(","), asked), ("0,1,,5,9,".to_owned(), 1));
    }
}
