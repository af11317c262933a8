//! Looking at runs.

use crate::cli::RunListArgs;
use crate::commands::session::{Session, counted, utc, value_of};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_domain::runs::manager::{self, MAX_PAGE};
use landfast_domain::runs::{Run, RunCursor, RunFile, RunFilter, RunId, RunPage, RunStatus, TimeText};
use serde_json::{Value, json};

/// `landfast runs list`.
pub(super) fn list(session: &Session, args: &RunListArgs) -> Result<Exit, Failure> {
    let filter = RunFilter { status: args.status.as_deref().map(RunStatus::read), source: args.source.clone() };
    let page = match &args.after {
        Some(text) => RunPage::After(place(text)?),
        None => RunPage::Offset(args.offset),
    };
    let limit = args.limit.min(MAX_PAGE);
    let (runs, total, goes_on) = session.read(|repositories| {
        let repository = repositories.runs()?;
        let (runs, total) = manager::list(repository, &filter, &page, limit)?;
        let goes_on = match runs.last().filter(|_| runs.len() == limit) {
            Some(last) => !repository.list(&filter, &RunPage::After(RunCursor::of(last)), 1)?.is_empty(),
            None => false,
        };
        Ok((runs, total, goes_on))
    })?;
    let next = runs.last().filter(|_| goes_on).map(|run| format!("{}/{}", run.order_key(), run.id));
    let entries = || {
        let entries: Vec<Value> = runs.iter().map(to_json).collect();
        [("runs", entries.into()), ("total", total.into()), ("next", next.clone().into())]
    };
    let table = || {
        let columns = [
            ("id", Align::Left),
            ("status", Align::Left),
            ("source", Align::Left),
            ("progress", Align::Right),
            ("created", Align::Left),
            ("file", Align::Left),
        ];
        let mut table = Table::new(&columns);
        for run in &runs {
            table.row([
                run.id.to_string(),
                run.status.to_string(),
                run.source.clone(),
                run.progress_percent.map(|progress| format!("{progress} %")).unwrap_or_default(),
                text(run.created_at.as_ref()).unwrap_or_default().to_owned(),
                run.input_filename.clone().unwrap_or_default(),
            ]);
        }
        table
    };
    let heading = format!("{} of {}, newest first", counted(&runs, "run"), output::count(total));
    let foot = next.as_ref().map(|next| format!("goes on with --after {next}"));
    session.list(entries, &heading, table, foot.as_deref())
}

fn place(text: &str) -> Result<RunCursor, Failure> {
    let read = text.split_once('/').and_then(|(key, id)| Some((key.parse().ok()?, id)));
    let (order_key, id) = read.ok_or_else(|| {
        Failure::usage(format!("--after {text:?} is no place in the list"))
            .hint("give what the page before names: NUMBER/ID")
    })?;
    Ok(RunCursor { order_key, id: RunId::existing(id) })
}

fn text(time: Option<&TimeText>) -> Option<&str> {
    time.map(TimeText::as_str)
}

/// A run without its documents.
pub(super) fn to_json(run: &Run) -> Value {
    json!({
        "id": run.id.as_str(), "original_id": run.original_id, "layout": run.layout.as_str(), "directory": run.directory,
        "status": run.status.as_str(), "source": run.source, "created_at": text(run.created_at.as_ref()),
        "updated_at": text(run.updated_at.as_ref()), "completed_at": text(run.completed_at.as_ref()),
        "ended_at": run.ended_at().map(utc), "jetstream_id": run.jetstream_id, "current_stage": run.current_stage,
        "progress_percent": run.progress_percent, "error": run.error_info.as_deref().map(value_of),
        "results_summary": run.results_summary.as_deref().map(value_of), "input_filename": run.input_filename,
        "peak_hp": run.peak_hp, "peak_torque": run.peak_torque,
    })
}

/// `landfast runs show`.
pub(super) fn show(session: &Session, id: &str) -> Result<Exit, Failure> {
    let (run, files) = session.read(|repositories| {
        let repository = repositories.runs()?;
        let run = manager::require(repository, &RunId::existing(id))?;
        let files = repository.files(&run.id)?.len();
        Ok((run, files))
    })?;
    if session.json {
        let mut value = to_json(&run);
        if let Value::Object(map) = &mut value {
            let documents = &run.documents;
            map.insert("config_snapshot".to_owned(), run.config_snapshot.as_deref().map(value_of).into());
            map.insert("files".to_owned(), files.into());
            map.insert(
                "documents".to_owned(),
                json!({
                    "state": documents.state, "manifest": documents.manifest, "metadata": documents.metadata,
                    "session_log": documents.session_log,
                }),
            );
        }
        output::print_json(output::document([("run", value)]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading(&output::safe(&format!("{id}, {}", run.status)));
    page.pairs(&facts(&run, files));
    page.print()?;
    Ok(Exit::Done)
}

fn facts(run: &Run, files: usize) -> Vec<(&'static str, String)> {
    let documents = &run.documents;
    let kept = [
        ("state", &documents.state),
        ("manifest", &documents.manifest),
        ("metadata", &documents.metadata),
        ("session log", &documents.session_log),
    ];
    let kept: Vec<&str> = kept.into_iter().filter(|(_, document)| document.is_some()).map(|(name, _)| name).collect();
    let owned = |time: &Option<TimeText>| text(time.as_ref()).map(str::to_owned);
    let facts = [
        ("source", Some(run.source.clone())),
        ("layout", Some(format!("{}, {}", run.layout.as_str(), run.directory))),
        ("id in the documents", run.original_id.clone()),
        ("stage", run.current_stage.clone()),
        ("progress", run.progress_percent.map(|progress| format!("{progress} %"))),
        ("created", owned(&run.created_at)),
        ("updated", owned(&run.updated_at)),
        ("completed", owned(&run.completed_at)),
        ("error", run.error_info.clone()),
        ("results", run.results_summary.clone()),
        ("analysed file", run.input_filename.clone()),
        ("id at the source", run.jetstream_id.clone()),
        ("peak power, hp", run.peak_hp.map(|number| number.to_string())),
        ("peak torque, ft·lb", run.peak_torque.map(|number| number.to_string())),
        ("files", Some(files.to_string())),
        ("documents", Some(kept.join(", "))),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// `landfast runs files`.
pub(super) fn files(session: &Session, id: &str) -> Result<Exit, Failure> {
    let files = session.read(|repositories| {
        let repository = repositories.runs()?;
        let run = manager::require(repository, &RunId::existing(id))?;
        repository.files(&run.id)
    })?;
    let entries = || {
        let entries: Vec<Value> = files.iter().map(file_json).collect();
        [("run", id.into()), ("files", entries.into())]
    };
    let table = || {
        let columns = [
            ("name", Align::Left),
            ("size", Align::Right),
            ("there", Align::Left),
            ("listed by", Align::Left),
            ("manifest's hash", Align::Left),
            ("SHA-256", Align::Left),
        ];
        let mut table = Table::new(&columns);
        for file in &files {
            let size = file.size_bytes.and_then(|size| u64::try_from(size).ok());
            let lists = [("state", file.in_state), ("manifest", file.in_manifest)];
            let lists: Vec<&str> = lists.into_iter().filter(|(_, lists)| *lists).map(|(name, _)| name).collect();
            table.row([
                file.filename.clone(),
                size.map(output::bytes).unwrap_or_default(),
                if file.on_disk { "yes" } else { "no" }.to_owned(),
                lists.join(", "),
                file.hash.as_str().to_owned(),
                file.sha256
                    .as_deref()
                    .and_then(|hash| hash.get(..12))
                    .map(|hash| format!("{hash}…"))
                    .unwrap_or_default(),
            ]);
        }
        table
    };
    session.list(entries, &format!("{} of {id}", counted(&files, "file")), table, None)
}

fn file_json(file: &RunFile) -> Value {
    json!({
        "filename": file.filename, "file_type": file.file_type, "size_bytes": file.size_bytes,
        "storage_path": file.storage_path, "sha256": file.sha256, "created_at": text(file.created_at.as_ref()),
        "in_state": file.in_state, "in_manifest": file.in_manifest, "on_disk": file.on_disk, "hash": file.hash.as_str(),
    })
}
