//! Rendering jobs and analysis runs.

use super::{Fields, Table, field, join, part, split};
use crate::runs::{columns, file_columns};
use landfast_domain::cutover::Area;
use landfast_domain::presentations::{JobCursor, JobId};
use landfast_domain::runs::{RunCursor, RunFilter, RunId, RunPage};
use landfast_domain::{Repositories, Result};

/// Rows read at a time.
const PAGE: usize = 500;

/// Both kinds.
pub(super) fn tables() -> Vec<Box<dyn Table>> {
    vec![Box::new(Jobs), Box::new(Runs)]
}

struct Jobs;

impl Table for Jobs {
    fn area(&self) -> Area {
        Area::Presentations
    }

    fn name(&self) -> &'static str {
        "presentation job"
    }

    fn keys(&self, repositories: &mut dyn Repositories) -> Result<Vec<(String, String)>> {
        let (mut keys, mut after) = (Vec::new(), None);
        loop {
            let page = repositories.presentations()?.list(None, after.as_ref(), PAGE)?;
            keys.extend(page.iter().map(|job| (String::new(), join(&[job.id.as_str()]))));
            match page.last() {
                Some(last) => after = Some(JobCursor::of(last)),
                None => return Ok(keys),
            }
        }
    }

    fn fields(&self, repositories: &mut dyn Repositories, _user: &str, key: &str) -> Result<Option<Fields>> {
        let id = JobId::from(part(&split(key)?, 0));
        let Some(job) = repositories.presentations()?.get(&id)? else { return Ok(None) };
        Ok(Some(vec![
            ("status".to_owned(), job.status.as_str().to_owned()),
            field("progress", job.progress),
            field("error", &job.error),
            field("video_url", &job.video_url),
            field("thumbnail_url", &job.thumbnail_url),
            field("slide_image_path", &job.slide_image_path),
            field("created_at", job.created_at),
            field("completed_at", job.completed_at),
            field("last_heartbeat", job.last_heartbeat),
            field("created_files", &job.created_files),
            field("request", &job.request),
            field("queue", &job.queue),
            field("document", &job.document),
        ]))
    }

    fn put(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, _user: &str, key: &str) -> Result<()> {
        let id = JobId::from(part(&split(key)?, 0));
        match source.presentations()?.get(&id)? {
            None => target.presentations()?.delete(&id).map(drop),
            Some(job) if target.presentations()?.get(&id)?.is_some() => target.presentations()?.update(&job),
            Some(job) => target.presentations()?.insert(&job),
        }
    }
}

struct Runs;

impl Table for Runs {
    fn area(&self) -> Area {
        Area::Runs
    }

    fn name(&self) -> &'static str {
        "run"
    }

    fn keys(&self, repositories: &mut dyn Repositories) -> Result<Vec<(String, String)>> {
        let (mut keys, mut page) = (Vec::new(), RunPage::Offset(0));
        loop {
            let runs = repositories.runs()?.list(&RunFilter::default(), &page, PAGE)?;
            keys.extend(runs.iter().map(|run| (String::new(), join(&[run.id.as_str()]))));
            match runs.last() {
                Some(last) => page = RunPage::After(RunCursor::of(last)),
                None => return Ok(keys),
            }
        }
    }

    fn fields(&self, repositories: &mut dyn Repositories, _user: &str, key: &str) -> Result<Option<Fields>> {
        let id = RunId::from(part(&split(key)?, 0));
        let Some(run) = repositories.runs()?.get(&id)? else { return Ok(None) };
        let mut fields = vec![("directory".to_owned(), run.directory.clone())];
        let texts = [
            ("original_id", &run.original_id),
            ("state", &run.documents.state),
            ("manifest", &run.documents.manifest),
            ("metadata", &run.documents.metadata),
            ("session_log", &run.documents.session_log),
        ];
        fields.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.clone()?))));
        fields.extend(columns(&run).into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?))));
        for file in repositories.runs()?.files(&id)? {
            for (name, text) in file_columns(&file) {
                fields.push((format!("files/{}/{name}", file.filename), text.unwrap_or_default()));
            }
        }
        Ok(Some(fields))
    }

    fn put(&self, source: &mut dyn Repositories, target: &mut dyn Repositories, _user: &str, key: &str) -> Result<()> {
        let id = RunId::from(part(&split(key)?, 0));
        let Some(run) = source.runs()?.get(&id)? else { return target.runs()?.delete(&id).map(drop) };
        if target.runs()?.get(&id)?.is_some() {
            target.runs()?.update(&run)?;
        } else {
            target.runs()?.insert(&run)?;
        }
        let files = source.runs()?.files(&id)?;
        target.runs()?.replace_files(&id, &files)
    }
}
