//! A run as a row.

use std::borrow::Cow;

use diesel::prelude::*;
use landfast_domain::Result as DomainResult;
use landfast_domain::runs::{Layout, Run, RunDocuments, RunId, RunStatus, TimeText};

use super::records::ENTITY;
use crate::exact::{ExactReader, ExactWriter, column_time};
use crate::schema::runs;
use crate::time::StoredTime;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = runs)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct RunRow<'a> {
    id: Cow<'a, str>,
    original_id: Option<Cow<'a, str>>,
    layout: Cow<'a, str>,
    directory: Cow<'a, str>,
    status: Cow<'a, str>,
    source: Cow<'a, str>,
    created_at: Option<Cow<'a, str>>,
    updated_at: Option<Cow<'a, str>>,
    completed_at: Option<Cow<'a, str>>,
    order_key: i64,
    ended_at: Option<StoredTime>,
    jetstream_id: Option<Cow<'a, str>>,
    current_stage: Option<Cow<'a, str>>,
    progress_percent: Option<i64>,
    error_info: Option<Cow<'a, str>>,
    results_summary: Option<Cow<'a, str>>,
    input_filename: Option<Cow<'a, str>>,
    config_snapshot: Option<Cow<'a, str>>,
    peak_hp: Option<f64>,
    peak_torque: Option<f64>,
    state: Option<Cow<'a, str>>,
    manifest: Option<Cow<'a, str>>,
    metadata: Option<Cow<'a, str>>,
    session_log: Option<Cow<'a, str>>,
    exact_texts: Option<String>,
}

impl<'a> RunRow<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        let mut exact = ExactWriter::default();
        let documents = &run.documents;
        Self {
            id: exact.index("id", run.id.as_str()),
            original_id: exact.optional("original_id", run.original_id.as_deref()),
            layout: run.layout.as_str().into(),
            directory: exact.text("directory", &run.directory),
            status: exact.index("status", run.status.as_str()),
            source: exact.index("source", &run.source),
            created_at: exact.optional("created_at", run.created_at.as_ref().map(TimeText::as_str)),
            updated_at: exact.optional("updated_at", run.updated_at.as_ref().map(TimeText::as_str)),
            completed_at: exact.optional("completed_at", run.completed_at.as_ref().map(TimeText::as_str)),
            order_key: run.order_key(),
            ended_at: run.ended_at().map(column_time),
            jetstream_id: exact.optional("jetstream_id", run.jetstream_id.as_deref()),
            current_stage: exact.optional("current_stage", run.current_stage.as_deref()),
            progress_percent: run.progress_percent,
            error_info: exact.optional("error_info", run.error_info.as_deref()),
            results_summary: exact.optional("results_summary", run.results_summary.as_deref()),
            input_filename: exact.optional("input_filename", run.input_filename.as_deref()),
            config_snapshot: exact.optional("config_snapshot", run.config_snapshot.as_deref()),
            peak_hp: exact.number("peak_hp", run.peak_hp),
            peak_torque: exact.number("peak_torque", run.peak_torque),
            state: exact.optional("state", documents.state.as_deref()),
            manifest: exact.optional("manifest", documents.manifest.as_deref()),
            metadata: exact.optional("metadata", documents.metadata.as_deref()),
            session_log: exact.optional("session_log", documents.session_log.as_deref()),
            exact_texts: exact.finish(),
        }
    }

    pub(super) fn into_run(self) -> DomainResult<Run> {
        let exact = ExactReader::new(ENTITY, &self.id, self.exact_texts.as_deref())?;
        let time =
            |column: &str, text: Option<Cow<'_, str>>| exact.optional(column, text).map(|text| TimeText::new(&text));
        Ok(Run {
            original_id: exact.optional("original_id", self.original_id),
            layout: Layout::parse(&self.layout).ok_or_else(|| exact.corrupt("layout", &self.layout))?,
            directory: exact.text("directory", self.directory),
            status: RunStatus::read(&exact.index("status", self.status)),
            source: exact.index("source", self.source),
            created_at: time("created_at", self.created_at),
            updated_at: time("updated_at", self.updated_at),
            completed_at: time("completed_at", self.completed_at),
            jetstream_id: exact.optional("jetstream_id", self.jetstream_id),
            current_stage: exact.optional("current_stage", self.current_stage),
            progress_percent: self.progress_percent,
            error_info: exact.optional("error_info", self.error_info),
            results_summary: exact.optional("results_summary", self.results_summary),
            input_filename: exact.optional("input_filename", self.input_filename),
            config_snapshot: exact.optional("config_snapshot", self.config_snapshot),
            peak_hp: exact.number("peak_hp", self.peak_hp),
            peak_torque: exact.number("peak_torque", self.peak_torque),
            documents: RunDocuments {
                state: exact.optional("state", self.state),
                manifest: exact.optional("manifest", self.manifest),
                metadata: exact.optional("metadata", self.metadata),
                session_log: exact.optional("session_log", self.session_log),
            },
            id: RunId::existing(&exact.index("id", self.id)),
        })
    }
}
