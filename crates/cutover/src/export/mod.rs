//! Writing legacy files from the database.

mod document;
mod target;
mod tree;

pub(crate) use document::{DocumentExport, Exported, copy_document, export_document};
pub(crate) use target::{Folder, safe_path};
pub(crate) use tree::{elsewhere, groups, kept_files, set_aside};

use crate::area::{AREAS, Area};
use crate::bytes::to_u64;
use crate::error::{Error, Result};
use crate::ledger::is_replaced;
use crate::plan::kind_of;
use crate::progress::{Progress, Stage};
use crate::transact::read;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::{Document, DocumentState};
use landfast_domain::record::SourceRef;
use landfast_domain::{Repositories, Store};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use target::Target;

/// What to export, and where to.
pub struct ExportRequest<'a> {
    /// Owner of the rows.
    pub user: UserId,
    /// Folder to write into; made when absent. Documents of several imported folders go into one sub-folder
    /// each.
    pub target: &'a Path,
    /// Replaces files that are there. Without it, nothing is written when one is.
    pub overwrite: bool,
}

/// What an export wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ExportReport {
    /// The folder.
    pub target: PathBuf,
    /// Its files, in the order they were written.
    pub files: Vec<ExportedFile>,
    /// Rows written, by kind of record.
    pub rows: BTreeMap<String, u64>,
}

/// A file an export wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ExportedFile {
    /// Path below the target, with `/`.
    pub path: String,
    /// Length in bytes.
    pub size_bytes: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// SHA-256 of the imported file; `None` for a file that was not imported.
    pub source_sha256: Option<String>,
    /// Records that are written with other cells than they were imported with.
    pub edited: u64,
    /// Records left out because their row was deleted.
    pub dropped: u64,
    /// Rows that come from no document.
    pub appended: u64,
    /// Records in quarantine, written as they were.
    pub quarantined: u64,
}

/// Writes all documents of a user and all rows that came from none.
///
/// Bytes of unchanged records are copied; a file without any change comes out byte for byte, which is checked
/// while writing. Of a changed record only the changed cells are rendered. Records in quarantine keep their
/// bytes and their place. Rows made in Landfast are added to the file of their kind, which is made when
/// there is none.
///
/// Files get their names when all of them are complete and on disk.
///
/// # Errors
/// [`Error::Exists`], [`Error::HalfLoaded`], [`Error::HostilePath`], [`Error::Chunk`], [`Error::NotReproduced`],
/// [`Error::Render`], [`Error::RowsLeft`], [`Error::Interrupted`], [`Error::Io`], [`Error::Store`]. No file has got
/// its name then, but for an [`Error::Io`] while they get them.
pub fn export(
    store: &dyn Store,
    request: &ExportRequest<'_>,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<ExportReport> {
    let done = read(store, |repositories| {
        let target = Target::new(request.target, request.overwrite)?;
        let report = export_all(repositories, request, &target, progress, interrupt);
        progress.end();
        Ok((target, report?))
    });
    let (target, report) = done?;
    target.commit()?;
    Ok(report)
}

fn export_all(
    repositories: &mut dyn Repositories,
    request: &ExportRequest<'_>,
    target: &Target,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<ExportReport> {
    let documents = match repositories.imports() {
        Ok(imports) => imports.list_documents(&request.user)?,
        Err(landfast_domain::Error::Unsupported { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    if let Some(open) =
        documents.iter().find(|document| document.state != DocumentState::Loaded || is_replaced(document))
    {
        return Err(Error::HalfLoaded { path: open.path.clone() });
    }
    progress.begin(Stage::Export, documents.iter().map(|document| to_u64(document.size_bytes)).sum());
    let folders = folders(&documents);
    let mut report = ExportReport { target: request.target.to_owned(), ..ExportReport::default() };
    for area in AREAS {
        let plan = Plan::new(repositories, &request.user, area, &documents)?;
        let prefix = documents
            .iter()
            .find(|document| document.area == area.name())
            .and_then(|document| folders.get(&(document.area.as_str(), document.source.as_str())))
            .map_or("", String::as_str);
        if let Some(tree) = area.tree() {
            let export = tree::TreeExport {
                user: &request.user,
                area,
                documents: &documents,
                folders: &folders,
                plan: &plan,
                target,
                progress,
                interrupt,
            };
            report.files.extend(tree::export_tree(tree, repositories, &export)?);
            for table in area.tables() {
                report.rows.insert(table.entity().to_owned(), table.count(repositories, &request.user)?);
            }
            continue;
        }
        for document in documents.iter().filter(|document| document.area == area.name()) {
            let Some(kind) = kind_of(document) else {
                return Err(Error::HostilePath { path: document.path.clone() });
            };
            let folder = folders.get(&(document.area.as_str(), document.source.as_str())).map_or("", String::as_str);
            let folder = Folder { target, prefix: folder };
            let export = DocumentExport { user: &request.user, document, plan: &plan, folder, progress, interrupt };
            let exported = kind.export(repositories, export)?;
            *report.rows.entry(kind.entity().to_owned()).or_default() += exported.rows;
            report.files.push(exported.file);
        }
        for table in area.tables() {
            let own = OwnRows { user: &request.user, plan: &plan, folder: Folder { target, prefix } };
            let written = table.export_own(repositories, own)?;
            report.files.extend(written.files);
            let rows = report.rows.entry(table.entity().to_owned()).or_default();
            *rows += written.rows;
            let total = table.count(repositories, &request.user)?;
            if *rows != total {
                return Err(Error::RowsLeft { entity: table.entity(), written: *rows, total });
            }
        }
    }
    Ok(report)
}

/// Sub-folder for each imported folder; none when there is only one.
fn folders(documents: &[Document]) -> HashMap<(&str, &str), String> {
    let mut sources: Vec<(&str, &str)> = Vec::new();
    for document in documents {
        let source = (document.area.as_str(), document.source.as_str());
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    if let [only] = sources.as_slice() {
        return HashMap::from([(*only, String::new())]);
    }
    let mut taken = HashSet::new();
    let mut folders = HashMap::new();
    for source in sources {
        let last = source.1.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or("data");
        let plain: String =
            last.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).collect();
        let mut name = plain.clone();
        let mut number = 2;
        while !taken.insert(name.to_lowercase()) {
            name = format!("{plain}-{number}");
            number += 1;
        }
        folders.insert(source, format!("{name}/"));
    }
    folders
}

/// Which row goes into which file.
pub(crate) struct Plan {
    documents: HashSet<i64>,
    /// For each path the first document that has it.
    homes: HashMap<String, i64>,
    /// Paths that rows from no document belong to.
    own: HashSet<String>,
}

impl Plan {
    fn new(
        repositories: &mut dyn Repositories,
        user: &UserId,
        area: &dyn Area,
        documents: &[Document],
    ) -> Result<Self> {
        let mut plan = Self { documents: HashSet::new(), homes: HashMap::new(), own: HashSet::new() };
        for document in documents.iter().filter(|document| document.area == area.name()) {
            plan.documents.insert(document.id.0);
            plan.homes.entry(document.path.clone()).or_insert(document.id.0);
        }
        for table in area.tables() {
            plan.own.extend(table.own_paths(repositories, user, &plan)?);
        }
        Ok(plan)
    }

    /// Whether a row comes from no document that is exported.
    pub(crate) fn is_own(&self, source: Option<SourceRef>) -> bool {
        source.is_none_or(|source| !self.documents.contains(&source.document.0))
    }

    /// Whether a document with this path is exported.
    pub(crate) fn is_exported(&self, path: &str) -> bool {
        self.homes.contains_key(path)
    }

    /// Whether rows from no document are added to this one.
    pub(crate) fn adopts(&self, document: &Document) -> bool {
        self.own.contains(&document.path) && self.homes.get(&document.path) == Some(&document.id.0)
    }
}

/// What a table needs to write the rows that no document adopts.
pub(crate) struct OwnRows<'a> {
    pub(crate) user: &'a UserId,
    pub(crate) plan: &'a Plan,
    pub(crate) folder: Folder<'a>,
}

/// Files made for such rows.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) rows: u64,
    pub(crate) files: Vec<ExportedFile>,
}
