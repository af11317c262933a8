//! Changing runs.

use super::support::{Own, at, change, from_state, get, insert, tried, with};
use crate::contract::concurrency::together;
use landfast_domain::runs::manager::{self, RunChange, RunError};
use landfast_domain::runs::state::listed_files;
use landfast_domain::runs::{RunStatus, retention};
use landfast_domain::{Error, Store};
use std::time::Duration;

fn error() -> RunError {
    RunError { stage: "export".to_owned(), code: "VE-CSV-42".to_owned(), message: "no \"map\"".to_owned() }
}

/// A change edits what it names and nothing else of the text.
pub fn a_change_edits_only_what_it_names(store: &dyn Store) {
    let own = Own::new();
    let id = own.id("a");
    let text = format!(
        "{{ \"run_id\":\"{id}\", \"own\": {{\"a\": 1.50e1, \"a\": 2}},\n\"status\":\"pending\", \"source\": \"{}\",\
         \"created_at\":\"0900-01-01T10:00:00.5+00:00\", \"updated_at\":\"x\", \"progress_percent\": null, \"files\": [ ]}}",
        own.source()
    );
    insert(store, &[from_state(&id, text.clone())]);
    let wanted = RunChange { status: Some(RunStatus::Processing), progress_percent: Some(24), ..RunChange::default() };
    let changed = change(store, &id, &wanted, "11:00");
    assert_eq!(get(store, &id), changed);
    let expected = text
        .replace("\"pending\"", "\"processing\"")
        .replace("\"x\"", "\"0900-01-01T11:00:00.000Z\"")
        .replace("\"progress_percent\": null", "\"progress_percent\": 24");
    assert_eq!(changed.documents.state, Some(expected));
}

/// Leaving the status `error` clears the error, and what a change leaves out stays.
pub fn leaving_the_error_status_clears_the_error(store: &dyn Store) {
    let own = Own::new();
    let id = own.create(store, "a", "10:00").id;
    let failed = RunChange {
        status: Some(RunStatus::Error),
        stage: Some("export".to_owned()),
        error: Some(error()),
        progress_percent: Some(24),
        ..RunChange::default()
    };
    assert!(change(store, &id, &failed, "11:00").error_info.is_some());
    let done = RunChange { status: Some(RunStatus::Complete), ..RunChange::default() };
    change(store, &id, &done, "12:00");
    let run = get(store, &id);
    assert_eq!((run.error_info, run.progress_percent, run.current_stage.as_deref()), (None, Some(24), Some("export")));
    assert_eq!(run.completed_at, run.updated_at);
}

/// A change that is refused leaves the run as it was.
pub fn refused_changes_leave_the_run(store: &dyn Store) {
    let own = Own::new();
    let before = own.create(store, "a", "10:00");
    let blank = RunChange::default();
    for (field, bad) in [
        ("status", RunChange { status: Some(RunStatus::Other("done".to_owned())), ..blank.clone() }),
        ("progress_percent", RunChange { progress_percent: Some(101), ..blank.clone() }),
        ("error", RunChange { error: Some(error()), ..blank.clone() }),
        ("results_summary", RunChange { results_summary: Some("[1]".to_owned()), ..blank.clone() }),
        ("files", RunChange { files: Some(vec!["../x".to_owned()]), ..blank.clone() }),
        ("files", RunChange { files: Some(vec!["a".to_owned(), "a".to_owned()]), ..blank }),
    ] {
        let refused = tried(store, |r| manager::update(r, &before.id, &bad, at("11:00")));
        assert!(matches!(refused, Err(Error::Invalid { field: named, .. }) if named == field), "{refused:?}");
    }
    assert_eq!(get(store, &before.id), before);
}

/// Any status of the vocabulary may follow any other.
pub fn any_status_may_follow_any_other(store: &dyn Store) {
    let own = Own::new();
    let id = own.create(store, "a", "10:00").id;
    for status in RunStatus::ALL.into_iter().rev() {
        let wanted = RunChange { status: Some(status.clone()), ..RunChange::default() };
        change(store, &id, &wanted, "11:00");
        assert_eq!(get(store, &id).status, status);
    }
}

/// Updates of four threads that each add a file name are all kept. The legacy program lost some.
pub fn concurrent_updates_of_a_run_are_all_kept(store: &dyn Store) {
    let own = Own::new();
    let id = own.create(store, "a", "10:00").id;
    together(|thread| {
        for number in 0..10 {
            with(store, |r| {
                let run = manager::require(r, &id)?;
                let mut files = listed_files(run.documents.state.as_deref().unwrap_or_default());
                files.push(format!("{thread}-{number}.csv"));
                manager::update(r, &id, &RunChange { files: Some(files), ..RunChange::default() }, at("11:00"))
            });
        }
    });
    let files = listed_files(&get(store, &id).documents.state.unwrap());
    assert_eq!(files.len(), 40);
}

/// Retention removes final runs that ended strictly before the limit, and nothing else.
pub fn retention_takes_old_final_runs_only(store: &dyn Store) {
    let own = Own::new();
    for (name, status, updated) in [
        ("old", "complete", "0900-01-01T09:59:59.999999Z"),
        ("exact", "complete", "0900-01-01T10:00:00Z"),
        ("failed", "error", "0900-01-01T11:00:00+02:00"),
        ("running", "processing", "0900-01-01T08:00:00Z"),
        ("undated", "complete", "yesterday"),
    ] {
        let created = if name == "undated" { "once" } else { "0900-01-01T08:00:00Z" };
        insert(store, &[own.run(name, status, created, updated)]);
    }
    let (age, now) = (Duration::from_secs(3600), at("11:00"));
    let planned = with(store, |r| retention::plan(r, age, now, 99));
    assert_eq!(own.names(&planned), ["failed", "old"]);
    assert_eq!(own.list(store).len(), 5);
    let deleted = with(store, |r| retention::delete_older(r, age, now, 1));
    assert_eq!(own.names(&deleted), ["failed"]);
    with(store, |r| retention::delete_older(r, age, now, 99));
    assert_eq!(own.list(store), ["exact", "running", "undated"]);
}
