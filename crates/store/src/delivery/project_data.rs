//! Project data of queries.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::{Moment, ProjectData, QueryKey};

use super::{queries, statistics};
use crate::exact::{ExactReader, ExactWriter, column_time};
use crate::schema::project_data;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = project_data)]
#[diesel(treat_none_as_default_value = false)]
struct DataRow<'a> {
    profile_id: Cow<'a, str>,
    query_id: Cow<'a, str>,
    data: Cow<'a, str>,
    scope: Option<Cow<'a, str>>,
    updated_at: Cow<'a, str>,
    updated_utc: Option<StoredTime>,
    exact_texts: Option<String>,
}

impl DataRow<'_> {
    fn into_data(self, query: &QueryKey) -> DomainResult<ProjectData> {
        let exact = ExactReader::new("project data", &self.query_id, self.exact_texts.as_deref())?;
        Ok(ProjectData {
            query: query.clone(),
            document: exact.text("data", self.data),
            updated_at: Moment::read(exact.text("updated_at", self.updated_at)),
        })
    }
}

pub(super) fn get(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<Option<ProjectData>> {
    let row = query!(transaction, |conn| project_data::table
        .find((key.profile.as_str(), key.query.as_str()))
        .select(DataRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(|row| row.into_data(key)).transpose()
}

pub(super) fn save(transaction: &mut Transaction<'_>, data: &ProjectData) -> DomainResult<()> {
    transaction.require_write()?;
    // The rows of its statistics go with it.
    if !delete(transaction, &data.query)? {
        queries::need(transaction, &data.query)?;
    }
    let (scope, mut exact) = (data.scope(), ExactWriter::default());
    let row = DataRow {
        profile_id: data.query.profile.as_str().into(),
        query_id: data.query.query.as_str().into(),
        data: exact.text("data", &data.document),
        scope: exact.optional("scope", scope.as_deref()),
        updated_at: exact.text("updated_at", &data.updated_at.text),
        updated_utc: data.updated_at.instant.map(column_time),
        exact_texts: exact.finish(),
    };
    query!(transaction, |conn| diesel::insert_into(project_data::table).values(&row).execute(conn))?;
    statistics::save(transaction, &data.query, &data.statistics())
}

pub(super) fn delete(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<bool> {
    transaction.require_write()?;
    let deleted = query!(transaction, |conn| diesel::delete(
        project_data::table.find((key.profile.as_str(), key.query.as_str()))
    )
    .execute(conn))?;
    Ok(deleted > 0)
}

pub(super) fn scope(transaction: &mut Transaction<'_>, key: &QueryKey) -> DomainResult<Option<String>> {
    let row: Option<(Option<String>, Option<String>)> = query!(transaction, |conn| project_data::table
        .find((key.profile.as_str(), key.query.as_str()))
        .select((project_data::scope, project_data::exact_texts))
        .get_result(conn)
        .optional())?;
    let Some((scope, texts)) = row else {
        return Ok(None);
    };
    let exact = ExactReader::new("project data", key.query.as_str(), texts.as_deref())?;
    Ok(exact.optional("scope", scope.map(Cow::Owned)))
}
