//! Background tasks.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::{Moment, TaskProgress, TaskStatus};

use crate::exact::{ExactReader, ExactWriter, column_time, index_text};
use crate::schema::{task_progress, task_state};
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

/// Name of the one row of `task_state`.
const DOCUMENT: &str = "task_progress";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = task_progress)]
#[diesel(treat_none_as_default_value = false)]
struct ProgressRow<'a> {
    task_name: Cow<'a, str>,
    progress_percent: f64,
    status: Cow<'a, str>,
    message: Cow<'a, str>,
    updated_at: Cow<'a, str>,
    updated_utc: Option<StoredTime>,
    exact_texts: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = task_state)]
#[diesel(treat_none_as_default_value = false)]
struct DocumentRow<'a> {
    name: Cow<'a, str>,
    document: Cow<'a, str>,
    exact_texts: Option<String>,
}

impl<'a> ProgressRow<'a> {
    fn new(progress: &'a TaskProgress) -> Self {
        let mut exact = ExactWriter::default();
        Self {
            task_name: exact.index("task_name", &progress.task_name),
            progress_percent: exact.number("progress_percent", Some(progress.percent)).unwrap_or_default(),
            status: progress.status.as_str().into(),
            message: exact.text("message", &progress.message),
            updated_at: exact.text("updated_at", &progress.updated_at.text),
            updated_utc: progress.updated_at.instant.map(column_time),
            exact_texts: exact.finish(),
        }
    }

    fn into_progress(self) -> DomainResult<TaskProgress> {
        let exact = ExactReader::new("task progress", &self.task_name, self.exact_texts.as_deref())?;
        Ok(TaskProgress {
            percent: exact.number("progress_percent", Some(self.progress_percent)).unwrap_or_default(),
            status: TaskStatus::parse(&self.status).ok_or_else(|| exact.corrupt("status", &self.status))?,
            message: exact.text("message", self.message),
            updated_at: Moment::read(exact.text("updated_at", self.updated_at)),
            task_name: exact.index("task_name", self.task_name),
        })
    }
}

pub(super) fn get(transaction: &mut Transaction<'_>, task_name: &str) -> DomainResult<Option<TaskProgress>> {
    let row = query!(transaction, |conn| task_progress::table
        .find(index_text(task_name))
        .select(ProgressRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(ProgressRow::into_progress).transpose()
}

pub(super) fn save(transaction: &mut Transaction<'_>, progress: &TaskProgress) -> DomainResult<()> {
    progress.check()?;
    clear(transaction, &progress.task_name)?;
    let row = ProgressRow::new(progress);
    query!(transaction, |conn| diesel::insert_into(task_progress::table).values(&row).execute(conn))?;
    Ok(())
}

pub(super) fn clear(transaction: &mut Transaction<'_>, task_name: &str) -> DomainResult<()> {
    transaction.require_write()?;
    query!(transaction, |conn| diesel::delete(task_progress::table.find(index_text(task_name))).execute(conn))?;
    Ok(())
}

pub(super) fn list(transaction: &mut Transaction<'_>) -> DomainResult<Vec<TaskProgress>> {
    let rows = query!(transaction, |conn| task_progress::table.select(ProgressRow::as_select()).load(conn))?;
    let mut list = rows.into_iter().map(ProgressRow::into_progress).collect::<DomainResult<Vec<_>>>()?;
    list.sort_by(|a, b| a.task_name.cmp(&b.task_name));
    Ok(list)
}

pub(super) fn document(transaction: &mut Transaction<'_>) -> DomainResult<Option<String>> {
    let row = query!(transaction, |conn| task_state::table
        .find(DOCUMENT)
        .select(DocumentRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(|row| {
        let exact = ExactReader::new("task progress", &row.name, row.exact_texts.as_deref())?;
        Ok(exact.text("document", row.document))
    })
    .transpose()
}

pub(super) fn save_document(transaction: &mut Transaction<'_>, document: &str) -> DomainResult<()> {
    clear_document(transaction)?;
    let mut exact = ExactWriter::default();
    let document = exact.text("document", document);
    let row = DocumentRow { name: DOCUMENT.into(), document, exact_texts: exact.finish() };
    query!(transaction, |conn| diesel::insert_into(task_state::table).values(&row).execute(conn))?;
    Ok(())
}

pub(super) fn clear_document(transaction: &mut Transaction<'_>) -> DomainResult<()> {
    transaction.require_write()?;
    query!(transaction, |conn| diesel::delete(task_state::table.find(DOCUMENT)).execute(conn))?;
    Ok(())
}
