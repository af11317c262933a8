//! All runs, and the lists of their files.

use super::compare::{columns, file_columns};
use super::document::ENTITY;
use super::tree::each_run;
use crate::area::{Survey, Table};
use crate::bytes::to_u64;
use crate::digest::RowsDigest;
use crate::error::Result;
use crate::export::{OwnRows, Plan, Written};
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_domain::runs::{Run, RunFilter};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of runs.
pub(super) struct Runs;

impl Table for Runs {
    fn entity(&self) -> &'static str {
        ENTITY
    }

    fn count(&self, repositories: &mut dyn Repositories, _user: &UserId) -> Result<u64> {
        Ok(repositories.runs()?.count(&RunFilter::default())?)
    }

    fn survey(&self, repositories: &mut dyn Repositories, _user: &UserId) -> Result<Survey> {
        let mut digest = RowsDigest::default();
        each_run(repositories, &mut |_, run| {
            add(&mut digest, run.id.as_str(), &texts(run));
            Ok(())
        })?;
        Ok(Survey { digest: digest.finish(), rows_of: BTreeMap::new() })
    }

    fn own_paths(&self, _: &mut dyn Repositories, _: &UserId, _: &Plan) -> Result<BTreeSet<String>> {
        Ok(BTreeSet::new())
    }

    fn export_own(&self, _: &mut dyn Repositories, _: OwnRows<'_>) -> Result<Written> {
        // The tree writes all runs.
        Ok(Written::default())
    }
}

/// Rows of the lists of files.
pub(super) struct RunFiles;

impl Table for RunFiles {
    fn entity(&self) -> &'static str {
        "run file"
    }

    fn count(&self, repositories: &mut dyn Repositories, _user: &UserId) -> Result<u64> {
        let mut files = 0;
        each_run(repositories, &mut |repositories, run| {
            files += to_u64(repositories.runs()?.files(&run.id)?.len());
            Ok(())
        })?;
        Ok(files)
    }

    fn survey(&self, repositories: &mut dyn Repositories, _user: &UserId) -> Result<Survey> {
        let mut digest = RowsDigest::default();
        each_run(repositories, &mut |repositories, run| {
            for file in repositories.runs()?.files(&run.id)? {
                let mut texts = vec![Some(file.filename.clone())];
                texts.extend(file_columns(&file).map(|(_, text)| text));
                add(&mut digest, run.id.as_str(), &texts);
            }
            Ok(())
        })?;
        Ok(Survey { digest: digest.finish(), rows_of: BTreeMap::new() })
    }

    fn own_paths(&self, _: &mut dyn Repositories, _: &UserId, _: &Plan) -> Result<BTreeSet<String>> {
        Ok(BTreeSet::new())
    }

    fn export_own(&self, _: &mut dyn Repositories, _: OwnRows<'_>) -> Result<Written> {
        // Files stay where they are.
        Ok(Written::default())
    }
}

fn texts(run: &Run) -> Vec<Option<String>> {
    let documents = &run.documents;
    let mut texts = vec![run.original_id.clone(), Some(run.directory.clone())];
    texts
        .extend([&documents.state, &documents.manifest, &documents.metadata, &documents.session_log].map(Clone::clone));
    texts.extend(columns(run).map(|(_, text)| text));
    texts
}

/// Adds a row; an absent text is not an empty one.
fn add(digest: &mut RowsDigest, key: &str, texts: &[Option<String>]) {
    let marked: Vec<String> =
        texts.iter().map(|text| text.as_ref().map_or_else(String::new, |text| format!("={text}"))).collect();
    digest.add_texts(key, &marked.iter().map(String::as_str).collect::<Vec<_>>());
}
