//! The runs area: directories of analysis runs in four layouts.
//!
//! Documents are records; the run is read anew from all documents of its directory whenever one of them is kept.
//! Result files stay where they are: they are listed, hashed where a manifest lists them, and never copied.

mod compare;
mod document;
mod files;
mod index;
mod place;
mod roles;
mod roots;
mod sight;
mod stored;
mod tables;
mod tree;

pub(crate) use compare::{columns, file_columns};
pub use landfast_legacy::runs::{HashFiles, ReadOptions as RunOptions};

use crate::area::{Area, Changes, Claim, Documents, FoundFile, Look, Share, Table, Tree};
use crate::document::DocumentKind;
use crate::error::Result;
use crate::keyed::Keyed;
use document::RunDocument;
use index::Index;
use landfast_domain::Repositories;
use landfast_domain::accounts::UserId;
use landfast_legacy::runs::INDEX_FILE;
use roots::roots_of;
use sight::{Sight, directory_of};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use tables::{RunFiles, Runs};

/// The runs area.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunsArea;

impl Area for RunsArea {
    fn name(&self) -> &'static str {
        "runs"
    }

    fn recognise(&self, folder: &Path) -> Result<Option<Claim>> {
        Ok(roots_of(folder)?.map(|roots| roots.claim))
    }

    /// Documents only, in the order they are loaded in.
    fn files(&self, folder: &Path, _others: &BTreeSet<String>) -> Result<Vec<FoundFile>> {
        match roots_of(folder)? {
            Some(roots) => files::documents_of(folder, &roots),
            None => Ok(Vec::new()),
        }
    }

    fn look(&self, folder: &Path, options: &RunOptions) -> Result<Look> {
        let Some(roots) = roots_of(folder)? else { return Ok(Look::default()) };
        let (sight, odd) = Sight::new(&roots, options)?;
        Ok(Look { odd, documents: Some(Box::new(Seen(Arc::new(sight)))) })
    }

    fn document(&self, path: &str) -> Option<Box<dyn DocumentKind>> {
        document(path, None)
    }

    fn tables(&self) -> Vec<Box<dyn Table>> {
        vec![Box::new(Runs), Box::new(RunFiles)]
    }

    fn copy(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, _users: &[UserId]) -> Result<()> {
        tree::each_run(source, &mut |source, run| {
            let files = source.runs()?.files(&run.id)?;
            target.runs()?.insert(run)?;
            Ok(target.runs()?.replace_files(&run.id, &files)?)
        })
    }

    fn tree(&self) -> Option<&dyn Tree> {
        Some(&Self)
    }
}

impl Tree for RunsArea {
    fn render(
        &self,
        repositories: &mut dyn Repositories,
        before: &BTreeMap<String, Vec<u8>>,
        share: &Share<'_>,
    ) -> Result<Changes> {
        tree::render(repositories, before, share)
    }
}

/// A folder that was looked at.
struct Seen(Arc<Sight>);

impl Documents for Seen {
    fn document(&self, path: &str) -> Option<Box<dyn DocumentKind>> {
        document(path, Some(&self.0))
    }
}

fn document(path: &str, sight: Option<&Arc<Sight>>) -> Option<Box<dyn DocumentKind>> {
    let sight = sight.map(Arc::clone);
    match (directory_of(path), path.split_once('/')) {
        (Some(directory), _) => Some(Box::new(Keyed(RunDocument::new(path, directory, sight)))),
        (None, Some((root, INDEX_FILE))) if root != ".landfast" => Some(Box::new(Keyed(Index { sight }))),
        _ => None,
    }
}
