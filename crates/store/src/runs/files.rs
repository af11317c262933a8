//! Lists of the files of runs.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::runs::{HashOutcome, RunFile, RunId, TimeText};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::records;
use crate::exact::{ExactReader, ExactWriter, index_text};
use crate::schema::run_files;
use crate::transaction::{Transaction, query};

/// Name of the kind of record for messages.
const ENTITY: &str = "run file";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = run_files, primary_key(run_id, filename))]
#[diesel(treat_none_as_default_value = false)]
struct FileRow<'a> {
    run_id: Cow<'a, str>,
    filename: Cow<'a, str>,
    file_type: Cow<'a, str>,
    size_bytes: Option<i64>,
    storage_path: Option<Cow<'a, str>>,
    sha256: Option<Cow<'a, str>>,
    created_at: Option<Cow<'a, str>>,
    in_state: bool,
    in_manifest: bool,
    on_disk: bool,
    hash: Cow<'a, str>,
    exact_texts: Option<String>,
}

impl<'a> FileRow<'a> {
    fn new(run: &'a RunId, file: &'a RunFile) -> Self {
        let mut exact = ExactWriter::default();
        Self {
            run_id: index_text(run.as_str()),
            filename: exact.index("filename", &file.filename),
            file_type: exact.text("file_type", &file.file_type),
            size_bytes: file.size_bytes,
            storage_path: exact.optional("storage_path", file.storage_path.as_deref()),
            sha256: exact.optional("sha256", file.sha256.as_deref()),
            created_at: exact.optional("created_at", file.created_at.as_ref().map(TimeText::as_str)),
            in_state: file.in_state,
            in_manifest: file.in_manifest,
            on_disk: file.on_disk,
            hash: file.hash.as_str().into(),
            exact_texts: exact.finish(),
        }
    }

    fn into_file(self) -> DomainResult<RunFile> {
        let key = format!("{}/{}", self.run_id, self.filename);
        let exact = ExactReader::new(ENTITY, &key, self.exact_texts.as_deref())?;
        Ok(RunFile {
            filename: exact.index("filename", self.filename),
            file_type: exact.text("file_type", self.file_type),
            size_bytes: self.size_bytes,
            storage_path: exact.optional("storage_path", self.storage_path),
            sha256: exact.optional("sha256", self.sha256),
            created_at: exact.optional("created_at", self.created_at).map(|text| TimeText::new(&text)),
            in_state: self.in_state,
            in_manifest: self.in_manifest,
            on_disk: self.on_disk,
            hash: HashOutcome::parse(&self.hash).ok_or_else(|| exact.corrupt("hash", &self.hash))?,
        })
    }
}

pub(super) fn of_run(transaction: &mut Transaction<'_>, id: &RunId) -> DomainResult<Vec<RunFile>> {
    let rows = query!(transaction, |conn| run_files::table
        .filter(run_files::run_id.eq(index_text(id.as_str())))
        .order(run_files::filename.asc())
        .select(FileRow::as_select())
        .load(conn))?;
    let mut files = rows.into_iter().map(FileRow::into_file).collect::<DomainResult<Vec<_>>>()?;
    // Where a column holds the beginning of a name only.
    files.sort_by(|a, b| a.filename.cmp(&b.filename));
    Ok(files)
}

pub(super) fn replace(transaction: &mut Transaction<'_>, id: &RunId, files: &[RunFile]) -> DomainResult<()> {
    transaction.require_write()?;
    let mut names: Vec<&str> = files.iter().map(|file| file.filename.as_str()).collect();
    names.sort_unstable();
    if let Some([twice, ..]) = names.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(DomainError::Conflict { entity: ENTITY, key: (*twice).to_owned() });
    }
    if !records::exists(transaction, id)? {
        return Err(records::not_found(id));
    }
    query!(transaction, |conn| diesel::delete(run_files::table)
        .filter(run_files::run_id.eq(index_text(id.as_str())))
        .execute(conn))?;
    for file in files {
        let row = FileRow::new(id, file);
        query!(transaction, |conn| diesel::insert_into(run_files::table).values(&row).execute(conn))?;
    }
    Ok(())
}
