//! A document of a run.

use super::place::{ScopePlace, kind_of, parts, still};
use super::roles::{is_main, item};
use super::sight::Sight;
use super::stored::{find, free_id, is_ours, set_text, text_of, was_loaded};
use super::{compare, compare::renewed};
use crate::document::{Bytes, CellDifference};
use crate::error::{Error, Result};
use crate::keyed::{Compared, Comparison, Decision, KeyedDocument, KeyedItem, Reading, Scope};
use landfast_domain::Repositories;
use landfast_domain::finding::{Finding, shown};
use landfast_domain::runs::{Run, RunDocuments, codes, documents};
use landfast_legacy::runs::{DocumentRole, FoundRun, HashFiles, Outcome, read_place};
use std::cell::RefCell;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Name of the kind of record of documents that a run is known by.
pub(super) const ENTITY: &str = "run";

/// A document in a run's directory. Its record is its text; the run is read anew from all texts whenever one of
/// them is kept.
pub(super) struct RunDocument {
    path: String,
    directory: String,
    sight: Option<Arc<Sight>>,
    state: Mutex<State>,
}

/// What is known once the document was read.
#[derive(Debug, Default, Clone)]
struct State {
    found: Option<Arc<FoundRun>>,
    role: Option<DocumentRole>,
    /// The directory is known by this document.
    is_main: bool,
    /// Whether the run in the database is made of this folder's documents; `None` before it was decided.
    is_ours: Option<bool>,
}

impl RunDocument {
    pub(super) fn new(path: &str, directory: &str, sight: Option<Arc<Sight>>) -> Self {
        Self { path: path.to_owned(), directory: directory.to_owned(), sight, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The directory as it is with these bytes of the document.
    fn look(&self, scope: &Scope<'_>, bytes: &[u8], hash: HashFiles) -> Result<FoundRun> {
        let (root, name, _) = parts(&self.path).unwrap_or(("", &self.path, ""));
        let seen = self.sight.as_ref().and_then(|sight| sight.directory(&self.directory));
        let place = ScopePlace {
            directory: &self.directory,
            location: seen.map(|seen| seen.location.as_path()),
            own: (&self.path, bytes),
            scope,
            failure: RefCell::new(None),
        };
        let kind = seen.map_or_else(|| kind_of(root), |seen| seen.kind);
        let location = seen.map(|seen| seen.location.clone()).unwrap_or_default();
        let found = read_place(kind, name, self.directory.clone(), &place, location, &still(hash));
        match place.failure.into_inner() {
            Some(failure) => Err(failure),
            None => Ok(found?),
        }
    }

    /// The directory with everything that belongs to this document: for the one it is known by the files with
    /// their hashes, too.
    fn look_well(&self, scope: &Scope<'_>, bytes: &[u8]) -> Result<FoundRun> {
        let found = self.look(scope, bytes, HashFiles::Nothing)?;
        match &self.sight {
            Some(sight)
                if sight.options.hash != HashFiles::Nothing && is_main(&found, &self.path) && !scope.is_earlier =>
            {
                self.look(scope, bytes, sight.options.hash)
            }
            _ => Ok(found),
        }
    }

    /// The stored run, if it is made of this folder's documents, with the directory it was found in.
    fn own_run(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<Option<(Run, Arc<FoundRun>)>> {
        let state = self.state().clone();
        let Some(found) = state.found.filter(|found| state.is_main && found.run().is_some()) else { return Ok(None) };
        let Some(run) = find(repositories, &self.directory)? else { return Ok(None) };
        let ours = match state.is_ours {
            Some(ours) => ours,
            None => is_ours(repositories, scope, kept_paths(&found))?,
        };
        Ok(ours.then_some((run, found)))
    }

    /// Keeps a text of the run's documents, and reads the run anew.
    fn keep(
        &self,
        repositories: &mut dyn Repositories,
        role: DocumentRole,
        text: &str,
        found: &FoundRun,
    ) -> Result<()> {
        let before = find(repositories, &self.directory)?;
        let mut documents = before.as_ref().map_or_else(RunDocuments::default, |run| run.documents.clone());
        set_text(&mut documents, role, Some(text.to_owned()));
        let reading = documents::read(found.layout, &self.directory, documents);
        let mut run = reading.map_err(|reject| self.corrupt(reject.message))?.run;
        match before {
            Some(before) => {
                (run.id, run.original_id) = (before.id, before.original_id);
                repositories.runs()?.update(&run)?;
            }
            None => {
                let id = free_id(repositories, self.sight.as_deref(), &run)?;
                if id != run.id {
                    run.original_id = Some(std::mem::replace(&mut run.id, id).to_string());
                }
                repositories.runs()?.insert(&run)?;
            }
        }
        Ok(())
    }

    fn corrupt(&self, value: String) -> Error {
        let (key, column) = (self.directory.clone(), "documents".to_owned());
        landfast_domain::Error::Corrupt { entity: ENTITY, key, column, value }.into()
    }
}

/// Documents of a directory whose texts a run keeps.
fn kept_paths(found: &FoundRun) -> impl Iterator<Item = &str> {
    let is_kept = |role| !matches!(role, DocumentRole::OtherManifest | DocumentRole::Index);
    found.documents.iter().filter(move |document| is_kept(document.role)).map(|document| document.path.as_str())
}

impl KeyedDocument for RunDocument {
    fn entity(&self) -> &'static str {
        let (_, _, below) = parts(&self.path).unwrap_or_default();
        match below {
            documents::METADATA_FILE => "run metadata",
            documents::SESSION_LOG_FILE => "session log",
            below if below.starts_with("output/") || below.ends_with(".manifest.json") => "manifest",
            _ => ENTITY,
        }
    }

    fn read(
        &self,
        scope: &Scope<'_>,
        mut source: Bytes<'_>,
        visit: &mut dyn FnMut(KeyedItem) -> Result<()>,
    ) -> Result<Reading> {
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(Error::io("read", Path::new(scope.path)))?;
        let found = Arc::new(self.look_well(scope, &bytes)?);
        let role = found.documents.iter().find(|document| document.path == self.path).map(|document| document.role);
        if !scope.is_earlier {
            let is_main = is_main(&found, &self.path);
            *self.state() = State { found: Some(Arc::clone(&found)), role, is_main, is_ours: None };
        }
        let dialect = match found.outcome {
            Outcome::Imported(_) => format!("JSON, layout {}", found.layout.as_str()),
            Outcome::Quarantined | Outcome::Orphan => String::new(),
        };
        visit(item(&found, &self.path, role, bytes))?;
        Ok(Reading { dialect, ..Reading::default() })
    }

    fn count(&self, _source: Bytes<'_>) -> Result<u64> {
        // The document is the record.
        Ok(1)
    }

    fn begin(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>) -> Result<()> {
        Ok(())
    }

    fn stored(&self, repositories: &mut dyn Repositories, _: &Scope<'_>, keys: &[&str]) -> Result<Vec<Option<String>>> {
        let Some(role) = self.state().role.filter(|_| !keys.is_empty()) else {
            return Ok(keys.iter().map(|_| None).collect());
        };
        let run = find(repositories, &self.directory)?;
        let text = run.as_ref().and_then(|run| text_of(&run.documents, role));
        Ok(keys.iter().map(|_| text.cloned()).collect())
    }

    fn decide(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, record: Compared<'_>) -> Result<Decision> {
        let found = self.state().found.clone();
        let exists = find(repositories, &self.directory)?.is_some();
        let ours = match (record.base, &found) {
            (Some(_), _) => true,
            (None, Some(found)) if exists => is_ours(repositories, scope, kept_paths(found))?,
            (None, Some(found)) => was_loaded(repositories, scope, kept_paths(found))?,
            (None, None) => false,
        };
        self.state().is_ours = Some(ours || !exists);
        Ok(match (record.base, exists, record.row) {
            (Some(_), ..) => Decision::new(record.text, record.base, record.row),
            // What else the directory has was loaded, and the run was deleted here.
            (None, false, _) if ours => Decision::Deleted,
            (None, false, _) => Decision::Insert,
            (None, true, None) if ours => Decision::Insert,
            (None, true, Some(row)) if ours && row == record.text => Decision::Keep,
            (None, true, Some(_)) if ours => Decision::Conflict,
            (None, true, Some(row)) if row == record.text => Decision::Duplicate,
            (None, true, _) => Decision::Taken,
        })
    }

    fn is_reconsidered(&self, code: &str) -> bool {
        super::roles::NEEDS_FOLDER.contains(&code)
    }

    fn is_set_aside(&self, entry_code: &str) -> bool {
        use crate::load::code;
        let merged = [
            code::CHANGED_ON_BOTH_SIDES,
            code::DELETED_IN_DATABASE,
            code::SAME_IN_OTHER_SOURCE,
            code::ID_IN_OTHER_SOURCE,
        ];
        // Without the folder, links and files that are no documents are not seen.
        merged.contains(&entry_code) || (self.sight.is_none() && self.is_reconsidered(entry_code))
    }

    fn save(&self, repositories: &mut dyn Repositories, _scope: &Scope<'_>, items: &[&KeyedItem]) -> Result<()> {
        let state = self.state().clone();
        let (Some(found), Some(role)) = (&state.found, state.role) else { return Ok(()) };
        items
            .iter()
            .filter_map(|item| item.outcome.as_ref().ok())
            .try_for_each(|text| self.keep(repositories, role, text, found))
    }

    fn delete(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>, _key: &str) -> Result<()> {
        // A run stays when one of its documents is not understood any more.
        Ok(())
    }

    fn end(&self, _repositories: &mut dyn Repositories, _scope: &Scope<'_>, _reading: &Reading) -> Result<()> {
        Ok(())
    }

    /// The list of files is brought up to date with the directory.
    fn refresh(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>, write: bool) -> Result<bool> {
        if self.sight.is_none() {
            return Ok(false);
        }
        let Some((run, found)) = self.own_run(repositories, scope)? else { return Ok(false) };
        let stored = repositories.runs()?.files(&run.id)?;
        let files = renewed(&stored, &found.files);
        let is_outdated = files != stored;
        if is_outdated && write {
            repositories.runs()?.replace_files(&run.id, &files)?;
        }
        Ok(is_outdated)
    }

    /// A run whose id belongs to another one.
    fn remarks(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<Vec<Finding>> {
        let state = self.state().clone();
        let Some(found) = state.found.filter(|_| state.is_main) else { return Ok(Vec::new()) };
        let Some(read) = found.run() else { return Ok(Vec::new()) };
        let (id, original) = match find(repositories, &self.directory)? {
            None => (free_id(repositories, self.sight.as_deref(), read)?, read.id.to_string()),
            Some(_) => match self.own_run(repositories, scope)? {
                Some((run, _)) => (run.id.clone(), run.original_id.unwrap_or_else(|| run.id.to_string())),
                None => return Ok(Vec::new()),
            },
        };
        if id.as_str() == original {
            return Ok(Vec::new());
        }
        let message = format!("{} belongs to another run; this one is {}", shown(&original), shown(id.as_str()));
        Ok(vec![Finding::new(codes::DUPLICATE_RUN_ID, "run_id", message)])
    }

    /// Columns are compared with the documents, the list of files with the directory.
    fn beside(&self, repositories: &mut dyn Repositories, scope: &Scope<'_>) -> Result<Comparison> {
        let mut compared = Comparison::default();
        let Some((run, found)) = self.own_run(repositories, scope)? else { return Ok(compared) };
        compare::compare_columns(&run, &mut compared);
        if self.sight.is_none() {
            compared.not_checked = Some("result files of runs: no folder was given".to_owned());
            return Ok(compared);
        }
        if run.layout != found.layout {
            let (source, database) = (found.layout.as_str().to_owned(), run.layout.as_str().to_owned());
            let cell = CellDifference { column: "layout".to_owned(), source, database };
            compared.differences.push(("rows", cell, "the value differs".to_owned()));
        }
        compare::compare_files(&repositories.runs()?.files(&run.id)?, &found.files, &mut compared);
        Ok(compared)
    }
}
